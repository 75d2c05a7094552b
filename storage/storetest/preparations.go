package storetest

import (
	"fmt"
	"testing"
	"time"

	"tongban/hub"
)

// TestPreparations is the contract of [hub.Preparations]. open returns an empty
// queue for each call.
func TestPreparations(t *testing.T, open func(testing.TB) hub.Preparations) {
	for name, test := range map[string]func(*testing.T, hub.Preparations){
		"KeepsEveryField":               keepsPrepared,
		"TakesAFileOnce":                preparesOnce,
		"HandsOutWhatIsDueOldestFirst":  preparesInOrder,
		"HandsEachFileToOneWorker":      preparesByOne,
		"HandsOutAgainWhenALeaseHasRun": prepareLeaseEnds,
		"LetsOnlyTheHolderWrite":        onlyTheHolder,
		"PutsBackAndStartsAgain":        preparesAgain,
		"KnowsNoOtherFiles":             unknownPrepared,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func fileNo(n int) hub.File {
	return hub.File{Digest: hub.SHA256(fmt.Append(nil, n)), Size: int64(n), Type: "image/png"}
}

func second(n int) time.Time { return day.Add(time.Duration(n) * time.Second) }

// take leases a file at a second of the day, for ten seconds.
func take(t *testing.T, q hub.Preparations, worker string, at int) (hub.Prepared, bool) {
	t.Helper()
	p, found, err := q.Lease(t.Context(), worker, second(at), 10*time.Second)
	ok(t, err)
	return p, found
}

func keepsPrepared(t *testing.T, q hub.Preparations) {
	want := filled[hub.Prepared](t)
	ok(t, q.Enqueue(t.Context(), want.File, day))
	p, found := take(t, q, "w", 0)
	same(t, found, true)
	same(t, p, hub.Prepared{File: want.File, State: hub.PrepWaiting, Due: day, Updated: day})
	ok(t, q.Save(t.Context(), "w", want))
	got, err := q.Prepared(t.Context(), want.File.Digest)
	ok(t, err)
	same(t, got, want)
}

func preparesOnce(t *testing.T, q hub.Preparations) {
	f := fileNo(1)
	for _, err := range atOnce(8, func(int) error { return q.Enqueue(t.Context(), f, day) }) {
		ok(t, err)
	}
	p, _ := take(t, q, "w", 1)
	p.State = hub.PrepDone
	ok(t, q.Save(t.Context(), "w", p))
	ok(t, q.Enqueue(t.Context(), f, second(5)))
	got, err := q.Prepared(t.Context(), f.Digest)
	ok(t, err)
	same(t, got, p)
	_, found := take(t, q, "w", 60)
	same(t, found, false)
}

func preparesInOrder(t *testing.T, q hub.Preparations) {
	for _, n := range []int{3, 1, 2} {
		ok(t, q.Enqueue(t.Context(), fileNo(n), second(n)))
	}
	for _, n := range []int{1, 2} {
		p, found := take(t, q, "w", 2)
		same(t, found, true)
		same(t, p.File, fileNo(n))
	}
	_, found := take(t, q, "w", 2)
	same(t, found, false)
}

func preparesByOne(t *testing.T, q hub.Preparations) {
	const files, workers = 40, 8
	for n := range files {
		ok(t, q.Enqueue(t.Context(), fileNo(n), day))
	}
	taken := atOnce(workers, func(w int) []hub.Digest {
		var mine []hub.Digest
		for {
			p, found, err := q.Lease(t.Context(), fmt.Sprint("w", w), day, time.Minute)
			if err != nil {
				t.Error(err)
			}
			if !found {
				return mine
			}
			mine = append(mine, p.File.Digest)
		}
	})
	all := map[hub.Digest]int{}
	for _, mine := range taken {
		for _, d := range mine {
			all[d]++
		}
	}
	same(t, len(all), files)
	for d, n := range all {
		same(t, fmt.Sprint(d, n), fmt.Sprint(d, 1))
	}
}

func prepareLeaseEnds(t *testing.T, q hub.Preparations) {
	f := fileNo(1)
	ok(t, q.Enqueue(t.Context(), f, day))
	_, found := take(t, q, "dead", 0)
	same(t, found, true)
	_, found = take(t, q, "w", 9)
	same(t, found, false)
	ok(t, q.Extend(t.Context(), "dead", f.Digest, second(20)))
	_, found = take(t, q, "w", 19)
	same(t, found, false)
	_, found = take(t, q, "w", 20)
	same(t, found, true)
}

func onlyTheHolder(t *testing.T, q hub.Preparations) {
	f := fileNo(1)
	ok(t, q.Enqueue(t.Context(), f, day))
	late, _ := take(t, q, "late", 0)
	p, _ := take(t, q, "w", 10) // late's lease has run
	late.State = hub.PrepFailed
	expectCode(t, q.Save(t.Context(), "late", late), hub.Conflict)
	expectCode(t, q.Extend(t.Context(), "late", f.Digest, second(99)), hub.Conflict)
	p.State = hub.PrepDone
	ok(t, q.Save(t.Context(), "w", p))
	expectCode(t, q.Save(t.Context(), "w", p), hub.Conflict) // it ended
	got, err := q.Prepared(t.Context(), f.Digest)
	ok(t, err)
	same(t, got.State, hub.PrepDone)
}

func preparesAgain(t *testing.T, q hub.Preparations) {
	f := fileNo(1)
	ok(t, q.Enqueue(t.Context(), f, day))
	p, _ := take(t, q, "w", 0)
	p.Attempts, p.Due, p.Code = 1, second(30), hub.Unavailable
	ok(t, q.Save(t.Context(), "w", p))
	_, found := take(t, q, "w", 29)
	same(t, found, false)
	got, found := take(t, q, "w", 30)
	same(t, found, true)
	same(t, got, p)
	got.State, got.Scan = hub.PrepDone, hub.ScanNotConfigured
	ok(t, q.Save(t.Context(), "w", got))
	ok(t, q.Again(t.Context(), f.Digest, second(40)))
	got, found = take(t, q, "w", 40)
	same(t, found, true)
	same(t, got.Attempts, 0)
	ok(t, q.Again(t.Context(), f.Digest, second(41))) // being worked on: changes nothing
	_, found = take(t, q, "x", 45)
	same(t, found, false)
}

func unknownPrepared(t *testing.T, q hub.Preparations) {
	d := fileNo(9).Digest
	_, err := q.Prepared(t.Context(), d)
	expectCode(t, err, hub.NotFound)
	expectCode(t, q.Again(t.Context(), d, day), hub.NotFound)
	expectCode(t, q.Extend(t.Context(), "w", d, day), hub.Conflict)
	expectCode(t, q.Save(t.Context(), "w", hub.Prepared{File: fileNo(9)}), hub.Conflict)
	_, found := take(t, q, "w", 99)
	same(t, found, false)
}
