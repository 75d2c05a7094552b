package video

import (
	"time"
)

// mapping ties a stretch of one layer to the numbers a receiver sees. Within a
// mapping every number moves by a constant, so a packet that comes late or is
// sent again gets the number it would have had.
type mapping struct {
	layer   *layer
	base    uint64 // first index of the layer
	out     uint64 // its number for the receiver, without wrapping
	ts      uint32 // added to timestamps
	picture uint16 // added to VP8 picture ids
	level   uint8  // added to TL0PICIDX
}

// rewriter joins stretches of different layers, and of different publications,
// into one stream without gaps.
type rewriter struct {
	maps    [4]mapping // the newest first
	used    int
	lastOut uint64
	lastTS  uint32
	lastIn  uint32 // timestamp in the layer of the last packet
	lastAt  time.Duration
	lastPic uint16
	lastTL0 uint8
}

func (r *rewriter) current() *mapping { return &r.maps[0] }

// turnTo begins a stretch at packet p of l, which must begin a key frame (or be
// audio).
func (r *rewriter) turnTo(l *layer, p *packet) {
	m := mapping{layer: l, base: p.index, out: p.index}
	if r.used > 0 {
		m.out = r.lastOut + 1
		m.ts = r.lastTS + r.step(l, p) - p.ts
		m.picture = r.lastPic + 1 - p.vp8.picture
		m.level = r.lastTL0 + 1 - p.vp8.level
	}
	copy(r.maps[1:], r.maps[:])
	r.maps[0] = m
	r.used = min(r.used+1, len(r.maps))
}

// step is the distance in clock ticks from the last packet to p. The sender
// reports of two layers of one publication say it exactly, else arrival does.
func (r *rewriter) step(l *layer, p *packet) uint32 {
	clock := p.codec.clock()
	seconds := (p.arrived - r.lastAt).Seconds()
	old := r.maps[0].layer
	if a, b := old.report.Load(), l.report.Load(); old.pub == l.pub && a != nil && b != nil {
		if d := b.wall(p.ts, clock) - a.wall(r.lastIn, clock); d > -2 && d < seconds+2 {
			seconds = d
		}
	}
	return uint32(max(1, int64(seconds*float64(clock))))
}

// sent notes a packet that went out in order.
func (r *rewriter) sent(out uint64, ts uint32, p *packet) {
	if out <= r.lastOut && r.lastOut != 0 {
		return
	}
	m := &r.maps[0]
	r.lastOut, r.lastTS, r.lastIn, r.lastAt = out, ts, p.ts, p.arrived
	if p.codec == codecVP8 && len(p.payload) > 0 {
		r.lastPic, r.lastTL0 = p.vp8.picture+m.picture, p.vp8.level+m.level
	}
}

// find returns the mapping that made a number, or nil when it is too long ago.
func (r *rewriter) find(out uint64) *mapping {
	for i := range r.used {
		if m := &r.maps[i]; out >= m.out {
			return m
		}
	}
	return nil
}
