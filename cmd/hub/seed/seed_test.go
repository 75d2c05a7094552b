package seed_test

import (
	"testing"

	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/hub/standard"
)

// The twelve items of the catalogue, in force everywhere, and in four places with what differs there.
func TestEveryItemHasItsNationalBaseAndFourVariants(t *testing.T) {
	all, err := seed.Standards()
	if err != nil {
		t.Fatal(err)
	}
	byItem := map[hub.ItemCode][]hub.Standard{}
	for _, s := range all {
		byItem[s.Item] = append(byItem[s.Item], s)
	}
	if len(byItem) != 12 || len(all) != 60 {
		t.Fatalf("%d items, %d standards", len(byItem), len(all))
	}
	for item, list := range byItem {
		for _, s := range list {
			if s.Agency != "" && s.Base == 0 {
				t.Errorf("%s of %s lies on no base", item, s.Agency)
			}
			if d := standard.Diff(&list[0], &s); s.Agency != "" && len(d) == 0 {
				t.Errorf("%s of %s differs in nothing", item, s.Agency)
			}
		}
	}
}

func TestWhatIsExportedIsReadBackAsTheSame(t *testing.T) {
	all, err := seed.Standards()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		text, err := standard.Export(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := standard.LoadBytes(text)
		if err != nil || len(again) != 1 || again[0].Digest != s.Digest {
			t.Fatalf("%s of %q: %v\n%s", s.Item, s.Agency, err, text)
		}
	}
}
