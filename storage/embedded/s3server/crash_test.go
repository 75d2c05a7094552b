package s3server_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tongban/hub"
	"tongban/storage/embedded/s3server"
	"tongban/storage/object"
)

// serveDir makes this test binary a server on that folder, to be killed.
const serveDir = "S3SERVER_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(serveDir); dir != "" {
		serve(dir)
		return
	}
	os.Exit(m.Run())
}

func serve(dir string) {
	s, err := s3server.Open(context.Background(), config(dir))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(s.Addr())
	select {}
}

// victim starts a server process and returns its address.
func victim(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), serveDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server process did not start: %v", err)
	}
	return cmd, strings.TrimSpace(addr)
}

// upload keeps uploading until it fails and calls acked for each file that was
// acknowledged. Every third upload does not announce its size and goes in parts.
func upload(ctx context.Context, s *object.Store, acked func(hub.Digest)) {
	for i := 0; ; i++ {
		b := content(1000 + (i*37_123)%300_000)
		opt := object.PutOptions{Size: int64(len(b)), Want: hub.SHA256(b)}
		if i%3 == 2 {
			b = append(b, content(8<<20)...)
			opt = object.PutOptions{Size: -1}
		}
		got, err := s.Put(ctx, bytes.NewReader(b), opt)
		if err != nil {
			return
		}
		acked(got.Digest)
	}
}

func TestKilledUnderUploadsItLosesNothingAndShowsNothingHalf(t *testing.T) {
	const rounds, writers, acksBeforeKill = 3, 8, 24
	dir := t.TempDir()
	var mu sync.Mutex
	var acked []hub.Digest
	for range rounds {
		cmd, addr := victim(t, dir)
		store := connect(t, addr)
		ctx, cancel := context.WithCancel(t.Context())
		enough := make(chan struct{}, 1)
		left := acksBeforeKill
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				upload(ctx, store, func(d hub.Digest) {
					mu.Lock()
					defer mu.Unlock()
					acked = append(acked, d)
					if left--; left == 0 {
						enough <- struct{}{}
					}
				})
			})
		}
		<-enough
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait() //nolint:errcheck // killed
		cancel()
		wg.Wait()
	}
	_, store := open(t, dir)
	for _, d := range acked {
		expect(t, store, d)
	}
	published := wholeFiles(t, filepath.Join(dir, "buckets", bucket, "sha256"))
	if published < len(acked) {
		t.Errorf("%d files for %d acknowledged uploads", published, len(acked))
	}
	t.Logf("%d uploads acknowledged, %d files published", len(acked), published)
}

// wholeFiles checks every published file against its name and counts them.
func wholeFiles(t *testing.T, root string) (n int) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		h := sha256.New()
		if _, err := io.Copy(h, f); err != nil {
			return err
		}
		if got := hex.EncodeToString(h.Sum(nil)); got != e.Name() {
			t.Errorf("%s holds %s", path, got)
		}
		n++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
