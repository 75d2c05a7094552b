package session

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// Who may do what, in every state of the session and at every place.
func TestMay(t *testing.T) {
	for _, state := range States() {
		for _, role := range Roles() {
			for _, here := range Presences() {
				s := Session{State: state, People: []Person{{Who: "p1", Role: role, Here: here}}}
				m := s.May("p1")
				in := here == Admitted && state.Live()
				if got := m.Hear; got != (in || here == Consulting && state.Live()) {
					t.Errorf("%s, %s, %s: hears is %t", state, role, here, got)
				}
				if m.Control != (in && role == Host) || m.Show != (in && role.Officer()) {
					t.Errorf("%s, %s, %s: control %t, show %t", state, role, here, m.Control, m.Show)
				}
				if (m.Question || m.Identify) && (!role.Officer() || state != Formal || !in) {
					t.Errorf("%s, %s, %s: questions or identifies", state, role, here)
				}
				if m.Sign && (role == Observer || state != Formal || !in) {
					t.Errorf("%s, %s, %s: signs", state, role, here)
				}
				if m.Caption && role != Interpreter || role == Observer && here == Admitted && len(m.Publish) > 0 {
					t.Errorf("%s, %s, %s: %+v", state, role, here, m)
				}
				if slices.Contains(m.Publish, Screen) && (role == Applicant || role == Interpreter || role == Institution || here == Consulting) {
					t.Errorf("%s, %s, %s: shares a screen", state, role, here)
				}
				if m.Ask && state.Over() || m.Chat && !here.Inside() {
					t.Errorf("%s, %s, %s: %+v", state, role, here, m)
				}
			}
		}
	}
	if s := New(Host); !reflect.DeepEqual(s.May("p7"), May{}) {
		t.Error("a stranger may do something")
	}
}

// What the chain keeps, with presence over it, is what the live session is:
// whatever is said, in whatever order.
func TestTheChainAndTheDoorMakeTheLiveSession(t *testing.T) {
	seed := rand.Uint64()
	rnd := rand.New(rand.NewPCG(seed, 1))
	said := messages()
	kept := 0
	for range 1500 {
		live := casts()[rnd.IntN(len(casts()))]
		chain, door := live, map[Who]Door{}
		for range 120 {
			m := said[rnd.IntN(len(said))]
			to, err := live.Apply(m)
			if err != nil {
				continue
			}
			if live.Kept(m) {
				kept++
				if chain, err = chain.Replay(m); err != nil {
					t.Fatalf("seed %d: %+v is done and not replayed: %v", seed, m, err)
				}
			} else if chain, err := chain.Replay(m); err == nil {
				t.Fatalf("seed %d: %+v is replayed and was never kept: %+v", seed, m, chain)
			}
			live = to
			if !live.Kept(m) { // what is at the door now
				for _, p := range live.People {
					c := chain.Person(p.Who)
					if p.Here == Testing || p.Here == AtDoor || p.Here == Left && c.Here == Invited {
						door[p.Who] = Door{p.Here, p.Moves}
					} else if d, ok := door[p.Who]; ok && d.Moves == p.Moves && p.Here == Left {
						door[p.Who] = Door{Left, p.Moves}
					}
				}
			}
			got := chain.With(door, live.Locked)
			if !reflect.DeepEqual(got, live) {
				t.Fatalf("seed %d: after %+v the live session is\n%+v, from the chain and the door it is\n%+v", seed, m, live, got)
			}
		}
	}
	if kept < 1000 {
		t.Errorf("only %d kept: the test says little", kept)
	}
}
