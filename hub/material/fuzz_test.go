package material

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"testing"
	"time"

	"tongban/hub"
)

// fuzzInspect holds Inspect to what it promises of any bytes: a coded refusal
// or a plausible answer, soon, and pictures that open within their limits.
func fuzzInspect(f *testing.F, seeds ...[]byte) {
	for _, s := range seeds {
		f.Add(s)
		f.Add(s[:len(s)*2/3])
	}
	lim := Limits{Pages: 20, Pixels: 1 << 20, DecodedBytes: 8 << 20, Inflated: 1 << 20}.withDefaults()
	f.Fuzz(func(t *testing.T, b []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		is, err := Inspect(ctx, bytes.NewReader(b), int64(len(b)), "a.pdf", lim)
		if ctx.Err() != nil {
			t.Fatal("too slow")
		}
		if err != nil {
			if _, ok := errors.AsType[*hub.Error](err); !ok || reasonOf(err) == "" {
				t.Fatalf("not coded: %v", err)
			}
			is.Pages = 0
			if is, err = Inspect(ctx, bytes.NewReader(b), int64(len(b)), "", lim); err != nil {
				return
			}
		}
		if is.Pages < 1 || is.Pages > lim.Pages || is.Orientation < 0 || is.Orientation > 8 {
			t.Fatalf("accepted with %+v", is)
		}
		if is.Type == typePDF {
			return
		}
		src := &file{ctx: ctx, r: bytes.NewReader(b), size: int64(len(b)), lim: lim}
		m, _, err := decode(src, is.Type, 1)
		if err != nil {
			return
		}
		if m.Bounds().Dx() != is.Width || m.Bounds().Dy() != is.Height {
			t.Fatalf("decoded to %v, inspected as %+v", m.Bounds(), is)
		}
		judge(fit(upright(m, 6), 200))
	})
}

func FuzzInspectJPEG(f *testing.F) {
	photo := jpegOf(f, corners())
	gray := jpegOf(f, image.NewGray(image.Rect(0, 0, 20, 20)))
	fuzzInspect(f, photo, gray, withEXIF(photo, 6, true), cat(photo[:2], segment(0xe2, []byte("MPF\x00")), photo[2:], photo))
}

func FuzzInspectPNG(f *testing.F) {
	p := pngOf(f, corners())
	fuzzInspect(f, p, pngOf(f, image.NewGray16(image.Rect(0, 0, 9, 9))), pngWith(p, "eXIf", exifData(binary.BigEndian, 3, true)), pngBomb(30_000, 30_000))
}

func FuzzInspectTIFF(f *testing.F) {
	page := image.NewGray(image.Rect(0, 0, 12, 8))
	fuzzInspect(f, tiffOf(binary.LittleEndian, 1, page, page), tiffOf(binary.BigEndian, 1, page), tiffOf(binary.LittleEndian, 5, page))
}

func FuzzInspectPDF(f *testing.F) {
	fuzzInspect(f, pdfWith("", nil), pageBomb(), pdfOfScans(jpegOf(f, corners())), pdfWith("/OpenAction 6 0 R", func(d *document) {
		d.stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", deflate(objectStream("<< /S /J#61vaScript >>")))
	}))
}
