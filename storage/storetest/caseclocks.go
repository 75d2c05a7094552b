package storetest

import (
	"slices"
	"testing"
	"time"

	"tongban/hub"
)

// findsClocks asks for clocks by level: one that ends late but stands high must
// not be hidden behind many that end soon and have only begun.
func findsClocks(t *testing.T, x hub.CaseIndex) {
	now := day.Add(1000 * time.Hour)
	at := func(n int, due, eighty, half int) hub.Row {
		r := rowNo(n, "a", "b")
		hours := func(h int) time.Time {
			if h == 0 {
				return time.Time{}
			}
			return now.Add(time.Duration(h) * time.Hour)
		}
		r.Clock, r.ClockOf, r.Due, r.Eighty, r.Half = hub.ClockPromised, []hub.AgencyID{"a"}, hours(due), hours(eighty), hours(half)
		return r
	}
	none := rowNo(20, "a")
	rows := []hub.Row{
		at(1, 1, 1, 1), at(2, 2, 2, 2), at(3, 3, 3, 3), // soon, just begun
		at(4, 90, -1, -9), at(5, 99, 8, -8), at(6, 95, 8, 8), at(7, -1, -5, -9), at(8, 50, -1, 0), none,
	}
	saveAll(t, x, rows...)
	for level, want := range map[int][]int{0: {7, 1, 2, 3, 8, 4, 6, 5}, 50: {7, 8, 4, 5}, 80: {7, 8, 4}, 100: {7}} {
		var ids []hub.CaseID
		for _, n := range want {
			ids = append(ids, caseNo(n))
		}
		for _, limit := range []int{1, 3, 100} {
			got, err := x.Due(t.Context(), hub.Scope{Agencies: []hub.AgencyID{"a"}}, "a", level, now, limit)
			ok(t, err)
			var found []hub.CaseID
			for _, r := range got {
				if found = append(found, r.ID); r.Level(now) < level {
					t.Errorf("%s stands at %d, asked for %d", r.ID, r.Level(now), level)
				}
			}
			if short := ids[:min(limit, len(ids))]; !slices.Equal(found, short) {
				t.Errorf("level %d, limit %d: got %v, want %v", level, limit, found, short)
			}
		}
	}
	for _, s := range []hub.Scope{{Nothing: true}, {}, {Agencies: []hub.AgencyID{"b"}}} {
		if got, err := x.Due(t.Context(), s, "a", 0, now, 10); err != nil || len(got) != 0 {
			t.Errorf("%+v sees %d clocks of another agency, %v", s, len(got), err)
		}
	}
	if got, err := x.Due(t.Context(), hub.Scope{Agencies: []hub.AgencyID{"a"}, NeverFor: "buyer"}, "a", 0, now, 10); err != nil || len(got) != 0 {
		t.Errorf("a party sees the clocks of his own cases: %d, %v", len(got), err)
	}
}
