package embedded_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tongban/hub"
	"tongban/storage/embedded"
	"tongban/storage/object"
)

// serveDir makes this test binary a process that has that folder.
const serveDir = "EMBEDDED_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(serveDir); dir != "" {
		s, err := embedded.Start(context.Background(), both(dir))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(s.MongoURI())
		select {}
	}
	os.Exit(m.Run())
}

func both(dir string) embedded.Config {
	return embedded.Config{Dir: dir, NeedDocs: true, NeedObjects: true}
}

func start(t *testing.T, cfg embedded.Config) *embedded.Stores {
	t.Helper()
	s, err := embedded.Start(t.Context(), cfg)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	return s
}

func stop(t *testing.T, s *embedded.Stores) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func objects(t *testing.T, s *embedded.Stores) *object.Store {
	t.Helper()
	endpoint, access, secret, region := s.S3()
	store, err := object.Open(t.Context(), object.Config{
		Endpoint: endpoint, AccessKey: access, SecretKey: secret, Region: region, Bucket: "files",
	})
	if err != nil {
		t.Fatalf("objects: %v", err)
	}
	t.Cleanup(store.Close)
	return store
}

func TestFilesAndSecretsStayAndAreForTheOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := start(t, both(dir))
	_, access, secret, _ := s.S3()
	if access == "" || len(secret) < 32 || !strings.HasPrefix(s.MongoURI(), "mongodb://") {
		t.Errorf("addresses: %s, %d characters of secret, %s", access, len(secret), s.MongoURI())
	}
	b := []byte("a scan")
	if _, err := objects(t, s).Put(t.Context(), bytes.NewReader(b), object.PutOptions{Size: -1}); err != nil {
		t.Fatalf("put: %v", err)
	}
	stop(t, s)

	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		fi, err := e.Info()
		if err == nil && fi.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v", path, fi.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}

	s = start(t, both(dir))
	defer stop(t, s)
	if _, access2, secret2, _ := s.S3(); access2 != access || secret2 != secret {
		t.Error("the keys have changed")
	}
	if _, err := objects(t, s).Stat(t.Context(), hub.SHA256(b)); err != nil {
		t.Errorf("the file is gone: %v", err)
	}
}

func TestOnlyWhatIsNeededRuns(t *testing.T) {
	dir := t.TempDir()
	s := start(t, embedded.Config{Dir: dir, NeedObjects: true})
	if s.MongoURI() != "" {
		t.Errorf("documents at %s", s.MongoURI())
	}
	stop(t, s)
	s = start(t, embedded.Config{Dir: dir, NeedDocs: true})
	if endpoint, _, _, _ := s.S3(); endpoint != "" || s.MongoURI() == "" {
		t.Errorf("objects at %q, documents at %q", endpoint, s.MongoURI())
	}
	stop(t, s)
}

func TestAFolderHasOneProcessUntilItDies(t *testing.T) {
	dir := t.TempDir()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), serveDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(line, "mongodb://") {
		t.Errorf("the process printed %q, %v; want its address and nothing else", line, err)
	}

	_, err = embedded.Start(t.Context(), both(dir))
	if !errors.Is(err, embedded.ErrInUse) || !strings.Contains(fmt.Sprint(err), strconv.Itoa(cmd.Process.Pid)) {
		t.Errorf("start on a folder that process %d has: %v", cmd.Process.Pid, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() //nolint:errcheck // killed
	s := start(t, both(dir))
	_, err = embedded.Start(t.Context(), both(dir))
	if !errors.Is(err, embedded.ErrInUse) {
		t.Errorf("a second start in one process: %v", err)
	}
	stop(t, s)
	stop(t, start(t, both(dir)))
}

func TestAFailedStartGivesTheFolderBack(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "objects.secret")
	if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Start(t.Context(), both(dir)); err == nil || !strings.Contains(err.Error(), "objects.secret") {
		t.Errorf("start with a damaged secret: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	cfg := both(dir)
	cfg.S3Addr = "nonsense"
	if _, err := embedded.Start(t.Context(), cfg); err == nil {
		t.Error("started on an address that is none")
	}
	stop(t, start(t, both(dir)))
}

// BenchmarkStart measures from an empty folder to both servers accepting
// connections, and then on that folder again.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		s, err := embedded.Start(b.Context(), both(dir))
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
