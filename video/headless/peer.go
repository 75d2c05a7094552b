package headless

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/pion/webrtc/v3"
)

// Peer is one participant. Close must be called.
type Peer struct {
	conn *websocket.Conn
	pc   *webrtc.PeerConnection
	stop context.CancelFunc
	wg   sync.WaitGroup

	write sync.Mutex // one message at a time

	mu       sync.Mutex // guards the rest
	slots    map[string]string
	heard    map[string]int // packets, by publication
	byMid    map[string]int
	admitted bool
	fault    error
	changed  chan struct{} // closed and made anew at every change
	offered  bool
	once     sync.Once
}

// message is what goes either way, as far as a peer reads it.
type message struct {
	Type    string           `json:"type"`
	Version int              `json:"version,omitempty"`
	Token   string           `json:"token,omitempty"`
	First   bool             `json:"first,omitempty"`
	SDP     string           `json:"sdp,omitempty"`
	Tracks  []map[string]any `json:"tracks,omitempty"`
	Slots   []struct {
		Mid         string `json:"mid"`
		Publication string `json:"publication"`
	} `json:"slots,omitempty"`
	You *struct {
		State string `json:"state"`
	} `json:"you,omitempty"`
	Kind   string          `json:"kind,omitempty"`
	Data   json.RawMessage `json:"data,omitempty"`
	Code   string          `json:"code,omitempty"`
	Reason string          `json:"reason,omitempty"`
}

// Join connects to the signalling at url (ws or wss) and says hello with the
// token. Media begin when the peer is let in; see Admitted.
func Join(ctx context.Context, url, token string) (*Peer, error) {
	conn, resp, err := websocket.DefaultDialer.DialContext(ctx, url, http.Header{})
	if err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	_ = resp.Body.Close() // nothing is in it
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	p := &Peer{
		conn: conn, stop: stop, slots: map[string]string{}, heard: map[string]int{}, byMid: map[string]int{}, changed: make(chan struct{}),
	}
	if err := p.open(life); err != nil {
		stop()
		return nil, errors.Join(err, conn.Close())
	}
	p.wg.Go(func() { p.read(life) })
	p.wg.Go(func() { p.ping(life) })
	if err := p.send(message{Type: "hello", Version: 1, Token: token, First: true}); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// open makes the media connection with camera and microphone on it.
func (p *Peer) open(ctx context.Context) error {
	var se webrtc.SettingEngine
	se.SetIncludeLoopbackCandidate(true)
	me := &webrtc.MediaEngine{}
	if err := me.RegisterDefaultCodecs(); err != nil {
		return err
	}
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(se), webrtc.WithMediaEngine(me)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	p.pc = pc
	pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) { p.listen(t, r) })
	frames, each, err := readPicture()
	if err != nil {
		return err
	}
	pages, err := readTone()
	if err != nil {
		return err
	}
	for _, s := range []struct {
		mime    string
		samples [][]byte
		each    time.Duration
	}{{webrtc.MimeTypeVP8, frames, each}, {webrtc.MimeTypeOpus, pages, opusFrame}} {
		track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: s.mime}, s.mime, "clip")
		if err != nil {
			return err
		}
		if _, err := pc.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
			return err
		}
		p.wg.Go(func() { play(ctx, track, s.samples, s.each) })
	}
	return nil
}

func (p *Peer) send(m message) error {
	p.write.Lock()
	defer p.write.Unlock()
	if err := p.conn.SetWriteDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return err
	}
	return p.conn.WriteJSON(m)
}

// ping keeps the connection from being taken for dead.
func (p *Peer) ping(ctx context.Context) {
	t := time.NewTicker(15 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if p.send(message{Type: "ping"}) != nil {
				return
			}
		}
	}
}

func (p *Peer) read(ctx context.Context) {
	for {
		var m message
		if err := p.conn.ReadJSON(&m); err != nil {
			if ctx.Err() == nil {
				p.change(func() { p.fault = fmt.Errorf("signalling ended: %w", err) })
			}
			return
		}
		if err := p.take(m); err != nil {
			p.change(func() { p.fault = err })
		}
	}
}

// take follows one message of the server.
func (p *Peer) take(m message) error {
	switch m.Type {
	case "welcome", "admitted", "moved", "resumed":
		if m.You != nil && m.You.State != "waiting" {
			return p.enter()
		}
	case "offer":
		return p.answer(m.SDP)
	case "answer":
		return p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: m.SDP})
	case "slots":
		p.change(func() {
			p.slots = map[string]string{}
			for _, s := range m.Slots {
				p.slots[s.Mid] = s.Publication
			}
		})
	case "error", "closed":
		return fmt.Errorf("the server says %s (%s)", m.Code, m.Reason)
	}
	return nil
}

// enter offers camera and microphone, once.
func (p *Peer) enter() error {
	p.mu.Lock()
	again := p.offered
	p.offered = true
	p.mu.Unlock()
	p.change(func() { p.admitted = true })
	if again {
		return nil
	}
	o, err := p.pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	if err := p.local(o); err != nil {
		return err
	}
	var tracks []map[string]any
	for _, t := range p.pc.GetTransceivers() {
		source := "mic"
		if t.Kind() == webrtc.RTPCodecTypeVideo {
			source = "camera"
		}
		tracks = append(tracks, map[string]any{"mid": t.Mid(), "source": source})
	}
	return p.send(message{Type: "offer", SDP: p.pc.LocalDescription().SDP, Tracks: tracks})
}

func (p *Peer) answer(sdp string) error {
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: sdp}); err != nil {
		return err
	}
	a, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return err
	}
	if err := p.local(a); err != nil {
		return err
	}
	return p.send(message{Type: "answer", SDP: p.pc.LocalDescription().SDP})
}

// local sets a description and waits for its candidates, at most five seconds.
func (p *Peer) local(d webrtc.SessionDescription) error {
	done := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(d); err != nil {
		return err
	}
	limit := time.NewTimer(5 * time.Second)
	defer limit.Stop()
	select {
	case <-done:
	case <-limit.C:
	}
	return nil
}

// listen counts the packets of one section.
func (p *Peer) listen(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	mid := ""
	for _, tr := range p.pc.GetTransceivers() {
		if tr.Receiver() == r {
			mid = tr.Mid()
		}
	}
	for {
		if _, _, err := t.ReadRTP(); err != nil {
			return
		}
		p.change(func() {
			if pub := p.slots[mid]; pub != "" {
				p.heard[pub]++
			}
		})
	}
}

func (p *Peer) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	close(p.changed)
	p.changed = make(chan struct{})
}

// until waits for a condition, or the peer's fault, or the end of ctx.
func (p *Peer) until(ctx context.Context, what string, ok func() bool) error {
	for {
		p.mu.Lock()
		yes, fault, changed := ok(), p.fault, p.changed
		p.mu.Unlock()
		switch {
		case yes:
			return nil
		case fault != nil:
			return fmt.Errorf("%s: %w", what, fault)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, context.Cause(ctx))
		case <-changed:
		}
	}
}

// Admitted waits until the peer is let in.
func (p *Peer) Admitted(ctx context.Context) error {
	return p.until(ctx, "being let in", func() bool { return p.admitted })
}

// Hears waits until at least n packets of each publication ("p2/camera") came.
func (p *Peer) Hears(ctx context.Context, n int, publications ...string) error {
	return p.until(ctx, fmt.Sprintf("hearing %v", publications), func() bool {
		for _, pub := range publications {
			if p.heard[pub] < n {
				return false
			}
		}
		return true
	})
}

// Heard is how many packets of each publication came so far.
func (p *Peer) Heard() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make(map[string]int, len(p.heard))
	maps.Copy(out, p.heard)
	return out
}

// Say sends an application message to the room.
func (p *Peer) Say(kind string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return p.send(message{Type: "app", Kind: kind, Data: b})
}

// Close says goodbye and returns when every goroutine of the peer is gone.
func (p *Peer) Close() (err error) {
	p.once.Do(func() {
		_ = p.send(message{Type: "leave"}) // the connection may be gone already
		p.stop()
		err = errors.Join(p.conn.Close(), p.pc.Close())
		p.wg.Wait()
	})
	return err
}
