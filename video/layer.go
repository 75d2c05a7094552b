package video

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v3"
)

// layer is one published encoding: the whole of a stream, or one RID of a
// simulcast. Its reader owns what is not said to be shared.
type layer struct {
	pub    *publication
	peer   *peer
	rid    string
	ssrc   uint32
	ring   *ring
	codecs func(pt uint8) codec
	ids    extensionIDs

	rtp     rtp.Header
	scratch []byte
	index   uint64 // highest index so far
	recv    receiver
	gaps    gaps
	frameTS uint32

	// Shared.
	codec   atomic.Uint32 // codec of the newest packet
	height  atomic.Uint32 // of the picture, from its key frames or from what the client declared
	rate    rateMeter
	report  atomic.Pointer[senderReport]
	heard   atomic.Int64 // time of the newest packet, nanoseconds of the node's clock
	packets atomic.Uint64
	octets  atomic.Uint64
	strange atomic.Uint64 // packets of types that were never declared
	keys    keyRequests
}

// senderReport ties the clock of a stream to the publisher's wall clock
// (RFC 3550 §6.4.1).
type senderReport struct {
	ntp     uint64
	rtp     uint32
	arrived time.Duration
}

// at returns the report moved on to a time.
func (r senderReport) at(now time.Duration, clock uint32) (ntp uint64, ts uint32) {
	passed := now - r.arrived
	return r.ntp + uint64(passed.Seconds()*(1<<32)), r.rtp + uint32(int64(passed)*int64(clock)/int64(time.Second))
}

// wall returns the publisher's wall clock at a timestamp, in seconds.
func (r senderReport) wall(ts, clock uint32) float64 {
	return float64(r.ntp)/(1<<32) + float64(int32(ts-r.rtp))/float64(clock)
}

// keyRequests passes requests for a key frame on at once, but not more often
// than the window; one that comes too early is passed on when the window ends.
type keyRequests struct {
	mu      sync.Mutex // guards all
	last    time.Duration
	pending bool
	sent    uint64
}

// keyWindow is the shortest time between two requests for one layer. A request
// takes about as long to be answered on a good line.
const keyWindow = 120 * time.Millisecond

// ask reports whether a request goes out now.
func (k *keyRequests) ask(now time.Duration) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.sent > 0 && now-k.last < keyWindow {
		k.pending = true
		return false
	}
	k.last, k.pending = now, false
	k.sent++
	return true
}

// due reports whether a request that was held back goes out now.
func (k *keyRequests) due(now time.Duration) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.pending || now-k.last < keyWindow {
		return false
	}
	k.last, k.pending = now, false
	k.sent++
	return true
}

// answered forgets a request that is held back: here is a key frame.
func (k *keyRequests) answered() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.pending = false
}

func newLayer(pub *publication, p *peer, t *webrtc.TrackRemote, r *webrtc.RTPReceiver) *layer {
	size := videoRing
	if pub.source.Audio() {
		size = audioRing
	}
	l := &layer{
		pub: pub, peer: p, rid: t.RID(), ssrc: uint32(t.SSRC()), ring: newRing(size), scratch: make([]byte, mtu+64),
		ids: extensionsOf(r.GetParameters().HeaderExtensions),
	}
	types := map[uint8]codec{}
	for _, c := range r.GetParameters().Codecs {
		types[uint8(c.PayloadType)] = codecOf(c.MimeType)
	}
	l.codecs = func(pt uint8) codec { return types[pt] }
	l.codec.Store(uint32(codecOf(t.Codec().MimeType)))
	l.recv.clock = codecOf(t.Codec().MimeType).clock()
	return l
}

// read runs until the track ends.
func (l *layer) read(t *webrtc.TrackRemote) {
	for {
		n, _, err := t.Read(l.scratch)
		switch {
		case err == nil && n <= mtu:
			l.accept(l.scratch[:n])
		case err == nil:
			l.odd()
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrClosedPipe):
			return
		default: // pion refuses the type; the stream itself goes on
			if l.odd() || l.peer.closed() {
				return
			}
		}
	}
}

// maxStrange is how many packets that cannot be used end the connection.
const maxStrange = 2000

// odd counts a packet that cannot be used and reports whether that is enough.
func (l *layer) odd() bool {
	if l.strange.Add(1) < maxStrange {
		return false
	}
	l.peer.fail(ReasonFlood)
	return true
}

// accept takes one packet in. It is the start of the media path: no log, no
// allocation but the packet's own, no lock held across a write.
func (l *layer) accept(b []byte) {
	now := l.peer.node.elapsed()
	at, err := l.rtp.Unmarshal(b)
	if err != nil {
		l.odd()
		return
	}
	kind := l.codecs(l.rtp.PayloadType)
	if kind == codecNone || (kind == codecOpus) != l.pub.source.Audio() {
		l.odd()
		return
	}
	end := len(b)
	if l.rtp.Padding && end > at {
		end = max(at, end-int(b[end-1]))
	}
	p := newPacket(len(b))
	copy(p.data, b)
	p.payload = p.data[at:end]
	p.arrived, p.seq, p.ts, p.marker, p.codec = now, l.rtp.SequenceNumber, l.rtp.Timestamp, l.rtp.Marker, kind
	p.index = l.extend(p.seq)
	if !l.inspect(p) {
		p.release()
		l.odd()
		return
	}
	l.peer.feedback.received(l, now)
	l.recv.add(p.index, p.ts, now)
	l.heard.Store(int64(now))
	l.codec.Store(uint32(kind))
	l.packets.Add(1)
	l.octets.Add(uint64(len(b)))
	l.rate.add(len(b), now)
	if l.pub.muted.Load() { // not even kept: what is said while muted never leaves
		p.release()
		return
	}
	if l.ring.add(p) {
		l.gaps.add(p.index)
		l.pub.dispatch(l, p)
	}
	p.release()
	l.upstream(now)
}

// extend gives the number an index that does not wrap; the first is above 65535.
func (l *layer) extend(seq uint16) uint64 {
	if l.index == 0 {
		l.index = 1<<16 + uint64(seq)
		return l.index
	}
	i := l.index + uint64(int64(int16(seq-uint16(l.index))))
	l.index = max(l.index, i)
	return i
}

// inspect reads what the receivers need to know of the content.
func (l *layer) inspect(p *packet) bool {
	p.level = 127
	if l.pub.source.Audio() {
		if ext := l.rtp.GetExtension(l.ids.audioLevel); l.ids.audioLevel != 0 && len(ext) > 0 {
			p.level, p.speech = ext[0]&0x7f, ext[0]&0x80 != 0
			l.pub.voice.add(p.level, p.arrived)
		}
		return true
	}
	if len(p.payload) == 0 {
		return true // padding alone: a probe
	}
	ok := false
	switch p.codec {
	case codecVP8:
		p.vp8, p.start, p.key, ok = parseVP8(p.payload)
		if p.key && p.vp8.height > 0 {
			l.height.Store(uint32(p.vp8.height))
		}
	case codecH264:
		p.start = p.ts != l.frameTS
		p.key, ok = parseH264(p.payload)
		p.key = p.key && p.start
	}
	l.frameTS = p.ts
	if p.key {
		l.keys.answered()
	}
	return ok
}

// upstream asks the publisher for what is missing and tells him what arrived.
func (l *layer) upstream(now time.Duration) {
	if !l.pub.source.Audio() {
		if lost := l.gaps.due(now); len(lost) > 0 {
			l.peer.sendRTCP(&rtcp.TransportLayerNack{MediaSSRC: l.ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(lost)})
		}
		l.keyTick(now)
	}
	if rr := l.recv.due(l.ssrc, now); rr != nil {
		l.peer.sendRTCP(&rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{*rr}})
	}
}

// requestKey asks the publisher for a key frame. Safe for concurrent use.
func (l *layer) requestKey() {
	if l.keys.ask(l.peer.node.elapsed()) {
		l.sendPLI()
	}
}

// keyTick sends the request that was held back.
func (l *layer) keyTick(now time.Duration) {
	if l.keys.due(now) {
		l.sendPLI()
	}
}

func (l *layer) sendPLI() {
	l.peer.sendRTCP(&rtcp.PictureLossIndication{MediaSSRC: l.ssrc})
}

// active reports whether packets have come lately.
func (l *layer) active(now time.Duration) bool {
	return now-time.Duration(l.heard.Load()) < 1200*time.Millisecond
}

// onReport takes a sender report of the publisher.
func (l *layer) onReport(sr *rtcp.SenderReport, now time.Duration) {
	r := &senderReport{ntp: sr.NTPTime, rtp: sr.RTPTime, arrived: now}
	l.report.Store(r)
	l.recv.onReport(sr.NTPTime, now)
	l.pub.tapReport(l, r)
}

// rateMeter estimates bits a second over the last second or two.
type rateMeter struct {
	since  time.Duration
	octets int
	bits   atomic.Int64
}

func (m *rateMeter) add(n int, now time.Duration) {
	m.octets += n
	passed := now - m.since
	if m.since == 0 {
		m.since = now
		return
	}
	if passed < 500*time.Millisecond {
		return
	}
	bits := int64(float64(m.octets*8) / passed.Seconds())
	if old := m.bits.Load(); old > 0 {
		bits = (old + bits) / 2
	}
	m.bits.Store(bits)
	m.since, m.octets = now, 0
}
