// Package object owns the files: a content-addressed store over any S3 server.
//
// A file is kept once, under the SHA-256 of its bytes, and never changed. The
// digest is checked on the way in, before the object can be seen, and again on
// the way out. The package knows nothing of cases, materials or names.
package object

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"tongban/hub"
)

// Config names one bucket of one S3 server. Endpoint is host:port without a
// scheme. A nil Logger logs nothing.
type Config struct {
	Endpoint  string
	Secure    bool // TLS
	AccessKey string
	SecretKey string
	Bucket    string
	Region    string
	Logger    *slog.Logger
}

// Store keeps files by digest. It holds no state besides idle connections and
// is safe for concurrent use.
type Store struct {
	s3     minio.Core
	http   *http.Transport
	bucket string
	log    *slog.Logger
	parts  partPool
}

var _ hub.Objects = (*Store)(nil)

// Open connects and makes sure that the bucket is there, creating it if it is
// missing. Errors: Unavailable when the server does not answer, Internal when
// it refuses.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	log := cfg.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	transport, err := newTransport(cfg.Secure)
	if err != nil {
		return nil, fmt.Errorf("object store transport: %w", err)
	}
	client, err := minio.NewCore(cfg.Endpoint, &minio.Options{
		Creds:     credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, ""),
		Secure:    cfg.Secure,
		Region:    cfg.Region,
		Transport: transport,
		// A store that is down has to be known soon; uploads cannot be
		// repeated from here anyhow.
		MaxRetries: maxRetries,
		// TrailingHeaders stays false: signed trailers over plain HTTP are
		// refused by the embedded gateway, and the payload hash says more.
	})
	if err != nil {
		return nil, fmt.Errorf("object store at %s: %w", cfg.Endpoint, err)
	}
	s := &Store{s3: *client, http: transport, bucket: cfg.Bucket, log: log}
	if err := s.ensureBucket(ctx, cfg.Region); err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", cfg.Bucket, translate(err))
	}
	return s, nil
}

// newTransport is minio-go's own with larger socket buffers: files are large.
func newTransport(secure bool) (*http.Transport, error) {
	t, err := minio.DefaultTransport(secure)
	if err != nil {
		return nil, err
	}
	t.WriteBufferSize = socketBuffer
	t.ReadBufferSize = socketBuffer
	t.MaxIdleConnsPerHost = 64
	return t, nil
}

const (
	socketBuffer = 64 << 10
	maxRetries   = 3 // of requests without a streaming body
)

func (s *Store) ensureBucket(ctx context.Context, region string) error {
	found, err := s.s3.BucketExists(ctx, s.bucket)
	if err != nil || found {
		return err
	}
	err = s.s3.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: region})
	switch minio.ToErrorResponse(err).Code {
	case minio.BucketAlreadyOwnedByYou, minio.BucketAlreadyExists: // another node was first
		return nil
	}
	return err
}

// Close drops idle connections. Uploads and readers in flight go on.
func (s *Store) Close() { s.http.CloseIdleConnections() }

// Ready reports whether the bucket answers. Errors: Unavailable.
func (s *Store) Ready(ctx context.Context) error {
	found, err := s.s3.BucketExists(ctx, s.bucket)
	if err != nil {
		return fmt.Errorf("object store: %w", translate(err))
	}
	if !found {
		return hub.E(hub.Unavailable, "the object store has lost its bucket")
	}
	return nil
}

// Remove deletes a file; one that is not there is no error. Only an erasure or
// a sweep of what no case names may call it.
func (s *Store) Remove(ctx context.Context, d hub.Digest) error {
	k, err := key(d)
	if err != nil {
		return err
	}
	return s.remove(ctx, k)
}

func (s *Store) remove(ctx context.Context, k string) error {
	if err := s.s3.RemoveObject(ctx, s.bucket, k, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("remove %s: %w", k, translate(err))
	}
	return nil
}

// Sweep removes what unfinished uploads left before the given time: temporary
// objects and multipart uploads nobody completed. It returns how many. A store
// that hides the uploads of other keys (MinIO does, and ends them itself after
// a day) shows fewer.
func (s *Store) Sweep(ctx context.Context, before time.Time) (int, error) {
	n := 0
	for o := range s.s3.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: tempPrefix, Recursive: true}) {
		if o.Err != nil {
			return n, fmt.Errorf("list temporary objects: %w", translate(o.Err))
		}
		if o.LastModified.After(before) {
			continue
		}
		if err := s.remove(ctx, o.Key); err != nil {
			return n, err
		}
		n++
	}
	for u := range s.s3.ListIncompleteUploads(ctx, s.bucket, "", true) {
		if u.Err != nil {
			return n, fmt.Errorf("list unfinished uploads: %w", translate(u.Err))
		}
		if u.Initiated.After(before) {
			continue
		}
		if err := s.s3.AbortMultipartUpload(ctx, s.bucket, u.Key, u.UploadID); err != nil {
			return n, fmt.Errorf("abort upload of %s: %w", u.Key, translate(err))
		}
		n++
	}
	if n > 0 {
		s.log.InfoContext(ctx, "removed unfinished uploads", "count", n)
	}
	return n, nil
}
