package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"tongban/cmd/hub/app"
	"tongban/cmd/hub/config"
	"tongban/cmd/hub/demo"
)

// demoOptions are the flags of hub demo.
type demoOptions struct {
	demo.Options

	data, signIns, bundle, crypto string
	verbose                       bool
}

// runDemo takes cases through a hub: one that it starts on a temporary folder,
// or one that runs already.
func runDemo(ctx context.Context, p *program, args []string) error {
	fs := flag.NewFlagSet("hub demo", flag.ContinueOnError)
	fs.SetOutput(p.errs)
	o := demoOptions{Options: demo.Options{Out: p.out}}
	fs.StringVar(&o.URL, "url", "", "`URL` of a running hub; without it one is started on a temporary folder")
	fs.StringVar(&o.signIns, "accounts", filepath.Join(config.Default().Data, app.SignInsFile), "`file` with the demo sign-ins of the hub at -url")
	fs.StringVar(&o.crypto, "crypto", config.Default().Crypto, "`suite` of the hub that is started: standard or sm")
	fs.StringVar(&o.data, "data", "", "keep the started hub's data in this `folder`")
	fs.StringVar(&o.bundle, "bundle", "tongban-demo.zip", "write the evidence bundle of the first case to this `file`")
	fs.IntVar(&o.Repeat, "repeat", 1, "take `N` cases through at once")
	fs.BoolVar(&o.verbose, "v", false, "show the hub's log")
	fs.Func("scan", "`file` to use as a scan; may be repeated", func(s string) error { o.Files = append(o.Files, s); return nil })
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() > 0 || o.Repeat < 1 {
		fs.Usage()
		return errUsage
	}
	o.Bundle = func(b []byte) error { return o.keep(ctx, p.out, b) }
	if o.URL == "" {
		return o.withOwnHub(ctx, p)
	}
	b, err := os.ReadFile(filepath.Clean(o.signIns))
	if err != nil {
		return err
	}
	var ins []app.SignIn
	if err := json.Unmarshal(b, &ins); err != nil {
		return fmt.Errorf("read sign-ins: %w", err)
	}
	o.accounts(ins)
	return demo.Run(ctx, o.Options)
}

func (o *demoOptions) accounts(ins []app.SignIn) {
	o.Accounts = map[string]demo.Account{}
	for _, s := range ins {
		o.Accounts[s.Login] = demo.Account{Login: s.Login, Password: s.Password}
	}
}

// keep writes the bundle and proves it as hub verify would.
func (o *demoOptions) keep(ctx context.Context, out io.Writer, b []byte) error {
	if err := os.WriteFile(o.bundle, b, 0o600); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	fmt.Fprintf(out, "\nhub verify %s\n", o.bundle)
	return verifyFile(ctx, out, o.bundle, nil)
}

// withOwnHub starts a hub, runs the demo against it over HTTP and stops it.
func (o *demoOptions) withOwnHub(ctx context.Context, p *program) (err error) {
	cfg := config.Default()
	cfg.Listen, cfg.Data, cfg.Crypto = "127.0.0.1:0", o.data, o.crypto
	if o.data == "" {
		if cfg.Data, err = os.MkdirTemp("", "tongban-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(cfg.Data)) }()
	}
	if err := cfg.Validate(); err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	if o.verbose {
		log = cfg.Logger(p.errs)
	}
	a, err := app.Open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	serving, stop := context.WithCancel(ctx)
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- a.Serve(serving, func(addr string) { ready <- addr }) }()
	defer func() { stop(); err = errors.Join(err, <-done) }()
	select {
	case addr := <-ready:
		o.URL = "http://" + addr
	case err := <-done:
		done <- nil
		return err
	}
	fmt.Fprintf(p.out, "a hub of its own runs on %s\n", o.URL)
	o.accounts(a.SignIns)
	return demo.Run(ctx, o.Options)
}
