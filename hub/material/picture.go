package material

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/tiff"

	"tongban/hub"
)

// The quality of JPEGs that are made here.
const (
	copyQuality  = 92
	pageQuality  = 85
	thumbQuality = 75
)

// decode reads page n, from 1, of an image that was inspected. What cannot be
// decoded after all is UnsafeContent.
func decode(f *file, mediaType string, n int) (image.Image, int, error) {
	whole := func() io.Reader { return io.NewSectionReader(f.r, 0, f.size) }
	var (
		m           image.Image
		err         error
		orientation int
	)
	switch mediaType {
	case typeJPEG:
		m, err = jpeg.Decode(whole())
	case typePNG:
		m, err = png.Decode(whole())
	case typeTIFF:
		var r io.Reader
		if r, orientation, err = f.tiffReader(n); err == nil {
			m, err = tiff.Decode(r)
		}
	default:
		err = fmt.Errorf("%s is no image", mediaType)
	}
	if err != nil {
		return nil, 0, &hub.Error{
			Code: hub.UnsafeContent, Message: "the image is damaged", Err: err,
			Fields: []hub.FieldError{{Pointer: contentPointer, Code: reasonDamaged, Message: "the image is damaged"}},
		}
	}
	return m, orientation, nil
}

// tiffReader is a TIFF whose first page is page n: the decoder knows only one,
// so it gets a header that points elsewhere.
func (f *file) tiffReader(n int) (io.Reader, int, error) {
	pages, err := f.tiffPages()
	if err != nil {
		return nil, 0, err
	}
	if n < 1 || n > len(pages) {
		return nil, 0, fmt.Errorf("no page %d of %d", n, len(pages))
	}
	head, err := f.bytesAt(0, 8)
	if err != nil {
		return nil, 0, err
	}
	p := pages[n-1]
	p.order.PutUint32(head[4:], uint32(p.at))
	return io.NewSectionReader(patched{f.r, head}, 0, f.size), p.exif.orientation, nil
}

// patched is a file with another beginning.
type patched struct {
	io.ReaderAt
	head []byte
}

func (p patched) ReadAt(b []byte, at int64) (int, error) {
	n, err := p.ReaderAt.ReadAt(b, at)
	if at < int64(len(p.head)) {
		copy(b[:n], p.head[at:])
	}
	return n, err
}

// fit scales a picture so that its longer side is at most side pixels. It
// never enlarges.
func fit(m image.Image, side int) image.Image {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	if max(w, h) <= side {
		return m
	}
	if w > h {
		w, h = side, max(1, h*side/w)
	} else {
		w, h = max(1, w*side/h), side
	}
	r := image.Rect(0, 0, w, h)
	var to draw.Image = image.NewRGBA(r)
	if isGray(m) {
		to = image.NewGray(r)
	} else {
		draw.Draw(to, r, image.White, image.Point{}, draw.Src) // paper behind what is transparent
	}
	xdraw.BiLinear.Scale(to, r, m, b, draw.Over, nil)
	return to
}

func isGray(m image.Image) bool {
	switch p := m.(type) {
	case *image.Gray, *image.Gray16:
		return true
	case *image.Paletted:
		for _, c := range p.Palette {
			if r, g, b, a := c.RGBA(); r != g || g != b || a != 0xffff {
				return false
			}
		}
		return true
	}
	return false
}

// opaque puts paper behind a picture that may be transparent.
func opaque(m image.Image) image.Image {
	if o, ok := m.(interface{ Opaque() bool }); ok && o.Opaque() {
		return m
	}
	b := m.Bounds()
	to := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(to, to.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(to, to.Bounds(), m, b.Min, draw.Over)
	return to
}

// upright turns a picture as its EXIF orientation says (CIPA DC-008, 4.6.4).
func upright(m image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return m
	}
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	r := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		r = image.Rect(0, 0, h, w)
	}
	// from is where the pixel (x, y) of the upright picture stands.
	from := func(x, y int) (int, int) {
		switch orientation {
		case 2:
			return w - 1 - x, y
		case 3:
			return w - 1 - x, h - 1 - y
		case 4:
			return x, h - 1 - y
		case 5:
			return y, x
		case 6:
			return y, h - 1 - x
		case 7:
			return w - 1 - y, h - 1 - x
		}
		return w - 1 - y, x // 8
	}
	if isGray(m) {
		to := image.NewGray(r)
		for y := range r.Dy() {
			for x := range r.Dx() {
				sx, sy := from(x, y)
				to.Set(x, y, m.At(b.Min.X+sx, b.Min.Y+sy))
			}
		}
		return to
	}
	to := image.NewRGBA(r)
	at := rgbaAt(m)
	for y := range r.Dy() {
		for x := range r.Dx() {
			sx, sy := from(x, y)
			to.SetRGBA(x, y, at(b.Min.X+sx, b.Min.Y+sy))
		}
	}
	return to
}

// rgbaAt reads pixels without an allocation for each, where it can.
func rgbaAt(m image.Image) func(x, y int) color.RGBA {
	switch p := m.(type) {
	case *image.RGBA:
		return p.RGBAAt
	case *image.YCbCr:
		return func(x, y int) color.RGBA {
			c := p.YCbCrAt(x, y)
			r, g, b := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
			return color.RGBA{r, g, b, 255}
		}
	}
	return func(x, y int) color.RGBA {
		r, g, b, a := m.At(x, y).RGBA()
		return color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(a >> 8)}
	}
}

// encodeJPEG and encodePNG write a picture and nothing else: no metadata
// survives them.
func encodeJPEG(w io.Writer, m image.Image, quality int) error {
	if err := jpeg.Encode(w, m, &jpeg.Options{Quality: quality}); err != nil {
		return fmt.Errorf("encode JPEG: %w", err)
	}
	return nil
}

func encodePNG(w io.Writer, m image.Image) error {
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(w, m); err != nil {
		return fmt.Errorf("encode PNG: %w", err)
	}
	return nil
}

// workingCopy writes the picture at full size, upright, without metadata: PNG
// where the original kept every pixel, JPEG where it did not.
func workingCopy(w io.Writer, m image.Image, from string) (mediaType string, err error) {
	if from == typeJPEG || from == typeTIFF && !isGray(m) {
		return typeJPEG, encodeJPEG(w, opaque(m), copyQuality)
	}
	return typePNG, encodePNG(w, m)
}
