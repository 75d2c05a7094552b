package docserver

import (
	"bytes"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// updateSpec is one statement of an update command, or a findAndModify.
type updateSpec struct {
	filter *query.Filter
	update *query.Update // nil: remove
	sort   query.Sort
	hint   value.V
	vars   *expr.Vars
	multi  bool
	upsert bool
}

// readUpdate reads one entry of updates.
func readUpdate(doc []byte, vars *expr.Vars) (*updateSpec, error) {
	if err := known(doc, "update.updates", "q", "u", "c", "multi", "upsert", "collation", "arrayFilters", "hint", "sort"); err != nil {
		return nil, err
	}
	if err := refuseCollation(doc); err != nil {
		return nil, err
	}
	if !value.Missing(value.Lookup(doc, "c")) {
		return nil, fault.New(fault.NotImplemented, "constants (c) of an update are not supported by this server; use let")
	}
	u := &updateSpec{hint: value.Lookup(doc, "hint"), vars: vars}
	var err error
	if u.multi, err = flagOf(doc, "update.updates", "multi", false); err != nil {
		return nil, err
	}
	if u.upsert, err = flagOf(doc, "update.updates", "upsert", false); err != nil {
		return nil, err
	}
	q, ok := value.Doc(value.Lookup(doc, "q"))
	if !ok {
		return nil, wrongType("update.updates.q", value.Lookup(doc, "q"), "object")
	}
	if u.filter, err = query.CompileFilter(q, vars); err != nil {
		return nil, err
	}
	if sort, ok := value.Doc(value.Lookup(doc, "sort")); ok {
		if u.sort, err = query.CompileSort(sort); err != nil {
			return nil, err
		}
	}
	if u.multi && len(u.sort) > 0 {
		return nil, fault.New(fault.FailedToParse, "Cannot specify sort with multi=true")
	}
	return u, u.compile(value.Lookup(doc, "u"), value.Lookup(doc, "arrayFilters"))
}

func (u *updateSpec) compile(update, filters value.V) error {
	var list []value.V
	if arr, ok := value.Array(filters); ok {
		list = value.List(arr)
	} else if !value.Missing(filters) {
		return wrongType("arrayFilters", filters, "array")
	}
	var err error
	if u.update, err = query.CompileUpdate(update, list, u.vars); err != nil {
		return err
	}
	if u.multi && u.update.Replacement() {
		return fault.New(fault.FailedToParse, "multi update is not supported for replacement-style update")
	}
	return nil
}

// update changes documents.
func (s *Server) update(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	stmts, err := q.documents("updates")
	if err != nil {
		return nil, err
	}
	res, err := newResults(q)
	if err != nil {
		return nil, err
	}
	vars, err := q.vars()
	if err != nil {
		return nil, err
	}
	return s.submit(q, func(w *writeTx) (*value.Builder, error) {
		for i, doc := range stmts {
			err := w.updateOne(q, ns, i, doc, vars, res)
			if err == nil {
				continue
			}
			if goOn, err := res.failed(i, err); err != nil {
				return nil, err
			} else if !goOn {
				break
			}
		}
		return res.reply(true), nil
	})
}

// updateOne runs statement i.
func (w *writeTx) updateOne(q *request, ns string, i int, doc []byte, vars *expr.Vars, res *writeResults) error {
	u, err := readUpdate(doc, vars)
	if err != nil {
		return err
	}
	if u.multi && q.retryable {
		return fault.New(fault.InvalidOptions, "Cannot use retryable writes with multi=true")
	}
	limit := int64(1)
	if u.multi {
		limit = 0
	}
	c, ids, err := w.pick(q, ns, u, limit)
	if err != nil {
		return err
	}
	if len(ids) == 0 && u.upsert {
		made, err := w.upsert(ns, u)
		if err != nil {
			return err
		}
		res.n++
		res.upserts = append(res.upserts, value.Document(value.NewBuilder().
			Add("index", value.Int32(int32(i))).Add("_id", value.Lookup(made, "_id")).Bytes()))
		return nil
	}
	for _, id := range ids {
		old, now, err := w.change(c, id, u)
		if err != nil {
			return err
		}
		res.n++
		if !sameBytes(old, now) {
			res.changed++
		}
	}
	return nil
}

// sameBytes tells whether change returned the document it was given.
func sameBytes(a, b []byte) bool { return len(a) == len(b) && &a[0] == &b[0] }

// pick finds the keys of the documents to change, before any is changed.
func (w *writeTx) pick(q *request, ns string, u *updateSpec, limit int64) (*collection, [][]byte, error) {
	c := w.cat.colls[ns]
	if c == nil {
		return nil, nil, nil
	}
	p, err := c.plan(u.filter, u.sort, u.hint)
	if err != nil {
		return nil, nil, err
	}
	sc := newScan(c, p, u.filter, u.vars)
	r := w.reader(q.ctx)
	if !p.sorted {
		id, err := firstSorted(r, sc, u.sort)
		if id == nil || err != nil {
			return c, nil, err
		}
		return c, [][]byte{id}, nil
	}
	var ids [][]byte
	for limit == 0 || int64(len(ids)) < limit {
		id, _, err := sc.next(r)
		if err != nil {
			return nil, nil, err
		}
		if id == nil {
			break
		}
		ids = append(ids, bytes.Clone(id))
	}
	return c, ids, nil
}

// firstSorted returns the key of the first document in the order.
func firstSorted(r *reader, sc *scan, sort query.Sort) ([]byte, error) {
	var best, bestKey, key []byte
	for {
		id, doc, err := sc.next(r)
		if err != nil {
			return nil, err
		}
		if id == nil {
			return best, nil
		}
		if key = sort.AppendKey(key[:0], doc); best == nil || bytes.Compare(key, bestKey) < 0 {
			best, bestKey = bytes.Clone(id), bytes.Clone(key)
		}
	}
}

// change updates the document with key id; old and now are the same slice when
// nothing changed.
func (w *writeTx) change(c *collection, id []byte, u *updateSpec) (old, now []byte, err error) {
	old = w.tx.Bucket(c.bucket).Get(id)
	_, position, err := u.filter.Position(old, u.vars)
	if err != nil {
		return nil, nil, err
	}
	now, err = u.update.Apply(old, query.Applied{Position: position, Now: w.s.cfg.Now()})
	if err != nil {
		return nil, nil, err
	}
	if sameBytes(old, now) {
		return old, old, nil
	}
	return old, now, w.store(c, old, now)
}

// upsert inserts what the filter and the update make together.
func (w *writeTx) upsert(ns string, u *updateSpec) ([]byte, error) {
	base, err := query.UpsertBase(u.filter)
	if err != nil {
		return nil, err
	}
	made, err := u.update.Apply(base, query.Applied{Insert: true, Position: -1, Now: w.s.cfg.Now()})
	if err != nil {
		return nil, err
	}
	made = w.prepare(made)
	c, err := w.ensure(ns)
	if err != nil {
		return nil, err
	}
	return made, w.store(c, nil, made)
}
