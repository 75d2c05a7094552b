package video

import (
	"sync"
	"sync/atomic"
	"time"
)

// codec is what a payload is made of.
type codec uint8

const (
	codecNone codec = iota
	codecVP8
	codecH264
	codecOpus
	codecs
)

func (c codec) String() string { return [...]string{"", "vp8", "h264", "opus"}[c] }

func (c codec) clock() uint32 {
	if c == codecOpus {
		return 48000
	}
	return 90000
}

// mtu is the largest RTP packet that is taken; a larger one cannot have come
// through the Internet in one piece.
const mtu = 1500

// packet is one published RTP packet. It is written by the reader of its layer
// before it is handed on and never changed after; whoever keeps it holds a
// reference.
type packet struct {
	refs    atomic.Int32
	class   int8
	data    []byte // the packet as it was received
	payload []byte // part of data, without padding
	arrived time.Duration
	seq     uint16
	ts      uint32
	index   uint64 // the sequence number without wrapping
	marker  bool
	codec   codec
	start   bool // first packet of a frame
	key     bool // first packet of a key frame
	level   uint8
	speech  bool
	vp8     vp8Descriptor
}

// Packets live in pools of three sizes: Opus, the ends of frames, and the rest.
var packetSizes = [...]int{256, 768, mtu}

var packetPools = newPools()

func newPools() *[len(packetSizes)]sync.Pool {
	var p [len(packetSizes)]sync.Pool
	for i := range p {
		p[i].New = func() any { return &packet{class: int8(i), data: make([]byte, packetSizes[i])} }
	}
	return &p
}

// newPacket returns a packet with room for n bytes and one reference.
func newPacket(n int) *packet {
	class := 0
	for packetSizes[class] < n {
		class++
	}
	p := packetPools[class].Get().(*packet) //nolint:forcetypeassert // the pool holds nothing else
	p.data = p.data[:n]
	p.refs.Store(1)
	return p
}

func (p *packet) retain() { p.refs.Add(1) }

func (p *packet) release() {
	if n := p.refs.Add(-1); n == 0 {
		p.reset()
		packetPools[p.class].Put(p)
	} else if n < 0 {
		panic("video: a packet was released twice")
	}
}

// reset clears what the next user must not see.
func (p *packet) reset() {
	p.data, p.payload = p.data[:cap(p.data)], nil
	p.marker, p.start, p.key, p.speech = false, false, false, false
	p.level, p.codec, p.vp8 = 127, codecNone, vp8Descriptor{}
}
