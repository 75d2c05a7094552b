package spectest

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// indexedQuery is a query that an index answers; its cost must not depend on how many
// other documents there are.
type indexedQuery struct {
	name   string
	index  string             // the index that has to answer it; servers differ about _id
	filter func(n int) bson.D // of a collection of n documents
	sort   bson.D
	limit  int64
}

func indexedQueries() []indexedQuery {
	key := func(k string, v any) bson.D { return bson.D{{Key: k, Value: v}} }
	return []indexedQuery{
		{name: "id", filter: func(n int) bson.D { return key("_id", n/2) }},
		{name: "unique", index: "serial_1", filter: func(n int) bson.D { return key("serial", serial(n/2)) }},
		{
			name:  "page",
			index: "tenant_1_status_1_updated_-1",
			filter: func(int) bson.D {
				return bson.D{{Key: "tenant", Value: "t3"}, {Key: "status", Value: "open"}}
			},
			sort:  key("updated", -1),
			limit: 20,
		},
		{
			name:  "range",
			index: "updated_1",
			filter: func(n int) bson.D {
				return key("updated", bson.D{{Key: "$gte", Value: n / 2}, {Key: "$lt", Value: n/2 + 20}})
			},
		},
	}
}

func serial(i int) string { return fmt.Sprintf("S%012d", i) }

// fill makes a collection of n documents with the indexes of the queries.
func fill(tb testing.TB, c *mongo.Collection, n int, payload []byte) {
	tb.Helper()
	models := []mongo.IndexModel{
		{Keys: bson.D{{Key: "serial", Value: 1}}, Options: options.Index().SetUnique(true)},
		{Keys: bson.D{{Key: "tenant", Value: 1}, {Key: "status", Value: 1}, {Key: "updated", Value: -1}}},
		{Keys: bson.D{{Key: "updated", Value: 1}}},
	}
	if _, err := c.Indexes().CreateMany(tb.Context(), models); err != nil {
		tb.Fatalf("create the indexes: %v", err)
	}
	insertPlain(tb, c, n, payload)
}

// insertPlain inserts n documents in batches of at most 8 MiB.
func insertPlain(tb testing.TB, c *mongo.Collection, n int, payload []byte) {
	tb.Helper()
	batch := min(2000, 1+(8<<20)/(len(payload)+200))
	for from := 0; from < n; from += batch {
		docs := make([]any, 0, batch)
		for i := from; i < min(n, from+batch); i++ {
			docs = append(docs, bson.D{
				{Key: "_id", Value: i},
				{Key: "serial", Value: serial(i)},
				{Key: "tenant", Value: fmt.Sprint("t", i%10)},
				{Key: "status", Value: []string{"open", "done", "shut"}[i%3]},
				{Key: "updated", Value: i},
				{Key: "payload", Value: payload},
			})
		}
		if _, err := c.InsertMany(tb.Context(), docs); err != nil {
			tb.Fatalf("insert from %d: %v", from, err)
		}
	}
}

// stages asks the server how it finds the query's documents: the stages of its plan
// and the indexes they use.
func stages(t *testing.T, c *mongo.Collection, q indexedQuery, n int) []string {
	t.Helper()
	find := bson.D{{Key: "find", Value: c.Name()}, {Key: "filter", Value: q.filter(n)}}
	if q.sort != nil {
		find = append(find, bson.E{Key: "sort", Value: q.sort})
	}
	if q.limit > 0 {
		find = append(find, bson.E{Key: "limit", Value: q.limit})
	}
	explain := bson.D{{Key: "explain", Value: find}, {Key: "verbosity", Value: "queryPlanner"}}
	var reply struct {
		Planner struct {
			Plan plan `bson:"winningPlan"`
		} `bson:"queryPlanner"`
	}
	if err := c.Database().RunCommand(t.Context(), explain).Decode(&reply); err != nil {
		t.Fatalf("explain %s: %v", q.name, err)
	}
	var list []string
	for p := &reply.Planner.Plan; p != nil; p = p.Input {
		list = append(list, strings.TrimSpace(p.Stage+" "+p.Index))
	}
	return list
}

// plan is a stage of a query plan and the one it reads from.
type plan struct {
	Stage string `bson:"stage"`
	Index string `bson:"indexName"`
	Input *plan  `bson:"inputStage"`
}

// An indexed query is answered from its index, in the order of the index.
func TestIndexedQueriesNeitherScanNorSort(t *testing.T) {
	client := connect(t, startServer(t))
	c := freshDatabase(t, client, "spectest-plan").Collection("docs")
	const n = 1_000
	fill(t, c, n, nil)
	for _, q := range indexedQueries() {
		found := stages(t, c, q, n)
		if slices.Contains(found, "COLLSCAN") || slices.Contains(found, "SORT") {
			t.Errorf("%s: %v", q.name, found)
		}
		if last := found[len(found)-1]; q.index != "" && last != "IXSCAN "+q.index {
			t.Errorf("%s: want index %s, got %v", q.name, q.index, found)
		}
	}
}

// liveHeap is the memory of reachable and not yet swept objects, in bytes.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// peakOfListing reads the whole collection and returns how far the heap of this
// process, server and client in one, rose above where it was.
func peakOfListing(tb testing.TB, c *mongo.Collection, want int) uint64 {
	tb.Helper()
	runtime.GC()
	before, peak := liveHeap(), uint64(0)
	cur, err := c.Find(tb.Context(), bson.D{})
	if err != nil {
		tb.Fatal(err)
	}
	defer cur.Close(context.WithoutCancel(tb.Context()))
	n := 0
	for cur.Next(tb.Context()) {
		if n++; n%50 == 0 {
			peak = max(peak, liveHeap())
		}
	}
	if err := cur.Err(); err != nil {
		tb.Fatal(err)
	}
	if n != want {
		tb.Fatalf("listed %d of %d documents", n, want)
	}
	return peak - min(peak, before)
}

// Listing a collection of 94 MiB must not hold it in memory.
func TestListingStreams(t *testing.T) {
	if external() != "" {
		t.Skip("the memory of another process is not ours to measure")
	}
	const (
		docs    = 2_000
		payload = 48 << 10
		limit   = 48 << 20
	)
	c := connect(t, startServer(t)).Database("spectest-stream").Collection("docs")
	insertPlain(t, c, docs, make([]byte, payload))
	if peak := peakOfListing(t, c, docs); peak > limit {
		t.Errorf("listing %d MiB raised the heap by %d MiB, limit %d", docs*payload>>20, peak>>20, limit>>20)
	}
}

// BenchmarkListMillion lists 1 000 000 documents; peak-MiB is to stay below 200.
func BenchmarkListMillion(b *testing.B) {
	c := freshDatabase(b, connect(b, startServer(b)), "spectest-list").Collection("docs")
	const docs = 1_000_000
	insertPlain(b, c, docs, make([]byte, 100))
	peak := uint64(0)
	for b.Loop() {
		peak = max(peak, peakOfListing(b, c, docs))
	}
	b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
	b.ReportMetric(float64(docs)*float64(b.N)/b.Elapsed().Seconds(), "docs/s")
}

// BenchmarkIndexQuery runs each indexed query over growing collections. x-of-1k is how
// many times slower the median is than on the smallest collection, measured in turns
// with it so that a busy machine slows both; it is to stay below 2.
func BenchmarkIndexQuery(b *testing.B) {
	client := connect(b, startServer(b))
	sizes := []int{1_000, 10_000, 100_000, 300_000}
	collections := make([]*mongo.Collection, len(sizes))
	for i, n := range sizes {
		collections[i] = freshDatabase(b, client, fmt.Sprint("spectest-index-", n)).Collection("docs")
		fill(b, collections[i], n, nil)
	}
	for _, q := range indexedQueries() {
		for i, n := range sizes {
			b.Run(fmt.Sprintf("%s/docs=%dk", q.name, n/1000), func(b *testing.B) {
				var these, first []time.Duration
				for b.Loop() {
					these = append(these, runQuery(b, collections[i], q, n))
					b.StopTimer()
					first = append(first, runQuery(b, collections[0], q, sizes[0]))
					b.StartTimer()
				}
				b.ReportMetric(float64(median(these))/float64(median(first)), "x-of-1k")
			})
		}
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// runQuery runs the query once and returns how long it took.
func runQuery(b *testing.B, c *mongo.Collection, q indexedQuery, n int) time.Duration {
	b.Helper()
	start := time.Now()
	opts := options.Find().SetLimit(q.limit)
	if q.sort != nil {
		opts.SetSort(q.sort)
	}
	cur, err := c.Find(b.Context(), q.filter(n), opts)
	if err != nil {
		b.Fatal(err)
	}
	var docs []bson.Raw
	if err := cur.All(b.Context(), &docs); err != nil || len(docs) == 0 {
		b.Fatalf("%d documents: %v", len(docs), err)
	}
	return time.Since(start)
}
