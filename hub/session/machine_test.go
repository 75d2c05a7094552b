package session

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// docs/sessions.md carries the pictures of the table; what is expected is printed.
func TestPicturesOfTheTableAreInTheDocs(t *testing.T) {
	b, err := os.ReadFile("../../docs/sessions.md")
	if err != nil {
		t.Fatal(err)
	}
	sessions, people := Diagram()
	for _, d := range []string{sessions, people} {
		if want := "```mermaid\n" + d + "```"; !strings.Contains(string(b), want) {
			t.Errorf("docs/sessions.md must contain:\n%s", want)
		}
	}
}

func TestTheTableIsWhole(t *testing.T) {
	for _, row := range Table() {
		if row.If != "" && conditions[row.If] == nil {
			t.Errorf("%s: there is no condition %s", row.Act, row.If)
		}
		if row.Then != "" && len(row.From) == 0 || len(row.In) == 0 || len(row.By) == 0 {
			t.Errorf("%s: a row that can never be", row.Act)
		}
	}
	for _, a := range Acts() {
		if !slices.ContainsFunc(table, func(r Row) bool { return r.Act == a }) {
			t.Errorf("%s has no row", a)
		}
	}
	for name := range conditions {
		if !slices.ContainsFunc(table, func(r Row) bool { return r.If == name }) {
			t.Errorf("no row asks whether it is %s", name)
		}
	}
	for r := range inRoom {
		if !r.Known() {
			t.Errorf("%s is no role", r)
		}
	}
}

// casts are sessions of three. An institution counts as an applicant does, a
// clerk beside a party as an observer who may be consulted.
func casts() []Session {
	all := []Session{New(Host, Reviewer, Clerk)}
	for _, r := range []Role{Agent, Interpreter, Observer} {
		all = append(all, New(Host, Applicant, r))
	}
	return all
}

// messages are all that can be said in a session of three, sensible or not.
func messages() []Message {
	var all []Message
	who := []Who{"", "p1", "p2", "p3", "p9"}
	for _, a := range Acts() {
		for _, by := range who {
			for _, on := range who {
				m := Message{Act: a, By: by, On: on, Cause: CauseHostWish}
				if a == Consult {
					for _, other := range who[1:] {
						m.With = []Who{other}
						all = append(all, m)
					}
					continue
				}
				all = append(all, m)
			}
		}
		all = append(all, Message{Act: a, Role: Reviewer}, Message{Act: a, Role: Applicant})
	}
	return all
}

// reachable walks through every state that any messages lead to. Private talks
// and moves are counted without end, so they do not tell states apart.
func reachable(t *testing.T, from Session, visit func(Session)) int {
	t.Helper()
	said := messages()
	key := func(s Session) string {
		b := strings.Builder{}
		b.WriteString(string(s.State) + string(s.Cause) + strconv.FormatBool(s.Locked))
		talks := map[int]int{0: 0}
		for _, p := range s.People {
			if _, ok := talks[p.Talk]; !ok {
				talks[p.Talk] = len(talks)
			}
			b.WriteString(string(p.Role) + string(p.Here) + strconv.FormatBool(p.Consented) + strconv.Itoa(talks[p.Talk]) + strconv.FormatBool(p.Moves > 0) + ";")
		}
		return b.String()
	}
	seen, queue := map[string]bool{key(from): true}, []Session{from}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		visit(s)
		for _, m := range said {
			to, err := s.Apply(m)
			if err != nil {
				continue
			}
			if k := key(to); !seen[k] {
				seen[k] = true
				queue = append(queue, to)
			}
		}
	}
	return len(seen)
}

// lawful is what must hold in every state that can be reached.
func lawful(s Session) error {
	hosts, parties := 0, 0
	for _, p := range s.People {
		if p.Role == Host {
			hosts++
		}
		if p.Role.party() && p.Here == Admitted {
			parties++
		}
		switch {
		case p.Here.Inside() && !p.Role.Officer() && !p.Consented:
			return fmt.Errorf("%s is inside without consent", p.Who)
		case p.Here.Inside() && !s.State.Live():
			return fmt.Errorf("%s is inside a session that is %s", p.Who, s.State)
		case p.Here == Consulting && s.State == Formal:
			return fmt.Errorf("%s talks in private while the formal part runs", p.Who)
		case (p.Here == Consulting) != (p.Talk != 0):
			return fmt.Errorf("%s is %s in talk %d", p.Who, p.Here, p.Talk)
		}
	}
	for talk := 1; talk <= s.Talks; talk++ {
		var in []Role
		for _, p := range s.People {
			if p.Talk == talk {
				in = append(in, p.Role)
			}
		}
		officer := slices.ContainsFunc(in, Role.Officer)
		other := slices.ContainsFunc(in, func(r Role) bool { return !r.Officer() })
		if len(in) == 1 || officer && other || slices.Contains(in, Observer) || slices.Contains(in, Host) {
			return fmt.Errorf("talk %d has %v", talk, in)
		}
	}
	if hosts != 1 {
		return fmt.Errorf("%d hosts", hosts)
	}
	if s.State == Formal && (parties == 0 || s.Host().Here != Admitted) {
		return fmt.Errorf("the formal part runs with %d parties and the host %s", parties, s.Host().Here)
	}
	if (s.State == Paused) != (s.Cause != "") {
		return fmt.Errorf("%s because %q", s.State, s.Cause)
	}
	if s.State.Over() && s.Locked {
		return fmt.Errorf("%s and locked", s.State)
	}
	return nil
}

// Every state of the session times every place of three people, and in each of
// them every message by everybody about everybody.
func TestEveryReachableStateIsLawful(t *testing.T) {
	states := map[State]map[Role]map[Presence]bool{}
	total := 0
	for _, from := range casts() {
		total += reachable(t, from, func(s Session) {
			if err := lawful(s); err != nil {
				t.Fatalf("%+v: %v", s, err)
			}
			for _, p := range s.People {
				if states[s.State] == nil {
					states[s.State] = map[Role]map[Presence]bool{}
				}
				if states[s.State][p.Role] == nil {
					states[s.State][p.Role] = map[Presence]bool{}
				}
				states[s.State][p.Role][p.Here] = true
			}
		})
	}
	t.Logf("%d states", total)
	for _, s := range States() {
		if states[s] == nil {
			t.Errorf("%s is never reached", s)
		}
	}
	for _, x := range []struct {
		s State
		r Role
		p Presence
	}{{Open, Applicant, Consulting}, {Paused, Agent, Consulting}, {Formal, Observer, Admitted}, {Paused, Host, Left}, {Formal, Applicant, Removed}, {Closed, Agent, Left}, {Waiting, Interpreter, AtDoor}} {
		if !states[x.s][x.r][x.p] {
			t.Errorf("no %s is %s while the session is %s", x.r, x.p, x.s)
		}
	}
}

// Two messages at the same moment come in one order or the other. Whichever it
// is, the second meets what the first has made and is done or refused with a
// reason, and the state stays lawful.
func TestTwoMessagesAtTheSameMoment(t *testing.T) {
	said := messages()
	pairs, both, n := 0, 0, 0
	for _, from := range []Session{New(Host, Applicant, Agent), New(Host, Reviewer, Applicant)} {
		reachable(t, from, func(s Session) {
			if n++; n%13 != 0 { // some of the states are hundreds of thousands of pairs
				return
			}
			var can []Message
			for _, m := range said {
				if _, err := s.Apply(m); err == nil {
					can = append(can, m)
				} else if ReasonOf(err) == "" {
					t.Fatalf("%+v refused without a reason: %v", m, err)
				}
			}
			for _, a := range can {
				first, _ := s.Apply(a)
				for _, b := range can {
					pairs++
					second, err := first.Apply(b)
					if err == nil {
						both++
						err = lawful(second)
					} else if ReasonOf(err) != "" {
						err = nil
					}
					if err != nil {
						t.Fatalf("%+v: %+v then %+v: %v", s, a, b, err)
					}
				}
			}
		})
	}
	t.Logf("%d states, %d pairs, %d of them both done", n, pairs, both)
}

// The pairs that hurt, by name: who wins, and what the other is told.
func TestPairsByName(t *testing.T) {
	inside := func(more ...Message) Session {
		s := New(Host, Reviewer, Applicant, Agent)
		for _, m := range append([]Message{
			{Act: Consent, By: "p3"},
			{Act: Consent, By: "p4"},
			{Act: Arrive, By: "p3"},
			{Act: Ready, By: "p3"},
			{Act: Arrive, By: "p4"},
			{Act: Ready, By: "p4"},
			{Act: Opened, By: "p1"},
			{Act: Enter, By: "p2"},
			{Act: Admit, By: "p1", On: "p3"},
		}, more...) {
			var err error
			if s, err = s.Apply(m); err != nil {
				t.Fatalf("%+v: %v", m, err)
			}
		}
		return s
	}
	formal := Message{Act: Begin, By: "p1"}
	for _, x := range []struct {
		name   string
		s      Session
		a, b   Message
		ab, ba Reason // what the second is told when a, or b, was first; "" it is done
	}{
		{"admit, and lock", inside(), Message{Act: Admit, By: "p1", On: "p4"}, Message{Act: Lock, By: "p1"}, "", IsLocked},
		{"admit, and leave the door", inside(), Message{Act: Admit, By: "p1", On: "p4"}, Message{Act: Leave, By: "p4"}, "", NotThere},
		{"admit, and remove", inside(), Message{Act: Admit, By: "p1", On: "p4"}, Message{Act: Remove, By: "p1", On: "p4"}, "", NotThere},
		{"begin, and the party leaves", inside(), formal, Message{Act: Leave, By: "p3"}, "", NobodyThere},
		{"begin, and the host's line breaks", inside(), formal, Message{Act: Leave, On: "p1"}, "", NoHost},
		{"pause by the host and by the recording", inside(formal), Message{Act: Pause, By: "p1", Cause: CauseHostWish}, Message{Act: Pause, Cause: CauseRecording}, NotNow, NotNow},
		{"pause, and close", inside(formal), Message{Act: Pause, Cause: CauseRecording}, Message{Act: Close, By: "p1"}, "", NotNow},
		{"hand over, and the other leaves", inside(), Message{Act: HandOver, By: "p1", On: "p2"}, Message{Act: Leave, By: "p2"}, "", NotThere},
		{"hand over, and go on as host", inside(), Message{Act: HandOver, By: "p1", On: "p2"}, Message{Act: Admit, By: "p1", On: "p4"}, NotYours, ""},
		{"host leaves, and is followed", inside(), Message{Act: Leave, By: "p1"}, Message{Act: TakeOver, By: "p2"}, "", HostIsThere},
		{"host comes back, and is followed", inside(Message{Act: Leave, By: "p1"}), Message{Act: Enter, By: "p1"}, Message{Act: TakeOver, By: "p2"}, HostIsThere, ""},
		{"private talk, and begin", inside(Message{Act: Admit, By: "p1", On: "p4"}), Message{Act: Consult, By: "p1", On: "p3", With: []Who{"p4"}}, formal, InPrivate, NotNow},
		{"private talk, and one is removed", inside(Message{Act: Admit, By: "p1", On: "p4"}), Message{Act: Consult, By: "p1", On: "p3", With: []Who{"p4"}}, Message{Act: Remove, By: "p1", On: "p4"}, "", NotThere},
		{"close twice", inside(), Message{Act: Close, By: "p1"}, Message{Act: Close}, NotNow, NotNow},
		{"cancel, and open", New(Host, Applicant), Message{Act: Cancel, Role: Clerk}, Message{Act: Opened, By: "p1"}, NotNow, NotNow},
		{"expire, and open", New(Host, Applicant), Message{Act: Expire}, Message{Act: Opened, By: "p1"}, NotNow, NotNow},
	} {
		for first, want := range map[bool]Reason{true: x.ab, false: x.ba} {
			a, b := x.a, x.b
			if !first {
				a, b = b, a
			}
			s, err := x.s.Apply(a)
			if err != nil { // not possible at this moment: then it is the first that is told so
				if ReasonOf(err) != want {
					t.Errorf("%s: %s: %v, want %q", x.name, a.Act, err, want)
				}
				continue
			}
			if s, err = s.Apply(b); ReasonOf(err) != want || err == nil && lawful(s) != nil {
				t.Errorf("%s: %s after %s: %v, want %q", x.name, b.Act, a.Act, err, want)
			}
		}
	}
}
