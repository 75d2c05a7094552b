package hub_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/hub/session"
)

func scrawl() []session.Stroke {
	return []session.Stroke{{{X: 0.1, Y: 0.2, T: 0}, {X: 0.4, Y: 0.8, T: 90}, {X: 0.9, Y: 0.3, T: 210}}}
}

func (m *meeting) state() session.State { m.t.Helper(); return m.session().Now.State }

// A whole session: from the door to the sealed record, refusals on the way.
func TestASessionFromTheDoorToTheRecord(t *testing.T) {
	m := newMeeting(t)
	ctx, host := t.Context(), hubtest.Reviewer()
	m.refused(host, m.move(session.Opened, ""), hub.SessionState) // two days early
	m.Clock.Until(m.wish.From.Add(-10 * time.Minute))
	seller := m.comes("p2")
	m.refused(hubtest.Clerk(), m.move(session.Opened, ""), hub.Forbidden)
	m.refused(hubtest.Second(), m.move(session.Opened, ""), hub.Forbidden) // another reviewer, not the host
	m.refused(host, m.turn(session.Begin), hub.SessionState)
	m.do(host, m.move(session.Opened, ""))
	m.refused(host, m.turn(session.Begin), hub.SessionState) // no party is there
	m.refused(host, m.move(session.Admit, "p3"), hub.SessionState)
	m.refused(hubtest.Second(), m.move(session.Admit, "p2"), hub.Forbidden)
	m.must(m.LockSession(ctx, host, m.id, m.sid, true))
	m.refused(host, m.move(session.Admit, "p2"), hub.SessionLocked)
	wantCode(t, m.LockSession(ctx, seller, m.id, m.sid, false), hub.Forbidden)
	m.must(m.LockSession(ctx, host, m.id, m.sid, false))
	m.do(host, m.move(session.Admit, "p2"))
	m.refused(host, m.turn(session.Begin), hub.RecordingStalled) // nobody records yet
	m.look()
	if room, may := m.Room.At("p2"); room != hub.RoomID(m.sid) || !may.Hear || may.Control {
		t.Errorf("the seller is in %q and may %+v", room, may)
	}
	m.refused(host, hub.IdentifyInSession{Session: m.sid, Who: "p2", Method: "passport", Result: "matches", Document: "E1"}, hub.SessionState)
	m.do(host, m.turn(session.Begin))
	m.refused(host, m.turn(session.Begin), hub.SessionState)
	m.refused(host, m.move(session.Consult, "p2", "p4"), hub.SessionState)

	still := m.picture(host)
	who := hub.IdentifyInSession{Session: m.sid, Who: "p2", Method: "passport", Result: "matches", Document: "E12345678", Still: still}
	for name, x := range map[string]struct {
		change func(*hub.IdentifyInSession)
		want   hub.Code
	}{
		"no still": {func(i *hub.IdentifyInSession) { i.Still = "" }, hub.Invalid}, "no such way": {func(i *hub.IdentifyInSession) { i.Method = "dream" }, hub.Invalid},
		"no number": {func(i *hub.IdentifyInSession) { i.Document = "" }, hub.Invalid}, "differs without a word": {func(i *hub.IdentifyInSession) { i.Result = "differs" }, hub.Invalid},
		"an officer": {func(i *hub.IdentifyInSession) { i.Who = "p1" }, hub.Invalid}, "who is not there": {func(i *hub.IdentifyInSession) { i.Who = "p3" }, hub.Invalid},
	} {
		bad := who
		x.change(&bad)
		if err := try(t, m.Hub, host, m.id, m.key(), bad); hub.ErrorCode(err) != x.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	m.refused(seller, who, hub.Forbidden)
	m.refused(seller, m.consent(), hub.SessionState) // once is enough
	m.do(host, who)
	m.question(host, seller)
	m.sign(host, seller)
	m.Rec.Store("p2", m.segment(1))
	m.Rec.Finished(hub.RecordedFile{Who: "p2", Lane: "person", File: m.file("final"), Start: m.Now(), Millis: 1000, Segments: 2})
	m.do(host, m.turn(session.Close))
	m.Rec.Store("p2", m.segment(2))
	m.look()
	x := m.session()
	if x.Now.State != session.Closed || len(x.Tracks) != 1 || len(x.Tracks[0].Segments) != 2 || len(x.Files) != 1 || len(x.Identities) != 1 {
		t.Errorf("%+v", x)
	}
	if len(m.Rec.Recording()) != 0 {
		t.Errorf("still recording %v", m.Rec.Recording())
	}
	if _, closed := m.Room.Locked(); !slices.Contains(closed, hub.RoomID(m.sid)) {
		t.Errorf("closed rooms %v", closed)
	}
	m.Custodians(t, m.id)
	m.recordingIsReadWithAReason()
}

func (m *meeting) recordingIsReadWithAReason() {
	t, ctx := m.t, m.t.Context()
	_, _, err := m.OpenRecording(ctx, hub.Reading{Actor: hubtest.Supervisor()}, m.id, m.sid, "p2", "person")
	wantCode(t, err, hub.Invalid)
	_, _, err = m.OpenRecording(ctx, hub.Reading{Actor: hub.Actor{Person: "c", Agency: hubtest.Registry, Roles: []hub.Role{hub.Cashier}}, Purpose: "x"}, m.id, m.sid, "p2", "person")
	wantCode(t, err, hub.Forbidden)
	f, body, err := m.OpenRecording(ctx, hub.Reading{Actor: hubtest.Supervisor(), Purpose: "投诉核查"}, m.id, m.sid, "p2", "person")
	m.must(err)
	b, err := io.ReadAll(body)
	m.must(errors.Join(err, body.Close()))
	if int64(len(b)) != f.File.Size {
		t.Errorf("%d bytes of %d", len(b), f.File.Size)
	}
	lines, err := m.Access.Accesses(ctx, m.id, "", 100)
	m.must(err)
	if !slices.ContainsFunc(lines, func(a hub.Access) bool { return a.What == "recording" && a.Purpose == "投诉核查" }) {
		t.Error("the look is not recorded")
	}
}

func (m *meeting) picture(a hub.Actor) hub.Digest {
	m.t.Helper()
	pic, err := session.Signature(scrawl())
	m.must(err)
	d := m.Files.PutFile(m.t, pic)
	m.must(m.Uploads.SaveUpload(m.t.Context(), hub.Upload{Agency: a.Agency, Person: a.Person, At: m.Now(), File: hub.File{Digest: d, Size: int64(len(pic)), Type: "image/png"}}))
	return d
}

func (m *meeting) file(text string) hub.File {
	return hub.File{Digest: m.Files.PutFile(m.t, []byte(text)), Size: int64(len(text)), Type: "video/mp4"}
}

func (m *meeting) segment(n int) hub.RecordedSegment {
	at := hub.Millis(m.Now())
	return hub.RecordedSegment{N: n, File: m.file(fmt.Sprint("segment ", n)), From: at, To: at.Add(3 * time.Second)}
}

// question drafts, reads back, has it confirmed and records.
func (m *meeting) question(host, seller hub.Actor) {
	t, ctx := m.t, m.t.Context()
	draft := hub.SessionDraft{Who: "p2", Answers: hub.Form{"will": true}, Text: "无补充"}
	_, err := m.SaveDraft(ctx, seller, m.id, m.sid, draft, 0)
	wantCode(t, err, hub.Forbidden)
	_, err = m.SaveDraft(ctx, host, m.id, m.sid, hub.SessionDraft{Who: "p1"}, 0)
	wantCode(t, err, hub.Invalid)
	rev, err := m.SaveDraft(ctx, host, m.id, m.sid, draft, 0)
	m.must(err)
	_, err = m.SaveDraft(ctx, host, m.id, m.sid, draft, 0)
	wantCode(t, err, hub.StaleVersion)
	_, err = m.ReadBack(ctx, host, m.id, m.sid, rev)
	wantCode(t, err, hub.Invalid) // a question is open
	draft.Answers["words"] = "自愿出售"
	rev, err = m.SaveDraft(ctx, host, m.id, m.sid, draft, rev)
	m.must(err)
	page, err := m.OpenDraft(ctx, hub.Reading{Actor: seller}, m.id, m.sid)
	if err != nil || page.Draft != nil {
		t.Errorf("the seller reads what was not read to him: %+v, %v", page, err)
	}
	text, err := m.ReadBack(ctx, host, m.id, m.sid, rev)
	m.must(err)
	m.refused(host, hub.RecordInSession{Session: m.sid, Text: text}, hub.Invalid) // nobody has confirmed
	wantCode(t, m.ConfirmRecord(ctx, seller, m.id, m.sid, hub.SHA256(nil), scrawl()), hub.StaleVersion)
	wantCode(t, m.ConfirmRecord(ctx, seller, m.id, m.sid, text, nil), hub.Invalid)
	m.must(m.ConfirmRecord(ctx, seller, m.id, m.sid, text, scrawl()))
	m.must(m.ConfirmRecord(ctx, host, m.id, m.sid, text, scrawl()))
	draft.Text = "另有补充"
	rev, err = m.SaveDraft(ctx, host, m.id, m.sid, draft, rev) // voids what was confirmed
	m.must(err)
	m.refused(host, hub.RecordInSession{Session: m.sid, Text: text}, hub.StaleVersion)
	text, err = m.ReadBack(ctx, host, m.id, m.sid, rev)
	m.must(err)
	m.must(m.ConfirmRecord(ctx, seller, m.id, m.sid, text, scrawl()))
	m.refused(host, hub.RecordInSession{Session: m.sid, Text: text}, hub.Invalid) // the host has not
	m.must(m.ConfirmRecord(ctx, host, m.id, m.sid, text, scrawl()))
	page, err = m.OpenDraft(ctx, hub.Reading{Actor: seller}, m.id, m.sid)
	if err != nil || page.Draft == nil || page.Draft.Text != "另有补充" || len(page.Needed) != 0 {
		t.Errorf("%+v, %v", page, err)
	}
	m.do(host, hub.RecordInSession{Session: m.sid, Text: text})
	m.must(m.DropDraft(ctx, m.id, m.sid, text))
	c := load(t, m.Hub, m.id)
	q := c.QuestioningOf(c.PartyRefs[0])
	if q == nil || q.Mode != "video" || q.Session == nil || len(q.Session.Confirmed) != 2 || q.Session.Record.Type != "application/pdf" || q.Answers["words"] != "自愿出售" || q.Text != "另有补充" {
		t.Fatalf("%+v", q)
	}
	page, err = m.OpenDraft(ctx, hub.Reading{Actor: host}, m.id, m.sid)
	if err != nil || page.Draft != nil {
		t.Errorf("the draft is still there: %v", err)
	}
	for name, x := range map[string]struct {
		a    hub.Actor
		who  session.Who
		want hub.Code
	}{
		"his own": {seller, "", ""}, "his own, by name": {seller, "p2", ""}, "another's": {seller, "p3", hub.NotFound},
		"an officer's": {hubtest.Clerk(), "p2", ""}, "a supervisor's": {hubtest.Supervisor(), "p2", hub.Forbidden},
	} {
		_, body, err := m.OpenRecordPaper(ctx, hub.Reading{Actor: x.a}, m.id, m.sid, x.who)
		if hub.ErrorCode(err) != x.want {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			m.must(body.Close())
		}
	}
}

// sign lets the seller sign a material on his screen.
func (m *meeting) sign(host, seller hub.Actor) {
	t, ctx := m.t, m.t.Context()
	mat := load(t, m.Hub, m.id).Materials[0].ID
	i := hub.SignInSession{Session: m.sid, Material: mat, Strokes: scrawl()}
	m.refused(seller, i, hub.Invalid) // not shown
	_, _, err := m.OpenShown(ctx, hub.Reading{Actor: seller}, m.id, m.sid, mat)
	wantCode(t, err, hub.NotFound)
	wantCode(t, m.ShowInSession(ctx, hub.Reading{Actor: seller}, m.id, m.sid, mat), hub.Forbidden)
	wantCode(t, m.ShowInSession(ctx, hub.Reading{Actor: host}, m.id, m.sid, "none"), hub.NotFound)
	m.must(m.ShowInSession(ctx, hub.Reading{Actor: host}, m.id, m.sid, mat))
	_, body, err := m.OpenShown(ctx, hub.Reading{Actor: seller}, m.id, m.sid, mat)
	m.must(err)
	m.must(body.Close())
	i.Strokes = nil
	m.refused(seller, i, hub.Invalid)
	i.Strokes = scrawl()
	m.do(seller, i)
	m.refused(seller, i, hub.Invalid) // once is enough
	x := m.session()
	if len(x.Signed) != 1 || x.Signed[0].Who != "p2" || x.Signed[0].Signature.Type != "image/png" {
		t.Errorf("%+v", x.Signed)
	}
}

// Design §3.11: the formal part runs only while its recording is confirmed.
func TestTheFormalPartPausesWhenTheRecordingStalls(t *testing.T) {
	for name, x := range map[string]struct {
		spoil func(*meeting)
		heal  func(*meeting)
		why   string
		after time.Duration // at the latest
	}{
		"it says so":                 {func(m *meeting) { m.Rec.Stall("storage_refused") }, func(m *meeting) { m.Rec.Stall("") }, "storage_refused", hub.StallLook},
		"it confirms nothing more":   {func(m *meeting) { m.Rec.Freeze(m.Now()) }, func(m *meeting) { m.Rec.Freeze(time.Time{}) }, "not_confirmed", 5 * time.Second},
		"it does not answer":         {func(m *meeting) { m.Rec.Silence(errors.New("gone")) }, func(m *meeting) { m.Rec.Silence(nil) }, "recorder_silent", 5 * time.Second},
		"it records one of two only": {func(m *meeting) { m.must(m.Rec.Stop(m.t.Context(), m.sid, "p2")) }, func(m *meeting) { m.must(m.Rec.Start(m.t.Context(), m.sid, "p2")) }, "not_confirmed", 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMeeting(t)
			m.formal()
			k := hub.NewSessionLoop(m.Service, here)
			m.must(k.Look(t.Context()))
			for range 40 { // ten seconds of good recording
				m.Clock.Advance(hub.StallLook)
				m.must(k.Look(t.Context()))
			}
			if m.state() != session.Formal {
				t.Fatalf("%s while all is well", m.state())
			}
			x.spoil(m)
			broken := m.Now()
			for m.state() == session.Formal && m.Now().Sub(broken) < 20*time.Second {
				m.Clock.Advance(hub.StallLook)
				_ = k.Look(t.Context()) // it may tell that the recorder is silent
			}
			took := m.Now().Sub(broken)
			s := m.session()
			if s.Now.State != session.Paused || s.Now.Cause != session.CauseRecording || took > x.after+hub.StallLook {
				t.Errorf("%s for %s after %v", s.Now.State, s.Now.Cause, took)
			}
			st, err := m.OpenSession(t.Context(), hub.Reading{Actor: hubtest.Clerk()}, m.id, m.sid)
			if err != nil || !st.Row.Stalled || st.Row.StalledWhy != x.why {
				t.Errorf("everybody sees %q: %v", st.Row.StalledWhy, err)
			}
			m.refused(hubtest.Reviewer(), m.turn(session.Resume), hub.RecordingStalled)
			x.heal(m)
			m.must(k.Look(t.Context()))
			m.do(hubtest.Reviewer(), m.turn(session.Resume))
			m.Custodians(t, m.id)
		})
	}
}

// The host's line breaks: the formal part stands still, another reviewer goes on.
func TestTheHostLeavesAndIsFollowed(t *testing.T) {
	m := newMeeting(t)
	m.formal()
	m.do(hubtest.Second(), m.move(session.Enter, ""))
	m.refused(hubtest.Second(), hub.HostSession{Session: m.sid, Did: session.TakeOver}, hub.SessionState)
	m.must(m.Gone(t.Context(), m.sid, "p1"))
	if s := m.session(); s.Now.State != session.Paused || s.Now.Cause != session.CauseHostLeft || s.Turns[len(s.Turns)-1].Cause != session.CauseHostLeft {
		t.Errorf("%+v", s.Now)
	}
	m.must(m.Gone(t.Context(), m.sid, "p1")) // told twice
	m.refused(hubtest.Reviewer(), m.turn(session.Resume), hub.SessionState)
	m.do(hubtest.Second(), hub.HostSession{Session: m.sid, Did: session.TakeOver})
	m.look()
	m.do(hubtest.Second(), m.turn(session.Resume))
	m.do(hubtest.Reviewer(), m.move(session.Enter, ""))
	m.do(hubtest.Second(), hub.HostSession{Session: m.sid, Did: session.HandOver, To: "p1"})
	m.refused(hubtest.Second(), m.turn(session.Pause), hub.Forbidden)
	m.do(hubtest.Reviewer(), m.turn(session.Pause))
	row, err := m.Sessions.SessionRow(t.Context(), m.sid)
	if err != nil || row.Host != "p-first" || row.State != session.Paused {
		t.Errorf("%+v, %v", row, err)
	}
}

// Private talks have a room of their own and are not recorded.
func TestPrivateTalks(t *testing.T) {
	m := newMeeting(t)
	m.formal()
	m.comes("p3")
	host := hubtest.Reviewer()
	m.do(host, m.move(session.Admit, "p3"))
	m.refused(host, m.move(session.Consult, "p2", "p3"), hub.SessionState) // the formal part runs
	m.do(host, m.turn(session.Pause))
	m.refused(host, m.move(session.Consult, "p2", "p1"), hub.Forbidden) // never with an officer
	k := hub.NewSessionLoop(m.Service, here)
	m.must(k.Look(t.Context()))
	m.do(host, m.move(session.Consult, "p2", "p3"))
	m.must(k.Look(t.Context()))
	room, may := m.Room.At("p2")
	if other, _ := m.Room.At("p3"); room != other || room == hub.RoomID(m.sid) || may.Control || slices.Contains(m.Rec.Recording(), "p2") {
		t.Errorf("in %q and %q, recording %v", room, other, m.Rec.Recording())
	}
	m.refused(host, m.turn(session.Resume), hub.SessionState)
	m.do(host, m.move(session.Rejoin, "p2"))
	m.must(k.Look(t.Context()))
	if room, _ := m.Room.At("p3"); room != hub.RoomID(m.sid) || !slices.Contains(m.Rec.Recording(), "p3") {
		t.Errorf("back in %q, recording %v", room, m.Rec.Recording())
	}
	m.do(host, m.move(session.Remove, "p3"))
	m.must(k.Look(t.Context()))
	if room, _ := m.Room.At("p3"); room != "" {
		t.Errorf("removed and in %q", room)
	}
}

// A node dies: another takes its rooms and their recordings.
func TestAnotherNodeTakesTheRoomsOfADeadOne(t *testing.T) {
	m := newMeeting(t)
	m.formal()
	one, two := hub.NewSessionLoop(m.Service, here), hub.NewSessionLoop(m.Service, hub.SessionNode{ID: "n2", Address: "n2.example.cn"})
	m.must(one.Look(t.Context()))
	m.must(two.Look(t.Context()))
	row, err := m.Sessions.SessionRow(t.Context(), m.sid)
	if err != nil || row.Node != "n1" || row.Address != "n1.example.cn" {
		t.Fatalf("%+v, %v", row, err)
	}
	m.Clock.Advance(7 * time.Second) // the first says nothing more
	m.must(two.Look(t.Context()))
	if row, err = m.Sessions.SessionRow(t.Context(), m.sid); err != nil || row.Node != "n2" {
		t.Fatalf("%+v, %v", row, err)
	}
	m.must(one.Look(t.Context()))
	if row, err = m.Sessions.SessionRow(t.Context(), m.sid); err != nil || row.Node != "n2" {
		t.Errorf("the dead node took it back: %+v, %v", row, err)
	}
}

// A recording that cannot be finished is tried again later and later, not at
// every look, and does end.
func TestFinishingIsPutOffAfterAFailure(t *testing.T) {
	m := newMeeting(t)
	m.formal()
	k := hub.NewSessionLoop(m.Service, here)
	m.must(k.Look(t.Context()))
	m.do(hubtest.Reviewer(), m.turn(session.Close))
	m.Rec.Silence(errors.New("damaged"))
	failed := 0
	for range 40 { // ten seconds of looks
		if k.Look(t.Context()) != nil {
			failed++
		}
		m.Clock.Advance(hub.StallLook)
	}
	if failed < 2 || failed > 5 {
		t.Errorf("tried %d times in ten seconds", failed)
	}
	m.Rec.Silence(nil)
	m.Rec.Finished(hub.RecordedFile{Who: "p2", Lane: "person", File: m.file("final"), Start: m.Now(), Millis: 1000, Segments: 2})
	m.Clock.Advance(10 * time.Minute)
	m.must(k.Look(t.Context()))
	c, _, err := m.Load(t.Context(), m.id)
	if err != nil || len(c.Session(m.sid).Files) != 1 {
		t.Errorf("%+v, %v", c.Session(m.sid).Files, err)
	}
	rows, err := m.Sessions.LedSessions(t.Context(), here.ID, m.Now(), 10)
	if err != nil || len(rows) != 0 {
		t.Errorf("%d sessions are still looked after: %v", len(rows), err)
	}
}

// The row can be dropped: it is made again from the chain.
func TestTheRowOfASessionIsMadeAgain(t *testing.T) {
	m := newMeeting(t)
	m.formal()
	before, err := m.Sessions.SessionRow(t.Context(), m.sid)
	m.must(err)
	rep, err := m.Rebuild(t.Context(), false, nil)
	if err != nil || len(rep.Findings) != 0 {
		t.Errorf("%+v, %v", rep.Findings, err)
	}
	same := before
	same.Chain = session.New(session.Host)
	_, err = m.Sessions.SaveSessionRow(t.Context(), same)
	m.must(err)
	if rep, err = m.Rebuild(t.Context(), false, nil); err != nil || len(rep.Findings) != 1 {
		t.Errorf("%+v, %v", rep.Findings, err)
	}
	if _, err = m.Rebuild(t.Context(), true, nil); err != nil {
		t.Fatal(err)
	}
	before, err = m.Sessions.SessionRow(t.Context(), m.sid)
	m.must(err)
	if before.Chain.State != session.Formal || before.Chain.Person("p2").Here != session.Admitted {
		t.Errorf("rebuilt %+v", before.Chain)
	}
	broken := before
	broken.Chain, broken.State, broken.Seq, broken.Host = session.New(session.Host), session.Scheduled, 1, "nobody"
	_, err = m.Sessions.SaveSessionRow(t.Context(), broken)
	m.must(err)
	m.must(m.Reproject(t.Context(), m.id))
	after, err := m.Sessions.SessionRow(t.Context(), m.sid)
	m.must(err)
	if fmt.Sprint(after.Chain) != fmt.Sprint(before.Chain) || after.State != session.Formal || after.Host != before.Host {
		t.Errorf("before %+v\nafter %+v", before, after)
	}
}

// While people are met the case stays where it is, and a supervisor sees the
// board but not the room.
func TestTheBoardOfTheSupervisor(t *testing.T) {
	m := newMeeting(t)
	seller := m.formal()
	ctx := t.Context()
	m.must(m.CallForHelp(ctx, seller, m.id, m.sid, "听不清"))
	m.must(m.ReportNetwork(ctx, m.sid, "p2", 0.12, 300))
	read := hub.Reading{Actor: hubtest.Supervisor()}
	rows, err := m.SessionBoard(ctx, read)
	if err != nil || len(rows) != 1 || rows[0].Door["p2"].Help != "听不清" || rows[0].Door["p2"].Loss != 0.12 {
		t.Errorf("%+v, %v", rows, err)
	}
	_, err = m.SessionBoard(ctx, hub.Reading{Actor: hubtest.Reviewer()})
	wantCode(t, err, hub.Forbidden)
	_, err = m.LookIntoSession(ctx, read, m.id, m.sid)
	wantCode(t, err, hub.Invalid)
	read.Purpose = "求助"
	g, err := m.LookIntoSession(ctx, read, m.id, m.sid)
	if err != nil || !g.Hidden || len(g.May.Publish) > 0 || g.May.Control {
		t.Errorf("%+v, %v", g, err)
	}
	g, err = m.GrantSession(ctx, seller, m.id, m.sid)
	if err != nil || g.Room != hub.RoomID(m.sid) || g.Who != "p2" || !g.Inside || g.Hidden {
		t.Errorf("%+v, %v", g, err)
	}
	m.must(m.Gone(ctx, m.sid, "p2"))
	_, err = m.GrantSession(ctx, seller, m.id, m.sid)
	wantCode(t, err, hub.SessionState)
}
