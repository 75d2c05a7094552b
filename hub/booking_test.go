package hub_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// registryHub is a hub whose registry keeps its register there.
func registryHub(t *testing.T) *hubtest.Hub {
	t.Helper()
	h := hubtest.New(t, hub.Ports{}, nil)
	if err := h.Directory.SaveStandard(t.Context(), hubtest.Registered()); err != nil {
		t.Fatal(err)
	}
	h.KeepRegister(t, hubtest.Unit)
	return h
}

// bring takes a new case about the one unit to the registry.
func bring(t testing.TB, h *hubtest.Hub, cmd string, buyer hub.Party) hub.CaseID {
	t.Helper()
	id := h.Do(t, hubtest.Clerk(), "", cmd, hub.Receive{
		Item: "transfer.resale", Unit: hubtest.Unit, Form: hub.Form{"price": int64(88_000_000)},
		Parties: []hub.Party{hubtest.Seller(), buyer}, Despite: "另一窗口亦有申请",
	}).Case
	h.AddFile(t, hubtest.Clerk(), id, "file-1", "contract", []byte("%PDF-1.7 contract of "+cmd))
	h.Do(t, hubtest.Clerk(), id, "route", hub.Route{})
	h.Do(t, hubtest.Clerk(), id, "offer", hub.OfferCustody{})
	deliver(t, h, id)
	h.Do(t, hubtest.Reviewer(), id, "take", hub.AcceptCustody{Offer: hub.NewOfferID(id, "offer")})
	return id
}

func approve(t testing.TB, h *hubtest.Hub, id hub.CaseID) {
	t.Helper()
	h.Do(t, hubtest.Reviewer(), id, "accept", hub.Accept{})
	h.Do(t, hubtest.Reviewer(), id, "first", hub.ReviewCase{Pass: true})
	h.Do(t, hubtest.Second(), id, "decide", hub.Decide{Approve: true})
}

func other(n int) hub.Party {
	return hub.Party{Role: "buyer", Name: fmt.Sprintf("王%d", n), IDKind: "passport", IDNumber: fmt.Sprintf("G%08d", n)}
}

func TestACaseIsBookedIssuedAndHandedOut(t *testing.T) {
	h := registryHub(t)
	id := bring(t, h, "case-1", hubtest.Buyer())
	wantCode(t, try(t, h, hubtest.Officer(), id, "early", hub.Book{}), hub.WrongState)
	approve(t, h, id)
	wantCode(t, try(t, h, hubtest.Officer(), id, "issue-early", hub.Issue{}), hub.WrongState)
	wantCode(t, try(t, h, hubtest.Officer(), id, "close-early", hub.Close{}), hub.WrongState)
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "not-mine", hub.Book{}), hub.Forbidden)
	h.Do(t, hubtest.Officer(), id, "book", hub.Book{Note: "登簿"})
	c := load(t, h, id)
	if c.Status != hub.StatusBooked || len(c.Booked.Papers) != 1 || len(c.Booked.Units) != 1 || c.EndedAt.IsZero() {
		t.Fatalf("booked: %s %+v", c.Status, c.Booked)
	}
	wantCode(t, try(t, h, hubtest.Officer(), id, "close-early-2", hub.Close{}), hub.WrongState)
	h.Do(t, hubtest.Officer(), id, "issue", hub.Issue{})
	wantCode(t, try(t, h, hubtest.Officer(), id, "issue-2", hub.Issue{}), hub.WrongState)
	paper := load(t, h, id).Results[0]
	if paper.Number != c.Booked.Papers[0].Number || !paper.Seal.Test || paper.Entry == "" {
		t.Errorf("issued %+v", paper)
	}
	code := h.Keys.CheckCode(paper.ID)
	if _, state, err := h.CheckPaper(t.Context(), paper.ID, code); err != nil || state != hub.PaperValid {
		t.Errorf("the check says %s, %v", state, err)
	}
	if _, _, err := h.CheckPaper(t.Context(), paper.ID, "aaaaaaaaaaaa"); hub.ErrorCode(err) != hub.NotFound {
		t.Errorf("a wrong code gives %v", err)
	}
	wantCode(t, try(t, h, hubtest.Clerk(), id, "hand-1", hub.HandOut{ID: paper.ID, Way: hub.ByCounter, Receiver: "李四"}), hub.Invalid)
	wantCode(t, try(t, h, hubtest.Clerk(), id, "hand-2", hub.HandOut{ID: paper.ID, Way: hub.ByMail}), hub.Invalid)
	h.Do(t, hubtest.Clerk(), id, "hand", hub.HandOut{ID: paper.ID, Way: hub.ByCounter, Receiver: "李四", Signature: sign(t, h, "hand")})
	h.Do(t, hubtest.Officer(), id, "close", hub.Close{})
	h.Do(t, hubtest.Officer(), id, "revoke", hub.Revoke{ID: paper.ID, Ground: hub.RevokedMistake, Text: "内容有误"})
	if _, state, err := h.CheckPaper(t.Context(), paper.ID, code); err != nil || state != hub.PaperRevoked {
		t.Errorf("after revocation the check says %s, %v", state, err)
	}
	if n, err := h.VerifyRegister(t.Context()); err != nil || n != 2 {
		t.Errorf("the register has %d units: %v", n, err)
	}
}

func TestALaterCertificateReplacesTheEarlier(t *testing.T) {
	h := registryHub(t)
	first := bring(t, h, "case-1", hubtest.Buyer())
	approve(t, h, first)
	h.Do(t, hubtest.Officer(), first, "book", hub.Book{})
	h.Do(t, hubtest.Officer(), first, "issue", hub.Issue{})
	old := load(t, h, first).Results[0]
	seller := hubtest.Buyer()
	seller.Role = "seller"
	id := h.Do(t, hubtest.Clerk(), "", "case-2", hub.Receive{
		Item: "transfer.resale", Unit: hubtest.Unit, Form: hub.Form{"price": int64(1)}, Parties: []hub.Party{seller, other(1)},
	}).Case
	h.AddFile(t, hubtest.Clerk(), id, "file-1", "contract", []byte("%PDF-1.7 contract of case-2"))
	h.Do(t, hubtest.Clerk(), id, "route", hub.Route{})
	h.Do(t, hubtest.Clerk(), id, "offer", hub.OfferCustody{})
	deliver(t, h, id)
	h.Do(t, hubtest.Reviewer(), id, "take", hub.AcceptCustody{Offer: hub.NewOfferID(id, "offer")})
	approve(t, h, id)
	h.Do(t, hubtest.Officer(), id, "book", hub.Book{})
	if _, state, err := h.CheckPaper(t.Context(), old.ID, h.Keys.CheckCode(old.ID)); err != nil || state != hub.PaperReplaced {
		t.Errorf("from the booking on the old one is %s, %v", state, err)
	}
	h.Do(t, hubtest.Officer(), id, "issue", hub.Issue{})
	if r := load(t, h, id).Results[0]; !slices.Equal(r.Replaces, []string{old.ID}) {
		t.Errorf("the new one replaces %v", r.Replaces)
	}
}

func TestOnlyOneOfManyCasesOfAUnitBooks(t *testing.T) {
	h := registryHub(t)
	const cases = 6
	ids := make([]hub.CaseID, cases)
	for i := range ids {
		ids[i] = bring(t, h, fmt.Sprintf("case-%d", i), other(i))
	}
	var booked atomic.Int32
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			if err := try(t, h, hubtest.Reviewer(), id, "accept", hub.Accept{}); err != nil {
				wantCode(t, err, hub.RegisterObstacle)
				return
			}
			h.Do(t, hubtest.Reviewer(), id, "first", hub.ReviewCase{Pass: true})
			h.Do(t, hubtest.Second(), id, "decide", hub.Decide{Approve: true})
			h.Do(t, hubtest.Officer(), id, "book", hub.Book{})
			booked.Add(1)
		})
	}
	wg.Wait()
	if booked.Load() != 1 {
		t.Errorf("%d cases booked the unit", booked.Load())
	}
}

func TestARefusedAcceptanceTellsEveryObstacle(t *testing.T) {
	h := registryHub(t)
	id := h.Do(t, hubtest.Clerk(), "", "case-1", hub.Receive{
		Item: "transfer.resale", Unit: hubtest.Unit, Form: hub.Form{"price": int64(1)},
		Parties: []hub.Party{{Role: "seller", Name: "假冒", IDKind: "passport", IDNumber: "X1234567"}, hubtest.Buyer()},
	}).Case
	h.AddFile(t, hubtest.Clerk(), id, "file-1", "contract", []byte("%PDF-1.7 contract"))
	h.Do(t, hubtest.Clerk(), id, "route", hub.Route{})
	h.Do(t, hubtest.Clerk(), id, "offer", hub.OfferCustody{})
	deliver(t, h, id)
	h.Do(t, hubtest.Reviewer(), id, "take", hub.AcceptCustody{Offer: hub.NewOfferID(id, "offer")})
	order(t, h, "seizure", "(2026)豫0425执1号", "")
	err := try(t, h, hubtest.Reviewer(), id, "accept", hub.Accept{})
	wantCode(t, err, hub.RegisterObstacle)
	var codes []string
	for _, f := range hub.FieldsOf(err) {
		codes = append(codes, f.Code)
	}
	if !slices.Contains(codes, "wrong_holder") || !slices.Contains(codes, "seized") {
		t.Errorf("it tells %v", codes)
	}
	if c := load(t, h, id); c.Status != hub.StatusArrived {
		t.Errorf("the case is %s", c.Status)
	}
}

// order books a court's order on the one unit and returns its entry.
func order(t *testing.T, h *hubtest.Hub, kind, number, entry string) string {
	t.Helper()
	b, err := h.EnterOrder(t.Context(), hub.Reading{Actor: hubtest.Officer()}, hub.CourtOrder{
		Kind: kind, Unit: hubtest.Unit, Court: "郏县人民法院", Order: number, Months: 12, Entry: entry,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(b.Source.Entry(0))
}

func TestASeizureStopsARunningCase(t *testing.T) {
	h := registryHub(t)
	id := bring(t, h, "case-1", hubtest.Buyer())
	approve(t, h, id)
	entry := order(t, h, "seizure", "(2026)豫0425执1号", "")
	c := load(t, h, id)
	if c.Status != hub.StatusSuspended || c.Suspensions[0].Ground != hub.SuspendedSeizure || c.Suspensions[0].Entry == "" {
		t.Fatalf("the case is %s %+v", c.Status, c.Suspensions)
	}
	h.Do(t, hubtest.Officer(), id, "resume-1", hub.Resume{Text: "继续"})
	wantCode(t, try(t, h, hubtest.Officer(), id, "book-1", hub.Book{}), hub.RegisterObstacle)
	order(t, h, "lift", "(2026)豫0425执1号之一", entry)
	h.Do(t, hubtest.Officer(), id, "book-2", hub.Book{})
	if n, err := h.StopHit(t.Context(), 100); n != 0 || err != nil {
		t.Errorf("%d stops are left: %v", n, err)
	}
}

func TestWithdrawalAndBookingExcludeEachOther(t *testing.T) {
	h := registryHub(t)
	id := bring(t, h, "case-1", hubtest.Buyer())
	approve(t, h, id)
	h.Do(t, hubtest.Clerk(), id, "withdraw", hub.Withdraw{Reason: "双方反悔"})
	wantCode(t, try(t, h, hubtest.Officer(), id, "book", hub.Book{}), hub.WrongState)
	next := bring(t, h, "case-2", other(2)) // the unit is free again
	approve(t, h, next)
	h.Do(t, hubtest.Officer(), next, "book", hub.Book{})
}

func TestARefusedRegistrationGivesTheUnitBack(t *testing.T) {
	h := registryHub(t)
	id := bring(t, h, "case-1", hubtest.Buyer())
	h.Do(t, hubtest.Reviewer(), id, "accept", hub.Accept{})
	h.Do(t, hubtest.Reviewer(), id, "first", hub.ReviewCase{Pass: true})
	next := bring(t, h, "case-2", other(2))
	err := try(t, h, hubtest.Reviewer(), next, "accept", hub.Accept{})
	wantCode(t, err, hub.RegisterObstacle)
	if f := hub.FieldsOf(err); len(f) != 1 || f[0].Code != "locked_by_other" {
		t.Errorf("it tells %v", f)
	}
	h.Do(t, hubtest.Second(), id, "no", hub.Decide{Text: "存在争议"})
	approve(t, h, next)
	h.Do(t, hubtest.Officer(), next, "book", hub.Book{})
}

func TestABookingWhoseEventWasLostIsFinishedNotRepeated(t *testing.T) {
	h := registryHub(t)
	id := bring(t, h, "case-1", hubtest.Buyer())
	approve(t, h, id)
	crash := "the process died here"
	h.Fault = func(point string) {
		if point == "after_booking" {
			panic(crash)
		}
	}
	func() {
		defer func() {
			if r := recover(); r != crash {
				t.Errorf("it ended with %v", r)
			}
		}()
		_, _ = h.Execute(t.Context(), hub.Command{ID: "book", Case: id, Actor: hubtest.Officer(), Intent: hub.Book{}})
	}()
	h.Fault = func(string) {}
	if c := load(t, h, id); c.Status != hub.StatusApproved {
		t.Fatalf("the chain is at %s", c.Status)
	}
	wantCode(t, try(t, h, hubtest.Clerk(), id, "withdraw", hub.Withdraw{Reason: "反悔"}), hub.WrongState)
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "suspend", hub.Suspend{Ground: hub.SuspendedDispute, Text: "争议"}), hub.WrongState)
	if rep, err := h.Rebuild(t.Context(), false, nil); err != nil || len(rep.Findings) != 1 {
		t.Errorf("the check finds %v, %v", rep.Findings, err)
	}
	h.Do(t, hubtest.Officer(), id, "book", hub.Book{})
	if rep, err := h.Rebuild(t.Context(), false, nil); err != nil || len(rep.Findings) != 0 {
		t.Errorf("the check finds %v, %v", rep.Findings, err)
	}
	c := load(t, h, id)
	if c.Status != hub.StatusBooked || c.Booked.Units[0].Version != 3 { // taken over, locked, booked
		t.Errorf("booked as %+v", c.Booked)
	}
}

func TestTheRegisterIsReadByItsKeepersOnly(t *testing.T) {
	h := registryHub(t)
	v, err := h.ReadRegister(t.Context(), hub.Reading{Actor: hubtest.Officer()}, hubtest.Unit, h.Now())
	if err != nil || v.Clear {
		t.Fatalf("%+v %v", v, err)
	}
	for _, p := range v.Names {
		if p.Name != "张*" {
			t.Errorf("without a purpose it shows %s", p.Name)
		}
	}
	inClear, err := h.ReadRegister(t.Context(), hub.Reading{Actor: hubtest.Officer(), Purpose: "核对"}, hubtest.Unit, h.Now())
	if err != nil || !inClear.Clear {
		t.Fatalf("%+v %v", inClear, err)
	}
	for name, c := range map[string]struct {
		who  hub.Actor
		unit string
		code hub.Code
	}{
		"a clerk":             {hubtest.Clerk(), hubtest.Unit, hub.Forbidden},
		"no such unit number": {hubtest.Officer(), "410425", hub.Invalid},
		"not registered":      {hubtest.Officer(), "410425001002GB00003F00059999", hub.NotFound},
		"of another place":    {hubtest.Officer(), "440305001002GB00003F00050021", hub.NotFound},
	} {
		if _, err := h.ReadRegister(t.Context(), hub.Reading{Actor: c.who}, c.unit, h.Now()); hub.ErrorCode(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}
