package object_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	mrand "math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"golang.org/x/sync/errgroup"

	"tongban/hub"
	"tongban/storage/object"
	"tongban/storage/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// BenchmarkUpload200MB uploads files of 200 MB in turns: through a plain
// minio-go client with its defaults (parts of 16 MiB), through one told to send
// a single request, and through the store, each from a stream of known size. It
// reports the median of the ratios of the store to the faster plain one of the
// same turn as "ratio". The store hashes and checks; a plain client only sends.
func BenchmarkUpload200MB(b *testing.B) {
	const size, turns = 200_000_000, 7
	cfg := storetest.ObjectConfig(b)
	store, err := object.Open(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	raw := storetest.RawObjects(b, cfg)
	data := make([]byte, size)
	rand.Read(data)
	plain := func(single bool) func() error {
		return func() error {
			_, err := raw.PutObject(b.Context(), cfg.Bucket, "plain/"+rand.Text(), stream(data), size,
				minio.PutObjectOptions{DisableMultipart: single})
			return err
		}
	}
	var d hub.Digest
	ours := func() error {
		_, err := store.Put(b.Context(), stream(data), object.PutOptions{Size: size, Max: size, Want: d})
		return err
	}
	contestants := []func() error{plain(false), plain(true), ours}
	for b.Loop() {
		var speeds [3][]float64
		var ratios []float64
		for i := range turns {
			var v [3]float64
			for j := range contestants {
				who := (i + j) % len(contestants) // each goes first now and then
				rand.Read(data[:16])              // a file never seen before
				d = hub.SHA256(data)
				v[who] = speed(b, size, contestants[who])
				speeds[who] = append(speeds[who], v[who])
			}
			ratios = append(ratios, v[2]/max(v[0], v[1]))
			b.Logf("turn %d: plain %.0f MB/s, plain in one request %.0f MB/s, store %.0f MB/s, ratio %.2f", i, v[0], v[1], v[2], ratios[i])
		}
		b.ReportMetric(median(ratios), "ratio")
		b.ReportMetric(median(speeds[0]), "plain_MB/s")
		b.ReportMetric(median(speeds[1]), "single_MB/s")
		b.ReportMetric(median(speeds[2]), "store_MB/s")
	}
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
		return io.LimitReader(mrand.NewChaCha8([32]byte{byte(i)}), size)
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

func speed(b *testing.B, size int, f func() error) float64 {
	start := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return float64(size) / 1e6 / time.Since(start).Seconds()
}

// stream hides that the bytes are in memory, as an upload over HTTP would.
func stream(b []byte) io.Reader { return struct{ io.Reader }{bytes.NewReader(b)} }

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}
