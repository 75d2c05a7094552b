package material

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"tongban/hub"
	"tongban/hub/material/apart"
)

// Files is the object store: originals are read from it, pictures go into it.
type Files interface {
	// Put keeps size bytes under their digest; what is there already is no error.
	Put(ctx context.Context, r io.Reader, size int64, want hub.Digest) error
	Open(ctx context.Context, d hub.Digest) (r io.ReadCloser, size int64, err error) // NotFound
}

// Config is what a worker stands on. Jobs, Files and Logger are needed.
type Config struct {
	Jobs    hub.Preparations
	Files   Files
	Scanner *Scanner // nil: no scanner is configured
	Limits  Limits
	// Renderer is the path of pdftoppm; "" looks for it in PATH.
	Renderer string
	// Child is the command that starts this program again to look into files and
	// to draw, beside the hub and behind all its work; [Self] makes it, and main
	// begins with [RunAsChild]. Where it is empty, or cannot be started, all that
	// is done in this process, and the log says so.
	Child    []string
	Deadline time.Duration    // after which such a process is killed, with a second for each 8 MiB more: 30 s; in the background 20 times as long
	Dir      string           // for temporary files; "" is the system's
	Workers  int              // files at a time: 1
	Poll     time.Duration    // between two looks for work that others queued: 2 s
	Lease    time.Duration    // after which the work of a worker that died is taken over: 1 min
	Retry    time.Duration    // before the first repeat; doubles up to 256 times: 2 s
	Attempts int              // before a file counts as failed: 8
	Now      func() time.Time // nil is the wall clock
	Logger   *slog.Logger
}

// Worker prepares files for review, one after the other and behind all other
// work. Any number may run, in any number of processes.
type Worker struct {
	cfg    Config
	render *renderer
	front  *apart.Group // for somebody who waits
	behind *apart.Group // for the queue
	name   string
	bell   chan struct{} // rings when this process has queued a file
}

var _ hub.Preparer = (*Worker)(nil)

// New checks the parts. Nothing runs before Run.
func New(cfg Config) (*Worker, error) {
	if cfg.Jobs == nil || cfg.Files == nil || cfg.Logger == nil {
		return nil, errors.New("material worker: a part is missing")
	}
	cfg.Limits = cfg.Limits.withDefaults()
	cfg.Workers = cmp.Or(cfg.Workers, 1)
	cfg.Poll = cmp.Or(cfg.Poll, 2*time.Second)
	cfg.Lease = cmp.Or(cfg.Lease, time.Minute)
	cfg.Retry = cmp.Or(cfg.Retry, 2*time.Second)
	cfg.Attempts = cmp.Or(cfg.Attempts, 8)
	cfg.Deadline = cmp.Or(cfg.Deadline, 30*time.Second)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	part := apart.Config{Command: cfg.Child, Memory: cfg.Limits.ChildMemory, Logger: cfg.Logger}
	queue := part
	part.Size, queue.Size, queue.Behind = atOnce, cfg.Workers, true
	return &Worker{
		cfg: cfg, render: newRenderer(cfg.Renderer, cfg.Limits), name: strings.ToLower(rand.Text()),
		front: apart.New(part), behind: apart.New(queue), bell: make(chan struct{}, 1),
	}, nil
}

const (
	atOnce   = 2  // files that are inspected at a time for those who wait
	patience = 20 // times the deadline, where everything else goes first
)

// Close ends every process and returns when they are gone. What waits for one
// is refused with Unavailable. Run has returned before.
func (w *Worker) Close() error { return errors.Join(w.front.Close(), w.behind.Close()) }

// deadline is for one request about a file of so many bytes.
func (w *Worker) deadline(size int64) time.Duration {
	return w.cfg.Deadline + time.Duration(size>>23)*time.Second
}

// ask has a request answered by a process of the group, or here where none can
// be started. A refusal comes back as the error that it is; every other error
// is one that another attempt may not meet.
func (w *Worker) ask(ctx context.Context, g *apart.Group, limit time.Duration, req *request) (*answer, error) {
	req.Limits = w.cfg.Limits
	b, err := json.Marshal(req)
	if err != nil {
		return nil, err
	}
	var a *answer
	err = g.Do(ctx, limit, b, func(b []byte) (err error) { a, err = readAnswer(b, req); return err })
	if errors.Is(err, apart.ErrNoChild) {
		a, err = perform(ctx, req), ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	if a.Panic != "" {
		w.cfg.Logger.ErrorContext(ctx, "panic while looking into a file", "panic", a.Panic)
	}
	switch {
	case a.Refusal != nil:
		return a, a.Refusal.codedError()
	case a.Again != "":
		return nil, errors.New(a.Again)
	}
	return a, nil
}

// CanRender reports whether the pages of PDFs can be drawn.
func (w *Worker) CanRender() bool { return w.render.program != "" }

// Prepare implements [hub.Preparer].
func (w *Worker) Prepare(ctx context.Context, f hub.File) error {
	if err := w.cfg.Jobs.Enqueue(ctx, f, w.now()); err != nil {
		return err
	}
	w.ring()
	return nil
}

func (w *Worker) ring() {
	select {
	case w.bell <- struct{}{}:
	default:
	}
}

func (w *Worker) now() time.Time { return hub.Millis(w.cfg.Now()) }

// Prepared implements [hub.Preparer]. A file that was prepared before a scanner
// or a renderer was there goes into the queue again.
func (w *Worker) Prepared(ctx context.Context, f hub.File) (hub.Prepared, error) {
	p, err := w.Status(ctx, f.Digest)
	if hub.ErrorCode(err) == hub.NotFound {
		if err := w.Prepare(ctx, f); err != nil {
			return hub.Prepared{}, err
		}
		return w.Status(ctx, f.Digest)
	}
	if err != nil || !w.outdated(&p) {
		return p, err
	}
	if err := w.cfg.Jobs.Again(ctx, f.Digest, w.now()); err != nil {
		return hub.Prepared{}, err
	}
	w.ring()
	return w.Status(ctx, f.Digest)
}

func (w *Worker) outdated(p *hub.Prepared) bool {
	unscanned := w.cfg.Scanner != nil && p.State != hub.PrepWaiting && p.Scan == hub.ScanNotConfigured
	return unscanned || w.CanRender() && p.State == hub.PrepNoRenderer
}

// Status is the record of a file. Errors: NotFound.
func (w *Worker) Status(ctx context.Context, d hub.Digest) (hub.Prepared, error) {
	return w.cfg.Jobs.Prepared(ctx, d)
}

// Readable implements [hub.Preparer].
func (w *Worker) Readable(ctx context.Context, f hub.File) error {
	p, err := w.Prepared(ctx, f)
	switch {
	case err != nil:
		return err
	case p.Scan == hub.ScanFound || p.State == hub.PrepQuarantined:
		return hub.E(hub.Quarantined, "the virus scanner found something in this file")
	case w.cfg.Scanner == nil || p.Scan == hub.ScanClean:
		return nil
	}
	return hub.E(hub.NotScanned, "the file has not been found clean yet")
}

// Check inspects a stored file that is about to be put into a case: what
// Inspect refuses is refused. name is what the user called it. Errors: those of
// Inspect and of Files; Unavailable when the process that looks into it is late
// or dies at it.
func (w *Worker) Check(ctx context.Context, d hub.Digest, name string) (hub.Inspection, error) {
	dir, err := w.folder()
	if err != nil {
		return hub.Inspection{}, err
	}
	defer os.RemoveAll(dir)
	f, size, err := w.fetch(ctx, d, dir)
	if err != nil {
		return hub.Inspection{}, err
	}
	defer f.Close()
	a, err := w.ask(ctx, w.front, w.deadline(size), &request{Ask: askInspect, Dir: dir, Name: name})
	var is hub.Inspection
	if a != nil && a.Is != nil {
		is = *a.Is
	}
	if _, ok := errors.AsType[*hub.Error](err); err == nil || ok || ctx.Err() != nil {
		return is, err
	}
	return is, hub.Wrap(hub.Unavailable, err, "the file cannot be looked into now")
}

// folderPrefix is how our temporary folders are known.
const folderPrefix = "tongban-material-"

func (w *Worker) folder() (string, error) {
	dir, err := os.MkdirTemp(w.cfg.Dir, folderPrefix)
	if err != nil {
		return "", hub.Wrap(hub.Unavailable, err, "no room for temporary files")
	}
	return dir, nil
}

// fetch copies a stored file to a temporary one; its digest is verified on the way.
func (w *Worker) fetch(ctx context.Context, d hub.Digest, dir string) (f *os.File, size int64, err error) {
	body, _, err := w.cfg.Files.Open(ctx, d)
	if err != nil {
		return nil, 0, err
	}
	defer body.Close()
	if f, err = os.Create(filepath.Join(dir, nameOriginal)); err != nil {
		return nil, 0, fmt.Errorf("temporary file: %w", err)
	}
	if size, err = io.Copy(f, body); err != nil {
		return nil, 0, errors.Join(fmt.Errorf("fetch %s: %w", d, err), f.Close())
	}
	return f, size, nil
}

// Run works until ctx ends, and returns when every worker and every process is
// gone. Work under way is left to whoever runs next.
func (w *Worker) Run(ctx context.Context) {
	w.sweep()
	if !w.CanRender() {
		w.cfg.Logger.WarnContext(ctx, "pdftoppm is not installed (Debian: poppler-utils); pages of PDFs will not be drawn")
	}
	if len(w.cfg.Child) == 0 {
		w.cfg.Logger.WarnContext(ctx, "files are looked into and drawn inside this process; nothing starts another")
	}
	defer w.behind.Rest()
	var wg sync.WaitGroup
	for n := range w.cfg.Workers {
		wg.Go(func() { w.work(ctx, fmt.Sprint(w.name, "-", n), n) })
	}
	wg.Wait()
}

// sweep removes the temporary folders that a crash left a day ago.
func (w *Worker) sweep() {
	base := cmp.Or(w.cfg.Dir, os.TempDir())
	old, err := filepath.Glob(filepath.Join(base, folderPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range old {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			_ = os.RemoveAll(dir) // it is only tidying
		}
	}
}

func (w *Worker) work(ctx context.Context, name string, place int) {
	tick := time.NewTicker(w.cfg.Poll)
	defer tick.Stop()
	for ctx.Err() == nil {
		p, ok, err := w.cfg.Jobs.Lease(ctx, name, w.now(), w.cfg.Lease)
		if err != nil && ctx.Err() == nil {
			w.cfg.Logger.WarnContext(ctx, "cannot take a file to prepare", "error", err)
		}
		if err == nil && ok {
			w.one(ctx, name, place, p)
			continue
		}
		select {
		case <-ctx.Done():
		case <-w.bell:
		case <-tick.C:
		}
	}
}

// one prepares a leased file and saves what became of it.
func (w *Worker) one(ctx context.Context, name string, place int, p hub.Prepared) {
	j := &job{w: w, worker: name, place: place, p: p}
	err := j.run(ctx)
	if ctx.Err() != nil {
		return // the lease ends, and another takes it up
	}
	j.settle(err)
	if err := w.cfg.Jobs.Save(ctx, name, j.p); err != nil && ctx.Err() == nil {
		w.cfg.Logger.WarnContext(ctx, "cannot save what became of a file", "digest", p.File.Digest, "error", err)
	}
}
