package certificate_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Set PAPERS_DIR to keep the papers and look at them.
func TestPapersHoldTheirFields(t *testing.T) {
	p := printer(t)
	for _, paper := range papers() {
		t.Run(paper.name, func(t *testing.T) {
			file, err := paper.print(p)
			if err != nil {
				t.Fatal(err)
			}
			if dir := os.Getenv("PAPERS_DIR"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, paper.name+".pdf"), file, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got := text(t, file)
			flat := strings.Join(strings.Fields(got), "")
			for _, want := range paper.want {
				if !strings.Contains(flat, strings.Join(strings.Fields(want), "")) {
					t.Errorf("%q is not in\n%s", want, got)
				}
			}
			if strings.Contains(got, "\ufffd") {
				t.Errorf("unreadable characters in\n%s", got)
			}
			if len(file) > 300<<10 {
				t.Errorf("%d bytes, more than 300 KiB", len(file))
			}
			tool(t, file, "qpdf", "--check", "FILE")
			again, err := paper.print(printer(t))
			if err != nil || !bytes.Equal(file, again) {
				t.Errorf("the same input gave other bytes, error %v", err)
			}
		})
	}
}
