package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tongban/cmd/hub/app"
	"tongban/cmd/hub/demo"
	"tongban/hub"
)

// A client that others wrote uploads through a hub that is killed under it
// again and again; the file comes out right, and no byte that the hub had
// called safe was sent a second time.
func TestATusClientResumesThroughKills(t *testing.T) {
	const kills = 3
	if _, err := os.Stat("testdata/tus/node_modules/tus-js-client"); err != nil {
		t.Fatal("the tus client is missing; make test installs it (npm ci in cmd/hub/testdata/tus)")
	}
	content, err := demo.Document(rand.Uint64(), 60) // other bytes in each run, and a file that is let in
	if err != nil {
		t.Fatal(err)
	}
	size := int64(len(content))
	file := filepath.Join(t.TempDir(), "large.pdf")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	data, addr := t.TempDir(), freeAddr(t)
	server := startHub(t, "-data", data, "-listen", addr)
	w := newTollgate(t, server.url)
	digest := hub.SHA256(content)
	var out bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	client := exec.CommandContext(ctx, "node", "testdata/tus/upload.mjs", w.url+"/api/v1/uploads/tus/", file, string(digest))
	client.Env = append(os.Environ(), "TOKEN="+bearer(t, server.url, data))
	client.Stdout, client.Stderr = &out, &out
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- client.Wait() }()
	for k := range kills {
		// Somewhere in the next fifth of the file.
		w.waitFor(t, size/5*int64(k+1)-rand.Int64N(size/6), ended)
		server.kill(t)
		server = startHub(t, "-data", data, "-listen", addr)
	}
	if err := <-ended; err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	var last struct{ URL, Digest string }
	if err := json.Unmarshal(out.Bytes(), &last); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	sum, err := hex.DecodeString(digest.Hex())
	if want := "sha-256=:" + base64.StdEncoding.EncodeToString(sum) + ":"; err != nil || last.Digest != want {
		t.Errorf("the file came out as %q", last.Digest)
	}
	w.report(t, kills)
	server.kill(t)
	checkStored(t, data, digest, content)
}

// checkStored reads the file where the embedded store keeps it.
func checkStored(t *testing.T, data string, digest hub.Digest, content []byte) {
	t.Helper()
	h := digest.Hex()
	found, err := filepath.Glob(filepath.Join(data, "objects", "buckets", "*", "sha256", h[:2], h[2:4], h))
	if err != nil || len(found) != 1 {
		t.Fatalf("stored at %v, %v", found, err)
	}
	if b, err := os.ReadFile(found[0]); err != nil || !bytes.Equal(b, content) {
		t.Errorf("%d bytes are stored: %v", len(b), err)
	}
}

// bearer signs the first demo clerk in.
func bearer(t *testing.T, url, data string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(data, app.SignInsFile))
	if err != nil {
		t.Fatal(err)
	}
	var ins []app.SignIn
	if err := json.Unmarshal(b, &ins); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"login": ins[0].Login, "password": ins[0].Password, "bearer": true})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(url+"/api/v1/session", "application/json", bytes.NewReader(body)) //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var session struct{ Token string }
	if err := json.NewDecoder(resp.Body).Decode(&session); err != nil || session.Token == "" {
		t.Fatalf("sign in: %s %v", resp.Status, err)
	}
	return session.Token
}

// tollgate stands between client and hub. It counts the bytes that go through,
// notes what the hub calls safe, and lets no piece begin below that.
type tollgate struct {
	url   string
	mu    sync.Mutex
	safe  int64 // what the hub has answered, at most
	sent  int64 // bytes that the hub was sent
	twice []string
	moved chan struct{}
}

func newTollgate(t *testing.T, to string) *tollgate {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	w := &tollgate{moved: make(chan struct{}, 1)}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = nil
	proxy.ErrorHandler = func(rw http.ResponseWriter, _ *http.Request, _ error) { rw.WriteHeader(http.StatusBadGateway) }
	proxy.ModifyResponse = func(resp *http.Response) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		at, err := strconv.ParseInt(resp.Header.Get("Upload-Offset"), 10, 64)
		if err != nil || resp.StatusCode >= 300 {
			return nil // an answer that says nothing of it
		}
		if at < w.safe {
			w.twice = append(w.twice, "the hub forgot "+strconv.FormatInt(w.safe-at, 10)+" bytes")
		}
		w.safe = max(w.safe, at)
		return nil
	}
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch {
			at, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
			w.mu.Lock()
			if err != nil || at < w.safe {
				w.twice = append(w.twice, "sent again from "+r.Header.Get("Upload-Offset"))
			}
			w.mu.Unlock()
			r.Body = &counted{ReadCloser: r.Body, gate: w}
		}
		proxy.ServeHTTP(rw, r)
	}))
	t.Cleanup(srv.Close)
	w.url = srv.URL
	return w
}

type counted struct {
	io.ReadCloser
	gate *tollgate
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p[:min(len(p), 64<<10)])
	c.gate.mu.Lock()
	c.gate.sent += int64(n)
	c.gate.mu.Unlock()
	select {
	case c.gate.moved <- struct{}{}:
	default:
	}
	return n, err
}

// waitFor returns when so many bytes have gone through.
func (w *tollgate) waitFor(t *testing.T, n int64, ended <-chan error) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for {
		w.mu.Lock()
		sent := w.sent
		w.mu.Unlock()
		if sent >= n {
			return
		}
		select {
		case <-w.moved:
		case err := <-ended:
			t.Fatalf("the client ended after %d bytes: %v", sent, err)
		case <-deadline.C:
			t.Fatalf("only %d bytes were sent", sent)
		}
	}
}

// report tells what was sent twice: nothing that was safe, and of what was not
// at most a part and what was on its way for each kill.
func (w *tollgate) report(t *testing.T, kills int) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.twice) > 0 {
		t.Errorf("safe bytes: %s", strings.Join(w.twice, "; "))
	}
	const part, onTheWay = 5 << 20, 16 << 20 // socket buffers on both sides of the gate
	again := w.sent - w.safe
	t.Logf("%d bytes, %d sent again after %d kills", w.safe, again, kills)
	if again > int64(kills)*(part+onTheWay) {
		t.Errorf("%d bytes were sent again after %d kills", again, kills)
	}
}
