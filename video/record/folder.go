package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Folder is a Sink of plain files below a folder, for tests, measurements and
// tools. A hub keeps recordings in its object store.
type Folder string

var _ Sink = Folder("")

func (f Folder) path(key string) string { return filepath.Join(string(f), filepath.FromSlash(key)) }

// Put implements Sink.
func (f Folder) Put(ctx context.Context, key string, r io.Reader, _ int64) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	path := f.path(key)
	if old, err := os.ReadFile(filepath.Clean(path)); err == nil {
		if !bytes.Equal(old, b) {
			return fmt.Errorf("%s is there with other content", key)
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(path+newSuffix, b, 0o600); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return os.Rename(path+newSuffix, path)
}

const newSuffix = ".new"

// Get implements Sink.
func (f Folder) Get(_ context.Context, key string) (io.ReadCloser, error) {
	return os.Open(f.path(key))
}

// List implements Sink.
func (f Folder) List(_ context.Context, prefix string) (keys []string, err error) {
	err = filepath.WalkDir(string(f), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, newSuffix) {
			return err
		}
		key, err := filepath.Rel(string(f), path)
		if key = filepath.ToSlash(key); strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) { // nothing was put yet
		err = nil
	}
	return keys, err
}
