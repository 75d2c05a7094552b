package record

import "time"

// packet is one RTP packet of a source. The payload is valid only during the
// call that hands it over.
type packet struct {
	seq     uint16
	ts      uint32
	marker  bool
	at      time.Time // arrival
	payload []byte
}

const (
	reorderSlots = 256  // power of two; packets that may wait for an earlier one
	maxOutage    = 8192 // a larger step of the numbers is a new beginning
)

// reorder puts the packets of one SSRC in order, drops doubles, and gives up on
// a packet that is missing for reorderTime or for more than reorderSlots
// numbers. Numbers may wrap (RFC 3550 §5.1).
type reorder struct {
	started bool
	next    uint16
	slots   []packet // by number modulo reorderSlots; nil until something is out of order
	waiting int
	since   time.Time // when the oldest hole was seen
	rogue   uint16    // a number far off; the next one after it is believed
	rogues  int
	lost    int // since the last packet out
	late    int // too late or double; for tests and statistics
}

// push takes a packet and hands over what is in order now, each with the number
// of packets missing before it.
func (r *reorder) push(p packet, out func(p packet, lost int)) {
	if !r.started {
		r.started, r.next = true, p.seq
	}
	d := int(int16(p.seq - r.next))
	if d <= -reorderSlots || d >= reorderSlots {
		if r.rogues == 0 || p.seq != r.rogue+1 {
			r.rogue, r.rogues = p.seq, 1
			return
		}
		r.flush(out)
		r.lost += d // the rogue itself was dropped
		if d < 0 || d > maxOutage {
			r.lost = 1 // the numbers started again: nobody knows
		}
		r.next, d = p.seq, 0
	}
	r.rogues = 0
	switch {
	case d < 0:
		r.late++
		return
	case d == 0:
		r.emit(p, out)
		r.run(out)
	default:
		r.keep(p)
	}
	r.expire(p.at, out)
}

func (r *reorder) keep(p packet) {
	if r.slots == nil {
		r.slots = make([]packet, reorderSlots)
	}
	s := &r.slots[p.seq%reorderSlots]
	if !s.at.IsZero() {
		r.late++ // a double: within the window a slot has one number
		return
	}
	p.payload = append(make([]byte, 0, len(p.payload)), p.payload...)
	*s = p
	if r.waiting++; r.waiting == 1 {
		r.since = p.at
	}
}

func (r *reorder) emit(p packet, out func(packet, int)) {
	lost := r.lost
	r.lost = 0
	r.next = p.seq + 1
	out(p, lost)
}

// run hands over the stored packets that follow without a hole.
func (r *reorder) run(out func(packet, int)) {
	for r.waiting > 0 {
		s := &r.slots[r.next%reorderSlots]
		if s.at.IsZero() {
			r.since = r.oldest()
			return
		}
		p := *s
		*s = packet{}
		r.waiting--
		r.emit(p, out)
	}
}

// oldest is the arrival of the first packet after the hole.
func (r *reorder) oldest() time.Time {
	for i := range uint16(reorderSlots) {
		if s := r.slots[(r.next+i)%reorderSlots]; !s.at.IsZero() {
			return s.at
		}
	}
	return time.Time{}
}

// expire gives up on holes older than reorderTime at the given time.
func (r *reorder) expire(now time.Time, out func(packet, int)) {
	for r.waiting > 0 && now.Sub(r.since) > reorderTime {
		r.skip(out)
	}
}

// skip jumps over one hole.
func (r *reorder) skip(out func(packet, int)) {
	for r.slots[r.next%reorderSlots].at.IsZero() {
		r.next++
		r.lost++
	}
	r.run(out)
}

// flush hands over everything, holes or not.
func (r *reorder) flush(out func(packet, int)) {
	for r.waiting > 0 {
		r.skip(out)
	}
}
