package video_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/ice/v2"
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v3"

	"tongban/video"
)

// msg is a message in either direction.
type msg map[string]any

// client is a participant: the protocol over a pipe, and a pion connection as a
// browser would have it. It is the polite side.
type client struct {
	t    testing.TB
	w    *world
	conn video.Conn
	pc   *webrtc.PeerConnection
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu      sync.Mutex // guards all below
	log     []msg
	rewrite func(string) string // of the descriptions of the node
	slots   map[string]string   // mid to publication
	plays   map[string]*play    // by mid
	resume  any
	seq     int
	closing bool
}

// play is what arrived on one media section.
type play struct {
	mid     string
	packets atomic.Int64
	frames  atomic.Int64
	keys    atomic.Int64
	height  atomic.Int64
	gaps    atomic.Int64 // jumps of the sequence number
	picGaps atomic.Int64
	badTS   atomic.Int64
	reports atomic.Int64
	ssrc    atomic.Uint32
	seq     atomic.Uint32
}

func (p *play) lastSeq() uint16 { return uint16(p.seq.Load()) }

func testAPI(t testing.TB, opts ...func(*webrtc.SettingEngine)) *webrtc.API {
	t.Helper()
	me := &webrtc.MediaEngine{}
	if err := me.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	if err := webrtc.ConfigureSimulcastExtensionHeaders(me); err != nil {
		t.Fatal(err)
	}
	if err := me.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: "urn:ietf:params:rtp-hdrext:ssrc-audio-level"}, webrtc.RTPCodecTypeAudio); err != nil {
		t.Fatal(err)
	}
	reg := &interceptor.Registry{}
	if err := webrtc.RegisterDefaultInterceptors(me, reg); err != nil {
		t.Fatal(err)
	}
	if err := webrtc.ConfigureTWCCHeaderExtensionSender(me, reg); err != nil {
		t.Fatal(err)
	}
	var se webrtc.SettingEngine
	se.SetIncludeLoopbackCandidate(true)
	se.SetIPFilter(func(ip net.IP) bool { return ip.IsLoopback() })
	se.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	se.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	for _, o := range opts {
		o(&se)
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(me), webrtc.WithInterceptorRegistry(reg), webrtc.WithSettingEngine(se))
}

// dial opens a signalling connection and says hello.
func (w *world) dial(token string, opts ...func(*webrtc.SettingEngine)) *client {
	w.t.Helper()
	c := w.connect(msg{"type": "hello", "version": 1, "token": token}, opts...)
	c.expect("welcome")
	return c
}

func (w *world) connect(hello msg, opts ...func(*webrtc.SettingEngine)) *client {
	w.t.Helper()
	near, far := video.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	c := &client{t: w.t, w: w, conn: near, stop: cancel, slots: map[string]string{}, plays: map[string]*play{}}
	c.newMedia(opts...)
	c.wg.Go(func() { w.door.Serve(ctx, far) })
	c.wg.Go(c.read)
	w.t.Cleanup(c.close)
	c.send(hello)
	return c
}

func (c *client) newMedia(opts ...func(*webrtc.SettingEngine)) {
	pc, err := testAPI(c.t, opts...).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		c.t.Fatal(err)
	}
	pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) { c.onTrack(pc, t, r) })
	c.pc = pc
}

// close ends the client as a closed tab does: without a word.
func (c *client) close() {
	c.mu.Lock()
	if c.closing {
		c.mu.Unlock()
		return
	}
	c.closing = true
	c.mu.Unlock()
	c.stop()
	_ = c.conn.Close()
	c.wg.Wait()
	_ = c.pc.GracefulClose()
}

func (c *client) send(m msg) {
	b, err := json.Marshal(m)
	if err != nil {
		c.t.Error(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = c.conn.Write(ctx, b)
}

// ask sends a request and returns the answer to it.
func (c *client) ask(m msg) msg {
	c.t.Helper()
	c.mu.Lock()
	c.seq++
	n := float64(c.seq)
	c.mu.Unlock()
	m["seq"] = n
	c.send(m)
	return c.wait(fmt.Sprint("answer to ", m["type"]), func(a msg) bool { return a["seq"] == n })
}

// expect waits for a message of a type, which may have come already.
func (c *client) expect(kind string) msg {
	c.t.Helper()
	return c.wait(kind, func(m msg) bool { return m["type"] == kind })
}

func (c *client) wait(what string, ok func(msg) bool) (found msg) {
	c.t.Helper()
	eventually(c.t, what, func() error {
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, m := range c.log {
			if ok(m) {
				found = m
				return nil
			}
		}
		return fmt.Errorf("not among %v", c.log)
	})
	return found
}

// forget drops the messages so far, so that expect waits for new ones.
func (c *client) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.log = nil
}

func (c *client) read() {
	for {
		b, err := c.conn.Read(context.Background(), 1<<20)
		if err != nil {
			return
		}
		var m msg
		if err := json.Unmarshal(b, &m); err != nil {
			c.t.Errorf("not JSON: %q", b)
			continue
		}
		c.mu.Lock()
		if sdp, ok := m["sdp"].(string); ok && c.rewrite != nil {
			m["sdp"] = c.rewrite(sdp)
		}
		c.log = append(c.log, m)
		if m["resume"] != nil {
			c.resume = m["resume"]
		}
		if m["type"] == "slots" {
			c.slots = map[string]string{}
			list, _ := m["slots"].([]any)
			for _, s := range list {
				v, _ := s.(map[string]any)
				pub, _ := v["publication"].(string)
				c.slots[v["mid"].(string)] = pub
			}
		}
		c.mu.Unlock()
		switch m["type"] {
		case "offer":
			c.onOffer(m["sdp"].(string))
		case "answer":
			if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: m["sdp"].(string)}); err != nil {
				c.t.Logf("answer: %v", err)
			}
		}
	}
}

// onOffer answers the server's offer. Tests that offer themselves do it while the
// server does not, because pion cannot roll back; browsers can, see the Chromium test.
func (c *client) onOffer(text string) {
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: text}); err != nil {
		c.t.Logf("offer: %v", err)
		return
	}
	a, err := c.pc.CreateAnswer(nil)
	if err == nil {
		err = c.local(a)
	}
	if err != nil {
		c.t.Logf("answering: %v", err)
		return
	}
	sdp := c.pc.LocalDescription().SDP
	if c.rewrite != nil { // the node must not find another way to him
		sdp = regexp.MustCompile(`a=candidate:.*\r\n`).ReplaceAllString(sdp, "")
	}
	c.send(msg{"type": "answer", "sdp": sdp})
}

func (c *client) local(d webrtc.SessionDescription) error {
	done := webrtc.GatheringCompletePromise(c.pc)
	if err := c.pc.SetLocalDescription(d); err != nil {
		return err
	}
	limit := time.NewTimer(5 * time.Second)
	defer limit.Stop()
	select {
	case <-done:
		return nil
	case <-limit.C:
		return errors.New("candidates were not gathered in time")
	}
}

// offer sends an offer that declares the sources, and returns what came back.
func (c *client) offer(tracks ...map[string]any) msg {
	c.t.Helper()
	eventually(c.t, "stable", func() error {
		if s := c.pc.SignalingState(); s != webrtc.SignalingStateStable {
			return fmt.Errorf("signalling is %s", s)
		}
		return nil
	})
	o, err := c.pc.CreateOffer(nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.local(o); err != nil {
		c.t.Fatal(err)
	}
	return c.ask(msg{"type": "offer", "sdp": c.pc.LocalDescription().SDP, "tracks": tracks})
}

func (c *client) onTrack(pc *webrtc.PeerConnection, t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	mid := ""
	for _, tr := range pc.GetTransceivers() {
		if tr.Receiver() == r {
			mid = tr.Mid()
		}
	}
	p := &play{mid: mid}
	p.ssrc.Store(uint32(t.SSRC()))
	c.mu.Lock()
	c.plays[mid] = p
	c.mu.Unlock()
	go func() {
		for {
			pkts, _, err := r.ReadRTCP()
			if err != nil {
				return
			}
			for _, k := range pkts {
				if _, ok := k.(*rtcp.SenderReport); ok {
					p.reports.Add(1)
				}
			}
		}
	}()
	p.run(t)
}

func (p *play) run(t *webrtc.TrackRemote) {
	var last rtp.Header
	var pic uint16
	first := true
	for {
		pkt, _, err := t.ReadRTP()
		if err != nil {
			return
		}
		p.packets.Add(1)
		p.seq.Store(uint32(pkt.SequenceNumber))
		if !first && pkt.SequenceNumber != last.SequenceNumber+1 {
			p.gaps.Add(1)
		}
		if !first && int32(pkt.Timestamp-last.Timestamp) < 0 {
			p.badTS.Add(1)
		}
		if pkt.Marker {
			p.frames.Add(1)
		}
		if t.Codec().MimeType == webrtc.MimeTypeVP8 && len(pkt.Payload) > 0 {
			var v codecs.VP8Packet
			body, err := v.Unmarshal(pkt.Payload)
			if err == nil {
				if !first && v.S == 1 && v.PictureID != pic && v.PictureID != (pic+1)&0x7fff {
					p.picGaps.Add(1)
				}
				pic = v.PictureID
				if v.S == 1 && len(body) >= 10 && body[0]&1 == 0 {
					p.keys.Add(1)
					p.height.Store(int64(body[8]) | int64(body[9])<<8)
				}
			}
		}
		first, last = false, pkt.Header
	}
}

// plays returns what arrives of a publication, or nil.
func (c *client) hears(pub string) *play {
	c.mu.Lock()
	defer c.mu.Unlock()
	for mid, p := range c.slots {
		if p == pub {
			return c.plays[mid]
		}
	}
	return nil
}

// receives waits until n more frames (or audio packets) of a publication arrive.
func (c *client) receives(pub string, n int64) *play {
	c.t.Helper()
	var p *play
	base := int64(-1)
	eventually(c.t, "frames of "+pub, func() error {
		if p = c.hears(pub); p == nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			return fmt.Errorf("no slot plays it: %v", c.slots)
		}
		got := p.packets.Load()
		if base < 0 {
			base = got
		}
		if got-base < n {
			return fmt.Errorf("%d of %d packets", got-base, n)
		}
		return nil
	})
	return p
}

// source sends one stream until the client closes.
type source struct {
	track  *webrtc.TrackLocalStaticRTP
	sender *webrtc.RTPSender
	mid    func() string
	plis   atomic.Int64
	key    atomic.Bool
	paused atomic.Bool
	height int
}

// publish adds a source and starts sending; the caller offers.
func (c *client) publish(mime string, height int, level uint8) *source {
	c.t.Helper()
	return c.publishRID(mime, "", height, level, nil)
}

func (c *client) publishRID(mime, rid string, height int, level uint8, onto *source) *source {
	c.t.Helper()
	var opts []func(*webrtc.TrackLocalStaticRTP)
	if rid != "" {
		opts = append(opts, webrtc.WithRTPStreamID(rid))
	}
	id := fmt.Sprint("t", mime, height)
	if onto != nil {
		id = onto.track.ID()
	}
	t, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: mime}, id, "s", opts...)
	if err != nil {
		c.t.Fatal(err)
	}
	s := &source{track: t, height: height}
	if onto == nil {
		tr, err := c.pc.AddTransceiverFromTrack(t, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		if err != nil {
			c.t.Fatal(err)
		}
		s.sender, s.mid = tr.Sender(), tr.Mid
	} else {
		if err := onto.sender.AddEncoding(t); err != nil {
			c.t.Fatal(err)
		}
		s.sender, s.mid = onto.sender, onto.mid
	}
	ctx, cancel := context.WithCancel(context.Background())
	old := c.stop
	c.stop = func() { cancel(); old() }
	if rid == "" { // pion's reader of one RID races with its own Close
		go s.listen()
	}
	c.wg.Go(func() { s.run(ctx, mime, rid, level) })
	return s
}

func (s *source) listen() {
	for {
		pkts, _, err := s.sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range pkts {
			if _, ok := p.(*rtcp.PictureLossIndication); ok {
				s.plis.Add(1)
				s.key.Store(true)
			}
		}
	}
}

func (s *source) run(ctx context.Context, mime, rid string, level uint8) {
	audio := mime == webrtc.MimeTypeOpus
	every := 33 * time.Millisecond
	if audio {
		every = 20 * time.Millisecond
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	pay := &codecs.VP8Payloader{EnablePictureID: true}
	seq, ts := uint16(rand.Uint32()), rand.Uint32()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if s.paused.Load() {
			continue
		}
		var payloads [][]byte
		switch {
		case audio:
			payloads = [][]byte{append([]byte{0xfc}, make([]byte, 60)...)}
			ts += 960
		case mime == webrtc.MimeTypeH264:
			frame := append([]byte{0, 0, 0, 1, 0x41, 0x9a, 0x24}, make([]byte, 1500)...)
			if s.key.Swap(false) || n%100 == 0 {
				frame = append([]byte{0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1f, 0xda, 1, 0x40, 0, 0, 0, 1, 0x68, 0xce, 0x0f, 0xc8, 0, 0, 0, 1, 0x65, 0x88, 0x84}, make([]byte, 2500)...)
			}
			payloads = (&codecs.H264Payloader{}).Payload(1200, frame)
			ts += 3000
		default:
			frame := make([]byte, 400+s.height*4)
			frame[0] = 1
			if s.key.Swap(false) || n%100 == 0 || (rid != "" && n%15 == 0) {
				copy(frame, []byte{0, 0, 0, 0x9d, 1, 0x2a, byte(s.height * 16 / 9), byte(s.height * 16 / 9 >> 8), byte(s.height), byte(s.height >> 8)})
			}
			payloads = pay.Payload(1200, frame)
			ts += 3000
		}
		for i, b := range payloads {
			p := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: ts, Marker: !audio && i == len(payloads)-1}, Payload: b}
			seq++
			s.extend(p, rid, level, audio)
			_ = s.track.WriteRTP(p)
		}
	}
}

// extend adds the header extensions a browser adds.
func (s *source) extend(p *rtp.Packet, rid string, level uint8, audio bool) {
	for _, e := range s.sender.GetParameters().HeaderExtensions {
		switch {
		case rid != "" && e.URI == "urn:ietf:params:rtp-hdrext:sdes:mid":
			_ = p.SetExtension(uint8(e.ID), []byte(s.mid()))
		case rid != "" && e.URI == "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id":
			_ = p.SetExtension(uint8(e.ID), []byte(rid))
		case audio && e.URI == "urn:ietf:params:rtp-hdrext:ssrc-audio-level":
			_ = p.SetExtension(uint8(e.ID), []byte{0x80 | level})
		}
	}
}
