package hub_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/storage/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// The invariants of the design, each with its test, on the real stores. Those
// of booking, money and the formal part of a session come with their parts.

func newHub(t testing.TB) *hubtest.Hub {
	t.Helper()
	ports, files := hubtest.Embedded(t)
	return hubtest.New(t, ports, files)
}

func try(t testing.TB, h *hubtest.Hub, a hub.Actor, id hub.CaseID, cmd string, i hub.Intent) error {
	t.Helper()
	_, err := h.Execute(t.Context(), hub.Command{ID: hub.CommandID(cmd), Case: id, Actor: a, Intent: i})
	return err
}

func wantCode(t testing.TB, err error, want hub.Code) {
	t.Helper()
	if got := hub.ErrorCode(err); got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

// arrived takes a case to the registry: received, routed, offered, verified, taken.
func arrived(t testing.TB, h *hubtest.Hub, name string) hub.CaseID {
	t.Helper()
	id := h.Receive(t, name)
	h.AddFile(t, hubtest.Clerk(), id, name+".contract", "contract", []byte("%PDF-1.4 "+name))
	h.Do(t, hubtest.Clerk(), id, name+".route", hub.Route{})
	h.Do(t, hubtest.Clerk(), id, name+".offer", hub.OfferCustody{})
	h.Do(t, hubtest.Reviewer(), id, name+".take", hub.AcceptCustody{Offer: deliver(t, h, id)})
	return id
}

// deliver stands for the hand-over protocol: it stores what a verified offer leaves.
func deliver(t testing.TB, h *hubtest.Hub, id hub.CaseID) hub.OfferID {
	t.Helper()
	c, _, err := h.Load(t.Context(), id)
	if err != nil || c.Offer == nil {
		t.Fatalf("no offer is open: %v", err)
	}
	in := hub.Incoming{
		ID: string(c.Offer.ID), Kind: hub.ParcelOffer, From: c.Offer.From, To: c.Offer.To, Case: id,
		Digest: hub.SHA256(nil), Body: []byte("{}"), Receipt: []byte(`{"verdict":"verified"}`), At: hub.Millis(h.Now()),
	}
	if _, _, err := h.Outbox.Receive(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	return c.Offer.ID
}

func TestInvariant1TheInsertOfAnEventIsTheCommit(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "one")
	c, events, err := h.Load(t.Context(), id)
	if err != nil || len(events) != 1 {
		t.Fatalf("%v: %d events", err, len(events))
	}
	wantCode(t, h.Events.Append(t.Context(), events[0]), hub.Conflict)
	if err := h.Index.Drop(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	rep, err := h.Rebuild(t.Context(), false, nil)
	if err != nil || len(rep.Findings) != 1 {
		t.Fatalf("a check must find the dropped row: %v %+v", err, rep)
	}
	if _, err := h.Rebuild(t.Context(), true, nil); err != nil {
		t.Fatal(err)
	}
	row, err := h.Index.Row(t.Context(), id)
	if err != nil || row.Head != c.Head {
		t.Fatalf("the rebuilt row: %v %+v", err, row)
	}
}

// Sixty-four commands at once on one case: each seq is taken once, who wins
// gets a result, everybody else re-decides or gets conflict, none is lost.
func TestInvariant1ManyWritersOneChain(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "many")
	var won, conflicts atomic.Int64
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			_, err := h.Execute(t.Context(), hub.Command{
				ID: hub.CommandID(fmt.Sprintf("route.%d", i)), Case: id,
				Actor: hubtest.Clerk(), Intent: hub.Route{},
			})
			switch hub.ErrorCode(err) {
			case "":
				won.Add(1)
			case hub.Conflict:
				conflicts.Add(1)
			default:
				t.Errorf("command %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	c, events, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(events)) != 1+won.Load() || won.Load()+conflicts.Load() != 64 || won.Load() == 0 {
		t.Errorf("%d events, %d won, %d conflicts", len(events), won.Load(), conflicts.Load())
	}
	t.Logf("%d of 64 committed, %d told conflict", won.Load(), conflicts.Load())
	row, err := h.Index.Row(t.Context(), id)
	if err != nil || row.Seq != c.Seq {
		t.Errorf("row at %d, chain at %d: %v", row.Seq, c.Seq, err)
	}
}

// With the state named by IfSeq, exactly one of many wins.
func TestInvariant1ANamedStateIsWonOnce(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "named")
	var won atomic.Int64
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			_, err := h.Execute(t.Context(), hub.Command{
				ID: hub.CommandID(fmt.Sprint(i)), Case: id, IfSeq: 1,
				Actor: hubtest.Clerk(), Intent: hub.Withdraw{Reason: "changed his mind"},
			})
			if err == nil {
				won.Add(1)
			} else if c := hub.ErrorCode(err); c != hub.StaleVersion && c != hub.WrongState && c != hub.Conflict {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d commands won", won.Load())
	}
}

func TestInvariant2AChangedEventIsFoundOnLoad(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "tamper")
	_, events, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	e := events[0]
	e.Raw = []byte(strings.Replace(string(e.Raw), `"seq":1`, `"seq":2`, 1))
	e.Seq = 2
	e.Command.ID = "other"
	if err := h.Events.Append(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	_, err = h.Open(t.Context(), hub.Reading{Actor: hubtest.Clerk()}, id, false)
	wantCode(t, err, hub.BrokenChain)
}

func TestInvariant3OneCustodianAndAFrozenCase(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "custody")
	h.AddFile(t, hubtest.Clerk(), id, "f", "contract", []byte("%PDF-1.4"))
	h.Do(t, hubtest.Clerk(), id, "r", hub.Route{})
	h.Do(t, hubtest.Clerk(), id, "o", hub.OfferCustody{})
	c, _, err := h.Load(t.Context(), id)
	if err != nil || c.Custodian != hubtest.Window || !c.Frozen() {
		t.Fatalf("%v %+v", err, c)
	}
	wantCode(t, try(t, h, hubtest.Clerk(), id, "w", hub.Withdraw{Reason: "x"}), hub.CaseFrozen)
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "t0", hub.AcceptCustody{Offer: c.Offer.ID}), hub.NotDelivered)
	h.Do(t, hubtest.Reviewer(), id, "t", hub.AcceptCustody{Offer: deliver(t, h, id)})
	if c, _, err = h.Load(t.Context(), id); err != nil || c.Custodian != hubtest.Registry || c.Frozen() {
		t.Fatalf("%v %+v", err, c)
	}
	wantCode(t, try(t, h, hubtest.Clerk(), id, "a", hub.AddMaterial{Slot: "contract", Digest: hub.SHA256(nil), Name: "x"}), hub.WrongState)
}

func TestInvariant3ADeclineReopensRoutingWithItsReason(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "decline")
	wantCode(t, try(t, h, hubtest.Clerk(), id, "m0", hub.Route{Manual: hubtest.Stranger, Reason: "guess"}), hub.WrongState)
	h.AddFile(t, hubtest.Clerk(), id, "f", "contract", []byte("%PDF-1.4"))
	h.Do(t, hubtest.Clerk(), id, "r", hub.Route{})
	h.Do(t, hubtest.Clerk(), id, "o", hub.OfferCustody{})
	offer := deliver(t, h, id)
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "d0", hub.DeclineCustody{Offer: offer, Code: "because"}), hub.Invalid)
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "d1", hub.DeclineCustody{Offer: offer, Code: hub.DeclineWrongPlace}), hub.Invalid)
	h.Do(t, hubtest.Reviewer(), id, "d", hub.DeclineCustody{Offer: offer, Code: hub.DeclineWrongPlace, Text: "另一县"})
	c, _, err := h.Load(t.Context(), id)
	if err != nil || c.Custodian != hubtest.Window || c.Frozen() || c.Route != nil || len(c.Declines) != 1 || c.Declines[0].Text != "另一县" {
		t.Fatalf("%v %+v", err, c)
	}
	h.Do(t, hubtest.Clerk(), id, "m", hub.Route{Manual: hubtest.Stranger, Reason: "该县已撤销"})
	h.Do(t, hubtest.Clerk(), id, "o2", hub.OfferCustody{})
	if c, _, err = h.Load(t.Context(), id); err != nil || c.Offer.To != hubtest.Stranger {
		t.Fatalf("%v %+v", err, c.Offer)
	}
}

func TestInvariant4ARepeatedCommandGetsTheFirstAnswer(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "again")
	if again := h.Receive(t, "again"); again != id {
		t.Errorf("received twice: %s and %s", id, again)
	}
	first := h.Do(t, hubtest.Clerk(), id, "r", hub.Route{})
	h.Do(t, hubtest.Clerk(), id, "w", hub.Withdraw{Reason: "x"})
	repeat := h.Do(t, hubtest.Clerk(), id, "r", hub.Route{})
	if !repeat.Repeated {
		t.Error("the repeat is not marked")
	}
	repeat.Repeated = false
	if repeat != first {
		t.Errorf("first %+v, repeat %+v", first, repeat)
	}
	wantCode(t, try(t, h, hubtest.Clerk(), id, "r", hub.Route{Choice: "410425"}), hub.CommandReused)
	wantCode(t, try(t, h, hubtest.Clerk(), id, "w", hub.Withdraw{Reason: "y"}), hub.CommandReused)
	if _, events, _ := h.Load(t.Context(), id); len(events) != 3 {
		t.Errorf("%d events", len(events))
	}
}

// A crash after the commit, at each of its points, is healed by the sweeper.
func TestInvariant4ACrashAfterTheCommitIsHealed(t *testing.T) {
	for _, point := range []string{"after_append", "after_row", "after_enqueue"} {
		t.Run(point, func(t *testing.T) {
			ports, files := hubtest.Embedded(t)
			var armed atomic.Bool
			ports.Fault = func(at string) {
				if armed.Load() && at == point {
					panic("crash")
				}
			}
			h := hubtest.New(t, ports, files)
			id := h.Receive(t, "crash")
			h.AddFile(t, hubtest.Clerk(), id, "f", "contract", []byte("%PDF-1.4"))
			h.Do(t, hubtest.Clerk(), id, "r", hub.Route{})
			armed.Store(true)
			func() {
				defer func() { _ = recover() }()
				_ = try(t, h, hubtest.Clerk(), id, "o", hub.OfferCustody{})
			}()
			armed.Store(false)
			h.Clock.Advance(2 * hub.SweepAge)
			if n, err := h.Sweep(t.Context(), 10); n != 1 || err != nil {
				t.Fatalf("healed %d: %v", n, err)
			}
			if n, err := h.Sweep(t.Context(), 10); n != 0 || err != nil {
				t.Fatalf("healed %d again: %v", n, err)
			}
			rep, err := h.Rebuild(t.Context(), false, nil)
			if err != nil || len(rep.Findings) > 0 || rep.Messages != 1 {
				t.Fatalf("%v %+v", err, rep)
			}
		})
	}
}

// A command that comes after the crash must not hide what the crash left.
func TestInvariant4ALaterCommandDoesNotHideALostMessage(t *testing.T) {
	ports, files := hubtest.Embedded(t)
	var armed atomic.Bool
	ports.Fault = func(at string) {
		if armed.Load() && at == "after_append" {
			panic("crash")
		}
	}
	h := hubtest.New(t, ports, files)
	id := h.Receive(t, "hide")
	h.AddFile(t, hubtest.Clerk(), id, "f", "contract", []byte("%PDF-1.4"))
	h.Do(t, hubtest.Clerk(), id, "r", hub.Route{})
	h.Do(t, hubtest.Clerk(), id, "o", hub.OfferCustody{})
	offer := deliver(t, h, id)
	armed.Store(true)
	func() {
		defer func() { _ = recover() }()
		_ = try(t, h, hubtest.Reviewer(), id, "take", hub.AcceptCustody{Offer: offer})
	}()
	armed.Store(false)
	h.Do(t, hubtest.Reviewer(), id, "accept", hub.Accept{})
	h.Clock.Advance(2 * hub.SweepAge)
	if n, err := h.Sweep(t.Context(), 10); n != 1 || err != nil {
		t.Fatalf("healed %d: %v", n, err)
	}
	rep, err := h.Rebuild(t.Context(), false, nil)
	if err != nil || len(rep.Findings) > 0 || rep.Messages != 2 {
		t.Fatalf("%v %+v", err, rep)
	}
}

func TestInvariant5NothingIsServedWithoutALine(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "access")
	h.AddFile(t, hubtest.Clerk(), id, "f", "contract", []byte("%PDF-1.4"))
	c, err := h.Open(t.Context(), hub.Reading{Actor: hubtest.Clerk(), Request: "req-1"}, id, false)
	if err != nil {
		t.Fatal(err)
	}
	_, body, err := h.OpenMaterial(t.Context(), hub.Reading{Actor: hubtest.Clerk(), Purpose: "check"}, id, c.Materials[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	_ = body.Close()
	lines, err := h.Access.Accesses(t.Context(), id, "", 10)
	if err != nil || len(lines) != 2 || lines[0].What != "case" || lines[0].Request != "req-1" ||
		lines[1].What != "material" || lines[1].Ref != string(c.Materials[0].ID) || lines[1].Purpose != "check" {
		t.Fatalf("%v %+v", err, lines)
	}

	mute := h.Ports
	mute.Access = muteLog{h.Access}
	closed, err := hub.NewService(mute)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := closed.Open(t.Context(), hub.Reading{Actor: hubtest.Clerk()}, id, false); err == nil || c != nil {
		t.Error("a case was served that could not be recorded")
	}
}

// muteLog is an access record that cannot be written.
type muteLog struct{ hub.AccessLog }

func (muteLog) Record(context.Context, hub.Access) error { return hub.E(hub.Unavailable, "disk full") }

func TestInvariant6WhoMayNotKnowTheCaseDoesNot(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "hidden")
	stranger := hub.Actor{Person: "p-x", Agency: hubtest.Stranger, Roles: []hub.Role{hub.Clerk, hub.FirstReviewer, hub.Supervisor}}
	read := hub.Reading{Actor: stranger}
	_, err := h.Open(t.Context(), read, id, false)
	wantCode(t, err, hub.NotFound)
	_, err = h.History(t.Context(), read, id)
	wantCode(t, err, hub.NotFound)
	_, _, err = h.OpenMaterial(t.Context(), read, id, "m")
	wantCode(t, err, hub.NotFound)
	wantCode(t, try(t, h, stranger, id, "r", hub.Route{}), hub.NotFound)
	for _, q := range []hub.ListQuery{{Limit: 10}, {Limit: 10, Queue: hub.QueueIntake.Key(hubtest.Window)}, {Limit: 10, Unit: hubtest.Unit}} {
		page, err := h.List(t.Context(), stranger, q)
		if err != nil || len(page.Rows) != 0 {
			t.Errorf("%+v: %v, %d rows", q, err, len(page.Rows))
		}
	}
	page, err := h.List(t.Context(), hubtest.Clerk(), hub.ListQuery{Limit: 10, Queue: hub.QueueIntake.Key(hubtest.Window)})
	if err != nil || len(page.Rows) != 1 || page.Rows[0].ID != id {
		t.Errorf("the window's own list: %v %+v", err, page)
	}
}

func TestInvariant7DutiesAreSeparate(t *testing.T) {
	h := newHub(t)
	id := arrived(t, h, "duties")
	both := hub.Actor{Person: "p-both", Agency: hubtest.Registry, Roles: []hub.Role{hub.FirstReviewer, hub.SecondReviewer}}
	clerk := hubtest.Clerk()
	clerk.Agency, clerk.Roles = hubtest.Registry, []hub.Role{hub.Clerk, hub.FirstReviewer, hub.SecondReviewer}
	h.Do(t, both, id, "a", hub.Accept{})
	wantCode(t, try(t, h, clerk, id, "f0", hub.ReviewCase{Pass: true}), hub.SamePerson)
	h.Do(t, both, id, "f", hub.ReviewCase{Pass: true})
	wantCode(t, try(t, h, both, id, "s0", hub.ReviewCase{Second: true, Pass: true}), hub.SamePerson)
	h.Do(t, hubtest.Second(), id, "s", hub.ReviewCase{Second: true, Pass: true})
	wantCode(t, try(t, h, both, id, "d0", hub.Decide{Approve: true}), hub.SamePerson)
	wantCode(t, try(t, h, hubtest.Clerk(), id, "d1", hub.Decide{Approve: true}), hub.Forbidden)

	party := hub.Actor{Person: "p-buyer", Agency: hubtest.Window, Roles: []hub.Role{hub.Clerk}, Ref: h.Keys.PartyRef("passport", "E87654321")}
	_, err := h.Execute(t.Context(), hub.Command{ID: "own", Actor: party, Intent: hub.Receive{
		Item: "transfer.resale", Unit: hubtest.Unit,
		Form: hub.Form{"price": int64(1)}, Parties: []hub.Party{
			{Role: "seller", Name: "a", IDKind: "passport", IDNumber: "E12345678"}, {Role: "buyer", Name: "b", IDKind: "passport", IDNumber: "e87654321"},
		},
	}})
	wantCode(t, err, hub.OwnCase)
	_, err = h.Open(t.Context(), hub.Reading{Actor: party}, id, false)
	wantCode(t, err, hub.OwnCase)
}

func TestInvariant8AllGapsAtOnceAndASecondRoundNeedsASupervisor(t *testing.T) {
	h := newHub(t)
	id := arrived(t, h, "gaps")
	ask := hub.AskSupplement{Gaps: []hub.GapWish{{Target: "field", Ref: "price", Reason: "incorrect", Note: "与合同不符"}, {Target: "slot", Ref: "certificate", Reason: "incomplete"}}}
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "q0", hub.AskSupplement{}), hub.Invalid)
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "q1", hub.AskSupplement{Gaps: []hub.GapWish{{Target: "slot", Ref: "ghost", Reason: "incorrect"}}}), hub.Invalid)
	h.Do(t, hubtest.Reviewer(), id, "q", ask)
	wantCode(t, try(t, h, hubtest.Clerk(), id, "a0", hub.AnswerSupplement{Answers: []hub.AnswerWish{{Gap: "g1", Value: int64(5)}}}), hub.Invalid)
	h.AddFile(t, hubtest.Clerk(), id, "cert", "certificate", []byte("\xff\xd8\xff"))
	c, _, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	cert := c.Live()[len(c.Live())-1].ID
	h.Do(t, hubtest.Clerk(), id, "a", hub.AnswerSupplement{Answers: []hub.AnswerWish{{Gap: "g1", Value: int64(5)}, {Gap: "g2", Material: cert}}})
	if c, _, err = h.Load(t.Context(), id); err != nil || c.Form["price"] != int64(5) || c.Status != hub.StatusArrived {
		t.Fatalf("%v %+v", err, c)
	}
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "q2", ask), hub.SecondRound)
	withReason := ask
	withReason.Reason = "新发现的查封"
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "q3", withReason), hub.SecondRound)
	lead := hub.Actor{Person: "p-lead", Agency: hubtest.Registry, Roles: []hub.Role{hub.Supervisor}}
	wantCode(t, try(t, h, lead, id, "q4", ask), hub.SecondRound)
	h.Do(t, lead, id, "q5", withReason)
}

func TestInvariant12PersonalFieldsAreSealedMaskedAndErasable(t *testing.T) {
	h := newHub(t)
	id := arrived(t, h, "personal")
	_, events, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		for _, secret := range []string{"张三", "李四", "E12345678", "E87654321"} {
			if strings.Contains(string(e.Raw), secret) {
				t.Errorf("event %d holds %q in clear", e.Seq, secret)
			}
		}
	}
	row, err := h.Index.Row(t.Context(), id)
	if err != nil || row.PartiesMasked != "张*、李*" {
		t.Errorf("%v: row shows %q", err, row.PartiesMasked)
	}
	masked, err := h.Open(t.Context(), hub.Reading{Actor: hubtest.Reviewer()}, id, false)
	if err != nil || masked.Parties[0].Name != "张*" || masked.Parties[0].IDNumber == "E12345678" || strings.HasPrefix(masked.Materials[0].Name, "张三") {
		t.Errorf("%v: %+v", err, masked.Parties)
	}
	_, err = h.Open(t.Context(), hub.Reading{Actor: hubtest.Reviewer()}, id, true)
	wantCode(t, err, hub.Invalid)
	full, err := h.Open(t.Context(), hub.Reading{Actor: hubtest.Reviewer(), Purpose: "核对身份"}, id, true)
	if err != nil || full.Parties[0].Name != "张三" {
		t.Errorf("%v: %+v", err, full)
	}

	security := hub.Reading{Actor: hub.Actor{Person: "p-sec", Agency: hubtest.Registry, Roles: []hub.Role{hub.SecurityAdmin}}, Purpose: "retention is over"}
	wantCode(t, h.Erase(t.Context(), security, id), hub.WrongState)
	h.Do(t, hubtest.Reviewer(), id, "refuse", hub.Refuse{Code: hub.RefusedIncomplete, Text: "材料不全"})
	h.Do(t, hubtest.Reviewer(), id, "close", hub.Close{})
	if err := h.Erase(t.Context(), security, id); err != nil {
		t.Fatal(err)
	}
	c, _, err := h.Load(t.Context(), id)
	if err != nil || !c.Erased || len(c.Parties) != 0 || c.Status != hub.StatusClosed {
		t.Errorf("after the erasure: %v %+v", err, c)
	}
	rep, err := h.Rebuild(t.Context(), false, nil)
	if err != nil || len(rep.Findings) != 0 {
		t.Errorf("the erased case's chain must verify: %v %+v", err, rep)
	}
}

// Invariant 12, the log: a whole way of a case leaves no name and no number in it.
func TestInvariant12NothingPersonalReachesTheLog(t *testing.T) {
	ports, files := hubtest.Embedded(t)
	var log strings.Builder
	var mu sync.Mutex
	ports.Logger = slog.New(slog.NewTextHandler(writerFunc(func(b []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return log.Write(b)
	}), &slog.HandlerOptions{Level: slog.LevelDebug}))
	h := hubtest.New(t, ports, files)
	id := arrived(t, h, "log")
	_ = try(t, h, hubtest.Reviewer(), id, "bad", hub.Refuse{Code: "no such", Text: "张三"})
	for _, secret := range []string{"张三", "李四", "E12345678"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestInvariant13WhatIsNotTrustedChangesNothing(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "trust")
	for name, c := range map[string]struct {
		intent hub.Intent
		want   hub.Code
	}{
		"foreign file":     {hub.AddMaterial{Slot: "contract", Digest: hub.SHA256([]byte("not mine")), Name: "x.pdf"}, hub.Invalid},
		"unknown slot":     {hub.AddMaterial{Slot: "ghost", Digest: hub.SHA256(nil), Name: "x.pdf"}, hub.Invalid},
		"missing material": {hub.OfferCustody{}, hub.WrongState},
		"unknown offer":    {hub.AcceptCustody{Offer: "ghost"}, hub.Forbidden},
		"too long":         {hub.Withdraw{Reason: strings.Repeat("长", 2001)}, hub.Invalid},
		"no reason":        {hub.Withdraw{}, hub.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			wantCode(t, try(t, h, hubtest.Clerk(), id, strings.ReplaceAll(name, " ", "_"), c.intent), c.want)
		})
	}
	wantCode(t, try(t, h, hubtest.Clerk(), id, "", hub.Route{}), hub.BadRequest)
	wantCode(t, try(t, h, hubtest.Clerk(), id, "spa ce", hub.Route{}), hub.BadRequest)
	wantCode(t, try(t, h, hubtest.Clerk(), "ghost", "g", hub.Route{}), hub.NotFound)
	if _, events, err := h.Load(t.Context(), id); err != nil || len(events) != 1 {
		t.Errorf("%v: %d events after refusals only", err, len(events))
	}
}
