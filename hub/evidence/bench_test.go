package evidence

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// BenchmarkVerify verifies bundles in files, as hub verify does.
func BenchmarkVerify(b *testing.B) {
	for _, megabytes := range []int{1, 100} {
		b.Run(fmt.Sprintf("%dMB", megabytes), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "bundle.zip")
			size := big(b, path, megabytes)
			f, err := os.Open(path)
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Verify(b.Context(), f, size, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// big writes a bundle with materials of so many megabytes in all.
func big(b *testing.B, path string, megabytes int) int64 {
	h := hubtest.New(b, hub.Ports{}, nil)
	id := h.Receive(b, "case-1")
	part := bytes.Repeat([]byte("%PDF-1.7 0123456789"), megabytes*1_000_000/5/19)
	for i := range 5 {
		h.AddFile(b, hubtest.Clerk(), id, fmt.Sprint("file-", i), "contract", append(part, byte(i)))
	}
	src, err := FromService(h.Service).Collect(b.Context(), id, hubtest.Window)
	if err != nil {
		b.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if err := Write(b.Context(), f, src); err != nil {
		b.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}
