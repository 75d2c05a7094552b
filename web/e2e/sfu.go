//go:build ignore

// The media server of package video by itself, for tests of the room: its door
// on /ws, and POST /admit, /remove, /move, /lock and /allow, as the session
// service will call the node. Tokens are grants in JSON. Not part of the product.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"

	"golang.org/x/net/websocket"

	"tongban/hub"
	"tongban/video"
)

// token is what the test says a person may do.
type token struct {
	Room, Who   string
	Wait, Admin bool
	Publish     []video.Source
	Info        json.RawMessage
}

func (t token) grant() video.Grant {
	apps := map[string]video.Reach{}
	for _, kind := range []string{"show", "point", "mark", "chat", "caption", "hand"} {
		apps[kind] = video.ReachRoom
	}
	return video.Grant{
		Room: video.RoomID(t.Room), Participant: video.ParticipantID(t.Who), Subscribe: true, Publish: t.Publish,
		Wait: t.Wait, Admin: t.Admin, Apps: apps, Info: t.Info,
	}
}

func check(_ context.Context, s string) (video.Grant, error) {
	var t token
	if err := json.Unmarshal([]byte(s), &t); err != nil {
		return video.Grant{}, hub.E(hub.Unauthenticated, "unknown token")
	}
	return t.grant(), nil
}

type conn struct{ ws *websocket.Conn }

func (c conn) Read(ctx context.Context, limit int) ([]byte, error) {
	c.ws.MaxPayloadBytes = limit
	if d, ok := ctx.Deadline(); ok {
		_ = c.ws.SetReadDeadline(d)
	}
	var s string
	err := websocket.Message.Receive(c.ws, &s)
	return []byte(s), err
}

func (c conn) Write(ctx context.Context, b []byte) error {
	if d, ok := ctx.Deadline(); ok {
		_ = c.ws.SetWriteDeadline(d)
	}
	return websocket.Message.Send(c.ws, string(b))
}

func (c conn) Close() error { return c.ws.Close() }

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "`address` of the signalling")
	flag.Parse()
	udp, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		log.Fatal(err)
	}
	node, err := video.NewNode(video.Config{UDP: udp, Loopback: true})
	if err != nil {
		log.Fatal(err)
	}
	door := &video.Door{Node: node, Checker: video.CheckerFunc(check)}
	mux := http.NewServeMux()
	mux.Handle("/ws", websocket.Server{Handler: func(ws *websocket.Conn) { door.Serve(ws.Request().Context(), conn{ws}) }})
	command := func(path string, f func(context.Context, video.RoomID, video.ParticipantID, *http.Request) error) {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			if err := f(r.Context(), video.RoomID(r.FormValue("room")), video.ParticipantID(r.FormValue("who")), r); err != nil {
				http.Error(w, err.Error(), http.StatusConflict)
			}
		})
	}
	command("/admit", func(ctx context.Context, room video.RoomID, who video.ParticipantID, _ *http.Request) error {
		return node.Admit(ctx, room, who)
	})
	command("/remove", func(ctx context.Context, room video.RoomID, who video.ParticipantID, _ *http.Request) error {
		return node.Remove(ctx, room, who)
	})
	command("/move", func(ctx context.Context, room video.RoomID, who video.ParticipantID, r *http.Request) error {
		return node.Move(ctx, room, who, video.RoomID(r.FormValue("to")))
	})
	command("/lock", func(ctx context.Context, room video.RoomID, _ video.ParticipantID, r *http.Request) error {
		return node.Lock(ctx, room, r.FormValue("on") == "true")
	})
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, r *http.Request) {
		stats, err := node.Snapshot(r.Context(), video.RoomID(r.FormValue("room")))
		if err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		_ = json.NewEncoder(w).Encode(stats)
	})
	l, err := net.Listen("tcp4", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", l.Addr())
	log.Fatal(http.Serve(l, mux)) //nolint:gosec // for tests
}
