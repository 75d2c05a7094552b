package storetest

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"golang.org/x/sync/errgroup"

	"tongban/hub"
	"tongban/storage/object"
)

// RawObjects is a plain client of the same server, to do what object.Store
// never would.
func RawObjects(t testing.TB, cfg object.Config) *minio.Client {
	t.Helper()
	c, err := minio.New(cfg.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, ""), Secure: cfg.Secure, Region: cfg.Region,
	})
	if err != nil {
		t.Fatalf("plain client: %v", err)
	}
	return c
}

// findsDamage overwrites stored files behind the store's back.
func (o *objects) findsDamage(t *testing.T) {
	cfg := o.config(t)
	store, raw := openObjects(t, cfg), RawObjects(t, cfg)
	b := content(1 << 20)
	flipped := bytes.Clone(b)
	flipped[len(b)/2] ^= 1
	for name, bad := range map[string][]byte{
		"one bit": flipped, "cut short": b[:len(b)-1], "longer": append(bytes.Clone(b), 0), "emptied": {},
	} {
		t.Run(name, func(t *testing.T) {
			d := hub.SHA256(b)
			mustPut(t, store, b, object.PutOptions{Size: int64(len(b)), Want: d})
			h := d.Hex()
			key := "sha256/" + h[:2] + "/" + h[2:4] + "/" + h
			if _, err := raw.PutObject(t.Context(), cfg.Bucket, key, bytes.NewReader(bad), int64(len(bad)),
				minio.PutObjectOptions{}); err != nil {
				t.Fatalf("damage the file: %v", err)
			}
			r, size, err := store.Open(t.Context(), d)
			if err != nil {
				t.Fatalf("open: %v", err)
			}
			n, err := io.Copy(io.Discard, r)
			expectCode(t, err, hub.DigestMismatch)
			if n >= size && size > 0 {
				t.Errorf("all %d bytes of a damaged file were handed out", n)
			}
			if err := r.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
			if err := store.Remove(t.Context(), d); err != nil {
				t.Errorf("remove: %v", err)
			}
		})
	}
}

func (o *objects) removesAndSweeps(t *testing.T) {
	cfg := o.config(t)
	store, raw := openObjects(t, cfg), RawObjects(t, cfg)
	b := content(1000)
	d := mustPut(t, store, b, object.PutOptions{Size: -1}).Digest
	for range 2 { // the second time there is nothing to remove
		if err := store.Remove(t.Context(), d); err != nil {
			t.Errorf("remove: %v", err)
		}
	}
	_, err := store.Stat(t.Context(), d)
	expectCode(t, err, hub.NotFound)

	kept := mustPut(t, store, content(1000), object.PutOptions{Size: -1}).Digest
	for _, k := range []string{"tmp/1", "tmp/2"} {
		if _, err := raw.PutObject(t.Context(), cfg.Bucket, k, strings.NewReader("x"), 1, minio.PutObjectOptions{}); err != nil {
			t.Fatalf("leave %s: %v", k, err)
		}
	}
	for _, s := range []struct {
		before time.Time
		want   int
	}{{time.Now().Add(-time.Hour), 0}, {time.Now().Add(time.Hour), 2}, {time.Now().Add(time.Hour), 0}} {
		if n, err := store.Sweep(t.Context(), s.before); err != nil || n != s.want {
			t.Errorf("sweep removed %d, %v; want %d", n, err, s.want)
		}
	}
	if _, err := store.Stat(t.Context(), kept); err != nil {
		t.Errorf("sweep took a file: %v", err)
	}
}

// streams uploads and reads more at once than it allows memory for. With the
// embedded server, both sides are counted.
func (o *objects) streams(t *testing.T) {
	const (
		size    = 64 << 20
		uploads = 4
		allowed = 64 << 20 // of heap, on top of what was there
	)
	runtime.GC()
	var start runtime.MemStats
	runtime.ReadMemStats(&start)
	var peak atomic.Uint64
	sample := func() {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		for old := peak.Load(); m.HeapInuse > old && !peak.CompareAndSwap(old, m.HeapInuse); old = peak.Load() {
		}
	}
	g, ctx := errgroup.WithContext(t.Context())
	for i := range uploads {
		g.Go(func() error {
			d, err := digestOf(pattern(i, size, nil))
			if err != nil {
				return err
			}
			opt := object.PutOptions{Size: -1, Want: d}
			if i%2 == 0 {
				opt.Size = size
			}
			if _, err := o.store.Put(ctx, pattern(i, size, sample), opt); err != nil {
				return err
			}
			r, _, err := o.store.Open(ctx, d)
			if err != nil {
				return err
			}
			defer r.Close()
			_, err = io.Copy(writerFunc(sample), r)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if used := int64(peak.Load()) - int64(start.HeapInuse); used > allowed {
		t.Errorf("%d uploads of %d MiB took %d MiB of heap", uploads, size>>20, used>>20)
	}
}

// leftovers counts temporary objects and unfinished uploads.
func (o *objects) leftovers(t *testing.T) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	n, err := o.store.Sweep(ctx, time.Now().Add(24*time.Hour))
	if err != nil {
		t.Errorf("sweep: %v", err)
	}
	return n
}

// expectNothing makes sure that a refused upload cannot be seen and left
// nothing behind.
func (o *objects) expectNothing(t *testing.T, ds ...hub.Digest) {
	t.Helper()
	for _, d := range ds {
		_, err := o.store.Stat(t.Context(), d)
		expectCode(t, err, hub.NotFound)
	}
	if n := o.leftovers(t); n > 0 {
		t.Errorf("%d temporary objects or unfinished uploads left", n)
	}
}
