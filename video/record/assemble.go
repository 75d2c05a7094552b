package record

import (
	"github.com/pion/rtp/codecs"
)

// assembler joins the packets of a source, which come in order, to frames. A
// frame of which a packet is missing is never handed over.
type assembler struct {
	codec    Codec
	buf      []byte // payloads of the open frame, one after another
	ends     []int
	ts       uint32
	open     bool
	doubt    bool // of the open frame: it follows a loss
	doubtful bool // packets before this one are missing: the frame may have begun in them
	out      func(f mediaFrame, ts uint32)
	broken   func(lost int, bad bool) // media are missing from here on
}

// add takes the next packet and the number of those missing before it.
func (a *assembler) add(p packet, lost int) {
	if lost > 0 {
		a.drop()
		a.doubtful = true
		a.broken(lost, false)
	}
	if len(p.payload) == 0 { // padding, sent to probe the bandwidth
		return
	}
	if a.codec == Opus {
		a.opus(p)
		return
	}
	if a.open && p.ts != a.ts { // the sender sets no marker
		a.complete()
	}
	if !a.open {
		if !a.starts(p.payload) {
			if !a.doubtful {
				a.broken(0, true)
			}
			a.doubtful = true
			return
		}
		a.open, a.ts, a.doubt = true, p.ts, a.doubtful
	}
	a.doubtful = false
	if len(a.buf)+len(p.payload) > frameBytes {
		a.drop()
		a.doubtful = true
		a.broken(0, true)
		return
	}
	a.buf = append(a.buf, p.payload...)
	a.ends = append(a.ends, len(a.buf))
	if p.marker {
		a.complete()
	}
}

func (a *assembler) drop() {
	a.open, a.buf, a.ends = false, a.buf[:0], a.ends[:0]
}

func (a *assembler) complete() {
	payloads := make([][]byte, len(a.ends))
	start := 0
	for i, end := range a.ends {
		payloads[i] = a.buf[start:end]
		start = end
	}
	f, err := a.frame(payloads)
	ts := a.ts
	a.drop()
	if err != nil {
		a.broken(0, true)
		return
	}
	f.doubt = a.doubt
	a.out(f, ts)
}

func (a *assembler) frame(payloads [][]byte) (mediaFrame, error) {
	if a.codec == H264 {
		return h264Frame(payloads)
	}
	return vp8Frame(payloads)
}

func (a *assembler) starts(p []byte) bool {
	if a.codec == H264 {
		return h264Starts(p)
	}
	return (&codecs.VP8Packet{}).IsPartitionHead(p)
}

func (a *assembler) opus(p packet) {
	dur, ok := opusTicks(p.payload)
	if !ok {
		a.broken(0, true)
		return
	}
	a.out(mediaFrame{key: true, dur: dur, data: append([]byte(nil), p.payload...)}, p.ts)
}

// vp8Frame joins the payloads of one picture (RFC 7741) and reads the size of a
// key frame (RFC 6386 §9.1).
func vp8Frame(payloads [][]byte) (f mediaFrame, err error) {
	var pkt codecs.VP8Packet
	size := 0
	for _, p := range payloads {
		size += len(p)
	}
	f.data = make([]byte, 0, size)
	for i, p := range payloads {
		b, err := pkt.Unmarshal(p)
		if err != nil {
			return f, errPayload
		}
		if i > 0 && pkt.S == 1 && pkt.PID == 0 { // a second picture under the same time
			return f, errPayload
		}
		f.data = append(f.data, b...)
	}
	if len(f.data) < 3 {
		return f, errPayload
	}
	if f.key = f.data[0]&1 == 0; !f.key {
		return f, nil
	}
	d := f.data
	if len(d) < 10 || d[3] != 0x9d || d[4] != 0x01 || d[5] != 0x2a {
		return f, errPayload
	}
	f.config = &videoConfig{width: int(d[6]) | int(d[7]&0x3f)<<8, height: int(d[8]) | int(d[9]&0x3f)<<8}
	if f.config.width == 0 || f.config.height == 0 {
		return f, errPayload
	}
	return f, nil
}

// opusTicks is the length of an Opus packet at 48 kHz (RFC 6716 §3.1, §3.2).
func opusTicks(p []byte) (int64, bool) {
	toc := p[0]
	var frame int64
	switch c := toc >> 3; {
	case c < 12: // SILK
		frame = [4]int64{480, 960, 1920, 2880}[c&3]
	case c < 16: // hybrid
		frame = [2]int64{480, 960}[c&1]
	default: // CELT
		frame = [4]int64{120, 240, 480, 960}[c&3]
	}
	n := int64(1)
	switch toc & 3 {
	case 1:
		if len(p)%2 == 0 { // two equal halves after the first byte
			return 0, false
		}
		n = 2
	case 2:
		if len(p) < 2 {
			return 0, false
		}
		n = 2
	case 3:
		if len(p) < 2 {
			return 0, false
		}
		n = int64(p[1] & 0x3f)
	}
	return n * frame, n > 0 && n*frame <= 5760 // 120 ms
}
