package material

import (
	"encoding/binary"
	"io"

	"tongban/hub"
)

// The tags of a TIFF directory that are looked at.
const (
	tagWidth, tagHeight       = 256, 257
	tagBits, tagCompression   = 258, 259
	tagStrips, tagStripBytes  = 273, 279
	tagSamples                = 277
	tagTiles, tagTileBytes    = 324, 325
	tagXMP, tagEXIF           = 700, 0x8769
	maxTIFFTags, maxTIFFParts = 1000, 1 << 20
)

// tiffPage is one directory: one page.
type tiffPage struct {
	order           binary.ByteOrder
	at, next        int64 // where this page stands, and the next
	width, height   int64
	bits, samples   int64
	compression     int64
	offsets, counts []int64
	exif            exifFacts
	below           []int64 // directories of metadata
	end             int64   // behind everything that it names
}

func (f *file) tiff(is *hub.Inspection) error {
	pages, err := f.tiffPages()
	if err != nil {
		return err
	}
	end := int64(0)
	for _, p := range pages {
		if err := f.checkTIFF(p); err != nil {
			return err
		}
		for _, at := range p.below {
			if d, err := f.tiffPage(p.order, at); err == nil { // metadata may be broken: it is dropped
				end = max(end, d.end)
			}
		}
		end = max(end, p.end)
		is.HasLocation = is.HasLocation || p.exif.location
	}
	first := pages[0]
	is.Pages, is.Width, is.Height, is.Orientation = len(pages), int(first.width), int(first.height), first.exif.orientation
	return f.checkTail(end)
}

// checkTIFF refuses a page that would be too large, or that is not read.
func (f *file) checkTIFF(p *tiffPage) error {
	switch p.compression {
	case 1, 2, 3, 4, 5, 8, 32773, 32946:
	default:
		return refuse(hub.WrongType, reasonKind, "a TIFF compressed by method %d, which is not read", p.compression)
	}
	perPixel := int64(1)
	if p.samples > 1 {
		perPixel = 4
	}
	if p.bits > 8 {
		perPixel *= 2
	}
	if err := f.checkPixels(p.width, p.height, perPixel); err != nil {
		return err
	}
	if len(p.offsets) == 0 || len(p.offsets) != len(p.counts) {
		return unsafeContent(reasonDamaged, "a TIFF page without a picture")
	}
	for i, o := range p.offsets {
		if o+p.counts[i] > f.size {
			return unsafeContent(reasonTruncated, "a TIFF that ends before its content does")
		}
		p.end = max(p.end, o+p.counts[i])
	}
	return nil
}

// tiffPages walks the chain of directories.
func (f *file) tiffPages() ([]*tiffPage, error) {
	var head [8]byte
	if _, err := f.r.ReadAt(head[:], 0); err != nil {
		return nil, err
	}
	order, ok := byteOrder(head[:])
	if !ok {
		return nil, refuse(hub.WrongType, reasonKind, "not a TIFF that is read")
	}
	var pages []*tiffPage
	seen := map[int64]bool{}
	for at := int64(order.Uint32(head[4:])); at != 0; {
		switch {
		case seen[at]:
			return nil, unsafeContent(reasonDamaged, "a TIFF whose pages run in a circle")
		case len(pages) >= f.lim.Pages:
			return nil, refuse(hub.TooManyPages, reasonPages, "more than %d pages", f.lim.Pages)
		}
		seen[at] = true
		p, err := f.tiffPage(order, at)
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
		at = p.next
		if err := f.ctx.Err(); err != nil {
			return nil, err
		}
	}
	if len(pages) == 0 {
		return nil, unsafeContent(reasonDamaged, "a TIFF without a page")
	}
	return pages, nil
}

func (f *file) bytesAt(at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || at+n > f.size {
		return nil, io.ErrUnexpectedEOF
	}
	b := make([]byte, n)
	_, err := f.r.ReadAt(b, at)
	if err == io.EOF {
		err = nil
	}
	return b, err
}

func (f *file) tiffPage(order binary.ByteOrder, at int64) (*tiffPage, error) {
	head, err := f.bytesAt(at, 2)
	if err != nil {
		return nil, err
	}
	n := int64(order.Uint16(head))
	if n == 0 || n > maxTIFFTags {
		return nil, unsafeContent(reasonDamaged, "a TIFF page of %d tags", n)
	}
	b, err := f.bytesAt(at+2, n*12+4)
	if err != nil {
		return nil, err
	}
	p := &tiffPage{order: order, at: at, next: int64(order.Uint32(b[n*12:])), bits: 1, samples: 1, compression: 1, end: at + 2 + n*12 + 4}
	for ; len(b) > 4; b = b[12:] {
		if err := f.tiffTag(order, p, b[:12]); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// tiffTag reads one tag, and notes how far into the file it reaches.
func (f *file) tiffTag(order binary.ByteOrder, p *tiffPage, e []byte) error {
	tag, kind, count := order.Uint16(e), order.Uint16(e[2:]), int64(order.Uint32(e[4:]))
	width := map[uint16]int64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}[kind]
	if width == 0 {
		return nil // readers skip what they do not know
	}
	values := e[8:]
	if count*width > 4 {
		var err error
		at := int64(order.Uint32(e[8:]))
		if at+count*width > f.size {
			return unsafeContent(reasonTruncated, "a TIFF that ends before its content does")
		}
		p.end = max(p.end, at+count*width)
		if !wanted(tag) {
			return nil
		}
		if count > maxTIFFParts {
			return unsafeContent(reasonComplex, "a TIFF page in too many parts")
		}
		if values, err = f.bytesAt(at, count*width); err != nil {
			return err
		}
	}
	if tag == tagXMP {
		p.exif.xmp(values)
		return nil
	}
	number := func(i int64) int64 {
		switch kind {
		case 1, 7:
			return int64(values[i])
		case 3:
			return int64(order.Uint16(values[i*2:]))
		case 4, 13:
			return int64(order.Uint32(values[i*4:]))
		}
		return 0
	}
	if count < 1 {
		return nil
	}
	p.take(tag, count, number)
	return nil
}

func wanted(tag uint16) bool {
	switch tag {
	case tagBits, tagStrips, tagStripBytes, tagTiles, tagTileBytes, tagXMP:
		return true
	}
	return false
}

func (p *tiffPage) take(tag uint16, count int64, number func(int64) int64) {
	all := func() []int64 {
		v := make([]int64, count)
		for i := range v {
			v[i] = number(int64(i))
		}
		return v
	}
	switch tag {
	case tagWidth:
		p.width = number(0)
	case tagHeight:
		p.height = number(0)
	case tagBits:
		p.bits = number(0)
	case tagSamples:
		p.samples = number(0)
	case tagCompression:
		p.compression = number(0)
	case tagStrips, tagTiles:
		p.offsets = all()
	case tagStripBytes, tagTileBytes:
		p.counts = all()
	case tagOrientation:
		if v := int(number(0)); v >= 1 && v <= 8 {
			p.exif.orientation = v
		}
	case tagGPS:
		p.exif.location = true
		p.below = append(p.below, number(0))
	case tagEXIF:
		p.below = append(p.below, number(0))
	}
}
