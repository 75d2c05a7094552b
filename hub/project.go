package hub

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"tongban/hub/clock"
)

// project writes what is derived from a case and its consecutive events: the
// row, the messages of these events, and the wish to have their files prepared. Each write is idempotent and only goes forward.
func (s *Service) project(ctx context.Context, c *Case, events ...*Event) error {
	if err := s.Index.Save(ctx, RowOf(c, s.Calendar)); err != nil {
		return fmt.Errorf("save row: %w", err)
	}
	s.Fault("after_row")
	if events[0].Seq == 1 { // what a case is pinned to can no longer be withdrawn
		err := s.Directory.MoveStandard(ctx, c.Standard, StandardFrozen, StandardPublished, StandardFrozen)
		if err != nil && ErrorCode(err) != NotFound && ErrorCode(err) != WrongState {
			return fmt.Errorf("freeze standard: %w", err)
		}
	}
	if err := s.projectPapers(ctx, c); err != nil {
		return err
	}
	if err := s.projectRegister(ctx, c); err != nil {
		return err
	}
	for _, e := range events {
		for _, o := range e.Outbox {
			p := Parcel{ID: o.ID, Kind: o.Kind, From: e.Agency, To: o.To, Case: e.Case, Seq: e.Seq, Due: Millis(s.Now())}
			if err := s.Outbox.Enqueue(ctx, p); err != nil {
				return fmt.Errorf("enqueue message: %w", err)
			}
			s.Fault("after_enqueue")
		}
		if err := s.prepare(ctx, e); err != nil {
			return fmt.Errorf("enqueue preparation: %w", err)
		}
	}
	// Only these: an earlier event may still wait for the sweeper.
	refs := make([]EventRef, len(events))
	for i, e := range events {
		refs[i] = EventRef{e.Case, e.Seq}
	}
	return s.mark(ctx, refs)
}

// mark says that what is derived from the events is written. While the sweeper
// runs it does so for many commands at once, a moment later; an event that a
// crash leaves unmarked is only projected again, which changes nothing.
func (s *Service) mark(ctx context.Context, refs []EventRef) error {
	if s.sweeping.Load() {
		select {
		case s.marks <- refs:
			return nil
		default:
		}
	}
	if err := s.Events.MarkProjected(ctx, refs...); err != nil {
		return fmt.Errorf("mark projected: %w", err)
	}
	return nil
}

// How many commands wait to be marked, and for how long.
const (
	maxMarks  = 1024
	markAfter = 25 * time.Millisecond
)

// runMarks marks in batches until ctx ends, and then what is left.
func (s *Service) runMarks(ctx context.Context) {
	tick := time.NewTicker(markAfter)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			s.sweeping.Store(false)
			s.flushMarks(context.WithoutCancel(ctx))
			return
		case <-tick.C:
			s.flushMarks(ctx)
		}
	}
}

func (s *Service) flushMarks(ctx context.Context) {
	var refs []EventRef
	for {
		select {
		case more := <-s.marks:
			refs = append(refs, more...)
			continue
		default:
		}
		break
	}
	if len(refs) == 0 {
		return
	}
	if err := s.Events.MarkProjected(ctx, refs...); err != nil {
		s.Logger.WarnContext(ctx, "marking is behind; the sweeper will do it", "events", len(refs), "error", err)
	}
}

// Reproject makes everything derived from one case again, from its chain.
func (s *Service) Reproject(ctx context.Context, id CaseID) error {
	c, events, err := s.load(ctx, id)
	if err != nil {
		return err
	}
	return s.project(ctx, c, pointers(events)...)
}

func pointers(events []Event) []*Event {
	all := make([]*Event, len(events))
	for i := range events {
		all[i] = &events[i]
	}
	return all
}

// SweepAge is how old an unprojected event must be before the sweeper takes it
// for one that a crash left.
const SweepAge = 2 * time.Second

// Sweep heals up to limit cases whose derived data a crash left behind, and
// returns how many it healed.
func (s *Service) Sweep(ctx context.Context, limit int) (int, error) {
	return s.heal(ctx, Millis(s.Now()).Add(-SweepAge), limit)
}

// Heal heals all that a crash left behind, however young, and returns how many
// cases it healed. Those that cannot be healed are told in the error.
func (s *Service) Heal(ctx context.Context) (healed int, err error) {
	for {
		n, err := s.heal(ctx, Millis(s.Now()).Add(time.Hour), rebuildPage)
		if healed += n; err != nil || n == 0 {
			return healed, err
		}
	}
}

func (s *Service) heal(ctx context.Context, before time.Time, limit int) (int, error) {
	ids, err := s.Events.Unprojected(ctx, before, limit)
	if err != nil {
		return 0, fmt.Errorf("find unprojected cases: %w", err)
	}
	// One case that cannot be healed must not keep the others waiting.
	var errs []error
	for _, id := range ids {
		if err := s.Reproject(ctx, id); err != nil {
			errs = append(errs, fmt.Errorf("project case %s: %w", id, err))
		}
	}
	return len(ids) - len(errs), errors.Join(errs...)
}

// RunSweeper heals until ctx ends. One runs for each service.
func (s *Service) RunSweeper(ctx context.Context, every time.Duration) {
	s.sweeping.Store(true)
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { s.runMarks(ctx) })
	if n, err := s.Heal(ctx); err != nil && ctx.Err() == nil {
		s.Logger.WarnContext(ctx, "not all that a crash left can be healed", "error", err)
	} else if n > 0 {
		s.Logger.InfoContext(ctx, "healed what a crash had left", "cases", n)
	}
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		if n, err := s.Sweep(ctx, 500); err != nil && ctx.Err() == nil {
			s.Logger.WarnContext(ctx, "sweep failed", "error", err)
		} else if n > 0 {
			s.Logger.InfoContext(ctx, "healed projections", "cases", n)
		}
		if n, err := s.MarkRunOuts(ctx, 500); err != nil && ctx.Err() == nil {
			s.Logger.WarnContext(ctx, "not every clock that ran out could be marked", "error", err)
		} else if n > 0 {
			s.Logger.InfoContext(ctx, "clocks ran out", "cases", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// RowOf is the projection of a case.
func RowOf(c *Case, cal *clock.Calendar) Row {
	r := Row{
		ID: c.ID, Number: c.Number, Item: c.Item, Status: c.Status, Receiving: c.Receiving, Handling: c.Handling,
		Custodian: c.Custodian, SeenBy: c.SeenBy(), Queues: queuesOf(c), PartyRefs: c.PartyRefs, Unit: c.Unit,
		ReceivedBy: c.ReceivedBy, ReceivedAt: c.ReceivedAt, AcceptedAt: c.AcceptedAt, Updated: c.UpdatedAt,
		Seq: c.Seq, Head: c.Head,
	}
	if c.Offer != nil {
		r.OfferedTo = c.Offer.To
	}
	if c.First != nil {
		r.FirstReviewer = c.First.By.Person
	}
	names := make([]string, 0, len(c.Parties))
	for _, p := range c.Parties {
		names = append(names, MaskName(p.Name))
	}
	r.PartiesMasked = strings.Join(names, "、")
	r.Disposes = c.Disposes && c.EndedAt.IsZero()
	r.addClocks(c, cal)
	r.addRatings(c)
	return r
}

// queuesOf says in which work lists a case stands, of every agency that sees it.
func queuesOf(c *Case) []QueueKey {
	var keys []QueueKey
	for _, a := range c.SeenBy() {
		keys = append(keys, QueueAll.Key(a))
	}
	if c.Status == StatusClosed {
		keys = append(keys, QueueDone.Key(c.Custodian))
	} else {
		keys = append(keys, custodianQueue(c).Key(c.Custodian))
	}
	if c.Offer != nil {
		keys = append(keys, QueueOffered.Key(c.Offer.To))
	}
	if c.Window != c.Custodian {
		switch c.Status {
		case StatusCorrecting:
			keys = append(keys, QueueCorrection.Key(c.Window))
		case StatusClosed:
			keys = append(keys, QueueDone.Key(c.Window))
		default:
			keys = append(keys, QueueElsewhere.Key(c.Window))
		}
	}
	return keys
}

func custodianQueue(c *Case) Queue {
	if c.Offer != nil {
		return QueueOutgoing
	}
	switch c.Status {
	case StatusReceived:
		return QueueIntake
	case StatusArrived:
		return QueueAcceptance
	case StatusCorrecting:
		if c.Window == c.Custodian {
			return QueueCorrection
		}
		return QueueWaiting
	case StatusAccepted:
		return QueueFirst
	case StatusFirstReviewed:
		return QueueSecond
	case StatusSecondReviewed:
		return QueueDecision
	case StatusSuspended:
		return QueueStopped
	case StatusApproved:
		if c.Steps.Booking {
			return QueueBooking
		}
	}
	return QueueClosing
}
