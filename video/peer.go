package video

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v3"
)

// peer is one media connection. Its goroutine owns the negotiation: the pion
// connection's descriptions, which slots there are and what they are meant for,
// and which publications came up. The shard owns how the slots forward.
type peer struct {
	node *Node
	who  *Participant
	pc   *webrtc.PeerConnection
	to   listener
	wide bool // may add media sections by an offer of its own
	wait bool // with that until the client's first offer

	jobs chan func()
	quit chan struct{}
	once sync.Once
	wg   sync.WaitGroup

	// Of the peer's goroutine.
	seats      []*seat
	plays      map[*publication]*slot
	waiting    []*publication // no slot left for them
	sources    map[string]Source
	heights    map[string]map[string]uint32 // by mid and rid, as declared
	pubs       map[Source]*publication
	candidates int
	early      []webrtc.ICECandidateInit // before the first offer
	wantsOffer bool
	asked      uint64 // our offers
	answered   bool
	restart    bool
	late       *time.Timer

	// Of the shard.
	playing  []*slot
	adaptive bool
	twccSeq  uint16
	ranked   []*layer
	shared   time.Duration // the estimate was last shared out
	tried    time.Duration // a picture last got more on trial

	// Shared.
	shard     atomic.Pointer[shard]
	connected atomic.Bool
	streams   atomic.Int64
	failed    atomic.Pointer[Reason]
	feedback  feedback
	estimate  atomic.Pointer[estimator]
	rtt       atomic.Int64

	mu     sync.Mutex // guards bySSRC, byLay, and what pion sets in a slot until it is ready
	bySSRC map[uint32]*slot
	byLay  map[uint32]*layer
}

// listener is told what happens to a peer, in the peer's goroutine.
type listener interface {
	offer(sdp string)
	slots([]SlotView)
	up()
	down(Reason)
	published(*publication)
	ended(*publication)
	all([]*publication)
}

// seat is the place for one participant's camera and microphone, or for his
// screen and its sound: they share a stream and so are played in step.
type seat struct {
	key          string
	audio, video *slot
}

func newPeer(n *Node, who *Participant, to listener, wide bool, s *shard) (*peer, error) {
	p := &peer{
		node: n, who: who, to: to, wide: wide,
		jobs: make(chan func(), 256), quit: make(chan struct{}),
		plays: map[*publication]*slot{}, sources: map[string]Source{}, heights: map[string]map[string]uint32{},
		pubs: map[Source]*publication{}, bySSRC: map[uint32]*slot{}, byLay: map[uint32]*layer{},
	}
	p.feedback.peer = p
	p.enter(s)
	pc, err := n.newConnection(p, who.whip || n.oldCipher(who.room0, who.id))
	if err != nil {
		s.peers.Add(-1)
		return nil, err
	}
	p.pc = pc
	pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) { p.post(func() { p.onTrack(t, r) }) })
	pc.OnConnectionStateChange(p.onState)
	p.wg.Go(p.run)
	return p, nil
}

// run is the peer's goroutine.
func (p *peer) run() {
	connect := time.NewTimer(p.node.cfg.Timeouts.Connect)
	defer connect.Stop()
	for {
		select {
		case <-p.quit:
			return
		case <-connect.C:
			switch {
			case p.connected.Load():
			case p.pc.RemoteDescription() == nil: // nobody has begun yet
				connect.Reset(p.node.cfg.Timeouts.Connect)
			default:
				p.fail(ReasonMedia)
			}
		case f := <-p.jobs:
			p.guard(f)
		}
	}
}

func (p *peer) guard(f func()) {
	defer func() {
		if r := recover(); r != nil {
			p.node.panicked("peer", r)
			p.fail(ReasonMedia)
		}
	}()
	f()
}

// post queues a job; a full queue means that pion is stuck, which ends the peer.
func (p *peer) post(f func()) {
	select {
	case p.jobs <- f:
	case <-p.quit:
	default:
		p.fail(ReasonMedia)
	}
}

func (p *peer) closed() bool {
	select {
	case <-p.quit:
		return true
	default:
		return false
	}
}

// fail reports once that the connection is of no more use. Whoever hears it
// closes the peer. Safe for concurrent use, also from pion's callbacks.
func (p *peer) fail(r Reason) {
	if p.failed.CompareAndSwap(nil, &r) {
		p.to.down(r)
	}
}

// close ends the connection and returns when all its goroutines are gone. Not to
// be called from the peer's goroutine, a room, a shard or a pion callback.
func (p *peer) close() {
	p.once.Do(func() {
		close(p.quit)
		s := p.home()
		s.wait(p.leaveShard)
		s.peers.Add(-1)
		_ = p.pc.GracefulClose()
		if e := p.estimate.Load(); e != nil {
			e.close()
		}
	})
	p.wg.Wait()
}

// onState is called by pion.
func (p *peer) onState(s webrtc.PeerConnectionState) {
	switch s {
	case webrtc.PeerConnectionStateConnected:
		if !p.connected.Swap(true) {
			p.post(func() {
				p.readySlots()
				p.to.up()
			})
		}
	case webrtc.PeerConnectionStateFailed:
		if !p.connected.Load() && p.pc.SCTP().Transport().State() == webrtc.DTLSTransportStateFailed {
			p.node.useOldCipher(p.who.room0, p.who.id)
		}
		p.fail(ReasonMedia)
	default:
	}
}

// sendRTCP sends reports and requests; what cannot be sent now is worth nothing later.
func (p *peer) sendRTCP(pkts ...rtcp.Packet) {
	if len(pkts) > 0 && p.connected.Load() {
		_ = p.pc.WriteRTCP(pkts)
	}
}

// home is the shard that serves the peer.
func (p *peer) home() *shard { return p.shard.Load() }

// flush sends what the shard has gathered for the peer; in the shard.
func (p *peer) flush() { p.home().batch.flush() }

// slotBound is called by pion through the slot.
func (p *peer) slotBound(s *slot, types [codecs]uint8, ssrc uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.types, s.ssrc = types, ssrc
	p.bySSRC[s.ssrc] = s
}

// slotWriter is called by pion when a bound slot may be written to.
func (p *peer) slotWriter(info *interceptor.StreamInfo, w interceptor.RTPWriter) {
	p.mu.Lock()
	s := p.bySSRC[info.SSRC]
	if s != nil {
		s.writer, s.twcc = w, transportID(info.RTPHeaderExtensions)
		if s.twcc != 0 {
			_ = s.hdr.SetExtension(s.twcc, s.ext[:])
			s.hdr.Extension = false
		}
	}
	p.mu.Unlock()
	if p.connected.Load() {
		p.post(p.readySlots)
	}
}

// readySlots starts the slots that may be written to.
func (p *peer) readySlots() {
	for _, seat := range p.seats {
		for _, s := range []*slot{seat.audio, seat.video} {
			if s == nil || s.ready.Load() || !p.connected.Load() {
				continue
			}
			p.mu.Lock()
			bound := s.ssrc != 0 && s.writer != nil
			p.mu.Unlock()
			if bound {
				s.ready.Store(true)
				p.home().do(func() { s.begin(p.node.elapsed()) })
			}
		}
	}
}

// onTrack takes a stream that a client publishes.
func (p *peer) onTrack(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	tr := r.RTPTransceiver()
	if tr == nil || p.closed() {
		return
	}
	source, ok := p.sources[tr.Mid()]
	if !ok {
		return // never declared: nobody reads it, its buffer is bounded
	}
	pub := p.pubs[source]
	fresh := pub == nil
	if fresh {
		pub = newPublication(p.who, source)
		p.pubs[source] = pub
	}
	l := newLayer(pub, p, t, r)
	if h := p.heights[tr.Mid()][l.rid]; h > 0 {
		l.height.Store(h)
	}
	l.heard.Store(int64(p.node.elapsed()))
	pub.addLayer(l)
	p.mu.Lock()
	p.byLay[l.ssrc] = l
	p.mu.Unlock()
	p.wg.Go(func() {
		l.read(t)
		p.post(func() { p.layerEnded(l) })
		l.ring.close()
	})
	if fresh {
		p.to.published(pub)
	} else {
		pub.refresh()
	}
}

func (p *peer) layerEnded(l *layer) {
	p.mu.Lock()
	delete(p.byLay, l.ssrc)
	p.mu.Unlock()
	if l.pub.removeLayer(l) == 0 && p.pubs[l.pub.source] == l.pub {
		delete(p.pubs, l.pub.source)
		p.to.ended(l.pub)
	}
}

// onRTCP is called in pion's goroutine with a compound packet that concerns one
// of the streams; of its parts only those of that stream count, because the same
// bytes come once for each.
func (p *peer) onRTCP(ssrc uint32, b []byte) {
	pkts, err := rtcp.Unmarshal(b)
	if err != nil {
		return
	}
	p.mu.Lock()
	s, l := p.bySSRC[ssrc], p.byLay[ssrc]
	p.mu.Unlock()
	now := p.node.elapsed()
	for _, pkt := range pkts {
		switch k := pkt.(type) {
		case *rtcp.SenderReport:
			if l != nil && k.SSRC == ssrc {
				l.onReport(k, now)
			}
			p.onBlocks(s, k.Reports, now)
		case *rtcp.ReceiverReport:
			p.onBlocks(s, k.Reports, now)
		case *rtcp.PictureLossIndication:
			if s != nil && k.MediaSSRC == ssrc {
				s.requestKey()
			}
		case *rtcp.FullIntraRequest:
			if s != nil {
				s.requestKey()
			}
		case *rtcp.TransportLayerNack:
			if s != nil && k.MediaSSRC == ssrc {
				p.onNack(s, k)
			}
		case *rtcp.TransportLayerCC:
			if k.MediaSSRC == ssrc {
				p.onFeedback(k, now)
			}
		}
	}
}

func (p *peer) onBlocks(s *slot, blocks []rtcp.ReceptionReport, now time.Duration) {
	for _, b := range blocks {
		if s == nil || b.SSRC != s.ssrc {
			continue
		}
		s.lost.Store(b.TotalLost)
		s.share.Store(uint32(b.FractionLost))
		s.jitter.Store(b.Jitter)
		if b.LastSenderReport != 0 && b.LastSenderReport == s.srMid.Load() {
			rtt := now - time.Duration(s.srAt.Load()) - time.Duration(float64(b.Delay)/65536*float64(time.Second))
			p.rtt.Store(int64(max(rtt, 0)))
		}
	}
}

// requestKey passes a receiver's request on to the layer he plays.
func (s *slot) requestKey() {
	if l := s.playing.Load(); l != nil {
		l.requestKey()
	}
}

// maxNack is the most packets that one NACK may name; more is a flood.
const maxNack = 512

func (p *peer) onNack(s *slot, k *rtcp.TransportLayerNack) {
	var seqs []uint16
	for _, pair := range k.Nacks {
		seqs = append(seqs, pair.PacketList()...)
		if len(seqs) > maxNack {
			break
		}
	}
	if len(seqs) > 0 {
		p.home().do(func() {
			if s.pub != nil || s.used > 0 {
				s.resend(seqs, p.node.elapsed())
			}
		})
	}
}
