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
	t.Run("ListsAndEndsThoseOfOnePerson", func(t *testing.T) { loginsOf(t, open(t), now) })
	t.Run("IsStrengthened", func(t *testing.T) {
		s, l := open(t), fresh(t)
		l.Strong = false
		ok(t, s.SaveLogin(t.Context(), l))
		ok(t, s.Strengthen(t.Context(), l.ID))
		got, err := s.Login(t.Context(), l.ID)
		ok(t, err)
		l.Strong = true
		same(t, got, l)
		expectCode(t, s.Strengthen(t.Context(), "none"), hub.NotFound)
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

func loginsOf(t *testing.T, s hub.Logins, now time.Time) {
	keep := func(id string, p hub.PersonID, seen, left time.Duration) {
		ok(t, s.SaveLogin(t.Context(), hub.Login{ID: id, Person: p, Since: now, Seen: now.Add(seen), Expires: now.Add(left)}))
	}
	keep("old", "a", 1, time.Hour)
	keep("new", "a", time.Minute, time.Hour)
	keep("over", "a", time.Minute, -time.Second)
	keep("other", "b", 0, time.Hour)
	names := func(p hub.PersonID) (ids []string) {
		got, err := s.LoginsOf(t.Context(), p)
		ok(t, err)
		for _, l := range got {
			ids = append(ids, l.ID)
		}
		return ids
	}
	same(t, names("a"), []string{"new", "old"})
	same(t, len(names("c")), 0)
	ok(t, s.DeleteLoginsOf(t.Context(), "a", "old"))
	same(t, names("a"), []string{"old"})
	same(t, names("b"), []string{"other"})
	ok(t, s.DeleteLoginsOf(t.Context(), "a", ""))
	same(t, len(names("a")), 0)
	expectEnded(t, s, "old")
}
