package docserver

import (
	"tongban/storage/embedded/docserver/internal/query"
)

// maxUnion bounds the branches of an $or that get a plan each.
const maxUnion = 32

// unionPart finds the documents of one branch of an $or.
type unionPart struct {
	plan   *plan
	branch *query.Filter
}

// union plans an $or of which every branch has an index of its own; nil if
// there is none. ordered says that no order was asked for, since a union has
// none.
func (p *planner) union(candidates []*index, ordered bool) *plan {
	for i, n := range p.rest {
		or, ok := n.(*query.Or)
		if !ok || len(or.Children) > maxUnion {
			continue
		}
		if parts := p.unionOf(candidates, or, i); parts != nil {
			return &plan{ix: parts[0].plan.ix, ranges: parts[0].plan.ranges, union: parts, bounded: true, sorted: ordered}
		}
	}
	return nil
}

func (p *planner) unionOf(candidates []*index, or *query.Or, at int) []unionPart {
	var parts []unionPart
	for _, branch := range or.Children {
		leaves, rest := query.Conjuncts(branch)
		sub := &planner{leaves: append(leaves, p.leaves...), rest: append(rest, p.rest[:at]...)}
		sub.rest = append(sub.rest, p.rest[at+1:]...)
		best := sub.choose(candidates, false)
		if best == nil || !best.bounded {
			return nil
		}
		parts = append(parts, unionPart{plan: best, branch: query.FilterOf(branch)})
	}
	return parts
}

// nextPart goes on with the next part of a union; false at the end.
func (sc *scan) nextPart() bool {
	if sc.part+1 >= len(sc.parts) {
		return false
	}
	sc.part++
	sc.plan = sc.parts[sc.part].plan
	sc.at, sc.key, sc.gen = 0, nil, 0
	return true
}

// ownPart tells whether the part that is walked is the first one that finds the
// document. Asking the document needs no memory of what was met.
func (sc *scan) ownPart(doc []byte) (bool, error) {
	for i, p := range sc.parts[:sc.part+1] {
		if ok, err := p.branch.Match(doc, sc.vars); ok || err != nil {
			return i == sc.part, err
		}
	}
	return false, nil
}
