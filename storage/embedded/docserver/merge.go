package docserver

import (
	"bytes"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/query"
)

// maxMerge bounds how many parts of an index are walked side by side.
const maxMerge = 64

// mergeGroup is a part of an index that is in the order asked for by itself:
// the entries that begin with one of the values of an $in, say.
type mergeGroup struct {
	prefix []byte
	ranges []keyRange
}

// groups splits the ranges by what they begin with; nil if that does not work
// out or is not worth it.
func (a *access) groups() []mergeGroup {
	if len(a.starts) < 2 || len(a.starts) > maxMerge {
		return nil
	}
	out := make([]mergeGroup, len(a.starts))
	for i, p := range a.starts {
		out[i].prefix = p
	}
next:
	for _, r := range a.ranges {
		for i := range out {
			if bytes.HasPrefix(r.lo, out[i].prefix) {
				out[i].ranges = append(out[i].ranges, r)
				continue next
			}
		}
		return nil
	}
	for i := range out {
		out[i].ranges = normalize(out[i].ranges)
	}
	return out
}

// mergeRows walks the groups of a plan side by side and gives the documents in
// one order. A document with entries in several groups has the same place in
// all of them and is given once.
type mergeRows struct {
	whole    *scan // judges what the branches find; walks nothing itself
	branches []*mergeBranch
	reverse  bool
	gen      uint64
}

// mergeBranch is one group with the entry it stands at. at and key are the
// place before that entry, to which it goes back in another transaction.
type mergeBranch struct {
	sc     *scan
	prefix int // length
	at     int
	key    []byte
	k, v   []byte
	ended  bool
}

func newMergeRows(c *collection, p *plan, f *query.Filter, vars *expr.Vars) *mergeRows {
	m := &mergeRows{whole: newScan(c, p, f, vars), reverse: p.reverse}
	for _, g := range p.merge {
		part := *p
		part.ranges = g.ranges
		m.branches = append(m.branches, &mergeBranch{sc: newScan(c, &part, nil, nil), prefix: len(g.prefix)})
	}
	return m
}

func (m *mergeRows) next(r *reader) ([]byte, error) {
	for {
		b, err := m.first(r)
		if b == nil || err != nil {
			return nil, err
		}
		k, v := b.k, b.v
		b.k, b.v = nil, nil
		id := m.whole.plan.ix.documentOf(k, v)
		doc := r.tx.Bucket(m.whole.coll.bucket).Get(id)
		ok, err := m.whole.wanted(k, id, doc)
		if err != nil {
			return nil, err
		}
		if ok {
			return doc, nil
		}
	}
}

// first returns the branch that stands at the first entry of all, nil at the
// end.
func (m *mergeRows) first(r *reader) (*mergeBranch, error) {
	for i := 0; i < len(m.branches); i++ {
		b := m.branches[i]
		if m.gen != r.gen { // what the branches stand at may be gone: all again
			m.rewind(r)
			i = -1
			continue
		}
		if b.k != nil || b.ended {
			continue
		}
		if err := b.step(r); err != nil {
			return nil, err
		}
		i-- // look at it again, and at the transaction
	}
	var best *mergeBranch
	for _, b := range m.branches {
		if b.ended {
			continue
		}
		if best != nil {
			if c := bytes.Compare(b.k[b.prefix:], best.k[best.prefix:]); c == 0 || c < 0 == m.reverse {
				continue
			}
		}
		best = b
	}
	return best, nil
}

// rewind takes every branch back to before the entry it stands at.
func (m *mergeRows) rewind(r *reader) {
	m.gen = r.gen
	m.whole.follow(r)
	for _, b := range m.branches {
		if b.k != nil {
			b.sc.at, b.sc.key = b.at, bytes.Clone(b.key)
			b.k, b.v = nil, nil
		}
		b.sc.gen, b.ended = 0, false
	}
}

func (b *mergeBranch) step(r *reader) error {
	b.at, b.key = b.sc.at, bytes.Clone(b.sc.key)
	k, v, err := b.sc.entry(r)
	b.k, b.v, b.ended = bytes.Clone(k), bytes.Clone(v), k == nil
	return err
}
