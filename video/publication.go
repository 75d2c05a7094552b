package video

import (
	"slices"
	"sync/atomic"
	"time"
)

// PublicationID names a publication in its room: the participant and the
// source, "p7/camera".
type PublicationID string

// maxShards is the most goroutines that fan out in one room.
const maxShards = 4

// publication is one source of one participant, in one to three layers.
type publication struct {
	id     PublicationID
	owner  *Participant
	source Source
	room   atomic.Pointer[Room] // nil while its owner is between two rooms
	layers atomic.Pointer[[]*layer]
	fans   [maxShards]fan
	voice  voice
	muted  atomic.Bool // by the publisher or by an admin: nothing is forwarded
	tap    atomic.Pointer[tapStream]
}

// fan is the part of the receivers that one shard serves. Only that shard
// touches slots; count is for the readers of the layers.
type fan struct {
	shard atomic.Pointer[shard]
	slots []*slot
}

func newPublication(owner *Participant, source Source) *publication {
	pub := &publication{id: PublicationID(string(owner.id) + "/" + string(source)), owner: owner, source: source}
	pub.layers.Store(&[]*layer{})
	return pub
}

// all returns the layers, the smallest picture first.
func (pub *publication) all() []*layer { return *pub.layers.Load() }

// addLayer and removeLayer are called by the peer's goroutine only.
func (pub *publication) addLayer(l *layer) {
	next := append(slices.Clone(pub.all()), l)
	pub.layers.Store(&next)
}

func (pub *publication) removeLayer(l *layer) (left int) {
	next := slices.DeleteFunc(slices.Clone(pub.all()), func(o *layer) bool { return o == l })
	pub.layers.Store(&next)
	return len(next)
}

// ranked returns the layers that send, by size of their picture or else by rate.
func (pub *publication) ranked(now time.Duration, buf []*layer) []*layer {
	buf = buf[:0]
	for _, l := range pub.all() {
		if l.active(now) {
			buf = append(buf, l)
		}
	}
	slices.SortFunc(buf, func(a, b *layer) int {
		if ha, hb := a.height.Load(), b.height.Load(); ha != 0 && hb != 0 && ha != hb {
			return int(ha) - int(hb)
		}
		return int(a.rate.bits.Load() - b.rate.bits.Load())
	})
	return buf
}

// dispatch hands a packet to the shards that have receivers of this publication
// and to the tap. It never blocks.
func (pub *publication) dispatch(l *layer, p *packet) {
	for i := range pub.fans {
		if s := pub.fans[i].shard.Load(); s != nil {
			s.push(l, p)
		}
	}
	if t := pub.tap.Load(); t != nil {
		t.push(l, p)
	}
}

func (pub *publication) tapReport(l *layer, r *senderReport) {
	if t := pub.tap.Load(); t != nil {
		t.report(l, r)
	}
}

// silence stops all receivers and the tap; called by the room.
// forget lets go of what is kept for retransmission.
func (pub *publication) forget() {
	for _, l := range pub.all() {
		l.ring.close()
	}
}

// refresh lets receivers choose anew: there is another layer.
func (pub *publication) refresh() {
	pub.each(func(sl *slot) { sl.tick(sl.peer.node.elapsed()) })
}
