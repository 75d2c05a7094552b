// Package signin owns local accounts: who somebody is, proven by a password,
// and for how long that holds. Passwords are hashed with argon2id; a session
// is an opaque token of which only the digest is stored.
//
// What it answers never tells whether a login exists: unknown login, wrong
// password, disabled person and a person locked in the directory are one
// answer that takes one time.
package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tongban/hub"
)

type people interface {
	Person(ctx context.Context, id hub.PersonID) (hub.Person, error)
	PersonByLogin(ctx context.Context, login string) (hub.Person, error)
	SignInResult(ctx context.Context, id hub.PersonID, ok bool, now time.Time, lock hub.LockRule) (hub.Person, error)
}

// Config is what signing in stands on. People, Logins, Factors and Seal are
// needed; every other zero value has a default.
type Config struct {
	People people
	Logins hub.Logins
	// Factors and Seal keep second factors.
	Factors hub.Factors
	Seal    FactorSeal
	// RequireFactor lets staff do nothing before they have set up a second factor.
	RequireFactor bool
	Logger        *slog.Logger     // nil logs nothing
	Now           func() time.Time // nil is the wall clock

	Lock     hub.LockRule  // 8 failures lock for 15 minutes
	Idle     time.Duration // a session ends after so long without a request: 30 minutes
	Absolute time.Duration // and after so long in any case: 10 hours
	Params   Params        // costs of the hash that stands in for unknown people
	// PerLogin and PerAddress limit the attempts in a minute: 20 for one login
	// from one address, 200 from one address.
	PerLogin, PerAddress int
	// Refusal is how long a refusal takes at least, so that its time does not
	// tell what was looked up: 400 ms.
	Refusal time.Duration
	// AtOnce bounds how many passwords are hashed at a time, and with that the
	// memory: 4.
	AtOnce int
}

// Service signs people in and out. Safe for concurrent use.
type Service struct {
	cfg     Config
	dummy   string // a hash nobody's password has
	hashing chan struct{}
	rates   rates
	locks   locks
}

// New checks the configuration and fills in the defaults.
func New(cfg Config) (*Service, error) {
	if cfg.People == nil || cfg.Logins == nil {
		return nil, errors.New("sign-in: people and logins are needed")
	}
	if cfg.Factors == nil || cfg.Seal == nil {
		return nil, errors.New("sign-in: second factors and their seal are needed")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	orDefault(&cfg.Lock, hub.LockRule{After: 8, For: 15 * time.Minute})
	orDefault(&cfg.Idle, 30*time.Minute)
	orDefault(&cfg.Absolute, 10*time.Hour)
	orDefault(&cfg.Params, DefaultParams())
	orDefault(&cfg.PerLogin, 20)
	orDefault(&cfg.PerAddress, 200)
	orDefault(&cfg.Refusal, 400*time.Millisecond)
	orDefault(&cfg.AtOnce, 4)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{cfg: cfg, dummy: Hash(rand.Text(), cfg.Params), hashing: make(chan struct{}, cfg.AtOnce)}, nil
}

func orDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// Attempt is one try to sign in.
type Attempt struct {
	Login, Password string
	Code            string // of the second factor, or a recovery code; "" asks whether one is needed
	Address         string // of the client, without port
	Device          string // for the person's list of sessions
}

// Session is somebody signed in. Token is set only when it was just made. Weak:
// a second factor must be set up before anything else.
type Session struct {
	Token  string
	Login  hub.Login
	Person hub.Person
	Weak   bool
}

// Actor is the person as the case service knows him. The agency of a party's
// account is the one that keeps it: he himself acts for none.
func (s Session) Actor() hub.Actor {
	p := s.Person
	a := hub.Actor{Person: p.ID, Agency: p.Agency, Roles: p.Roles, Ref: p.Ref}
	if hub.OfParty(p.Roles) {
		a.Agency = ""
	}
	return a
}

// SignIn opens a session. Errors: Unauthenticated, SecondFactor (the password is
// right, and a code is missing or, with Fields, wrong), Locked, RateLimited,
// Unavailable. A wrong code counts as a wrong password does.
func (s *Service) SignIn(ctx context.Context, a Attempt) (Session, error) {
	began := time.Now() // the wall clock: this is about real time passing
	now := s.cfg.Now()
	byAddress := s.rates.allow(keyOf("address", a.Address), s.cfg.PerAddress, now)
	if !s.rates.allow(keyOf("both", a.Address, a.Login), s.cfg.PerLogin, now) || !byAddress {
		return Session{}, hub.E(hub.RateLimited, "too many attempts to sign in; wait a minute")
	}
	who := keyOf("login", a.Login)
	if s.locks.locked(who, now) {
		return Session{}, hub.E(hub.Locked, "too many failures; sign-in with this name is locked for a while")
	}
	p, ok, err := s.check(ctx, a, now)
	if err != nil {
		return Session{}, fmt.Errorf("sign in: %w", err)
	}
	if !ok {
		s.locks.record(who, false, s.cfg.Lock, now)
		wait(ctx, s.cfg.Refusal-time.Since(began))
		return Session{}, hub.E(hub.Unauthenticated, "login or password is wrong")
	}
	strong, err := s.second(ctx, p, a.Code)
	if hub.ErrorCode(err) == hub.SecondFactor && a.Code != "" {
		s.locks.record(who, false, s.cfg.Lock, now)
		if err := s.count(ctx, &p, false, now); err != nil {
			return Session{}, err
		}
		wait(ctx, s.cfg.Refusal-time.Since(began))
	}
	if err != nil {
		return Session{}, err
	}
	s.locks.record(who, true, s.cfg.Lock, now)
	if err := s.count(ctx, &p, true, now); err != nil {
		return Session{}, err
	}
	return s.open(ctx, p, a, strong, now)
}

// second asks for the second factor of somebody who has one.
func (s *Service) second(ctx context.Context, p hub.Person, code string) (strong bool, err error) {
	f, ok, err := s.factor(ctx, p.ID)
	if err != nil {
		return false, fmt.Errorf("sign in: %w", err)
	}
	if !ok {
		return false, nil
	}
	if code == "" {
		return false, needed()
	}
	if ok, err = s.redeem(ctx, f, code); err == nil && !ok {
		err = needed(wrongCode())
	}
	return ok, err
}

// count notes a failure, or clears the count of them.
func (s *Service) count(ctx context.Context, p *hub.Person, ok bool, now time.Time) (err error) {
	if *p, err = s.cfg.People.SignInResult(ctx, p.ID, ok, now, s.cfg.Lock); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	if !ok && now.Before(p.LockedTo) {
		s.cfg.Logger.WarnContext(ctx, "sign-in locked after failures", "person", p.ID)
	}
	return nil
}

// check does the same work whether or not there is such a person.
func (s *Service) check(ctx context.Context, a Attempt, now time.Time) (hub.Person, bool, error) {
	p, err := s.cfg.People.PersonByLogin(ctx, a.Login)
	known := err == nil
	if !known && hub.ErrorCode(err) != hub.NotFound {
		return hub.Person{}, false, err
	}
	encoded := p.Secret
	if !known || encoded == "" {
		encoded = s.dummy
	}
	matches, err := s.verify(ctx, encoded, a.Password)
	if err != nil {
		return hub.Person{}, false, err
	}
	if !known || p.Disabled || now.Before(p.LockedTo) {
		return hub.Person{}, false, nil
	}
	if !matches { // a success is one only with the second factor
		err = s.count(ctx, &p, false, now)
	}
	return p, matches, err
}

func (s *Service) verify(ctx context.Context, encoded, password string) (bool, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return false, hub.Wrap(hub.Unavailable, context.Cause(ctx), "too many people sign in at once")
	}
	return Verify(encoded, password)
}

// open makes a session. The token has 256 random bits.
func (s *Service) open(ctx context.Context, p hub.Person, a Attempt, strong bool, now time.Time) (Session, error) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand aborts the process instead
	token := base64.RawURLEncoding.EncodeToString(b)
	now = hub.Millis(now)
	l := hub.Login{
		ID: idOf(token), Person: p.ID, Since: now, Seen: now, Expires: now.Add(min(s.cfg.Idle, s.cfg.Absolute)),
		Strong: strong, Address: a.Address, Device: a.Device,
	}
	if err := s.cfg.Logins.SaveLogin(ctx, l); err != nil {
		return Session{}, fmt.Errorf("open session: %w", err)
	}
	return Session{Token: token, Login: l, Person: p, Weak: s.weak(p, l)}, nil
}

func (s *Service) weak(p hub.Person, l hub.Login) bool {
	return s.cfg.RequireFactor && !l.Strong && hub.OfStaff(p.Roles)
}

// idOf is what is stored of a token. A plain digest is enough for 256 random bits.
func idOf(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}

// touchAfter is how old the last use must be before a request writes it down.
const touchAfter = time.Minute

// Check returns the session a token belongs to and notes its use. Errors:
// Unauthenticated, Unavailable.
func (s *Service) Check(ctx context.Context, token string) (Session, error) {
	sess, err := s.Peek(ctx, token)
	if err != nil {
		return Session{}, err
	}
	now := hub.Millis(s.cfg.Now())
	if l := &sess.Login; now.Sub(l.Seen) >= min(touchAfter, s.cfg.Idle/4) {
		l.Seen, l.Expires = now, now.Add(min(s.cfg.Idle, l.Since.Add(s.cfg.Absolute).Sub(now)))
		if err := s.cfg.Logins.TouchLogin(ctx, l.ID, l.Seen, l.Expires); err != nil {
			s.cfg.Logger.WarnContext(ctx, "use of session not noted", "error", err)
		}
	}
	return sess, nil
}

// Peek is Check without noting the use: a page that only listens does not keep
// its session alive.
func (s *Service) Peek(ctx context.Context, token string) (Session, error) {
	ended := hub.E(hub.Unauthenticated, "you are not signed in, or your session has ended")
	if len(token) != base64.RawURLEncoding.EncodedLen(32) {
		return Session{}, ended
	}
	l, err := s.cfg.Logins.Login(ctx, idOf(token))
	if hub.ErrorCode(err) == hub.NotFound {
		return Session{}, ended
	}
	if err != nil {
		return Session{}, fmt.Errorf("check session: %w", err)
	}
	now := s.cfg.Now()
	if !now.Before(l.Expires) || !now.Before(l.Since.Add(s.cfg.Absolute)) {
		return Session{}, ended
	}
	p, err := s.cfg.People.Person(ctx, l.Person)
	if hub.ErrorCode(err) == hub.NotFound || err == nil && p.Disabled {
		return Session{}, ended
	}
	if err != nil {
		return Session{}, fmt.Errorf("check session: %w", err)
	}
	return Session{Login: l, Person: p, Weak: s.weak(p, l)}, nil
}

// Left is how long a session lasts without a further request.
func (s *Service) Left(sess Session) time.Duration {
	return max(0, sess.Login.Expires.Sub(s.cfg.Now()))
}

// SignOut ends a session; one that has ended is no error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	err := s.cfg.Logins.DeleteLogin(ctx, idOf(token))
	if hub.ErrorCode(err) == hub.NotFound {
		return nil
	}
	return err
}

func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
