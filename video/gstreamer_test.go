package video_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/pion/webrtc/v3"

	"tongban/video"
)

// TestGStreamer lets another WebRTC stack publish by WHIP and play by WHEP.
// libnice does not use the loopback interface, so the node listens on another
// address of this machine.
func TestGStreamer(t *testing.T) {
	ip := outsideIP(t)
	for _, codec := range []string{"vp8", "h264"} {
		t.Run(codec, func(t *testing.T) {
			w := newWorld(t, func(c *video.Config) {
				_ = c.UDP.Close()
				var err error
				if c.UDP, err = net.ListenUDP("udp4", &net.UDPAddr{IP: ip}); err != nil {
					t.Fatal(err)
				}
			})
			plain := w.dial("r/pion", func(se *webrtc.SettingEngine) { se.SetIPFilter(func(i net.IP) bool { return i.Equal(ip) }) })
			publisher := w.gstreamer("publish", "/whip", "r/gst", codec)
			plain.receives("gst/camera", 20)
			plain.hears("gst/mic")
			player := w.gstreamer("play", "/whep", "r/viewer/l", codec)
			eventually(t, "GStreamer decodes what GStreamer published", func() error {
				if s := player.state(); s.Frames < 30 || s.Pictures < 10 || s.Sounds < 50 {
					return fmt.Errorf("%+v, publisher %+v", s, publisher.state())
				}
				return nil
			})
			for _, g := range []*gstreamer{publisher, player} {
				if err := g.close(); err != nil {
					t.Error(err)
				}
			}
			eventually(t, "only pion is left", func() error {
				if n := w.node.Stats().Participants; n != 1 {
					return fmt.Errorf("%d participants", n)
				}
				return nil
			})
		})
	}
}

// outsideIP is an IPv4 address of this machine that is not of its loopback.
func outsideIP(t *testing.T) net.IP {
	t.Helper()
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			return n.IP.To4()
		}
	}
	t.Fatal("GStreamer needs a network interface with an IPv4 address beside the loopback")
	return nil
}

// gstState is what the script tells once a second.
type gstState struct {
	State                    string
	Frames, Sounds, Pictures int
	Error                    string
}

type gstreamer struct {
	cmd   *exec.Cmd
	stdin io.Closer
	read  sync.WaitGroup

	mu     sync.Mutex
	last   gstState
	closed bool
}

func (w *world) gstreamer(mode, path, token, codec string) *gstreamer {
	w.t.Helper()
	// The system's Python: the bindings are Debian packages.
	g := &gstreamer{cmd: exec.Command("/usr/bin/python3", "testdata/webrtcbin.py", mode, w.web.URL+path, token, codec)}
	g.cmd.Stderr = os.Stderr
	in, err := g.cmd.StdinPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	g.stdin = in
	out, err := g.cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := g.cmd.Start(); err != nil {
		w.t.Fatalf("GStreamer's Python bindings are needed (Debian packages gir1.2-gst-plugins-bad-1.0, gstreamer1.0-nice): %v", err)
	}
	g.read.Go(func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var s gstState
			if json.Unmarshal(lines.Bytes(), &s) == nil {
				g.mu.Lock()
				g.last = s
				g.mu.Unlock()
			}
		}
	})
	w.t.Cleanup(func() { _ = g.close() })
	return g
}

func (g *gstreamer) state() gstState {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.last
}

// close ends the script, which deletes its resource.
func (g *gstreamer) close() error {
	g.mu.Lock()
	closed := g.closed
	g.closed = true
	g.mu.Unlock()
	if closed {
		return nil
	}
	err := g.stdin.Close()
	g.read.Wait()
	return errors.Join(err, g.cmd.Wait())
}
