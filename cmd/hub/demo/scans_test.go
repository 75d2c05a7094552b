package demo_test

import (
	"bytes"
	"image/jpeg"
	"testing"

	"github.com/gabriel-vasile/mimetype"

	"tongban/cmd/hub/demo"
)

func TestScansAreRealFilesOverFiveMegabytes(t *testing.T) {
	scans, err := demo.Scans(1)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, s := range scans {
		total += len(s.Data)
		if got := mimetype.Detect(s.Data).String(); got != s.Type {
			t.Errorf("%s: content is %s, said to be %s", s.Slot, got, s.Type)
		}
		if s.Type == "image/jpeg" {
			if _, err := jpeg.Decode(bytes.NewReader(s.Data)); err != nil {
				t.Errorf("%s: %v", s.Slot, err)
			}
		}
		t.Logf("%-12s %8d bytes", s.Slot, len(s.Data))
	}
	if total < 5_000_000 {
		t.Errorf("only %d bytes in all", total)
	}
}
