package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tongban/hub"
)

// rebuild goes through all chains. With -check it changes nothing and fails
// when anything is lost, doubled or different.
func rebuild(ctx context.Context, p *program, args []string) (err error) {
	check := false
	args = slices.DeleteFunc(slices.Clone(args), func(s string) bool {
		is := s == "-check" || s == "--check"
		check = check || is
		return is
	})
	a, err := p.open(ctx, "hub rebuild [-check]", args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	healed, err := a.Service.Heal(ctx)
	if err != nil { // what cannot be healed is a finding below
		fmt.Fprintln(p.errs, err)
	}
	if healed > 0 {
		fmt.Fprintf(p.out, "healed %d cases that a crash had left behind\n", healed)
	}
	rep, err := a.Service.Rebuild(ctx, !check, func(r hub.RebuildReport) {
		fmt.Fprintf(p.errs, "\r%d cases, %d events", r.Cases, r.Events)
	})
	fmt.Fprintln(p.errs)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "cases %d, events %d, materials %d, messages %d, rewritten %d\n", rep.Cases, rep.Events, rep.Materials, rep.Messages, rep.Rewritten)
	units, err := registerChecked(ctx, a.Service, !check)
	fmt.Fprintf(p.out, "units of the register %d\n", units)
	if err != nil {
		return fmt.Errorf("register: %w", err)
	}
	for _, f := range rep.Findings {
		fmt.Fprintf(p.out, "WRONG case %s: %s\n", f.Case, f.What)
	}
	if n := len(rep.Findings); n > 0 {
		return fmt.Errorf("%d findings", n)
	}
	fmt.Fprintln(p.out, "nothing lost, nothing done twice, every chain verifies")
	return nil
}

// registerChecked verifies every booking of the register; with write it first
// makes its snapshots again.
func registerChecked(ctx context.Context, s *hub.Service, write bool) (units int, err error) {
	if write {
		if err := s.RebuildRegister(ctx); err != nil {
			return 0, err
		}
	}
	return s.VerifyRegister(ctx)
}
