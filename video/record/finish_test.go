package record

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// copyOf is the same recording in a sink of its own.
func (m *made) copyOf() *memory { return &memory{objects: maps.Clone(m.sink.objects)} }

func (m *made) segmentKeys() (keys []string) {
	for _, s := range m.segments {
		keys = append(keys, s.Key)
	}
	return keys
}

// Nothing is made of a recording of which one byte is wrong.
func TestFinishRefuses(t *testing.T) {
	for _, c := range bothCodecs {
		m := recording(t, Config{}, cameraAndMic(t, c))
		keys := m.segmentKeys()
		resealed := func(key string) []byte { // a forger makes the segment's own digest right again
			h, err := readHead(bytes.NewReader(m.sink.objects[key]), key)
			if err != nil {
				t.Fatal(err)
			}
			h.To--
			d := draft{head: h.head, media: m.sink.objects[key][len(h.bytes):]}
			b, err := d.seal(h.Index, h.PrevIndex, nil, SHA256())
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		flip := func(key string, at int) func(s *memory) {
			return func(s *memory) {
				b := bytes.Clone(s.objects[key])
				b[(at%len(b)+len(b))%len(b)] ^= 0x10
				s.objects[key] = b
			}
		}
		cases := map[string]struct {
			do   func(s *memory)
			want []Reason
		}{
			"first byte":      {flip(keys[1], 0), []Reason{ReasonCorrupt}},
			"last byte":       {flip(keys[len(keys)-1], -1), []Reason{ReasonCorrupt}},
			"cut short":       {func(s *memory) { b := s.objects[keys[2]]; s.objects[keys[2]] = b[:len(b)-1] }, []Reason{ReasonCorrupt}},
			"longer":          {func(s *memory) { s.objects[keys[2]] = append(bytes.Clone(s.objects[keys[2]]), 0) }, []Reason{ReasonCorrupt}},
			"empty":           {func(s *memory) { s.objects[keys[0]] = nil }, []Reason{ReasonCorrupt}},
			"swapped":         {func(s *memory) { s.objects[keys[0]], s.objects[keys[1]] = s.objects[keys[1]], s.objects[keys[0]] }, []Reason{ReasonCorrupt}},
			"first missing":   {func(s *memory) { delete(s.objects, keys[0]) }, []Reason{ReasonMissing}},
			"one missing":     {func(s *memory) { delete(s.objects, keys[1]) }, []Reason{ReasonMissing}},
			"last missing":    {func(s *memory) { delete(s.objects, keys[len(keys)-1]) }, []Reason{ReasonMissing}},
			"all missing":     {func(s *memory) { clear(s.objects) }, []Reason{ReasonMissing}},
			"forged":          {func(s *memory) { s.objects[keys[1]] = resealed(keys[1]) }, []Reason{ReasonBroken, ReasonCorrupt}},
			"the last forged": {func(s *memory) { s.objects[keys[len(keys)-1]] = resealed(keys[len(keys)-1]) }, []Reason{ReasonBroken, ReasonCorrupt}},
		}
		rnd := rand.New(rand.NewPCG(7, uint64(c)))
		for range 100 {
			at := rnd.Int()
			key := keys[rnd.IntN(len(keys))]
			cases[fmt.Sprintf("%s byte %d", key, at%len(m.sink.objects[key]))] = struct {
				do   func(s *memory)
				want []Reason
			}{flip(key, at), []Reason{ReasonCorrupt}}
		}
		for name, tc := range cases {
			s := m.copyOf()
			tc.do(s)
			_, err := Finish(t.Context(), FinishConfig{Prefix: "rec/r1/p1", Sink: s, Expect: m.segments})
			var e *Error
			if !errors.As(err, &e) || !slices.Contains(tc.want, e.Reason) {
				t.Errorf("%v, %s: %v, want %v", c, name, err, tc.want)
			}
			for key := range s.objects {
				if strings.Contains(key, "whole") || strings.Contains(key, "result") || strings.Contains(key, "manifest") {
					t.Errorf("%v, %s: %s was made all the same", c, name, key)
				}
			}
		}
	}
	for name, cfg := range map[string]FinishConfig{"no prefix": {Sink: &memory{}}, "no sink": {Prefix: "p"}} {
		if _, err := Finish(t.Context(), cfg); !errors.Is(err, &Error{Reason: ReasonInvalid}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Finish(t.Context(), FinishConfig{Prefix: "p", Sink: &memory{}}); !errors.Is(err, &Error{Reason: ReasonNothing}) {
		t.Errorf("nothing there: %v", err)
	}
}

// changing gives other bytes from the second reading of a segment on.
type changing struct {
	*memory
	key   string
	reads int
}

func (c *changing) Get(ctx context.Context, key string) (io.ReadCloser, error) {
	if key == c.key {
		if c.reads++; c.reads > 1 {
			b := bytes.Clone(c.objects[key])
			b[len(b)/2] ^= 1
			return io.NopCloser(bytes.NewReader(b)), nil
		}
	}
	return c.memory.Get(ctx, key)
}

func TestSegmentThatChangesWhileCopiedIsRefused(t *testing.T) {
	m := recording(t, Config{}, cameraAndMic(t, VP8))
	s := &changing{memory: m.copyOf(), key: m.segments[2].Key}
	if _, err := Finish(t.Context(), FinishConfig{Prefix: "rec/r1/p1", Sink: s}); !errors.Is(err, &Error{Reason: ReasonCorrupt}) {
		t.Errorf("%v", err)
	}
	for key := range s.objects {
		if strings.Contains(key, "whole") || strings.Contains(key, "result") {
			t.Errorf("%s was made", key)
		}
	}
}

// Finish may be interrupted anywhere and called again; the second time it
// writes nothing.
func TestFinishIsIdempotentAndGoesOn(t *testing.T) {
	for _, c := range bothCodecs {
		m := recording(t, Config{}, cameraAndMic(t, c))
		want := m.finish(t)
		for stop := range 3 { // at the manifest, the file, the result
			s := m.copyOf()
			for key := range s.objects {
				if strings.Contains(key, "whole") || strings.Contains(key, "result") || strings.Contains(key, "manifest") {
					delete(s.objects, key)
				}
			}
			s.before = func(context.Context, string) error {
				if s.puts == stop {
					return errors.New("the power is gone")
				}
				return nil
			}
			done, total := 0, 0
			cfg := FinishConfig{Prefix: "rec/r1/p1", Sink: s, Progress: func(d, of int) {
				if d < done || d > of {
					t.Errorf("progress %d after %d of %d", d, done, of)
				}
				done, total = d, of
			}}
			if _, err := Finish(t.Context(), cfg); !errors.Is(err, &Error{Reason: ReasonStorage}) {
				t.Fatalf("%v", err)
			}
			s.before, done = nil, 0
			for range 2 {
				got, err := Finish(t.Context(), cfg)
				if err != nil || len(got) != 1 || !bytes.Equal(got[0].Digest, want[0].Digest) || got[0].Duration != want[0].Duration {
					t.Errorf("%v, stopped at %d: %+v, %v", c, stop, got, err)
				}
				if done != total || total != 2*len(m.segments) {
					t.Errorf("progress ends at %d of %d", done, total)
				}
				done = 0
				s.before = func(_ context.Context, key string) error { t.Errorf("%s is written again", key); return nil }
			}
		}
	}
}

// The file is a head and the segments, byte by byte.
func TestFileIsHeadAndSegments(t *testing.T) {
	for _, c := range bothCodecs {
		m := recording(t, Config{}, cameraAndMic(t, c))
		f := m.finish(t)[0]
		var all []byte
		for _, key := range m.segmentKeys() {
			all = append(all, m.sink.objects[key]...)
		}
		whole := m.sink.objects[f.Key]
		if !bytes.HasSuffix(whole, all) || int64(len(whole)) != f.Size {
			t.Errorf("%v: the file does not end with its segments", c)
		}
		h := SHA256().New()
		h.Write(whole)
		if !bytes.Equal(h.Sum(nil), f.Digest) {
			t.Errorf("%v: digest", c)
		}
	}
}

// Cut anywhere, what is there plays: the segments behind their head, as a
// person joins them by hand, and the finished file.
func TestCutAnywhere(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	for _, c := range bothCodecs {
		m := recording(t, Config{}, cameraAndMic(t, c))
		f := m.finish(t)[0]
		whole := m.sink.objects[f.Key]
		byHand := bytes.Clone(m.sink.objects["rec/r1/p1/person/init-0"+c.container().suffix()])
		for _, key := range m.segmentKeys() {
			byHand = append(byHand, m.sink.objects[key]...)
		}
		name := filepath.Join(t.TempDir(), "cut"+c.container().suffix())
		write := func(b []byte) {
			if err := os.WriteFile(name, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write(byHand)
		decode(t, name)
		if n := probe(t, name).frames[c.String()]; n != clipSeconds*fps {
			t.Errorf("%v joined by hand: %d pictures", c, n)
		}
		for _, b := range [][]byte{byHand, whole} {
			for range 6 {
				n := len(b)/6 + rnd.IntN(len(b)*5/6)
				for c == H264 && insideMoof(b, n) { // ffmpeg gives up on half a moof; a stored segment never has one
					n = len(b)/6 + rnd.IntN(len(b)*5/6)
				}
				write(b[:n])
				run(t, "ffmpeg", "-v", "error", "-i", name, "-f", "null", "-")
				out := run(t, "ffprobe", "-v", "quiet", "-show_entries", "stream=codec_name", "-of", "csv=p=0", name)
				if !strings.Contains(out, c.String()) || !strings.Contains(out, "opus") {
					t.Errorf("%v cut at %d of %d: ffprobe finds %q", c, n, len(b), out)
				}
			}
		}
	}
}

func insideMoof(b []byte, n int) bool {
	for at := 0; at+8 < n; {
		size := int(binary.BigEndian.Uint32(b[at:]))
		if size == 1 {
			size = len(b)
		}
		if at+size > n {
			return string(b[at+4:at+8]) == "moof"
		}
		at += size
	}
	return false
}

// The hub may hash with something else (SM3); Finish must be given it.
func TestAnotherHash(t *testing.T) {
	h := Hash{Name: "sha-512", New: sha512.New}
	m := recording(t, Config{Hash: h}, cameraAndMic(t, VP8))
	if _, err := Finish(t.Context(), FinishConfig{Prefix: "rec/r1/p1", Sink: m.sink}); !errors.Is(err, &Error{Reason: ReasonHash}) {
		t.Errorf("without the hash: %v", err)
	}
	files, err := Finish(t.Context(), FinishConfig{Prefix: "rec/r1/p1", Sink: m.sink, Hashes: []Hash{h}, Expect: m.segments})
	if err != nil || files[0].Hash != "sha-512" || len(files[0].Digest) != 64 || len(m.segments[0].Digest) != 64 {
		t.Errorf("%+v, %v", files, err)
	}
}
