package load

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v3"
)

// seqCounter counts distinct packets and the gaps between them.
type seqCounter struct {
	started           bool
	last              uint64
	seen              [2048]uint64
	first, got, extra uint64
}

func (s *seqCounter) add(seq uint16) {
	if !s.started {
		s.started, s.last = true, 1<<16+uint64(seq)
		s.first = s.last
	}
	ext := s.last + uint64(int64(int16(seq-uint16(s.last))))
	s.last = max(s.last, ext)
	if s.seen[ext%2048] == ext {
		s.extra++
		return
	}
	s.seen[ext%2048] = ext
	if ext >= s.first {
		s.got++
	}
}

// reset begins a window after the newest packet.
func (s *seqCounter) reset() { s.first, s.got, s.extra = s.last+1, 0, 0 }

func (s *seqCounter) lost() uint64 {
	if want := s.last + 1 - s.first; s.started && want > s.got {
		return want - s.got
	}
	return 0
}

type subscriber struct {
	client  *client
	pc      *webrtc.PeerConnection
	session session
	err     error

	post, firstPacket, firstKey time.Duration // after the start of the POST
	hasKey                      atomic.Bool

	mu                 sync.Mutex // guards all below
	measuring          bool
	packets, octets    uint64
	seq                [2]seqCounter // video, audio
	latency            []time.Duration
	frames             uint64
	frameMin, frameMax uint32
}

func newSubscriber(ctx context.Context, c *client, stream string, n int, wg *sync.WaitGroup) *subscriber {
	s := &subscriber{client: c}
	if s.pc, s.err = c.connection(); s.err != nil {
		return s
	}
	kinds := []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo}
	if c.o.Audio {
		kinds = append(kinds, webrtc.RTPCodecTypeAudio)
	}
	for _, k := range kinds {
		if _, s.err = s.pc.AddTransceiverFromKind(k, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); s.err != nil {
			return s
		}
	}
	packet, key := make(chan time.Time, 1), make(chan time.Time, 1)
	s.pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		if t.Kind() == webrtc.RTPCodecTypeVideo {
			wg.Go(func() { s.askKey(ctx, t) })
		}
		s.read(t, packet, key)
	})
	var began time.Time
	if s.session, began, s.err = c.negotiate(ctx, s.pc, c.o.endpoint(c.o.WHEP, stream), c.o.tokenOf(stream, n)); s.err != nil {
		return s
	}
	s.post = time.Since(began)
	limit := time.NewTimer(c.o.JoinLimit)
	defer limit.Stop()
	for s.firstPacket == 0 || s.firstKey == 0 {
		select {
		case t := <-packet:
			s.firstPacket = t.Sub(began)
		case t := <-key:
			s.firstKey = t.Sub(began)
		case <-limit.C:
			s.err = errors.New("no key frame in time")
			return s
		case <-ctx.Done():
			s.err = ctx.Err()
			return s
		}
	}
	return s
}

// askKey asks for a key frame as a browser's decoder does: at once, then every
// half second until there is one.
func (s *subscriber) askKey(ctx context.Context, t *webrtc.TrackRemote) {
	for !s.hasKey.Load() {
		if s.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(t.SSRC())}}) != nil {
			return
		}
		if pause(ctx, 500*time.Millisecond) != nil {
			return
		}
	}
}

// reading is what the reader of one track remembers.
type reading struct {
	vp8     codecs.VP8Packet
	tail    []byte // end of the current frame
	frameTS uint32
	key     chan time.Time
	sentKey bool
}

func (s *subscriber) read(t *webrtc.TrackRemote, packet, key chan time.Time) {
	video := t.Kind() == webrtc.RTPCodecTypeVideo
	ctr := &s.seq[1]
	if video {
		ctr = &s.seq[0]
	}
	var hdr rtp.Header
	r := reading{key: key}
	buf := make([]byte, 2048)
	for first := true; ; first = false {
		n, _, err := t.Read(buf)
		if err != nil {
			return
		}
		now := time.Now()
		if first {
			select {
			case packet <- now:
			default:
			}
		}
		off, err := hdr.Unmarshal(buf[:n])
		if err != nil {
			continue
		}
		s.mu.Lock()
		ctr.add(hdr.SequenceNumber)
		if s.measuring {
			s.packets++
			s.octets += uint64(n)
		}
		s.mu.Unlock()
		if video && n > off {
			s.picture(&r, &hdr, buf[off:n], now)
		}
	}
}

// picture follows the frames of a video track.
func (s *subscriber) picture(r *reading, hdr *rtp.Header, payload []byte, now time.Time) {
	isKey := false
	if s.client.o.H264 {
		isKey = h264Key(payload)
	} else {
		var err error
		if payload, err = r.vp8.Unmarshal(payload); err != nil {
			return
		}
		isKey = r.vp8.S == 1 && r.vp8.PID == 0 && len(payload) > 0 && payload[0]&1 == 0
	}
	if isKey && !r.sentKey {
		r.sentKey = true
		s.hasKey.Store(true)
		r.key <- now
	}
	if hdr.Timestamp != r.frameTS {
		r.frameTS, r.tail = hdr.Timestamp, r.tail[:0]
	}
	r.tail = append(r.tail, payload[max(0, len(payload)-trailerLen):]...)
	if len(r.tail) > trailerLen {
		r.tail = append(r.tail[:0], r.tail[len(r.tail)-trailerLen:]...)
	}
	if !hdr.Marker {
		return
	}
	sent, frame, ok := parseTrailer(r.tail)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !ok || !s.measuring {
		return
	}
	if s.frames == 0 || frame < s.frameMin {
		s.frameMin = frame
	}
	s.frameMax = max(s.frameMax, frame)
	s.frames++
	s.latency = append(s.latency, now.Sub(epoch)-sent)
}

// h264Key reports whether a payload holds parameter sets or the start of an IDR
// picture.
func h264Key(p []byte) bool {
	t := p[0] & 31
	if t == 28 && len(p) > 1 { // FU-A
		t = p[1] & 31
	}
	return t == 5 || t == 7 || t == 24 // 24: STAP-A, which servers use for parameter sets
}

func (s *subscriber) measure(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.measuring = on
	if on {
		s.seq[0].reset()
		s.seq[1].reset()
	}
}

// collect adds what the receiver counted to the result.
func (s *subscriber) collect(r *Result) (want, got uint64, latency []time.Duration, octets uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Packets += s.packets
	r.Lost += s.seq[0].lost() + s.seq[1].lost()
	r.Extra += s.seq[0].extra + s.seq[1].extra
	if s.frames > 0 {
		want = uint64(s.frameMax-s.frameMin) + 1
	}
	return want, s.frames, s.latency, s.octets
}
