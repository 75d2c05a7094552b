package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

func (s *Server) factorRoutes() {
	op := func(method, path, id, summary, more string, status int) huma.Operation {
		return huma.Operation{
			Method: method, Path: base + path, OperationID: id, Tags: []string{tagSession}, Summary: summary, Description: more,
			DefaultStatus: status, Metadata: weakMay,
		}
	}
	register(s, op(http.MethodGet, "/session/factor", "get-factor", "动态码状态 How my second factor stands", "", http.StatusOK), s.getFactor)
	register(s, op(http.MethodPost, "/session/factor", "set-up-factor", "设置动态码 Make a secret and show it, this once",
		"For an authenticator (RFC 6238). It is in force when a first code has confirmed it; asking again makes another.", http.StatusCreated), s.setUpFactor)
	register(s, op(http.MethodPost, "/session/factor/confirm", "confirm-factor", "启用动态码 Put the secret into force with a first code",
		"Answers with the recovery codes, this once. My other sessions end.", http.StatusOK), s.confirmFactor)
	register(s, op(http.MethodPost, "/session/factor/remove", "remove-factor", "停用动态码 Forget my second factor, for one more code",
		"Not where the hub asks staff for one.", http.StatusNoContent), s.removeFactor)
	register(s, op(http.MethodGet, "/logins", "list-logins", "登录会话 Where I am signed in", "", http.StatusOK), s.listLogins)
	register(s, op(http.MethodDelete, "/logins", "end-logins", "全部退出 Sign out everywhere, here too", "", http.StatusNoContent), s.endLogins)
	register(s, op(http.MethodDelete, "/logins/{id}", "end-login", "退出一处 Sign out in one place", "", http.StatusNoContent), s.endLogin)
}

// weakMay marks what somebody may do who has to set up a second factor first.
var weakMay = map[string]any{"weak": true}

// refuseWeak refuses everything else.
func refuseWeak(hctx huma.Context, weak bool) error {
	if _, allowed := hctx.Operation().Metadata["weak"]; weak && !allowed {
		return hub.E(hub.FactorMissing, "set up the second factor first")
	}
	return nil
}

type factorOutput struct {
	Body struct {
		Active   bool       `json:"active"`
		Since    *time.Time `json:"since,omitempty"`
		Recovery int        `json:"recovery_left" doc:"recovery codes that are left"`
		Required bool       `json:"required" doc:"this hub asks you for one"`
	}
}

func (s *Server) getFactor(ctx context.Context, _ *struct{}) (*factorOutput, error) {
	st, err := s.cfg.SignIn.FactorOf(ctx, caller(ctx))
	if err != nil {
		return nil, err
	}
	out := &factorOutput{}
	out.Body.Since = unlessZero(st.Factor.Confirmed)
	out.Body.Active, out.Body.Recovery, out.Body.Required = out.Body.Since != nil, len(st.Factor.Recovery), st.Required
	return out, nil
}

type setUpInput struct {
	Body struct {
		Password string `json:"password" minLength:"1" maxLength:"512" doc:"once more, so that nobody else does it at an open desk"`
	}
}

type setUpOutput struct {
	Body struct {
		Secret  string `json:"secret" doc:"base32, for typing"`
		Address string `json:"address" doc:"otpauth://, for a QR"`
	}
}

func (s *Server) setUpFactor(ctx context.Context, in *setUpInput) (*setUpOutput, error) {
	out := &setUpOutput{}
	var err error
	out.Body.Secret, out.Body.Address, err = s.cfg.SignIn.SetUpFactor(ctx, caller(ctx), in.Body.Password)
	return out, err
}

type codeInput struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"40" doc:"six digits, or a recovery code where one counts"`
	}
}

type recoveryOutput struct {
	Body struct {
		Recovery []string `json:"recovery" nullable:"false" doc:"codes for the day on which the authenticator is lost; each counts once"`
	}
}

func (s *Server) confirmFactor(ctx context.Context, in *codeInput) (*recoveryOutput, error) {
	codes, err := s.cfg.SignIn.ConfirmFactor(ctx, caller(ctx), in.Body.Code)
	out := &recoveryOutput{}
	out.Body.Recovery = codes
	return out, err
}

func (s *Server) removeFactor(ctx context.Context, in *codeInput) (*struct{}, error) {
	return nil, s.cfg.SignIn.RemoveFactor(ctx, caller(ctx), in.Body.Code)
}

// loginView is one place where somebody is signed in.
type loginView struct {
	ID      string    `json:"id"`
	Here    bool      `json:"here" doc:"it is the session that asks"`
	Since   time.Time `json:"since"`
	Seen    time.Time `json:"seen"`
	Expires time.Time `json:"expires"`
	Address string    `json:"address,omitempty"`
	Device  string    `json:"device,omitempty"`
	Strong  bool      `json:"strong" doc:"with a second factor"`
}

type loginsOutput struct {
	Body struct {
		Sessions []loginView `json:"sessions" nullable:"false"`
	}
}

func (s *Server) listLogins(ctx context.Context, _ *struct{}) (*loginsOutput, error) {
	me := caller(ctx)
	all, err := s.cfg.SignIn.Sessions(ctx, me.Person.ID)
	if err != nil {
		return nil, err
	}
	out := &loginsOutput{}
	out.Body.Sessions = each(all, func(l hub.Login) loginView {
		return loginView{l.ID, l.ID == me.Login.ID, l.Since, l.Seen, l.Expires, l.Address, l.Device, l.Strong}
	})
	return out, nil
}

func (s *Server) endLogins(ctx context.Context, _ *struct{}) (*signOutOutput, error) {
	return &signOutOutput{SetCookie: s.cookie("", time.Time{})}, s.cfg.SignIn.EndAll(ctx, caller(ctx).Person.ID, "")
}

type endLoginInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{64}$"`
}

func (s *Server) endLogin(ctx context.Context, in *endLoginInput) (*struct{}, error) {
	return nil, s.cfg.SignIn.End(ctx, caller(ctx).Person.ID, in.ID)
}
