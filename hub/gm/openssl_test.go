package gm_test

import (
	"bytes"
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/gm"
)

// OpenSSL is the second implementation: what we write it must read, and the other way round.

const distid = "distid:1234567812345678"

func TestSM3AgreesWithOpenSSL(t *testing.T) {
	for _, size := range []int{0, 1, 55, 56, 64, 1 << 20} {
		message := bytes.Repeat([]byte{0xa5}, size)
		out := openssl(t, message, "dgst", "-sm3", "-r")
		want, _, _ := strings.Cut(string(out), " ")
		if got := hub.Sum(gm.Suite().Hash, message); got.Hex() != want {
			t.Errorf("%d bytes: we say %s, OpenSSL %s", size, got.Hex(), want)
		}
	}
}

func TestOpenSSLVerifiesOurSignature(t *testing.T) {
	sign := gm.Suite().Sign
	private, public := generate(t, sign)
	message := []byte("收件回执 豫(2022)郏县不动产权第0001234号")
	sig := write(t, "sig", signed(t, sign, private, message))
	key := write(t, "key.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))

	openssl(t, message, "dgst", "-sm3", "-verify", key, "-sigopt", distid, "-signature", sig)
}

func TestWeVerifyOpenSSLsSignature(t *testing.T) {
	sign := gm.Suite().Sign
	message := []byte("signed elsewhere")
	key := write(t, "key.pem", openssl(t, nil, "genpkey", "-algorithm", "SM2"))
	sig := openssl(t, message, "dgst", "-sm3", "-sign", key, "-sigopt", distid)
	public := openssl(t, nil, "pkey", "-in", key, "-pubout", "-outform", "DER")
	if err := sign.Verify(public, message, sig); err != nil {
		t.Errorf("OpenSSL's signature %s: %v", hex.EncodeToString(sig), err)
	}

	private := openssl(t, nil, "pkcs8", "-topk8", "-nocrypt", "-in", key, "-outform", "DER")
	if err := sign.Verify(public, message, signed(t, sign, private, message)); err != nil {
		t.Errorf("our signature with OpenSSL's key: %v", err)
	}
}

// openssl runs the command with stdin and returns what it prints. Where there is no openssl the test is skipped, except
// on the build machine, which must have it.
func openssl(t *testing.T, stdin []byte, args ...string) []byte {
	t.Helper()
	name, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("openssl is not installed; .ci/run installs it")
		}
		t.Skip("openssl is not installed")
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("openssl %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.Bytes())
	}
	return out
}

func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
