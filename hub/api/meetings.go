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

// meetingRoutes are the addresses of video sessions for people who sign in.
func (s *Server) meetingRoutes() {
	at := base + "/cases/{id}/sessions"
	op := func(method, path, id, summary, more string) huma.Operation {
		return huma.Operation{Method: method, Path: path, OperationID: id, Tags: []string{tagMeetings}, Summary: summary, Description: more}
	}
	made := op(http.MethodPost, at, "schedule-session", "预约 Make an appointment", "The host is the first person. Nobody and no room is booked twice.")
	made.DefaultStatus = http.StatusCreated
	register(s, made, s.scheduleSession)
	register(s, op(http.MethodGet, at+"/slots", "list-free-slots", "空闲时段 When a session could be", "Within the office hours of both places; host, window and room have nothing else."), s.freeSlots)
	register(s, op(http.MethodGet, base+"/sessions", "list-sessions", "预约列表 Appointments of my agency", ""), s.listSessions)
	register(s, op(http.MethodGet, base+"/sessions/board", "session-board", "督办台 Rooms that are live now", "People and states, nothing of what is said. The look is recorded."), s.sessionBoard)
	register(s, op(http.MethodPost, at+"/{sid}/invitations", "invite-to-session", "发出邀请链接 Make the link and the code of one person", "Both are shown this once; an earlier link is worth nothing from then on."), s.invite)
	register(s, op(http.MethodPut, at+"/{sid}/lock", "lock-session", "锁定 Keep everybody from being admitted", ""), s.lockSession)
	register(s, op(http.MethodPost, at+"/{sid}/show", "show-in-session", "展示材料 Show a material to all", "Which page of it is a message of the room."), s.showInSession)
	register(s, op(http.MethodPut, at+"/{sid}/draft", "save-record-draft", "笔录草稿 Save the questioning record as it is typed", "What was read back and confirmed before is void."), s.saveRecordDraft)
	register(s, op(http.MethodPost, at+"/{sid}/draft/read-back", "read-back", "宣读 Say that the record was read to the person asked", ""), s.readBack)
	register(s, fileOperation("/cases/{id}/sessions/{sid}/recordings/{who}/{lane}", "get-recording", tagMeetings, "回放 A playable recording", "Needs a reason, which is recorded.", "video/mp4"), s.getRecording)
	s.sessionCommands()
}

// sessionCommands are the events of a session's chain.
func (s *Server) sessionCommands() {
	sessionCommand[changeSessionWish](s, "change", "改期 Change the appointment")
	sessionCommand[cancelSessionWish](s, "cancel", "取消 Call it off")
	sessionCommand[openWish](s, "open", "开场 The host opens the room")
	sessionCommand[enterWish](s, "enter", "进入 Another reviewer or the host comes in")
	sessionCommand[admitWish](s, "admit", "准入 Admit one person from the waiting room")
	sessionCommand[removeWish](s, "remove", "移出 Send somebody away")
	sessionCommand[recallWish](s, "recall", "召回 Let somebody come back to the door")
	sessionCommand[consultWish](s, "consult", "私下交谈 Let people talk in private")
	sessionCommand[beginWish](s, "begin", "正式开始 Begin the formal part")
	sessionCommand[pauseWish](s, "pause", "暂停 Pause the formal part")
	sessionCommand[goOnWish](s, "resume", "恢复 Go on with the formal part")
	sessionCommand[endWish](s, "close", "结束 Close the session")
	sessionCommand[giveHost](s, "hand-over", "移交主持 Give the host's place to another reviewer")
	sessionCommand[takeHost](s, "take-over", "接管主持 Take the host's place while he is away")
	sessionCommand[identifyWish](s, "identify", "身份核验 Write down how a person compared with his document")
	sessionCommand[finishRecordWish](s, "record", "笔录完成 End the questioning: the record is sealed")
}

// place says which session a request is about.
type place interface {
	where(ctx context.Context) (hub.CaseID, session.ID, error)
}

// SessionPath is the address of a session below its case. It is exported
// because huma only looks into embedded types that are.
type SessionPath struct {
	CaseInput
	SID string `path:"sid" doc:"session id"`
}

func (in SessionPath) where(ctx context.Context) (hub.CaseID, session.ID, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return "", "", err
	}
	if len(in.SID) != 26 || strings.Trim(in.SID, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return "", "", hub.E(hub.NotFound, "the case has no such session")
	}
	return id, session.ID(in.SID), nil
}

type sessionCommandInput[B sessionWish] struct {
	SessionPath
	CommandHeaders
	Body B
}

// sessionCommand registers POST /cases/{id}/sessions/{sid}/<name>.
func sessionCommand[B sessionWish](s *Server, name, summary string) {
	op := huma.Operation{
		Method: http.MethodPost, Path: base + "/cases/{id}/sessions/{sid}/" + name, OperationID: name + "-in-session",
		Tags: []string{tagMeetings}, Summary: summary,
	}
	register(s, op, func(ctx context.Context, in *sessionCommandInput[B]) (*resultOutput, error) {
		id, sid, err := in.where(ctx)
		if err != nil {
			return nil, err
		}
		out, err := s.execute(ctx, in.CommandHeaders, id, in.Body.of(sid))
		if w, ok := any(in.Body).(finishRecordWish); ok && err == nil {
			err = s.cfg.Service.DropDraft(ctx, id, sid, w.Text)
		}
		return out, err
	})
}

type scheduleInput struct {
	CaseInput
	CommandHeaders
	Body appointmentWish
}

type scheduledOutput struct {
	ETag     string `header:"ETag"`
	Replayed string `header:"Idempotent-Replayed"`
	Location string `header:"Location"`
	Body     struct {
		Session session.ID `json:"session"`
		Result  ResultView `json:"result"`
	}
}

func (s *Server) scheduleSession(ctx context.Context, in *scheduleInput) (*scheduledOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	r, err := s.execute(ctx, in.CommandHeaders, id, in.Body.intent())
	if err != nil {
		return nil, err
	}
	out := &scheduledOutput{ETag: r.ETag, Replayed: r.Replayed}
	out.Body.Session, out.Body.Result = hub.NewSessionID(id, hub.CommandID(in.Key)), r.Body
	out.Location = base + "/cases/" + string(id) + "/sessions/" + string(out.Body.Session)
	return out, nil
}

type slotsInput struct {
	CaseInput
	Host    hub.PersonID `query:"host" required:"true" maxLength:"60"`
	Window  string       `query:"window" maxLength:"160"`
	Room    string       `query:"room" maxLength:"160"`
	From    time.Time    `query:"from" required:"true" doc:"the first day"`
	Days    int          `query:"days" minimum:"1" maximum:"31" default:"5"`
	Minutes int          `query:"minutes" minimum:"15" maximum:"240" default:"30"`
}

type slotsOutput struct {
	Body struct {
		Slots []freeTime `json:"slots" nullable:"false"`
	}
}

type freeTime struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

func (s *Server) freeSlots(ctx context.Context, in *slotsInput) (*slotsOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	w := hub.SessionWish{From: in.From, Window: in.Window, Room: in.Room, People: []hub.SeatWish{{Role: session.Host, Person: in.Host}}}
	slots, err := s.cfg.Service.FreeSlots(ctx, reading(ctx, ""), id, w, time.Duration(in.Minutes)*time.Minute, in.Days)
	if err != nil {
		return nil, err
	}
	out := &slotsOutput{}
	out.Body.Slots = each(slots, func(x session.Slot) freeTime { return freeTime(x) })
	return out, nil
}

type listSessionsInput struct {
	From   time.Time `query:"from"`
	To     time.Time `query:"to"`
	Mine   bool      `query:"mine" doc:"only those in which I take part"`
	Window string    `query:"window" maxLength:"200" doc:"<agency>/<window>"`
	Limit  int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type sessionsOutput struct {
	Body struct {
		Sessions []sessionLineView `json:"sessions" nullable:"false"`
	}
}

func (s *Server) listSessions(ctx context.Context, in *listSessionsInput) (*sessionsOutput, error) {
	q := hub.SessionQuery{From: in.From, To: in.To, Window: in.Window, Limit: in.Limit}
	if in.Mine {
		q.Officer = actor(ctx).Person
	}
	rows, err := s.cfg.Service.ListSessions(ctx, actor(ctx), q)
	return sessionsOf(rows), err
}

func (s *Server) sessionBoard(ctx context.Context, _ *struct{}) (*sessionsOutput, error) {
	rows, err := s.cfg.Service.SessionBoard(ctx, reading(ctx, ""))
	return sessionsOf(rows), err
}

func sessionsOf(rows []hub.SessionRow) *sessionsOutput {
	out := &sessionsOutput{}
	out.Body.Sessions = each(rows, sessionLineOf)
	return out
}

type inviteInput struct {
	SessionPath
	Body struct {
		Who session.Who `json:"who" minLength:"1" maxLength:"10"`
	}
}

type inviteOutput struct {
	Body struct {
		Link    string    `json:"link" doc:"for the address; give it on one way"`
		Code    string    `json:"code" doc:"six digits; give them on another"`
		Expires time.Time `json:"expires"`
	}
}

func (s *Server) invite(ctx context.Context, in *inviteInput) (*inviteOutput, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.cfg.Service.Invite(ctx, reading(ctx, ""), id, sid, in.Body.Who)
	out := &inviteOutput{}
	out.Body.Link, out.Body.Code, out.Body.Expires = i.Link, i.Code, i.Expires
	return out, err
}

type lockInput struct {
	SessionPath
	Body struct {
		On bool `json:"on"`
	}
}

type doneOutput struct{}

func (s *Server) lockSession(ctx context.Context, in *lockInput) (*doneOutput, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	return &doneOutput{}, s.cfg.Service.LockSession(ctx, actor(ctx), id, sid, in.Body.On)
}

type showInput struct {
	SessionPath
	Body struct {
		Material hub.MaterialID `json:"material" minLength:"1" maxLength:"40"`
	}
}

func (s *Server) showInSession(ctx context.Context, in *showInput) (*doneOutput, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	return &doneOutput{}, s.cfg.Service.ShowInSession(ctx, reading(ctx, ""), id, sid, in.Body.Material)
}
