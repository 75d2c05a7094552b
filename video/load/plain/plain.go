// Package plain is the forwarder that the SFU is measured against: pion as its
// examples use it, with one UDP port, TrackLocalStaticRTP for each published
// track and the default interceptors. It is for comparison only: no tokens, no
// limits.
package plain

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v2"
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v3"
)

// source is one published track.
type source struct {
	local *webrtc.TrackLocalStaticRTP
	pc    *webrtc.PeerConnection
	ssrc  uint32

	mu   sync.Mutex // guards last
	last time.Time
}

// pli passes a request for a key frame on, at most one each half second.
func (s *source) pli() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.last) < 500*time.Millisecond {
		return
	}
	s.last = time.Now()
	_ = s.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: s.ssrc}})
}

// Forwarder answers POST /{stream}/whip and /{stream}/whep.
type Forwarder struct {
	api *webrtc.API
	seq atomic.Int64

	mu    sync.Mutex // guards rooms and pcs
	rooms map[string][]*source
	pcs   map[string]*webrtc.PeerConnection
}

// New returns a forwarder on a UDP socket of loopback.
func New(udp *net.UDPConn) (*Forwarder, error) {
	_ = udp.SetReadBuffer(4 << 20)
	_ = udp.SetWriteBuffer(4 << 20)
	var se webrtc.SettingEngine
	se.SetIncludeLoopbackCandidate(true)
	se.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	se.SetICEUDPMux(webrtc.NewICEUDPMux(nil, udp))
	se.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	me := &webrtc.MediaEngine{}
	if err := me.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	if err := webrtc.ConfigureSimulcastExtensionHeaders(me); err != nil {
		return nil, err
	}
	reg := &interceptor.Registry{}
	if err := webrtc.RegisterDefaultInterceptors(me, reg); err != nil {
		return nil, err
	}
	return &Forwarder{
		api:   webrtc.NewAPI(webrtc.WithMediaEngine(me), webrtc.WithInterceptorRegistry(reg), webrtc.WithSettingEngine(se)),
		rooms: map[string][]*source{}, pcs: map[string]*webrtc.PeerConnection{},
	}, nil
}

// ServeHTTP serves one request.
func (f *Forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if r.Method == http.MethodDelete {
		f.mu.Lock()
		pc := f.pcs[r.URL.Path]
		delete(f.pcs, r.URL.Path)
		f.mu.Unlock()
		if pc == nil {
			http.NotFound(w, r)
			return
		}
		f.drop(p[0], pc)
		return
	}
	if r.Method != http.MethodPost || len(p) != 2 {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	pc, err := f.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateFailed || s == webrtc.PeerConnectionStateClosed {
			f.drop(p[0], pc)
		}
	})
	if p[1] == "whip" {
		pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { f.publish(p[0], pc, t) })
	} else if !f.play(p[0], pc) {
		_ = pc.Close()
		http.Error(w, "no such stream", http.StatusNotFound)
		return
	}
	loc := fmt.Sprintf("%s/%d", r.URL.Path, f.seq.Add(1))
	f.mu.Lock()
	f.pcs[loc] = pc
	f.mu.Unlock()
	if err := answer(w, pc, string(body), loc); err != nil {
		_ = pc.Close()
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	}
}

func answer(w http.ResponseWriter, pc *webrtc.PeerConnection, offer, loc string) error {
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return err
	}
	ans, err := pc.CreateAnswer(nil)
	if err != nil {
		return err
	}
	done := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(ans); err != nil {
		return err
	}
	<-done
	w.Header().Set("Content-Type", "application/sdp")
	w.Header().Set("Location", loc)
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, pc.LocalDescription().SDP)
	return nil
}

func (f *Forwarder) publish(room string, pc *webrtc.PeerConnection, t *webrtc.TrackRemote) {
	local, err := webrtc.NewTrackLocalStaticRTP(t.Codec().RTPCodecCapability, t.Kind().String(), room)
	if err != nil {
		return
	}
	f.mu.Lock()
	f.rooms[room] = append(f.rooms[room], &source{local: local, pc: pc, ssrc: uint32(t.SSRC())})
	f.mu.Unlock()
	buf := make([]byte, 1500)
	for {
		n, _, err := t.Read(buf)
		if err != nil {
			return
		}
		if _, err := local.Write(buf[:n]); err != nil && !errors.Is(err, io.ErrClosedPipe) {
			return
		}
	}
}

func (f *Forwarder) play(room string, pc *webrtc.PeerConnection) bool {
	f.mu.Lock()
	list := append([]*source(nil), f.rooms[room]...)
	f.mu.Unlock()
	for _, s := range list {
		snd, err := pc.AddTrack(s.local)
		if err != nil {
			continue
		}
		go func() { // ends with the connection
			for {
				pkts, _, err := snd.ReadRTCP()
				if err != nil {
					return
				}
				for _, p := range pkts {
					switch p.(type) {
					case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
						s.pli()
					}
				}
			}
		}()
	}
	return len(list) > 0
}

func (f *Forwarder) drop(room string, pc *webrtc.PeerConnection) {
	f.mu.Lock()
	keep := f.rooms[room][:0:0]
	for _, s := range f.rooms[room] {
		if s.pc != pc {
			keep = append(keep, s)
		}
	}
	f.rooms[room] = keep
	f.mu.Unlock()
	_ = pc.Close()
}
