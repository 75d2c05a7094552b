package record

import (
	"math"
	"time"
)

// lane makes segments of the tracks that become one file. It belongs to the
// owner goroutine.
type lane struct {
	name    Lane
	cfg     *Config
	out     func(*draft) bool // false: the queue is full
	streams [2]*stream        // video, audio
	sender  senderClock

	since int64 // hub's time when the first track came; 0: nothing yet
	fixed bool  // zero is known
	zero  int64 // hub's time of position 0
	floor int64 // position before which nothing may lie: the end of what is stored
	after bool  // floor is the end of another recorder's segments (Resume)

	container Container
	idle      bool  // no track is there
	from      int64 // start of the open segment
	cut       int64 // start of the open fragment
	seq       uint32
	body      []byte
	frags     []fragmentLine
	gaps      []gap
	clocks    []clockLine
	bytes     int       // of frames that wait for their fragment
	told      [2]string // what the last init object said of each track
	inits     int
}

// active reports whether any track is there.
func (l *lane) active() bool {
	for _, s := range l.streams {
		if s != nil && !s.removed {
			return true
		}
	}
	return false
}

func (l *lane) add(k Kind, c Codec, now int64) {
	if l.since == 0 {
		l.since = now
	}
	if l.container == "" {
		l.container = l.cfg.Video.container()
	}
	s := l.streams[k.slot()]
	if s == nil || s.codec != c {
		if s != nil && k.video() && l.fixed {
			s.retire()
			l.drain()
			l.close(l.cut)
		}
		fresh := &stream{lane: l, kind: k, codec: c, end: max(l.floor, l.cut)}
		if s != nil {
			fresh.end, fresh.why = s.end, GapRestart
		} else if l.fixed && !l.idle {
			fresh.end = max(fresh.end, now-l.zero)
		}
		s = fresh
		l.streams[k.slot()] = s
	}
	if k.video() {
		l.container = c.container()
	}
	if s.removed {
		s.removed, s.muted, s.src = false, false, nil
	}
	if l.idle && l.fixed {
		l.idle = false
		l.cut = max(l.cut, now-l.zero-int64(quietTime))
		l.from = l.cut
	}
}

func (l *lane) remove(k Kind) {
	s := l.streams[k.slot()]
	if s == nil || s.removed {
		return
	}
	if !l.fixed {
		l.force() // who leaves so soon has no time to wait for reports
	}
	s.retire()
	s.removed, s.muted, s.src = true, false, nil
	s.why, s.lost = GapRemoved, 0
	if !l.active() {
		l.drain()
		l.close(l.cut)
		l.idle = true
	}
}

// advance does what time asks for.
func (l *lane) advance(now time.Time) {
	at := now.UnixNano()
	for _, s := range l.streams {
		if s == nil || s.src == nil {
			continue
		}
		s.src.ro.expire(now, s.deliver)
		if s.src.ck.started && !s.src.ck.aligned && at-s.src.ck.firstAt > int64(l.cfg.Hold) {
			s.src.ck.byArrival()
		}
		l.wantKey(s, at)
	}
	if !l.fixed && !l.begin(at) || l.idle {
		return
	}
	for _, s := range l.streams {
		if s != nil {
			s.align(false)
		}
	}
	l.emitUntil(l.passed(at - l.zero))
}

// begin fixes the lane's start when every track that sends has a clock.
func (l *lane) begin(at int64) bool {
	if !l.active() {
		return false
	}
	first, zero, frames := int64(math.MaxInt64), int64(math.MaxInt64), 0
	for _, s := range l.streams {
		if s != nil && s.src != nil && s.src.ck.started {
			first = min(first, s.src.ck.firstAt)
		}
	}
	for _, s := range l.streams {
		switch {
		case s == nil || s.removed || s.muted:
		case s.src == nil || !s.src.ck.started:
			if at-l.since <= int64(l.cfg.Hold) && (first == math.MaxInt64 || at-first < 2*nanosecond) {
				return false // it may still come
			}
		case !s.src.ck.aligned:
			return false
		default:
			for _, f := range s.src.held {
				zero = min(zero, s.src.ck.wall(f.ext))
				frames++
			}
		}
	}
	if frames == 0 {
		if at-l.since <= int64(l.cfg.Hold) {
			return false
		}
		zero = at - int64(quietTime)
	}
	l.fix(zero)
	return true
}

func (l *lane) fix(first int64) {
	l.fixed = true
	if !l.after {
		l.zero = first / int64(time.Millisecond) * int64(time.Millisecond)
	}
	l.cut = max(l.floor, first-l.zero)
	l.from = l.cut
	if l.after {
		l.state(gap{all: true, from: l.floor, to: l.cut, reason: GapStopped})
	}
	for _, s := range l.streams {
		if s != nil {
			s.end = max(s.end, l.cut)
		}
	}
}

// passed is the position before which every track that sends is complete. A
// track that is quiet, muted or without a clock is not waited for.
func (l *lane) passed(now int64) int64 {
	limit, w, waits := now-int64(quietTime), int64(math.MaxInt64), false
	for _, s := range l.streams {
		if s == nil || s.removed || s.muted || s.src == nil || !s.src.ck.aligned {
			continue
		}
		waits = true
		w = min(w, max(s.newest, limit))
	}
	if !waits {
		return limit
	}
	return min(w, now)
}

// emitUntil cuts fragments at whole seconds of the lane up to a position.
func (l *lane) emitUntil(w int64) {
	if w-l.cut > 30*nanosecond && l.bytes == 0 { // the process was stopped, or the clock was set
		l.cut = w / int64(l.cfg.Segment) * int64(l.cfg.Segment)
		l.close(l.cut)
	}
	for {
		end := (l.cut/int64(fragmentTime) + 1) * int64(fragmentTime)
		if end > w {
			return
		}
		l.emit(end)
		if end%int64(l.cfg.Segment) == 0 || len(l.body) > laneBytes/2 {
			l.close(end)
		}
	}
}

// drain cuts fragments until no frame waits.
func (l *lane) drain() {
	if !l.fixed {
		return
	}
	last := l.cut
	for _, s := range l.streams {
		if s != nil && len(s.pending) > 0 {
			last = max(last, s.end)
		}
	}
	l.emitUntil(last)
	if last > l.cut {
		l.emit(last)
	}
}

// emit makes the fragments up to a position: one, and one more for each key
// frame inside, so that a fragment with a key frame begins with it.
func (l *lane) emit(end int64) {
	v, a := l.streams[0].take(end), l.streams[1].take(end)
	start := 0
	for i := 1; i < len(v); i++ {
		if v[i].key && v[i].at-v[start].at > 9000 { // no fragments of less than 0.1 s
			at := scale(v[i].at, l.streams[0].codec.rate(), nanosecond)
			n := 0
			for n < len(a) && scale(a[n].at, l.streams[1].codec.rate(), nanosecond) < at {
				n++
			}
			l.fragment(v[start:i], a[:n], v[i:], a[n:])
			a, start = a[n:], i
		}
	}
	l.fragment(v[start:], a, l.streams[0].head(), l.streams[1].head())
	l.cut = end
}

// take removes the frames before a position.
func (s *stream) take(end int64) []mediaFrame {
	if s == nil {
		return nil
	}
	n := 0
	for n < len(s.pending) && scale(s.pending[n].at, s.codec.rate(), nanosecond) < end {
		s.lane.bytes -= len(s.pending[n].data)
		n++
	}
	out := s.pending[:n:n]
	s.pending = append([]mediaFrame(nil), s.pending[n:]...)
	return out
}

// head is the next frame that waits, if there is one.
func (s *stream) head() []mediaFrame {
	if s == nil {
		return nil
	}
	return s.pending
}

// lengths gives every frame the time to the next one. The last of a stretch
// lasts as long as frames usually do; if nothing is known to follow it is kept
// short, so that it never overlaps what comes.
func (s *stream) lengths(fs, next []mediaFrame) {
	for i := range fs {
		usual := s.nominal(fs[i])
		switch {
		case i+1 < len(fs):
			fs[i].dur = fs[i+1].at - fs[i].at
		case len(next) == 0:
			fs[i].dur = min(usual, s.codec.rate()/50)
		case next[0].after == "" && next[0].at-fs[i].at < s.codec.rate():
			fs[i].dur = next[0].at - fs[i].at
		default:
			fs[i].dur = min(usual, next[0].at-fs[i].at)
		}
	}
}

// fragment appends one fragment to the open segment.
func (l *lane) fragment(v, a, nextV, nextA []mediaFrame) {
	if len(v)+len(a) == 0 {
		return
	}
	line := fragmentLine{Offset: len(l.body), Video: -1, Audio: -1, From: math.MaxInt64}
	for slot, fs := range [2][]mediaFrame{v, a} {
		if len(fs) == 0 {
			continue
		}
		s := l.streams[slot]
		s.lengths(fs, [2][]mediaFrame{nextV, nextA}[slot])
		s.line.count(s, fs)
		rate, last := s.codec.rate(), fs[len(fs)-1]
		line.From = min(line.From, millis(scale(fs[0].at, rate, nanosecond)))
		line.To = max(line.To, millis(scale(last.at+last.dur, rate, nanosecond)))
		if slot == 0 {
			line.Video, line.Key = fs[0].at, fs[0].key
		} else {
			line.Audio = fs[0].at
		}
	}
	l.seq = max(l.seq+1, uint32(line.From/100)+1)
	if l.container == WebM {
		l.body = appendCluster(l.body, v, a)
	} else {
		l.body = appendFragment(l.body, l.seq, v, a)
	}
	line.Size = len(l.body) - line.Offset
	l.frags = append(l.frags, line)
}

func millis(ns int64) int64 { return ns / int64(time.Millisecond) }

// clock notes how a source's RTP time is mapped.
func (l *lane) clock(s *stream, n note) {
	if len(l.clocks) >= 16 {
		return
	}
	c := clockLine{Kind: s.kind.String(), SSRC: n.ssrc, RTP: n.ts, By: "arrival", Wall: n.at.UTC()}
	if n.op == opReport {
		c.By, c.Sender = "report", time.Unix(0, ntpWall(n.ntp)).UTC()
		ext := s.src.ck.ext + int64(int32(n.ts-s.src.ck.last))
		c.Wall = time.Unix(0, s.src.ck.wall(ext)).UTC()
	}
	l.clocks = append(l.clocks, c)
}

// wantKey asks for a key frame where one is needed.
func (l *lane) wantKey(s *stream, now int64) {
	if l.cfg.WantKeyFrame == nil || !s.kind.video() || s.muted {
		return
	}
	every := int64(l.cfg.KeyEvery)
	needed := s.waitKey || every > 0 && s.keySeen > 0 && now-s.keySeen > every
	if needed && now-s.keyAsked >= int64(keyRetry) {
		s.keyAsked = now
		l.cfg.WantKeyFrame(s.kind)
	}
}

// close ends the open segment at a position and hands it to the writer.
func (l *lane) close(end int64) {
	if !l.fixed || end <= l.from {
		return
	}
	for _, s := range l.streams {
		if s != nil {
			s.settle(end)
		}
	}
	d := l.draft(end)
	l.body, l.frags, l.gaps, l.clocks = make([]byte, 0, len(l.body)+len(l.body)/8), nil, nil, nil
	from := l.from
	l.from = end
	if !l.out(d) {
		l.state(gap{all: true, from: from, to: end, reason: GapStorage})
		l.told = [2]string{}
		for _, s := range l.streams {
			if s != nil {
				s.afterDrop()
			}
		}
	}
}
