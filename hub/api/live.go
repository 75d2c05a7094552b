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
	// pollBack is how far back the first look goes: clocks differ a little, and
	// hearing of a change twice is harmless.
	pollBack = 5 * time.Second
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

// poll asks the index until ctx ends.
func (l *live) poll(ctx context.Context) {
	since := l.s.cfg.Now().Add(-pollBack)
	tick := time.NewTicker(l.s.cfg.Limits.Poll)
	defer tick.Stop()
	failing := false
	for {
		rows, next, err := l.s.cfg.Index.Changed(ctx, since, pollLimit)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			l.s.cfg.Logger.WarnContext(ctx, "live updates are behind", "error", err)
		case err == nil && len(rows) > 0:
			l.publish(batch{rows, next})
		}
		if failing = err != nil; !failing {
			since = next
			if len(rows) == pollLimit {
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
