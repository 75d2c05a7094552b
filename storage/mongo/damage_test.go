package mongo_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"

	"tongban/hub"
	"tongban/storage/mongo"
	"tongban/storage/storetest"
)

// Whoever changes a stored event beside its bytes, or the bytes, is found out.
func TestAChangedEventIsABrokenChain(t *testing.T) {
	for field, value := range map[string]any{
		"case": "another", "seq": int64(3), "cmd": "another", "kind": "case.closed", "at": benchDay, "raw": []byte("{}"),
	} {
		t.Run(field, func(t *testing.T) {
			db := open(t)
			must(t, db.Events().Append(t.Context(), storetest.Event(t, "c", 1, "k1")))
			must(t, db.Events().Append(t.Context(), storetest.Event(t, "c", 2, "k2")))
			r, err := mongo.Collection(db, "events").UpdateOne(t.Context(),
				bson.M{"_id": "c/0000000002"}, bson.M{"$set": bson.M{field: value}})
			must(t, err)
			if r.ModifiedCount != 1 {
				t.Fatal("nothing was changed")
			}
			if _, err := db.Events().Chain(t.Context(), "c", 0); hub.ErrorCode(err) != hub.BrokenChain {
				t.Errorf("read as %v", err)
			}
		})
	}
}

// A follower that is far behind catches up page by page and misses nothing.
func TestChangedCatchesUpInPages(t *testing.T) {
	db := open(t)
	rows := make([]hub.Row, 200)
	for n := range rows {
		rows[n] = benchRow(n)
	}
	stamp := func(i int) time.Time { return benchDay.Add(time.Duration(i/3) * 700 * time.Millisecond) }
	must(t, mongo.LoadRows(t.Context(), db, rows, stamp))
	const limit = 10
	seen := map[hub.CaseID]bool{}
	var since time.Time
	for calls := 0; len(seen) < len(rows); calls++ {
		page, next, err := db.Cases().Changed(t.Context(), since, limit)
		must(t, err)
		if len(page) > limit+12 { // and the rows of two seconds
			t.Fatalf("a page of %d rows", len(page))
		}
		for _, r := range page {
			seen[r.ID] = true
		}
		if len(seen) < len(rows) && !next.After(since) || calls > len(rows) {
			t.Fatalf("stuck at %s with %d of %d rows", since, len(seen), len(rows))
		}
		since = next
	}
	if want := stamp(len(rows) - 1).Add(-2 * time.Second); !since.Equal(want) {
		t.Errorf("ends at %s, want %s", since, want)
	}
}

func TestErrorsAreTranslatedAtTheEdge(t *testing.T) {
	command := func(code int32, labels ...string) error {
		return driver.CommandError{Code: code, Labels: labels, Message: "m"}
	}
	for want, errs := range map[hub.Code][]error{
		"":           {nil},
		hub.NotFound: {driver.ErrNoDocuments, fmt.Errorf("x: %w", driver.ErrNoDocuments)},
		hub.Conflict: {
			command(11000),
			driver.WriteException{WriteErrors: driver.WriteErrors{{Code: 11000}}, WriteConcernError: &driver.WriteConcernError{Code: 64}},
		},
		hub.Unavailable: {
			context.DeadlineExceeded, context.Canceled, driver.ErrClientDisconnected,
			topology.ServerSelectionError{Wrapped: errors.New("x")},
			topology.ConnectionError{Wrapped: errors.New("x")},
			command(0, "NetworkError"), command(0, "RetryableWriteError"), command(10107), command(189), command(50),
			driver.WriteException{WriteConcernError: &driver.WriteConcernError{Code: 64}},
		},
		hub.Internal:    {errors.New("x"), command(2), driver.WriteException{WriteErrors: driver.WriteErrors{{Code: 2}}}},
		hub.BrokenChain: {hub.E(hub.BrokenChain, "x"), fmt.Errorf("event: %w", hub.E(hub.BrokenChain, "x"))},
	} {
		for _, err := range errs {
			got := mongo.Translate(err)
			if hub.ErrorCode(got) != want {
				t.Errorf("%v becomes %v, want %q", err, got, want)
			}
		}
	}
}

func TestAServerThatIsNotThereIsUnavailable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, l.Close())
	began := time.Now()
	_, err = mongo.Open(t.Context(), mongo.Config{URI: "mongodb://" + l.Addr().String(), Database: "d", Timeout: 100 * time.Millisecond})
	if hub.ErrorCode(err) != hub.Unavailable {
		t.Errorf("got %v after %s", err, time.Since(began))
	}
	for _, cfg := range []mongo.Config{{}, {URI: "mongodb://localhost"}, {Database: "d"}, {URI: "http://localhost", Database: "d"}} {
		if _, err := mongo.Open(t.Context(), cfg); err == nil {
			t.Errorf("%+v was accepted", cfg)
		}
	}
}

func TestAClosedConnectionIsUnavailable(t *testing.T) {
	db := open(t)
	uri, name := storetest.Mongo(t)
	second, err := mongo.Open(t.Context(), mongo.Config{URI: uri, Database: name})
	must(t, err)
	must(t, second.Ready(t.Context()))
	must(t, second.Close(t.Context()))
	if err := second.Ready(t.Context()); hub.ErrorCode(err) != hub.Unavailable {
		t.Errorf("ready: %v", err)
	}
	if _, err := second.Counters().Next(t.Context(), "x"); hub.ErrorCode(err) != hub.Unavailable {
		t.Errorf("next: %v", err)
	}
	must(t, db.Ready(t.Context()))
}

func TestIndexesAreMadeOnce(t *testing.T) {
	db := open(t)
	must(t, db.EnsureIndexes(t.Context()))
	specs, err := mongo.Collection(db, "logins").Indexes().ListSpecifications(t.Context())
	must(t, err)
	for _, s := range specs {
		if s.Name == "expires" && s.ExpireAfterSeconds != nil && *s.ExpireAfterSeconds == 0 {
			return
		}
	}
	t.Errorf("expired logins are never removed: %v", specs)
}
