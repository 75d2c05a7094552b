package docserver

import (
	"bytes"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// findSpec is a find command, read.
type findSpec struct {
	filter      *query.Filter
	sort        query.Sort
	projection  *query.Projection
	vars        *expr.Vars
	hint        value.V
	skip, limit int64
	batch       int64 // -1: default
	single      bool
	forever     bool
}

// refuseOptions refuses options of which only the value that changes nothing is
// supported.
func refuseOptions(q *request, names ...string) error {
	for _, n := range names {
		v := q.field(n)
		if doc, ok := value.Doc(v); ok && value.Count(doc) > 0 || !ok && value.Truthy(v) {
			return fault.New(fault.NotImplemented, "option '%s' of %s is not supported by this server", n, q.name)
		}
	}
	return nil
}

// refuseCollation accepts only the simple collation, which compares bytes.
func refuseCollation(doc []byte) error {
	v := value.Lookup(doc, "collation")
	if value.NullOrMissing(v) {
		return nil
	}
	c, ok := value.Doc(v)
	if locale, _ := value.Text(value.Lookup(c, "locale")); ok && (locale == "simple" || value.Count(c) == 0) {
		return nil
	}
	return fault.New(fault.NotImplemented, "only the simple collation is supported by this server")
}

func (q *request) findSpec() (*findSpec, error) {
	q.body = bytes.Clone(q.body) // a cursor outlives the message
	if err := refuseOptions(q, "min", "max", "returnKey", "showRecordId", "tailable", "awaitData"); err != nil {
		return nil, err
	}
	if err := refuseCollation(q.body); err != nil {
		return nil, err
	}
	f := &findSpec{hint: q.field("hint"), batch: -1}
	var err error
	if f.vars, err = q.vars(); err != nil {
		return nil, err
	}
	if f.filter, err = q.filter("filter", f.vars); err != nil {
		return nil, err
	}
	if f.sort, err = q.sortOf("sort"); err != nil {
		return nil, err
	}
	if f.projection, err = q.projection("projection", f.vars); err != nil {
		return nil, err
	}
	return f, f.numbers(q)
}

func (f *findSpec) numbers(q *request) error {
	var err error
	if f.skip, err = q.count("skip"); err != nil {
		return err
	}
	if n, ok := value.Int(q.field("limit")); ok && n < 0 { // as old shells say it
		f.limit, f.single = -n, true
	} else if f.limit, err = q.count("limit"); err != nil {
		return err
	}
	if !value.NullOrMissing(q.field("batchSize")) {
		if f.batch, err = q.count("batchSize"); err != nil {
			return err
		}
	}
	single, err := q.flag("singleBatch")
	if err != nil {
		return err
	}
	f.single = f.single || single
	if f.single && f.batch <= 0 && f.limit > 0 {
		f.batch = f.limit
	}
	f.forever, err = q.flag("noCursorTimeout")
	return err
}

// filter compiles a filter argument; absent means everything.
func (q *request) filter(name string, vars *expr.Vars) (*query.Filter, error) {
	doc, err := q.doc(name)
	if err != nil {
		return nil, err
	}
	return query.CompileFilter(doc, vars)
}

func (q *request) sortOf(name string) (query.Sort, error) {
	doc, err := q.doc(name)
	if err != nil {
		return nil, err
	}
	if n, ok := value.Int(value.Lookup(doc, "$natural")); ok {
		if n != 1 || value.Count(doc) != 1 {
			return nil, fault.New(fault.NotImplemented, "only {$natural: 1} is supported by this server")
		}
		return nil, nil
	}
	return query.CompileSort(doc)
}

// projection compiles a projection argument, nil if there is none.
func (q *request) projection(name string, vars *expr.Vars) (*query.Projection, error) {
	doc, err := q.doc(name)
	if err != nil || value.Count(doc) == 0 {
		return nil, err
	}
	return query.CompileProjection(doc, true, vars)
}

// find answers a query.
func (s *Server) find(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	f, err := q.findSpec()
	if err != nil {
		return nil, err
	}
	r, err := s.newReader(q)
	if err != nil {
		return nil, err
	}
	defer r.close()
	in, err := s.findRows(r, ns, f)
	if err != nil {
		return nil, err
	}
	return s.openCursor(q, r, &cursor{ns: ns, rows: in, forever: f.forever}, f.batch, f.single)
}

// findRows builds the stream of a find.
func (s *Server) findRows(r *reader, ns string, f *findSpec) (rows, error) {
	c := r.collection(ns)
	if c == nil {
		return &listRows{}, nil
	}
	in, err := s.selectRows(c, f.filter, f.sort, f.hint, f.vars, f.skip, f.limit)
	if err != nil || f.projection == nil {
		return in, err
	}
	return &mapRows{in: in, f: func(doc []byte) ([]byte, error) { return f.project(doc) }}, nil
}

func (f *findSpec) project(doc []byte) ([]byte, error) {
	index := -1
	if f.projection.NeedIndex {
		var err error
		if _, index, err = f.filter.Position(doc, f.vars); err != nil {
			return nil, err
		}
	}
	return f.projection.Apply(doc, index)
}

// selectRows finds documents in an order: from an index if one gives it, else
// by sorting in memory.
func (s *Server) selectRows(c *collection, filter *query.Filter, sort query.Sort, hint value.V, vars *expr.Vars, skip, limit int64) (rows, error) {
	p, err := c.plan(filter, sort, hint)
	if err != nil {
		return nil, err
	}
	var in rows = &scanRows{sc: newScan(c, p, filter, vars)}
	switch {
	case p.sorted:
	case p.merge != nil:
		in = newMergeRows(c, p, filter, vars)
	default:
		keep := int64(0)
		if limit > 0 && skip+limit < 1<<31 {
			keep = skip + limit
		}
		in = &sortRows{in: in, sort: sort, limit: keep, max: s.cfg.MaxSortBytes}
	}
	if skip > 0 {
		in = &skipRows{in: in, n: skip}
	}
	if limit > 0 {
		in = &limitRows{in: in, n: limit}
	}
	return in, nil
}
