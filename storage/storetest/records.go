package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tongban/hub"
)

// TestUploads is the contract of [hub.Uploads]. open returns an empty store for
// each call.
func TestUploads(t *testing.T, open func(testing.TB) hub.Uploads) {
	t.Run("KeepsEveryFieldForItsAgency", func(t *testing.T) {
		u := open(t)
		want := filled[hub.Upload](t)
		ok(t, u.SaveUpload(t.Context(), want))
		got, err := u.Upload(t.Context(), want.Agency, want.File.Digest)
		ok(t, err)
		same(t, got, want)
		_, err = u.Upload(t.Context(), "another", want.File.Digest)
		expectCode(t, err, hub.NotFound)
		_, err = u.Upload(t.Context(), want.Agency, "sha256:00")
		expectCode(t, err, hub.NotFound)
	})
	t.Run("TheLastUploadCounts", func(t *testing.T) {
		u := open(t)
		up := filled[hub.Upload](t)
		for _, err := range atOnce(8, func(int) error { return u.SaveUpload(t.Context(), up) }) {
			ok(t, err)
		}
		up.Person, up.At = "p2", up.At.Add(time.Hour)
		ok(t, u.SaveUpload(t.Context(), up))
		got, err := u.Upload(t.Context(), up.Agency, up.File.Digest)
		ok(t, err)
		same(t, got, up)
	})
}

// TestAccessLog is the contract of [hub.AccessLog]. open returns an empty log
// for each call.
func TestAccessLog(t *testing.T, open func(testing.TB) hub.AccessLog) {
	t.Run("KeepsEveryField", func(t *testing.T) {
		l := open(t)
		want := filled[hub.Access](t)
		ok(t, l.Record(t.Context(), want))
		same(t, accesses(t, l, want.Case, "", 5), []hub.Access{want})
		same(t, len(accesses(t, l, caseNo(1), "", 5)), 0)
	})
	t.Run("ChangesNoLine", func(t *testing.T) {
		l := open(t)
		first := filled[hub.Access](t)
		ok(t, l.Record(t.Context(), first))
		second := first
		second.Purpose = "another"
		expectCode(t, l.Record(t.Context(), second), hub.Conflict)
		same(t, accesses(t, l, first.Case, "", 5), []hub.Access{first})
	})
	t.Run("PagesStayWholeWhileLinesArrive", func(t *testing.T) { accessPages(t, open(t)) })
	t.Run("RefusesAPlaceItDoesNotKnow", func(t *testing.T) {
		l := open(t)
		a := filled[hub.Access](t)
		ok(t, l.Record(t.Context(), a))
		_, err := l.Accesses(t.Context(), a.Case, "none", 5)
		expectCode(t, err, hub.NotFound)
		_, err = l.Accesses(t.Context(), caseNo(1), a.ID, 5)
		expectCode(t, err, hub.NotFound)
	})
}

func accesses(t *testing.T, l hub.AccessLog, id hub.CaseID, after string, limit int) []hub.Access {
	t.Helper()
	lines, err := l.Accesses(t.Context(), id, after, limit)
	ok(t, err)
	return lines
}

func accessPages(t *testing.T, l hub.AccessLog) {
	line := func(n, second int) hub.Access {
		return hub.Access{ID: fmt.Sprintf("%02d", (n*7)%31), Case: caseNo(1), At: day.Add(time.Duration(second) * time.Second)}
	}
	var want []string
	for n := range 20 {
		a := line(n, n/6) // several in one second, ids in no order
		ok(t, l.Record(t.Context(), a))
		want = append(want, a.ID)
	}
	var got []hub.Access
	for after := ""; ; after = got[len(got)-1].ID {
		p := accesses(t, l, caseNo(1), after, 3)
		if len(p) == 0 {
			break
		}
		if got = append(got, p...); len(got) < 9 {
			a := line(20+len(got), 3600)
			ok(t, l.Record(t.Context(), a))
			want = append(want, a.ID)
		}
	}
	var ids []string
	for _, a := range got {
		ids = append(ids, a.ID)
	}
	same(t, slices.IsSortedFunc(got, func(a, b hub.Access) int { return a.At.Compare(b.At) }), true)
	slices.Sort(ids)
	slices.Sort(want)
	same(t, ids, want)
	same(t, len(accesses(t, l, caseNo(1), "", 0)), 0)
}

// TestCounters is the contract of [hub.Counters]. open returns an empty store
// for each call.
func TestCounters(t *testing.T, open func(testing.TB) hub.Counters) {
	t.Run("CountsFromOneForEachName", func(t *testing.T) {
		c := open(t)
		for _, want := range []int64{1, 2, 3} {
			n, err := c.Next(t.Context(), "case/440305/2026-03-02")
			ok(t, err)
			same(t, n, want)
		}
		n, err := c.Next(t.Context(), "case/440305/2026-03-03")
		ok(t, err)
		same(t, n, 1)
	})
	t.Run("NeverGivesANumberTwice", func(t *testing.T) {
		c := open(t)
		const writers, each = 32, 5
		var all []int64
		for _, mine := range atOnce(writers, func(int) []int64 {
			var mine []int64
			for range each {
				n, err := c.Next(t.Context(), "x")
				if err != nil {
					t.Error(err)
				}
				mine = append(mine, n)
			}
			return mine
		}) {
			same(t, slices.IsSorted(mine), true)
			all = append(all, mine...)
		}
		slices.Sort(all)
		same(t, len(slices.Compact(all)), writers*each)
		same(t, all[0], 1)
	})
}
