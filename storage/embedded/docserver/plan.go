package docserver

import (
	"bytes"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// plan says how to find the documents of a filter. It is immutable.
type plan struct {
	ix      *index
	ranges  []keyRange // in key order
	reverse bool
	sorted  bool         // gives the order that was asked for
	dedup   bool         // a document may have several entries in the ranges
	exact   bool         // every document found matches: the filter need not be asked
	bounded bool         // the ranges are less than the whole index
	merge   []mergeGroup // not sorted, but each of these is in the order asked for
	union   []unionPart  // when set, the parts are walked one after the other instead
	score   int
}

// access is what the conditions make of one index.
type access struct {
	ranges []keyRange
	fixed  int // leading fields that have one single value
	prefix []byte
	points int      // leading fields that have one of several values
	starts [][]byte // the keys those values make together
	score  int
	used   map[*query.Leaf]bool // conditions decided completely
}

// planner holds a filter taken apart.
type planner struct {
	leaves []*query.Leaf
	rest   []query.Node
	sort   query.Sort
}

// plan chooses an index for the filter and the order. hint, if given, names an
// index, is its key pattern, or is {$natural: ±1}.
func (c *collection) plan(f *query.Filter, sort query.Sort, hint value.V) (*plan, error) {
	p := &planner{sort: sort}
	p.leaves, p.rest = f.Conjuncts()
	full := &plan{ix: c.primary, ranges: []keyRange{{}}, exact: f.All(), sorted: len(sort) == 0}
	candidates := c.all()
	forced := !value.NullOrMissing(hint)
	if forced {
		ix, backward, err := c.hinted(hint)
		if err != nil {
			return nil, err
		}
		if ix == nil {
			full.reverse = backward
			return full, nil
		}
		candidates = []*index{ix}
	}
	best := p.choose(candidates, forced)
	if best == nil || !best.bounded {
		if u := p.union(candidates, len(sort) == 0); u != nil && !forced && (best == nil || !best.sorted) {
			return u, nil
		}
	}
	if best == nil {
		return full, nil
	}
	return best, nil
}

// choose returns the best plan on one index; nil if none helps.
func (p *planner) choose(candidates []*index, forced bool) *plan {
	var best *plan
	for _, ix := range candidates {
		if !p.usable(ix) {
			continue
		}
		if cand := p.try(ix); (forced || cand.score > 0) && (best == nil || cand.score > best.score) {
			best = cand
		}
	}
	return best
}

// hinted finds the index of a hint; nil means the collection itself.
func (c *collection) hinted(hint value.V) (ix *index, backward bool, err error) {
	if name, ok := value.Text(hint); ok {
		ix = c.find(name)
	} else if doc, ok := value.Doc(hint); ok {
		if n, ok := value.Int(value.Lookup(doc, "$natural")); ok {
			return nil, n < 0, nil
		}
		for _, cand := range c.all() {
			if samePattern(value.Lookup(cand.spec, "key").Data, doc) {
				ix = cand
			}
		}
	} else {
		return nil, false, fault.New(fault.FailedToParse, "Hint must be a string or an object")
	}
	if ix == nil {
		return nil, false, fault.Bad("error processing query: hint provided does not correspond to an existing index")
	}
	return ix, false, nil
}

// samePattern compares key patterns whatever the types of their numbers.
func samePattern(a, b []byte) bool {
	return value.Equal(value.V{Type: bson.TypeEmbeddedDocument, Data: a}, value.V{Type: bson.TypeEmbeddedDocument, Data: b})
}

// usable tells whether the index holds every document that the filter matches.
func (p *planner) usable(ix *index) bool {
	if ix.partial != nil {
		needed, _ := ix.partial.Conjuncts()
		for _, n := range needed {
			if !n.ImpliedBy(p.leaves) {
				return false
			}
		}
	}
	if ix.sparse {
		for _, f := range ix.fields {
			if query.Exists(f.path).ImpliedBy(p.leaves) {
				return true
			}
		}
		return false
	}
	return true
}

// try works out what the index does for the filter and the order.
func (p *planner) try(ix *index) *plan {
	acc := buildAccess(ix, p.leaves)
	rest := len(p.rest)
	for _, n := range p.rest {
		or, ok := n.(*query.Or)
		if !ok {
			continue
		}
		if joined, exact := p.joinBranches(ix, acc, or); joined != nil {
			acc = *joined
			if exact {
				rest--
			}
			break
		}
	}
	out := &plan{ix: ix, ranges: normalize(acc.ranges), score: acc.score, bounded: acc.score > 0}
	exact := rest == 0
	for _, l := range p.leaves {
		exact = exact && acc.used[l]
	}
	out.dedup = needsDedup(ix, acc.fixed)
	out.exact = exact
	out.sorted = len(p.sort) == 0
	if len(p.sort) > 0 {
		if ok, reverse := sortedBy(ix, acc.fixed, acc.fixed, p.sort); ok {
			out.sorted, out.reverse = true, reverse
			out.score += 9
		} else if ok, reverse := sortedBy(ix, acc.fixed, acc.points, p.sort); ok {
			if out.merge = acc.groups(); out.merge != nil {
				out.reverse = reverse
				out.score += 6
			}
		}
	}
	if out.score > 0 && ix.partial != nil {
		out.score++
	}
	return out
}

// buildAccess turns the conditions into ranges of the index: equalities on its
// first fields, then perhaps a range.
func buildAccess(ix *index, leaves []*query.Leaf) access {
	acc := access{used: map[*query.Leaf]bool{}}
	prefixes := [][]byte{nil}
	multiUsed := false
	for i, f := range ix.fields {
		if ix.multikey[i] && multiUsed {
			break
		}
		b := fieldBound(f.path, ix.multikey[i], leaves)
		if b == nil || !b.isRange && len(prefixes)*len(b.points) > maxRanges {
			break
		}
		multiUsed = multiUsed || ix.multikey[i]
		for l := range b.exact {
			acc.used[l] = true
		}
		if b.isRange {
			acc.starts = prefixes
			acc.score += 4
			acc.ranges = spread(prefixes, b.ranges, f.desc)
			return acc
		}
		prefixes = cross(prefixes, b.points, f.desc)
		if len(b.points) == 1 && acc.fixed == i {
			acc.fixed++
			acc.score += 2
			acc.prefix = prefixes[0]
		}
		acc.points++
		acc.score += 8
		if ix.unique && i == len(ix.fields)-1 {
			acc.score += 20
		}
	}
	acc.starts = prefixes
	for _, p := range prefixes {
		acc.ranges = append(acc.ranges, keyRange{p, value.After(p)})
	}
	return acc
}

func spread(prefixes [][]byte, ranges []keyRange, desc bool) []keyRange {
	var out []keyRange
	for _, p := range prefixes {
		for _, r := range ranges {
			if desc {
				r = descending(r)
			}
			out = append(out, keyRange{join(p, r.lo), join(p, r.hi)})
		}
	}
	return out
}

func cross(prefixes, points [][]byte, desc bool) [][]byte {
	out := make([][]byte, 0, len(prefixes)*len(points))
	for _, p := range prefixes {
		for _, q := range points {
			if desc {
				q = invert(q)
			}
			out = append(out, join(p, q))
		}
	}
	return out
}

func join(a, b []byte) []byte { return append(append(make([]byte, 0, len(a)+len(b)), a...), b...) }

// joinBranches narrows base by an $or of which every branch says something
// about this index; nil if not. exact tells that nothing of the $or is left to
// check.
func (p *planner) joinBranches(ix *index, base access, or *query.Or) (joined *access, exact bool) {
	out := base
	out.ranges = nil
	out.score++
	exact = true
	for _, branch := range or.Children {
		own, rest := query.Conjuncts(branch)
		leaves := append(append([]*query.Leaf(nil), p.leaves...), own...)
		acc := buildAccess(ix, leaves)
		if acc.score <= base.score || acc.fixed < base.fixed || !bytes.HasPrefix(acc.prefix, base.prefix) {
			return nil, false
		}
		exact = exact && len(rest) == 0
		for _, l := range leaves {
			exact = exact && acc.used[l]
		}
		if out.ranges = append(out.ranges, acc.ranges...); len(out.ranges) > maxRanges {
			return nil, false
		}
	}
	return &out, exact
}

// needsDedup tells whether a document may be met more than once: when an array
// stands in a field that is not held to one value.
func needsDedup(ix *index, fixed int) bool {
	multi := 0
	for i, m := range ix.multikey {
		if m {
			if multi++; i >= fixed || multi > 1 {
				return true
			}
		}
	}
	return false
}

// sortedBy tells whether walking the index from field at on gives the order,
// and whether backward. The first fixed fields have one single value and do not
// matter; a field with arrays cannot give an order.
func sortedBy(ix *index, fixed, at int, sort query.Sort) (ok, reverse bool) {
	decided := false
	for _, s := range sort {
		if constant(ix, fixed, s.Path) {
			continue
		}
		desc := false
		switch {
		case at < len(ix.fields) && ix.fields[at].path == s.Path && !ix.multikey[at]:
			desc = ix.fields[at].desc
		case at == len(ix.fields) && s.Path == "_id" && !ix.unique: // the key behind each entry
		default:
			return false, false
		}
		if back := desc != s.Desc; !decided {
			reverse, decided = back, true
		} else if back != reverse {
			return false, false
		}
		at++
	}
	return true, reverse
}

func constant(ix *index, fixed int, path string) bool {
	for i, f := range ix.fields[:fixed] {
		if f.path == path && !ix.multikey[i] {
			return true
		}
	}
	return false
}

// String is how explain and tests name the plan.
func (p *plan) String() string {
	if p.ix.primary && !p.bounded {
		return "COLLSCAN"
	}
	return fmt.Sprintf("IXSCAN %s", p.ix.name)
}
