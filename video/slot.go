package video

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v3"
)

// slot is one media section through which a peer receives. It stays for the
// life of the connection and plays one publication after another: for pion it
// is a track that never changes, so coming and going costs no negotiation.
type slot struct {
	peer  *peer
	seat  int
	audio bool
	trans *webrtc.RTPTransceiver // of the peer's goroutine
	uses  *publication           // of the peer's goroutine: what the slot is meant to play

	ready  atomic.Bool // bound and connected: may be written to
	writer interceptor.RTPWriter
	types  [codecs]uint8 // payload types the receiver agreed to, 0: none
	twcc   uint8
	ssrc   uint32

	// Of the shard.
	pub  *publication
	cur  *layer // plays
	want *layer // is to play from its next key frame
	climb
	rewriter
	hdr     rtp.Header
	ext     [2]byte
	caught  time.Duration // packets that arrived no later have been sent
	lastAsk time.Duration
	lastSR  time.Duration
	resent  [64]resent

	// Shared.
	wish    atomic.Pointer[Wish]
	packets atomic.Uint64
	octets  atomic.Uint64
	lost    atomic.Uint32
	share   atomic.Uint32 // lost of the last interval, in 1/256
	jitter  atomic.Uint32
	nacks   atomic.Uint64
	srMid   atomic.Uint32
	srAt    atomic.Int64
	rate    rateMeter
	playing atomic.Pointer[layer]
}

type resent struct {
	out uint64
	at  time.Duration
}

// Wish is what a receiver asks of one publication.
type Wish struct {
	Quality  Quality
	Priority int // larger is more important; 0 for most
}

// Quality bounds the layer a receiver gets.
type Quality string

// The qualities. Off is "hide": nothing is sent.
const (
	Off    Quality = "off"
	Low    Quality = "low"
	Medium Quality = "medium"
	High   Quality = "high"
)

// The slot is the track that pion knows.
var _ webrtc.TrackLocal = (*slot)(nil)

// ID, StreamID, RID and Kind name the track in the session description. Slots of
// one seat share a stream, so that sound and picture are played in step.
func (s *slot) ID() string {
	if s.audio {
		return "audio-" + itoa(s.seat)
	}
	return "video-" + itoa(s.seat)
}

// StreamID names the seat.
func (s *slot) StreamID() string { return "seat-" + itoa(s.seat) }

// RID is empty: a slot is one encoding.
func (s *slot) RID() string { return "" }

// Kind is audio or video.
func (s *slot) Kind() webrtc.RTPCodecType {
	if s.audio {
		return webrtc.RTPCodecTypeAudio
	}
	return webrtc.RTPCodecTypeVideo
}

// Bind is called by pion when the section has been agreed.
func (s *slot) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	var first webrtc.RTPCodecParameters
	var types [codecs]uint8
	for _, c := range ctx.CodecParameters() {
		k := codecOf(c.MimeType)
		if k == codecNone || (k == codecOpus) != s.audio || types[k] != 0 {
			continue
		}
		if first.MimeType == "" {
			first = c
		}
		types[k] = uint8(c.PayloadType)
	}
	if first.MimeType == "" {
		return first, webrtc.ErrUnsupportedCodec
	}
	s.peer.slotBound(s, types, uint32(ctx.SSRC()))
	return first, nil
}

// Unbind is called by pion when the section ends.
func (s *slot) Unbind(webrtc.TrackLocalContext) error {
	s.ready.Store(false)
	return nil
}

// begin starts playing s.pub; in the shard. The receiver begins at the last key
// frame if that is fresh, else at the next, which is asked for at once.
func (s *slot) begin(now time.Duration) {
	if s.pub == nil || !s.ready.Load() || s.cur != nil {
		return
	}
	s.choose(now)
	l := s.want
	if l == nil {
		return
	}
	if s.audio {
		return
	}
	if recent := l.ring.sinceKey(now, freshKey, catchUp); recent != nil {
		caught := recent[len(recent)-1].arrived
		for _, p := range recent {
			s.forward(l, p)
			caught = max(caught, p.arrived)
			p.release()
		}
		s.caught = caught // the queue may hold some of them still
		s.peer.flush()
	}
	if s.cur == nil {
		s.askKey(now)
	}
}

// A receiver that joins may begin with a key frame this old, and gets at most
// this many packets at once to catch up.
const (
	freshKey = 400 * time.Millisecond
	catchUp  = 96
)

func (s *slot) askKey(now time.Duration) {
	s.lastAsk = now
	s.want.requestKey()
}

// detach stops playing; in the shard.
func (s *slot) detach() {
	if s.pub == nil {
		return
	}
	home := s.peer.home()
	f := &s.pub.fans[home.index]
	for i, o := range f.slots {
		if o == s {
			f.slots = append(f.slots[:i], f.slots[i+1:]...)
			break
		}
	}
	if len(f.slots) == 0 {
		f.shard.Store(nil)
		home.live = slices.DeleteFunc(home.live, func(o *publication) bool { return o == s.pub })
	}
	s.pub, s.cur, s.want = nil, nil, nil
	s.playing.Store(nil)
}

// forward plays one packet; in the shard.
func (s *slot) forward(l *layer, p *packet) {
	if p.arrived <= s.caught {
		return
	}
	if l != s.cur {
		if l != s.want || (!p.key && !s.audio) || s.types[p.codec] == 0 || len(p.payload) == 0 || !s.ready.Load() {
			return
		}
		s.turnTo(l, p)
		s.cur = l
		s.playing.Store(l)
	}
	m := s.current()
	if p.index < m.base || s.want == nil {
		return
	}
	s.write(m, p, true)
}

// write sends one packet with the numbers of its mapping.
func (s *slot) write(m *mapping, p *packet, fresh bool) {
	out := m.out + (p.index - m.base)
	h := &s.hdr
	h.PayloadType = s.types[p.codec]
	if h.PayloadType == 0 {
		return
	}
	h.Version, h.Marker, h.SSRC = 2, p.marker, s.ssrc
	h.SequenceNumber, h.Timestamp = uint16(out), p.ts+m.ts
	payload := p.payload
	if p.codec == codecVP8 && (m.picture != 0 || m.level != 0) && len(payload) > 0 {
		payload = s.peer.home().copyB[:copy(s.peer.home().copyB[:], payload)]
		p.vp8.rewrite(payload, p.vp8.picture+m.picture, p.vp8.level+m.level)
	}
	if s.twcc != 0 {
		s.peer.stamp(h, s, payload)
	}
	n, err := s.writer.Write(h, payload, nil)
	if err != nil || n == 0 {
		return
	}
	s.packets.Add(1)
	s.octets.Add(uint64(n))
	if fresh {
		s.rate.add(n, p.arrived)
		s.sent(out, h.Timestamp, p)
	}
}

// resend answers a NACK from the ring of the layer; in the shard.
func (s *slot) resend(seqs []uint16, now time.Duration) {
	for _, seq := range seqs {
		out := s.lastOut + uint64(int64(int16(seq-uint16(s.lastOut))))
		m := s.find(out)
		if m == nil || out > s.lastOut {
			continue
		}
		r := &s.resent[out%uint64(len(s.resent))]
		if r.out == out && now-r.at < resendGap {
			continue
		}
		p := m.layer.ring.get(m.base + (out - m.out))
		if p == nil {
			continue
		}
		*r = resent{out, now}
		s.nacks.Add(1)
		s.write(m, p, false)
		p.release()
	}
	s.peer.flush()
}

// resendGap keeps an impatient receiver from making us send everything twice.
const resendGap = 15 * time.Millisecond

// tick is called in the shard some times a second.
func (s *slot) tick(now time.Duration) {
	if s.pub == nil || !s.ready.Load() {
		return
	}
	if !s.audio {
		s.choose(now)
		if s.want != nil && s.want != s.cur && now-s.lastAsk > 400*time.Millisecond {
			s.askKey(now)
		}
	} else if s.want == nil || !s.want.active(now) {
		s.choose(now)
	}
	if s.cur != nil && now-s.lastSR >= time.Second {
		s.sendReport(now)
	}
}

// sendReport tells the receiver how the stream's clock relates to the
// publisher's wall clock, so that his sound and picture stay in step.
func (s *slot) sendReport(now time.Duration) {
	r := s.cur.report.Load()
	m := s.current()
	if r == nil || m == nil || m.layer != s.cur {
		return
	}
	ntp, ts := r.at(now, codec(s.cur.codec.Load()).clock())
	s.lastSR = now
	s.srMid.Store(uint32(ntp >> 16))
	s.srAt.Store(int64(now))
	s.peer.sendRTCP(&rtcp.SenderReport{
		SSRC: s.ssrc, NTPTime: ntp, RTPTime: ts + m.ts,
		PacketCount: uint32(s.packets.Load()), OctetCount: uint32(s.octets.Load()),
	}, &rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{
		Source: s.ssrc, Items: []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: s.StreamID()}},
	}}})
}
