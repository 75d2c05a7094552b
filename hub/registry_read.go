package hub

import (
	"context"
	"strings"
	"time"

	"tongban/hub/code"
	"tongban/hub/register"
)

// extract reads a unit of the register with the names of everybody in it.
// version 0 is the newest; a zero at is now.
func (s *Service) extract(ctx context.Context, unit string, version int64, at time.Time) (*register.Extract, map[PartyRef]RegisterPerson, error) {
	x, err := s.register.Extract(ctx, code.Unit(unit), version, at)
	if err != nil {
		return nil, nil, s.registerError(err)
	}
	entries := []register.EntryID{x.TitleEntry, x.NamedBy}
	for _, m := range x.Mortgages {
		entries = append(entries, m.Entry, m.Named)
	}
	for _, n := range x.Notices {
		entries = append(entries, n.Entry)
	}
	for _, o := range x.Objections {
		entries = append(entries, o.Entry)
	}
	for _, b := range x.Burdens {
		entries = append(entries, b.Entry)
	}
	names, err := s.names(ctx, x.Unit, entries...)
	return x, names, err
}

// RegisterView is a unit of the register as an officer reads it.
type RegisterView struct {
	Extract *register.Extract
	Names   map[PartyRef]RegisterPerson // masked, unless Clear
	Clear   bool
}

// ReadRegister shows a unit to an officer of an agency that keeps a register
// of its place. The reading is recorded; names are in clear only with a purpose.
func (s *Service) ReadRegister(ctx context.Context, r Reading, unit string, at time.Time) (RegisterView, error) {
	u, err := code.ParseUnit(unit)
	if err != nil {
		return RegisterView{}, InvalidFields([]FieldError{codeField("/unit", err)})
	}
	if err := s.mayReadRegister(ctx, r.Actor, RegisterRead, u); err != nil {
		return RegisterView{}, err
	}
	purpose := strings.TrimSpace(r.Purpose)
	if err := s.record(ctx, r, "", "register", u.String()); err != nil {
		return RegisterView{}, err
	}
	x, names, err := s.extract(ctx, u.String(), 0, at)
	if err != nil {
		return RegisterView{}, err
	}
	if purpose == "" {
		for ref, p := range names {
			p.Name, p.IDNumber = MaskName(p.Name), MaskNumber(p.IDNumber)
			names[ref] = p
		}
	}
	return RegisterView{x, names, purpose != ""}, nil
}

// mayReadRegister allows an action on a unit to those whose agency keeps the
// register of the unit's place.
func (s *Service) mayReadRegister(ctx context.Context, a Actor, action Action, u code.Unit) error {
	if err := s.Policy.Authorize(a, action, nil); err != nil {
		return err
	}
	ag, err := s.Directory.Agency(ctx, a.Agency)
	if err != nil {
		return err
	}
	if !ag.Register {
		return E(Forbidden, "your agency keeps no register in this hub")
	}
	if div := u.Division().String(); ag.Division != div && ag.Division[:4] != div[:4] {
		return E(NotFound, "the unit is not in the register of your agency")
	}
	return nil
}

// VerifyRegister checks every unit of the register: form, hash, signature,
// order, and that each step can be done. It returns how many units there are.
func (s *Service) VerifyRegister(ctx context.Context) (int, error) {
	n, err := s.register.VerifyAll(ctx)
	return n, s.registerError(err)
}

// RebuildRegister makes the register's snapshots again from its log.
func (s *Service) RebuildRegister(ctx context.Context) error {
	return s.registerError(s.register.Rebuild(ctx))
}

// RunRegister does what time and crashes leave to be done in the register:
// snapshots that are missing, cases that a court has hit.
func (s *Service) RunRegister(ctx context.Context, limit int) error {
	if _, err := s.register.Sweep(ctx, limit); err != nil {
		return s.registerError(err)
	}
	_, err := s.StopHit(ctx, limit)
	return err
}
