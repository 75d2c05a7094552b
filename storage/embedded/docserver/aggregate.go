package docserver

import (
	"bytes"
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// maxStages bounds a pipeline, as in MongoDB.
const maxStages = 1000

// pipeline builds streams of documents from the stages of an aggregation.
type pipeline struct {
	s    *Server
	db   string
	vars *expr.Vars
}

// aggregate runs a pipeline on a collection, or on the database with 1.
func (s *Server) aggregate(q *request) (*value.Builder, error) {
	q.body = bytes.Clone(q.body) // a cursor outlives the message
	if err := refuseCollation(q.body); err != nil {
		return nil, err
	}
	if err := refuseOptions(q, "explain"); err != nil {
		return nil, err
	}
	arr, ok := value.Array(q.field("pipeline"))
	if !ok {
		return nil, wrongType("aggregate.pipeline", q.field("pipeline"), "array")
	}
	if value.Missing(q.field("cursor")) {
		return nil, fault.New(fault.FailedToParse, "The 'cursor' option is required, except for aggregate with the explain argument")
	}
	size, err := batchSizeOf(q, "cursor")
	if err != nil {
		return nil, err
	}
	vars, err := q.vars()
	if err != nil {
		return nil, err
	}
	ns := q.db + ".$cmd.aggregate"
	if _, whole := value.Int(value.Lookup(q.body, q.name)); !whole {
		if ns, err = q.namespace(); err != nil {
			return nil, err
		}
	}
	r, err := s.newReader(q)
	if err != nil {
		return nil, err
	}
	defer r.close()
	p := &pipeline{s: s, db: q.db, vars: vars}
	in, err := p.source(r, ns, value.List(arr), q.field("hint"))
	if err != nil {
		return nil, err
	}
	return s.openCursor(q, r, &cursor{ns: ns, rows: in}, size, false)
}

// stage is one entry of a pipeline.
type stage struct {
	name string
	arg  value.V
}

func readStages(list []value.V) ([]stage, error) {
	if len(list) > maxStages {
		return nil, fault.Bad("Pipeline length must be no longer than %d stages.", maxStages)
	}
	var out []stage
	for _, v := range list {
		doc, ok := value.Doc(v)
		if !ok || value.Count(doc) != 1 {
			return nil, fault.New(40323, "A pipeline stage specification object must contain exactly one field.")
		}
		it := value.Elements(doc)
		key, arg, _ := it.Next()
		out = append(out, stage{string(key), arg})
	}
	return out, nil
}

// source builds the stream of a whole pipeline over ns. Leading $match and
// $sort stages, and a $limit after them, go to the planner.
func (p *pipeline) source(r *reader, ns string, list []value.V, hint value.V) (rows, error) {
	stages, err := readStages(list)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(ns, ".$cmd.aggregate") {
		if len(stages) == 0 || stages[0].name != "$documents" {
			return nil, fault.New(fault.InvalidNamespace, "{aggregate: 1} is not valid for this pipeline; a collection name or $documents is needed")
		}
		docs, err := p.documents(stages[0].arg)
		if err != nil {
			return nil, err
		}
		return p.chain(r, docs, stages[1:])
	}
	front, rest, err := p.front(stages)
	if err != nil {
		return nil, err
	}
	c := r.collection(ns)
	if c == nil {
		return p.chain(r, &listRows{}, rest)
	}
	in, err := p.s.selectRows(c, front.filter, front.sort, hint, p.vars, 0, front.limit)
	if err != nil {
		return nil, err
	}
	return p.chain(r, in, rest)
}

// front is what the planner gets of a pipeline.
type front struct {
	filter *query.Filter
	sort   query.Sort
	limit  int64
}

func (p *pipeline) front(stages []stage) (front, []stage, error) {
	var f front
	var conds [][]byte
	for len(stages) > 0 && stages[0].name == "$match" {
		doc, ok := value.Doc(stages[0].arg)
		if !ok {
			return f, nil, fault.New(15959, "the match filter must be an expression in an object")
		}
		conds, stages = append(conds, doc), stages[1:]
	}
	var err error
	if f.filter, err = query.CompileFilter(allOf(conds), p.vars); err != nil {
		return f, nil, err
	}
	if len(stages) > 0 && stages[0].name == "$sort" {
		if f.sort, err = sortArg(stages[0].arg); err != nil {
			return f, nil, err
		}
		stages = stages[1:]
	}
	if len(stages) > 0 && stages[0].name == "$limit" {
		if f.limit, err = positive(stages[0]); err != nil {
			return f, nil, err
		}
		stages = stages[1:]
	}
	return f, stages, nil
}

func allOf(conds [][]byte) []byte {
	switch len(conds) {
	case 0:
		return nil
	case 1:
		return conds[0]
	}
	var list []value.V
	for _, c := range conds {
		list = append(list, value.Document(c))
	}
	return value.NewBuilder().Add("$and", value.ArrayOf(list)).Bytes()
}

func sortArg(arg value.V) (query.Sort, error) {
	doc, ok := value.Doc(arg)
	if !ok || value.Count(doc) == 0 {
		return nil, fault.New(15973, "the $sort key specification must be an object with at least one field")
	}
	return query.CompileSort(doc)
}

func positive(st stage) (int64, error) {
	n, ok := value.Int(st.arg)
	if !ok || n <= 0 {
		return 0, fault.New(15958, "the argument of %s must be a positive whole number", st.name)
	}
	return n, nil
}

// chain builds the stages one on the other.
func (p *pipeline) chain(r *reader, in rows, stages []stage) (rows, error) {
	for i, st := range stages {
		var err error
		if st.name == "$sort" && i+1 < len(stages) && stages[i+1].name == "$limit" {
			in, err = p.sorted(in, st, stages[i+1])
		} else {
			in, err = p.stage(r, in, st)
		}
		if err != nil {
			return nil, err
		}
	}
	return in, nil
}

// sorted is a $sort that knows how many documents the next stage lets through.
func (p *pipeline) sorted(in rows, st, limit stage) (rows, error) {
	sort, err := sortArg(st.arg)
	if err != nil {
		return nil, err
	}
	n, err := positive(limit)
	if n >= 1<<31 {
		n = 0
	}
	return &sortRows{in: in, sort: sort, limit: n, max: p.s.cfg.MaxSortBytes}, err
}

func (p *pipeline) stage(r *reader, in rows, st stage) (rows, error) {
	if f, ok, err := query.CompileTransform(st.name, st.arg, p.vars); ok || err != nil {
		return &mapRows{in: in, f: f}, err
	}
	switch st.name {
	case "$match":
		doc, ok := value.Doc(st.arg)
		if !ok {
			return nil, fault.New(15959, "the match filter must be an expression in an object")
		}
		f, err := query.CompileFilter(doc, p.vars)
		if err != nil {
			return nil, err
		}
		return &filterRows{in: in, match: func(doc []byte) (bool, error) { return f.Match(doc, p.vars) }}, nil
	case "$sort":
		sort, err := sortArg(st.arg)
		return &sortRows{in: in, sort: sort, max: p.s.cfg.MaxSortBytes}, err
	case "$limit":
		n, err := positive(st)
		return &limitRows{in: in, n: n}, err
	case "$skip":
		n, ok := value.Int(st.arg)
		if !ok || n < 0 {
			return nil, fault.New(15956, "the argument of $skip must be a whole number that is not negative")
		}
		return &skipRows{in: in, n: n}, nil
	case "$count":
		return p.count(in, st.arg)
	case "$group":
		return p.group(in, st.arg)
	case "$sortByCount":
		return p.sortByCount(in, st.arg)
	case "$unwind":
		return p.unwind(in, st.arg)
	case "$lookup":
		return p.lookup(in, st.arg)
	case "$facet":
		return p.facet(r, in, st.arg)
	}
	if st.name == "$listSearchIndexes" {
		return nil, fault.New(fault.UnknownStage, "Unrecognized pipeline stage name: '%s': search indexes are only available on Atlas", st.name)
	}
	return nil, fault.New(fault.UnknownStage, "Unrecognized pipeline stage name: '%s'", st.name)
}

func (p *pipeline) documents(arg value.V) (rows, error) {
	n, err := expr.Compile(arg, p.vars)
	if err != nil {
		return nil, err
	}
	v, err := n.Eval(expr.NewEnv(nil, p.vars))
	if err != nil {
		return nil, err
	}
	arr, ok := value.Array(v)
	if !ok {
		return nil, fault.New(5858203, "$documents must be an array of documents")
	}
	out := &listRows{}
	for _, e := range value.List(arr) {
		if e.Type != bson.TypeEmbeddedDocument {
			return nil, fault.New(5858203, "$documents must be an array of documents")
		}
		out.docs = append(out.docs, e.Data)
	}
	return out, nil
}
