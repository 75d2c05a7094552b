package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"tongban/hub"
)

// passRoutes open the doors of rooms: a pass is for one connection of the
// signalling, WHIP or WHEP.
func (s *Server) passRoutes() {
	both(s, http.MethodPost, "/pass", "pass-into-session", "进入会话房间 A pass into the room, for one connection", s.passIntoSession)
	look := meetingOp(http.MethodPost, staffAt+"/look", "look-into-session", "旁听 A pass to look into a session, hidden")
	look.Description = "For supervisors, with a reason, which is recorded first."
	register(s, look, s.lookIntoSession)
}

type passWish struct {
	Device bool `json:"device,omitempty" doc:"for a document camera or room system of yours, by WHIP; it publishes pictures and does nothing else"`
}

// passView is a pass and where to show it.
type passView struct {
	Token   string    `json:"token" doc:"the token of hello, or the bearer token of WHIP and WHEP; it names who comes, what he may do is asked when it is used"`
	Socket  string    `json:"socket" doc:"WebSocket of the signalling, docs/video-protocol.md; a path here, or an address where another node has the room"`
	WHIP    string    `json:"whip"`
	WHEP    string    `json:"whep"`
	Expires time.Time `json:"expires" doc:"until when a connection may be opened with it"`
}

type passOutput struct{ Body passView }

func (s *Server) passIntoSession(ctx context.Context, in place, w passWish) (*passOutput, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	return s.pass(s.cfg.Service.EnterSession(ctx, actor(ctx), id, sid, w.Device))
}

type lookInput struct {
	SessionPath
	Body struct {
		Purpose string `json:"purpose" maxLength:"200"`
	}
}

func (s *Server) lookIntoSession(ctx context.Context, in *lookInput) (*passOutput, error) {
	id, sid, err := in.where(ctx)
	if err != nil {
		return nil, err
	}
	return s.pass(s.cfg.Service.EnterToLook(ctx, reading(ctx, in.Body.Purpose), id, sid))
}

// pass says where the room is reached: here, or on the node that has it.
func (s *Server) pass(p hub.Pass, err error) (*passOutput, error) {
	if err != nil {
		return nil, err
	}
	at, socket := p.Address, ""
	if at != "" {
		socket = "ws" + strings.TrimPrefix(at, "http")
	}
	return &passOutput{passView{
		Token: p.Token, Socket: socket + VideoPath + "/socket", WHIP: at + VideoPath + "/whip", WHEP: at + VideoPath + "/whep", Expires: p.Expires,
	}}, nil
}
