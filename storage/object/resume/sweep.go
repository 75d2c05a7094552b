package resume

import (
	"context"
	"crypto/rand"
	"time"

	"tongban/hub"
)

// sweepAtOnce bounds one look for expired uploads.
const sweepAtOnce = 100

// Sweep ends the uploads whose time is over and returns how many. Bytes that no
// record names any more are up to object.Store.Sweep.
func (s *Store) Sweep(ctx context.Context) (n int, err error) {
	for {
		ids, err := s.Records.Expired(ctx, s.Now(), sweepAtOnce)
		if err != nil {
			return n, err
		}
		ended := 0
		for _, id := range ids {
			ok, err := s.expire(ctx, id)
			if err != nil {
				return n, err
			}
			if ok {
				ended++
			}
		}
		n += ended
		if ended == 0 || len(ids) < sweepAtOnce {
			return n, nil
		}
	}
}

// expire ends one upload, unless a request or another node is at it.
func (s *Store) expire(ctx context.Context, id string) (bool, error) {
	holder, now := rand.Text(), s.Now()
	u, err := s.Records.Take(ctx, id, holder, now, now.Add(s.Lease))
	switch hub.ErrorCode(err) {
	case "":
	case hub.Conflict, hub.NotFound:
		return false, nil
	default:
		return false, err
	}
	return true, s.drop(ctx, &u, holder)
}

// Run sweeps until ctx ends.
func (s *Store) Run(ctx context.Context, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		if n, err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Logger.WarnContext(ctx, "sweep of abandoned uploads failed", "error", err)
		} else if n > 0 {
			s.Logger.InfoContext(ctx, "ended abandoned uploads", "count", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
