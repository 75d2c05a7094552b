package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"tongban/hub"
	"tongban/video"
	"tongban/video/load/plain"
)

// Serve runs the server to be measured, "sfu", "plain" or "recorded", on free
// loopback ports until ctx ends, and writes its base URL to out as one line.
// "recorded" is "sfu" with everybody recorded into folder.
func Serve(ctx context.Context, kind, folder string, out io.Writer) error {
	debug.SetGCPercent(100)
	udp, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return err
	}
	var handler http.Handler
	var node *video.Node
	stopRecording := func() error { return nil }
	switch kind {
	case "sfu", "recorded":
		if node, err = video.NewNode(video.Config{UDP: udp, Loopback: true, Limits: video.Limits{RoomParticipants: 1000}}); err != nil {
			return err
		}
		handler = video.NewGateway(node, video.CheckerFunc(check), "")
		if kind == "recorded" {
			stopRecording = recordAll(ctx, node, folder)
		}
	case "plain":
		if handler, err = plain.New(udp); err != nil {
			return err
		}
	default:
		return fmt.Errorf("unknown server %q", kind)
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		stopped <- srv.Close()
	}()
	fmt.Fprintln(out, "http://"+l.Addr().String())
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	err = errors.Join(<-stopped, stopRecording())
	if node != nil {
		err = errors.Join(err, node.Close())
	}
	return err
}

// check takes the tokens of a run: "room/peer" or "room/peer/all", which also
// may do the other thing.
func check(_ context.Context, token string) (video.Grant, error) {
	room, peer, ok := strings.Cut(token, "/")
	if !ok {
		return video.Grant{}, hub.E(hub.Unauthenticated, "not a token of the load generator")
	}
	return video.Grant{
		Room: video.RoomID(room), Participant: video.ParticipantID(peer),
		Publish: []video.Source{video.Camera, video.Mic}, Subscribe: true,
	}, nil
}
