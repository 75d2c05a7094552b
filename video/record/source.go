package record

import "time"

// source is one SSRC of a track, from its first packet to the next source.
type source struct {
	ssrc   uint32
	ro     reorder
	as     assembler
	ck     sourceClock
	absurd int          // packets in a row whose time cannot be
	held   []mediaFrame // wait for a sender report, or for the lane's start
	bytes  int          // of held
	told   bool         // that it is aligned by arrival
}

// stream is a track while it is recorded. It belongs to its lane's owner.
type stream struct {
	lane    *lane
	kind    Kind
	codec   Codec
	src     *source
	retired uint32 // the SSRC before; its late packets are not a new source
	report  note   // the last sender report, which may come before the first packet
	muted   bool
	removed bool
	overrun bool // the inbox has dropped packets

	waitKey  bool
	why      GapReason // media are missing since end, because
	lost     int
	off      int64 // lane ticks of the source's ext 0
	placed   bool  // lastAt is set
	lastAt   int64 // ticks of the newest placed frame
	delta    int64 // ticks between the last two
	newest   int64 // position of the newest placed frame
	end      int64 // position where what was recorded or stated ends
	pending  []mediaFrame
	config   *videoConfig // the latest
	line     trackLine    // of the open segment
	keyAsked int64        // hub's time
	keySeen  int64
}

// packet takes one RTP packet.
func (s *stream) packet(n note, payload []byte) {
	if s.muted || s.removed {
		return
	}
	at := n.at.UnixNano()
	switch {
	case s.src == nil:
		s.begin(n.ssrc, GapStart)
	case s.src.ssrc != n.ssrc:
		if n.ssrc == s.retired {
			return
		}
		s.retired = s.src.ssrc
		s.retire()
		s.begin(n.ssrc, GapRestart)
	case s.src.ck.absurd(n.ts, at):
		if s.src.absurd++; s.src.absurd < 3 {
			return
		}
		s.retire()
		s.report = note{}
		s.begin(n.ssrc, GapRestart)
	case s.src.ck.stale(n.ts, at):
		s.reclock()
	}
	s.src.absurd = 0
	s.src.ro.push(packet{seq: n.seq, ts: n.ts, marker: n.marker, at: n.at, payload: payload}, s.deliver)
}

// begin starts a source.
func (s *stream) begin(ssrc uint32, why GapReason) {
	src := &source{ssrc: ssrc}
	src.as = assembler{codec: s.codec, out: s.frame, broken: s.broken}
	src.ck.rate = s.codec.rate()
	s.src = src
	s.waitKey = s.kind.video()
	if s.why == "" && (why != GapStart || s.waitKey) {
		s.why = why
	}
}

// reclock waits for a report again, because the sender's RTP time stood still
// while it paused (Chromium's does, when a track is replaced by none).
func (s *stream) reclock() {
	s.align(true)
	s.src.ck = sourceClock{rate: s.codec.rate()}
	s.src.told, s.report = false, note{}
	if s.why == "" {
		s.why = GapQuiet
	}
}

// retire ends the source: what it holds is placed.
func (s *stream) retire() {
	if s.src == nil {
		return
	}
	s.src.ro.flush(s.deliver)
	if s.lane.fixed {
		s.align(true)
	}
	s.src = nil
}

func (s *stream) deliver(p packet, lost int) {
	first := !s.src.ck.started
	s.src.ck.unwrap(p.ts, p.at.UnixNano())
	if first && s.report.op == opReport && s.report.ssrc == s.src.ssrc && p.at.Sub(s.report.at) < absurdTime {
		s.sender(s.report)
	}
	s.src.as.add(p, lost)
}

// broken notes that media are missing from here on.
func (s *stream) broken(lost int, bad bool) {
	switch {
	case bad:
		s.why = GapBad
	case s.overrun:
		s.why, s.overrun = GapOverrun, false
	default:
		s.why = GapLoss
	}
	s.lost += lost
	s.waitKey = s.kind.video()
}

// frame takes a whole frame.
func (s *stream) frame(f mediaFrame, ts uint32) {
	f.ext = s.src.ck.unwrap(ts, s.src.ck.lastAt)
	if s.codec == H264 && !s.parameters(&f) {
		s.broken(0, true)
		return
	}
	if len(f.data) == 0 || s.waitKey && !f.key {
		return
	}
	if f.key {
		if f.config != nil {
			s.config = f.config
		}
		s.waitKey = false
		s.keySeen = s.src.ck.lastAt
	}
	if s.lane.bytes+s.src.bytes+len(f.data) > laneBytes {
		s.overrun = true
		s.broken(0, false)
		return
	}
	f.after, f.lost = s.why, s.lost
	s.why, s.lost = "", 0
	s.src.held = append(s.src.held, f)
	s.src.bytes += len(f.data)
	if s.src.bytes > heldBytes {
		s.src.ck.byArrival()
	}
	s.align(false)
}

// parameters keeps the parameter sets of a picture and gives them to a key
// frame that came without. A key frame that follows a loss must have its own:
// it may be of another size. It is false for what cannot be decoded.
func (s *stream) parameters(f *mediaFrame) bool {
	if f.config != nil {
		c := *f.config
		if s.config != nil {
			if c.sps == nil {
				c.sps = s.config.sps
			}
			if c.pps == nil {
				c.pps = s.config.pps
			}
		}
		var ok bool
		if c.width, c.height, ok = spsSize(c.sps); !ok {
			return false
		}
		s.config, f.config = &c, &c
		return c.pps != nil || len(f.data) == 0
	}
	if !f.key {
		return true
	}
	if s.config == nil || f.doubt {
		return false
	}
	f.config = s.config
	f.data = append(avcSets(s.config), f.data...)
	return true
}

// sender takes a sender report.
func (s *stream) sender(n note) {
	s.report = n
	if s.src == nil || s.src.ssrc != n.ssrc || !s.src.ck.started || s.removed {
		return
	}
	ntp := ntpWall(n.ntp)
	wall := ntp + s.lane.sender.offset(ntp, n.at.UnixNano())
	if !s.src.ck.report(n.ts, wall) {
		return
	}
	s.lane.clock(s, n)
	if s.src.ck.stepped && s.why == "" {
		s.why = GapClock
	}
	s.rebase()
	s.align(false)
}

// rebase follows a change of the source's clock.
func (s *stream) rebase() {
	if s.lane.fixed {
		rate := s.codec.rate()
		s.off = scale(s.src.ck.base-s.lane.zero+nanosecond/rate/2, nanosecond, rate)
	}
}

// align places what is held, once the lane has begun and the source has a
// clock; force gives it one by arrival.
func (s *stream) align(force bool) {
	if s.src == nil || !s.lane.fixed {
		return
	}
	if !s.src.ck.aligned {
		if !force || !s.src.ck.started {
			return
		}
		s.src.ck.byArrival()
	}
	s.rebase()
	if !s.src.ck.byReport && !s.src.told {
		s.src.told = true
		s.lane.clock(s, note{ssrc: s.src.ssrc, ts: s.src.ck.last - uint32(s.src.ck.ext), at: time.Unix(0, s.src.ck.firstAt)})
	}
	held := s.src.held
	s.src.held, s.src.bytes = held[:0], 0
	for i, f := range held {
		s.place(f)
		held[i] = mediaFrame{}
	}
}

// place gives a frame its time in the lane. Times of a track only grow.
func (s *stream) place(f mediaFrame) {
	f.at = f.ext + s.off
	least := scale(s.lane.floor, nanosecond, s.codec.rate())
	if s.placed {
		least = max(least, s.lastAt+1)
	}
	if f.at < least {
		if !s.kind.video() { // a clock that went back: the sound is there already
			s.why = cmpReason(f.after, GapClock)
			return
		}
		f.at = least
	}
	pos := scale(f.at, s.codec.rate(), nanosecond)
	switch quiet := pos - s.end; {
	case f.after != "":
		s.lane.state(gap{kind: s.kind, from: s.end, to: pos, reason: f.after, packets: f.lost})
	case quiet > s.patience():
		s.lane.state(gap{kind: s.kind, from: s.end, to: pos, reason: GapQuiet})
	}
	if s.placed {
		s.delta = f.at - s.lastAt
	}
	s.placed, s.lastAt, s.newest = true, f.at, pos
	s.end = max(s.end, pos+scale(s.nominal(f), s.codec.rate(), nanosecond))
	s.pending = append(s.pending, f)
	s.lane.bytes += len(f.data)
}

func cmpReason(r, or GapReason) GapReason {
	if r != "" {
		return r
	}
	return or
}

// nominal is the length of a frame of which nothing follows, in ticks.
func (s *stream) nominal(f mediaFrame) int64 {
	rate := s.codec.rate()
	switch {
	case f.dur > 0:
		return f.dur
	case s.delta > 0 && s.delta < rate/4:
		return s.delta
	}
	return rate / 30
}

// patience is how long nothing may come without being stated.
func (s *stream) patience() int64 {
	if s.kind.video() {
		return 2 * nanosecond
	}
	return nanosecond
}

// mute begins or ends a stretch that is not recorded by intent. The source's
// clock stays; its numbers may jump.
func (s *stream) mute(on bool) {
	if s.muted == on {
		return
	}
	s.muted = on
	if !on {
		return
	}
	if s.src != nil {
		s.src.ro.flush(s.deliver)
		s.src.ro = reorder{}
		s.src.as.drop()
		s.src.as.doubtful = false
	}
	s.waitKey = s.kind.video()
	s.why, s.lost = GapMuted, 0
}

// afterDrop follows the loss of a segment: pictures that lean on it go too.
func (s *stream) afterDrop() {
	if !s.kind.video() {
		return
	}
	n := 0
	for n < len(s.pending) && !s.pending[n].key {
		s.lane.bytes -= len(s.pending[n].data)
		n++
	}
	if s.pending = s.pending[n:]; len(s.pending) == 0 {
		s.waitKey, s.why = true, cmpReason(s.why, GapStorage)
	}
}

// settle states what is missing up to the end of a segment.
func (s *stream) settle(end int64) {
	why := s.why
	switch {
	case s.end >= end:
		return
	case s.muted:
		why = GapMuted
	case s.src != nil && len(s.src.held) > 0:
		return // follows in a later segment
	case why == "" && end-s.end > s.patience():
		why = GapQuiet
	case why == "":
		return
	}
	s.lane.state(gap{kind: s.kind, from: s.end, to: end, reason: why, packets: s.lost})
	s.end, s.lost = end, 0
}
