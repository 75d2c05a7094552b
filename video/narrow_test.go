package video_test

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v3"
)

// narrow is a line between one client and the node that lets through so many
// bits a second towards the client, and holds what is more in a short queue, as
// a router does.
type narrow struct {
	out  *net.UDPConn // the client sees this address as the node's
	node *net.UDPAddr

	mu     sync.Mutex // guards all below
	bits   float64
	up     *net.UDPConn // one for the one client
	client *net.UDPAddr
	busy   time.Time // when the line is free again
	lost   int
}

func newNarrow(t *testing.T, w *world, bits float64) *narrow {
	t.Helper()
	loop := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}
	out, err := net.ListenUDP("udp4", loop)
	if err != nil {
		t.Fatal(err)
	}
	up, err := net.ListenUDP("udp4", loop)
	if err != nil {
		t.Fatal(err)
	}
	n := &narrow{out: out, up: up, node: w.node.Addrs()[0].(*net.UDPAddr), bits: bits}
	var wg sync.WaitGroup
	wg.Go(n.upward)
	wg.Go(func() { n.downward(t) })
	t.Cleanup(func() { _ = out.Close(); _ = up.Close(); wg.Wait() })
	return n
}

func (n *narrow) upward() {
	buf := make([]byte, 2000)
	for {
		k, from, err := n.out.ReadFromUDP(buf)
		if err != nil {
			return
		}
		n.mu.Lock()
		n.client = from
		n.mu.Unlock()
		_, _ = n.up.WriteToUDP(buf[:k], n.node)
	}
}

const longestQueue = 300 * time.Millisecond

func (n *narrow) downward(t *testing.T) {
	buf := make([]byte, 2000)
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		k, err := n.up.Read(buf)
		if err != nil {
			return
		}
		n.mu.Lock()
		now := time.Now()
		if n.busy.Before(now) {
			n.busy = now
		}
		wait, to := n.busy.Sub(now), n.client
		if wait > longestQueue || to == nil {
			n.lost++
			n.mu.Unlock()
			continue
		}
		n.busy = n.busy.Add(time.Duration(float64(k*8) / n.bits * float64(time.Second)))
		n.mu.Unlock()
		p := append([]byte(nil), buf[:k]...)
		wg.Add(1)
		time.AfterFunc(wait, func() {
			defer wg.Done()
			_, _ = n.out.WriteToUDP(p, to)
		})
	}
}

func (n *narrow) set(bits float64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.bits = bits
}

// through makes a description of the node's point to the narrow line.
func (n *narrow) through(sdp string) string {
	return strings.ReplaceAll(sdp, fmt.Sprintf(" 127.0.0.1 %d ", n.node.Port), fmt.Sprintf(" 127.0.0.1 %d ", n.out.LocalAddr().(*net.UDPAddr).Port))
}

// On a line too narrow for the best layer a receiver gets a smaller one, with all
// of the sound; when the line widens he gets the best again.
func TestANarrowLineGetsASmallerLayerAndAllTheSound(t *testing.T) {
	w := newWorld(t)
	ann := w.dial("r/ann")
	low := ann.publishRID(webrtc.MimeTypeVP8, "q", 180, 0, nil)
	ann.publishRID(webrtc.MimeTypeVP8, "f", 720, 0, low)
	ann.publish(webrtc.MimeTypeOpus, 0, 60)
	if m := ann.offer(); m["type"] != "answer" {
		t.Fatal(m)
	}
	line := newNarrow(t, w, 20e6)
	bo := w.connect(msg{"type": "hello", "version": 1, "token": "r/bo"})
	bo.mu.Lock()
	bo.rewrite = line.through
	bo.mu.Unlock()
	bo.expect("welcome")
	p := bo.receives("ann/camera", 20)
	height := func(want int64) {
		t.Helper()
		eventually(t, fmt.Sprint("height ", want), func() error {
			if h := p.height.Load(); h != want {
				s, _ := w.node.Snapshot(t.Context(), "r")
				return fmt.Errorf("height %d, %+v", h, s.Participants)
			}
			return nil
		})
	}
	height(720) // about 800 kbit/s
	line.set(450e3)
	height(180) // about 270 kbit/s
	sound := bo.hears("ann/mic")
	bo.receives("ann/mic", 100) // the queue of the line drains
	gaps := sound.gaps.Load()
	bo.receives("ann/mic", 100)
	if n := sound.gaps.Load() - gaps; n > 20 { // while the line overflowed every second packet was lost
		t.Errorf("the sound has %d gaps on a line that is wide enough for it", n)
	}
	line.set(20e6)
	height(720)
}
