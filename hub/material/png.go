package material

import (
	"encoding/binary"

	"tongban/hub"
)

const pngMark = "\x89PNG\r\n\x1a\n"

// The chunks of a PNG that are looked into, and how large those may be.
const (
	maxPNGText   = 1 << 20
	maxPNGChunks = 1 << 20
)

func (f *file) png(is *hub.Inspection) error {
	c := f.cursor(0)
	if err := c.skip(len(pngMark)); err != nil {
		return err
	}
	var exif exifFacts
	data := false
	for n := 0; ; n++ {
		var head [8]byte
		if err := c.full(head[:]); err != nil {
			return err
		}
		size, kind := int64(binary.BigEndian.Uint32(head[:])), string(head[4:])
		switch {
		case size > f.size-c.at-4:
			return unsafeContent(reasonTruncated, "a PNG that ends before its content does")
		case (n == 0) != (kind == "IHDR"):
			return unsafeContent(reasonDamaged, "a PNG without its header at the front")
		case n > maxPNGChunks:
			return unsafeContent(reasonComplex, "a PNG of too many chunks")
		}
		switch kind {
		case "IHDR":
			if err := f.pngHeader(c, size, is); err != nil {
				return err
			}
			size = 0
		case "IDAT":
			data = true
		case "IEND":
			if !data {
				return unsafeContent(reasonDamaged, "a PNG without a picture")
			}
			is.Pages, is.Orientation, is.HasLocation = 1, exif.orientation, exif.location
			if err := c.skip(int(size) + 4); err != nil {
				return err
			}
			return f.checkTail(c.at)
		case "eXIf", "iTXt", "tEXt":
			if size <= maxPNGText {
				b := make([]byte, size)
				if err := c.full(b); err != nil {
					return err
				}
				exif.chunk(kind, b)
				size = 0
			}
		}
		if err := c.skip(int(size) + 4); err != nil { // and the check sum
			return err
		}
		if err := f.ctx.Err(); err != nil {
			return err
		}
	}
}

func (x *exifFacts) chunk(kind string, b []byte) {
	if kind == "eXIf" {
		x.parse(b)
		return
	}
	x.xmp(b)
}

func (f *file) pngHeader(c *cursor, size int64, is *hub.Inspection) error {
	var b [13]byte
	if size != int64(len(b)) {
		return unsafeContent(reasonDamaged, "a PNG header of %d bytes", size)
	}
	if err := c.full(b[:]); err != nil {
		return err
	}
	width, height := int64(binary.BigEndian.Uint32(b[0:])), int64(binary.BigEndian.Uint32(b[4:]))
	channels, ok := map[byte]int64{0: 1, 2: 4, 3: 1, 4: 4, 6: 4}[b[9]] // as decoded
	if !ok {
		return unsafeContent(reasonDamaged, "a PNG of colour type %d", b[9])
	}
	if b[8] == 16 {
		channels *= 2
	}
	is.Width, is.Height = int(width), int(height)
	return f.checkPixels(width, height, channels)
}
