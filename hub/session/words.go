package session

import "slices"

// ID names a session: 26 lower-case base32 characters.
type ID string

// Who names a person within one session: "p1", "p2", … in the order of the
// appointment.
type Who string

// State is the step a session is at.
type State string

// The states.
const (
	Scheduled State = "scheduled" // 已预约
	Waiting   State = "waiting"   // 候场中: somebody is at the door, nobody has opened
	Open      State = "open"      // 已开场: people are in the room, nothing counts yet
	Formal    State = "formal"    // 正式进行: runs only while its recording is confirmed
	Paused    State = "paused"    // 已暂停
	Closed    State = "closed"    // 已结束
	Cancelled State = "cancelled" // 已取消
	Expired   State = "expired"   // 已过期: nobody opened it
)

// States lists every state, in the order of the usual way.
func States() []State {
	return []State{Scheduled, Waiting, Open, Formal, Paused, Closed, Cancelled, Expired}
}

// Over reports whether nothing can happen any more.
func (s State) Over() bool { return s == Closed || s == Cancelled || s == Expired }

// Live reports whether people may be in the room.
func (s State) Live() bool { return s == Open || s == Formal || s == Paused }

// Presence is where a person is.
type Presence string

// The places.
const (
	Invited    Presence = "invited"
	Testing    Presence = "testing"    // device self-test
	AtDoor     Presence = "waiting"    // waiting room
	Admitted   Presence = "admitted"   // in the room
	Consulting Presence = "consulting" // in a private talk
	Removed    Presence = "removed"    // sent away; does not come back unless called
	Left       Presence = "left"
)

// Presences lists every place.
func Presences() []Presence {
	return []Presence{Invited, Testing, AtDoor, Admitted, Consulting, Removed, Left}
}

// Inside reports whether the person is in the room or in a private talk.
func (p Presence) Inside() bool { return p == Admitted || p == Consulting }

// Role is what a person is in the session.
type Role string

// The roles.
const (
	Host        Role = "host"     // 主持审核人: exactly one
	Reviewer    Role = "reviewer" // 另一审核人: may take the host's place
	Clerk       Role = "clerk"    // 窗口人员
	Applicant   Role = "applicant"
	Agent       Role = "agent"
	Interpreter Role = "interpreter"
	Observer    Role = "observer"
	Institution Role = "institution"
)

// Roles lists every role.
func Roles() []Role {
	return []Role{Host, Reviewer, Clerk, Applicant, Agent, Interpreter, Observer, Institution}
}

// Officer reports whether the role is one of an agency's own people. Officers
// take part in duty and are asked for no consent.
func (r Role) Officer() bool { return r == Host || r == Reviewer || r == Clerk }

// Known reports whether it is a role at all.
func (r Role) Known() bool {
	return slices.Contains(Roles(), r)
}

// Person is somebody who takes part.
type Person struct {
	Who       Who
	Role      Role
	Here      Presence
	Moves     int  // how often the chain has moved him
	Consented bool // notice, declaration and recording; officers need none
	Talk      int  // the private talk he is in, 0 for none
}

// Cause says why a formal part paused.
type Cause string

// The causes.
const (
	CauseHostWish  Cause = "host_wish"
	CauseHostLeft  Cause = "host_left"
	CauseRecording Cause = "recording_stalled"
	CausePartyLeft Cause = "party_left" // the last one
)

// Session is a session and everybody in it. It is a value; Apply makes a new one.
type Session struct {
	State  State
	Locked bool
	Cause  Cause // of the pause
	Talks  int   // private talks so far
	People []Person
}

// New is a session that is planned, with one host among its people.
func New(roles ...Role) Session {
	s := Session{State: Scheduled}
	for i, r := range roles {
		s.People = append(s.People, Person{Who: WhoAt(i), Role: r, Here: Invited})
	}
	return s
}

// WhoAt is the id of the nth person of an appointment, from 0.
func WhoAt(n int) Who {
	digits := ""
	for n++; n > 0; n /= 10 {
		digits = string(rune('0'+n%10)) + digits
	}
	return Who("p" + digits)
}

// Person returns somebody, or nil.
func (s *Session) Person(w Who) *Person {
	for i := range s.People {
		if s.People[i].Who == w {
			return &s.People[i]
		}
	}
	return nil
}

// Host is the person who leads, or nil.
func (s *Session) Host() *Person {
	for i := range s.People {
		if s.People[i].Role == Host {
			return &s.People[i]
		}
	}
	return nil
}
