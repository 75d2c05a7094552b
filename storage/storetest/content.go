package storetest

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	mrand "math/rand/v2"
	"sync/atomic"
	"testing"

	"tongban/hub"
	"tongban/storage/object"
)

// content is n bytes no test has used before.
func content(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}

// pattern reads size pseudo-random bytes, the same for the same seed, calling
// each (if not nil) now and then.
func pattern(seed, size int, each func()) io.Reader {
	p := &patternReader{rng: mrand.NewChaCha8([32]byte{byte(seed)}), each: each}
	return io.LimitReader(p, int64(size))
}

type patternReader struct {
	rng  *mrand.ChaCha8
	each func()
	n    int
}

func (p *patternReader) Read(b []byte) (int, error) {
	const every = 4 << 20
	if p.each != nil && p.n/every != (p.n+len(b))/every {
		p.each()
	}
	p.n += len(b)
	return p.rng.Read(b)
}

func digestOf(r io.Reader) (hub.Digest, error) {
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return hub.Digest("sha256:" + hex.EncodeToString(h.Sum(nil))), nil
}

// writerFunc throws away what it is given and calls itself.
type writerFunc func()

func (f writerFunc) Write(b []byte) (int, error) {
	f()
	return len(b), nil
}

// callback is an empty reader that calls f when it is reached.
func callback(f func()) io.Reader { return callbackReader(f) }

type callbackReader func()

func (f callbackReader) Read([]byte) (int, error) {
	f()
	return 0, io.EOF
}

// owned complains when it is read after its owner wants it back: a request
// body belongs to the server again once the handler has returned.
type owned struct {
	r    io.Reader
	back atomic.Bool
	late atomic.Bool
}

func (o *owned) Read(p []byte) (int, error) {
	if o.back.Load() {
		o.late.Store(true)
	}
	return o.r.Read(p)
}

func put(t *testing.T, s *object.Store, r io.Reader, opt object.PutOptions) (object.Stored, error) {
	t.Helper()
	body := &owned{r: r}
	got, err := s.Put(t.Context(), body, opt)
	body.back.Store(true)
	t.Cleanup(func() {
		if body.late.Load() {
			t.Error("the upload was read after Put had returned")
		}
	})
	return got, err
}

func mustPut(t *testing.T, s *object.Store, b []byte, opt object.PutOptions) object.Stored {
	t.Helper()
	got, err := put(t, s, bytes.NewReader(b), opt)
	if err != nil {
		t.Fatalf("put %d bytes: %v", len(b), err)
	}
	return got
}

// expectFile reads a file back, by size and content.
func expectFile(t *testing.T, s *object.Store, b []byte) {
	t.Helper()
	d := hub.SHA256(b)
	if n, err := s.Stat(t.Context(), d); err != nil || n != int64(len(b)) {
		t.Errorf("stat: %d, %v; want %d", n, err, len(b))
	}
	r, size, err := s.Open(t.Context(), d)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, b) || size != int64(len(b)) {
		t.Errorf("read %d of %d bytes, %v", len(got), size, err)
	}
	if err := r.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func expectCode(t *testing.T, err error, want hub.Code) {
	t.Helper()
	if got := hub.ErrorCode(err); got != want {
		t.Errorf("error %v has code %q, want %q", err, got, want)
	}
}
