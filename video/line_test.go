package video

import (
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtcp"
)

// bench is one receiver of sound and pictures behind a line that is only
// computed. It runs in a synctest bubble: the clock is not real, pion's
// estimator is.
type bench struct {
	t     *testing.T
	p     *peer
	shard *shard
	rnd   *rand.Rand
	sound *slot
	pics  []*slot

	bits  float64       // the line takes so many
	stall time.Duration // the machine stops for up to this long, again and again
	lossy int           // one of so many is lost, 0: none

	busy    time.Duration // the line is free again
	until   time.Duration // the stall ends
	flight  []sent
	resumed []time.Duration // when a picture that was paused came back
}

type sent struct {
	seq     uint16
	arrives time.Duration // 0: lost
}

const (
	soundBits = 84_000 // of two microphones
	smallBits = 150_000
	deepest   = 300 * time.Millisecond
)

func newBench(t *testing.T, pictures int) *bench {
	n := &Node{epoch: time.Now()}
	b := &bench{t: t, bits: 20e6, rnd: rand.New(rand.NewPCG(1, 2)), p: &peer{node: n}}
	b.shard = newShard(newRoom(n, "r"), 0)
	b.p.shard.Store(b.shard)
	add := func(source Source, bits int64) *slot {
		pub := &publication{source: source}
		l := &layer{pub: pub, peer: b.p, ring: newRing(audioRing)}
		l.rate.bits.Store(bits)
		pub.layers.Store(&[]*layer{l})
		s := &slot{peer: b.p, climb: newClimb(), audio: source.Audio(), pub: pub, twcc: 3, ssrc: uint32(len(b.p.playing) + 1), cur: l}
		_ = s.hdr.SetExtension(s.twcc, s.ext[:])
		s.ready.Store(true)
		b.p.playing = append(b.p.playing, s)
		return s
	}
	b.sound = add(Mic, soundBits)
	for range pictures {
		b.pics = append(b.pics, add(Camera, smallBits))
	}
	b.p.adapt(0)
	return b
}

func (b *bench) close() {
	b.shard.kick.Stop()
	b.p.estimate.Load().close()
}

// send puts a packet of a slot on the line.
func (b *bench) send(s *slot, octets int, now time.Duration) {
	s.hdr.SSRC = s.ssrc
	seq := b.p.twccSeq
	b.p.stamp(&s.hdr, s, make([]byte, octets))
	begins := max(now, b.busy)
	if begins-now > deepest || (b.lossy > 0 && b.rnd.IntN(b.lossy) == 0) {
		b.flight = append(b.flight, sent{seq, 0})
		return
	}
	b.busy = begins + time.Duration(float64(octets*8)/b.bits*float64(time.Second))
	b.flight = append(b.flight, sent{seq, max(b.busy+time.Millisecond, b.until)})
}

// report tells the peer what has arrived by now, as a browser does.
func (b *bench) report(now time.Duration) {
	n := len(b.flight)
	for n > 0 && b.flight[n-1].arrives > now {
		n--
	}
	first := slices.IndexFunc(b.flight[:n], func(s sent) bool { return s.arrives != 0 })
	if first < 0 {
		return
	}
	ref := b.flight[first].arrives / (64 * time.Millisecond)
	k := &rtcp.TransportLayerCC{BaseSequenceNumber: b.flight[0].seq, PacketStatusCount: uint16(n), ReferenceTime: uint32(ref)}
	last := ref * 64 * time.Millisecond
	c := &rtcp.StatusVectorChunk{}
	for _, s := range b.flight[:n] {
		status := uint16(rtcp.TypeTCCPacketNotReceived)
		if s.arrives != 0 {
			status = rtcp.TypeTCCPacketReceivedLargeDelta
			k.RecvDeltas = append(k.RecvDeltas, &rtcp.RecvDelta{Type: status, Delta: (s.arrives - last).Microseconds()})
			last = s.arrives
		}
		c.SymbolList = append(c.SymbolList, status)
	}
	k.PacketChunks = append(k.PacketChunks, c)
	b.flight = append(b.flight[:0], b.flight[n:]...)
	b.p.onFeedback(k, now)
}

// run passes time: a packet of each slot every 20 ms, a report every 100 ms.
func (b *bench) run(d time.Duration) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := b.p.node.elapsed() + d; b.p.node.elapsed() < end; {
		<-tick.C
		now := b.p.node.elapsed()
		if b.stall > 0 && now > b.until && b.rnd.IntN(8) == 0 {
			b.until = now + time.Duration(b.rnd.Int64N(int64(b.stall)))
		}
		for _, s := range b.p.playing {
			if s.cur != nil && (!s.pub.muted.Load()) {
				b.send(s, int(s.cur.rate.bits.Load()/8/50)-s.hdr.MarshalSize(), now)
			}
			s.pub.all()[0].heard.Store(int64(now))
		}
		if now/(100*time.Millisecond) != (now-20*time.Millisecond)/(100*time.Millisecond) {
			b.report(now)
			synctest.Wait()
			b.p.adapt(now)
		}
		b.shard.turn()
		for _, s := range b.pics { // each layer begins with a key frame at once
			if s.want != nil && s.cur == nil {
				s.cur = s.want
				b.resumed = append(b.resumed, now)
			}
		}
	}
}

func (b *bench) shown() (n int) {
	for _, s := range b.pics {
		if s.cap >= 0 {
			n++
		}
	}
	return n
}

func (b *bench) estimate() int { return b.p.estimate.Load().bwe.GetTargetBitrate() }

// paused makes a bad spell that pauses all but the most important picture.
func (b *bench) paused() {
	b.t.Helper()
	b.run(3 * time.Second)
	if b.shown() != len(b.pics) {
		b.t.Fatal("paused on a good line")
	}
	b.bits = 90e3
	b.run(10 * time.Second)
	if b.shown() != 1 {
		b.t.Fatalf("%d pictures on a line for none, estimate %d", b.shown(), b.estimate())
	}
}

// The estimate of the sound alone has no room for a picture, and where a machine
// stalls it never gets any; the picture comes back all the same when the line is
// good again.
func TestPausedPicturesComeBackWhenTheLineIsGood(t *testing.T) {
	for _, stall := range []time.Duration{0, 40 * time.Millisecond, 1500 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, 3)
			defer b.close()
			b.paused()
			b.bits, b.stall = 20e6, stall
			b.run(30 * time.Second)
			if b.shown() != 3 {
				t.Errorf("stalls of %v: %d of 3 pictures, quiet for %v", stall, b.shown(), b.p.estimate.Load().line.quiet(b.p.node.elapsed()))
			}
			t.Logf("stalls of up to %v: estimate %d of %d", stall, b.estimate(), soundBits+3*smallBits)
		})
	}
}

// An estimate that stays at its floor, for whatever reason, does not keep
// pictures away from a line without congestion.
func TestTheFloorOfTheEstimateAlonePausesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, 3)
		defer b.close()
		for now := time.Second; now <= 12*time.Second; now += allocateEvery {
			for _, s := range b.pics {
				s.pub.all()[0].heard.Store(int64(now))
			}
			b.p.allocate(leastEstimate, now-time.Second, now) // congested at the first second only
			if n := b.shown(); (now == time.Second && n != 1) || (now < 6*time.Second && n > 1) {
				t.Errorf("%d pictures after %v", n, now)
			}
		}
		if b.shown() != 3 {
			t.Errorf("%d of 3 pictures", b.shown())
		}
	})
}

// With the sound muted nothing flows at all, and nobody reports on nothing.
func TestPausedPicturesComeBackWithoutAnySound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, 2)
		defer b.close()
		b.paused()
		b.sound.pub.muted.Store(true)
		b.pics[0].pub.muted.Store(true)
		b.run(3 * time.Second)
		b.bits = 20e6
		b.run(30 * time.Second)
		if b.shown() != 2 {
			t.Errorf("%d of 2 pictures, estimate %d", b.shown(), b.estimate())
		}
	})
}

// A line that stays narrow is tried less and less often.
func TestANarrowLineIsTriedWithBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, 2)
		defer b.close()
		b.paused()
		b.bits, b.resumed = 250e3, nil // for the sound and one picture
		b.run(3 * time.Minute)
		if n := len(b.resumed); n < 3 || n > 9 {
			t.Errorf("tried %d times in three minutes: %v", n, b.resumed)
		}
		for i := 2; i < len(b.resumed); i++ {
			if gap := b.resumed[i] - b.resumed[i-1]; gap < tryAfter || gap > 45*time.Second {
				t.Errorf("try %d after %v: %v", i, gap, b.resumed)
			}
		}
		b.bits = 20e6
		b.run(45 * time.Second)
		if b.shown() != 2 {
			t.Errorf("not back on a good line, estimate %d", b.estimate())
		}
	})
}

// A machine that stops now and then makes packets late, not the line narrow.
func TestStallsPauseNothing(t *testing.T) {
	for _, stall := range []time.Duration{20 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, 1500 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, 3)
			defer b.close()
			b.run(3 * time.Second)
			b.stall = stall
			least := b.estimate()
			for range 60 {
				b.run(time.Second)
				least = min(least, b.estimate())
				if b.shown() != 3 {
					t.Fatalf("stalls of %v: %d of 3 pictures, estimate %d", stall, b.shown(), b.estimate())
				}
			}
			t.Logf("stalls of up to %v: the least estimate %d of %d", stall, least, soundBits+3*smallBits)
		})
	}
}

// Loss without a queue is congestion too: a line that drops what is too much.
func TestLossAloneIsCongestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, 2)
		defer b.close()
		b.run(3 * time.Second)
		b.lossy = 4
		b.run(3 * time.Second)
		if q := b.p.estimate.Load().line.quiet(b.p.node.elapsed()); q > calm {
			t.Errorf("quiet for %v at a loss of a quarter", q)
		}
	})
}
