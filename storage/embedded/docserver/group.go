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

// groupSpec is a $group stage, read.
type groupSpec struct {
	id   expr.Node
	outs []groupField
}

// groupField is one accumulated field.
type groupField struct {
	name, op string
	arg      expr.Node
}

// group is one group with its accumulators.
type group struct {
	id   value.V
	accs []accumulator
}

// accumulator is the state of one field of one group.
type accumulator struct {
	n    int64           // values counted
	sum  value.V         // $sum, $avg
	v    value.V         // $min, $max, $first, $last, $mergeObjects
	list []value.V       // $push, $addToSet
	seen map[string]bool // $addToSet
}

func (p *pipeline) readGroup(arg value.V) (*groupSpec, error) {
	doc, ok := value.Doc(arg)
	if !ok {
		return nil, fault.New(15947, "a group's fields must be specified in an object")
	}
	g := &groupSpec{}
	it := value.Elements(doc)
	for {
		k, v, ok := it.Next()
		if !ok {
			break
		}
		if string(k) == "_id" {
			var err error
			if g.id, err = expr.Compile(v, p.vars); err != nil {
				return nil, err
			}
			continue
		}
		f, err := p.readAccumulator(string(k), v)
		if err != nil {
			return nil, err
		}
		g.outs = append(g.outs, f)
	}
	if g.id == nil {
		return nil, fault.New(15955, "a group specification must include an _id")
	}
	return g, nil
}

func (p *pipeline) readAccumulator(name string, v value.V) (groupField, error) {
	doc, ok := value.Doc(v)
	if !ok || value.Count(doc) != 1 {
		return groupField{}, fault.New(40234, "The field '%s' must be an accumulator object", name)
	}
	if strings.ContainsAny(name, ".$") {
		return groupField{}, fault.New(40235, "The field name '%s' cannot contain '.' or '$'", name)
	}
	it := value.Elements(doc)
	op, arg, _ := it.Next()
	f := groupField{name: name, op: string(op)}
	switch f.op {
	case "$sum", "$avg", "$min", "$max", "$first", "$last", "$push", "$addToSet", "$mergeObjects":
	case "$count":
		if d, ok := value.Doc(arg); !ok || value.Count(d) != 0 {
			return f, fault.New(fault.TypeMismatch, "$count takes no arguments, i.e. $count:{}")
		}
		f.op, arg = "$sum", value.Int32(1)
	default:
		return f, fault.New(15952, "unknown group operator '%s'", f.op)
	}
	var err error
	f.arg, err = expr.Compile(arg, p.vars)
	return f, err
}

// group is $group. It holds one entry per group, up to the memory limit.
func (p *pipeline) group(in rows, arg value.V) (rows, error) {
	spec, err := p.readGroup(arg)
	if err != nil {
		return nil, err
	}
	return &onceRows{fill: func(r *reader) ([][]byte, error) { return p.runGroup(r, in, spec) }}, nil
}

// countAll tells whether the groups only count: {_id: const, n: {$sum: const}}
// needs no document.
func (g *groupSpec) countAll() bool {
	if !expr.Constant(g.id) {
		return false
	}
	for _, f := range g.outs {
		if f.op != "$sum" || !expr.Constant(f.arg) {
			return false
		}
	}
	return true
}

func (p *pipeline) runGroup(r *reader, in rows, spec *groupSpec) ([][]byte, error) {
	if s, ok := in.(*scanRows); ok && spec.countAll() && s.sc.decided() {
		return p.countGroup(r, in, spec)
	}
	groups := map[string]*group{}
	var order []*group
	env := expr.NewEnv(nil, p.vars)
	size := 0
	var key []byte
	for {
		doc, err := in.next(r)
		if err != nil {
			return nil, err
		}
		if doc == nil {
			break
		}
		env.Reset(doc)
		id, err := spec.id.Eval(env)
		if err != nil {
			return nil, err
		}
		key = value.AppendKey(key[:0], id)
		g := groups[string(key)]
		if g == nil {
			g = &group{id: value.Clone(id), accs: make([]accumulator, len(spec.outs))}
			groups[string(key)] = g
			order = append(order, g)
			size += 2*len(key) + 64*len(spec.outs) + 128
		}
		for i, f := range spec.outs {
			v, err := f.arg.Eval(env)
			if err != nil {
				return nil, err
			}
			grown, err := g.accs[i].add(f.op, v)
			if err != nil {
				return nil, err
			}
			size += grown
		}
		if size > p.s.cfg.MaxSortBytes {
			return nil, fault.New(fault.ExceededMemoryLimit, "Exceeded memory limit for $group, but didn't allow external sort. limit: %d bytes", p.s.cfg.MaxSortBytes)
		}
	}
	return spec.results(order), nil
}

// countGroup multiplies instead of adding.
func (p *pipeline) countGroup(r *reader, in rows, spec *groupSpec) ([][]byte, error) {
	n, err := drain(r, in)
	if n == 0 || err != nil {
		return nil, err
	}
	env := expr.NewEnv(nil, p.vars)
	id, err := spec.id.Eval(env)
	if err != nil {
		return nil, err
	}
	g := &group{id: id, accs: make([]accumulator, len(spec.outs))}
	for i, f := range spec.outs {
		v, err := f.arg.Eval(env)
		if err != nil {
			return nil, err
		}
		if !value.Number(v) {
			continue
		}
		if g.accs[i].sum, err = expr.Mul(v, numberOf(n)); err != nil {
			return nil, err
		}
	}
	return spec.results([]*group{g}), nil
}

func (g *groupSpec) results(groups []*group) [][]byte {
	out := make([][]byte, len(groups))
	for i, gr := range groups {
		b := value.NewBuilder()
		id := gr.id
		if value.Missing(id) {
			id = value.Null()
		}
		b.Add("_id", id)
		for j, f := range g.outs {
			b.Add(f.name, gr.accs[j].result(f.op))
		}
		out[i] = b.Bytes()
	}
	return out
}

// add takes one more value and returns how much the state grew.
func (a *accumulator) add(op string, v value.V) (int, error) {
	switch op {
	case "$sum", "$avg":
		if !value.Number(v) {
			return 0, nil
		}
		if a.n++; a.n == 1 {
			a.sum = value.Int32(0)
		}
		var err error
		a.sum, err = expr.Add(a.sum, v)
		return 0, err
	case "$push":
		if value.Missing(v) {
			return 0, nil
		}
		a.list = append(a.list, value.Clone(v))
		return len(v.Data) + 40, nil
	case "$addToSet":
		return a.addToSet(v), nil
	case "$mergeObjects":
		return a.merge(v)
	}
	take := false
	switch op {
	case "$first":
		take = a.n == 0
	case "$last":
		take = true
	default: // $min, $max skip null
		if value.NullOrMissing(v) {
			return 0, nil
		}
		c := 0
		if a.n > 0 {
			c = value.Compare(v, a.v)
		}
		take = a.n == 0 || op == "$min" && c < 0 || op == "$max" && c > 0
	}
	a.n++
	if !take {
		return 0, nil
	}
	grown := len(v.Data) - len(a.v.Data)
	a.v = value.Clone(v)
	return grown, nil
}

func (a *accumulator) addToSet(v value.V) int {
	if value.Missing(v) {
		return 0
	}
	k := string(value.AppendKey(nil, v))
	if a.seen[k] {
		return 0
	}
	if a.seen == nil {
		a.seen = map[string]bool{}
	}
	a.seen[k] = true
	a.list = append(a.list, value.Clone(v))
	return len(v.Data) + len(k) + 80
}

func (a *accumulator) merge(v value.V) (int, error) {
	if value.NullOrMissing(v) {
		return 0, nil
	}
	doc, ok := value.Doc(v)
	if !ok {
		return 0, fault.New(40400, "$mergeObjects requires object inputs, but input is of type %s", value.TypeName(v.Type))
	}
	merged := a.v.Data
	it := value.Elements(doc)
	for {
		k, x, ok := it.Next()
		if !ok {
			break
		}
		merged = setPath(merged, []string{string(k)}, x)
	}
	grown := len(merged) - len(a.v.Data)
	a.v = value.Document(bytes.Clone(merged))
	return grown, nil
}

func (a *accumulator) result(op string) value.V {
	switch op {
	case "$sum":
		if value.Missing(a.sum) {
			return value.Int32(0)
		}
		return a.sum
	case "$avg":
		if a.n == 0 {
			return value.Null()
		}
		f, _ := value.Float(a.sum)
		return value.Double(f / float64(a.n))
	case "$push", "$addToSet":
		return value.ArrayOf(a.list)
	case "$mergeObjects":
		if value.Missing(a.v) {
			return value.V{Type: bson.TypeEmbeddedDocument, Data: value.NewBuilder().Bytes()}
		}
	}
	if value.Missing(a.v) {
		return value.Null()
	}
	return a.v
}

// sortByCount is $group by an expression, then $sort by the count.
func (p *pipeline) sortByCount(in rows, arg value.V) (rows, error) {
	id, err := expr.Compile(arg, p.vars)
	if err != nil {
		return nil, err
	}
	one, err := expr.Compile(value.Int32(1), p.vars)
	if err != nil {
		return nil, err
	}
	spec := &groupSpec{id: id, outs: []groupField{{name: "count", op: "$sum", arg: one}}}
	sort, err := query.CompileSort(value.NewBuilder().Add("count", value.Int32(-1)).Bytes())
	if err != nil {
		return nil, err
	}
	grouped := &onceRows{fill: func(r *reader) ([][]byte, error) { return p.runGroup(r, in, spec) }}
	return &sortRows{in: grouped, sort: sort, max: p.s.cfg.MaxSortBytes}, nil
}
