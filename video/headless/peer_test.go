package headless

import (
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tongban/video"
)

// serve starts a node whose tokens are "room/participant", with "?" for who waits.
func serve(t *testing.T) (url string, node *video.Node) {
	t.Helper()
	udp, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if node, err = video.NewNode(video.Config{UDP: udp, Loopback: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := node.Close(); err != nil {
			t.Error(err)
		}
	})
	door := &video.Door{Node: node, Checker: video.CheckerFunc(func(_ context.Context, token string) (video.Grant, error) {
		room, who, _ := strings.Cut(token, "/")
		who, waits := strings.CutSuffix(who, "?")
		return video.Grant{
			Room: video.RoomID(room), Participant: video.ParticipantID(who), Subscribe: true, Wait: waits, Admin: who == "host",
			Publish: []video.Source{video.Camera, video.Mic},
		}, nil
	})}
	srv := httptest.NewServer(Handler(door))
	t.Cleanup(srv.Close)
	return "ws" + strings.TrimPrefix(srv.URL, "http"), node
}

func join(t *testing.T, ctx context.Context, url, token string) *Peer {
	t.Helper()
	p, err := Join(ctx, url, token)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func TestThreePeersHearEachOther(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	url, node := serve(t)
	all := map[string]*Peer{"host": join(t, ctx, url, "r/host"), "p2": join(t, ctx, url, "r/p2"), "p3": join(t, ctx, url, "r/p3?")}
	if err := all["host"].Admitted(ctx); err != nil {
		t.Fatal(err)
	}
	for ctx.Err() == nil { // he may not be at the door yet
		if node.Admit(ctx, "r", "p3") == nil {
			break
		}
	}
	for me, p := range all {
		var want []string
		for other := range all {
			if other != me {
				want = append(want, fmt.Sprint(other, "/camera"), fmt.Sprint(other, "/mic"))
			}
		}
		if err := p.Hears(ctx, 20, want...); err != nil {
			t.Errorf("%s: %v; heard %v", me, err, p.Heard())
		}
		for _, pub := range want[:1] {
			if pic, err := p.Still(ctx, pub); err != nil || pic.Bounds().Dx() != 320 || pic.Bounds().Dy() != 240 {
				t.Errorf("%s looks at %s: %v %v", me, pub, pic, err)
			}
		}
	}
}

func TestARefusalIsTold(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	url, _ := serve(t)
	p := join(t, ctx, url, "") // no room
	if err := p.Admitted(ctx); err == nil {
		t.Error("nobody was let in nowhere")
	}
}
