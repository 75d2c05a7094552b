package query

import (
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// Transform is a stage that makes one document of one document: $project,
// $addFields, $set, $unset, $replaceRoot, $replaceWith.
type Transform func(doc []byte) ([]byte, error)

// CompileTransform compiles such a stage; ok is false for any other stage.
func CompileTransform(stage string, arg value.V, vars *expr.Vars) (t Transform, ok bool, err error) {
	switch stage {
	case "$project":
		t, err = projectStage(arg, vars)
	case "$addFields", "$set":
		t, err = addFields(stage, arg, vars)
	case "$unset":
		t, err = unsetStage(arg)
	case "$replaceRoot", "$replaceWith":
		t, err = replaceRoot(stage, arg, vars)
	default:
		return nil, false, nil
	}
	return t, true, err
}

func projectStage(arg value.V, vars *expr.Vars) (Transform, error) {
	doc, ok := value.Doc(arg)
	if !ok || value.Count(doc) == 0 {
		return nil, fault.New(51272, "$project specification must be an object with at least one field")
	}
	p, err := CompileProjection(doc, false, vars)
	if err != nil {
		return nil, err
	}
	return func(doc []byte) ([]byte, error) { return p.Apply(doc, -1) }, nil
}

// addFields sets computed fields and keeps all others.
func addFields(stage string, arg value.V, vars *expr.Vars) (Transform, error) {
	doc, ok := value.Doc(arg)
	if !ok {
		return nil, fault.New(40272, "%s specification stage must be an object, got %s", stage, value.TypeName(arg.Type))
	}
	p := &Projection{root: &projNode{}, vars: vars}
	c := &projCompiler{p: p}
	if err := c.computed(p.root, doc); err != nil {
		return nil, err
	}
	return func(doc []byte) ([]byte, error) { return p.Apply(doc, -1) }, nil
}

// computed reads a document of which every leaf is an expression.
func (c *projCompiler) computed(n *projNode, doc []byte) error {
	it := value.Elements(doc)
	for {
		key, v, ok := it.Next()
		if !ok {
			return nil
		}
		sub, isDoc := value.Doc(v)
		if isDoc && value.Count(sub) > 0 && !strings.HasPrefix(firstKey(sub), "$") {
			child, err := n.branch(splitPath(string(key)), string(key))
			if err != nil {
				return err
			}
			if err := c.computed(child, sub); err != nil {
				return err
			}
			continue
		}
		node, err := expr.Compile(v, c.p.vars)
		if err != nil {
			return err
		}
		leaf, err := n.leaf(string(key), string(key))
		if err != nil {
			return err
		}
		leaf.computed = node
	}
}

func unsetStage(arg value.V) (Transform, error) {
	b := value.NewBuilder()
	names := argList(arg)
	for _, v := range names {
		s, ok := value.Text(v)
		if !ok || s == "" {
			return nil, fault.New(31002, "$unset specification must be a string or an array of strings")
		}
		b.Add(s, value.Bool(false))
	}
	if len(names) == 0 {
		return nil, fault.New(31119, "$unset specification must be a string or an array with at least one field")
	}
	p, err := CompileProjection(b.Bytes(), false, nil)
	if err != nil {
		return nil, err
	}
	return func(doc []byte) ([]byte, error) { return p.Apply(doc, -1) }, nil
}

func replaceRoot(stage string, arg value.V, vars *expr.Vars) (Transform, error) {
	if stage == "$replaceRoot" {
		doc, ok := value.Doc(arg)
		arg = value.Lookup(doc, "newRoot")
		if !ok || value.Missing(arg) || value.Count(doc) != 1 {
			return nil, fault.New(40231, "$replaceRoot needs exactly the field newRoot")
		}
	}
	node, err := expr.Compile(arg, vars)
	if err != nil {
		return nil, err
	}
	return func(doc []byte) ([]byte, error) {
		v, err := node.Eval(expr.NewEnv(doc, vars))
		if err != nil {
			return nil, err
		}
		if v.Type != bson.TypeEmbeddedDocument {
			return nil, fault.New(40228, "'newRoot' expression must evaluate to an object, but resulting value was of type: %s", value.TypeName(v.Type))
		}
		return v.Data, nil
	}, nil
}
