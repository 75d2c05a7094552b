package storetest_test

import (
	"testing"

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
