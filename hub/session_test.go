package hub_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/hub/session"
)

// meeting is a case at the registry with an appointment.
type meeting struct {
	*hubtest.Hub
	t    *testing.T
	id   hub.CaseID
	sid  session.ID
	wish hub.SessionWish
	n    int
}

var here = hub.SessionNode{ID: "n1", Address: "n1.example.cn"}

func newMeeting(t *testing.T) *meeting {
	t.Helper()
	h := demandingHub(t)
	h.Staff(t)
	m := &meeting{Hub: h, t: t, id: arrive(t, h), wish: h.Appointment()}
	m.do(hubtest.Clerk(), hub.ScheduleSession{SessionWish: m.wish})
	m.sid = m.session().ID
	return m
}

func (m *meeting) session() *hub.Session {
	m.t.Helper()
	return &load(m.t, m.Hub, m.id).Sessions[0]
}

func (m *meeting) key() string { m.n++; return fmt.Sprint("meeting-", m.n) }

func (m *meeting) do(a hub.Actor, i hub.Intent) {
	m.t.Helper()
	m.Do(m.t, a, m.id, m.key(), i)
}

func (m *meeting) refused(a hub.Actor, i hub.Intent, want hub.Code) {
	m.t.Helper()
	if err := try(m.t, m.Hub, a, m.id, m.key(), i); hub.ErrorCode(err) != want {
		m.t.Errorf("%T %+v: %v, want %s", i, i, err, want)
	}
}

func (m *meeting) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *meeting) look() {
	m.t.Helper()
	m.must(m.LookAfterSessions(m.t.Context(), here))
}

// comes lets a person in by a link and brings him to the door.
func (m *meeting) comes(who session.Who) hub.Actor {
	m.t.Helper()
	in, err := m.Invite(m.t.Context(), hub.Reading{Actor: hubtest.Clerk()}, m.id, m.sid, who)
	m.must(err)
	a, err := m.Attend(m.t.Context(), in.Link, in.Code)
	m.must(err)
	m.do(a.Actor, m.consent())
	m.must(m.TestDevices(m.t.Context(), a.Actor, m.id, m.sid, hub.SelfTest{Score: "good", Camera: true, Mic: true}))
	m.must(m.WaitForSession(m.t.Context(), a.Actor, m.id, m.sid))
	return a.Actor
}

func (m *meeting) consent() hub.ConsentToSession {
	c := hub.ConsentToSession{Session: m.sid, Lang: "zh-CN"}
	for _, t := range hub.SessionTexts("zh-CN") {
		c.Texts = append(c.Texts, t.Digest)
	}
	return c
}

func (m *meeting) move(did session.Act, who session.Who, with ...session.Who) hub.MoveInSession {
	return hub.MoveInSession{Session: m.sid, Did: did, Who: who, With: with}
}

func (m *meeting) turn(did session.Act) hub.TurnSession {
	return hub.TurnSession{Session: m.sid, Did: did}
}

// formal brings the session to its formal part, with the seller in it.
func (m *meeting) formal() (seller hub.Actor) {
	m.t.Helper()
	m.Clock.Until(m.wish.From.Add(-10 * time.Minute))
	seller = m.comes("p2")
	m.do(hubtest.Reviewer(), m.move(session.Opened, ""))
	m.do(hubtest.Reviewer(), m.move(session.Admit, "p2"))
	m.look()
	m.do(hubtest.Reviewer(), m.turn(session.Begin))
	return seller
}

func TestAppointmentsRefuse(t *testing.T) {
	m := newMeeting(t)
	with := func(change func(*hub.SessionWish)) hub.ScheduleSession {
		w := m.wish
		w.From, w.To = w.From.Add(2*time.Hour), w.To.Add(2*time.Hour)
		w.People = slices.Clone(w.People)
		change(&w)
		return hub.ScheduleSession{SessionWish: w}
	}
	for name, x := range map[string]struct {
		wish    hub.ScheduleSession
		pointer string
	}{
		"off the grain":         {with(func(w *hub.SessionWish) { w.From = w.From.Add(time.Minute) }), "/from"},
		"in the night":          {with(func(w *hub.SessionWish) { w.From, w.To = w.From.Add(9*time.Hour), w.To.Add(9*time.Hour) }), "/from"},
		"yesterday":             {with(func(w *hub.SessionWish) { w.From, w.To = w.From.AddDate(0, 0, -30), w.To.AddDate(0, 0, -30) }), "/from"},
		"next year":             {with(func(w *hub.SessionWish) { w.From, w.To = w.From.AddDate(1, 0, 0), w.To.AddDate(1, 0, 0) }), "/from"},
		"alone":                 {with(func(w *hub.SessionWish) { w.People = w.People[:1] }), "/people"},
		"without a host":        {with(func(w *hub.SessionWish) { w.People = w.People[1:] }), "/people/0/role"},
		"two hosts":             {with(func(w *hub.SessionWish) { w.People[4].Role = session.Host }), "/people/4/role"},
		"a clerk leads":         {with(func(w *hub.SessionWish) { w.People[0].Person = "p-clerk"; w.People = w.People[:3] }), "/people/0/person"},
		"somebody twice":        {with(func(w *hub.SessionWish) { w.People[2].Party = 1 }), "/people/2"},
		"no such party":         {with(func(w *hub.SessionWish) { w.People[2].Party = 3 }), "/people/2/party"},
		"no such officer":       {with(func(w *hub.SessionWish) { w.People[3].Person = "p-nobody" }), "/people/3/person"},
		"a party as agent":      {with(func(w *hub.SessionWish) { w.People[1].Role = session.Agent }), "/people/1/role"},
		"a guest without name":  {with(func(w *hub.SessionWish) { w.People[1] = hub.SeatWish{Role: session.Interpreter} }), "/people/1/name"},
		"no such part":          {with(func(w *hub.SessionWish) { w.People[1].Role = "judge" }), "/people/1/role"},
		"told by nobody knows":  {with(func(w *hub.SessionWish) { w.People[1].Told = "dream" }), "/people/1/told"},
		"a window with a slash": {with(func(w *hub.SessionWish) { w.Window = "a/b" }), "/window"},
	} {
		_, err := m.Execute(t.Context(), hub.Command{ID: "bad", Case: m.id, Actor: hubtest.Clerk(), Intent: x.wish})
		if hub.ErrorCode(err) != hub.Invalid || !slices.ContainsFunc(hub.FieldsOf(err), func(f hub.FieldError) bool { return f.Pointer == x.pointer }) {
			t.Errorf("%s: %v %+v, want %s", name, err, hub.FieldsOf(err), x.pointer)
		}
	}
	own := hubtest.Second()
	own.Ref = m.Keys.PartyRef("passport", "E12345678")
	m.refused(own, with(func(*hub.SessionWish) {}), hub.OwnCase)
	m.refused(hubtest.Supervisor(), with(func(*hub.SessionWish) {}), hub.Forbidden)
	m.refused(hub.Actor{Person: "x", Agency: hubtest.Stranger, Roles: []hub.Role{hub.Clerk}}, with(func(*hub.SessionWish) {}), hub.NotFound)
	m.refused(hubtest.Clerk(), hub.ScheduleSession{SessionWish: m.wish}, hub.SlotTaken)
	m.refused(hubtest.Clerk(), hub.ChangeSession{Session: m.sid, SessionWish: m.wish}, hub.Invalid) // no reason
	m.refused(hubtest.Clerk(), hub.CancelSession{Session: "none", Ground: "agency", Text: "x"}, hub.NotFound)
	m.refused(hubtest.Clerk(), hub.CancelSession{Session: m.sid, Ground: "expired", Text: "x"}, hub.Invalid)
	m.refused(hubtest.Clerk(), hub.CancelSession{Session: m.sid, Ground: "agency"}, hub.Invalid)
	m.Clock.Until(m.wish.From) // ten in the morning of a working day
	today := with(func(*hub.SessionWish) {})
	m.refused(hubtest.Clerk(), today, hub.Invalid)
	today.Agreed, today.From, today.To = true, today.From.Add(time.Hour), today.To.Add(time.Hour)
	m.do(hubtest.Clerk(), today)
	if c := load(t, m.Hub, m.id); len(c.Sessions) != 2 || !c.Sessions[1].Plan.Short || c.Sessions[0].Plan.Short {
		t.Errorf("%+v", c.Sessions)
	}
}

// Changing lets the old time go and holds the new; cancelling lets all go.
func TestAppointmentsMoveAndLetGo(t *testing.T) {
	m := newMeeting(t)
	later := m.wish
	later.From, later.To, later.Text = m.wish.From.Add(15*time.Minute), m.wish.To.Add(15*time.Minute), "申请人要求"
	m.refused(hubtest.Clerk(), hub.ChangeSession{Session: m.sid, SessionWish: hub.SessionWish{From: later.From, To: later.To, Text: "x", People: m.wish.People[:2]}}, hub.Invalid)
	m.do(hubtest.Clerk(), hub.ChangeSession{Session: m.sid, SessionWish: later})
	first := m.wish
	first.To = first.From.Add(15 * time.Minute)
	m.do(hubtest.Clerk(), hub.ScheduleSession{SessionWish: first}) // what was let go
	m.refused(hubtest.Clerk(), hub.ScheduleSession{SessionWish: later}, hub.SlotTaken)
	free, err := m.FreeSlots(t.Context(), hub.Reading{Actor: hubtest.Clerk()}, m.id, first, 30*time.Minute, 1)
	m.must(err)
	for _, s := range free {
		if s.Overlaps(session.Slot{From: first.From, To: later.To}) {
			t.Errorf("free although taken: %v", s)
		}
	}
	if len(free) == 0 {
		t.Error("nothing is free")
	}
	m.do(hubtest.Clerk(), hub.CancelSession{Session: m.sid, Ground: "applicant", Text: "申请人取消"})
	m.refused(hubtest.Clerk(), hub.CancelSession{Session: m.sid, Ground: "applicant", Text: "x"}, hub.SessionState)
	m.refused(hubtest.Reviewer(), m.move(session.Opened, ""), hub.SessionState)
	again := later
	again.From = m.wish.To
	m.do(hubtest.Clerk(), hub.ScheduleSession{SessionWish: again})
	b, err := m.SessionCalendar(t.Context(), hub.Reading{Actor: hubtest.Clerk()}, m.id, m.sid)
	if err != nil || !bytes.Contains(b, []byte("STATUS:CANCELLED")) || !bytes.Contains(b, []byte("SEQUENCE:1")) || bytes.Contains(b, []byte("张三")) {
		t.Errorf("%v\n%s", err, b)
	}
}

// Two hubs on the same stores book at once, again and again: nobody is booked twice.
func TestNoTwoNodesBookTheSameTime(t *testing.T) {
	m := newMeeting(t)
	type got struct {
		slot session.Slot
		err  error
	}
	out := make(chan got)
	for n := range 12 {
		go func() {
			w := m.wish
			w.From = m.wish.To.Add(time.Duration(n%4) * session.Quantum)
			w.To = w.From.Add(time.Duration(1+n%3) * session.Quantum)
			_, err := m.Execute(t.Context(), hub.Command{ID: hub.CommandID(fmt.Sprint("race-", n)), Case: m.id, Actor: hubtest.Clerk(), Intent: hub.ScheduleSession{SessionWish: w}})
			out <- got{session.Slot{From: w.From, To: w.To}, err}
		}()
	}
	var booked []session.Slot
	for range 12 {
		x := <-out
		switch hub.ErrorCode(x.err) {
		case "":
			for _, b := range booked {
				if b.Overlaps(x.slot) {
					t.Errorf("%v and %v are both booked", b, x.slot)
				}
			}
			booked = append(booked, x.slot)
		case hub.SlotTaken, hub.Conflict, hub.Unavailable:
		default:
			t.Errorf("%v", x.err)
		}
	}
	if len(booked) == 0 || len(load(t, m.Hub, m.id).Sessions) != 1+len(booked) {
		t.Errorf("booked %v, in the chain %d", booked, len(load(t, m.Hub, m.id).Sessions)-1)
	}
}

// A crash between the slots and the event leaves a hold that the sweeper ends.
func TestSlotsOfALostCommandAreLetGo(t *testing.T) {
	stop := false
	h := hubtest.New(t, hub.Ports{Fault: func(point string) {
		if stop && point == "after_slots" {
			panic("crash")
		}
	}}, nil)
	h.Staff(t)
	m := &meeting{Hub: h, t: t, id: arrive(t, h), wish: h.Appointment()}
	func() {
		stop = true
		defer func() { _ = recover(); stop = false }()
		m.do(hubtest.Clerk(), hub.ScheduleSession{SessionWish: m.wish})
	}()
	m.refused(hubtest.Clerk(), hub.ScheduleSession{SessionWish: m.wish}, hub.SlotTaken)
	m.Clock.Advance(3 * time.Minute)
	if n, err := m.SweepSessions(t.Context(), 10); err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	m.do(hubtest.Clerk(), hub.ScheduleSession{SessionWish: m.wish})
	m.Clock.Advance(3 * time.Minute)
	if n, err := m.SweepSessions(t.Context(), 10); err != nil || n != 0 {
		t.Fatalf("%d, %v", n, err)
	}
	m.refused(hubtest.Clerk(), hub.ScheduleSession{SessionWish: m.wish}, hub.SlotTaken)
	m.Clock.Until(m.wish.To.Add(session.DoorCloses + time.Minute))
	if _, err := m.SweepSessions(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	if s := m.session(); s.Now.State != session.Expired || s.Ground != "expired" {
		t.Errorf("%s, %s", s.Now.State, s.Ground)
	}
}

func TestLinksLetInOnce(t *testing.T) {
	m := newMeeting(t)
	ctx, clerk := t.Context(), hub.Reading{Actor: hubtest.Clerk()}
	for who, want := range map[session.Who]hub.Code{"p1": hub.Invalid, "p9": hub.Invalid} {
		_, err := m.Invite(ctx, clerk, m.id, m.sid, who)
		wantCode(t, err, want)
	}
	_, err := m.Invite(ctx, hub.Reading{Actor: hubtest.Supervisor()}, m.id, m.sid, "p2")
	wantCode(t, err, hub.Forbidden)
	in, err := m.Invite(ctx, clerk, m.id, m.sid, "p2")
	m.must(err)
	if len(in.Link) != 22 || len(in.Code) != 6 {
		t.Errorf("%+v", in)
	}
	wrong := "000000"
	if in.Code == wrong {
		wrong = "000001"
	}
	for name, x := range map[string][2]string{
		"another link": {"AAAAAAAAAAAAAAAAAAAAAA", in.Code}, "no link": {"", in.Code}, "a book": {strings.Repeat("x", 1000), in.Code}, "wrong code": {in.Link, wrong}, "no code": {in.Link, ""},
	} {
		if _, err := m.Attend(ctx, x[0], x[1]); hub.ErrorCode(err) != hub.Unauthenticated {
			t.Errorf("%s: %v", name, err)
		}
	}
	a, err := m.Attend(ctx, in.Link, in.Code)
	m.must(err)
	_, err = m.Attend(ctx, in.Link, in.Code)
	wantCode(t, err, hub.Unauthenticated) // used
	got, err := m.Attending(ctx, a.Token)
	m.must(err)
	if got.Session != m.sid || got.Who != "p2" || got.Actor.Ref == "" || got.Actor.Agency != "" || got.Token != "" {
		t.Errorf("%+v", got)
	}
	again, err := m.Invite(ctx, clerk, m.id, m.sid, "p2")
	m.must(err)
	_, err = m.Attending(ctx, a.Token)
	wantCode(t, err, hub.Unauthenticated) // replaced
	for range 5 {
		_, err = m.Attend(ctx, again.Link, wrongCode(again.Code))
		wantCode(t, err, hub.Unauthenticated)
	}
	_, err = m.Attend(ctx, again.Link, again.Code)
	wantCode(t, err, hub.Locked)
	third, err := m.Invite(ctx, clerk, m.id, m.sid, "p2")
	m.must(err)
	a, err = m.Attend(ctx, third.Link, third.Code)
	m.must(err)
	m.Clock.Advance(20 * time.Minute)
	_, err = m.Attending(ctx, a.Token)
	m.must(err)
	m.Clock.Advance(20 * time.Minute) // used meanwhile: still good
	_, err = m.Attending(ctx, a.Token)
	m.must(err)
	m.Clock.Advance(31 * time.Minute)
	_, err = m.Attending(ctx, a.Token)
	wantCode(t, err, hub.Unauthenticated)
	fourth, err := m.Invite(ctx, clerk, m.id, m.sid, "p2")
	m.must(err)
	m.Clock.Until(m.wish.To.Add(time.Hour))
	_, err = m.Attend(ctx, fourth.Link, fourth.Code)
	wantCode(t, err, hub.Unauthenticated)
}

func wrongCode(c string) string {
	if c == "123456" {
		return "654321"
	}
	return "123456"
}

// Who came by a link takes part in his session; there is nothing else for him.
func TestALinkOpensNothingElse(t *testing.T) {
	m := newMeeting(t)
	m.Clock.Until(m.wish.From.Add(-20 * time.Minute))
	seller := m.comes("p2")
	read := hub.Reading{Actor: seller, Purpose: "x"}
	ctx := t.Context()
	_, err := m.Open(ctx, read, m.id, false)
	wantCode(t, err, hub.Forbidden)
	_, err = m.History(ctx, read, m.id)
	wantCode(t, err, hub.Forbidden)
	_, err = m.Progress(ctx, read, m.id)
	wantCode(t, err, hub.Forbidden)
	_, err = m.List(ctx, seller, hub.ListQuery{Limit: 5})
	wantCode(t, err, hub.Forbidden)
	_, err = m.ListSessions(ctx, seller, hub.SessionQuery{})
	wantCode(t, err, hub.Forbidden)
	_, err = m.SessionBoard(ctx, read)
	wantCode(t, err, hub.Forbidden)
	_, err = m.LookIntoSession(ctx, read, m.id, m.sid)
	wantCode(t, err, hub.Forbidden)
	_, _, _, err = openMaterial(m, read)
	wantCode(t, err, hub.Forbidden)
	m.refused(seller, hub.Withdraw{Reason: "x"}, hub.Forbidden)
	m.refused(seller, hub.ScheduleSession{SessionWish: m.wish}, hub.Forbidden)
	m.refused(seller, m.move(session.Opened, ""), hub.Forbidden)
	m.refused(seller, m.move(session.Admit, "p2"), hub.SessionState)
	other := seller
	other.Seat = "p3"
	m.refused(other, m.consent(), hub.NotFound)
	other = seller
	other.Session = "another"
	m.refused(other, m.consent(), hub.NotFound)
	st, err := m.OpenSession(ctx, read, m.id, m.sid)
	m.must(err)
	if st.Session.Names["p2"] != "张*" || st.Session.Names["p3"] != "李*" || st.Seat != "p2" || st.Case.Form != nil && st.Case.Parties[0].Name == "张三" {
		t.Errorf("%+v", st.Session.Names)
	}
}

func openMaterial(m *meeting, r hub.Reading) (hub.Material, any, hub.MaterialID, error) {
	c := load(m.t, m.Hub, m.id)
	mat, body, err := m.OpenMaterial(m.t.Context(), r, m.id, c.Materials[0].ID)
	if body != nil {
		m.must(body.Close())
	}
	return mat, nil, c.Materials[0].ID, err
}

func TestTheDoorAsksForConsentAndTest(t *testing.T) {
	m := newMeeting(t)
	ctx := t.Context()
	in, err := m.Invite(ctx, hub.Reading{Actor: hubtest.Clerk()}, m.id, m.sid, "p2")
	m.must(err)
	a, err := m.Attend(ctx, in.Link, in.Code)
	m.must(err)
	good := hub.SelfTest{Score: "okay"}
	wantCode(t, m.TestDevices(ctx, a.Actor, m.id, m.sid, hub.SelfTest{Score: "great"}), hub.Invalid)
	m.must(m.TestDevices(ctx, a.Actor, m.id, m.sid, good)) // the day before: only a test
	wantCode(t, m.WaitForSession(ctx, a.Actor, m.id, m.sid), hub.SessionState)
	st, err := m.OpenSession(ctx, hub.Reading{Actor: hubtest.Clerk()}, m.id, m.sid)
	if err != nil || st.Live.State != session.Scheduled || st.Row.Door["p2"].Test.Score != "okay" {
		t.Errorf("%v %+v", err, st.Row)
	}
	m.Clock.Until(m.wish.From.Add(-20 * time.Minute))
	in, err = m.Invite(ctx, hub.Reading{Actor: hubtest.Clerk()}, m.id, m.sid, "p2")
	m.must(err)
	a, err = m.Attend(ctx, in.Link, in.Code)
	m.must(err)
	wantCode(t, m.WaitForSession(ctx, a.Actor, m.id, m.sid), hub.ConsentMissing)
	bad := m.consent()
	bad.Texts[1] = hub.SHA256([]byte("other words"))
	m.refused(a.Actor, bad, hub.Invalid)
	bad = m.consent()
	bad.Lang = "en"
	m.refused(a.Actor, bad, hub.Invalid)
	m.refused(hubtest.Clerk(), m.consent(), hub.Forbidden) // an officer is asked for none
	m.do(a.Actor, m.consent())
	m.must(m.WaitForSession(ctx, a.Actor, m.id, m.sid))
	m.must(m.WaitForSession(ctx, a.Actor, m.id, m.sid))
	st, err = m.OpenSession(ctx, hub.Reading{Actor: hubtest.Clerk()}, m.id, m.sid)
	if err != nil || st.Live.State != session.Waiting || st.Live.Person("p2").Here != session.AtDoor {
		t.Errorf("%v %+v", err, st.Live)
	}
	if c := m.session().Consents[0]; c.Who != "p2" || len(c.Texts) != 3 || c.By.Agency != "" || !strings.HasSuffix(string(c.By.Person), c.Link) {
		t.Errorf("%+v", c)
	}
	if done, err := m.LeaveDoor(ctx, a.Actor, m.id, m.sid); err != nil || !done {
		t.Errorf("%t %v", done, err)
	}
	m.Custodians(t, m.id)
}
