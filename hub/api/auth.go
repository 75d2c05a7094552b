package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
	"tongban/hub/signin"
)

type sessionKey struct{}

// caller is the session behind a request of a registered operation.
func caller(ctx context.Context) signin.Session {
	sess, _ := ctx.Value(sessionKey{}).(signin.Session)
	return sess
}

// actor is who acts: somebody who signed in, or who came by a link to a session.
func actor(ctx context.Context) hub.Actor {
	if a, ok := ctx.Value(attendKey{}).(hub.Attendance); ok {
		return a.Actor
	}
	return caller(ctx).Actor()
}

// reading says who reads, why and in which request.
func reading(ctx context.Context, purpose string) hub.Reading {
	return hub.Reading{Actor: actor(ctx), Purpose: purpose, Request: of(ctx).id}
}

// cookieName binds the cookie to this host where cookies are secure (RFC 6265bis).
func (s *Server) cookieName() string {
	if s.cfg.secureCookies() {
		return "__Host-tongban"
	}
	return "tongban"
}

func (s *Server) cookie(token string, expires time.Time) string {
	c := http.Cookie{ //nolint:gosec // Secure everywhere but on plain http to this very machine
		Name: s.cookieName(), Value: token, Path: "/", HttpOnly: true, Secure: s.cfg.secureCookies(),
		SameSite: http.SameSiteStrictMode,
	}
	if token == "" {
		c.MaxAge = -1
	} else {
		c.Expires = expires
	}
	return c.String()
}

// token is what the caller shows; fromCookie asks for more care.
func (s *Server) token(hctx huma.Context) (token string, fromCookie bool) {
	if scheme, t, ok := strings.Cut(hctx.Header("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(t), false
	}
	if c, err := huma.ReadCookie(hctx, s.cookieName()); err == nil {
		return c.Value, true
	}
	return "", false
}

// signedIn lets only people with a session pass.
func (s *Server) signedIn(hctx huma.Context, next func(huma.Context)) {
	token, fromCookie := s.token(hctx)
	if fromCookie && !sameOrigin(hctx) {
		s.refuse(hctx, hub.E(hub.Forbidden, "the request came from another site"))
		return
	}
	sess, err := s.cfg.SignIn.Check(hctx.Context(), token)
	if err != nil {
		s.refuse(hctx, err)
		return
	}
	if err := refuseWeak(hctx, sess.Weak); err != nil {
		s.refuse(hctx, err)
		return
	}
	sess.Token = token
	next(huma.WithValue(hctx, sessionKey{}, sess))
}

// sameOrigin keeps other sites from acting with a browser's cookie. Browsers
// say where a request comes from; what does not say so must send a header that
// other sites cannot send without being allowed.
func sameOrigin(hctx huma.Context) bool {
	switch hctx.Header("Sec-Fetch-Site") {
	case "same-origin":
		return true
	case "none": // typed or bookmarked
		return hctx.Method() == http.MethodGet
	case "":
		return hctx.Method() == http.MethodGet || hctx.Header("X-Tongban") == "1"
	}
	return false
}

// refuse answers before the handler.
func (s *Server) refuse(hctx huma.Context, err error) {
	p := s.problem(hctx.Context(), err)
	s.logFailure(hctx.Context(), p, err)
	s.problemHeaders(p, hctx.SetHeader)
	_ = huma.WriteErr(s.api, hctx, p.Status, p.Detail, p) // huma says so itself when writing fails
}
