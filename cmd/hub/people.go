package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"tongban/cmd/hub/app"
	"tongban/cmd/hub/config"
	"tongban/hub"
	"tongban/hub/code"
	"tongban/hub/signin"
	"tongban/policies"
)

// newPerson is what hub people is told.
type newPerson struct {
	hub.Person

	roles, passwordFile, numberFile string
	resetFactor                     bool
}

// people adds a person, or gives an existing one new roles or a new password.
// It works on the stores, so an embedded hub must be stopped.
func people(ctx context.Context, p *program, args []string) (err error) {
	var n newPerson
	fs := flag.NewFlagSet("hub people -login NAME … [-- settings as for serve]", flag.ContinueOnError)
	fs.SetOutput(p.errs)
	fs.StringVar(&n.Login, "login", "", "`name` to sign in with")
	fs.StringVar(&n.NameZH, "name", "", "`name` in Chinese")
	fs.StringVar(&n.NameEN, "name-en", "", "`name` in Latin letters")
	fs.Func("agency", "`id` of the agency, as 410425.registry", func(s string) error { n.Agency = hub.AgencyID(s); return nil })
	fs.StringVar(&n.roles, "roles", "", "`roles` with commas, as clerk,window_lead")
	fs.StringVar(&n.passwordFile, "password-file", "", "`file` with the password; without it one is made and printed")
	fs.StringVar(&n.numberFile, "citizen-id-file", "", "`file` with the citizen number, so that nobody handles his own case; only its keyed hash is kept")
	fs.BoolVar(&n.resetFactor, "reset-factor", false, "forget a lost second factor and sign the person out")
	fs.BoolVar(&n.Disabled, "disable", false, "refuse sign-in from now on")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if n.Login == "" {
		fs.Usage()
		return errUsage
	}
	a, err := p.open(ctx, "hub people", fs.Args())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	made, err := n.save(ctx, a)
	if err != nil {
		return describe(err)
	}
	fmt.Fprintf(p.out, "%s (%s) of %s: %s\n", n.Login, n.ID, n.Agency, n.roles)
	if made != "" {
		fmt.Fprintf(p.out, "password: %s\n", made)
	}
	return nil
}

// save writes the person and returns the password that it made, if any.
func (n *newPerson) save(ctx context.Context, a *app.App) (made string, err error) {
	dir := a.DB.Directory()
	old, err := dir.PersonByLogin(ctx, n.Login)
	switch {
	case hub.ErrorCode(err) == hub.NotFound:
		n.ID = hub.PersonID("p_" + strings.ToLower(rand.Text()[:20]))
	case err != nil:
		return "", err
	default:
		n.keep(old)
	}
	if err := n.check(ctx, dir); err != nil {
		return "", err
	}
	if n.numberFile != "" {
		s, err := config.Secret(n.numberFile)
		if err != nil {
			return "", err
		}
		id, err := code.ParseCitizenID(s)
		if err != nil {
			return "", fmt.Errorf("citizen number: %w", err)
		}
		n.Ref = a.Keys.PartyRef("citizen_id", id.String())
	}
	password := ""
	switch {
	case n.passwordFile != "":
		if password, err = config.Secret(n.passwordFile); err != nil {
			return "", err
		}
	case n.Secret == "":
		password = strings.ToLower(rand.Text()[:16])
		made = password
	}
	if password != "" {
		n.Secret = signin.Hash(password, signin.DefaultParams())
	}
	if n.resetFactor {
		if err := a.DB.Factors().DropFactor(ctx, n.ID); err != nil {
			return "", err
		}
		if err := a.DB.Logins().DeleteLoginsOf(ctx, n.ID, ""); err != nil {
			return "", err
		}
	}
	return made, dir.SavePerson(ctx, n.Person)
}

// keep takes over from the stored person what was not given anew.
func (n *newPerson) keep(old hub.Person) {
	given := n.Person
	n.Person = old
	n.Disabled = given.Disabled
	if given.NameZH != "" {
		n.NameZH = given.NameZH
	}
	if given.NameEN != "" {
		n.NameEN = given.NameEN
	}
	if given.Agency != "" {
		n.Agency = given.Agency
	}
	n.Failures = 0
}

// check refuses a person who could not work, or who could do too much.
func (n *newPerson) check(ctx context.Context, dir hub.Directory) error {
	if n.roles != "" {
		n.Roles = nil
		for r := range strings.FieldsFuncSeq(n.roles, func(r rune) bool { return r == ',' || r == ' ' }) {
			if !slices.Contains(hub.Roles(), hub.Role(r)) {
				return fmt.Errorf("there is no role %q", r)
			}
			n.Roles = append(n.Roles, hub.Role(r))
		}
	}
	var names []string
	for _, r := range n.Roles {
		names = append(names, string(r))
	}
	n.roles = strings.Join(names, ",")
	if len(n.Roles) == 0 || n.NameZH == "" {
		return errors.New("a person needs a name and at least one role")
	}
	if err := policies.CheckRoles(n.Roles); err != nil {
		return err
	}
	if _, err := dir.Agency(ctx, n.Agency); err != nil {
		return fmt.Errorf("agency %q: %w", n.Agency, err)
	}
	return nil
}
