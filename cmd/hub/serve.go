package main

import (
	"context"
	"errors"
	"fmt"

	"tongban/cmd/hub/app"
	"tongban/cmd/hub/config"
)

// open reads the settings and starts what every command on a store needs.
func (p *program) open(ctx context.Context, name string, args []string) (*app.App, error) {
	cfg, err := config.Load(name, args, p.environ, p.errs)
	if err != nil {
		return nil, err
	}
	return app.Open(ctx, cfg, cfg.Logger(p.errs))
}

func serve(ctx context.Context, p *program, args []string) (err error) {
	a, err := p.open(ctx, "hub serve", args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return a.Serve(ctx, func(addr string) {
		fmt.Fprintf(p.out, "hub ready on http://%s\n", addr)
		if len(a.SignIns) > 0 {
			fmt.Fprintln(p.out, "demo sign-ins / 演示账号:")
		}
		for _, s := range a.SignIns {
			fmt.Fprintf(p.out, "  %-16s %s   %s, %s\n", s.Login, s.Password, s.Name, s.Agency)
		}
	})
}

func seedStandards(ctx context.Context, p *program, args []string) (err error) {
	a, err := p.open(ctx, "hub seed", args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := app.SeedStandards(ctx, a.DB.Directory()); err != nil {
		return err
	}
	fmt.Fprintln(p.out, "standards, agencies and keys are in place")
	return nil
}

func keys(ctx context.Context, p *program, args []string) (err error) {
	a, err := p.open(ctx, "hub keys", args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	all, err := a.DB.Keys().AgencyKeys(ctx, "")
	if err != nil {
		return err
	}
	for _, k := range all {
		until := "in force"
		if !k.Until.IsZero() {
			until = "until " + k.Until.Format("2006-01-02")
		}
		fmt.Fprintf(p.out, "%-24s %-42s since %s, %s\n", k.Agency, k.ID, k.From.Format("2006-01-02"), until)
	}
	return nil
}

func version(_ context.Context, p *program, _ []string) error {
	fmt.Fprintln(p.out, "hub", app.Version)
	return nil
}
