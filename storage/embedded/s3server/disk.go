package s3server

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// disk makes published objects durable and hides them until they are.
//
// Each object is synced by itself: its data before it gets its name, then its
// attributes and the folders that lead to it. Syncing the whole file system
// instead is one call, but it waits for everybody's dirty pages: see
// docs/decisions/object-store.md.
type disk struct {
	root    string
	sidecar bool // metadata lies in other files; then the whole file system is synced

	known sync.Map // folder → struct{}: its own name is on the disk

	mu     sync.Mutex
	hidden map[string]*hidden // file → published but not yet synced
}

type hidden struct {
	writers int
	shown   chan struct{}
}

func newDisk(root string, sidecar bool) *disk {
	return &disk{root: root, sidecar: sidecar, hidden: map[string]*hidden{}}
}

// hide is called just before a file gets its name; show must follow.
func (d *disk) hide(file string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.hidden[file]
	if h == nil {
		h = &hidden{shown: make(chan struct{})}
		d.hidden[file] = h
	}
	h.writers++
}

func (d *disk) show(file string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.hidden[file]
	if h.writers--; h.writers == 0 {
		close(h.shown)
		delete(d.hidden, file)
	}
}

// wait returns once a file that can be seen is on the disk.
func (d *disk) wait(ctx context.Context, file string) error {
	d.mu.Lock()
	h := d.hidden[file]
	d.mu.Unlock()
	if h == nil {
		return nil
	}
	select {
	case <-h.shown:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// sync makes a published file below bucket durable: attributes and name.
func (d *disk) sync(bucket, file string) error {
	if d.sidecar {
		return syncFileSystem(d.root)
	}
	if err := syncPath(file); err != nil {
		if errors.Is(err, fs.ErrNotExist) { // deleted in the meantime
			return nil
		}
		return err
	}
	return d.syncFolders(bucket, filepath.Dir(file))
}

// syncFolders syncs the folder of a new file, and those above it up to bucket
// as long as they may be new themselves.
func (d *disk) syncFolders(bucket, dir string) error {
	if err := syncPath(dir); err != nil {
		return err
	}
	if _, known := d.known.Load(dir); known || dir == bucket {
		return nil
	}
	if err := d.syncFolders(bucket, filepath.Dir(dir)); err != nil {
		return err
	}
	d.known.Store(dir, struct{}{})
	return nil
}

// forget is called before a file is deleted: folders left empty go with it,
// and a later write makes them anew.
func (d *disk) forget(file string) {
	for dir := filepath.Dir(file); len(dir) > len(d.root); dir = filepath.Dir(dir) {
		d.known.Delete(dir)
	}
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
