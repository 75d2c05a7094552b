package material

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"strconv"
	"strings"
	"testing"
	"time"

	"tongban/hub"
)

func inspect(b []byte, name string) (hub.Inspection, error) {
	return Inspect(context.Background(), bytes.NewReader(b), int64(len(b)), name, Limits{Pages: 50})
}

// reasonOf is the stable reason of a refusal.
func reasonOf(err error) string {
	if e, ok := errors.AsType[*hub.Error](err); ok && len(e.Fields) == 1 {
		return e.Fields[0].Code
	}
	return ""
}

func cat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func archive(t testing.TB, comment string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("../../etc/passwd")
	if err == nil {
		_, err = f.Write([]byte("x"))
	}
	if err = errors.Join(err, z.SetComment(comment), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inside hides an archive in a comment of a PDF whose own end stands in the
// comment of the archive.
func inside(t testing.TB) []byte {
	pdf := pdfWith("", nil)
	cut := bytes.LastIndex(pdf, []byte("startxref"))
	z := archive(t, "\n"+string(pdf[cut:]))
	return cat(pdf[:cut], []byte("%"), z)
}

func TestInspectRefuses(t *testing.T) {
	photo := jpegOf(t, sheet(400, 500, 1))
	picture := pngOf(t, sheet(200, 300, 1))
	page := image.NewGray(image.Rect(0, 0, 60, 80))
	scan := tiffOf(binary.LittleEndian, 1, page, page)
	pdf := pdfWith("", nil)
	zipped := archive(t, "")
	many := make([]*image.Gray, 51)
	for i := range many {
		many[i] = image.NewGray(image.Rect(0, 0, 2, 2))
	}
	circle := tiffOf(binary.LittleEndian, 1, page)
	copy(circle[len(circle)-4:], circle[4:8])
	for _, c := range []struct {
		what   string
		b      []byte
		name   string
		code   hub.Code
		reason string
	}{
		{"nothing", nil, "", hub.WrongType, "empty"},
		{"a program", []byte("\x7fELF\x02\x01\x01"), "a.pdf", hub.WrongType, "kind"},
		{"a Windows program", []byte("MZ\x90\x00"), "a.pdf", hub.WrongType, "kind"},
		{"a page of the web", []byte("<!DOCTYPE html><script>x</script>"), "a.pdf", hub.WrongType, "kind"},
		{"an archive that climbs", zipped, "a.zip", hub.WrongType, "kind"},
		{"a GIF", []byte("GIF89a\x01\x00"), "a.gif", hub.WrongType, "kind"},
		{"a PDF not at the front", cat([]byte("junk\n"), pdf), "a.pdf", hub.WrongType, "kind"},
		{"a JPEG called PDF", photo, "合同.pdf", hub.WrongType, "name_differs"},
		{"a PDF called program", pdf, "合同.PDF.exe", hub.WrongType, "name_differs"},
		{"BigTIFF", []byte("II+\x00\x08\x00\x00\x00"), "a.tif", hub.WrongType, "kind"},

		{"JPEG and archive", cat(photo, zipped), "", hub.UnsafeContent, "polyglot"},
		{"JPEG and archive far behind", cat(photo, make([]byte, 9000), zipped), "", hub.UnsafeContent, "trailing_data"},
		{"JPEG and PDF", cat(photo, pdf), "", hub.UnsafeContent, "polyglot"},
		{"JPEG and program", cat(photo, []byte("\r\nMZ\x90\x00")), "", hub.UnsafeContent, "polyglot"},
		{"JPEG and much else", cat(photo, bytes.Repeat([]byte("data"), 600)), "", hub.UnsafeContent, "trailing_data"},
		{"JPEG with a page in a remark", cat(photo[:2], segment(0xfe, []byte("<script>alert(1)</script>")), photo[2:]), "", hub.UnsafeContent, "polyglot"},
		{"JPEG with a PDF in a remark", cat(photo[:2], segment(0xfe, pdf[:400]), photo[2:]), "", hub.UnsafeContent, "polyglot"},
		{"PNG and archive", cat(picture, zipped), "", hub.UnsafeContent, "polyglot"},
		{"PNG and script", cat(picture, []byte("<?php system(1);")), "", hub.UnsafeContent, "polyglot"},
		{"TIFF and archive", cat(scan, zipped), "", hub.UnsafeContent, "polyglot"},
		{"PDF and archive", cat(pdf, zipped), "", hub.UnsafeContent, "polyglot"},
		{"PDF and archive, and an end again", inside(t), "", hub.UnsafeContent, "polyglot"},
		{"PDF and page of the web", cat(pdf, []byte("<HTML><body>")), "", hub.UnsafeContent, "polyglot"},
		{"PDF and program", cat(pdf, []byte("\n\nMZ\x90\x00\x03")), "", hub.UnsafeContent, "polyglot"},

		{"JPEG cut", photo[:len(photo)/2], "", hub.UnsafeContent, "truncated"},
		{"JPEG cut in its head", photo[:30], "", hub.UnsafeContent, "truncated"},
		{"JPEG without a picture", []byte("\xff\xd8\xff\xd9"), "", hub.UnsafeContent, "damaged"},
		{"PNG cut", picture[:len(picture)-20], "", hub.UnsafeContent, "truncated"},
		{"PNG without a picture", cat([]byte(pngMark), picture[8:33], chunk("IEND", nil)), "", hub.UnsafeContent, "damaged"},
		{"TIFF cut", scan[:len(scan)-200], "", hub.UnsafeContent, "truncated"},
		{"TIFF in a circle", circle, "", hub.UnsafeContent, "damaged"},
		{"PDF cut", pdf[:len(pdf)-30], "", hub.UnsafeContent, "truncated"},
		{"PDF without a page", []byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"), "", hub.UnsafeContent, "damaged"},

		{"PNG bomb", pngBomb(30_000, 30_000), "", hub.UnsafeContent, "pixel_bomb"},
		{"PNG of more than there are", pngBomb(1<<31-1, 1<<31-1), "", hub.UnsafeContent, "pixel_bomb"},
		{"TIFF of many pages", tiffOf(binary.BigEndian, 1, many...), "", hub.TooManyPages, "pages"},
		{"TIFF with JPEG inside", tiffOf(binary.LittleEndian, 7, page), "", hub.WrongType, "kind"},
		{"PDF of many pages", manyPages(51), "", hub.TooManyPages, "pages"},
	} {
		_, err := inspect(c.b, c.name)
		if hub.ErrorCode(err) != c.code || reasonOf(err) != c.reason {
			t.Errorf("%s: %v, want %s %s", c.what, err, c.code, c.reason)
		}
	}
}

func TestInspectAccepts(t *testing.T) {
	photo := jpegOf(t, sheet(400, 500, 1))
	page := image.NewGray(image.Rect(0, 0, 60, 80))
	xmp := segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta><rdf exif:GPSLatitude='31'/></x:xmpmeta>"))
	multi := segment(0xe2, []byte("MPF\x00MM\x00*\x00\x00\x00\x08"))
	png := pngOf(t, sheet(200, 300, 1))
	for _, c := range []struct {
		what, name string
		b          []byte
		want       hub.Inspection
	}{
		{"a photo", "身份证.JPG", photo, hub.Inspection{Type: typeJPEG, Pages: 1, Width: 400, Height: 500}},
		{"a name with a date", "合同2024.3.5", photo, hub.Inspection{Type: typeJPEG, Pages: 1, Width: 400, Height: 500}},
		{"turned, with a place", "", withEXIF(photo, 6, true), hub.Inspection{Type: typeJPEG, Pages: 1, Width: 400, Height: 500, Orientation: 6, HasLocation: true}},
		{"a place in XMP", "", cat(photo[:2], xmp, photo[2:]), hub.Inspection{Type: typeJPEG, Pages: 1, Width: 400, Height: 500, HasLocation: true}},
		{"filled up by a scanner", "", cat(photo, make([]byte, 70_000)), hub.Inspection{Type: typeJPEG, Pages: 1, Width: 400, Height: 500}},
		{"with the notes of a phone", "", cat(photo, []byte("\x00\x00\x01\x0a\x0e\x00\x00\x00Image_UTC_Data1700000000000SEFH\x6b\x00\x00\x00SEFT")), hub.Inspection{Type: typeJPEG, Pages: 1, Width: 400, Height: 500}},
		{"with a preview behind it", "", cat(photo[:2], multi, photo[2:], make([]byte, 100), photo), hub.Inspection{Type: typeJPEG, Pages: 1, Width: 400, Height: 500}},
		{"PNG", "a.png", png, hub.Inspection{Type: typePNG, Pages: 1, Width: 200, Height: 300}},
		{"PNG with EXIF", "", pngWith(png, "eXIf", exifData(binary.LittleEndian, 3, true)), hub.Inspection{Type: typePNG, Pages: 1, Width: 200, Height: 300, Orientation: 3, HasLocation: true}},
		{"TIFF of three pages", "a.tif", tiffOf(binary.BigEndian, 1, page, page, page), hub.Inspection{Type: typeTIFF, Pages: 3, Width: 60, Height: 80}},
		{"PDF", "a.pdf", pdfWith("", nil), hub.Inspection{Type: typePDF, Pages: 1}},
		{"PDF of scans", "a.pdf", pdfOfScans(photo, photo), hub.Inspection{Type: typePDF, Pages: 2}},
		{"PDF with something behind", "a.pdf", cat(pdfWith("", nil), []byte("\n%% case 12\n\x00\x00")), hub.Inspection{Type: typePDF, Pages: 1}},
		{"PDF as large as may be", "a.pdf", manyPages(50), hub.Inspection{Type: typePDF, Pages: 50}},
	} {
		got, err := inspect(c.b, c.name)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v %v, want %+v", c.what, got, err, c.want)
		}
	}
}

func TestPDFs(t *testing.T) {
	good := pdfWith("", nil)
	action := func(a string) []byte {
		return pdfWith("/OpenAction 6 0 R", func(d *document) { d.object(a) })
	}
	packed := func(filter string, data []byte) []byte {
		return pdfWith("", func(d *document) { d.stream("/Type /ObjStm /N 1 /First 4 "+filter, data) })
	}
	script := objectStream("<< /S /JavaScript /JS (app.alert(1)) >>")
	for _, c := range []struct {
		what   string
		b      []byte
		code   hub.Code
		reason string
	}{
		{"script", action("<< /S /JavaScript /JS (app.alert(1)) >>"), hub.UnsafeContent, "script"},
		{"script in other spelling", action("<< /S /J#61vaScrip#74 /JS (app.alert(1)) >>"), hub.UnsafeContent, "script"},
		{"script in an object stream", packed("/Filter /FlateDecode", deflate(script)), hub.UnsafeContent, "script"},
		{"script in an object stream, not packed", packed("", script), hub.UnsafeContent, "script"},
		{"object stream named in other spelling", pdfWith("", func(d *document) { d.stream("/Type /Obj#53tm /N 1 /First 4 /Filter /FlateDecode", deflate(script)) }), hub.UnsafeContent, "script"},
		{"object stream that hides its name", pdfWith("", func(d *document) {
			d.stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /X (obj)", deflate(cat([]byte("9 0 (\xff\xfe)"), script)))
		}), hub.UnsafeContent, "script"},
		{"object stream packed twice", packed("/Filter [/FlateDecode /FlateDecode]", deflate(deflate(script))), hub.UnsafeContent, "kind"},
		{"object stream packed otherwise", packed("/Filter /ASCIIHexDecode", []byte("3920302028>")), hub.UnsafeContent, "kind"},
		{"script in a picture, found by its offset", pdfWith("", func(d *document) {
			d.stream("/Subtype /Image", []byte("xxxx 7 0 obj << /S /JavaScript >> endobj xxxx"))
		}), hub.UnsafeContent, "script"},
		{"starts a program", action("<< /S /Launch /F (cmd.exe) >>"), hub.UnsafeContent, "launch"},
		{"carries a file", pdfWith("/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>", func(d *document) { d.stream("/Type /EmbeddedFile", []byte("x")) }), hub.UnsafeContent, "embedded_files"},
		{"plays a film", action("<< /Type /Annot /Subtype /RichMedia >>"), hub.UnsafeContent, "media"},
		{"shows 3D", action("<< /Type /Annot /Subtype /3D >>"), hub.UnsafeContent, "media"},
		{"dynamic form", pdfWith("/AcroForm << /XFA 6 0 R >>", nil), hub.UnsafeContent, "dynamic_form"},
		{"sends a form", action("<< /S /SubmitForm /F (http://x) >>"), hub.UnsafeContent, "sends_data"},
		{"unpacks to much", packed("/Filter /FlateDecode", deflate(cat([]byte("9 0 "), bytes.Repeat([]byte(" "), 5<<20)))), hub.UnsafeContent, "too_complex"},
		{"nests deep", pdfWith("", func(d *document) { d.object(strings.Repeat("<< /A ", 400) + strings.Repeat(">>", 400)) }), hub.UnsafeContent, "too_complex"},
		{"a huge page", bytes.Replace(good, []byte("[0 0 595 842]"), []byte("[0 0 595 99999]"), 1), hub.UnsafeContent, "page_size"},
		{"a page enlarged by its unit", bytes.Replace(good, []byte("/MediaBox"), []byte("/UserUnit 75 /MediaBox"), 1), hub.UnsafeContent, "page_size"},
		{"a page bomb", pageBomb(), hub.TooManyPages, "pages"},
		{"locked", tool(t, good, "qpdf", func(in, out string) []string {
			return []string{"--encrypt", "user", "owner", "256", "--", in, out}
		}), hub.Encrypted, "password"},
		{"locked against change only, with object streams", tool(t, good, "qpdf", func(in, out string) []string {
			return []string{"--object-streams=generate", "--encrypt", "", "owner", "256", "--print=none", "--", in, out}
		}), hub.Encrypted, "password"},
		{"script in a file of qpdf", tool(t, action("<< /S /JavaScript /JS (app.alert(1)) >>"), "qpdf", func(in, out string) []string {
			return []string{"--object-streams=generate", "--stream-data=compress", in, out}
		}), hub.UnsafeContent, "script"},
		{"made by qpdf", tool(t, good, "qpdf", func(in, out string) []string { return []string{"--object-streams=generate", "--linearize", in, out} }), "", ""},
		{"made by ghostscript", tool(t, good, "gs", func(in, out string) []string {
			return []string{"-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-sOutputFile=" + out, in}
		}), "", ""},
		{"a bookmark that counts", pdfWith("/Outlines 6 0 R", func(d *document) { d.object("<< /Type /Outlines /Count 4000 >>") }), "", ""},
		{"text that speaks of it", pdfWith("", func(d *document) {
			d.stream("/Filter /FlateDecode", deflate([]byte("BT (JavaScript and Launch) Tj ET")))
		}), "", ""},
	} {
		_, err := Inspect(t.Context(), bytes.NewReader(c.b), int64(len(c.b)), "", Limits{Pages: 50, Inflated: 4 << 20})
		if hub.ErrorCode(err) != c.code || reasonOf(err) != c.reason {
			t.Errorf("%s: %v, want %s %s", c.what, err, c.code, c.reason)
		}
	}
}

// pageBomb is a tree of ten levels of ten: ten thousand million pages in a kilobyte.
func pageBomb() []byte {
	d := newDocument()
	d.object("<< /Type /Catalog /Pages 2 0 R >>")
	count := 10_000_000_000
	for n := 2; n < 12; n++ {
		kid := strings.Repeat(strconv.Itoa(n+1)+" 0 R ", 10)
		d.object("<< /Type /Pages /Kids [" + kid + "] /Count " + strconv.Itoa(count) + " >>")
		count /= 10
	}
	d.object("<< /Type /Page /MediaBox [0 0 9 9] >>")
	return d.bytes()
}

// What a user waits for: a bomb is refused by its head, whatever it would cost to open.
func TestABombCostsNothing(t *testing.T) {
	begin := time.Now()
	if _, err := inspect(pngBomb(60_000, 60_000), ""); reasonOf(err) != "pixel_bomb" {
		t.Error(err)
	}
	t.Logf("refused in %s", time.Since(begin))
}

func TestInspectStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := pdfWith("", nil)
	if _, err := Inspect(ctx, bytes.NewReader(b), int64(len(b)), "", Limits{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
