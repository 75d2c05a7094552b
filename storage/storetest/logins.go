package storetest

import (
	"testing"
	"time"

	"tongban/hub"
)

// TestLogins is the contract of [hub.Logins]. open returns an empty store for
// each call; its clock is the wall clock.
func TestLogins(t *testing.T, open func(testing.TB) hub.Logins) {
	now := hub.Millis(time.Now())
	fresh := func(t *testing.T) hub.Login {
		l := filled[hub.Login](t)
		l.Expires = now.Add(time.Hour)
		return l
	}
	t.Run("KeepsEveryField", func(t *testing.T) {
		s, want := open(t), fresh(t)
		ok(t, s.SaveLogin(t.Context(), want))
		got, err := s.Login(t.Context(), want.ID)
		ok(t, err)
		same(t, got, want)
	})
	t.Run("NotesTheUse", func(t *testing.T) {
		s, want := open(t), fresh(t)
		ok(t, s.SaveLogin(t.Context(), want))
		want.Seen, want.Expires = now, now.Add(2*time.Hour)
		ok(t, s.TouchLogin(t.Context(), want.ID, want.Seen, want.Expires))
		got, err := s.Login(t.Context(), want.ID)
		ok(t, err)
		same(t, got, want)
	})
	t.Run("EndsWhenTold", func(t *testing.T) {
		s, l := open(t), fresh(t)
		ok(t, s.SaveLogin(t.Context(), l))
		ok(t, s.DeleteLogin(t.Context(), l.ID))
		ok(t, s.DeleteLogin(t.Context(), l.ID))
		expectEnded(t, s, l.ID)
	})
	t.Run("EndsByItsTimeAndNoTouchWakesIt", func(t *testing.T) {
		s, l := open(t), fresh(t)
		l.Expires = now.Add(-time.Millisecond)
		ok(t, s.SaveLogin(t.Context(), l))
		expectEnded(t, s, l.ID)
	})
	t.Run("KnowsNoOther", func(t *testing.T) { expectEnded(t, open(t), "none") })
}

func expectEnded(t *testing.T, s hub.Logins, id string) {
	t.Helper()
	_, err := s.Login(t.Context(), id)
	expectCode(t, err, hub.NotFound)
	expectCode(t, s.TouchLogin(t.Context(), id, time.Now(), time.Now().Add(time.Hour)), hub.NotFound)
	_, err = s.Login(t.Context(), id)
	expectCode(t, err, hub.NotFound)
}
