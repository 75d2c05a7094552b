package certificate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tongban/hub"
)

// Fonts are the font files, TrueType. Main must have what our own words need;
// Fallback is optional and prints what Main lacks, as rare characters of names.
type Fonts struct {
	Main, Fallback []byte
}

// The names under which gopdf knows the fonts, and the file too: six letters and
// a plus tell a reader that only a part is embedded (ISO 32000-1, 9.6.4).
const (
	mainFace     = "TBMAIN+NotoSansSC"
	fallbackFace = "TBFALL+Fallback"
)

// run is a piece of text in one font.
type run struct {
	face string
	text string
}

// typesetter measures texts and finds what no font can print. Safe for concurrent use.
type typesetter struct {
	main, fallback *font // fallback may be nil
}

// face is the font for a character, "" when none can print it. Invisible and
// private characters are never printed: they would change what a text seems to say.
func (t *typesetter) face(r rune) string {
	switch {
	case r == utf8.RuneError, unicode.In(r, unicode.C, unicode.Zl, unicode.Zp):
		return ""
	case t.main.glyph(r) != 0:
		return mainFace
	case t.fallback != nil && t.fallback.glyph(r) != 0:
		return fallbackFace
	}
	return ""
}

// width of a text of one line, in points.
func (t *typesetter) width(s string, size float64) float64 {
	return float64(t.units(s)) * size / 1000
}

// units is the width in thousandths of the font size.
func (t *typesetter) units(s string) int {
	n := 0
	for _, r := range s {
		n += t.advance(r)
	}
	return n
}

// advance is in thousandths of the font size. A character without a font counts
// as a full square: its paper is never finished.
func (t *typesetter) advance(r rune) int {
	switch t.face(r) {
	case mainFace:
		return t.main.width(r)
	case fallbackFace:
		return t.fallback.width(r)
	}
	return 1000
}

// runs splits a line by font.
func (t *typesetter) runs(s string) []run {
	var all []run
	for _, r := range s {
		face := t.face(r)
		if n := len(all); n > 0 && all[n-1].face == face {
			all[n-1].text += string(r)
			continue
		}
		all = append(all, run{face, string(r)})
	}
	return all
}

// clean makes line ends and tabs even and drops spaces at the ends.
func clean(s string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\u00a0", " ").Replace(s))
}

// missing collects the characters that no font can print.
type missing map[rune]bool

func (m missing) add(t *typesetter, s string) {
	for _, r := range s {
		if r != '\n' && t.face(r) == "" {
			m[r] = true
		}
	}
}

// err names every missing character by its code point, which says what the
// operator must find a font for and not whose name it is from.
func (m missing) err() error {
	if len(m) == 0 {
		return nil
	}
	var points []string
	for _, r := range slices.Sorted(maps.Keys(m)) {
		points = append(points, fmt.Sprintf("U+%04X", r))
	}
	list := strings.Join(points, " ")
	return &hub.Error{
		Code: hub.MissingGlyph, Message: "no font can print " + list, Args: map[string]string{"characters": list},
	}
}
