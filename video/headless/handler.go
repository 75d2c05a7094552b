package headless

import (
	"context"
	"net/http"
	"time"

	"github.com/fasthttp/websocket"

	"tongban/video"
)

// Handler serves the signalling of a door over net/http, for tests; a hub does
// it in hub/api.
func Handler(door *video.Door) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		up := websocket.Upgrader{}
		if c, err := up.Upgrade(w, r, nil); err == nil { // else it has answered
			door.Serve(context.WithoutCancel(r.Context()), wire{c})
		}
	})
}

// wire is a WebSocket as the node wants it.
type wire struct{ *websocket.Conn }

// Read implements video.Conn.
func (w wire) Read(ctx context.Context, limit int) ([]byte, error) {
	stop := context.AfterFunc(ctx, func() { _ = w.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	w.SetReadLimit(int64(limit) + 1)
	_, b, err := w.ReadMessage()
	return b, err
}

// Write implements video.Conn.
func (w wire) Write(_ context.Context, m []byte) error {
	return w.WriteMessage(websocket.TextMessage, m)
}
