package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/session"
)

// TestSessions is the contract of [hub.SessionStore]. open returns an empty
// store for each call.
func TestSessions(t *testing.T, open func(testing.TB) hub.SessionStore) {
	for name, test := range map[string]func(*testing.T, hub.SessionStore){
		"KeepsEveryField":            keepsSession,
		"LetsOneOfManyWrite":         sessionWriters,
		"ListsWhoseTheyAre":          listsSessions,
		"HandsRoomsToOneNode":        ledSessions,
		"FindsWhatNobodyHasOpened":   staleSessions,
		"ListsNothingWithoutAnOwner": nobodysSessions,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func keepsSession(t *testing.T, s hub.SessionStore) {
	_, err := s.SessionRow(t.Context(), "none")
	same(t, hub.ErrorCode(err), hub.NotFound)
	want := filled[hub.SessionRow](t)
	want.Rev = 0
	got, err := s.SaveSessionRow(t.Context(), want)
	ok(t, err)
	want.Rev = 1
	same(t, got, want)
	got, err = s.SessionRow(t.Context(), want.ID)
	ok(t, err)
	same(t, got, want)
	_, err = s.SaveSessionRow(t.Context(), hub.SessionRow{ID: want.ID})
	same(t, hub.ErrorCode(err), hub.Conflict)
}

// sessionWriters has 16 writers count to 5 in one row.
func sessionWriters(t *testing.T, s hub.SessionStore) {
	_, err := s.SaveSessionRow(t.Context(), hub.SessionRow{ID: "s"})
	ok(t, err)
	for _, err := range atOnce(16, func(int) error {
		for done := 0; done < 5; {
			row, err := s.SessionRow(t.Context(), "s")
			if err != nil {
				return err
			}
			row.Seq++
			_, err = s.SaveSessionRow(t.Context(), row)
			switch hub.ErrorCode(err) {
			case "":
				done++
			case hub.Conflict:
			default:
				return err
			}
		}
		return nil
	}) {
		ok(t, err)
	}
	row, err := s.SessionRow(t.Context(), "s")
	ok(t, err)
	same(t, row.Seq, int64(80))
	same(t, row.Rev, int64(81))
}

func sessionRow(id string, from int, state session.State, agencies ...hub.AgencyID) hub.SessionRow {
	at := day.Add(time.Duration(from) * time.Hour)
	return hub.SessionRow{
		ID: session.ID(id), Case: hub.CaseID("case-" + id), State: state, Chain: session.Session{State: state}, Agencies: agencies,
		Slot: session.Slot{From: at, To: at.Add(time.Hour)}, Officers: []hub.PersonID{hub.PersonID("p-" + id)},
	}
}

func ids(rows []hub.SessionRow) (out []string) {
	for _, r := range rows {
		out = append(out, string(r.ID))
	}
	return out
}

func listsSessions(t *testing.T, s hub.SessionStore) {
	for _, r := range []hub.SessionRow{
		sessionRow("b", 2, session.Open, "x", "y"), sessionRow("a", 1, session.Scheduled, "x"), sessionRow("c", 3, session.Closed, "y"),
	} {
		r.Windows = []string{"x/" + string(r.ID)}
		_, err := s.SaveSessionRow(t.Context(), r)
		ok(t, err)
	}
	for name, x := range map[string]struct {
		q    hub.SessionQuery
		want []string
	}{
		"an agency's, in order":          {hub.SessionQuery{Agency: "x"}, []string{"a", "b"}},
		"another agency's":               {hub.SessionQuery{Agency: "y"}, []string{"b", "c"}},
		"a stranger's":                   {hub.SessionQuery{Agency: "z"}, nil},
		"an officer's":                   {hub.SessionQuery{Officer: "p-b"}, []string{"b"}},
		"an officer's of another agency": {hub.SessionQuery{Agency: "x", Officer: "p-c"}, nil},
		"a window's":                     {hub.SessionQuery{Agency: "x", Window: "x/a"}, []string{"a"}},
		"a case's":                       {hub.SessionQuery{Case: "case-c"}, []string{"c"}},
		"live":                           {hub.SessionQuery{Agency: "y", Live: true}, []string{"b"}},
		"from":                           {hub.SessionQuery{Agency: "x", From: day.Add(2 * time.Hour)}, []string{"b"}},
		"to":                             {hub.SessionQuery{Agency: "x", To: day.Add(2 * time.Hour)}, []string{"a"}},
		"the first":                      {hub.SessionQuery{Everyone: true, Limit: 1}, []string{"a"}},
	} {
		rows, err := s.SessionRows(t.Context(), x.q)
		if err != nil || !slices.Equal(ids(rows), x.want) {
			t.Errorf("%s: %v, %v, want %v", name, ids(rows), err, x.want)
		}
	}
}

func nobodysSessions(t *testing.T, s hub.SessionStore) {
	_, err := s.SessionRows(t.Context(), hub.SessionQuery{From: day})
	same(t, hub.ErrorCode(err), hub.Internal)
}

func ledSessions(t *testing.T, s hub.SessionStore) {
	lease := func(id, node string, until int, state session.State) {
		r := sessionRow(id, 0, state)
		r.Node, r.LeaseUntil = node, second(until)
		_, err := s.SaveSessionRow(t.Context(), r)
		ok(t, err)
	}
	lease("mine", "n1", 10, session.Formal)
	lease("theirs", "n2", 10, session.Formal)
	lease("dead", "n2", 2, session.Paused)
	lease("ended", "n1", 2, session.Closed) // its recording is not finished
	lease("waiting", "", -9, session.Waiting)
	lease("planned", "", -9, session.Scheduled)
	lease("over", "", -9, session.Closed)
	rows, err := s.LedSessions(t.Context(), "n1", second(5), 10)
	ok(t, err)
	same(t, ids(rows), []string{"dead", "ended", "mine", "waiting"})
}

func staleSessions(t *testing.T, s hub.SessionStore) {
	for _, r := range []hub.SessionRow{sessionRow("old", 0, session.Scheduled), sessionRow("door", 0, session.Waiting), sessionRow("open", 0, session.Open), sessionRow("later", 5, session.Scheduled)} {
		_, err := s.SaveSessionRow(t.Context(), r)
		ok(t, err)
	}
	rows, err := s.StaleSessions(t.Context(), day.Add(2*time.Hour), 10)
	ok(t, err)
	got := ids(rows)
	slices.Sort(got)
	same(t, got, []string{"door", "old"})
}

// TestSlots is the contract of [hub.SlotStore]. open returns an empty store for
// each call; connect returns another connection to the same one.
func TestSlots(t *testing.T, open func(testing.TB) hub.SlotStore) {
	for name, test := range map[string]func(*testing.T, hub.SlotStore){
		"TakesAllOrNone":           takesAllOrNone,
		"GivesEachKeyOnce":         slotRaces,
		"KeepsOnlyForward":         keepsForward,
		"HoldsOldAndNewUntilKept":  movesSlots,
		"FindsAndSettlesLeftovers": settlesSlots,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func takesAllOrNone(t *testing.T, s hub.SlotStore) {
	ctx := t.Context()
	ok(t, s.TakeSlots(ctx, "s1", "c", []string{"b", "c"}, day))
	same(t, hub.ErrorCode(s.TakeSlots(ctx, "s2", "c", []string{"a", "b"}, day)), hub.Conflict)
	held, err := s.HeldSlots(ctx, []string{"a", "b", "c", "d"})
	ok(t, err)
	same(t, held, []string{"b", "c"})
	ok(t, s.TakeSlots(ctx, "s1", "c", []string{"b", "c"}, day)) // again
	ok(t, s.TakeSlots(ctx, "s2", "c", []string{"a"}, day))
	ok(t, s.KeepSlots(ctx, "s1", "c", nil, 9))
	ok(t, s.TakeSlots(ctx, "s2", "c", []string{"b"}, day))
}

// slotRaces lets many book and give up at random, side by side. At no moment a
// key is held by two, and in the end each is held by who says so.
func slotRaces(t *testing.T, s hub.SlotStore) {
	seed := rand.Uint64() //nolint:gosec // a test
	var mu sync.Mutex
	owner := map[string]session.ID{}
	keys := []string{"k0", "k1", "k2", "k3", "k4", "k5"}
	errs := atOnce(12, func(n int) error {
		rnd := rand.New(rand.NewPCG(seed, uint64(n))) //nolint:gosec // a test
		for round := range 12 {
			id := session.ID(fmt.Sprintf("s%d-%d", n, round))
			from := rnd.IntN(len(keys))
			want := keys[from:min(from+1+rnd.IntN(3), len(keys))]
			err := s.TakeSlots(t.Context(), id, "c", want, day)
			if hub.ErrorCode(err) == hub.Conflict {
				continue
			}
			if err != nil {
				return err
			}
			mu.Lock()
			for _, k := range want {
				if owner[k] != "" {
					mu.Unlock()
					return fmt.Errorf("seed %d: %s is taken by %s and %s", seed, k, owner[k], id)
				}
				owner[k] = id
			}
			mu.Unlock()
			if rnd.IntN(4) == 0 {
				continue // keeps it
			}
			mu.Lock() // says that it is free before it is: the other order would be a race of the test
			for _, k := range want {
				delete(owner, k)
			}
			mu.Unlock()
			if err := s.KeepSlots(t.Context(), id, "c", nil, 1); err != nil {
				return err
			}
		}
		return nil
	})
	for _, err := range errs {
		ok(t, err)
	}
	held, err := s.HeldSlots(t.Context(), keys)
	ok(t, err)
	if len(held) != len(owner) {
		t.Errorf("seed %d: held %v, want %v", seed, held, owner)
	}
}

func keepsForward(t *testing.T, s hub.SlotStore) {
	ctx := t.Context()
	ok(t, s.KeepSlots(ctx, "s", "c", []string{"new"}, 7))
	ok(t, s.KeepSlots(ctx, "s", "c", []string{"old"}, 5))
	ok(t, s.KeepSlots(ctx, "s", "c", nil, 7))
	held, err := s.HeldSlots(ctx, []string{"new", "old"})
	ok(t, err)
	same(t, held, []string{"new"})
	ok(t, s.KeepSlots(ctx, "s", "c", nil, 8))
	held, err = s.HeldSlots(ctx, []string{"new", "old"})
	ok(t, err)
	same(t, len(held), 0)
}

func movesSlots(t *testing.T, s hub.SlotStore) {
	ctx := t.Context()
	ok(t, s.KeepSlots(ctx, "s", "c", []string{"a", "b"}, 3))
	ok(t, s.TakeSlots(ctx, "s", "c", []string{"b", "c"}, day))
	same(t, hub.ErrorCode(s.TakeSlots(ctx, "other", "c", []string{"a"}, day)), hub.Conflict)
	ok(t, s.KeepSlots(ctx, "s", "c", []string{"a", "b"}, 3)) // an event of something else: nothing new
	same(t, hub.ErrorCode(s.TakeSlots(ctx, "other", "c", []string{"c"}, day)), hub.Conflict)
	ok(t, s.KeepSlots(ctx, "s", "c", []string{"b", "c"}, 8))
	ok(t, s.TakeSlots(ctx, "other", "c", []string{"a"}, day))
}

func settlesSlots(t *testing.T, s hub.SlotStore) {
	ctx := t.Context()
	ok(t, s.KeepSlots(ctx, "kept", "c", []string{"k"}, 3))
	ok(t, s.TakeSlots(ctx, "left", "c1", []string{"a"}, second(1)))
	ok(t, s.TakeSlots(ctx, "late", "c2", []string{"b"}, second(9)))
	list, err := s.PendingSlots(ctx, second(5), 10)
	ok(t, err)
	if len(list) != 1 || list[0].Session != "left" || list[0].Case != "c1" || !slices.Equal(list[0].Keys, []string{"a"}) {
		t.Fatalf("pending: %+v", list)
	}
	ok(t, s.TakeSlots(ctx, "left", "c1", []string{"c"}, second(6))) // the command goes on after all
	same(t, hub.ErrorCode(s.SettleSlots(ctx, list[0], nil, 0)), hub.Conflict)
	list, err = s.PendingSlots(ctx, second(8), 10)
	ok(t, err)
	ok(t, s.SettleSlots(ctx, list[0], nil, 0))
	held, err := s.HeldSlots(ctx, []string{"a", "b", "c", "k"})
	ok(t, err)
	same(t, held, []string{"b", "k"})
}

// TestInvitations is the contract of [hub.InvitationStore].
func TestInvitations(t *testing.T, open func(testing.TB) hub.InvitationStore) {
	for name, test := range map[string]func(*testing.T, hub.InvitationStore){
		"LetsInOnce":                   entersOnce,
		"CountsATryBeforeItIsCompared": guesses,
		"ReplacesWhatWasBefore":        reissues,
		"ForgetsWhatHasExpired":        expiredLinks,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func invitation(link string) hub.Invitation {
	return hub.Invitation{Session: "s", Who: "p2", Case: "c", Link: link, Code: "code of " + link, By: "p-clerk", At: day, Expires: second(100)}
}

func entersOnce(t *testing.T, s hub.InvitationStore) {
	ctx := t.Context()
	ok(t, s.SaveInvitation(ctx, invitation("l")))
	got, err := s.GuessInvitation(ctx, "l", 5, day)
	ok(t, err)
	want := invitation("l")
	want.Attempts = 1
	same(t, got, want)
	errs := atOnce(8, func(n int) error { return s.EnterInvitation(ctx, "l", fmt.Sprint("device", n), second(30)) })
	same(t, codes(errs), map[hub.Code]int{"": 1, hub.Conflict: 7})
	device := fmt.Sprint("device", slices.Index(errs, nil))
	got, err = s.InvitationByDevice(ctx, device)
	ok(t, err)
	want.Used, want.Device, want.DeviceTo = true, device, second(30)
	same(t, got, want)
	ok(t, s.TouchDevice(ctx, device, second(60)))
	_, err = s.GuessInvitation(ctx, "l", 5, day)
	same(t, hub.ErrorCode(err), hub.NotFound)
	_, err = s.InvitationByDevice(ctx, "")
	same(t, hub.ErrorCode(err), hub.NotFound)
}

func guesses(t *testing.T, s hub.InvitationStore) {
	ok(t, s.SaveInvitation(t.Context(), invitation("l")))
	errs := atOnce(40, func(int) error {
		_, err := s.GuessInvitation(t.Context(), "l", 5, day)
		return err
	})
	same(t, codes(errs), map[hub.Code]int{"": 5, hub.Locked: 35})
}

func reissues(t *testing.T, s hub.InvitationStore) {
	ctx := t.Context()
	ok(t, s.SaveInvitation(ctx, invitation("old")))
	ok(t, s.EnterInvitation(ctx, "old", "phone", second(30)))
	ok(t, s.SaveInvitation(ctx, invitation("new")))
	_, err := s.GuessInvitation(ctx, "old", 5, day)
	same(t, hub.ErrorCode(err), hub.NotFound)
	_, err = s.InvitationByDevice(ctx, "phone")
	same(t, hub.ErrorCode(err), hub.NotFound)
	same(t, hub.ErrorCode(s.TouchDevice(ctx, "phone", second(60))), hub.NotFound)
	_, err = s.GuessInvitation(ctx, "new", 5, day)
	ok(t, err)
}

func expiredLinks(t *testing.T, s hub.InvitationStore) {
	ok(t, s.SaveInvitation(t.Context(), invitation("l")))
	_, err := s.GuessInvitation(t.Context(), "l", 5, second(100))
	same(t, hub.ErrorCode(err), hub.NotFound)
	_, err = s.GuessInvitation(t.Context(), "other", 5, day)
	same(t, hub.ErrorCode(err), hub.NotFound)
}
