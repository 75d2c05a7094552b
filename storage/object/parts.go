package object

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"sync"

	"github.com/minio/minio-go/v7"
)

// partSize bounds the memory of an upload of unknown size. It is the least that
// S3 takes for a part; of the 10,000 parts it allows, a file may have 48 GiB.
const partSize = 5 << 20

// partPool reuses part buffers between uploads.
type partPool struct{ pool sync.Pool }

func (p *partPool) get() *[]byte {
	if b, ok := p.pool.Get().(*[]byte); ok {
		return b
	}
	b := make([]byte, partSize)
	return &b
}

func (p *partPool) put(b *[]byte) { p.pool.Put(b) }

// fill reads until buf is full or the source has ended well (src.err is then
// io.EOF). Any other end is an error.
func fill(src *source, buf []byte) (int, error) {
	n := 0
	for n < len(buf) {
		m, err := src.Read(buf[n:])
		n += m
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// putParts keeps a file of unknown or very large size under its announced
// digest. Nothing can be seen before the parts are completed, and that happens
// only when the digest is right.
func (s *Store) putParts(ctx context.Context, k string, src *source) (bool, error) {
	buf := s.parts.get()
	defer s.parts.put(buf)
	n, err := fill(src, *buf)
	if err != nil {
		return false, err
	}
	if src.err != nil {
		return s.putBytes(ctx, k, src.digest(), (*buf)[:n])
	}
	return s.sendParts(ctx, k, src, *buf, n)
}

// sendParts uploads buf[:n] and then the rest of src, part by part, in buf.
func (s *Store) sendParts(ctx context.Context, k string, src *source, buf []byte, n int) (isNew bool, err error) {
	opt := minio.PutObjectOptions{ContentType: contentType}
	id, err := s.s3.NewMultipartUpload(ctx, s.bucket, k, opt)
	if err != nil {
		return false, err
	}
	defer func() {
		if isNew {
			return
		}
		s.tidy(ctx, "abort upload", func(ctx context.Context) error {
			err := s.s3.AbortMultipartUpload(ctx, s.bucket, k, id)
			if minio.ToErrorResponse(err).Code == minio.NoSuchUpload { // it was completed after all
				return nil
			}
			return err
		})
	}()
	var parts []minio.CompletePart
	for n > 0 {
		part, err := s.sendPart(ctx, k, id, len(parts)+1, buf[:n])
		if err != nil {
			return false, err
		}
		parts = append(parts, part)
		if n, err = fill(src, buf); err != nil {
			return false, err
		}
	}
	opt.SetMatchETagExcept("*")
	_, err = s.s3.CompleteMultipartUpload(ctx, s.bucket, k, id, parts, opt)
	return s.outcome(ctx, k, err)
}

func (s *Store) sendPart(ctx context.Context, k, id string, number int, b []byte) (minio.CompletePart, error) {
	sum := sha256.Sum256(b)
	part, err := s.s3.PutObjectPart(ctx, s.bucket, k, id, number, bytes.NewReader(b), int64(len(b)),
		minio.PutObjectPartOptions{Sha256Hex: hex.EncodeToString(sum[:]), DisableContentSha256: true})
	return minio.CompletePart{PartNumber: number, ETag: part.ETag}, err
}
