package video

import (
	"sync"
	"sync/atomic"
	"time"
)

// shard is one of the goroutines that fan out in a room. It owns the forwarding
// state of its receivers: their slots, what each slot plays, and their numbers.
// Others change that only by do.
type shard struct {
	room  *Room
	index int
	peers atomic.Int32 // receivers, for the balance

	mu      sync.Mutex // guards media, acts, stopped
	media   []item
	acts    []func()
	stopped bool

	wake  chan struct{} // capacity 1
	kick  *time.Timer
	live  []*publication // with receivers here
	batch batch
	spare []item
	copyB [mtu]byte // of a payload whose numbers change
}

type item struct {
	layer  *layer
	packet *packet
}

// The bounds of a shard's queue. When it holds videoFull packets, video is not
// taken from the next packet to the next key frame (the layer is asked for
// one); audio is dropped only when it holds mediaFull.
const (
	mediaFull = 4096
	videoFull = mediaFull * 3 / 4
)

// A frame is worth nothing before its last packet, so its packets are fanned
// out together: when the last has come, when there are gather of them, or
// gatherTime after the first.
const (
	gather     = 12
	gatherTime = 1500 * time.Microsecond
)

func newShard(r *Room, index int) *shard {
	s := &shard{room: r, index: index, wake: make(chan struct{}, 1)}
	s.kick = time.AfterFunc(time.Hour, s.signal)
	s.batch.udp = r.node.udp
	return s
}

func (s *shard) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// push queues a packet, or drops it by the rule above.
func (s *shard) push(l *layer, p *packet) {
	audio := p.codec == codecOpus
	s.mu.Lock()
	n := len(s.media)
	if s.stopped || n >= mediaFull || (n >= videoFull && !audio) {
		s.mu.Unlock()
		s.room.node.dropped.Add(1)
		if !audio {
			l.requestKey()
		}
		return
	}
	p.retain()
	s.media = append(s.media, item{l, p})
	s.mu.Unlock()
	switch {
	case audio || p.marker || n+1 >= gather:
		s.signal()
	case n == 0:
		s.kick.Reset(gatherTime)
	}
}

// do runs f in the shard, after what is queued now. It does nothing when the
// shard has stopped.
func (s *shard) do(f func()) {
	s.mu.Lock()
	if !s.stopped {
		s.acts = append(s.acts, f)
	}
	s.mu.Unlock()
	s.signal()
}

// wait runs f in the shard and returns when it has run, or at once when the
// shard has stopped. Not to be called from a shard.
func (s *shard) wait(f func()) {
	ran := make(chan struct{})
	s.mu.Lock()
	if s.stopped {
		s.mu.Unlock()
		return
	}
	s.acts = append(s.acts, func() { defer close(ran); f() })
	s.mu.Unlock()
	s.signal()
	<-ran
}

// run is the shard's goroutine; the room starts it, stop ends it.
func (s *shard) run() {
	for range s.wake {
		if !s.turn() {
			return
		}
	}
}

// turn serves what has been queued and reports whether to go on.
func (s *shard) turn() (more bool) {
	s.mu.Lock()
	media, acts, stopped := s.media, s.acts, s.stopped
	s.media, s.acts = s.spare[:0], nil
	s.mu.Unlock()
	if len(media) > 0 {
		s.guard(func() { s.forward(media) })
		for _, it := range media {
			it.packet.release()
		}
		clear(media)
	}
	s.spare = media[:0]
	for _, f := range acts {
		s.guard(f)
	}
	return !stopped
}

// guard runs f; a panic over one receiver's packets is logged and costs that
// turn, not the process.
func (s *shard) guard(f func()) {
	defer func() {
		if r := recover(); r != nil {
			s.room.node.panicked("shard", r)
		}
	}()
	f()
}

// forward serves runs of packets of one layer: each receiver gets the whole run
// before the next receiver, so that the run leaves in one system call.
func (s *shard) forward(media []item) {
	for i := 0; i < len(media); {
		l, j := media[i].layer, i+1
		for j < len(media) && media[j].layer == l && j-i < batchMax {
			j++
		}
		for _, sl := range l.pub.fans[s.index].slots {
			for _, it := range media[i:j] {
				sl.forward(l, it.packet)
			}
			s.batch.flush()
		}
		i = j
	}
}

// stop ends the goroutine after the acts that are queued.
func (s *shard) stop() {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	s.kick.Stop()
	s.signal()
}

// attach lets the slot play the publication; in the shard.
func (s *shard) attach(sl *slot, pub *publication) {
	sl.detach()
	f := &pub.fans[s.index]
	f.slots = append(f.slots, sl)
	if len(f.slots) == 1 {
		s.live = append(s.live, pub)
		f.shard.Store(s)
	}
	sl.pub = pub
	sl.begin(s.room.node.elapsed())
}
