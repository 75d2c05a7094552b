package query

import (
	"bytes"
	"math"

	"tongban/storage/embedded/docserver/internal/value"
)

// Exists returns the condition that a field is there.
func Exists(path string) *Leaf { return &Leaf{Path: path, Op: OpExists} }

// ImpliedBy tells whether every document that satisfies all the given
// conditions satisfies l; false also means "not seen to". A partial index
// serves a query that implies its filter.
func (l *Leaf) ImpliedBy(given []*Leaf) bool {
	for _, g := range given {
		if g.Path == l.Path && g.implies(l) {
			return true
		}
	}
	return false
}

func (l *Leaf) implies(want *Leaf) bool {
	if l.Op == want.Op && l.Value.Type == want.Value.Type && bytes.Equal(l.Value.Data, want.Value.Data) && l.Op != OpElem {
		return true
	}
	switch want.Op {
	case OpExists:
		return l.impliesExists()
	case OpEq, OpIn, OpLt, OpLte, OpGt, OpGte:
	default:
		return false
	}
	switch l.Op {
	case OpEq:
		return want.admits(l.Key)
	case OpIn:
		for _, k := range l.Set {
			if !want.admits(k) {
				return false
			}
		}
		return l.Exact()
	case OpLt, OpLte, OpGt, OpGte:
		return l.within(want)
	}
	return false
}

func (l *Leaf) impliesExists() bool {
	switch l.Op {
	case OpEq:
		return !value.NullOrMissing(l.Value)
	case OpIn:
		for _, k := range l.Set {
			if k[0] == value.ClassNull {
				return false
			}
		}
		return true
	case OpLt, OpLte, OpGt, OpGte:
		return l.Key[0] != value.ClassNull && l.Key[0] != value.ClassMinKey && l.Key[0] != value.ClassMaxKey
	case OpExists, OpRegex, OpSize, OpElem, OpType, OpArg:
		return true
	}
	return false
}

// admits tells whether a value with this key satisfies l, an OpEq to OpGte.
func (l *Leaf) admits(key []byte) bool {
	switch l.Op {
	case OpEq:
		return bytes.Equal(key, l.Key)
	case OpIn:
		for _, k := range l.Set {
			if bytes.Equal(k, key) {
				return true
			}
		}
		return false
	}
	if l.nan || key[0] != l.Key[0] || bytes.Equal(key, value.AppendKey(nil, value.Double(math.NaN()))) {
		return false
	}
	c := bytes.Compare(key, l.Key)
	switch l.Op {
	case OpLt:
		return c < 0
	case OpLte:
		return c <= 0
	case OpGt:
		return c > 0
	}
	return c >= 0
}

// within tells whether the range of l lies inside that of want.
func (l *Leaf) within(want *Leaf) bool {
	if want.Op == OpEq || want.Op == OpIn || l.nan || want.nan || l.Key[0] != want.Key[0] {
		return false
	}
	if up := want.Op == OpGt || want.Op == OpGte; up != (l.Op == OpGt || l.Op == OpGte) {
		return false
	}
	c := bytes.Compare(l.Key, want.Key)
	if want.Op == OpLt || want.Op == OpLte {
		c = -c
	}
	strict := want.Op == OpGt || want.Op == OpLt
	open := l.Op == OpGt || l.Op == OpLt
	return c > 0 || c == 0 && (!strict || open)
}
