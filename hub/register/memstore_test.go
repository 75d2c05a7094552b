package register_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"testing"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/hub/register"
	"tongban/storage/storetest"
)

// memory is a store for tests of the domain, which make thousands of bookings.
// It passes the suite of the real one.
type memory struct {
	mu       sync.Mutex // guards all
	bookings map[register.BookingID]register.Booking
	keys     map[string]register.BookingID
	todo     map[register.BookingID]bool
	hit      map[register.BookingID]bool
	snaps    map[code.Unit]register.Snapshot
}

func newMemory() *memory {
	return &memory{
		bookings: map[register.BookingID]register.Booking{}, keys: map[string]register.BookingID{},
		todo: map[register.BookingID]bool{}, hit: map[register.BookingID]bool{}, snaps: map[code.Unit]register.Snapshot{},
	}
}

func TestMemoryPassesTheSuite(t *testing.T) {
	storetest.TestRegisterStore(t, func(testing.TB) register.Store { return newMemory() })
}

func (m *memory) do(ctx context.Context, f func() error) error {
	if ctx.Err() != nil {
		return hub.Wrap(hub.Unavailable, ctx.Err(), "memory")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return f()
}

func (m *memory) Append(ctx context.Context, b register.Booking) error {
	return m.do(ctx, func() error {
		_, taken := m.bookings[b.ID]
		for _, k := range b.Keys() {
			taken = taken || m.keys[k] != ""
		}
		if taken {
			return register.Fail(register.Conflict, "taken")
		}
		read, err := register.ReadBooking(b.Raw) // what is kept is the bytes
		if err != nil {
			return err
		}
		read.Hash, read.Sig = b.Hash, b.Sig
		m.bookings[b.ID], m.todo[b.ID] = read, true
		if len(b.Hits) > 0 {
			m.hit[b.ID] = true
		}
		for _, k := range b.Keys() {
			m.keys[k] = b.ID
		}
		return nil
	})
}

func (m *memory) Booking(ctx context.Context, id register.BookingID) (b register.Booking, err error) {
	err = m.do(ctx, func() (err error) {
		var ok bool
		if b, ok = m.bookings[id]; !ok {
			err = register.Fail(register.NotFound, "booking")
		}
		return err
	})
	return b, err
}

func (m *memory) ByKey(ctx context.Context, key string) (b register.Booking, err error) {
	err = m.do(ctx, func() (err error) {
		var ok bool
		if b, ok = m.bookings[m.keys[key]]; !ok {
			err = register.Fail(register.NotFound, "key")
		}
		return err
	})
	return b, err
}

func (m *memory) Versions(ctx context.Context, u code.Unit, from int64, limit int) (out []register.Booking, err error) {
	err = m.do(ctx, func() error {
		for v := max(from, 1); v < max(from, 1)+int64(limit); v++ {
			if id, ok := m.keys[register.Link{Unit: u, Version: v}.Key()]; ok {
				out = append(out, m.bookings[id])
			}
		}
		return nil
	})
	return out, err
}

// pick are the bookings for which keep says so, by time or by id.
func (m *memory) pick(ctx context.Context, limit int, byID bool, keep func(register.Booking) bool) (out []register.Booking, err error) {
	err = m.do(ctx, func() error {
		for _, b := range m.bookings {
			if keep(b) {
				out = append(out, b)
			}
		}
		slices.SortFunc(out, func(a, b register.Booking) int {
			if byID {
				return cmp.Compare(a.ID, b.ID)
			}
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
		})
		if limit >= 0 && len(out) > limit {
			out = out[:limit]
		}
		return nil
	})
	return out, err
}

func (m *memory) OfCase(ctx context.Context, c register.CaseID) ([]register.Booking, error) {
	return m.pick(ctx, -1, false, func(b register.Booking) bool { return slices.Contains(b.Cases(), c) })
}

func (m *memory) All(ctx context.Context, after register.BookingID, limit int) ([]register.Booking, error) {
	return m.pick(ctx, limit, true, func(b register.Booking) bool { return b.ID > after })
}

func (m *memory) Unprojected(ctx context.Context, limit int) ([]register.Booking, error) {
	return m.pick(ctx, limit, false, func(b register.Booking) bool { return m.todo[b.ID] })
}

func (m *memory) Unsettled(ctx context.Context, limit int) ([]register.Booking, error) {
	return m.pick(ctx, limit, false, func(b register.Booking) bool { return m.hit[b.ID] })
}

func (m *memory) MarkProjected(ctx context.Context, id register.BookingID) error {
	return m.do(ctx, func() error { delete(m.todo, id); return nil })
}

func (m *memory) Settle(ctx context.Context, id register.BookingID) error {
	return m.do(ctx, func() error {
		if _, ok := m.bookings[id]; !ok {
			return register.Fail(register.NotFound, "booking")
		}
		delete(m.hit, id)
		return nil
	})
}

func (m *memory) Snapshot(ctx context.Context, u code.Unit) (s register.Snapshot, err error) {
	err = m.do(ctx, func() (err error) {
		var ok bool
		if s, ok = m.snaps[u]; !ok {
			err = register.Fail(register.NotFound, "snapshot")
		}
		return err
	})
	return s, err
}

func (m *memory) SaveSnapshot(ctx context.Context, s register.Snapshot) error {
	return m.do(ctx, func() error {
		if m.snaps[s.Unit].Version < s.Version {
			m.snaps[s.Unit] = s
		}
		return nil
	})
}

func (m *memory) DropSnapshots(ctx context.Context) error {
	return m.do(ctx, func() error { clear(m.snaps); return nil })
}

func (m *memory) UnitsOf(ctx context.Context, r register.Ref, after code.Unit, limit int) ([]code.Unit, error) {
	return m.walk(ctx, after, limit, func(s register.Snapshot) bool { return slices.Contains(s.Holders, r) })
}

func (m *memory) Units(ctx context.Context, after code.Unit, limit int) ([]code.Unit, error) {
	return m.walk(ctx, after, limit, func(register.Snapshot) bool { return true })
}

func (m *memory) walk(ctx context.Context, after code.Unit, limit int, keep func(register.Snapshot) bool) ([]code.Unit, error) {
	out := []code.Unit{}
	err := m.do(ctx, func() error {
		for _, u := range slices.Sorted(maps.Keys(m.snaps)) {
			if u > after && keep(m.snaps[u]) && len(out) < limit {
				out = append(out, u)
			}
		}
		return nil
	})
	return out, err
}
