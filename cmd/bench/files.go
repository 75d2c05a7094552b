package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tongban/cmd/hub/app"
	"tongban/hub"
	"tongban/hub/evidence"
	"tongban/storage/object"
	"tongban/storage/object/objectbench"
)

// uploads compares our way into the object store with plain minio-go on the
// same store in the same run.
func (b *bench) uploads(ctx context.Context) error {
	const size = 200_000_000
	return b.withApp(ctx, filepath.Join(b.dir, "uploads"), func(a *app.App) error {
		endpoint, access, secret, region := a.S3()
		turns, err := objectbench.Upload(ctx, object.Config{Endpoint: endpoint, AccessKey: access, SecretKey: secret, Region: region, Bucket: "bench"}, size, 7)
		if err != nil {
			return err
		}
		b.add("upload_ratio", objectbench.MedianRatio(turns), "ours/plain", size)
		var ours []float64
		for _, t := range turns {
			ours = append(ours, t.Store/1e6)
		}
		b.add("upload_mb_per_s", median(ours), "MB/s", size)
		return nil
	})
}

// bundles verifies evidence bundles from a file, as hub verify does.
func (b *bench) bundles(ctx context.Context) error {
	return b.withApp(ctx, filepath.Join(b.dir, "bundles"), func(a *app.App) error {
		l := &load{app: a}
		for _, mb := range []int{1, 10, 100} {
			if err := b.verify(ctx, l, mb); err != nil {
				return fmt.Errorf("bundle of %d MB: %w", mb, err)
			}
		}
		return nil
	})
}

func (b *bench) verify(ctx context.Context, l *load, megabytes int) (err error) {
	id, err := l.receive(ctx)
	if err != nil {
		return err
	}
	for i := range 5 {
		part := append([]byte("%PDF-1.7\n"), make([]byte, megabytes*1_000_000/5)...)
		rand.Read(part[9:])
		if err := l.addFile(ctx, id, i, part); err != nil {
			return err
		}
	}
	path := filepath.Join(b.dir, "bundle.zip")
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(path)) }()
	src, err := evidence.FromService(l.app.Service).Collect(ctx, id, l.clerk().Agency)
	if err != nil {
		return err
	}
	if err := evidence.Write(ctx, f, src); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var speeds []float64
	for range 7 {
		begin := time.Now()
		if _, err := evidence.Verify(ctx, f, info.Size(), evidence.Options{}); err != nil {
			return err
		}
		speeds = append(speeds, float64(info.Size())/1e6/time.Since(begin).Seconds())
	}
	b.add("verify_mb_per_s", median(speeds), "MB/s", int(info.Size()))
	return nil
}

// addFile uploads and adds one file to a case.
func (l *load) addFile(ctx context.Context, id hub.CaseID, n int, content []byte) error {
	stored, err := l.app.Objects.Put(ctx, bytes.NewReader(content), object.PutOptions{Size: int64(len(content)), Want: hub.SHA256(content)})
	if err != nil {
		return err
	}
	file := hub.File{Digest: stored.Digest, Size: stored.Size, Type: "application/pdf"}
	up := hub.Upload{Agency: l.clerk().Agency, Person: l.clerk().Person, File: file, At: time.Now()}
	if err := l.app.DB.Uploads().SaveUpload(ctx, up); err != nil {
		return err
	}
	return l.do(ctx, l.clerk(), id, fmt.Sprint("file-", n), hub.AddMaterial{Slot: "contract", Digest: stored.Digest, Name: "scan.pdf"})
}
