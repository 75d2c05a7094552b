package register

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tongban/hub/code"
)

// Register books and reads. It keeps no state of its own and is safe for
// concurrent use, by any number of processes over one store.
type Register struct {
	store  Store
	crypto Crypto
	now    func() time.Time
	terms  Terms
}

// New makes a register. A nil now is the system's clock, a Terms without a
// zone counts as [DefaultTerms].
func New(s Store, c Crypto, now func() time.Time, t Terms) *Register {
	if now == nil {
		now = time.Now
	}
	if t.Zone == nil {
		t.Zone = DefaultTerms().Zone
	}
	return &Register{store: s, crypto: c, now: now, terms: t}
}

// stateFormat is raised when the form of snapshots changes; older ones are
// then replayed over.
const stateFormat = 1

type stateDoc struct {
	Format int
	State  State
}

// State is the unit as it stands now. A unit that was never booked has version
// 0 and no error. Broken when the log does not fit together.
func (r *Register) State(ctx context.Context, u code.Unit) (*State, error) {
	s := &State{Unit: u}
	snap, err := r.store.Snapshot(ctx, u)
	switch {
	case err == nil:
		var d stateDoc
		if json.Unmarshal(snap.State, &d) == nil && d.Format == stateFormat && d.State.Unit == u && d.State.Version == snap.Version {
			s = &d.State
		}
	case ReasonOf(err) != NotFound:
		return nil, fmt.Errorf("read unit %s: %w", u, err)
	}
	return s, r.catchUp(ctx, s, nil)
}

// States are several units at once, by unit.
func (r *Register) States(ctx context.Context, units []code.Unit) (map[code.Unit]*State, error) {
	out := make(map[code.Unit]*State, len(units))
	for _, u := range units {
		if out[u] != nil {
			continue
		}
		s, err := r.State(ctx, u)
		if err != nil {
			return nil, err
		}
		out[u] = s
	}
	return out, nil
}

// page is how many bookings are read at once.
const page = 64

// catchUp replays what came after the state's version. until, when not nil,
// stops before a booking for which it says so.
func (r *Register) catchUp(ctx context.Context, s *State, until func(*Booking) bool) error {
	for {
		list, err := r.store.Versions(ctx, s.Unit, s.Version+1, page)
		if err != nil {
			return fmt.Errorf("read the log of unit %s: %w", s.Unit, err)
		}
		for i := range list {
			if until != nil && until(&list[i]) {
				return nil
			}
			if err := s.Apply(&list[i]); err != nil {
				return err
			}
		}
		if len(list) < page {
			return nil
		}
	}
}

// Replay folds the log of a unit without a snapshot, up to a version (0: all)
// or to a moment (zero: all).
func (r *Register) Replay(ctx context.Context, u code.Unit, version int64, at time.Time) (*State, error) {
	s := &State{Unit: u}
	err := r.catchUp(ctx, s, func(b *Booking) bool {
		return version > 0 && s.Version >= version || !at.IsZero() && b.At.After(at)
	})
	return s, err
}

// Check tells what stands against the steps now: see [Check].
func (r *Register) Check(ctx context.Context, src Source, steps []Step) ([]Obstacle, error) {
	states, err := r.States(ctx, needed(steps))
	if err != nil {
		return nil, err
	}
	return Check(states, src, steps, r.moment(states), r.terms), nil
}

// moment is now, or later when a unit's log says that it is later: the clocks
// of two nodes differ, and a log does not go back in time.
func (r *Register) moment(states map[code.Unit]*State) time.Time {
	now := millis(r.now())
	for _, s := range states {
		if s.At.After(now) {
			now = s.At
		}
	}
	return now
}

// touched are the units that the steps touch, each once.
func touched(steps []Step) []code.Unit {
	var out []code.Unit
	seen := map[code.Unit]bool{}
	for _, s := range steps {
		if s.Op == nil {
			continue
		}
		for _, u := range touches(s.Op) {
			if !seen[u] {
				seen[u] = true
				out = append(out, u)
			}
		}
	}
	return out
}

// needed are the units that a check looks at: those touched, and the land below.
func needed(steps []Step) []code.Unit {
	out := touched(steps)
	for _, u := range out {
		if p, ok := parcelOf(u); ok && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// project writes the snapshots of a booking's units. It only goes forward.
func (r *Register) project(ctx context.Context, b *Booking, states map[code.Unit]*State) error {
	for _, l := range b.Links {
		s := states[l.Unit]
		if s == nil || s.Version < l.Version {
			var err error
			if s, err = r.State(ctx, l.Unit); err != nil {
				return err
			}
		}
		raw, err := json.Marshal(stateDoc{stateFormat, *s})
		if err != nil {
			return fmt.Errorf("snapshot of unit %s: %w", l.Unit, err)
		}
		if err := r.store.SaveSnapshot(ctx, Snapshot{Unit: l.Unit, Version: s.Version, Holders: s.Holders(), State: raw}); err != nil {
			return fmt.Errorf("snapshot of unit %s: %w", l.Unit, err)
		}
	}
	if err := r.store.MarkProjected(ctx, b.ID); err != nil {
		return fmt.Errorf("mark booking %s: %w", b.ID, err)
	}
	return nil
}

// Sweep writes the snapshots that a crash left out and tells how many bookings
// it found. It is to be called at the start and now and then.
func (r *Register) Sweep(ctx context.Context, limit int) (int, error) {
	list, err := r.store.Unprojected(ctx, limit)
	if err != nil {
		return 0, fmt.Errorf("find unprojected bookings: %w", err)
	}
	for i := range list {
		if err := r.project(ctx, &list[i], nil); err != nil {
			return i, err
		}
	}
	return len(list), nil
}

// Rebuild drops every snapshot and makes them again from the log.
func (r *Register) Rebuild(ctx context.Context) error {
	if err := r.store.DropSnapshots(ctx); err != nil {
		return fmt.Errorf("drop snapshots: %w", err)
	}
	var after BookingID
	done := map[code.Unit]bool{}
	for {
		list, err := r.store.All(ctx, after, page)
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		for i := range list {
			b := list[i]
			after = b.ID
			b.Links = nil
			for _, l := range list[i].Links {
				if !done[l.Unit] {
					done[l.Unit] = true
					b.Links = append(b.Links, l)
				}
			}
			if err := r.project(ctx, &b, nil); err != nil {
				return err
			}
		}
		if len(list) < page {
			return nil
		}
	}
}
