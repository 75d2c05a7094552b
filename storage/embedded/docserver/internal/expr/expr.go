// Package expr compiles and evaluates MongoDB's aggregation expressions on raw
// BSON. Unknown operators and variables are refused when compiled.
package expr

import (
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// maxDepth bounds the nesting of expressions.
const maxDepth = 100

// Node is a compiled expression, immutable and safe for concurrent use.
type Node interface {
	// Eval returns the value for the document of env; missing is a value.
	Eval(env *Env) (value.V, error)
}

// Vars are the variables a command defines: $$NOW and those of its let.
type Vars struct {
	now   int64
	names []string
	vals  []value.V
}

// NewVars evaluates the let document of a command, which may be nil.
func NewVars(now time.Time, let []byte) (*Vars, error) {
	v := &Vars{now: now.UnixMilli()}
	it := value.Elements(let)
	for {
		key, val, ok := it.Next()
		if !ok {
			return v, nil
		}
		name := string(key)
		if name == "" || name[0] < 'a' || name[0] > 'z' {
			return nil, fault.New(fault.FailedToParse, "'%s' starts with an invalid character for a user variable name", name)
		}
		node, err := Compile(val, v)
		if err != nil {
			return nil, err
		}
		got, err := node.Eval(NewEnv(nil, v))
		if err != nil {
			return nil, err
		}
		v.names, v.vals = append(v.names, name), append(v.vals, got)
	}
}

// Env is what an expression is evaluated in: one document and the variables.
type Env struct {
	root  []byte
	vars  *Vars
	local []value.V // variables of $let, $map, …, innermost last
}

// NewEnv makes an environment for doc; vars may be nil.
func NewEnv(doc []byte, vars *Vars) *Env { return &Env{root: doc, vars: vars} }

// Reset points the environment at another document.
func (e *Env) Reset(doc []byte) { e.root = doc }

// with evaluates n with one more local variable.
func (e *Env) with(v value.V, n Node) (value.V, error) {
	e.local = append(e.local, v)
	out, err := n.Eval(e)
	e.local = e.local[:len(e.local)-1]
	return out, err
}

// compiler knows which variables are in scope.
type compiler struct {
	vars  *Vars
	local []string
	depth int
}

// Compile compiles an expression; vars declares the command's variables and
// may be nil.
func Compile(v value.V, vars *Vars) (Node, error) {
	c := &compiler{vars: vars, depth: maxDepth}
	return c.compile(v)
}

func (c *compiler) compile(v value.V) (Node, error) {
	if c.depth == 0 {
		return nil, fault.Bad("expression nests too deeply")
	}
	c.depth--
	defer func() { c.depth++ }()
	switch v.Type {
	case bson.TypeString:
		s, _ := value.Text(v)
		if strings.HasPrefix(s, "$$") {
			return c.variable(s[2:])
		}
		if strings.HasPrefix(s, "$") {
			return fieldPath(s[1:])
		}
	case bson.TypeArray:
		nodes, err := c.compileAll(value.List(v.Data))
		return arrayNode(nodes), err
	case bson.TypeEmbeddedDocument:
		return c.object(v.Data)
	}
	return literal(v), nil
}

func (c *compiler) compileAll(vs []value.V) ([]Node, error) {
	out := make([]Node, 0, len(vs))
	for _, v := range vs {
		n, err := c.compile(v)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func (c *compiler) object(doc []byte) (Node, error) {
	it := value.Elements(doc)
	key, arg, ok := it.Next()
	if ok && len(key) > 0 && key[0] == '$' {
		if value.Count(doc) != 1 {
			return nil, fault.New(15983, "An object representing an expression must have exactly one field")
		}
		return c.operator(string(key), arg)
	}
	obj := &objectNode{}
	it = value.Elements(doc)
	for {
		key, arg, ok := it.Next()
		if !ok {
			return obj, nil
		}
		if strings.ContainsAny(string(key), ".$") {
			return nil, fault.New(16410, "field names in an object expression may not contain '.' or '$': %s", key)
		}
		n, err := c.compile(arg)
		if err != nil {
			return nil, err
		}
		obj.keys, obj.nodes = append(obj.keys, string(key)), append(obj.nodes, n)
	}
}

// variable compiles $$name or $$name.path.
func (c *compiler) variable(s string) (Node, error) {
	name, rest, _ := strings.Cut(s, ".")
	var parts []string
	if rest != "" {
		parts = strings.Split(rest, ".")
	}
	switch name {
	case "ROOT", "CURRENT":
		return &pathNode{parts: parts}, nil
	case "REMOVE":
		return literal(value.V{}), nil
	case "NOW":
		if c.vars == nil {
			return nil, fault.Bad("$$NOW is not available here")
		}
		return literal(value.Date(c.vars.now)), nil
	}
	for i, v := range slices.Backward(c.local) {
		if v == name {
			return &localNode{slot: i, parts: parts}, nil
		}
	}
	if c.vars != nil {
		for i, n := range c.vars.names {
			if n == name {
				return &letNode{slot: i, parts: parts}, nil
			}
		}
	}
	return nil, fault.New(17276, "Use of undefined variable: %s", name)
}

// scoped compiles v with one more variable in scope.
func (c *compiler) scoped(name string, v value.V) (Node, error) {
	c.local = append(c.local, name)
	n, err := c.compile(v)
	c.local = c.local[:len(c.local)-1]
	return n, err
}
