package object_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"tongban/hub"
	"tongban/storage/object"
	"tongban/storage/object/objectbench"
	"tongban/storage/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// BenchmarkUpload200MB reports the median, over seven turns, of the store's
// speed divided by that of the faster plain client in the same turn.
func BenchmarkUpload200MB(b *testing.B) {
	const size, turns = 200_000_000, 7
	cfg := storetest.ObjectConfig(b)
	for b.Loop() {
		got, err := objectbench.Upload(b.Context(), cfg, size, turns)
		if err != nil {
			b.Fatal(err)
		}
		for i, t := range got {
			b.Logf("turn %d: plain %.0f MB/s, plain in one request %.0f MB/s, store %.0f MB/s, ratio %.2f",
				i, t.Plain/1e6, t.Single/1e6, t.Store/1e6, t.Ratio())
		}
		b.ReportMetric(objectbench.MedianRatio(got), "ratio")
	}
	b.SetBytes(3 * turns * size)
}

// BenchmarkSixteenUploads sends sixteen files at once, half of them announced
// with digest and size and half not at all, and reports the largest amount of
// memory the process had from the system meanwhile; with the embedded server
// that is both sides. The files have 64 MiB each, or UPLOAD_BYTES.
func BenchmarkSixteenUploads(b *testing.B) {
	const uploads = 16
	size, err := strconv.ParseInt(cmp.Or(os.Getenv("UPLOAD_BYTES"), "67108864"), 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	store := storetest.Objects(b)
	file := func(i int) io.Reader {
		return io.LimitReader(rand.NewChaCha8([32]byte{byte(i)}), size)
	}
	options := make([]object.PutOptions, uploads)
	for i := range options {
		options[i].Size = -1
		if i%2 == 0 {
			h := sha256.New()
			if _, err := io.Copy(h, file(i)); err != nil {
				b.Fatal(err)
			}
			options[i] = object.PutOptions{Size: size, Want: hub.Digest("sha256:" + hex.EncodeToString(h.Sum(nil)))}
		}
	}
	debug.FreeOSMemory() // what earlier benchmarks have left
	for b.Loop() {
		ctx, cancel := context.WithCancel(b.Context())
		peak := watchMemory(ctx)
		var g errgroup.Group
		for i, opt := range options {
			g.Go(func() error {
				got, err := store.Put(ctx, file(i), opt)
				if err != nil {
					return err
				}
				return store.Remove(ctx, got.Digest)
			})
		}
		if err := g.Wait(); err != nil {
			b.Fatal(err)
		}
		cancel()
		b.ReportMetric(float64(<-peak)/(1<<20), "peak_MiB")
	}
	b.SetBytes(uploads * size)
}

// watchMemory samples until ctx ends and then sends the peak, in bytes.
func watchMemory(ctx context.Context) <-chan uint64 {
	peak := make(chan uint64, 1)
	go func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		var top uint64
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			top = max(top, m.Sys-m.HeapReleased)
			select {
			case <-tick.C:
			case <-ctx.Done():
				peak <- top
				return
			}
		}
	}()
	return peak
}
