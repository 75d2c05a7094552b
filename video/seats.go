package video

import (
	"slices"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// SlotView tells a client what one media section plays.
type SlotView struct {
	Mid         string        `json:"mid"`
	Publication PublicationID `json:"publication,omitempty"` // none: silent for now
}

// subscribe lets the peer play a publication; in the peer's goroutine. It takes
// a free slot, or adds one if the connection may grow, or waits for one.
func (p *peer) subscribe(pub *publication) {
	if p.closed() || p.plays[pub] != nil || slices.Contains(p.waiting, pub) {
		return
	}
	s, grown := p.findSlot(pub)
	if s == nil {
		p.waiting = append(p.waiting, pub)
		return
	}
	s.uses = pub
	p.plays[pub] = s
	w := p.who.wishFor(pub.id)
	home := p.home()
	home.do(func() {
		if pub.room.Load() != home.room {
			return // it has ended or moved meanwhile
		}
		s.wish.Store(w)
		s.climb = newClimb()
		if !slices.Contains(p.playing, s) {
			p.playing = append(p.playing, s)
		}
		home.attach(s, pub)
		p.adapt(p.node.elapsed())
	})
	if grown {
		p.negotiate()
	} else {
		p.announce()
	}
}

// unsubscribe frees the slot; in the peer's goroutine.
func (p *peer) unsubscribe(pub *publication) {
	p.waiting = slices.DeleteFunc(p.waiting, func(o *publication) bool { return o == pub })
	s := p.plays[pub]
	if s == nil {
		return
	}
	delete(p.plays, pub)
	s.uses = nil
	p.home().do(func() {
		if s.pub == pub {
			s.detach()
		}
		p.adapt(p.node.elapsed())
	})
	st := p.seats[s.seat]
	if (st.audio == nil || st.audio.uses == nil) && (st.video == nil || st.video.uses == nil) {
		st.key = ""
	}
	p.announce()
	p.retry()
}

// retry looks again for slots for what waits.
func (p *peer) retry() {
	again := p.waiting
	p.waiting = nil
	for _, w := range again {
		p.subscribe(w)
	}
}

// findSlot looks for a slot in the seat of the publication's pair, then in a
// free seat, then makes one.
func (p *peer) findSlot(pub *publication) (s *slot, grown bool) {
	key := string(pub.owner.id) + "/" + pub.source.pair()
	audio := pub.source.Audio()
	var own, free, empty *seat
	for _, st := range p.seats {
		of := st.of(audio)
		switch {
		case st.key == key:
			own = st
		case st.key == "" && of != nil && free == nil:
			free = st
		case st.key == "" && of == nil && empty == nil:
			empty = st
		}
	}
	if own != nil {
		if of := own.of(audio); of != nil {
			if of.uses != nil {
				return nil, false
			}
			return of, false
		}
	}
	if own == nil && free != nil {
		free.key = key
		return free.of(audio), false
	}
	if !p.wide || len(p.pc.GetTransceivers()) >= p.node.cfg.Limits.Sections {
		return nil, false
	}
	st := own
	if st == nil {
		st = empty
	}
	if st == nil {
		st = &seat{}
		p.seats = append(p.seats, st)
	}
	st.key = key
	return p.addSlot(st, audio), true
}

func (st *seat) of(audio bool) *slot {
	if audio {
		return st.audio
	}
	return st.video
}

// announce tells the client which media section plays what.
func (p *peer) announce() {
	var views []SlotView
	for _, st := range p.seats {
		for _, s := range []*slot{st.audio, st.video} {
			if s == nil || s.trans.Mid() == "" {
				continue
			}
			v := SlotView{Mid: s.trans.Mid()}
			if s.uses != nil {
				v.Publication = s.uses.id
			}
			views = append(views, v)
		}
	}
	p.to.slots(views)
}

// enter takes the peer into a shard of a room; called by the room while nothing
// is forwarded to the peer.
func (p *peer) enter(s *shard) {
	p.shard.Store(s)
	s.peers.Add(1)
}

// leave takes the peer out of its shard and forgets what it played; in the
// peer's goroutine, before it enters another room.
func (p *peer) leave() {
	s := p.home()
	s.wait(p.leaveShard)
	s.peers.Add(-1)
	p.waiting = nil
	for pub, sl := range p.plays {
		sl.uses = nil
		delete(p.plays, pub)
	}
	for _, st := range p.seats {
		st.key = ""
	}
}
