// Package objectbench measures uploads through the store beside what a plain
// S3 client reaches on the same server.
package objectbench

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"tongban/hub"
	"tongban/storage/object"
)

// Turn is one upload each way; speeds in bytes per second.
type Turn struct {
	Plain  float64 // minio-go with its defaults: parts of 16 MiB
	Single float64 // minio-go told to send one request
	Store  float64 // object.Store, which also hashes and checks
}

// Ratio compares the store to the faster plain client.
func (t Turn) Ratio() float64 { return t.Store / max(t.Plain, t.Single) }

// MedianRatio of some turns; there must be at least one.
func MedianRatio(turns []Turn) float64 {
	var r []float64
	for _, t := range turns {
		r = append(r, t.Ratio())
	}
	slices.Sort(r)
	return r[len(r)/2]
}

// Upload sends files of size bytes, each a new one, from streams of known
// size, n times each way; who goes first changes from turn to turn. The bytes
// are kept in memory so that only the uploads are measured. The files stay in
// the bucket.
func Upload(ctx context.Context, cfg object.Config, size, n int) ([]Turn, error) {
	store, err := object.Open(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("benchmark uploads: %w", err)
	}
	defer store.Close()
	plain, err := minio.New(cfg.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, ""), Secure: cfg.Secure, Region: cfg.Region,
	})
	if err != nil {
		return nil, fmt.Errorf("benchmark uploads: %w", err)
	}
	u := &uploads{store: store, plain: plain, bucket: cfg.Bucket, data: make([]byte, size)}
	rand.Read(u.data) // never fails
	turns := make([]Turn, n)
	for i := range turns {
		ways := []way{{&turns[i].Plain, u.parts}, {&turns[i].Single, u.single}, {&turns[i].Store, u.stored}}
		for j := range ways {
			w := ways[(i+j)%len(ways)]
			if *w.speed, err = u.time(ctx, w.send); err != nil {
				return nil, fmt.Errorf("benchmark uploads: %w", err)
			}
		}
	}
	return turns, nil
}

type way struct {
	speed *float64
	send  func(context.Context) error
}

// uploads sends the same buffer, made new by its first bytes.
type uploads struct {
	store  *object.Store
	plain  *minio.Client
	bucket string
	data   []byte
	digest hub.Digest
}

func (u *uploads) time(ctx context.Context, send func(context.Context) error) (float64, error) {
	rand.Read(u.data[:min(16, len(u.data))])
	u.digest = hub.SHA256(u.data)
	start := time.Now()
	err := send(ctx)
	return float64(len(u.data)) / time.Since(start).Seconds(), err
}

func (u *uploads) parts(ctx context.Context) error  { return u.put(ctx, false) }
func (u *uploads) single(ctx context.Context) error { return u.put(ctx, true) }

func (u *uploads) put(ctx context.Context, single bool) error {
	_, err := u.plain.PutObject(ctx, u.bucket, "plain/"+rand.Text(), u.stream(), int64(len(u.data)),
		minio.PutObjectOptions{DisableMultipart: single})
	return err
}

func (u *uploads) stored(ctx context.Context) error {
	_, err := u.store.Put(ctx, u.stream(), object.PutOptions{Size: int64(len(u.data)), Want: u.digest})
	return err
}

// stream hides that the bytes are in memory, as an upload over HTTP would.
func (u *uploads) stream() io.Reader { return struct{ io.Reader }{bytes.NewReader(u.data)} }
