// Package load measures a WHIP/WHEP media server from outside: it publishes
// synthetic streams over WHIP, plays each with many receivers over WHEP, and
// reports what was forwarded: packets, loss, latency of frames, time to join,
// and the server's CPU time and memory. Publishers and receivers live in one
// process, so all times come from one clock; the server is another process.
// It offers loopback candidates only.
package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pion/dtls/v2"
	"github.com/pion/ice/v2"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v3"
)

// Options shape a run. Zero values are the defaults in brackets.
type Options struct {
	WHIP, WHEP string        // endpoints; {stream} is replaced by the stream's name
	Token      string        // bearer token; {stream} and {peer} are replaced, {peer} by a number of each connection
	Streams    int           // published streams [1]
	Subs       int           // receivers of each stream [1]
	Bitrate    int           // of a stream's video, bits a second [1 500 000]
	FPS        int           // frames a second [30]
	GOP        int           // frames between key frames; a PLI also makes one [60]
	H264       bool          // instead of VP8
	Audio      bool          // 50 Opus packets a second as well
	SRTP       string        // "cm80", "gcm128" or "" for pion's own order
	Plain      bool          // no NACK, reports or TWCC on this side: loss is raw
	Ramp       time.Duration // between two joins [20 ms]
	Warmup     time.Duration // between the last join and the measurement [3 s]
	Window     time.Duration // of the measurement [10 s]
	JoinLimit  time.Duration // a receiver without a key frame after it has failed [10 s]
	PID        int           // the server's process, for CPU time and memory; 0: none
}

func or[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

func (o Options) withDefaults() Options {
	o.Streams, o.Subs = or(o.Streams, 1), or(o.Subs, 1)
	o.Bitrate, o.FPS, o.GOP = or(o.Bitrate, 1_500_000), or(o.FPS, 30), or(o.GOP, 60)
	o.Ramp, o.Warmup = or(o.Ramp, 20*time.Millisecond), or(o.Warmup, 3*time.Second)
	o.Window, o.JoinLimit = or(o.Window, 10*time.Second), or(o.JoinLimit, 10*time.Second)
	return o
}

// Result is what a run found.
type Result struct {
	In, Out       float64 // packets a second
	Mbit          float64 // received a second
	Packets, Lost uint64
	Extra         uint64  // received twice
	LossShare     float64 // lost of all
	FramesLost    float64 // share
	Latency       Quantiles
	Joined        int
	Failed        int
	Post          Quantiles // the POST's answer
	Join          Quantiles // from the POST to the first packet
	Key           Quantiles // from the POST to the first key frame
	PLIs          uint64    // that reached the publishers
	CPU           float64   // the server's seconds in the window
	MicroPerPkt   float64   // the server's CPU time for each packet received
	RSS           float64   // MiB, at the end
	OwnCores      float64   // what the generator took
}

// Quantiles are milliseconds.
type Quantiles struct{ P50, P95, P99, Max float64 }

func quantiles(d []time.Duration) Quantiles {
	if len(d) == 0 {
		return Quantiles{}
	}
	slices.Sort(d)
	at := func(q float64) float64 { return float64(d[min(len(d)-1, int(q*float64(len(d))))]) / 1e6 }
	return Quantiles{at(.5), at(.95), at(.99), at(1)}
}

// client makes connections.
type client struct {
	o    Options
	api  *webrtc.API
	cert webrtc.Certificate
	http *http.Client
}

func newClient(o Options) (*client, error) {
	me := &webrtc.MediaEngine{}
	video := webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeVP8, ClockRate: 90000,
		RTCPFeedback: []webrtc.RTCPFeedback{{Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"}},
	}, PayloadType: 96}
	if o.H264 {
		video.MimeType, video.PayloadType = webrtc.MimeTypeH264, 102
		video.SDPFmtpLine = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
	}
	if err := me.RegisterCodec(video, webrtc.RTPCodecTypeVideo); err != nil {
		return nil, err
	}
	if err := me.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
	}, PayloadType: 111}, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, err
	}
	reg := &interceptor.Registry{}
	if !o.Plain {
		if err := webrtc.RegisterDefaultInterceptors(me, reg); err != nil {
			return nil, err
		}
	}
	var se webrtc.SettingEngine
	se.SetIncludeLoopbackCandidate(true)
	se.SetIPFilter(func(ip net.IP) bool { return ip.IsLoopback() })
	se.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	se.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	se.SetDTLSRetransmissionInterval(50 * time.Millisecond) // as browsers do
	switch o.SRTP {
	case "":
	case "gcm128":
		se.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM)
	case "cm80":
		se.SetSRTPProtectionProfiles(dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	default:
		return nil, fmt.Errorf("unknown SRTP profile %q", o.SRTP)
	}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(me), webrtc.WithInterceptorRegistry(reg), webrtc.WithSettingEngine(se))
	pc, err := api.NewPeerConnection(webrtc.Configuration{}) // yields a certificate that all share
	if err != nil {
		return nil, err
	}
	cert := pc.GetConfiguration().Certificates[0]
	return &client{o: o, api: api, cert: cert, http: &http.Client{
		Timeout: o.JoinLimit, Transport: &http.Transport{MaxIdleConnsPerHost: 64},
	}}, pc.Close()
}

func (c *client) connection() (*webrtc.PeerConnection, error) {
	return c.api.NewPeerConnection(webrtc.Configuration{
		Certificates: []webrtc.Certificate{c.cert}, BundlePolicy: webrtc.BundlePolicyMaxBundle,
	})
}

// session is one WHIP or WHEP resource.
type session struct{ url, token string }

// negotiate posts the offer and applies the answer; began is when the POST did.
func (c *client) negotiate(ctx context.Context, pc *webrtc.PeerConnection, endpoint, token string) (s session, began time.Time, err error) {
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return s, began, err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(offer); err != nil {
		return s, began, err
	}
	<-gathered
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(pc.LocalDescription().SDP))
	if err != nil {
		return s, began, err
	}
	req.Header.Set("Content-Type", "application/sdp")
	if s.token = token; token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	began = time.Now()
	resp, err := c.http.Do(req)
	if err != nil {
		return s, began, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	_ = resp.Body.Close()
	if err != nil {
		return s, began, err
	}
	if resp.StatusCode != http.StatusCreated {
		return s, began, fmt.Errorf("%s: %s: %.200s", endpoint, resp.Status, body)
	}
	base, err := url.Parse(endpoint)
	if err != nil {
		return s, began, err
	}
	if u, err := base.Parse(resp.Header.Get("Location")); err == nil {
		s.url = u.String()
	}
	return s, began, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(body)})
}

// hangUp ends a session with DELETE and closes the connection.
func (c *client) hangUp(pc *webrtc.PeerConnection, s session) {
	if s.url != "" {
		if req, err := http.NewRequest(http.MethodDelete, s.url, nil); err == nil { //nolint:noctx // at the end, with the client's own limit
			req.Header.Set("Authorization", "Bearer "+s.token)
			if resp, err := c.http.Do(req); err == nil {
				_ = resp.Body.Close()
			}
		}
	}
	_ = pc.Close()
}

func (o Options) endpoint(pattern, stream string) string {
	return strings.ReplaceAll(pattern, "{stream}", stream)
}

func (o Options) tokenOf(stream string, peer int) string {
	return strings.NewReplacer("{stream}", stream, "{peer}", strconv.Itoa(peer)).Replace(o.Token)
}

// Run publishes, plays, measures and hangs up.
func Run(ctx context.Context, o Options) (*Result, error) {
	o = o.withDefaults()
	c, err := newClient(o)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	var pubs []*publisher
	defer func() {
		for _, p := range pubs {
			c.hangUp(p.pc, p.session)
		}
	}()
	for i := range o.Streams {
		p, err := newPublisher(ctx, c, "load"+strconv.Itoa(i))
		if err != nil {
			return nil, fmt.Errorf("publisher %d: %w", i, err)
		}
		pubs = append(pubs, p)
		wg.Go(func() { p.run(ctx, time.Second/time.Duration(o.FPS)*time.Duration(i)/time.Duration(o.Streams)) })
	}
	if err := pause(ctx, time.Second); err != nil { // a server may offer a stream only after its first packets
		return nil, err
	}
	all := make([]*subscriber, o.Streams*o.Subs)
	defer func() {
		cancel()
		var bye sync.WaitGroup
		for _, s := range all {
			if s != nil && s.pc != nil {
				bye.Go(func() { c.hangUp(s.pc, s.session) })
			}
		}
		bye.Wait()
	}()
	var joins sync.WaitGroup
	for i := range all {
		joins.Go(func() { all[i] = newSubscriber(ctx, c, "load"+strconv.Itoa(i%o.Streams), i+1, &wg) })
		if err := pause(ctx, o.Ramp); err != nil {
			break
		}
	}
	joins.Wait()
	return measure(ctx, o, pubs, all)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// measure counts what arrives in the window.
func measure(ctx context.Context, o Options, pubs []*publisher, all []*subscriber) (*Result, error) {
	r := &Result{}
	var posts, joins, keys []time.Duration
	var failed error
	for _, s := range all {
		if s.err != nil {
			r.Failed++
			failed = s.err
			continue
		}
		r.Joined++
		posts, joins, keys = append(posts, s.post), append(joins, s.firstPacket), append(keys, s.firstKey)
	}
	if r.Joined == 0 {
		return nil, errors.Join(errors.New("nobody joined"), failed)
	}
	if err := pause(ctx, o.Warmup); err != nil {
		return nil, err
	}
	before := readCounters(o.PID, pubs)
	for _, s := range all {
		s.measure(true)
	}
	if err := pause(ctx, o.Window); err != nil {
		return nil, err
	}
	for _, s := range all {
		s.measure(false)
	}
	after := readCounters(o.PID, pubs)
	window := after.at.Sub(before.at).Seconds()
	var octets, want, got uint64
	var latency []time.Duration
	for _, s := range all {
		if s.err == nil {
			w, g, l, b := s.collect(r)
			want, got, octets = want+w, got+g, octets+b
			latency = append(latency, l...)
		}
	}
	r.In, r.Out, r.Mbit = float64(after.packets-before.packets)/window, float64(r.Packets)/window, float64(octets)*8/1e6/window
	if n := r.Packets + r.Lost; n > 0 {
		r.LossShare = float64(r.Lost) / float64(n)
	}
	if want > 0 {
		r.FramesLost = 1 - min(1, float64(got)/float64(want))
	}
	r.Latency, r.Post, r.Join, r.Key = quantiles(latency), quantiles(posts), quantiles(joins), quantiles(keys)
	r.PLIs, r.OwnCores = after.plis, (after.self-before.self)/window
	if o.PID > 0 {
		r.CPU = after.server - before.server
		r.MicroPerPkt = r.CPU * 1e6 / float64(max(1, r.Packets))
		r.RSS = RSS(o.PID)
	}
	return r, nil
}
