package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"tongban/hub"
)

// TestLeases is the contract of [hub.Leases]. open returns an empty store for
// each call; its clock is the wall clock.
func TestLeases(t *testing.T, open func(testing.TB) hub.Leases) {
	now := hub.Millis(time.Now())
	lease := func(id hub.CaseID, p hub.PersonID) hub.Lease {
		return hub.Lease{Case: id, Agency: "a.registry", Person: p, Since: now, Until: now.Add(time.Hour)}
	}
	take := func(t *testing.T, s hub.Leases, l hub.Lease, over bool, want hub.Lease) {
		t.Helper()
		got, err := s.TakeLease(t.Context(), l, over)
		ok(t, err)
		same(t, got, want)
	}
	t.Run("TheFirstHoldsIt", func(t *testing.T) {
		s, wang, zhao := open(t), lease("c1", "wang"), lease("c1", "zhao")
		take(t, s, wang, false, wang)
		take(t, s, zhao, false, wang)
		all, err := s.LeasesOf(t.Context(), "a.registry", []hub.CaseID{"c1", "c2"})
		ok(t, err)
		same(t, all, []hub.Lease{wang})
		other := zhao
		other.Agency = "b.registry" // means nothing to the first agency
		take(t, s, other, false, other)
	})
	t.Run("TakingItAgainProlongsIt", func(t *testing.T) {
		s, l := open(t), lease("c1", "wang")
		take(t, s, l, false, l)
		again := l
		again.Since, again.Until = l.Since.Add(time.Minute), l.Until.Add(time.Minute)
		want := l
		want.Until = again.Until
		take(t, s, again, false, want)
	})
	t.Run("TakenOverOnlyOnPurpose", func(t *testing.T) {
		s, wang, zhao := open(t), lease("c1", "wang"), lease("c1", "zhao")
		take(t, s, wang, false, wang)
		take(t, s, zhao, true, zhao)
		take(t, s, wang, false, zhao)
		ok(t, s.DropLease(t.Context(), "a.registry", "c1", "wang")) // not his any more
		take(t, s, wang, false, zhao)
	})
	t.Run("IsGoneWhenDroppedOrEnded", func(t *testing.T) {
		s, wang, zhao := open(t), lease("c1", "wang"), lease("c1", "zhao")
		take(t, s, wang, false, wang)
		ok(t, s.DropLease(t.Context(), "a.registry", "c1", "wang"))
		ok(t, s.DropLease(t.Context(), "a.registry", "c1", "wang"))
		past := zhao
		past.Until = now.Add(-time.Second)
		take(t, s, past, false, past)
		all, err := s.LeasesBy(t.Context(), "a.registry", "zhao", 10)
		ok(t, err)
		same(t, len(all), 0)
		take(t, s, wang, false, wang)
	})
	testLeaseLists(t, open, lease)
}

func testLeaseLists(t *testing.T, open func(testing.TB) hub.Leases, lease func(hub.CaseID, hub.PersonID) hub.Lease) {
	t.Run("ListsTheNewestFirst", func(t *testing.T) {
		s, older, newer := open(t), lease("c1", "wang"), lease("c2", "wang")
		newer.Since = older.Since.Add(time.Minute)
		for _, l := range []hub.Lease{older, newer, lease("c3", "zhao")} {
			_, err := s.TakeLease(t.Context(), l, false)
			ok(t, err)
		}
		all, err := s.LeasesBy(t.Context(), "a.registry", "wang", 10)
		ok(t, err)
		same(t, all, []hub.Lease{newer, older})
		all, err = s.LeasesBy(t.Context(), "a.registry", "wang", 1)
		ok(t, err)
		same(t, all, []hub.Lease{newer})
	})
	t.Run("OneOfManyAtOnce", func(t *testing.T) {
		s := open(t)
		var wg sync.WaitGroup
		var mu sync.Mutex
		holders := map[hub.PersonID]int{}
		for i := range 16 {
			wg.Go(func() {
				l, err := s.TakeLease(t.Context(), lease("c1", hub.PersonID(fmt.Sprintf("p%d", i))), false)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				holders[l.Person]++
			})
		}
		wg.Wait()
		if len(holders) != 1 {
			t.Errorf("held by %v", holders)
		}
	})
}
