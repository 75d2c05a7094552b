package video

import (
	"context"
	"errors"
	"slices"

	"github.com/pion/webrtc/v3"

	"tongban/hub"
)

// errAnswered says that a request is answered in its own way, or later.
var errAnswered = errors.New("answered")

// serve does what a participant asks; the error is the refusal.
func (s *session) serve(q request) error {
	switch q.Type {
	case "ping":
		s.send(message{Type: "pong", Seq: q.Seq})
		return errAnswered
	case "leave":
		return errGoodbye
	case "offer", "answer", "candidate":
		return s.negotiate(q)
	case "mute":
		return s.mine(func(r *Room, p *Participant) error { return muteOwn(r, p, q) })
	case "want":
		return s.want(q)
	case "app":
		return s.mine(func(r *Room, p *Participant) error { return relay(r, p, q) })
	case "admit", "refuse", "remove", "lock", "mute_other":
		return s.mine(func(r *Room, p *Participant) error { return manage(r, p, q) })
	}
	return refuse(hub.BadRequest, ReasonMessage, "not a message of the protocol")
}

// mine runs f in the room, for one who takes part in it.
func (s *session) mine(f func(*Room, *Participant) error) error {
	p := s.who
	r := p.room.Load()
	if r == nil {
		return refuse(hub.NotFound, ReasonUnknown, "you are in no room")
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.node.cfg.Timeouts.Write)
	defer cancel()
	return r.ask(ctx, func() error {
		switch {
		case r.people[p.id] != p:
			return refuse(hub.NotFound, ReasonUnknown, "you are in no room")
		case !p.inside():
			return refuse(hub.WrongState, ReasonWaiting, "you have not been admitted yet")
		}
		return f(r, p)
	})
}

// negotiate hands descriptions and candidates to the media connection.
func (s *session) negotiate(q request) error {
	return s.mine(func(r *Room, p *Participant) error {
		peer := p.media(r)
		if peer == nil {
			return refuse(hub.Unavailable, ReasonMedia, "no media connection could be made")
		}
		peer.post(func() {
			m := message{Type: "ok", Seq: q.Seq}
			var err error
			switch q.Type {
			case "offer":
				m.Type = "answer"
				m.SDP, err = peer.onOffer(q.SDP, q.Tracks)
			case "answer":
				err = peer.onAnswer(q.SDP)
			default:
				err = peer.onCandidate(q.Candidate.init())
			}
			switch {
			case err != nil:
				s.send(errorMessage(q.Seq, err))
			case m.Type == "answer" && m.SDP == "":
				s.send(message{Type: "ignored", Seq: q.Seq})
			case m.Type == "answer":
				s.send(m)
				peer.settle()
			case q.Seq != 0:
				s.send(m)
			}
		})
		return errAnswered
	})
}

func (c *CandidateView) init() webrtc.ICECandidateInit {
	if c == nil {
		return webrtc.ICECandidateInit{}
	}
	return webrtc.ICECandidateInit{Candidate: c.Candidate, SDPMid: c.SDPMid, SDPMLineIndex: c.SDPMLineIndex, UsernameFragment: c.Ufrag}
}

func muteOwn(r *Room, p *Participant, q request) error {
	if !q.Source.known() {
		return refuse(hub.BadRequest, ReasonSource, "no such source")
	}
	if !q.On && !p.grant.Load().MayPublish(q.Source) {
		return refuse(hub.Forbidden, ReasonSource, "the grant does not permit to publish that source")
	}
	r.mute(p, q.Source, q.On)
	return nil
}

// want sets what the participant wishes to receive of a publication.
func (s *session) want(q request) error {
	if !slices.Contains([]Quality{Off, Low, Medium, High}, q.Quality) || q.Priority < 0 || q.Priority > 100 || len(q.Publication) > 2*MaxID {
		return refuse(hub.BadRequest, ReasonMessage, "no such quality or priority")
	}
	return s.mine(func(r *Room, p *Participant) error {
		pub := r.pubs[q.Publication]
		if pub == nil {
			return refuse(hub.NotFound, ReasonUnknown, "no such publication")
		}
		w := &Wish{Quality: q.Quality, Priority: q.Priority}
		p.setWish(pub.id, w)
		if peer := p.peer; peer != nil {
			peer.post(func() {
				sl := peer.plays[pub]
				if sl == nil {
					return
				}
				home := peer.home()
				home.do(func() {
					if sl.pub == pub {
						sl.wish.Store(w)
						sl.tick(peer.node.elapsed())
					}
				})
			})
		}
		return nil
	})
}

// maxTo is the most participants one application message names.
const maxTo = 64

// relay passes an application message on as the grant says.
func relay(r *Room, p *Participant, q request) error {
	reach, ok := p.grant.Load().Apps[q.Kind]
	switch {
	case q.Kind == "" || len(q.Kind) > 64 || len(q.To) > maxTo:
		return refuse(hub.BadRequest, ReasonMessage, "the message has no kind, or too many addressees")
	case !ok:
		return refuse(hub.Forbidden, ReasonApp, "the grant does not permit messages of that kind")
	}
	if reach == ReachService {
		r.event(Event{Kind: EventApp, Participant: p.id, App: q.Kind, Data: q.Data})
		return nil
	}
	m := message{Type: "app", From: p.id, Kind: q.Kind, Data: q.Data}
	for _, o := range r.people {
		if o == p || !o.inside() || (len(q.To) > 0 && !slices.Contains(q.To, o.id)) {
			continue
		}
		if reach == ReachRoom || o.grant.Load().Admin {
			o.send(m)
		}
	}
	return nil
}

// manage does what only an admin may ask.
func manage(r *Room, p *Participant, q request) error {
	if !p.grant.Load().Admin {
		return refuse(hub.Forbidden, ReasonAdmin, "only an admin of the room may do that")
	}
	if q.Type == "lock" {
		r.lock(q.On)
		return nil
	}
	other := r.people[ParticipantID(q.ID)]
	if other == nil {
		return refuse(hub.NotFound, ReasonUnknown, "no such participant")
	}
	switch q.Type {
	case "admit":
		r.admit(other)
	case "refuse", "remove":
		if (q.Type == "refuse") != (other.state == Waiting) {
			return refuse(hub.WrongState, ReasonWaiting, "refuse is for who waits, remove for who is inside")
		}
		r.remove(other)
	case "mute_other":
		if !q.Source.known() {
			return refuse(hub.BadRequest, ReasonSource, "no such source")
		}
		r.mute(other, q.Source, true)
	}
	return nil
}
