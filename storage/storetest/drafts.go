package storetest

import (
	"testing"
	"time"

	"tongban/hub"
)

// TestDrafts is the contract of [hub.Drafts]. open returns an empty store for
// each call; its clock is the wall clock.
func TestDrafts(t *testing.T, open func(testing.TB) hub.Drafts) {
	now := hub.Millis(time.Now())
	fresh := func(t *testing.T) hub.Draft {
		d := filled[hub.Draft](t)
		d.Version, d.Saved, d.Expires = 1, now, now.Add(time.Hour)
		return d
	}
	t.Run("KeepsEveryField", func(t *testing.T) {
		s, want := open(t), fresh(t)
		ok(t, s.KeepDraft(t.Context(), want))
		got, err := s.Draft(t.Context(), want.Person, want.ID)
		ok(t, err)
		same(t, got, want)
	})
	t.Run("IsNobodyElses", func(t *testing.T) {
		s, d := open(t), fresh(t)
		ok(t, s.KeepDraft(t.Context(), d))
		_, err := s.Draft(t.Context(), "another", d.ID)
		expectCode(t, err, hub.NotFound)
		ok(t, s.DropDraft(t.Context(), "another", d.ID))
		all, err := s.DraftsOf(t.Context(), "another", 10)
		ok(t, err)
		same(t, len(all), 0)
		_, err = s.Draft(t.Context(), d.Person, d.ID)
		ok(t, err)
	})
	t.Run("OnlyFollowsTheVersionBefore", func(t *testing.T) {
		s, d := open(t), fresh(t)
		d.Version = 2
		expectCode(t, s.KeepDraft(t.Context(), d), hub.StaleVersion) // there is no first one
		d.Version = 1
		ok(t, s.KeepDraft(t.Context(), d))
		expectCode(t, s.KeepDraft(t.Context(), d), hub.StaleVersion)
		d.Version, d.Sealed = 2, []byte("second")
		ok(t, s.KeepDraft(t.Context(), d))
		late := d
		late.Sealed = []byte("another second")
		expectCode(t, s.KeepDraft(t.Context(), late), hub.StaleVersion)
		got, err := s.Draft(t.Context(), d.Person, d.ID)
		ok(t, err)
		same(t, got, d)
	})
	t.Run("ListsTheNewestFirstAndWithoutTheirContent", func(t *testing.T) {
		s, older := open(t), fresh(t)
		newer := older
		newer.ID, newer.Saved = "newer", older.Saved.Add(time.Minute)
		ok(t, s.KeepDraft(t.Context(), older))
		ok(t, s.KeepDraft(t.Context(), newer))
		all, err := s.DraftsOf(t.Context(), older.Person, 10)
		ok(t, err)
		newer.Sealed, older.Sealed = nil, nil
		same(t, all, []hub.Draft{newer, older})
	})
	t.Run("IsGoneWhenDroppedOrExpired", func(t *testing.T) {
		s, d := open(t), fresh(t)
		ok(t, s.KeepDraft(t.Context(), d))
		ok(t, s.DropDraft(t.Context(), d.Person, d.ID))
		ok(t, s.DropDraft(t.Context(), d.Person, d.ID))
		_, err := s.Draft(t.Context(), d.Person, d.ID)
		expectCode(t, err, hub.NotFound)
		d.Expires = now.Add(-time.Second)
		ok(t, s.KeepDraft(t.Context(), d))
		_, err = s.Draft(t.Context(), d.Person, d.ID)
		expectCode(t, err, hub.NotFound)
		d.Expires = now.Add(time.Hour) // an expired one is not in the way
		ok(t, s.KeepDraft(t.Context(), d))
	})
}
