package video

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// RoomStats is a room at one moment, for a supervisor's board.
type RoomStats struct {
	ID           RoomID
	Locked       bool
	Tapped       bool
	Speakers     []ParticipantID
	Participants []ParticipantStats
}

// ParticipantStats is a participant at one moment.
type ParticipantStats struct {
	ID       ParticipantID
	State    State
	Admin    bool
	Hidden   bool
	Joined   time.Time
	Media    bool          // the media connection is up
	RTT      time.Duration // 0: not known yet
	Estimate int           // bits a second he can take; 0: not estimated
	Sends    []SendStats
	Receives []ReceiveStats
}

// SendStats is one publication.
type SendStats struct {
	Publication PublicationID
	Source      Source
	Muted       bool
	Layers      []LayerStats
}

// LayerStats is one encoding of a publication, as it arrives here.
type LayerStats struct {
	RID     string
	Codec   string
	Height  int // 0: not known
	Bits    int64
	Packets uint64
	Octets  uint64
	Lost    uint64  // in all, before retransmission
	Share   float64 // lost in the last second
	Keys    uint64  // key frames asked for
}

// ReceiveStats is one publication as a participant receives it, by his reports.
type ReceiveStats struct {
	Publication PublicationID
	RID         string // of the layer that is played
	Height      int
	Paused      bool // nothing is played now
	Bits        int64
	Packets     uint64
	Octets      uint64
	Lost        uint32  // in all
	Share       float64 // lost in the last interval
	Jitter      uint32  // in clock ticks
	Resent      uint64
}

// NodeStats is the node at one moment.
type NodeStats struct {
	Rooms        int
	Participants int
	Dropped      uint64 // packets that a full queue refused
	Panics       uint64
}

// Stats returns the node's counts.
func (n *Node) Stats() NodeStats {
	n.mu.Lock()
	defer n.mu.Unlock()
	return NodeStats{Rooms: len(n.rooms), Participants: n.people, Dropped: n.dropped.Load(), Panics: n.panics.Load()}
}

// Rooms returns the rooms that are open, sorted.
func (n *Node) Rooms() []RoomID {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Sorted(maps.Keys(n.rooms))
}

// Snapshot returns the state of a room.
func (n *Node) Snapshot(ctx context.Context, room RoomID) (RoomStats, error) {
	var out RoomStats
	var peers []*peer
	err := n.inRoom(ctx, room, func(r *Room) error {
		out = RoomStats{ID: r.id, Locked: r.locked, Tapped: len(r.taps) > 0, Speakers: r.speaking}
		for _, id := range slices.Sorted(maps.Keys(r.people)) {
			p := r.people[id]
			out.Participants = append(out.Participants, p.stats())
			peers = append(peers, p.peer)
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	var wg sync.WaitGroup
	for i, p := range peers {
		if p == nil {
			continue
		}
		wg.Go(func() {
			out.Participants[i].Receives, _ = onPeer(ctx, p, func() ([]ReceiveStats, error) { return p.receives(), nil })
		})
	}
	wg.Wait()
	return out, nil
}

// stats is for the room.
func (p *Participant) stats() ParticipantStats {
	g := p.grant.Load()
	s := ParticipantStats{ID: p.id, State: p.state, Admin: g.Admin, Hidden: g.Hidden, Joined: p.joined}
	if peer := p.peer; peer != nil {
		s.Media, s.RTT = peer.connected.Load(), time.Duration(peer.rtt.Load())
		if e := peer.estimate.Load(); e != nil {
			s.Estimate = e.bwe.GetTargetBitrate()
		}
	}
	for _, src := range slices.Sorted(maps.Keys(p.pubs)) {
		pub := p.pubs[src]
		send := SendStats{Publication: pub.id, Source: src, Muted: pub.muted.Load()}
		for _, l := range pub.all() {
			send.Layers = append(send.Layers, LayerStats{
				RID: l.rid, Codec: codec(l.codec.Load()).String(), Height: int(l.height.Load()), Bits: l.rate.bits.Load(), Packets: l.packets.Load(),
				Octets: l.octets.Load(), Lost: l.recv.lostTotal.Load(), Share: float64(l.recv.lostShare.Load()) / 256, Keys: l.keys.count(),
			})
		}
		s.Sends = append(s.Sends, send)
	}
	return s
}

func (k *keyRequests) count() uint64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.sent
}

// receives is for the peer's goroutine.
func (p *peer) receives() (list []ReceiveStats) {
	for pub, s := range p.plays {
		r := ReceiveStats{
			Publication: pub.id, Paused: true, Bits: s.rate.bits.Load(), Packets: s.packets.Load(), Octets: s.octets.Load(), Lost: s.lost.Load(),
			Share: float64(s.share.Load()) / 256, Jitter: s.jitter.Load(), Resent: s.nacks.Load(),
		}
		if l := s.playing.Load(); l != nil {
			r.RID, r.Height, r.Paused = l.rid, int(l.height.Load()), false
		}
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b ReceiveStats) int {
		if a.Publication < b.Publication {
			return -1
		}
		return 1
	})
	return list
}
