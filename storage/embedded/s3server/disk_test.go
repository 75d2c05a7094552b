package s3server

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
)

func TestAFileIsHiddenUntilItsLastWriterHasSynced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk("/", false)
		first, second := d.veil("/b/x"), d.veil("/b/x")
		first.hide()
		second.hide()
		second.hide() // once is enough
		seen := make(chan error, 1)
		go func() { seen <- d.wait(t.Context(), "/b/x") }()
		if err := d.wait(t.Context(), "/b/other"); err != nil {
			t.Errorf("another file: %v", err)
		}
		first.show()
		first.show()
		synctest.Wait()
		if len(seen) > 0 {
			t.Fatal("shown while one writer had not synced")
		}
		second.show()
		if err := <-seen; err != nil {
			t.Errorf("wait: %v", err)
		}
		if len(d.hidden) > 0 {
			t.Errorf("%d files are still hidden", len(d.hidden))
		}
		first.hide()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := d.wait(ctx, "/b/x"); !errors.Is(err, context.Canceled) {
			t.Errorf("wait of one who has left: %v", err)
		}
	})
}

func TestFoldersAreKnownOnlyWhileTheyCannotGo(t *testing.T) {
	root := t.TempDir()
	bucket := filepath.Join(root, "b")
	file := filepath.Join(bucket, "sha256", "ab", "x")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d := newDisk(root, false)
	if err := d.sync(bucket, file); err != nil {
		t.Fatalf("sync: %v", err)
	}
	folders := []string{filepath.Join(bucket, "sha256"), filepath.Join(bucket, "sha256", "ab")}
	for _, dir := range folders {
		if _, known := d.known.Load(dir); !known {
			t.Errorf("%s is not known to be on the disk", dir)
		}
	}
	d.forget(file)
	for _, dir := range folders {
		if _, known := d.known.Load(dir); known {
			t.Errorf("%s is known although it may be removed", dir)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := d.sync(bucket, file); err != nil {
		t.Errorf("sync of a file deleted in the meantime: %v", err)
	}
}
