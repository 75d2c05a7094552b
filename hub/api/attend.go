package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
	"tongban/hub/session"
)

type attendKey struct{}

// AttendPath is the place of who came by a link: his token says which session.
type AttendPath struct{}

func (AttendPath) where(ctx context.Context) (hub.CaseID, session.ID, error) {
	a, ok := ctx.Value(attendKey{}).(hub.Attendance)
	if !ok {
		return "", "", hub.E(hub.Unauthenticated, "your access to this session has ended")
	}
	of(ctx).caseID = string(a.Case)
	return a.Case, a.Session, nil
}

// attendCookie is another cookie than that of a sign-in, so that a clerk who
// tries a link at his desk stays signed in.
func (s *Server) attendCookie() string {
	if s.cfg.secureCookies() {
		return "__Host-tongban-session"
	}
	return "tongban-session"
}

// attending lets only people pass who came by a link.
func (s *Server) attending(hctx huma.Context, next func(huma.Context)) {
	token, fromCookie := "", false
	if scheme, t, ok := strings.Cut(hctx.Header("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		token = strings.TrimSpace(t)
	} else if c, err := huma.ReadCookie(hctx, s.attendCookie()); err == nil {
		token, fromCookie = c.Value, true
	}
	if fromCookie && !sameOrigin(hctx) {
		s.refuse(hctx, hub.E(hub.Forbidden, "the request came from another site"))
		return
	}
	a, err := s.cfg.Service.Attending(hctx.Context(), token)
	if err != nil {
		s.refuse(hctx, err)
		return
	}
	next(huma.WithValue(hctx, attendKey{}, a))
}

// attend registers an operation for people who came by a link.
func attend[I, O any](s *Server, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	op.Security = []map[string][]string{{byLink: {}}, {byBearer: {}}}
	op.Middlewares = append(op.Middlewares, s.attending)
	op.Tags, op.OperationID = []string{tagAttend}, "attend-"+op.OperationID
	open(s, op, handle)
}

// What both kinds of people send, below their own addresses.
type (
	bodyAt[B any] struct {
		SessionPath
		Body B
	}
	bodyHere[B any] struct {
		AttendPath
		Body B
	}
	commandAt[B sessionWish] struct {
		SessionPath
		CommandHeaders
		Body B
	}
	commandHere[B sessionWish] struct {
		AttendPath
		CommandHeaders
		Body B
	}
	leaveAt struct {
		SessionPath
		CommandHeaders
	}
	leaveHere struct {
		AttendPath
		CommandHeaders
	}
)

const (
	staffAt  = base + "/cases/{id}/sessions/{sid}"
	attendAt = base + "/attend"
)

func meetingOp(method, path, id, summary string) huma.Operation {
	return huma.Operation{Method: method, Path: path, OperationID: id, Tags: []string{tagMeetings}, Summary: summary}
}

// both registers one operation for officers and for who came by a link.
func both[B, O any](s *Server, method, name, id, summary string, do func(context.Context, place, B) (*O, error)) {
	register(s, meetingOp(method, staffAt+name, id, summary), func(ctx context.Context, in *bodyAt[B]) (*O, error) { return do(ctx, in, in.Body) })
	attend(s, meetingOp(method, attendAt+name, id, summary), func(ctx context.Context, in *bodyHere[B]) (*O, error) { return do(ctx, in, in.Body) })
}

func bothRead[O any](s *Server, name, id, summary string, do func(context.Context, place) (*O, error)) {
	register(s, meetingOp(http.MethodGet, staffAt+name, id, summary), func(ctx context.Context, in *SessionPath) (*O, error) { return do(ctx, in) })
	attend(s, meetingOp(http.MethodGet, attendAt+name, id, summary), func(ctx context.Context, in *AttendPath) (*O, error) { return do(ctx, in) })
}

func bothCommand[B sessionWish](s *Server, name, summary string) {
	do := func(ctx context.Context, h CommandHeaders, in place, w B) (*resultOutput, error) {
		id, sid, err := in.where(ctx)
		if err != nil {
			return nil, err
		}
		return s.execute(ctx, h, id, w.of(sid))
	}
	register(s, meetingOp(http.MethodPost, staffAt+"/"+name, name+"-in-session", summary), func(ctx context.Context, in *commandAt[B]) (*resultOutput, error) {
		return do(ctx, in.CommandHeaders, in, in.Body)
	})
	attend(s, meetingOp(http.MethodPost, attendAt+"/"+name, name+"-in-session", summary), func(ctx context.Context, in *commandHere[B]) (*resultOutput, error) {
		return do(ctx, in.CommandHeaders, in, in.Body)
	})
}

func (s *Server) attendRoutes() {
	enter := meetingOp(http.MethodPost, attendAt, "attend-session", "凭链接进入 Come in by a link and its code, once, on this device")
	enter.Tags, enter.DefaultStatus = []string{tagAttend}, http.StatusCreated
	enter.Description = "Sets a cookie that is good for that session alone, or answers with a bearer token. Unknown, used, replaced and expired links and wrong codes are one answer; five wrong codes lock the link."
	open(s, enter, s.enterByLink)
	bothRead(s, "", "get-session-of-case", "会话 The session as it is now", s.meeting)
	s.calendarRoutes()
	bothRead(s, "/draft", "get-record-draft", "笔录草稿 The questioning record as it stands; for the person asked once it was read back", s.recordDraft)
	bothCommand[consentWish](s, "consent", "同意告知、声明与录制 Agree to notice, declaration and recording")
	bothCommand[rejoinWish](s, "rejoin", "结束私下交谈 End a private talk")
	bothCommand[signMaterialWish](s, "sign", "屏幕签署 Sign a material that is shown to all")
	both(s, http.MethodPut, "/self-test", "test-devices", "设备检测 Keep the result of the device and network test", func(ctx context.Context, in place, w testWish) (*doneOutput, error) {
		return s.presence(ctx, in, func(id hub.CaseID, sid session.ID) error {
			return s.cfg.Service.TestDevices(ctx, actor(ctx), id, sid, w.test())
		})
	})
	both(s, http.MethodPost, "/wait", "wait-for-session", "进入候场 Go to the waiting room", func(ctx context.Context, in place, _ struct{}) (*doneOutput, error) {
		return s.presence(ctx, in, func(id hub.CaseID, sid session.ID) error {
			return s.cfg.Service.WaitForSession(ctx, actor(ctx), id, sid)
		})
	})
	both(s, http.MethodPut, "/help", "call-for-help", "求助 Ask the supervisor for help, or no more", func(ctx context.Context, in place, w helpWish) (*doneOutput, error) {
		return s.presence(ctx, in, func(id hub.CaseID, sid session.ID) error {
			return s.cfg.Service.CallForHelp(ctx, actor(ctx), id, sid, w.Text)
		})
	})
	both(s, http.MethodPost, "/draft/confirm", "confirm-record-draft", "确认笔录 Confirm and sign the record that was read back", func(ctx context.Context, in place, w confirmWish) (*doneOutput, error) {
		return s.presence(ctx, in, func(id hub.CaseID, sid session.ID) error {
			return s.cfg.Service.ConfirmRecord(ctx, actor(ctx), id, sid, w.Text, strokesOf(w.Strokes))
		})
	})
	leave := meetingOp(http.MethodPost, staffAt+"/leave", "leave-session", "离开 Leave the door or the room")
	register(s, leave, func(ctx context.Context, in *leaveAt) (*doneOutput, error) {
		return s.leave(ctx, in.CommandHeaders, in)
	})
	leave.Path = attendAt + "/leave"
	attend(s, leave, func(ctx context.Context, in *leaveHere) (*doneOutput, error) {
		return s.leave(ctx, in.CommandHeaders, in)
	})
	s.shownRoutes()
}

// calendarRoutes answer with a file that is no JSON.
func (s *Server) calendarRoutes() {
	op := fileOperation("/cases/{id}/sessions/{sid}/calendar", "get-session-calendar", tagMeetings,
		"日历文件 The appointment as an iCalendar file", "RFC 5545. It names nobody and holds no link.", "text/calendar")
	register(s, op, func(ctx context.Context, in *SessionPath) (*huma.StreamResponse, error) { return s.calendar(ctx, in) })
	op.Path = attendAt + "/calendar"
	attend(s, op, func(ctx context.Context, in *AttendPath) (*huma.StreamResponse, error) { return s.calendar(ctx, in) })
	op = fileOperation("/cases/{id}/sessions/{sid}/records/{who}", "get-session-record", tagMeetings,
		"笔录 The sealed questioning record of a person", "Shows personal data in clear, so it is recorded, and for officers it needs the right to see them.", "application/pdf")
	register(s, op, func(ctx context.Context, in *recordPaperInput) (*huma.StreamResponse, error) {
		return s.recordPaper(ctx, in, in.Who, in.Purpose)
	})
	op.Path, op.Summary = attendAt+"/record", "我的笔录 One's own sealed questioning record"
	attend(s, op, func(ctx context.Context, in *AttendPath) (*huma.StreamResponse, error) {
		return s.recordPaper(ctx, in, "", "")
	})
}

// presence does what is no event of the chain.
func (s *Server) presence(ctx context.Context, in place, do func(hub.CaseID, session.ID) error) (*doneOutput, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	return &doneOutput{}, do(id, sid)
}

type linkInput struct {
	Site string `header:"Sec-Fetch-Site" hidden:"true"`
	Body struct {
		Link   string `json:"link" minLength:"1" maxLength:"64"`
		Code   string `json:"code" minLength:"1" maxLength:"16"`
		Bearer bool   `json:"bearer,omitempty" doc:"answer with a token instead of setting a cookie"`
	}
}

type linkOutput struct {
	SetCookie string `header:"Set-Cookie"`
	Body      struct {
		Session session.ID  `json:"session"`
		Who     session.Who `json:"who"`
		Expires time.Time   `json:"expires" doc:"without a further request"`
		Token   string      `json:"token,omitempty" doc:"once, when bearer was asked for"`
	}
}

func (s *Server) enterByLink(ctx context.Context, in *linkInput) (*linkOutput, error) {
	if in.Site != "" && in.Site != "same-origin" && in.Site != "none" {
		return nil, hub.E(hub.Forbidden, "the request came from another site")
	}
	a, err := s.cfg.Service.Attend(ctx, in.Body.Link, in.Body.Code)
	if err != nil {
		return nil, err
	}
	out := &linkOutput{}
	out.Body.Session, out.Body.Who, out.Body.Expires = a.Session, a.Who, a.Expires
	if in.Body.Bearer {
		out.Body.Token = a.Token
		return out, nil
	}
	c := http.Cookie{ //nolint:gosec // Secure everywhere but on plain http to this very machine
		Name: s.attendCookie(), Value: a.Token, Path: "/", HttpOnly: true, Secure: s.cfg.secureCookies(), SameSite: http.SameSiteStrictMode,
	}
	out.SetCookie = c.String()
	return out, nil
}

type shownAt struct {
	SessionPath
	Material string       `path:"mid" maxLength:"40"`
	Number   int          `path:"n" minimum:"1" maximum:"100000"`
	Size     hub.PageSize `query:"size" enum:"thumb,page,full" default:"page"`
}

type shownHere struct {
	AttendPath
	Material string       `path:"mid" maxLength:"40"`
	Number   int          `path:"n" minimum:"1" maximum:"100000"`
	Size     hub.PageSize `query:"size" enum:"thumb,page,full" default:"page"`
}

type shownInput struct {
	AttendPath
	Material string `path:"mid" maxLength:"40"`
}

// shownRoutes let everybody in the room look at what is shown to all: a party
// may see nothing else of the materials, and who came by a link nothing else at all.
func (s *Server) shownRoutes() {
	file := fileOperation("/attend/materials/{mid}", "get-shown", tagAttend, "展示的材料 A material that is shown to all now", "The reading is recorded.", "*/*")
	attend(s, file, func(ctx context.Context, in *shownInput) (*huma.StreamResponse, error) {
		id, sid, err := in.where(ctx)
		if err != nil {
			return nil, err
		}
		long, cancel := s.transfer(ctx)
		m, body, err := s.cfg.Service.OpenShown(long, reading(ctx, ""), id, sid, hub.MaterialID(in.Material))
		if err != nil {
			cancel()
			return nil, err
		}
		return s.sendFile(body, m.File.Size, m.File.Type, "material", false, cancel), nil
	})
	page := func(path, tag string) huma.Operation {
		op := fileOperation(path+"/materials/{mid}/pages/{n}", "get-shown-page", tag, "展示的一页 One page of what is shown, as a picture", "The reading is recorded.", "image/jpeg")
		op.Responses["200"].Content["image/png"] = op.Responses["200"].Content["image/jpeg"]
		return op
	}
	attend(s, page("/attend", tagAttend), func(ctx context.Context, in *shownHere) (*huma.StreamResponse, error) {
		return s.shownPage(ctx, in, in.Material, in.Number, in.Size)
	})
	register(s, page("/cases/{id}/sessions/{sid}", tagMeetings), func(ctx context.Context, in *shownAt) (*huma.StreamResponse, error) {
		return s.shownPage(ctx, in, in.Material, in.Number, in.Size)
	})
}

func (s *Server) shownPage(ctx context.Context, in place, material string, n int, size hub.PageSize) (*huma.StreamResponse, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	long, cancel := s.transfer(ctx)
	mediaType, length, picture, err := s.cfg.Service.OpenShownPage(long, reading(ctx, ""), id, sid, hub.MaterialID(material), n, size)
	if err != nil {
		cancel()
		return nil, err
	}
	return s.sendFile(picture, length, mediaType, "page"+extensions[mediaType], true, cancel), nil
}
