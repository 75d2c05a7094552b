package docserver

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

func TestTransactionKeepsAllOrNothing(t *testing.T) {
	s := open(t)
	client := dial(t, s)
	c := client.Database("hub").Collection("accounts")
	ctx := t.Context()
	if _, err := c.InsertMany(ctx, []any{D{e("_id", "a"), e("n", 10)}, D{e("_id", "b"), e("n", 0)}}); err != nil {
		t.Fatal(err)
	}
	sess, err := client.StartSession()
	if err != nil {
		t.Fatal(err)
	}
	defer sess.EndSession(ctx)
	refuse := errors.New("no")
	move := func(fail bool) error {
		_, err := sess.WithTransaction(ctx, func(ctx mongo.SessionContext) (any, error) {
			for id, by := range map[string]int{"a": -5, "b": 5} {
				if _, err := c.UpdateByID(ctx, id, D{e("$inc", D{e("n", by)})}); err != nil {
					return nil, err
				}
			}
			if n, err := c.CountDocuments(ctx, D{e("n", 5)}); err != nil || n != 2 {
				t.Errorf("inside, its own writes are seen: %d, %v", n, err)
			}
			if n, err := c.CountDocuments(context.WithoutCancel(t.Context()), D{e("n", 5)}); err != nil || n != 0 {
				t.Errorf("outside, nothing is seen: %d, %v", n, err)
			}
			if fail {
				return nil, refuse
			}
			return nil, nil
		})
		return err
	}
	if err := move(true); !errors.Is(err, refuse) {
		t.Fatal(err)
	}
	if n, _ := c.CountDocuments(ctx, D{e("n", 5)}); n != 0 {
		t.Fatal("an aborted transaction left something")
	}
	if err := move(false); err != nil {
		t.Fatal(err)
	}
	if n, _ := c.CountDocuments(ctx, D{e("n", 5)}); n != 2 {
		t.Fatal("a committed transaction is not there")
	}
}

func TestTransactionsAreSerial(t *testing.T) {
	s := open(t)
	client := dial(t, s)
	c := client.Database("hub").Collection("n")
	if _, err := c.InsertOne(t.Context(), D{e("_id", 1), e("n", 0)}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			sess, err := client.StartSession()
			if err != nil {
				t.Error(err)
				return
			}
			defer sess.EndSession(context.Background())
			for range 10 {
				_, err := sess.WithTransaction(context.Background(), func(ctx mongo.SessionContext) (any, error) {
					var d struct{ N int }
					if err := c.FindOne(ctx, D{e("_id", 1)}).Decode(&d); err != nil {
						return nil, err
					}
					return c.UpdateByID(ctx, 1, D{e("$set", D{e("n", d.N+1)})})
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var d struct{ N int }
	if err := c.FindOne(t.Context(), D{e("_id", 1)}).Decode(&d); err != nil || d.N != 80 {
		t.Fatalf("n is %d, %v; want 80", d.N, err)
	}
}

// txnCommand runs one command of a transaction by hand.
func txnCommand(t *testing.T, client *mongo.Client, id byte, n int64, start bool, db string, cmd D) (bson.Raw, error) {
	t.Helper()
	cmd = append(append(D{}, cmd...), session(id, n)...)
	cmd = append(cmd, e("autocommit", false))
	if start {
		cmd = append(cmd, e("startTransaction", true))
	}
	return client.Database(db).RunCommand(context.Background(), cmd).Raw()
}

func TestCommitMayBeRepeated(t *testing.T) {
	s := open(t)
	client := dial(t, s)
	insert := D{e("insert", "c"), e("documents", A{D{e("_id", 1)}})}
	if _, err := txnCommand(t, client, 1, 1, true, "hub", insert); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := txnCommand(t, client, 1, 1, false, "admin", D{e("commitTransaction", 1)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := txnCommand(t, client, 1, 1, false, "admin", D{e("abortTransaction", 1)}); !hasCode(err, 256) {
		t.Errorf("abort after commit: want TransactionCommitted, got %v", err)
	}
	_, err := txnCommand(t, client, 1, 2, false, "admin", D{e("commitTransaction", 1)})
	if ce, ok := errors.AsType[mongo.CommandError](err); !ok || ce.Code != 251 || !ce.HasErrorLabel(labelTransient) {
		t.Errorf("commit of nothing: want a transient NoSuchTransaction, got %v", err)
	}
	if _, err := txnCommand(t, client, 1, 1, true, "hub", insert); !hasCode(err, 225) {
		t.Errorf("number used again: want TransactionTooOld, got %v", err)
	}
}

func TestTransactionEndsAfterItsLife(t *testing.T) {
	s := open(t, func(c *Config) { c.TransactionLife = 20 * time.Millisecond })
	client := dial(t, s)
	if _, err := txnCommand(t, client, 1, 1, true, "hub", D{e("insert", "c"), e("documents", A{D{e("_id", 1)}})}); err != nil {
		t.Fatal(err)
	}
	// waits for the writer, and so for the end of the transaction
	if _, err := client.Database("hub").Collection("c").InsertOne(t.Context(), D{e("_id", 1)}); err != nil {
		t.Fatalf("the abandoned transaction kept something: %v", err)
	}
	if _, err := txnCommand(t, client, 1, 1, false, "admin", D{e("commitTransaction", 1)}); !hasCode(err, 251) {
		t.Errorf("want NoSuchTransaction, got %v", err)
	}
}

func TestCloseEndsOpenTransactions(t *testing.T) {
	s := open(t)
	client := dial(t, s, options.Client().SetServerSelectionTimeout(100*time.Millisecond))
	if _, err := txnCommand(t, client, 1, 1, true, "hub", D{e("insert", "c"), e("documents", A{D{e("_id", 1)}})}); err != nil {
		t.Fatal(err)
	}
	waiting := make(chan error, 1)
	go func() {
		_, err := client.Database("hub").Collection("c").InsertOne(context.Background(), D{e("_id", 2)})
		waiting <- err
	}()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	<-waiting //nolint:errcheck // only that it returns matters
}
