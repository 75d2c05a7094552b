package evidence

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pack writes a container with small limits, so that the 64-bit forms are used
// without gigabytes.
func pack(t *testing.T, limit uint64, small, large map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := newContainerWriter(&b)
	w.limit = limit
	for _, name := range slices.Sorted(maps.Keys(small)) {
		if err := w.add(name, []byte(small[name])); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(large)) {
		if err := w.stream(name, int64(len(large[name])), strings.NewReader(large[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestContainerIsAZIPForOtherReaders(t *testing.T) {
	small := map[string]string{"a.txt": "first", "b/empty.txt": ""}
	large := map[string]string{"m/big.bin": strings.Repeat("content ", 1000), "m/none.bin": ""}
	want := maps.Clone(small)
	maps.Copy(want, large)
	for _, tt := range []struct {
		name  string
		limit uint64
	}{{"32 bit", zipLimit}, {"64 bit sizes", 5000}, {"64 bit offsets", 6}, {"64 bit everywhere", 0}} {
		t.Run(tt.name, func(t *testing.T) {
			b := pack(t, tt.limit, small, large)
			got := map[string]string{}
			r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.File {
				rc, err := f.Open()
				if err != nil {
					t.Fatal(err)
				}
				c, err := io.ReadAll(rc)
				if err != nil {
					t.Fatalf("%s: %v", f.Name, err)
				}
				rc.Close()
				got[f.Name] = string(c)
			}
			if !maps.Equal(got, want) {
				t.Errorf("archive/zip reads %v", slices.Sorted(maps.Keys(got)))
			}
			unzip(t, b, want)
		})
	}
}

// unzip lets a foreign program read the container.
func unzip(t *testing.T, b []byte, want map[string]string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "b.zip")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, dir, "python3", "-m", "zipfile", "-e", file, dir)
	for name, content := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(got) != content {
			t.Errorf("python3 unpacks %s with %d bytes, %v", name, len(got), err)
		}
	}
}

func TestStreamRefusesAnotherSizeThanAnnounced(t *testing.T) {
	for _, announced := range []int64{4, 6} {
		w := newContainerWriter(io.Discard)
		if err := w.stream("a", announced, strings.NewReader("12345")); err == nil {
			t.Errorf("5 bytes pass as %d", announced)
		}
	}
}
