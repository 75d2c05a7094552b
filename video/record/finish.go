package record

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
)

// FinishConfig says which recording is finished. Only Prefix and Sink must be set.
type FinishConfig struct {
	Prefix string
	Sink   Sink
	Hashes []Hash // besides SHA-256, those a segment may name
	// Expect are the segments the chain names, in any order; each must be there
	// with this digest. Without them a recording whose last segments somebody
	// has removed looks like a shorter one.
	Expect []Segment
	// Progress is told how many of the steps are done: two for each segment.
	Progress func(done, total int)
}

// File is one finished file.
type File struct {
	Lane      Lane
	Container Container
	Key       string
	Manifest  string // key
	Size      int64
	Digest    []byte // by the hash of the segments
	Hash      string
	Start     time.Time // hub's time of the file's time 0
	Duration  time.Duration
	Segments  int
}

// Finish makes the playable files of a participant whose recorder has ended,
// also by a crash: one for the person and one for what he shared (one more for
// each if the video codec changed between H264 and VP8). Every segment is
// verified first, and once more while it is copied.
//
// It may be called again at any time, by anybody: what is done is not done
// again, what was interrupted goes on, and segments that came later make new
// files beside the old ones. Nothing is stored when a segment is wrong.
//
// Errors: ReasonNothing, ReasonCorrupt, ReasonBroken, ReasonMissing,
// ReasonHash, ReasonStorage, ReasonTooLarge, ReasonInvalid.
func Finish(ctx context.Context, cfg FinishConfig) ([]File, error) {
	if cfg.Prefix == "" || cfg.Sink == nil {
		return nil, fail(ReasonInvalid, "prefix or sink", nil)
	}
	found, err := look(ctx, cfg.Sink, cfg.Prefix)
	if err != nil {
		return nil, err
	}
	f := &finisher{cfg: cfg, found: found}
	for _, segs := range found.segments {
		f.total += 2 * len(segs)
	}
	for _, e := range cfg.Expect {
		if e.Lane >= lanes || len(found.segments[e.Lane]) == 0 {
			return nil, fail(ReasonMissing, e.Key, nil)
		}
	}
	if f.total == 0 {
		return nil, fail(ReasonNothing, cfg.Prefix, nil)
	}
	var files []File
	for l, segs := range found.segments {
		if len(segs) == 0 {
			continue
		}
		fs, err := f.lane(ctx, Lane(l), segs)
		if err != nil {
			return nil, err
		}
		files = append(files, fs...)
	}
	if len(files) == 0 {
		return nil, fail(ReasonNothing, cfg.Prefix, nil)
	}
	f.step(f.total - f.done)
	return files, nil
}

type finisher struct {
	cfg         FinishConfig
	found       *listing
	done, total int
}

func (f *finisher) step(n int) {
	f.done += n
	if f.cfg.Progress != nil {
		f.cfg.Progress(f.done, f.total)
	}
}

func (f *finisher) lane(ctx context.Context, l Lane, segs []stored) ([]File, error) {
	last := segs[len(segs)-1].n
	name := func(what, suffix string) string {
		return fmt.Sprintf("%s/%s/%s-%06d%s", f.cfg.Prefix, l, what, last, suffix)
	}
	resultKey, manifestKey := name("result", ".json"), name("manifest", ".json")
	if slices.Contains(f.found.done[l], resultKey) && slices.Contains(f.found.done[l], manifestKey) {
		m, r, err := f.before(ctx, l, manifestKey, resultKey)
		if err != nil {
			return nil, err
		}
		if err := f.expected(l, m); err != nil {
			return nil, err
		}
		f.step(2 * len(segs))
		return r.files(l, manifestKey)
	}
	m, tables, err := f.verify(ctx, l, segs)
	if err != nil {
		return nil, err
	}
	if err := f.expected(l, m); err != nil {
		return nil, err
	}
	if err := putJSON(ctx, f.cfg.Sink, manifestKey, m); err != nil {
		return nil, err
	}
	hash, ok := hashNamed(f.cfg.Hashes, m.Hash)
	if !ok {
		return nil, fail(ReasonHash, m.Hash, nil)
	}
	r := result{Version: manifestVersion, Lane: l.String(), Hash: m.Hash}
	for _, c := range []Container{MP4, WebM} {
		w, err := newWhole(m, c, tables)
		if err != nil {
			return nil, err
		}
		if w == nil {
			continue
		}
		line, err := f.join(ctx, w, name("whole", c.suffix()), hash)
		if err != nil {
			return nil, err
		}
		r.Files = append(r.Files, *line)
	}
	if len(r.Files) == 0 {
		return nil, nil
	}
	if err := putJSON(ctx, f.cfg.Sink, resultKey, r); err != nil {
		return nil, err
	}
	return r.files(l, manifestKey)
}

func (r *result) files(l Lane, manifestKey string) ([]File, error) {
	var files []File
	for _, line := range r.Files {
		d, err := hex.DecodeString(line.Digest)
		if err != nil || len(d) == 0 {
			return nil, fail(ReasonCorrupt, line.Key, errors.New("digest"))
		}
		files = append(files, File{
			Lane: l, Container: line.Container, Key: line.Key, Manifest: manifestKey, Size: line.Size, Digest: d, Hash: r.Hash,
			Start: line.Start, Duration: time.Duration(line.Duration) * time.Millisecond, Segments: line.Segments,
		})
	}
	return files, nil
}

// before reads what an earlier call has made.
func (f *finisher) before(ctx context.Context, l Lane, manifestKey, resultKey string) (*manifest, *result, error) {
	r, err := f.cfg.Sink.Get(ctx, manifestKey)
	if err != nil {
		return nil, nil, fail(ReasonStorage, manifestKey, err)
	}
	defer r.Close()
	m, err := readManifest(r, manifestKey)
	if err != nil {
		return nil, nil, err
	}
	if m.Lane != l.String() {
		return nil, nil, fail(ReasonCorrupt, manifestKey, errors.New("another lane"))
	}
	rr, err := f.cfg.Sink.Get(ctx, resultKey)
	if err != nil {
		return nil, nil, fail(ReasonStorage, resultKey, err)
	}
	defer rr.Close()
	var res result
	if err := strictJSON(rr, &res); err != nil || res.Version != manifestVersion || res.Lane != m.Lane {
		return nil, nil, fail(ReasonCorrupt, resultKey, err)
	}
	return m, &res, nil
}

// verify reads every segment. One that is damaged is passed over only if the
// next says that it was lost.
func (f *finisher) verify(ctx context.Context, l Lane, segs []stored) (*manifest, *[2]*sampleTable, error) {
	m := &manifest{Version: manifestVersion, Lane: l.String()}
	tables := &[2]*sampleTable{{}, {}}
	var o order
	var damaged error
	offset := int64(0) // among the segments of MP4
	each := func(h *rawHead, line fragmentLine, b []byte) error {
		if h.Container != MP4 {
			return nil
		}
		return readFragment(b, offset+int64(len(h.bytes)+line.Offset), tables)
	}
	for _, s := range segs {
		back := mark(tables)
		c, err := check(ctx, f.cfg.Sink, s, l, f.cfg.Hashes, each)
		f.step(1)
		if errors.Is(err, &Error{Reason: ReasonCorrupt}) {
			back()
			damaged = cmpError(damaged, err)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		line := segmentLine{Key: s.key, Size: c.size, Skip: len(c.head.bytes), Digest: hex.EncodeToString(c.whole), Head: c.head.head}
		if err := o.next(&line.Head, line.Digest); err != nil {
			return nil, nil, cmpError(damaged, err)
		}
		damaged = nil
		if c.head.Container == MP4 {
			offset += c.size
		}
		m.Segments = append(m.Segments, line)
	}
	if damaged != nil {
		return nil, nil, damaged
	}
	m.Start, m.To, m.Hash = o.start, o.to, o.hash
	return m, tables, nil
}

func cmpError(first, other error) error {
	if first != nil {
		return first
	}
	return other
}

// expected compares with what the chain says.
func (f *finisher) expected(l Lane, m *manifest) error {
	have := map[int]string{}
	for i := range m.Segments {
		have[m.Segments[i].Head.Index] = m.Segments[i].Digest
	}
	for _, e := range f.cfg.Expect {
		if e.Lane != l {
			continue
		}
		switch digest, ok := have[e.Index]; {
		case !ok:
			return fail(ReasonMissing, e.Key, nil)
		case digest != hex.EncodeToString(e.Digest):
			return fail(ReasonCorrupt, e.Key, errors.New("not the digest the chain names"))
		}
	}
	return nil
}

// trackInits says what the head of a file says of its tracks: of a video the
// largest size; H264 whose parameter sets change is marked as such.
func trackInits(segs []segmentLine) ([]initTrack, error) {
	var tracks [2]*initTrack
	for i := range segs {
		for _, t := range segs[i].Head.Tracks {
			tr := &tracks[t.ID-1]
			if *tr == nil {
				*tr = &initTrack{id: t.ID, codec: codecNamed(t.Codec)}
			}
			for _, c := range t.Configs {
				if err := (*tr).widen(c); err != nil {
					return nil, fail(ReasonCorrupt, segs[i].Key, err)
				}
			}
		}
	}
	var out []initTrack
	for slot, t := range tracks {
		if t == nil {
			continue
		}
		if t.codec == 0 || slot == 0 && t.config.width == 0 || t.codec == H264 && (len(t.config.sps) < 4 || len(t.config.pps) == 0) {
			return nil, fail(ReasonCorrupt, segs[0].Key, errors.New("a track without description"))
		}
		out = append(out, *t)
	}
	return out, nil
}

func (t *initTrack) widen(c configLine) error {
	sps, err1 := base64.StdEncoding.DecodeString(c.SPS)
	pps, err2 := base64.StdEncoding.DecodeString(c.PPS)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if c.Width < 1 || c.Height < 1 || c.Width > 1<<14 || c.Height > 1<<14 || len(sps) > 0xffff || len(pps) > 0xffff {
		return errors.New("size of the picture")
	}
	old := t.config
	if old.width != 0 && (string(old.sps) != string(sps) || string(old.pps) != string(pps)) {
		t.inband = true
	}
	if c.Width*c.Height > old.width*old.height {
		t.config = videoConfig{width: c.Width, height: c.Height, sps: sps, pps: pps}
	}
	return nil
}

func codecNamed(s string) Codec {
	for c := VP8; c <= Opus; c++ {
		if c.String() == s {
			return c
		}
	}
	return 0
}
