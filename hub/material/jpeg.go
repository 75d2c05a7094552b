package material

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"tongban/hub"
)

// maxScans bounds the passes of one JPEG: each costs the decoder a walk over
// the whole picture, and a few bytes in the file.
const maxScans = 100

// maxPictures bounds how many pictures one file may carry behind the first
// (multi-picture format of phones: previews, depth, gain maps).
const maxPictures = 16

// jpegFacts is what the markers of one JPEG say.
type jpegFacts struct {
	width, height, components int64
	progressive               bool
	multi                     bool // an index of further pictures behind the end
	exif                      exifFacts
}

func (f *file) jpeg(is *hub.Inspection) error {
	facts, end, err := f.walkJPEG(0)
	if err != nil {
		return err
	}
	is.Pages, is.Width, is.Height = 1, int(facts.width), int(facts.height)
	is.Orientation, is.HasLocation = facts.exif.orientation, facts.exif.location
	perPixel := facts.components
	if facts.progressive { // the decoder keeps every coefficient as an int32
		perPixel *= 5
	}
	if err := f.checkPixels(facts.width, facts.height, max(perPixel, 1)); err != nil {
		return err
	}
	for n := 0; facts.multi && n < maxPictures; n++ {
		next, ok := f.nextJPEG(end)
		if !ok {
			break
		}
		if _, end, err = f.walkJPEG(next); err != nil {
			return err
		}
	}
	return f.checkTail(end)
}

// nextJPEG finds a picture behind filling.
func (f *file) nextJPEG(from int64) (at int64, ok bool) {
	b := make([]byte, 4096)
	n, err := f.r.ReadAt(b, from)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, false
	}
	rest := bytes.TrimLeft(b[:n], "\x00")
	return from + int64(n-len(rest)), bytes.HasPrefix(rest, []byte("\xff\xd8\xff"))
}

// cursor reads on and knows where it is.
type cursor struct {
	*bufio.Reader
	at int64
}

func (f *file) cursor(from int64) *cursor {
	return &cursor{bufio.NewReaderSize(io.NewSectionReader(f.r, from, f.size-from), 64<<10), from}
}

func (c *cursor) byte() (byte, error) {
	b, err := c.ReadByte()
	c.at++
	return b, err
}

func (c *cursor) full(p []byte) error {
	n, err := io.ReadFull(c, p)
	c.at += int64(n)
	return err
}

func (c *cursor) skip(n int) error {
	done, err := c.Discard(n)
	c.at += int64(done)
	return err
}

// walkJPEG follows the markers of one picture and returns where it ends.
func (f *file) walkJPEG(from int64) (facts jpegFacts, end int64, err error) {
	c := f.cursor(from)
	if err := c.skip(2); err != nil {
		return facts, 0, err
	}
	scans := 0
	marker, err := c.marker()
	for ; err == nil; marker, err = c.marker() {
		switch {
		case marker == 0xd9: // end of image
			if facts.width == 0 || scans == 0 {
				return facts, 0, unsafeContent(reasonDamaged, "a JPEG without a picture")
			}
			return facts, c.at, f.ctx.Err()
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd7: // stand alone
			continue
		case marker == 0xd8 || marker == 0x00:
			return facts, 0, unsafeContent(reasonDamaged, "a JPEG marker where none may be")
		}
		if err = facts.segment(c, marker); err != nil {
			return facts, 0, err
		}
		if marker == 0xda {
			if scans++; scans > maxScans {
				return facts, 0, unsafeContent(reasonComplex, "a JPEG of more than %d scans", maxScans)
			}
			if err := f.ctx.Err(); err != nil {
				return facts, 0, err
			}
		}
	}
	return facts, 0, err
}

// marker reads to the next marker: over the filling before it and, behind a
// scan, over the coded data.
func (c *cursor) marker() (byte, error) {
	for {
		b, err := c.ReadSlice(0xff)
		c.at += int64(len(b))
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return 0, err
		}
		m := byte(0xff)
		for m == 0xff {
			if m, err = c.byte(); err != nil {
				return 0, err
			}
		}
		if m != 0x00 && (m < 0xd0 || m > 0xd7) { // neither a stuffed byte nor a restart
			return m, nil
		}
	}
}

// segment reads one marker segment with its length.
func (j *jpegFacts) segment(c *cursor, marker byte) error {
	var two [2]byte
	if err := c.full(two[:]); err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint16(two[:])) - 2
	if n < 0 {
		return unsafeContent(reasonDamaged, "a JPEG segment of negative length")
	}
	isFrame := marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
	if !isFrame && marker != 0xe1 && marker != 0xe2 {
		return c.skip(n)
	}
	b := make([]byte, n)
	if err := c.full(b); err != nil {
		return err
	}
	switch {
	case isFrame && marker > 0xc2:
		return refuse(hub.WrongType, reasonKind, "a kind of JPEG that is not read")
	case isFrame && (len(b) < 6 || j.width != 0):
		return unsafeContent(reasonDamaged, "a JPEG frame that is none")
	case isFrame:
		j.height, j.width, j.components = int64(binary.BigEndian.Uint16(b[1:])), int64(binary.BigEndian.Uint16(b[3:])), int64(b[5])
		j.progressive = marker == 0xc2
		if j.width == 0 || j.height == 0 {
			return unsafeContent(reasonDamaged, "a JPEG of %d by %d pixels", j.width, j.height)
		}
	case marker == 0xe1:
		j.exif.app1(b)
	case bytes.HasPrefix(b, []byte("MPF\x00")):
		j.multi = true
	}
	return nil
}
