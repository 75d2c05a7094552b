package hub

import (
	"bytes"
	"context"
	"fmt"

	"tongban/hub/register"
)

// TakeOver is an older register that comes into this hub: bookings of the
// registry itself, and the people whom their references name.
type TakeOver struct {
	Seed   []byte // tongban.register-seed/1, see docs/register.md
	People []SeedPerson
}

// SeedPerson says who a reference of a seed is.
type SeedPerson struct {
	Ref, Name, IDKind, IDNumber string
}

// maxSeedBookings bounds one take-over; a large register comes in parts.
const maxSeedBookings = 500

// TakeOverRegister books an older register for the actor's own agency. What is
// booked already is left as it is, so that it may be repeated, also after a
// crash in the middle. It returns how many bookings the seed has.
//
// Errors: Forbidden, Invalid with the field, RegisterObstacle.
func (s *Service) TakeOverRegister(ctx context.Context, r Reading, t TakeOver) (int, error) {
	if err := s.Policy.Authorize(r.Actor, RegisterOrder, nil); err != nil {
		return 0, err
	}
	seed, err := register.ReadSeed(bytes.NewReader(t.Seed))
	if err != nil {
		return 0, InvalidFields([]FieldError{{"/register", "invalid", err.Error()}})
	}
	if seed.Agency != string(r.Actor.Agency) {
		return 0, InvalidFields([]FieldError{{"/register/agency", "other_agency", "a registry takes over its own register only"}})
	}
	if n := len(seed.Bookings); n == 0 || n > maxSeedBookings {
		return 0, InvalidFields([]FieldError{{"/register/bookings", "count", fmt.Sprintf("1 to %d bookings", maxSeedBookings)}})
	}
	people, err := t.people(s.Keys)
	if err != nil {
		return 0, err
	}
	for i, b := range seed.Bookings {
		for _, step := range b.Steps {
			if err := s.mayReadRegister(ctx, r.Actor, RegisterOrder, register.UnitOf(step.Op)); err != nil {
				return 0, err
			}
			for _, ref := range register.RefsOf(step.Op) {
				if _, ok := people[ref]; !ok {
					at := fmt.Sprintf("/register/bookings/%d", i)
					return 0, InvalidFields([]FieldError{{at, "unknown_person", "it names somebody whom the list of people does not have"}})
				}
			}
		}
	}
	if err := s.record(ctx, r, "", "take_over", string(register.UnitOf(seed.Bookings[0].Steps[0].Op))); err != nil {
		return 0, err
	}
	n, err := s.register.Load(ctx, seed, string(r.Actor.Person), s.takeOver(people))
	return n, s.registerError(err)
}

func (t *TakeOver) people(keys *Keyring) (map[register.Ref]RegisterPerson, error) {
	out := map[register.Ref]RegisterPerson{}
	var wrong []FieldError
	for i, p := range t.People {
		checked, errs := Party{Name: p.Name, IDKind: p.IDKind, IDNumber: p.IDNumber}.check(fmt.Sprintf("/people/%d/", i))
		wrong = append(wrong, errs...)
		out[register.Ref(p.Ref)] = RegisterPerson{keys.PartyRef(checked.IDKind, checked.IDNumber), checked.Name, checked.IDKind, checked.IDNumber}
	}
	return out, InvalidFields(wrong)
}

// takeOver puts this hub's references into a seed, and the names beside them.
func (s *Service) takeOver(people map[register.Ref]RegisterPerson) register.LoadOptions {
	known := map[register.Ref]RegisterPerson{}
	return register.LoadOptions{
		Ref: func(r register.Ref) (register.Ref, error) {
			p := people[r]
			known[register.Ref(p.Ref)] = p
			return register.Ref(p.Ref), nil
		},
		Seal: func(step register.Step) ([]byte, error) {
			var list []RegisterPerson
			for _, r := range register.RefsOf(step.Op) {
				list = append(list, known[r])
			}
			return s.Keys.SealRegister(string(register.UnitOf(step.Op)), list)
		},
	}
}
