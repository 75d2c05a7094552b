package api

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tongban/hub"
)

// live tells listeners which rows changed. One goroutine asks the index for
// all of them, and only while somebody listens.
type live struct {
	s *Server

	mu   sync.Mutex // guards the fields below
	subs map[*listener]struct{}
	stop context.CancelFunc // of the poller; nil when none runs
}

// listener is one open stream. Its queue is bounded: when the client is too
// slow for it, batches are dropped and lost is set, and the client is told to
// load its lists again.
type listener struct {
	person hub.PersonID
	queue  chan batch
	lost   atomic.Bool
}

// batch is what one look at the index found. next is where to go on from.
type batch struct {
	rows []hub.Row
	next time.Time
}

const (
	listenerQueue = 64
	pollLimit     = 500
)

func newLive(s *Server) *live { return &live{s: s, subs: map[*listener]struct{}{}} }

func (l *live) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.subs)
}

// join adds a listener and starts the poller for the first. Errors: RateLimited.
func (l *live) join(p hub.PersonID) (*listener, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	own := 0
	for sub := range l.subs {
		if sub.person == p {
			own++
		}
	}
	if limits := l.s.cfg.Limits; own >= limits.PersonLive || len(l.subs) >= limits.Streams {
		return nil, hub.E(hub.RateLimited, "too many live streams are open")
	}
	sub := &listener{person: p, queue: make(chan batch, listenerQueue)}
	l.subs[sub] = struct{}{}
	if l.stop == nil {
		ctx, cancel := context.WithCancel(l.s.streams)
		l.stop = cancel
		l.s.work.Go(func() { l.poll(ctx) })
	}
	return sub, nil
}

// leave removes a listener and stops the poller after the last.
func (l *live) leave(sub *listener) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.subs, sub)
	if len(l.subs) == 0 && l.stop != nil {
		l.stop()
		l.stop = nil
	}
}

// poll asks the index until ctx ends, from where the index stands now. The
// index shows recent rows again and again, so that none is missed that was
// written late; what was published before is left out here.
func (l *live) poll(ctx context.Context) {
	var since time.Time
	limit := 0 // no rows, only where the index stands
	seen := map[hub.CaseID]int64{}
	tick := time.NewTicker(l.s.cfg.Limits.Poll)
	defer tick.Stop()
	failing := false
	for {
		rows, next, err := l.s.cfg.Index.Changed(ctx, since, limit)
		if ctx.Err() != nil {
			return
		}
		if err != nil && !failing {
			l.s.cfg.Logger.WarnContext(ctx, "live updates are behind", "error", err)
		}
		if failing = err != nil; !failing {
			since, limit = next, pollLimit
			fresh := news(rows, seen)
			if len(fresh) > 0 {
				l.publish(batch{fresh, next})
			}
			if len(fresh) >= pollLimit {
				continue
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// news leaves out the rows that the look before showed in the same state, and
// makes seen the state of this look.
func news(rows []hub.Row, seen map[hub.CaseID]int64) []hub.Row {
	var fresh []hub.Row
	for _, r := range rows {
		if seen[r.ID] != r.Seq {
			fresh = append(fresh, r)
		}
	}
	clear(seen)
	for _, r := range rows {
		seen[r.ID] = r.Seq
	}
	return fresh
}

func (l *live) publish(b batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for sub := range l.subs {
		select {
		case sub.queue <- b:
		default:
			sub.lost.Store(true)
		}
	}
}

// sees evaluates a scope for one row, as the index does for a list.
func sees(s hub.Scope, r *hub.Row) bool {
	if s.Nothing || s.NeverFor != "" && slices.Contains(r.PartyRefs, s.NeverFor) {
		return false
	}
	return s.Everyone ||
		slices.ContainsFunc(s.Agencies, func(a hub.AgencyID) bool { return slices.Contains(r.SeenBy, a) }) ||
		slices.ContainsFunc(s.Parties, func(p hub.PartyRef) bool { return slices.Contains(r.PartyRefs, p) })
}
