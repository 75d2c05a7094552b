package video

import "encoding/binary"

// vp8Descriptor is what forwarding needs of the payload descriptor of RFC 7741
// §4.2. An offset of 0 says that the field is not there.
type vp8Descriptor struct {
	pictureAt     uint8 // offset of the picture id in the payload
	levelAt       uint8 // offset of TL0PICIDX
	wide          bool  // the picture id has 15 bits, not 7
	picture       uint16
	level         uint8
	width, height uint16 // of a key frame
}

// parseVP8 reads the descriptor. ok is false for a payload that is cut short.
func parseVP8(b []byte) (d vp8Descriptor, start, key, ok bool) {
	if len(b) < 2 {
		return d, false, false, false
	}
	start = b[0]&0x10 != 0 && b[0]&0x07 == 0
	at := 1
	if b[0]&0x80 != 0 {
		ext := b[1]
		at = 2
		if ext&0x80 != 0 {
			if at >= len(b) {
				return d, false, false, false
			}
			d.pictureAt, d.picture = uint8(at), uint16(b[at]&0x7f)
			at++
			if b[at-1]&0x80 != 0 {
				if at >= len(b) {
					return d, false, false, false
				}
				d.wide, d.picture = true, d.picture<<8|uint16(b[at])
				at++
			}
		}
		if ext&0x40 != 0 {
			if at >= len(b) {
				return d, false, false, false
			}
			d.levelAt, d.level = uint8(at), b[at]
			at++
		}
		if ext&0x30 != 0 {
			at++
		}
	}
	if at >= len(b) {
		return d, false, false, false
	}
	key = start && b[at]&1 == 0
	if h := b[at:]; key && len(h) >= 10 && h[3] == 0x9d && h[4] == 0x01 && h[5] == 0x2a {
		d.width = binary.LittleEndian.Uint16(h[6:]) & 0x3fff
		d.height = binary.LittleEndian.Uint16(h[8:]) & 0x3fff
	}
	return d, start, key, true
}

// rewrite puts other numbers into a copy of the payload.
func (d vp8Descriptor) rewrite(b []byte, picture uint16, level uint8) {
	if d.pictureAt != 0 {
		if d.wide {
			b[d.pictureAt] = 0x80 | byte(picture>>8)&0x7f
			b[d.pictureAt+1] = byte(picture)
		} else {
			b[d.pictureAt] = byte(picture) & 0x7f
		}
	}
	if d.levelAt != 0 {
		b[d.levelAt] = level
	}
}

// The NAL unit types of H.264 that matter here (ITU-T H.264 table 7-1, RFC 6184 §5.2).
const (
	nalIDR   = 5
	nalSPS   = 7
	nalSTAPA = 24
	nalFUA   = 28
)

// parseH264 reports whether a payload begins a frame that decodes without
// others: it holds a parameter set or the start of an IDR picture.
func parseH264(b []byte) (key, ok bool) {
	if len(b) < 2 {
		return false, len(b) == 1 && b[0]&0x1f == nalIDR
	}
	switch t := b[0] & 0x1f; t {
	case nalIDR, nalSPS:
		return true, true
	case nalFUA:
		return b[1]&0x80 != 0 && b[1]&0x1f == nalIDR, true
	case nalSTAPA:
		for rest := b[1:]; len(rest) > 2; {
			n := int(binary.BigEndian.Uint16(rest))
			rest = rest[2:]
			if n == 0 || n > len(rest) {
				return false, false
			}
			if u := rest[0] & 0x1f; u == nalIDR || u == nalSPS {
				return true, true
			}
			rest = rest[n:]
		}
		return false, true
	default:
		return false, t != 0
	}
}
