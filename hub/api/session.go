package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
	"tongban/hub/signin"
)

type signInInput struct {
	Site  string `header:"Sec-Fetch-Site" hidden:"true"`
	Agent string `header:"User-Agent" hidden:"true"`
	Body  struct {
		Login    string `json:"login" minLength:"1" maxLength:"100"`
		Password string `json:"password" minLength:"1" maxLength:"512"`
		Code     string `json:"code,omitempty" maxLength:"40" doc:"of the second factor, or a recovery code; when second_factor was answered"`
		Bearer   bool   `json:"bearer,omitempty" doc:"answer with a token instead of setting a cookie"`
	}
}

type sessionOutput struct {
	SetCookie string `header:"Set-Cookie"`
	Body      sessionView
}

// sessionView is who is signed in and until when.
type sessionView struct {
	Person  meView    `json:"person"`
	Since   time.Time `json:"since"`
	Expires time.Time `json:"expires" doc:"without a further request"`
	Left    int       `json:"left_seconds" doc:"until then; for clients whose clock is wrong"`
	Weak    bool      `json:"set_up_factor,omitempty" doc:"nothing else before a second factor is set up"`
	Token   string    `json:"token,omitempty" doc:"once, when bearer was asked for"`
}

// meView is the person himself.
type meView struct {
	ID      hub.PersonID `json:"id"`
	Login   string       `json:"login"`
	NameZH  string       `json:"name_zh"`
	NameEN  string       `json:"name_en"`
	Agency  *agencyView  `json:"agency,omitempty"`
	Roles   []hub.Role   `json:"roles" nullable:"false"`
	Actions []hub.Action `json:"actions" nullable:"false" doc:"what the roles allow; a case may still refuse"`
}

func (s *Server) sessionRoutes() {
	open(s, huma.Operation{
		Method: http.MethodPost, Path: base + "/session", OperationID: "sign-in", Tags: []string{tagSession},
		Summary: "登录 Sign in", DefaultStatus: http.StatusCreated,
		Description: "Sets a cookie, or answers with a bearer token. Whether a login exists is never told. " +
			"second_factor means that the password is right: send it again with a code.",
	}, s.signIn)
	register(s, huma.Operation{
		Method: http.MethodGet, Path: base + "/session", OperationID: "get-session", Tags: []string{tagSession},
		Summary: "当前登录 Who is signed in", Metadata: weakMay,
	}, s.getSession)
	register(s, huma.Operation{
		Method: http.MethodDelete, Path: base + "/session", OperationID: "sign-out", Tags: []string{tagSession},
		Summary: "退出 Sign out", DefaultStatus: http.StatusNoContent, Metadata: weakMay,
	}, s.signOut)
	register(s, huma.Operation{
		Method: http.MethodGet, Path: base + "/me", OperationID: "get-me", Tags: []string{tagSession},
		Summary: "我的岗位 My agency, roles and what they allow",
	}, s.getMe)
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (*sessionOutput, error) {
	if in.Site != "" && in.Site != "same-origin" && in.Site != "none" {
		return nil, hub.E(hub.Forbidden, "the request came from another site")
	}
	sess, err := s.cfg.SignIn.SignIn(ctx, signin.Attempt{
		Login: in.Body.Login, Password: in.Body.Password, Code: in.Body.Code, Address: of(ctx).address, Device: deviceOf(in.Agent),
	})
	if err != nil {
		return nil, err
	}
	v, err := s.sessionView(ctx, sess)
	if err != nil {
		return nil, err
	}
	out := &sessionOutput{Body: v}
	if in.Body.Bearer {
		out.Body.Token = sess.Token
	} else {
		out.SetCookie = s.cookie(sess.Token, sess.Login.Since.Add(24*time.Hour))
	}
	return out, nil
}

func (s *Server) getSession(ctx context.Context, _ *struct{}) (*sessionOutput, error) {
	v, err := s.sessionView(ctx, caller(ctx))
	return &sessionOutput{Body: v}, err
}

type signOutOutput struct {
	SetCookie string `header:"Set-Cookie"`
}

func (s *Server) signOut(ctx context.Context, _ *struct{}) (*signOutOutput, error) {
	return &signOutOutput{SetCookie: s.cookie("", time.Time{})}, s.cfg.SignIn.SignOut(ctx, caller(ctx).Token)
}

type meOutput struct{ Body meView }

func (s *Server) getMe(ctx context.Context, _ *struct{}) (*meOutput, error) {
	v, err := s.meView(ctx, caller(ctx).Person)
	return &meOutput{v}, err
}

func (s *Server) sessionView(ctx context.Context, sess signin.Session) (sessionView, error) {
	me, err := s.meView(ctx, sess.Person)
	left := int(s.cfg.SignIn.Left(sess).Seconds())
	return sessionView{Person: me, Since: sess.Login.Since, Expires: sess.Login.Expires, Left: left, Weak: sess.Weak}, err
}

func (s *Server) meView(ctx context.Context, p hub.Person) (meView, error) {
	v := meView{ID: p.ID, Login: p.Login, NameZH: p.NameZH, NameEN: p.NameEN, Roles: p.Roles, Actions: []hub.Action{}}
	if v.Roles == nil {
		v.Roles = []hub.Role{}
	}
	for _, a := range hub.Actions() {
		if slices.ContainsFunc(p.Roles, func(r hub.Role) bool { return s.cfg.Policy.Permits(r, a) }) {
			v.Actions = append(v.Actions, a)
		}
	}
	if p.Agency == "" {
		return v, nil
	}
	a, err := s.cfg.Directory.Agency(ctx, p.Agency)
	if err != nil {
		return meView{}, err
	}
	v.Agency = new(agencyViewOf(a))
	return v, nil
}
