package docserver

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

func TestSecondServerOnTheFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	openWith(t, Config{Path: path, Insecure: true})
	_, err := Open(t.Context(), Config{Path: path, Insecure: true, LockTimeout: 10 * time.Millisecond})
	if !errors.Is(err, ErrLocked) {
		t.Fatalf("want ErrLocked, got %v", err)
	}
}

func TestDataAndIndexesSurviveReopening(t *testing.T) {
	cfg := Config{Path: filepath.Join(t.TempDir(), "data.db"), User: "u", Password: "p"}
	s := openWith(t, cfg)
	c := dial(t, s).Database("hub").Collection("cases")
	index := mongo.IndexModel{Keys: D{e("tags", 1)}, Options: options.Index().SetUnique(true).SetPartialFilterExpression(D{e("on", true)})}
	if _, err := c.Indexes().CreateOne(t.Context(), index); err != nil {
		t.Fatal(err)
	}
	if _, err := c.InsertOne(t.Context(), D{e("_id", 1), e("on", true), e("tags", A{"a", "b"})}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openWith(t, cfg)
	c = dial(t, s).Database("hub").Collection("cases")
	if _, err := c.InsertOne(t.Context(), D{e("_id", 2), e("on", true), e("tags", "b")}); !mongo.IsDuplicateKeyError(err) {
		t.Fatalf("want a duplicate key error, got %v", err)
	}
	if _, err := c.InsertOne(t.Context(), D{e("_id", 3), e("on", false), e("tags", "b")}); err != nil {
		t.Fatalf("outside the partial index: %v", err)
	}
	ix := s.catalog.Load().colls["hub.cases"].indexes[0]
	if !ix.multikey[0] || ix.partial == nil || !ix.unique {
		t.Errorf("index forgot what it was: %+v", ix)
	}
}

// A storage error at any point of a group fails every command in it, keeps
// nothing, and leaves the server able to go on.
func TestStorageErrorIsFatalForItsGroup(t *testing.T) {
	for _, op := range []string{"put", "bucket", "commit"} {
		t.Run(op, func(t *testing.T) {
			var broken atomic.Bool
			full := errors.New("the disk is gone")
			s := open(t, func(c *Config) {
				c.fault = func(got string) error {
					if broken.Load() && got == op {
						return full
					}
					return nil
				}
			})
			c := dial(t, s, options.Client().SetRetryWrites(false)).Database("hub").Collection("cases")
			if op != "bucket" {
				if _, err := c.InsertOne(t.Context(), D{e("_id", "before")}); err != nil {
					t.Fatal(err)
				}
			}
			broken.Store(true)
			var wg sync.WaitGroup
			for i := range 8 {
				wg.Go(func() {
					_, err := c.InsertOne(context.Background(), D{e("_id", i)})
					if err == nil || !strings.Contains(err.Error(), "the disk is gone") {
						t.Errorf("want the storage error, got %v", err)
					}
				})
			}
			wg.Wait()
			broken.Store(false)
			if n, err := c.CountDocuments(t.Context(), D{e("_id", D{e("$type", "number")})}); err != nil || n != 0 {
				t.Fatalf("%d documents of failed writes are there, %v", n, err)
			}
			if _, err := c.InsertOne(t.Context(), D{e("_id", 0)}); err != nil {
				t.Fatalf("after the error: %v", err)
			}
		})
	}
}

// In one group, a command that breaks a rule fails alone and leaves nothing.
func TestRefusedWritesLeaveNoTrace(t *testing.T) {
	s := open(t)
	c := dial(t, s).Database("hub").Collection("cases")
	ctx := t.Context()
	for _, m := range []mongo.IndexModel{{Keys: D{e("a", 1)}}, {Keys: D{e("u", 1)}, Options: options.Index().SetUnique(true)}} {
		if _, err := c.Indexes().CreateOne(ctx, m); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.InsertOne(ctx, D{e("_id", 0), e("a", 0), e("u", 0)}); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", maxKeyBytes)
	for name, doc := range map[string]D{
		"duplicate behind another index": {e("_id", 1), e("a", 1), e("u", 0)},
		"key too long":                   {e("_id", 2), e("a", long), e("u", 2)},
		"id too long":                    {e("_id", long), e("u", 3)},
		"array id":                       {e("_id", A{1}), e("u", 4)},
	} {
		if _, err := c.InsertOne(ctx, doc); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := c.UpdateOne(ctx, D{e("_id", 0)}, D{e("$set", D{e("a", long)})}); err == nil {
		t.Error("update to a key too long: accepted")
	}
	for _, hint := range []string{"_id_", "a_1", "u_1"} {
		n, err := c.CountDocuments(ctx, D{}, options.Count().SetHint(hint))
		if err != nil || n != 1 {
			t.Errorf("through %s there are %d documents, %v", hint, n, err)
		}
	}
	// building a unique index over duplicates leaves no index
	if _, err := c.InsertOne(ctx, D{e("_id", 5), e("a", 0), e("u", 5)}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: D{e("a", -1)}, Options: options.Index().SetUnique(true)}); !mongo.IsDuplicateKeyError(err) {
		t.Errorf("want a duplicate key error, got %v", err)
	}
	if specs, err := c.Indexes().ListSpecifications(ctx); err != nil || len(specs) != 3 {
		t.Errorf("got %d indexes, %v", len(specs), err)
	}
}

func TestDuplicateKeyErrorSaysWhich(t *testing.T) {
	s := open(t)
	c := dial(t, s).Database("hub").Collection("cases")
	ctx := t.Context()
	if _, err := c.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: D{e("case", 1), e("seq", -1)}, Options: options.Index().SetUnique(true)}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.InsertOne(ctx, D{e("case", "x"), e("seq", 3)}); err != nil {
		t.Fatal(err)
	}
	_, err := c.InsertOne(ctx, D{e("case", "x"), e("seq", 3.0)})
	we, ok := errors.AsType[mongo.WriteException](err)
	if !ok || len(we.WriteErrors) != 1 || we.WriteErrors[0].Code != 11000 {
		t.Fatalf("got %v", err)
	}
	want := `E11000 duplicate key error collection: hub.cases index: case_1_seq_-1 dup key: { case: "x", seq: 3 }`
	if we.WriteErrors[0].Message != want {
		t.Errorf("got  %s\nwant %s", we.WriteErrors[0].Message, want)
	}
	if v := we.WriteErrors[0].Raw.Lookup("keyValue", "case").StringValue(); v != "x" {
		t.Errorf("keyValue.case is %q", v)
	}
	if v := we.WriteErrors[0].Raw.Lookup("keyPattern", "seq").AsInt64(); v != -1 {
		t.Errorf("keyPattern.seq is %d", v)
	}
}

// session makes the fields of a retryable write.
func session(id byte, n int64) D {
	uuid := primitive.Binary{Subtype: 4, Data: append(make([]byte, 15), id)}
	return D{e("lsid", D{e("id", uuid)}), e("txnNumber", n)}
}

func TestRetriedWriteIsAnsweredNotRepeated(t *testing.T) {
	cfg := Config{Path: filepath.Join(t.TempDir(), "data.db"), User: "u", Password: "p", SweepEvery: time.Hour}
	now := time.Now()
	cfg.Now = func() time.Time { return now }
	s := openWith(t, cfg)
	ctx := t.Context()
	inc := func(s *Server, n int64) (bson.Raw, error) {
		cmd := append(D{e("findAndModify", "c"), e("query", D{e("_id", 1)}), e("update", D{e("$inc", D{e("n", 1)})}), e("new", true), e("upsert", true)}, session(1, n)...)
		return dial(t, s).Database("hub").RunCommand(ctx, cmd).Raw()
	}
	if r, err := inc(s, 1); err != nil || r.Lookup("value", "n").AsInt64() != 1 {
		t.Fatal(r, err)
	}
	if r, err := inc(s, 1); err != nil || r.Lookup("value", "n").AsInt64() != 1 {
		t.Fatalf("retry: %v, %v", r, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openWith(t, cfg)
	if r, err := inc(s, 1); err != nil || r.Lookup("value", "n").AsInt64() != 1 {
		t.Fatalf("retry after reopening: %v, %v", r, err)
	}
	if r, err := inc(s, 2); err != nil || r.Lookup("value", "n").AsInt64() != 2 {
		t.Fatalf("next: %v, %v", r, err)
	}
	if _, err := inc(s, 1); !hasCode(err, 225) {
		t.Fatalf("older number: want TransactionTooOld, got %v", err)
	}
	now = now.Add(31 * time.Minute)
	s.sweep()
	if r, err := inc(s, 2); err != nil || r.Lookup("value", "n").AsInt64() != 3 {
		t.Fatalf("after the session's life it is a new write: %v, %v", r, err)
	}
}

func hasCode(err error, code int) bool {
	se, ok := errors.AsType[mongo.ServerError](err)
	return ok && se.HasErrorCode(code)
}

func TestExpiredDocumentsAreSwept(t *testing.T) {
	now := time.Now()
	s := open(t, func(c *Config) { c.Now = func() time.Time { return now }; c.SweepEvery = time.Hour })
	c := dial(t, s).Database("hub").Collection("sessions")
	ctx := t.Context()
	ttl := mongo.IndexModel{Keys: D{e("at", 1)}, Options: options.Index().SetExpireAfterSeconds(60)}
	if _, err := c.Indexes().CreateOne(ctx, ttl); err != nil {
		t.Fatal(err)
	}
	var docs []any
	for i := range 2*sweepBatch + 10 {
		docs = append(docs, D{e("_id", i), e("at", now.Add(-2*time.Minute))})
	}
	docs = append(docs, D{e("_id", "fresh"), e("at", now)}, D{e("_id", "text"), e("at", "never")}, D{e("_id", "none")})
	if _, err := c.InsertMany(ctx, docs); err != nil {
		t.Fatal(err)
	}
	s.sweep()
	if n, err := c.CountDocuments(ctx, D{}); err != nil || n != 3 {
		t.Fatalf("%d left, %v; want 3", n, err)
	}
	now = now.Add(2 * time.Minute)
	s.sweep()
	if n, err := c.CountDocuments(ctx, D{e("_id", "fresh")}); err != nil || n != 0 {
		t.Fatalf("%d left, %v; want 0", n, err)
	}
}
