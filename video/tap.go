package video

import (
	"context"
	"sync"
	"time"

	"github.com/pion/rtp"
)

// Tap receives one published stream, for a recorder. Its methods are called one
// after the other from a goroutine of its own, so they may take their time: the
// forwarder never waits. What a slow tap cannot take is dropped, counted, and
// told by Lost.
//
// A simulcast arrives as one stream without gaps in its numbers: the best layer,
// and another from its next key frame when that one falls silent.
type Tap interface {
	// Packet takes one RTP packet in the order of arrival, numbered anew as a
	// receiver would see it. Its payload type is TypeVP8, TypeH264 or TypeOpus and
	// may change when the publisher's does. It must not keep the packet's payload.
	Packet(p *rtp.Packet, arrived time.Time)
	// Report takes a sender report of the publisher, in the numbers of Packet:
	// at the publisher's wall clock ntp (RFC 3550 §4) the stream stood at ts.
	Report(ntp uint64, ts uint32, arrived time.Time)
	// Lost says that n packets were dropped here, before the next one.
	Lost(n int)
	// Ended is called once, at the end.
	Ended()
}

// The payload types of what a tap is given.
const (
	TypeVP8  = uint8(codecVP8)
	TypeH264 = uint8(codecH264)
	TypeOpus = uint8(codecOpus)
)

// TapInfo is what a tap is opened for.
type TapInfo struct {
	Room        RoomID
	Participant ParticipantID
	Publication PublicationID
	Source      Source
	Codec       string // "vp8", "h264" or "opus"
	ClockRate   uint32
	// RequestKeyFrame asks the publisher for one. Safe for concurrent use.
	RequestKeyFrame func()
}

// tapping is one request for taps on a room.
type tapping struct {
	open func(TapInfo) Tap
	on   map[*publication]*tapStream
}

// Tap opens a tap for every publication of the room, present and future, for
// which open returns one. The room must exist. The returned function ends them
// and returns when every Ended has been called; the end of the room does the
// same. One room has at most one Tap at a time.
func (n *Node) Tap(ctx context.Context, room RoomID, open func(TapInfo) Tap) (stop func(), err error) {
	t := &tapping{open: open, on: map[*publication]*tapStream{}}
	var r *Room
	err = n.inRoom(ctx, room, func(in *Room) error {
		r = in
		if len(r.taps) > 0 {
			return refuse("conflict", ReasonTaken, "the room is tapped already")
		}
		r.taps = append(r.taps, t)
		for _, pub := range r.inOrder() {
			r.openTaps(pub)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return func() {
		var streams []*tapStream
		_ = r.ask(context.WithoutCancel(ctx), func() error {
			for _, s := range t.on {
				streams = append(streams, s)
			}
			r.endTaps()
			return nil
		})
		for _, s := range streams {
			<-s.done
		}
	}, nil
}

func (r *Room) openTaps(pub *publication) {
	for _, t := range r.taps {
		layers := pub.all()
		if len(layers) == 0 || t.on[pub] != nil {
			continue
		}
		kind := codec(layers[0].codec.Load())
		tap := t.open(TapInfo{
			Room: r.id, Participant: pub.owner.id, Publication: pub.id, Source: pub.source, Codec: kind.String(), ClockRate: kind.clock(),
			RequestKeyFrame: pub.requestKey,
		})
		if tap == nil {
			continue
		}
		s := &tapStream{pub: pub, tap: tap, node: r.node, wake: make(chan struct{}, 1), done: make(chan struct{})}
		t.on[pub] = s
		pub.tap.Store(s)
		r.wg.Go(s.run)
		pub.requestKey()
	}
}

func (r *Room) closeTap(pub *publication) {
	for _, t := range r.taps {
		if s := t.on[pub]; s != nil {
			delete(t.on, pub)
			pub.tap.Store(nil)
			s.stop()
		}
	}
}

func (r *Room) endTaps() {
	for _, t := range r.taps {
		for pub := range t.on {
			r.closeTap(pub)
		}
	}
	r.taps = nil
}

func (pub *publication) requestKey() {
	if pub.source.Audio() {
		return
	}
	for _, l := range pub.all() {
		l.requestKey()
	}
}

// tapStream feeds one tap. It is a receiver like any other, but for its queue.
type tapStream struct {
	pub  *publication
	tap  Tap
	node *Node
	wake chan struct{}
	done chan struct{}

	mu      sync.Mutex // guards queue, lost, stopped
	queue   []item
	reports []tapReport
	lost    int
	stopped bool

	// Of the goroutine.
	cur    *layer
	ranked []*layer
	next   time.Duration // when to look for a better layer
	asked  time.Duration
	rewriter
	copyB [mtu]byte
}

type tapReport struct {
	layer  *layer
	report *senderReport
}

// tapQueue is how many packets a tap may be behind.
const tapQueue = 1024

func (s *tapStream) push(l *layer, p *packet) {
	s.mu.Lock()
	if s.stopped || len(s.queue) >= tapQueue {
		s.lost++
		s.mu.Unlock()
		return
	}
	p.retain()
	s.queue = append(s.queue, item{l, p})
	s.mu.Unlock()
	s.signal()
}

func (s *tapStream) report(l *layer, r *senderReport) {
	s.mu.Lock()
	if len(s.reports) < 16 {
		s.reports = append(s.reports, tapReport{l, r})
	}
	s.mu.Unlock()
	s.signal()
}

func (s *tapStream) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *tapStream) stop() {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	s.signal()
}

// run is the tap's goroutine.
func (s *tapStream) run() {
	defer close(s.done)
	defer s.tap.Ended()
	var spare []item
	for range s.wake {
		s.mu.Lock()
		queue, reports, lost, stopped := s.queue, s.reports, s.lost, s.stopped
		s.queue, s.reports, s.lost = spare[:0], nil, 0
		s.mu.Unlock()
		s.serve(queue, reports, lost)
		clear(queue)
		spare = queue
		if stopped {
			return
		}
	}
}

// serve feeds the tap; a tap that panics loses what was queued.
func (s *tapStream) serve(queue []item, reports []tapReport, lost int) {
	defer func() {
		if r := recover(); r != nil {
			s.node.panicked("tap", r)
		}
	}()
	defer func() {
		for _, it := range queue {
			it.packet.release()
		}
	}()
	for _, it := range queue {
		s.take(it.layer, it.packet)
	}
	if lost > 0 {
		s.tap.Lost(lost)
	}
	for _, r := range reports {
		if m := s.current(); r.layer == s.cur && m.layer == s.cur {
			s.tap.Report(r.report.ntp, r.report.rtp+m.ts, s.node.epoch.Add(r.report.arrived))
		}
	}
}

func (s *tapStream) take(l *layer, p *packet) {
	if l != s.cur {
		if !s.better(l, p.arrived) {
			return
		}
		if !p.key && !s.pub.source.Audio() {
			if p.arrived-s.asked > 400*time.Millisecond {
				s.asked = p.arrived
				l.requestKey()
			}
			return
		}
		s.turnTo(l, p)
		s.cur = l
		if r := l.report.Load(); r != nil { // what was said before
			s.tap.Report(r.ntp, r.rtp+s.current().ts, s.node.epoch.Add(r.arrived))
		}
	}
	m := s.current()
	if p.index < m.base {
		return
	}
	out := m.out + (p.index - m.base)
	payload := s.copyB[:copy(s.copyB[:], p.payload)]
	if p.codec == codecVP8 && len(payload) > 0 {
		p.vp8.rewrite(payload, p.vp8.picture+m.picture, p.vp8.level+m.level)
	}
	h := rtp.Header{Version: 2, Marker: p.marker, SequenceNumber: uint16(out), Timestamp: p.ts + m.ts, PayloadType: uint8(p.codec)}
	s.tap.Packet(&rtp.Packet{Header: h, Payload: payload}, s.node.epoch.Add(p.arrived))
	s.sent(out, h.Timestamp, p)
}

// better reports whether l is to be recorded rather than what is now.
func (s *tapStream) better(l *layer, now time.Duration) bool {
	if s.cur == nil || !s.cur.active(now) {
		s.ranked = s.pub.ranked(now, s.ranked)
		return len(s.ranked) == 0 || s.ranked[len(s.ranked)-1] == l || !s.ranked[len(s.ranked)-1].active(now)
	}
	if now < s.next {
		return false
	}
	s.ranked = s.pub.ranked(now, s.ranked)
	if len(s.ranked) > 0 && s.ranked[len(s.ranked)-1] == l {
		return true
	}
	if len(s.ranked) > 0 && s.ranked[len(s.ranked)-1] == s.cur {
		s.next = now + time.Second
	}
	return false
}
