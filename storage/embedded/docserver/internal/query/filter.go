// Package query holds what a find or an update says about documents: compiled
// filters that match raw BSON, projections, sort keys and updates. Everything
// unknown is refused when it is compiled, whether or not a document is there.
package query

import (
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// maxFilterDepth bounds the nesting of logical operators.
const maxFilterDepth = 100

// Filter is a compiled query document. It is immutable and safe for concurrent
// use.
type Filter struct {
	Root Node
	raw  []byte
}

// Node is one condition of a filter.
type Node interface {
	match(doc []byte, m *Match) (bool, error)
}

// Match carries what a match needs beside the document and what it finds out.
type Match struct {
	Vars *expr.Vars // variables of the command, for $expr; may be nil
	// Position is the index of the array element that the last matching
	// condition went through, or -1: the positional operator's target.
	Position int
}

// And matches if every child does; an empty And matches everything.
type And struct{ Children []Node }

// Or matches if any child does.
type Or struct{ Children []Node }

// Not matches if its child does not.
type Not struct{ Child Node }

// Never matches nothing.
type Never struct{}

// Expr is an aggregation expression used as a condition.
type Expr struct{ node expr.Node }

func (n *And) match(doc []byte, m *Match) (bool, error) {
	for _, c := range n.Children {
		if ok, err := c.match(doc, m); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (n *Or) match(doc []byte, m *Match) (bool, error) {
	for _, c := range n.Children {
		if ok, err := c.match(doc, m); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func (n *Not) match(doc []byte, m *Match) (bool, error) {
	inner := Match{Vars: m.Vars}
	ok, err := n.Child.match(doc, &inner)
	return !ok && err == nil, err
}

func (Never) match([]byte, *Match) (bool, error) { return false, nil }

func (n *Expr) match(doc []byte, m *Match) (bool, error) {
	v, err := n.node.Eval(expr.NewEnv(doc, m.Vars))
	return value.Truthy(v), err
}

// CompileFilter compiles doc; vars declares the variables that $expr may use
// and may be nil.
func CompileFilter(doc []byte, vars *expr.Vars) (*Filter, error) {
	root, err := compileDoc(doc, vars, maxFilterDepth)
	if err != nil {
		return nil, err
	}
	return &Filter{Root: root, raw: doc}, nil
}

// FilterOf makes a filter of one condition taken out of another filter.
func FilterOf(n Node) *Filter { return &Filter{Root: n} }

// Raw returns the document the filter was compiled from.
func (f *Filter) Raw() []byte { return f.raw }

// Match tells whether doc satisfies the filter.
func (f *Filter) Match(doc []byte, vars *expr.Vars) (bool, error) {
	m := Match{Vars: vars, Position: -1}
	return f.Root.match(doc, &m)
}

// Position is Match that also returns the array index for the positional
// operator, or -1.
func (f *Filter) Position(doc []byte, vars *expr.Vars) (bool, int, error) {
	m := Match{Vars: vars, Position: -1}
	ok, err := f.Root.match(doc, &m)
	return ok, m.Position, err
}

// All tells whether the filter matches every document.
func (f *Filter) All() bool {
	and, ok := f.Root.(*And)
	return ok && len(and.Children) == 0
}

func compileDoc(doc []byte, vars *expr.Vars, depth int) (Node, error) {
	if depth == 0 {
		return nil, fault.New(fault.BadValue, "filter nests too deeply")
	}
	and := &And{}
	it := value.Elements(doc)
	for {
		key, v, ok := it.Next()
		if !ok {
			break
		}
		n, err := compileElement(string(key), v, vars, depth)
		if err != nil {
			return nil, err
		}
		if n != nil {
			and.Children = append(and.Children, n)
		}
	}
	if len(and.Children) == 1 {
		return and.Children[0], nil
	}
	return and, nil
}

func compileElement(key string, v value.V, vars *expr.Vars, depth int) (Node, error) {
	if strings.HasPrefix(key, "$") {
		return compileTop(key, v, vars, depth)
	}
	path := splitPath(key)
	if doc, ok := value.Doc(v); ok {
		if op := firstKey(doc); strings.HasPrefix(op, "$") && op != "$ref" && op != "$id" && op != "$db" {
			return compileOps(key, path, doc, vars, depth)
		}
	}
	if v.Type == bson.TypeRegex {
		return regexLeaf(key, path, v, "")
	}
	return leaf(key, path, OpEq, v), nil
}

func compileTop(key string, v value.V, vars *expr.Vars, depth int) (Node, error) {
	switch key {
	case "$and", "$or", "$nor":
		children, err := compileList(key, v, vars, depth)
		if err != nil {
			return nil, err
		}
		switch key {
		case "$and":
			return &And{Children: children}, nil
		case "$or":
			return &Or{Children: children}, nil
		}
		return &Not{Child: &Or{Children: children}}, nil
	case "$expr":
		n, err := expr.Compile(v, vars)
		if err != nil {
			return nil, err
		}
		return &Expr{node: n}, nil
	case "$comment":
		return nil, nil //nolint:nilnil // a comment is no condition
	}
	return nil, fault.Bad("unknown top level operator: %s", key)
}

func compileList(key string, v value.V, vars *expr.Vars, depth int) ([]Node, error) {
	arr, ok := value.Array(v)
	if !ok || value.Count(arr) == 0 {
		return nil, fault.Bad("%s must be a nonempty array", key)
	}
	var out []Node
	for _, e := range value.List(arr) {
		doc, ok := value.Doc(e)
		if !ok {
			return nil, fault.Bad("%s entries need to be full objects", key)
		}
		n, err := compileDoc(doc, vars, depth-1)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// compileOps compiles {$op: arg, …} on one path.
func compileOps(key string, path []string, doc []byte, vars *expr.Vars, depth int) (Node, error) {
	if depth == 0 {
		return nil, fault.Bad("filter nests too deeply")
	}
	and := &And{}
	it := value.Elements(doc)
	for {
		op, v, ok := it.Next()
		if !ok {
			break
		}
		n, err := compileOp(key, path, string(op), v, doc, vars, depth)
		if err != nil {
			return nil, err
		}
		if n != nil {
			and.Children = append(and.Children, n)
		}
	}
	if len(and.Children) == 1 {
		return and.Children[0], nil
	}
	return and, nil
}

func compileOp(key string, path []string, op string, v value.V, doc []byte, vars *expr.Vars, depth int) (Node, error) {
	switch op {
	case "$eq":
		return leaf(key, path, OpEq, v), nil
	case "$ne":
		if v.Type == bson.TypeRegex {
			return nil, fault.Bad("Can't have regex as arg to $ne.")
		}
		return &Not{Child: leaf(key, path, OpEq, v)}, nil
	case "$gt", "$gte", "$lt", "$lte":
		return rangeLeaf(key, path, op, v)
	case "$in", "$nin":
		n, err := inLeaf(key, path, op, v)
		if err != nil || op == "$in" {
			return n, err
		}
		return &Not{Child: n}, nil
	case "$exists":
		l := leaf(key, path, OpExists, v)
		if value.Truthy(v) {
			return l, nil
		}
		return &Not{Child: l}, nil
	case "$not":
		return compileNot(key, path, v, vars, depth)
	case "$all":
		return compileAll(key, path, v, vars, depth)
	case "$elemMatch":
		return elemLeaf(key, path, v, vars, depth)
	case "$regex":
		options, _ := value.Text(value.Lookup(doc, "$options"))
		return regexLeaf(key, path, v, options)
	case "$options":
		if value.Missing(value.Lookup(doc, "$regex")) {
			return nil, fault.Bad("$options needs a $regex")
		}
		return nil, nil //nolint:nilnil // read together with $regex
	case "$comment":
		return nil, nil //nolint:nilnil // a comment is no condition
	case "$size", "$type", "$mod", "$bitsAllSet", "$bitsAllClear", "$bitsAnySet", "$bitsAnyClear":
		return argLeaf(key, path, op, v)
	}
	return nil, fault.Bad("unknown operator: %s", op)
}

func compileNot(key string, path []string, v value.V, vars *expr.Vars, depth int) (Node, error) {
	if v.Type == bson.TypeRegex {
		l, err := regexLeaf(key, path, v, "")
		if err != nil {
			return nil, err
		}
		return &Not{Child: l}, nil
	}
	doc, ok := value.Doc(v)
	if !ok || !strings.HasPrefix(firstKey(doc), "$") {
		return nil, fault.Bad("$not needs a regex or a document of operators")
	}
	n, err := compileOps(key, path, doc, vars, depth-1)
	if err != nil {
		return nil, err
	}
	return &Not{Child: n}, nil
}

func compileAll(key string, path []string, v value.V, vars *expr.Vars, depth int) (Node, error) {
	arr, ok := value.Array(v)
	if !ok {
		return nil, fault.Bad("$all needs an array")
	}
	and := &And{}
	for _, e := range value.List(arr) {
		doc, isDoc := value.Doc(e)
		switch {
		case isDoc && firstKey(doc) == "$elemMatch":
			n, err := elemLeaf(key, path, value.Lookup(doc, "$elemMatch"), vars, depth)
			if err != nil {
				return nil, err
			}
			and.Children = append(and.Children, n)
		case isDoc && strings.HasPrefix(firstKey(doc), "$"):
			return nil, fault.Bad("no $ expressions in $all")
		case e.Type == bson.TypeRegex:
			n, err := regexLeaf(key, path, e, "")
			if err != nil {
				return nil, err
			}
			and.Children = append(and.Children, n)
		default:
			and.Children = append(and.Children, leaf(key, path, OpEq, e))
		}
	}
	if len(and.Children) == 0 {
		return Never{}, nil
	}
	return and, nil
}

func firstKey(doc []byte) string {
	it := value.Elements(doc)
	k, _, _ := it.Next()
	return string(k)
}

func splitPath(key string) []string { return strings.Split(key, ".") }

// Conjuncts returns the leaves that every matching document satisfies, and the
// other conditions that go with them.
func (f *Filter) Conjuncts() (leaves []*Leaf, rest []Node) { return Conjuncts(f.Root) }

// Conjuncts flattens the And at n.
func Conjuncts(n Node) (leaves []*Leaf, rest []Node) {
	switch n := n.(type) {
	case *And:
		for _, c := range n.Children {
			l, r := Conjuncts(c)
			leaves, rest = append(leaves, l...), append(rest, r...)
		}
	case *Leaf:
		leaves = append(leaves, n)
	default:
		rest = append(rest, n)
	}
	return leaves, rest
}
