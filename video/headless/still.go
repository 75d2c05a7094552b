package headless

import (
	"bytes"
	"context"
	"fmt"
	"image"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"golang.org/x/image/vp8"
)

// assembly puts the packets of one VP8 track together, as far as they are key
// frames; the others are dropped.
type assembly struct {
	frame []byte // begun and not whole; nil between key frames
	next  uint16 // sequence number that goes on with it
}

// add takes the next packet and returns a key frame when it is whole.
func (a *assembly) add(p *rtp.Packet) []byte {
	var vp codecs.VP8Packet
	part, err := vp.Unmarshal(p.Payload)
	if err != nil || len(part) == 0 {
		a.frame = nil
		return nil
	}
	switch begins := vp.S == 1 && vp.PID == 0; {
	case begins && part[0]&1 == 0: // RFC 6386, 9.1: a key frame
		a.frame = bytes.Clone(part)
	case begins || a.frame == nil || p.SequenceNumber != a.next:
		a.frame = nil
		return nil
	default:
		a.frame = append(a.frame, part...)
	}
	a.next = p.SequenceNumber + 1
	if !p.Marker {
		return nil
	}
	whole := a.frame
	a.frame = nil
	return whole
}

// Still waits for a picture of a publication ("p2/camera") as it came over the
// wire. Only VP8 can be looked at.
func (p *Peer) Still(ctx context.Context, publication string) (image.Image, error) {
	var key []byte
	err := p.until(ctx, "a picture of "+publication, func() bool {
		key = p.keys[publication]
		return key != nil
	})
	if err != nil {
		return nil, err
	}
	d := vp8.NewDecoder()
	d.Init(bytes.NewReader(key), len(key))
	if _, err := d.DecodeFrameHeader(); err != nil {
		return nil, fmt.Errorf("picture of %s: %w", publication, err)
	}
	img, err := d.DecodeFrame()
	if err != nil {
		return nil, fmt.Errorf("picture of %s: %w", publication, err)
	}
	return img, nil
}
