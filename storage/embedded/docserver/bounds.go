package docserver

import (
	"bytes"
	"math"
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// keyRange is the half-open interval [lo, hi) of byte strings; a nil hi is the
// end.
type keyRange struct{ lo, hi []byte }

// maxRanges bounds how many intervals a plan may seek to.
const maxRanges = 2000

// bound is what the conditions on one field say in ascending key order.
type bound struct {
	points  [][]byte // equality: the only keys possible
	ranges  []keyRange
	exact   map[*query.Leaf]bool // conditions that the bound decides completely
	isRange bool
}

// fieldBound works out the bound of one index field from the conditions on its
// path; nil if they say nothing. On a multikey field only one condition counts,
// because different elements may satisfy different conditions.
func fieldBound(path string, multikey bool, leaves []*query.Leaf) *bound {
	var best *bound
	var rng *bound
	for _, l := range leaves {
		if l.Path != path {
			continue
		}
		if points, exact, ok := pointsOf(l); ok {
			if best == nil || len(points) < len(best.points) {
				best = &bound{points: points, exact: map[*query.Leaf]bool{}}
				if exact {
					best.exact[l] = true
				}
			}
			continue
		}
		kr, exact, ok := rangeOf(l)
		if !ok {
			continue
		}
		switch {
		case rng == nil:
			rng = &bound{ranges: []keyRange{kr}, exact: map[*query.Leaf]bool{}, isRange: true}
		case multikey:
			continue
		default:
			rng.ranges = []keyRange{intersect(rng.ranges[0], kr)}
		}
		if exact && !multikey {
			rng.exact[l] = true
		}
	}
	if best != nil {
		return best
	}
	return rng
}

// pointsOf returns the keys a document must have for l, if l is an equality.
// exact is false where the key says less than the condition (null also stands
// for absent fields of documents in arrays).
func pointsOf(l *query.Leaf) (points [][]byte, exact, ok bool) {
	switch l.Op {
	case query.OpEq:
		if l.Value.Type == bson.TypeArray || l.Value.Type == bson.TypeUndefined {
			return nil, false, false
		}
		return [][]byte{l.Key}, l.Key[0] != value.ClassNull, true
	case query.OpIn:
		if !l.Exact() {
			return nil, false, false
		}
		exact = true
		for _, k := range l.Set {
			if k[0] == value.ClassArray || k[0] == value.ClassUndefined {
				return nil, false, false
			}
			exact = exact && k[0] != value.ClassNull
		}
		return l.Set, exact, true
	}
	return nil, false, false
}

// rangeOf returns the interval of keys for a range condition.
func rangeOf(l *query.Leaf) (kr keyRange, exact, ok bool) {
	switch l.Op {
	case query.OpRegex:
		if l.Prefix == "" {
			return keyRange{}, false, false
		}
		lo := append([]byte{value.ClassString}, l.Prefix...)
		if bytes.IndexByte(lo, 0) >= 0 {
			return keyRange{}, false, false
		}
		return keyRange{lo, value.After(lo)}, false, true
	case query.OpLt, query.OpLte, query.OpGt, query.OpGte:
	default:
		return keyRange{}, false, false
	}
	class := l.Key[0]
	switch class {
	case value.ClassMinKey, value.ClassMaxKey, value.ClassArray, value.ClassUndefined, value.ClassNull:
		return keyRange{}, false, false
	}
	if value.NaN(l.Value) {
		return keyRange{}, false, false
	}
	kr = keyRange{[]byte{class}, []byte{class + 1}}
	if class == value.ClassNumber { // NaN is below all and in no range
		kr.lo = value.After(value.AppendKey(nil, value.Double(math.NaN())))
	}
	switch l.Op {
	case query.OpLt:
		kr.hi = l.Key
	case query.OpLte:
		kr.hi = value.After(l.Key)
	case query.OpGt:
		kr.lo = value.After(l.Key)
	default:
		kr.lo = l.Key
	}
	return kr, true, true
}

func intersect(a, b keyRange) keyRange {
	if bytes.Compare(b.lo, a.lo) > 0 {
		a.lo = b.lo
	}
	if a.hi == nil || b.hi != nil && bytes.Compare(b.hi, a.hi) < 0 {
		a.hi = b.hi
	}
	return a
}

// descending turns an interval over the ascending key of one field into the one
// over its descending key. No key is a prefix of another, and a bound is a whole
// key, what follows a whole key, or a class byte: so everything that begins with
// the inverse of a bound lies on the bound's own side.
func descending(kr keyRange) keyRange {
	return keyRange{lo: value.After(invert(kr.hi)), hi: value.After(invert(kr.lo))}
}

func invert(b []byte) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		out[i] = ^c
	}
	return out
}

// normalize sorts ranges and joins those that touch; empty ones go.
func normalize(rs []keyRange) []keyRange {
	rs = slices.DeleteFunc(rs, func(r keyRange) bool { return r.hi != nil && bytes.Compare(r.lo, r.hi) >= 0 })
	slices.SortFunc(rs, func(a, b keyRange) int { return bytes.Compare(a.lo, b.lo) })
	var out []keyRange
	for _, r := range rs {
		if n := len(out); n > 0 && (out[n-1].hi == nil || bytes.Compare(r.lo, out[n-1].hi) <= 0) {
			if out[n-1].hi != nil && (r.hi == nil || bytes.Compare(r.hi, out[n-1].hi) > 0) {
				out[n-1].hi = r.hi
			}
			continue
		}
		out = append(out, r)
	}
	return out
}
