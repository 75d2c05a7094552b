package video

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"tongban/hub"
)

func (r *Room) view(p *Participant) *ParticipantView {
	g := p.grant.Load()
	return &ParticipantView{ID: p.id, State: p.state, Admin: g.Admin, Info: g.Info}
}

func (pub *publication) view() *PublicationView {
	return &PublicationView{ID: pub.id, Participant: pub.owner.id, Source: pub.source, Muted: pub.muted.Load()}
}

func (r *Room) toAll(m message) { r.toOthers(nil, m) }

func (r *Room) toOthers(but *Participant, m message) {
	for _, p := range r.people {
		if p != but && p.inside() {
			p.send(m)
		}
	}
}

func (r *Room) toAdmins(m message) {
	for _, p := range r.people {
		if p.inside() && p.grant.Load().Admin {
			p.send(m)
		}
	}
}

// snapshot is the room as one of its participants sees it.
func (r *Room) snapshot(to *Participant) (people []*ParticipantView, pubs []*PublicationView) {
	admin := to.grant.Load().Admin
	ids := slices.Sorted(maps.Keys(r.people))
	for _, id := range ids {
		p := r.people[id]
		if p != to && (p.visible() || (admin && p.state == Waiting)) {
			people = append(people, r.view(p))
		}
	}
	for _, pub := range r.inOrder() {
		pubs = append(pubs, pub.view())
	}
	return people, pubs
}

// tick looks after the streams: requests that were held back, layers that fell
// silent, reports to receivers, and who speaks.
func (r *Room) tick() {
	now := r.node.elapsed()
	var speaking []ParticipantID
	for _, pub := range r.pubs {
		for _, l := range pub.all() {
			if !pub.source.Audio() {
				l.keyTick(now)
			}
		}
		if pub.source == Mic && !pub.muted.Load() && pub.voice.speaks(slices.Contains(r.speaking, pub.owner.id), now) {
			speaking = append(speaking, pub.owner.id)
		}
	}
	for _, s := range r.shards {
		if s != nil {
			s.do(s.tick)
		}
	}
	slices.SortFunc(speaking, func(a, b ParticipantID) int {
		return int(int64(r.people[b].loud()) - int64(r.people[a].loud()))
	})
	if !slices.Equal(speaking, r.speaking) {
		r.speaking = speaking
		r.toAll(message{Type: "speakers", Speakers: speaking})
	}
}

func (p *Participant) loud() uint64 {
	if p == nil || p.pubs[Mic] == nil {
		return 0
	}
	return p.pubs[Mic].voice.loud.Load()
}

// tick serves the receivers of the shard some times a second.
func (s *shard) tick() {
	now := s.room.node.elapsed()
	done := map[*peer]bool{}
	for _, pub := range s.live {
		for _, sl := range pub.fans[s.index].slots {
			sl.tick(now)
			if !done[sl.peer] {
				done[sl.peer] = true
				sl.peer.adapt(now)
			}
		}
	}
	s.batch.flush()
}

// mute stops or continues a publication for everybody.
func (r *Room) mute(p *Participant, source Source, on bool) {
	if p.muted == nil {
		p.muted = map[Source]bool{}
	}
	p.muted[source] = on
	pub := p.pubs[source]
	if pub == nil || pub.muted.Swap(on) == on {
		return
	}
	pub.forget()
	pub.each(func(sl *slot) {
		if on {
			sl.cur = nil
			sl.playing.Store(nil)
		} else {
			sl.begin(r.node.elapsed())
		}
	})
	r.toAll(message{Type: "muted", ID: string(pub.id), On: on})
	r.event(Event{Kind: EventMuted, Participant: p.id, Publication: pub.id, On: on})
}

// arrival is how somebody comes in.
type arrival struct {
	whip  bool // without signalling
	first bool // his client makes the first offer
}

// join lets a participant into the room of his grant, which is started if need
// be, and runs enter there.
func (n *Node) join(ctx context.Context, g Grant, s sink, how arrival, enter func(*Room, *Participant)) (*Participant, error) {
	if err := g.check(n.cfg.Now()); err != nil {
		return nil, err
	}
	if err := n.admitOne(); err != nil {
		return nil, err
	}
	r, err := n.acquire(g.Room, true)
	if err != nil {
		n.dismissOne()
		return nil, err
	}
	p := &Participant{id: g.Participant, node: n, room0: g.Room, whip: how.whip, first: how.first, sink: s}
	p.grant.Store(&g)
	in := false
	err = r.ask(context.WithoutCancel(ctx), func() error {
		if err := r.enter(p); err != nil {
			return err
		}
		in = true
		enter(r, p)
		return nil
	})
	if err != nil && !in {
		n.dismissOne()
		n.release(r)
		return nil, err
	}
	return p, err
}

// inRoom runs f in the room, which must exist.
func (n *Node) inRoom(ctx context.Context, id RoomID, f func(*Room) error) error {
	r, err := n.acquire(id, false)
	if err != nil {
		return err
	}
	defer n.release(r)
	return r.ask(ctx, func() error { return f(r) })
}

// with runs f in the room for one of its participants.
func (n *Node) with(ctx context.Context, id RoomID, who ParticipantID, f func(*Room, *Participant) error) error {
	return n.inRoom(ctx, id, func(r *Room) error {
		p := r.people[who]
		if p == nil {
			return refuse(hub.NotFound, ReasonUnknown, "no such participant")
		}
		return f(r, p)
	})
}

// Admit lets a waiting participant in. Who is in already stays so.
func (n *Node) Admit(ctx context.Context, room RoomID, who ParticipantID) error {
	return n.with(ctx, room, who, func(r *Room, p *Participant) error { r.admit(p); return nil })
}

func (r *Room) admit(p *Participant) {
	if p.state == Waiting {
		r.welcome(p)
		p.send(r.hello(p, "admitted"))
	}
}

// Remove sends a participant away; Refuse is the same for one who waits.
func (n *Node) Remove(ctx context.Context, room RoomID, who ParticipantID) error {
	return n.with(ctx, room, who, func(r *Room, p *Participant) error { r.remove(p); return nil })
}

func (r *Room) remove(p *Participant) {
	reason := ReasonRemoved
	if p.state == Waiting {
		reason = ReasonRefused
	}
	r.exit(p, reason)
}

// Lock keeps everybody but admins from entering; who is inside stays.
func (n *Node) Lock(ctx context.Context, room RoomID, on bool) error {
	return n.inRoom(ctx, room, func(r *Room) error { r.lock(on); return nil })
}

func (r *Room) lock(on bool) {
	if r.locked != on {
		r.locked = on
		r.toAll(message{Type: "locked", On: on})
		r.event(Event{Kind: EventLocked, On: on})
	}
}

// Tell sends an application message of the server's to the participants named,
// or to everybody in the room. In the protocol it comes from nobody.
func (n *Node) Tell(ctx context.Context, room RoomID, to []ParticipantID, kind string, data json.RawMessage) error {
	return n.inRoom(ctx, room, func(r *Room) error {
		for _, p := range r.people {
			if (len(to) == 0 && p.inside()) || slices.Contains(to, p.id) {
				p.send(message{Type: "app", Kind: kind, Data: data})
			}
		}
		return nil
	})
}

// Mute stops or continues a source of a participant, also one he does not
// publish yet.
func (n *Node) Mute(ctx context.Context, room RoomID, who ParticipantID, source Source, on bool) error {
	return n.with(ctx, room, who, func(r *Room, p *Participant) error { r.mute(p, source, on); return nil })
}

// Regrant changes what a participant may do from now on. Publications that the
// new grant does not name are muted; the room and the participant of the grant
// are not changed.
func (n *Node) Regrant(ctx context.Context, room RoomID, who ParticipantID, g Grant) error {
	return n.with(ctx, room, who, func(r *Room, p *Participant) error {
		old := p.grant.Load()
		g.Room, g.Participant = old.Room, old.Participant
		if len(g.Info) > MaxInfo {
			return refuse(hub.Invalid, ReasonMessage, "the grant's info is too large")
		}
		p.grant.Store(&g)
		for src := range p.pubs {
			if old.MayPublish(src) != g.MayPublish(src) {
				r.mute(p, src, !g.MayPublish(src))
			}
		}
		switch {
		case old.Subscribe && !g.Subscribe && p.peer != nil:
			for _, pub := range r.pubs {
				peer := p.peer
				peer.post(func() { peer.unsubscribe(pub) })
			}
		case !old.Subscribe && g.Subscribe:
			r.hears(p)
		}
		p.send(message{Type: "grant", Grant: viewOf(g)})
		return nil
	})
}

// Move takes a participant and what he publishes to another room, for a talk in
// private, without a new connection. Nothing of his reaches the old room after
// it returns. The other room is started if need be.
func (n *Node) Move(ctx context.Context, from RoomID, who ParticipantID, to RoomID) error {
	if to == from || to == "" || len(to) > MaxID {
		return refuse(hub.Invalid, ReasonUnknown, "no other room is named")
	}
	next, err := n.acquire(to, true)
	if err != nil {
		return err
	}
	old, err := n.acquire(from, false) // stays until he has arrived
	if err != nil {
		n.release(next)
		return err
	}
	defer n.release(old)
	var p *Participant
	var pubs []*publication
	ctx = context.WithoutCancel(ctx)
	err = n.with(ctx, from, who, func(r *Room, q *Participant) error {
		if !q.inside() {
			return refuse(hub.WrongState, ReasonWaiting, "who waits cannot be moved")
		}
		p = q
		pubs = r.detach(p)
		return nil
	})
	if err != nil {
		n.release(next)
		return err
	}
	for _, pub := range pubs {
		pub.settle()
	}
	if peer := p.peer; peer != nil { // the participant is in no room now, so nobody changes it
		left := make(chan struct{})
		peer.post(func() { peer.leave(); close(left) })
		select {
		case <-left:
		case <-peer.quit:
		case <-time.After(n.cfg.Timeouts.Write):
		}
	}
	err = next.ask(ctx, func() error { return next.receive(p) })
	n.release(old) // his own
	return err
}
