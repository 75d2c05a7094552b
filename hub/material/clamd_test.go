package material

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongban/hub"
)

// eicar is the test file that every scanner knows; in two parts, so that no
// scanner finds this source.
var eicar = []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}` + `$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`)

// clamd starts a real daemon with one signature of ours and returns its socket
// and what stops it. maxStream is its StreamMaxLength.
func clamd(t testing.TB, maxStream string) (address string, stop func()) {
	t.Helper()
	dir, err := os.MkdirTemp("", "clamd-") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "clamd.sock")
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("hub.ndb", "Hub.Test.EICAR:0:*:"+hex.EncodeToString(eicar)+"\n")
	config := write("clamd.conf", fmt.Sprintf("Foreground yes\nLocalSocket %s\nDatabaseDirectory %s\nStreamMaxLength %s\nAlertExceedsMax yes\nTemporaryDirectory %s\n",
		socket, dir, maxStream, dir))
	path, err := exec.LookPath("clamd")
	if err != nil {
		path = "/usr/sbin/clamd"
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, "--config-file="+config)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatalf("clamd (Debian: clamav-daemon): %v", err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = cmd.Wait() }()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	eventually(t, 60*time.Second, "clamd listens", func() bool {
		select {
		case <-done:
			t.Fatalf("clamd ended: %s", out.String())
		default:
		}
		c, err := net.Dial("unix", socket)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	return "unix:" + socket, stop
}

// eventually polls until a condition holds.
func eventually(t testing.TB, within time.Duration, what string, f func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(within); !f(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}

func TestScanAsksARealClamd(t *testing.T) {
	address, stop := clamd(t, "1M")
	s, err := NewScanner(address)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what  string
		b     []byte
		state hub.ScanState
	}{
		{"clean", pdfWith("", nil), hub.ScanClean},
		{"nothing", nil, hub.ScanClean},
		{"a virus", eicar, hub.ScanFound},
		{"a virus in a PDF", pdfWith("", func(d *document) { d.stream("", eicar) }), hub.ScanFound},
		{"more than it takes", make([]byte, 8<<20), hub.ScanTooLarge},
		{"clean again", []byte("x"), hub.ScanClean},
	} {
		state, signature, err := s.Scan(t.Context(), bytes.NewReader(c.b))
		if err != nil || state != c.state || (state == hub.ScanFound) != strings.HasPrefix(signature, "Hub.Test.EICAR") {
			t.Errorf("%s: %s %q %v, want %s", c.what, state, signature, err, c.state)
		}
	}
	stop()
	if state, _, err := s.Scan(t.Context(), bytes.NewReader(eicar)); state != hub.ScanFailed || hub.ErrorCode(err) != hub.Unavailable {
		t.Errorf("without a daemon: %s %v", state, err)
	}
}

// Whatever a daemon does that is no clear word is no scan.
func TestAScanThatIsNotClearlyCleanIsNone(t *testing.T) {
	for answer, want := range map[string]hub.ScanState{
		"": hub.ScanFailed, "stream: OK": hub.ScanClean, "stream: OK\x00": hub.ScanClean, "stream: OKAY\x00": hub.ScanFailed, "OK\x00": hub.ScanFailed,
		"stream: Eicar FOUND\x00": hub.ScanFound, "stream:  FOUND\x00": hub.ScanFailed, "INSTREAM size limit exceeded. ERROR\x00": hub.ScanTooLarge,
		"stream: lstat() failed: No such file. ERROR\x00": hub.ScanFailed, "UNKNOWN COMMAND\x00": hub.ScanFailed,
	} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			_, _ = io.ReadFull(c, make([]byte, 10+4+1+4))
			_, _ = io.WriteString(c, answer)
		}()
		s, err := NewScanner("tcp:" + ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if state, _, err := s.Scan(t.Context(), strings.NewReader("x")); state != want || (err != nil) != (want == hub.ScanFailed) {
			t.Errorf("%q: %s %v, want %s", answer, state, err, want)
		}
		ln.Close()
	}
}

func TestAScanEndsWithItsContext(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	s, err := NewScanner(ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if state, _, err := s.Scan(ctx, strings.NewReader("x")); state != hub.ScanFailed || err == nil {
		t.Errorf("%s %v", state, err)
	}
}

func TestAddressesOfClamd(t *testing.T) {
	for a, ok := range map[string]bool{
		"unix:/run/clamav/clamd.ctl": true, "/run/clamav/clamd.ctl": true, "tcp:scanner:3310": true, "127.0.0.1:3310": true, "[::1]:3310": true,
		"": false, "scanner": false, "unix:": false, "tcp:scanner": false,
	} {
		if _, err := NewScanner(a); (err == nil) != ok {
			t.Errorf("%q: %v", a, err)
		}
	}
}
