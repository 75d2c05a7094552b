package record

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"
)

// whole is a file to be made: a head with an index and, byte by byte, all
// segments of one container.
type whole struct {
	container Container
	segments  []segmentLine
	tracks    []initTrack
	head      []byte
	size      int64
	start     time.Time
	duration  int64 // ms
}

// point is a place to which a player can jump.
type point struct {
	offset int64 // of the fragment, from the first byte after the head
	ticks  int64
	key    bool
}

// newWhole plans a file; nil if no segment of that container has media.
func newWhole(m *manifest, c Container, tables *[2]*sampleTable) (*whole, error) {
	w := &whole{container: c, start: m.Start}
	media := false
	body := int64(0)
	for i := range m.Segments {
		s := &m.Segments[i]
		if s.Head.Container != c {
			continue
		}
		w.segments = append(w.segments, *s)
		body += s.Size
		for _, f := range s.Head.Fragments {
			media = true
			w.duration = max(w.duration, f.To)
		}
	}
	if !media {
		return nil, nil //nolint:nilnil // nothing of this kind is no error
	}
	var err error
	if w.tracks, err = trackInits(w.segments); err != nil {
		return nil, err
	}
	if c == WebM {
		w.head = w.webmHead(w.points(), body)
	} else if w.head, err = w.mp4Head(tables, body); err != nil {
		return nil, err
	}
	w.size = int64(len(w.head)) + body
	return w, nil
}

// ticks is the rate of the track that is indexed: the video if there is one.
func (w *whole) ticks() int64 { return w.tracks[0].codec.rate() }

// points are the fragments that begin with a key frame (for sound alone, one in
// five seconds); the first fragment is always one.
func (w *whole) points() []point {
	const maxPoints = 60000
	video := w.tracks[0].codec != Opus
	gap := int64(0)
	if !video {
		gap = 5000
	}
	var out []point
	for pass := 0; pass == 0 || len(out) > maxPoints; pass++ {
		out = nil
		last, offset := int64(-1), int64(0)
		for i := range w.segments {
			s := &w.segments[i]
			offset += int64(s.Skip)
			for _, f := range s.Head.Fragments {
				p := point{offset: offset, key: f.Key || !video, ticks: scale(f.From, 1000, w.ticks())}
				if video && f.Video >= 0 {
					p.ticks = f.Video
				} else if !video && f.Audio >= 0 {
					p.ticks = f.Audio
				}
				if last < 0 || p.key && f.From-last >= gap {
					out = append(out, p)
					last = f.From
				}
				offset += int64(f.Size)
			}
		}
		gap = max(1000, 2*gap)
	}
	return out
}

// mp4Head is ftyp, moov with all tables, and the beginning of one large mdat
// that holds the segments.
func (w *whole) mp4Head(tables *[2]*sampleTable, body int64) ([]byte, error) {
	end := uint64(0)
	for _, t := range w.tracks {
		if len(tables[t.id-1].sizes) == 0 {
			return nil, fail(ReasonCorrupt, w.segments[0].Key, errors.New("a track without samples"))
		}
		end = max(end, tables[t.id-1].movieTime(t.codec))
	}
	var b []byte
	for pass := range 2 {
		b = box(mp4Type(), "moov", func(b []byte) []byte {
			b = mp4Movie(b, w.start, end)
			for _, t := range w.tracks {
				b = mp4Track(b, t, w.start, tables[t.id-1])
			}
			return b
		})
		b = u64(append(u32(b, 1), "mdat"...), uint64(body)+16)
		for _, t := range tables {
			for i := range t.chunks {
				if pass == 0 { // now it is known how long the head is
					t.chunks[i].offset += int64(len(b))
				}
			}
		}
	}
	return b, nil
}

// webmHead is everything before the first cluster. All numbers have a fixed
// length, so that positions can be filled in on a second pass.
func (w *whole) webmHead(points []point, body int64) []byte {
	start := ebmlHeader()
	var inner []byte
	var positions [3]uint64
	clusters := uint64(0)
	for range 2 {
		inner = ebmlMaster(nil, idSeekHead, func(b []byte) []byte {
			for i, id := range [3]uint32{idInfo, idTracks, idCues} {
				b = ebmlMaster(b, 0x4dbb, func(b []byte) []byte {
					b = binary.BigEndian.AppendUint32(ebmlSize4(ebmlID(b, 0x53ab), 4), id)
					return ebmlUint(b, 0x53ac, positions[i])
				})
			}
			return b
		})
		positions[0] = uint64(len(inner))
		inner = webmInfo(inner, w.start, w.duration)
		positions[1] = uint64(len(inner))
		inner = webmTracks(inner, w.tracks)
		positions[2] = uint64(len(inner))
		inner = ebmlMaster(inner, idCues, func(b []byte) []byte {
			for _, p := range points {
				b = ebmlMaster(b, 0xbb, func(b []byte) []byte {
					b = ebmlUint(b, 0xb3, uint64(roundMillis(p.ticks, w.ticks())))
					return ebmlMaster(b, 0xb7, func(b []byte) []byte {
						b = ebmlUint(b, 0xf7, uint64(w.tracks[0].id))
						return ebmlUint(b, 0xf1, clusters+uint64(p.offset))
					})
				})
			}
			return b
		})
		clusters = uint64(len(inner))
	}
	start = ebmlSize8(ebmlID(start, idSegment), len(inner)+int(body))
	return append(start, inner...)
}

// join stores the file.
func (f *finisher) join(ctx context.Context, w *whole, key string, h Hash) (*fileLine, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	j := &joiner{ctx: ctx, f: f, w: w, hash: h, sum: h.New()}
	defer j.close()
	if err := f.cfg.Sink.Put(ctx, key, j, w.size); err != nil {
		if j.err != nil && !errors.Is(j.err, io.EOF) {
			return nil, j.err
		}
		return nil, fail(ReasonStorage, key, err)
	}
	if j.n != w.size {
		return nil, fail(ReasonStorage, key, fmt.Errorf("%d of %d bytes were taken", j.n, w.size))
	}
	return &fileLine{
		Key: key, Container: w.container, Size: w.size, Digest: hex.EncodeToString(j.sum.Sum(nil)),
		Start: w.start, Duration: w.duration, Segments: len(w.segments),
	}, nil
}

// joiner reads the head and then one segment after the other, each verified
// again: a segment that changed ends it before its last block is handed over.
type joiner struct {
	ctx  context.Context
	f    *finisher
	w    *whole
	hash Hash
	sum  hash.Hash // of everything
	n    int64
	err  error // the first, for ever

	head bool // handed over
	i    int  // the next segment
	r    io.ReadCloser
	cur  hash.Hash
	left int64
	rest []byte // of the head
}

func (j *joiner) Read(p []byte) (int, error) {
	if !j.head {
		j.head, j.rest = true, j.w.head
	}
	for j.err == nil && len(p) > 0 {
		n := 0
		if len(j.rest) > 0 {
			n = copy(p, j.rest)
			j.rest = j.rest[n:]
		} else if n, j.err = j.segment(p); n == 0 {
			continue
		}
		j.sum.Write(p[:n])
		j.n += int64(n)
		return n, nil
	}
	return 0, j.err
}

// segment reads on in the open segment, or opens the next.
func (j *joiner) segment(p []byte) (int, error) {
	if j.r == nil {
		if j.i == len(j.w.segments) {
			return 0, io.EOF
		}
		r, err := j.f.cfg.Sink.Get(j.ctx, j.w.segments[j.i].Key)
		if err != nil {
			return 0, fail(ReasonStorage, j.w.segments[j.i].Key, err)
		}
		j.r, j.cur, j.left = r, j.hash.New(), j.w.segments[j.i].Size
	}
	s := &j.w.segments[j.i]
	n, err := j.r.Read(p[:min(int64(len(p)), j.left)])
	j.cur.Write(p[:n])
	j.left -= int64(n)
	switch {
	case j.left == 0:
		var more [1]byte
		if k, _ := io.ReadFull(j.r, more[:]); k > 0 || hex.EncodeToString(j.cur.Sum(nil)) != s.Digest {
			return 0, fail(ReasonCorrupt, s.Key, errors.New("changed since it was verified"))
		}
		j.close()
		j.i++
		j.f.step(1)
		return n, nil
	case errors.Is(err, io.EOF):
		return 0, fail(ReasonCorrupt, s.Key, io.ErrUnexpectedEOF)
	case err != nil:
		return 0, fail(ReasonStorage, s.Key, err)
	}
	return n, nil
}

func (j *joiner) close() {
	if j.r != nil {
		_ = j.r.Close()
		j.r = nil
	}
}
