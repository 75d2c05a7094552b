package signin

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"tongban/hub"
)

// FactorSeal seals the secrets of factors. Implemented by *hub.Keyring.
type FactorSeal interface {
	SealFactor(f hub.Factor, secret []byte) ([]byte, error)
	OpenFactor(f hub.Factor) ([]byte, error)
}

// factorTries is how often one person may try a code or his password in a
// minute while he is signed in.
const factorTries = 6

// needed refuses sign-ins whose password is right and whose code is not.
func needed(fields ...hub.FieldError) error {
	return &hub.Error{Code: hub.SecondFactor, Message: "a code of the second factor is needed", Fields: fields}
}

func wrongCode() hub.FieldError { return hub.FieldError{Pointer: "/code", Code: "wrong_code"} }

// factor returns the factor in force, if there is one.
func (s *Service) factor(ctx context.Context, p hub.PersonID) (hub.Factor, bool, error) {
	f, err := s.cfg.Factors.Factor(ctx, p)
	if hub.ErrorCode(err) == hub.NotFound {
		return f, false, nil
	}
	return f, err == nil && !f.Confirmed.IsZero(), err
}

// redeem reports whether a typed code is one of a factor in force, and uses it
// up: it never counts a second time, on any node.
func (s *Service) redeem(ctx context.Context, f hub.Factor, typed string) (bool, error) {
	code := readCode(typed)
	var err error
	if len(code) == codeDigits {
		secret, openErr := s.cfg.Seal.OpenFactor(f)
		if openErr != nil {
			return false, openErr
		}
		step, ok := match(secret, code, s.cfg.Now(), f.Step)
		if !ok {
			return false, nil
		}
		err = s.cfg.Factors.UseStep(ctx, f.Person, step)
	} else {
		err = s.cfg.Factors.UseRecovery(ctx, f.Person, recoveryDigest(f.Person, code))
	}
	if hub.ErrorCode(err) == hub.Conflict {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("use a code: %w", err)
	}
	if len(code) != codeDigits {
		s.cfg.Logger.WarnContext(ctx, "a recovery code was used", "person", f.Person)
	}
	return true, nil
}

// FactorState is how a person's second factor stands.
type FactorState struct {
	Factor   hub.Factor // zero: none in force
	Required bool       // this hub asks the person for one
}

// FactorOf tells how the second factor of the signed-in person stands.
func (s *Service) FactorOf(ctx context.Context, sess Session) (FactorState, error) {
	f, ok, err := s.factor(ctx, sess.Person.ID)
	if err != nil {
		return FactorState{}, fmt.Errorf("factor: %w", err)
	}
	if !ok {
		f = hub.Factor{}
	}
	return FactorState{f, s.cfg.RequireFactor && hub.OfStaff(sess.Person.Roles)}, nil
}

// SetUpFactor makes a new secret and shows it: base32 for typing and the
// address for the QR. It is in force when a first code has confirmed it.
// Errors: Invalid for a wrong password, Conflict when a factor is in force,
// RateLimited, Unavailable.
func (s *Service) SetUpFactor(ctx context.Context, sess Session, password string) (secret, address string, err error) {
	p := sess.Person
	if err := s.tries(p.ID); err != nil {
		return "", "", err
	}
	ok, err := s.verify(ctx, p.Secret, password)
	if err != nil {
		return "", "", err
	}
	if !ok {
		return "", "", hub.InvalidFields([]hub.FieldError{{Pointer: "/password", Code: "wrong_password"}})
	}
	b := make([]byte, secretSize)
	_, _ = rand.Read(b) // never fails: crypto/rand aborts the process instead
	f := hub.Factor{Person: p.ID, Made: hub.Millis(s.cfg.Now())}
	if f.Sealed, err = s.cfg.Seal.SealFactor(f, b); err != nil {
		return "", "", fmt.Errorf("seal factor: %w", err)
	}
	if err := s.cfg.Factors.SaveFactor(ctx, f); err != nil {
		return "", "", fmt.Errorf("set up factor: %w", err)
	}
	return plain32.EncodeToString(b), SetUpAddress(b, p.Login), nil
}

// ConfirmFactor puts the secret that was shown into force with a first code,
// and returns the recovery codes, this once. The person's other sessions end.
// Errors: Invalid for a wrong code, Conflict when nothing waits, RateLimited.
func (s *Service) ConfirmFactor(ctx context.Context, sess Session, code string) (recovery []string, err error) {
	p := sess.Person.ID
	if err := s.tries(p); err != nil {
		return nil, err
	}
	f, err := s.cfg.Factors.Factor(ctx, p)
	if hub.ErrorCode(err) == hub.NotFound || err == nil && !f.Confirmed.IsZero() {
		return nil, hub.E(hub.Conflict, "there is nothing to confirm")
	}
	if err != nil {
		return nil, fmt.Errorf("confirm factor: %w", err)
	}
	secret, err := s.cfg.Seal.OpenFactor(f)
	if err != nil {
		return nil, err
	}
	now := hub.Millis(s.cfg.Now())
	step, ok := match(secret, readCode(code), now, 0)
	if !ok {
		return nil, hub.InvalidFields([]hub.FieldError{wrongCode()})
	}
	f.Confirmed, f.Step = now, step
	recovery, f.Recovery = newRecovery(p)
	if err := s.cfg.Factors.ConfirmFactor(ctx, f); err != nil {
		return nil, fmt.Errorf("confirm factor: %w", err)
	}
	s.cfg.Logger.InfoContext(ctx, "second factor set up", "person", p)
	if err := s.cfg.Logins.Strengthen(ctx, sess.Login.ID); err != nil {
		return nil, fmt.Errorf("confirm factor: %w", err)
	}
	return recovery, s.EndAll(ctx, p, sess.Login.ID)
}

// RemoveFactor forgets the person's own factor for one more code. Errors:
// Invalid for a wrong code, Forbidden when this hub asks for a factor,
// NotFound, RateLimited.
func (s *Service) RemoveFactor(ctx context.Context, sess Session, code string) error {
	p := sess.Person
	if err := s.tries(p.ID); err != nil {
		return err
	}
	f, ok, err := s.factor(ctx, p.ID)
	switch {
	case err != nil:
		return fmt.Errorf("remove factor: %w", err)
	case !ok:
		return hub.E(hub.NotFound, "there is no second factor")
	case s.cfg.RequireFactor && hub.OfStaff(p.Roles):
		return hub.E(hub.Forbidden, "this hub asks staff for a second factor")
	}
	if ok, err = s.redeem(ctx, f, code); err != nil {
		return err
	}
	if !ok {
		return hub.InvalidFields([]hub.FieldError{wrongCode()})
	}
	s.cfg.Logger.WarnContext(ctx, "second factor removed", "person", p.ID)
	return s.cfg.Factors.DropFactor(ctx, p.ID)
}

// ResetFactor forgets the factor of somebody who has lost it, for an
// administrator, and ends the person's sessions.
func (s *Service) ResetFactor(ctx context.Context, p hub.PersonID) error {
	if err := s.cfg.Factors.DropFactor(ctx, p); err != nil {
		return fmt.Errorf("reset factor: %w", err)
	}
	return s.EndAll(ctx, p, "")
}

func (s *Service) tries(p hub.PersonID) error {
	if !s.rates.allow(keyOf("factor", string(p)), factorTries, s.cfg.Now()) {
		return hub.E(hub.RateLimited, "too many tries; wait a minute")
	}
	return nil
}

// Sessions are the person's sessions, the last used first.
func (s *Service) Sessions(ctx context.Context, p hub.PersonID) ([]hub.Login, error) {
	return s.cfg.Logins.LoginsOf(ctx, p)
}

// End ends one session of a person; one that is not his or has ended is no error.
func (s *Service) End(ctx context.Context, p hub.PersonID, id string) error {
	l, err := s.cfg.Logins.Login(ctx, id)
	if hub.ErrorCode(err) == hub.NotFound || err == nil && l.Person != p {
		return nil
	}
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return s.cfg.Logins.DeleteLogin(ctx, id)
}

// EndAll ends all sessions of a person but one ("" for none).
func (s *Service) EndAll(ctx context.Context, p hub.PersonID, but string) error {
	if err := s.cfg.Logins.DeleteLoginsOf(ctx, p, but); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// NewPassword makes a password for somebody else: 80 random bits, in groups so
// that it can be read aloud.
func NewPassword() string {
	t := strings.ToLower(rand.Text()[:16])
	return t[:4] + "-" + t[4:8] + "-" + t[8:12] + "-" + t[12:]
}

// HasFactor reports whether somebody has a second factor in force.
func (s *Service) HasFactor(ctx context.Context, p hub.PersonID) (bool, error) {
	_, ok, err := s.factor(ctx, p)
	return ok, err
}

// Hash hashes a password that was made here, with this service's costs.
func (s *Service) Hash(password string) string { return Hash(password, s.cfg.Params) }
