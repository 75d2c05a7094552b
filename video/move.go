package video

import (
	"slices"

	"tongban/hub"
)

// detach takes a participant out of the room with his connection, on the way to
// another. Until receive he is in no room and nobody changes him.
func (r *Room) detach(p *Participant) (pubs []*publication) {
	for _, pub := range p.pubs {
		pubs = append(pubs, pub)
		r.withdraw(pub)
	}
	seen := p.visible()
	delete(r.people, p.id)
	p.room.Store(nil)
	if seen {
		r.toAll(message{Type: "left", ID: string(p.id)})
	}
	r.event(Event{Kind: EventMovedOut, Participant: p.id})
	return pubs
}

// receive takes in somebody who was detached elsewhere. When the room cannot
// have him he is gone, with the connection.
func (r *Room) receive(p *Participant) error {
	if r.node.closing.Load() || r.people[p.id] != nil || len(r.people) >= r.node.cfg.Limits.RoomParticipants {
		r.lose(p, ReasonRoomFull)
		return refuse(hub.Unavailable, ReasonRoomFull, "the other room cannot have him; he has left")
	}
	r.people[p.id] = p
	p.room.Store(r)
	if p.leaving.Load() { // on the way; his connection found him in no room
		r.exit(p, "")
		return refuse(hub.NotFound, ReasonUnknown, "the participant has left")
	}
	r.event(Event{Kind: EventMovedIn, Participant: p.id})
	p.send(r.hello(p, "moved"))
	if p.visible() {
		r.toOthers(p, message{Type: "joined", Participant: r.view(p)})
	}
	if peer := p.peer; peer != nil {
		peer.enter(r.shardFor())
		peer.post(peer.retell)
	}
	for _, pub := range p.pubs {
		r.publish(p, pub)
	}
	r.hears(p)
	return nil
}

// lose ends somebody who is in no room.
func (r *Room) lose(p *Participant, reason Reason) {
	peer := p.peer
	p.peer, p.ears, p.state = nil, nil, Gone
	if peer != nil {
		peer.enter(r.shardFor()) // close takes it out again
		r.node.reap(peer)
	}
	if p.left != nil {
		p.left.Stop()
	}
	if p.sink != nil {
		p.sink.end(reason)
	}
	r.node.dismissOne()
	r.node.release(r)
}

// retell reports what may have changed while the participant was in no room; in
// the peer's goroutine.
func (p *peer) retell() {
	var pubs []*publication
	for _, pub := range p.pubs {
		pubs = append(pubs, pub)
	}
	p.to.all(pubs)
	if r := p.failed.Load(); r != nil {
		p.to.down(*r)
	}
}

func (e *ears) all(pubs []*publication) {
	e.inRoom(func(r *Room) {
		for _, pub := range e.who.pubs {
			if !slices.Contains(pubs, pub) {
				r.unpublish(pub)
			}
		}
		for _, pub := range pubs {
			if e.who.pubs[pub.source] != pub {
				r.publish(e.who, pub)
			}
		}
	})
}

// settle returns when nothing of the publication is being forwarded any more.
func (pub *publication) settle() {
	for i := range pub.fans {
		if s := pub.fans[i].shard.Load(); s != nil {
			s.wait(func() { pub.detachAll(i) })
		}
	}
	pub.forget()
}

func (pub *publication) detachAll(i int) {
	for len(pub.fans[i].slots) > 0 {
		pub.fans[i].slots[0].detach()
	}
}

// each runs f for every receiver, in their shards.
func (pub *publication) each(f func(*slot)) {
	for i := range pub.fans {
		if s := pub.fans[i].shard.Load(); s != nil {
			s.do(func() {
				for _, sl := range pub.fans[i].slots {
					f(sl)
				}
				s.batch.flush()
			})
		}
	}
}
