package s3server

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3response"
)

// inProgress ends the name of an upload's folder while it is being completed:
// "<upload id>.<token>.inprogress".
const inProgress = ".inprogress"

// CreateMultipartUpload opens an upload.
func (d *drive) CreateMultipartUpload(ctx context.Context, in s3response.CreateMultipartUploadInput) (s3response.InitiateMultipartUploadResult, error) {
	name := deref(in.Bucket)
	in.Bucket = d.path(in.Bucket)
	out, err := d.files.CreateMultipartUpload(ctx, in)
	out.Bucket = name
	return out, err
}

// UploadPart keeps one part; an acknowledged part survives a power cut.
func (d *drive) UploadPart(ctx context.Context, in *s3.UploadPartInput) (*s3.UploadPartOutput, error) {
	in.Bucket = d.path(in.Bucket)
	out, err := d.files.UploadPartWithPostFunc(ctx, in, func(f *os.File) error {
		if err := whole(f, in.ContentLength); err != nil {
			return err
		}
		return f.Sync()
	})
	if err != nil {
		return out, known(err)
	}
	return out, d.disk.sync(*in.Bucket, partFile(*in.Bucket, in))
}

// partFile is where the library puts a part.
func partFile(bucket string, in *s3.UploadPartInput) string {
	return filepath.Join(bucket, posix.MetaTmpMultipartDir, fmt.Sprintf("%x", sha256.Sum256([]byte(deref(in.Key)))),
		deref(in.UploadId), strconv.Itoa(int(*in.PartNumber)))
}

// CompleteMultipartUpload joins the parts, syncs, publishes and syncs again.
func (d *drive) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (s3response.CompleteMultipartUploadResult, string, error) {
	name := in.Bucket
	in.Bucket = d.path(in.Bucket)
	file := filepath.Join(*in.Bucket, deref(in.Key))
	parts := 0
	if in.MultipartUpload != nil {
		parts = len(in.MultipartUpload.Parts)
	}
	left := parts
	veil := d.disk.veil(file)
	defer veil.show()
	var failed error
	out, version, err := d.files.CompleteMultipartUploadWithCopy(ctx, in, func(from, to *os.File) (bool, error) {
		if failed == nil {
			failed = join(from, to)
		}
		if left--; left == 0 && failed == nil {
			failed = to.Sync()
			veil.hide()
		}
		return true, nil // an error here would make the library copy once more
	})
	out.Bucket = name
	if err == nil {
		err = failed
	}
	if err != nil {
		return out, version, d.refuse(ctx, veil, err)
	}
	return out, version, d.disk.sync(*in.Bucket, file)
}

func join(from, to *os.File) error {
	if _, err := io.Copy(to, from); err != nil {
		return fmt.Errorf("join part: %w", err)
	}
	return nil
}

// AbortMultipartUpload drops an upload and its parts.
func (d *drive) AbortMultipartUpload(ctx context.Context, in *s3.AbortMultipartUploadInput) error {
	in.Bucket = d.path(in.Bucket)
	return d.files.AbortMultipartUpload(ctx, in)
}

// ListParts lists what an upload has.
func (d *drive) ListParts(ctx context.Context, in *s3.ListPartsInput) (s3response.ListPartsResult, error) {
	name := deref(in.Bucket)
	in.Bucket = d.path(in.Bucket)
	out, err := d.files.ListParts(ctx, in)
	out.Bucket = name
	return out, err
}

// ListMultipartUploads lists the uploads nobody has completed.
func (d *drive) ListMultipartUploads(ctx context.Context, in *s3.ListMultipartUploadsInput) (s3response.ListMultipartUploadsResult, error) {
	name := deref(in.Bucket)
	in.Bucket = d.path(in.Bucket)
	out, err := d.files.ListMultipartUploads(ctx, in)
	out.Bucket = name
	return out, err
}

// reopenUploads gives uploads that were being completed when the process died
// their names back, so that the client's next attempt finds them.
func (d *drive) reopenUploads() error {
	found, err := filepath.Glob(filepath.Join(d.root, "*", posix.MetaTmpMultipartDir, "*", "*"+inProgress))
	if err != nil {
		return err
	}
	for _, p := range found {
		dir, name := filepath.Split(p)
		id, _, _ := strings.Cut(name, ".")
		if err := os.Rename(p, filepath.Join(dir, id)); err != nil {
			return err
		}
		bucket, rest, _ := strings.Cut(strings.TrimPrefix(dir, d.root+string(filepath.Separator)), string(filepath.Separator))
		if err := d.meta.RenameObject(*d.path(&bucket), filepath.Join(rest, name), filepath.Join(rest, id)); err != nil {
			return err
		}
		d.log.Info("reopened an upload that was being completed", "upload", id)
	}
	return nil
}
