package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v3"
)

// A trailer ends every frame: when it was sent, and its number. It is text, so
// that it holds no H.264 start code, and at the end of the frame, so that it
// survives a server that cuts frames into other packets.
const (
	magic      = "wLt!"
	trailerLen = len(magic) + 16 + 8
)

var epoch = time.Now()

func putTrailer(b []byte, frame uint32) {
	copy(b, magic)
	copy(b[len(magic):], fmt.Sprintf("%016x%08x", time.Since(epoch).Nanoseconds(), frame))
}

func parseTrailer(b []byte) (sent time.Duration, frame uint32, ok bool) {
	if len(b) < trailerLen || string(b[:len(magic)]) != magic {
		return 0, 0, false
	}
	ns, err1 := strconv.ParseInt(string(b[4:20]), 16, 64)
	f, err2 := strconv.ParseUint(string(b[20:28]), 16, 32)
	return time.Duration(ns), uint32(f), err1 == nil && err2 == nil
}

type publisher struct {
	client        *client
	pc            *webrtc.PeerConnection
	session       session
	video, sound  *webrtc.TrackLocalStaticRTP
	packets, plis atomic.Uint64
	key           atomic.Bool // make the next frame a key frame
}

// A parameter set pair of 1280x720 in the baseline profile.
var (
	h264SPS = []byte{0x67, 0x42, 0xc0, 0x1f, 0xda, 0x01, 0x40, 0x16, 0xec, 0x04, 0x40, 0x00, 0x00, 0x03, 0x00, 0x40, 0x00, 0x00, 0x0f, 0x03, 0xc6, 0x0c, 0xa8}
	h264PPS = []byte{0x68, 0xce, 0x0f, 0xc8}
)

// frame makes a frame of about size bytes: a true head for its codec, a body
// without meaning and without zero bytes, and room for the trailer.
func (o Options) frame(size int, key bool) []byte {
	var head []byte
	switch {
	case o.H264 && key:
		head = bytes.Join([][]byte{nil, h264SPS, h264PPS, {0x65, 0x88, 0x84}}, []byte{0, 0, 0, 1})
	case o.H264:
		head = []byte{0, 0, 0, 1, 0x41, 0x9a, 0x24}
	case key: // VP8: frame tag, start code, 1280x720
		head = []byte{0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02}
	default:
		head = []byte{0x11, 0x02, 0x00}
	}
	b := make([]byte, max(size, len(head)+trailerLen))
	for i := copy(b, head); i < len(b); i++ {
		b[i] = byte(1 + rand.IntN(255)) //nolint:gosec // filler
	}
	return b
}

func newPublisher(ctx context.Context, c *client, stream string) (*publisher, error) {
	pc, err := c.connection()
	if err != nil {
		return nil, err
	}
	p := &publisher{client: c, pc: pc}
	if err := p.connect(ctx, stream); err != nil {
		_ = pc.Close()
		return nil, err
	}
	return p, nil
}

func (p *publisher) connect(ctx context.Context, stream string) (err error) {
	mime := webrtc.MimeTypeVP8
	if p.client.o.H264 {
		mime = webrtc.MimeTypeH264
	}
	if p.video, err = p.add(mime, "video", stream); err != nil {
		return err
	}
	if p.client.o.Audio {
		if p.sound, err = p.add(webrtc.MimeTypeOpus, "audio", stream); err != nil {
			return err
		}
	}
	up := make(chan struct{}, 1)
	p.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			select {
			case up <- struct{}{}:
			default:
			}
		}
	})
	o := p.client.o
	if p.session, _, err = p.client.negotiate(ctx, p.pc, o.endpoint(o.WHIP, stream), o.tokenOf(stream, 0)); err != nil {
		return err
	}
	limit := time.NewTimer(o.JoinLimit)
	defer limit.Stop()
	select {
	case <-up:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-limit.C:
		return errors.New("did not connect in time")
	}
}

func (p *publisher) add(mime, id, stream string) (*webrtc.TrackLocalStaticRTP, error) {
	t, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: mime}, id, stream)
	if err != nil {
		return nil, err
	}
	tr, err := p.pc.AddTransceiverFromTrack(t, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return nil, err
	}
	go p.listen(tr.Sender()) // ends with the connection
	return t, nil
}

func (p *publisher) listen(s *webrtc.RTPSender) {
	for {
		pkts, _, err := s.ReadRTCP()
		if err != nil {
			return
		}
		for _, pkt := range pkts {
			switch pkt.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				p.plis.Add(1)
				p.key.Store(true)
			}
		}
	}
}

// run sends frames until ctx ends.
func (p *publisher) run(ctx context.Context, phase time.Duration) {
	if pause(ctx, phase) != nil {
		return
	}
	o := p.client.o
	if p.sound != nil {
		go p.runAudio(ctx)
	}
	var pay rtp.Payloader = &codecs.VP8Payloader{EnablePictureID: true}
	if o.H264 {
		pay = &codecs.H264Payloader{}
	}
	pk := rtp.NewPacketizer(1200, 0, 0, pay, rtp.NewRandomSequencer(), 90000)
	size := o.Bitrate / 8 / o.FPS
	key, delta := o.frame(size, true), o.frame(size, false)
	tick := time.NewTicker(time.Second / time.Duration(o.FPS))
	defer tick.Stop()
	for n := uint32(0); ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		f := delta
		if p.key.Swap(false) || n%uint32(o.GOP) == 0 {
			f = key
		}
		putTrailer(f[len(f)-trailerLen:], n)
		for _, pkt := range pk.Packetize(f, uint32(90000/o.FPS)) {
			if p.video.WriteRTP(pkt) != nil {
				return
			}
			p.packets.Add(1)
		}
	}
}

func (p *publisher) runAudio(ctx context.Context) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	pkt := &rtp.Packet{Header: rtp.Header{Version: 2}, Payload: append([]byte{0xfc}, make([]byte, 79)...)}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		pkt.SequenceNumber++
		pkt.Timestamp += 960
		if p.sound.WriteRTP(pkt) != nil {
			return
		}
		p.packets.Add(1)
	}
}
