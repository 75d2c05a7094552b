package video

import (
	"io"
	"time"

	"github.com/pion/dtls/v2"
	"github.com/pion/ice/v2"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/transport/v2/packetio"
	"github.com/pion/webrtc/v3"
)

const fmtpH264 = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id="

// newMediaEngine registers what the node forwards: VP8, H264 and Opus. No RTX:
// pion v3 cannot send it, and without it browsers answer a NACK on the stream
// itself.
func newMediaEngine() (*webrtc.MediaEngine, error) {
	me := &webrtc.MediaEngine{}
	feedback := []webrtc.RTCPFeedback{{Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"}, {Type: "transport-cc"}}
	videos := []webrtc.RTPCodecParameters{
		{PayloadType: 96, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}},
		{PayloadType: 102, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeH264, SDPFmtpLine: fmtpH264 + "42e01f"}},
		{PayloadType: 104, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeH264, SDPFmtpLine: fmtpH264 + "42001f"}},
	}
	for _, c := range videos {
		c.ClockRate, c.RTCPFeedback = 90000, feedback
		if err := me.RegisterCodec(c, webrtc.RTPCodecTypeVideo); err != nil {
			return nil, err
		}
	}
	opus := webrtc.RTPCodecParameters{PayloadType: 111, RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
		RTCPFeedback: []webrtc.RTCPFeedback{{Type: "transport-cc"}},
	}}
	if err := me.RegisterCodec(opus, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, err
	}
	for _, e := range []struct {
		uri   string
		kinds []webrtc.RTPCodecType
	}{
		{uriAudioLevel, []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio}},
		{uriTransport, []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo}},
	} {
		for _, k := range e.kinds {
			if err := me.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: e.uri}, k); err != nil {
				return nil, err
			}
		}
	}
	return me, webrtc.ConfigureSimulcastExtensionHeaders(me)
}

// settings are those of every connection of the node.
func (n *Node) settings() webrtc.SettingEngine {
	var se webrtc.SettingEngine
	t := n.cfg.Timeouts
	se.SetICETimeouts(t.Disconnected, t.Failed, t.Keepalive)
	se.SetIncludeLoopbackCandidate(n.cfg.Loopback)
	se.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	se.DisableActiveTCP(true)
	// The first flight may come before the client is ready for it; browsers repeat theirs as soon.
	se.SetDTLSRetransmissionInterval(50 * time.Millisecond)
	se.LoggerFactory = quiet{}
	if len(n.cfg.Announced) > 0 {
		se.SetNAT1To1IPs(n.cfg.Announced, webrtc.ICECandidateTypeHost)
	}
	var types []webrtc.NetworkType
	if n.udpMux != nil {
		types = append(types, webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6)
	}
	if n.tcpMux != nil {
		se.SetICETCPMux(n.tcpMux)
		types = append(types, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6)
	}
	se.SetNetworkTypes(types)
	return se
}

// newConnection makes a pion connection that reports to the peer. Each has an
// API of its own because the hooks are set there.
func (n *Node) newConnection(p *peer, oldCipher bool) (*webrtc.PeerConnection, error) {
	se := n.settings()
	if n.udpMux != nil {
		se.SetICEUDPMux(&peerMux{UDPMux: n.udpMux, peer: p})
	}
	// Browsers choose AES-CM when both are offered; AES-GCM costs a quarter less.
	se.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM)
	if oldCipher {
		se.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	}
	se.BufferFactory = p.buffer
	reg := &interceptor.Registry{}
	reg.Add(hookFactory{p})
	api := webrtc.NewAPI(webrtc.WithMediaEngine(n.media), webrtc.WithInterceptorRegistry(reg), webrtc.WithSettingEngine(se))
	return api.NewPeerConnection(webrtc.Configuration{
		Certificates: []webrtc.Certificate{n.certificate}, BundlePolicy: webrtc.BundlePolicyMaxBundle,
	})
}

// hook takes the writer of each outgoing stream from pion, below all else, so
// that a slot writes without pion's chain of interceptors.
type hook struct {
	interceptor.NoOp
	peer *peer
}

type hookFactory struct{ peer *peer }

func (f hookFactory) NewInterceptor(string) (interceptor.Interceptor, error) {
	return &hook{peer: f.peer}, nil
}

// BindLocalStream is called by pion after the slot's Bind.
func (h *hook) BindLocalStream(info *interceptor.StreamInfo, w interceptor.RTPWriter) interceptor.RTPWriter {
	h.peer.slotWriter(info, w)
	return w
}

// rtpLimit and rtcpLimit bound what pion keeps of one stream that is not read.
const rtpLimit = 512 << 10

// buffer is where pion puts the decrypted packets of one stream. RTCP is handled
// right there, in the goroutine that decrypts, so that no goroutine waits for
// the reports of each slot.
func (p *peer) buffer(kind packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser {
	if p.streams.Add(1) > int64(p.node.cfg.Limits.Streams) {
		p.fail(ReasonFlood)
	}
	if kind == packetio.RTCPBufferPacket {
		return &rtcpSink{peer: p, ssrc: ssrc, done: make(chan struct{})}
	}
	b := packetio.NewBuffer()
	b.SetLimitSize(rtpLimit)
	return b
}

// rtcpSink gives RTCP packets to the peer; reading from it only waits for its end.
type rtcpSink struct {
	peer *peer
	ssrc uint32
	done chan struct{}
}

func (s *rtcpSink) Write(b []byte) (int, error) {
	s.peer.onRTCP(s.ssrc, b)
	return len(b), nil
}

func (s *rtcpSink) Read([]byte) (int, error) {
	<-s.done
	return 0, io.EOF
}

func (s *rtcpSink) Close() error {
	select {
	case <-s.done:
	default:
		close(s.done)
	}
	return nil
}

// quiet is pion's logging: off. What matters reaches us as states and errors.
type quiet struct{}

func (quiet) NewLogger(string) logging.LeveledLogger { return quietLogger{} }

type quietLogger struct{}

func (quietLogger) Trace(string)          {}
func (quietLogger) Tracef(string, ...any) {}
func (quietLogger) Debug(string)          {}
func (quietLogger) Debugf(string, ...any) {}
func (quietLogger) Info(string)           {}
func (quietLogger) Infof(string, ...any)  {}
func (quietLogger) Warn(string)           {}
func (quietLogger) Warnf(string, ...any)  {}
func (quietLogger) Error(string)          {}
func (quietLogger) Errorf(string, ...any) {}
