package spectest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

const (
	kills         = 10
	crashWriters  = 16
	chains        = 20
	roundDeadline = 20 * time.Second
)

// journal is what the writers know about their own writes, over all rounds.
type journal struct {
	mu      sync.Mutex
	events  map[string]string // "chain/seq" → writer, acknowledged
	pairs   map[string]bool   // acknowledged transactions
	counts  map[int]int       // acknowledged increments of each writer
	unknown map[int]int       // increments of which no answer came
	writes  int

	target  int // writes at which reached is closed
	reached chan struct{}
}

func (j *journal) do(f func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f()
	j.writes++
	if j.writes == j.target {
		close(j.reached)
	}
}

// after returns a channel that is closed once n more writes are done.
func (j *journal) after(n int) <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.target, j.reached = j.writes+n, make(chan struct{})
	return j.reached
}

// The server is killed ten times while sixteen writers append events, insert pairs in
// transactions and increment counters. Every acknowledged write is there afterwards,
// the others are there as a whole or not at all, and nothing was applied twice.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	if external() != "" {
		t.Skip("the server is not ours to kill")
	}
	path := filepath.Join(t.TempDir(), "docs.db")
	j := &journal{
		events: map[string]string{}, pairs: map[string]bool{},
		counts: map[int]int{}, unknown: map[int]int{},
	}
	for round := range kills {
		writeUntilKilled(t, path, round, j)
	}
	p := startProcess(t, path)
	db := connect(t, p.uri).Database("crash")
	checkChains(t, db.Collection("events"), j.events)
	checkIndexAgrees(t, db.Collection("events"))
	checkPairs(t, db, j.pairs)
	checkCounters(t, db.Collection("counters"), j)
	t.Logf("%d acknowledged writes, %d of them events, over %d kills", j.writes, len(j.events), kills)
}

// writeUntilKilled runs the writers and kills the server after a random number of
// acknowledged writes.
func writeUntilKilled(t *testing.T, path string, round int, j *journal) {
	t.Helper()
	p := startProcess(t, path)
	ctx, cancel := context.WithTimeout(t.Context(), roundDeadline)
	defer cancel()
	// The driver aborts transactions of a dead server too, and waits this long for it.
	patience := options.Client().SetServerSelectionTimeout(time.Second)
	client, err := mongo.Connect(ctx, options.Client().ApplyURI(p.uri), patience)
	if err != nil {
		t.Fatal(err)
	}
	for client.Ping(ctx, nil) != nil {
		if ctx.Err() != nil {
			t.Fatalf("round %d: the server does not answer: %v", round, ctx.Err())
		}
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }() // the server is dead
	db := client.Database("crash")
	unique := mongo.IndexModel{
		Keys:    bson.D{{Key: "chain", Value: 1}, {Key: "seq", Value: 1}},
		Options: options.Index().SetUnique(true),
	}
	if _, err := db.Collection("events").Indexes().CreateOne(ctx, unique); err != nil {
		t.Fatalf("round %d: create the index: %v", round, err)
	}
	moment := j.after(50 + rand.IntN(350))
	var wg sync.WaitGroup
	for w := range crashWriters {
		wg.Go(func() { (&crashWriter{db: db, j: j, id: w, round: round}).run(ctx) })
	}
	select {
	case <-moment:
	case <-ctx.Done():
		t.Errorf("round %d: too few writes in %v", round, roundDeadline)
	}
	p.kill()
	cancel()
	wg.Wait()
}

// crashWriter is one writer of one round.
type crashWriter struct {
	db        *mongo.Database
	j         *journal
	id, round int
}

func (w *crashWriter) run(ctx context.Context) {
	for i := 0; ctx.Err() == nil; i++ {
		name := fmt.Sprintf("r%d/w%d/%d", w.round, w.id, i)
		switch i % 4 {
		case 0, 1:
			w.appendEvent(ctx, name)
		case 2:
			w.increment(ctx)
		case 3:
			w.insertPair(ctx, name)
		}
	}
}

// appendEvent takes the next free number of a random chain.
func (w *crashWriter) appendEvent(ctx context.Context, by string) {
	events := w.db.Collection("events")
	chain := fmt.Sprint("c", rand.IntN(chains))
	var last struct {
		Seq int `bson:"seq"`
	}
	newest := options.FindOne().SetSort(bson.D{{Key: "seq", Value: -1}})
	err := events.FindOne(ctx, bson.D{{Key: "chain", Value: chain}}, newest).Decode(&last)
	if err != nil && ctx.Err() != nil {
		return
	}
	for seq := last.Seq + 1; ; seq++ {
		_, err := events.InsertOne(ctx, bson.D{
			{Key: "chain", Value: chain}, {Key: "seq", Value: seq}, {Key: "by", Value: by},
		})
		if mongo.IsDuplicateKeyError(err) {
			continue
		}
		if err == nil {
			w.j.do(func() { w.j.events[fmt.Sprint(chain, "/", seq)] = by })
		}
		return
	}
}

func (w *crashWriter) increment(ctx context.Context) {
	_, err := w.db.Collection("counters").UpdateOne(ctx,
		bson.D{{Key: "_id", Value: w.id}},
		bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}},
		options.Update().SetUpsert(true))
	w.j.do(func() {
		if err == nil {
			w.j.counts[w.id]++
		} else {
			w.j.unknown[w.id]++
		}
	})
}

// insertPair writes one document into each of two collections, in a transaction. A
// conflict with another writer is not tried again.
func (w *crashWriter) insertPair(ctx context.Context, id string) {
	session, err := w.db.Client().StartSession()
	if err != nil {
		return
	}
	defer session.EndSession(ctx) // aborts what is open
	if err := session.StartTransaction(); err != nil {
		return
	}
	sc, doc := mongo.NewSessionContext(ctx, session), bson.D{{Key: "_id", Value: id}}
	for _, half := range []string{"left", "right"} {
		if _, err := w.db.Collection(half).InsertOne(sc, doc); err != nil {
			return
		}
	}
	if session.CommitTransaction(sc) == nil {
		w.j.do(func() { w.j.pairs[id] = true })
	}
}

// checkIndexAgrees compares the collection with its unique index: a torn write would
// leave one without the other.
func checkIndexAgrees(t *testing.T, c *mongo.Collection) {
	t.Helper()
	read := func(hint bson.D) map[any]bool {
		ids := map[any]bool{}
		cur, err := c.Find(t.Context(), bson.D{}, options.Find().SetHint(hint))
		if err != nil {
			t.Fatal(err)
		}
		var docs []bson.D
		if err := cur.All(t.Context(), &docs); err != nil {
			t.Fatal(err)
		}
		for _, d := range docs {
			ids[d[0].Value] = true // _id comes first
		}
		return ids
	}
	scan := read(bson.D{{Key: "$natural", Value: 1}})
	index := read(bson.D{{Key: "chain", Value: 1}, {Key: "seq", Value: 1}})
	if len(scan) != len(index) {
		t.Errorf("%d events in the collection, %d in its index", len(scan), len(index))
	}
	for id := range scan {
		if !index[id] {
			t.Errorf("event %v is not in the index", id)
		}
	}
}

func checkPairs(t *testing.T, db *mongo.Database, acked map[string]bool) {
	t.Helper()
	read := func(name string) map[string]bool {
		ids, err := db.Collection(name).Distinct(t.Context(), "_id", bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		set := map[string]bool{}
		for _, id := range ids {
			set[fmt.Sprint(id)] = true
		}
		return set
	}
	left, right := read("left"), read("right")
	for id := range acked {
		if !left[id] || !right[id] {
			t.Errorf("acknowledged transaction %s: left %v, right %v", id, left[id], right[id])
		}
	}
	for id := range left {
		if !right[id] {
			t.Errorf("half of transaction %s is stored", id)
		}
	}
	if len(left) != len(right) {
		t.Errorf("%d left halves, %d right halves", len(left), len(right))
	}
}

func checkCounters(t *testing.T, c *mongo.Collection, j *journal) {
	t.Helper()
	for w := range crashWriters {
		var got struct {
			N int `bson:"n"`
		}
		if err := c.FindOne(t.Context(), bson.D{{Key: "_id", Value: w}}).Decode(&got); err != nil {
			t.Fatalf("counter %d: %v", w, err)
		}
		if low, high := j.counts[w], j.counts[w]+j.unknown[w]; got.N < low || got.N > high {
			t.Errorf("counter %d is %d, want %d to %d", w, got.N, low, high)
		}
	}
}
