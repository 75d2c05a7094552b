package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"tongban/hub"
)

// TestEventStore is the contract of [hub.EventStore]. open returns an empty
// store for each call.
func TestEventStore(t *testing.T, open func(testing.TB) hub.EventStore) {
	for name, test := range map[string]func(*testing.T, hub.EventStore){
		"KeepsEveryField":              keepsEvents,
		"ReturnsAChainInOrder":         chainInOrder,
		"KeepsCasesApart":              casesApart,
		"RefusesATakenSeq":             takenSeq,
		"RefusesARepeatedCommand":      repeatedCommand,
		"OneOfManyWritersWinsASeq":     oneWriterWins,
		"ManyWritersMakeOneChain":      manyWriters,
		"SaysWhatACrashLeft":           unprojected,
		"MarksOnlyWhatItIsTold":        marksOneByOne,
		"ListsCasesInPages":            caseIDs,
		"CallsALostAnswerUnavailable":  lostAnswer,
		"HoldsAThousandEventsInAChain": longChain,
		"KeepsTheFirstClaim":           firstClaim,
		"OneOfManyClaimsIsEverybodys":  oneClaim,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func appendAll(t *testing.T, s hub.EventStore, events ...hub.Event) {
	t.Helper()
	for _, e := range events {
		ok(t, s.Append(t.Context(), e))
	}
}

func chain(t *testing.T, s hub.EventStore, id hub.CaseID, after int64) []hub.Event {
	t.Helper()
	events, err := s.Chain(t.Context(), id, after)
	ok(t, err)
	return events
}

func seqs(events []hub.Event) []int64 {
	var out []int64
	for _, e := range events {
		out = append(out, e.Seq)
	}
	return out
}

func keepsEvents(t *testing.T, s hub.EventStore) {
	e := Event(t, caseNo(1), 1, "k1")
	appendAll(t, s, e)
	same(t, chain(t, s, e.Case, 0), []hub.Event{e})
}

func chainInOrder(t *testing.T, s hub.EventStore) {
	id := caseNo(1)
	for seq := range int64(12) {
		appendAll(t, s, Event(t, id, seq+1, hub.CommandID(fmt.Sprint("k", 50-seq))))
	}
	same(t, seqs(chain(t, s, id, 0)), []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	same(t, seqs(chain(t, s, id, 9)), []int64{10, 11, 12})
	same(t, len(chain(t, s, id, 12)), 0)
	same(t, len(chain(t, s, caseNo(2), 0)), 0)
	same(t, len(chain(t, s, "", 0)), 0)
}

func casesApart(t *testing.T, s hub.EventStore) {
	for _, id := range []hub.CaseID{"aaa", "aaab", "aaa2", "aa"} {
		appendAll(t, s, Event(t, id, 1, "same"), Event(t, id, 2, "other"))
	}
	for _, e := range chain(t, s, "aaa", 0) {
		same(t, e.Case, "aaa")
	}
	same(t, len(chain(t, s, "aaa", 0)), 2)
}

func takenSeq(t *testing.T, s hub.EventStore) {
	first := Event(t, caseNo(1), 1, "k1")
	appendAll(t, s, first)
	expectCode(t, s.Append(t.Context(), Event(t, first.Case, 1, "k2")), hub.Conflict)
	same(t, chain(t, s, first.Case, 0), []hub.Event{first})
	appendAll(t, s, Event(t, first.Case, 2, "k2")) // the refused command left no trace
}

func repeatedCommand(t *testing.T, s hub.EventStore) {
	first := Event(t, caseNo(1), 1, "k1")
	appendAll(t, s, first)
	expectCode(t, s.Append(t.Context(), Event(t, first.Case, 2, "k1")), hub.Conflict)
	same(t, chain(t, s, first.Case, 0), []hub.Event{first})
	appendAll(t, s, Event(t, first.Case, 2, "k2"), Event(t, caseNo(2), 1, "k1"))
}

func oneWriterWins(t *testing.T, s hub.EventStore) {
	const writers = 64
	events := make([]hub.Event, writers)
	for i := range events {
		events[i] = Event(t, caseNo(1), 1, hub.CommandID(fmt.Sprint("k", i)))
	}
	errs := atOnce(writers, func(i int) error { return s.Append(t.Context(), events[i]) })
	same(t, codes(errs), map[hub.Code]int{"": 1, hub.Conflict: writers - 1})
	winner := slices.Index(errs, nil)
	same(t, chain(t, s, caseNo(1), 0), []hub.Event{events[winner]})
}

// manyWriters do what the case service does: read, decide, append, and again
// when somebody was first.
func manyWriters(t *testing.T, s hub.EventStore) {
	const writers, each = 8, 6
	errs := atOnce(writers, func(w int) error {
		for n := range each {
			for {
				events, err := s.Chain(t.Context(), caseNo(1), 0)
				if err != nil {
					return err
				}
				e := Event(t, caseNo(1), int64(len(events))+1, hub.CommandID(fmt.Sprintf("%d-%d", w, n)))
				if err = s.Append(t.Context(), e); err == nil {
					break
				}
				if hub.ErrorCode(err) != hub.Conflict {
					return err
				}
			}
		}
		return nil
	})
	same(t, codes(errs), map[hub.Code]int{"": writers})
	commands := map[hub.CommandID]bool{}
	for i, e := range chain(t, s, caseNo(1), 0) {
		same(t, e.Seq, int64(i)+1)
		commands[e.Command.ID] = true
	}
	same(t, len(commands), writers*each)
}

func unprojected(t *testing.T, s hub.EventStore) {
	now := day.Add(time.Minute)
	find := func(before time.Time, limit int) []hub.CaseID {
		ids, err := s.Unprojected(t.Context(), before, limit)
		ok(t, err)
		return ids
	}
	same(t, len(find(now, 10)), 0)
	late, early, both := caseNo(1), caseNo(2), caseNo(3)
	appendAll(t, s, Event(t, late, 9, "k"), Event(t, early, 1, "k"), Event(t, both, 3, "a"), Event(t, both, 4, "b"))
	same(t, find(now, 10), []hub.CaseID{early, both, late})
	same(t, find(now, 2), []hub.CaseID{early, both})
	same(t, find(day.Add(4*time.Second), 10), []hub.CaseID{early, both}) // an event's seq is its second
	same(t, len(find(day, 10)), 0)
	same(t, len(find(now, 0)), 0)
	mark := hub.EventRef{Case: early, Seq: 1}
	ok(t, s.MarkProjected(t.Context()))
	ok(t, s.MarkProjected(t.Context(), mark))
	ok(t, s.MarkProjected(t.Context(), mark, hub.EventRef{Case: caseNo(4), Seq: 1}))
	same(t, find(now, 10), []hub.CaseID{both, late})
	same(t, chain(t, s, early, 0), []hub.Event{Event(t, early, 1, "k")}) // the chain itself is as it was
}

func marksOneByOne(t *testing.T, s hub.EventStore) {
	id := caseNo(1)
	appendAll(t, s, Event(t, id, 1, "a"), Event(t, id, 2, "b"), Event(t, id, 3, "c"))
	for seq, want := range []int{1, 1, 1, 0} {
		ok(t, s.MarkProjected(t.Context(), hub.EventRef{Case: id, Seq: int64(seq)}))
		ids, err := s.Unprojected(t.Context(), day.Add(time.Hour), 10)
		ok(t, err)
		same(t, len(ids), want)
	}
}

func caseIDs(t *testing.T, s hub.EventStore) {
	var want []hub.CaseID
	for n := range 9 {
		appendAll(t, s, Event(t, caseNo(n), 1, "a"), Event(t, caseNo(n), 2, "b"))
		want = append(want, caseNo(n))
	}
	slices.Sort(want)
	var got []hub.CaseID
	var after hub.CaseID
	for {
		ids, err := s.CaseIDs(t.Context(), after, 2)
		ok(t, err)
		if len(ids) == 0 {
			break
		}
		if len(ids) > 2 {
			t.Fatalf("asked for 2, got %d", len(ids))
		}
		got, after = append(got, ids...), ids[len(ids)-1]
		appendAll(t, s, Event(t, want[0], int64(2+len(got)), hub.CommandID(fmt.Sprint("more ", len(got))))) // behind us
	}
	same(t, got, want)
}

func lostAnswer(t *testing.T, s hub.EventStore) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	expectCode(t, s.Append(ctx, Event(t, caseNo(1), 1, "k")), hub.Unavailable)
	_, err := s.Chain(ctx, caseNo(1), 0)
	expectCode(t, err, hub.Unavailable)
	past, cancel := context.WithDeadline(t.Context(), day)
	defer cancel()
	expectCode(t, s.Append(past, Event(t, caseNo(1), 1, "k")), hub.Unavailable)
	_, err = s.Claim(ctx, hub.NewClaimKey("p1", "k"), caseNo(1))
	expectCode(t, err, hub.Unavailable)
	_, err = s.Claimed(ctx, hub.NewClaimKey("p1", "k"))
	expectCode(t, err, hub.Unavailable)
}

func longChain(t *testing.T, s hub.EventStore) {
	const n = 1000
	events := make([]hub.Event, n)
	for i := range events {
		events[i] = Event(t, caseNo(1), int64(i)+1, hub.CommandID(fmt.Sprint("k", i)))
	}
	const writers = 20
	errs := atOnce(writers, func(w int) error {
		for i := w; i < n; i += writers {
			if err := s.Append(t.Context(), events[i]); err != nil {
				return err
			}
		}
		return nil
	})
	same(t, codes(errs), map[hub.Code]int{"": writers})
	same(t, chain(t, s, caseNo(1), 0), events)
}
