package hub

import (
	"slices"
	"strings"
	"time"

	"tongban/hub/session"
)

// Session is a video session of the case, as its chain tells it.
type Session struct {
	ID       session.ID
	Plan     SessionPlan
	Names    map[session.Who]string
	Sequence int   // how often the appointment was changed
	Planned  int64 // seq of the event that made the appointment as it is
	Now      session.Session
	Ground   string // of the cancellation
	Text     string // reason of the last change or of the cancellation

	Consents   []SessionConsent
	Turns      []SessionTurn
	Moves      []SessionMove
	Identities []SessionIdentity
	Signed     []SessionSignature
	Tracks     []RecordedTrack // one for each person and lane
	Files      []RecordedFile
	Kept       []SessionKept

	MadeAt, OpenedAt, ClosedAt time.Time
	MadeBy                     Signatory
}

// SessionConsent is what somebody agreed to.
type SessionConsent struct {
	SessionConsented
	By Signatory
	At time.Time
}

// SessionTurn is a beginning, a pause, a resumption, the end, or a change of host.
type SessionTurn struct {
	Did   session.Act
	Cause session.Cause
	To    session.Who
	By    Signatory
	At    time.Time
}

// SessionMove is somebody's way in or out.
type SessionMove struct {
	Did  session.Act
	Who  session.Who
	With []session.Who
	By   Signatory
	At   time.Time
}

// SessionIdentity is the identity step.
type SessionIdentity struct {
	Who            session.Who
	Method, Result string
	Still          *File
	Document, Text string
	By             Signatory
	At             time.Time
}

// SessionSignature is a material that somebody signed on his screen.
type SessionSignature struct {
	SessionSigned
	At time.Time
}

// Session returns a session of the case, or nil.
func (c *Case) Session(id session.ID) *Session {
	i := slices.IndexFunc(c.Sessions, func(s Session) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Sessions[i]
}

func (c *Case) liveSession() bool {
	return slices.ContainsFunc(c.Sessions, func(s Session) bool { return s.Now.State.Live() })
}

// Seat returns the seat of a person, or nil.
func (s *Session) Seat(w session.Who) *SessionSeat {
	i := slices.IndexFunc(s.Plan.People, func(p SessionSeat) bool { return p.Who == w })
	if i < 0 {
		return nil
	}
	return &s.Plan.People[i]
}

// SeatOf is the seat of an officer, "" when he takes no part.
func (s *Session) SeatOf(p PersonID) session.Who {
	for _, seat := range s.Plan.People {
		if p != "" && seat.Person == p {
			return seat.Who
		}
	}
	return ""
}

// Slot is when it takes place.
func (p *SessionPlan) Slot() session.Slot { return session.Slot{From: p.From, To: p.To} }

// Resources are what only one session at a time can have.
func (p *SessionPlan) Resources() []session.Resource {
	var out []session.Resource
	for _, s := range p.People {
		if s.Person != "" && (s.Role == session.Host || s.Role == session.Reviewer) {
			out = append(out, session.Resource{Kind: "person", Name: string(s.Person)})
		}
	}
	if p.Window != "" {
		out = append(out, session.Resource{Kind: "window", Name: p.Window})
	}
	if p.Room != "" {
		out = append(out, session.Resource{Kind: "room", Name: p.Room})
	}
	return out
}

// Keys are the quarter hours that the appointment holds, none when it is over
// or does not take place.
func (s *Session) Keys() []string {
	if s.Now.State.Over() {
		return nil
	}
	return session.Keys(s.Plan.Slot(), s.Plan.Resources()...)
}

// linkPerson is who acts in the chain for somebody who came by a link.
const linkPerson = "link."

// actorIn says who an actor is in a session: his seat; nobody of it but one of
// an agency of the case; or, with neither, the hub.
func (s *Session) actorIn(a Signatory, own session.Who) (who session.Who, role session.Role) {
	switch {
	case a.Person == hubPerson:
		return "", ""
	case a.Agency == "":
		return own, ""
	}
	if w := s.SeatOf(a.Person); w != "" {
		return w, ""
	}
	return "", session.Clerk
}

// sessionMessage is what an event says to the table of hub/session, or false
// when it is about no session or moves nothing.
func sessionMessage(fact Fact) (id session.ID, m session.Message, moves bool) {
	switch f := fact.(type) {
	case *SessionChanged:
		return f.Session, session.Message{Act: session.Change}, true
	case *SessionCancelled:
		if f.Ground == "expired" {
			return f.Session, session.Message{Act: session.Expire}, true
		}
		return f.Session, session.Message{Act: session.Cancel}, true
	case *SessionConsented:
		return f.Session, session.Message{Act: session.Consent, On: f.Who}, true
	case *SessionMoved:
		return f.Session, session.Message{Act: f.Did, On: f.Who, With: f.With}, true
	case *SessionTurned:
		return f.Session, session.Message{Act: f.Did, Cause: f.Cause}, true
	case *SessionHosted:
		return f.Session, session.Message{Act: f.Did, On: f.To}, true
	case *SessionIdentified:
		return f.Session, session.Message{On: f.Who}, false
	case *SessionSigned:
		return f.Session, session.Message{On: f.Who}, false
	case *SessionRecorded:
		return f.Session, session.Message{}, false
	case *SessionFinished:
		return f.Session, session.Message{}, false
	case *SessionKept:
		return f.Session, session.Message{}, false
	}
	return "", session.Message{}, false
}

// soundSession holds what the transition table of cases cannot say: the table
// of sessions allows it, and the recording goes on where it stood.
func (c *Case) soundSession(e Event, fact Fact) error {
	if f, ok := fact.(*SessionScheduled); ok {
		if c.Session(f.Session) != nil || len(f.People) == 0 || f.People[0].Role != session.Host {
			return E(BrokenChain, "event %d makes a session that is there, or one without a host", e.Seq)
		}
		return nil
	}
	id, m, moves := sessionMessage(fact)
	if id == "" {
		return nil
	}
	s := c.Session(id)
	if s == nil {
		return E(BrokenChain, "event %d is about a session that is not there", e.Seq)
	}
	if !moves {
		return s.soundRecording(e, fact)
	}
	m.By, m.Role = s.actorIn(e.Actor, m.On)
	next, err := s.Now.Replay(m)
	if err != nil {
		return Wrap(BrokenChain, sessionError(err), "event %d", e.Seq)
	}
	if f, ok := fact.(*SessionMoved); ok {
		pauses := session.Cause("")
		if s.Now.State == session.Formal && next.State == session.Paused {
			pauses = next.Cause
		}
		if f.Pauses != pauses {
			return E(BrokenChain, "event %d says that the formal part pauses for %q, and it is %q", e.Seq, f.Pauses, pauses)
		}
	}
	if f, ok := fact.(*SessionConsented); ok && e.Actor.Agency == "" && f.Link != "" && e.Actor.Person != linkPerson+PersonID(f.Link) {
		return E(BrokenChain, "event %d: another came by that link", e.Seq)
	}
	return nil
}

// soundRecording holds that no segment is said twice or out of order.
func (s *Session) soundRecording(e Event, fact Fact) error {
	f, ok := fact.(*SessionRecorded)
	if !ok {
		return nil
	}
	for _, t := range f.Tracks {
		last := s.lastSegment(t.Who, t.Lane)
		for _, x := range t.Segments {
			if x.N <= last {
				return E(BrokenChain, "event %d: segment %d of %s/%s comes after segment %d", e.Seq, x.N, t.Who, t.Lane, last)
			}
			last = x.N
		}
	}
	return nil
}

func (s *Session) track(w session.Who, lane string) *RecordedTrack {
	i := slices.IndexFunc(s.Tracks, func(t RecordedTrack) bool { return t.Who == w && t.Lane == lane })
	if i < 0 {
		return nil
	}
	return &s.Tracks[i]
}

func (s *Session) lastSegment(w session.Who, lane string) int {
	t := s.track(w, lane)
	if t == nil || len(t.Segments) == 0 {
		return 0
	}
	return t.Segments[len(t.Segments)-1].N
}

func (c *Case) foldSession(e Event, fact Fact) {
	if f, ok := fact.(*SessionScheduled); ok {
		s := Session{ID: f.Session, MadeAt: e.At, MadeBy: e.Actor, Now: session.Session{State: session.Scheduled}}
		s.plan(&f.SessionPlan, &f.Private, e.Seq)
		c.Sessions = append(slices.Clip(c.Sessions), s)
		return
	}
	id, m, moves := sessionMessage(fact)
	if id == "" {
		return
	}
	s := c.Session(id)
	if moves {
		m.By, m.Role = s.actorIn(e.Actor, m.On)
		s.Now, _ = s.Now.Replay(m) // soundSession has asked
	}
	switch f := fact.(type) {
	case *SessionChanged:
		s.Sequence++
		s.plan(&f.SessionPlan, &f.Private, e.Seq)
	case *SessionCancelled:
		s.Ground, s.Text, s.ClosedAt, s.Planned = f.Ground, f.Private.Text, e.At, e.Seq
	case *SessionConsented:
		s.Consents = append(s.Consents, SessionConsent{*f, e.Actor, e.At})
	case *SessionMoved:
		if f.Did == session.Opened {
			s.OpenedAt = e.At
		}
		s.Moves = append(s.Moves, SessionMove{f.Did, f.Who, f.With, e.Actor, e.At})
		if f.Pauses != "" {
			s.Turns = append(s.Turns, SessionTurn{Did: session.Pause, Cause: f.Pauses, By: e.Actor, At: e.At})
		}
	case *SessionTurned:
		if f.Did == session.Close {
			s.ClosedAt, s.Planned = e.At, e.Seq
		}
		s.Turns = append(s.Turns, SessionTurn{Did: f.Did, Cause: f.Cause, By: e.Actor, At: e.At})
	case *SessionHosted:
		s.Turns = append(s.Turns, SessionTurn{Did: f.Did, To: f.To, By: e.Actor, At: e.At})
	default:
		s.foldContent(e, fact)
	}
}

func (s *Session) foldContent(e Event, fact Fact) {
	switch f := fact.(type) {
	case *SessionIdentified:
		s.Identities = append(s.Identities, SessionIdentity{f.Who, f.Method, f.Result, f.Still, f.Private.Document, f.Private.Text, e.Actor, e.At})
	case *SessionSigned:
		s.Signed = append(s.Signed, SessionSignature{*f, e.At})
	case *SessionRecorded:
		for _, t := range f.Tracks {
			if old := s.track(t.Who, t.Lane); old != nil {
				old.Segments = append(slices.Clip(old.Segments), t.Segments...)
				old.Gaps = append(slices.Clip(old.Gaps), t.Gaps...)
				continue
			}
			s.Tracks = append(slices.Clip(s.Tracks), t)
		}
	case *SessionFinished:
		s.Files = append(slices.Clip(s.Files), f.Files...)
	case *SessionKept:
		s.Kept = append(s.Kept, *f)
	}
}

// plan takes an appointment over. Who is there stays where he is.
func (s *Session) plan(p *SessionPlan, private *SessionPlanPrivate, seq int64) {
	s.Plan, s.Names, s.Text, s.Planned = *p, private.Names, strings.TrimSpace(private.Text), seq
	for _, seat := range p.People[min(len(s.Now.People), len(p.People)):] {
		s.Now.People = append(slices.Clip(s.Now.People), session.Person{Who: seat.Who, Role: seat.Role, Here: session.Invited})
	}
}

// sessionState refuses what the session, or the person in it, is not ready for,
// and says why in a field.
func sessionState(reason string, err error) error {
	return &Error{
		Code: SessionState, Message: "the session is not at a step where this can be done", Err: err,
		Fields: []FieldError{{"/session", reason, "the session, or the person in it, is at another step"}},
	}
}

// sessionError turns what the table of sessions refuses into an error of the hub.
func sessionError(err error) error {
	switch r := session.ReasonOf(err); r {
	case "":
		return err
	case session.UnknownPerson:
		return Wrap(NotFound, err, "nobody of that id takes part in this session")
	case session.NotYours, session.NotTogether:
		return Wrap(Forbidden, err, "your part in the session does not allow it")
	case session.NoConsent:
		return Wrap(ConsentMissing, err, "notice, declaration and recording are agreed to first")
	case session.IsLocked:
		return Wrap(SessionLocked, err, "the session is locked")
	case session.Malformed:
		at := ""
		if e, ok := err.(*session.Error); ok { //nolint:errorlint // that package wraps nothing
			at = e.At
		}
		return InvalidFields([]FieldError{{at, "invalid", err.Error()}})
	default:
		return sessionState(string(r), err)
	}
}
