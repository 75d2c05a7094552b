package s3server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

const (
	bucketsDir = "buckets"
	sidecarDir = "meta"
)

// drive is the gateway's backend: the library's file backend over absolute
// paths, with durable writes. The library means to own the working directory
// of the process (it changes to its root and uses relative paths); given a
// bucket as an absolute path, and the present directory as its root, it works
// the same and changes nothing.
//
// The embedded BackendUnsupported answers "not implemented" to everything else.
type drive struct {
	backend.BackendUnsupported
	files *posix.Posix
	meta  meta.MetadataStorer
	root  string // absolute; holds one folder per bucket
	disk  *disk
	log   *slog.Logger
}

var _ backend.Backend = (*drive)(nil)

func openDrive(dir string, log *slog.Logger) (*drive, error) {
	root := filepath.Join(dir, bucketsDir)
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, err
	}
	store, sidecar, err := openMeta(dir, root)
	if err != nil {
		return nil, fmt.Errorf("open metadata: %w", err)
	}
	if sidecar {
		log.Warn("the file system has no extended attributes; object metadata is kept in files", "dir", dir)
	}
	opts := posix.PosixOpts{
		DataIntegrityEtag:  true, // a CRC in place of MD5, which nobody here reads
		ForceNoObjLockFile: true, // one process owns the folder; its lock is in memory
	}
	opts.SetNewDirPerm(0o700)
	opts.SetNewFilePerm(0o600)
	files, err := posix.New(".", store, opts)
	if err != nil {
		return nil, err
	}
	return &drive{files: files, meta: store, root: root, disk: newDisk(root, sidecar), log: log}, nil
}

// String names the backend in the library's messages.
func (d *drive) String() string { return "embedded drive" }

// Shutdown is called by the gateway when it ends.
func (d *drive) Shutdown() { d.files.Shutdown() }

// NormalizeObjectKey has nothing to do: keys are paths as they are.
func (d *drive) NormalizeObjectKey(_, object string) string { return object }

// path is a bucket's folder. The gateway has checked the name by S3's rules,
// which leave no room for a separator or a dot segment.
func (d *drive) path(bucket *string) *string {
	name := ""
	if bucket != nil {
		name = *bucket
	}
	p := filepath.Join(d.root, filepath.Base(filepath.Clean("/"+name)))
	return &p
}

// PutObject writes, syncs, publishes and syncs again.
func (d *drive) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	in.Bucket = d.path(in.Bucket)
	file := filepath.Join(*in.Bucket, deref(in.Key))
	veil := d.disk.veil(file)
	defer veil.show()
	out, err := d.files.PutObjectWithPostFunc(ctx, in, func(f *os.File) error {
		if err := whole(f, in.ContentLength); err != nil {
			return err
		}
		if err := f.Sync(); err != nil {
			return fmt.Errorf("sync object: %w", err)
		}
		veil.hide()
		return nil
	})
	if err != nil {
		return out, d.refuse(ctx, veil, err)
	}
	return out, d.disk.sync(*in.Bucket, file)
}

// refuse passes a failed write on. "It exists" is an answer that has to wait
// for the disk too.
func (d *drive) refuse(ctx context.Context, v *veil, err error) error {
	v.show()
	if err := d.disk.wait(ctx, v.file); err != nil {
		return err
	}
	return known(err)
}

// known unwraps an error of S3, because the gateway takes what is wrapped for
// its own fault; and a body that broke off is the client's.
func known(err error) error {
	if e, ok := errors.AsType[s3err.S3Error](err); ok {
		return e
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return s3err.GetAPIError(s3err.ErrIncompleteBody)
	}
	return err
}

// whole refuses a body that ended early; the library would cut the file to
// what has come and publish it.
func whole(f *os.File, announced *int64) error {
	if announced == nil {
		return nil
	}
	n, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if n != *announced {
		return s3err.GetAPIError(s3err.ErrIncompleteBody)
	}
	return nil
}

// HeadObject answers once the object is on the disk.
func (d *drive) HeadObject(ctx context.Context, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	in.Bucket = d.path(in.Bucket)
	if err := d.disk.wait(ctx, filepath.Join(*in.Bucket, deref(in.Key))); err != nil {
		return nil, err
	}
	return d.files.HeadObject(ctx, in)
}

// GetObject streams the object's file, once it is on the disk.
func (d *drive) GetObject(ctx context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	in.Bucket = d.path(in.Bucket)
	if err := d.disk.wait(ctx, filepath.Join(*in.Bucket, deref(in.Key))); err != nil {
		return nil, err
	}
	return d.files.GetObject(ctx, in)
}

// CopyObject is a read and a write; the library's own takes its source only
// relative to the working directory. Conditions on the source are refused.
func (d *drive) CopyObject(ctx context.Context, in s3response.CopyObjectInput) (s3response.CopyObjectOutput, error) {
	var out s3response.CopyObjectOutput
	if in.CopySourceIfMatch != nil || in.CopySourceIfNoneMatch != nil ||
		in.CopySourceIfModifiedSince != nil || in.CopySourceIfUnmodifiedSince != nil {
		return out, s3err.GetAPIError(s3err.ErrNotImplemented)
	}
	bucket, object, version, err := backend.ParseCopySource(deref(in.CopySource))
	if err != nil {
		return out, err
	}
	if version != "" {
		return out, s3err.GetAPIError(s3err.ErrNotImplemented)
	}
	src, err := d.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &object})
	if err != nil {
		return out, err
	}
	defer src.Body.Close()
	put, err := d.PutObject(ctx, s3response.PutObjectInput{
		Bucket: in.Bucket, Key: in.Key, Body: src.Body,
		ContentLength: src.ContentLength, ContentType: src.ContentType,
	})
	if err != nil {
		return out, err
	}
	out.CopyObjectResult = &s3response.CopyObjectResult{ETag: &put.ETag, LastModified: src.LastModified}
	return out, nil
}

// ListObjectsV2 lists keys in order.
func (d *drive) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input) (s3response.ListObjectsV2Result, error) {
	name := in.Bucket
	in.Bucket = d.path(in.Bucket)
	out, err := d.files.ListObjectsV2(ctx, in)
	out.Name = name
	return out, err
}

// DeleteObject also drops folders that become empty.
func (d *drive) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	in.Bucket = d.path(in.Bucket)
	d.disk.forget(filepath.Join(*in.Bucket, deref(in.Key)))
	return d.files.DeleteObject(ctx, in)
}

// sweep removes the files of writes that a crash cut off, and hands multipart
// uploads back that it caught being completed. Whole multipart uploads stay:
// somebody may resume them.
func (d *drive) sweep() error {
	left, err := filepath.Glob(filepath.Join(d.root, "*", posix.MetaTmpDir, "*"))
	if err != nil {
		return err
	}
	for _, p := range left {
		fi, err := os.Lstat(p)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err != nil || !fi.Mode().IsRegular() {
			continue
		}
		if err := os.Remove(p); err != nil {
			return err
		}
		d.log.Info("removed an unfinished write", "file", p)
	}
	return d.reopenUploads()
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
