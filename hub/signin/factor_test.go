package signin

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tongban/hub"
)

// openSeal seals nothing: that the keyring binds a secret to its person is
// tested where the keyring is.
type openSeal struct{}

func (openSeal) SealFactor(_ hub.Factor, secret []byte) ([]byte, error) { return secret, nil }
func (openSeal) OpenFactor(f hub.Factor) ([]byte, error)                { return f.Sealed, nil }

func (b *book) SaveFactor(_ context.Context, f hub.Factor) error {
	if !b.factor[f.Person].Confirmed.IsZero() {
		return hub.E(hub.Conflict, "in force")
	}
	b.factor[f.Person] = f
	return b.down
}

func (b *book) Factor(_ context.Context, p hub.PersonID) (hub.Factor, error) {
	if f, ok := b.factor[p]; ok {
		return f, b.down
	}
	return hub.Factor{}, hub.E(hub.NotFound, "none")
}

func (b *book) ConfirmFactor(_ context.Context, f hub.Factor) error {
	b.factor[f.Person] = f
	return b.down
}

func (b *book) UseStep(_ context.Context, p hub.PersonID, step int64) error {
	f := b.factor[p]
	if step <= f.Step {
		return hub.E(hub.Conflict, "used")
	}
	f.Step = step
	b.factor[p] = f
	return b.down
}

func (b *book) UseRecovery(_ context.Context, p hub.PersonID, digest string) error {
	f := b.factor[p]
	i := slices.Index(f.Recovery, digest)
	if i < 0 {
		return hub.E(hub.Conflict, "none")
	}
	f.Recovery = slices.Delete(slices.Clone(f.Recovery), i, i+1)
	b.factor[p] = f
	return b.down
}

func (b *book) DropFactor(_ context.Context, p hub.PersonID) error {
	delete(b.factor, p)
	return b.down
}

func (b *book) LoginsOf(_ context.Context, p hub.PersonID) (all []hub.Login, err error) {
	for _, l := range b.logins {
		if l.Person == p {
			all = append(all, l)
		}
	}
	return all, b.down
}

func (b *book) DeleteLoginsOf(_ context.Context, p hub.PersonID, but string) error {
	for id, l := range b.logins {
		if l.Person == p && id != but {
			delete(b.logins, id)
		}
	}
	return b.down
}

func (b *book) Strengthen(_ context.Context, id string) error {
	l := b.logins[id]
	l.Strong = true
	b.logins[id] = l
	return b.down
}

// The vectors of RFC 4226, appendix D, and of RFC 6238, appendix B (SHA-1).
func TestCodesAreThoseOfTheStandard(t *testing.T) {
	secret := []byte("12345678901234567890")
	for i, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if got := hotp(secret, uint64(i), 6); got != want {
			t.Errorf("RFC 4226, counter %d: %s, want %s", i, got, want)
		}
	}
	for at, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		if got := hotp(secret, uint64(stepOf(time.Unix(at, 0))), 8); got != want {
			t.Errorf("RFC 6238, %d: %s, want %s", at, got, want)
		}
	}
}

func TestACodeCountsNearItsTimeAndOnce(t *testing.T) {
	secret, now := []byte("12345678901234567890"), time.Unix(1_800_000_015, 0)
	code := func(d time.Duration) string { return hotp(secret, uint64(stepOf(now.Add(d))), 6) }
	for _, x := range []struct {
		name, code string
		used       int64
		ok         bool
	}{
		{"nothing", "", 0, false},
		{"too short", code(0)[:5], 0, false},
		{"another", "000000", 0, false},
		{"a minute old", code(-time.Minute), 0, false},
		{"a minute early", code(time.Minute), 0, false},
		{"used", code(0), stepOf(now), false},
		{"before a used one", code(-30 * time.Second), stepOf(now), false},
		{"now", code(0), 0, true},
		{"the one before", code(-30 * time.Second), 0, true},
		{"the one after", code(30 * time.Second), 0, true},
		{"after a used one", code(30 * time.Second), stepOf(now), true},
	} {
		if step, ok := match(secret, x.code, now, x.used); ok != x.ok || ok && step <= x.used {
			t.Errorf("%s: %d, %t", x.name, step, ok)
		}
	}
}

func TestCodesAreTakenAsTheyAreTyped(t *testing.T) {
	for typed, want := range map[string]string{" 123 456 ": "123456", "１２３４５６": "123456", "abcd-efgh": "ABCDEFGH", "": ""} {
		if got := readCode(typed); got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
}

func FuzzReadCode(f *testing.F) {
	f.Add("123 456")
	f.Add("\u3000\xff")
	f.Fuzz(func(t *testing.T, typed string) {
		if got := readCode(typed); readCode(got) != got {
			t.Errorf("%q is read as %q, and that as %q", typed, got, readCode(got))
		}
	})
}

// walker sets the clock of a service and signs in with what is given.
type walker struct {
	*testing.T
	s   *Service
	b   *book
	now time.Time
}

func newWalker(t *testing.T, change ...func(*Config)) *walker {
	w := &walker{T: t, now: time.Unix(1_800_000_000, 0)}
	w.s, w.b = newService(t, append(change, func(c *Config) { c.Now = func() time.Time { return w.now } })...)
	return w
}

func (w *walker) in(password, code string) (Session, error) {
	return w.s.SignIn(w.Context(), Attempt{Login: "li", Password: password, Code: code, Address: "a"})
}

func (w *walker) refused(code hub.Code, password, given string) {
	w.Helper()
	if _, err := w.in(password, given); hub.ErrorCode(err) != code {
		w.Errorf("%q with %q: %v, want %s", password, given, err, code)
	}
}

// withFactor sets a factor up and returns its secret and recovery codes.
func (w *walker) withFactor() (sess Session, secret []byte, recovery []string) {
	w.Helper()
	sess, err := w.in("right", "")
	if err != nil {
		w.Fatal(err)
	}
	shown, address, err := w.s.SetUpFactor(w.Context(), sess, "right")
	if err != nil || !strings.HasPrefix(address, "otpauth://totp/Tongban:li?issuer=Tongban&secret="+shown) {
		w.Fatal(address, err)
	}
	if secret, err = plain32.DecodeString(shown); err != nil || len(secret) != secretSize {
		w.Fatal(err)
	}
	recovery, err = w.s.ConfirmFactor(w.Context(), sess, w.code(secret))
	if err != nil || len(recovery) != recoveryCodes {
		w.Fatal(recovery, err)
	}
	return sess, secret, recovery
}

func (w *walker) code(secret []byte) string { return hotp(secret, uint64(stepOf(w.now)), 6) }

func TestTheSecondFactorIsAskedFor(t *testing.T) {
	w := newWalker(t)
	other, err := w.in("right", "")
	if err != nil {
		t.Fatal(err)
	}
	sess, secret, recovery := w.withFactor()
	if _, err := w.s.Check(t.Context(), other.Token); hub.ErrorCode(err) != hub.Unauthenticated {
		t.Errorf("a session from before the second factor goes on: %v", err)
	}
	if got, err := w.s.Check(t.Context(), sess.Token); err != nil || !got.Login.Strong {
		t.Errorf("the session that set it up: %+v, %v", got.Login, err)
	}
	w.refused(hub.SecondFactor, "right", "")
	w.refused(hub.SecondFactor, "right", w.code(secret)) // it confirmed the set-up: used
	w.refused(hub.Unauthenticated, "wrong", "")
	w.now = w.now.Add(30 * time.Second)
	w.refused(hub.Unauthenticated, "wrong", w.code(secret)) // says nothing of the code, and does not use it
	w.refused(hub.SecondFactor, "right", "000000")
	if got, err := w.in("right", w.code(secret)); err != nil || !got.Login.Strong {
		t.Fatalf("the right code: %+v, %v", got.Login, err)
	}
	w.refused(hub.SecondFactor, "right", w.code(secret)) // replayed
	if _, err := w.in("right", strings.ToLower(recovery[3])); err != nil {
		t.Fatalf("a recovery code: %v", err)
	}
	w.refused(hub.SecondFactor, "right", recovery[3])
	for _, d := range w.b.factor["li"].Recovery {
		if len(d) != 64 || slices.Contains(recovery, d) {
			t.Errorf("kept of a recovery code: %s", d)
		}
	}
	if n := len(w.b.factor["li"].Recovery); n != recoveryCodes-1 {
		t.Errorf("%d recovery codes are left", n)
	}
}

// Who has the password may not guess codes: the right password alone does not
// clear the count of failures.
func TestWrongCodesLock(t *testing.T) {
	w := newWalker(t, func(c *Config) { c.Lock = hub.LockRule{After: 4, For: time.Hour} })
	_, secret, _ := w.withFactor()
	w.now = w.now.Add(30 * time.Second)
	for range 4 {
		w.refused(hub.SecondFactor, "right", "")
		w.refused(hub.SecondFactor, "right", "000000")
	}
	w.refused(hub.Locked, "right", w.code(secret))
	if !w.b.people["li"].LockedTo.After(w.now) {
		t.Error("the lock does not last")
	}
	w.now = w.now.Add(2 * time.Hour)
	if _, err := w.in("right", w.code(secret)); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	if w.b.people["li"].Failures != 0 {
		t.Error("a success leaves failures")
	}
}

func TestSettingUpRefuses(t *testing.T) {
	w := newWalker(t)
	sess, err := w.in("right", "")
	if err != nil {
		t.Fatal(err)
	}
	code := func(want hub.Code, err error) {
		t.Helper()
		if hub.ErrorCode(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	_, err = w.s.ConfirmFactor(t.Context(), sess, "000000")
	code(hub.Conflict, err)
	_, _, err = w.s.SetUpFactor(t.Context(), sess, "wrong")
	code(hub.Invalid, err)
	if len(w.b.factor) != 0 {
		t.Error("a wrong password sets up")
	}
	_, _, err = w.s.SetUpFactor(t.Context(), sess, "right")
	code("", err)
	_, err = w.s.ConfirmFactor(t.Context(), sess, "000000")
	code(hub.Invalid, err)
	w.now = w.now.Add(time.Minute)
	w.withFactor()
	_, _, err = w.s.SetUpFactor(t.Context(), sess, "right")
	code(hub.Conflict, err)
	w.now = w.now.Add(time.Minute)
	for range factorTries {
		code(hub.Invalid, w.s.RemoveFactor(t.Context(), sess, "000000"))
	}
	code(hub.RateLimited, w.s.RemoveFactor(t.Context(), sess, "000000"))
	w.now = w.now.Add(time.Minute)
	secret := w.b.factor["li"].Sealed
	code("", w.s.RemoveFactor(t.Context(), sess, w.code(secret)))
	code(hub.NotFound, w.s.RemoveFactor(t.Context(), sess, w.code(secret)))
	if _, err := w.in("right", ""); err != nil {
		t.Errorf("without a factor: %v", err)
	}
}

func TestStaffWithoutASecondFactorIsWeakWhereItIsAskedFor(t *testing.T) {
	w := newWalker(t, func(c *Config) { c.RequireFactor = true })
	roles := func(r ...hub.Role) {
		p := w.b.people["li"]
		p.Roles = r
		w.b.people["li"] = p
	}
	for _, x := range []struct {
		role hub.Role
		weak bool
	}{{hub.Applicant, false}, {hub.Institution, false}, {hub.Integrator, false}, {hub.Clerk, true}, {hub.SecurityAdmin, true}} {
		roles(x.role)
		if sess, err := w.in("right", ""); err != nil || sess.Weak != x.weak {
			t.Errorf("%s: weak %t, %v", x.role, sess.Weak, err)
		}
	}
	sess, secret, _ := w.withFactor()
	if got, err := w.s.Peek(t.Context(), sess.Token); err != nil || got.Weak {
		t.Errorf("after the set-up: weak %t, %v", got.Weak, err)
	}
	w.now = w.now.Add(time.Minute)
	if err := w.s.RemoveFactor(t.Context(), sess, w.code(secret)); hub.ErrorCode(err) != hub.Forbidden {
		t.Errorf("removed where it is asked for: %v", err)
	}
	if err := w.s.ResetFactor(t.Context(), "li"); err != nil || len(w.b.logins) != 0 {
		t.Errorf("reset: %v, %d sessions", err, len(w.b.logins))
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	w := newWalker(t)
	a, _ := w.in("right", "")
	b, _ := w.in("right", "")
	all, err := w.s.Sessions(t.Context(), "li")
	if err != nil || len(all) != 2 || all[0].Address != "a" {
		t.Fatal(all, err)
	}
	if err := w.s.End(t.Context(), "wu", a.Login.ID); err != nil || len(w.b.logins) != 2 {
		t.Errorf("ended by somebody else: %v", err)
	}
	if err := w.s.End(t.Context(), "li", a.Login.ID); err != nil || len(w.b.logins) != 1 {
		t.Errorf("not ended: %v", err)
	}
	if err := w.s.EndAll(t.Context(), "li", b.Login.ID); err != nil || len(w.b.logins) != 1 {
		t.Errorf("but this one: %v", err)
	}
	if err := w.s.EndAll(t.Context(), "li", ""); err != nil || len(w.b.logins) != 0 {
		t.Errorf("all: %v", err)
	}
}
