package object

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/minio/minio-go/v7"
	"golang.org/x/sync/errgroup"

	"tongban/hub"
)

// statsAtOnce bounds how many files Missing asks for at a time.
const statsAtOnce = 16

// Stat returns a file's size in bytes. Errors: Invalid, NotFound, Unavailable.
func (s *Store) Stat(ctx context.Context, d hub.Digest) (int64, error) {
	k, err := key(d)
	if err != nil {
		return 0, err
	}
	info, err := s.s3.StatObject(ctx, s.bucket, k, minio.StatObjectOptions{})
	if err != nil {
		return 0, fmt.Errorf("stat %s: %w", d, translate(err))
	}
	return info.Size, nil
}

func (s *Store) has(ctx context.Context, k string) (bool, error) {
	_, err := s.s3.StatObject(ctx, s.bucket, k, minio.StatObjectOptions{})
	if err == nil {
		return true, nil
	}
	err = translate(err)
	if hub.ErrorCode(err) == hub.NotFound {
		return false, nil
	}
	return false, err
}

// Missing returns those of ds that the store does not have, in their order.
// Errors: Invalid, Unavailable.
func (s *Store) Missing(ctx context.Context, ds []hub.Digest) ([]hub.Digest, error) {
	absent := make([]bool, len(ds))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(statsAtOnce)
	for i, d := range ds {
		g.Go(func() error {
			k, err := key(d)
			if err != nil {
				return err
			}
			found, err := s.has(ctx, k)
			absent[i] = !found
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("look for missing files: %w", err)
	}
	var missing []hub.Digest
	for i, d := range ds {
		if absent[i] {
			missing = append(missing, d)
		}
	}
	return missing, nil
}

// Open returns a file and its size in bytes. The reader checks the digest: if
// the stored bytes are not the file, it returns DigestMismatch in place of the
// last block, so that even a caller who counts bytes instead of waiting for
// io.EOF never holds a whole wrong file. The caller closes it. Errors: Invalid,
// NotFound, Unavailable.
func (s *Store) Open(ctx context.Context, d hub.Digest) (io.ReadCloser, int64, error) {
	k, err := key(d)
	if err != nil {
		return nil, 0, err
	}
	body, info, _, err := s.s3.GetObject(ctx, s.bucket, k, minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, fmt.Errorf("open %s: %w", d, translate(err))
	}
	src := newSource(body, PutOptions{Size: info.Size, Want: d})
	return &reader{src: src, body: body}, info.Size, nil
}

// reader is a stored file being read. A file shorter than the store promised
// is a broken connection: Unavailable.
type reader struct {
	src  *source
	body io.Closer
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.src.Read(p)
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	switch hub.ErrorCode(err) {
	case hub.DigestMismatch:
		return n, hub.Wrap(hub.DigestMismatch, err, "the stored file is damaged")
	default:
		return n, hub.Wrap(hub.Unavailable, err, "the object store broke off")
	}
}

func (r *reader) Close() error { return r.body.Close() }
