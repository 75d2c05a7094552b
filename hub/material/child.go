package material

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"image"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"tongban/hub"
	"tongban/hub/material/apart"
)

// subcommand is the one by which the hub starts itself to look into files. It
// is in no list of commands.
const subcommand = "draw-pages"

// RunAsChild does the work of a process that looks into files, and never
// returns, if the running program was started as one. Whoever sets
// Config.Child calls it before anything else in main, or in TestMain.
func RunAsChild() { apart.Run(subcommand, handle) }

// Self is the running program as Config.Child; nil where it cannot be started again.
func Self() []string { return apart.Self(subcommand) }

// handle answers one request. It never fails: what it cannot do it says.
func handle(b []byte) []byte {
	var req request
	var a *answer
	if err := json.Unmarshal(b, &req); err != nil {
		a = &answer{Again: "the request cannot be read"}
	} else {
		a = perform(context.Background(), &req)
	}
	out, err := json.Marshal(a)
	if err != nil {
		return []byte(`{"Again":"the answer cannot be written"}`)
	}
	return out
}

// perform does what a request asks. A defect of a decoder is a damaged file.
func perform(ctx context.Context, req *request) (a *answer) {
	defer func() {
		if v := recover(); v != nil {
			a = answerTo(nil, nil, unsafeContent(reasonDamaged, "the file cannot be read"))
			a.Panic = words(fmt.Sprint(v, "\n", string(debug.Stack())))
		}
	}()
	switch req.Ask {
	case askInspect:
		is, err := inspectFile(ctx, req)
		return answerTo(&is, nil, err)
	case askPicture:
		p, err := drawImage(ctx, req)
		return answerTo(nil, &p, err)
	case askDrawn:
		p, err := drawDrawn(req)
		return answerTo(nil, &p, err)
	}
	return &answer{Again: "an unknown request"}
}

func inspectFile(ctx context.Context, req *request) (hub.Inspection, error) {
	f, size, err := open(req.Dir, nameOriginal)
	if err != nil {
		return hub.Inspection{}, err
	}
	defer f.Close()
	return Inspect(ctx, f, size, req.Name, req.Limits)
}

func open(dir, name string) (*os.File, int64, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

// drawImage makes the pictures of a JPEG or PNG, or of one page of a TIFF.
func drawImage(ctx context.Context, req *request) (p madePage, err error) {
	f, size, err := open(req.Dir, nameOriginal)
	if err != nil {
		return p, err
	}
	defer f.Close()
	m, orientation, err := decode(&file{ctx: ctx, r: f, size: size, lim: req.Limits}, req.Type, req.Page)
	if err != nil {
		return p, err
	}
	if req.Type != typeTIFF {
		orientation = req.Orientation
	}
	if orientation > 1 {
		m = upright(m, orientation)
	}
	if p.Copy, err = write(req.Dir, nameCopy, func(w io.Writer) (err error) {
		p.CopyType, err = workingCopy(w, m, req.Type)
		return err
	}); err != nil {
		return p, err
	}
	small := fit(opaqueIfSmall(m, req.Limits.PageHeight), req.Limits.PageHeight)
	if p.Page, err = write(req.Dir, namePage, func(w io.Writer) error { return encodeJPEG(w, small, pageQuality) }); err != nil {
		return p, err
	}
	return p, p.thumbnail(small, req)
}

// opaqueIfSmall puts paper behind what fit will not touch.
func opaqueIfSmall(m image.Image, side int) image.Image {
	if b := m.Bounds(); max(b.Dx(), b.Dy()) <= side {
		return opaque(m)
	}
	return m
}

// drawDrawn makes the thumbnail of a page as poppler drew it.
func drawDrawn(req *request) (p madePage, err error) {
	f, size, err := open(req.Dir, filepath.Base(req.Name))
	if err != nil {
		return p, err
	}
	defer f.Close()
	if size > maxRendered {
		return p, refuseUndrawable(nil)
	}
	page := make([]byte, size)
	if _, err := io.ReadFull(f, page); err != nil {
		return p, err
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(page))
	if err != nil || max(c.Width, c.Height) > 2*req.Limits.PageHeight {
		return p, refuseUndrawable(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(page))
	if err != nil {
		return p, refuseUndrawable(err)
	}
	p.Page = hub.SHA256(page)
	return p, p.thumbnail(m, req)
}

// thumbnail makes the thumbnail and the hints of a page picture.
func (p *madePage) thumbnail(m image.Image, req *request) (err error) {
	small := fit(m, req.Limits.ThumbHeight)
	if p.Thumb, err = write(req.Dir, nameThumb, func(w io.Writer) error { return encodeJPEG(w, small, thumbQuality) }); err != nil {
		return err
	}
	hints, angle := judge(m)
	p.Hints, p.Angle = hints, int(angle*10)
	p.Width, p.Height = m.Bounds().Dx(), m.Bounds().Dy()
	return nil
}

// write makes a picture in the folder, in place of an older one.
func write(dir, name string, encode func(io.Writer) error) (d hub.Digest, err error) {
	path := filepath.Join(dir, name)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := &hashed{f, sha256.New()}
	if err := encode(w); err != nil {
		return "", err
	}
	return hub.Digest("sha256:" + hex.EncodeToString(w.h.Sum(nil))), nil
}

// hashed writes and hashes.
type hashed struct {
	f *os.File
	h hash.Hash
}

func (w *hashed) Write(p []byte) (int, error) {
	w.h.Write(p)
	return w.f.Write(p)
}
