package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"tongban/hub/code"
	"tongban/hub/register"
)

const registerWriters = 64

// outcomes counts results: "booked", the code of the first obstacle that
// blocks, or the reason.
func outcomes(errs []error) map[string]int {
	m := map[string]int{}
	for _, err := range errs {
		what := "booked"
		if err != nil {
			what = string(register.ReasonOf(err))
			if l := register.Standing(register.ObstaclesOf(err), nil); len(l) > 0 {
				what = string(l[0].Code)
			}
		}
		m[what]++
	}
	return m
}

// oneTransferBooks has 64 windows sell one flat, without the locks that would
// have kept them apart at acceptance.
func oneTransferBooks(t *testing.T, s register.Store) {
	started(t, s, 1)
	errs := atOnce(registerWriters, func(i int) error {
		_, err := book(s).Book(t.Context(), byOffice(fmt.Sprint("sale ", i), sale(flatUnit(1), owner(1), register.Ref(fmt.Sprint("buyer ", i)))))
		return err
	})
	same(t, outcomes(errs), map[string]int{"booked": 1, string(register.WrongHolder): registerWriters - 1})
	st, err := book(s).Verify(t.Context(), flatUnit(1))
	ok(t, err)
	same(t, st.Version, 2)
	same(t, st.Title.Owners.Refs(), []register.Ref{register.Ref(fmt.Sprint("buyer ", slices.Index(errs, nil)))})
}

// oneLockHolds has 64 windows accept a case for one flat, and then book it.
func oneLockHolds(t *testing.T, s register.Store) {
	started(t, s, 1)
	plan := func(i int, step string) register.Request {
		return byCase(register.CaseID(fmt.Sprint("case", i)), step, sale(flatUnit(1), owner(1), register.Ref(fmt.Sprint("buyer ", i))))
	}
	errs := atOnce(registerWriters, func(i int) error {
		_, _, err := book(s).Hold(t.Context(), plan(i, "accept"))
		return err
	})
	same(t, outcomes(errs), map[string]int{"booked": 1, string(register.LockedByOther): registerWriters - 1})
	winner := slices.Index(errs, nil)
	errs = atOnce(registerWriters, func(i int) error {
		_, err := book(s).Book(t.Context(), plan(i, "book"))
		return err
	})
	if errs[winner] != nil {
		t.Fatal(errs[winner])
	}
	got := outcomes(errs)
	same(t, got["booked"], 1)
	// The others come before or after the booking: locked out, or too late.
	same(t, got[string(register.LockedByOther)]+got[string(register.NoLock)], registerWriters-1)
	st, err := book(s).Verify(t.Context(), flatUnit(1))
	ok(t, err)
	same(t, st.Version, 3) // first, lock, transfer with unlock
	if st.Lock != nil {
		t.Fatal("the lock stayed")
	}
}

// crossingBookings exchange two flats each, named in opposite orders, so that
// locks taken one after the other would wait for each other for ever.
func crossingBookings(t *testing.T, s register.Store) {
	const flats, writers = 4, 32
	started(t, s, flats)
	errs := atOnce(writers, func(i int) error {
		a, b := 1+i%flats, 1+(i+1+i/flats%(flats-1))%flats
		buyer := register.Ref(fmt.Sprint("buyer ", i))
		_, err := book(s).Book(t.Context(), byOffice(fmt.Sprint("pair ", i), sale(flatUnit(a), owner(a), buyer), sale(flatUnit(b), owner(b), buyer)))
		return err
	})
	holders := map[register.Ref]int{}
	for n := 1; n <= flats; n++ {
		st, err := book(s).Verify(t.Context(), flatUnit(n))
		ok(t, err)
		holders[st.Title.Owners.Refs()[0]]++
	}
	booked := 0
	for i, err := range errs {
		buyer := register.Ref(fmt.Sprint("buyer ", i))
		want := 0
		if err == nil {
			want, booked = 2, booked+1
		} else {
			reason(t, err, register.Refused)
		}
		same(t, holders[buyer], want)
	}
	if booked < 1 || booked > flats/2 {
		t.Fatalf("%d pairs were booked", booked)
	}
}

func repeatsAtOnce(t *testing.T, s register.Store) {
	started(t, s, 1)
	ids := atOnce(16, func(int) register.BookingID {
		b, err := book(s).Book(t.Context(), byOffice("once", sale(flatUnit(1), owner(1), "buyer")))
		if err != nil {
			t.Error(err)
		}
		return b.ID
	})
	same(t, len(slices.Compact(ids)), 1)
	st, err := book(s).Verify(t.Context(), flatUnit(1))
	ok(t, err)
	same(t, st.Version, 2)
	_, err = book(s).Book(t.Context(), byOffice("once", sale(flatUnit(1), owner(1), "another")))
	reason(t, err, register.SourceReused)
}

func registerCrashes(t *testing.T, s register.Store) {
	started(t, s, 4)
	for i, h := range []*halting{
		{Store: s, before: true},
		{Store: s, after: true},
		{Store: s, follow: true},
		{Store: s, after: true, follow: true},
	} {
		u := flatUnit(i + 1)
		q := byOffice(fmt.Sprint("crash ", i), sale(u, owner(i+1), "buyer"))
		if _, err := book(h).Book(t.Context(), q); err != nil && !errors.Is(err, errHalted) {
			t.Fatal(err)
		}
		var first register.Booking
		for range 3 {
			b, err := book(s).Book(t.Context(), q)
			ok(t, err)
			if first.ID != "" {
				same(t, b, first)
			}
			first = b
		}
		st, err := book(s).Verify(t.Context(), u)
		ok(t, err)
		same(t, st.Version, 2)
		same(t, st.Head, first.Hash)
	}
}

func seizureCrash(t *testing.T, s register.Store) {
	r := started(t, s, 2)
	plan := []register.Step{sale(flatUnit(1), owner(1), "x"), sale(flatUnit(2), owner(2), "x")}
	_, _, err := r.Hold(t.Context(), byCase("c1", "accept", plan...))
	ok(t, err)
	q := seize(flatUnit(1), "(2026)豫01执1号")
	q.Steps = append(q.Steps, seize(flatUnit(2), "(2026)豫01执1号").Steps...)
	_, err = book(&halting{Store: s, after: true, follow: true}).Book(t.Context(), q)
	if !errors.Is(err, errHalted) {
		t.Fatal(err)
	}
	stops, err := r.Stops(t.Context(), 10) // another process looks
	ok(t, err)
	same(t, len(stops), 1)
	same(t, stops[0].Case, "c1")
	same(t, stops[0].Units, []code.Unit{flatUnit(1), flatUnit(2)})
	_, err = r.Book(t.Context(), byCase("c1", "book", plan...))
	same(t, outcomes([]error{err}), map[string]int{string(register.Seizing): 1})
	ok(t, r.Settle(t.Context(), stops[0].Booking))
	ok(t, r.Settle(t.Context(), stops[0].Booking))
	stops, err = r.Stops(t.Context(), 10)
	ok(t, err)
	same(t, len(stops), 0)
	b, err := r.Release(t.Context(), byCase("c1", "withdrawn").Source, registerAgency, "p1")
	ok(t, err)
	same(t, len(b.Links), 2)
	units, err := r.LockedBy(t.Context(), "c1")
	ok(t, err)
	same(t, len(units), 0)
}

func registerRebuild(t *testing.T, s register.Store) {
	r := started(t, s, 3)
	_, err := r.Book(t.Context(), byOffice("s", sale(flatUnit(1), owner(1), "x")))
	ok(t, err)
	before := map[code.Unit]register.Snapshot{}
	units, err := r.Units(t.Context(), "", 10)
	ok(t, err)
	same(t, len(units), 4)
	for _, u := range units {
		before[u], err = s.Snapshot(t.Context(), u)
		ok(t, err)
	}
	ok(t, s.DropSnapshots(t.Context()))
	ok(t, r.Rebuild(t.Context()))
	for _, u := range units {
		got, err := s.Snapshot(t.Context(), u)
		ok(t, err)
		same(t, got, before[u])
	}
	n, err := r.VerifyAll(t.Context())
	ok(t, err)
	same(t, n, 4)
}
