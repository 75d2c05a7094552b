package relay

import (
	"net"
	"sync"
	"time"
)

// listener bounds how many connections there are, and how long one may be silent.
type listener struct {
	net.Listener
	slots chan struct{}
}

// Accept is called by pion. A connection too many is closed at once.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		select {
		case l.slots <- struct{}{}:
			return &conn{Conn: c, slots: l.slots}, nil
		default:
			_ = c.Close()
		}
	}
}

// A client has firstWait until its first requests are in, and must be heard every
// idleWait: clients refresh their allocation more often. A write that takes
// longer than writeWait ends the connection.
const (
	firstWait = 10 * time.Second
	idleWait  = 10 * time.Minute
	writeWait = 5 * time.Second
)

type conn struct {
	net.Conn
	slots chan struct{}
	once  sync.Once
	reads int
}

func (c *conn) Read(b []byte) (int, error) {
	wait := firstWait
	if c.reads > 4 {
		wait = idleWait
	}
	c.reads++
	_ = c.SetReadDeadline(time.Now().Add(wait))
	return c.Conn.Read(b)
}

func (c *conn) Write(b []byte) (int, error) {
	_ = c.SetWriteDeadline(time.Now().Add(writeWait))
	n, err := c.Conn.Write(b)
	if err != nil {
		_ = c.Close()
	}
	return n, err
}

func (c *conn) Close() error {
	c.once.Do(func() { <-c.slots })
	return c.Conn.Close()
}
