package resume

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"

	"tongban/hub"
)

// lock is the right of one request to write to one upload, on any node. It is
// a lease in the record: a holder that dies is given up when it is not heard of
// for a while, and one that is stalled is asked to let go. The lease keeps the
// order; that no byte is lost is up to Records.Save and the numbers of parts,
// which hold even if two nodes believe to have it.
type lock struct {
	s      *Store
	id     string
	holder string
	stop   context.CancelFunc
	alive  sync.WaitGroup
}

var (
	_ handler.Locker = (*Store)(nil)
	_ handler.Lock   = (*lock)(nil)
)

// NewLock implements [handler.Locker].
func (s *Store) NewLock(id string) (handler.Lock, error) { return &lock{s: s, id: id}, nil }

// pollLock is how often a waiting request looks again.
const pollLock = 100 * time.Millisecond

// Lock implements [handler.Lock]. It waits until ctx ends. Whose upload it is
// is looked at first, so that nobody disturbs another agency's.
func (l *lock) Lock(ctx context.Context, requestUnlock func()) error {
	x := exchangeOf(ctx)
	if err := l.s.mayTouch(ctx, x.who, l.id); err != nil {
		return x.fail(err)
	}
	holder := rand.Text()
	tick := time.NewTicker(pollLock)
	defer tick.Stop()
	for {
		now := l.s.Now()
		u, err := l.s.Records.Take(ctx, l.id, holder, now, now.Add(l.s.Lease))
		if err == nil {
			l.holder, x.holder, x.upload = holder, holder, &u
			break
		}
		if hub.ErrorCode(err) != hub.Conflict {
			return x.fail(err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			_ = x.fail(hub.E(hub.Conflict, "another request is writing to this upload"))
			return handler.NewError("ERR_OURS", "", http.StatusLocked)
		}
	}
	live, stop := context.WithCancel(context.WithoutCancel(ctx))
	l.stop = stop
	l.alive.Go(func() { l.hold(live, x, requestUnlock) })
	return nil
}

// mayTouch is NotFound for uploads of other agencies and those whose time is over.
func (s *Store) mayTouch(ctx context.Context, who hub.Actor, id string) error {
	gone := hub.E(hub.NotFound, "no such upload")
	if !wellFormed(id) {
		return gone
	}
	u, err := s.Records.Read(ctx, id)
	if err != nil {
		return err
	}
	if u.Agency != who.Agency || !u.Expires.After(s.Now()) {
		return gone
	}
	return nil
}

// hold tells three times in a lease that the holder lives, and lets it go when
// somebody else waits for the upload or has it.
func (l *lock) hold(ctx context.Context, x *exchange, requestUnlock func()) {
	tick := time.NewTicker(l.s.Lease / 6)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		wanted, err := l.s.Records.Hold(ctx, l.id, l.holder, l.s.Now().Add(l.s.Lease))
		if (wanted || hub.ErrorCode(err) == hub.Conflict) && x.reading.Load() {
			requestUnlock()
			return
		}
	}
}

// unlockTimeout bounds what follows after a request has ended.
const unlockTimeout = 5 * time.Second

// Unlock implements [handler.Lock]. A lease that cannot be given back runs out.
func (l *lock) Unlock() error {
	l.stop()
	l.alive.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), unlockTimeout)
	defer cancel()
	err := l.s.Records.Release(ctx, l.id, l.holder)
	if err != nil {
		l.s.Logger.WarnContext(ctx, "an upload was not let go", "upload", l.id, "error", err)
	}
	return err
}
