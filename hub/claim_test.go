package hub_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// A receive command meets its own case: refused first, repeated late, cut off
// by a crash, sent to two nodes at once, or from before ids began with a time.

func application(buyer string) hub.Receive {
	party := func(role, name, id string) hub.Party {
		return hub.Party{Role: role, Name: name, IDKind: "passport", IDNumber: id}
	}
	return hub.Receive{
		Item: "transfer.resale", Unit: hubtest.Unit, Form: hub.Form{"price": int64(1)},
		Parties: []hub.Party{party("seller", "张三", "E12345678"), party("buyer", "李四", buyer)},
	}
}

func clerkClaim(cmd hub.CommandID) hub.ClaimKey {
	return hub.NewClaimKey(hubtest.Clerk().Person, cmd)
}

// onlyCase checks that the store holds one case, with one event.
func onlyCase(t *testing.T, h *hubtest.Hub, want hub.CaseID) {
	t.Helper()
	ids, err := h.Events.CaseIDs(t.Context(), "", 10)
	if err != nil || !slices.Equal(ids, []hub.CaseID{want}) {
		t.Fatalf("cases %v, want %s: %v", ids, want, err)
	}
	events, err := h.Events.Chain(t.Context(), want, 0)
	if err != nil || len(events) != 1 {
		t.Fatalf("%d events: %v", len(events), err)
	}
	rep, err := h.Rebuild(t.Context(), false, nil)
	if err != nil || len(rep.Findings) > 0 {
		t.Fatalf("%v %+v", err, rep.Findings)
	}
}

func TestInvariant4ARefusedApplicationMayBeMendedUnderItsKey(t *testing.T) {
	h := newHub(t)
	wantCode(t, try(t, h, hubtest.Clerk(), "", "mend", application("?")), hub.Invalid)
	wantCode(t, try(t, h, hubtest.Reviewer(), "", "mend", application("E87654321")), hub.Forbidden)
	if id, err := h.Events.Claimed(t.Context(), clerkClaim("mend")); hub.ErrorCode(err) != hub.NotFound {
		t.Fatalf("a refused application left a claim to %s: %v", id, err)
	}
	h.Clock.Advance(time.Minute)
	first := h.Do(t, hubtest.Clerk(), "", "mend", application("E87654321"))
	for range 2 {
		h.Clock.Advance(400 * 24 * time.Hour)
		again := h.Do(t, hubtest.Clerk(), "whatever", "mend", application("E87654321"))
		if !again.Repeated || again.Case != first.Case || again.Head != first.Head {
			t.Fatalf("first %+v, again %+v", first, again)
		}
		wantCode(t, try(t, h, hubtest.Clerk(), "", "mend", application("E11111111")), hub.CommandReused)
	}
	onlyCase(t, h, first.Case)
}

func TestInvariant4ACrashBetweenClaimAndEventLeavesOneCase(t *testing.T) {
	for _, point := range []string{"after_claim", "before_append", "after_append", "after_row"} {
		t.Run(point, func(t *testing.T) {
			ports, files := hubtest.Embedded(t)
			var armed atomic.Bool
			ports.Fault = func(at string) {
				if armed.Load() && at == point {
					panic("crash")
				}
			}
			h := hubtest.New(t, ports, files)
			armed.Store(true)
			func() {
				defer func() { _ = recover() }()
				_ = try(t, h, hubtest.Clerk(), "", "crash", application("E87654321"))
			}()
			armed.Store(false)
			claimed, err := h.Events.Claimed(t.Context(), clerkClaim("crash"))
			if err != nil {
				t.Fatal(err)
			}
			h.Clock.Advance(time.Hour)
			if _, err := h.Heal(t.Context()); err != nil {
				t.Fatal(err)
			}
			if r := h.Do(t, hubtest.Clerk(), "", "crash", application("E87654321")); r.Case != claimed {
				t.Fatalf("claimed %s, received %s", claimed, r.Case)
			}
			onlyCase(t, h, claimed)
		})
	}
}

func TestInvariant4TwoNodesReceiveOnce(t *testing.T) {
	ports, files := hubtest.Embedded(t)
	nodes := []*hubtest.Hub{hubtest.New(t, ports, files), hubtest.New(t, ports, files)}
	nodes[1].Clock.Advance(3 * time.Second) // whose clocks differ
	const callers = 32
	ids := make([]hub.CaseID, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			r, err := nodes[i%2].Execute(t.Context(), hub.Command{ID: "both", Actor: hubtest.Clerk(), Intent: application("E87654321")})
			if err != nil {
				t.Error(err)
			}
			ids[i] = r.Case
		})
	}
	wg.Wait()
	if got := slices.Compact(ids); len(got) != 1 {
		t.Fatalf("%v", got)
	}
	onlyCase(t, nodes[0], ids[0])
}

// lostClaim makes the first claim and loses the answer.
type lostClaim struct {
	hub.EventStore
	lost atomic.Bool
}

func (s *lostClaim) Claim(ctx context.Context, k hub.ClaimKey, id hub.CaseID) (hub.CaseID, error) {
	got, err := s.EventStore.Claim(ctx, k, id)
	if err == nil && s.lost.CompareAndSwap(false, true) {
		return "", hub.E(hub.Unavailable, "no answer")
	}
	return got, err
}

func TestInvariant4ALostAnswerToAClaimIsAskedAgain(t *testing.T) {
	ports, files := hubtest.Embedded(t)
	ports.Events = &lostClaim{EventStore: ports.Events}
	h := hubtest.New(t, ports, files)
	onlyCase(t, h, h.Do(t, hubtest.Clerk(), "", "lost", application("E87654321")).Case)
}

// before is a store as it was when a case's id was made from its command alone.
type before struct{ hub.EventStore }

func (before) Claim(_ context.Context, k hub.ClaimKey, _ hub.CaseID) (hub.CaseID, error) {
	return hub.CaseID(k[:26]), nil
}

func TestInvariant4ACaseFromBeforeClaimsIsMetAgain(t *testing.T) {
	ports, files := hubtest.Embedded(t)
	plain := ports.Events
	ports.Events = before{plain}
	old := hubtest.New(t, ports, files).Do(t, hubtest.Clerk(), "", "old", application("E87654321"))
	ports.Events = plain
	h := hubtest.New(t, ports, files)
	if _, err := h.Events.Claimed(t.Context(), clerkClaim("old")); hub.ErrorCode(err) != hub.NotFound {
		t.Fatalf("the old case has a claim: %v", err)
	}
	if r := h.Do(t, hubtest.Clerk(), "", "old", application("E87654321")); !r.Repeated || r.Case != old.Case {
		t.Fatalf("was %+v, is %+v", old, r)
	}
	onlyCase(t, h, old.Case)
	if _, err := h.Rebuild(t.Context(), true, nil); err != nil {
		t.Fatal(err)
	}
	if id, err := h.Events.Claimed(t.Context(), clerkClaim("old")); err != nil || id != old.Case {
		t.Fatalf("after a rebuild: %s %v", id, err)
	}
}

// strayClaim leads every receive command to another case.
type strayClaim struct{ hub.EventStore }

func (strayClaim) Claimed(context.Context, hub.ClaimKey) (hub.CaseID, error) { return "another", nil }

func TestACheckFindsAClaimThatIsLostOrLeadsElsewhere(t *testing.T) {
	ports, files := hubtest.Embedded(t)
	plain := ports.Events
	for name, broken := range map[string]hub.EventStore{"is missing": hidden{plain}, "leads to case another": strayClaim{plain}} {
		ports.Events = plain
		hubtest.New(t, ports, files).Do(t, hubtest.Clerk(), "", "check", application("E87654321"))
		ports.Events = broken
		rep, err := hubtest.New(t, ports, files).Rebuild(t.Context(), false, nil)
		if err != nil || len(rep.Findings) != 1 || !strings.Contains(rep.Findings[0].What, name) {
			t.Errorf("%s: %v %+v", name, err, rep.Findings)
		}
	}
}

// hidden has lost every claim.
type hidden struct{ hub.EventStore }

func (hidden) Claimed(context.Context, hub.ClaimKey) (hub.CaseID, error) {
	return "", hub.E(hub.NotFound, "no such claim")
}

func TestCaseIDsSortByTimeAndKeepTheirForm(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	var last hub.CaseID
	at := time.UnixMilli(0)
	for at.Year() < 9000 {
		id := hub.NewCaseID(hub.NewClaimKey("p", hub.CommandID(string(rune('a'+r.IntN(26))))), at)
		if len(id) != 26 || strings.Trim(string(id), "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Fatalf("%v: %q", at, id)
		}
		if id <= last {
			t.Fatalf("%v: %q is not after %q", at, id, last)
		}
		last = id
		at = at.Add(time.Duration(1+r.Int64N(1<<r.IntN(43))) * time.Millisecond)
	}
	if a, b := hub.NewCaseID("aaaaaaaaaaaaaaaaaaaaaaaaaa", at), hub.NewCaseID("baaaaaaaaaaaaaaaaaaaaaaaaa", at); a == b {
		t.Error("two commands of one millisecond share an id")
	}
}
