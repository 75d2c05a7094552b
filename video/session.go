package video

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"tongban/hub"
)

// Door is what a signalling connection needs beside the node.
type Door struct {
	Node    *Node
	Checker Checker
	ICE     func(RoomID, ParticipantID) []ICEServer // TURN servers with fresh credentials; may be nil
}

// session is one signalling connection.
type session struct {
	door *Door
	node *Node
	conn Conn
	out  chan []byte
	quit chan struct{}
	once sync.Once
	ctx  context.Context //nolint:containedctx // of the connection, which is what a session is
	who  *Participant
	key  string // for resuming
}

const sessionQueue = 256

// Serve speaks the protocol of docs/video-protocol.md on the connection until it
// ends, and closes it. It returns when the connection's goroutines are gone. The
// participant stays for Timeouts.Resume unless he has said goodbye or was sent
// away.
func (d *Door) Serve(ctx context.Context, conn Conn) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &session{door: d, node: d.Node, conn: conn, out: make(chan []byte, sessionQueue), quit: make(chan struct{}), ctx: ctx}
	var writer sync.WaitGroup
	writer.Go(s.write)
	err := s.read()
	if err != nil {
		s.send(errorMessage(0, err))
	}
	s.stop()
	writer.Wait()
	cancel()
	_ = conn.Close()
	s.away(ReasonOf(err))
}

func (s *session) stop() { s.once.Do(func() { close(s.quit) }) }

// send queues a message; a client that does not read is disconnected.
func (s *session) send(m message) {
	b, err := json.Marshal(m)
	if err != nil {
		return
	}
	select {
	case s.out <- b:
	default:
		s.stop()
	}
}

// end is called by the room when the participant is gone from it.
func (s *session) end(reason Reason) {
	s.send(message{Type: "bye", Reason: reason})
	s.stop()
}

// write sends what is queued, and the rest after the end.
func (s *session) write() {
	defer func() { _ = s.conn.Close() }() // wakes the reader
	for {
		select {
		case b := <-s.out:
			if !s.writeOne(b) {
				return
			}
		case <-s.quit:
			for {
				select {
				case b := <-s.out:
					if !s.writeOne(b) {
						return
					}
				default:
					return
				}
			}
		}
	}
}

func (s *session) writeOne(b []byte) bool {
	ctx, cancel := context.WithTimeout(s.ctx, s.node.cfg.Timeouts.Write)
	defer cancel()
	if err := s.conn.Write(ctx, b); err != nil {
		s.stop()
		return false
	}
	return true
}

// errGoodbye ends a connection that said so.
var errGoodbye = errors.New("goodbye")

// read serves requests until the connection ends. The error is for the client.
func (s *session) read() error {
	limit := newBucket(s.node.cfg.Limits.MessageRate)
	for {
		wait := s.node.cfg.Timeouts.Idle
		if s.who == nil {
			wait = s.node.cfg.Timeouts.Hello
		}
		ctx, cancel := context.WithTimeout(s.ctx, wait)
		b, err := s.conn.Read(ctx, s.node.cfg.Limits.Message)
		late := ctx.Err() != nil && s.ctx.Err() == nil
		cancel()
		switch {
		case late:
			return refuse(hub.Unavailable, ReasonIdle, "nothing was heard for too long")
		case err != nil:
			return nil //nolint:nilerr // the connection is gone: nobody to tell
		case len(b) > s.node.cfg.Limits.Message:
			return refuse(hub.TooLarge, ReasonMessageTooLarge, "the message is too large")
		case !limit.take(time.Now()):
			return refuse(hub.RateLimited, ReasonRate, "too many messages")
		}
		if err := s.handle(b); errors.Is(err, errGoodbye) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// handle serves one message. The error ends the connection; refusals of single
// requests are answered and are none.
func (s *session) handle(b []byte) error {
	var q request
	if err := json.Unmarshal(b, &q); err != nil || q.Type == "" {
		return refuse(hub.BadRequest, ReasonMessage, "not a message of the protocol")
	}
	if s.who == nil {
		if q.Type != "hello" {
			return refuse(hub.BadRequest, ReasonHelloFirst, "the first message must be hello")
		}
		return s.hello(q)
	}
	err := s.serve(q)
	switch {
	case errors.Is(err, errGoodbye):
		s.leave()
		return err
	case errors.Is(err, errAnswered):
	case err != nil:
		s.send(errorMessage(q.Seq, err))
	case q.Seq != 0:
		s.send(message{Type: "ok", Seq: q.Seq})
	}
	return nil
}

// hello lets the participant in, or back.
func (s *session) hello(q request) error {
	if q.Version != ProtocolVersion {
		return refuse(hub.BadRequest, ReasonVersion, "this version of the protocol is not spoken here")
	}
	if q.Resume != nil {
		return s.resume(q)
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.node.cfg.Timeouts.Hello)
	defer cancel()
	g, err := s.door.Checker.Check(ctx, q.Token)
	if err != nil {
		if asError(err) == nil {
			err = refuseWith(hub.Internal, "", "the token could not be checked", err)
		}
		return err
	}
	s.key = rand.Text()
	s.who, err = s.node.join(ctx, g, s, arrival{first: q.First}, func(r *Room, p *Participant) { s.greet(r, p, "welcome") })
	return err
}

// greet sends the whole state; in the room.
func (s *session) greet(r *Room, p *Participant, kind string) {
	m := r.hello(p, kind)
	m.Seq = 0
	m.Resume = &ResumeView{Room: r.id, Participant: p.id, Secret: s.key, MS: s.node.cfg.Timeouts.Resume.Milliseconds()}
	m.IdleMS = s.node.cfg.Timeouts.Idle.Milliseconds()
	if s.door.ICE != nil {
		m.ICE = s.door.ICE(r.id, p.id)
	}
	s.send(m)
}

// resume takes the place of a session that broke.
func (s *session) resume(q request) error {
	gone := refuse(hub.NotFound, ReasonResume, "there is nothing to resume")
	return s.node.with(s.ctx, q.Resume.Room, q.Resume.Participant, func(r *Room, p *Participant) error {
		old, ok := p.sink.(*session)
		if !ok || old.key == "" || subtle.ConstantTimeCompare([]byte(old.key), []byte(q.Resume.Secret)) != 1 {
			return gone
		}
		if g := p.grant.Load(); g.check(s.node.cfg.Now()) != nil {
			return gone
		}
		s.key = rand.Text()
		p.sink = s
		s.who = p
		old.end(ReasonReplaced)
		if p.away.Swap(false) {
			p.left.Stop()
			if p.state == Away {
				p.state = In
				r.toOthers(p, message{Type: "state", Participant: r.view(p)})
			}
			r.event(Event{Kind: EventBack, Participant: p.id})
		}
		s.greet(r, p, "resumed")
		if peer := p.peer; peer != nil {
			peer.post(func() { peer.again() })
		} else {
			r.hears(p)
		}
		return nil
	})
}

// again repeats what a client that comes back may have missed; in the peer's
// goroutine. An offer that was on its way is lost: it is made anew.
func (p *peer) again() {
	p.announce()
	if d := p.pc.PendingLocalDescription(); d != nil {
		p.asked++
		p.to.offer(d.SDP)
	}
}

// leave ends the participant's stay for good.
func (s *session) leave() {
	p := s.who
	p.leaving.Store(true)
	if r := p.room.Load(); r != nil {
		r.post(func() {
			if p.sink == s {
				r.exit(p, "")
			}
		})
	}
}

// away keeps the participant's place for a while.
func (s *session) away(why Reason) {
	p := s.who
	if p == nil {
		return
	}
	r := p.room.Load()
	if r == nil {
		return
	}
	if why == ReasonIdle || why == ReasonRate || why == ReasonMessage || why == ReasonMessageTooLarge {
		r.post(func() {
			if p.sink == s {
				r.exit(p, why)
			}
		})
		return
	}
	r.post(func() {
		if p.sink != s || r.people[p.id] != p || p.away.Swap(true) {
			return
		}
		if p.state == In {
			p.state = Away
		}
		if p.visible() {
			r.toOthers(p, message{Type: "state", Participant: r.view(p)})
		}
		r.event(Event{Kind: EventAway, Participant: p.id})
		p.left = time.AfterFunc(s.node.cfg.Timeouts.Resume, func() { s.expire() })
	})
}

// expire gives the place up.
func (s *session) expire() {
	p := s.who
	p.leaving.Store(true)
	if r := p.room.Load(); r != nil {
		r.post(func() {
			if p.sink == s && p.away.Load() {
				r.exit(p, ReasonIdle)
			}
		})
	}
}
