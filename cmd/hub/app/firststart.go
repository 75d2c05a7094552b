package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tongban/cmd/hub/config"
	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/hub/signin"
	"tongban/policies"
)

// SignIn is one demo person's way in.
type SignIn struct {
	Login    string     `json:"login"`
	Password string     `json:"password"`
	Name     string     `json:"name"`
	Agency   string     `json:"agency"`
	Roles    []hub.Role `json:"roles"`
}

// SignInsFile holds the demo sign-ins of an embedded hub, readable by its owner only.
const SignInsFile = "demo-signins.json"

// firstStart makes the agencies of the routing configuration known and gives
// each a key; an embedded hub without standards or people also gets the demo's.
// Everything here may be done again after a crash.
func (a *App) firstStart(ctx context.Context) error {
	if err := a.seedAgencies(ctx); err != nil {
		return err
	}
	if !a.Embedded() {
		return nil
	}
	if err := SeedStandards(ctx, a.DB.Directory()); err != nil {
		return err
	}
	return a.seedPeople(ctx)
}

func (a *App) seedAgencies(ctx context.Context) error {
	dir := a.DB.Directory()
	for _, ag := range a.agencies {
		if err := dir.SaveAgency(ctx, ag); err != nil {
			return fmt.Errorf("agency %s: %w", ag.ID, err)
		}
		if _, err := a.Keys.EnsureAgencyKey(ctx, ag.ID, time.Now()); err != nil {
			return fmt.Errorf("key of agency %s: %w", ag.ID, err)
		}
	}
	return nil
}

// SeedStandards publishes the built-in standards that are not there in any
// form: what an administrator made of them, or took back, stays.
func SeedStandards(ctx context.Context, dir hub.Directory) error {
	all, err := seed.Standards()
	if err != nil {
		return err
	}
	there, err := dir.Standards(ctx, "")
	if err != nil {
		return fmt.Errorf("standards: %w", err)
	}
	known := map[hub.StandardRef]hub.StandardState{}
	for i := range there {
		known[there[i].Ref()] = there[i].State
		known[hub.StandardRef{Item: there[i].Item, Agency: there[i].Agency, Version: there[i].Version}] = there[i].State
	}
	for _, s := range all {
		ref := s.Ref()
		ref.Digest = ""
		// A draft of the same content is what a crash between saving and publishing left.
		if _, taken := known[ref]; taken && known[s.Ref()] != hub.StandardDraft {
			continue
		}
		if err := hub.Establish(ctx, dir, s); err != nil {
			return fmt.Errorf("standard %s: %w", s.Item, err)
		}
	}
	return nil
}

// seedPeople makes the demo people with random passwords, once: the passwords
// are written to the data folder before the people are made, so that a crash
// in between loses none.
func (a *App) seedPeople(ctx context.Context) error {
	path := filepath.Join(a.Config.Data, SignInsFile)
	ins, err := readSignIns(path)
	if errors.Is(err, fs.ErrNotExist) {
		ins, err = newSignIns(path)
	}
	if err != nil {
		return fmt.Errorf("demo sign-ins: %w", err)
	}
	dir := a.DB.Directory()
	for i, p := range seed.People() {
		if _, err := dir.PersonByLogin(ctx, p.Login); err == nil {
			continue
		} else if hub.ErrorCode(err) != hub.NotFound {
			return fmt.Errorf("person %s: %w", p.Login, err)
		}
		if err := policies.CheckRoles(p.Roles); err != nil {
			return err
		}
		person := hub.Person{
			ID: hub.PersonID("p_" + strings.ToLower(rand.Text()[:20])), Login: p.Login, NameZH: p.NameZH,
			NameEN: p.NameEN, Agency: p.Agency, Roles: p.Roles,
			Secret: signin.Hash(ins[i].Password, demoCosts()),
		}
		if err := dir.SavePerson(ctx, person); err != nil && hub.ErrorCode(err) != hub.Conflict {
			return fmt.Errorf("person %s: %w", p.Login, err)
		}
	}
	a.SignIns = ins
	return nil
}

// demoCosts are lighter than for passwords that people choose: 80 random bits
// need no stretching, and the first start must be ready within a second.
func demoCosts() signin.Params { return signin.Params{MemoryKiB: 19 << 10, Passes: 2, Threads: 1} }

func newSignIns(path string) ([]SignIn, error) {
	var ins []SignIn
	for _, p := range seed.People() {
		ins = append(ins, SignIn{p.Login, strings.ToLower(rand.Text()[:16]), p.NameZH + " " + p.NameEN, string(p.Agency), p.Roles})
	}
	b, err := json.MarshalIndent(ins, "", "  ") //nolint:gosec // the file is for its owner only
	if err != nil {
		return nil, err
	}
	return ins, config.WriteSecret(path, append(b, '\n'))
}

func readSignIns(path string) ([]SignIn, error) {
	b, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	var ins []SignIn
	if err := json.Unmarshal(b, &ins); err != nil {
		return nil, err
	}
	if len(ins) != len(seed.People()) {
		return nil, fmt.Errorf("%s does not fit this version; remove it and the demo people to start over", path)
	}
	return ins, nil
}
