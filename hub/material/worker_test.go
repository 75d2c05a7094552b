package material

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tongban/hub"
	"tongban/storage/mongo"
	"tongban/storage/object"
	"tongban/storage/storetest"
)

func TestMain(m *testing.M) {
	RunAsChild()
	storetest.Main(m)
}

// bench is a worker on the real stores.
type bench struct {
	*Worker
	t     testing.TB
	files *store
	jobs  *mongo.Preparations
	dir   string
}

// store is the object store with what a test needs to count and break.
type store struct {
	*object.Store
	puts atomic.Int64
	down atomic.Bool
}

func (s *store) Put(ctx context.Context, r io.Reader, size int64, want hub.Digest) error {
	if s.down.Load() {
		return hub.E(hub.Unavailable, "the store is down")
	}
	s.puts.Add(1)
	_, err := s.Store.Put(ctx, r, object.PutOptions{Size: size, Want: want})
	return err
}

func newBench(t testing.TB, change func(*Config)) *bench {
	t.Helper()
	uri, name := storetest.Mongo(t)
	db, err := mongo.Open(t.Context(), mongo.Config{URI: uri, Database: name})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	if err := db.EnsureIndexes(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, files: &store{Store: storetest.Objects(t)}, jobs: db.Preparations(), dir: t.TempDir()}
	b.restart(change)
	return b
}

// restart is another worker on the same stores, as after a crash.
func (b *bench) restart(change func(*Config)) {
	b.t.Helper()
	cfg := Config{
		Jobs: b.jobs, Files: b.files, Dir: b.dir, Poll: 5 * time.Millisecond, Retry: time.Millisecond, Attempts: 3,
		Limits: Limits{Pages: 50}, Child: Self(), Logger: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&cfg)
	}
	w, err := New(cfg)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = w.Close() })
	b.Worker = w
}

// run works until the test ends or stop is called.
func (b *bench) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { b.Run(ctx) })
	stop = func() { cancel(); wg.Wait() }
	b.t.Cleanup(stop)
	return stop
}

func (b *bench) add(content []byte) hub.File {
	b.t.Helper()
	f := hub.File{Digest: hub.SHA256(content), Size: int64(len(content)), Type: "application/pdf"}
	if _, err := b.files.Store.Put(b.t.Context(), bytes.NewReader(content), object.PutOptions{Size: f.Size, Want: f.Digest}); err != nil {
		b.t.Fatal(err)
	}
	if err := b.Prepare(b.t.Context(), f); err != nil {
		b.t.Fatal(err)
	}
	return f
}

// wait is what became of a file.
func (b *bench) wait(f hub.File) hub.Prepared {
	b.t.Helper()
	var p hub.Prepared
	eventually(b.t, 60*time.Second, "the file is prepared", func() bool {
		var err error
		if p, err = b.Status(b.t.Context(), f.Digest); err != nil {
			b.t.Fatal(err)
		}
		return p.State != hub.PrepWaiting
	})
	return p
}

// get reads a derived file.
func (b *bench) get(d hub.Digest) []byte {
	b.t.Helper()
	r, _, err := b.files.Open(b.t.Context(), d)
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Close()
	c, err := io.ReadAll(r)
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func (b *bench) picture(d hub.Digest, w, h int) image.Image {
	b.t.Helper()
	m, _, err := image.Decode(bytes.NewReader(b.get(d)))
	if err != nil || m.Bounds().Dx() != w || m.Bounds().Dy() != h {
		b.t.Fatalf("picture: %v %v, want %d by %d", m.Bounds(), err, w, h)
	}
	return m
}

func TestWhatBecomesOfFiles(t *testing.T) {
	b := newBench(t, nil)
	b.run()
	photo := withEXIF(jpegOf(t, sheet(2400, 1800, 5)), 6, true)
	page := jpegOf(t, noisy(sheet(1654, 2339, 4)))
	gray := image.NewGray(image.Rect(0, 0, 500, 700))
	for _, c := range []struct {
		what    string
		content []byte
		state   hub.PrepState
		code    hub.Code
		reason  string
		pages   int
	}{
		{"hostile PDF", pdfWith("/OpenAction << /S /JavaScript >>", nil), hub.PrepRefused, hub.UnsafeContent, "script", 0},
		{"JPEG whose picture is damaged", cat(photo[:3000], bytes.Repeat([]byte{0xff, 0xc4, 0, 3, 9}, 3), photo[3000:]), hub.PrepRefused, hub.UnsafeContent, "damaged", 0},
		{"PDF that nobody can draw", bytes.ReplaceAll(pdfWith("", nil), []byte("/Kids [3 0 R]"), []byte("/Kids [9 0 R]")), hub.PrepRefused, hub.UnsafeContent, "not_drawable", 0},
		{"photo", photo, hub.PrepDone, "", "", 1},
		{"PNG", pngOf(t, sheet(300, 400, 1)), hub.PrepDone, "", "", 1},
		{"TIFF", tiffOf(binary.LittleEndian, 1, gray, gray), hub.PrepDone, "", "", 2},
		{"PDF of scans", pdfOfScans(page, page, page), hub.PrepDone, "", "", 3},
		{"PDF of writing", pdfWith("", nil), hub.PrepDone, "", "", 1},
	} {
		p := b.wait(b.add(c.content))
		if p.State != c.state || p.Code != c.code || p.Reason != c.reason || len(p.Pages) != c.pages || p.Scan != hub.ScanNotConfigured {
			t.Errorf("%s: %s %s %s, %d pages, scan %s", c.what, p.State, p.Code, p.Reason, len(p.Pages), p.Scan)
			continue
		}
		for i, x := range p.Pages {
			if x.Number != i+1 || max(x.Width, x.Height) > 1600 {
				t.Errorf("%s: page %+v", c.what, x)
			}
			b.picture(x.Page, x.Width, x.Height)
			if thumb := b.get(x.Thumb); len(thumb) > 60_000 {
				t.Errorf("%s: a thumbnail of %d bytes", c.what, len(thumb))
			}
		}
		if c.what == "photo" {
			x := p.Pages[0]
			b.picture(x.Copy, 1800, 2400)
			if x.Width != 1200 || x.Height != 1600 || !p.Inspection.HasLocation || bytes.Contains(b.get(x.Copy), []byte(planted)) {
				t.Errorf("photo: %+v", p)
			}
			if !bytes.Contains(b.get(p.File.Digest), []byte(planted)) {
				t.Error("the original was changed")
			}
		}
	}
	left, err := filepath.Glob(filepath.Join(b.dir, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestAFileIsPreparedOnce(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Workers = 3 })
	b.run()
	content := pngOf(t, sheet(300, 400, 1))
	f := b.add(content)
	first := b.wait(f)
	puts := b.files.puts.Load()
	for range 5 {
		b.add(content)
	}
	if again := b.wait(f); !again.Updated.Equal(first.Updated) || b.files.puts.Load() != puts {
		t.Errorf("prepared again: %+v", again)
	}
}

func TestWhatFailsIsTriedAgainAndThenLeft(t *testing.T) {
	b := newBench(t, nil)
	b.run()
	missing := hub.File{Digest: hub.SHA256([]byte("nowhere")), Size: 7, Type: typePDF}
	if err := b.Prepare(t.Context(), missing); err != nil {
		t.Fatal(err)
	}
	if p := b.wait(missing); p.State != hub.PrepFailed || p.Code != hub.NotFound || p.Attempts != 3 {
		t.Errorf("%+v", p)
	}
	b.files.down.Store(true)
	f := b.add(pngOf(t, sheet(300, 400, 2)))
	eventually(t, 20*time.Second, "an attempt failed", func() bool {
		p, err := b.Status(t.Context(), f.Digest)
		if err != nil {
			t.Fatal(err)
		}
		return p.Attempts > 0
	})
	b.files.down.Store(false)
	if p := b.wait(f); p.State != hub.PrepDone && p.State != hub.PrepFailed {
		t.Errorf("%+v", p)
	}
}

func TestWithoutARendererAPDFSaysSo(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Renderer = "/nowhere/pdftoppm" })
	stop := b.run()
	f := b.add(pdfWith("", nil))
	if p := b.wait(f); p.State != hub.PrepNoRenderer || p.Inspection.Pages != 1 || len(p.Pages) != 0 {
		t.Errorf("%+v", p)
	}
	if p := b.wait(b.add(pngOf(t, sheet(300, 400, 1)))); p.State != hub.PrepDone {
		t.Errorf("a picture needs no renderer: %+v", p)
	}
	stop()
	b.restart(nil) // poppler was installed
	b.run()
	if _, err := b.Prepared(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if p := b.wait(f); p.State != hub.PrepDone || len(p.Pages) != 1 {
		t.Errorf("after poppler came: %+v", p)
	}
}

func TestTheScannerDecidesWhoMayRead(t *testing.T) {
	address, stopDaemon := clamd(t, "2M")
	scanner, err := NewScanner(address)
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, nil) // first without a scanner
	stop := b.run()
	old := b.add(pdfWith("", func(d *document) { d.object("(old)") }))
	bad := pdfWith("", func(d *document) { d.stream("", eicar) })
	oldBad := b.add(bad)
	b.wait(old)
	b.wait(oldBad)
	if err := b.Readable(t.Context(), oldBad); err != nil {
		t.Errorf("nothing scans: %v", err)
	}
	stop()
	b.restart(func(c *Config) { c.Scanner = scanner })
	for _, f := range []hub.File{old, oldBad} {
		if err := b.Readable(t.Context(), f); hub.ErrorCode(err) != hub.NotScanned {
			t.Errorf("before it is scanned: %v", err)
		}
	}
	stop = b.run()
	large := jpegOf(t, noisy(sheet(4000, 6000, 1)))
	if len(large) < 5<<19 {
		t.Fatalf("only %d bytes", len(large))
	}
	for _, c := range []struct {
		f     hub.File
		state hub.PrepState
		scan  hub.ScanState
		code  hub.Code
	}{
		{old, hub.PrepDone, hub.ScanClean, ""},
		{oldBad, hub.PrepQuarantined, hub.ScanFound, hub.Quarantined},
		{b.add(large), hub.PrepFailed, hub.ScanTooLarge, hub.NotScanned},
		{b.add(pngOf(t, sheet(300, 400, 1))), hub.PrepDone, hub.ScanClean, ""},
	} {
		p := b.wait(c.f)
		if p.State != c.state || p.Scan != c.scan || hub.ErrorCode(b.Readable(t.Context(), c.f)) != c.code {
			t.Errorf("%+v; readable: %v", p, b.Readable(t.Context(), c.f))
		}
		if c.code != "" && len(p.Pages) > 0 {
			t.Errorf("pages of what nobody may read: %+v", p)
		}
	}
	stop()
	stopDaemon()
	b.run()
	f := b.add(pngOf(t, sheet(300, 400, 9)))
	eventually(t, 20*time.Second, "more attempts than others get", func() bool {
		p, err := b.Status(t.Context(), f.Digest)
		if err != nil || p.State != hub.PrepWaiting {
			t.Fatalf("%+v %v", p, err)
		}
		return p.Attempts > 4 && p.Scan == hub.ScanFailed
	})
	if err := b.Readable(t.Context(), f); hub.ErrorCode(err) != hub.NotScanned {
		t.Errorf("without a daemon: %v", err)
	}
}

// slowProgram stands for a poppler that a hostile file keeps busy.
func slowProgram(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pdftoppm")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestARendererThatRunsWildIsStopped(t *testing.T) {
	for what, script := range map[string]string{
		"processor": "while :; do :; done",
		"memory":    `x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done`,
		"disk":      `exec head -c 200000000 /dev/zero > big`,
	} {
		t.Run(what, func(t *testing.T) {
			b := newBench(t, func(c *Config) {
				c.Renderer = slowProgram(t, script)
				c.Limits.PageTime, c.Limits.RenderMemory = time.Second, 64<<20
			})
			b.run()
			if p := b.wait(b.add(pdfWith("", nil))); p.State != hub.PrepRefused || p.Reason != "not_drawable" {
				t.Errorf("%+v", p)
			}
		})
	}
}

// A worker that dies leaves a lease, and another takes the work up. Stopping
// is as sudden for its processes: their whole group is gone.
func TestAnotherWorkerTakesUpWhatADeadOneLeft(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "pid")
	b := newBench(t, func(c *Config) {
		c.Renderer = slowProgram(t, "sleep 600 & echo $! > "+mark+".new; mv "+mark+".new "+mark+"; wait")
		c.Lease = 300 * time.Millisecond
	})
	stop := b.run()
	f := b.add(pdfWith("", nil))
	eventually(t, 20*time.Second, "the program runs", func() bool { _, err := os.Stat(mark); return err == nil })
	stop()
	pid, err := os.ReadFile(mark)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, 10*time.Second, "the program's own child is gone", func() bool {
		state, err := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/stat")
		return errors.Is(err, os.ErrNotExist) || bytes.Contains(state, []byte(") Z "))
	})
	if p, err := b.Status(t.Context(), f.Digest); err != nil || p.State != hub.PrepWaiting || p.Attempts != 0 {
		t.Errorf("stopping is no failure: %+v %v", p, err)
	}
	b.restart(nil)
	b.run()
	if p := b.wait(f); p.State != hub.PrepDone {
		t.Errorf("%+v", p)
	}
}

// The real thing: pages of a PDF look as they did before they were bound.
func TestPagesLookLikeTheirScans(t *testing.T) {
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Fatalf("poppler-utils: %v", err)
	}
	b := newBench(t, nil)
	b.run()
	var pages [][]byte
	for n := range 12 {
		pages = append(pages, jpegOf(t, sheet(827, 1170, uint64(n))))
	}
	p := b.wait(b.add(pdfOfScans(pages...)))
	if len(p.Pages) != len(pages) {
		t.Fatalf("%+v", p)
	}
	for i, x := range p.Pages {
		want, err := jpeg.Decode(bytes.NewReader(pages[i]))
		if err != nil {
			t.Fatal(err)
		}
		got := grayOf(b.picture(x.Page, x.Width, x.Height), 200)
		ref := grayOf(want, 200)
		off := 0
		for j := range min(len(got.Pix), len(ref.Pix)) {
			if d := int(got.Pix[j]) - int(ref.Pix[j]); d > 90 || d < -90 {
				off++
			}
		}
		if off > len(ref.Pix)/20 {
			t.Errorf("page %d differs in %d of %d points", i+1, off, len(ref.Pix))
		}
	}
}

// The promise is 4 s for twenty pages on two cores (docs/materials.md).
func BenchmarkPrepare20Pages(b *testing.B) {
	page := jpegOf(b, noisy(sheet(1654, 2339, 3)))
	w := newBench(b, nil)
	w.run()
	n := 0
	for b.Loop() {
		pages := make([][]byte, 20)
		for i := range pages {
			n++
			pages[i] = cat(page[:2], segment(0xfe, []byte{byte(n), byte(n >> 8)}), page[2:])
		}
		if p := w.wait(w.add(pdfOfScans(pages...))); p.State != hub.PrepDone || len(p.Pages) != 20 {
			b.Fatalf("%+v", p)
		}
	}
}
