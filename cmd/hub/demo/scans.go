package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"math"
	"math/rand/v2"

	"github.com/signintech/gopdf"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/inconsolata"
	"golang.org/x/image/math/fixed"
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

// Scans draws the papers of one resale transfer, as specimens: grainy pages
// like those of a flatbed scanner, over 5 MB in all. The same seed gives the
// same bytes.
func Scans(seed uint64) ([]Scan, error) {
	papers := []paper{
		{"application", "不动产登记申请书.pdf", "APPLICATION FOR REGISTRATION", 2},
		{"identity", "身份证明.pdf", "PROOF OF IDENTITY", 2},
		{"contract", "存量房买卖合同.pdf", "SALE CONTRACT", 6},
		{"tax", "契税完税凭证.jpg", "TAX PROOF", 1},
		{"certificate", "不动产权证书.jpg", "REAL PROPERTY CERTIFICATE", 1},
	}
	out := make([]Scan, len(papers))
	var g errgroup.Group
	for i, p := range papers {
		g.Go(func() (err error) {
			out[i], err = p.scan(seed)
			return err
		})
	}
	return out, g.Wait()
}

// Document draws one PDF of scanned pages, for benchmarks.
func Document(seed uint64, pages int) ([]byte, error) {
	s, err := paper{"contract", "scan.pdf", "SCAN", pages}.scan(seed)
	return s.Data, err
}

// signedContract is the contract with the missing signature, for the supplement.
func signedContract() (Scan, error) {
	return paper{"contract", "存量房买卖合同（补签）.pdf", "SALE CONTRACT (SIGNED)", 2}.scan(2)
}

// paper is one document before it is scanned.
type paper struct {
	slot, name, title string
	pages             int
}

func (p paper) scan(seed uint64) (Scan, error) {
	rng := rand.New(rand.NewPCG(seed, uint64(len(p.title)))) //nolint:gosec // grain of a picture; must be repeatable
	pages := make([][]byte, p.pages)
	for n := range pages {
		var err error
		if pages[n], err = scanPage(rng, p.title, n+1, p.pages); err != nil {
			return Scan{}, fmt.Errorf("draw %s: %w", p.slot, err)
		}
	}
	if p.pages == 1 {
		return Scan{p.slot, p.name, "image/jpeg", pages[0]}, nil
	}
	b, err := bindPDF(pages)
	if err != nil {
		return Scan{}, fmt.Errorf("bind %s: %w", p.slot, err)
	}
	return Scan{p.slot, p.name, "application/pdf", b}, nil
}

// of is the scan of one case in a run of many: the same picture with other
// bytes at its end, which readers of PDF and JPEG pass over.
func (s Scan) of(number int) Scan {
	if number > 0 {
		s.Data = fmt.Appendf(bytes.Clone(s.Data), "\n%%%% case %d\n", number)
	}
	return s
}

// scanPage draws one page: frame, title, lines of writing, a round seal, grain.
func scanPage(rng *rand.Rand, title string, page, of int) ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, pageWidth, pageHeight))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{250, 248, 240, 255}), image.Point{}, draw.Src)
	ink := color.RGBA{30, 30, 50, 255}
	frame(img, image.Rect(90, 90, pageWidth-90, pageHeight-90), 4, color.RGBA{150, 30, 30, 255})
	write(img, title, 160, 180, 4, color.RGBA{150, 30, 30, 255})
	write(img, fmt.Sprintf("SPECIMEN - page %d of %d", page, of), 160, 290, 2, ink)
	for y := 400; y < pageHeight-500; y += 58 {
		line := fmt.Sprintf("%02d  %016x %016x %08x", (y-400)/58+1, rng.Uint64(), rng.Uint64(), rng.Uint32())
		write(img, line, 160, y, 2, ink)
	}
	seal(img, pageWidth-430, pageHeight-430, 170, color.RGBA{200, 30, 40, 255})
	grain(img, rng)
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 82})
	return b.Bytes(), err
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

// write sets text in a bitmap face, enlarged scale times.
func write(img draw.Image, s string, x, y, scale int, c color.Color) {
	face := inconsolata.Bold8x16
	w, h := face.Advance*len(s), face.Height
	mask := image.NewAlpha(image.Rect(0, 0, w, h))
	d := font.Drawer{Dst: mask, Src: image.Opaque, Face: face, Dot: fixed.P(0, face.Ascent)}
	d.DrawString(s)
	big := image.NewAlpha(image.Rect(0, 0, w*scale, h*scale))
	xdraw.ApproxBiLinear.Scale(big, big.Bounds(), mask, mask.Bounds(), draw.Src, nil)
	draw.DrawMask(img, image.Rect(x, y, x+w*scale, y+h*scale), image.NewUniform(c), image.Point{}, big, image.Point{}, draw.Over)
}

// seal draws a ring with a star, like an office seal.
func seal(img *image.RGBA, cx, cy, radius int, c color.RGBA) {
	for y := -radius; y <= radius; y++ {
		for x := -radius; x <= radius; x++ {
			d := math.Hypot(float64(x), float64(y))
			angle := math.Atan2(float64(y), float64(x))
			star := 30 + 30*math.Abs(math.Cos(2.5*angle+math.Pi/4))
			if d > float64(radius-14) && d <= float64(radius) || d < star {
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
