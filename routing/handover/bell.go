package handover

import (
	"context"
	"time"

	"tongban/hub"
)

// Bell tells a Deliverer that something may be due.
type Bell chan struct{}

// NewBell makes a bell.
func NewBell() Bell { return make(Bell, 1) }

// Ring never waits; rings that nobody has heard yet are one.
func (b Bell) Ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// Ringing is an outbox that rings for every message put into it, so that an
// offer is delivered at once and not at the next look.
type Ringing struct {
	hub.Outbox
	Bell Bell
}

// Hasten implements hub.Outbox.
func (r Ringing) Hasten(ctx context.Context, id string, now time.Time) error {
	err := r.Outbox.Hasten(ctx, id, now)
	if err == nil {
		r.Bell.Ring()
	}
	return err
}

// Enqueue implements hub.Outbox.
func (r Ringing) Enqueue(ctx context.Context, p hub.Parcel) error {
	err := r.Outbox.Enqueue(ctx, p)
	if err == nil {
		r.Bell.Ring()
	}
	return err
}
