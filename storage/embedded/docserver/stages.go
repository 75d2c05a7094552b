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

// onceRows makes its documents when the first is asked for.
type onceRows struct {
	fill func(r *reader) ([][]byte, error)
	out  *listRows
}

func (o *onceRows) next(r *reader) ([]byte, error) {
	if o.out == nil {
		docs, err := o.fill(r)
		if err != nil {
			return nil, err
		}
		o.out = &listRows{docs: docs}
	}
	return o.out.next(r)
}

// count is $count: one document, none for no input.
func (p *pipeline) count(in rows, arg value.V) (rows, error) {
	name, ok := value.Text(arg)
	if !ok || name == "" || name[0] == '$' || strings.Contains(name, ".") {
		return nil, fault.New(40156, "the count field must be a non-empty string without '$' at its start and '.'")
	}
	return &onceRows{fill: func(r *reader) ([][]byte, error) {
		n, err := drain(r, in)
		if n == 0 || err != nil {
			return nil, err
		}
		return [][]byte{value.NewBuilder().Add(name, numberOf(n)).Bytes()}, nil
	}}, nil
}

// drain counts what is left; where the index decides, no document is read.
func drain(r *reader, in rows) (int64, error) {
	var n int64
	if s, ok := in.(*scanRows); ok && s.sc.decided() {
		for {
			k, _, err := s.sc.entry(r)
			if k == nil || err != nil {
				return n, err
			}
			n++
		}
	}
	for {
		doc, err := in.next(r)
		if doc == nil || err != nil {
			return n, err
		}
		n++
	}
}

// unwindRows makes one document per element of an array.
type unwindRows struct {
	in    rows
	path  []string
	keep  bool   // preserveNullAndEmptyArrays
	index string // includeArrayIndex
	doc   []byte
	list  []value.V
	at    int
}

func (p *pipeline) unwind(in rows, arg value.V) (rows, error) {
	u := &unwindRows{in: in}
	path, ok := value.Text(arg)
	if doc, isDoc := value.Doc(arg); isDoc {
		if err := known(doc, "$unwind", "path", "preserveNullAndEmptyArrays", "includeArrayIndex"); err != nil {
			return nil, err
		}
		path, ok = value.Text(value.Lookup(doc, "path"))
		u.keep = value.Truthy(value.Lookup(doc, "preserveNullAndEmptyArrays"))
		u.index, _ = value.Text(value.Lookup(doc, "includeArrayIndex"))
	}
	if !ok || len(path) < 2 || path[0] != '$' || path[1] == '$' {
		return nil, fault.New(28818, "path option to $unwind stage should be prefixed with a '$'")
	}
	u.path = strings.Split(path[1:], ".")
	return u, nil
}

func (u *unwindRows) next(r *reader) ([]byte, error) {
	for u.at >= len(u.list) {
		doc, err := u.in.next(r)
		if doc == nil || err != nil {
			return nil, err
		}
		v := expr.Path(value.Document(doc), u.path)
		arr, isArray := value.Array(v)
		switch {
		case isArray && value.Count(arr) > 0:
			u.doc = bytes.Clone(doc) // its elements go out over several steps
			u.list, u.at = value.List(value.Clone(v).Data), 0
		case isArray || value.NullOrMissing(v):
			if u.keep {
				return u.with(doc, value.V{}, !isArray, value.Null()), nil
			}
		default:
			return u.with(doc, v, false, value.Null()), nil
		}
	}
	v := u.list[u.at]
	u.at++
	return u.with(u.doc, v, false, value.Int64(int64(u.at-1))), nil
}

func (u *unwindRows) with(doc []byte, v value.V, asIs bool, index value.V) []byte {
	if !asIs {
		doc = setPath(doc, u.path, v)
	}
	if u.index != "" {
		doc = setPath(doc, strings.Split(u.index, "."), index)
	}
	return doc
}

// setPath returns doc with the value at a path replaced, or removed when it is
// missing.
func setPath(doc []byte, path []string, v value.V) []byte {
	b := value.NewBuilder()
	found := false
	inner := func(old value.V) value.V {
		if len(path) == 1 {
			return v
		}
		sub, ok := value.Doc(old)
		if !ok {
			sub = nil
		}
		return value.Document(setPath(sub, path[1:], v))
	}
	it := value.Elements(doc)
	for {
		k, old, ok := it.Next()
		if !ok {
			break
		}
		if string(k) == path[0] {
			old, found = inner(old), true
		}
		if !value.Missing(old) {
			b.AddKey(k, old)
		}
	}
	if !found && !value.Missing(v) {
		b.Add(path[0], inner(value.V{}))
	}
	return b.Bytes()
}

// lookupRows is $lookup by equal fields.
type lookupRows struct {
	p              *pipeline
	in             rows
	ns             string
	local, foreign string
	as             []string
}

func (p *pipeline) lookup(in rows, arg value.V) (rows, error) {
	doc, ok := value.Doc(arg)
	if !ok {
		return nil, fault.New(fault.FailedToParse, "the $lookup specification must be an Object")
	}
	if err := known(doc, "$lookup", "from", "localField", "foreignField", "as"); err != nil {
		return nil, fault.New(fault.NotImplemented, "only from, localField, foreignField and as of $lookup are supported by this server")
	}
	var names [4]string
	for i, f := range []string{"from", "localField", "foreignField", "as"} {
		if names[i], ok = value.Text(value.Lookup(doc, f)); !ok || names[i] == "" {
			return nil, fault.New(fault.FailedToParse, "$lookup needs a string for '%s'", f)
		}
	}
	return &lookupRows{p: p, in: in, ns: p.db + "." + names[0], local: names[1], foreign: names[2], as: strings.Split(names[3], ".")}, nil
}

func (l *lookupRows) next(r *reader) ([]byte, error) {
	doc, err := l.in.next(r)
	if doc == nil || err != nil {
		return nil, err
	}
	doc = bytes.Clone(doc) // the inner scan moves the reader on
	found, err := l.find(r, doc)
	if err != nil {
		return nil, err
	}
	return setPath(doc, l.as, value.ArrayOf(found)), nil
}

func (l *lookupRows) find(r *reader, doc []byte) ([]value.V, error) {
	c := r.collection(l.ns)
	if c == nil {
		return nil, nil
	}
	keys := query.Leaves(doc, l.local)
	if len(keys) == 0 {
		keys = []value.V{value.Null()}
	}
	cond := value.NewBuilder().Add("$in", value.ArrayOf(keys)).Bytes()
	f, err := query.CompileFilter(value.NewBuilder().Add(l.foreign, value.Document(cond)).Bytes(), nil)
	if err != nil {
		return nil, err
	}
	plan, err := c.plan(f, nil, value.V{})
	if err != nil {
		return nil, err
	}
	sc := newScan(c, plan, f, nil)
	var out []value.V
	size := len(doc)
	for {
		_, d, err := sc.next(r)
		if d == nil || err != nil {
			return out, err
		}
		if size += len(d) + 8; size > maxDocumentBytes {
			return nil, fault.New(4568, "Total size of documents in %s matching pipeline's $lookup stage exceeds %d bytes", l.ns, maxDocumentBytes)
		}
		out = append(out, value.Document(bytes.Clone(d)))
	}
}

// facet runs several pipelines on the same documents.
func (p *pipeline) facet(r *reader, in rows, arg value.V) (rows, error) {
	doc, ok := value.Doc(arg)
	if !ok || value.Count(doc) == 0 {
		return nil, fault.New(40169, "the $facet specification must be a non-empty object")
	}
	type part struct {
		name string
		src  *listRows
		out  rows
	}
	var parts []part
	it := value.Elements(doc)
	for {
		k, v, ok := it.Next()
		if !ok {
			break
		}
		arr, ok := value.Array(v)
		if !ok {
			return nil, fault.New(40170, "arguments to $facet must be arrays, %s is not", k)
		}
		stages, err := readStages(value.List(arr))
		if err != nil {
			return nil, err
		}
		src := &listRows{}
		out, err := p.chain(r, src, stages)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{string(k), src, out})
	}
	return &onceRows{fill: func(r *reader) ([][]byte, error) {
		docs, err := collect(r, in, p.s.cfg.MaxSortBytes, "$facet")
		if err != nil {
			return nil, err
		}
		b := value.NewBuilder()
		for _, pt := range parts {
			pt.src.docs = append([][]byte(nil), docs...)
			got, err := collect(r, pt.out, maxDocumentBytes, "$facet")
			if err != nil {
				return nil, err
			}
			at := b.Open(bson.TypeArray, pt.name)
			for i, d := range got {
				b.Element(i, d)
			}
			b.Close(at)
		}
		return [][]byte{b.Bytes()}, nil
	}}, nil
}

// collect reads everything into memory, up to limit bytes.
func collect(r *reader, in rows, limit int, what string) ([][]byte, error) {
	var out [][]byte
	size := 0
	for {
		doc, err := in.next(r)
		if doc == nil || err != nil {
			return out, err
		}
		if size += len(doc); size > limit {
			return nil, fault.New(fault.ExceededMemoryLimit, "%s exceeded memory limit of %d bytes", what, limit)
		}
		out = append(out, bytes.Clone(doc))
	}
}
