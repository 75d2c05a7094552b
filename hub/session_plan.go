package hub

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tongban/hub/session"
)

// SessionWish is what an appointment shall be. The host is the first person.
type SessionWish struct {
	From, To time.Time
	Window   string // of the receiving place, by its name there; may be empty
	Room     string // of the handling place; may be empty
	People   []SeatWish
	Agreed   bool   // the people agreed, although it is at short notice
	Text     string // why; needed for a change
}

// SeatWish is one person: an officer by Person, a party by Party, which counts
// the case's parties from 1, a guest by Name.
type SeatWish struct {
	Role   session.Role
	Person PersonID
	Party  int
	Name   string
	Told   string
}

// ScheduleSession makes an appointment.
type ScheduleSession struct{ SessionWish }

// ChangeSession makes it another. Who was invited stays; more may come.
type ChangeSession struct {
	Session session.ID
	SessionWish
}

// CancelSession calls it off.
type CancelSession struct {
	Session session.ID
	Ground  string // "agency", "applicant"; "expired" is the hub's own word
	Text    string
}

func (ScheduleSession) kind() Kind { return KindSessionScheduled }
func (ChangeSession) kind() Kind   { return KindSessionChanged }
func (CancelSession) kind() Kind   { return KindSessionCancelled }

// Limits of a case and of a session.
const (
	maxSessions = 20
	maxSeats    = 20
)

func (i ScheduleSession) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if len(c.Sessions) >= maxSessions {
		return nil, nil, E(WrongState, "the case has too many sessions")
	}
	f := &SessionScheduled{}
	f.Session = NewSessionID(c.ID, cmd.ID)
	var err error
	if f.SessionPlan, f.Private, err = s.appointment(ctx, c, f.Session, i.SessionWish); err != nil {
		return nil, nil, err
	}
	return f, nil, s.takeSlots(ctx, c, &f.SessionPlan)
}

func (i ChangeSession) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	old, err := s.sessionStep(ctx, c, cmd, i.Session, session.Message{Act: session.Change})
	if err != nil {
		return nil, nil, err
	}
	if _, err := remark("/text", i.Text, true); err != nil {
		return nil, nil, err
	}
	f := &SessionChanged{}
	if f.SessionPlan, f.Private, err = s.appointment(ctx, c, i.Session, i.SessionWish); err != nil {
		return nil, nil, err
	}
	for n, seat := range old.Plan.People {
		if n >= len(f.People) || f.People[n].Role != seat.Role || f.People[n].Party != seat.Party || (f.People[n].Person == "") != (seat.Person == "") {
			return nil, nil, InvalidFields([]FieldError{{fmt.Sprintf("/people/%d", n), "invited", "who is invited stays; others are added behind"}})
		}
	}
	if s.shortNotice(ctx, c, old.Plan.From) && !i.Agreed {
		return nil, nil, shortNotice()
	}
	return f, nil, s.takeSlots(ctx, c, &f.SessionPlan)
}

func (i CancelSession) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	act, grounds := session.Cancel, []string{"agency", "applicant"}
	if cmd.machine {
		act, grounds = session.Expire, []string{"expired"}
	}
	if err := oneOf("/ground", i.Ground, grounds...); err != nil {
		return nil, nil, err
	}
	old, err := s.sessionStep(ctx, c, cmd, i.Session, session.Message{Act: act})
	if err != nil {
		return nil, nil, err
	}
	if cmd.machine && s.Now().Before(old.Plan.To.Add(session.DoorCloses)) {
		return nil, nil, E(WrongState, "the appointment is not over")
	}
	r, err := remark("/text", i.Text, !cmd.machine)
	return &SessionCancelled{Session: i.Session, Ground: i.Ground, Short: !cmd.machine && s.shortNotice(ctx, c, old.Plan.From), Private: r}, nil, err
}

// sessionStep asks the table whether a message is possible now, as the chain
// and the door have it.
func (s *Service) sessionStep(ctx context.Context, c *Case, cmd *Command, id session.ID, m session.Message) (*Session, error) {
	x := c.Session(id)
	if x == nil {
		return nil, E(NotFound, "the case has no such session")
	}
	live, err := s.live(ctx, x)
	if err != nil {
		return nil, err
	}
	m.By, m.Role = x.seatFor(cmd)
	_, err = live.Apply(m)
	return x, sessionError(err)
}

// seatFor is where the actor of a command sits: by his link, his person or his
// reference. Who has no seat is an officer who plans; the machine is nobody.
func (s *Session) seatFor(cmd *Command) (session.Who, session.Role) {
	if cmd.machine {
		return "", ""
	}
	if w := s.SeatOfActor(cmd.Actor); w != "" {
		return w, ""
	}
	return "", session.Clerk
}

// SeatOfActor is the seat of somebody who signed in, "" when he has none.
func (s *Session) SeatOfActor(a Actor) session.Who {
	if a.Session != "" {
		if seat := s.Seat(a.Seat); a.Session == s.ID && seat != nil {
			return a.Seat
		}
		return ""
	}
	if a.Agency != "" {
		return s.SeatOf(a.Person)
	}
	for _, seat := range s.Plan.People {
		if a.Ref != "" && seat.Party == a.Ref {
			return seat.Who
		}
	}
	return ""
}

func shortNotice() error {
	return InvalidFields([]FieldError{{"/agreed", "short_notice", "at short notice the people are asked first"}})
}

// shortNotice reports whether fewer working days than the notice lie before a moment.
func (s *Service) shortNotice(ctx context.Context, c *Case, from time.Time) bool {
	return s.office(ctx, c.responsible()).Between(s.moment(c), from) < session.NoticeDays
}

// appointment checks a wish whole and names every gap.
func (s *Service) appointment(ctx context.Context, c *Case, id session.ID, w SessionWish) (SessionPlan, SessionPlanPrivate, error) {
	p := SessionPlan{Session: id, From: Millis(w.From), To: Millis(w.To)}
	private := SessionPlanPrivate{Names: map[session.Who]string{}}
	wrong := s.checkSlot(ctx, c, &p, w)
	if n := len(w.People); n < 2 || n > maxSeats {
		wrong = append(wrong, FieldError{"/people", "count", fmt.Sprintf("2 to %d people", maxSeats)})
	}
	for n, seat := range w.People[:min(len(w.People), maxSeats)] {
		if (n == 0) != (seat.Role == session.Host) {
			wrong = append(wrong, FieldError{fmt.Sprintf("/people/%d/role", n), "host", "the first person is the host, and nobody else"})
			continue
		}
		x, name, errs := s.seat(ctx, c, n, seat)
		if x.Person != "" && slices.ContainsFunc(p.People, func(o SessionSeat) bool { return o.Person == x.Person }) ||
			x.Party != "" && slices.ContainsFunc(p.People, func(o SessionSeat) bool { return o.Party == x.Party }) {
			errs = append(errs, FieldError{fmt.Sprintf("/people/%d", n), "twice", "this person is named twice"})
		}
		wrong = append(wrong, errs...)
		p.People = append(p.People, x)
		private.Names[x.Who] = name
	}
	r, err := remark("/text", w.Text, false)
	if err != nil {
		wrong = append(wrong, FieldsOf(err)...)
	}
	private.Text = r.Text
	if len(wrong) > 0 {
		return p, private, &Error{Code: Invalid, Message: "the appointment has gaps", Fields: wrong}
	}
	if err := s.mayLead(ctx, c, p.People[0]); err != nil {
		return p, private, err
	}
	if p.Short = s.shortNotice(ctx, c, p.From); p.Short && !w.Agreed {
		return p, private, shortNotice()
	}
	return p, private, nil
}

// checkSlot holds a slot to the grain, the calendar and the hours of both places.
func (s *Service) checkSlot(ctx context.Context, c *Case, p *SessionPlan, w SessionWish) []FieldError {
	var wrong []FieldError
	slot := p.Slot()
	if err := slot.Check(); err != nil {
		return FieldsOf(sessionError(err))
	}
	hours := s.hours(ctx, c.Custodian, p.From)
	if w.Window != "" {
		hours = hours.Both(s.hours(ctx, c.Receiving, p.From))
	}
	switch now := s.moment(c); {
	case p.From.Before(now):
		wrong = append(wrong, FieldError{"/from", "past", "that time has passed"})
	case p.From.After(now.Add(session.MaxAhead)):
		wrong = append(wrong, FieldError{"/from", "too_far", fmt.Sprintf("at most %d days ahead", int(session.MaxAhead.Hours()/24))})
	case !hours.Holds(slot):
		wrong = append(wrong, FieldError{"/from", "office_hours", "outside the office hours of a place that takes part, or a day off"})
	}
	for _, x := range []struct {
		at, name string
		agency   AgencyID
		into     *string
	}{{"/window", w.Window, c.Receiving, &p.Window}, {"/room", w.Room, c.Custodian, &p.Room}} {
		name, err := short(x.at, x.name, 40, false)
		if err != nil || strings.ContainsAny(name, "/:") {
			wrong = append(wrong, FieldError{x.at, "characters", "at most 40 plain characters without / and :"})
		} else if name != "" {
			*x.into = string(x.agency) + "/" + name
		}
	}
	return wrong
}

func (s *Service) hours(ctx context.Context, a AgencyID, day time.Time) session.Hours {
	opens, closes := s.office(ctx, a).Hours(day)
	return session.Hours{Open: opens, Close: closes}
}

var toldWays = []string{"", "window", "phone", "message", "letter"}

// seat checks one person of a wish.
func (s *Service) seat(ctx context.Context, c *Case, n int, w SeatWish) (SessionSeat, string, []FieldError) {
	at := fmt.Sprintf("/people/%d", n)
	x := SessionSeat{Who: session.WhoAt(n), Role: w.Role, Told: w.Told}
	bad := func(part, code, text string) (SessionSeat, string, []FieldError) {
		return x, "", []FieldError{{at + part, code, text}}
	}
	if !w.Role.Known() {
		return bad("/role", "unknown", "there is no such part in a session")
	}
	if !slices.Contains(toldWays, w.Told) {
		return bad("/told", "unknown", "window, phone, message or letter")
	}
	switch {
	case w.Role.Officer():
		p, err := s.Directory.Person(ctx, w.Person)
		if err != nil || p.Disabled || !slices.Contains([]AgencyID{c.Custodian, c.Receiving}, p.Agency) {
			return bad("/person", "unknown", "no such officer at the places of the case")
		}
		if c.IsParty(p.Ref) {
			return bad("/person", "own_case", "nobody handles a case in which he is a party")
		}
		x.Person, x.Agency = p.ID, p.Agency
		return x, p.NameZH, nil
	case w.Role == session.Interpreter || w.Role == session.Observer:
		name, err := short(at+"/name", w.Name, 100, true)
		return x, name, FieldsOf(err)
	}
	if w.Party < 1 || w.Party > len(c.Parties) {
		return bad("/party", "unknown", "the case has no such party")
	}
	party := c.Parties[w.Party-1]
	if (party.Role == "agent") != (w.Role == session.Agent) {
		return bad("/role", "other_role", "an agent takes part as agent, a party for himself")
	}
	x.Party = c.PartyRefs[w.Party-1]
	return x, party.Name, nil
}

// mayLead holds that the host is a reviewer of the agency that holds the case.
func (s *Service) mayLead(ctx context.Context, c *Case, host SessionSeat) error {
	p, err := s.Directory.Person(ctx, host.Person)
	if err != nil {
		return err
	}
	leads := slices.ContainsFunc(p.Roles, func(r Role) bool { return s.Policy.Permits(r, SessionHost) })
	if !leads || p.Agency != c.Custodian {
		return InvalidFields([]FieldError{{"/people/0/person", "host", "a reviewer of the place that holds the case leads"}})
	}
	return nil
}

// takeSlots holds the time of everybody and everything that is needed. What a
// refused or interrupted command leaves is settled by the sweeper.
func (s *Service) takeSlots(ctx context.Context, c *Case, p *SessionPlan) error {
	keys := session.Keys(p.Slot(), p.Resources()...)
	err := s.Slots.TakeSlots(ctx, p.Session, c.ID, keys, Millis(s.Now()))
	if ErrorCode(err) == Conflict {
		return E(SlotTaken, "the reviewer, the window or the room has another appointment then")
	}
	s.Fault("after_slots")
	return err
}

// FreeSlots lists when a session of a case could be on the days from one on:
// when the host, the window and the room have no other.
func (s *Service) FreeSlots(ctx context.Context, r Reading, id CaseID, w SessionWish, length time.Duration, days int) ([]session.Slot, error) {
	c, _, err := s.load(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.Policy.Authorize(r.Actor, SessionSchedule, c); err != nil {
		return nil, err
	}
	p := SessionPlan{From: w.From}
	for _, x := range w.People {
		p.People = append(p.People, SessionSeat{Role: x.Role, Person: x.Person})
	}
	if w.Window != "" {
		p.Window = string(c.Receiving) + "/" + strings.TrimSpace(w.Window)
	}
	if w.Room != "" {
		p.Room = string(c.Custodian) + "/" + strings.TrimSpace(w.Room)
	}
	var out []session.Slot
	for n := range min(days, 31) {
		hours := s.hours(ctx, c.Custodian, w.From.AddDate(0, 0, n))
		if w.Window != "" {
			hours = hours.Both(s.hours(ctx, c.Receiving, w.From.AddDate(0, 0, n)))
		}
		if hours.Open.IsZero() {
			continue
		}
		keys := session.Keys(session.Slot{From: hours.Open.Truncate(session.Quantum), To: hours.Close}, p.Resources()...)
		held, err := s.Slots.HeldSlots(ctx, keys)
		if err != nil {
			return nil, err
		}
		taken := map[string]bool{}
		for _, k := range held {
			taken[k] = true
		}
		out = append(out, session.Free(hours, length, Millis(s.Now()), taken, p.Resources()...)...)
	}
	return out, nil
}
