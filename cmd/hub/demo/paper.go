package demo

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io/fs"
	"math"
	"math/rand/v2"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"tongban/web"
)

// paper is one document before it is scanned: a title in Chinese, what it
// says line by line, and whether somebody signed it.
type paper struct {
	slot, title string
	name        string // of the file, without its ending; the title when empty
	lines       []string
	pages       int  // 0 is 1
	photo       bool // a JPEG as of a document camera; else a PDF
	signed      bool
	fine        bool // at 200 dpi with the grain of a scanner, as real offices do; else small
}

// scan draws the paper as a specimen. The same seed gives the same bytes.
func (p paper) scan(seed uint64) (Scan, error) {
	rng := rand.New(rand.NewPCG(seed, uint64(len(p.title)))) //nolint:gosec // grain of a picture; must be repeatable
	pages := make([][]byte, max(1, p.pages))
	for n := range pages {
		var err error
		if pages[n], err = p.page(rng, n, len(pages)); err != nil {
			return Scan{}, fmt.Errorf("draw %s: %w", p.title, err)
		}
	}
	s := Scan{Slot: p.slot, Name: p.title}
	if p.name != "" {
		s.Name = p.name
	}
	if p.photo {
		s.Name, s.Type, s.Data = s.Name+".jpg", "image/jpeg", pages[0]
		return s, nil
	}
	var err error
	s.Name, s.Type = s.Name+".pdf", "application/pdf"
	if s.Data, err = bindPDF(pages); err != nil {
		return Scan{}, fmt.Errorf("bind %s: %w", p.title, err)
	}
	return s, nil
}

// page draws one page: frame, title, what it says, signatures, a round seal.
func (p paper) page(rng *rand.Rand, n, of int) ([]byte, error) {
	w := 1 // in halves of 200 dpi
	if p.fine {
		w = 2
	}
	img := image.NewRGBA(image.Rect(0, 0, pageWidth*w/2, pageHeight*w/2))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{250, 248, 240, 255}), image.Point{}, draw.Src)
	red, ink := color.RGBA{150, 30, 30, 255}, color.RGBA{30, 30, 50, 255}
	frame(img, img.Bounds().Inset(45*w), 2*w, red)
	put := func(s string, y, size int, c color.Color) error {
		return typeset(img, s, 80*w, y*w, float64(size*w), c)
	}
	err := errors.Join(
		put(p.title, 130, 30, red),
		put(fmt.Sprintf("样本 SPECIMEN　第 %d 页，共 %d 页", n+1, of), 175, 14, ink),
	)
	y, share := 240, (len(p.lines)+of-1)/of
	for _, line := range p.lines[min(n*share, len(p.lines)):min((n+1)*share, len(p.lines))] {
		for _, part := range wrapped(line, 36) {
			err = errors.Join(err, put(part, y, 17, ink))
			y += 34
		}
	}
	if p.signed && n == of-1 {
		err = errors.Join(err, put("签名：", 980, 17, ink))
		scrawl(img, 150*w, 950*w, w, int(rng.Uint32N(40)))
	}
	seal(img, img.Bounds().Dx()-215*w, img.Bounds().Dy()-215*w, 80*w, color.RGBA{200, 30, 40, 255})
	if p.fine {
		grain(img, rng)
	}
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 82})
	return b.Bytes(), err
}

// wrapped cuts a line after so many Han characters; Latin ones are half as wide.
func wrapped(s string, most int) []string {
	var out []string
	width, from := 0, 0
	for i, r := range s {
		if width += 2; r < 0x80 {
			width--
		}
		if width > 2*most {
			out, from, width = append(out, s[from:i]), i, 2
		}
	}
	return append(out, s[from:])
}

// papersFont is the font of papers, parsed once.
var papersFont = sync.OnceValues(func() (*opentype.Font, error) {
	b, err := web.MainFont()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("the font of papers is not built; run make web and build again")
	}
	if err != nil {
		return nil, err
	}
	return opentype.Parse(b)
})

// typeset writes one line with its base line at y. A character that the font
// does not have is an error, never a blank.
func typeset(img draw.Image, s string, x, y int, size float64, c color.Color) error {
	f, err := papersFont()
	if err != nil {
		return err
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return fmt.Errorf("font: %w", err)
	}
	defer face.Close()
	for _, r := range s {
		if _, ok := face.GlyphAdvance(r); !ok {
			return fmt.Errorf("the font has no %q", r)
		}
	}
	d := font.Drawer{Dst: img, Src: image.NewUniform(c), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(s)
	return nil
}

// scrawl draws a stroke like a signature, of n's own form.
func scrawl(img draw.Image, x, y, w, n int) {
	at := func(i int) int { // height of the stroke, in pixels below y
		a := float64(i) / float64(w)
		return w * int(20+13*math.Sin(a/(5+float64(n%7)))+7*math.Cos(a/(11+float64(n%5))))
	}
	for i := range 200 * w {
		from, to := at(i), at(i+1)
		for d := min(from, to); d <= max(from, to)+w; d++ {
			img.Set(x+i, y+d, color.RGBA{20, 30, 90, 255})
		}
	}
}
