package hub_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/storage/mongo"
	"tongban/storage/storetest"
)

// What a critical reading of the first version found, each with its test.

// spyKeys counts case keys, and can lose them.
type spyKeys struct {
	hub.KeyStore

	made atomic.Int64
	lost atomic.Bool
}

func (s *spyKeys) SaveCaseKey(ctx context.Context, k hub.CaseKeyRecord) (hub.CaseKeyRecord, error) {
	s.made.Add(1)
	return s.KeyStore.SaveCaseKey(ctx, k)
}

func (s *spyKeys) CaseKey(ctx context.Context, id hub.CaseID) (hub.CaseKeyRecord, error) {
	if s.lost.Load() {
		return hub.CaseKeyRecord{}, hub.E(hub.NotFound, "no key")
	}
	return s.KeyStore.CaseKey(ctx, id)
}

// spiedHub is a hub whose keys a test looks after. Each ring starts with an
// empty cache, as another node would.
func spiedHub(t *testing.T) (h *hubtest.Hub, spy *spyKeys, ring func() *hub.Keyring) {
	t.Helper()
	ports, files := hubtest.Embedded(t)
	uri, database := storetest.Mongo(t)
	db, err := mongo.Open(t.Context(), mongo.Config{URI: uri, Database: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	spy = &spyKeys{KeyStore: db.Keys()}
	ring = func() *hub.Keyring {
		k, err := hub.NewKeyring(make([]byte, hub.MasterKeySize), ports.Algorithms, spy)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	ports.Keys = ring()
	return hubtest.New(t, ports, files), spy, ring
}

func TestAClockSetBackDoesNotMakeEventsThatNeverVerify(t *testing.T) {
	h := newHub(t)
	fresh := hub.AgencyID("420100.window")
	if _, err := h.Keys.EnsureAgencyKey(t.Context(), fresh, h.Now()); err != nil {
		t.Fatal(err)
	}
	h.Clock.Advance(-8 * time.Hour)
	clerk := hub.Actor{Person: "p-wuhan", Agency: fresh, Roles: []hub.Role{hub.Clerk}}
	party := func(role, id string) hub.Party {
		return hub.Party{Role: role, Name: role, IDKind: "passport", IDNumber: id}
	}
	h.Do(t, clerk, "", "r", hub.Receive{
		Item: "transfer.resale", Unit: hubtest.Unit, Form: hub.Form{"price": int64(1)},
		Parties: []hub.Party{party("seller", "E11111111"), party("buyer", "E22222222")},
	})
	rep, err := h.Rebuild(t.Context(), false, nil)
	if err != nil || rep.Cases != 1 || len(rep.Findings) != 0 {
		t.Fatalf("%v %+v", err, rep)
	}
}

func TestASupplementIsAnsweredInItsOwnSlot(t *testing.T) {
	h := newHub(t)
	id := arrived(t, h, "slots")
	h.Do(t, hubtest.Reviewer(), id, "q", hub.AskSupplement{Gaps: []hub.GapWish{{Target: "slot", Ref: "contract", Reason: "outdated"}}})
	h.AddFile(t, hubtest.Clerk(), id, "cert", "certificate", []byte("\xff\xd8\xff"))
	c, _, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	wrong := c.Live()[len(c.Live())-1].ID
	err = try(t, h, hubtest.Clerk(), id, "a", hub.AnswerSupplement{Answers: []hub.AnswerWish{{Gap: "g1", Material: wrong}}})
	wantCode(t, err, hub.Invalid)
	if err == nil || !strings.Contains(err.Error(), "gaps") {
		t.Errorf("got %v", err)
	}
}

func TestWhatOfficersWroteIsForTheAgenciesOfTheCase(t *testing.T) {
	h := newHub(t)
	id := arrived(t, h, "remarks")
	h.Do(t, hubtest.Reviewer(), id, "a", hub.Accept{})
	h.Do(t, hubtest.Reviewer(), id, "f", hub.ReviewCase{Pass: true, Text: "张三的材料齐全"})
	auditor := hub.Actor{Person: "p-audit", Agency: hubtest.Stranger, Roles: []hub.Role{hub.AuditAdmin}}
	for who, want := range map[string]struct {
		actor hub.Actor
		text  string
	}{"the window": {hubtest.Clerk(), "张*的材料齐全"}, "the auditor": {auditor, ""}} {
		c, err := h.Open(t.Context(), hub.Reading{Actor: want.actor}, id, false)
		if err != nil || c.First.Text != want.text {
			t.Errorf("%s: %v %+v", who, err, c)
		}
	}
}

func TestACheckFindsARowWithoutAChain(t *testing.T) {
	h := newHub(t)
	h.Receive(t, "real")
	ghost := hub.Row{ID: "ghost", Seq: 3, Updated: hub.Millis(h.Now())}
	if err := h.Index.Save(t.Context(), ghost); err != nil {
		t.Fatal(err)
	}
	rep, err := h.Rebuild(t.Context(), false, nil)
	if err != nil || len(rep.Findings) != 1 || rep.Findings[0].Case != "ghost" {
		t.Fatalf("%v %+v", err, rep)
	}
	if _, err := h.Rebuild(t.Context(), true, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Index.Row(t.Context(), "ghost"); hub.ErrorCode(err) != hub.NotFound {
		t.Errorf("the ghost is still there: %v", err)
	}
}

func TestALostCaseKeyIsDamageAndNotAMissingCase(t *testing.T) {
	h, spy, ring := spiedHub(t)
	id := h.Receive(t, "key")
	spy.lost.Store(true)
	ports := h.Ports
	ports.Keys = ring()
	other, err := hub.NewService(ports)
	if err != nil {
		t.Fatal(err)
	}
	_, err = other.Open(t.Context(), hub.Reading{Actor: hubtest.Clerk()}, id, false)
	wantCode(t, err, hub.BrokenChain)
	made := spy.made.Load()
	_, err = other.Execute(t.Context(), hub.Command{ID: "key", Actor: hubtest.Clerk(), Intent: hub.Receive{}})
	if err == nil || spy.made.Load() != made {
		t.Errorf("a second key was made for a case that has one: %v", err)
	}
	rep, err := other.Rebuild(t.Context(), false, nil)
	if err != nil || len(rep.Findings) != 1 {
		t.Errorf("%v %+v", err, rep)
	}
}

func TestARefusedApplicationLeavesNoKey(t *testing.T) {
	h, spy, _ := spiedHub(t)
	_, err := h.Execute(t.Context(), hub.Command{ID: "bad", Actor: hubtest.Clerk(), Intent: hub.Receive{Item: "transfer.resale", Unit: hubtest.Unit}})
	wantCode(t, err, hub.Invalid)
	if n := spy.made.Load(); n != 0 {
		t.Errorf("%d keys", n)
	}
}

func TestCountsLeaveOutOnesOwnCase(t *testing.T) {
	h := newHub(t)
	h.Receive(t, "counted")
	buyer := hubtest.Clerk()
	buyer.Person, buyer.Ref = "p-buyer", h.Keys.PartyRef("passport", "E87654321")
	key := hub.QueueIntake.Key(hubtest.Window)
	for who, want := range map[string]struct {
		actor hub.Actor
		n     int64
	}{
		"a clerk": {hubtest.Clerk(), 1}, "the buyer at the counter": {buyer, 0},
		"an applicant": {hub.Actor{Person: "p-a", Agency: hubtest.Window, Roles: []hub.Role{hub.Applicant}, Ref: "x"}, 0},
	} {
		got, err := h.QueueCounts(t.Context(), want.actor, 10)
		if err != nil || got[key] != want.n {
			t.Errorf("%s counts %d: %v", who, got[key], err)
		}
	}
}

func TestARecallMayBeRepeatedAndIsOnRecord(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "recall")
	h.AddFile(t, hubtest.Clerk(), id, "f", "contract", []byte("%PDF-1.4"))
	h.Do(t, hubtest.Clerk(), id, "r", hub.Route{})
	read := hub.Reading{Actor: hubtest.Clerk()}
	_, err := h.RecallOffer(t.Context(), read, id)
	wantCode(t, err, hub.WrongState)
	h.Do(t, hubtest.Clerk(), id, "o", hub.OfferCustody{})
	first, err := h.RecallOffer(t.Context(), read, id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.ExecuteForAgency(t.Context(), hubtest.Registry, hub.Command{
		ID: "d", Case: id,
		Intent: hub.DeclineCustody{Offer: first, Code: hub.DeclineRecalled},
	}); err != nil {
		t.Fatal(err)
	}
	again, err := h.RecallOffer(t.Context(), read, id)
	if err != nil || again != first {
		t.Errorf("after the answer: %v %s, first %s", err, again, first)
	}
	lines, err := h.Access.Accesses(t.Context(), id, "", 10)
	if err != nil || len(lines) != 1 || lines[0].What != "recall" || lines[0].Actor.Person != "p-clerk" {
		t.Errorf("%v %+v", err, lines)
	}
}

func TestAWindowCannotMakeItselfResponsible(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "self")
	h.AddFile(t, hubtest.Clerk(), id, "f", "contract", []byte("%PDF-1.4"))
	h.Do(t, hubtest.Clerk(), id, "r", hub.Route{})
	h.Do(t, hubtest.Clerk(), id, "o", hub.OfferCustody{})
	h.Do(t, hubtest.Reviewer(), id, "d", hub.DeclineCustody{Offer: deliver(t, h, id), Code: hub.DeclineOther, Text: "x"})
	wantCode(t, try(t, h, hubtest.Clerk(), id, "m", hub.Route{Manual: hubtest.Window, Reason: "we do it"}), hub.Invalid)
}

func TestWhatTheFirstReviewDidNotPassIsNotApproved(t *testing.T) {
	h := newHub(t)
	id := arrived(t, h, "failed")
	h.Do(t, hubtest.Reviewer(), id, "a", hub.Accept{})
	h.Do(t, hubtest.Reviewer(), id, "f", hub.ReviewCase{Pass: false, Text: "权属有争议"})
	h.Do(t, hubtest.Second(), id, "s", hub.ReviewCase{Second: true, Pass: true})
	wantCode(t, try(t, h, hubtest.Second(), id, "d0", hub.Decide{Approve: true}), hub.WrongState)
	if r := h.Do(t, hubtest.Second(), id, "d", hub.Decide{Text: "权属有争议"}); r.Status != hub.StatusRejected {
		t.Errorf("decided as %s", r.Status)
	}
}

func TestASilentWindowDoesNotHoldTheCaseForEver(t *testing.T) {
	h := newHub(t)
	id := arrived(t, h, "silent")
	h.Do(t, hubtest.Reviewer(), id, "q", hub.AskSupplement{Gaps: []hub.GapWish{{Target: "field", Ref: "price", Reason: "incorrect"}}})
	if r := h.Do(t, hubtest.Reviewer(), id, "x", hub.Refuse{Code: hub.RefusedIncomplete, Text: "逾期未补正"}); r.Status != hub.StatusRefused {
		t.Errorf("refused as %s", r.Status)
	}
}

func TestAnErasedCaseServesNoFiles(t *testing.T) {
	h := newHub(t)
	id := arrived(t, h, "erased")
	h.Do(t, hubtest.Reviewer(), id, "x", hub.Refuse{Code: hub.RefusedIllegal, Text: "x"})
	h.Do(t, hubtest.Reviewer(), id, "c", hub.Close{})
	c, _, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	by := hub.Reading{Actor: hub.Actor{Person: "p-sec", Agency: hubtest.Registry, Roles: []hub.Role{hub.SecurityAdmin}}, Purpose: "retention"}
	if err := h.Erase(t.Context(), by, id); err != nil {
		t.Fatal(err)
	}
	_, _, err = h.OpenMaterial(t.Context(), hub.Reading{Actor: hubtest.Reviewer()}, id, c.Materials[0].ID)
	wantCode(t, err, hub.Erased)
	_, _, err = h.OpenToExport(t.Context(), hub.Reading{Actor: hubtest.Second()}, id)
	wantCode(t, err, hub.Erased)
}

func TestNamesThatShowAsOthersAreRefused(t *testing.T) {
	h := newHub(t)
	for _, name := range []string{"张\u0000三", "张\u202e三", "\u200b张三", "张三\n", "\xff"} {
		_, err := h.Execute(t.Context(), hub.Command{ID: "n", Actor: hubtest.Clerk(), Intent: hub.Receive{
			Item: "transfer.resale", Unit: hubtest.Unit,
			Form: hub.Form{"price": int64(1)}, Parties: []hub.Party{
				{Role: "seller", Name: "李" + name + "四", IDKind: "passport", IDNumber: "E11111111"},
				{Role: "buyer", Name: "王五", IDKind: "passport", IDNumber: "E22222222"},
			},
		}})
		wantCode(t, err, hub.Invalid)
	}
	id := h.Receive(t, "ok")
	wantCode(t, try(t, h, hubtest.Clerk(), id, "w", hub.Withdraw{Reason: "a\u202eb"}), hub.Invalid)
	_, err := h.Execute(t.Context(), hub.Command{ID: "twice", Actor: hubtest.Clerk(), Intent: hub.Receive{
		Item: "transfer.resale", Unit: hubtest.Unit,
		Form: hub.Form{"price": int64(1)}, Parties: []hub.Party{
			{Role: "seller", Name: "李四", IDKind: "passport", IDNumber: "E11111111"}, {Role: "buyer", Name: "李四", IDKind: "passport", IDNumber: "e11111111"},
		},
	}})
	wantCode(t, err, hub.Invalid)
}
