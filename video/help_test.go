package video_test

import (
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"tongban/hub"
	"tongban/video"
)

// tokens are "room/participant" with flags behind: "a" admin, "h" hidden, "w"
// waits, "l" listens only.
func checkToken(_ context.Context, token string) (video.Grant, error) {
	f := strings.Split(token, "/")
	if len(f) < 2 {
		return video.Grant{}, hub.E(hub.Unauthenticated, "unknown token")
	}
	flags := strings.Join(f[2:], "")
	g := video.Grant{
		Room: video.RoomID(f[0]), Participant: video.ParticipantID(f[1]), Subscribe: true,
		Publish: []video.Source{video.Camera, video.Mic, video.Screen, video.ScreenAudio},
		Admin:   strings.Contains(flags, "a"), Hidden: strings.Contains(flags, "h"), Wait: strings.Contains(flags, "w"),
		Apps: map[string]video.Reach{"chat": video.ReachRoom, "hand": video.ReachAdmins, "speak": video.ReachService},
	}
	g.Echo = strings.Contains(flags, "e")
	if strings.Contains(flags, "l") {
		g.Publish = nil
	}
	return g, nil
}

type world struct {
	t    testing.TB
	node *video.Node
	web  *httptest.Server
	door *video.Door
	gate *video.Gateway
}

type option func(*video.Config)

func withTCPOnly(c *video.Config) {
	_ = c.UDP.Close()
	c.UDP = nil
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	c.TCP = l
}

func newWorld(t testing.TB, opts ...option) *world {
	t.Helper()
	before := runtime.NumGoroutine()
	udp, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	cfg := video.Config{UDP: udp, Loopback: true}
	for _, o := range opts {
		o(&cfg)
	}
	node, err := video.NewNode(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, node: node}
	checker := video.CheckerFunc(checkToken)
	w.gate = video.NewGateway(node, checker, "")
	w.door = &video.Door{Node: node, Checker: checker}
	w.web = httptest.NewServer(w.gate)
	t.Cleanup(func() {
		w.web.Close()
		if err := node.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		eventually(t, "goroutines gone", func() error {
			if n := runtime.NumGoroutine(); n > before+2 {
				buf := make([]byte, 1<<20)
				return fmt.Errorf("%d goroutines, %d before\n%s", n, before, buf[:runtime.Stack(buf, true)])
			}
			return nil
		})
	})
	return w
}

// eventually polls until f returns nil, or fails with what is missing.
func eventually(t testing.TB, what string, f func() error) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := f()
		if err == nil {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%s: %v", what, err)
		case <-tick.C:
		}
	}
}
