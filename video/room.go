package video

import (
	"context"
	"slices"
	"sync"
	"time"

	"tongban/hub"
)

// Room is where participants meet. Its goroutine owns who is there and what is
// published; others post to it. It never blocks: what may take time (making
// session descriptions, closing connections) is done by the peers.
type Room struct {
	id   RoomID
	node *Node
	refs int // guarded by node.mu

	mu   sync.Mutex // guards acts and over
	acts []func()
	over bool
	wake chan struct{}
	quit chan struct{} // closed at the last release
	done chan struct{}
	wg   sync.WaitGroup // shards and taps

	// Of the goroutine.
	people   map[ParticipantID]*Participant
	pubs     map[PublicationID]*publication
	shards   [maxShards]*shard
	locked   bool
	taps     []*tapping
	speaking []ParticipantID
}

func newRoom(n *Node, id RoomID) *Room {
	return &Room{
		id: id, node: n, wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{}),
		people: map[ParticipantID]*Participant{}, pubs: map[PublicationID]*publication{},
	}
}

// tickEvery is how often a room with publications looks after its streams.
const tickEvery = 200 * time.Millisecond

// run is the room's goroutine. It ends when nobody holds the room any more.
func (r *Room) run() {
	defer close(r.done)
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	tick.Stop()
	ticking := false
	for {
		select {
		case <-r.wake:
			r.turn()
		case <-tick.C:
			r.guard(r.tick)
		case <-r.quit:
			r.finish()
			return
		}
		if want := len(r.pubs) > 0; want != ticking {
			if ticking = want; want {
				tick.Reset(tickEvery)
			} else {
				tick.Stop()
			}
		}
	}
}

func (r *Room) turn() {
	r.mu.Lock()
	acts := r.acts
	r.acts = nil
	r.mu.Unlock()
	for _, f := range acts {
		r.guard(f)
	}
}

func (r *Room) guard(f func()) {
	defer func() {
		if v := recover(); v != nil {
			r.node.panicked("room", v)
		}
	}()
	f()
}

// finish ends what the room started and waits for it.
func (r *Room) finish() {
	r.mu.Lock()
	r.over = true
	r.mu.Unlock()
	r.turn()
	r.endTaps()
	for _, s := range r.shards {
		if s != nil {
			s.stop()
		}
	}
	r.wg.Wait()
}

// post lets the room run f. Its callers are bounded: sessions wait for each of
// their requests, and peers report a few changes each.
func (r *Room) post(f func()) {
	r.mu.Lock()
	if !r.over {
		r.acts = append(r.acts, f)
	}
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// ask lets the room run f and returns its answer.
func (r *Room) ask(ctx context.Context, f func() error) error {
	answer := make(chan error, 1)
	r.post(func() {
		err := refuse(hub.Internal, "", "the room could not do it") // if f panics
		defer func() { answer <- err }()
		err = f()
	})
	select {
	case err := <-answer:
		return err
	case <-r.done:
		return refuse(hub.NotFound, ReasonUnknown, "the room has ended")
	case <-ctx.Done():
		return hub.Wrap(hub.Unavailable, ctx.Err(), "the room did not answer in time")
	}
}

// shardFor picks the shard for one more receiver: small rooms have one, larger
// ones up to the limit.
func (r *Room) shardFor() *shard {
	best := 0
	for i := range r.node.cfg.Limits.Shards {
		if r.shards[i] == nil {
			if i == 0 || r.shards[best].peers.Load() >= shardFill {
				r.shards[i] = newShard(r, i)
				r.wg.Go(r.shards[i].run)
				return r.shards[i]
			}
			break
		}
		if r.shards[i].peers.Load() < r.shards[best].peers.Load() {
			best = i
		}
	}
	return r.shards[best]
}

// shardFill is how many receivers a shard has before there is another.
const shardFill = 10

// enter takes a participant in.
func (r *Room) enter(p *Participant) error {
	g := p.grant.Load()
	old := r.people[p.id]
	back := old != nil && old.inside()
	switch {
	case r.node.closing.Load():
		return refuse(hub.Unavailable, ReasonClosing, "the node is shutting down")
	case old != nil && (p.whip || old.whip):
		return refuse(hub.Conflict, ReasonTaken, "that participant is in the room already")
	case old == nil && len(r.people) >= r.node.cfg.Limits.RoomParticipants:
		return refuse(hub.Unavailable, ReasonRoomFull, "the room is full")
	case r.locked && !g.Admin && !back:
		return refuse(hub.Locked, ReasonRoomLocked, "the room is locked")
	case old != nil: // the same person from another page: the newer one counts
		r.exit(old, ReasonReplaced)
	}
	r.people[p.id] = p
	p.room.Store(r)
	p.joined = r.node.cfg.Now().UTC()
	p.state = In
	if g.Wait && !g.Admin && !back {
		p.state = Waiting
		r.toAdmins(message{Type: "waiting", Participant: r.view(p)})
		r.event(Event{Kind: EventWaiting, Participant: p.id})
		return nil
	}
	r.welcome(p)
	return nil
}

// welcome lets somebody take part who has entered.
func (r *Room) welcome(p *Participant) {
	p.state = In
	if p.visible() {
		r.toOthers(p, message{Type: "joined", Participant: r.view(p)})
	}
	r.event(Event{Kind: EventJoined, Participant: p.id})
	for _, s := range []Source{Mic, Camera, Screen, ScreenAudio} {
		if pub := p.pubs[s]; pub != nil {
			r.publish(p, pub)
		}
	}
	r.hears(p)
}

// hears subscribes a participant to what the others publish.
func (r *Room) hears(p *Participant) {
	if !p.grant.Load().Subscribe || !p.inside() || len(r.pubs) == 0 {
		return
	}
	if p.peer == nil {
		if !p.whip {
			p.media(r) // comes back here
		}
		return
	}
	for _, pub := range r.inOrder() {
		if pub.owner != p || p.grant.Load().Echo {
			p.peer.post(func() { p.ears.peer.subscribe(pub) })
		}
	}
}

// inOrder returns the publications, the oldest owners first, sound before picture.
func (r *Room) inOrder() []*publication {
	list := make([]*publication, 0, len(r.pubs))
	for _, pub := range r.pubs {
		list = append(list, pub)
	}
	slices.SortFunc(list, func(a, b *publication) int {
		if c := a.owner.joined.Compare(b.owner.joined); c != 0 {
			return c
		}
		if a.source.pair() != b.source.pair() {
			return len(a.source.pair()) - len(b.source.pair())
		}
		return len(a.source) - len(b.source)
	})
	return list
}

// publish tells everybody of a publication and lets them receive it.
func (r *Room) publish(p *Participant, pub *publication) {
	if p.pubs == nil {
		p.pubs = map[Source]*publication{}
	}
	p.pubs[pub.source] = pub
	if !p.inside() || r.people[p.id] != p {
		return // he waits; published when he is admitted
	}
	pub.room.Store(r)
	pub.muted.Store(p.muted[pub.source])
	r.pubs[pub.id] = pub
	r.toAll(message{Type: "published", Publication: pub.view()})
	r.event(Event{Kind: EventPublished, Participant: p.id, Publication: pub.id})
	for _, o := range r.people {
		if g := o.grant.Load(); (o != p || g.Echo) && o.inside() && g.Subscribe {
			if o.peer == nil {
				r.hears(o)
				continue
			}
			peer := o.peer
			peer.post(func() { peer.subscribe(pub) })
		}
	}
	r.openTaps(pub)
}

// unpublish ends a publication.
func (r *Room) unpublish(pub *publication) {
	if pub.owner.pubs[pub.source] == pub {
		delete(pub.owner.pubs, pub.source)
	}
	r.withdraw(pub)
}

// withdraw takes a publication from the others; its owner may go on with it
// elsewhere.
func (r *Room) withdraw(pub *publication) {
	if r.pubs[pub.id] != pub {
		return
	}
	delete(r.pubs, pub.id)
	pub.room.Store(nil)
	for _, o := range r.people {
		if peer := o.peer; peer != nil {
			peer.post(func() { peer.unsubscribe(pub) })
		}
	}
	r.closeTap(pub)
	r.toAll(message{Type: "unpublished", ID: string(pub.id)})
	r.event(Event{Kind: EventUnpublished, Participant: pub.owner.id, Publication: pub.id})
}

// exit takes a participant out for good.
func (r *Room) exit(p *Participant, reason Reason) {
	if r.people[p.id] != p {
		return
	}
	r.dropPeer(p)
	was := p.state
	seen := p.visible()
	delete(r.people, p.id)
	p.state = Gone
	p.room.Store(nil)
	if p.left != nil {
		p.left.Stop()
	}
	if p.sink != nil {
		p.sink.end(reason)
	}
	switch {
	case seen:
		r.toAll(message{Type: "left", ID: string(p.id)})
	case was == Waiting:
		r.toAdmins(message{Type: "left", ID: string(p.id)})
	}
	r.event(Event{Kind: EventLeft, Participant: p.id, Reason: reason})
	r.node.dismissOne()
	r.node.release(r)
}

// dropPeer gives up the participant's media connection.
func (r *Room) dropPeer(p *Participant) {
	peer := p.peer
	if peer == nil {
		return
	}
	p.peer, p.ears = nil, nil
	for _, pub := range p.pubs {
		r.unpublish(pub)
	}
	r.node.reap(peer)
}

// peerDown is called when the media connection is lost: with signalling the
// client is told to make another, without it the participant is gone.
func (r *Room) peerDown(p *Participant, reason Reason) {
	r.event(Event{Kind: EventMediaDown, Participant: p.id, Reason: reason})
	if p.whip || reason == ReasonFlood {
		r.exit(p, reason)
		return
	}
	r.dropPeer(p)
	p.send(message{Type: "reset", Reason: reason})
	if !p.first {
		r.hears(p)
	}
}

// clear sends everybody away.
func (r *Room) clear(reason Reason) {
	for _, p := range r.people {
		r.exit(p, reason)
	}
}
