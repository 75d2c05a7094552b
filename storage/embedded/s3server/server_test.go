package s3server_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"tongban/hub"
	"tongban/storage/embedded/s3server"
	"tongban/storage/object"
)

const (
	accessKey = "access"
	secretKey = "secret-of-the-test"
	bucket    = "files"
)

func open(t *testing.T, dir string) (*s3server.Server, *object.Store) {
	t.Helper()
	s, err := s3server.Open(t.Context(), config(dir))
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { closed(t, s) })
	return s, connect(t, s.Addr())
}

func config(dir string) s3server.Config {
	return s3server.Config{Dir: dir, Addr: "127.0.0.1:0", AccessKey: accessKey, SecretKey: secretKey}
}

func connect(t *testing.T, addr string) *object.Store {
	t.Helper()
	store, err := object.Open(t.Context(), object.Config{
		Endpoint: addr, AccessKey: accessKey, SecretKey: secretKey, Bucket: bucket, Region: s3server.Region,
	})
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(store.Close)
	return store
}

func closed(t *testing.T, s *s3server.Server) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func content(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func keep(t *testing.T, s *object.Store, b []byte) hub.Digest {
	t.Helper()
	got, err := s.Put(t.Context(), bytes.NewReader(b), object.PutOptions{Size: -1})
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	return got.Digest
}

// expect reads a file to its end, which proves its digest.
func expect(t *testing.T, s *object.Store, d hub.Digest) {
	t.Helper()
	r, _, err := s.Open(t.Context(), d)
	if err != nil {
		t.Errorf("open %s: %v", d, err)
		return
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		t.Errorf("read %s: %v", d, err)
	}
	if err := r.Close(); err != nil {
		t.Errorf("close %s: %v", d, err)
	}
}

func TestTheProcessHasOneServerAndItsObjectsStay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s, store := open(t, dir)
	small, large := keep(t, store, content(1000)), keep(t, store, content(9<<20))
	if _, err := s3server.Open(t.Context(), config(t.TempDir())); !errors.Is(err, s3server.ErrRunning) {
		t.Errorf("a second server: %v", err)
	}
	closed(t, s)
	if err := store.Ready(t.Context()); hub.ErrorCode(err) != hub.Unavailable {
		t.Errorf("ready without a server: %v", err)
	}
	_, store = open(t, dir)
	expect(t, store, small)
	expect(t, store, large)
}

func TestTheWorkingDirectoryIsNotTouchedAndDoesNotMatter(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	_, store := open(t, t.TempDir())
	now, err := os.Getwd()
	if err != nil || now != here {
		t.Errorf("working directory %s, %v; it was %s", now, err, here)
	}
	before := keep(t, store, content(1000))
	t.Chdir(t.TempDir())
	expect(t, store, before)
	expect(t, store, keep(t, store, content(9<<20)))
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("%d entries in the working directory, %v", len(left), err)
	}
}

func TestAFolderThatKeepsMetadataInFilesCanBeMoved(t *testing.T) {
	base := t.TempDir()
	first, second := filepath.Join(base, "first"), filepath.Join(base, "second")
	if err := os.MkdirAll(filepath.Join(first, "meta"), 0o700); err != nil { // as without extended attributes
		t.Fatal(err)
	}
	s, store := open(t, first)
	small, large := keep(t, store, content(1000)), keep(t, store, content(9<<20))
	closed(t, s)
	if _, err := os.Stat(filepath.Join(first, "meta", bucket)); err != nil {
		t.Errorf("no metadata in files: %v", err)
	}
	if err := os.Rename(first, second); err != nil {
		t.Fatal(err)
	}
	_, store = open(t, second)
	expect(t, store, small)
	expect(t, store, large)
	if got, err := store.Put(t.Context(), bytes.NewReader(content(10)), object.PutOptions{Size: 10}); err != nil || !got.New {
		t.Errorf("put after the move: %+v, %v", got, err)
	}
}

func TestLeftoversOfACrashAreSweptAtTheStart(t *testing.T) {
	dir := t.TempDir()
	s, store := open(t, dir)
	kept := keep(t, store, content(1000))
	closed(t, s)
	temp := filepath.Join(dir, "buckets", bucket, ".sgwtmp")
	uploads := filepath.Join(temp, "multipart", "0123")
	if err := os.MkdirAll(filepath.Join(uploads, "id.token-3.inprogress"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(temp, "half.1"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, store = open(t, dir)
	if _, err := os.Stat(filepath.Join(temp, "half.1")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a half-written file is still there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(uploads, "id")); err != nil {
		t.Errorf("an upload that was being completed is not open again: %v", err)
	}
	expect(t, store, kept)
}

func TestATakenAddressIsAnError(t *testing.T) {
	s, _ := open(t, t.TempDir())
	closed(t, s)
	cfg := config(t.TempDir())
	cfg.Addr = "192.0.2.1:1" // TEST-NET: not ours
	if _, err := s3server.Open(t.Context(), cfg); err == nil {
		t.Error("listens on an address this machine does not have")
	}
	open(t, t.TempDir()) // and the failure does not count as running
}
