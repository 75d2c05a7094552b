package video

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"

	"github.com/pion/ice/v2"
)

// udpSocket is the node's one UDP socket. Several packets of one size for one
// receiver leave in one system call where the kernel can cut them apart
// (UDP_SEGMENT, Linux 4.18).
type udpSocket struct {
	*net.UDPConn
	segments atomic.Bool
}

const (
	solUDP     = 17
	udpSegment = 103
	socketBuf  = 4 << 20
)

func newUDPSocket(c *net.UDPConn) *udpSocket {
	u := &udpSocket{UDPConn: c}
	_ = c.SetReadBuffer(socketBuf)
	_ = c.SetWriteBuffer(socketBuf)
	if raw, err := c.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_, err := syscall.GetsockoptInt(int(fd), solUDP, udpSegment)
			u.segments.Store(err == nil)
		})
	}
	return u
}

// batchMax is the most packets of one batch; the kernel takes 64.
const batchMax = 24

// batch gathers RTP packets of a shard for one receiver. Only the shard's
// goroutine touches it: pion's way from a slot's writer to the socket is one
// call chain without a goroutine between.
type batch struct {
	udp  *udpSocket
	to   netip.AddrPort
	buf  []byte
	size int // of all packets but the last
	n    int
	last int // size of the last
	oob  [32]byte
}

// add takes a packet, sending the earlier ones first if it does not fit them.
func (b *batch) add(p []byte, to netip.AddrPort) {
	if b.n > 0 && (to != b.to || b.last != b.size || len(p) > b.size || b.n >= batchMax) {
		b.flush()
	}
	if b.n == 0 {
		b.to, b.size = to, len(p)
	}
	b.buf = append(b.buf, p...)
	b.last = len(p)
	b.n++
}

// flush sends what has been gathered. Errors are lost packets: receivers ask again.
func (b *batch) flush() {
	if b.n == 0 {
		return
	}
	switch {
	case b.n == 1:
		_, _ = b.udp.WriteToUDPAddrPort(b.buf, b.to)
	case b.udp.segments.Load():
		_, _, err := b.udp.WriteMsgUDPAddrPort(b.buf, b.control(), b.to)
		if errors.Is(err, syscall.EIO) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOPROTOOPT) {
			b.udp.segments.Store(false) // this way out cannot do it
			b.each()
		}
	default:
		b.each()
	}
	b.buf, b.n = b.buf[:0], 0
}

func (b *batch) each() {
	for rest := b.buf; len(rest) > 0; {
		n := min(b.size, len(rest))
		_, _ = b.udp.WriteToUDPAddrPort(rest[:n], b.to)
		rest = rest[n:]
	}
}

// control is the ancillary message that tells the kernel the size of a packet.
func (b *batch) control() []byte {
	head := syscall.CmsgLen(0)
	binary.NativeEndian.PutUint64(b.oob[:], uint64(syscall.CmsgLen(2)))
	binary.NativeEndian.PutUint32(b.oob[8:], solUDP)
	binary.NativeEndian.PutUint32(b.oob[12:], udpSegment)
	binary.NativeEndian.PutUint16(b.oob[head:], uint16(b.size))
	return b.oob[:syscall.CmsgSpace(2)]
}

// peerMux is what one connection sees of the node's UDP port.
type peerMux struct {
	ice.UDPMux
	peer *peer
}

// GetListenAddresses are the addresses that become candidates. Loopback is none
// unless the node says so or has nothing else.
func (m *peerMux) GetListenAddresses() []net.Addr {
	all := m.UDPMux.GetListenAddresses()
	if m.peer.node.cfg.Loopback {
		return all
	}
	var out []net.Addr
	for _, a := range all {
		if u, ok := a.(*net.UDPAddr); ok && !u.IP.IsLoopback() {
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

// GetConn is called by pion for each candidate.
func (m *peerMux) GetConn(ufrag string, addr net.Addr) (net.PacketConn, error) {
	c, err := m.UDPMux.GetConn(ufrag, addr)
	if err != nil {
		return nil, err
	}
	return &peerConn{PacketConn: c, peer: m.peer}, nil
}

// peerConn turns RTP into the shard's batch and lets all else through.
type peerConn struct {
	net.PacketConn
	peer   *peer
	addr   atomic.Pointer[addrOf]
	closed atomic.Bool
}

type addrOf struct {
	udp *net.UDPAddr
	to  netip.AddrPort
}

// WriteTo is called by pion.
func (c *peerConn) WriteTo(b []byte, to net.Addr) (int, error) {
	if len(b) < 12 || b[0]>>6 != 2 || (b[1] >= 192 && b[1] <= 223) {
		return c.PacketConn.WriteTo(b, to)
	}
	if c.closed.Load() {
		return 0, net.ErrClosed
	}
	u, ok := to.(*net.UDPAddr)
	if !ok {
		return c.PacketConn.WriteTo(b, to)
	}
	a := c.addr.Load()
	if a == nil || a.udp != u {
		ap := u.AddrPort()
		a = &addrOf{udp: u, to: netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())}
		c.addr.Store(a)
	}
	c.peer.home().batch.add(b, a.to)
	return len(b), nil
}

// Close ends writing too.
func (c *peerConn) Close() error {
	c.closed.Store(true)
	return c.PacketConn.Close()
}
