package video

import (
	"sync"
	"sync/atomic"
	"time"
)

// State is where a participant stands.
type State string

// The states. A participant who is away has lost his signalling connection and
// may resume; his media goes on meanwhile.
const (
	Waiting State = "waiting"
	In      State = "in"
	Away    State = "away"
	Gone    State = "gone"
)

// Participant is one person, or one room system, in a room.
type Participant struct {
	id      ParticipantID
	node    *Node
	room0   RoomID // where he entered first
	grant   atomic.Pointer[Grant]
	room    atomic.Pointer[Room] // nil when gone
	away    atomic.Bool
	leaving atomic.Bool // his connection has ended for good
	whip    bool        // without signalling: WHIP and WHEP

	wishes struct {
		mu sync.Mutex // guards by
		by map[PublicationID]*Wish
	}

	// Of his room.
	state  State
	sink   sink
	peer   *peer
	ears   *ears // listens to peer
	pubs   map[Source]*publication
	muted  map[Source]bool
	joined time.Time
	left   *time.Timer // runs while he is away
	first  bool        // his client makes the first offer
}

// sink takes messages to a participant. It must not block; a participant without
// signalling has none.
type sink interface {
	send(message)
	end(Reason)
}

// ID is the participant's id, unique in a room.
func (p *Participant) ID() ParticipantID { return p.id }

// present reports whether a signalling connection is there to answer.
func (p *Participant) present() bool { return !p.away.Load() }

// maxWishes bounds what is kept for one participant.
const maxWishes = 256

func (p *Participant) wishFor(id PublicationID) *Wish {
	p.wishes.mu.Lock()
	defer p.wishes.mu.Unlock()
	return p.wishes.by[id]
}

func (p *Participant) setWish(id PublicationID, w *Wish) {
	p.wishes.mu.Lock()
	defer p.wishes.mu.Unlock()
	if p.wishes.by == nil || len(p.wishes.by) >= maxWishes {
		p.wishes.by = map[PublicationID]*Wish{}
	}
	p.wishes.by[id] = w
}

// send is for the room.
func (p *Participant) send(m message) {
	if p.sink != nil && !p.away.Load() {
		p.sink.send(m)
	}
}

// visible reports whether others are told of him.
func (p *Participant) visible() bool {
	return !p.grant.Load().Hidden && (p.state == In || p.state == Away)
}

// inside reports whether he takes part.
func (p *Participant) inside() bool { return p.state == In || p.state == Away }

// ears pass what happens to one peer of the participant on to his room.
type ears struct {
	who  *Participant
	peer *peer
}

func (e *ears) inRoom(f func(*Room)) {
	r := e.who.room.Load()
	if r == nil {
		return
	}
	r.post(func() {
		if e.who.ears == e && e.who.room.Load() == r {
			f(r)
		}
	})
}

func (e *ears) offer(sdp string) {
	e.inRoom(func(*Room) { e.who.send(message{Type: "offer", SDP: sdp}) })
}

func (e *ears) slots(views []SlotView) {
	e.inRoom(func(*Room) { e.who.send(message{Type: "slots", Slots: views}) })
}

func (e *ears) up() {
	e.inRoom(func(r *Room) {
		e.who.send(message{Type: "media", State: "up"})
		r.event(Event{Kind: EventMediaUp, Participant: e.who.id})
	})
}

func (e *ears) down(reason Reason) {
	e.inRoom(func(r *Room) { r.peerDown(e.who, reason) })
}

func (e *ears) published(pub *publication) {
	e.inRoom(func(r *Room) { r.publish(e.who, pub) })
}

func (e *ears) ended(pub *publication) {
	e.inRoom(func(r *Room) { r.unpublish(pub) })
}

// media returns the participant's media connection, made when first needed; in
// the room.
func (p *Participant) media(r *Room) *peer {
	if p.peer != nil {
		return p.peer
	}
	e := &ears{who: p}
	s := r.shardFor()
	peer, err := newPeer(r.node, p, e, !p.whip, s)
	if err != nil {
		r.node.cfg.Log.Error("media connection not made", "error", err)
		return nil
	}
	peer.wait = p.first
	e.peer = peer
	p.peer, p.ears = peer, e
	r.hears(p)
	return peer
}
