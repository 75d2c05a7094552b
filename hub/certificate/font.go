package certificate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// font is what layout needs of a TrueType file: which characters it has and
// how wide they are. It is read with our own code because gopdf takes a
// missing character for a space, and glyph 0 for a character.
type font struct {
	data     []byte
	segments []segment
	advances []uint16 // by glyph, the last one for all that follow
	perEm    int
	glyphs   int
}

// segment maps the characters from first to last to glyphs.
type segment struct {
	first, last rune
	glyph       int   // of first, counting up; unused where each is set
	each        []int // one glyph per character, 0 for none
}

var errFont = errors.New("not a TrueType font with Unicode characters")

// maxSegments is more than any font has; it bounds the work for a hostile file.
const maxSegments = 1 << 16

// parseFont reads a TrueType file (glyf outlines, cmap format 4 or 12).
func parseFont(data []byte) (*font, error) {
	tables, err := tableDirectory(data)
	if err != nil {
		return nil, err
	}
	head, hhea, maxp, hmtx, cmap := tables["head"], tables["hhea"], tables["maxp"], tables["hmtx"], tables["cmap"]
	if len(head) < 54 || len(hhea) < 36 || len(maxp) < 6 || len(tables["glyf"]) == 0 || len(tables["loca"]) == 0 {
		return nil, errFont
	}
	f := &font{data: data, perEm: u16(head, 18), glyphs: u16(maxp, 4)}
	n := u16(hhea, 34)
	if f.perEm < 16 || f.perEm > 16384 || n == 0 || n > f.glyphs || len(hmtx) < 4*n {
		return nil, errFont
	}
	f.advances = make([]uint16, n)
	for i := range n {
		f.advances[i] = uint16(u16(hmtx, 4*i))
	}
	if f.segments, err = readCmap(cmap); err != nil {
		return nil, err
	}
	return f, nil
}

// tableDirectory slices the file into its tables.
func tableDirectory(data []byte) (map[string][]byte, error) {
	if len(data) < 12 || binary.BigEndian.Uint32(data) != 0x00010000 {
		return nil, errFont
	}
	n := u16(data, 4)
	if len(data) < 12+16*n {
		return nil, errFont
	}
	tables := make(map[string][]byte, n)
	for i := range n {
		entry := data[12+16*i:]
		offset, length := uint64(binary.BigEndian.Uint32(entry[8:])), uint64(binary.BigEndian.Uint32(entry[12:]))
		if offset+length > uint64(len(data)) {
			return nil, fmt.Errorf("%w: table %q lies outside the file", errFont, entry[:4])
		}
		tables[string(entry[:4])] = data[offset : offset+length]
	}
	return tables, nil
}

// readCmap reads the two subtables that gopdf reads: format 4 for characters up
// to U+FFFF and format 12 for the others.
func readCmap(cmap []byte) ([]segment, error) {
	if len(cmap) < 4 {
		return nil, errFont
	}
	var basic, full []segment
	for i := range u16(cmap, 2) {
		at := 4 + 8*i
		if len(cmap) < at+8 {
			return nil, errFont
		}
		platform, encoding := u16(cmap, at), u16(cmap, at+2)
		offset := int64(binary.BigEndian.Uint32(cmap[at+4:]))
		if platform != 3 || offset+4 > int64(len(cmap)) {
			continue
		}
		switch sub := cmap[offset:]; {
		case encoding == 1 && u16(sub, 0) == 4:
			basic = readFormat4(sub)
		case encoding == 10 && u16(sub, 0) == 12:
			full = readFormat12(sub)
		}
	}
	segments := slices.DeleteFunc(full, func(s segment) bool { return s.last <= 0xFFFF })
	for i := range segments {
		if s := &segments[i]; s.first <= 0xFFFF {
			s.glyph += 0x10000 - int(s.first)
			s.first = 0x10000
		}
	}
	segments = append(basic, segments...)
	if len(basic) == 0 {
		return nil, errFont
	}
	slices.SortFunc(segments, func(a, b segment) int { return int(a.first) - int(b.first) })
	return segments, nil
}

func readFormat4(b []byte) []segment {
	if len(b) < 14 {
		return nil
	}
	b = b[:min(len(b), max(14, u16(b, 2)))]
	n := u16(b, 6) / 2
	if len(b) < 16+8*n {
		return nil
	}
	ends, starts, deltas, offsets := 14, 16+2*n, 16+4*n, 16+6*n
	var found []segment
	for i := range n {
		s := segment{first: rune(u16(b, starts+2*i)), last: rune(u16(b, ends+2*i))}
		if s.last < s.first {
			return nil
		}
		delta, offset := u16(b, deltas+2*i), u16(b, offsets+2*i)
		for c := s.first; c <= s.last; c++ {
			glyph := int(c)
			if offset != 0 {
				at := offsets + 2*i + offset + 2*int(c-s.first)
				if at+2 > len(b) || u16(b, at) == 0 {
					s.each = append(s.each, 0)
					continue
				}
				glyph = u16(b, at)
			}
			s.each = append(s.each, (glyph+delta)&0xFFFF)
		}
		found = append(found, s)
	}
	return found
}

func readFormat12(b []byte) []segment {
	if len(b) < 16 {
		return nil
	}
	n := int(binary.BigEndian.Uint32(b[12:]))
	if n > maxSegments || len(b) < 16+12*n {
		return nil
	}
	found := make([]segment, 0, n)
	for i := range n {
		at := b[16+12*i:]
		first, last, glyph := binary.BigEndian.Uint32(at), binary.BigEndian.Uint32(at[4:]), binary.BigEndian.Uint32(at[8:])
		if last < first || last > 0x10FFFF || glyph > 0xFFFF {
			return nil
		}
		found = append(found, segment{first: rune(first), last: rune(last), glyph: int(glyph)})
	}
	return found
}

// glyph is the character's glyph, or 0 when the font has none.
func (f *font) glyph(r rune) int {
	i, ok := slices.BinarySearchFunc(f.segments, r, func(s segment, r rune) int {
		switch {
		case s.last < r:
			return -1
		case s.first > r:
			return 1
		}
		return 0
	})
	if !ok {
		return 0
	}
	s := f.segments[i]
	g := s.glyph + int(r-s.first)
	if s.each != nil {
		g = s.each[r-s.first]
	}
	if g >= f.glyphs {
		return 0
	}
	return g
}

// width is the character's advance in thousandths of the font size, cut as gopdf cuts it.
func (f *font) width(r rune) int {
	g := min(f.glyph(r), len(f.advances)-1)
	return int(f.advances[g]) * 1000 / f.perEm
}

func u16(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
