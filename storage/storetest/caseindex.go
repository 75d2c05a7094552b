package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tongban/hub"
)

// TestCaseIndex is the contract of [hub.CaseIndex]. open returns an empty index
// for each call.
func TestCaseIndex(t *testing.T, open func(testing.TB) hub.CaseIndex) {
	for name, test := range map[string]func(*testing.T, hub.CaseIndex){
		"KeepsEveryField":               keepsRows,
		"KeepsWhatIsEmpty":              keepsEmptyRows,
		"KeepsTimesInUTC":               keepsUTC,
		"OnlyMovesForward":              onlyForward,
		"TheNewestOfManyWritersStays":   newestStays,
		"ForgetsARow":                   dropsRows,
		"ShowsNothingToNobody":          failsClosed,
		"AnswersEveryQueryAsDescribed":  answersQueries,
		"PagesStayWholeWhileRowsArrive": stablePages,
		"CountsUpToALimit":              countsQueues,
		"TellsWhatChanged":              tellsChanges,
		"ForgetsAQueueThatIsLeft":       leavesQueues,
		"FindsClocksByTheirLevel":       findsClocks,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// rowNo is a row as the hub makes them: who may see it stands in SeenBy and in
// the queues.
func rowNo(n int, agencies ...hub.AgencyID) hub.Row {
	r := hub.Row{
		ID: caseNo(n), Number: fmt.Sprintf("440305-20260302-%06d", n), Item: "transfer.resale", Status: hub.StatusReceived,
		Receiving: agencies[0], Handling: agencies[len(agencies)-1], Custodian: agencies[0], SeenBy: agencies,
		PartyRefs: []hub.PartyRef{"seller", "buyer"}, PartiesMasked: "张*、李*明", Unit: "440305001001GB00001F00010001",
		ReceivedBy: "p1", ReceivedAt: day, Updated: day.Add(time.Duration(n) * time.Second), Seq: 1,
		Head: hub.SHA256([]byte{byte(n)}),
	}
	for _, a := range agencies {
		r.Queues = append(r.Queues, hub.QueueAll.Key(a))
	}
	r.Queues = append(r.Queues, hub.QueueIntake.Key(agencies[0]))
	return r
}

func saveAll(t *testing.T, x hub.CaseIndex, rows ...hub.Row) {
	t.Helper()
	for _, err := range atOnce(len(rows), func(i int) error { return x.Save(t.Context(), rows[i]) }) {
		ok(t, err)
	}
}

func row(t *testing.T, x hub.CaseIndex, id hub.CaseID) hub.Row {
	t.Helper()
	r, err := x.Row(t.Context(), id)
	ok(t, err)
	return r
}

func list(t *testing.T, x hub.CaseIndex, q hub.ListQuery) hub.Page {
	t.Helper()
	p, err := x.List(t.Context(), q)
	ok(t, err)
	return p
}

// everyone is a scope without limits.
func everyone() hub.Scope { return hub.Scope{Everyone: true} }

func keepsRows(t *testing.T, x hub.CaseIndex) {
	want := filled[hub.Row](t)
	ok(t, x.Save(t.Context(), want))
	same(t, row(t, x, want.ID), want)
	same(t, list(t, x, hub.ListQuery{Scope: everyone(), Limit: 5}).Rows, []hub.Row{want})
	changed, _, err := x.Changed(t.Context(), time.Time{}, 5)
	ok(t, err)
	same(t, changed, []hub.Row{want})
}

func keepsEmptyRows(t *testing.T, x hub.CaseIndex) {
	for _, want := range []hub.Row{
		{ID: caseNo(1), Seq: 1},
		{ID: caseNo(2), Seq: 1, SeenBy: []hub.AgencyID{}, Queues: []hub.QueueKey{}, PartyRefs: []hub.PartyRef{}},
	} {
		ok(t, x.Save(t.Context(), want))
		same(t, row(t, x, want.ID), want)
	}
}

// keepsUTC: what is stored is the same moment, in UTC and whole milliseconds.
func keepsUTC(t *testing.T, x hub.CaseIndex) {
	r := rowNo(1, "a")
	r.Updated = time.Date(2026, 3, 2, 17, 30, 0, 123_999_999, time.FixedZone("CST", 8*3600))
	saveAll(t, x, r)
	same(t, row(t, x, r.ID).Updated, hub.Millis(r.Updated))
}

func onlyForward(t *testing.T, x hub.CaseIndex) {
	r := rowNo(1, "a")
	at := func(seq int64, s hub.Status) hub.Row {
		r.Seq, r.Status = seq, s
		return r
	}
	third, fifth := at(3, hub.StatusAccepted), at(5, hub.StatusClosed)
	ok(t, x.Save(t.Context(), third))
	ok(t, x.Save(t.Context(), at(2, hub.StatusArrived)))
	ok(t, x.Save(t.Context(), at(3, hub.StatusArrived)))
	same(t, row(t, x, r.ID), third)
	ok(t, x.Save(t.Context(), fifth))
	ok(t, x.Save(t.Context(), third))
	same(t, row(t, x, r.ID), fifth)
	again := at(5, hub.StatusRejected) // made again: the same seq is replaced, a newer one never
	ok(t, x.Replace(t.Context(), again))
	same(t, row(t, x, r.ID), again)
	ok(t, x.Replace(t.Context(), third))
	same(t, row(t, x, r.ID), again)
	fresh := rowNo(9, "a")
	ok(t, x.Replace(t.Context(), fresh))
	same(t, row(t, x, fresh.ID), fresh)
}

func newestStays(t *testing.T, x hub.CaseIndex) {
	const writers = 48
	for round := range 4 {
		errs := atOnce(writers, func(i int) error {
			r := rowNo(round, "a")
			r.Seq = int64(i*29%writers) + 1 // every seq once, in no order
			return x.Save(t.Context(), r)
		})
		same(t, codes(errs), map[hub.Code]int{"": writers})
		same(t, row(t, x, caseNo(round)).Seq, writers)
	}
}

func dropsRows(t *testing.T, x hub.CaseIndex) {
	_, err := x.Row(t.Context(), caseNo(1))
	expectCode(t, err, hub.NotFound)
	ok(t, x.Drop(t.Context(), caseNo(1)))
	r := rowNo(1, "a")
	r.Seq = 7
	saveAll(t, x, r, rowNo(2, "a"))
	ok(t, x.Drop(t.Context(), r.ID))
	_, err = x.Row(t.Context(), r.ID)
	expectCode(t, err, hub.NotFound)
	same(t, len(list(t, x, hub.ListQuery{Scope: everyone(), Limit: 5}).Rows), 1)
	r.Seq = 3 // a rebuild begins anew
	saveAll(t, x, r)
	same(t, row(t, x, r.ID), r)
}

func failsClosed(t *testing.T, x hub.CaseIndex) {
	saveAll(t, x, rowNo(1, "a", "b"), rowNo(2, "b"), rowNo(3, "c"))
	for name, q := range map[string]hub.ListQuery{
		"an empty scope":                  {},
		"nothing":                         {Scope: hub.Scope{Nothing: true, Everyone: true, Agencies: []hub.AgencyID{"a"}}},
		"only who it is never for":        {Scope: hub.Scope{NeverFor: "x"}},
		"an unknown agency":               {Scope: hub.Scope{Agencies: []hub.AgencyID{"z"}}},
		"an agency without a name":        {Scope: hub.Scope{Agencies: []hub.AgencyID{""}}},
		"an unknown party":                {Scope: hub.Scope{Parties: []hub.PartyRef{"z"}}},
		"another agency's queue":          {Scope: hub.Scope{Agencies: []hub.AgencyID{"a"}}, Queue: hub.QueueAll.Key("b")},
		"another agency's queue, a party": {Scope: hub.Scope{Parties: []hub.PartyRef{"seller"}}, Queue: hub.QueueAll.Key("b")},
		"a queue of no agency":            {Scope: hub.Scope{Agencies: []hub.AgencyID{"a"}}, Queue: "a"},
		"a queue beginning alike":         {Scope: hub.Scope{Agencies: []hub.AgencyID{"b"}}, Queue: "b2/all"},
		"another agency's case by number": {Scope: hub.Scope{Agencies: []hub.AgencyID{"a"}}, Number: rowNo(3, "c").Number},
		"a party's own case":              {Scope: hub.Scope{Everyone: true, NeverFor: "buyer"}},
	} {
		q.Limit = 10
		if p := list(t, x, q); len(p.Rows) > 0 || p.Next != nil {
			t.Errorf("%s: sees %d rows", name, len(p.Rows))
		}
	}
	same(t, len(list(t, x, hub.ListQuery{Scope: everyone()}).Rows), 0) // no limit is no row
	same(t, len(list(t, x, hub.ListQuery{Scope: everyone(), Limit: 10}).Rows), 3)
}

func stablePages(t *testing.T, x hub.CaseIndex) {
	var want []hub.CaseID
	for n := range 40 {
		r := rowNo(n, "a", "b")
		r.Updated = day.Add(time.Duration(n/7) * time.Second) // many have the same time
		saveAll(t, x, r)
		want = append(want, r.ID)
	}
	q := hub.ListQuery{Scope: hub.Scope{Agencies: []hub.AgencyID{"a"}}, Queue: hub.QueueAll.Key("a"), Limit: 3}
	var got []hub.Row
	for n := 100; ; n++ {
		p := list(t, x, q)
		got = append(got, p.Rows...)
		if p.Next == nil {
			break
		}
		same(t, len(p.Rows), q.Limit)
		q.After = p.Next
		saveAll(t, x, rowNo(n, "a")) // newer than every page
	}
	same(t, slices.IsSortedFunc(got, listOrder), true)
	ids := make([]hub.CaseID, 0, len(got))
	for _, r := range got {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	slices.Sort(want)
	same(t, ids, want)
}

func leavesQueues(t *testing.T, x hub.CaseIndex) {
	r := rowNo(1, "a")
	saveAll(t, x, r)
	r.Seq, r.Queues = 2, []hub.QueueKey{hub.QueueAll.Key("a"), hub.QueueDone.Key("a")}
	saveAll(t, x, r)
	keys := []hub.QueueKey{hub.QueueIntake.Key("a"), hub.QueueDone.Key("a"), hub.QueueAll.Key("a")}
	counts, err := x.Counts(t.Context(), everyone(), keys, 10)
	ok(t, err)
	same(t, counts, map[hub.QueueKey]int64{keys[0]: 0, keys[1]: 1, keys[2]: 1})
}

func countsQueues(t *testing.T, x hub.CaseIndex) {
	for n := range 7 {
		saveAll(t, x, rowNo(n, "a", "b"))
	}
	saveAll(t, x, rowNo(7, "b"))
	a, b, none := hub.QueueIntake.Key("a"), hub.QueueAll.Key("b"), hub.QueueDone.Key("a")
	for limit, want := range map[int64]map[hub.QueueKey]int64{
		100: {a: 7, b: 8, none: 0},
		5:   {a: 5, b: 5, none: 0},
		0:   {a: 0, b: 0, none: 0},
	} {
		got, err := x.Counts(t.Context(), everyone(), []hub.QueueKey{a, b, none}, limit)
		ok(t, err)
		same(t, got, want)
	}
	for name, c := range map[string]struct {
		scope hub.Scope
		want  int64
	}{
		"its own agency":      {hub.Scope{Agencies: []hub.AgencyID{"a"}}, 7},
		"another agency":      {hub.Scope{Agencies: []hub.AgencyID{"b"}}, 0},
		"only as a party":     {hub.Scope{Parties: []hub.PartyRef{"seller"}}, 0},
		"never for the party": {hub.Scope{Agencies: []hub.AgencyID{"a"}, NeverFor: rowNo(0, "a").PartyRefs[0]}, 0},
		"nothing":             {hub.Scope{Nothing: true, Agencies: []hub.AgencyID{"a"}}, 0},
		"an empty scope":      {hub.Scope{}, 0},
	} {
		got, err := x.Counts(t.Context(), c.scope, []hub.QueueKey{a}, 100)
		ok(t, err)
		if got[a] != c.want {
			t.Errorf("%s: counted %d, want %d", name, got[a], c.want)
		}
	}
	got, err := x.Counts(t.Context(), everyone(), nil, 10)
	ok(t, err)
	same(t, len(got), 0)
}

// follow asks for changes until nothing new comes, as a live list does, and
// returns what it saw.
func follow(t *testing.T, x hub.CaseIndex, since time.Time, limit int) (seen map[string]bool, next time.Time) {
	t.Helper()
	seen, next = map[string]bool{}, since
	for {
		before := len(seen)
		rows, then, err := x.Changed(t.Context(), next, limit)
		ok(t, err)
		if then.Before(next) {
			t.Fatalf("asked since %s, told to go back to %s", next, then)
		}
		for _, r := range rows {
			seen[fmt.Sprintf("%s at %d", r.ID, r.Seq)] = true
		}
		if next = then; len(seen) == before {
			return seen, next
		}
	}
}

func tellsChanges(t *testing.T, x hub.CaseIndex) {
	_, start := follow(t, x, time.Time{}, 0) // an empty index
	saveAll(t, x, rowNo(1, "a"))
	rows, now, err := x.Changed(t.Context(), time.Time{}, 0)
	ok(t, err)
	same(t, len(rows), 0)
	want := map[string]bool{}
	for n := 1; n < 30; n++ {
		saveAll(t, x, rowNo(n, "a"))
		want[fmt.Sprintf("%s at 1", caseNo(n))] = true
	}
	for _, limit := range []int{1, 3, 100} {
		seen, _ := follow(t, x, start, limit)
		same(t, seen, want)
		seen, _ = follow(t, x, now, limit)
		same(t, seen, want) // the first is of the last two seconds
	}
	_, next := follow(t, x, now, 100)
	again := rowNo(3, "a")
	again.Seq = 2
	saveAll(t, x, again, rowNo(4, "a")) // the second changes nothing
	rows, _, err = x.Changed(t.Context(), next, 100)
	ok(t, err)
	same(t, rows[len(rows)-1], again)
	rows, next, err = x.Changed(t.Context(), time.Now().Add(time.Hour), 100)
	ok(t, err)
	same(t, len(rows), 0)
	same(t, next.After(now), true)
}
