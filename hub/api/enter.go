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

func (s *Server) enterRoutes() {
	op := func(path, id, summary, more string) huma.Operation {
		return huma.Operation{
			Method: http.MethodPost, Path: base + "/cases/{id}/sessions/{sid}/" + path, OperationID: id, Tags: []string{tagSessions},
			Summary: summary, Description: more,
		}
	}
	register(s, op("enter", "enter-session", "进入会话房间 A pass into the room, for one connection",
		"For who waits at the door or is inside. The pass names who comes; what he may do is asked when it is used, so that it says nothing of "+
			"what is allowed now. With device it is for a document camera or room system by WHIP."), s.enterSession)
	register(s, op("look", "look-into-session", "旁听会话 A pass to look into a session, hidden",
		"For supervisors, with a reason, which is recorded first."), s.lookIntoSession)
}

// SessionInput names a session of a case. It is exported because huma only
// looks into embedded types that are.
type SessionInput struct {
	CaseInput
	Session string `path:"sid" maxLength:"26"`
}

type enterInput struct {
	SessionInput
	Body struct {
		Device bool `json:"device,omitempty" doc:"a pass for a device that publishes pictures for you"`
	}
}

// passView is a pass and where to show it.
type passView struct {
	Token   string    `json:"token" doc:"the token of hello, or the bearer token of WHIP and WHEP"`
	Socket  string    `json:"socket" doc:"WebSocket of the signalling, see docs/video-protocol.md; a path here, or an address where another node has the room"`
	WHIP    string    `json:"whip"`
	WHEP    string    `json:"whep"`
	Expires time.Time `json:"expires" doc:"until when a connection may be opened with it"`
}

type passOutput struct{ Body passView }

func (s *Server) enterSession(ctx context.Context, in *enterInput) (*passOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.cfg.Service.EnterSession(ctx, actor(ctx), id, session.ID(in.Session), in.Body.Device)
	if err != nil {
		return nil, err
	}
	return s.passOutput(p)
}

type lookInput struct {
	SessionInput
	Body struct {
		Purpose string `json:"purpose" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) lookIntoSession(ctx context.Context, in *lookInput) (*passOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.cfg.Service.EnterToLook(ctx, reading(ctx, in.Body.Purpose), id, session.ID(in.Session))
	if err != nil {
		return nil, err
	}
	return s.passOutput(p)
}

// passOutput says where the room is reached: here, or on the node that has it.
func (s *Server) passOutput(p hub.Pass) (*passOutput, error) {
	if s.cfg.Rooms == nil {
		return nil, hub.E(hub.Unavailable, "this hub has no rooms")
	}
	at, socket := p.Address, ""
	if at != "" {
		socket = "ws" + strings.TrimPrefix(at, "http")
	}
	return &passOutput{passView{
		Token: p.Token, Socket: socket + VideoPath + "/socket", WHIP: at + VideoPath + "/whip", WHEP: at + VideoPath + "/whep", Expires: p.Expires,
	}}, nil
}
