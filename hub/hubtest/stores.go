package hubtest

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"tongban/hub"
	"tongban/storage/mongo"
	"tongban/storage/object"
	"tongban/storage/storetest"
)

// Stores opens the real stores at the given addresses.
func Stores(t testing.TB, uri, database string, cfg object.Config) (hub.Ports, Files) {
	t.Helper()
	return stores(t, nil, uri, database, cfg)
}

// stores opens them for the given algorithms; nil are the standard ones.
func stores(t testing.TB, algs *hub.Algorithms, uri, database string, cfg object.Config) (hub.Ports, Files) {
	t.Helper()
	if algs == nil {
		algs = hub.NewAlgorithms(hub.StandardSuite())
	}
	db, err := mongo.Open(t.Context(), mongo.Config{URI: uri, Database: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Second)
		defer cancel()
		if err := db.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	if err := db.EnsureIndexes(t.Context()); err != nil {
		t.Fatal(err)
	}
	objects, err := object.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(objects.Close)
	keys, err := hub.NewKeyring(make([]byte, hub.MasterKeySize), algs, db.Keys())
	if err != nil {
		t.Fatal(err)
	}
	return hub.Ports{
		Events: db.Events(), Index: db.Cases(), Outbox: db.Outbox(), Objects: objects, Uploads: db.Uploads(), Access: db.Access(),
		Directory: db.Directory(), Counters: db.Counters(), Papers: db.Papers(), Registers: db.Register(), Keys: keys, Algorithms: algs,
		Sessions: db.Sessions(), Slots: db.Slots(), Invitations: db.Invitations(), Keeper: keeper{objects},
	}, files{objects}
}

// Embedded opens the stores that the tests of this process share, each time
// with a database and a bucket of their own.
func Embedded(t testing.TB) (hub.Ports, Files) {
	t.Helper()
	return embedded(t, nil)
}

func embedded(t testing.TB, algs *hub.Algorithms) (hub.Ports, Files) {
	t.Helper()
	uri, database := storetest.Mongo(t)
	return stores(t, algs, uri, database, storetest.ObjectConfig(t))
}

// putter is what files need of an object store.
type putter interface {
	Put(ctx context.Context, r io.Reader, opt object.PutOptions) (object.Stored, error)
}

// keeper implements hub.Keeper.
type keeper struct{ store putter }

func (k keeper) Keep(ctx context.Context, file []byte) (hub.Digest, error) {
	s, err := k.store.Put(ctx, bytes.NewReader(file), object.PutOptions{Size: int64(len(file)), Want: hub.SHA256(file)})
	return s.Digest, err
}

type files struct{ store putter }

// PutFile implements Files.
func (f files) PutFile(t testing.TB, content []byte) hub.Digest {
	t.Helper()
	s, err := f.store.Put(t.Context(), bytes.NewReader(content), object.PutOptions{Size: int64(len(content)), Want: hub.SHA256(content)})
	if err != nil {
		t.Fatal(err)
	}
	return s.Digest
}
