package material

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/inconsolata"
	"golang.org/x/image/math/fixed"
)

// sheet draws a page of writing with a margin, seed for its words.
func sheet(w, h int, seed uint64) *image.RGBA {
	rng := rand.New(rand.NewPCG(seed, 1))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Bounds(), image.NewUniform(color.RGBA{248, 247, 242, 255}), image.Point{}, draw.Src)
	face := inconsolata.Bold8x16
	scale := max(1, w/500)
	for y := h / 10; y < h*9/10; y += 28 * scale {
		line := fmt.Sprintf("%016x %016x", rng.Uint64(), rng.Uint64())
		mask := image.NewAlpha(image.Rect(0, 0, 8*len(line), 18))
		d := font.Drawer{Dst: mask, Src: image.Opaque, Face: face, Dot: fixed.P(0, face.Ascent)}
		d.DrawString(line)
		big := image.NewAlpha(image.Rect(0, 0, w*8/10, 18*scale))
		xdraw.ApproxBiLinear.Scale(big, big.Bounds(), mask, mask.Bounds(), draw.Src, nil)
		draw.DrawMask(m, image.Rect(w/10, y, w*9/10, y+18*scale), image.NewUniform(color.RGBA{25, 25, 40, 255}), image.Point{}, big, image.Point{}, draw.Over)
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 82}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// planted stands in metadata and must not be in anything that is derived.
const planted = "PLANTED-31.2304N-121.4737E"

// exifData is a first directory with an orientation and, when wanted, a place.
func exifData(order binary.AppendByteOrder, orientation int, gps bool) []byte {
	b := []byte("II*\x00")
	if order.String() == "BigEndian" {
		b = []byte("MM\x00*")
	}
	n := uint16(1)
	if gps {
		n = 2
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, n)
	entry := func(tag, kind uint16, count uint32, value []byte) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, count)
		b = append(b, append(value, make([]byte, 4-len(value))...)...)
	}
	entry(tagOrientation, 3, 1, order.AppendUint16(nil, uint16(orientation)))
	if gps {
		entry(tagGPS, 4, 1, order.AppendUint32(nil, 8+2+12*2+4))
	}
	b = order.AppendUint32(b, 0)
	if gps {
		b = order.AppendUint16(b, 1)
		entry(1, 2, 2, []byte("N\x00"))
		b = order.AppendUint32(b, 0)
		b = append(b, planted...)
	}
	return b
}

// segment is one JPEG marker segment.
func segment(marker byte, body []byte) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2))
	return append(b, body...)
}

// withEXIF puts EXIF behind the start of a JPEG.
func withEXIF(j []byte, orientation int, gps bool) []byte {
	app1 := segment(0xe1, append([]byte("Exif\x00\x00"), exifData(binary.BigEndian, orientation, gps)...))
	return bytes.Join([][]byte{j[:2], app1, j[2:]}, nil)
}

func chunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pngWith puts a chunk behind the header of a PNG.
func pngWith(p []byte, kind string, body []byte) []byte {
	at := len(pngMark) + 25
	return bytes.Join([][]byte{p[:at], chunk(kind, body), p[at:]}, nil)
}

// pngBomb says it is huge and is tiny.
func pngBomb(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	head = append(head, 8, 2, 0, 0, 0)
	return bytes.Join([][]byte{[]byte(pngMark), chunk("IHDR", head), chunk("IDAT", deflate(make([]byte, 1000))), chunk("IEND", nil)}, nil)
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

// tiffOf is a grey TIFF without compression; each page is a picture.
func tiffOf(order binary.AppendByteOrder, compression int, pages ...*image.Gray) []byte {
	b := []byte("II*\x00")
	if order.String() == "BigEndian" {
		b = []byte("MM\x00*")
	}
	link := len(b) // where the offset of the next directory belongs
	b = order.AppendUint32(b, 0)
	for _, m := range pages {
		data := len(b)
		b = append(b, m.Pix...)
		var at [4]byte
		copy(at[:], order.AppendUint32(nil, uint32(len(b))))
		copy(b[link:], at[:])
		entries := [][2]uint32{
			{tagWidth, uint32(m.Rect.Dx())},
			{tagHeight, uint32(m.Rect.Dy())},
			{tagBits, 8},
			{tagCompression, uint32(compression)},
			{262, 1},
			{tagStrips, uint32(data)},
			{tagSamples, 1},
			{278, uint32(m.Rect.Dy())},
			{tagStripBytes, uint32(len(m.Pix))},
		}
		b = order.AppendUint16(b, uint16(len(entries)))
		for _, e := range entries {
			b = order.AppendUint16(b, uint16(e[0]))
			b = order.AppendUint16(b, 4)
			b = order.AppendUint32(b, 1)
			b = order.AppendUint32(b, e[1])
		}
		link = len(b)
		b = order.AppendUint32(b, 0)
	}
	return b
}

// document writes PDFs object by object.
type document struct {
	b    bytes.Buffer
	at   []int
	tail string // more of the trailer
}

func newDocument() *document {
	d := &document{}
	d.b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	return d
}

// object adds the next object and returns its number.
func (d *document) object(body string) int {
	d.at = append(d.at, d.b.Len())
	fmt.Fprintf(&d.b, "%d 0 obj\n%s\nendobj\n", len(d.at), body)
	return len(d.at)
}

func (d *document) stream(dict string, data []byte) int {
	return d.object(fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data))
}

func (d *document) bytes() []byte {
	xref := d.b.Len()
	fmt.Fprintf(&d.b, "xref\n0 %d\n0000000000 65535 f \n", len(d.at)+1)
	for _, at := range d.at {
		fmt.Fprintf(&d.b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&d.b, "trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n", len(d.at)+1, d.tail, xref)
	return d.b.Bytes()
}

// pdfWith is a PDF of one page of writing; more adds to its catalogue, and
// further adds objects from number 6 on.
func pdfWith(more string, further func(d *document)) []byte {
	d := newDocument()
	d.object("<< /Type /Catalog /Pages 2 0 R " + more + " >>")
	d.object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	d.object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>")
	d.stream("", []byte("BT /F1 24 Tf 72 700 Td (Specimen of a contract) Tj ET"))
	d.object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	if further != nil {
		further(d)
	}
	return d.bytes()
}

// pdfOfScans is a PDF as a scanner makes it: a JPEG for each page.
func pdfOfScans(pages ...[]byte) []byte {
	d := newDocument()
	d.object("<< /Type /Catalog /Pages 2 0 R >>")
	var kids strings.Builder
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 3+3*i)
	}
	d.object(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids.String(), len(pages)))
	for i, p := range pages {
		c, err := jpeg.DecodeConfig(bytes.NewReader(p))
		if err != nil {
			panic(err)
		}
		n := 3 + 3*i
		d.object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /XObject << /I %d 0 R >> >> >>", n+1, n+2))
		d.stream("/Filter /FlateDecode", deflate([]byte("q 595 0 0 842 0 0 cm /I Do Q")))
		d.stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode", c.Width, c.Height), p)
	}
	return d.bytes()
}

// objectStream is the data of an object stream that holds one object.
func objectStream(object string) []byte { return []byte("9 0 " + object) }

// manyPages says it has n pages, which are all the same one.
func manyPages(n int) []byte {
	d := newDocument()
	d.object("<< /Type /Catalog /Pages 2 0 R >>")
	d.object(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Repeat("3 0 R ", n), n))
	d.object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>")
	return d.bytes()
}

// tool runs a program on a file and returns what it wrote to another.
func tool(t testing.TB, in []byte, program string, args func(in, out string) []string) []byte {
	t.Helper()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(from, in, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), program, args(from, to)...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	b, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
