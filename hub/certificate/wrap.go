package certificate

import (
	"strings"
	"unicode"
)

const (
	// noStart are characters that must not begin a line: closing punctuation (标点避头).
	noStart = "，。、；：？！）》」』】〕〉”’…—·～％‰℃°,.;:?!)]}%~"
	// noEnd are characters that must not end a line: opening punctuation (标点避尾).
	noEnd = "（《「『【〔〈“‘([{￥$"
	// counted are units that stay with their number; dates stay whole.
	counted = "年月日号元件份页项层幢室㎡"
)

// wrap breaks a text into lines of at most width points (the first one of
// first points). It breaks at line ends of the text, at spaces, and between Han
// characters; words and numbers stay whole, and so does punctuation with what
// it belongs to. Only a piece that is wider than a line is broken inside, and
// a line always takes at least one character.
func (t *typesetter) wrap(s string, size, first, width float64) []string {
	var lines []string
	fits := func(units int) bool {
		room := width
		if len(lines) == 0 {
			room = first
		}
		return float64(units)*size/1000 <= room
	}
	for paragraph := range strings.SplitSeq(clean(s), "\n") {
		line, used := "", 0 // used is the width of line, spaces at its end too
		flush := func() {
			lines = append(lines, strings.TrimRight(line, " "))
			line, used = "", 0
		}
		for _, p := range pieces(paragraph) {
			word := t.units(strings.TrimRight(p, " "))
			if fits(used + word) {
				line += p
				used += t.units(p)
				continue
			}
			if strings.TrimRight(line, " ") != "" {
				flush()
			}
			line, used = "", 0
			for _, r := range strings.TrimLeft(p, " ") {
				if line != "" && r != ' ' && !fits(used+t.advance(r)) {
					flush()
				}
				line += string(r)
				used += t.advance(r)
			}
		}
		flush()
	}
	return lines
}

// pieces splits a paragraph into what a line break must not part. Together
// they are the paragraph; spaces belong to the piece before them.
func pieces(s string) []string {
	var all []string
	var piece []rune
	for _, r := range s {
		if n := len(piece); n > 0 && mayPart(piece[n-1], r) {
			all = append(all, string(piece))
			piece = piece[:0]
		}
		piece = append(piece, r)
	}
	if len(piece) > 0 {
		all = append(all, string(piece))
	}
	return all
}

// mayPart reports whether a line may end between the two characters.
func mayPart(a, b rune) bool {
	switch {
	case b == ' ':
		return false
	case a == ' ':
		return true
	case strings.ContainsRune(noStart, b) || strings.ContainsRune(noEnd, a):
		return false
	case unicode.IsDigit(a) && strings.ContainsRune(counted, b) || strings.ContainsRune("年月", a) && unicode.IsDigit(b):
		return false
	}
	return !inWord(a) || !inWord(b)
}

// inWord reports whether the character holds together with its neighbours:
// Latin and other alphabets, digits, and what stands between them.
func inWord(r rune) bool {
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_/@#&+='\"*\\,.;:?!)]}%~", r)
}
