package api

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"

	"tongban/hub"
)

// maxUnread is how much of an unread body is drained to keep a connection.
const maxUnread = 64 << 10

// guard is outermost. A body that the handler did not read must never be taken
// for the next request of the connection: a short one is drained, and behind
// anything else the connection is closed. fasthttp does so too from v1.78 on.
func (s *Server) guard(c *fiber.Ctx) error {
	err := c.Next()
	body := c.Context().RequestBodyStream()
	if body == nil {
		return err
	}
	chunked := c.Request().Header.ContentLength() < 0 // its end cannot be told from here
	if !chunked {
		_, e := io.CopyN(io.Discard, body, maxUnread)
		if e == io.EOF { //nolint:errorlint // CopyN returns it bare
			return err
		}
	}
	c.Context().SetConnectionClose()
	closeWithPatience(c.Context().Conn())
	return err
}

// around gives every request its id, deadline and headers, answers for what
// panics, and writes down that it was there.
func (s *Server) around(c *fiber.Ctx) (err error) {
	began := time.Now()
	r := s.newRequest(c)
	ctx := context.WithValue(context.WithValue(s.life, requestKey{}, r), serverKey{}, s)
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Limits.Request)
	defer cancel()
	c.SetUserContext(ctx)
	s.headers(c, r)
	s.metrics.inFlight.Inc()
	defer func() {
		if v := recover(); v != nil {
			s.cfg.Logger.ErrorContext(ctx, "panic while serving", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			err = s.fail(c, hub.E(hub.Internal, "panic"))
		}
		s.metrics.inFlight.Dec()
		s.note(ctx, c, time.Since(began))
	}()
	if err := c.Next(); err != nil {
		return s.fail(c, err)
	}
	return nil
}

// headers every answer has. There are no CORS headers: other origins have no
// business here.
func (s *Server) headers(c *fiber.Ctx, r *request) {
	c.Set(fiber.HeaderXRequestID, r.id)
	c.Set(fiber.HeaderContentLanguage, r.lang)
	c.Set(fiber.HeaderVary, "Accept-Language, Cookie, Authorization")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	if s.cfg.secureCookies() {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}

// note counts the request and logs it: never its query, its path or its body,
// which may be personal.
func (s *Server) note(ctx context.Context, c *fiber.Ctx, took time.Duration) {
	route, status := c.Route().Path, c.Response().StatusCode()
	s.metrics.observe(c.Method(), route, status, took)
	level := slog.LevelInfo
	if status < 400 && (c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead) {
		level = slog.LevelDebug
	}
	s.cfg.Logger.Log(ctx, level, "request", "method", c.Method(), "route", route, "status", status, "ms", took.Milliseconds(), "address", of(ctx).address)
}
