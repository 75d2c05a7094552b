package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tongban/hub/session"
)

// SessionNode is the node whose rooms a loop looks after.
type SessionNode struct {
	ID      string
	Address string // where people connect to it
}

// How long a node keeps a room without saying so again, how often it says so,
// and how often it writes the recording into the chain.
const (
	roomLease  = 6 * time.Second
	renewLease = 2 * time.Second
	flushEvery = 30 * time.Second
	ledAtOnce  = 500
	finishSoon = time.Second // after the first failure to finish, then twice as long each time, up to
	finishLate = 5 * time.Minute
)

// RunSessions looks after the sessions whose rooms this node has, until ctx
// ends: it takes rooms that no living node has, makes them as the chain says,
// starts and ends recordings, pauses a formal part whose recording is not
// proven, and writes what is stored into the chain. One runs for each node that
// has Rooms and a Recorder.
func (s *Service) RunSessions(ctx context.Context, node SessionNode) {
	k := NewSessionLoop(s, node)
	t := time.NewTicker(StallLook)
	defer t.Stop()
	for {
		if err := k.Look(ctx); err != nil && ctx.Err() == nil {
			s.Logger.WarnContext(ctx, "sessions are behind", "error", err)
		}
		select {
		case <-ctx.Done():
			k.giveUp(context.WithoutCancel(ctx))
			return
		case <-t.C:
		case <-s.awake:
		}
	}
}

// LookAfterSessions does once what RunSessions does again and again.
func (s *Service) LookAfterSessions(ctx context.Context, node SessionNode) error {
	return NewSessionLoop(s, node).Look(ctx)
}

// SessionLoop is RunSessions step by step. What it remembers can be lost: it is
// made again from the rows. It is used by one goroutine.
type SessionLoop struct {
	s     *Service
	node  SessionNode
	rooms map[session.ID]*keptRoom
}

type keptRoom struct {
	rev       int64
	flushed   time.Time
	since     map[session.Who]time.Time // when somebody was first seen in the formal part
	confirmed map[session.Who]time.Time // what was recorded of him before is stored
	arranged  map[session.Who]session.Person
	locked    bool
	recording map[session.Who]bool
	closed    bool
	again     time.Time     // when it is finished again after a failure
	wait      time.Duration // how long that was put off the last time
}

// NewSessionLoop begins with no memory.
func NewSessionLoop(s *Service, node SessionNode) *SessionLoop {
	return &SessionLoop{s: s, node: node, rooms: map[session.ID]*keptRoom{}}
}

// Look looks after every session once. What cannot be done for one does not
// keep the others waiting; it is in the error, and the next look tries again.
func (k *SessionLoop) Look(ctx context.Context) error {
	now := Millis(k.s.Now())
	rows, err := k.s.Sessions.LedSessions(ctx, k.node.ID, now, ledAtOnce)
	if err != nil {
		return fmt.Errorf("list sessions of node: %w", err)
	}
	led := map[session.ID]bool{}
	var errs []error
	for i := range rows {
		led[rows[i].ID] = true
		if err := k.one(ctx, &rows[i], now); err != nil {
			errs = append(errs, fmt.Errorf("session %s: %w", rows[i].ID, err))
		}
	}
	for id := range k.rooms {
		if !led[id] { // another node has it, or it is finished
			delete(k.rooms, id)
		}
	}
	return errors.Join(errs...)
}

// one looks after one session.
func (k *SessionLoop) one(ctx context.Context, row *SessionRow, now time.Time) error {
	mine, err := k.lease(ctx, row, now)
	if err != nil || !mine {
		return err
	}
	room := k.rooms[row.ID]
	if room == nil {
		room = &keptRoom{
			flushed: now, since: map[session.Who]time.Time{}, confirmed: map[session.Who]time.Time{},
			arranged: map[session.Who]session.Person{}, recording: map[session.Who]bool{},
		}
		k.rooms[row.ID] = room
	}
	var errs []error
	if row.Chain.State == session.Formal { // first of all: nothing counts that is not recorded
		errs = append(errs, k.watch(ctx, row, room, now))
	} else {
		clear(room.since)
	}
	if room.rev != row.Rev {
		if err := k.arrange(ctx, row, room); err != nil {
			errs = append(errs, err)
		} else {
			room.rev = row.Rev
		}
	}
	if row.Chain.State.Over() {
		return errors.Join(append(errs, k.finishAgain(ctx, row, room, now))...)
	}
	if row.Chain.State.Live() && (now.Sub(room.flushed) >= flushEvery || row.Chain.State == session.Paused && room.flushed.Before(row.Updated)) {
		if err := k.s.flush(ctx, row); err != nil {
			errs = append(errs, err)
		} else {
			room.flushed = now
		}
	}
	return errors.Join(errs...)
}

// lease takes or renews the room. Whoever loses the race leaves it alone.
func (k *SessionLoop) lease(ctx context.Context, row *SessionRow, now time.Time) (bool, error) {
	if row.Node == k.node.ID && row.LeaseUntil.Sub(now) > roomLease-renewLease {
		return true, nil
	}
	if row.Node != k.node.ID && row.LeaseUntil.After(now) {
		return false, nil
	}
	renewed := *row
	renewed.Node, renewed.Address, renewed.LeaseUntil = k.node.ID, k.node.Address, now.Add(roomLease)
	saved, err := k.s.Sessions.SaveSessionRow(ctx, renewed)
	if ErrorCode(err) == Conflict { // it changes at this moment: the lease that is left is good, or the next look takes it
		return row.Node == k.node.ID && row.LeaseUntil.After(now), nil
	}
	if err != nil {
		return row.Node == k.node.ID && row.LeaseUntil.After(now), err
	}
	if room := k.rooms[row.ID]; room != nil && room.rev == row.Rev && row.Node == k.node.ID {
		room.rev = saved.Rev // only the lease is new
	}
	*row = saved
	return true, nil
}

// watch pauses the formal part when the recording of somebody whom it is about
// is not proven. A recorder that does not answer proves nothing; who has only
// just come in has as long as a segment takes.
func (k *SessionLoop) watch(ctx context.Context, row *SessionRow, room *keptRoom, now time.Time) error {
	list, err := k.s.Recorder.Progress(ctx, row.ID)
	if err != nil {
		list = nil
	}
	for _, x := range list {
		room.confirmed[x.Who] = x.ConfirmedUntil
	}
	why, until := "", time.Time{}
	for _, p := range row.Chain.People {
		if p.Here != session.Admitted {
			delete(room.since, p.Who)
			continue
		}
		if i := slices.IndexFunc(list, func(x RecordingProgress) bool { return x.Who == p.Who }); i >= 0 && list[i].Stalled {
			why = list[i].Why
		}
		if !p.Role.MustRecord() {
			continue
		}
		if room.since[p.Who].IsZero() {
			room.since[p.Who] = now
		}
		proven := room.since[p.Who]
		if c := room.confirmed[p.Who]; c.After(proven) {
			proven = c
		}
		if until.IsZero() || proven.Before(until) {
			until = proven
		}
		if now.Sub(proven) > StallAfter && why == "" {
			if why = "not_confirmed"; err != nil {
				why = "recorder_silent"
			}
		}
	}
	if why == "" {
		return nil
	}
	if err := k.pause(ctx, row); err != nil {
		return err
	}
	return k.s.noteStall(ctx, row.ID, why, until)
}

func (k *SessionLoop) pause(ctx context.Context, row *SessionRow) error {
	_, err := k.s.ExecuteForAgency(ctx, row.Custodian, Command{
		ID: CommandID(fmt.Sprintf("stalled/%s/%d", row.ID, row.Seq)), Case: row.Case,
		Intent: TurnSession{Session: row.ID, Did: session.Pause, Cause: session.CauseRecording},
	})
	if ErrorCode(err) == SessionState { // paused already
		return nil
	}
	return err
}

// noteStall lets everybody see why the formal part stands still.
func (s *Service) noteStall(ctx context.Context, id session.ID, why string, until time.Time) error {
	row, err := s.Sessions.SessionRow(ctx, id)
	if err != nil {
		return err
	}
	row.Stalled, row.StalledWhy, row.ConfirmedTo = true, why, Millis(until)
	if _, err = s.Sessions.SaveSessionRow(ctx, row); ErrorCode(err) == Conflict {
		return nil // the pause itself tells the cause
	}
	return err
}

// finishAgain finishes, and after a failure not before some time: to read a
// damaged recording whole at every look would leave no time for the others.
func (k *SessionLoop) finishAgain(ctx context.Context, row *SessionRow, room *keptRoom, now time.Time) error {
	if now.Before(room.again) {
		return nil
	}
	err := k.finish(ctx, row)
	if err == nil {
		room.wait = 0
		return nil
	}
	room.wait = min(max(2*room.wait, finishSoon), finishLate)
	room.again = now.Add(room.wait)
	return err
}

// finish ends the recording of a session that is over: the rest of the
// segments, then the playable files, then the lease.
func (k *SessionLoop) finish(ctx context.Context, row *SessionRow) error {
	if row.Chain.State == session.Closed {
		for _, p := range row.Chain.People {
			if err := k.s.Recorder.Stop(ctx, row.ID, p.Who); err != nil && ErrorCode(err) != NotFound {
				return fmt.Errorf("stop recording: %w", err)
			}
		}
		if err := k.s.flush(ctx, row); err != nil {
			return err
		}
		files, done, err := k.s.Recorder.Finish(ctx, row.ID)
		if err != nil || !done {
			return err
		}
		if len(files) > 0 {
			_, err = k.s.ExecuteForAgency(ctx, row.Custodian, Command{
				ID: CommandID("finished/" + string(row.ID)), Case: row.Case, Intent: FinishRecording{row.ID, files},
			})
			if err != nil && ErrorCode(err) != SessionState {
				return err
			}
		}
	}
	return k.s.letRoomGo(ctx, row.ID, k.node.ID)
}

// letRoomGo gives the lease back; nothing is to be done for the session any more.
func (s *Service) letRoomGo(ctx context.Context, id session.ID, node string) error {
	row, err := s.Sessions.SessionRow(ctx, id)
	if err != nil || row.Node != node {
		return err
	}
	row.Node, row.Address, row.LeaseUntil = "", "", time.Time{}
	if _, err = s.Sessions.SaveSessionRow(ctx, row); ErrorCode(err) == Conflict {
		return nil // the next look does it
	}
	return err
}

// giveUp lets another node take the rooms at once when this one stops in order.
func (k *SessionLoop) giveUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for id := range k.rooms {
		row, err := k.s.Sessions.SessionRow(ctx, id)
		if err != nil || row.Node != k.node.ID {
			continue
		}
		row.LeaseUntil = Millis(k.s.Now())
		_, _ = k.s.Sessions.SaveSessionRow(ctx, row) // the lease runs out by itself
	}
}
