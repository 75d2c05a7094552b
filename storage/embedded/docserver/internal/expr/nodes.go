package expr

import (
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

type literal value.V

func (n literal) Eval(*Env) (value.V, error) { return value.V(n), nil }

type arrayNode []Node

func (n arrayNode) Eval(env *Env) (value.V, error) {
	vs, err := evalAll(n, env)
	return value.ArrayOf(vs), err
}

func evalAll(nodes []Node, env *Env) ([]value.V, error) {
	vs := make([]value.V, len(nodes))
	for i, e := range nodes {
		v, err := e.Eval(env)
		if err != nil {
			return nil, err
		}
		vs[i] = v
	}
	return vs, nil
}

type objectNode struct {
	keys  []string
	nodes []Node
}

func (n *objectNode) Eval(env *Env) (value.V, error) {
	b := value.NewBuilder()
	for i, e := range n.nodes {
		v, err := e.Eval(env)
		if err != nil {
			return value.V{}, err
		}
		b.Add(n.keys[i], v)
	}
	return value.Document(b.Bytes()), nil
}

// pathNode reads a field path of the document.
type pathNode struct{ parts []string }

func fieldPath(s string) (Node, error) {
	parts := strings.Split(s, ".")
	for _, p := range parts {
		if p == "" {
			return nil, fault.New(15998, "FieldPath field names may not be empty strings.")
		}
		if p[0] == '$' {
			return nil, fault.New(16410, "FieldPath field names may not start with '$'.")
		}
	}
	return &pathNode{parts: parts}, nil
}

func (n *pathNode) Eval(env *Env) (value.V, error) {
	return Path(value.Document(env.root), n.parts), nil
}

type localNode struct {
	slot  int
	parts []string
}

func (n *localNode) Eval(env *Env) (value.V, error) { return Path(env.local[n.slot], n.parts), nil }

type letNode struct {
	slot  int
	parts []string
}

func (n *letNode) Eval(env *Env) (value.V, error) { return Path(env.vars.vals[n.slot], n.parts), nil }

// Path follows field names from v. On an array it collects the values of the
// documents in it, as aggregation does.
func Path(v value.V, parts []string) value.V {
	for i, p := range parts {
		switch v.Type {
		case bson.TypeEmbeddedDocument:
			v = value.Lookup(v.Data, p)
		case bson.TypeArray:
			var out []value.V
			for _, e := range value.List(v.Data) {
				if e.Type != bson.TypeEmbeddedDocument && e.Type != bson.TypeArray {
					continue
				}
				if x := Path(e, parts[i:]); !value.Missing(x) {
					out = append(out, x)
				}
			}
			return value.ArrayOf(out)
		default:
			return value.V{}
		}
	}
	return v
}

// Constant tells whether n gives the same value for every document.
func Constant(n Node) bool {
	switch n := n.(type) {
	case literal, *letNode:
		return true
	case *objectNode:
		for _, c := range n.nodes {
			if !Constant(c) {
				return false
			}
		}
		return true
	}
	return false
}
