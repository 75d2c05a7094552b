package video

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	pioncodecs "github.com/pion/rtp/codecs"
)

func FuzzVP8(f *testing.F) {
	f.Add([]byte{0x90, 0xe0, 0x81, 0x02, 7, 0x20, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01})
	f.Add([]byte{0x10, 0x11})
	f.Add([]byte{0x80, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		d, _, key, ok := parseVP8(b)
		if !ok {
			return
		}
		var p pioncodecs.VP8Packet
		if _, err := p.Unmarshal(b); err == nil && (p.PictureID != d.picture || p.TL0PICIDX != d.level) {
			t.Errorf("%x: %+v, pion says %+v", b, d, p)
		}
		c := bytes.Clone(b)
		d.rewrite(c, d.picture, d.level)
		if e, _, key2, ok := parseVP8(c); !ok || key2 != key || e.picture != d.picture || e.level != d.level {
			t.Errorf("%x rewritten to %x", b, c)
		}
	})
}

func FuzzH264(f *testing.F) {
	f.Add([]byte{0x67, 0x42})
	f.Add([]byte{24, 0, 2, 0x67, 0x42, 0, 2, 0x68, 0xce})
	f.Add([]byte{24, 0xff, 0xff, 1})
	f.Add([]byte{28, 0x85, 1})
	f.Fuzz(func(_ *testing.T, b []byte) { parseH264(b) })
}

func FuzzFragment(f *testing.F) {
	f.Add("a=ice-ufrag:x\r\na=mid:0\r\na=candidate:1 1 udp 1 1.2.3.4 5 typ host\r\n")
	f.Fuzz(func(_ *testing.T, s string) { parseFragment(s) })
}

func testPacket(index uint64, at time.Duration, key bool) *packet {
	p := newPacket(100)
	p.reset()
	p.index, p.seq, p.ts, p.arrived, p.key, p.codec = index, uint16(index), uint32(index)*3000, at, key, codecVP8
	p.data = p.data[:100]
	p.payload = p.data[12:]
	return p
}

// The ring holds exactly the newest packets that are young enough, whatever the
// order of arrival, and lets go of each exactly once.
func TestRingAgainstAMap(t *testing.T) {
	seed := rand.Uint64()
	rnd := rand.New(rand.NewPCG(seed, 1))
	r := newRing(64)
	seen := map[uint64]bool{}
	all := []*packet{}
	base := uint64(70000)
	for i := range 20000 {
		index := base + uint64(i) + uint64(rnd.IntN(6))
		if rnd.IntN(500) == 0 {
			base += 3000 // a jump
			index += 3000
		}
		p := testPacket(index, time.Duration(i)*time.Millisecond, rnd.IntN(30) == 0)
		tail := r.tail
		fresh := r.add(p)
		if seen[index] && fresh && index > tail {
			t.Fatalf("seed %d: %d is new twice", seed, index)
		}
		seen[index] = true
		all = append(all, p)
		if got := r.get(index); got != nil {
			if got.index != index {
				t.Fatalf("seed %d: asked for %d, got %d", seed, index, got.index)
			}
			got.release()
		}
		for _, k := range r.sinceKey(p.arrived, time.Hour, 1000) {
			k.release()
		}
	}
	r.close()
	for _, p := range all {
		if n := p.refs.Load(); n != 1 {
			t.Fatalf("seed %d: packet %d has %d references", seed, p.index, n)
		}
		p.release()
	}
}

// Whatever a receiver is switched between, his numbers go on one by one, his
// clock does not go back, and a resent packet has the number it had.
func TestRewriterJoinsStretches(t *testing.T) {
	seed := rand.Uint64()
	rnd := rand.New(rand.NewPCG(seed, 2))
	pub := &publication{}
	layers := []*layer{{pub: pub}, {pub: pub}, {pub: &publication{}}}
	next := []uint64{66000, 90000, 131071}
	var r rewriter
	var cur *layer
	var last, lastTS uint64
	at := time.Second
	for i := range 5000 {
		at += time.Duration(1+rnd.IntN(20)) * time.Millisecond
		n := rnd.IntN(len(layers))
		l := layers[n]
		next[n]++
		p := testPacket(next[n], at, false)
		p.ts = uint32(at.Seconds()*90000) + uint32(n)*1234567
		p.vp8.picture = uint16(next[n]) & 0x7fff
		if l != cur {
			if rnd.IntN(10) != 0 {
				p.release()
				continue
			}
			r.turnTo(l, p)
			cur = l
		}
		m := r.current()
		out, ts := m.out+(p.index-m.base), p.ts+m.ts
		if i > 0 && last != 0 && (out != last+1 || int32(ts-uint32(lastTS)) <= 0) {
			t.Fatalf("seed %d: %d after %d, time %d after %d", seed, out, last, ts, lastTS)
		}
		if f := r.find(out); f != m {
			t.Fatalf("seed %d: %d is found elsewhere", seed, out)
		}
		r.sent(out, ts, p)
		last, lastTS = out, uint64(ts)
		p.release()
	}
}

func TestGapsAsksAgainAndGivesUp(t *testing.T) {
	var g gaps
	for _, i := range []uint64{70000, 70001, 70004, 70003} {
		g.add(i)
	}
	asked := 0
	for at := time.Second; at < 3*time.Second; at += 5 * time.Millisecond {
		for _, seq := range g.due(at) {
			if n := uint64(70002); seq != uint16(n) {
				t.Fatalf("asked for %d", seq)
			}
			asked++
		}
	}
	if asked != maxAsks || len(g.missing) != 0 {
		t.Errorf("asked %d times, %d left", asked, len(g.missing))
	}
	g.add(90000) // a jump is no gap to fill
	if len(g.missing) > maxGaps {
		t.Errorf("%d missing", len(g.missing))
	}
}

func TestKeyRequestsAreThrottledAndNoneIsLost(t *testing.T) {
	var k keyRequests
	if !k.ask(time.Second) || k.ask(time.Second+keyWindow/2) || k.due(time.Second+keyWindow/2) {
		t.Error("the first goes out, the second waits")
	}
	if !k.due(time.Second+keyWindow) || k.due(time.Second+3*keyWindow) {
		t.Error("what waited goes out once")
	}
	k.ask(time.Second + keyWindow + 1)
	k.answered()
	if k.due(10 * time.Second) {
		t.Error("answered meanwhile, and asked all the same")
	}
}

// A queue that is nearly full takes sound and no pictures.
func TestShardDropsVideoBeforeAudio(t *testing.T) {
	n := &Node{epoch: time.Now()}
	r := newRoom(n, "r")
	s := newShard(r, 0)
	defer s.kick.Stop()
	l := &layer{pub: &publication{source: Camera}, peer: &peer{node: n}}
	pic, snd := testPacket(70000, 0, false), testPacket(1, 0, false)
	snd.codec = codecOpus
	for range mediaFull {
		s.push(l, pic)
	}
	if len(s.media) != videoFull {
		t.Errorf("%d pictures queued", len(s.media))
	}
	for range mediaFull {
		s.push(l, snd)
	}
	if len(s.media) != mediaFull || n.dropped.Load() == 0 {
		t.Errorf("%d queued, %d dropped", len(s.media), n.dropped.Load())
	}
}

// BenchmarkForwardTo100 is the work of a shard for one packet to 100 receivers,
// without cipher and network.
func BenchmarkForwardTo100(b *testing.B) {
	n := &Node{epoch: time.Now()}
	r := newRoom(n, "r")
	s := newShard(r, 0)
	defer s.kick.Stop()
	pub := &publication{source: Camera}
	l := &layer{pub: pub, ring: newRing(videoRing)}
	pub.layers.Store(&[]*layer{l})
	for range 100 {
		p := &peer{node: n}
		p.shard.Store(s)
		sl := &slot{peer: p, climb: newClimb(), writer: interceptor.RTPWriterFunc(func(_ *rtp.Header, b []byte, _ interceptor.Attributes) (int, error) { return len(b), nil })}
		sl.types[codecVP8] = 96
		sl.ready.Store(true)
		sl.pub, sl.want = pub, l
		pub.fans[0].slots = append(pub.fans[0].slots, sl)
	}
	b.ReportAllocs()
	for i := range b.N {
		p := testPacket(uint64(70000+i), time.Duration(i+1)*time.Millisecond, i == 0)
		s.forward([]item{{l, p}})
		p.release()
	}
	if got := pub.fans[0].slots[99].packets.Load(); got != uint64(b.N) {
		b.Fatalf("%d packets of %d", got, b.N)
	}
}

func TestClimbGoesDownAtOnceAndUpWithCare(t *testing.T) {
	sec := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	const never = 1e6
	for name, steps := range map[string][]struct {
		at    float64
		rank  int
		quiet float64
		room  bool
		want  int
	}{
		"not without congestion":        {{1, 0, never, false, 2}, {2, -1, 1, false, 2}, {3, -1, 0.5, false, -1}},
		"down at once, up step by step": {{1, 0, 0, false, 0}, {2, 2, 0, false, 0}, {3, 2, 0, false, 1}, {4, 2, 0, false, 1}, {5, 2, 0, false, 2}},
		"tried and kept":                {{1, 0, 0, false, 0}, {9, 0, 8, true, 1}, {10, 0, 9, false, 1}, {12, 1, 11, false, 1}},
		"tried and failed, then later":  {{1, 0, 0, false, 0}, {9, 0, 8, true, 1}, {10, 0, 0, false, 0}, {16, 0, 6, true, 0}, {21, 0, 9, true, 1}},
		"no room, no try":               {{1, 0, 0, false, 0}, {30, 0, 29, false, 0}},
		"paused and back":               {{1, -1, 0, false, -1}, {3, 0, 0, false, 0}},
		"paused and tried":              {{1, -1, 0, false, -1}, {6, -1, 5, false, -1}, {8, -1, 7, false, 0}, {30, -1, 29, false, 0}},
		"paused, lossy, not tried":      {{1, -1, 0, false, -1}, {30, -1, 4, true, -1}},
	} {
		c := newClimb()
		if c.allow(0, 3, view{quiet: sec(never)}, 0); c.cap != unlimited {
			t.Errorf("%s: cut by the first estimate", name)
		}
		for i, s := range steps {
			v := view{quiet: sec(s.quiet), room: s.room, still: sec(s.quiet) >= tryAfter}
			if c.allow(s.rank, 3, v, sec(s.at)); min(c.cap, 2) != s.want {
				t.Errorf("%s, step %d: cap %d, want %d", name, i, c.cap, s.want)
			}
		}
	}
}
