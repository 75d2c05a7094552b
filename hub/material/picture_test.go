package material

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/quick"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"tongban/hub"
)

func fileOf(t testing.TB, b []byte) *file {
	return &file{ctx: t.Context(), r: bytes.NewReader(b), size: int64(len(b)), lim: Limits{}.withDefaults()}
}

// corners is a picture whose corners tell how it lies.
func corners() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, 48, 32))
	for i, c := range []color.RGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 0, 255}} {
		draw.Draw(m, image.Rect(i%2*24, i/2*16, i%2*24+24, i/2*16+16), image.NewUniform(c), image.Point{}, draw.Src)
	}
	return m
}

// Each orientation, as the table of EXIF says it: where the first row and the
// first column of what is stored belong (CIPA DC-008, tag 274).
func TestUprightFollowsEXIF(t *testing.T) {
	for o, want := range map[int]string{
		1: "rgby", 2: "gryb", 3: "ybgr", 4: "byrg", 5: "rbgy", 6: "bryg", 7: "ygbr", 8: "gyrb",
	} {
		m := upright(corners(), o)
		w, h := m.Bounds().Dx(), m.Bounds().Dy()
		if turned := o >= 5; turned != (w == 32) {
			t.Errorf("%d: %d by %d", o, w, h)
		}
		got := ""
		for _, p := range []image.Point{{8, 8}, {w - 8, 8}, {8, h - 8}, {w - 8, h - 8}} {
			c, _ := color.RGBAModel.Convert(m.At(p.X, p.Y)).(color.RGBA)
			got += map[color.RGBA]string{{255, 0, 0, 255}: "r", {0, 255, 0, 255}: "g", {0, 0, 255, 255}: "b", {255, 255, 0, 255}: "y"}[c]
		}
		if got != want {
			t.Errorf("orientation %d: corners %s, want %s", o, got, want)
		}
	}
}

// Whatever is planted in the metadata, the working copy holds none of it, lies
// upright and says so.
func TestTheWorkingCopyTellsNoPlace(t *testing.T) {
	base := jpegOf(t, corners())
	png := pngOf(t, corners())
	property := func(orientation uint8, gps, isPNG, xmp bool, note []byte) bool {
		o := int(orientation%8) + 1
		b := withEXIF(base, o, gps)
		if isPNG {
			b = pngWith(png, "eXIf", exifData(binary.LittleEndian, o, gps))
			b = pngWith(b, "tEXt", append([]byte("Comment\x00"+planted), note[:min(len(note), 900)]...))
		} else if xmp {
			b = slices.Concat(b[:2], segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00 exif:GPSLatitude="+planted)), b[2:])
		}
		is, err := inspect(b, "")
		if err != nil || is.Orientation != o || is.HasLocation != (gps || xmp && !isPNG) {
			t.Log(is, err)
			return false
		}
		m, _, err := decode(fileOf(t, b), is.Type, 1)
		if err != nil {
			t.Log(err)
			return false
		}
		var copied bytes.Buffer
		_, err = workingCopy(&copied, upright(m, is.Orientation), is.Type)
		c := copied.Bytes()
		if err != nil {
			t.Log(err)
			return false
		}
		after, err := inspect(c, "")
		wide := after.Width > after.Height
		return err == nil && !after.HasLocation && after.Orientation == 0 && wide == (o < 5) &&
			!bytes.Contains(c, []byte(planted)) && !bytes.Contains(c, []byte("Exif")) && !bytes.Contains(c, []byte("eXIf"))
	}
	if err := quick.Check(property, &quick.Config{MaxCount: 200}); err != nil {
		t.Error(err)
	}
}

func TestEachPageOfATIFFIsItsOwn(t *testing.T) {
	shade := func(v uint8) *image.Gray {
		m := image.NewGray(image.Rect(0, 0, 40, 30))
		for i := range m.Pix {
			m.Pix[i] = v
		}
		return m
	}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		b := tiffOf(order, 1, shade(10), shade(120), shade(240))
		for n, want := range []uint8{10, 120, 240} {
			m, _, err := decode(fileOf(t, b), typeTIFF, n+1)
			if err != nil {
				t.Fatal(err)
			}
			if got := color.GrayModel.Convert(m.At(20, 15)).(color.Gray).Y; got != want {
				t.Errorf("%s page %d: %d, want %d", order, n+1, got, want)
			}
		}
		if _, _, err := decode(fileOf(t, b), typeTIFF, 4); err == nil {
			t.Error("a page that is not there was read")
		}
	}
}

func TestFitKeepsProportionsAndNeverEnlarges(t *testing.T) {
	for _, c := range [][4]int{{1654, 2339, 282, 400}, {2339, 1654, 400, 282}, {100, 50, 100, 50}, {9000, 3, 400, 1}} {
		m := fit(image.NewGray(image.Rect(0, 0, c[0], c[1])), 400)
		if w, h := m.Bounds().Dx(), m.Bounds().Dy(); w != c[2] || h != c[3] {
			t.Errorf("%v: %d by %d", c, w, h)
		}
	}
}

// turned is a page turned by some degrees, on its own paper.
func turned(m image.Image, degrees float64) image.Image {
	b := m.Bounds()
	to := image.NewRGBA(b)
	draw.Draw(to, b, image.NewUniform(m.At(2, 2)), image.Point{}, draw.Src)
	s, c := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(b.Dx())/2, float64(b.Dy())/2
	xdraw.BiLinear.Transform(to, f64.Aff3{c, -s, cx - c*cx + s*cy, s, c, cy - s*cx - c*cy}, m, b, draw.Over, nil)
	return to
}

func blurred(m image.Image) image.Image {
	b := m.Bounds()
	small := image.NewRGBA(image.Rect(0, 0, b.Dx()/12, b.Dy()/12))
	xdraw.BiLinear.Scale(small, small.Bounds(), m, b, draw.Src, nil)
	to := image.NewRGBA(b)
	xdraw.BiLinear.Scale(to, b, small, small.Bounds(), draw.Src, nil)
	return to
}

func darkened(m image.Image) image.Image {
	to := image.NewRGBA(m.Bounds())
	draw.Draw(to, to.Bounds(), m, image.Point{}, draw.Src)
	for i := range to.Pix {
		if i%4 != 3 {
			to.Pix[i] /= 3
		}
	}
	return to
}

func noisy(m image.Image) image.Image {
	rng := rand.New(rand.NewPCG(7, 7))
	to := image.NewRGBA(m.Bounds())
	draw.Draw(to, to.Bounds(), m, image.Point{}, draw.Src)
	for i := range to.Pix {
		if i%4 != 3 {
			to.Pix[i] = uint8(min(255, max(0, int(to.Pix[i])+rng.IntN(17)-8)))
		}
	}
	return to
}

func TestHints(t *testing.T) {
	page := sheet(1131, 1600, 3)
	white := image.NewRGBA(page.Bounds())
	draw.Draw(white, white.Bounds(), image.White, image.Point{}, draw.Src)
	cropped := page.SubImage(image.Rect(318, 100, 1100, 1400)) // its writing runs over the left edge
	rimmed := image.NewRGBA(page.Bounds())
	draw.Draw(rimmed, rimmed.Bounds(), page, image.Point{}, draw.Src)
	draw.Draw(rimmed, image.Rect(0, 0, 14, 1600), image.Black, image.Point{}, draw.Src)
	for _, c := range []struct {
		what string
		m    image.Image
		want []hub.Hint
	}{
		{"good", page, nil},
		{"good, with grain", noisy(page), nil},
		{"good, with the black rim of a scanner", rimmed, nil},
		{"blank", white, []hub.Hint{hub.HintBlank}},
		{"blurred", blurred(page), []hub.Hint{hub.HintBlurred}},
		{"dark", darkened(page), []hub.Hint{hub.HintDark}},
		{"turned", turned(page, 2), []hub.Hint{hub.HintSkewed}},
		{"turned the other way", turned(page, -1.5), []hub.Hint{hub.HintSkewed}},
		{"turned so little that nobody minds", turned(page, 0.3), nil},
		{"cut off", cropped, []hub.Hint{hub.HintCutOff}},
	} {
		got, angle := judge(c.m)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v (%.1f degrees, sharpness %.0f), want %v", c.what, got, angle, sharpness(grayOf(c.m, hintWidth)), c.want)
		}
	}
	for _, a := range []float64{-3, -1, 1, 2.5} {
		if got := skew(grayOf(turned(page, a), skewWidth)); math.Abs(math.Abs(got)-math.Abs(a)) > 0.3 || got*a == 0 {
			t.Errorf("turned by %.1f, found %.1f", a, got)
		}
	}
}

func BenchmarkJudgeA4(b *testing.B) {
	m, err := jpeg.Decode(bytes.NewReader(jpegOf(b, noisy(sheet(1131, 1600, 3)))))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		judge(m)
	}
}

func BenchmarkInspectPDF18MB(b *testing.B) {
	page := jpegOf(b, noisy(sheet(1654, 2339, 3)))
	pages := make([][]byte, 20)
	for i := range pages {
		pages[i] = page
	}
	pdf := pdfOfScans(pages...)
	b.SetBytes(int64(len(pdf)))
	for b.Loop() {
		if _, err := inspect(pdf, ""); err != nil {
			b.Fatal(err)
		}
	}
}
