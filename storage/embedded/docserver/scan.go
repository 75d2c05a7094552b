package docserver

import (
	"bytes"
	"slices"

	bolt "go.etcd.io/bbolt"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
)

// scan walks the documents of a plan in its order. It keeps its place as a key,
// so it can go on in another transaction, and holds no documents.
type scan struct {
	coll   *collection
	plan   *plan
	filter *query.Filter // nil: everything found is wanted
	vars   *expr.Vars
	parts  []unionPart // of a union
	part   int         // which of them plan is

	at   int    // position in plan.ranges, from the end when reversed
	key  []byte // of the last entry; nil before the first of a range
	gen  uint64 // of the transaction that cur belongs to
	cur  *bolt.Cursor
	data *bolt.Bucket
}

// newScan prepares to walk the documents of c that match f.
func newScan(c *collection, p *plan, f *query.Filter, vars *expr.Vars) *scan {
	sc := &scan{coll: c, plan: p, filter: f, vars: vars}
	if p.exact {
		sc.filter = nil
	}
	if p.union != nil {
		sc.parts, sc.plan = p.union, p.union[0].plan
	}
	return sc
}

// decided tells whether every entry stands for one wanted document, so that
// counting entries is enough.
func (sc *scan) decided() bool {
	return sc.plan.exact && !sc.plan.dedup && sc.parts == nil
}

// next returns the key and the bytes of the next matching document, nil at the
// end. They are valid until the next step on r.
func (sc *scan) next(r *reader) (id, doc []byte, err error) {
	for {
		k, v, err := sc.entry(r)
		if err != nil {
			return nil, nil, err
		}
		if k == nil {
			if !sc.nextPart() {
				return nil, nil, nil
			}
			continue
		}
		id = sc.plan.ix.documentOf(k, v)
		doc = v
		if !sc.plan.ix.primary {
			doc = sc.data.Get(id)
		}
		if doc == nil {
			return nil, nil, fault.New(fault.InternalError, "index %s of %s points at a document that is not there", sc.plan.ix.name, sc.coll.ns)
		}
		ok, err := sc.wanted(k, id, doc)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			return id, doc, nil
		}
	}
}

func (sc *scan) wanted(k, id, doc []byte) (bool, error) {
	if sc.plan.dedup {
		first, err := sc.firstEntry(k, id, doc)
		if !first || err != nil {
			return false, err
		}
	}
	if sc.parts != nil {
		own, err := sc.ownPart(doc)
		if !own || err != nil {
			return false, err
		}
	}
	if sc.filter == nil {
		return true, nil
	}
	return sc.filter.Match(doc, sc.vars)
}

// firstEntry tells whether k is the entry by which the document is met first.
// Working it out from the document needs no memory of what was met.
func (sc *scan) firstEntry(k, id, doc []byte) (bool, error) {
	set, err := sc.plan.ix.entries(doc)
	if err != nil {
		return false, err
	}
	if sc.plan.reverse {
		slices.Reverse(set.keys)
	}
	for _, e := range set.keys {
		if stored := sc.plan.ix.stored(e, id); sc.plan.covers(stored) {
			return bytes.Equal(stored, k), nil
		}
	}
	return false, nil
}

// covers tells whether a stored key lies in the ranges.
func (p *plan) covers(k []byte) bool {
	i, _ := slices.BinarySearchFunc(p.ranges, k, func(r keyRange, k []byte) int {
		if bytes.Compare(r.lo, k) <= 0 {
			return -1
		}
		return 1
	})
	return i > 0 && (p.ranges[i-1].hi == nil || bytes.Compare(k, p.ranges[i-1].hi) < 0)
}

// entry returns the next stored pair, a nil key at the end.
func (sc *scan) entry(r *reader) (k, v []byte, err error) {
	if err := r.step(); err != nil {
		return nil, nil, err
	}
	for sc.at < len(sc.plan.ranges) {
		rg := sc.plan.ranges[sc.at]
		if sc.plan.reverse {
			rg = sc.plan.ranges[len(sc.plan.ranges)-1-sc.at]
		}
		if k, v, err = sc.move(r, rg); err != nil {
			return nil, nil, err
		}
		if k != nil {
			sc.key = append(sc.key[:0], k...)
			return k, v, nil
		}
		sc.at++
		sc.key = nil
	}
	return nil, nil, nil
}

// move goes one entry on inside rg, seeking first where needed.
func (sc *scan) move(r *reader, rg keyRange) (k, v []byte, err error) {
	fresh := sc.gen != r.gen
	if fresh {
		if err := sc.bind(r); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case sc.key != nil && !fresh:
		k, v = sc.advance()
	case !sc.plan.reverse:
		k, v = sc.seekForward(rg)
	default:
		k, v = sc.seekBackward(rg)
	}
	if k == nil || !sc.plan.reverse && rg.hi != nil && bytes.Compare(k, rg.hi) >= 0 ||
		sc.plan.reverse && bytes.Compare(k, rg.lo) < 0 {
		return nil, nil, nil
	}
	return k, v, nil
}

// bind takes cursors of the reader's transaction.
func (sc *scan) bind(r *reader) error {
	bucket := r.tx.Bucket(sc.plan.ix.bucket)
	sc.data = r.tx.Bucket(sc.coll.bucket)
	if bucket == nil || sc.data == nil {
		return fault.New(fault.QueryPlanKilled, "collection or index dropped while it was read: %s", sc.coll.ns)
	}
	sc.cur, sc.gen = bucket.Cursor(), r.gen
	sc.follow(r)
	return nil
}

// follow notices that the index became multikey since the plan was made: from
// then on a document may be met twice.
func (sc *scan) follow(r *reader) {
	c := r.collection(sc.coll.ns)
	if c == nil || c == sc.coll {
		return
	}
	sc.coll = c
	for _, ix := range c.indexes {
		if bytes.Equal(ix.bucket, sc.plan.ix.bucket) && !slices.Equal(ix.multikey, sc.plan.ix.multikey) {
			p := *sc.plan
			p.ix, p.dedup = ix, true
			sc.plan = &p
		}
	}
}

func (sc *scan) advance() (k, v []byte) {
	if sc.plan.reverse {
		return sc.cur.Prev()
	}
	return sc.cur.Next()
}

func (sc *scan) seekForward(rg keyRange) (k, v []byte) {
	if sc.key == nil {
		if rg.lo == nil {
			return sc.cur.First()
		}
		return sc.cur.Seek(rg.lo)
	}
	k, v = sc.cur.Seek(sc.key)
	if bytes.Equal(k, sc.key) {
		return sc.cur.Next()
	}
	return k, v
}

// seekBackward goes to the last entry below the upper end, or below the place
// already reached.
func (sc *scan) seekBackward(rg keyRange) (k, v []byte) {
	end := rg.hi
	if sc.key != nil {
		end = sc.key
	}
	if end == nil {
		return sc.cur.Last()
	}
	if k, _ = sc.cur.Seek(end); k == nil {
		return sc.cur.Last()
	}
	return sc.cur.Prev()
}
