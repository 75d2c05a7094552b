package storetest

import (
	"fmt"
	"testing"
	"time"

	"tongban/hub"
)

// TestOutbox is the contract of [hub.Outbox]. open returns an empty outbox for
// each call.
func TestOutbox(t *testing.T, open func(testing.TB) hub.Outbox) {
	for name, test := range map[string]func(*testing.T, hub.Outbox){
		"KeepsEveryField":                keepsParcels,
		"TakesAMessageOnce":              enqueuesOnce,
		"HandsOutWhatIsDueOldestFirst":   leasesDue,
		"HandsEachMessageToOneWorker":    leasesToOne,
		"HandsOutAgainWhenALeaseHasRun":  leaseEnds,
		"PutsBackAndCounts":              retries,
		"EndsAMessageOnce":               endsOnce,
		"KeepsTheFirstBytesOfAMessage":   firstBody,
		"KnowsNoOtherMessages":           unknownParcel,
		"KeepsWhatCameInWithEveryField":  keepsIncoming,
		"AnswersARepeatWithTheFirst":     receivesOnce,
		"ListsTheMessagesOfACaseInOrder": ofCase,
		"ListsWhatIsStuck":               listsStuck,
		"TriesAtOnceWhenTold":            hastens,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// parcelNo is a message that is due n seconds into the day.
func parcelNo(n int) hub.Parcel {
	return hub.Parcel{
		ID: fmt.Sprintf("m%03d", n), Kind: "offer", From: "a", To: "b", Case: caseNo(n), Seq: int64(n),
		Due: day.Add(time.Duration(n) * time.Second),
	}
}

func enqueueAll(t *testing.T, o hub.Outbox, n int) {
	t.Helper()
	for _, err := range atOnce(n, func(i int) error { return o.Enqueue(t.Context(), parcelNo(i)) }) {
		ok(t, err)
	}
}

// lease takes messages at a second of the day, for ten seconds.
func lease(t *testing.T, o hub.Outbox, second, limit int) []string {
	t.Helper()
	got, err := o.Lease(t.Context(), "w", day.Add(time.Duration(second)*time.Second), 10*time.Second, limit)
	ok(t, err)
	var ids []string
	for _, p := range got {
		ids = append(ids, p.ID)
	}
	return ids
}

func parcel(t *testing.T, o hub.Outbox, id string) hub.Parcel {
	t.Helper()
	p, err := o.Parcel(t.Context(), id)
	ok(t, err)
	return p
}

func keepsParcels(t *testing.T, o hub.Outbox) {
	want := filled[hub.Parcel](t)
	ok(t, o.Enqueue(t.Context(), want))
	same(t, parcel(t, o, want.ID), want)
	empty := hub.Parcel{ID: "empty"}
	ok(t, o.Enqueue(t.Context(), empty))
	same(t, parcel(t, o, empty.ID), empty)
}

func enqueuesOnce(t *testing.T, o hub.Outbox) {
	p := parcelNo(1)
	ok(t, o.Enqueue(t.Context(), p))
	same(t, lease(t, o, 5, 1), []string{p.ID})
	ok(t, o.Retry(t.Context(), p.ID, day.Add(time.Hour), "no answer"))
	want := parcel(t, o, p.ID)
	again := p
	again.To = "c"
	ok(t, o.Enqueue(t.Context(), again))
	same(t, parcel(t, o, p.ID), want)
}

func leasesDue(t *testing.T, o hub.Outbox) {
	enqueueAll(t, o, 6)
	ok(t, o.Done(t.Context(), parcelNo(1).ID, []byte("receipt")))
	same(t, lease(t, o, 3, 2), []string{"m000", "m002"})
	same(t, lease(t, o, 3, 9), []string{"m003"})
	same(t, len(lease(t, o, 3, 9)), 0)
	same(t, len(lease(t, o, 9, 0)), 0)
	got, err := o.Lease(t.Context(), "w", day.Add(9*time.Second), time.Second, 1)
	ok(t, err)
	same(t, got, []hub.Parcel{parcelNo(4)})
}

func leasesToOne(t *testing.T, o hub.Outbox) {
	const parcels, workers = 60, 16
	enqueueAll(t, o, parcels)
	now := day.Add(time.Hour)
	taken := atOnce(workers, func(w int) map[string]int {
		mine := map[string]int{}
		for {
			got, err := o.Lease(t.Context(), fmt.Sprint("w", w), now, time.Minute, 3)
			if err != nil {
				t.Error(err)
			}
			if len(got) == 0 {
				return mine
			}
			for _, p := range got {
				mine[p.ID]++
			}
		}
	})
	all := map[string]int{}
	for _, mine := range taken {
		for id, n := range mine {
			all[id] += n
		}
	}
	same(t, len(all), parcels)
	for id, n := range all {
		if n != 1 {
			t.Errorf("%s was handed out %d times", id, n)
		}
	}
}

func leaseEnds(t *testing.T, o hub.Outbox) {
	enqueueAll(t, o, 1)
	same(t, len(lease(t, o, 0, 1)), 1)
	same(t, len(lease(t, o, 9, 1)), 0)
	same(t, len(lease(t, o, 10, 1)), 1) // its worker is gone
	same(t, len(lease(t, o, 19, 1)), 0)
	same(t, parcel(t, o, "m000").Attempts, 0)
}

func retries(t *testing.T, o hub.Outbox) {
	enqueueAll(t, o, 1)
	lease(t, o, 0, 1)
	ok(t, o.Retry(t.Context(), "m000", day.Add(30*time.Second), "refused"))
	want := parcelNo(0)
	want.Attempts, want.Due, want.LastErr = 1, day.Add(30*time.Second), "refused"
	same(t, parcel(t, o, "m000"), want)
	same(t, len(lease(t, o, 29, 1)), 0)
	same(t, len(lease(t, o, 30, 1)), 1)
	ok(t, o.Retry(t.Context(), "m000", day.Add(31*time.Second), "again"))
	same(t, parcel(t, o, "m000").Attempts, 2)
	same(t, len(lease(t, o, 31, 1)), 1) // the lease ended with the retry
}

func endsOnce(t *testing.T, o hub.Outbox) {
	enqueueAll(t, o, 1)
	lease(t, o, 0, 1)
	ok(t, o.Retry(t.Context(), "m000", day, "refused"))
	ok(t, o.Done(t.Context(), "m000", []byte("first")))
	ok(t, o.Done(t.Context(), "m000", []byte("second")))
	ok(t, o.Retry(t.Context(), "m000", day.Add(time.Hour), "too late"))
	want := parcelNo(0)
	want.Done, want.Receipt, want.Attempts = true, []byte("first"), 1
	same(t, parcel(t, o, "m000"), want)
	same(t, len(lease(t, o, 7200, 1)), 0)
}

func firstBody(t *testing.T, o hub.Outbox) {
	enqueueAll(t, o, 1)
	bodies := atOnce(16, func(i int) string {
		b, err := o.SaveBody(t.Context(), "m000", []byte(fmt.Sprint("body ", i)))
		if err != nil {
			t.Error(err)
		}
		return string(b)
	})
	stored := string(parcel(t, o, "m000").Body)
	for _, b := range bodies {
		same(t, b, stored)
	}
	got, err := o.Lease(t.Context(), "w", day, time.Second, 1)
	ok(t, err)
	same(t, string(got[0].Body), stored)
	empty := parcelNo(1)
	empty.Body = []byte{}
	ok(t, o.Enqueue(t.Context(), empty))
	b, err := o.SaveBody(t.Context(), empty.ID, []byte("body"))
	ok(t, err)
	same(t, string(b), "body")
}

func unknownParcel(t *testing.T, o hub.Outbox) {
	_, err := o.Parcel(t.Context(), "none")
	expectCode(t, err, hub.NotFound)
	_, err = o.SaveBody(t.Context(), "none", []byte("x"))
	expectCode(t, err, hub.NotFound)
	expectCode(t, o.Done(t.Context(), "none", nil), hub.NotFound)
	expectCode(t, o.Retry(t.Context(), "none", day, ""), hub.NotFound)
	_, err = o.Incoming(t.Context(), "none")
	expectCode(t, err, hub.NotFound)
	same(t, len(lease(t, o, 0, 5)), 0)
}

func keepsIncoming(t *testing.T, o hub.Outbox) {
	want := filled[hub.Incoming](t)
	got, isNew, err := o.Receive(t.Context(), want)
	ok(t, err)
	same(t, isNew, true)
	same(t, got, want)
	got, err = o.Incoming(t.Context(), want.ID)
	ok(t, err)
	same(t, got, want)
}

func receivesOnce(t *testing.T, o hub.Outbox) {
	type answer struct {
		stored hub.Incoming
		isNew  bool
		err    error
	}
	answers := atOnce(16, func(i int) answer {
		m := hub.Incoming{ID: "m", Kind: "offer", From: "a", To: "b", Case: caseNo(1), Receipt: []byte(fmt.Sprint("receipt ", i)), At: day}
		m.Body = []byte(fmt.Sprint("body ", i))
		m.Digest = hub.SHA256(m.Body)
		stored, isNew, err := o.Receive(t.Context(), m)
		return answer{stored, isNew, err}
	})
	want, err := o.Incoming(t.Context(), "m")
	ok(t, err)
	fresh := 0
	for _, a := range answers {
		ok(t, a.err)
		same(t, a.stored, want)
		if a.isNew {
			fresh++
		}
	}
	same(t, fresh, 1)
}

func ofCase(t *testing.T, o hub.Outbox) {
	for _, n := range []int{3, 1, 2} {
		p := parcelNo(n)
		p.Case = caseNo(1)
		ok(t, o.Enqueue(t.Context(), p))
		_, _, err := o.Receive(t.Context(), hub.Incoming{ID: p.ID, Case: caseNo(1), At: p.Due})
		ok(t, err)
	}
	ok(t, o.Enqueue(t.Context(), parcelNo(4)))
	_, _, err := o.Receive(t.Context(), hub.Incoming{ID: "other", Case: caseNo(4)})
	ok(t, err)
	out, err := o.OfCase(t.Context(), caseNo(1))
	ok(t, err)
	in, err := o.IncomingOfCase(t.Context(), caseNo(1))
	ok(t, err)
	var sent, came []string
	for i := range out {
		sent, came = append(sent, out[i].ID), append(came, in[i].ID)
	}
	same(t, sent, []string{"m001", "m002", "m003"})
	same(t, came, sent)
	out, err = o.OfCase(t.Context(), caseNo(9))
	ok(t, err)
	same(t, len(out), 0)
}

func listsStuck(t *testing.T, o hub.Outbox) {
	enqueueAll(t, o, 5)
	fail := func(n, times int) {
		for range times {
			ok(t, o.Retry(t.Context(), parcelNo(n).ID, day, "no answer"))
		}
	}
	fail(1, 2)
	fail(2, 3)
	fail(3, 3)
	ok(t, o.Done(t.Context(), parcelNo(3).ID, []byte("receipt")))
	names := func(attempts, limit int) (ids []string) {
		got, err := o.Stuck(t.Context(), attempts, limit)
		ok(t, err)
		for _, p := range got {
			ids = append(ids, p.ID)
		}
		return ids
	}
	same(t, names(2, 9), []string{"m002", "m001"})
	same(t, names(3, 9), []string{"m002"})
	same(t, names(1, 1), []string{"m002"})
	same(t, len(names(1, 0)), 0)
	same(t, len(names(0, 9)), 4)
}

func hastens(t *testing.T, o hub.Outbox) {
	enqueueAll(t, o, 2)
	ok(t, o.Retry(t.Context(), "m000", day.Add(time.Hour), "refused"))
	same(t, len(lease(t, o, 0, 1)), 0)
	ok(t, o.Hasten(t.Context(), "m000", day))
	want := parcelNo(0)
	want.Attempts, want.Due, want.LastErr = 1, day, "refused"
	same(t, parcel(t, o, "m000"), want)
	same(t, lease(t, o, 0, 1), []string{"m000"})
	ok(t, o.Hasten(t.Context(), "m000", day))
	same(t, len(lease(t, o, 0, 1)), 0) // its worker keeps it
	ok(t, o.Hasten(t.Context(), "m001", day.Add(time.Hour)))
	same(t, parcel(t, o, "m001").Due, parcelNo(1).Due) // never later
	ok(t, o.Done(t.Context(), "m001", nil))
	expectCode(t, o.Hasten(t.Context(), "m001", day), hub.WrongState)
	expectCode(t, o.Hasten(t.Context(), "none", day), hub.NotFound)
}
