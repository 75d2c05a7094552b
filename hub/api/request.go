package api

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/netip"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// request is what everything that serves one request needs to know about it.
// It holds no fiber types, so it may outlive the handler.
type request struct {
	id      string
	lang    string // "zh-CN" or "en"
	address string // of the client
	caseID  string // of the case it is about, for the log
	query   bool   // what it asks with is in its address, not in a body
}

type requestKey struct{}

// of returns the request behind a context.
func of(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{lang: languages[0]}
}

// newRequest takes the caller's request id when it is well-formed, so that one
// id can be followed across systems, and makes one otherwise.
func (s *Server) newRequest(c *fiber.Ctx) *request {
	id := c.Get(fiber.HeaderXRequestID)
	if !wellFormedID(id) {
		id = strings.ToLower(rand.Text())
	}
	return &request{id: id, lang: pickLanguage(c.Get(fiber.HeaderAcceptLanguage)), address: s.clientAddress(c), query: c.Method() == fiber.MethodGet}
}

func wellFormedID(id string) bool {
	if len(id) < 8 || len(id) > 64 {
		return false
	}
	for _, b := range []byte(id) {
		ok := b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b == '.'
		if !ok {
			return false
		}
	}
	return true
}

// clientAddress is the connection's other end, or, when that is a trusted
// proxy, the last address in X-Forwarded-For that is not one. Earlier entries
// are whatever the client wrote.
func (s *Server) clientAddress(c *fiber.Ctx) string {
	remote, _, _ := strings.Cut(c.Context().RemoteAddr().String(), "%")
	peer, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	address := peer.Addr().Unmap()
	hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	for _, hop := range slices.Backward(hops) {
		if !s.trusted(address) {
			break
		}
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		address = next.Unmap()
	}
	return address.String()
}

func (s *Server) trusted(a netip.Addr) bool {
	return slices.ContainsFunc(s.cfg.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// LogHandler adds request_id and, where there is one, case_id to every line
// that is logged while a request is served, here or in the case service.
//
// The server wraps its own logger; wrap the case service's with it as well.
func LogHandler(h slog.Handler) slog.Handler {
	if _, done := h.(logHandler); done {
		return h
	}
	return logHandler{h}
}

type logHandler struct{ slog.Handler }

func (h logHandler) Handle(ctx context.Context, rec slog.Record) error {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		rec.AddAttrs(slog.String("request_id", r.id))
		if r.caseID != "" {
			rec.AddAttrs(slog.String("case_id", r.caseID))
		}
	}
	return h.Handler.Handle(ctx, rec)
}

func (h logHandler) WithAttrs(as []slog.Attr) slog.Handler {
	return logHandler{h.Handler.WithAttrs(as)}
}

func (h logHandler) WithGroup(name string) slog.Handler { return logHandler{h.Handler.WithGroup(name)} }
