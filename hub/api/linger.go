package api

import (
	"io"
	"net"
	"sync/atomic"
	"time"
)

// lingering is a listener whose connections can be closed with patience. A
// connection closed while the client still sends is reset, and the client may
// lose the answer that told it why.
type lingering struct{ net.Listener }

func (l lingering) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lingeringConn{Conn: c}, nil
}

type lingeringConn struct {
	net.Conn
	unread atomic.Bool // the client was still sending
}

const (
	lingerFor   = 2 * time.Second
	lingerBytes = 64 << 20
)

// Close says that nothing more comes, lets the client read that while it
// sends on for a while, and only then closes.
func (c *lingeringConn) Close() error {
	tcp, ok := c.Conn.(*net.TCPConn)
	if ok && c.unread.Swap(false) && tcp.CloseWrite() == nil && tcp.SetReadDeadline(time.Now().Add(lingerFor)) == nil {
		_, _ = io.CopyN(io.Discard, tcp, lingerBytes) // whatever stops it, the connection closes now
	}
	return c.Conn.Close()
}

// closeWithPatience marks a connection that is closed before its request is read.
func closeWithPatience(c net.Conn) {
	if l, ok := c.(*lingeringConn); ok {
		l.unread.Store(true)
	}
}
