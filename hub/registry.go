package hub

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tongban/hub/clock"
	"tongban/hub/code"
	"tongban/hub/register"
)

// newRegister opens the register over its store: signed with the registries'
// keys, its times by the calendar, its names under the hub's own key.
func newRegister(store register.Store, keys *Keyring, cal *clock.Calendar, now func() time.Time) *register.Register {
	office := cal.Office("")
	roll := func(day time.Time) time.Time {
		for range 30 { // no holiday is longer
			if working, _ := office.WorkingDay(day); working {
				break
			}
			day = day.AddDate(0, 0, 1)
		}
		return day
	}
	return register.New(store, registerKeys{keys}, now, register.Terms{Zone: register.DefaultTerms().Zone, Roll: roll})
}

// registerKeys implements register.Crypto with the keys of the agencies.
type registerKeys struct{ keys *Keyring }

func (k registerKeys) Sign(ctx context.Context, agency string, compose func(n register.Names, from time.Time) ([]byte, error)) (raw, sig []byte, err error) {
	s, err := k.keys.signer(ctx, AgencyID(agency))
	if err != nil {
		return nil, nil, err
	}
	raw, err = compose(register.Names{Key: string(s.ID), Hash: k.keys.algs.Hash.Name(), Sign: s.Scheme}, s.From)
	if err != nil {
		return nil, nil, err
	}
	sig, err = s.Signer.Sign(raw)
	return raw, sig, err
}

func (k registerKeys) Sum(hash string, b []byte) (register.Digest, error) {
	h, err := k.keys.algs.HashNamed(hash)
	if err != nil {
		return "", err
	}
	return register.Digest(Sum(h, b)), nil
}

func (k registerKeys) Verify(ctx context.Context, agency string, n register.Names, at time.Time, raw, sig []byte) error {
	key, err := k.keys.PublicKey(ctx, KeyID(n.Key))
	if err != nil {
		return err
	}
	if key.Agency != AgencyID(agency) || key.Scheme != n.Sign || !key.InForce(at) {
		return E(BadSignature, "the key %s is not %s's, or was not in force", n.Key, agency)
	}
	scheme, err := k.keys.algs.SignNamed(n.Sign)
	if err != nil {
		return err
	}
	if err := scheme.Verify(key.PKIX, raw, sig); err != nil {
		return Wrap(BadSignature, err, "the registry's signature is wrong")
	}
	return nil
}

// RegisterPerson is somebody in the register by name. The register itself
// holds only references; names are sealed beside each entry.
type RegisterPerson struct {
	Ref      PartyRef `json:"ref"`
	Name     string   `json:"name"`
	IDKind   string   `json:"id_kind"`
	IDNumber string   `json:"id_number"`
}

// registerContext binds sealed names to the unit they stand at.
func registerContext(unit string) []byte { return []byte("tongban.register/1\n" + unit) }

// SealRegister seals the names of one entry. They stay readable when the case
// that brought them is erased: the register outlives cases (条例 art. 13).
func (k *Keyring) SealRegister(unit string, people []RegisterPerson) ([]byte, error) {
	plain, err := json.Marshal(people)
	if err != nil {
		return nil, err
	}
	return seal(aesScheme{}, k.register, plain, registerContext(unit))
}

// OpenRegister opens what SealRegister sealed.
func (k *Keyring) OpenRegister(unit string, sealed []byte) ([]RegisterPerson, error) {
	if len(sealed) == 0 {
		return nil, nil
	}
	plain, err := unseal(aesScheme{}, k.register, sealed, registerContext(unit))
	if err != nil {
		return nil, Wrap(BrokenChain, err, "the names of an entry of the register do not open")
	}
	var people []RegisterPerson
	return people, json.Unmarshal(plain, &people)
}

func registerKey(master []byte) ([]byte, error) {
	return hkdf.Key(sha256.New, master, nil, "tongban register names", 32)
}

// keepsRegister reports whether the agency's register is kept in this hub.
func (s *Service) keepsRegister(ctx context.Context, id AgencyID) (bool, error) {
	a, err := s.Directory.Agency(ctx, id)
	if err != nil {
		return false, fmt.Errorf("agency %s: %w", id, err)
	}
	return a.Register, nil
}

// names reads who the references of some entries are.
func (s *Service) names(ctx context.Context, unit code.Unit, entries ...register.EntryID) (map[PartyRef]RegisterPerson, error) {
	known := map[PartyRef]RegisterPerson{}
	for _, e := range entries {
		if e == "" {
			continue
		}
		id, step := e.Booking()
		b, err := s.register.Booking(ctx, id)
		if err != nil {
			return nil, s.registerError(err)
		}
		if step < 0 || step >= len(b.Steps) {
			return nil, E(BrokenChain, "booking %s has no step %d", id, step)
		}
		people, err := s.Keys.OpenRegister(string(unit), b.Steps[step].Sealed)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			known[p.Ref] = p
		}
	}
	return known, nil
}

// registerError turns an error of the register into one that a user is told:
// RegisterObstacle with everything that stands against it, NotFound, Conflict,
// Unavailable, BrokenChain.
func (s *Service) registerError(err error) error {
	if err == nil {
		return nil
	}
	switch register.ReasonOf(err) {
	case register.Refused:
		return refusedByRegister(register.ObstaclesOf(err), nil)
	case register.NotFound:
		return Wrap(NotFound, err, "the register has no such unit or entry")
	case register.Conflict:
		return Wrap(Conflict, err, "others book on this unit at the same time; try again")
	case register.Malformed, register.SourceReused:
		return Wrap(Internal, err, "the register could not read the booking")
	case register.Broken:
		return Wrap(BrokenChain, err, "the register's log is damaged")
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	return Wrap(Unavailable, err, "the register does not answer")
}

// refusedByRegister tells everything that stands against a booking at once.
func refusedByRegister(list []register.Obstacle, told []register.EntryID) error {
	fields := []FieldError{}
	for _, o := range register.Standing(list, told) {
		fields = append(fields, FieldError{"/register/" + string(o.Unit), string(o.Code), ""})
	}
	return &Error{Code: RegisterObstacle, Message: "the register does not allow it", Fields: fields}
}

// RegisterNote is something in the register that does not refuse but must be
// known; Tell ones must be told to who acquires before the booking.
type RegisterNote struct {
	Code  string `json:"code"`
	Unit  string `json:"unit"`
	Entry string `json:"entry,omitempty"`
	Tell  bool   `json:"tell,omitempty"`
}

func registerNotes(list []register.Obstacle) []RegisterNote {
	var out []RegisterNote
	for _, o := range list {
		if o.Severity != register.Block {
			out = append(out, RegisterNote{string(o.Code), string(o.Unit), string(o.Ref), o.Severity == register.Tell})
		}
	}
	return out
}
