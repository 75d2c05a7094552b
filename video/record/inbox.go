package record

import (
	"sync"
	"time"
)

type op uint8

const (
	opRTP op = iota
	opReport
	opAdd
	opRemove
	opMute
	opUnmute
	opSync // closes done when everything before it is done
)

// note is one thing that callers told the recorder.
type note struct {
	op     op
	kind   Kind
	codec  Codec
	marker bool
	seq    uint16
	ssrc   uint32
	ts     uint32
	ntp    uint64
	at     time.Time
	off, n int           // payload in the arena
	done   chan struct{} // opSync
}

// inbox takes notes from any goroutine without ever waiting for the owner.
//
// Drop rule: it holds at most inboxPackets and inboxBytes. Video is refused
// when three quarters are full, audio when all is: sound is never dropped for
// pictures. What is refused is missing in the packets' numbers, so that the gap
// is found and stated; the count says that it was the recorder's fault. Control
// notes are refused last.
type inbox struct {
	mu      sync.Mutex
	notes   []note        // guarded by mu
	arena   []byte        // guarded by mu: payloads of notes
	dropped [kinds]uint32 // guarded by mu
	closed  bool          // guarded by mu
	wake    chan struct{} // 1 slot: half full, or a sync waits
}

func newInbox() *inbox { return &inbox{wake: make(chan struct{}, 1)} }

func (b *inbox) put(n note, payload []byte) error {
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return fail(ReasonClosed, "", nil)
	}
	notes, bytes := inboxPackets, inboxBytes
	switch {
	case n.op == opRTP && n.kind.video():
		notes, bytes = notes*3/4, bytes*3/4
	case n.op != opRTP && n.op != opReport:
		notes *= 2
	}
	if len(b.notes) >= notes || len(b.arena)+len(payload) > bytes {
		if n.op == opRTP {
			b.dropped[n.kind]++
		}
		b.mu.Unlock()
		return fail(ReasonFull, n.kind.String(), nil)
	}
	n.off, n.n = len(b.arena), len(payload)
	b.arena = append(b.arena, payload...)
	b.notes = append(b.notes, n)
	half := len(b.notes) > inboxPackets/2 || len(b.arena) > inboxBytes/2
	b.mu.Unlock()
	if half || n.op == opSync {
		b.ring()
	}
	return nil
}

func (b *inbox) ring() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// take swaps the full buffers for empty ones and returns what came.
func (b *inbox) take(notes []note, arena []byte) ([]note, []byte, [kinds]uint32) {
	const keep = 64 << 10 // a burst's buffer is not kept
	if cap(arena) > keep {
		arena = nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	n, a, d := b.notes, b.arena, b.dropped
	b.notes, b.arena, b.dropped = notes[:0], arena[:0], [kinds]uint32{}
	return n, a, d
}

func (b *inbox) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
}
