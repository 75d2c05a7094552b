package video

import (
	"sync"
	"time"
)

// ring keeps the last packets of one layer for retransmission and for receivers
// that begin at its last key frame. There is one for each published layer and
// none for a receiver.
type ring struct {
	keep time.Duration // older packets are let go

	mu    sync.Mutex // guards all below
	slots []*packet  // by index modulo the length, a power of two
	next  uint64     // one past the newest index
	tail  uint64     // oldest index that may still be there
	key   uint64     // index of the last key frame's first packet, 0: none
	keyTS uint32
}

const (
	videoRing = 512
	audioRing = 64
	ringAge   = 1500 * time.Millisecond
)

func newRing(size int) *ring { return &ring{slots: make([]*packet, size), keep: ringAge} }

// add keeps the packet, with a reference of its own, and reports whether it is
// new. A packet that is too late for the ring is not kept, but is new.
func (r *ring) add(p *packet) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	size := uint64(len(r.slots))
	if p.index >= r.next {
		if r.next == 0 || p.index-r.next >= size {
			r.clear()
			r.tail = p.index
		}
		r.next = p.index + 1
		for ; r.tail+size < r.next; r.tail++ {
			r.drop(r.tail)
		}
	} else if p.index < r.tail {
		return true
	}
	at := p.index % size
	if old := r.slots[at]; old != nil {
		if old.index == p.index {
			return false
		}
		old.release()
	}
	p.retain()
	r.slots[at] = p
	if p.key && (r.key == 0 || p.ts != r.keyTS) && p.index > r.key {
		r.key, r.keyTS = p.index, p.ts
	}
	for ; r.tail < p.index; r.tail++ {
		if old := r.slots[r.tail%size]; old != nil && p.arrived-old.arrived < r.keep {
			break
		}
		r.drop(r.tail)
	}
	return true
}

func (r *ring) drop(index uint64) {
	at := index % uint64(len(r.slots))
	if p := r.slots[at]; p != nil && p.index == index {
		r.slots[at] = nil
		p.release()
	}
}

// get returns the packet of an index with a reference for the caller, or nil.
func (r *ring) get(index uint64) *packet {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.slots[index%uint64(len(r.slots))]
	if p == nil || p.index != index {
		return nil
	}
	p.retain()
	return p
}

// sinceKey returns the packets from the last key frame on, each with a reference
// for the caller, if none is missing, they are at most limit, and the frame is
// not older than age; else nil.
func (r *ring) sinceKey(now, age time.Duration, limit int) []*packet {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.key == 0 || r.key < r.tail || r.next-r.key > uint64(limit) {
		return nil
	}
	size := uint64(len(r.slots))
	for i := r.key; i < r.next; i++ {
		p := r.slots[i%size]
		if p == nil || p.index != i || (i == r.key && now-p.arrived > age) {
			return nil
		}
	}
	out := make([]*packet, 0, r.next-r.key)
	for i := r.key; i < r.next; i++ {
		p := r.slots[i%size]
		p.retain()
		out = append(out, p)
	}
	return out
}

// clear lets everything go; the caller holds mu.
func (r *ring) clear() {
	for i, p := range r.slots {
		if p != nil {
			r.slots[i] = nil
			p.release()
		}
	}
	r.key = 0
}

func (r *ring) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clear()
	r.next, r.tail = 0, 0
}
