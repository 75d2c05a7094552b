package material

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"os"
	"runtime/debug"
	"time"

	"tongban/hub"
)

// job is one file being prepared by one worker. What it makes is named by its
// digest, so doing it twice changes nothing.
type job struct {
	w      *Worker
	worker string
	p      hub.Prepared
	leased time.Time // when the lease was last prolonged
}

// errAgain marks what may work at another time.
var errAgain = errors.New("try again")

// maxBackoff is how many times the pause between attempts doubles.
const maxBackoff = 8

// guarded keeps a defect of a decoder from ending the hub.
func (j *job) guarded(ctx context.Context) (err error) {
	defer func() {
		if v := recover(); v != nil {
			j.w.cfg.Logger.ErrorContext(ctx, "panic while preparing a file", "digest", j.p.File.Digest, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			err = unsafeContent(reasonDamaged, "the file cannot be read")
		}
	}()
	return j.run(ctx)
}

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
	if j.p.Inspection, err = Inspect(ctx, f, size, "", j.w.cfg.Limits); err != nil {
		return err
	}
	src := &file{ctx: ctx, r: f, size: size, lim: j.w.cfg.Limits}
	if j.p.Inspection.Type == typePDF {
		return j.document(ctx, f.Name(), dir)
	}
	return j.images(ctx, src)
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

// document has the pages of a PDF drawn, some at a time.
func (j *job) document(ctx context.Context, pdf, dir string) error {
	if !j.w.CanRender() {
		j.p.State = hub.PrepNoRenderer
		return nil
	}
	for first := 1; first <= j.p.Inspection.Pages; first += renderAtOnce {
		last := min(first+renderAtOnce-1, j.p.Inspection.Pages)
		drawn, err := j.w.render.pages(ctx, pdf, dir, first, last)
		if err != nil && !errors.Is(err, errRender) {
			return errors.Join(errAgain, err)
		}
		if err != nil && len(drawn) == 0 && first == 1 {
			return refuseUndrawable(err)
		}
		for _, path := range drawn {
			b, err := readAndRemove(path)
			if err != nil {
				return errors.Join(errAgain, err)
			}
			if err := j.drawn(ctx, b); err != nil {
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
func (j *job) drawn(ctx context.Context, page []byte) error {
	c, err := jpeg.DecodeConfig(bytes.NewReader(page))
	if err != nil || max(c.Width, c.Height) > 2*j.w.cfg.Limits.PageHeight {
		return refuseUndrawable(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(page))
	if err != nil {
		return refuseUndrawable(err)
	}
	p := hub.PageImage{PageType: typeJPEG}
	if p.Page, err = j.put(ctx, page); err != nil {
		return err
	}
	return j.add(ctx, p, m)
}

// images makes the pictures of a JPEG or PNG, or of each page of a TIFF.
func (j *job) images(ctx context.Context, src *file) error {
	for n := 1; n <= j.p.Inspection.Pages; n++ {
		m, orientation, err := decode(src, j.p.Inspection.Type, n)
		if err != nil {
			return err
		}
		if j.p.Inspection.Type != typeTIFF {
			orientation = j.p.Inspection.Orientation
		}
		if err := j.image(ctx, m, orientation); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) image(ctx context.Context, m image.Image, orientation int) error {
	var p hub.PageImage
	if orientation > 1 {
		m = upright(m, orientation)
	}
	content, mediaType, err := workingCopy(m, j.p.Inspection.Type)
	if err != nil {
		return err
	}
	if p.Copy, err = j.put(ctx, content); err != nil {
		return err
	}
	p.CopyType = mediaType
	small := fit(opaqueIfSmall(m, j.w.cfg.Limits.PageHeight), j.w.cfg.Limits.PageHeight)
	if content, err = encodeJPEG(small, pageQuality); err != nil {
		return err
	}
	p.PageType = typeJPEG
	if p.Page, err = j.put(ctx, content); err != nil {
		return err
	}
	return j.add(ctx, p, small)
}

// opaqueIfSmall puts paper behind what fit will not touch.
func opaqueIfSmall(m image.Image, side int) image.Image {
	if b := m.Bounds(); max(b.Dx(), b.Dy()) <= side {
		return opaque(m)
	}
	return m
}

// add makes the thumbnail and the hints of a page picture and notes the page.
func (j *job) add(ctx context.Context, p hub.PageImage, m image.Image) error {
	thumb, err := encodeJPEG(fit(m, j.w.cfg.Limits.ThumbHeight), thumbQuality)
	if err != nil {
		return err
	}
	if p.Thumb, err = j.put(ctx, thumb); err != nil {
		return err
	}
	hints, angle := judge(m)
	p.Number, p.Hints, p.Angle = len(j.p.Pages)+1, hints, int(angle*10)
	p.Width, p.Height = m.Bounds().Dx(), m.Bounds().Dy()
	j.p.Pages = append(j.p.Pages, p)
	return j.keep(ctx)
}

// put keeps a picture.
func (j *job) put(ctx context.Context, b []byte) (hub.Digest, error) {
	d := hub.SHA256(b)
	if err := j.w.cfg.Files.Put(ctx, bytes.NewReader(b), int64(len(b)), d); err != nil {
		return "", errors.Join(errAgain, fmt.Errorf("keep a picture: %w", err))
	}
	return d, nil
}
