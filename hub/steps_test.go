package hub_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/hub/standard"
)

// demanding is the small item with every step that a standard can ask for.
const demanding = `
item: transfer.resale
agency: ""
version: 2
from: 2021-01-01
name: {zh: 转移登记, en: Transfer}
statutory_days: 10
promised_days: 5
facts: [{key: dear, when: "form.price > 100000000", zh: 大额, en: dear}]
fields:
  - {key: price, kind: fen, required: true, zh: 价格, en: Price}
  - {key: note, kind: text, zh: 说明, en: Note}
parties:
  - {role: seller, min: 1, max: 5, zh: 转让方, en: Seller}
  - {role: buyer, min: 1, max: 5, zh: 受让方, en: Buyer}
rules: [{key: price, pointer: /form/price, must: "form.price > 0", zh: 价格大于零, en: not for nothing}]
slots:
  - {key: contract, required: true, types: [application/pdf], zh: 合同, en: Contract}
  - {key: certificate, types: [image/jpeg], zh: 证书, en: Certificate}
  - {key: appraisal, required: true, if: is.dear, zh: 评估, en: Appraisal}
questions:
  - {key: will, kind: bool, risk: "no", compare: true, zh: 真实意愿, en: True will}
  - {key: words, kind: text, roles: [seller], zh: 说明, en: In words}
plan: {reviews: 1, tax: "true", notice: "true", notice_days: 15, visit: "true", exclusive: true}
`

func demandingHub(t *testing.T) *hubtest.Hub {
	t.Helper()
	h := hubtest.New(t, hub.Ports{}, nil)
	all, err := standard.LoadBytes([]byte(demanding))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Directory.SaveStandard(t.Context(), all[0]); err != nil {
		t.Fatal(err)
	}
	return h
}

// arrive brings a case to the registry, which holds it then.
func arrive(t *testing.T, h *hubtest.Hub) hub.CaseID {
	t.Helper()
	id, offer := h.Offer(t, "case-1")
	deliver(t, h, id)
	h.Do(t, hubtest.Reviewer(), id, "take", hub.AcceptCustody{Offer: offer})
	return id
}

func sign(t *testing.T, h *hubtest.Hub, text string) hub.Digest {
	t.Helper()
	d := h.Files.PutFile(t, []byte("\x89PNG "+text))
	up := hub.Upload{Agency: hubtest.Window, Person: "p-clerk", At: h.Now(), File: hub.File{Digest: d, Size: int64(len(text)) + 5, Type: "image/png"}}
	if err := h.Uploads.SaveUpload(t.Context(), up); err != nil {
		t.Fatal(err)
	}
	return d
}

func question(t *testing.T, h *hubtest.Hub, id hub.CaseID, cmd string, party int, answers hub.Form) {
	t.Helper()
	h.Do(t, hubtest.Clerk(), id, cmd, hub.RecordQuestioning{Party: party, Mode: "window", Answers: answers, Signature: sign(t, h, cmd)})
}

func load(t *testing.T, h *hubtest.Hub, id hub.CaseID) *hub.Case {
	t.Helper()
	c, _, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestQuestioningIsAskedOfEachPartyAndSigned(t *testing.T) {
	h := demandingHub(t)
	id := arrive(t, h)
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "accept", hub.Accept{}), hub.MissingStep)
	both := hub.Form{"will": true, "words": "自愿出售"}
	for name, c := range map[string]struct {
		i    hub.RecordQuestioning
		code hub.Code
	}{
		"no such party":       {hub.RecordQuestioning{Party: 7, Mode: "window", Answers: both, Signature: sign(t, h, "x")}, hub.Invalid},
		"no such mode":        {hub.RecordQuestioning{Party: 0, Mode: "dream", Answers: both, Signature: sign(t, h, "x")}, hub.Invalid},
		"an answer missing":   {hub.RecordQuestioning{Party: 0, Mode: "window", Answers: hub.Form{"will": true}, Signature: sign(t, h, "x")}, hub.Invalid},
		"a question too many": {hub.RecordQuestioning{Party: 1, Mode: "window", Answers: both, Signature: sign(t, h, "x")}, hub.Invalid},
		"of another kind":     {hub.RecordQuestioning{Party: 1, Mode: "window", Answers: hub.Form{"will": "yes"}, Signature: sign(t, h, "x")}, hub.Invalid},
		"not signed":          {hub.RecordQuestioning{Party: 0, Mode: "window", Answers: both}, hub.Invalid},
		"signed by nobody":    {hub.RecordQuestioning{Party: 0, Mode: "window", Answers: both, Signature: hub.SHA256([]byte("?"))}, hub.Invalid},
	} {
		if err := try(t, h, hubtest.Clerk(), id, "q-"+strings.ReplaceAll(name, " ", "-"), c.i); hub.ErrorCode(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	question(t, h, id, "q1", 0, both)
	question(t, h, id, "q2", 1, hub.Form{"will": false})
	c := load(t, h, id)
	if q := c.QuestioningOf(c.PartyRefs[1]); !slices.Equal(q.Flags, []string{"will"}) || !slices.Equal(q.Conflicts, []string{"will"}) {
		t.Errorf("risk and conflict are not told: %+v", q)
	}
	question(t, h, id, "q3", 1, hub.Form{"will": true})
	c = load(t, h, id)
	if q := c.QuestioningOf(c.PartyRefs[1]); len(q.Flags)+len(q.Conflicts) > 0 {
		t.Errorf("the newest record counts: %+v", q)
	}
	if m := c.Masked(); m.Questioned[0].Answers != nil || m.Questioned[0].Name != "张*" {
		t.Errorf("masked: %+v", m.Questioned[0])
	}
	h.Do(t, hubtest.Reviewer(), id, "accept", hub.Accept{})
}

// accepted takes a case to its acceptance.
func accepted(t *testing.T, h *hubtest.Hub) hub.CaseID {
	t.Helper()
	id := arrive(t, h)
	question(t, h, id, "q1", 0, hub.Form{"will": true, "words": "自愿"})
	question(t, h, id, "q2", 1, hub.Form{"will": true})
	h.Do(t, hubtest.Reviewer(), id, "accept", hub.Accept{})
	return id
}

func TestNothingIsApprovedBeforeEveryStepOfTheStandard(t *testing.T) {
	h := demandingHub(t)
	id := accepted(t, h)
	first, second := hubtest.Reviewer(), hubtest.Second()
	want := hub.Steps{Reviews: 1, Tax: true, NoticeDays: 15, Visit: true, Exclusive: true, Promised: 5, Statutory: 10}
	if s := load(t, h, id).Steps; !reflect.DeepEqual(s, want) {
		t.Fatalf("the acceptance fixes %+v", s)
	}
	wantCode(t, try(t, h, hubtest.Clerk(), id, "tax", hub.ConfirmTax{Result: "paid", Document: "1"}), hub.Forbidden)
	wantCode(t, try(t, h, first, id, "tax", hub.ConfirmTax{Result: "paid"}), hub.Invalid)
	wantCode(t, try(t, h, first, id, "tax", hub.ConfirmTax{Result: "forgotten"}), hub.Invalid)
	h.Do(t, first, id, "notice", hub.OpenNotice{Text: "公告"})
	wantCode(t, try(t, h, first, id, "notice2", hub.OpenNotice{Text: "公告"}), hub.WrongState)
	wantCode(t, try(t, h, first, id, "end", hub.EndNotice{}), hub.WrongState)
	h.Do(t, first, id, "visit", hub.RecordVisit{Agrees: true, Text: "一致"})
	h.Clock.Advance(40 * 24 * time.Hour)
	h.Do(t, first, id, "end2", hub.EndNotice{})
	h.Do(t, first, id, "review", hub.ReviewCase{Pass: true})
	if s := load(t, h, id).Status; s != hub.StatusSecondReviewed {
		t.Fatalf("one review is enough here: %s", s)
	}
	wantCode(t, try(t, h, second, id, "decide", hub.Decide{Approve: true}), hub.MissingStep)
	h.Do(t, first, id, "tax2", hub.ConfirmTax{Result: "exempt"})
	h.Do(t, second, id, "decide2", hub.Decide{Approve: true})
}

// A supplement may correct a field into what the standard does not allow; such a
// case is not accepted, whatever else is there.
func TestWhatASupplementMadeWrongIsNotAccepted(t *testing.T) {
	h := demandingHub(t)
	id := arrive(t, h)
	question(t, h, id, "q1", 0, hub.Form{"will": true, "words": "自愿"})
	question(t, h, id, "q2", 1, hub.Form{"will": true})
	h.Do(t, hubtest.Reviewer(), id, "ask", hub.AskSupplement{Gaps: []hub.GapWish{{Target: "field", Ref: "price", Reason: "incorrect"}}})
	h.Do(t, hubtest.Clerk(), id, "answer", hub.AnswerSupplement{Answers: []hub.AnswerWish{{Gap: "g1", Value: int64(0)}}})
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "accept", hub.Accept{}), hub.Invalid)
	if c := load(t, h, id); c.Status != hub.StatusArrived || !reflect.DeepEqual(c.Steps, hub.Steps{}) {
		t.Errorf("the case is %s with %+v", c.Status, c.Steps)
	}
}

func TestAnObjectionEndsThePublicNoticeAtOnce(t *testing.T) {
	h := demandingHub(t)
	id := accepted(t, h)
	h.Do(t, hubtest.Reviewer(), id, "notice", hub.OpenNotice{Text: "公告"})
	h.Do(t, hubtest.Reviewer(), id, "end", hub.EndNotice{Objection: true, Text: "有异议"})
	if missing := load(t, h, id).StepsMissing(); !slices.Contains(missing, hub.StepNotice) {
		t.Errorf("an objection does not stand in the way: %q", missing)
	}
}

func TestASuspensionStopsEverythingButTheEnd(t *testing.T) {
	h := demandingHub(t)
	id := accepted(t, h)
	wantCode(t, try(t, h, hubtest.Clerk(), id, "stop", hub.Suspend{Ground: hub.SuspendedSeizure, Text: "查封"}), hub.Forbidden)
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "stop", hub.Suspend{Ground: hub.SuspendedSeizure}), hub.Invalid)
	h.Do(t, hubtest.Reviewer(), id, "stop", hub.Suspend{Ground: hub.SuspendedSeizure, Text: "法院查封"})
	wantCode(t, try(t, h, hubtest.Reviewer(), id, "review", hub.ReviewCase{Pass: true}), hub.WrongState)
	for _, k := range h.Clocks(t.Context(), load(t, h, id), h.Now()) {
		if k.Kind != hub.ClockAnswer && (k.State != "stopped" || !k.Due.IsZero()) {
			t.Errorf("%s is %s, due %s", k.Kind, k.State, k.Due)
		}
	}
	h.Do(t, hubtest.Reviewer(), id, "go", hub.Resume{Text: "解封"})
	if s := load(t, h, id).Status; s != hub.StatusAccepted {
		t.Errorf("goes on at %s", s)
	}
}

func TestTheChainSaysWhenAClockHasRunOut(t *testing.T) {
	h := demandingHub(t)
	id := arrive(t, h)
	if n, err := h.MarkRunOuts(t.Context(), 10); n != 0 || err != nil {
		t.Fatalf("too early: %d, %v", n, err)
	}
	h.Clock.Advance(20 * 24 * time.Hour)
	for range 2 { // said once
		if _, err := h.MarkRunOuts(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
	}
	c := load(t, h, id)
	if len(c.RunOuts) != 1 || c.RunOuts[0].Clock != hub.ClockAnswer || c.DeemedAcceptedAt().IsZero() {
		t.Fatalf("run out: %+v", c.RunOuts)
	}
	rows, err := h.DueCases(t.Context(), hubtest.Reviewer(), 100, h.Now(), 10)
	if err != nil || len(rows) != 1 || rows[0].Level(h.Now()) != 100 {
		t.Fatalf("the registry's list: %+v, %v", rows, err)
	}
	if rows, err := h.DueCases(t.Context(), hubtest.Clerk(), 100, h.Now(), 10); err != nil || len(rows) != 1 {
		t.Errorf("the window sees the same: %+v, %v", rows, err)
	}
	stranger := hub.Actor{Person: "x", Agency: hubtest.Stranger, Roles: []hub.Role{hub.FirstReviewer}}
	if rows, err := h.DueCases(t.Context(), stranger, 100, h.Now(), 10); err != nil || len(rows) != 0 {
		t.Errorf("a stranger sees %+v, %v", rows, err)
	}
}

func TestARivalIsShownByItsStateOnly(t *testing.T) {
	h := demandingHub(t)
	h.Receive(t, "one")
	again := hub.Receive{
		Item: "transfer.resale", Unit: hubtest.Unit, Form: hub.Form{"price": int64(1)},
		Parties: []hub.Party{{Role: "seller", Name: "张三", IDKind: "passport", IDNumber: "E12345678"}, {Role: "buyer", Name: "王五", IDKind: "passport", IDNumber: "E55555555"}},
	}
	err := try(t, h, hubtest.Clerk(), "", "two", again)
	wantCode(t, err, hub.RivalCase)
	again.Despite = "当事人要求"
	r := h.Do(t, hubtest.Clerk(), "", "two", again)
	c := load(t, h, r.Case)
	if len(c.Rivals) != 1 || !c.Rivals[0].Doubled || c.Rivals[0].Status != hub.StatusReceived || c.Despite == "" {
		t.Errorf("the chain says %+v", c.Rivals)
	}
	again.Form = hub.Form{"price": int64(0)}
	wantCode(t, try(t, h, hubtest.Clerk(), "", "three", again), hub.Invalid) // the standard's own rule
	again.Form = hub.Form{"price": int64(200_000_000)}
	id := h.Do(t, hubtest.Clerk(), "", "four", again).Case
	h.AddFile(t, hubtest.Clerk(), id, "file", "contract", []byte("%PDF-1.7 dear"))
	h.Do(t, hubtest.Clerk(), id, "route", hub.Route{})
	wantCode(t, try(t, h, hubtest.Clerk(), id, "offer", hub.OfferCustody{}), hub.MissingMaterial) // dear needs an appraisal
}

func TestEachPlaceIsRatedOnceAndABadGradeFollowedUp(t *testing.T) {
	h := demandingHub(t)
	id := accepted(t, h)
	clerk := hubtest.Clerk()
	wantCode(t, try(t, h, clerk, id, "rate", hub.Rate{Place: hub.RatedHandling, Grade: 3}), hub.WrongState)
	h.Do(t, clerk, id, "back", hub.Withdraw{Reason: "不办了"})
	wantCode(t, try(t, h, clerk, id, "rate", hub.Rate{Place: hub.RatedHandling, Grade: 6}), hub.Invalid)
	h.Do(t, clerk, id, "rate", hub.Rate{Place: hub.RatedHandling, Grade: 1, Text: "等太久"})
	h.Do(t, clerk, id, "rate2", hub.Rate{Place: hub.RatedReceiving, Grade: 5})
	wantCode(t, try(t, h, clerk, id, "rate3", hub.Rate{Place: hub.RatedHandling, Grade: 5}), hub.WrongState)
	lead := func(a hub.AgencyID) hub.Actor {
		return hub.Actor{Person: "lead", Agency: a, Roles: []hub.Role{hub.WindowLead}}
	}
	answer := hub.AnswerRating{Place: hub.RatedHandling, Outcome: hub.RatingCorrected, Text: "已整改"}
	wantCode(t, try(t, h, lead(hubtest.Window), id, "answer", answer), hub.Forbidden)
	_, handling, open, err := h.Ratings(t.Context(), lead(hubtest.Registry))
	if err != nil || handling[1] != 1 || len(open) != 1 {
		t.Fatalf("grades %v, open %d, %v", handling, len(open), err)
	}
	h.Do(t, lead(hubtest.Registry), id, "answer", answer)
	if _, _, open, err = h.Ratings(t.Context(), lead(hubtest.Registry)); err != nil || len(open) != 0 {
		t.Errorf("still open: %d, %v", len(open), err)
	}
}
