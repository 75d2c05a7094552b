package material

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"tongban/hub"
)

// job is one file being prepared by one worker. What it makes is named by its
// digest, so doing it twice changes nothing.
type job struct {
	w      *Worker
	worker string
	place  int // of its processes, from 0
	p      hub.Prepared
	leased time.Time // when the lease was last prolonged
}

// errAgain marks what may work at another time.
var errAgain = errors.New("try again")

// maxPicture is the largest picture that is kept, in bytes: the working copy of
// the largest image that is decoded is smaller.
const maxPicture = 1 << 30

// maxBackoff is how many times the pause between attempts doubles.
const maxBackoff = 8

func (j *job) run(ctx context.Context) error {
	j.leased = j.w.now()
	j.p.Pages, j.p.Code, j.p.Reason, j.p.Signature, j.p.Inspection = nil, "", "", "", hub.Inspection{}
	dir, err := j.w.folder()
	if err != nil {
		return errors.Join(errAgain, err)
	}
	defer os.RemoveAll(dir)
	f, size, err := j.w.fetch(ctx, j.p.File.Digest, dir)
	if err != nil {
		return errors.Join(errAgain, err)
	}
	defer f.Close()
	if done, err := j.scan(ctx, f, size); done || err != nil {
		return err
	}
	a, err := j.ask(ctx, &request{Ask: askInspect, Dir: dir}, size)
	if a != nil && a.Is != nil {
		j.p.Inspection = *a.Is
	}
	if err != nil {
		return err
	}
	if j.p.Inspection.Type == typePDF {
		return j.document(ctx, f.Name(), dir)
	}
	return j.images(ctx, dir, size)
}

// scan asks the virus scanner first: what it does not find clean is not opened.
func (j *job) scan(ctx context.Context, f io.ReaderAt, size int64) (done bool, err error) {
	s := j.w.cfg.Scanner
	if s == nil {
		j.p.Scan = hub.ScanNotConfigured
		return false, nil
	}
	j.p.Scan, j.p.Signature, err = s.Scan(ctx, io.NewSectionReader(f, 0, size))
	switch {
	case err != nil:
		return true, errors.Join(errAgain, err)
	case j.p.Scan == hub.ScanFound:
		j.p.State, j.p.Code = hub.PrepQuarantined, hub.Quarantined
		return true, nil
	case j.p.Scan == hub.ScanTooLarge:
		j.p.State, j.p.Code, j.p.Reason = hub.PrepFailed, hub.NotScanned, "too_large"
		return true, nil
	}
	return false, j.keep(ctx) // a large file takes its time
}

// settle turns the outcome into the record.
func (j *job) settle(err error) {
	j.p.Updated = j.w.now()
	coded, ok := errors.AsType[*hub.Error](err)
	switch {
	case err == nil && j.p.State == hub.PrepWaiting:
		j.p.State = hub.PrepDone
	case err == nil:
	case !errors.Is(err, errAgain) && ok && refusals[coded.Code]:
		j.p.State, j.p.Code, j.p.Pages = hub.PrepRefused, coded.Code, nil
		if len(coded.Fields) > 0 {
			j.p.Reason = coded.Fields[0].Code
		}
	default:
		j.postpone(err)
	}
}

// refusals are the codes that another attempt would not change.
var refusals = map[hub.Code]bool{
	hub.WrongType: true, hub.UnsafeContent: true, hub.TooManyPages: true, hub.Encrypted: true,
}

// postpone puts the file back, later each time. A scanner that does not answer
// is waited for without end: what is not scanned is not read.
func (j *job) postpone(err error) {
	j.p.Attempts++
	j.p.Code, j.p.Pages = hub.ErrorCode(err), nil
	wait := j.w.cfg.Retry << min(j.p.Attempts-1, maxBackoff)
	j.p.State, j.p.Due = hub.PrepWaiting, j.w.now().Add(wait)
	if j.p.Attempts >= j.w.cfg.Attempts && j.p.Scan != hub.ScanFailed {
		j.p.State = hub.PrepFailed
	}
	j.w.cfg.Logger.Warn("a file could not be prepared", "digest", j.p.File.Digest, "attempt", j.p.Attempts, "state", j.p.State, "error", err)
}

// keep prolongs the lease in good time.
func (j *job) keep(ctx context.Context) error {
	now := j.w.now()
	if now.Sub(j.leased) < j.w.cfg.Lease/4 {
		return ctx.Err()
	}
	if err := j.w.cfg.Jobs.Extend(ctx, j.worker, j.p.File.Digest, now.Add(j.w.cfg.Lease)); err != nil {
		return errors.Join(errAgain, err)
	}
	j.leased = now
	return nil
}

// holding does what takes long, and prolongs the lease meanwhile.
func (j *job) holding(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- do(ctx) }()
	t := time.NewTicker(j.w.cfg.Lease / 4)
	defer t.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-t.C:
			if err := j.keep(ctx); err != nil {
				cancel()
				return errors.Join(err, <-done)
			}
		}
	}
}

// ask has a request answered behind all other work. size is that of the file.
func (j *job) ask(ctx context.Context, req *request, size int64) (a *answer, err error) {
	err = j.holding(ctx, func(ctx context.Context) (err error) {
		a, err = j.w.ask(ctx, j.w.behind, patience*j.w.deadline(size), req)
		return err
	})
	if _, ok := errors.AsType[*hub.Error](err); ok && err != nil {
		return a, err // a refusal, or a lease that is lost
	}
	if err != nil {
		return nil, errors.Join(errAgain, err)
	}
	return a, nil
}

// document has the pages of a PDF drawn, some at a time.
func (j *job) document(ctx context.Context, pdf, dir string) error {
	if !j.w.CanRender() {
		j.p.State = hub.PrepNoRenderer
		return nil
	}
	for first := 1; first <= j.p.Inspection.Pages; first += renderAtOnce {
		last := min(first+renderAtOnce-1, j.p.Inspection.Pages)
		var drawn []string
		err := j.holding(ctx, func(ctx context.Context) (err error) {
			drawn, err = j.w.render.pages(ctx, j.place, pdf, dir, first, last)
			return err
		})
		if err != nil && !errors.Is(err, errRender) {
			return errors.Join(errAgain, err)
		}
		if err != nil && len(drawn) == 0 && first == 1 {
			return refuseUndrawable(err)
		}
		for _, path := range drawn {
			if err := j.drawn(ctx, dir, filepath.Base(path)); err != nil {
				return err
			}
		}
		if len(drawn) < last-first+1 {
			return refuseUndrawable(err)
		}
	}
	return nil
}

func refuseUndrawable(err error) error {
	return &hub.Error{
		Code: hub.UnsafeContent, Message: "not every page of the PDF can be drawn", Err: err,
		Fields: []hub.FieldError{{Pointer: contentPointer, Code: reasonUndrawable, Message: "not every page of the PDF can be drawn"}},
	}
}

// drawn keeps a page as poppler drew it.
func (j *job) drawn(ctx context.Context, dir, name string) error {
	a, err := j.ask(ctx, &request{Ask: askDrawn, Dir: dir, Name: name}, 0)
	if err != nil {
		return err
	}
	return j.add(ctx, dir, name, a.Page)
}

// images makes the pictures of a JPEG or PNG, or of each page of a TIFF.
func (j *job) images(ctx context.Context, dir string, size int64) error {
	is := j.p.Inspection
	for n := 1; n <= is.Pages; n++ {
		a, err := j.ask(ctx, &request{Ask: askPicture, Dir: dir, Type: is.Type, Page: n, Orientation: is.Orientation}, size)
		if err != nil {
			return err
		}
		if err := j.add(ctx, dir, namePage, a.Page); err != nil {
			return err
		}
	}
	return nil
}

// add keeps the pictures of a page and notes the page.
func (j *job) add(ctx context.Context, dir, page string, m *madePage) error {
	for _, x := range []struct {
		name, mediaType string
		digest          hub.Digest
	}{{nameCopy, m.CopyType, m.Copy}, {page, typeJPEG, m.Page}, {nameThumb, typeJPEG, m.Thumb}} {
		if x.digest == "" {
			continue
		}
		if err := j.put(ctx, dir, x.name, x.mediaType, x.digest); err != nil {
			return errors.Join(errAgain, fmt.Errorf("keep a picture: %w", err))
		}
	}
	j.p.Pages = append(j.p.Pages, hub.PageImage{
		Number: len(j.p.Pages) + 1, Copy: m.Copy, CopyType: m.CopyType, Page: m.Page, PageType: typeJPEG, Thumb: m.Thumb,
		Width: m.Width, Height: m.Height, Angle: m.Angle, Hints: m.Hints,
	})
	return j.keep(ctx)
}

// put keeps a picture and frees its place in the folder. The store finds out
// when it is not what its maker said; a link, or a file of another type, is
// none of ours.
func (j *job) put(ctx context.Context, dir, name, mediaType string, d hub.Digest) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	info, err := root.Lstat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() > maxPicture {
		return fmt.Errorf("%s is no picture", name)
	}
	f, err := root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, min(info.Size(), 16))
	if _, err := f.ReadAt(head, 0); err != nil || sniff(head) != mediaType {
		return fmt.Errorf("%s is no picture of its type: %w", name, cmp.Or(err, errAnswer))
	}
	if err := j.w.cfg.Files.Put(ctx, f, info.Size(), d); err != nil {
		return err
	}
	return root.Remove(name)
}
