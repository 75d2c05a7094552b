package api

import (
	"testing"
	"time"

	"tongban/hub"
)

func TestTheBoardRefuses(t *testing.T) {
	s := newSite(t)
	get := func(name, who string, status int, code string) scenario {
		return scenario{name: name, who: who, method: "GET", path: "/api/v1/board", status: status, code: code}
	}
	s.refused([]scenario{
		get("nobody", "", 401, "unauthenticated"), get("without a role", "nobody", 403, "forbidden"),
		get("the system administrator", "admin", 403, "forbidden"), get("the security administrator", "guard", 403, "forbidden"),
	})
}

func TestTheBoardCountsByTheOtherPlace(t *testing.T) {
	s := demandingSite(t)
	s.received("one")
	s.offered("two")
	var b struct {
		Places []placeCountView
		Offers []rowView
	}
	s.must(200, s.do("clerk", "GET", "/api/v1/board", nil, nil)).into(t, &b)
	if len(b.Offers) != 1 || b.Offers[0].OfferedTo == "" {
		t.Errorf("offers: %+v", b.Offers)
	}
	n := 0
	for _, p := range b.Places {
		n += p.Running
	}
	if n != 2 {
		t.Errorf("%+v", b.Places)
	}
	s.must(200, s.do("stranger", "GET", "/api/v1/board", nil, nil)).into(t, &b)
	if len(b.Places) != 0 || len(b.Offers) != 0 {
		t.Errorf("another agency sees %+v", b)
	}
}

func TestPlacesAreCountedByLevelAndNeed(t *testing.T) {
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	row := func(receiving, handling hub.AgencyID, half, eighty, due time.Duration) hub.Row {
		return hub.Row{Receiving: receiving, Handling: handling, Clock: hub.ClockAnswer, Half: now.Add(half), Eighty: now.Add(eighty), Due: now.Add(due)}
	}
	got := countPlaces([]hub.Row{
		row("b", "us", -3*time.Hour, -2*time.Hour, -time.Hour),
		row("us", "c", -2*time.Hour, -time.Hour, time.Hour),
		row("b", "us", -time.Hour, time.Hour, 2*time.Hour),
		row("us", "", time.Hour, 2*time.Hour, 3*time.Hour),
		row("us", "us", time.Hour, 2*time.Hour, 4*time.Hour),
	}, "us", now)
	want := []placeCountView{
		{Agency: "b", Here: "handling", Running: 2, Half: 1, Overdue: 1}, {Agency: "c", Here: "receiving", Running: 1, Eighty: 1}, {Agency: "us", Here: "both", Running: 2},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i].Next == nil {
			t.Errorf("%s: nothing runs out next", got[i].Agency)
		}
		got[i].Next = nil
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}
