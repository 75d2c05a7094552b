package video

import (
	"bytes"
	"net"
	"testing"
	"time"
)

// Whether the kernel cuts a batch apart or we do, the packets arrive as they
// were, in order, each at its own receiver.
func TestBatchesArriveAsSinglePackets(t *testing.T) {
	loop := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}
	var to []*net.UDPConn
	for range 2 {
		c, err := net.ListenUDP("udp4", loop)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		to = append(to, c)
	}
	out, err := net.ListenUDP("udp4", loop)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	socket := newUDPSocket(out)
	kernel := socket.segments.Load()
	t.Logf("the kernel cuts batches: %v", kernel)
	for _, cut := range []bool{kernel, false} {
		socket.segments.Store(cut)
		b := &batch{udp: socket}
		sizes := []int{1200, 1200, 1200, 700, 1200, 1300, 50, 50, 50, 60, 1}
		var want [2][][]byte
		for round := range 6 {
			for i, n := range sizes {
				p := bytes.Repeat([]byte{byte(i + round)}, n)
				who := round % 2
				want[who] = append(want[who], p)
				b.add(p, to[who].LocalAddr().(*net.UDPAddr).AddrPort())
			}
		}
		for range 2 * batchMax { // more than one batch holds
			want[0] = append(want[0], []byte("same size"))
			b.add([]byte("same size"), to[0].LocalAddr().(*net.UDPAddr).AddrPort())
		}
		b.flush()
		b.flush() // nothing left
		for who, c := range to {
			buf := make([]byte, 2000)
			for i, w := range want[who] {
				_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
				n, err := c.Read(buf)
				if err != nil || !bytes.Equal(buf[:n], w) {
					t.Fatalf("cut by the kernel %v: packet %d of receiver %d has %d bytes, want %d (%v)", cut, i, who, n, len(w), err)
				}
			}
		}
	}
}
