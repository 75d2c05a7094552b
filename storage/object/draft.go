package object

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/minio/minio-go/v7"

	"tongban/hub"
)

// PartSize is the size of every part of a draft but the last, in bytes: the
// least that S3 takes.
const PartSize = partSize

// Draft is a file that comes in parts over many requests, maybe to several
// processes. It holds names only, so it can be written down and taken up again
// anywhere. Nothing of it can be seen under a digest before Publish.
//
// What nobody takes up again is removed by Sweep.
type Draft struct {
	Key string // object that the parts become
	ID  string // of the server's multipart upload
}

// NewDraft begins one. A file with an announced digest is put together in its
// place; any other goes to a temporary key and is copied by the server in the end.
// Errors: Invalid, Unavailable.
func (s *Store) NewDraft(ctx context.Context, want hub.Digest) (Draft, error) {
	k := tempKey()
	if want != "" {
		var err error
		if k, err = key(want); err != nil {
			return Draft{}, err
		}
	}
	id, err := s.s3.NewMultipartUpload(ctx, s.bucket, k, minio.PutObjectOptions{ContentType: contentType})
	if err != nil {
		return Draft{}, fmt.Errorf("begin draft: %w", translate(err))
	}
	return Draft{Key: k, ID: id}, nil
}

// PutPart keeps one part and returns what Publish needs to know it by. b is not
// read after the return. Errors: NotFound when the server has given the draft
// up, Unavailable.
func (s *Store) PutPart(ctx context.Context, d Draft, number int, b []byte) (etag string, err error) {
	l := &loanBytes{}
	sum := sha256.Sum256(b)
	part, err := s.s3.PutObjectPart(ctx, s.bucket, d.Key, d.ID, number, l.lend(b), int64(len(b)),
		minio.PutObjectPartOptions{Sha256Hex: hex.EncodeToString(sum[:]), DisableContentSha256: true})
	l.revoke()
	if err != nil {
		return "", fmt.Errorf("keep part %d: %w", number, draftError(err))
	}
	return part.ETag, nil
}

// Publish makes the parts, in their order, the file with the digest, which the
// caller has computed from them. It may be repeated after a crash at any
// point; what counts is that the file is in its place. Errors: NotFound when
// the parts are gone, Unavailable.
func (s *Store) Publish(ctx context.Context, d Draft, parts []hub.UploadPart, digest hub.Digest) error {
	final, err := key(digest)
	if err != nil {
		return err
	}
	err = s.publish(ctx, d, parts, digest, final)
	if err == nil {
		return s.DropDraft(ctx, d)
	}
	found, statErr := s.has(ctx, final)
	if statErr == nil && found { // somebody was first, maybe we before a crash
		return s.DropDraft(ctx, d)
	}
	return fmt.Errorf("publish %s: %w", digest, draftError(err))
}

func (s *Store) publish(ctx context.Context, d Draft, parts []hub.UploadPart, digest hub.Digest, final string) error {
	var list []minio.CompletePart
	var size int64
	for _, p := range parts {
		list = append(list, minio.CompletePart{PartNumber: p.Number, ETag: p.ETag})
		size += p.Size
	}
	opt := minio.PutObjectOptions{ContentType: contentType}
	opt.SetMatchETagExcept("*")
	_, err := s.s3.CompleteMultipartUpload(ctx, s.bucket, d.Key, d.ID, list, opt)
	if err == nil && d.Key == final {
		return nil
	}
	if d.Key == final {
		return err
	}
	if err != nil { // put together before a crash?
		info, statErr := s.s3.StatObject(ctx, s.bucket, d.Key, minio.StatObjectOptions{})
		if statErr != nil || info.Size != size {
			return err
		}
	}
	_, err = s.settle(ctx, d.Key, digest)
	return err
}

// DropDraft forgets the parts and, if the draft was temporary, what they
// became. It may be repeated.
func (s *Store) DropDraft(ctx context.Context, d Draft) error {
	if d.ID == "" {
		return nil
	}
	err := s.s3.AbortMultipartUpload(ctx, s.bucket, d.Key, d.ID)
	if err != nil && minio.ToErrorResponse(err).Code != minio.NoSuchUpload {
		return fmt.Errorf("drop draft: %w", translate(err))
	}
	if temporary(d.Key) {
		return s.remove(ctx, d.Key)
	}
	return nil
}

func draftError(err error) error {
	if minio.ToErrorResponse(err).Code == minio.NoSuchUpload {
		return hub.Wrap(hub.NotFound, err, "the object store has given the upload up")
	}
	return translate(err)
}

// PutWhole keeps a small file that is in memory, under its digest. b is not
// read after the return.
func (s *Store) PutWhole(ctx context.Context, b []byte) (hub.Digest, error) {
	d := hub.SHA256(b)
	k, err := key(d)
	if err != nil {
		return "", err
	}
	opt := minio.PutObjectOptions{ContentType: contentType, DisableContentSha256: true}
	opt.SetMatchETagExcept("*")
	l := &loanBytes{}
	_, err = s.s3.PutObject(ctx, s.bucket, k, l.lend(b), int64(len(b)), "", d.Hex(), opt)
	l.revoke()
	if _, err = s.outcome(ctx, k, err); err != nil {
		return "", fmt.Errorf("put file: %w", translate(err))
	}
	return d, nil
}

// PutScrap keeps bytes for a while under a name of its own: Sweep takes them
// after some time. b is not read after the return.
func (s *Store) PutScrap(ctx context.Context, b []byte) (name string, err error) {
	name = tempKey()
	sum := sha256.Sum256(b)
	l := &loanBytes{}
	_, err = s.s3.PutObject(ctx, s.bucket, name, l.lend(b), int64(len(b)), "", hex.EncodeToString(sum[:]),
		minio.PutObjectOptions{ContentType: contentType, DisableContentSha256: true})
	l.revoke()
	if err != nil {
		return "", fmt.Errorf("keep scrap: %w", translate(err))
	}
	return name, nil
}

// Scrap reads a scrap into buf, which has to hold exactly it. Errors: NotFound,
// UploadTruncated when it is not as long, Unavailable.
func (s *Store) Scrap(ctx context.Context, name string, buf []byte) error {
	if !temporary(name) {
		return hub.E(hub.NotFound, "no such scrap")
	}
	body, info, _, err := s.s3.GetObject(ctx, s.bucket, name, minio.GetObjectOptions{})
	if err != nil {
		return fmt.Errorf("read scrap: %w", translate(err))
	}
	defer body.Close()
	if info.Size != int64(len(buf)) {
		return hub.E(hub.UploadTruncated, "a scrap has %d bytes, not %d", info.Size, len(buf))
	}
	if _, err := io.ReadFull(body, buf); err != nil {
		return fmt.Errorf("read scrap: %w", translate(err))
	}
	return nil
}

// RemoveScrap forgets a scrap; one that is not there is no error.
func (s *Store) RemoveScrap(ctx context.Context, name string) error {
	if !temporary(name) {
		return nil
	}
	return s.remove(ctx, name)
}

// loanBytes lends a buffer that is used again after the call it was lent for:
// the transport may go on reading when the answer is there.
type loanBytes struct{ l loan }

// lend returns a reader of b that the client may rewind to try again.
func (l *loanBytes) lend(b []byte) io.ReadSeeker {
	r := bytes.NewReader(b)
	l.l.r = r
	return &lentReader{l: &l.l, r: r}
}

func (l *loanBytes) revoke() { l.l.revoke() }

type lentReader struct {
	l *loan
	r *bytes.Reader
}

func (r *lentReader) Read(p []byte) (int, error) { return r.l.Read(p) }

func (r *lentReader) Seek(offset int64, whence int) (int64, error) {
	r.l.mu.Lock()
	defer r.l.mu.Unlock()
	if r.l.r == nil {
		return 0, errRevoked
	}
	return r.r.Seek(offset, whence)
}
