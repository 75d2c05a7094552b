package s3server

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/s3response"
)

// HeadBucket says whether a bucket is there.
func (d *drive) HeadBucket(ctx context.Context, in *s3.HeadBucketInput) (*s3.HeadBucketOutput, error) {
	in.Bucket = d.path(in.Bucket)
	return d.files.HeadBucket(ctx, in)
}

// CreateBucket makes the folder of a bucket.
func (d *drive) CreateBucket(ctx context.Context, in *s3.CreateBucketInput, acl []byte) error {
	in.Bucket = d.path(in.Bucket)
	if err := d.files.CreateBucket(ctx, in, acl); err != nil {
		return err
	}
	return d.disk.sync(d.root, *in.Bucket)
}

// DeleteBucket removes an empty bucket.
func (d *drive) DeleteBucket(ctx context.Context, bucket string) error {
	return d.files.DeleteBucket(ctx, *d.path(&bucket))
}

// The gateway asks for the following on its own before it lets a request
// through; buckets here have no policy, rules or versions.

// GetBucketAcl returns the owner that CreateBucket has stored.
func (d *drive) GetBucketAcl(ctx context.Context, in *s3.GetBucketAclInput) ([]byte, error) {
	return d.files.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: d.path(in.Bucket)})
}

// GetBucketPolicy finds none.
func (d *drive) GetBucketPolicy(ctx context.Context, bucket string) ([]byte, error) {
	return d.files.GetBucketPolicy(ctx, *d.path(&bucket))
}

// GetBucketCors finds none.
func (d *drive) GetBucketCors(ctx context.Context, bucket string) ([]byte, error) {
	return d.files.GetBucketCors(ctx, *d.path(&bucket))
}

// GetBucketVersioning finds it off.
func (d *drive) GetBucketVersioning(ctx context.Context, bucket string) (s3response.GetBucketVersioningOutput, error) {
	return d.files.GetBucketVersioning(ctx, *d.path(&bucket))
}

// GetBucketOwnershipControls returns what CreateBucket has stored.
func (d *drive) GetBucketOwnershipControls(ctx context.Context, bucket string) (types.ObjectOwnership, error) {
	return d.files.GetBucketOwnershipControls(ctx, *d.path(&bucket))
}

// GetObjectLockConfiguration finds none.
func (d *drive) GetObjectLockConfiguration(ctx context.Context, bucket string) ([]byte, error) {
	return d.files.GetObjectLockConfiguration(ctx, *d.path(&bucket))
}
