package resume_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"tongban/hub"
	"tongban/storage/mongo"
	"tongban/storage/object"
	"tongban/storage/object/resume"
	"tongban/storage/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// world is one or more nodes on the same stores. The header Who names the agency.
type world struct {
	t       testing.TB
	objects *object.Store
	cfg     object.Config
	db      *mongo.DB
	nodes   []*resume.Store
	urls    []string

	mu    sync.Mutex
	ahead time.Duration
}

func newWorld(t testing.TB, nodes int, change ...func(*resume.Config)) *world {
	t.Helper()
	w := &world{t: t, cfg: storetest.ObjectConfig(t)}
	var err error
	if w.objects, err = object.Open(t.Context(), w.cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.objects.Close)
	uri, name := storetest.Mongo(t)
	if w.db, err = mongo.Open(t.Context(), mongo.Config{URI: uri, Database: name}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.db.Close(context.WithoutCancel(t.Context())) })
	if err := w.db.EnsureIndexes(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range nodes {
		cfg := resume.Config{
			Objects: w.objects, Records: w.db.OpenUploads(), Uploads: w.db.Uploads(), Sniff: sniff, SniffBytes: 3072,
			MaxSize: 64 << 20, Now: w.clock, Stall: 5 * time.Second, Lease: 600 * time.Millisecond, PerPerson: 6, PerAgency: 9,
		}
		for _, f := range change {
			f(&cfg)
		}
		s, err := resume.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewServer(serve(s))
		t.Cleanup(srv.Close)
		w.nodes, w.urls = append(w.nodes, s), append(w.urls, srv.URL)
	}
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.ahead)
}

func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead += d
}

func sniff(head []byte) (string, error) {
	if !bytes.HasPrefix(head, []byte("%PDF-")) {
		return "", hub.E(hub.WrongType, "no PDF")
	}
	return "application/pdf", nil
}

// serve answers with the code of a refusal in a header.
func serve(s *resume.Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = r.URL.Path[1:]
		who := hub.Actor{Agency: hub.AgencyID(r.Header.Get("Who")), Person: "p"}
		if who.Agency == "" {
			who.Agency = "window"
		}
		status, err := s.Serve(w, r, who)
		if err == nil {
			return
		}
		w.Header().Set("Code", string(hub.ErrorCode(err)))
		w.Header().Set("Text", err.Error())
		if status == 0 {
			status = 499
		}
		w.WriteHeader(status)
	})
}

// answer is what came back.
type answer struct {
	status int
	code   hub.Code
	header http.Header
	text   string
}

func (w *world) send(node int, method, id string, body io.Reader, header ...string) answer {
	w.t.Helper()
	a, err := w.try(node, method, id, body, header...)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, id, err)
	}
	return a
}

func (w *world) try(node int, method, id string, body io.Reader, header ...string) (answer, error) {
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.urls[node]+"/"+id, body)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Tus-Resumable", "1.0.0")
	if method == http.MethodPatch {
		req.Header.Set("Content-Type", "application/offset+octet-stream")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, hub.Code(resp.Header.Get("Code")), resp.Header, string(text)}, err
}

// create begins an upload of content, announced if announce.
func (w *world) create(content []byte, announce bool) string {
	w.t.Helper()
	header := []string{"Upload-Length", fmt.Sprint(len(content))}
	if announce {
		header = append(header, "Upload-Metadata", digestMeta(hub.SHA256(content)))
	}
	a := w.send(0, http.MethodPost, "", nil, header...)
	if a.status != 201 || a.header.Get("Location") == "" {
		w.t.Fatalf("create: %+v", a)
	}
	return a.header.Get("Location")
}

func digestMeta(d hub.Digest) string {
	return "filename " + base64.StdEncoding.EncodeToString([]byte("张三.pdf")) + ", digest " + base64.StdEncoding.EncodeToString([]byte(d))
}

func (w *world) patch(node int, id string, content []byte, from, to int) answer {
	w.t.Helper()
	return w.send(node, http.MethodPatch, id, bytes.NewReader(content[from:to]), "Upload-Offset", fmt.Sprint(from))
}

func (w *world) offset(node int, id string) int {
	w.t.Helper()
	a := w.send(node, http.MethodHead, id, nil)
	n := -1
	if _, err := fmt.Sscan(a.header.Get("Upload-Offset"), &n); err != nil || a.status != 200 {
		w.t.Fatalf("offset of %s: %+v", id, a)
	}
	return n
}

// kept makes sure that the file is in its place as Put would have put it, known
// to the agency, and that nothing else is left.
func (w *world) kept(content []byte) {
	w.t.Helper()
	d := hub.SHA256(content)
	r, size, err := w.objects.Open(w.t.Context(), d)
	if err != nil || size != int64(len(content)) {
		w.t.Fatalf("open: %d bytes, %v", size, err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
		w.t.Errorf("read %d bytes: %v", len(got), err)
	}
	up, err := w.db.Uploads().Upload(w.t.Context(), "window", d)
	if err != nil || up.File != (hub.File{Digest: d, Size: size, Type: "application/pdf"}) || up.Person != "p" {
		w.t.Errorf("record %+v: %v", up, err)
	}
}

// leftovers counts temporary objects and unfinished multipart uploads.
func (w *world) leftovers() int {
	w.t.Helper()
	n, err := w.objects.Sweep(w.t.Context(), time.Now().Add(24*time.Hour))
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) absent(d hub.Digest) {
	w.t.Helper()
	if missing, err := w.objects.Missing(w.t.Context(), []hub.Digest{d}); err != nil || len(missing) != 1 {
		w.t.Errorf("kept: %v %v", missing, err)
	}
}

var seed = rand.Uint64()

// pdf is a file of some size that nothing else has.
func pdf(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(rand.Uint64()), byte(rand.Uint64())})
	_, _ = r.Read(b)
	copy(b, "%PDF-1.7\n")
	return b
}

// broken reads some bytes and then fails, as a connection that is cut.
type broken struct{ r io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if err == io.EOF {
		err = io.ErrClosedPipe
	}
	return n, err
}
