package code

import (
	"slices"
	"strings"
	"unicode"
)

// maxInput bounds what a parser looks at, in bytes; the longest number is
// under 100 characters.
const maxInput = 512

// normalise drops white space and invisible characters, turns full-width forms
// into half-width ones and letters into upper case. Brackets of every kind
// become round ones.
func normalise(s string) string {
	if len(s) > maxInput {
		s = s[:maxInput]
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～': // U+FF01…FF5E are ASCII, moved
			r -= '！' - '!'
		case unicode.IsSpace(r), r == '\u200b', r == '\u200c', r == '\u200d', r == '\u2060', r == '\ufeff':
			return -1
		}
		switch r {
		case '〔', '【', '[', '﹝':
			return '('
		case '〕', '】', ']', '﹞':
			return ')'
		case '—', '–', '‐', '‑', '−':
			return '-'
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}, s)
}

// checkLength refuses an empty or ill-sized normalised input; sizes are in bytes.
func checkLength(k Kind, s string, sizes ...int) *Error {
	if s == "" {
		return fail(k, PartWhole, ReasonEmpty)
	}
	if !slices.Contains(sizes, len(s)) {
		return fail(k, PartWhole, ReasonLength)
	}
	return nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func alphanumeric(s string) bool {
	for i := range len(s) {
		if value36(s[i]) < 0 {
			return false
		}
	}
	return true
}

// value36 is the value of 0-9A-Z in base 36, or -1.
func value36(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return -1
}

// atoi reads a string already known to be decimal digits, at most 9 of them.
func atoi(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// mod3736 is the check character of ISO 7064 MOD 37,36 over 0-9A-Z. Other
// characters are passed over.
func mod3736(s string) byte {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	p := 36
	for i := range len(s) {
		v := value36(s[i])
		if v < 0 {
			continue
		}
		p = (p + v) % 36
		if p == 0 {
			p = 36
		}
		p = p * 2 % 37
	}
	return alphabet[(37-p)%36]
}
