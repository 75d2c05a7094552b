package spectest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"golang.org/x/sync/errgroup"
)

const writers = 32

// race runs fn in every writer at once and reports the first error.
func race(t *testing.T, fn func(ctx context.Context, writer int) error) {
	t.Helper()
	start := make(chan struct{})
	g, ctx := errgroup.WithContext(t.Context())
	for w := range writers {
		g.Go(func() error {
			<-start
			return fn(ctx, w)
		})
	}
	close(start)
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

func raceCollection(t *testing.T) *mongo.Collection {
	t.Helper()
	client := connect(t, startServer(t))
	return freshDatabase(t, client, "spectest-race").Collection("docs")
}

func mustInsert(t *testing.T, c *mongo.Collection, docs ...any) {
	t.Helper()
	if _, err := c.InsertMany(t.Context(), docs); err != nil {
		t.Fatalf("insert: %v", err)
	}
}

type versioned struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
}

// Every version is won by exactly one writer, and no success is lost.
func TestCompareAndSetLosesNothing(t *testing.T) {
	filter := func(v int64) bson.D { return bson.D{{Key: "_id", Value: "head"}, {Key: "version", Value: v}} }
	next := bson.D{{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}}
	ways := map[string]func(context.Context, *mongo.Collection, int64) (bool, error){
		"findOneAndUpdate": func(ctx context.Context, c *mongo.Collection, v int64) (bool, error) {
			err := c.FindOneAndUpdate(ctx, filter(v), next).Err()
			if errors.Is(err, mongo.ErrNoDocuments) {
				return false, nil
			}
			return err == nil, err
		},
		"updateOne": func(ctx context.Context, c *mongo.Collection, v int64) (bool, error) {
			r, err := c.UpdateOne(ctx, filter(v), next)
			return err == nil && r.ModifiedCount == 1, err
		},
	}
	for name, swap := range ways {
		t.Run(name, func(t *testing.T) {
			c := raceCollection(t)
			mustInsert(t, c, versioned{ID: "head"})
			var mu sync.Mutex
			won := map[int64]int{}
			race(t, func(ctx context.Context, _ int) error {
				for range 15 {
					var head versioned
					if err := c.FindOne(ctx, bson.D{{Key: "_id", Value: "head"}}).Decode(&head); err != nil {
						return fmt.Errorf("read the head: %w", err)
					}
					ok, err := swap(ctx, c, head.Version)
					if err != nil {
						return fmt.Errorf("swap version %d: %w", head.Version, err)
					}
					if ok {
						mu.Lock()
						won[head.Version]++
						mu.Unlock()
					}
				}
				return nil
			})
			var head versioned
			if err := c.FindOne(t.Context(), bson.D{}).Decode(&head); err != nil {
				t.Fatal(err)
			}
			for v, n := range won {
				if n != 1 {
					t.Errorf("version %d was won by %d writers", v, n)
				}
			}
			if int(head.Version) != len(won) || len(won) == 0 {
				t.Errorf("%d successes reported, %d applied", len(won), head.Version)
			}
		})
	}
}

func TestIncrementsAreAllApplied(t *testing.T) {
	c := raceCollection(t)
	const each = 20
	byID := bson.D{{Key: "_id", Value: "n"}}
	race(t, func(ctx context.Context, _ int) error {
		for range each {
			inc := bson.D{{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}}
			if _, err := c.UpdateOne(ctx, byID, inc, options.Update().SetUpsert(true)); err != nil {
				return fmt.Errorf("increment: %w", err)
			}
		}
		return nil
	})
	var got versioned
	if err := c.FindOne(t.Context(), byID).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.Version != writers*each {
		t.Errorf("%d increments acknowledged, %d applied", writers*each, got.Version)
	}
}

func TestJobsAreClaimedOnce(t *testing.T) {
	c := raceCollection(t)
	const jobs = 300
	docs := make([]any, jobs)
	for i := range docs {
		docs[i] = bson.D{{Key: "_id", Value: i}, {Key: "state", Value: "open"}}
	}
	mustInsert(t, c, docs...)
	var mu sync.Mutex
	claimed := map[int32]int{}
	race(t, func(ctx context.Context, w int) error {
		take := bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: "taken"}, {Key: "by", Value: w}}}}
		for {
			var job struct {
				ID int32 `bson:"_id"`
			}
			err := c.FindOneAndUpdate(ctx, bson.D{{Key: "state", Value: "open"}}, take).Decode(&job)
			if errors.Is(err, mongo.ErrNoDocuments) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("claim: %w", err)
			}
			mu.Lock()
			claimed[job.ID]++
			mu.Unlock()
		}
	})
	for id, n := range claimed {
		if n != 1 {
			t.Errorf("job %d was claimed %d times", id, n)
		}
	}
	if len(claimed) != jobs {
		t.Errorf("%d of %d jobs were claimed", len(claimed), jobs)
	}
}

// Appending by a unique key leaves a gapless sequence in which every acknowledged
// event is the one its writer sent.
func TestAppendsAreUniqueAndGapless(t *testing.T) {
	ways := map[string]func(chain string, seq int) any{
		"by _id":          func(chain string, seq int) any { return fmt.Sprintf("%s/%010d", chain, seq) },
		"by unique index": func(string, int) any { return nil },
	}
	for name, id := range ways {
		t.Run(name, func(t *testing.T) {
			c := raceCollection(t)
			unique := mongo.IndexModel{
				Keys:    bson.D{{Key: "chain", Value: 1}, {Key: "seq", Value: 1}},
				Options: options.Index().SetUnique(true),
			}
			if _, err := c.Indexes().CreateOne(t.Context(), unique); err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			acked := map[string]string{}
			race(t, func(ctx context.Context, w int) error {
				chain := fmt.Sprint("c", w%4)
				for i, seq := 0, 1; i < 10; seq++ {
					by := fmt.Sprintf("w%d/%d", w, i)
					doc := bson.D{{Key: "chain", Value: chain}, {Key: "seq", Value: seq}, {Key: "by", Value: by}}
					if v := id(chain, seq); v != nil {
						doc = append(doc, bson.E{Key: "_id", Value: v})
					}
					_, err := c.InsertOne(ctx, doc)
					if mongo.IsDuplicateKeyError(err) {
						continue // somebody else has this number
					}
					if err != nil {
						return fmt.Errorf("append: %w", err)
					}
					mu.Lock()
					acked[fmt.Sprint(chain, "/", seq)] = by
					mu.Unlock()
					i++
				}
				return nil
			})
			checkChains(t, c, acked)
		})
	}
}

// checkChains compares the stored events with the acknowledged ones.
func checkChains(t *testing.T, c *mongo.Collection, acked map[string]string) {
	t.Helper()
	var events []struct {
		Chain string `bson:"chain"`
		Seq   int    `bson:"seq"`
		By    string `bson:"by"`
	}
	cur, err := c.Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	if err := cur.All(t.Context(), &events); err != nil {
		t.Fatal(err)
	}
	stored := map[string]string{}
	last, count := map[string]int{}, map[string]int{}
	for _, e := range events {
		stored[fmt.Sprint(e.Chain, "/", e.Seq)] = e.By
		last[e.Chain] = max(last[e.Chain], e.Seq)
		count[e.Chain]++
	}
	for key, by := range acked {
		if stored[key] != by {
			t.Errorf("event %s acknowledged to %s, stored is %q", key, by, stored[key])
		}
	}
	for chain, n := range count {
		if last[chain] != n {
			t.Errorf("chain %s: %d events, last number %d", chain, n, last[chain])
		}
	}
}

func TestUpsertRaceHasOneWinner(t *testing.T) {
	c := raceCollection(t)
	for round := range 8 {
		var inserted atomic.Int32
		var winner atomic.Int64
		race(t, func(ctx context.Context, w int) error {
			r, err := c.UpdateOne(ctx,
				bson.D{{Key: "_id", Value: round}},
				bson.D{{Key: "$setOnInsert", Value: bson.D{{Key: "by", Value: w}}}},
				options.Update().SetUpsert(true))
			if mongo.IsDuplicateKeyError(err) { // what MongoDB may answer to the slower one
				return nil
			}
			if err != nil {
				return fmt.Errorf("upsert: %w", err)
			}
			if r.UpsertedCount == 1 {
				inserted.Add(1)
				winner.Store(int64(w))
			}
			return nil
		})
		var doc struct {
			By int64 `bson:"by"`
		}
		if err := c.FindOne(t.Context(), bson.D{{Key: "_id", Value: round}}).Decode(&doc); err != nil {
			t.Fatal(err)
		}
		if inserted.Load() != 1 || doc.By != winner.Load() {
			t.Errorf("round %d: %d upserts won, stored is that of %d", round, inserted.Load(), doc.By)
		}
	}
}

// A lock document lets one writer in at a time.
func TestLockByInsertExcludesOthers(t *testing.T) {
	c := raceCollection(t)
	lock := bson.D{{Key: "_id", Value: "lock"}}
	var inside, entered atomic.Int32
	race(t, func(ctx context.Context, _ int) error {
		for range 20 {
			_, err := c.InsertOne(ctx, lock)
			if mongo.IsDuplicateKeyError(err) {
				continue
			}
			if err != nil {
				return fmt.Errorf("lock: %w", err)
			}
			if n := inside.Add(1); n != 1 {
				return fmt.Errorf("%d writers hold the lock", n)
			}
			entered.Add(1)
			inside.Add(-1)
			if r, err := c.DeleteOne(ctx, lock); err != nil || r.DeletedCount != 1 {
				return fmt.Errorf("unlock: %v %w", r, err)
			}
		}
		return nil
	})
	if entered.Load() == 0 {
		t.Error("nobody got the lock")
	}
}
