package demo_test

import (
	"bytes"
	"image/jpeg"
	"testing"

	"github.com/gabriel-vasile/mimetype"

	"tongban/cmd/hub/demo"
	"tongban/hub"
)

func TestPapersOfEveryStoryAreRealFiles(t *testing.T) {
	for _, item := range demo.Items() {
		scans, err := demo.Scans(item, 1)
		if err != nil {
			t.Fatalf("%s: %v", item, err)
		}
		total := 0
		for _, s := range scans {
			total += len(s.Data)
			if got := mimetype.Detect(s.Data).String(); got != s.Type {
				t.Errorf("%s, %s: content is %s, said to be %s", item, s.Slot, got, s.Type)
			}
			if s.Type == "image/jpeg" {
				if _, err := jpeg.Decode(bytes.NewReader(s.Data)); err != nil {
					t.Errorf("%s, %s: %v", item, s.Slot, err)
				}
			}
		}
		if len(scans) < 2 || item == "transfer.resale" && total < 3_000_000 {
			t.Errorf("%s: %d files, %d bytes", item, len(scans), total)
		}
		t.Logf("%-26s %2d files, %8d bytes", item, len(scans), total)
	}
}

func TestNoPapersOfAnUnknownItem(t *testing.T) {
	if _, err := demo.Scans("transfer.moon", 1); hub.ErrorCode(err) != hub.UnknownItem {
		t.Errorf("%v", err)
	}
}
