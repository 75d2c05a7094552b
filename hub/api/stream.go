package api

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"tongban/hub"
)

// transfer is a context for what goes on after the handler has returned: it
// ends with its own time limit or with the server.
func (s *Server) transfer(ctx context.Context) (context.Context, context.CancelFunc) {
	long, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Limits.Transfer)
	stop := context.AfterFunc(s.life, cancel)
	return long, func() { stop(); cancel() }
}

// send streams body as the answer and closes it, then calls done. size is -1
// when it is not known. A body that fails breaks the connection, so that the
// client cannot take a part for the whole.
func (s *Server) send(c *fiber.Ctx, body io.ReadCloser, size int64, done func()) {
	out := &outgoing{body: body, conn: c.Context().Conn(), stall: s.cfg.Limits.Stall, done: done}
	c.Context().SetBodyStream(out, int(size))
}

// outgoing gives a slow but living client as long as it takes.
type outgoing struct {
	body  io.ReadCloser
	conn  net.Conn
	stall time.Duration
	done  func()
	once  sync.Once
}

func (o *outgoing) Read(p []byte) (int, error) {
	n, err := o.body.Read(p)
	if e := o.conn.SetWriteDeadline(time.Now().Add(o.stall)); e != nil && err == nil {
		err = fmt.Errorf("client is gone: %w", e)
	}
	return n, err
}

// Close is called by fasthttp when the answer is written or the client is gone.
func (o *outgoing) Close() error {
	defer o.once.Do(o.done)
	return o.body.Close()
}

// pipeWriter buffers what a producer writes on its way to the client.
type pipeWriter struct {
	*bufio.Writer
	begun sync.Once
	first chan struct{}
	pipe  *io.PipeWriter
}

// produce runs f in a goroutine of the server and returns what it writes as a
// reader. It waits for the first bytes to leave the buffer, or the end: an
// error before that is returned here and can still be answered as a problem,
// an error after it fails the reader.
func (s *Server) produce(ctx context.Context, f func(ctx context.Context, w *pipeWriter) error) (io.ReadCloser, error) {
	r, pipe := io.Pipe()
	w := &pipeWriter{first: make(chan struct{}), pipe: pipe}
	w.Writer = bufio.NewWriterSize(begin{w}, 32<<10)
	result := make(chan error, 1)
	s.work.Go(func() {
		err := guarded(ctx, w, f)
		result <- err
		if err != nil {
			s.cfg.Logger.WarnContext(ctx, "stream ended early", "error", err)
		}
		_ = pipe.CloseWithError(err) // never fails; nil is the end
	})
	select {
	case <-w.first:
		return r, nil
	case err := <-result:
		return r, err
	}
}

func guarded(ctx context.Context, w *pipeWriter, f func(context.Context, *pipeWriter) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = hub.E(hub.Internal, "panic while streaming: %v", v)
		}
	}()
	if err := f(ctx, w); err != nil {
		return err
	}
	return w.Flush()
}

// begin tells that the first bytes are on their way.
type begin struct{ w *pipeWriter }

func (b begin) Write(p []byte) (int, error) {
	b.w.begun.Do(func() { close(b.w.first) })
	return b.w.pipe.Write(p)
}

func reprDigest(d hub.Digest) string {
	sum, err := hex.DecodeString(d.Hex())
	if err != nil {
		return ""
	}
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum) + ":"
}
