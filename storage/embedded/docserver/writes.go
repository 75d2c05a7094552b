package docserver

import (
	"bytes"

	"go.mongodb.org/mongo-driver/bson/bsontype"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// writeResults gathers what the statements of one command did.
type writeResults struct {
	q       *request
	ordered bool
	n       int64
	changed int64
	errs    []value.V
	upserts []value.V
}

func newResults(q *request) (*writeResults, error) {
	ordered, err := flagOf(q.body, q.name, "ordered", true)
	return &writeResults{q: q, ordered: ordered}, err
}

// failed notes the error of statement i and tells whether the command goes on.
// An error that is not the statement's own, or any in a transaction, ends the
// command.
func (w *writeResults) failed(i int, err error) (goOn bool, fatal error) {
	if !isFault(err) || w.q.txn != nil {
		return false, err
	}
	e := fault.Of(err)
	if e.Code == fault.MaxTimeMSExpired || e.Code == fault.InterruptedAtShutdown {
		return false, err
	}
	b := value.NewBuilder().
		Add("index", value.Int32(int32(i))).
		Add("code", value.Int32(int32(e.Code)))
	addKeys(b, e)
	w.errs = append(w.errs, value.Document(b.Add("errmsg", value.String(e.Message)).Bytes()))
	return !w.ordered, nil
}

func (w *writeResults) reply(withModified bool) *value.Builder {
	b := value.NewBuilder().Add("n", numberOf(w.n))
	if withModified {
		b.Add("nModified", numberOf(w.changed))
	}
	if len(w.upserts) > 0 {
		b.Add("upserted", value.ArrayOf(w.upserts))
	}
	if len(w.errs) > 0 {
		b.Add("writeErrors", value.ArrayOf(w.errs))
	}
	return b
}

// insert adds documents.
func (s *Server) insert(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	docs, err := q.documents("documents")
	if err != nil {
		return nil, err
	}
	res, err := newResults(q)
	if err != nil {
		return nil, err
	}
	return s.submit(q, func(w *writeTx) (*value.Builder, error) {
		c, err := w.ensure(ns)
		if err != nil {
			return nil, err
		}
		for i, doc := range docs {
			err := w.store(c, nil, w.prepare(doc))
			if err == nil {
				res.n++
				continue
			}
			if goOn, err := res.failed(i, err); err != nil {
				return nil, err
			} else if !goOn {
				break
			}
		}
		return res.reply(false), nil
	})
}

// prepare gives a document an _id if it has none, puts it first, and fills in
// empty timestamps, as MongoDB does with inserts.
func (w *writeTx) prepare(doc []byte) []byte {
	id := value.Lookup(doc, "_id")
	it := value.Elements(doc)
	first, _, _ := it.Next()
	if string(first) == "_id" && !hasEmptyTimestamp(doc) {
		return doc
	}
	if value.Missing(id) {
		id = newObjectID()
	}
	b := value.NewBuilder().Add("_id", id)
	for it = value.Elements(doc); ; {
		k, v, ok := it.Next()
		if !ok {
			return b.Bytes()
		}
		if v.Type == bsontype.Timestamp && bytes.Equal(v.Data, make([]byte, 8)) {
			now := primitive.Timestamp{T: uint32(w.s.cfg.Now().Unix()), I: 1}
			v.Data = bsoncore.AppendTimestamp(nil, now.T, now.I)
		}
		if string(k) != "_id" {
			b.AddKey(k, v)
		}
	}
}

func hasEmptyTimestamp(doc []byte) bool {
	it := value.Elements(doc)
	for {
		_, v, ok := it.Next()
		if !ok {
			return false
		}
		if v.Type == bsontype.Timestamp && bytes.Equal(v.Data, make([]byte, 8)) {
			return true
		}
	}
}

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

// known refuses fields of doc that are not named.
func known(doc []byte, where string, names ...string) error {
	it := value.Elements(doc)
next:
	for {
		key, _, ok := it.Next()
		if !ok {
			return nil
		}
		for _, n := range names {
			if string(key) == n {
				continue next
			}
		}
		return fault.New(fault.UnknownField, "BSON field '%s.%s' is an unknown field.", where, key)
	}
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

// remove deletes documents.
func (s *Server) remove(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	stmts, err := q.documents("deletes")
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
			n, err := w.removeOne(q, ns, doc, vars)
			res.n += n
			if err == nil {
				continue
			}
			if goOn, err := res.failed(i, err); err != nil {
				return nil, err
			} else if !goOn {
				break
			}
		}
		return res.reply(false), nil
	})
}

func (w *writeTx) removeOne(q *request, ns string, doc []byte, vars *expr.Vars) (int64, error) {
	if err := known(doc, "delete.deletes", "q", "limit", "collation", "hint"); err != nil {
		return 0, err
	}
	if err := refuseCollation(doc); err != nil {
		return 0, err
	}
	limit, ok := value.Int(value.Lookup(doc, "limit"))
	if !ok || limit != 0 && limit != 1 {
		return 0, fault.New(fault.FailedToParse, "The limit field in delete objects must be 0 or 1. Got %d", limit)
	}
	if limit == 0 && q.retryable {
		return 0, fault.New(fault.InvalidOptions, "Cannot use retryable writes with limit=0")
	}
	cond, ok := value.Doc(value.Lookup(doc, "q"))
	if !ok {
		return 0, wrongType("delete.deletes.q", value.Lookup(doc, "q"), "object")
	}
	f, err := query.CompileFilter(cond, vars)
	if err != nil {
		return 0, err
	}
	c, ids, err := w.pick(q, ns, &updateSpec{filter: f, hint: value.Lookup(doc, "hint"), vars: vars}, limit)
	if err != nil {
		return 0, err
	}
	for i, id := range ids {
		if err := w.discard(c, id, w.tx.Bucket(c.bucket).Get(id)); err != nil {
			return int64(i), err
		}
	}
	return int64(len(ids)), nil
}
