package record

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtp"
)

// network loses, doubles and delays packets of a track.
type network struct {
	loss, double, late float64
	lateBy             time.Duration
}

func (n network) carry(rnd *rand.Rand, es []event) (out []event) {
	for _, e := range es {
		if e.packet == nil {
			out = append(out, e)
			continue
		}
		switch {
		case rnd.Float64() < n.loss:
			continue
		case rnd.Float64() < n.late:
			e.at += time.Duration(rnd.Int64N(int64(n.lateBy)))
		}
		out = append(out, e)
		if rnd.Float64() < n.double {
			e.at += time.Duration(rnd.Int64N(int64(50 * time.Millisecond)))
			out = append(out, e)
		}
	}
	return out
}

// Whatever is lost, the file decodes without an error, and what is missing is
// stated.
func TestRandomLossNeverMakesAnUndecodableFile(t *testing.T) {
	for _, c := range bothCodecs {
		for _, loss := range []float64{0.003, 0.03, 0.2} {
			t.Run(c.String(), func(t *testing.T) {
				seed := rand.Uint64()
				t.Logf("seed %d, loss %v", seed, loss)
				rnd := rand.New(rand.NewPCG(seed, 0))
				net := network{loss: loss, double: 0.05, late: 0.1, lateBy: 150 * time.Millisecond}
				m := recording(t, Config{}, net.carry(rnd, cameraAndMic(t, c)))
				files := m.finish(t)
				name := m.sink.file(t, files[0].Key)
				decode(t, name)
				decode(t, name, "-ss", "6.3")
				p := probe(t, name)
				if math.Abs(p.duration-clipSeconds) > 2.5 {
					t.Errorf("duration %.2f s", p.duration)
				}
				lost := 0
				for _, g := range append(m.gaps(Camera), m.gaps(Mic)...) {
					if g.Reason == GapLoss {
						lost += g.Packets
					}
				}
				if p.frames[c.String()] < clipSeconds*fps && lost == 0 {
					t.Errorf("%d pictures recorded, and no loss stated", p.frames[c.String()])
				}
				// Where every fifth packet is lost, so is the beginning of many a flash or beep.
				if worst, _ := apart(t, name); loss < 0.1 && math.Abs(worst) > 0.1 {
					t.Errorf("sound and picture %.0f ms apart", worst*1000)
				}
			})
		}
	}
}

func TestReorderedAndDoubledPacketsLoseNothing(t *testing.T) {
	for _, c := range bothCodecs {
		rnd := rand.New(rand.NewPCG(1, 2))
		net := network{double: 0.2, late: 0.3, lateBy: 200 * time.Millisecond}
		es := cameraAndMic(t, c)
		first := slices.IndexFunc(es, func(e event) bool { return e.packet != nil })
		carried := append(slices.Clone(es[:first+40]), net.carry(rnd, es[first+40:])...) // the first packet tells where numbers begin
		m := recording(t, Config{}, carried)
		p := probe(t, m.sink.file(t, m.finish(t)[0].Key))
		if p.frames[c.String()] != clipSeconds*fps {
			t.Errorf("%v: %d of %d pictures", c, p.frames[c.String()], clipSeconds*fps)
		}
		if g := m.gaps(Camera); len(g) > 0 {
			t.Errorf("%v: gaps %v", c, g)
		}
	}
}

// A lost packet takes the picture with it and all that lean on it, up to the
// next key frame.
func TestVideoGapWaitsForKeyFrame(t *testing.T) {
	for _, c := range bothCodecs {
		es := cameraAndMic(t, c)
		es = slices.DeleteFunc(es, func(e event) bool {
			return e.packet != nil && e.kind == Camera && e.at > 5300*time.Millisecond && e.at < 5450*time.Millisecond
		})
		m := recording(t, Config{}, es)
		gs := m.gaps(Camera)
		if len(gs) != 1 || gs[0].Reason != GapLoss || gs[0].Packets == 0 {
			t.Fatalf("%v: gaps %v", c, gs)
		}
		// Captured 200 ms before; the clip has a key frame at 6.0 s.
		start := m.segments[0].From
		from, to := gs[0].From.Sub(start).Seconds(), gs[0].To.Sub(start).Seconds()
		if from < 5.0 || from > 5.3 || math.Abs(to-from-0.87) > 0.12 {
			t.Errorf("%v: gap from %.2f to %.2f s", c, from, to)
		}
		if m.keys == 0 {
			t.Errorf("%v: nobody was asked for a key frame", c)
		}
		name := m.sink.file(t, m.finish(t)[0].Key)
		decode(t, name)
		if n := probe(t, name).frames[c.String()]; n >= clipSeconds*fps-15 {
			t.Errorf("%v: %d pictures: some lean on lost ones", c, n)
		}
		if g := m.gaps(Mic); len(g) > 0 {
			t.Errorf("%v: sound has gaps %v", c, g)
		}
	}
}

func TestReorder(t *testing.T) {
	const size = reorderSlots
	type in struct {
		seq uint16
		ms  int
	}
	for name, tc := range map[string]struct {
		in   []in
		want []uint16
		lost []int
		late int
	}{
		"in order":         {[]in{{1, 0}, {2, 1}, {3, 2}}, []uint16{1, 2, 3}, []int{0, 0, 0}, 0},
		"wraps":            {[]in{{65534, 0}, {0, 1}, {65535, 2}, {1, 3}}, []uint16{65534, 65535, 0, 1}, []int{0, 0, 0, 0}, 0},
		"double":           {[]in{{1, 0}, {1, 1}, {3, 2}, {3, 3}, {2, 4}}, []uint16{1, 2, 3}, []int{0, 0, 0}, 2},
		"given up":         {[]in{{1, 0}, {3, 1}, {4, 400}}, []uint16{1, 3, 4}, []int{0, 1, 0}, 0},
		"too late":         {[]in{{1, 0}, {3, 1}, {4, 400}, {2, 401}}, []uint16{1, 3, 4}, []int{0, 1, 0}, 1},
		"one rogue number": {[]in{{1, 0}, {30000, 1}, {2, 2}}, []uint16{1, 2}, []int{0, 0}, 0},
		"long outage":      {[]in{{1, 0}, {1000, 1}, {1001, 2}}, []uint16{1, 1001}, []int{0, 999}, 0},
		"begins again":     {[]in{{40000, 0}, {5, 1}, {6, 2}, {7, 3}}, []uint16{40000, 6, 7}, []int{0, 1, 0}, 0},
		"window":           {[]in{{0, 0}, {size - 1, 1}, {size, 400}}, []uint16{0, size - 1, size}, []int{0, size - 2, 0}, 0},
	} {
		var r reorder
		var got []uint16
		var lost []int
		base := time.Unix(1000, 0)
		for _, i := range tc.in {
			r.push(packet{seq: i.seq, at: base.Add(time.Duration(i.ms) * time.Millisecond), payload: []byte{1}}, func(p packet, n int) {
				got, lost = append(got, p.seq), append(lost, n)
			})
		}
		if !slices.Equal(got, tc.want) || !slices.Equal(lost, tc.lost) || r.late != tc.late {
			t.Errorf("%s: %v with %v lost and %d late, want %v, %v, %d", name, got, lost, r.late, tc.want, tc.lost, tc.late)
		}
	}
}

// Random orders within the window come out in order, each once.
func TestReorderRestoresAnyOrder(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		var r reorder
		first, n := uint16(rnd.Uint32()), 500
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		for i := 1; i+50 < n; i += 50 {
			rnd.Shuffle(50, func(a, b int) { order[i+a], order[i+b] = order[i+b], order[i+a] })
		}
		next := first
		for _, i := range order {
			r.push(packet{seq: first + uint16(i), at: time.Unix(1000, 0)}, func(p packet, lost int) {
				if p.seq != next || lost != 0 {
					t.Fatalf("got %d with %d lost, want %d", p.seq, lost, next)
				}
				next++
			})
		}
		if next != first+uint16(n) {
			t.Fatalf("%d packets came out of %d", next-first, n)
		}
	}
}

func TestOverrunDropsPicturesBeforeSound(t *testing.T) {
	b := newInbox()
	payload := make([]byte, 1000)
	put := func(k Kind) bool { return b.put(note{op: opRTP, kind: k}, payload) == nil }
	for put(Camera) {
	}
	if !put(Mic) {
		t.Error("no room for sound when it is full of pictures")
	}
	for put(Mic) {
	}
	if b.put(note{op: opMute, kind: Mic}, nil) != nil {
		t.Error("no room for a command when it is full of media")
	}
	notes, arena, dropped := b.take(nil, nil)
	if len(notes) > inboxPackets+1 || len(arena) > inboxBytes || dropped[Camera] != 2 && dropped[Camera] != 1 || dropped[Mic] != 1 {
		t.Errorf("%d notes, %d bytes, dropped %v", len(notes), len(arena), dropped)
	}
	if !put(Camera) {
		t.Error("no room after it was emptied")
	}
}

// The recorder must not keep or change what the caller gives it.
func TestPacketsMayBeReusedAtOnce(t *testing.T) {
	es := cameraAndMic(t, VP8)
	var reused rtp.Packet
	buf := make([]byte, 1500)
	for i := range es {
		if p := es[i].packet; p != nil {
			kind := es[i].kind
			es[i].packet = nil
			es[i].call = func(r *Recorder) {
				n := copy(buf, p.Payload)
				reused.Header, reused.Payload = p.Header, buf[:n]
				r.WriteRTP(kind, &reused, time.Time{})
				clear(buf)
			}
		}
	}
	m := recording(t, Config{}, es)
	name := m.sink.file(t, m.finish(t)[0].Key)
	decode(t, name)
	if n := probe(t, name).frames["vp8"]; n != clipSeconds*fps {
		t.Errorf("%d pictures", n)
	}
}
