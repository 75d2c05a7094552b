package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"tongban/hub"
)

// Rooms are the live rooms of video sessions. Who comes says by a token in his
// first message, or as a bearer token, who he is: neither route needs a session.
type Rooms interface {
	// Serve speaks docs/video-protocol.md on a connection until it ends.
	Serve(ctx context.Context, s Socket)
	// ServeHTTP answers WHIP and WHEP. Paths are those below /api/v1/video.
	ServeHTTP(w http.ResponseWriter, r *http.Request)
}

// Socket carries text messages over a WebSocket. One goroutine reads, another
// writes; Close may be called from any and ends both.
type Socket interface {
	// Read returns the next message, and fails when it has more than limit bytes
	// or ctx is done.
	Read(ctx context.Context, limit int) ([]byte, error)
	Write(ctx context.Context, message []byte) error
	Close() error
}

const (
	// VideoPath is below which rooms are reached.
	VideoPath = base + "/video"
	// maxOffer bounds the body of a WHIP or WHEP request.
	maxOffer = 128 << 10
)

func (s *Server) roomRoutes() {
	if s.cfg.Rooms == nil {
		return
	}
	s.app.Get(VideoPath+"/socket", s.serveSocket)
	for _, path := range []string{"/whip", "/whip/:id", "/whep", "/whep/:id"} {
		s.app.All(VideoPath+path, s.serveDevice)
	}
}

// serveSocket turns the connection into a WebSocket.
func (s *Server) serveSocket(c *fiber.Ctx) error {
	if !websocket.FastHTTPIsWebSocketUpgrade(c.Context()) {
		return fiber.ErrUpgradeRequired
	}
	up := websocket.FastHTTPUpgrader{
		HandshakeTimeout: s.cfg.Limits.Request, ReadBufferSize: 4 << 10, WriteBufferSize: 4 << 10, CheckOrigin: s.ownOrigin,
	}
	err := up.Upgrade(c.Context(), func(conn *websocket.Conn) {
		sock := &socket{conn: conn}
		defer func() { _ = sock.Close() }()
		if !s.sockets.enter() {
			return
		}
		defer s.sockets.leave()
		s.cfg.Rooms.Serve(s.streams, sock)
	})
	if err != nil {
		return hub.Wrap(hub.BadRequest, err, "this is no WebSocket of our own pages")
	}
	return nil
}

// ownOrigin lets our own pages in, and clients that are no browser.
func (s *Server) ownOrigin(c *fasthttp.RequestCtx) bool {
	origin := string(c.Request.Header.Peek(fiber.HeaderOrigin))
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, string(c.Host()))
}

// socket implements Socket over one connection.
type socket struct {
	conn *websocket.Conn
	once sync.Once
}

// writeTime is how long one message may take to leave.
const writeTime = 10 * time.Second

// Read implements Socket.
func (s *socket) Read(ctx context.Context, limit int) ([]byte, error) {
	defer s.until(ctx, s.conn.SetReadDeadline)()
	s.conn.SetReadLimit(int64(limit) + 1)
	kind, b, err := s.conn.ReadMessage()
	if err == nil && kind != websocket.TextMessage {
		err = errors.New("a message that is no text")
	}
	return b, err
}

// Write implements Socket.
func (s *socket) Write(ctx context.Context, message []byte) error {
	defer s.until(ctx, s.conn.SetWriteDeadline)()
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.conn.WriteMessage(websocket.TextMessage, message)
}

// until ends a read or write when ctx does; the returned function forgets ctx.
func (s *socket) until(ctx context.Context, deadline func(time.Time) error) func() {
	stop := context.AfterFunc(ctx, func() { _ = deadline(time.Unix(1, 0)) })
	return func() { stop() }
}

// Close implements Socket.
func (s *socket) Close() (err error) {
	s.once.Do(func() {
		bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		_ = s.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second)) // it may be gone
		err = s.conn.Close()
	})
	return err
}

// crowd counts the connections that fasthttp has given away and no longer
// waits for, so that the server does.
type crowd struct {
	mu     sync.Mutex // guards the rest
	gone   *sync.Cond
	inside int
	most   int
	closed bool
}

func newCrowd(most int) *crowd {
	c := &crowd{most: most}
	c.gone = sync.NewCond(&c.mu)
	return c
}

func (c *crowd) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.inside >= c.most {
		return false
	}
	c.inside++
	return true
}

func (c *crowd) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inside--
	c.gone.Broadcast()
}

// wait lets nobody in any more and returns when all have left.
func (c *crowd) wait() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for c.inside > 0 {
		c.gone.Wait()
	}
}

// serveDevice carries one WHIP or WHEP request to the rooms. Offers are small,
// so that body and answer are held.
func (s *Server) serveDevice(c *fiber.Ctx) error {
	r, err := s.deviceRequest(c)
	if err != nil {
		return err
	}
	w := &held{header: http.Header{}, status: http.StatusOK}
	s.cfg.Rooms.ServeHTTP(w, r.WithContext(c.UserContext()))
	for name, values := range w.header {
		for _, v := range values {
			c.Response().Header.Add(name, v)
		}
	}
	return c.Status(w.status).Send(w.body.Bytes())
}

func (s *Server) deviceRequest(c *fiber.Ctx) (*http.Request, error) {
	body := io.Reader(http.NoBody)
	if b := c.Context().RequestBodyStream(); b != nil {
		all, err := io.ReadAll(io.LimitReader(b, maxOffer+1))
		if err != nil {
			return nil, hub.Wrap(hub.BadRequest, err, "the offer broke off")
		}
		if len(all) > maxOffer {
			return nil, hub.E(hub.TooLarge, "an offer has at most %d bytes", maxOffer)
		}
		body = bytes.NewReader(all)
	}
	r, err := http.NewRequestWithContext(c.UserContext(), c.Method(), strings.TrimPrefix(c.Path(), VideoPath), body)
	if err != nil {
		return nil, hub.Wrap(hub.BadRequest, err, "the request is not readable")
	}
	r.Host = c.Hostname()
	for name, value := range c.Request().Header.All() {
		if n := http.CanonicalHeaderKey(string(name)); n != fiber.HeaderCookie {
			r.Header.Add(n, string(value))
		}
	}
	return r, nil
}

// held is an answer that is sent when it is whole.
type held struct {
	header http.Header
	body   bytes.Buffer
	status int
	said   bool
}

// Header implements [http.ResponseWriter].
func (h *held) Header() http.Header { return h.header }

// WriteHeader implements [http.ResponseWriter].
func (h *held) WriteHeader(status int) {
	if !h.said {
		h.status, h.said = status, true
	}
}

// Write implements [http.ResponseWriter].
func (h *held) Write(p []byte) (int, error) {
	h.said = true
	return h.body.Write(p)
}
