package record

import (
	"encoding/binary"
	"errors"
)

// H264 by RFC 6184, packetization mode 1: single NAL units, STAP-A and FU-A.

const (
	nalSlice  = 1
	nalIDR    = 5
	nalSPS    = 7
	nalPPS    = 8
	nalAUD    = 9
	nalFiller = 12
	nalSTAPA  = 24
	nalFUA    = 28
)

var errPayload = errors.New("not a payload of this codec")

// h264Starts reports whether a payload can be the first of a picture.
func h264Starts(p []byte) bool {
	return len(p) > 1 && (p[0]&0x1f != nalFUA || p[1]&0x80 != 0)
}

// h264Frame joins the payloads of one access unit to length-prefixed NAL units.
func h264Frame(payloads [][]byte) (f mediaFrame, err error) {
	var out []byte
	cfg := &videoConfig{}
	picture, open := false, -1 // open: where the NAL unit begun by an FU-A starts
	add := func(n []byte) {
		switch n[0] & 0x1f {
		case nalAUD, nalFiller:
			return
		case nalSPS:
			cfg.sps = append([]byte(nil), n...)
		case nalPPS:
			cfg.pps = append([]byte(nil), n...)
		case nalIDR:
			f.key, picture = true, true
		case nalSlice:
			picture = true
		}
		out = binary.BigEndian.AppendUint32(out, uint32(len(n)))
		out = append(out, n...)
	}
	for _, p := range payloads {
		if len(p) < 2 {
			return f, errPayload
		}
		switch t := p[0] & 0x1f; {
		case t == nalFUA:
			if out, open, err = fuA(out, open, p); err != nil {
				return f, err
			}
			if t := p[1] & 0x1f; p[1]&0x40 != 0 {
				f.key = f.key || t == nalIDR
				picture = picture || t == nalIDR || t == nalSlice
			}
		case open >= 0:
			return f, errPayload
		case t == nalSTAPA:
			if err := stapA(p[1:], add); err != nil {
				return f, err
			}
		case t > 0 && t < nalSTAPA:
			add(p)
		default:
			return f, errPayload
		}
	}
	if open >= 0 || !picture && cfg.sps == nil && cfg.pps == nil {
		return f, errPayload
	}
	f.data = out
	if cfg.sps != nil || cfg.pps != nil {
		f.config = cfg
	}
	if !picture {
		f.data = nil // parameter sets alone: they are kept, no sample is made
	}
	return f, nil
}

// fuA adds one fragment of a NAL unit.
func fuA(out []byte, open int, p []byte) ([]byte, int, error) {
	start, end := p[1]&0x80 != 0, p[1]&0x40 != 0
	if start == (open >= 0) || start && end || len(p) < 3 {
		return out, open, errPayload
	}
	if t := p[1] & 0x1f; t == 0 || t >= nalSTAPA || t == nalSPS || t == nalPPS {
		return out, open, errPayload // parameter sets never need fragments
	}
	if start {
		open = len(out)
		out = append(out, 0, 0, 0, 0, p[0]&0x60|p[1]&0x1f)
	}
	out = append(out, p[2:]...)
	if end {
		binary.BigEndian.PutUint32(out[open:], uint32(len(out)-open-4))
		open = -1
	}
	return out, open, nil
}

func stapA(p []byte, add func([]byte)) error {
	for len(p) > 0 {
		if len(p) < 3 {
			return errPayload
		}
		n := int(binary.BigEndian.Uint16(p))
		if n == 0 || n > len(p)-2 {
			return errPayload
		}
		if t := p[2] & 0x1f; t == 0 || t >= nalSTAPA {
			return errPayload
		}
		add(p[2 : 2+n])
		p = p[2+n:]
	}
	return nil
}

// spsSize reads the picture size in pixels from a sequence parameter set
// (ITU-T H.264 §7.3.2.1.1).
func spsSize(sps []byte) (width, height int, ok bool) {
	if len(sps) < 4 {
		return 0, 0, false
	}
	r := bitReader{b: unescape(sps[1:])}
	profile := r.bits(8)
	r.bits(16) // constraints and level
	r.ue()     // id
	chroma := uint32(1)
	switch profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128:
		chroma = r.high()
	}
	r.ue() // log2_max_frame_num
	switch r.ue() {
	case 0:
		r.ue()
	case 1:
		r.bits(1)
		r.ue()
		r.ue()
		n := r.ue()
		for i := uint32(0); i < n && i < 256; i++ {
			r.ue()
		}
	}
	r.ue()    // reference frames
	r.bits(1) // gaps allowed
	w, h := r.ue()+1, r.ue()+1
	frames := r.bits(1)
	if frames == 0 {
		r.bits(1)
	}
	r.bits(1)
	width, height = int(w)*16, int(h)*16*int(2-frames)
	if r.bits(1) == 1 { // cropping
		cx, cy := 1, int(2-frames)
		if chroma == 1 || chroma == 2 {
			cx = 2
		}
		if chroma == 1 {
			cy *= 2
		}
		left, right, top, bottom := r.ue(), r.ue(), r.ue(), r.ue()
		width -= cx * int(left+right)
		height -= cy * int(top+bottom)
	}
	ok = !r.short && w <= 1024 && h <= 1024 && width > 0 && height > 0
	return width, height, ok
}

// high skips the part of a parameter set that only high profiles have.
func (r *bitReader) high() (chroma uint32) {
	if chroma = r.ue(); chroma == 3 {
		r.bits(1)
	}
	r.ue()
	r.ue()
	r.bits(1)
	if r.bits(1) == 0 {
		return chroma
	}
	lists := 8
	if chroma == 3 {
		lists = 12
	}
	for i := range lists {
		if r.bits(1) == 0 {
			continue
		}
		size := 16
		if i >= 6 {
			size = 64
		}
		last, next := 8, 8
		for range size {
			if next != 0 {
				next = (last + r.se() + 256) & 255
			}
			if next != 0 {
				last = next
			}
		}
	}
	return chroma
}

// unescape removes the emulation prevention bytes (§7.4.1).
func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	zeros := 0
	for _, c := range b {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		zeros++
		if c != 0 {
			zeros = 0
		}
		out = append(out, c)
	}
	return out
}

// bitReader reads bits and Exp-Golomb numbers; short says that there were too few.
type bitReader struct {
	b     []byte
	pos   int
	short bool
}

func (r *bitReader) bits(n int) (v uint32) {
	for range n {
		i := r.pos >> 3
		if i >= len(r.b) {
			r.short = true
			return 0
		}
		v = v<<1 | uint32(r.b[i]>>(7-r.pos&7)&1)
		r.pos++
	}
	return v
}

func (r *bitReader) ue() uint32 {
	n := 0
	for r.bits(1) == 0 {
		if n++; n > 31 || r.short {
			r.short = true
			return 0
		}
	}
	return 1<<n - 1 + r.bits(n)
}

func (r *bitReader) se() int {
	v := int(r.ue())
	if v&1 == 1 {
		return (v + 1) / 2
	}
	return -v / 2
}
