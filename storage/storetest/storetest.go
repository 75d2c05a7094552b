// Package storetest owns what tests need of the stores: one embedded pair of
// servers for each test process, a fresh database or bucket for each test, and
// the suite that every object store has to pass.
//
// It is imported by tests only.
package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"tongban/storage/embedded"
	"tongban/storage/object"
)

// shared is the pair of servers of this test process: the object server allows
// one for each, and starting is not free.
var shared instance

type instance struct {
	mu     sync.Mutex
	stores *embedded.Stores
	dir    string
}

// Main runs a package's tests and then stops the shared servers and removes
// their folder. Without it they end with the process and the folder stays in
// the temporary folder of the system.
//
//	func TestMain(m *testing.M) { storetest.Main(m) }
func Main(m *testing.M) {
	code := m.Run()
	if err := shared.close(); err != nil {
		fmt.Fprintln(os.Stderr, "storetest: stop servers:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// Mongo returns the address of a document server and a database name that no
// other test uses. With MONGODB_URI set it is that server.
func Mongo(t testing.TB) (uri, database string) {
	t.Helper()
	uri = os.Getenv("MONGODB_URI")
	if uri == "" {
		uri = shared.start(t).MongoURI()
	}
	return uri, "t" + unique()
}

// ObjectConfig returns the address of an object server and a bucket name that
// no other test uses: of the server that OutsideObjects knows, or else of the
// embedded one.
func ObjectConfig(t testing.TB) object.Config {
	t.Helper()
	if outside, ok := OutsideObjects(); ok {
		return outside(t)
	}
	return EmbeddedObjects(t)
}

// EmbeddedObjects returns the address of the embedded object server and a
// bucket name that no other test uses.
func EmbeddedObjects(t testing.TB) object.Config {
	t.Helper()
	cfg := object.Config{Bucket: "t" + unique()}
	cfg.Endpoint, cfg.AccessKey, cfg.SecretKey, cfg.Region = shared.start(t).S3()
	return cfg
}

// OutsideObjects does the same for the server at S3_ENDPOINT (host:port, plain
// HTTP) with S3_ACCESS_KEY and S3_SECRET_KEY; ok tells whether there is one.
func OutsideObjects() (config func(testing.TB) object.Config, ok bool) {
	endpoint := os.Getenv("S3_ENDPOINT")
	return func(testing.TB) object.Config {
		return object.Config{
			Endpoint: endpoint, AccessKey: os.Getenv("S3_ACCESS_KEY"), SecretKey: os.Getenv("S3_SECRET_KEY"),
			Region: "us-east-1", Bucket: "t" + unique(),
		}
	}, endpoint != ""
}

// Objects returns an object store with a fresh bucket.
func Objects(t testing.TB) *object.Store {
	t.Helper()
	s, err := object.Open(t.Context(), ObjectConfig(t))
	if err != nil {
		t.Fatalf("open object store: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

func unique() string { return strings.ToLower(rand.Text()) }

func (i *instance) start(t testing.TB) *embedded.Stores {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.stores != nil {
		return i.stores
	}
	dir, err := os.MkdirTemp("", "storetest-")
	if err != nil {
		t.Fatalf("folder for the embedded stores: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	s, err := embedded.Start(ctx, embedded.Config{Dir: dir, NeedDocs: true, NeedObjects: true})
	if err != nil {
		t.Fatalf("start the embedded stores: %v", err)
	}
	i.stores, i.dir = s, dir
	return s
}

func (i *instance) close() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.stores == nil {
		return nil
	}
	err := i.stores.Close()
	if err2 := os.RemoveAll(i.dir); err == nil {
		err = err2
	}
	i.stores = nil
	return err
}
