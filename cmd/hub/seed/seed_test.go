package seed_test

import (
	"errors"
	"testing"

	"tongban/cmd/hub/seed"
	"tongban/hub"
)

func standards(t testing.TB) []hub.Standard {
	t.Helper()
	all, err := seed.Standards()
	if err != nil {
		if e, ok := errors.AsType[*hub.Error](err); ok {
			for _, f := range e.Fields {
				t.Logf("%s %s: %s", f.Pointer, f.Code, f.Message)
			}
		}
		t.Fatal(err)
	}
	return all
}

func TestTheCatalogueLoads(t *testing.T) {
	for _, s := range standards(t) {
		t.Logf("%-28s %-16s v%d %s", s.Item, s.Agency, s.Version, s.Digest)
	}
}
