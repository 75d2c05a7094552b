package docserver

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// open starts a server on a new file with changes made to its configuration.
func open(tb testing.TB, change ...func(*Config)) *Server {
	tb.Helper()
	cfg := Config{Path: filepath.Join(tb.TempDir(), "data.db"), User: "hub", Password: "s3cret/@pass"}
	for _, f := range change {
		f(&cfg)
	}
	return openWith(tb, cfg)
}

func openWith(tb testing.TB, cfg Config) *Server {
	tb.Helper()
	s, err := Open(context.Background(), cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// dial connects a driver client to s.
func dial(tb testing.TB, s *Server, opts ...*options.ClientOptions) *mongo.Client {
	tb.Helper()
	all := append([]*options.ClientOptions{options.Client().ApplyURI(s.URI()).SetServerSelectionTimeout(10 * time.Second)}, opts...)
	c, err := mongo.Connect(context.Background(), all...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Disconnect(context.Background()) })
	return c
}

func TestDriverWritesAndReadsBack(t *testing.T) {
	s := open(t)
	c := dial(t, s).Database("hub").Collection("cases")
	ctx := t.Context()
	if _, err := c.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "n", Value: 1}}, Options: options.Index().SetUnique(true)}); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if _, err := c.InsertOne(ctx, bson.D{{Key: "_id", Value: i}, {Key: "n", Value: i * 2}}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.InsertOne(ctx, bson.D{{Key: "_id", Value: 99}, {Key: "n", Value: 4.0}})
	if !mongo.IsDuplicateKeyError(err) {
		t.Fatalf("want a duplicate key error, got %v", err)
	}
	var got struct {
		ID int `bson:"_id"`
		N  int
	}
	err = c.FindOneAndUpdate(ctx, bson.D{{Key: "n", Value: bson.D{{Key: "$gt", Value: 9}}}}, bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 100}}}},
		options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&got)
	if err != nil || got.ID != 5 || got.N != 110 {
		t.Fatalf("got %+v, %v", got, err)
	}
	n, err := c.CountDocuments(ctx, bson.D{})
	t.Log(n, err)
	res, err := c.UpdateMany(ctx, bson.D{}, bson.D{{Key: "$set", Value: bson.D{{Key: "x.y", Value: "z"}}}})
	if err != nil || res.ModifiedCount != 10 {
		t.Fatalf("got %+v, %v", res, err)
	}
	del, err := c.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$lt", Value: 3}}}})
	if err != nil || del.DeletedCount != 3 {
		t.Fatalf("got %+v, %v", del, err)
	}
	cur, err := c.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "n", Value: -1}}).SetBatchSize(2))
	if err != nil {
		t.Fatal(err)
	}
	var all []bson.D
	if err := cur.All(ctx, &all); err != nil || len(all) != 7 {
		t.Fatalf("got %d, %v", len(all), err)
	}
}
