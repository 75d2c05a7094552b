package video_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v3"

	"tongban/video"
)

// FuzzSignalling sends one message of any kind to a room with another person in
// it. Whatever it is, the room answers him and nothing is left.
func FuzzSignalling(f *testing.F) {
	for _, s := range []string{
		`{"type":"ping","seq":1}`, `{"type":"offer","sdp":"v=0"}`, `{"type":"want","publication":"x/camera","quality":"low"}`,
		`{"type":"app","kind":"chat","to":["b"],"data":{"a":[1]}}`, `{"type":"candidate","candidate":{"candidate":"candidate:1 1 udp 1 1.2.3.4 5 typ host"}}`,
		`{"type":"mute","source":"mic","on":true}`, `{"type":"lock","on":true}`, `{`, `[]`, `{"type":null}`, `{"type":"hello","version":1,"resume":{}}`,
	} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	w := newWorld(f, func(c *video.Config) { c.Limits.MessageRate = 1 << 20 })
	n := 0
	f.Fuzz(func(t *testing.T, b []byte, first bool) {
		n++
		w.t = t
		other := w.dial(fmt.Sprintf("r%d/other/a", n))
		near, far := video.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { w.door.Serve(ctx, far); close(done) }()
		limited, stop := context.WithTimeout(ctx, 5*time.Second)
		defer stop()
		if !first {
			_ = near.Write(limited, fmt.Appendf(nil, `{"type":"hello","version":1,"token":"r%d/me/a"}`, n))
		}
		_ = near.Write(limited, b)
		_ = near.Write(limited, []byte(`{"type":"leave"}`))
		for {
			m, err := near.Read(limited, 1<<20)
			if err != nil {
				break
			}
			if !json.Valid(m) {
				t.Errorf("not JSON: %q", m)
			}
		}
		cancel()
		<-done
		if a := other.ask(msg{"type": "ping"}); a["type"] != "pong" {
			t.Error(a)
		}
		if s := w.node.Stats(); s.Panics != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// FuzzOffer sends any session description over WHIP.
func FuzzOffer(f *testing.F) {
	pc, err := testAPI(f).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		f.Fatal(err)
	}
	for _, k := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		if _, err := pc.AddTransceiverFromKind(k, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
			f.Fatal(err)
		}
	}
	o, err := pc.CreateOffer(nil)
	if err != nil {
		f.Fatal(err)
	}
	_ = pc.Close()
	f.Add(o.SDP)
	f.Add(strings.ReplaceAll(o.SDP, "a=mid:1", "a=mid:0"))
	f.Add(strings.ReplaceAll(o.SDP, "sendonly", "sendrecv"))
	f.Add(strings.ReplaceAll(o.SDP, "sendonly", "inactive"))
	f.Add(strings.ReplaceAll(o.SDP, "a=setup:actpass", ""))
	f.Add(strings.ReplaceAll(o.SDP, "sha-256", "md5"))
	f.Add(o.SDP + "a=rid:f send\r\na=rid:h send\r\na=simulcast:send f;h\r\n")
	f.Add("v=0\r\n")
	w := newWorld(f)
	n := 0
	f.Fuzz(func(t *testing.T, sdp string) {
		n++
		w.t = t
		token := fmt.Sprintf("r%d/a", n)
		resp, body := w.request("POST", "/whip", token, "application/sdp", sdp)
		if resp.StatusCode >= 500 {
			t.Errorf("%d %s", resp.StatusCode, body)
		}
		if resp.StatusCode == 201 {
			if resp, _ := w.request("DELETE", resp.Header.Get("Location"), token, "", ""); resp.StatusCode != 200 {
				t.Errorf("delete: %d", resp.StatusCode)
			}
		}
		if s := w.node.Stats(); s.Panics != 0 {
			t.Errorf("%+v", s)
		}
	})
}
