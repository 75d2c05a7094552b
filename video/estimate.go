package video

import (
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/gcc"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// estimator guesses from a receiver's feedback how much he can take (Google
// congestion control). It only watches: packets are not paced.
type estimator struct {
	bwe   *gcc.SendSideBWE
	line  line
	watch interceptor.RTPWriter
	last  time.Duration // of the goroutine that decrypts RTCP

	attributes interceptor.Attributes // of the shard; kept so that no map is made for a packet
}

const (
	startEstimate = 10_000_000 // bits a second
	leastEstimate = 60_000
	mostEstimate  = 40_000_000
	allocateEvery = 200 * time.Millisecond
	allocateIdle  = 2 * time.Second // and without feedback: nothing may be flowing because everything is paused
)

// watcher is a pacer that hands nothing on.
type watcher struct{ w interceptor.RTPWriter }

func (w *watcher) Write(h *rtp.Header, b []byte, a interceptor.Attributes) (int, error) {
	return w.w.Write(h, b, a)
}
func (w *watcher) AddStream(_ uint32, next interceptor.RTPWriter) { w.w = next }
func (w *watcher) SetTargetBitrate(int)                           {}
func (w *watcher) Close() error                                   { return nil }

func newEstimator(ext uint8) (*estimator, error) {
	w := &watcher{}
	bwe, err := gcc.NewSendSideBWE(gcc.SendSideBWEInitialBitrate(startEstimate), gcc.SendSideBWEMinBitrate(leastEstimate),
		gcc.SendSideBWEMaxBitrate(mostEstimate), gcc.SendSideBWEPacer(w), gcc.WithLoggerFactory(quiet{}))
	if err != nil {
		return nil, err
	}
	info := &interceptor.StreamInfo{RTPHeaderExtensions: []interceptor.RTPHeaderExtension{{URI: uriTransport, ID: int(ext)}}}
	nowhere := interceptor.RTPWriterFunc(func(*rtp.Header, []byte, interceptor.Attributes) (int, error) { return 0, nil })
	return &estimator{bwe: bwe, watch: bwe.AddStream(info, nowhere), attributes: interceptor.Attributes{}}, nil
}

func (e *estimator) close() { _ = e.bwe.Close() }

// stamp numbers an outgoing packet for the receiver's feedback, when the
// estimate decides something: with one picture in one layer it could not.
func (p *peer) stamp(h *rtp.Header, s *slot, payload []byte) {
	h.Extension = p.adaptive
	if !p.adaptive {
		return
	}
	s.ext[0], s.ext[1] = byte(p.twccSeq>>8), byte(p.twccSeq)
	seq := p.twccSeq
	p.twccSeq++
	if e := p.estimate.Load(); e != nil {
		e.line.left(seq, p.node.elapsed())
		_, _ = e.watch.Write(h, payload, e.attributes)
	}
}

// adapt decides whether the estimate is needed, and shares it out when no
// feedback does; in the shard.
func (p *peer) adapt(now time.Duration) {
	pictures, layers := 0, 0
	var ext uint8
	for _, s := range p.playing {
		if s.pub != nil && !s.audio && s.ready.Load() {
			pictures++
			layers = max(layers, len(s.pub.all()))
			ext = max(ext, s.twcc)
		}
	}
	p.adaptive = ext != 0 && (pictures > 1 || layers > 1)
	if p.adaptive && p.estimate.Load() == nil {
		if e, err := newEstimator(ext); err == nil {
			p.estimate.Store(e)
		}
	}
	if e := p.estimate.Load(); p.adaptive && e != nil && now-p.shared >= allocateIdle {
		p.share(e, now)
	}
}

// onFeedback takes a receiver's report of when packets arrived.
func (p *peer) onFeedback(k *rtcp.TransportLayerCC, now time.Duration) {
	e := p.estimate.Load()
	if e == nil {
		return
	}
	if err := e.bwe.WriteRTCP([]rtcp.Packet{k}, nil); err != nil {
		return
	}
	e.line.heard(k, now)
	if now-e.last < allocateEvery {
		return
	}
	e.last = now
	p.home().do(func() { p.share(e, now) })
}

// share allocates what the receiver's line is thought to take; in the shard.
func (p *peer) share(e *estimator, now time.Duration) {
	p.shared = now
	p.allocate(e.bwe.GetTargetBitrate(), e.line.quiet(now), now)
}

// leaveShard ends all forwarding to the peer; in the shard.
func (p *peer) leaveShard() {
	for _, s := range p.playing {
		s.detach()
	}
	p.playing = nil
}
