package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"tongban/cmd/hub/config"
	"tongban/cmd/hub/demo"
)

// bundle fetches the evidence bundle of a case from a running hub, as a person
// who may export it, so that the reading is on record.
func bundle(ctx context.Context, p *program, args []string) error {
	fs := flag.NewFlagSet("hub bundle CASE", flag.ContinueOnError)
	fs.SetOutput(p.errs)
	base := fs.String("url", "http://127.0.0.1:8080", "`URL` of the hub")
	login := fs.String("login", "", "who exports, as jiaxian.second")
	password := fs.String("password-file", "", "`file` with the password")
	out := fs.String("out", "", "`file` to write; CASE.zip by default")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() != 1 || *login == "" || *password == "" {
		fs.Usage()
		return errUsage
	}
	secret, err := config.Secret(*password)
	if err != nil {
		return err
	}
	if *out == "" {
		*out = fs.Arg(0) + ".zip"
	}
	f, err := os.OpenFile(*out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = demo.FetchBundle(ctx, *base, demo.Account{Login: *login, Password: secret}, fs.Arg(0), f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(*out))
	}
	fmt.Fprintln(p.out, *out)
	return verifyFile(ctx, p.out, *out, nil)
}
