package session

import "slices"

// Message is one act of one person.
type Message struct {
	Act   Act
	By    Who   // "": the hub itself, or an officer who takes no part
	Role  Role  // of an officer who takes no part: he may plan, change and cancel
	On    Who   // whom it is about; "" where it is about nobody
	With  []Who // the others of a private talk
	Cause Cause // of a pause
}

// Apply says what a session is after a message, or why it is refused. The
// session itself does not change.
func (s Session) Apply(m Message) (Session, error) {
	_, to, err := s.apply(m, false)
	return to, err
}

// Replay applies what the chain keeps. The chain does not know who stands at
// the door: there, whoever is outside may be admitted or removed.
func (s Session) Replay(m Message) (Session, error) {
	row, to, err := s.apply(m, true)
	if err == nil && !row.Kept {
		err = fail(NotNow, "an event of this kind is not kept")
	}
	return to, err
}

// Kept reports whether an act is an event of the chain when it is about somebody inside.
func (s Session) Kept(m Message) bool {
	row, _, err := s.apply(m, false)
	return err == nil && row.Kept
}

func (s Session) apply(m Message, replay bool) (Row, Session, error) {
	s.People = slices.Clone(s.People)
	role, err := s.roleOf(m)
	if err != nil {
		return Row{}, s, err
	}
	if m.By != "" && m.On == "" && aboutOneself(m.Act) {
		m.On = m.By
	}
	err = errNotNow
	for _, row := range table {
		if row.Act != m.Act || !slices.Contains(row.In, s.State) {
			continue
		}
		p, why := s.fits(&row, &m, role, replay)
		if why != nil {
			err = why
			continue
		}
		s.move(&row, &m, p)
		return row, s, nil
	}
	return Row{}, s, err
}

// aboutOneself reports whether every row of the act is done for oneself.
func aboutOneself(a Act) bool {
	return !slices.ContainsFunc(table, func(r Row) bool { return r.Act == a && !r.Own })
}

var errNotNow = fail(NotNow, "the session is not at that step")

func (s *Session) roleOf(m Message) (Role, error) {
	switch {
	case m.By == "" && m.Role == "":
		return ByHub, nil
	case m.By == "":
		return m.Role, nil
	}
	if p := s.Person(m.By); p != nil {
		return p.Role, nil
	}
	return "", fail(UnknownPerson, "nobody of that id takes part")
}

// fits tells whether a row is about this message, and the person it is about.
func (s *Session) fits(row *Row, m *Message, role Role, replay bool) (*Person, error) {
	if !slices.Contains(row.By, role) {
		return nil, fail(NotYours, "the role does not allow it")
	}
	if m.By == "" && role != ByHub && (row.From != nil || !slices.Contains([]Act{Change, Cancel}, m.Act)) {
		return nil, fail(NotYours, "who takes no part may only plan")
	}
	if row.From == nil {
		if row.If != "" {
			if err := conditions[row.If](s, m, nil); err != nil {
				return nil, err
			}
		}
		return nil, s.lawful(row, m, nil)
	}
	p := s.Person(m.On)
	if p == nil {
		return nil, fail(UnknownPerson, "nobody of that id takes part")
	}
	if row.Own && role != ByHub && m.On != m.By {
		return nil, fail(NotYours, "one does this for oneself only")
	}
	here := p.Here
	if replay && (here == Invited || here == Left) && slices.Contains(row.From, AtDoor) && !slices.Contains(row.From, here) {
		here = AtDoor
	}
	if !slices.Contains(row.From, here) {
		return nil, fail(NotThere, "the person is not where this begins")
	}
	if row.If != "" {
		if err := conditions[row.If](s, m, p); err != nil {
			return nil, err
		}
	}
	return p, s.lawful(row, m, p)
}

// lawful holds what must never be, whichever row it is: nobody without consent
// comes in, and who leads is there.
func (s *Session) lawful(row *Row, m *Message, p *Person) error {
	if row.Then == Admitted && p != nil && !p.Role.Officer() && !p.Consented {
		return fail(NoConsent, "notice, declaration and recording are agreed to first")
	}
	by := s.Person(m.By)
	if row.Own || by == nil || !s.State.Live() || by.Here.Inside() {
		return nil
	}
	if by.Role == Host {
		return fail(NoHost, "the host is not in the room")
	}
	return fail(NotThere, "who acts on others is in the room")
}

// move is the change that a row makes.
func (s *Session) move(row *Row, m *Message, p *Person) {
	if row.To != "" {
		s.State = row.To
	}
	if row.To == Paused {
		switch {
		case m.Act == Pause:
			s.Cause = m.Cause
		case p != nil && p.Role == Host:
			s.Cause = CauseHostLeft
		default:
			s.Cause = CausePartyLeft
		}
	} else if row.To != "" {
		s.Cause = ""
	}
	switch m.Act {
	case Consent:
		p.Consented = true
	case Lock, Unlock:
		s.Locked = m.Act == Lock
	case HandOver, TakeOver:
		old := s.Host()
		old.Role, p.Role = Reviewer, Host
	case Consult:
		s.Talks++
		for _, w := range append([]Who{m.On}, m.With...) {
			q := s.Person(w)
			q.Here, q.Talk, q.Moves = Consulting, s.Talks, q.Moves+1
		}
	case Rejoin:
		talk := p.Talk
		for i := range s.People {
			if q := &s.People[i]; q.Talk == talk && q.Here == Consulting {
				q.Here, q.Talk, q.Moves = Admitted, 0, q.Moves+1
			}
		}
	default:
		s.goTo(row, p)
	}
	s.settle(row)
}

func (s *Session) goTo(row *Row, p *Person) {
	if row.Then == "" || p == nil {
		return
	}
	talk := p.Talk
	p.Here, p.Talk = row.Then, 0
	if row.Kept {
		p.Moves++
	}
	s.endLonely(talk)
}

// endLonely calls the last one of a private talk back.
func (s *Session) endLonely(talk int) {
	var in []*Person
	for i := range s.People {
		if p := &s.People[i]; talk != 0 && p.Talk == talk && p.Here == Consulting {
			in = append(in, p)
		}
	}
	if len(in) == 1 {
		in[0].Here, in[0].Talk, in[0].Moves = Admitted, 0, in[0].Moves+1
	}
}

// settle is what follows by itself: when the session is over everybody has
// left, and whether anybody is at the door of a closed room.
func (s *Session) settle(row *Row) {
	if row.To != "" && row.To.Over() {
		s.Locked = false
		for i := range s.People {
			switch p := &s.People[i]; {
			case p.Here.Inside():
				p.Here, p.Talk = Left, 0
			case p.Here != Removed && p.Moves == 0:
				p.Here = Invited
			case p.Here != Removed:
				p.Here = Left
			}
		}
	}
	if s.State == Scheduled || s.State == Waiting {
		s.State = Scheduled
		if slices.ContainsFunc(s.People, func(p Person) bool { return p.Here == Testing || p.Here == AtDoor }) {
			s.State = Waiting
		}
	}
}

// Door is where somebody stands before he is in the room, and after which of
// the chain's moves he came there.
type Door struct {
	Here  Presence // Testing or AtDoor
	Moves int
}

// With puts presence over what the chain says: somebody is at the door unless
// the chain has moved him since.
func (s Session) With(door map[Who]Door, locked bool) Session {
	s.People = slices.Clone(s.People)
	if s.State.Live() {
		s.Locked = locked
	}
	if s.State.Over() {
		return s
	}
	for i := range s.People {
		p := &s.People[i]
		d, ok := door[p.Who]
		if ok && d.Moves == p.Moves && (p.Here == Invited || p.Here == Left) && (d.Here == Testing || d.Here == AtDoor || d.Here == Left) {
			p.Here = d.Here
		}
	}
	s.settle(&Row{})
	return s
}
