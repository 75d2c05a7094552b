package video_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/pion/webrtc/v3"

	"tongban/hub"
	"tongban/video"
)

// sdpWith is an offer of a real connection that publishes nothing more than asked.
func sdpWith(t *testing.T, kinds ...webrtc.RTPCodecType) string {
	t.Helper()
	pc, err := testAPI(t).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	defer pc.Close()
	for _, k := range kinds {
		if _, err := pc.AddTransceiverFromKind(k, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
			t.Fatal(err)
		}
	}
	o, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	return o.SDP
}

func TestFirstMessagesThatAreRefused(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		hello  msg
		code   hub.Code
		reason video.Reason
	}{
		"not hello":         {msg{"type": "ping"}, hub.BadRequest, video.ReasonHelloFirst},
		"no type":           {msg{"x": 1}, hub.BadRequest, video.ReasonMessage},
		"other version":     {msg{"type": "hello", "version": 2, "token": "r/a"}, hub.BadRequest, video.ReasonVersion},
		"no token":          {msg{"type": "hello", "version": 1}, hub.Unauthenticated, ""},
		"unknown token":     {msg{"type": "hello", "version": 1, "token": "x"}, hub.Unauthenticated, ""},
		"no room":           {msg{"type": "hello", "version": 1, "token": "/a"}, hub.Unauthenticated, video.ReasonTokenInvalid},
		"long id":           {msg{"type": "hello", "version": 1, "token": "r/" + strings.Repeat("x", 200)}, hub.Unauthenticated, video.ReasonTokenInvalid},
		"nothing to resume": {msg{"type": "hello", "version": 1, "resume": msg{"room": "r", "participant": "a", "secret": "s"}}, hub.NotFound, video.ReasonUnknown},
		"huge":              {msg{"type": "hello", "token": strings.Repeat("x", 1<<18)}, hub.TooLarge, video.ReasonMessageTooLarge},
	} {
		c2 := w.connect(c.hello)
		m := c2.expect("error")
		if m["code"] != string(c.code) || (c.reason != "" && m["reason"] != string(c.reason)) {
			t.Errorf("%s: %v", name, m)
		}
	}
	if s := w.node.Stats(); s.Participants != 0 || s.Rooms != 0 {
		t.Errorf("refused connections left %+v", s)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	host := w.dial("r/host/a")
	me := w.dial("r/me")
	quiet := w.dial("r/quiet/l")
	waits := w.connect(msg{"type": "hello", "version": 1, "token": "r/waits/w"})
	waits.expect("welcome")
	video1, video2 := sdpWith(t, webrtc.RTPCodecTypeVideo), sdpWith(t, webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeVideo)
	application := video1 + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:9\r\na=sctp-port:5000\r\n"
	many := strings.Repeat("m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:x\r\n", 100)
	for name, c := range map[string]struct {
		who    *client
		m      msg
		code   hub.Code
		reason video.Reason
	}{
		"unknown type":             {me, msg{"type": "dance"}, hub.BadRequest, video.ReasonMessage},
		"waiting offer":            {waits, msg{"type": "offer", "sdp": video1}, hub.WrongState, video.ReasonWaiting},
		"waiting app":              {waits, msg{"type": "app", "kind": "chat"}, hub.WrongState, video.ReasonWaiting},
		"not SDP":                  {me, msg{"type": "offer", "sdp": "hello"}, hub.BadRequest, video.ReasonSDP},
		"empty SDP":                {me, msg{"type": "offer", "sdp": ""}, hub.BadRequest, video.ReasonSDP},
		"no section":               {me, msg{"type": "offer", "sdp": "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"}, hub.BadRequest, video.ReasonSDP},
		"huge SDP":                 {me, msg{"type": "offer", "sdp": strings.Repeat("a", 70000)}, hub.TooLarge, video.ReasonSDPTooLarge},
		"many sections":            {me, msg{"type": "offer", "sdp": video1 + many}, hub.TooLarge, video.ReasonSDPSections},
		"data channel":             {me, msg{"type": "offer", "sdp": application}, hub.Forbidden, video.ReasonDataChannel},
		"source not granted":       {quiet, msg{"type": "offer", "sdp": video1}, hub.Forbidden, video.ReasonSource},
		"source twice":             {me, msg{"type": "offer", "sdp": video2}, hub.Conflict, video.ReasonSourceTaken},
		"audio source for a video": {me, msg{"type": "offer", "sdp": video1, "tracks": []msg{{"mid": "0", "source": "mic"}}}, hub.BadRequest, video.ReasonSource},
		"late answer":              {me, msg{"type": "answer", "sdp": video1}, hub.WrongState, video.ReasonSDPLate},
		"long candidate":           {me, msg{"type": "candidate", "candidate": msg{"candidate": strings.Repeat("c", 600)}}, hub.BadRequest, video.ReasonCandidate},
		"app not granted":          {me, msg{"type": "app", "kind": "other"}, hub.Forbidden, video.ReasonApp},
		"app without kind":         {me, msg{"type": "app"}, hub.BadRequest, video.ReasonMessage},
		"admit":                    {me, msg{"type": "admit", "id": "waits"}, hub.Forbidden, video.ReasonAdmin},
		"remove":                   {me, msg{"type": "remove", "id": "host"}, hub.Forbidden, video.ReasonAdmin},
		"lock":                     {me, msg{"type": "lock", "on": true}, hub.Forbidden, video.ReasonAdmin},
		"mute another":             {me, msg{"type": "mute_other", "id": "host", "source": "mic"}, hub.Forbidden, video.ReasonAdmin},
		"refuse one inside":        {host, msg{"type": "refuse", "id": "me"}, hub.WrongState, video.ReasonWaiting},
		"remove one who waits":     {host, msg{"type": "remove", "id": "waits"}, hub.WrongState, video.ReasonWaiting},
		"remove a stranger":        {host, msg{"type": "remove", "id": "nobody"}, hub.NotFound, video.ReasonUnknown},
		"want a stranger's":        {me, msg{"type": "want", "publication": "x/camera", "quality": "low"}, hub.NotFound, video.ReasonUnknown},
		"want nonsense":            {me, msg{"type": "want", "publication": "x/camera", "quality": "best"}, hub.BadRequest, video.ReasonMessage},
		"mute nonsense":            {me, msg{"type": "mute", "source": "nose", "on": true}, hub.BadRequest, video.ReasonSource},
		"unmute not granted":       {quiet, msg{"type": "mute", "source": "mic"}, hub.Forbidden, video.ReasonSource},
	} {
		m := c.who.ask(c.m)
		if m["type"] != "error" || m["code"] != string(c.code) || m["reason"] != string(c.reason) {
			t.Errorf("%s: %v, want %s %s", name, m, c.code, c.reason)
		}
	}
	if m := me.ask(msg{"type": "ping"}); m["type"] != "pong" {
		t.Errorf("after all that: %v", m)
	}
	if m := me.ask(msg{"type": "offer", "sdp": video1}); m["type"] != "answer" {
		t.Errorf("after all that an honest offer: %v", m)
	}
}

func TestTheDoor(t *testing.T) {
	w := newWorld(t)
	host := w.dial("r/host/a")
	w.enter("r/ann", 180)
	guest := w.connect(msg{"type": "hello", "version": 1, "token": "r/guest/w"})
	if m := guest.expect("welcome"); m["participants"] != nil || m["publications"] != nil || m["you"].(map[string]any)["state"] != "waiting" {
		t.Errorf("who waits is told %v", m)
	}
	host.expect("waiting")
	host.ask(msg{"type": "admit", "id": "guest"})
	if m := guest.expect("admitted"); len(m["participants"].([]any)) != 2 {
		t.Errorf("admitted to %v", m)
	}
	guest.receives("ann/camera", 5)
	host.ask(msg{"type": "lock", "on": true})
	if m := w.connect(msg{"type": "hello", "version": 1, "token": "r/late"}).expect("error"); m["reason"] != "room_locked" || m["code"] != "locked" {
		t.Errorf("locked: %v", m)
	}
	w.dial("r/host2/a") // an admin may
	host.ask(msg{"type": "lock", "on": false})
	host.ask(msg{"type": "remove", "id": "guest"})
	if m := guest.expect("bye"); m["reason"] != "removed" {
		t.Error(m)
	}
	other := w.connect(msg{"type": "hello", "version": 1, "token": "r/other/w"})
	other.expect("welcome")
	host.ask(msg{"type": "refuse", "id": "other"})
	if m := other.expect("bye"); m["reason"] != "refused" {
		t.Error(m)
	}
	// The same person from another page: the newer one counts, locked or not, admitted before or not.
	again := w.connect(msg{"type": "hello", "version": 1, "token": "r/again/w"})
	again.expect("welcome")
	host.ask(msg{"type": "admit", "id": "again"})
	host.ask(msg{"type": "lock", "on": true})
	newer := w.connect(msg{"type": "hello", "version": 1, "token": "r/again/w"})
	if m := newer.expect("welcome"); m["you"].(map[string]any)["state"] != "in" {
		t.Error(m)
	}
	if m := again.expect("bye"); m["reason"] != "replaced" {
		t.Error(m)
	}
}

func TestHiddenObserversAreNotTold(t *testing.T) {
	w := newWorld(t)
	ann, _, _ := w.enter("r/ann", 180)
	ann.forget()
	o := w.dial("r/eye/h")
	o.receives("ann/camera", 5)
	if m := o.ask(msg{"type": "offer", "sdp": sdpWith(t, webrtc.RTPCodecTypeVideo)}); m["reason"] != "source" {
		t.Errorf("a hidden one publishes: %v", m)
	}
	o.send(msg{"type": "leave"})
	eventually(t, "eye gone", func() error {
		if s, err := w.node.Snapshot(t.Context(), "r"); err != nil || len(s.Participants) != 1 {
			return fmt.Errorf("%+v %w", s, err)
		}
		return nil
	})
	ann.ask(msg{"type": "ping"})
	ann.mu.Lock()
	defer ann.mu.Unlock()
	for _, m := range ann.log {
		if strings.Contains(fmt.Sprint(m), "eye") {
			t.Errorf("told: %v", m)
		}
	}
}

func TestApplicationMessagesGoWhereTheGrantSays(t *testing.T) {
	w := newWorld(t)
	a, b, host := w.dial("r/a"), w.dial("r/b"), w.dial("r/host/a")
	a.ask(msg{"type": "app", "kind": "chat", "data": msg{"text": "你好"}})
	a.ask(msg{"type": "app", "kind": "hand", "data": true})
	a.ask(msg{"type": "app", "kind": "chat", "to": []string{"host"}, "data": "for you"})
	if m := b.expect("app"); m["from"] != "a" || m["data"].(map[string]any)["text"] != "你好" {
		t.Error(m)
	}
	host.wait("all three", func(m msg) bool { return m["type"] == "app" && m["data"] == "for you" })
	b.ask(msg{"type": "ping"})
	for _, m := range b.log {
		if m["type"] == "app" && m["data"] != nil && m["kind"] == "hand" || m["data"] == "for you" {
			t.Errorf("b got %v", m)
		}
	}
}

func TestMovingToAPrivateRoomAndBack(t *testing.T) {
	w := newWorld(t)
	ann, _, _ := w.enter("r/ann", 180)
	bo, _, _ := w.enter("r/bo", 180)
	cy, _, _ := w.enter("r/cy", 180)
	cy.receives("bo/camera", 10)
	ctx := t.Context()
	for _, who := range []video.ParticipantID{"ann", "bo"} {
		if err := w.node.Move(ctx, "r", who, "private"); err != nil {
			t.Fatal(err)
		}
	}
	ann.expect("moved")
	eventually(t, "cy without bo", func() error {
		if p := cy.hears("bo/camera"); p != nil {
			return fmt.Errorf("cy still plays bo on %s", p.mid)
		}
		return nil
	})
	ann.receives("bo/camera", 10)
	bo.receives("ann/mic", 10)
	s, err := w.node.Snapshot(ctx, "private")
	if err != nil || len(s.Participants) != 2 || len(s.Participants[0].Receives) != 2 || !s.Participants[0].Media {
		t.Fatalf("%+v %v", s, err)
	}
	if err := w.node.Move(ctx, "private", "bo", "r"); err != nil {
		t.Fatal(err)
	}
	cy.receives("bo/camera", 10)
	if err := w.node.Move(ctx, "private", "nobody", "r"); video.ReasonOf(err) != video.ReasonUnknown {
		t.Error(err)
	}
	if err := w.node.Move(context.Background(), "private", "ann", "r"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "private room gone", func() error {
		if r := w.node.Rooms(); len(r) != 1 {
			return fmt.Errorf("%v", r)
		}
		return nil
	})
}

func TestResumeKeepsTheMediaAndThePlace(t *testing.T) {
	w := newWorld(t)
	ann, _, _ := w.enter("r/ann", 180)
	bo, _, _ := w.enter("r/bo", 180)
	p := bo.receives("ann/camera", 10)
	watch := w.node.Watch("r")
	defer watch.Close()
	_ = ann.conn.Close() // only the signalling
	bo.wait("away", func(m msg) bool {
		v, _ := m["participant"].(map[string]any)
		return m["type"] == "state" && v["id"] == "ann" && v["state"] == "away"
	})
	bo.receives("ann/camera", 10)
	again := w.connect(msg{"type": "hello", "version": 1, "resume": ann.resume})
	if m := again.expect("resumed"); len(m["participants"].([]any)) != 1 {
		t.Error(m)
	}
	bo.wait("back", func(m msg) bool {
		v, _ := m["participant"].(map[string]any)
		return m["type"] == "state" && v["id"] == "ann" && v["state"] == "in"
	})
	if m := w.connect(msg{"type": "hello", "version": 1, "resume": ann.resume}).expect("error"); m["reason"] != "resume" {
		t.Errorf("a used secret: %v", m)
	}
	bo.receives("ann/camera", 10)
	if p.gaps.Load() > 0 {
		t.Errorf("%d gaps", p.gaps.Load())
	}
	if e := <-watch.C; e.Kind != video.EventAway || e.Participant != "ann" {
		t.Errorf("%+v", e)
	}
}

func TestRegrantTakesThePublicationAway(t *testing.T) {
	w := newWorld(t)
	w.enter("r/ann", 180)
	bo := w.dial("r/bo")
	bo.receives("ann/camera", 5)
	if err := w.node.Regrant(t.Context(), "r", "ann", video.Grant{Subscribe: true, Publish: []video.Source{video.Mic}}); err != nil {
		t.Fatal(err)
	}
	bo.wait("muted", func(m msg) bool { return m["type"] == "muted" && m["id"] == "ann/camera" && m["on"] == true })
	bo.receives("ann/mic", 5)
}

func TestTheServerTellsAndIsTold(t *testing.T) {
	w := newWorld(t)
	a, b := w.dial("r/a"), w.dial("r/b")
	watch := w.node.Watch("r")
	defer watch.Close()
	if err := w.node.Tell(t.Context(), "r", []video.ParticipantID{"b"}, "page", []byte(`{"n":3}`)); err != nil {
		t.Fatal(err)
	}
	if m := b.expect("app"); m["kind"] != "page" || m["from"] != nil {
		t.Error(m)
	}
	a.ask(msg{"type": "app", "kind": "speak", "data": msg{"please": true}})
	if e := <-watch.C; e.Kind != video.EventApp || e.App != "speak" || e.Participant != "a" || string(e.Data) != `{"please":true}` {
		t.Errorf("%+v", e)
	}
	for _, c := range []*client{a, b} {
		c.ask(msg{"type": "ping"})
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, m := range a.log {
		if m["type"] == "app" {
			t.Errorf("a heard %v", m)
		}
	}
}

// In a room of his own a person can see himself, to test camera and line.
func TestEchoForASelfTest(t *testing.T) {
	w := newWorld(t)
	a, _, _ := w.enter("test/a/e", 180)
	a.receives("a/camera", 5)
	a.receives("a/mic", 5)
}
