package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/gm"
	"tongban/hub/hubtest"
)

// tool runs a program of the system in a folder; see the README of a bundle.
func tool(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed; .ci/run installs it", name)
		}
		t.Skipf("%s is not installed", name)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func unpack(t *testing.T, b []byte) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, r); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestBundleVerifiesByHand does what the README of a bundle tells people.
func TestBundleVerifiesByHand(t *testing.T) {
	for _, suite := range []hub.Suite{hub.StandardSuite(), gm.Suite()} {
		t.Run(suite.Sign.Name(), func(t *testing.T) {
			h := hubtest.New(t, hub.Ports{Algorithms: hub.NewAlgorithms(suite)}, nil)
			b := bundle(t, h, decided(t, h, "case-1"))
			r, err := check(t, b, Options{Algorithms: h.Algorithms})
			if err != nil {
				t.Fatal(err)
			}
			dir := unpack(t, b)
			tool(t, dir, "sha256sum", "-c", "--strict", sumsName)
			want := 1 + r.Events + r.Messages + r.Receipts
			if got := byHand(t, dir, suite.Sign.Name() == "sm2"); got != want {
				t.Errorf("%d signatures are there to check, want %d", got, want)
			}
		})
	}
}

// byHand checks every signature in an unpacked bundle and every key's fingerprint.
func byHand(t *testing.T, dir string, sm2 bool) (signed int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		if key, ok := strings.CutSuffix(name, ".pem"); ok {
			der := tool(t, dir, "openssl", "pkey", "-pubin", "-in", name, "-outform", "DER")
			if mark := hub.SHA256([]byte(der)).Hex()[:32]; !strings.HasSuffix(key, mark) {
				t.Errorf("%s has the fingerprint %s", name, mark)
			}
		}
		base, ok := strings.CutSuffix(name, ".sig")
		if !ok {
			return nil
		}
		signed++
		content, err := os.ReadFile(filepath.Join(dir, base+".json"))
		if err != nil {
			return err
		}
		var d struct {
			Key hub.KeyID `json:"key"`
		}
		if err := json.Unmarshal(content, &d); err != nil {
			return err
		}
		if sm2 {
			tool(t, dir, "openssl", "dgst", "-sm3", "-verify", pemName(d.Key), "-sigopt", "distid:1234567812345678", "-signature", name, base+".json")
		} else {
			tool(t, dir, "openssl", "pkeyutl", "-verify", "-pubin", "-inkey", pemName(d.Key), "-rawin", "-in", base+".json", "-sigfile", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return signed
}
