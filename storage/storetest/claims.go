package storetest

import (
	"fmt"
	"slices"
	"testing"

	"tongban/hub"
)

func claimed(t *testing.T, s hub.EventStore, k hub.ClaimKey, want hub.CaseID) {
	t.Helper()
	got, err := s.Claimed(t.Context(), k)
	ok(t, err)
	same(t, got, want)
}

func firstClaim(t *testing.T, s hub.EventStore) {
	mine, others := hub.NewClaimKey("p1", "k1"), hub.NewClaimKey("p2", "k1")
	_, err := s.Claimed(t.Context(), mine)
	expectCode(t, err, hub.NotFound)
	_, err = s.Claimed(t.Context(), "")
	expectCode(t, err, hub.NotFound)
	for n := range 3 { // said again, and said otherwise
		id, err := s.Claim(t.Context(), mine, caseNo(n))
		ok(t, err)
		same(t, id, caseNo(0))
	}
	_, err = s.Claimed(t.Context(), others)
	expectCode(t, err, hub.NotFound)
	id, err := s.Claim(t.Context(), others, caseNo(7))
	ok(t, err)
	same(t, id, caseNo(7))
	claimed(t, s, mine, caseNo(0))
	claimed(t, s, others, caseNo(7))
	// A claim is no event.
	same(t, len(chain(t, s, caseNo(0), 0)), 0)
	ids, err := s.CaseIDs(t.Context(), "", 10)
	ok(t, err)
	same(t, len(ids), 0)
}

func oneClaim(t *testing.T, s hub.EventStore) {
	const callers, keys = 64, 4
	type said struct {
		id  hub.CaseID
		err error
	}
	key := func(i int) hub.ClaimKey { return hub.NewClaimKey("p1", hub.CommandID(fmt.Sprint("k", i%keys))) }
	all := atOnce(callers, func(i int) said {
		for { // as the case service does
			id, err := s.Claim(t.Context(), key(i), caseNo(i))
			if hub.ErrorCode(err) != hub.Unavailable {
				return said{id, err}
			}
		}
	})
	for i, a := range all {
		ok(t, a.err)
		same(t, a.id, all[i%keys].id)
		claimed(t, s, key(i), a.id)
		if n := slices.IndexFunc(all, func(b said) bool { return b.id == caseNo(i) }); n >= 0 && n%keys != i%keys {
			t.Fatalf("the claim of caller %d was given to caller %d", i, n)
		}
	}
}
