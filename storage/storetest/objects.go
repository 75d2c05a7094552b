package storetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"tongban/hub"
	"tongban/storage/object"
)

// part is the size at which an upload without a digest or size stops being
// small; the sizes around it are the interesting ones.
const part = 5 << 20

// TestObjects is the suite every object server has to pass under object.Store.
// config gives the address of the server and a fresh bucket.
func TestObjects(t *testing.T, config func(testing.TB) object.Config) {
	o := &objects{config: config, store: openObjects(t, config(t))}
	t.Run("Keeps", o.keeps)
	t.Run("KeepsAFileOnce", o.keepsOnce)
	t.Run("OneOfManyWritersIsNew", o.oneIsNew)
	t.Run("Refuses", o.refuses)
	t.Run("ACancelledUploadIsNotSeen", o.cancelled)
	t.Run("FindsDamage", o.findsDamage)
	t.Run("KnowsWhatIsMissing", o.missing)
	t.Run("RemovesAndSweeps", o.removesAndSweeps)
	t.Run("StreamsLargeFiles", o.streams)
	t.Run("OpensAnExistingBucket", o.reopens)
	t.Run("RefusesAStranger", o.stranger)
}

// objects is one run of the suite.
type objects struct {
	config func(testing.TB) object.Config
	store  *object.Store
}

func openObjects(t *testing.T, cfg object.Config) *object.Store {
	t.Helper()
	s, err := object.Open(t.Context(), cfg)
	if err != nil {
		t.Fatalf("open object store: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// announcements are the ways in which an upload can be announced.
var announcements = []struct {
	name         string
	size, digest bool
}{
	{"digest and size", true, true},
	{"digest", false, true},
	{"size", true, false},
	{"nothing", false, false},
}

func (o *objects) keeps(t *testing.T) {
	for _, a := range announcements {
		for _, size := range []int{0, 1, 100_000, part, part + 1} {
			t.Run(a.name+"/"+strconv.Itoa(size), func(t *testing.T) {
				b := content(size)
				opt := object.PutOptions{Size: -1, Max: int64(size)}
				if a.size {
					opt.Size = int64(size)
				}
				if a.digest {
					opt.Want = hub.SHA256(b)
				}
				got := mustPut(t, o.store, b, opt)
				if got.Digest != hub.SHA256(b) || got.Size != int64(size) {
					t.Fatalf("stored %+v, want %s with %d bytes", got, hub.SHA256(b), size)
				}
				if size > 0 && !got.New {
					t.Error("a file never seen before is not new")
				}
				expectFile(t, o.store, b)
			})
		}
	}
	if n := o.leftovers(t); n > 0 {
		t.Errorf("%d temporary objects or unfinished uploads left", n)
	}
}

func (o *objects) keepsOnce(t *testing.T) {
	for _, a := range announcements {
		for _, size := range []int{5_000, part + 5_000} {
			t.Run(a.name+"/"+strconv.Itoa(size), func(t *testing.T) {
				b := content(size)
				mustPut(t, o.store, b, object.PutOptions{Size: int64(size), Want: hub.SHA256(b)})
				opt := object.PutOptions{Size: -1}
				if a.size {
					opt.Size = int64(size)
				}
				if a.digest {
					opt.Want = hub.SHA256(b)
				}
				if got := mustPut(t, o.store, b, opt); got.New || got.Digest != hub.SHA256(b) {
					t.Errorf("the same file again: %+v", got)
				}
				if a.digest { // knowing the digest is not having the file
					opt.Size = -1
					_, err := put(t, o.store, strings.NewReader("other"), opt)
					expectCode(t, err, hub.DigestMismatch)
				}
				expectFile(t, o.store, b)
			})
		}
	}
}

func (o *objects) oneIsNew(t *testing.T) {
	for range 5 {
		o.oneOf(t, 32)
	}
}

func (o *objects) oneOf(t *testing.T, writers int) {
	b := content(300_000)
	type result struct {
		stored object.Stored
		err    error
	}
	results := make(chan result, writers)
	for range writers {
		go func() {
			s, err := o.store.Put(t.Context(), bytes.NewReader(b), object.PutOptions{Size: int64(len(b)), Want: hub.SHA256(b)})
			results <- result{s, err}
		}()
	}
	isNew := 0
	for range writers {
		r := <-results
		if r.err != nil {
			t.Errorf("put: %v", r.err)
		}
		if r.stored.New {
			isNew++
		}
	}
	if isNew != 1 {
		t.Errorf("%d of %d writers were told the file is new, want 1", isNew, writers)
	}
	expectFile(t, o.store, b)
}

func (o *objects) refuses(t *testing.T) {
	broken := errors.New("connection lost")
	for _, size := range []int{5_000, part + 5_000} {
		b := content(size)
		d, n := hub.SHA256(b), int64(size)
		other := hub.SHA256([]byte("other"))
		for _, c := range []struct {
			name string
			r    io.Reader
			opt  object.PutOptions
			code hub.Code
		}{
			{"another digest", bytes.NewReader(b), object.PutOptions{Size: n, Want: other}, hub.DigestMismatch},
			{"another digest, size unknown", bytes.NewReader(b), object.PutOptions{Size: -1, Want: other}, hub.DigestMismatch},
			{"another digest by one byte", last(b), object.PutOptions{Size: n, Want: d}, hub.DigestMismatch},
			{"fewer bytes", bytes.NewReader(b[1:]), object.PutOptions{Size: n, Want: d}, hub.UploadTruncated},
			{"fewer bytes, digest unknown", bytes.NewReader(b[1:]), object.PutOptions{Size: n}, hub.UploadTruncated},
			{"fewer bytes than the digest has", bytes.NewReader(b[:size-1]), object.PutOptions{Size: -1, Want: d}, hub.DigestMismatch},
			{"no bytes", strings.NewReader(""), object.PutOptions{Size: n, Want: d}, hub.UploadTruncated},
			{"more bytes", bytes.NewReader(b), object.PutOptions{Size: n - 1, Want: d}, hub.BadRequest},
			{"more bytes, digest unknown", bytes.NewReader(b), object.PutOptions{Size: n - 1}, hub.BadRequest},
			{"too large, announced", bytes.NewReader(b), object.PutOptions{Size: n, Max: n - 1, Want: d}, hub.TooLarge},
			{"too large, size unknown", bytes.NewReader(b), object.PutOptions{Size: -1, Max: n - 1, Want: d}, hub.TooLarge},
			{"too large, nothing known", bytes.NewReader(b), object.PutOptions{Size: -1, Max: n - 1}, hub.TooLarge},
			{"broken off", halfThen(b, broken), object.PutOptions{Size: n, Want: d}, hub.UploadTruncated},
			{"broken off, nothing known", halfThen(b, broken), object.PutOptions{Size: -1}, hub.UploadTruncated},
			{"no digest", bytes.NewReader(b), object.PutOptions{Size: n, Want: "sha256:12"}, hub.Invalid},
			{"another algorithm", bytes.NewReader(b), object.PutOptions{Size: n, Want: "sm3:" + hub.Digest(d.Hex())}, hub.Invalid},
		} {
			t.Run(c.name+"/"+strconv.Itoa(size), func(t *testing.T) {
				_, err := put(t, o.store, c.r, c.opt)
				expectCode(t, err, c.code)
				if c.code == hub.UploadTruncated && strings.HasPrefix(c.name, "broken") && !errors.Is(err, broken) {
					t.Errorf("%v does not say that %v", err, broken)
				}
				o.expectNothing(t, d, other)
			})
		}
	}
}

// cancelled has a bucket of its own: the server may still be busy with a part
// when the caller has left, so something for Sweep can appear later.
func (o *objects) cancelled(t *testing.T) {
	store := openObjects(t, o.config(t))
	for _, opt := range []object.PutOptions{{Size: 3 * part}, {Size: -1}} {
		for _, announced := range []bool{true, false} {
			ctx, cancel := context.WithCancel(t.Context())
			b := content(3 * part)
			opt.Want = ""
			if announced {
				opt.Want = hub.SHA256(b)
			}
			r := io.MultiReader(bytes.NewReader(b[:2*part]), callback(cancel), bytes.NewReader(b[2*part:]))
			_, err := store.Put(ctx, r, opt)
			cancel()
			expectCode(t, err, hub.Unavailable)
			_, err = store.Stat(t.Context(), hub.SHA256(b))
			expectCode(t, err, hub.NotFound)
			mustPut(t, store, b, opt) // and the next attempt works
		}
	}
}

func (o *objects) missing(t *testing.T) {
	var all, absent []hub.Digest
	for i := range 40 {
		b := content(100 + i)
		all = append(all, hub.SHA256(b))
		if i%3 == 0 {
			absent = append(absent, hub.SHA256(b))
			continue
		}
		mustPut(t, o.store, b, object.PutOptions{Size: int64(len(b)), Want: hub.SHA256(b)})
	}
	got, err := o.store.Missing(t.Context(), all)
	if err != nil {
		t.Fatalf("missing: %v", err)
	}
	if len(got) != len(absent) {
		t.Fatalf("%d of %d missing, want %d", len(got), len(all), len(absent))
	}
	for i := range got {
		if got[i] != absent[i] {
			t.Errorf("missing[%d] = %s, want %s", i, got[i], absent[i])
		}
	}
	if got, err := o.store.Missing(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("missing of none: %v, %v", got, err)
	}
	_, err = o.store.Missing(t.Context(), []hub.Digest{all[1], "sha256:nonsense"})
	expectCode(t, err, hub.Invalid)
	_, err = o.store.Stat(t.Context(), absent[0])
	expectCode(t, err, hub.NotFound)
	_, _, err = o.store.Open(t.Context(), absent[0])
	expectCode(t, err, hub.NotFound)
	_, _, err = o.store.Open(t.Context(), "sha256:../../secret")
	expectCode(t, err, hub.Invalid)
}

func (o *objects) reopens(t *testing.T) {
	cfg := o.config(t)
	b := content(1000)
	mustPut(t, openObjects(t, cfg), b, object.PutOptions{Size: -1})
	again := openObjects(t, cfg)
	expectFile(t, again, b)
	if err := again.Ready(t.Context()); err != nil {
		t.Errorf("ready: %v", err)
	}
}

func (o *objects) stranger(t *testing.T) {
	cfg := o.config(t)
	for name, change := range map[string]func(*object.Config){
		"wrong secret":   func(c *object.Config) { c.SecretKey += "x" },
		"unknown key":    func(c *object.Config) { c.AccessKey += "x" },
		"no keys at all": func(c *object.Config) { c.AccessKey, c.SecretKey = "", "" },
	} {
		t.Run(name, func(t *testing.T) {
			c := cfg
			change(&c)
			if _, err := object.Open(t.Context(), c); err == nil {
				t.Error("let in")
			}
		})
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	cfg.Endpoint = "127.0.0.1:1"
	_, err := object.Open(ctx, cfg)
	expectCode(t, err, hub.Unavailable)
}

func halfThen(b []byte, err error) io.Reader {
	return io.MultiReader(bytes.NewReader(b[:len(b)/2]), iotest.ErrReader(err))
}

// last reads b with its last byte changed.
func last(b []byte) io.Reader {
	n := len(b) - 1
	return io.MultiReader(bytes.NewReader(b[:n]), bytes.NewReader([]byte{b[n] ^ 1}))
}
