package api

import (
	"bytes"
	"context"
	"io"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"tongban/hub"
	"tongban/hub/session"
)

// meetingOutput is a session as it is now, for one reader.
type meetingOutput struct{ Body meetingPage }

// meetingPage is what a reader sees of a session.
type meetingPage struct {
	Case     hub.CaseID        `json:"case"`
	Number   string            `json:"number"`
	Session  meetingView       `json:"session"`
	Seat     session.Who       `json:"seat,omitempty" doc:"the reader's own"`
	May      mayView           `json:"may" doc:"what the reader may do in the room now"`
	Presence []presenceView    `json:"presence" nullable:"false"`
	Shown    []shownView       `json:"shown" nullable:"false" doc:"materials that are shown to all"`
	Node     string            `json:"node,omitempty" doc:"where the room is"`
	Stalled  string            `json:"stalled,omitempty" doc:"why the recording is not confirmed"`
	Now      time.Time         `json:"now" doc:"the hub's clock, for countdowns"`
	Texts    []consentTextView `json:"texts,omitempty" doc:"what is to be read and agreed to; absent when it is done or not asked"`
}

// shownView is a material that everybody in the room may look at.
type shownView struct {
	ID    hub.MaterialID `json:"material"`
	Slot  string         `json:"slot"`
	Name  string         `json:"name"`
	Pages int            `json:"pages" doc:"pictures that there are of it"`
}

type mayView struct {
	Publish  []session.Source `json:"publish" nullable:"false"`
	Hear     bool             `json:"hear"`
	Control  bool             `json:"control"`
	Show     bool             `json:"show"`
	Point    bool             `json:"point"`
	Chat     bool             `json:"chat"`
	Caption  bool             `json:"caption"`
	Ask      bool             `json:"ask"`
	Question bool             `json:"question"`
	Identify bool             `json:"identify"`
	Sign     bool             `json:"sign"`
}

type consentTextView struct {
	Key     string     `json:"key"`
	Title   string     `json:"title"`
	Words   string     `json:"words"`
	Version string     `json:"version"`
	Digest  hub.Digest `json:"digest"`
}

func (s *Server) meeting(ctx context.Context, in place) (*meetingOutput, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.cfg.Service.OpenSession(ctx, reading(ctx, ""), id, sid)
	if err != nil {
		return nil, err
	}
	v := meetingPage{
		Case: id, Number: p.Case.Number, Session: meetingViewOf(p.Case, &p.Session, &p.Live), Seat: p.Seat, Presence: presenceOf(&p.Row, &p.Live),
		Shown: each(p.Shown, func(m hub.ShownMaterial) shownView { return shownView(m) }), Node: p.Row.Address, Now: hub.Millis(s.cfg.Now()),
	}
	v.May = mayView(p.May)
	if v.May.Publish == nil {
		v.May.Publish = []session.Source{}
	}
	if p.Row.Stalled && p.Live.State == session.Paused {
		v.Stalled = p.Row.StalledWhy
	}
	if own := p.Live.Person(p.Seat); own != nil && !own.Role.Officer() && !own.Consented {
		v.Texts = textsOf(of(ctx).lang)
	}
	if actor(ctx).Session != "" { // who came by a link sees who is there, not what others left of themselves
		v.Session.Consents = slices.DeleteFunc(v.Session.Consents, func(x consentView) bool { return x.Who != p.Seat })
		v.Session.Signed = slices.DeleteFunc(v.Session.Signed, func(x signedView) bool { return x.Who != p.Seat })
		v.Session.Identities, v.Session.Moves = []identityView{}, []moveView{}
	}
	return &meetingOutput{v}, nil
}

func textsOf(lang string) []consentTextView {
	marks := hub.SessionTexts(lang)
	out := make([]consentTextView, len(marks))
	for i, t := range session.Texts(lang) {
		out[i] = consentTextView{t.Key, t.Title, t.Words, marks[i].Version, marks[i].Digest}
	}
	return out
}

// testWish is the result of the self-test.
type testWish struct {
	Score    string  `json:"score" enum:"good,okay,bad"`
	Camera   bool    `json:"camera"`
	Mic      bool    `json:"mic"`
	Speaker  bool    `json:"speaker"`
	Kbps     int     `json:"kbps,omitempty" minimum:"0" maximum:"10000000"`
	RoundMs  int     `json:"round_ms,omitempty" minimum:"0" maximum:"600000"`
	LossPart float64 `json:"loss,omitempty" minimum:"0" maximum:"1"`
	Browser  string  `json:"browser,omitempty" maxLength:"200"`
}

func (w testWish) test() hub.SelfTest {
	return hub.SelfTest{Score: w.Score, Camera: w.Camera, Mic: w.Mic, Speaker: w.Speaker, Kbps: w.Kbps, RoundMs: w.RoundMs, LossPart: w.LossPart, Browser: w.Browser}
}

type helpWish struct {
	Text string `json:"text" maxLength:"800" doc:"empty: no more"`
}

type confirmWish struct {
	Text    hub.Digest   `json:"text" pattern:"^sha256:[0-9a-f]{64}$" doc:"of the record as it was read back"`
	Strokes []strokeWish `json:"strokes" maxItems:"200" nullable:"false"`
}

type recordDraftOutput struct{ Body recordDraftView }

// recordDraftView is the questioning record on its way.
type recordDraftView struct {
	Rev       int64              `json:"rev"`
	Who       session.Who        `json:"who,omitempty" doc:"who is asked"`
	Answers   map[string]any     `json:"answers,omitempty"`
	Text      string             `json:"text,omitempty"`
	By        hub.PersonID       `json:"by,omitempty"`
	At        *time.Time         `json:"at,omitempty"`
	ReadBack  *time.Time         `json:"read_back,omitempty"`
	Digest    hub.Digest         `json:"digest,omitempty" doc:"of what was read back: this is confirmed"`
	Confirmed []confirmationView `json:"confirmed" nullable:"false"`
	Needed    []session.Who      `json:"needed" nullable:"false" doc:"who has not confirmed yet"`
	Questions []questionView     `json:"questions,omitempty" doc:"what he is asked, in the words of the case's standard"`
}

func (s *Server) recordDraft(ctx context.Context, in place) (*recordDraftOutput, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.cfg.Service.OpenDraft(ctx, reading(ctx, ""), id, sid)
	if err != nil {
		return nil, err
	}
	v := recordDraftView{Rev: p.Rev, Confirmed: each(p.Confirmed, confirmationViewOf), Needed: each(p.Needed, same), Questions: each(p.Questions, questionViewOf)}
	if d := p.Draft; d != nil {
		v.Who, v.Answers, v.Text, v.By, v.At = d.Who, d.Answers, d.Text, d.By, unlessZero(d.At)
		v.ReadBack, v.Digest = unlessZero(p.ReadBack), p.Digest
	}
	return &recordDraftOutput{v}, nil
}

type recordDraftInput struct {
	SessionPath
	Body struct {
		Rev     int64                `json:"rev" minimum:"0" doc:"of the draft this is made from"`
		Who     session.Who          `json:"who" minLength:"1" maxLength:"10"`
		Answers map[string]formValue `json:"answers" maxProperties:"100"`
		Text    string               `json:"text,omitempty" maxLength:"8000"`
	}
}

type revOutput struct {
	Body struct {
		Rev int64 `json:"rev"`
	}
}

func (s *Server) saveRecordDraft(ctx context.Context, in *recordDraftInput) (*revOutput, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	answers := hub.Form{}
	for k, v := range in.Body.Answers {
		answers[k] = v.v
	}
	out := &revOutput{}
	out.Body.Rev, err = s.cfg.Service.SaveDraft(ctx, actor(ctx), id, sid, hub.SessionDraft{Who: in.Body.Who, Answers: answers, Text: in.Body.Text}, in.Body.Rev)
	return out, err
}

type readBackInput struct {
	SessionPath
	Body struct {
		Rev int64 `json:"rev" minimum:"1"`
	}
}

type digestOutput struct {
	Body struct {
		Digest hub.Digest `json:"digest"`
	}
}

func (s *Server) readBack(ctx context.Context, in *readBackInput) (*digestOutput, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	out := &digestOutput{}
	out.Body.Digest, err = s.cfg.Service.ReadBack(ctx, actor(ctx), id, sid, in.Body.Rev)
	return out, err
}

type recordingInput struct {
	SessionPath
	Who     session.Who `path:"who" maxLength:"10"`
	Lane    string      `path:"lane" enum:"person,screen"`
	Purpose string      `header:"Access-Purpose" doc:"why, percent-encoded UTF-8; recorded"`
}

func (s *Server) getRecording(ctx context.Context, in *recordingInput) (*huma.StreamResponse, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, err
	}
	long, cancel := s.transfer(ctx)
	f, body, err := s.cfg.Service.OpenRecording(long, reading(ctx, purpose), id, sid, in.Who, in.Lane)
	if err != nil {
		cancel()
		return nil, err
	}
	return s.sendFile(body, f.File.Size, f.File.Type, string(in.Who)+"-"+in.Lane, false, cancel), nil
}

// sendFile streams a file of a session.
func (s *Server) sendFile(body io.ReadCloser, size int64, mediaType, name string, inline bool, done context.CancelFunc) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		c := humafiber.Unwrap(hctx)
		fileHeaders(c, mediaType, name)
		if inline {
			c.Set(fiber.HeaderContentDisposition, "inline")
		}
		s.send(c, body, size, done)
	}}
}

// recordPaper answers with a sealed questioning record; who is "" for one's own.
func (s *Server) recordPaper(ctx context.Context, in place, who session.Who, purpose string) (*huma.StreamResponse, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	purpose, err = parsePurpose(purpose)
	if err != nil {
		return nil, err
	}
	long, cancel := s.transfer(ctx)
	f, body, err := s.cfg.Service.OpenRecordPaper(long, reading(ctx, purpose), id, sid, who)
	if err != nil {
		cancel()
		return nil, err
	}
	return s.sendFile(body, f.Size, f.Type, "record.pdf", false, cancel), nil
}

type recordPaperInput struct {
	SessionPath
	Who     session.Who `path:"who" maxLength:"10"`
	Purpose string      `header:"Access-Purpose" doc:"why, percent-encoded UTF-8; recorded"`
}

// calendar answers with an iCalendar file.
func (s *Server) calendar(ctx context.Context, in place) (*huma.StreamResponse, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	b, err := s.cfg.Service.SessionCalendar(ctx, reading(ctx, ""), id, sid)
	if err != nil {
		return nil, err
	}
	return s.sendFile(io.NopCloser(bytes.NewReader(b)), int64(len(b)), "text/calendar; charset=utf-8", "session.ics", false, func() {}), nil
}

// leave takes somebody from the door or, as an event of the chain, from the room.
func (s *Server) leave(ctx context.Context, h CommandHeaders, in place) (*doneOutput, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	if done, err := s.cfg.Service.LeaveDoor(ctx, actor(ctx), id, sid); err != nil || done {
		return &doneOutput{}, err
	}
	_, err = s.execute(ctx, h, id, leaveWish{}.of(sid))
	return &doneOutput{}, err
}
