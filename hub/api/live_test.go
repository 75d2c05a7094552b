package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"tongban/hub"
)

var errInside = errors.New("dial 10.0.0.7: connection refused")

// nil2 is a router with a bug.
type nil2 struct{ hub.Router }

// event is one frame of a stream.
type event struct{ id, name, data string }

// listen opens a stream and sends what arrives, until it ends.
func (s *site) listen(login, lastID string) (events chan event, closeStream func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", s.base+"/api/v1/stream", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token(login))
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := s.http.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	if ct := resp.Header.Get("Content-Type"); resp.StatusCode != 200 || !strings.HasPrefix(ct, "text/event-stream") {
		s.t.Fatalf("stream: %d %s", resp.StatusCode, ct)
	}
	events = make(chan event, 1000)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(events)
		defer resp.Body.Close()
		var e event
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			switch name, value, _ := strings.Cut(lines.Text(), ": "); name {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				e.data = value
			case "":
				if value != "" {
					e.name = "comment " + value
				}
				if e.name != "" {
					events <- e
				}
				e = event{}
			}
		}
	}()
	return events, func() { cancel(); <-done }
}

// next waits for an event of a name; others pass.
func next(t *testing.T, events chan event, name string) event {
	t.Helper()
	var found event
	eventually(t, "an event "+name, func() bool {
		for {
			select {
			case e, open := <-events:
				if !open {
					t.Fatalf("the stream ended before %s", name)
				}
				if e.name == name {
					found = e
					return true
				}
			default:
				return false
			}
		}
	})
	return found
}

func TestAStreamTellsWhatChangedToThoseWhoMaySeeIt(t *testing.T) {
	s := newSite(t)
	s.run([]scenario{
		{name: "nobody", method: "GET", path: "/api/v1/stream", status: 401, code: "unauthenticated"},
		{name: "no role", who: "nobody", method: "GET", path: "/api/v1/stream", status: 403, code: "forbidden"},
	})
	window, closeWindow := s.listen("clerk", "")
	defer closeWindow()
	other, closeOther := s.listen("stranger", "")
	defer closeOther()
	next(t, window, "comment beat")
	path := s.received("live")
	e := next(t, window, "case")
	var v changeView
	if err := json.Unmarshal([]byte(e.data), &v); err != nil || "/api/v1/cases/"+string(v.ID) != path || v.Seq != 1 || len(v.Queues) != 2 {
		t.Errorf("told %+v, %v", e, err)
	}
	for _, secret := range append(secrets, "张") {
		if strings.Contains(e.data, secret) {
			t.Errorf("the event shows %q", secret)
		}
	}
	// The stranger hears two beats more, and nothing else.
	for range 2 {
		next(t, other, "comment beat")
	}
	for len(other) > 0 {
		if e := <-other; e.name == "case" {
			t.Errorf("the stranger heard %+v", e)
		}
	}
	// Going on after the last event misses nothing.
	closeWindow()
	s.must(200, s.cmd("clerk", path+"/route", "live-r", map[string]any{}))
	again, closeAgain := s.listen("clerk", e.id)
	defer closeAgain()
	if e := next(t, again, "case"); !strings.Contains(e.data, `"seq":2`) {
		t.Errorf("after the gap: %+v", e)
	}
	late, closeLate := s.listen("clerk", "12345")
	defer closeLate()
	next(t, late, "reset")
}

func TestACaseThatGoesOutOfSightIsToldOnce(t *testing.T) {
	s := newSite(t)
	there, closeThere := s.listen("lead", "")
	defer closeThere()
	path, offer := s.offered("gone")
	next(t, there, "case")
	s.must(200, s.cmd("first", path+"/decline", "gone-d", map[string]any{"offer": offer, "code": "wrong_place", "text": "不属本区"}))
	if e := next(t, there, "gone"); !strings.Contains(path, e.data[7:33]) {
		t.Errorf("gone: %+v", e)
	}
}

func TestAStreamEndsWithItsSession(t *testing.T) {
	s := newSite(t)
	events, closeStream := s.listen("clerk", "")
	defer closeStream()
	s.must(204, s.do("clerk", "DELETE", sessionPath, nil, nil))
	next(t, events, "end")
	eventually(t, "the listener leaves", func() bool { return s.server.live.count() == 0 })
}

func TestTheIndexIsAskedOnlyWhileSomebodyListens(t *testing.T) {
	s := newSite(t)
	if s.server.live.stop != nil {
		t.Error("polling for nobody")
	}
	events, closeStream := s.listen("clerk", "")
	next(t, events, "comment beat")
	closeStream()
	eventually(t, "the poller stops", func() bool {
		s.server.live.mu.Lock()
		defer s.server.live.mu.Unlock()
		return s.server.live.stop == nil
	})
}

func TestOnePersonHasAFewStreams(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits.PersonLive = 2 })
	_, close1 := s.listen("clerk", "")
	defer close1()
	_, close2 := s.listen("clerk", "")
	defer close2()
	if a := s.do("clerk", "GET", "/api/v1/stream", nil, nil); a.status != 429 || a.code() != "rate_limited" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestASlowListenerIsToldToLoadAgain(t *testing.T) {
	s := newSite(t)
	sub, err := s.server.live.join("p-slow")
	if err != nil {
		t.Fatal(err)
	}
	defer s.server.live.leave(sub)
	for range listenerQueue + 1 {
		s.server.live.publish(batch{})
	}
	if !sub.lost.Load() || len(sub.queue) != listenerQueue {
		t.Errorf("lost %t, %d waiting", sub.lost.Load(), len(sub.queue))
	}
}

func TestTheServerStopsWhileStreamsAreOpen(t *testing.T) {
	s := newSite(t)
	events, closeStream := s.listen("clerk", "")
	defer closeStream()
	next(t, events, "comment beat")
	s.stop()
	if err := <-s.served; err != nil {
		t.Errorf("stop: %v", err)
	}
	close(s.served)
	for range events { // ends
	}
}
