package app

import (
	"context"
	"io"
	"time"

	"tongban/hub"
	"tongban/storage/mongo"
	"tongban/storage/object"
)

// sink implements record.Sink: the bytes are kept by their digest, as all files
// are, and the recorder's own names beside them. A name is given once, so that
// nothing recorded is ever replaced.
type sink struct {
	objects *object.Store
	names   *mongo.Recordings
}

// Put stores one object whole or not at all.
func (s sink) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	stored, err := s.objects.Put(ctx, r, object.PutOptions{Size: size})
	if err != nil {
		return err
	}
	return s.names.Name(ctx, key, hub.File{Digest: stored.Digest, Size: stored.Size}, hub.Millis(time.Now()))
}

// Get opens an object. The caller closes it.
func (s sink) Get(ctx context.Context, key string) (io.ReadCloser, error) {
	f, err := s.names.Find(ctx, key)
	if err != nil {
		return nil, err
	}
	r, _, err := s.objects.Open(ctx, f.Digest)
	return r, err
}

// List returns the keys that begin with prefix.
func (s sink) List(ctx context.Context, prefix string) ([]string, error) {
	return s.names.List(ctx, prefix)
}
