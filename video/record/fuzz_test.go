package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// FuzzPackets gives a recorder whatever packets and reports: it must neither
// panic nor keep much, and what it stored must still make a file.
func FuzzPackets(f *testing.F) {
	for c := VP8; c <= Opus; c++ {
		var b []byte
		for i, p := range smallPayloads(c) {
			b = append(b, byte(i&3), 40, 0, byte(len(p)>>8), byte(len(p)))
			b = append(b, p...)
		}
		f.Add(byte(c), b)
	}
	f.Add(byte(H264), []byte{0, 0, 0, 0, 3, 24, 0, 0, 1, 1, 1, 0, 2, 28, 0x80})
	f.Fuzz(func(t *testing.T, codec byte, b []byte) {
		c := Codec(codec%3) + VP8
		k := Camera
		if c == Opus {
			k = Mic
		}
		m := &memory{}
		synctest.Test(t, func(t *testing.T) {
			r, err := Start(t.Context(), Config{Prefix: "p", Sink: m, Video: c})
			if err != nil {
				t.Fatal(err)
			}
			if err := r.AddTrack(k, c); err != nil {
				t.Fatal(err)
			}
			seq, ts := uint16(65530), uint32(1<<32-5000)
			for len(b) >= 5 {
				step, jump, mark := b[0], b[1], b[2]
				n := min(int(binary.BigEndian.Uint16(b[3:])), len(b)-5)
				seq += 1 + uint16(step&8)<<uint(step>>5)
				ts += uint32(jump) << (jump & 31)
				p := rtp.Packet{Header: rtp.Header{SSRC: uint32(mark >> 6), SequenceNumber: seq, Timestamp: ts, Marker: mark&1 == 0}, Payload: b[5 : 5+n]}
				if mark&6 == 6 {
					r.WriteReport(k, &rtcp.SenderReport{SSRC: p.SSRC, RTPTime: ts, NTPTime: uint64(jump) << 56}, time.Now())
				}
				r.WriteRTP(k, &p, time.Now())
				b = b[5+n:]
				<-time.After(time.Duration(step) * 3 * time.Millisecond)
			}
			if err := r.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
		if _, err := Finish(t.Context(), FinishConfig{Prefix: "p", Sink: m}); err != nil && m.puts > 1 && !errors.Is(err, &Error{Reason: ReasonNothing}) {
			t.Errorf("what was recorded makes no file: %v", err)
		}
	})
}

// smallPayloads are a few packets that are well formed; a decoder would not like
// them. (Workers of the fuzzer start often: they do not run ffmpeg.)
func smallPayloads(c Codec) (out [][]byte) {
	for i := range 6 {
		var p []byte
		switch {
		case c == Opus:
			p = []byte{0xfc, 1, 2}
		case c == VP8 && i%3 == 0:
			p = []byte{0x10, 0, 0, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xb4, 0, 7}
		case c == VP8:
			p = []byte{0x10, 1, 0, 0, 9}
		case i%3 == 0:
			p = append([]byte{0x78, 0, byte(len(smallSPS))}, smallSPS...)
			p = append(p, 0, 4, 0x68, 0xce, 0x3c, 0x80, 0, 3, 0x65, 0x88, 0x84)
		default:
			p = []byte{0x61, 0x9a, byte(i)}
		}
		out = append(out, p)
	}
	return out
}

var smallSPS = []byte{0x67, 0x42, 0xc0, 0x0d, 0xd9, 0x01, 0x41, 0xfb, 0x01, 0x10, 0, 0, 3, 0, 0x10, 0, 0, 3, 3, 0xc0, 0xf1, 0x42, 0xa4, 0x80}

// FuzzSegment reads whatever object as a segment.
func FuzzSegment(f *testing.F) {
	for _, c := range bothCodecs {
		for _, b := range smallSegments(f, c) {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m := &memory{objects: map[string][]byte{"p/person/000001.mp4": b, "p/person/000001.webm": b}}
		for key := range m.objects {
			tables := &[2]*sampleTable{{}, {}}
			c, err := check(t.Context(), m, stored{1, key}, Person, nil, func(h *rawHead, l fragmentLine, b []byte) error {
				if h.Container == MP4 {
					return readFragment(b, int64(l.Offset), tables)
				}
				return nil
			})
			if err == nil && c.size != int64(len(b)) {
				t.Errorf("%d bytes verified of %d", c.size, len(b))
			}
		}
		if err := readFragment(b, 0, &[2]*sampleTable{{}, {}}); err == nil && len(b) < 100 {
			t.Errorf("a fragment of %d bytes", len(b))
		}
	})
}

// smallSegments are whole ones, of a few frames.
func smallSegments(f testing.TB, c Codec) (out [][]byte) {
	l := &lane{cfg: &Config{Hash: SHA256(), Prefix: "p"}, container: c.container(), fixed: true}
	l.out = func(d *draft) bool {
		b, err := d.seal(1, 0, nil, SHA256())
		if err != nil {
			f.Fatal(err)
		}
		out = append(out, b)
		return true
	}
	s := &stream{lane: l, kind: Camera, codec: c}
	l.streams[0] = s
	s.begin(1, GapStart)
	s.src.ck.byArrival()
	for i, p := range smallPayloads(c) {
		s.src.ro.push(packet{seq: uint16(i), ts: uint32(i) * 3000, marker: true, at: time.Unix(100, 0), payload: p}, s.deliver)
	}
	l.drain()
	l.close(l.cut)
	return out
}

// FuzzManifest reads whatever as a manifest.
func FuzzManifest(f *testing.F) {
	var sink *memory
	synctestless := func(c Codec) {
		sink = &memory{objects: map[string][]byte{"p/person/000001" + c.container().suffix(): smallSegments(f, c)[0]}}
		files, err := Finish(f.Context(), FinishConfig{Prefix: "p", Sink: sink})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(sink.objects[files[0].Manifest])
	}
	for _, c := range bothCodecs {
		synctestless(c)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := readManifest(bytes.NewReader(b), "k")
		if err != nil {
			return
		}
		for _, c := range []Container{MP4, WebM} { // nothing in a manifest may break the planning of a file
			_, _ = newWhole(m, c, &[2]*sampleTable{{}, {}})
		}
	})
}

func FuzzSPS(f *testing.F) {
	f.Add(smallSPS)
	f.Fuzz(func(t *testing.T, b []byte) {
		if w, h, ok := spsSize(b); ok && (w < 1 || h < 1 || w > 1<<14 || h > 1<<15) {
			t.Errorf("%d x %d", w, h)
		}
	})
}
