package hub

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"tongban/hub/session"
)

// live is a session with presence over what the chain says.
func (s *Service) live(ctx context.Context, x *Session) (session.Session, error) {
	row, err := s.Sessions.SessionRow(ctx, x.ID)
	if ErrorCode(err) == NotFound {
		return x.Now, nil
	}
	if err != nil {
		return session.Session{}, fmt.Errorf("session %s: %w", x.ID, err)
	}
	row.Chain = x.Now // the chain may be further than the row
	return row.Live(), nil
}

// chain writes into a row what the chain says.
func (r *SessionRow) chain(c *Case, x *Session) {
	r.ID, r.Case, r.Number, r.Seq, r.Chain = x.ID, c.ID, c.Number, c.Seq, x.Now
	r.Slot, r.Window, r.Room, r.Custodian = x.Plan.Slot(), x.Plan.Window, x.Plan.Room, c.Custodian
	r.Agencies, r.Officers, r.Host, r.Windows = c.SeenBy(), nil, "", nil
	if r.Window != "" {
		r.Windows = []string{r.Window}
	}
	for _, seat := range x.Plan.People {
		if seat.Person == "" {
			continue
		}
		r.Officers = append(r.Officers, seat.Person)
		if p := x.Now.Person(seat.Who); p != nil && p.Role == session.Host {
			r.Host = seat.Person
		}
	}
	if x.Now.State.Over() {
		r.Draft, r.Confirmed, r.Locked, r.Stalled, r.LeaseUntil = nil, nil, false, false, time.Time{}
		r.ReadBack, r.ReadDigest = time.Time{}, ""
		for w, d := range r.Door {
			d.Help = ""
			r.Door[w] = d
		}
	}
	live := r.Live()
	r.State = live.State
}

// projectSessions writes the rows of a case's sessions, and what they hold of
// people's and rooms' time.
func (s *Service) projectSessions(ctx context.Context, c *Case, events []*Event) error {
	about := slices.ContainsFunc(events, func(e *Event) bool {
		return strings.HasPrefix(string(e.Kind), "session.") || e.Kind == KindOffered || e.Kind == KindCustodyAccepted || e.Kind == KindCustodyDeclined
	})
	if !about {
		return nil
	}
	for i := range c.Sessions {
		x := &c.Sessions[i]
		err := s.Slots.KeepSlots(ctx, x.ID, c.ID, x.Keys(), x.Planned)
		if ErrorCode(err) == Conflict { // its command slept through the sweep; people must settle it, and the case goes on
			s.Logger.ErrorContext(ctx, "a session holds time that another has", "case_id", c.ID, "session", x.ID)
			err = nil
		}
		if err != nil {
			return fmt.Errorf("slots of session %s: %w", x.ID, err)
		}
		if err := s.updateRow(ctx, c, x, nil); err != nil {
			return fmt.Errorf("row of session %s: %w", x.ID, err)
		}
	}
	s.wake()
	return nil
}

// rewriteSessions makes the rows of a case's sessions anew from its chain; who
// is at the door stays there.
func (s *Service) rewriteSessions(ctx context.Context, c *Case) error {
	for i := range c.Sessions {
		x := &c.Sessions[i]
		if err := s.updateRow(ctx, c, x, func(row *SessionRow) error { row.chain(c, x); return nil }); err != nil {
			return fmt.Errorf("row of session %s: %w", x.ID, err)
		}
	}
	return nil
}

// checkSessions compares the rows of a case's sessions with its chain.
func (s *Service) checkSessions(ctx context.Context, c *Case, found func(string, ...any)) error {
	for i := range c.Sessions {
		x := &c.Sessions[i]
		row, err := s.Sessions.SessionRow(ctx, x.ID)
		if ErrorCode(err) == NotFound {
			found("session %s has no row", x.ID)
			continue
		}
		if err != nil {
			return fmt.Errorf("read row of session: %w", err)
		}
		if !reflect.DeepEqual(row.Chain, x.Now) || row.Slot != x.Plan.Slot() {
			found("the row of session %s differs from the chain", x.ID)
		}
	}
	return nil
}

// updateRow changes a row over the newest state of the chain, again after a
// lost race. A row only goes forward.
func (s *Service) updateRow(ctx context.Context, c *Case, x *Session, change func(*SessionRow) error) error {
	for attempt := range maxAttempts {
		if attempt > 0 {
			if err := pause(ctx, attempt); err != nil {
				return err
			}
		}
		row, err := s.Sessions.SessionRow(ctx, x.ID)
		if err != nil && ErrorCode(err) != NotFound {
			return err
		}
		if row.Rev == 0 || row.Seq < c.Seq {
			row.chain(c, x)
		} else if change == nil {
			return nil
		}
		if row.Door == nil {
			row.Door = map[session.Who]SessionDoor{}
		}
		if change != nil {
			if err := change(&row); err != nil {
				return err
			}
			live := row.Live()
			row.State = live.State
		}
		row.Updated = Millis(s.Now())
		if _, err = s.Sessions.SaveSessionRow(ctx, row); ErrorCode(err) != Conflict {
			return err
		}
	}
	return E(Conflict, "the session is changing; try again")
}

// wake lets the loop look after sessions now.
func (s *Service) wake() {
	select {
	case s.awake <- struct{}{}:
	default:
	}
}

// seated loads a case and a session for somebody who takes part in it.
func (s *Service) seated(ctx context.Context, a Actor, id CaseID, sid session.ID) (*Case, *Session, session.Who, error) {
	c, _, err := s.load(ctx, id)
	if err != nil {
		return nil, nil, "", err
	}
	if err := s.Policy.Authorize(a, SessionJoin, c); err != nil {
		return nil, nil, "", err
	}
	x := c.Session(sid)
	if x == nil {
		return nil, nil, "", E(NotFound, "the case has no such session")
	}
	who := x.SeatOfActor(a)
	if who == "" {
		return nil, nil, "", E(Forbidden, "you take no part in this session")
	}
	return c, x, who, nil
}

// atDoor changes one's own presence.
func (s *Service) atDoor(ctx context.Context, a Actor, id CaseID, sid session.ID, change func(*SessionRow, *session.Session, session.Who) error) error {
	c, x, who, err := s.seated(ctx, a, id, sid)
	if err != nil {
		return err
	}
	defer s.wake()
	return s.updateRow(ctx, c, x, func(row *SessionRow) error {
		live := row.Live()
		return change(row, &live, who)
	})
}

// say applies a message that is presence only.
func (r *SessionRow) say(live *session.Session, m session.Message, now time.Time) error {
	to, err := live.Apply(m)
	if err != nil {
		return sessionError(err)
	}
	r.Locked = to.Locked
	if m.On == "" {
		m.On = m.By
	}
	if p := to.Person(m.On); p != nil {
		d := r.Door[m.On]
		d.Door, d.Since = session.Door{Here: p.Here, Moves: p.Moves}, now
		r.Door[m.On] = d
	}
	*live = to
	return nil
}

// TestDevices keeps the result of the self-test. While the door is open it also
// says that the person is there.
func (s *Service) TestDevices(ctx context.Context, a Actor, id CaseID, sid session.ID, t SelfTest) error {
	if err := oneOf("/score", t.Score, "good", "okay", "bad"); err != nil {
		return err
	}
	now := Millis(s.Now())
	t.At = now
	return s.atDoor(ctx, a, id, sid, func(row *SessionRow, live *session.Session, who session.Who) error {
		if live.State.Over() {
			return sessionError(&session.Error{Reason: session.NotNow})
		}
		if p := live.Person(who); row.doorOpen(now) && !p.Here.Inside() && p.Here != session.Removed {
			if err := row.say(live, session.Message{Act: session.Arrive, By: who}, now); err != nil {
				return err
			}
		}
		d := row.Door[who]
		d.Test, d.Seen = t, now
		row.Door[who] = d
		return nil
	})
}

func (r *SessionRow) doorOpen(now time.Time) bool {
	return !now.Before(r.Slot.From.Add(-session.DoorOpens)) && (r.Chain.State.Live() || now.Before(r.Slot.To.Add(session.DoorCloses)))
}

// WaitForSession brings somebody to the waiting room. Who is no officer has
// consented and tested before.
func (s *Service) WaitForSession(ctx context.Context, a Actor, id CaseID, sid session.ID) error {
	now := Millis(s.Now())
	return s.atDoor(ctx, a, id, sid, func(row *SessionRow, live *session.Session, who session.Who) error {
		if !row.doorOpen(now) {
			return sessionState("door_closed", nil)
		}
		p := live.Person(who)
		if p.Here == session.AtDoor {
			return nil
		}
		if !p.Role.Officer() && row.Door[who].Test.Score == "" {
			return sessionState("not_tested", nil)
		}
		if p.Here != session.Testing {
			if err := row.say(live, session.Message{Act: session.Arrive, By: who}, now); err != nil {
				return err
			}
		}
		return row.say(live, session.Message{Act: session.Ready, By: who}, now)
	})
}

// LeaveDoor takes somebody away who is not in the room. It reports false for
// who is: then leaving is an event of the chain.
func (s *Service) LeaveDoor(ctx context.Context, a Actor, id CaseID, sid session.ID) (done bool, err error) {
	now := Millis(s.Now())
	err = s.atDoor(ctx, a, id, sid, func(row *SessionRow, live *session.Session, who session.Who) error {
		if done = !live.Person(who).Here.Inside(); !done {
			return nil
		}
		return row.say(live, session.Message{Act: session.Leave, By: who}, now)
	})
	return done, err
}

// LockSession keeps everybody from being admitted, or no more.
func (s *Service) LockSession(ctx context.Context, a Actor, id CaseID, sid session.ID, on bool) error {
	act := session.Unlock
	if on {
		act = session.Lock
	}
	return s.atDoor(ctx, a, id, sid, func(row *SessionRow, live *session.Session, who session.Who) error {
		to, err := live.Apply(session.Message{Act: act, By: who})
		row.Locked = err == nil && to.Locked
		return sessionError(err)
	})
}

// CallForHelp asks the supervisor to come, or with "" no more.
func (s *Service) CallForHelp(ctx context.Context, a Actor, id CaseID, sid session.ID, text string) error {
	text, err := short("/text", text, 200, false)
	if err != nil {
		return err
	}
	now := Millis(s.Now())
	return s.atDoor(ctx, a, id, sid, func(row *SessionRow, live *session.Session, who session.Who) error {
		if text != "" && !live.May(who).Ask && live.Person(who).Role != session.Host {
			return sessionError(&session.Error{Reason: session.NotYours})
		}
		d := row.Door[who]
		d.Help, d.HelpAt, d.Seen = text, now, now
		row.Door[who] = d
		return nil
	})
}

// ShowInSession lets everybody in the session look at a material of the case.
// Where on it they look is a message of the room (session.Show).
func (s *Service) ShowInSession(ctx context.Context, r Reading, id CaseID, sid session.ID, m MaterialID) error {
	c, x, who, err := s.seated(ctx, r.Actor, id, sid)
	if err != nil {
		return err
	}
	if mat, ok := c.Material(m); !ok || mat.Removed || mat.Superseded {
		return E(NotFound, "the case has no such material in force")
	}
	if err := s.record(ctx, r, id, "shown", string(m)); err != nil {
		return err
	}
	return s.updateRow(ctx, c, x, func(row *SessionRow) error {
		live := row.Live()
		if !live.May(who).Show {
			return sessionError(&session.Error{Reason: session.NotYours})
		}
		if !slices.Contains(row.Shown, m) {
			row.Shown = append(row.Shown, m)
		}
		return nil
	})
}

// ReportNetwork notes how somebody's connection is, for the live board. The
// node of the room says so.
func (s *Service) ReportNetwork(ctx context.Context, sid session.ID, who session.Who, loss float64, kbps int) error {
	row, err := s.Sessions.SessionRow(ctx, sid)
	if err != nil {
		return err
	}
	d, ok := row.Door[who]
	if !ok && row.Chain.Person(who) == nil {
		return E(NotFound, "nobody of that id takes part in this session")
	}
	if row.Door == nil {
		row.Door = map[session.Who]SessionDoor{}
	}
	d.Loss, d.Kbps, d.Seen = loss, kbps, Millis(s.Now())
	row.Door[who] = d
	if _, err = s.Sessions.SaveSessionRow(ctx, row); ErrorCode(err) == Conflict {
		return nil // the next report comes soon
	}
	return err
}

// Gone says that somebody's connection is lost for good: he has left, in the
// chain if he was in the room. The node of the room says so.
func (s *Service) Gone(ctx context.Context, sid session.ID, who session.Who) error {
	row, err := s.Sessions.SessionRow(ctx, sid)
	if err != nil {
		return err
	}
	c, _, err := s.load(ctx, row.Case)
	if err != nil {
		return err
	}
	x := c.Session(sid)
	if x == nil || x.Now.Person(who) == nil {
		return E(NotFound, "nobody of that id takes part in this session")
	}
	if p := x.Now.Person(who); p.Here.Inside() {
		_, err = s.ExecuteForAgency(ctx, c.Custodian, Command{
			ID: CommandID(fmt.Sprintf("gone/%s/%s/%d", sid, who, p.Moves)), Case: c.ID,
			Intent: MoveInSession{Session: sid, Did: session.Leave, Who: who},
		})
		return err
	}
	return s.updateRow(ctx, c, x, func(row *SessionRow) error {
		live := row.Live()
		if p := live.Person(who); p.Here != session.Testing && p.Here != session.AtDoor {
			return nil
		}
		return row.say(&live, session.Message{Act: session.Leave, On: who}, Millis(s.Now()))
	})
}
