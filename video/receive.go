package video

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
)

// receiver keeps the reception statistics of RFC 3550 §A.3 and §A.8. The reader
// of the layer owns it, but for the part under the mutex.
type receiver struct {
	clock        uint32
	first, high  uint64
	got          uint64
	prevExpected uint64
	prevGot      uint64
	transit      int64
	started      bool
	jitter       float64
	lastSent     time.Duration

	lostShare atomic.Uint32 // of the last interval, in 1/256
	lostTotal atomic.Uint64

	mu     sync.Mutex // guards what the last sender report said
	ntp    uint32
	heard  time.Duration
	hasNTP bool
}

func (r *receiver) add(index uint64, ts uint32, now time.Duration) {
	transit := int64(now)*int64(r.clock)/int64(time.Second) - int64(ts)
	if r.started {
		d := transit - r.transit
		if d = int64(int32(d)); d < 0 {
			d = -d
		}
		r.jitter += (float64(d) - r.jitter) / 16
	} else {
		r.started, r.first, r.lastSent = true, index, now
	}
	r.transit = transit
	r.got++
	r.high = max(r.high, index)
}

func (r *receiver) onReport(ntp uint64, now time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ntp, r.heard, r.hasNTP = uint32(ntp>>16), now, true
}

const reportEvery = time.Second

// due returns the reception report when it is time for one.
func (r *receiver) due(ssrc uint32, now time.Duration) *rtcp.ReceptionReport {
	if now-r.lastSent < reportEvery {
		return nil
	}
	r.lastSent = now
	expected := r.high - r.first + 1
	lost := int64(expected) - int64(r.got)
	inExpected, inGot := expected-r.prevExpected, r.got-r.prevGot
	r.prevExpected, r.prevGot = expected, r.got
	share := uint8(0)
	if inExpected > inGot {
		share = uint8(min(255, (inExpected-inGot)*256/inExpected))
	}
	r.lostShare.Store(uint32(share))
	r.lostTotal.Store(uint64(max(lost, 0)))
	out := &rtcp.ReceptionReport{
		SSRC: ssrc, FractionLost: share, TotalLost: uint32(min(max(lost, 0), 0x7fffff)),
		LastSequenceNumber: uint32(r.high), Jitter: uint32(r.jitter),
	}
	r.mu.Lock()
	if r.hasNTP {
		out.LastSenderReport, out.Delay = r.ntp, uint32((now-r.heard).Seconds()*65536)
	}
	r.mu.Unlock()
	return out
}

// gaps remembers which packets of a layer are missing and when to ask for them.
// The reader of the layer owns it.
type gaps struct {
	next    uint64
	missing []gap
	buf     []uint16
}

type gap struct {
	index uint64
	tries int
	asked time.Duration
}

const (
	maxGaps   = 256                   // more are given up: a key frame is cheaper
	maxAsks   = 8                     // for one packet
	firstWait = 5 * time.Millisecond  // packets may only be out of order
	nextWait  = 60 * time.Millisecond // about a round trip
	maxGapAge = 512                   // packets; the ring is not longer
)

// add notes a packet that arrived.
func (g *gaps) add(index uint64) {
	switch {
	case g.next == 0:
		g.next = index + 1
	case index >= g.next:
		if index-g.next > maxGaps {
			g.missing, g.next = g.missing[:0], index
		}
		for ; g.next < index; g.next++ {
			if len(g.missing) == maxGaps {
				g.missing = g.missing[:copy(g.missing, g.missing[1:])]
			}
			g.missing = append(g.missing, gap{index: g.next})
		}
		g.next++
	default:
		for i, m := range g.missing {
			if m.index == index {
				g.missing = append(g.missing[:i], g.missing[i+1:]...)
				return
			}
		}
	}
}

// due returns the numbers to ask for now. The slice is good until the next call.
func (g *gaps) due(now time.Duration) []uint16 {
	if len(g.missing) == 0 {
		return nil
	}
	g.buf = g.buf[:0]
	kept := g.missing[:0]
	for _, m := range g.missing {
		switch {
		case m.tries >= maxAsks || g.next-m.index > maxGapAge:
			continue
		case m.asked == 0:
			m.asked = now // seen; asked for when it is still missing shortly after
		case (m.tries == 0 && now-m.asked >= firstWait) || (m.tries > 0 && now-m.asked >= nextWait):
			m.asked, m.tries = now, m.tries+1
			g.buf = append(g.buf, uint16(m.index))
		}
		kept = append(kept, m)
	}
	g.missing = kept
	return g.buf
}

// feedback tells a publisher when each of his packets arrived (transport-wide
// congestion control), from which his browser computes what he may send.
type feedback struct {
	peer *peer

	mu       sync.Mutex // guards all below: every layer of the peer reports here
	recorder *twcc.Recorder
	sent     time.Duration
}

const feedbackEvery = 80 * time.Millisecond

// received notes the packet whose header the layer has just parsed.
func (f *feedback) received(l *layer, now time.Duration) {
	if l.ids.transport == 0 {
		return
	}
	ext := l.rtp.GetExtension(l.ids.transport)
	if len(ext) < 2 {
		return
	}
	f.mu.Lock()
	if f.recorder == nil {
		f.recorder = twcc.NewRecorder(1)
		f.sent = now
	}
	f.recorder.Record(l.ssrc, uint16(ext[0])<<8|uint16(ext[1]), now.Microseconds())
	var out []rtcp.Packet
	if now-f.sent >= feedbackEvery {
		f.sent = now
		out = f.recorder.BuildFeedbackPacket()
	}
	f.mu.Unlock()
	f.peer.sendRTCP(out...)
}
