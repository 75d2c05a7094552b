package hubtest

import (
	"fmt"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/session"
)

// Asking is a test hub's item whose parties are questioned.
func Asking() hub.Standard {
	s := Standard()
	s.Version, s.From = 9, s.From.AddDate(2, 0, 0)
	s.Questions = []hub.Question{{Key: "will", Kind: "bool", Risk: "no", ZH: "是否真实意愿？", EN: "your true will?"}}
	s.Digest = hub.SHA256([]byte(fmt.Sprint(s)))
	return s
}

// Scrawl is somebody's signature.
func Scrawl() []session.Stroke {
	return []session.Stroke{{{X: 0.1, Y: 0.2, T: 0}, {X: 0.3, Y: 0.8, T: 90}, {X: 0.5, Y: 0.3, T: 180}}, {{X: 0.55, Y: 0.6, T: 300}, {X: 0.9, Y: 0.4, T: 410}}}
}

// Meet holds a whole video session in a case that the registry has, of which
// the standard is [Asking]: the seller is let in, identified, questioned, and
// signs; the recording has two segments, and a third after the end.
func (h *Hub) Meet(t testing.TB, id hub.CaseID) session.ID {
	t.Helper()
	ctx, host, clerk := t.Context(), Reviewer(), Clerk()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	h.Staff(t)
	wish := h.Appointment()
	h.Do(t, clerk, id, "meet-schedule", hub.ScheduleSession{SessionWish: wish})
	sid := hub.NewSessionID(id, "meet-schedule")
	move := func(a hub.Actor, key string, did session.Act, who session.Who) {
		t.Helper()
		h.Do(t, a, id, "meet-"+key, hub.MoveInSession{Session: sid, Did: did, Who: who})
	}
	turn := func(key string, did session.Act) {
		t.Helper()
		h.Do(t, host, id, "meet-"+key, hub.TurnSession{Session: sid, Did: did})
	}
	h.Clock.Until(wish.From.Add(-5 * time.Minute))
	in, err := h.Invite(ctx, hub.Reading{Actor: clerk}, id, sid, "p2")
	must(err)
	seller, err := h.Attend(ctx, in.Link, in.Code)
	must(err)
	consent := hub.ConsentToSession{Session: sid, Lang: "zh-CN"}
	for _, x := range hub.SessionTexts("zh-CN") {
		consent.Texts = append(consent.Texts, x.Digest)
	}
	h.Do(t, seller.Actor, id, "meet-consent", consent)
	must(h.TestDevices(ctx, seller.Actor, id, sid, hub.SelfTest{Score: "good", Camera: true, Mic: true, Speaker: true}))
	must(h.WaitForSession(ctx, seller.Actor, id, sid))
	move(host, "open", session.Opened, "")
	move(host, "admit", session.Admit, "p2")
	loop := NewLoop(h)
	must(loop.Look(ctx))
	turn("begin", session.Begin)

	still, err := session.Signature(Scrawl())
	must(err)
	d := h.Files.PutFile(t, still)
	must(h.Uploads.SaveUpload(ctx, hub.Upload{Agency: host.Agency, Person: host.Person, At: h.Now(), File: hub.File{Digest: d, Size: int64(len(still)), Type: "image/png"}}))
	h.Do(t, host, id, "meet-identify", hub.IdentifyInSession{Session: sid, Who: "p2", Method: "passport", Result: "matches", Still: d, Document: "E12345678"})

	rev, err := h.SaveDraft(ctx, host, id, sid, hub.SessionDraft{Who: "p2", Answers: hub.Form{"will": true}, Text: "自愿出售，无补充"}, 0)
	must(err)
	text, err := h.ReadBack(ctx, host, id, sid, rev)
	must(err)
	must(h.ConfirmRecord(ctx, seller.Actor, id, sid, text, Scrawl()))
	must(h.ConfirmRecord(ctx, host, id, sid, text, Scrawl()[:1]))
	h.Do(t, host, id, "meet-record", hub.RecordInSession{Session: sid, Text: text})
	must(h.DropDraft(ctx, id, sid, text))

	c, _, err := h.Load(ctx, id)
	must(err)
	mat := c.Materials[0].ID
	must(h.ShowInSession(ctx, hub.Reading{Actor: host}, id, sid, mat))
	h.Do(t, seller.Actor, id, "meet-sign", hub.SignInSession{Session: sid, Material: mat, Strokes: Scrawl()})
	h.Rec.Store("p2", h.segment(t, 1))
	h.Rec.Store("p1", h.segment(t, 2))
	turn("pause", session.Pause)
	h.Clock.Advance(time.Second)
	must(loop.Look(ctx))
	turn("close", session.Close)
	h.Rec.Store("p2", h.segment(t, 3))
	h.Rec.Finished(hub.RecordedFile{Who: "p2", Lane: "person", File: h.segment(t, 4).File, Start: hub.Millis(h.Now()), Millis: 6000, Segments: 2})
	must(loop.Look(ctx))
	_, err = h.ExecuteForAgency(ctx, Registry, hub.Command{ID: "meet-chat", Case: id, Intent: hub.KeepChat{
		Session: sid, Lines: []hub.ChatLine{{Who: "p2", At: hub.Millis(h.Now()), Kind: "chat", Text: "听得清"}},
	}})
	must(err)
	return sid
}

// NewLoop looks after the sessions of a test hub.
func NewLoop(h *Hub) *hub.SessionLoop {
	return hub.NewSessionLoop(h.Service, hub.SessionNode{ID: "n1", Address: "n1.example.cn"})
}

func (h *Hub) segment(t testing.TB, n int) hub.RecordedSegment {
	content := fmt.Appendf(nil, "\x00\x00\x00\x18ftypiso5 segment %d", n)
	at := hub.Millis(h.Now())
	return hub.RecordedSegment{
		N: n, File: hub.File{Digest: h.Files.PutFile(t, content), Size: int64(len(content)), Type: "video/mp4"}, From: at, To: at.Add(3 * time.Second),
	}
}
