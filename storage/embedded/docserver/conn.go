package docserver

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"tongban/storage/embedded/docserver/internal/fault"
)

// writeTimeout is how long a client may take to read its reply.
const writeTimeout = time.Minute

// conn is one client connection, served by one goroutine.
type conn struct {
	s     *Server
	net   net.Conn
	id    int32
	authn conversation
	buf   []byte // of the last request, used again
	out   []byte // of the last reply, used again
}

// keepBytes is how large a buffer may be to be used again.
const keepBytes = 256 << 10

func (c *conn) serve() {
	defer c.s.conns.remove(c)
	defer func() {
		if p := recover(); p != nil {
			c.s.cfg.Logger.Error("connection ended by a panic", "panic", p, "stack", string(debug.Stack()))
		}
		_ = c.net.Close()
	}()
	r := bufio.NewReaderSize(c.net, 16<<10)
	for c.s.ctx.Err() == nil {
		err := c.exchange(r)
		if err == nil {
			continue
		}
		if !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) && c.s.ctx.Err() == nil {
			c.s.cfg.Logger.Debug("connection ended", "error", err)
		}
		return
	}
}

// exchange reads one message and answers it. Only an error of the connection
// itself is returned.
func (c *conn) exchange(r io.Reader) error {
	if cap(c.buf) > keepBytes {
		c.buf = nil
	}
	m, err := readMessage(r, &c.buf)
	if err != nil {
		return err
	}
	reply := c.handle(m)
	if m.noReply {
		return nil
	}
	if cap(c.out) > keepBytes {
		c.out = nil
	}
	c.out = m.appendReply(c.out[:0], reply)
	if err := c.net.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	_, err = c.net.Write(c.out)
	return err
}

// handle runs the command in m and returns the reply document.
func (c *conn) handle(m *message) []byte {
	q, err := newRequest(c, m)
	if err != nil {
		return errorReply(fault.Of(err))
	}
	q.ctx = c.s.ctx
	if q.maxTime > 0 {
		var cancel context.CancelFunc
		q.ctx, cancel = context.WithTimeoutCause(c.s.ctx, q.maxTime, errMaxTime)
		defer cancel()
	}
	reply, err := c.s.run(q)
	if err != nil {
		return errorReply(c.s.refusal(q, err))
	}
	return reply
}

var errMaxTime = fault.New(fault.MaxTimeMSExpired, "operation exceeded time limit")

// connTable is every open connection.
type connTable struct {
	mu     sync.Mutex // guards the fields below
	open   map[*conn]struct{}
	last   int32
	closed bool
}

func (t *connTable) nextID() int32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	return t.last
}

func (t *connTable) add(c *conn, limit int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || len(t.open) >= limit {
		return false
	}
	if t.open == nil {
		t.open = map[*conn]struct{}{}
	}
	t.open[c] = struct{}{}
	return true
}

func (t *connTable) remove(c *conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.open, c)
}

func (t *connTable) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.open)
}

func (t *connTable) closeAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for c := range t.open {
		_ = c.net.Close()
	}
}
