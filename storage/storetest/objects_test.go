package storetest_test

import (
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/lifecycle"

	"tongban/storage/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// TestObjectStore always proves the embedded server, and the one at
// S3_ENDPOINT if there is one.
func TestObjectStore(t *testing.T) {
	t.Run("embedded", func(t *testing.T) { storetest.TestObjects(t, storetest.EmbeddedObjects) })
	if outside, ok := storetest.OutsideObjects(); ok {
		t.Run("outside", func(t *testing.T) { storetest.TestObjects(t, outside) })
	}
}

func TestTheEmbeddedServerRefusesWhatItDoesNotDo(t *testing.T) {
	cfg := storetest.EmbeddedObjects(t)
	raw := storetest.RawObjects(t, cfg)
	if err := raw.MakeBucket(t.Context(), cfg.Bucket, minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	expired := lifecycle.NewConfiguration()
	expired.Rules = []lifecycle.Rule{{ID: "x", Status: "Enabled", Expiration: lifecycle.Expiration{Days: 1}}}
	for name, err := range map[string]error{
		"versions":  raw.EnableVersioning(t.Context(), cfg.Bucket),
		"lifecycle": raw.SetBucketLifecycle(t.Context(), cfg.Bucket, expired),
		"policy":    raw.SetBucketPolicy(t.Context(), cfg.Bucket, `{"Version":"2012-10-17","Statement":[]}`),
	} {
		if err == nil {
			t.Errorf("%s: accepted and ignored", name)
		}
	}
}
