package video_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/websocket"

	"tongban/video/relay"
)

// browserPlay is what a browser says of one publication.
type browserPlay struct{ Frames, Packets, Lost, Height, Hash float64 }

type browserStats struct {
	Plays    map[string]browserPlay
	Log      []string
	Speakers []string
	Error    any
	State    string
	Cipher   string
	Pair     struct{ Type, Protocol, Relay, Remote string }
	Sent     map[string]struct {
		Frames float64
		Codec  string
	}
}

// wsConn is the protocol's connection over a WebSocket.
type wsConn struct{ ws *websocket.Conn }

func (c wsConn) Read(ctx context.Context, limit int) ([]byte, error) {
	c.ws.MaxPayloadBytes = limit
	if d, ok := ctx.Deadline(); ok {
		_ = c.ws.SetReadDeadline(d)
	}
	var s string
	err := websocket.Message.Receive(c.ws, &s)
	return []byte(s), err
}

func (c wsConn) Write(ctx context.Context, b []byte) error {
	if d, ok := ctx.Deadline(); ok {
		_ = c.ws.SetWriteDeadline(d)
	}
	return websocket.Message.Send(c.ws, string(b))
}

func (c wsConn) Close() error { return c.ws.Close() }

// site serves the page and the signalling.
func (w *world) site() string {
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir("testdata")))
	mux.Handle("/ws", websocket.Server{Handler: func(ws *websocket.Conn) { w.door.Serve(ws.Request().Context(), wsConn{ws}) }})
	srv := httptest.NewServer(mux)
	w.t.Cleanup(srv.Close)
	return srv.URL + "/room.html"
}

// browse starts a browser of its own with a fake camera and microphone.
func browse(t *testing.T, page string) context.Context {
	t.Helper()
	path := "/usr/bin/chromium"
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("chromium is needed (Debian package chromium): %v", err)
	}
	opts := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Headless, chromedp.NoFirstRun, chromedp.DisableGPU,
	}
	for _, f := range []string{
		"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "use-fake-device-for-media-stream",
		"use-fake-ui-for-media-stream", "allow-loopback-in-peer-connection", "disable-dev-shm-usage",
	} {
		opts = append(opts, chromedp.Flag(f, true))
	}
	opts = append(opts, chromedp.Flag("autoplay-policy", "no-user-gesture-required"))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(func() { end(); stop() })
	if _, err := chromedp.Run(ctx, chromedp.Navigate(page)); err != nil {
		t.Fatal(err)
	}
	return ctx
}

func evaluate(t *testing.T, ctx context.Context, js string, into any) {
	t.Helper()
	m, err := chromedp.Run(ctx, chromedp.Evaluate[map[string]any](js, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", js, err)
	}
	if into == nil {
		return
	}
	b, err := json.Marshal(m)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// threeBrowsers lets three browsers meet and checks that each decodes moving
// pictures and sound of both others.
func threeBrowsers(t *testing.T, w *world, rtc string, pair func(browserStats) error) []context.Context {
	t.Helper()
	page := w.site()
	names := []string{"ann", "bo", "cy"}
	var tabs []context.Context
	for _, n := range names {
		ctx := browse(t, page)
		evaluate(t, ctx, fmt.Sprintf("enter('r/%s', %s).then(() => ({}))", n, rtc), nil)
		tabs = append(tabs, ctx)
	}
	for i := range tabs {
		for j, other := range names {
			if i != j {
				seesMoving(t, tabs[i], names[i], other+"/camera", pair)
				eventually(t, names[i]+" hears "+other, func() error {
					var s browserStats
					evaluate(t, tabs[i], "stats()", &s)
					if s.Plays[other+"/mic"].Packets < 20 {
						return fmt.Errorf("%+v", s.Plays)
					}
					return nil
				})
			}
		}
	}
	return tabs
}

// seesMoving waits until frames of a publication are decoded and the picture
// changes.
func seesMoving(t *testing.T, ctx context.Context, who, pub string, pair func(browserStats) error) browserStats {
	t.Helper()
	var first, s browserStats
	hashes := map[float64]bool{}
	eventually(t, who+" sees "+pub, func() error {
		s = browserStats{}
		evaluate(t, ctx, "stats()", &s)
		p := s.Plays[pub]
		if first.Plays == nil && p.Frames > 0 {
			first = s
		}
		hashes[p.Hash] = true
		if first.Plays == nil || p.Frames < first.Plays[pub].Frames+10 || len(hashes) < 4 {
			return fmt.Errorf("%d pictures, %+v, log %v, error %v", len(hashes), s.Plays, s.Log, s.Error)
		}
		return nil
	})
	if pair != nil {
		if err := pair(s); err != nil {
			t.Errorf("%s: %v", who, err)
		}
	}
	return s
}

func TestThreeBrowsersOverUDP(t *testing.T) {
	w := newWorld(t)
	tabs := threeBrowsers(t, w, "{}", func(s browserStats) error {
		if s.Pair.Protocol != "udp" || s.Cipher != "SRTP_AEAD_AES_128_GCM" {
			return fmt.Errorf("pair %+v, cipher %s", s.Pair, s.Cipher)
		}
		return nil
	})
	// A screen beside the camera.
	evaluate(t, tabs[0], "share().then(() => ({}))", nil)
	seesMoving(t, tabs[1], "bo", "ann/screen", nil)
	var s browserStats
	evaluate(t, tabs[0], "stats()", &s)
	if len(s.Sent) < 2 {
		t.Errorf("no simulcast: %+v", s.Sent)
	}
	// The signalling breaks, comes back, and ICE is restarted: nobody leaves.
	evaluate(t, tabs[1], "breakOff()", nil)
	seesMoving(t, tabs[1], "bo", "ann/camera", nil)
	seesMoving(t, tabs[0], "ann", "bo/camera", nil)
	evaluate(t, tabs[0], "stats()", &s)
	if slices.Contains(s.Log, "left") {
		t.Errorf("somebody left: %v", s.Log)
	}
}

func TestThreeBrowsersOverTCPOnly(t *testing.T) {
	w := newWorld(t, withTCPOnly)
	threeBrowsers(t, w, "{}", func(s browserStats) error {
		if s.Pair.Protocol != "tcp" {
			return fmt.Errorf("pair %+v", s.Pair)
		}
		return nil
	})
}

func TestThreeBrowsersThroughTURNOnly(t *testing.T) {
	w := newWorld(t)
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r, err := relay.New(relay.Config{
		UDP: u, TCP: l, Secret: []byte(strings.Repeat("s", 32)), Public: net.IPv4(127, 0, 0, 1), Ports: [2]uint16{44000, 44999}, PerUser: 30,
		Peers: []relay.Peer{{Announced: netip.MustParseAddrPort(w.node.Addrs()[0].String())}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	name, password, err := r.Credentials("p")
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{1} { // over TCP to the TURN server, the harder way
		ice, _ := json.Marshal(map[string]any{
			"iceTransportPolicy": "relay",
			"iceServers":         []any{map[string]any{"urls": r.URLs("127.0.0.1")[i : i+1], "username": name, "credential": password}},
		})
		threeBrowsers(t, w, string(ice), func(s browserStats) error {
			if s.Pair.Type != "relay" || s.Pair.Relay != "tcp" {
				return fmt.Errorf("pair %+v", s.Pair)
			}
			return nil
		})
	}
}
