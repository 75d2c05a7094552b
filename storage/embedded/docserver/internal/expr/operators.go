package expr

import (
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// function is an operator that evaluates all its arguments first.
type function struct {
	least, most int // number of arguments; most < 0 means any
	call        func(args []value.V) (value.V, error)
}

type callNode struct {
	fn   function
	args []Node
}

func (n *callNode) Eval(env *Env) (value.V, error) {
	args, err := evalAll(n.args, env)
	if err != nil {
		return value.V{}, err
	}
	return n.fn.call(args)
}

// operator compiles {$name: arg}.
func (c *compiler) operator(name string, arg value.V) (Node, error) {
	switch name {
	case "$literal":
		return literal(arg), nil
	case "$cond":
		return c.cond(arg)
	case "$and", "$or":
		nodes, err := c.compileAll(arguments(arg))
		return &logicNode{nodes: nodes, or: name == "$or"}, err
	case "$ifNull":
		nodes, err := c.compileAll(arguments(arg))
		if err == nil && len(nodes) < 2 {
			err = fault.New(1257300, "$ifNull needs at least two arguments, had: %d", len(nodes))
		}
		return ifNullNode(nodes), err
	case "$switch":
		return c.switchOf(arg)
	case "$filter", "$map":
		return c.each(name, arg)
	case "$reduce":
		return c.reduce(arg)
	case "$let":
		return c.let(arg)
	case "$dateToString":
		return c.dateToString(arg)
	}
	fn, ok := lookupFunction(name)
	if !ok {
		return nil, fault.New(fault.UnknownOperator, "Unrecognized expression '%s'", name)
	}
	args := arguments(arg)
	if len(args) < fn.least || fn.most >= 0 && len(args) > fn.most {
		return nil, fault.New(16020, "Expression %s takes %d to %d arguments. %d were passed in.",
			name, fn.least, fn.most, len(args))
	}
	nodes, err := c.compileAll(args)
	if err != nil {
		return nil, err
	}
	return &callNode{fn: fn, args: nodes}, nil
}

// arguments reads the argument list of an operator: an array, or one value.
func arguments(arg value.V) []value.V {
	if arr, ok := value.Array(arg); ok {
		return value.List(arr)
	}
	return []value.V{arg}
}

type logicNode struct {
	nodes []Node
	or    bool
}

func (n *logicNode) Eval(env *Env) (value.V, error) {
	for _, e := range n.nodes {
		v, err := e.Eval(env)
		if err != nil {
			return value.V{}, err
		}
		if value.Truthy(v) == n.or {
			return value.Bool(n.or), nil
		}
	}
	return value.Bool(!n.or), nil
}

type ifNullNode []Node

func (n ifNullNode) Eval(env *Env) (value.V, error) {
	var v value.V
	for _, e := range n {
		var err error
		if v, err = e.Eval(env); err != nil || !value.NullOrMissing(v) {
			return v, err
		}
	}
	return v, nil
}

// branchNode is $cond and $switch: the first true condition decides.
type branchNode struct {
	when, then []Node
	otherwise  Node // nil: an error
}

func (n *branchNode) Eval(env *Env) (value.V, error) {
	for i, w := range n.when {
		v, err := w.Eval(env)
		if err != nil {
			return value.V{}, err
		}
		if value.Truthy(v) {
			return n.then[i].Eval(env)
		}
	}
	if n.otherwise == nil {
		return value.V{}, fault.New(40066, "$switch could not find a matching branch and no default was specified")
	}
	return n.otherwise.Eval(env)
}

func (c *compiler) cond(arg value.V) (Node, error) {
	var parts []value.V
	if doc, ok := value.Doc(arg); ok {
		f, err := named(doc, "$cond", []string{"if", "then", "else"}, nil)
		if err != nil {
			return nil, err
		}
		parts = f
	} else {
		parts = arguments(arg)
	}
	if len(parts) != 3 {
		return nil, fault.New(16020, "Expression $cond takes exactly 3 arguments. %d were passed in.", len(parts))
	}
	nodes, err := c.compileAll(parts)
	if err != nil {
		return nil, err
	}
	return &branchNode{when: nodes[:1], then: nodes[1:2], otherwise: nodes[2]}, nil
}

func (c *compiler) switchOf(arg value.V) (Node, error) {
	doc, ok := value.Doc(arg)
	if !ok {
		return nil, fault.New(40060, "$switch requires an object as an argument")
	}
	f, err := named(doc, "$switch", []string{"branches"}, []string{"default"})
	if err != nil {
		return nil, err
	}
	n := &branchNode{}
	for _, b := range arguments(f[0]) {
		bd, _ := value.Doc(b)
		pair, err := named(bd, "$switch branch", []string{"case", "then"}, nil)
		if err != nil {
			return nil, err
		}
		nodes, err := c.compileAll(pair)
		if err != nil {
			return nil, err
		}
		n.when, n.then = append(n.when, nodes[0]), append(n.then, nodes[1])
	}
	if !value.Missing(f[1]) {
		n.otherwise, err = c.compile(f[1])
	}
	return n, err
}

// named reads the fields of an operator's argument document in the order of
// must and then may; unknown and missing ones are refused.
func named(doc []byte, op string, must, may []string) ([]value.V, error) {
	out := make([]value.V, len(must)+len(may))
	it := value.Elements(doc)
next:
	for {
		key, v, ok := it.Next()
		if !ok {
			break
		}
		for i, name := range append(slices.Clip(must), may...) {
			if string(key) == name {
				out[i] = v
				continue next
			}
		}
		return nil, fault.New(fault.FailedToParse, "Unrecognized argument to %s: %s", op, key)
	}
	for i, name := range must {
		if value.Missing(out[i]) {
			return nil, fault.New(fault.FailedToParse, "Missing '%s' parameter to %s", name, op)
		}
	}
	return out, nil
}

// eachNode is $filter and $map.
type eachNode struct {
	input, body Node
	keep        bool // $filter
}

func (c *compiler) each(op string, arg value.V) (Node, error) {
	doc, ok := value.Doc(arg)
	if !ok {
		return nil, fault.New(28646, "%s only supports an object as its argument", op)
	}
	body := "in"
	if op == "$filter" {
		body = "cond"
	}
	f, err := named(doc, op, []string{"input", body}, []string{"as"})
	if err != nil {
		return nil, err
	}
	as := "this"
	if s, ok := value.Text(f[2]); ok {
		as = s
	}
	n := &eachNode{keep: op == "$filter"}
	if n.input, err = c.compile(f[0]); err != nil {
		return nil, err
	}
	n.body, err = c.scoped(as, f[1])
	return n, err
}

func (n *eachNode) Eval(env *Env) (value.V, error) {
	in, err := n.input.Eval(env)
	if err != nil || value.NullOrMissing(in) {
		return value.Null(), err
	}
	if in.Type != bson.TypeArray {
		return value.V{}, fault.New(28651, "input to $filter or $map must be an array not %s", value.TypeName(in.Type))
	}
	var out []value.V
	for _, e := range value.List(in.Data) {
		v, err := env.with(e, n.body)
		switch {
		case err != nil:
			return value.V{}, err
		case !n.keep:
			out = append(out, v)
		case value.Truthy(v):
			out = append(out, e)
		}
	}
	return value.ArrayOf(out), nil
}

type letScope struct {
	vals []Node
	in   Node
}

func (c *compiler) let(arg value.V) (Node, error) {
	doc, ok := value.Doc(arg)
	if !ok {
		return nil, fault.New(16874, "$let only supports an object as its argument")
	}
	f, err := named(doc, "$let", []string{"vars", "in"}, nil)
	if err != nil {
		return nil, err
	}
	n := &letScope{}
	before := len(c.local)
	defer func() { c.local = c.local[:before] }()
	var names []string
	vars, _ := value.Doc(f[0])
	it := value.Elements(vars)
	for {
		key, v, ok := it.Next()
		if !ok {
			break
		}
		node, err := c.compile(v)
		if err != nil {
			return nil, err
		}
		n.vals, names = append(n.vals, node), append(names, string(key))
	}
	c.local = append(c.local, names...)
	n.in, err = c.compile(f[1])
	return n, err
}

func (n *letScope) Eval(env *Env) (value.V, error) {
	vals, err := evalAll(n.vals, env)
	if err != nil {
		return value.V{}, err
	}
	before := len(env.local)
	env.local = append(env.local, vals...)
	out, err := n.in.Eval(env)
	env.local = env.local[:before]
	return out, err
}

type reduceNode struct{ input, initial, in Node }

func (c *compiler) reduce(arg value.V) (Node, error) {
	doc, _ := value.Doc(arg)
	f, err := named(doc, "$reduce", []string{"input", "initialValue", "in"}, nil)
	if err != nil {
		return nil, err
	}
	n := &reduceNode{}
	if n.input, err = c.compile(f[0]); err != nil {
		return nil, err
	}
	if n.initial, err = c.compile(f[1]); err != nil {
		return nil, err
	}
	c.local = append(c.local, "value", "this")
	n.in, err = c.compile(f[2])
	c.local = c.local[:len(c.local)-2]
	return n, err
}

func (n *reduceNode) Eval(env *Env) (value.V, error) {
	in, err := n.input.Eval(env)
	if err != nil || value.NullOrMissing(in) {
		return value.Null(), err
	}
	if in.Type != bson.TypeArray {
		return value.V{}, fault.New(40080, "$reduce requires that 'input' be an array")
	}
	acc, err := n.initial.Eval(env)
	before := len(env.local)
	for _, e := range value.List(in.Data) {
		if err != nil {
			break
		}
		env.local = append(env.local[:before], acc, e)
		acc, err = n.in.Eval(env)
	}
	env.local = env.local[:before]
	return acc, err
}
