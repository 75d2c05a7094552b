package hub

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tongban/hub/session"
)

// arrange makes the rooms of this node as a row says, and the recordings. What
// is so already is done again without harm; who is not connected is no fault.
func (k *SessionLoop) arrange(ctx context.Context, row *SessionRow, room *keptRoom) error {
	live := row.Live()
	main := RoomID(row.ID)
	if row.Chain.State.Over() {
		if room.closed || k.s.Rooms == nil {
			return nil
		}
		room.closed = true
		for talk := range live.Talks {
			_ = k.s.Rooms.Close(ctx, roomOf(row.ID, talk+1)) // it closes by itself when it is empty
		}
		return notMissing(k.s.Rooms.Close(ctx, main))
	}
	var errs []error
	if row.Locked != room.locked {
		errs = append(errs, notMissing(k.s.Rooms.Lock(ctx, main, row.Locked)))
		room.locked = row.Locked
	}
	for _, p := range live.People {
		was, known := room.arranged[p.Who]
		err := k.place(ctx, row, &live, p, was, known)
		if err = errors.Join(err, k.recordOne(ctx, row, room, p)); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", p.Who, err))
			continue
		}
		room.arranged[p.Who] = p
	}
	return errors.Join(errs...)
}

// notMissing takes a room or a person that is not there for done.
func notMissing(err error) error {
	if ErrorCode(err) == NotFound {
		return nil
	}
	return err
}

// place brings one person to where he is to be.
func (k *SessionLoop) place(ctx context.Context, row *SessionRow, live *session.Session, p, was session.Person, known bool) error {
	rooms, main := k.s.Rooms, RoomID(row.ID)
	here, before := roomOf(row.ID, p.Talk), roomOf(row.ID, was.Talk)
	switch {
	case !p.Here.Inside() && p.Here != session.AtDoor:
		if known && (was.Here.Inside() || was.Here == session.AtDoor) || !known && p.Moves > 0 {
			return notMissing(rooms.Remove(ctx, before, p.Who))
		}
		return nil
	case p.Here == session.AtDoor:
		return nil
	}
	if !known || !was.Here.Inside() {
		if err := notMissing(rooms.Admit(ctx, main, p.Who)); err != nil {
			return err
		}
		before = main
	}
	if here != before {
		if err := notMissing(rooms.Move(ctx, before, p.Who, here)); err != nil {
			return err
		}
	}
	return notMissing(rooms.Allow(ctx, here, p.Who, live.May(p.Who)))
}

// recordOne records everybody in the room who may be seen or heard, and nobody
// in a private talk.
func (k *SessionLoop) recordOne(ctx context.Context, row *SessionRow, room *keptRoom, p session.Person) error {
	want := p.Here == session.Admitted && p.Role != session.Observer
	if want == room.recording[p.Who] {
		return nil
	}
	var err error
	if want {
		err = k.s.Recorder.Start(ctx, row.ID, p.Who)
	} else {
		err = notMissing(k.s.Recorder.Stop(ctx, row.ID, p.Who))
	}
	if err == nil {
		room.recording[p.Who] = want
	}
	return err
}

// SweepSessions settles what crashes left of slots and lets appointments expire
// that nobody opened. It returns how many it dealt with.
func (s *Service) SweepSessions(ctx context.Context, limit int) (int, error) {
	now := Millis(s.Now())
	holds, err := s.Slots.PendingSlots(ctx, now.Add(-slotsPending), limit)
	if err != nil {
		return 0, fmt.Errorf("list pending slots: %w", err)
	}
	var errs []error
	for _, h := range holds {
		errs = append(errs, s.settle(ctx, h))
	}
	rows, err := s.Sessions.StaleSessions(ctx, now.Add(-session.DoorCloses), limit)
	if err != nil {
		return 0, fmt.Errorf("list stale sessions: %w", err)
	}
	for _, row := range rows {
		_, err := s.ExecuteForAgency(ctx, row.Custodian, Command{
			ID: CommandID(fmt.Sprintf("expired/%s/%d", row.ID, row.Seq)), Case: row.Case, Intent: CancelSession{Session: row.ID, Ground: "expired"},
		})
		if c := ErrorCode(err); c != SessionState && c != WrongState && c != CaseFrozen {
			errs = append(errs, err)
		}
	}
	return len(holds) + len(rows), errors.Join(errs...)
}

// slotsPending is how long an event may be on its way after its slots were
// taken. It is far longer than any request lasts.
const slotsPending = 2 * time.Minute

// settle lets a hold that no event followed be as the chain says. The hold was
// read before the chain, so an event that is later makes it a new one.
func (s *Service) settle(ctx context.Context, h SlotHold) error {
	c, _, err := s.load(ctx, h.Case)
	if err != nil {
		return fmt.Errorf("settle slots of session %s: %w", h.Session, err)
	}
	var keys []string
	var seq int64
	if x := c.Session(h.Session); x != nil {
		keys, seq = x.Keys(), x.Planned
	}
	if err := s.Slots.SettleSlots(ctx, h, keys, seq); err != nil && ErrorCode(err) != Conflict {
		return fmt.Errorf("settle slots of session %s: %w", h.Session, err)
	}
	return nil
}
