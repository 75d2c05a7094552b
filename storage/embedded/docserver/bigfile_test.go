package docserver

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// BenchmarkBigFile fills BENCH_N documents (default 20 000), restarts, and
// reports how long the start took and how far the heap rose while all of them
// were listed.
func BenchmarkBigFile(b *testing.B) {
	n := benchSizes(b)[0]
	path := filepath.Join(b.TempDir(), "data.db")
	for b.Loop() {
		s := fillFile(b, path, n)
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		begun := time.Now()
		s, err = Open(context.Background(), Config{Path: path, User: "u", Password: "p"})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(begun).Milliseconds()), "start-ms")
		b.ReportMetric(float64(info.Size()>>20), "file-MiB")
		listed, heap := listAll(b, s)
		if listed < n {
			b.Fatalf("listed %d of %d", listed, n)
		}
		b.ReportMetric(heap, "heap-MiB")
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func fillFile(b *testing.B, path string, n int) *Server {
	b.Helper()
	s, err := Open(context.Background(), Config{Path: path, User: "u", Password: "p"})
	if err != nil {
		b.Fatal(err)
	}
	c := dial(b, s).Database("hub").Collection("cases")
	begun := time.Now()
	for i := 0; i < n; {
		var docs []any
		for ; i < n && len(docs) < 5000; i++ {
			d := caseDoc(i)
			d[0].Value = fmt.Sprintf("%s-%d", d[0].Value, time.Now().UnixNano())
			docs = append(docs, d)
		}
		if _, err := c.InsertMany(context.Background(), docs); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/time.Since(begun).Seconds(), "filled/s")
	return s
}

// listAll reads the whole collection and returns the highest heap in MiB over
// that before.
func listAll(b *testing.B, s *Server) (n int, heap float64) {
	b.Helper()
	c := dial(b, s).Database("hub").Collection("cases")
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before := m.HeapAlloc
	cur, err := c.Find(context.Background(), bson.D{}, options.Find())
	if err != nil {
		b.Fatal(err)
	}
	peak := before
	for cur.Next(context.Background()) {
		if n++; n%20_000 == 0 {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	}
	if err := cur.Err(); err != nil {
		b.Fatal(err)
	}
	return n, float64(peak-before) / (1 << 20)
}
