package record

import (
	"context"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// Recorder records the tracks of one participant of one room. All methods are
// safe for concurrent use and none but Close ever waits.
type Recorder struct {
	cfg   Config
	in    *inbox
	w     *writer
	lanes [lanes]*lane // the owner's
	begin time.Time    // the hub's clock at the start; times count from it
	shift time.Duration
	once  sync.Once
	quit  chan struct{}
	done  chan struct{}
}

// Start begins a recording. Errors: ReasonInvalid; ReasonExists when objects
// are there already; ReasonStorage when the sink does not answer.
func Start(ctx context.Context, cfg Config) (*Recorder, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	found, err := look(ctx, cfg.Sink, cfg.Prefix)
	if err != nil {
		return nil, err
	}
	if len(found.segments[Person])+len(found.segments[Sharing])+found.others > 0 {
		return nil, fail(ReasonExists, cfg.Prefix, nil)
	}
	r := newRecorder(cfg)
	go r.run()
	return r, nil
}

func newRecorder(cfg Config) *Recorder {
	r := &Recorder{cfg: cfg, in: newInbox(), begin: cfg.Now(), quit: make(chan struct{}), done: make(chan struct{})}
	r.w = newWriter(&r.cfg, func() time.Time { return r.clock(time.Time{}) })
	for i := range r.lanes {
		r.lanes[i] = &lane{name: Lane(i), cfg: &r.cfg, out: r.w.enqueue}
	}
	return r
}

// clock is a moment on the recording's own clock: the hub's wall clock when the
// recorder started, and from then on the monotonic one. A hub whose clock is
// set while it records makes no hole.
func (r *Recorder) clock(t time.Time) time.Time {
	if t.IsZero() {
		t = r.cfg.Now()
	}
	return r.begin.Round(0).Add(t.Sub(r.begin) + r.shift)
}

// AddTrack says that a track is there (or is there again, also with another
// codec). Packets before are not recorded. Errors: ReasonInvalid, ReasonFull,
// ReasonClosed.
func (r *Recorder) AddTrack(k Kind, c Codec) error {
	if !c.fits(k) {
		return fail(ReasonInvalid, k.String()+" "+c.String(), nil)
	}
	return r.in.put(note{op: opAdd, kind: k, codec: c, at: r.clock(time.Time{})}, nil)
}

// RemoveTrack says that a track is gone. Errors: ReasonInvalid, ReasonFull, ReasonClosed.
func (r *Recorder) RemoveTrack(k Kind) error { return r.tell(opRemove, k) }

// SetMuted says that a track is muted or paused: what comes of it is not
// recorded, and the gap says so. Errors: ReasonInvalid, ReasonFull, ReasonClosed.
func (r *Recorder) SetMuted(k Kind, muted bool) error {
	if muted {
		return r.tell(opMute, k)
	}
	return r.tell(opUnmute, k)
}

func (r *Recorder) tell(o op, k Kind) error {
	if k >= kinds {
		return fail(ReasonInvalid, k.String(), nil)
	}
	return r.in.put(note{op: o, kind: k, at: r.clock(time.Time{})}, nil)
}

// WriteRTP takes a packet and the time it came (zero: now). It copies what it
// needs. What it cannot take is dropped and will be a stated gap.
func (r *Recorder) WriteRTP(k Kind, p *rtp.Packet, at time.Time) {
	if k >= kinds || p == nil {
		return
	}
	_ = r.in.put(note{
		op: opRTP, kind: k, at: r.clock(at), marker: p.Marker, seq: p.SequenceNumber, ssrc: p.SSRC, ts: p.Timestamp,
	}, p.Payload)
}

// WriteReport takes a sender report of a track and the time it came (zero:
// now). Reports may come before the first packet.
func (r *Recorder) WriteReport(k Kind, sr *rtcp.SenderReport, at time.Time) {
	if k >= kinds || sr == nil {
		return
	}
	_ = r.in.put(note{op: opReport, kind: k, at: r.clock(at), ssrc: sr.SSRC, ts: sr.RTPTime, ntp: sr.NTPTime}, nil)
}

// Progress says how far the recording is proven.
func (r *Recorder) Progress() Progress { return r.w.progress(r.clock(time.Time{})) }

// Close records what came until now, stores it and ends. When ctx ends before
// everything is stored, the rest is given up: ReasonStorage. A sink that never
// returns from Put keeps one goroutine; Close does not wait for it then.
func (r *Recorder) Close(ctx context.Context) error {
	r.in.close()
	r.once.Do(func() { close(r.quit) })
	select {
	case <-r.done:
	case <-ctx.Done():
	}
	select {
	case <-r.w.done:
	case <-ctx.Done():
		r.w.stop()
		t := time.NewTimer(time.Second)
		defer t.Stop()
		select {
		case <-r.w.done:
		case <-t.C:
		}
	}
	r.w.stop()
	if p := r.Progress(); p.Waiting > 0 || p.Reason == StallFailed {
		return fail(ReasonStorage, r.cfg.Prefix, ctx.Err())
	}
	return nil
}

// run is the owner.
func (r *Recorder) run() {
	defer close(r.done)
	defer r.w.end()
	defer func() {
		if p := recover(); p != nil {
			r.cfg.Logger.Error("recorder failed", "panic", p)
			r.in.close()
			r.w.mu.Lock()
			r.w.died = true
			r.w.mu.Unlock()
			if r.cfg.OnStall != nil {
				r.cfg.OnStall(r.Progress())
			}
		}
	}()
	tick := time.NewTicker(tickTime)
	defer tick.Stop()
	var notes []note
	var arena []byte
	stalled := false
	for {
		quit := false
		select {
		case <-tick.C:
		case <-r.in.wake:
		case <-r.quit:
			quit = true
		}
		var dropped [kinds]uint32
		notes, arena, dropped = r.in.take(notes, arena)
		for i := range notes {
			r.note(&notes[i], arena)
		}
		r.overrun(dropped)
		now := r.clock(time.Time{})
		for _, l := range r.lanes {
			l.advance(now)
			if quit {
				l.finish()
			}
			r.w.follow(l.name, l.fixed && l.active() && !quit, time.Unix(0, l.zero+l.cut), now)
		}
		if p := r.w.progress(now); p.Stalled != stalled && !quit {
			stalled = p.Stalled
			if r.cfg.OnStall != nil {
				r.cfg.OnStall(p)
			}
		}
		if quit {
			return
		}
	}
}

func (r *Recorder) note(n *note, arena []byte) {
	l := r.lanes[n.kind.lane()]
	s := l.streams[n.kind.slot()]
	switch n.op {
	case opAdd:
		l.add(n.kind, n.codec, n.at.UnixNano())
	case opSync:
		close(n.done)
	default:
		if s == nil {
			return
		}
	}
	switch n.op {
	case opRTP:
		s.packet(*n, arena[n.off:n.off+n.n])
	case opReport:
		s.sender(*n)
	case opRemove:
		l.remove(n.kind)
	case opMute:
		s.mute(true)
	case opUnmute:
		s.mute(false)
	}
}

// overrun lets the next gap of a track say whose fault it is.
func (r *Recorder) overrun(dropped [kinds]uint32) {
	for k, n := range dropped {
		if s := r.lanes[Kind(k).lane()].streams[Kind(k).slot()]; n > 0 && s != nil {
			s.overrun = true
		}
	}
}

// finish records everything that is there, without waiting for more.
func (l *lane) finish() {
	l.force()
	l.drain()
	l.close(l.cut)
}

// force begins the lane, if it has not, with what there is.
func (l *lane) force() {
	for _, s := range l.streams {
		if s != nil && s.src != nil {
			s.src.ro.flush(s.deliver)
			s.src.ck.byArrival()
		}
	}
	if !l.fixed {
		first := int64(0)
		for _, s := range l.streams {
			if s == nil || s.src == nil {
				continue
			}
			for _, f := range s.src.held {
				if w := s.src.ck.wall(f.ext); first == 0 || w < first {
					first = w
				}
			}
		}
		if first == 0 {
			return
		}
		l.fix(first)
	}
	for _, s := range l.streams {
		if s != nil {
			s.align(true)
		}
	}
}
