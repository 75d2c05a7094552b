package api

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
)

// echoRooms say back what they hear, so that the way there and back is tested;
// real rooms have their own tests in video.
type echoRooms struct{ ended chan error }

func (e echoRooms) Serve(ctx context.Context, s Socket) {
	for {
		b, err := s.Read(ctx, 64)
		if err == nil {
			err = s.Write(ctx, b)
		}
		if err != nil {
			e.ended <- err
			return
		}
	}
}

func (echoRooms) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Location", "/api/v1/video"+r.URL.Path+"/1")
	w.Header().Set("X-Seen", r.Method+" "+r.Header.Get("Authorization")+r.Header.Get("Cookie"))
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(b)
}

func withRooms(t *testing.T) (*site, echoRooms) {
	t.Helper()
	rooms := echoRooms{make(chan error, 8)}
	return newSite(t, func(c *Config) { c.Rooms = rooms }), rooms
}

func dial(t *testing.T, s *site, h http.Header) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	return websocket.DefaultDialer.DialContext(t.Context(), strings.Replace(s.base, "http", "ws", 1)+VideoPath+"/socket", h)
}

func TestASocketCarriesMessagesBothWays(t *testing.T) {
	s, rooms := withRooms(t)
	c, resp, err := dial(t, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	defer c.Close()
	if err := c.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello"}`)); err != nil {
		t.Fatal(err)
	}
	if _, b, err := c.ReadMessage(); err != nil || string(b) != `{"type":"hello"}` {
		t.Fatalf("%s %v", b, err)
	}
	if err := c.WriteMessage(websocket.TextMessage, []byte(strings.Repeat("x", 100))); err != nil {
		t.Fatal(err)
	}
	if err := <-rooms.ended; err == nil {
		t.Error("a message over the limit was taken")
	}
}

func TestASocketRefusesWhatIsNotOurs(t *testing.T) {
	s, rooms := withRooms(t)
	if _, resp, err := dial(t, s, http.Header{"Origin": {"https://evil.example"}}); err == nil || resp == nil || resp.StatusCode < 400 {
		t.Errorf("a foreign page got in: %v", err)
	}
	resp, err := http.Get(s.base + VideoPath + "/socket") //nolint:noctx // a plain request
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("a plain request got %d", resp.StatusCode)
	}
	c, resp, err := dial(t, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	defer c.Close()
	if err := c.WriteMessage(websocket.BinaryMessage, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := <-rooms.ended; err == nil {
		t.Error("bytes were taken for text")
	}
}

func TestAStopEndsSockets(t *testing.T) {
	s, rooms := withRooms(t)
	c, resp, err := dial(t, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	defer c.Close()
	if err := c.WriteMessage(websocket.TextMessage, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.ReadMessage(); err != nil {
		t.Fatal(err)
	}
	s.stop()
	select {
	case err := <-rooms.ended:
		if err == nil {
			t.Error("it ended as if nothing had been")
		}
	case <-time.After(20 * time.Second):
		t.Error("the room was not told")
	}
}

func TestDevicesReachTheRooms(t *testing.T) {
	s, _ := withRooms(t)
	ask := func(method, path, body string) *http.Response {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, s.base+VideoPath+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer t")
		req.Header.Set("Cookie", "session=s")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = resp.Body.Close() })
		return resp
	}
	resp := ask(http.MethodPost, "/whip", "v=0")
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusCreated || string(b) != "v=0" || resp.Header.Get("Location") != VideoPath+"/whip/1" ||
		resp.Header.Get("X-Seen") != "POST Bearer t" {
		t.Errorf("%d %s %v %v", resp.StatusCode, b, resp.Header, err)
	}
	if resp := ask(http.MethodDelete, "/whep/1", ""); resp.Header.Get("X-Seen") != "DELETE Bearer t" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	if resp := ask(http.MethodPost, "/whip", strings.Repeat("x", maxOffer+1)); resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge offer got %d", resp.StatusCode)
	}
	if resp := ask(http.MethodGet, "/whap.x", ""); resp.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown path got %d", resp.StatusCode)
	}
}
