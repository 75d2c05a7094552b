package signin

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tongban/hub"
)

var cheap = Params{MemoryKiB: 64, Passes: 1, Threads: 1}

// book is a directory and a list of sign-ins in memory; the real ones are
// tested where HTTP is.
type book struct {
	mu     sync.Mutex
	people map[string]hub.Person
	logins map[string]hub.Login
	factor map[hub.PersonID]hub.Factor
	down   error
}

func (b *book) Person(_ context.Context, id hub.PersonID) (hub.Person, error) {
	return b.PersonByLogin(context.Background(), string(id))
}

func (b *book) PersonByLogin(_ context.Context, login string) (hub.Person, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p, ok := b.people[login]; ok {
		return p, b.down
	}
	return hub.Person{}, hub.E(hub.NotFound, "nobody")
}

func (b *book) SignInResult(_ context.Context, id hub.PersonID, ok bool, now time.Time, lock hub.LockRule) (hub.Person, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.people[string(id)]
	if p.Failures++; ok {
		p.Failures = 0
	} else if p.Failures >= lock.After {
		p.LockedTo = now.Add(lock.For)
	}
	b.people[string(id)] = p
	return p, b.down
}

func (b *book) SaveLogin(_ context.Context, l hub.Login) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.logins[l.ID] = l
	return b.down
}

func (b *book) Login(_ context.Context, id string) (hub.Login, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l, ok := b.logins[id]; ok {
		return l, b.down
	}
	return hub.Login{}, hub.E(hub.NotFound, "none")
}

func (b *book) TouchLogin(_ context.Context, id string, seen, expires time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.logins[id]
	l.Seen, l.Expires = seen, expires
	b.logins[id] = l
	return b.down
}

func (b *book) DeleteLogin(_ context.Context, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.logins, id)
	return b.down
}

func newService(t *testing.T, change ...func(*Config)) (*Service, *book) {
	t.Helper()
	b := &book{people: map[string]hub.Person{"li": {ID: "li", Login: "li", Secret: Hash("right", cheap)}}, logins: map[string]hub.Login{}, factor: map[hub.PersonID]hub.Factor{}}
	cfg := Config{People: b, Logins: b, Factors: b, Seal: openSeal{}, Params: cheap, Refusal: time.Nanosecond}
	for _, f := range change {
		f(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s, b
}

func TestPasswordsAreHashedInTheWrittenForm(t *testing.T) {
	h := Hash("pass", cheap)
	if !strings.HasPrefix(h, "$argon2id$v=19$m=64,t=1,p=1$") || h == Hash("pass", cheap) {
		t.Errorf("hash %s", h)
	}
	for password, want := range map[string]bool{"pass": true, "Pass": false, "": false, "pass ": false} {
		if got, err := Verify(h, password); err != nil || got != want {
			t.Errorf("%q: %t, %v", password, got, err)
		}
	}
	// é in one character and in two is one password.
	if ok, err := Verify(Hash("caf\u00e9", cheap), "cafe\u0301"); err != nil || !ok {
		t.Errorf("normal forms differ: %t, %v", ok, err)
	}
	for _, bad := range []string{
		"", "x", "$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", strings.Replace(h, "m=64", "m=99999999", 1),
		strings.Replace(h, "t=1", "t=0", 1), strings.Replace(h, "v=19", "v=16", 1), strings.Replace(h, "p=1", "p=1,x=2", 1), h + "$",
	} {
		if ok, err := Verify(bad, "pass"); err == nil || ok {
			t.Errorf("%q was taken: %t", bad, ok)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(Hash("x", cheap))
	f.Fuzz(func(t *testing.T, encoded string) {
		if strings.Contains(encoded, "m=") && len(encoded) > 200 {
			return
		}
		p, salt, hash, err := decode(encoded)
		if err == nil && encode(p, salt, hash) != encoded {
			t.Errorf("%q has a second form", encoded)
		}
	})
}

func TestAttemptsAreLimitedForOneNameAndOneAddress(t *testing.T) {
	s, _ := newService(t, func(c *Config) { c.PerLogin, c.PerAddress, c.Lock = 3, 5, hub.LockRule{After: 100, For: time.Hour} })
	try := func(login, address string) hub.Code {
		_, err := s.SignIn(t.Context(), Attempt{Login: login, Password: "wrong", Address: address})
		return hub.ErrorCode(err)
	}
	for range 3 {
		if got := try("li", "a"); got != hub.Unauthenticated {
			t.Fatal(got)
		}
	}
	for _, x := range []struct {
		login, address string
		want           hub.Code
	}{{"li", "a", hub.RateLimited}, {"li", "b", hub.Unauthenticated}, {"wu", "a", hub.Unauthenticated}, {"xu", "a", hub.RateLimited}} {
		if got := try(x.login, x.address); got != x.want {
			t.Errorf("%+v: %s", x, got)
		}
	}
}

// The lock of the directory, which every node sees, answers like a wrong password.
func TestALastingLockRefusesTheRightPassword(t *testing.T) {
	now := time.Now()
	s, b := newService(t, func(c *Config) { c.Now = func() time.Time { return now } })
	p := b.people["li"]
	p.LockedTo = now.Add(time.Minute)
	b.people["li"] = p
	right := Attempt{Login: "li", Password: "right", Address: "a"}
	if _, err := s.SignIn(t.Context(), right); hub.ErrorCode(err) != hub.Unauthenticated {
		t.Errorf("locked: %v", err)
	}
	now = now.Add(2 * time.Minute)
	if _, err := s.SignIn(t.Context(), right); err != nil {
		t.Errorf("after the lock: %v", err)
	}
}

func TestARefusalTakesItsTimeWhoeverAsks(t *testing.T) {
	s, _ := newService(t, func(c *Config) { c.Refusal = 50 * time.Millisecond })
	for _, login := range []string{"li", "nobody"} {
		began := time.Now()
		if _, err := s.SignIn(t.Context(), Attempt{Login: login, Password: "wrong", Address: "a"}); err == nil || time.Since(began) < 50*time.Millisecond {
			t.Errorf("%s: %v after %v", login, err, time.Since(began))
		}
	}
}

func TestWhatTheStoreCannotAnswerIsNoRefusal(t *testing.T) {
	s, b := newService(t)
	sess, err := s.SignIn(t.Context(), Attempt{Login: "li", Password: "right", Address: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if _, stored := b.logins[sess.Token]; stored || len(b.logins) != 1 {
		t.Error("the token itself is stored")
	}
	b.down = hub.E(hub.Unavailable, "down")
	if _, err := s.Check(t.Context(), sess.Token); hub.ErrorCode(err) != hub.Unavailable {
		t.Errorf("check: %v", err)
	}
	if _, err := s.SignIn(t.Context(), Attempt{Login: "li", Password: "right", Address: "a"}); hub.ErrorCode(err) != hub.Unavailable {
		t.Errorf("sign in: %v", err)
	}
}

func TestListeningDoesNotKeepASessionAlive(t *testing.T) {
	now := time.Now()
	s, _ := newService(t, func(c *Config) { c.Now = func() time.Time { return now } })
	sess, err := s.SignIn(t.Context(), Attempt{Login: "li", Password: "right", Address: "a"})
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(20 * time.Minute)
	if _, err := s.Peek(t.Context(), sess.Token); err != nil {
		t.Errorf("peek: %v", err)
	}
	now = now.Add(11 * time.Minute)
	if _, err := s.Peek(t.Context(), sess.Token); hub.ErrorCode(err) != hub.Unauthenticated {
		t.Errorf("a session lived on listening: %v", err)
	}
}

func TestMemoryOfAttemptsIsBounded(t *testing.T) {
	var r rates
	var l locks
	now := time.Now()
	for i := range maxTracked + 100 {
		k := keyOf("x", fmt.Sprint(i))
		r.allow(k, 1, now)
		l.record(k, false, hub.LockRule{After: 3, For: time.Minute}, now)
	}
	if len(r.seen) > maxTracked || len(l.entries) > maxTracked {
		t.Errorf("%d rates, %d locks", len(r.seen), len(l.entries))
	}
	if r.allow(keyOf("new"), 1, now) || !r.allow(keyOf("new"), 1, now.Add(time.Minute)) {
		t.Error("a full minute lets new ones in, or the next does not")
	}
}

func TestWhoActsForHimselfActsForNoAgency(t *testing.T) {
	for _, c := range []struct {
		roles []hub.Role
		want  hub.AgencyID
	}{
		{[]hub.Role{hub.Applicant}, ""},
		{[]hub.Role{hub.Applicant, hub.AgentOfParty}, ""},
		{[]hub.Role{hub.Institution}, ""},
		{[]hub.Role{hub.Applicant, hub.Clerk}, "440305.window"},
		{[]hub.Role{hub.Clerk}, "440305.window"},
		{[]hub.Role{hub.Integrator}, "440305.window"},
		{nil, "440305.window"},
	} {
		s := Session{Person: hub.Person{ID: "p", Agency: "440305.window", Roles: c.roles, Ref: "r"}}
		if a := s.Actor(); a.Agency != c.want || a.Person != "p" || a.Ref != "r" {
			t.Errorf("%v: %+v", c.roles, a)
		}
	}
}
