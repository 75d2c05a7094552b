package hub

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tongban/hub/clock"
)

// office is the working time of an agency.
func (s *Service) office(_ context.Context, a AgencyID) *clock.Office {
	return s.Calendar.Office(string(a))
}

// CaseClock is one clock of a case as it stands. Both places are shown the
// same: it is read from the chain and the handling place's calendar alone.
type CaseClock struct {
	Kind  ClockKind
	Days  int // working days it gives
	Start time.Time
	clock.Reading
}

// Clocks reads the clocks of a case at a time.
func (s *Service) Clocks(ctx context.Context, c *Case, now time.Time) []CaseClock {
	o := s.office(ctx, c.responsible())
	var out []CaseClock
	for _, k := range c.clocks() {
		out = append(out, CaseClock{ClockKind(k.Kind), k.Days, k.Start, o.Read(k, now)})
	}
	return out
}

// responsible is whose working days count: the handling place's, as far as it is known.
func (c *Case) responsible() AgencyID {
	if c.Handling != "" {
		return c.Handling
	}
	return c.Custodian
}

// clocks derives the clocks of a case from its chain alone.
func (c *Case) clocks() []clock.Clock {
	var out []clock.Clock
	if c.Answer > 0 {
		out = append(out, clock.Clock{Kind: string(ClockAnswer), Start: c.ReceivedAt, Days: c.Answer, End: c.answeredAt()})
	}
	if c.AcceptedAt.IsZero() {
		return out
	}
	start := c.AcceptedAt
	if t := c.DeemedAcceptedAt(); !t.IsZero() && t.Before(start) {
		start = t
	}
	stops := c.stops(start)
	for _, k := range []struct {
		kind ClockKind
		days int
	}{{ClockPromised, c.Steps.Promised}, {ClockStatutory, c.Steps.Statutory}} {
		if k.days > 0 {
			out = append(out, clock.Clock{Kind: string(k.kind), Start: start, Days: k.days, Stops: stops, End: c.EndedAt})
		}
	}
	return out
}

// answeredAt is when the handling place first answered: it accepted, asked for
// a supplement or refused; or the case ended otherwise. Zero: not yet.
func (c *Case) answeredAt() time.Time {
	at := c.EndedAt
	if t := c.AcceptedAt; !t.IsZero() && (at.IsZero() || t.Before(at)) {
		at = t
	}
	if len(c.Supplements) > 0 {
		if t := c.Supplements[0].AskedAt; at.IsZero() || t.Before(at) {
			at = t
		}
	}
	return at
}

// stops is the time that is not counted: waiting for the applicant, public
// notice, suspension.
func (c *Case) stops(from time.Time) []clock.Stop {
	var out []clock.Stop
	add := func(why string, at, until time.Time) {
		if until.IsZero() || until.After(from) {
			out = append(out, clock.Stop{From: at, Until: until, Why: why})
		}
	}
	for _, s := range c.Supplements {
		add("supplement", s.AskedAt, s.AnswerAt)
	}
	if n := c.Notice; n != nil {
		add("notice", n.At, n.EndedAt)
	}
	for _, s := range c.Suspensions {
		add("suspension", s.At, s.EndedAt)
	}
	return out
}

// markEnd notes when the case's handling came to its end.
func (c *Case) markEnd(at time.Time) {
	if !c.EndedAt.IsZero() {
		return
	}
	switch c.Status {
	case StatusRefused, StatusRejected, StatusWithdrawn, StatusBooked, StatusClosed:
		c.EndedAt = at
	case StatusApproved:
		if !c.Steps.Booking {
			c.EndedAt = at
		}
	}
}

// addClocks puts into a row what its lists and alarms need. Everything in it
// follows from the chain and the calendar, not from the hour of the day.
func (r *Row) addClocks(c *Case, cal *clock.Calendar) {
	o := cal.Office(string(c.responsible()))
	for _, k := range c.clocks() {
		first := o.Read(k, k.Start)
		if !k.End.IsZero() || first.Due.IsZero() {
			continue // ended, or stopped for now
		}
		if !c.hasRunOut(ClockKind(k.Kind)) && (r.RunOut.IsZero() || first.Due.Before(r.RunOut)) {
			r.RunOut = first.Due
		}
		if r.Clock != "" && !c.hasRunOut(r.Clock) {
			continue // an earlier clock still runs
		}
		r.Clock, r.ClockOf, r.Due, r.Provisional = ClockKind(k.Kind), c.SeenBy(), first.Due, first.Provisional
		r.Half, r.Eighty = alarms(o, k)
	}
}

// alarms are the instants at which a clock stands at 50 and 80 %.
func alarms(o *clock.Office, k clock.Clock) (half, eighty time.Time) {
	at := k.Start
	for range 3 {
		next := o.Read(k, at).NextAlarm
		if next.IsZero() {
			return half, eighty
		}
		switch o.Read(k, next).Level {
		case 50:
			half = Millis(next)
		case 80:
			eighty = Millis(next)
		}
		at = next
	}
	return half, eighty
}

// Level is how far the row's clock is at a time: 0, 50, 80 or 100 percent.
func (r *Row) Level(now time.Time) int {
	switch {
	case r.Clock == "":
		return 0
	case !now.Before(r.Due):
		return 100
	case !r.Eighty.IsZero() && !now.Before(r.Eighty):
		return 80
	case !r.Half.IsZero() && !now.Before(r.Half):
		return 50
	}
	return 0
}

// DueCases lists the running clocks of the actor's own agency that stand at
// least at a level (0, 50, 80 or 100 percent) at a time, earliest end first.
func (s *Service) DueCases(ctx context.Context, actor Actor, level int, now time.Time, limit int) ([]Row, error) {
	if err := s.Policy.Authorize(actor, CaseList, nil); err != nil {
		return nil, err
	}
	return s.Index.Due(ctx, s.Policy.Scope(actor), actor.Agency, level, now, limit)
}

// MarkRunOuts lets the chains of cases say that a clock of theirs has run out,
// and returns how many did. A case that is frozen says so later.
func (s *Service) MarkRunOuts(ctx context.Context, limit int) (int, error) {
	now := Millis(s.Now())
	rows, err := s.Index.RunOut(ctx, now, limit)
	if err != nil {
		return 0, fmt.Errorf("find clocks that ran out: %w", err)
	}
	var errs []error
	n := 0
	for _, r := range rows {
		done, err := s.markRunOut(ctx, r, now)
		if n += done; err != nil {
			errs = append(errs, fmt.Errorf("case %s: %w", r.ID, err))
		}
	}
	return n, errors.Join(errs...)
}

func (s *Service) markRunOut(ctx context.Context, r Row, now time.Time) (int, error) {
	c, _, err := s.load(ctx, r.ID)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, k := range s.Clocks(ctx, c, now) {
		if k.Due.IsZero() || now.Before(k.Due) || k.State != clock.Overdue || c.hasRunOut(k.Kind) {
			continue
		}
		_, err := s.ExecuteForAgency(ctx, c.Custodian, Command{
			ID: CommandID("hub.run-out." + string(k.Kind)), Case: c.ID, Intent: MarkRunOut{Clock: k.Kind, Due: k.Due},
		})
		switch ErrorCode(err) {
		case "":
			n++
		case CaseFrozen, WrongState: // later, or not any more
		default:
			return n, err
		}
	}
	return n, nil
}
