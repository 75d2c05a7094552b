package session

import (
	"fmt"
	"slices"
	"strings"
)

// Act is something that happens.
type Act string

// The acts.
const (
	Change   Act = "change"    // another time, room or list of people
	Cancel   Act = "cancel"    //
	Expire   Act = "expire"    // its time has passed and nobody opened it
	Consent  Act = "consent"   // to notice, declaration and recording
	Arrive   Act = "arrive"    // at the self-test
	Ready    Act = "ready"     // to the waiting room
	Opened   Act = "open"      // the host opens the room
	Enter    Act = "enter"     // who may host comes in without being admitted
	Admit    Act = "admit"     // one person, from the waiting room
	Leave    Act = "leave"     //
	Remove   Act = "remove"    //
	Recall   Act = "recall"    // who was removed may come back to the door
	Consult  Act = "consult"   // some people talk in private
	Rejoin   Act = "rejoin"    // they come back
	Begin    Act = "begin"     // the formal part
	Pause    Act = "pause"     //
	Resume   Act = "resume"    //
	Close    Act = "close"     //
	Lock     Act = "lock"      //
	Unlock   Act = "unlock"    //
	HandOver Act = "hand_over" // the host gives his place to another reviewer
	TakeOver Act = "take_over" // another reviewer takes it while the host is away
)

// Acts lists every act.
func Acts() []Act {
	return []Act{
		Change, Cancel, Expire, Consent, Arrive, Ready, Opened, Enter, Admit, Leave, Remove, Recall, Consult, Rejoin,
		Begin, Pause, Resume, Close, Lock, Unlock, HandOver, TakeOver,
	}
}

// ByHub is who acts where no person does: a clock ran out, a connection broke,
// a recording stalled.
const ByHub Role = "hub"

// anybody is every role that takes part.
var anybody = Roles()

// Row is one line of the table. The first that fits decides.
type Row struct {
	Act  Act
	In   []State
	To   State // "" stays
	By   []Role
	Own  bool       // one does it for oneself only (the hub for anybody)
	From []Presence // of the person it is about; nil: it is about nobody
	Then Presence   // where he is then; "" stays
	If   string     // a condition, see conditions
	Kept bool       // an event of the chain; else only presence
}

// Table is everything that can happen. docs/sessions.md has its picture,
// generated from here.
func Table() []Row {
	planned := []State{Scheduled, Waiting}
	live := []State{Open, Formal, Paused}
	still := []State{Open, Paused}
	before := []State{Scheduled, Waiting, Open, Formal, Paused}
	officers := []Role{Host, Reviewer, Clerk}
	host, lead, hub := []Role{Host}, []Role{Host, Reviewer}, []Role{ByHub}
	own := append(slices.Clone(anybody), ByHub)
	outside := []Presence{Invited, Testing, AtDoor, Left}
	inside := []Presence{Admitted, Consulting}
	return []Row{
		{Act: Change, In: planned, By: officers, Kept: true},
		{Act: Cancel, In: planned, To: Cancelled, By: officers, Kept: true},
		{Act: Expire, In: planned, To: Expired, By: hub, Kept: true},
		{Act: Consent, In: before, By: anybody, Own: true, From: outside, If: "asked", Kept: true},
		{Act: Arrive, In: before, By: anybody, Own: true, From: outside, Then: Testing},
		{Act: Ready, In: before, By: anybody, Own: true, From: []Presence{Testing}, Then: AtDoor, If: "consented"},
		{Act: Opened, In: planned, To: Open, By: host, Own: true, From: outside, Then: Admitted, Kept: true},
		{Act: Enter, In: live, By: lead, Own: true, From: outside, Then: Admitted, If: "open_to_host", Kept: true},
		{Act: Admit, In: live, By: host, From: []Presence{AtDoor}, Then: Admitted, If: "unlocked", Kept: true},
		{Act: Leave, In: []State{Formal}, To: Paused, By: own, Own: true, From: inside, Then: Left, If: "is_host", Kept: true},
		{Act: Leave, In: []State{Formal}, To: Paused, By: own, Own: true, From: inside, Then: Left, If: "last_party", Kept: true},
		{Act: Leave, In: live, By: own, Own: true, From: inside, Then: Left, Kept: true},
		{Act: Leave, In: before, By: own, Own: true, From: []Presence{Testing, AtDoor}, Then: Left},
		{Act: Remove, In: []State{Formal}, To: Paused, By: host, From: inside, Then: Removed, If: "last_party", Kept: true},
		{Act: Remove, In: live, By: host, From: []Presence{AtDoor, Admitted, Consulting}, Then: Removed, If: "not_host", Kept: true},
		{Act: Recall, In: live, By: host, From: []Presence{Removed}, Then: Left, Kept: true},
		{Act: Consult, In: still, By: host, From: []Presence{Admitted}, Then: Consulting, If: "together", Kept: true},
		{Act: Rejoin, In: still, By: anybody, From: []Presence{Consulting}, Then: Admitted, If: "in_talk", Kept: true},
		{Act: Begin, In: []State{Open}, To: Formal, By: host, If: "complete", Kept: true},
		{Act: Pause, In: []State{Formal}, To: Paused, By: []Role{Host, ByHub}, Kept: true},
		{Act: Resume, In: []State{Paused}, To: Formal, By: host, If: "complete", Kept: true},
		{Act: Close, In: live, To: Closed, By: host, Kept: true},
		{Act: Close, In: still, To: Closed, By: hub, Kept: true},
		{Act: Lock, In: live, By: host},
		{Act: Unlock, In: live, By: host},
		{Act: HandOver, In: live, By: host, From: []Presence{Admitted}, If: "reviewer", Kept: true},
		{Act: TakeOver, In: still, By: []Role{Reviewer}, Own: true, From: []Presence{Admitted}, If: "host_away", Kept: true},
	}
}

var table = Table()

// conditions are the If column: why it does not hold, or nil.
var conditions = map[string]func(*Session, *Message, *Person) error{
	"asked": func(_ *Session, _ *Message, p *Person) error {
		if p.Role.Officer() {
			return fail(NotYours, "an officer takes part in duty and is asked for no consent")
		}
		if p.Consented {
			return fail(NotThere, "consent was given before")
		}
		return nil
	},
	"consented": func(_ *Session, _ *Message, p *Person) error {
		if !p.Role.Officer() && !p.Consented {
			return fail(NoConsent, "notice, declaration and recording are agreed to first")
		}
		return nil
	},
	"unlocked": func(s *Session, _ *Message, _ *Person) error {
		if s.Locked {
			return fail(IsLocked, "the session is locked")
		}
		return nil
	},
	"open_to_host": func(s *Session, _ *Message, p *Person) error {
		if s.Locked && p.Role != Host {
			return fail(IsLocked, "the session is locked")
		}
		return nil
	},
	"is_host":  func(_ *Session, _ *Message, p *Person) error { return holds(p.Role == Host) },
	"not_host": func(_ *Session, _ *Message, p *Person) error { return holds(p.Role != Host) },
	"last_party": func(s *Session, _ *Message, p *Person) error {
		return holds(p.Role.party() && s.parties() == 1 && p.Here == Admitted)
	},
	"reviewer": func(_ *Session, _ *Message, p *Person) error {
		if p.Role != Reviewer {
			return fail(NotYours, "only another reviewer takes the host's place")
		}
		return nil
	},
	"host_away": func(s *Session, _ *Message, _ *Person) error {
		if s.Host().Here.Inside() {
			return fail(HostIsThere, "the host is there")
		}
		return nil
	},
	"complete": (*Session).complete,
	"together": (*Session).together,
	"in_talk":  (*Session).inTalk,
}

func holds(ok bool) error {
	if ok {
		return nil
	}
	return fail(NotYours, "the person's role does not fit")
}

// MustRecord reports whether the formal part stands still while a person of
// this role in it is not recorded: who leads, and whom it is about.
func (r Role) MustRecord() bool { return r == Host || r.party() }

// party reports whether the session is about what the person says.
func (r Role) party() bool { return r == Applicant || r == Agent || r == Institution }

// parties counts those in the room.
func (s *Session) parties() int {
	n := 0
	for _, p := range s.People {
		if p.Role.party() && p.Here == Admitted {
			n++
		}
	}
	return n
}

// complete is what the formal part needs: the host and a party in the room,
// and nobody in private.
func (s *Session) complete(*Message, *Person) error {
	for _, p := range s.People {
		if p.Here == Consulting {
			return fail(InPrivate, "people talk in private; call them back first")
		}
	}
	if s.Host().Here != Admitted {
		return fail(NoHost, "the host is not in the room")
	}
	if s.parties() == 0 {
		return fail(NobodyThere, "no party is in the room")
	}
	return nil
}

// together holds who may talk in private: parties and their interpreter among
// themselves, officers among themselves, never an officer with a party alone.
func (s *Session) together(m *Message, p *Person) error {
	group := append([]Who{m.On}, m.With...)
	officers, others, interpreters := 0, 0, 0
	for i, w := range group {
		q := s.Person(w)
		switch {
		case q == nil:
			return fail(UnknownPerson, "nobody of that id takes part")
		case slices.Contains(group[:i], w):
			return fail(NotTogether, "somebody is named twice")
		case q.Here != Admitted:
			return fail(NotThere, "everybody must be in the room")
		case q.Role == Observer || q.Role == Host:
			return fail(NotTogether, "the host and observers do not talk in private")
		case q.Role.Officer():
			officers++
		case q.Role == Interpreter:
			interpreters++
		default:
			others++
		}
	}
	if len(group) < 2 || officers > 0 && others+interpreters > 0 || officers == 0 && others == 0 || p == nil {
		return fail(NotTogether, "officers and parties do not talk in private, nor does one alone")
	}
	return nil
}

// inTalk lets the host end a private talk, and those in it.
func (s *Session) inTalk(m *Message, p *Person) error {
	if by := s.Person(m.By); by.Role != Host && by.Talk != p.Talk {
		return fail(NotYours, "only the host or somebody in the talk ends it")
	}
	return nil
}

// Diagram draws the table: the session's states, then the people's.
func Diagram() (sessions, people string) {
	var a, b strings.Builder
	a.WriteString("stateDiagram-v2\n    [*] --> scheduled: schedule\n    scheduled --> waiting: somebody is at the door\n    waiting --> scheduled: nobody is any more\n")
	b.WriteString("stateDiagram-v2\n    [*] --> invited\n")
	seen := map[string]bool{}
	line := func(to *strings.Builder, from, dest, label string) {
		text := fmt.Sprintf("    %s --> %s: %s\n", from, dest, label)
		if !seen[text] {
			seen[text] = true
			to.WriteString(text)
		}
	}
	for _, r := range table {
		label := string(r.Act)
		if r.If != "" {
			label += " [" + r.If + "]"
		}
		if r.To != "" {
			for _, from := range r.In {
				line(&a, string(from), string(r.To), label)
			}
		}
		if r.Then != "" {
			for _, from := range r.From {
				line(&b, string(from), string(r.Then), label)
			}
		}
	}
	for _, s := range States() {
		if s.Over() {
			fmt.Fprintf(&a, "    %s --> [*]\n", s)
		}
	}
	return a.String(), b.String()
}
