package video

import (
	"net"
	"sync"
	"time"
)

// tcpListener hands out connections whose writes never block: media for one
// receiver who does not read must not hold up the others.
type tcpListener struct {
	net.Listener
	write time.Duration
	wg    sync.WaitGroup
}

func newTCPListener(l net.Listener, write time.Duration) *tcpListener {
	return &tcpListener{Listener: l, write: write}
}

// Accept is called by pion.
func (l *tcpListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	t := &tcpConn{Conn: c, limit: l.write, wake: make(chan struct{}, 1), quit: make(chan struct{})}
	l.wg.Go(t.run)
	return t, nil
}

func (l *tcpListener) wait() { l.wg.Wait() }

// The bounds of a connection's queue: over videoQueue bytes video is dropped,
// over fullQueue everything is.
const (
	videoQueue = 256 << 10
	fullQueue  = 512 << 10
)

// smallPacket is the size up to which a packet may be audio: payload types are
// the client's choice, and 20 ms of Opus at 128 kbit/s are 320 bytes.
const smallPacket = 400

// tcpConn queues what is written to it. Each Write is one packet with its length
// before it (RFC 4571).
type tcpConn struct {
	net.Conn
	limit time.Duration
	wake  chan struct{}
	quit  chan struct{}
	once  sync.Once

	mu    sync.Mutex // guards all below
	queue []byte
	err   error
}

func (c *tcpConn) Write(b []byte) (int, error) {
	c.mu.Lock()
	switch n := len(c.queue) + len(b); {
	case c.err != nil:
		defer c.mu.Unlock()
		return 0, c.err
	case n > fullQueue, n > videoQueue && isVideo(b):
		c.mu.Unlock()
		return len(b), nil // dropped, as a network would
	}
	c.queue = append(c.queue, b...)
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
	return len(b), nil
}

// isVideo looks at the RTP header behind the length. The small end of a frame
// whose beginning was dropped passes for audio and does no harm.
func isVideo(b []byte) bool {
	return len(b) > smallPacket && b[2]>>6 == 2 && (b[3] < 192 || b[3] > 223)
}

// run writes what is queued; a write that takes longer than the limit ends the
// connection.
func (c *tcpConn) run() {
	var out []byte
	for {
		select {
		case <-c.wake:
		case <-c.quit:
			return
		}
		c.mu.Lock()
		out, c.queue = c.queue, out[:0]
		c.mu.Unlock()
		if len(out) == 0 {
			continue
		}
		_ = c.SetWriteDeadline(time.Now().Add(c.limit))
		if _, err := c.Conn.Write(out); err != nil {
			c.mu.Lock()
			c.err = err
			c.mu.Unlock()
			_ = c.Close()
			return
		}
	}
}

// Close ends the writer too.
func (c *tcpConn) Close() error {
	c.once.Do(func() { close(c.quit) })
	return c.Conn.Close()
}
