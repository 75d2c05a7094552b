package docserver

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

const queues = 50

// caseDoc is a document like the projection of a case.
func caseDoc(i int) bson.D {
	at := time.UnixMilli(1_700_000_000_000 + int64(i)*60_000)
	return bson.D{
		{Key: "_id", Value: fmt.Sprintf("case-%08d", i)},
		{Key: "queues", Value: bson.A{fmt.Sprintf("q%d", i%queues), "all"}},
		{Key: "agency", Value: fmt.Sprintf("a%d", i%3000)},
		{Key: "status", Value: []string{"open", "review", "done"}[i%3]},
		{Key: "updated", Value: at},
		{Key: "seq", Value: int64(i % 20)},
		{Key: "title", Value: "transfer of a second-hand flat, two sellers, one mortgage"},
		{Key: "places", Value: bson.A{"440305", "410425"}},
	}
}

// benchSizes are the collection sizes of the growing benchmarks; BENCH_N sets
// one of its own.
func benchSizes(b *testing.B) []int {
	if s := os.Getenv("BENCH_N"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		return []int{n}
	}
	return []int{1_000, 10_000, 100_000}
}

// filled returns a collection with n cases and the index of the queues.
func filled(b *testing.B, n int) (*Server, *mongo.Collection) {
	b.Helper()
	dir := b.TempDir()
	s := openWith(b, Config{Path: filepath.Join(dir, "data.db"), User: "u", Password: "p"})
	c := dial(b, s).Database("hub").Collection("cases")
	ctx := context.Background()
	index := mongo.IndexModel{Keys: bson.D{{Key: "queues", Value: 1}, {Key: "updated", Value: -1}, {Key: "_id", Value: -1}}}
	if _, err := c.Indexes().CreateOne(ctx, index); err != nil {
		b.Fatal(err)
	}
	for i := 0; i < n; {
		var docs []any
		for ; i < n && len(docs) < 5000; i++ {
			docs = append(docs, caseDoc(i))
		}
		if _, err := c.InsertMany(ctx, docs); err != nil {
			b.Fatal(err)
		}
	}
	return s, c
}

func BenchmarkFindOne(b *testing.B) {
	for _, n := range benchSizes(b) {
		_, c := filled(b, n)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				id := fmt.Sprintf("case-%08d", rand.IntN(n))
				if err := c.FindOne(b.Context(), bson.D{{Key: "_id", Value: id}}).Err(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFindOneParallel32(b *testing.B) {
	_, c := filled(b, 1000)
	inParallel(b, 32, func(i int) error {
		return c.FindOne(context.Background(), bson.D{{Key: "_id", Value: fmt.Sprintf("case-%08d", i%1000)}}).Err()
	})
}

func BenchmarkInsert(b *testing.B) {
	for _, writers := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			_, c := filled(b, 0)
			inParallel(b, writers, func(i int) error {
				_, err := c.InsertOne(context.Background(), caseDoc(i))
				return err
			})
		})
	}
}

// inParallel runs b.N calls on so many goroutines and reports the rate.
func inParallel(b *testing.B, workers int, f func(i int) error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range workers {
		wg.Go(func() {
			for i := int(next.Add(1)); i <= b.N; i = int(next.Add(1)) {
				if err := f(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
}

// BenchmarkQueuePage is the page of 20 of a work queue with 16 readers at once,
// half of them on a later page.
func BenchmarkQueuePage(b *testing.B) {
	for _, n := range benchSizes(b) {
		_, c := filled(b, n)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			took := make([]time.Duration, b.N)
			inParallel(b, 16, func(i int) error {
				begun := time.Now()
				f := bson.D{{Key: "queues", Value: fmt.Sprintf("q%d", i%queues)}}
				if i%2 == 0 {
					from := caseDoc(rand.IntN(n))
					f = append(f, after(from[4].Value, from[0].Value))
				}
				cur, err := c.Find(context.Background(), f, options.Find().SetLimit(20).SetSort(queueOrder()))
				if err != nil {
					return err
				}
				var page []bson.Raw
				err = cur.All(context.Background(), &page)
				took[i-1] = time.Since(begun)
				return err
			})
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}

func queueOrder() bson.D { return bson.D{{Key: "updated", Value: -1}, {Key: "_id", Value: -1}} }

// after is the condition of the page behind a document.
func after(updated, id any) bson.E {
	return bson.E{Key: "$or", Value: bson.A{
		bson.D{{Key: "updated", Value: bson.D{{Key: "$lt", Value: updated}}}},
		bson.D{{Key: "updated", Value: updated}, {Key: "_id", Value: bson.D{{Key: "$lt", Value: id}}}},
	}}
}

func BenchmarkCountQueue(b *testing.B) {
	for _, n := range benchSizes(b) {
		_, c := filled(b, n)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			for b.Loop() {
				got, err := c.CountDocuments(b.Context(), bson.D{{Key: "queues", Value: "all"}})
				if err != nil || got != int64(n) {
					b.Fatal(got, err)
				}
			}
		})
	}
}
