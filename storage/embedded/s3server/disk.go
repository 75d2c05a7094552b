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

// veil is one writer's part in hiding a file. It is used by one goroutine.
type veil struct {
	d    *disk
	file string
	on   bool
}

func (d *disk) veil(file string) *veil { return &veil{d: d, file: file} }

// hide is called just before the file gets its name.
func (v *veil) hide() {
	if v.on {
		return
	}
	v.on = true
	v.d.mu.Lock()
	defer v.d.mu.Unlock()
	h := v.d.hidden[v.file]
	if h == nil {
		h = &hidden{shown: make(chan struct{})}
		v.d.hidden[v.file] = h
	}
	h.writers++
}

// show is called when the file is on the disk or not to be published. Only
// then may the writer itself wait for the others.
func (v *veil) show() {
	if !v.on {
		return
	}
	v.on = false
	v.d.mu.Lock()
	defer v.d.mu.Unlock()
	h := v.d.hidden[v.file]
	if h.writers--; h.writers == 0 {
		close(h.shown)
		delete(v.d.hidden, v.file)
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
