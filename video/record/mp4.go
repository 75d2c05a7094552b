package record

import (
	"encoding/binary"
	"time"
)

// Fragmented MP4 by ISO/IEC 14496-12, H264 in it by 14496-15, Opus by the
// "Encapsulation of Opus in ISO Base Media File Format". Written here because
// these few boxes are all that is needed.

// initTrack is what the head of a file says of a track.
type initTrack struct {
	id     uint32
	codec  Codec
	config videoConfig
	inband bool // H264: other parameter sets may come inside (avc3)
}

func (s *stream) initTrack() initTrack {
	t := initTrack{id: s.kind.trackID(), codec: s.codec, inband: true}
	if s.config != nil {
		t.config = *s.config
	}
	return t
}

// box appends a box whose content f appends.
func box(b []byte, name string, f func(b []byte) []byte) []byte {
	start := len(b)
	b = append(b, 0, 0, 0, 0)
	b = f(append(b, name...))
	binary.BigEndian.PutUint32(b[start:], uint32(len(b)-start))
	return b
}

// full appends a full box.
func full(b []byte, name string, version byte, flags uint32, f func(b []byte) []byte) []byte {
	return box(b, name, func(b []byte) []byte {
		return f(u32(b, uint32(version)<<24|flags))
	})
}

func u16(b []byte, v uint16) []byte { return binary.BigEndian.AppendUint16(b, v) }
func u32(b []byte, v uint32) []byte { return binary.BigEndian.AppendUint32(b, v) }
func u64(b []byte, v uint64) []byte { return binary.BigEndian.AppendUint64(b, v) }
func zero(b []byte, n int) []byte   { return append(b, make([]byte, n)...) }
func matrix(b []byte) []byte {
	for _, v := range [9]uint32{0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000} {
		b = u32(b, v)
	}
	return b
}

// mp4Time is seconds since 1904.
func mp4Time(t time.Time) uint64 { return uint64(t.Unix() + 2082844800) }

// mp4Scale is the movie's clock: ticks a second.
const mp4Scale = 90000

func mp4Type() []byte {
	return box(nil, "ftyp", func(b []byte) []byte {
		return append(u32(append(b, "iso6"...), 0), "iso6iso5avc1mp41"...)
	})
}

// mp4Init makes ftyp and moov of a file to which fragments may be appended.
func mp4Init(tracks []initTrack, start time.Time) []byte {
	return box(mp4Type(), "moov", func(b []byte) []byte {
		b = mp4Movie(b, start, 0)
		for _, t := range tracks {
			b = mp4Track(b, t, start, nil)
		}
		return box(b, "mvex", func(b []byte) []byte {
			for _, t := range tracks {
				b = full(b, "trex", 0, 0, func(b []byte) []byte { return zero(u32(u32(b, t.id), 1), 12) })
			}
			return b
		})
	})
}

func mp4Movie(b []byte, start time.Time, duration uint64) []byte {
	return full(b, "mvhd", 1, 0, func(b []byte) []byte {
		b = u64(u64(b, mp4Time(start)), mp4Time(start))
		b = u64(u32(b, mp4Scale), duration)
		b = u32(b, 0x10000)
		b = zero(u16(b, 0x100), 10)
		return u32(zero(matrix(b), 24), 3)
	})
}

// mp4Track writes a track; table is nil where fragments say what is in it.
func mp4Track(b []byte, t initTrack, start time.Time, table *sampleTable) []byte {
	video := t.codec != Opus
	return box(b, "trak", func(b []byte) []byte {
		b = full(b, "tkhd", 1, 3, func(b []byte) []byte {
			b = u64(u64(b, mp4Time(start)), mp4Time(start))
			b = zero(u64(u32(u32(b, t.id), 0), table.movieTime(t.codec)), 12)
			if video {
				b = zero(b, 4)
			} else {
				b = zero(u16(b, 0x100), 2)
			}
			return u32(u32(matrix(b), uint32(t.config.width)<<16), uint32(t.config.height)<<16)
		})
		b = table.edits(b, t.codec)
		return box(b, "mdia", func(b []byte) []byte {
			b = full(b, "mdhd", 1, 0, func(b []byte) []byte {
				b = u64(u64(b, mp4Time(start)), mp4Time(start))
				b = u64(u32(b, uint32(t.codec.rate())), table.length())
				return u16(u16(b, 0x55c4), 0) // "und"
			})
			handler, header := "soun", func(b []byte) []byte {
				return full(b, "smhd", 0, 0, func(b []byte) []byte { return zero(b, 4) })
			}
			if video {
				handler, header = "vide", func(b []byte) []byte {
					return full(b, "vmhd", 0, 1, func(b []byte) []byte { return zero(b, 8) })
				}
			}
			b = full(b, "hdlr", 0, 0, func(b []byte) []byte {
				return append(zero(append(u32(b, 0), handler...), 12), "record\x00"...)
			})
			return box(b, "minf", func(b []byte) []byte {
				b = header(b)
				b = box(b, "dinf", func(b []byte) []byte {
					return full(b, "dref", 0, 0, func(b []byte) []byte {
						return full(u32(b, 1), "url ", 0, 1, func(b []byte) []byte { return b })
					})
				})
				return box(b, "stbl", func(b []byte) []byte {
					b = full(b, "stsd", 0, 0, func(b []byte) []byte {
						b = u32(b, 1)
						if t.codec == Opus {
							return mp4Opus(b)
						}
						return mp4H264(b, t)
					})
					return table.boxes(b, video)
				})
			})
		})
	})
}

func mp4Opus(b []byte) []byte {
	return box(b, "Opus", func(b []byte) []byte {
		b = zero(u16(zero(b, 6), 1), 8)
		b = u32(zero(u16(u16(b, 2), 16), 4), 48000<<16)
		return box(b, "dOps", func(b []byte) []byte {
			b = append(b, 0, 2)                   // version, channels
			return zero(u32(u16(b, 0), 48000), 3) // nothing is skipped: a call has no beginning
		})
	})
}

func mp4H264(b []byte, t initTrack) []byte {
	name := "avc1"
	if t.inband {
		name = "avc3"
	}
	return box(b, name, func(b []byte) []byte {
		b = zero(u16(zero(b, 6), 1), 16)
		b = u16(u16(b, uint16(t.config.width)), uint16(t.config.height))
		b = u32(u32(b, 0x480000), 0x480000)
		b = zero(u16(zero(b, 4), 1), 32)
		b = u16(u16(b, 24), 0xffff)
		return box(b, "avcC", func(b []byte) []byte {
			sps, pps := t.config.sps, t.config.pps
			b = append(b, 1, sps[1], sps[2], sps[3], 0xff, 0xe1)
			b = append(u16(b, uint16(len(sps))), sps...)
			b = append(u16(append(b, 1), uint16(len(pps))), pps...)
			if p := sps[1]; p == 100 || p == 110 || p == 122 || p == 144 {
				b = append(b, 0xfd, 0xf8, 0xf8, 0) // 4:2:0, 8 bits: what browsers send
			}
			return b
		})
	})
}

// avcSets are parameter sets as the beginning of a sample.
func avcSets(c *videoConfig) []byte {
	b := append(u32(nil, uint32(len(c.sps))), c.sps...)
	return append(u32(b, uint32(len(c.pps))), c.pps...)
}

const (
	sampleSync  = 0x02000000 // depends on no other
	sampleDelta = 0x01010000
)

// appendFragment appends moof and mdat.
func appendFragment(b []byte, seq uint32, v, a []mediaFrame) []byte {
	moof := len(b)
	var offsets [2]int // where the data offsets stand
	b = box(b, "moof", func(b []byte) []byte {
		b = full(b, "mfhd", 0, 0, func(b []byte) []byte { return u32(b, seq) })
		for slot, fs := range [2][]mediaFrame{v, a} {
			if len(fs) == 0 {
				continue
			}
			b = box(b, "traf", func(b []byte) []byte {
				b = full(b, "tfhd", 0, 0x020000, func(b []byte) []byte { return u32(b, uint32(slot)+1) })
				b = full(b, "tfdt", 1, 0, func(b []byte) []byte { return u64(b, uint64(fs[0].at)) })
				return full(b, "trun", 0, 0x701, func(b []byte) []byte {
					b = u32(b, uint32(len(fs)))
					offsets[slot] = len(b)
					b = zero(b, 4)
					for _, f := range fs {
						flags := uint32(sampleDelta)
						if f.key {
							flags = sampleSync
						}
						b = u32(u32(u32(b, uint32(f.dur)), uint32(len(f.data))), flags)
					}
					return b
				})
			})
		}
		return b
	})
	return box(b, "mdat", func(b []byte) []byte {
		for slot, fs := range [2][]mediaFrame{v, a} {
			if len(fs) > 0 {
				binary.BigEndian.PutUint32(b[offsets[slot]:], uint32(len(b)-moof))
			}
			for _, f := range fs {
				b = append(b, f.data...)
			}
		}
		return b
	})
}
