package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"math/rand/v2"

	"github.com/signintech/gopdf"
	"golang.org/x/sync/errgroup"
)

// Scan is one file as a scanner would give it.
type Scan struct {
	Slot string
	Name string
	Type string
	Data []byte
}

// A4 at 200 dpi, in pixels.
const (
	pageWidth  = 1654
	pageHeight = 2339
)

// Scans draws the papers of an item's story, as specimens. The same seed gives
// the same bytes. Errors: UnknownItem.
func Scans(item string, seed uint64) ([]Scan, error) {
	x, err := scriptOf(item)
	if err != nil {
		return nil, err
	}
	return scanAll(x.allPapers(0), seed)
}

// scanAll draws several papers at once; a paper without a slot stays empty.
func scanAll(papers []paper, seed uint64) ([]Scan, error) {
	out := make([]Scan, len(papers))
	var g errgroup.Group
	for i, p := range papers {
		if p.slot == "" {
			continue
		}
		g.Go(func() (err error) {
			out[i], err = p.scan(seed + uint64(i))
			return err
		})
	}
	return out, g.Wait()
}

// Document draws one PDF of scanned pages at 200 dpi, for benchmarks.
func Document(seed uint64, pages int) ([]byte, error) {
	p := paper{slot: "contract", title: "扫描件", pages: pages, fine: true}
	rng := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // writing of a picture; must be repeatable
	for range 20 * pages {
		p.lines = append(p.lines, fmt.Sprintf("%016x %016x", rng.Uint64(), rng.Uint64()))
	}
	s, err := p.scan(seed)
	return s.Data, err
}

// of is the scan of one case in a run of many: the same picture with other
// bytes at its end, which readers of PDF and JPEG pass over.
func (s Scan) of(number int) Scan {
	if number > 0 {
		s.Data = fmt.Appendf(bytes.Clone(s.Data), "\n%%%% case %d\n", number)
	}
	return s
}

func frame(img draw.Image, r image.Rectangle, w int, c color.Color) {
	u := image.NewUniform(c)
	for _, side := range []image.Rectangle{
		{r.Min, image.Pt(r.Max.X, r.Min.Y+w)},
		{image.Pt(r.Min.X, r.Max.Y-w), r.Max},
		{r.Min, image.Pt(r.Min.X+w, r.Max.Y)},
		{image.Pt(r.Max.X-w, r.Min.Y), r.Max},
	} {
		draw.Draw(img, side, u, image.Point{}, draw.Src)
	}
}

// seal draws a ring with a star, like an office seal.
func seal(img *image.RGBA, cx, cy, radius int, c color.RGBA) {
	point, notch := 0.5*float64(radius), 0.19*float64(radius)
	for y := -radius; y <= radius; y++ {
		for x := -radius; x <= radius; x++ {
			d := math.Hypot(float64(x), float64(y))
			angle := math.Atan2(float64(y), float64(x))
			// Five points, the first upward: the edge is a straight line from a point to a notch.
			off := math.Mod(angle+math.Pi/2+2*math.Pi, 2*math.Pi/5)
			off = min(off, 2*math.Pi/5-off)
			star := point * notch * math.Sin(math.Pi/5) / (notch*math.Sin(math.Pi/5)*math.Cos(off) + (point-notch*math.Cos(math.Pi/5))*math.Sin(off))
			if d > 0.92*float64(radius) && d <= float64(radius) || d < star {
				img.SetRGBA(cx+x, cy+y, c)
			}
		}
	}
}

// grain adds the noise of a scanner; it is also what makes the file as large
// as a real scan.
func grain(img *image.RGBA, rng *rand.Rand) {
	var bits uint64
	for i := 0; i < len(img.Pix); i += 4 {
		if i%64 == 0 {
			bits = rng.Uint64()
		}
		n := int(bits&15) - 8
		bits >>= 4
		for k := range 3 {
			img.Pix[i+k] = uint8(min(255, max(0, int(img.Pix[i+k])+n)))
		}
	}
}

// bindPDF makes one PDF of scanned pages.
func bindPDF(pages [][]byte) ([]byte, error) {
	var pdf gopdf.GoPdf
	pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	for _, p := range pages {
		pdf.AddPage()
		h, err := gopdf.ImageHolderByReader(io.Reader(bytes.NewReader(p)))
		if err != nil {
			return nil, err
		}
		if err := pdf.ImageByHolder(h, 0, 0, gopdf.PageSizeA4); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	_, err := pdf.WriteTo(&b)
	return b.Bytes(), err
}

// signature draws a stroke of its own for each party, as a picture of its own.
func signature(n, party int) []byte {
	img := image.NewGray(image.Rect(0, 0, 240, 80))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for x := 10; x < 230; x++ {
		y := 40 + (x*x/(7+party)+n*13)%31 - 15
		for d := range 3 {
			img.SetGray(x, y+d, color.Gray{})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // into memory
	return b.Bytes()
}
