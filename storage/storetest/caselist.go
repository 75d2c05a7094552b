package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongban/hub"
)

// listOrder is the order of every list.
func listOrder(a, b hub.Row) int {
	return cmp.Or(b.Updated.Compare(a.Updated), strings.Compare(string(b.ID), string(a.ID)))
}

// answersQueries compares the index with the plain reading of the contract, for
// drawn rows and queries of few values, so that they meet.
func answersQueries(t *testing.T, x hub.CaseIndex) {
	rows := make([]hub.Row, 0, 120)
	for n := range 120 {
		rows = append(rows, rapid.Custom(func(t *rapid.T) hub.Row { return drawRow(t, n) }).Example(n))
	}
	saveAll(t, x, rows...)
	slices.SortFunc(rows, listOrder)
	rapid.Check(t, func(rt *rapid.T) {
		q := drawQuery(rt)
		var want []hub.Row
		for _, r := range rows {
			if matches(q, &r) {
				want = append(want, r)
			}
		}
		var got []hub.Row
		for {
			p, err := x.List(t.Context(), q)
			if err != nil {
				rt.Fatal(err)
			}
			if len(p.Rows) > q.Limit || p.Next != nil && len(p.Rows) < q.Limit {
				rt.Fatalf("a page of %d has %d rows", q.Limit, len(p.Rows))
			}
			got = append(got, p.Rows...)
			if p.Next == nil {
				break
			}
			q.After = p.Next
		}
		if len(got) != len(want) || !slices.EqualFunc(got, want, func(a, b hub.Row) bool { return a.ID == b.ID }) {
			rt.Fatalf("%+v\nfound %d rows, want %d", q, len(got), len(want))
		}
	})
}

// matches is what [hub.ListQuery] and [hub.Scope] say about one row.
func matches(q hub.ListQuery, r *hub.Row) bool {
	s := q.Scope
	known := s.Everyone ||
		slices.ContainsFunc(s.Agencies, func(a hub.AgencyID) bool { return slices.Contains(r.SeenBy, a) }) ||
		slices.ContainsFunc(s.Parties, func(p hub.PartyRef) bool { return slices.Contains(r.PartyRefs, p) })
	agency, _, _ := strings.Cut(string(q.Queue), "/")
	return known && !s.Nothing &&
		(s.NeverFor == "" || !slices.Contains(r.PartyRefs, s.NeverFor)) &&
		(q.Queue == "" || slices.Contains(r.Queues, q.Queue) && (s.Everyone || slices.Contains(s.Agencies, hub.AgencyID(agency)))) &&
		(q.Status == "" || q.Status == r.Status) && (q.Number == "" || q.Number == r.Number) &&
		(q.Unit == "" || q.Unit == r.Unit) && (q.Item == "" || q.Item == r.Item) &&
		(q.Party == "" || slices.Contains(r.PartyRefs, q.Party)) &&
		(q.NotFirstReviewer == "" || q.NotFirstReviewer != r.FirstReviewer)
}

// few draws one of some values; often is how many of ten draws are empty.
func few[T ~string](t *rapid.T, label string, empty int, values ...T) T {
	if rapid.IntRange(0, 9).Draw(t, label+" empty") < empty {
		return ""
	}
	return rapid.SampledFrom(values).Draw(t, label)
}

func drawRow(t *rapid.T, n int) hub.Row {
	agencies := rapid.SliceOfNDistinct(rapid.SampledFrom([]hub.AgencyID{"a", "b", "c"}), 1, 3, rapid.ID).Draw(t, "seen by")
	r := rowNo(n, agencies...)
	r.Status = few(t, "status", 0, hub.StatusReceived, hub.StatusAccepted, hub.StatusClosed)
	r.Item = few(t, "item", 0, hub.ItemCode("transfer.resale"), hub.ItemCode("mortgage.first"))
	r.Unit = few(t, "unit", 2, "u1", "u2", "u3")
	r.Number = fmt.Sprint("n", rapid.IntRange(0, 40).Draw(t, "number"))
	r.PartyRefs = rapid.SliceOfNDistinct(rapid.SampledFrom([]hub.PartyRef{"p", "q", "r", "s"}), 0, 3, rapid.ID).Draw(t, "parties")
	r.ReceivedBy = few(t, "received by", 0, hub.PersonID("zhang"), hub.PersonID("li"))
	r.FirstReviewer = few(t, "first reviewer", 5, hub.PersonID("zhang"), hub.PersonID("li"))
	r.Updated = day.Add(time.Duration(rapid.IntRange(0, 15).Draw(t, "updated")) * time.Second)
	r.Queues[len(r.Queues)-1] = few(t, "queue", 0, hub.QueueIntake, hub.QueueSecond).Key(agencies[0])
	return r
}

func drawQuery(t *rapid.T) hub.ListQuery {
	q := hub.ListQuery{
		Scope: hub.Scope{
			Nothing:  rapid.IntRange(0, 9).Draw(t, "nothing") == 0,
			Everyone: rapid.IntRange(0, 3).Draw(t, "everyone") == 0,
			Agencies: rapid.SliceOfNDistinct(rapid.SampledFrom([]hub.AgencyID{"a", "b", "c", "d"}), 0, 2, rapid.ID).Draw(t, "agencies"),
			Parties:  rapid.SliceOfNDistinct(rapid.SampledFrom([]hub.PartyRef{"p", "q", "x"}), 0, 2, rapid.ID).Draw(t, "of parties"),
			NeverFor: few(t, "never for", 6, hub.PartyRef("p"), hub.PartyRef("s")),
		},
		Status:           few(t, "of status", 7, hub.StatusReceived, hub.StatusClosed),
		Unit:             few(t, "of unit", 8, "u1", "u2"),
		Party:            few(t, "of party", 8, hub.PartyRef("q"), hub.PartyRef("s")),
		Item:             few(t, "of item", 8, hub.ItemCode("mortgage.first")),
		NotFirstReviewer: few(t, "not first", 7, hub.PersonID("li")),
		Limit:            rapid.SampledFrom([]int{1, 7, 200}).Draw(t, "limit"),
	}
	if rapid.IntRange(0, 9).Draw(t, "by number") == 0 {
		q.Number = fmt.Sprint("n", rapid.IntRange(0, 40).Draw(t, "of number"))
	}
	if rapid.Bool().Draw(t, "of a queue") {
		q.Queue = few(t, "queue", 0, hub.QueueIntake, hub.QueueSecond, hub.QueueAll).Key(few(t, "queue of", 0, hub.AgencyID("a"), hub.AgencyID("b")))
	}
	return q
}
