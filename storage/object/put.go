package object

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/minio/minio-go/v7"

	"tongban/hub"
)

const (
	// maxWhole is the largest body S3 takes in one request or copies in one.
	maxWhole = 5 << 30
	// cleanupTimeout bounds tidying up after an upload that failed.
	cleanupTimeout = 10 * time.Second
	contentType    = "application/octet-stream"
)

// PutOptions says what the caller was told about the file.
type PutOptions struct {
	Size int64      // bytes, -1 if unknown
	Max  int64      // bytes, 0 for no limit
	Want hub.Digest // announced digest, "" if none
}

// Stored is what became of a file.
type Stored struct {
	Digest hub.Digest
	Size   int64
	New    bool // false: the store had it already
}

// Put keeps the bytes of r, reading it to its end and never after Put has
// returned. The upload is fastest, and is written only once, when the caller
// announces digest and size.
//
// A file the store has is read and checked all the same: knowing a digest is
// no proof of having the file.
//
// Errors, none of which leaves anything to be seen: Invalid (malformed Want),
// TooLarge, UploadTruncated, BadRequest (longer than Size), DigestMismatch,
// Unavailable.
func (s *Store) Put(ctx context.Context, r io.Reader, opt PutOptions) (Stored, error) {
	if opt.Max > 0 && opt.Size > opt.Max {
		return Stored{}, hub.E(hub.TooLarge, "the file is larger than %d bytes", opt.Max)
	}
	src := newSource(r, opt)
	isNew, err := s.put(ctx, src)
	if err != nil {
		return Stored{}, fmt.Errorf("put file: %w", translate(err))
	}
	return Stored{Digest: src.digest(), Size: src.n, New: isNew}, nil
}

func (s *Store) put(ctx context.Context, src *source) (isNew bool, err error) {
	if src.want == "" {
		return s.putUnannounced(ctx, src)
	}
	k, err := key(src.want)
	if err != nil {
		return false, err
	}
	found, err := s.has(ctx, k)
	if err != nil {
		return false, err
	}
	if found {
		return false, src.finish()
	}
	if src.size > maxWhole || src.size < 0 {
		return s.putParts(ctx, k, src)
	}
	return s.putStream(ctx, k, src)
}

// putStream sends a file of known size in one request, without a buffer. With
// the digest known the server checks it too: it is the signed payload hash.
func (s *Store) putStream(ctx context.Context, k string, src *source) (bool, error) {
	if src.size == 0 { // net/http never reads an empty body
		if err := src.finish(); err != nil {
			return false, err
		}
		return s.putBytes(ctx, k, src.digest(), nil)
	}
	opt := minio.PutObjectOptions{ContentType: contentType, DisableContentSha256: src.want != ""}
	opt.SetMatchETagExcept("*")
	l := &loan{r: src}
	_, err := s.s3.PutObject(ctx, s.bucket, k, l, src.size, "", src.want.Hex(), opt)
	l.revoke()
	if fail := src.failure(); fail != nil {
		return false, fail
	}
	if err == nil && src.err == nil {
		return false, hub.E(hub.Internal, "the object store answered before it had the whole file")
	}
	isNew, err := s.outcome(ctx, k, err)
	if err == nil && !isNew {
		err = src.finish()
	}
	return isNew, err
}

// putBytes sends a small file that is in memory with its digest.
func (s *Store) putBytes(ctx context.Context, k string, d hub.Digest, b []byte) (bool, error) {
	opt := minio.PutObjectOptions{ContentType: contentType, DisableContentSha256: true}
	opt.SetMatchETagExcept("*")
	_, err := s.s3.PutObject(ctx, s.bucket, k, bytes.NewReader(b), int64(len(b)), "", d.Hex(), opt)
	return s.outcome(ctx, k, err)
}

// putUnannounced keeps a file whose digest is known only at its end. What fits
// in one part goes straight to its place; the rest goes to a temporary key and
// is copied by the server.
func (s *Store) putUnannounced(ctx context.Context, src *source) (bool, error) {
	if src.size > maxWhole {
		return false, hub.E(hub.TooLarge, "files of more than %d bytes need their digest announced", int64(maxWhole))
	}
	buf := s.parts.get()
	defer s.parts.put(buf)
	n, err := fill(src, *buf)
	if err != nil {
		return false, err
	}
	first := (*buf)[:n]
	if src.err != nil { // the end
		k, err := key(src.digest())
		if err != nil {
			return false, err
		}
		return s.putBytes(ctx, k, src.digest(), first)
	}
	temp := tempKey()
	defer s.tidy(ctx, "remove temporary object", func(ctx context.Context) error { return s.remove(ctx, temp) })
	if src.size > 0 {
		err = s.putRest(ctx, temp, src, first)
	} else {
		_, err = s.sendParts(ctx, temp, src, *buf, n)
	}
	if err != nil {
		return false, err
	}
	return s.settle(ctx, temp, src.digest())
}

// putRest streams a file of known size whose first part has been read.
func (s *Store) putRest(ctx context.Context, k string, src *source, first []byte) error {
	l := &loan{r: io.MultiReader(bytes.NewReader(first), src)}
	_, err := s.s3.PutObject(ctx, s.bucket, k, l, src.size, "", "", minio.PutObjectOptions{ContentType: contentType})
	l.revoke()
	if fail := src.failure(); fail != nil {
		return fail
	}
	return err
}

// settle gives a temporary object its final key.
func (s *Store) settle(ctx context.Context, temp string, d hub.Digest) (bool, error) {
	k, err := key(d)
	if err != nil {
		return false, err
	}
	found, err := s.has(ctx, k)
	if err != nil || found {
		return false, err
	}
	_, err = s.s3.Client.CopyObject(ctx, minio.CopyDestOptions{Bucket: s.bucket, Object: k},
		minio.CopySrcOptions{Bucket: s.bucket, Object: temp})
	return err == nil, err
}

// outcome says what came of a write to a final key. An error may only mean that
// somebody else was first (a server may even hang up on a body it does not
// want), or that the answer was lost: what counts is whether the file is there.
func (s *Store) outcome(ctx context.Context, k string, err error) (isNew bool, _ error) {
	if err == nil {
		return true, nil
	}
	found, statErr := s.has(ctx, k)
	if statErr == nil && found {
		return false, nil
	}
	if taken(err) {
		return false, hub.Wrap(hub.Unavailable, err, "another upload of the same file did not end well; try again")
	}
	return false, err
}

// tidy runs a clean-up even when the upload was cancelled. What it cannot do,
// Sweep does later.
func (s *Store) tidy(ctx context.Context, what string, f func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	if err := f(ctx); err != nil {
		s.log.WarnContext(ctx, "clean-up after an upload failed", "step", what, "error", err)
	}
}
