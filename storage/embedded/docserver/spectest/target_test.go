package spectest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tongban/storage/embedded/docserver"
	"tongban/storage/embedded/docserver/spectest/mongospec"
	"tongban/storage/embedded/docserver/spectest/wireproxy"
)

// external is the server given from outside; empty when we start our own.
func external() string { return os.Getenv("MONGODB_URI") }

// startServer returns the address of a fresh server in this process, or of the
// external one. It lives as long as the test.
func startServer(tb testing.TB) string {
	tb.Helper()
	if uri := external(); uri != "" {
		return uri
	}
	s, err := docserver.Open(tb.Context(), docserver.Config{
		Path:     filepath.Join(tb.TempDir(), "docs.db"),
		Addr:     "127.0.0.1:0",
		Insecure: true,
	})
	if err != nil {
		tb.Fatalf("open the document server: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close the document server: %v", err)
		}
	})
	return s.URI()
}

// connect returns a client that the test disconnects.
func connect(tb testing.TB, uri string) *mongo.Client {
	tb.Helper()
	client, err := mongo.Connect(tb.Context(), options.Client().ApplyURI(uri))
	if err != nil {
		tb.Fatalf("connect: %v", err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := client.Disconnect(ctx); err != nil {
			tb.Errorf("disconnect: %v", err)
		}
	})
	return client
}

// freshDatabase returns an empty database that the test drops at its end.
func freshDatabase(tb testing.TB, client *mongo.Client, name string) *mongo.Database {
	tb.Helper()
	db := client.Database(name)
	if err := db.Drop(tb.Context()); err != nil {
		tb.Fatalf("drop database %s: %v", name, err)
	}
	if external() != "" { // leave a server that is not ours as it was
		tb.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			_ = db.Drop(ctx)
		})
	}
	return db
}

// specTarget puts the fail points between the driver and the server.
func specTarget(tb testing.TB) *mongospec.Target {
	tb.Helper()
	uri := startServer(tb)
	u, err := url.Parse(uri)
	if err != nil {
		tb.Fatalf("parse the server's address: %v", err)
	}
	proxy, err := wireproxy.Start(u.Host)
	if err != nil {
		tb.Fatalf("start the proxy: %v", err)
	}
	tb.Cleanup(func() {
		if err := proxy.Close(); err != nil {
			tb.Errorf("close the proxy: %v", err)
		}
	})
	admin := connect(tb, uri)
	info, err := serverInfo(tb.Context(), admin)
	if err != nil {
		tb.Fatalf("ask the server what it is: %v", err)
	}
	u.Host = proxy.Addr()
	return &mongospec.Target{URI: u.String(), Admin: admin, FailPoints: proxy, Info: info}
}

func serverInfo(ctx context.Context, c *mongo.Client) (mongospec.ServerInfo, error) {
	var build struct {
		Version string `bson:"version"`
	}
	admin := c.Database("admin")
	if err := admin.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build); err != nil {
		return mongospec.ServerInfo{}, fmt.Errorf("buildInfo: %w", err)
	}
	var hello struct {
		SetName string `bson:"setName"`
		Msg     string `bson:"msg"`
		Primary bool   `bson:"isWritablePrimary"`
	}
	if err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return mongospec.ServerInfo{}, fmt.Errorf("hello: %w", err)
	}
	info := mongospec.ServerInfo{Version: build.Version, Topology: "single"}
	switch {
	case hello.Msg == "isdbgrid":
		info.Topology = "sharded"
	case hello.SetName != "" && !hello.Primary:
		return info, errors.New("not the primary of its replica set")
	case hello.SetName != "":
		info.Topology = "replicaset"
	}
	return info, nil
}
