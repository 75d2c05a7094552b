package record

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"time"
)

// writer stores segments one after the other, in its own goroutine.
//
// Drop rule: at most cfg.MaxQueue bytes wait. A segment that does not fit is
// refused whole, and the lane states the gap. A segment that waits is tried
// until it is stored or the recorder is told to end: it has no number before
// its turn comes, so that numbers have no holes.
type writer struct {
	cfg  *Config
	now  func() time.Time
	wake chan struct{} // 1 slot
	stop context.CancelFunc
	done chan struct{}

	mu     sync.Mutex
	queue  []*draft         // guarded by mu
	bytes  int              // guarded by mu: of the queue and the one being written
	ending bool             // guarded by mu: no more will come
	failed time.Time        // guarded by mu: since when the sink refuses; zero: it does not
	died   bool             // guarded by mu: a goroutine of the recorder panicked
	lanes  [lanes]laneState // guarded by mu
}

// laneState is how far a lane is stored.
type laneState struct {
	active    bool
	since     time.Time // when it became active, by the hub's clock
	confirmed time.Time // everything before is stored; at first, the lane's start
	last      Segment   // Index 0: none of this recorder yet
	index     int
	digest    []byte
}

func newWriter(cfg *Config, now func() time.Time) *writer {
	ctx, stop := context.WithCancel(context.Background())
	w := &writer{cfg: cfg, now: now, wake: make(chan struct{}, 1), stop: stop, done: make(chan struct{})}
	go w.run(ctx)
	return w
}

// enqueue takes a segment; false when there is no room.
func (w *writer) enqueue(d *draft) bool {
	size := len(d.media) + len(d.init) + 1024
	w.mu.Lock()
	ok := w.bytes+size <= w.cfg.MaxQueue
	if ok {
		w.queue = append(w.queue, d)
		w.bytes += size
	}
	w.mu.Unlock()
	w.ring()
	return ok
}

func (w *writer) ring() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// follow says whether a lane is recorded now. Its age counts from then on.
func (w *writer) follow(l Lane, active bool, start, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &w.lanes[l]
	if active && !s.active {
		s.since = now
		if s.confirmed.Before(start) {
			s.confirmed = start
		}
	}
	s.active = active
}

// end lets the writer stop when everything is written.
func (w *writer) end() {
	w.mu.Lock()
	w.ending = true
	w.mu.Unlock()
	w.ring()
}

func (w *writer) run(ctx context.Context) {
	defer close(w.done)
	defer func() {
		if p := recover(); p != nil {
			w.cfg.Logger.Error("recorder's writer failed", "panic", p)
			w.mu.Lock()
			w.died = true
			w.mu.Unlock()
		}
	}()
	for {
		w.mu.Lock()
		var d *draft
		if len(w.queue) > 0 {
			d = w.queue[0]
		}
		ending := w.ending
		w.mu.Unlock()
		switch {
		case d != nil:
			if !w.store(ctx, d) {
				return
			}
		case ending:
			return
		default:
			select {
			case <-w.wake:
			case <-ctx.Done():
				return
			}
		}
	}
}

// store writes one segment, however often it takes; false when told to stop.
func (w *writer) store(ctx context.Context, d *draft) bool {
	w.mu.Lock()
	s := w.lanes[d.lane]
	w.mu.Unlock()
	n := s.index + 1
	object, err := d.seal(n, s.last.Index, s.digest, w.cfg.Hash)
	if err != nil {
		w.cfg.Logger.Error("recording segment cannot be made", "error", err)
		return false
	}
	if d.initKey != "" && !w.putUntilStored(ctx, d.initKey, d.init) {
		return false
	}
	key := segmentKey(w.cfg.Prefix, d.lane, n, d.head.Container)
	if !w.putUntilStored(ctx, key, object) {
		return false
	}
	h := w.cfg.Hash.New()
	h.Write(object)
	seg := d.head.segment(d.lane, key, h.Sum(nil), int64(len(object)))

	w.mu.Lock()
	w.queue[0] = nil
	w.queue = w.queue[1:]
	w.bytes -= len(d.media) + len(d.init) + 1024
	st := &w.lanes[d.lane]
	st.index, st.digest, st.last = n, seg.Digest, seg
	if st.confirmed.Before(seg.To) {
		st.confirmed = seg.To
	}
	w.mu.Unlock()
	if w.cfg.OnSegment != nil {
		w.cfg.OnSegment(seg)
	}
	return true
}

// putUntilStored repeats a write until it succeeds; false when told to stop.
func (w *writer) putUntilStored(ctx context.Context, key string, b []byte) bool {
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		err := w.put(ctx, key, b)
		if err == nil {
			w.mark(nil)
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		w.mark(err)
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return false
		}
	}
}

// put writes once, with a deadline that holds even if the sink ignores it: the
// refusal is marked then, but the next write waits until this one is back.
func (w *writer) put(ctx context.Context, key string, b []byte) error {
	ctx, cancel := context.WithTimeout(ctx, w.cfg.WriteTimeout)
	defer cancel()
	back := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				back <- fail(ReasonStorage, key, nil)
			}
		}()
		back <- w.cfg.Sink.Put(ctx, key, bytes.NewReader(b), int64(len(b)))
	}()
	select {
	case err := <-back:
		return err
	case <-ctx.Done():
		w.mark(ctx.Err())
		return <-back
	}
}

// mark notes since when the sink refuses.
func (w *writer) mark(err error) {
	w.mu.Lock()
	first := err != nil && w.failed.IsZero()
	if err == nil {
		w.failed = time.Time{}
	} else if first {
		w.failed = w.now()
	}
	w.mu.Unlock()
	if first {
		w.cfg.Logger.Warn("object store refuses a recording", slog.Any("error", err))
	}
}

// StallReason says why a recording is not confirmed. The list is closed.
type StallReason string

// The reasons.
const (
	StallRefused StallReason = "storage_refused" // writes have failed for a second, or a deadline passed
	StallSlow    StallReason = "storage_slow"    // media are unconfirmed for longer than StallAfter
	StallFailed  StallReason = "recorder_failed" // a fault of the program; the recorder has ended
)

// Progress is how far a recording is proven.
type Progress struct {
	Recording      bool      // some lane has begun and has tracks
	ConfirmedUntil time.Time // everything recorded before is stored; the earliest of the lanes that record
	Last           Segment   // the newest stored segment; Index 0: none yet
	Stalled        bool
	StalledSince   time.Time
	Reason         StallReason
	Waiting        int // bytes that wait for storage
}

func (w *writer) progress(now time.Time) Progress {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := Progress{Waiting: w.bytes}
	counts := now // from when the age of unconfirmed media counts
	for _, s := range w.lanes {
		if s.last.To.After(p.Last.To) {
			p.Last = s.last
		}
		if !s.active {
			continue
		}
		if !p.Recording || s.confirmed.Before(p.ConfirmedUntil) {
			p.ConfirmedUntil = s.confirmed
		}
		p.Recording = true
		if c := later(s.confirmed, s.since); c.Before(counts) {
			counts = c
		}
	}
	switch {
	case w.died:
		p.Stalled, p.StalledSince, p.Reason = true, p.ConfirmedUntil, StallFailed
	case !w.failed.IsZero() && now.Sub(w.failed) >= refusedFor:
		p.Stalled, p.StalledSince, p.Reason = true, w.failed, StallRefused
	case p.Recording && now.Sub(counts) > w.cfg.StallAfter:
		p.Stalled, p.StalledSince, p.Reason = true, counts.Add(w.cfg.StallAfter), StallSlow
	}
	return p
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
