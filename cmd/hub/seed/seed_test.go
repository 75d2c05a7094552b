package seed_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/hub/standard"
)

// items of the catalogue.
var items = []hub.ItemCode{
	"transfer.resale", "transfer.new", "notice.dual", "mortgage.first", "mortgage.cancel", "package.mortgaged_transfer",
	"transfer.inherit", "transfer.spouse", "change", "first.building", "search", "utilities",
}

// standards loads the catalogue as strictly as an import does.
func standards(t testing.TB) []hub.Standard {
	t.Helper()
	text, err := seed.Text()
	if err != nil {
		t.Fatal(err)
	}
	all, err := standard.Load(bytes.NewReader(text), nil)
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

func TestTheCatalogueIsComplete(t *testing.T) {
	all := standards(t)
	for _, agency := range []hub.AgencyID{"", "410425.registry", "440305.registry", "330106.registry", "510104.registry"} {
		var got []hub.ItemCode
		for i := range all {
			if all[i].Agency == agency {
				got = append(got, all[i].Item)
			}
		}
		if !slices.Equal(got, items) {
			t.Errorf("%q has %q", agency, got)
		}
	}
	for i := range all {
		s := &all[i]
		if s.Agency != "" && s.Over.Version == 0 {
			t.Errorf("%s of %s is laid over nothing", s.Item, s.Agency)
		}
		if len(s.Outputs) == 0 || len(s.Rejects) == 0 || len(s.Questions) == 0 || len(s.Basis) == 0 || len(s.Modes) == 0 {
			t.Errorf("%s of %q lacks outputs, rejects, questions, basis or modes", s.Item, s.Agency)
		}
		samples := 0
		for k := range s.Slots {
			samples += len(s.Slots[k].Hints) + len(s.Slots[k].Rejects)
		}
		if samples < 3 {
			t.Errorf("%s of %q has %d samples and reject reasons", s.Item, s.Agency, samples)
		}
	}
}

func TestBuiltInIsWhatAnImportWouldGive(t *testing.T) {
	built, err := seed.Standards()
	if err != nil {
		t.Fatal(err)
	}
	strict := standards(t)
	if len(built) != len(strict) {
		t.Fatalf("%d and %d standards", len(built), len(strict))
	}
	for i := range built {
		if built[i].Digest != strict[i].Digest {
			t.Errorf("%s of %q differs", built[i].Item, built[i].Agency)
		}
	}
}

// Every standard survives being exported and imported, state apart.
func TestExportAndImportAreTheSame(t *testing.T) {
	all := standards(t)
	base := func(item hub.ItemCode, version int) (hub.Standard, error) {
		i := slices.IndexFunc(all, func(s hub.Standard) bool { return s.Agency == "" && s.Item == item && s.Version == version })
		if i < 0 {
			return hub.Standard{}, hub.E(hub.NotFound, "none")
		}
		return all[i], nil
	}
	for i := range all {
		s := &all[i]
		text, err := standard.Export(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := standard.Load(bytes.NewReader(text), base)
		if err != nil || len(again) != 1 || again[0].Digest != s.Digest {
			t.Errorf("%s of %q: %v", s.Item, s.Agency, err)
			continue
		}
		second, err := standard.Export(&again[0])
		if err != nil || !bytes.Equal(text, second) {
			t.Errorf("%s of %q is written otherwise the second time: %v", s.Item, s.Agency, err)
		}
	}
}
