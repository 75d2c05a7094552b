package record

import (
	"encoding/binary"
	"math"
	"time"
)

// WebM (Matroska, RFC 9559) with VP8 and Opus.

const (
	idEBML        = 0x1a45dfa3
	idSegment     = 0x18538067
	idInfo        = 0x1549a966
	idTracks      = 0x1654ae6b
	idCues        = 0x1c53bb6b
	idSeekHead    = 0x114d9b74
	idCluster     = 0x1f43b675
	idTrackEntry  = 0xae
	idSimpleBlock = 0xa3
)

// ebmlID appends an element id, whose length is in its first bits.
func ebmlID(b []byte, id uint32) []byte {
	switch {
	case id > 0xffffff:
		b = append(b, byte(id>>24))
		fallthrough
	case id > 0xffff:
		b = append(b, byte(id>>16))
		fallthrough
	case id > 0xff:
		b = append(b, byte(id>>8))
	}
	return append(b, byte(id))
}

// ebmlSize8 appends a size in eight bytes, ebmlSize4 in four.
func ebmlSize8(b []byte, n int) []byte { return u64(b, 1<<56|uint64(n)) }
func ebmlSize4(b []byte, n int) []byte { return u32(b, 1<<28|uint32(n)) }

func ebmlUint(b []byte, id uint32, v uint64) []byte {
	return u64(append(ebmlID(b, id), 0x88), v)
}

func ebmlFloat(b []byte, id uint32, v float64) []byte {
	return ebmlUint(b, id, math.Float64bits(v))
}

func ebmlString(b []byte, id uint32, s string) []byte {
	return append(ebmlSize4(ebmlID(b, id), len(s)), s...)
}

// ebmlMaster appends an element whose content f appends.
func ebmlMaster(b []byte, id uint32, f func(b []byte) []byte) []byte {
	b = ebmlID(b, id)
	start := len(b)
	b = f(zero(b, 8))
	binary.BigEndian.PutUint64(b[start:], 1<<56|uint64(len(b)-start-8))
	return b
}

func ebmlHeader() []byte {
	return ebmlMaster(nil, idEBML, func(b []byte) []byte {
		b = ebmlUint(b, 0x4286, 1) // version
		b = ebmlUint(b, 0x42f7, 1) // read version
		b = ebmlUint(b, 0x42f2, 4)
		b = ebmlUint(b, 0x42f3, 8)
		b = ebmlString(b, 0x4282, "webm")
		b = ebmlUint(b, 0x4287, 4)
		return ebmlUint(b, 0x4285, 2)
	})
}

// webmInit makes the head of a file whose end is not known: clusters may be
// appended to it.
func webmInit(tracks []initTrack, start time.Time) []byte {
	b := ebmlID(ebmlHeader(), idSegment)
	b = append(b, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	return webmTracks(webmInfo(b, start, 0), tracks)
}

func webmInfo(b []byte, start time.Time, duration int64) []byte {
	return ebmlMaster(b, idInfo, func(b []byte) []byte {
		b = ebmlUint(b, 0x2ad7b1, 1e6) // a tick is a millisecond
		if duration > 0 {
			b = ebmlFloat(b, 0x4489, float64(duration))
		}
		b = ebmlUint(b, 0x4461, uint64(start.Sub(time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC))))
		b = ebmlString(b, 0x4d80, "record")
		return ebmlString(b, 0x5741, "record")
	})
}

func webmTracks(b []byte, tracks []initTrack) []byte {
	return ebmlMaster(b, idTracks, func(b []byte) []byte {
		for _, t := range tracks {
			b = ebmlMaster(b, idTrackEntry, func(b []byte) []byte {
				b = ebmlUint(b, 0xd7, uint64(t.id))
				b = ebmlUint(b, 0x73c5, uint64(t.id))
				b = ebmlUint(b, 0x9c, 0) // no lacing
				if t.codec == Opus {
					return webmOpus(b)
				}
				b = ebmlUint(b, 0x83, 1)
				b = ebmlString(b, 0x86, "V_VP8")
				return ebmlMaster(b, 0xe0, func(b []byte) []byte {
					return ebmlUint(ebmlUint(b, 0xb0, uint64(t.config.width)), 0xba, uint64(t.config.height))
				})
			})
		}
		return b
	})
}

func webmOpus(b []byte) []byte {
	b = ebmlUint(b, 0x83, 2)
	b = ebmlString(b, 0x86, "A_OPUS")
	b = ebmlUint(b, 0x56bb, 80e6) // decode 80 ms before a seek's target
	b = ebmlString(b, 0x63a2, "OpusHead\x01\x02\x00\x00\x80\xbb\x00\x00\x00\x00\x00")
	return ebmlMaster(b, 0xe1, func(b []byte) []byte {
		return ebmlUint(ebmlFloat(b, 0xb5, 48000), 0x9f, 2)
	})
}

// appendCluster appends one cluster, its blocks in order of time.
func appendCluster(b []byte, v, a []mediaFrame) []byte {
	vms := func(i int) int64 { return roundMillis(v[i].at, 90000) }
	ams := func(i int) int64 { return roundMillis(a[i].at, 48000) }
	base := int64(math.MaxInt64)
	if len(v) > 0 {
		base = vms(0)
	}
	if len(a) > 0 {
		base = min(base, ams(0))
	}
	return ebmlMaster(b, idCluster, func(b []byte) []byte {
		b = ebmlUint(b, 0xe7, uint64(base))
		i, j := 0, 0
		for i < len(v) || j < len(a) {
			if j == len(a) || i < len(v) && vms(i) <= ams(j) {
				b = webmBlock(b, 1, vms(i)-base, v[i])
				i++
			} else {
				b = webmBlock(b, 2, ams(j)-base, a[j])
				j++
			}
		}
		return b
	})
}

func roundMillis(ticks, rate int64) int64 { return (ticks*1000 + rate/2) / rate }

func webmBlock(b []byte, track byte, rel int64, f mediaFrame) []byte {
	flags := byte(0)
	if f.key {
		flags = 0x80
	}
	b = ebmlSize4(append(b, idSimpleBlock), len(f.data)+4)
	b = u16(append(b, 0x80|track), uint16(int16(min(rel, math.MaxInt16))))
	return append(append(b, flags), f.data...)
}
