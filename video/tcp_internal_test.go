package video

import (
	"encoding/binary"
	"net"
	"testing"
	"time"
)

// framed is an RTP packet as ICE-TCP carries it.
func framed(size int) []byte {
	b := make([]byte, size+2)
	binary.BigEndian.PutUint16(b, uint16(size))
	b[2], b[3] = 0x80, 96
	return b
}

// A receiver over TCP that never reads blocks nobody: pictures are dropped first,
// then everything, and his connection ends.
func TestATCPReceiverThatNeverReads(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	c := &tcpConn{Conn: near, limit: 200 * time.Millisecond, wake: make(chan struct{}, 1), quit: make(chan struct{})}
	ended := make(chan struct{})
	queued := func() int { c.mu.Lock(); defer c.mu.Unlock(); return len(c.queue) }
	put := func(n, size int) {
		for range n {
			if _, err := c.Write(framed(size)); err != nil {
				t.Fatal(err)
			}
		}
	}
	put(1000, 1100)
	if n := queued(); n > videoQueue {
		t.Errorf("%d bytes of pictures queued", n)
	}
	before := queued()
	put(100, 80)
	if n := queued(); n != before+100*82 {
		t.Errorf("of 100 packets of sound %d bytes are queued", n-before)
	}
	put(10000, 80)
	if n := queued(); n > fullQueue {
		t.Errorf("%d bytes queued", n)
	}
	go func() { c.run(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the writer still waits for him")
	}
	if _, err := c.Write(framed(80)); err == nil {
		t.Error("writing goes on after the end")
	}
}
