package register

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"tongban/hub/code"
)

// Verify replays the whole log of a unit and checks every booking: written
// form, hash, signature, place in the log, and that what it says can be done.
// The snapshot, if there is one, must be what the replay gives at its version.
// Broken names the first thing that is wrong.
func (r *Register) Verify(ctx context.Context, u code.Unit) (*State, error) {
	snap, err := r.store.Snapshot(ctx, u)
	if err != nil && ReasonOf(err) != NotFound {
		return nil, fmt.Errorf("read unit %s: %w", u, err)
	}
	have := err == nil
	s := &State{Unit: u}
	for {
		list, err := r.store.Versions(ctx, u, s.Version+1, page)
		if err != nil {
			return nil, fmt.Errorf("read the log of unit %s: %w", u, err)
		}
		for i := range list {
			if err := r.VerifyBooking(ctx, &list[i]); err != nil {
				return nil, err
			}
			if err := s.Apply(&list[i]); err != nil {
				return nil, err
			}
			if have && s.Version == snap.Version {
				if err := same(s, snap); err != nil {
					return nil, err
				}
			}
		}
		if len(list) < page {
			break
		}
	}
	if have && snap.Version > s.Version {
		return nil, broken(fmt.Sprintf("unit %s has a snapshot of version %d and only %d bookings", u, snap.Version, s.Version), nil)
	}
	return s, nil
}

// same compares a state with a snapshot. A snapshot of an older form says nothing.
func same(s *State, snap Snapshot) error {
	var d stateDoc
	if err := json.Unmarshal(snap.State, &d); err != nil {
		return broken(fmt.Sprintf("snapshot of unit %s", s.Unit), err)
	}
	if d.Format != stateFormat {
		return nil
	}
	want, err := json.Marshal(stateDoc{stateFormat, *s})
	if err != nil {
		return broken(fmt.Sprintf("snapshot of unit %s", s.Unit), err)
	}
	if !bytes.Equal(want, snap.State) {
		return broken(fmt.Sprintf("the snapshot of unit %s at version %d is not what its log says", s.Unit, s.Version), nil)
	}
	return nil
}

// VerifyBooking checks one booking by itself: its written form, its hash and
// the registry's signature.
func (r *Register) VerifyBooking(ctx context.Context, b *Booking) error {
	if _, err := ParseBooking(b.Raw); err != nil {
		return fmt.Errorf("booking %s: %w", b.ID, err)
	}
	sum, err := r.crypto.Sum(b.Names.Hash, b.Raw)
	if err != nil || sum != b.Hash {
		return broken("booking "+string(b.ID)+": its bytes do not have its hash", err)
	}
	if err := r.crypto.Verify(ctx, b.Agency, b.Names, b.At, b.Raw, b.Sig); err != nil {
		return broken("booking "+string(b.ID)+": signature", err)
	}
	return nil
}

// VerifyAll verifies every unit of the register and tells how many there are.
// It stops at the first that is wrong.
func (r *Register) VerifyAll(ctx context.Context) (units int, err error) {
	var after BookingID
	done := map[code.Unit]bool{}
	for {
		list, err := r.store.All(ctx, after, page)
		if err != nil {
			return len(done), fmt.Errorf("read the log: %w", err)
		}
		for i := range list {
			after = list[i].ID
			for _, l := range list[i].Links {
				if done[l.Unit] {
					continue
				}
				if _, err := r.Verify(ctx, l.Unit); err != nil {
					return len(done), err
				}
				done[l.Unit] = true
			}
		}
		if len(list) < page {
			return len(done), nil
		}
	}
}
