package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Keys, below the participant's prefix:
//
//	<lane>/000001.mp4, <lane>/000002.mp4, …   segments (.webm for VP8)
//	<lane>/init-0.mp4, …                      heads to put before segments
//	<lane>/manifest-000042.json               written by Finish, names segments up to 42
//	<lane>/whole-000042.mp4                   the playable file
//	<lane>/result-000042.json                 that it is complete

func segmentKey(prefix string, l Lane, n int, c Container) string {
	return fmt.Sprintf("%s/%s/%06d%s", prefix, l, n, c.suffix())
}

// stored is one segment object that was listed.
type stored struct {
	n   int
	key string
}

// listing is what is there of a participant.
type listing struct {
	segments [lanes][]stored // in order
	inits    [lanes]int      // how many
	done     [lanes][]string // manifests, files and results
	others   int
}

// look lists the objects of a participant. Errors: ReasonStorage.
func look(ctx context.Context, sink Sink, prefix string) (*listing, error) {
	keys, err := sink.List(ctx, prefix+"/")
	if err != nil {
		return nil, fail(ReasonStorage, prefix, err)
	}
	var all listing
	for _, key := range keys {
		lane, name, _ := strings.Cut(strings.TrimPrefix(key, prefix+"/"), "/")
		l, ok := laneByName(lane)
		if !ok {
			all.others++
			continue
		}
		base, ext, _ := strings.Cut(name, ".")
		n, err := strconv.Atoi(base)
		switch {
		case err == nil && n > 0 && key == segmentKey(prefix, l, n, Container(ext)) && (ext == string(MP4) || ext == string(WebM)):
			all.segments[l] = append(all.segments[l], stored{n, key})
		case strings.HasPrefix(name, "init-"):
			all.inits[l]++
		case strings.HasPrefix(name, "manifest-"), strings.HasPrefix(name, "whole-"), strings.HasPrefix(name, "result-"):
			all.done[l] = append(all.done[l], key)
		default:
			all.others++
		}
	}
	for _, segs := range all.segments {
		sort.Slice(segs, func(i, j int) bool { return segs[i].n < segs[j].n })
	}
	return &all, nil
}

// Resume goes on with a recording that was interrupted: the numbers continue
// and the gap is stated. Where nothing is there it is like Start. An object
// that is not a whole segment is left alone and its number is not used again.
// Errors: ReasonInvalid, ReasonStorage, ReasonHash.
func Resume(ctx context.Context, cfg Config) (*Recorder, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	found, err := look(ctx, cfg.Sink, cfg.Prefix)
	if err != nil {
		return nil, err
	}
	var last [lanes]*checked
	for l, segs := range found.segments {
		for i := len(segs) - 1; i >= 0 && last[l] == nil; i-- {
			c, err := check(ctx, cfg.Sink, segs[i], Lane(l), []Hash{cfg.Hash}, nil)
			switch {
			case err == nil:
				last[l] = c
			case !errors.Is(err, &Error{Reason: ReasonCorrupt}):
				return nil, err
			}
		}
	}
	r := newRecorder(cfg)
	for i, l := range r.lanes {
		l.inits = found.inits[i]
		segs, c := found.segments[i], last[i]
		if len(segs) == 0 {
			continue
		}
		st := &r.w.lanes[i]
		st.index = segs[len(segs)-1].n
		if c == nil {
			continue
		}
		st.last = c.head.segment(Lane(i), c.key, c.whole, c.size)
		st.digest, st.confirmed = c.whole, st.last.To
		l.after, l.zero, l.container = true, c.head.Start.UnixNano(), c.head.Container
		l.floor = c.head.To * int64(time.Millisecond)
		// Another node's clock may have been ahead of ours: time only grows.
		r.shift = max(r.shift, st.last.To.Sub(r.begin))
	}
	go r.run()
	return r, nil
}

// checked is a segment whose bytes agree with its head.
type checked struct {
	head  *rawHead
	key   string
	whole []byte // digest of the object
	size  int64
}

// check reads a segment to its end, verifies it and hands over each fragment.
// Errors: ReasonStorage, ReasonCorrupt, ReasonHash.
func check(ctx context.Context, sink Sink, s stored, l Lane, hashes []Hash, each func(h *rawHead, f fragmentLine, b []byte) error) (*checked, error) {
	r, err := sink.Get(ctx, s.key)
	if err != nil {
		return nil, fail(ReasonStorage, s.key, err)
	}
	defer r.Close()
	src := &sourceReader{r: io.LimitReader(r, maxHead+maxMedia+1)}
	h, err := readHead(src, s.key)
	if err != nil {
		return nil, src.blame(s.key, err)
	}
	if h.Index != s.n || h.Lane != l.String() {
		return nil, fail(ReasonCorrupt, s.key, errors.New("another segment"))
	}
	hash, ok := hashNamed(hashes, h.Hash)
	if !ok {
		return nil, fail(ReasonHash, h.Hash, nil)
	}
	self, whole := hash.New(), hash.New()
	self.Write(h.json)
	whole.Write(h.bytes)
	var buf []byte
	for _, f := range h.Fragments {
		buf = slices.Grow(buf[:0], f.Size)[:f.Size]
		if _, err := io.ReadFull(src, buf); err != nil {
			return nil, src.blame(s.key, fail(ReasonCorrupt, s.key, err))
		}
		self.Write(buf)
		whole.Write(buf)
		if each == nil {
			continue
		}
		if err := each(h, f, buf); err != nil {
			return nil, fail(ReasonCorrupt, s.key, err)
		}
	}
	var more [1]byte
	switch n, err := io.ReadFull(src, more[:]); {
	case n > 0 || !bytes.Equal(self.Sum(nil), h.digest):
		return nil, fail(ReasonCorrupt, s.key, errors.New("digest"))
	case !errors.Is(err, io.EOF):
		return nil, src.blame(s.key, err)
	}
	return &checked{head: h, key: s.key, whole: whole.Sum(nil), size: int64(len(h.bytes)) + h.mediaSize()}, nil
}

// sourceReader remembers an error of the store, to tell it from a short object.
type sourceReader struct {
	r   io.Reader
	err error
}

func (s *sourceReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

func (s *sourceReader) blame(key string, err error) error {
	if s.err != nil {
		return fail(ReasonStorage, key, s.err)
	}
	return err
}

func hashNamed(hashes []Hash, name string) (Hash, bool) {
	for _, h := range hashes {
		if h.Name == name {
			return h, true
		}
	}
	if sha := SHA256(); name == sha.Name {
		return sha, true
	}
	return Hash{}, false
}
