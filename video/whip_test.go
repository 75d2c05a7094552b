package video_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v3"

	"tongban/video"
)

// request makes an HTTP request and returns status, headers and body.
func (w *world) request(method, path, token, kind, body string, head ...string) (*http.Response, string) {
	w.t.Helper()
	req, err := http.NewRequest(method, w.web.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	resp, err := w.web.Client().Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp, string(b)
}

func TestGatewayRefusals(t *testing.T) {
	w := newWorld(t)
	w.dial("r/taken")
	offer := sdpWith(t, webrtc.RTPCodecTypeVideo)
	const sdp = "application/sdp"
	for name, c := range map[string]struct {
		method, path, token, kind, body string
		status                          int
		reason                          video.Reason
	}{
		"no token":            {"POST", "/whip", "", sdp, offer, 401, video.ReasonTokenInvalid},
		"unknown token":       {"POST", "/whip", "x", sdp, offer, 401, ""},
		"not SDP by type":     {"POST", "/whip", "r/a", "text/plain", offer, 415, video.ReasonSDP},
		"not SDP":             {"POST", "/whip", "r/a", sdp, "hello", 400, video.ReasonSDP},
		"huge":                {"POST", "/whip", "r/a", sdp, strings.Repeat("x", 100000), 413, video.ReasonSDPTooLarge},
		"may not publish":     {"POST", "/whip", "r/a/l", sdp, offer, 403, video.ReasonSource},
		"publishing by WHEP":  {"POST", "/whep", "r/a", sdp, offer, 403, video.ReasonSource},
		"must wait":           {"POST", "/whip", "r/a/w", sdp, offer, 409, video.ReasonWaiting},
		"is there already":    {"POST", "/whip", "r/taken", sdp, offer, 409, video.ReasonTaken},
		"no session":          {"DELETE", "/whip/x", "r/a", "", "", 404, video.ReasonUnknown},
		"no session to patch": {"PATCH", "/whip/x", "r/a", "application/trickle-ice-sdpfrag", "", 404, video.ReasonUnknown},
		"other method":        {"PUT", "/whip", "r/a", sdp, offer, 405, ""},
	} {
		resp, body := w.request(c.method, c.path, c.token, c.kind, c.body)
		var p struct {
			Reason video.Reason
			Code   string
		}
		_ = json.Unmarshal([]byte(body), &p)
		if resp.StatusCode != c.status || p.Reason != c.reason {
			t.Errorf("%s: %d %s", name, resp.StatusCode, body)
		}
	}
	if s := w.node.Stats(); s.Participants != 1 {
		t.Errorf("refused requests left %+v", s)
	}
	resp, _ := w.request("OPTIONS", "/whep", "", "", "")
	if resp.StatusCode != 204 || resp.Header.Get("Accept-Post") != sdp {
		t.Errorf("options: %d %v", resp.StatusCode, resp.Header)
	}
}

// whip is a WHIP or WHEP client over pion.
type whip struct {
	*client
	url, etag, token string
}

func (w *world) post(kind, token string, prepare func(*client)) *whip {
	w.t.Helper()
	c := &client{t: w.t, w: w, slots: map[string]string{}, plays: map[string]*play{}, stop: func() {}}
	c.newMedia()
	prepare(c)
	o, err := c.pc.CreateOffer(nil)
	if err == nil {
		err = c.local(o)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { c.stop(); c.wg.Wait(); _ = c.pc.GracefulClose() })
	resp, body := w.request("POST", "/"+kind, token, "application/sdp", c.pc.LocalDescription().SDP)
	if resp.StatusCode != http.StatusCreated {
		w.t.Fatalf("%d %s", resp.StatusCode, body)
	}
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: body}); err != nil {
		w.t.Fatal(err)
	}
	return &whip{c, resp.Header.Get("Location"), resp.Header.Get("ETag"), token}
}

func recvonly(kinds ...webrtc.RTPCodecType) func(*client) {
	return func(c *client) {
		for _, k := range kinds {
			if _, err := c.pc.AddTransceiverFromKind(k, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
				c.t.Error(err)
			}
		}
	}
}

func (w *whip) packets(mid string, n int64) {
	w.t.Helper()
	eventually(w.t, "packets on "+mid, func() error {
		w.mu.Lock()
		p := w.plays[mid]
		w.mu.Unlock()
		if p == nil || p.packets.Load() < n {
			return io.ErrNoProgress
		}
		return nil
	})
}

func TestWHIPPublishesAndWHEPPlays(t *testing.T) {
	w := newWorld(t)
	pub := w.post("whip", "r/cam", func(c *client) {
		c.publish(webrtc.MimeTypeVP8, 180, 0)
		c.publish(webrtc.MimeTypeOpus, 0, 60)
	})
	sub := w.post("whep", "r/tv", recvonly(webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio))
	sub.packets("0", 20)
	sub.packets("1", 20)
	person := w.dial("r/ann")
	person.receives("cam/camera", 10)

	// Trickled candidates, a stale and a good tag.
	const frag = "application/trickle-ice-sdpfrag"
	body := "a=mid:0\r\na=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\na=end-of-candidates\r\n"
	if resp, b := w.request("PATCH", pub.url, pub.token, frag, body, "If-Match", pub.etag); resp.StatusCode != 204 {
		t.Errorf("trickle: %d %s", resp.StatusCode, b)
	}
	if resp, b := w.request("PATCH", pub.url, pub.token, frag, body, "If-Match", `"old"`); resp.StatusCode != 412 {
		t.Errorf("stale: %d %s", resp.StatusCode, b)
	}
	if resp, _ := w.request("PATCH", pub.url, "r/other", frag, body); resp.StatusCode != 404 {
		t.Errorf("another's token: %d", resp.StatusCode)
	}

	restart(t, w, sub)
	before := sub.plays["0"].packets.Load()
	sub.packets("0", before+20)

	if resp, _ := w.request("DELETE", pub.url, pub.token, "", ""); resp.StatusCode != 200 {
		t.Errorf("delete: %d", resp.StatusCode)
	}
	person.wait("left", func(m msg) bool { return m["type"] == "left" && m["id"] == "cam" })
	if resp, _ := w.request("DELETE", pub.url, pub.token, "", ""); resp.StatusCode != 404 {
		t.Errorf("second delete: %d", resp.StatusCode)
	}
}

// restart restarts ICE by PATCH, as RFC 9725 §4.3.3 says.
func restart(t *testing.T, w *world, c *whip) {
	t.Helper()
	o, err := c.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: true})
	if err == nil {
		err = c.local(o)
	}
	if err != nil {
		t.Fatal(err)
	}
	var frag strings.Builder
	for line := range strings.Lines(c.pc.LocalDescription().SDP) {
		for _, p := range []string{"a=ice-ufrag", "a=ice-pwd", "a=mid", "a=candidate"} {
			if strings.HasPrefix(line, p) {
				frag.WriteString(line)
			}
		}
	}
	resp, body := w.request("PATCH", c.url, c.token, "application/trickle-ice-sdpfrag", frag.String(), "If-Match", "*")
	if resp.StatusCode != 200 || resp.Header.Get("ETag") == c.etag || !strings.Contains(body, "a=ice-ufrag:") {
		t.Fatalf("restart: %d %s", resp.StatusCode, body)
	}
	values := map[string]string{}
	for line := range strings.Lines(body) {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && values[k] == "" {
			values[k] = v
		}
	}
	var answer strings.Builder
	for line := range strings.Lines(c.pc.RemoteDescription().SDP) {
		k, _, _ := strings.Cut(line, ":")
		if k == "a=ice-ufrag" || k == "a=ice-pwd" {
			line = k + ":" + values[k] + "\r\n"
		}
		answer.WriteString(line)
	}
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer.String()}); err != nil {
		t.Fatal(err)
	}
}

// A client that goes without a word is gone when ICE notices.
func TestWHIPClientThatVanishes(t *testing.T) {
	w := newWorld(t, func(c *video.Config) {
		c.Timeouts.Disconnected, c.Timeouts.Failed, c.Timeouts.Keepalive = 500*time.Millisecond, 500*time.Millisecond, 100*time.Millisecond
	})
	pub := w.post("whip", "r/cam", func(c *client) { c.publish(webrtc.MimeTypeVP8, 180, 0) })
	person := w.dial("r/ann")
	person.receives("cam/camera", 5)
	pub.stop()
	_ = pub.pc.Close()
	person.wait("left", func(m msg) bool { return m["type"] == "left" && m["id"] == "cam" })
}

// The setting says which codec publishers are asked for, whatever they put first.
func TestThePreferredCodecComesFirst(t *testing.T) {
	offer := sdpWith(t, webrtc.RTPCodecTypeVideo)
	for _, prefer := range []string{"h264", "vp8"} {
		w := newWorld(t, func(c *video.Config) { c.Prefer = prefer })
		_, answer := w.request("POST", "/whip", "r/a", "application/sdp", offer)
		_, rest, _ := strings.Cut(answer, "m=video 9 UDP/TLS/RTP/SAVPF ")
		first, _, _ := strings.Cut(rest, " ")
		first = strings.TrimSpace(first)
		if !strings.Contains(strings.ToLower(answer), "a=rtpmap:"+first+" "+prefer+"/") {
			t.Errorf("prefer %s, first is %s in\n%s", prefer, first, answer)
		}
	}
}
