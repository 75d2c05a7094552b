package routing

import (
	"strings"

	"tongban/hub"
)

// Pattern selects items: "transfer.resale" one, "transfer.*" a family, "*" all.
type Pattern string

// valid reports whether the pattern is built of lower-case words with dots, the
// last of which may be the star.
func (p Pattern) valid() bool {
	words := strings.Split(string(p), ".")
	for i, w := range words {
		if w == "*" && i == len(words)-1 {
			continue
		}
		if w == "" || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return false
		}
	}
	return true
}

// matcher is a pattern ready for use.
type matcher struct {
	text string // without the star
	wild bool
}

func (p Pattern) matcher() matcher {
	text, wild := strings.CutSuffix(string(p), "*")
	return matcher{text: text, wild: wild}
}

func (m matcher) matches(item hub.ItemCode) bool {
	if m.wild {
		return len(item) >= len(m.text) && string(item[:len(m.text)]) == m.text
	}
	return string(item) == m.text
}

// rank orders patterns that match the same item: the more exact the higher.
// Two different patterns that match one item never have the same rank.
func (m matcher) rank() int {
	if m.wild {
		return len(m.text)
	}
	return 1 << 20
}
