package video_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/dtls/v2"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v3"

	"tongban/video"
	"tongban/video/relay"
)

func overTCP(w *world) func(*webrtc.SettingEngine) {
	return func(se *webrtc.SettingEngine) { se.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4}) }
}

func TestOverICETCPAlone(t *testing.T) {
	w := newWorld(t, withTCPOnly)
	w.enter("r/ann", 180, overTCP(w))
	bo, _, _ := w.enter("r/bo", 180, overTCP(w))
	bo.receives("ann/camera", 20)
	bo.receives("ann/mic", 20)
}

func TestThroughTURNAlone(t *testing.T) {
	w := newWorld(t)
	u, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r, err := relay.New(relay.Config{
		UDP: u, Secret: []byte(strings.Repeat("s", 32)), Public: net.IPv4(127, 0, 0, 1), Ports: [2]uint16{45000, 45999},
		Peers: []relay.Peer{{Announced: netip.MustParseAddrPort(w.node.Addrs()[0].String())}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	name, password, err := r.Credentials("p")
	if err != nil {
		t.Fatal(err)
	}
	relayed := func(token string) *client {
		c := w.connect(msg{"type": "hello", "version": 1, "token": token, "first": true})
		c.expect("welcome")
		_ = c.pc.Close()
		pc, err := testAPI(t).NewPeerConnection(webrtc.Configuration{
			ICETransportPolicy: webrtc.ICETransportPolicyRelay,
			ICEServers:         []webrtc.ICEServer{{URLs: r.URLs("127.0.0.1"), Username: name, Credential: password}},
		})
		if err != nil {
			t.Fatal(err)
		}
		pc.OnTrack(func(tr *webrtc.TrackRemote, rr *webrtc.RTPReceiver) { c.onTrack(pc, tr, rr) })
		c.pc = pc
		c.publish(webrtc.MimeTypeVP8, 180, 0)
		if a := c.offer(); a["type"] != "answer" {
			t.Fatal(a)
		}
		return c
	}
	relayed("r/ann")
	relayed("r/bo").receives("ann/camera", 20)
	if s := r.Stats(); s.Allocations < 2 {
		t.Errorf("%+v", s)
	}
}

// A client that cannot do AES-GCM fails once and then gets AES-CM.
func TestOldCipherOnTheSecondTry(t *testing.T) {
	w := newWorld(t)
	old := func(se *webrtc.SettingEngine) { se.SetSRTPProtectionProfiles(dtls.SRTP_AES128_CM_HMAC_SHA1_80) }
	ann, _, _ := w.enter("r/ann", 180)
	bo := w.connect(msg{"type": "hello", "version": 1, "token": "r/bo", "first": true}, old)
	bo.publish(webrtc.MimeTypeVP8, 180, 0)
	bo.offer()
	bo.expect("reset")
	bo.send(msg{"type": "leave"})
	ann.wait("left", func(m msg) bool { return m["type"] == "left" && m["id"] == "bo" })
	bo.close()
	bo, _, _ = w.enter("r/bo", 180, old)
	bo.receives("ann/camera", 10)
	ann.receives("bo/camera", 10)
}

// A signalling client that never reads is disconnected; the room goes on.
func TestAClientThatNeverReads(t *testing.T) {
	w := newWorld(t, func(c *video.Config) {
		c.Timeouts.Write, c.Timeouts.Resume, c.Limits.MessageRate = 200*time.Millisecond, 200*time.Millisecond, 100000
	})
	ann := w.dial("r/ann")
	near, far := video.Pipe()
	served := make(chan struct{})
	go func() { w.door.Serve(context.Background(), far); close(served) }()
	if err := near.Write(t.Context(), []byte(`{"type":"hello","version":1,"token":"r/stone"}`)); err != nil {
		t.Fatal(err)
	}
	ann.wait("joined", func(m msg) bool { return m["type"] == "joined" })
	for range 400 {
		ann.send(msg{"type": "app", "kind": "chat", "data": strings.Repeat("x", 100)})
	}
	ann.wait("left", func(m msg) bool { return m["type"] == "left" && m["id"] == "stone" })
	<-served
	if m := ann.ask(msg{"type": "ping"}); m["type"] != "pong" {
		t.Error(m)
	}
}

func TestAFloodOfMessagesEndsTheConnection(t *testing.T) {
	w := newWorld(t)
	ann := w.dial("r/ann")
	bo := w.dial("r/bo")
	for range 600 {
		bo.send(msg{"type": "ping"})
	}
	if m := bo.expect("error"); m["code"] != "rate_limited" || m["reason"] != "rate" {
		t.Error(m)
	}
	ann.wait("left", func(m msg) bool { return m["type"] == "left" && m["id"] == "bo" })
}

// Somebody silent is sent away, somebody who pings is not.
func TestSilenceEndsTheConnection(t *testing.T) {
	w := newWorld(t, func(c *video.Config) { c.Timeouts.Idle, c.Timeouts.Hello = 300*time.Millisecond, 200*time.Millisecond })
	near, far := video.Pipe()
	go w.door.Serve(context.Background(), far)
	b, err := near.Read(t.Context(), 1000)
	if err != nil || !strings.Contains(string(b), `"idle"`) {
		t.Errorf("half open: %s %v", b, err)
	}
	if m := w.dial("r/bo").expect("error"); m["reason"] != "idle" {
		t.Error(m)
	}
}

// Streams and payload types that were never declared cost a bounded amount, and
// in the end the connection; others do not notice.
func TestUndeclaredStreams(t *testing.T) {
	w := newWorld(t, func(c *video.Config) { c.Limits.Streams = 40 })
	ann, _, _ := w.enter("r/ann", 180)
	bad, cam, _ := w.enter("r/bad", 180)
	ann.receives("bad/camera", 5)
	var raw atomic.Pointer[webrtc.TrackLocalContext]
	tr := &rawTrack{bound: &raw}
	if err := cam.sender.ReplaceTrack(tr); err != nil {
		t.Fatal(err)
	}
	ctx := *raw.Load()
	send := func(pt uint8, ssrc uint32, n int) {
		for i := range n {
			h := &rtp.Header{Version: 2, PayloadType: pt, SSRC: ssrc, SequenceNumber: uint16(i)}
			_, _ = ctx.WriteStream().WriteRTP(h, []byte{0x10, 0, 0, 0, 0})
		}
	}
	send(77, uint32(ctx.SSRC()), 50) // a type that was never declared
	send(96, uint32(ctx.SSRC()), 1)
	ann.receives("bad/mic", 5) // still there
	for i := range 60 {
		send(96, uint32(1000+i), 1)
	}
	ann.wait("left", func(m msg) bool { return m["type"] == "left" && m["id"] == "bad" })
	if m := bad.expect("bye"); m["reason"] != "flood" {
		t.Error(m)
	}
	if s := w.node.Stats(); s.Panics != 0 {
		t.Errorf("%+v", s)
	}
}

// rawTrack writes whatever it likes.
type rawTrack struct {
	bound *atomic.Pointer[webrtc.TrackLocalContext]
}

func (r *rawTrack) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	r.bound.Store(&ctx)
	return ctx.CodecParameters()[0], nil
}
func (r *rawTrack) Unbind(webrtc.TrackLocalContext) error { return nil }
func (r *rawTrack) ID() string                            { return "raw" }
func (r *rawTrack) RID() string                           { return "" }
func (r *rawTrack) StreamID() string                      { return "raw" }
func (r *rawTrack) Kind() webrtc.RTPCodecType             { return webrtc.RTPCodecTypeVideo }

// A NACK is answered from the ring of the published track.
func TestLostPacketsAreSentAgain(t *testing.T) {
	w := newWorld(t)
	w.enter("r/ann", 180)
	bo, _, _ := w.enter("r/bo", 180)
	p := bo.receives("ann/camera", 40)
	s := w.node
	nack := func() error {
		// Ask for what came long enough ago to be a copy, and count the copies by the server's own statistics.
		seq := uint16(0)
		for _, r := range bo.pc.GetReceivers() {
			if tr := r.Track(); tr != nil && uint32(tr.SSRC()) == p.ssrc.Load() {
				seq = p.lastSeq()
			}
		}
		_ = bo.pc.WriteRTCP([]rtcp.Packet{&rtcp.TransportLayerNack{MediaSSRC: p.ssrc.Load(), Nacks: rtcp.NackPairsFromSequenceNumbers([]uint16{seq - 3, seq - 4, seq - 9})}})
		snap, err := s.Snapshot(t.Context(), "r")
		if err != nil {
			return err
		}
		for _, who := range snap.Participants {
			for _, r := range who.Receives {
				if who.ID == "bo" && r.Publication == "ann/camera" && r.Resent >= 3 {
					return nil
				}
			}
		}
		return fmt.Errorf("%+v", snap.Participants)
	}
	eventually(t, "resent", nack)
}
