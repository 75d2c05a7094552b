package video

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"tongban/hub"
)

// Gateway serves WHIP (RFC 9725, publish) and WHEP (draft-ietf-wish-whep, play)
// for room systems, document cameras and tools that have no signalling of their
// own. Mount it with the prefix stripped:
//
//	POST    /whip  /whep             offer in, answer and Location out
//	PATCH   /whip/{id}  /whep/{id}   trickled candidates; a new ufrag restarts ICE
//	DELETE  /whip/{id}  /whep/{id}   the end
//	OPTIONS anywhere                 the methods and types that are taken
//
// The bearer token names room and participant; the path does not.
type Gateway struct {
	node    *Node
	checker Checker
	prefix  string
	mux     *http.ServeMux

	mu       sync.Mutex // guards sessions
	sessions map[string]*httpSession
}

// httpSession is one WHIP or WHEP resource.
type httpSession struct {
	id    string
	token string
	kind  string
	who   *Participant
	peer  *peer
	etag  string // of the peer's goroutine
}

const (
	typeSDP      = "application/sdp"
	typeFragment = "application/trickle-ice-sdpfrag"
)

// NewGateway returns the handlers; prefix is the path under which clients see
// them, for Location.
func NewGateway(n *Node, c Checker, prefix string) *Gateway {
	g := &Gateway{node: n, checker: c, prefix: strings.TrimSuffix(prefix, "/"), mux: http.NewServeMux(), sessions: map[string]*httpSession{}}
	for _, kind := range []string{"whip", "whep"} {
		g.mux.HandleFunc("POST /"+kind, func(w http.ResponseWriter, r *http.Request) { g.post(w, r, kind) })
		g.mux.HandleFunc("PATCH /"+kind+"/{id}", func(w http.ResponseWriter, r *http.Request) { g.patch(w, r, kind) })
		g.mux.HandleFunc("DELETE /"+kind+"/{id}", func(w http.ResponseWriter, r *http.Request) { g.remove(w, r, kind) })
		g.mux.HandleFunc("OPTIONS /"+kind, options)
		g.mux.HandleFunc("OPTIONS /"+kind+"/{id}", options)
	}
	return g
}

// ServeHTTP serves one request.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.mux.ServeHTTP(w, r) }

func options(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Accept-Post", typeSDP)
	h.Set("Accept-Patch", typeFragment)
	h.Set("Allow", "POST, PATCH, DELETE, OPTIONS")
	w.WriteHeader(http.StatusNoContent)
}

// bearer returns the grant of the request's token.
func (g *Gateway) bearer(r *http.Request) (Grant, string, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || token == "" {
		return Grant{}, "", refuse(hub.Unauthenticated, ReasonTokenInvalid, "a bearer token is needed")
	}
	grant, err := g.checker.Check(r.Context(), token)
	if err != nil && asError(err) == nil {
		err = refuseWith(hub.Internal, "", "the token could not be checked", err)
	}
	return grant, token, err
}

// post takes an offer and makes the participant.
func (g *Gateway) post(w http.ResponseWriter, r *http.Request, kind string) {
	grant, token, err := g.bearer(r)
	if err != nil {
		problem(w, err)
		return
	}
	offer, err := g.body(r, typeSDP)
	if err != nil {
		problem(w, err)
		return
	}
	s, answer, err := g.open(r.Context(), kind, token, grant, offer)
	if err != nil {
		problem(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", typeSDP)
	h.Set("Location", g.prefix+"/"+kind+"/"+s.id)
	h.Set("ETag", s.etag)
	h.Set("Accept-Patch", typeFragment)
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, answer) //nolint:gosec // application/sdp, no browser shows it
}

func (g *Gateway) open(ctx context.Context, kind, token string, grant Grant, offer string) (*httpSession, string, error) {
	if kind == "whep" {
		if !grant.Subscribe {
			return nil, "", refuse(hub.Forbidden, ReasonSource, "the grant does not permit to receive")
		}
		grant.Publish = nil
	} else {
		if len(grant.Publish) == 0 || grant.Hidden {
			return nil, "", refuse(hub.Forbidden, ReasonSource, "the grant does not permit to publish")
		}
		grant.Subscribe = false
	}
	if grant.Wait {
		return nil, "", refuse(hub.WrongState, ReasonWaiting, "who must be admitted needs the signalling protocol")
	}
	s := &httpSession{id: rand.Text(), token: token, kind: kind, etag: `"` + rand.Text() + `"`}
	var err error
	s.who, err = g.node.join(ctx, grant, &httpSink{g, s.id}, arrival{whip: true}, func(r *Room, p *Participant) { s.peer = p.media(r) })
	if err != nil {
		return nil, "", err
	}
	g.mu.Lock()
	g.sessions[s.id] = s
	g.mu.Unlock()
	if s.peer == nil {
		g.leave(s)
		return nil, "", refuse(hub.Unavailable, ReasonMedia, "no media connection could be made")
	}
	answer, err := onPeer(ctx, s.peer, func() (string, error) {
		text, err := s.peer.onOffer(offer, nil)
		s.peer.settle()
		return text, err
	})
	if err == nil && answer == "" {
		err = refuse(hub.Conflict, ReasonSDP, "the offer crossed another")
	}
	if err != nil {
		g.leave(s)
		return nil, "", err
	}
	return s, answer, nil
}

// onPeer runs f in the peer's goroutine and returns its answer.
func onPeer[T any](ctx context.Context, p *peer, f func() (T, error)) (T, error) {
	type result struct {
		v   T
		err error
	}
	done := make(chan result, 1)
	p.post(func() {
		v, err := f()
		done <- result{v, err}
	})
	var zero T
	select {
	case r := <-done:
		return r.v, r.err
	case <-p.quit:
		return zero, refuse(hub.Unavailable, ReasonMedia, "the media connection has ended")
	case <-ctx.Done():
		return zero, hub.Wrap(hub.Unavailable, ctx.Err(), "the media connection did not answer in time")
	}
}

// httpSink hears from the room only that the participant is gone.
type httpSink struct {
	gateway *Gateway
	id      string
}

func (s *httpSink) send(message) {}

func (s *httpSink) end(Reason) {
	s.gateway.mu.Lock()
	defer s.gateway.mu.Unlock()
	delete(s.gateway.sessions, s.id)
}

func (g *Gateway) leave(s *httpSession) {
	s.who.leaving.Store(true)
	if r := s.who.room.Load(); r != nil {
		r.post(func() { r.exit(s.who, "") })
	}
}

// session returns the resource of a request that shows the token it was made with.
func (g *Gateway) session(r *http.Request, kind string) (*httpSession, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if token == "" {
		return nil, refuse(hub.Unauthenticated, ReasonTokenInvalid, "a bearer token is needed")
	}
	g.mu.Lock()
	s := g.sessions[r.PathValue("id")]
	g.mu.Unlock()
	if s == nil || s.kind != kind || subtle.ConstantTimeCompare([]byte(s.token), []byte(token)) != 1 {
		return nil, refuse(hub.NotFound, ReasonUnknown, "no such session")
	}
	return s, nil
}

func (g *Gateway) remove(w http.ResponseWriter, r *http.Request, kind string) {
	s, err := g.session(r, kind)
	if err != nil {
		problem(w, err)
		return
	}
	g.leave(s)
	w.WriteHeader(http.StatusOK)
}

// body reads a request of a media type, within the limit.
func (g *Gateway) body(r *http.Request, media string) (string, error) {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), media) {
		return "", refuse(hub.WrongType, ReasonSDP, "the content must be "+media)
	}
	limit := g.node.cfg.Limits.SDP
	b, err := io.ReadAll(io.LimitReader(r.Body, int64(limit)+1))
	switch {
	case err != nil:
		return "", refuseWith(hub.BadRequest, ReasonSDP, "the content could not be read", err)
	case len(b) > limit:
		return "", refuse(hub.TooLarge, ReasonSDPTooLarge, "the session description is too large")
	}
	return string(b), nil
}

// statuses are the HTTP statuses of the codes that this package refuses with.
var statuses = map[hub.Code]int{
	hub.BadRequest: http.StatusBadRequest, hub.Invalid: http.StatusUnprocessableEntity, hub.Unauthenticated: http.StatusUnauthorized,
	hub.Forbidden: http.StatusForbidden, hub.NotFound: http.StatusNotFound, hub.Conflict: http.StatusConflict, hub.WrongState: http.StatusConflict,
	hub.StaleVersion: http.StatusPreconditionFailed, hub.TooLarge: http.StatusRequestEntityTooLarge, hub.WrongType: http.StatusUnsupportedMediaType,
	hub.Locked: http.StatusLocked, hub.RateLimited: http.StatusTooManyRequests, hub.Unavailable: http.StatusServiceUnavailable,
}

// problem answers with a problem document (RFC 9457).
func problem(w http.ResponseWriter, err error) {
	code := hub.ErrorCode(err)
	status := or(statuses[code], http.StatusInternalServerError)
	text := ""
	if e := asError(err); e != nil && code != hub.Internal {
		text = e.Message
	}
	var b bytes.Buffer
	_ = json.NewEncoder(&b).Encode(map[string]any{
		"title": http.StatusText(status), "status": status, "code": code, "reason": ReasonOf(err), "detail": text,
	})
	w.Header().Set("Content-Type", "application/problem+json")
	if code == hub.Unauthenticated {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	if code == hub.Unavailable {
		w.Header().Set("Retry-After", "2")
	}
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// Close ends every session. New ones are refused by the node, which is closed
// after the gateway.
func (g *Gateway) Close() error {
	g.mu.Lock()
	var all []*httpSession
	for _, s := range g.sessions {
		all = append(all, s)
	}
	g.mu.Unlock()
	for _, s := range all {
		g.leave(s)
	}
	limit := time.NewTimer(gatherLimit)
	defer limit.Stop()
	for _, s := range all {
		if s.peer == nil {
			continue
		}
		select {
		case <-s.peer.quit:
		case <-limit.C:
			return errors.New("video: sessions did not end in time")
		}
	}
	return nil
}
