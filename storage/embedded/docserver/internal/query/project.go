package query

import (
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// Projection is a compiled projection of a find or a $project stage.
type Projection struct {
	root      *projNode
	include   bool
	hideID    bool
	vars      *expr.Vars
	NeedIndex bool // uses the positional operator: Apply needs the matched index
}

// projNode says what happens to one field.
type projNode struct {
	children map[string]*projNode
	order    []string // children with computed values, in the order given
	computed expr.Node
	slice    []int64 // $slice: [n] or [skip, n]
	elem     *Leaf   // $elemMatch
	position bool    // a.$
	keep     bool    // a leaf that is included
	drop     bool    // a leaf that is excluded
}

// CompileProjection compiles doc; find allows the operators that only a find
// knows ($slice, $elemMatch, positional).
func CompileProjection(doc []byte, find bool, vars *expr.Vars) (*Projection, error) {
	c := &projCompiler{p: &Projection{root: &projNode{}, vars: vars}, find: find}
	if err := c.fields(c.p.root, doc, ""); err != nil {
		return nil, err
	}
	if c.included != "" && c.excluded != "" {
		return nil, fault.New(31254, "Cannot do exclusion on field %s in inclusion projection", c.excluded)
	}
	c.p.include = c.included != "" || c.idKept && c.excluded == "" && !c.sliced
	return c.p, nil
}

type projCompiler struct {
	p                  *Projection
	find               bool
	included, excluded string
	idKept, sliced     bool
}

func (c *projCompiler) fields(n *projNode, doc []byte, prefix string) error {
	it := value.Elements(doc)
	for {
		key, v, ok := it.Next()
		if !ok {
			return nil
		}
		if err := c.field(n, prefix, string(key), v); err != nil {
			return err
		}
	}
}

func (c *projCompiler) field(n *projNode, prefix, key string, v value.V) error {
	path := prefix + key
	if c.find && strings.HasSuffix(path, ".$") {
		path = strings.TrimSuffix(path, ".$")
		if c.p.NeedIndex {
			return fault.New(31276, "Cannot specify more than one positional projection per query.")
		}
		c.p.NeedIndex, c.included = true, path
		leaf, err := n.leaf(strings.TrimSuffix(key, ".$"), path)
		if err == nil {
			leaf.position, leaf.keep = true, true
		}
		return err
	}
	if value.Number(v) || v.Type == bson.TypeBoolean {
		return c.flag(n, key, path, value.Truthy(v))
	}
	doc, isDoc := value.Doc(v)
	if isDoc && c.find {
		switch firstKey(doc) {
		case "$slice":
			return c.slice(n, key, path, value.Lookup(doc, "$slice"))
		case "$elemMatch":
			return c.elem(n, key, path, value.Lookup(doc, "$elemMatch"))
		}
	}
	if isDoc && !strings.HasPrefix(firstKey(doc), "$") {
		if value.Count(doc) == 0 {
			return fault.New(51270, "An empty sub-projection is not a valid value. Found empty object at path")
		}
		child, err := n.branch(strings.Split(key, "."), path)
		if err != nil {
			return err
		}
		return c.fields(child, doc, path+".")
	}
	node, err := expr.Compile(v, c.p.vars)
	if err != nil {
		return err
	}
	leaf, err := n.leaf(key, path)
	if err != nil {
		return err
	}
	if c.included == "" {
		c.included = path
	}
	leaf.computed = node
	return nil
}

func (c *projCompiler) flag(n *projNode, key, path string, keep bool) error {
	if path == "_id" {
		c.p.hideID, c.idKept = !keep, keep
		return nil
	}
	if keep {
		c.included = path
	} else {
		c.excluded = path
	}
	leaf, err := n.leaf(key, path)
	if err == nil {
		leaf.keep, leaf.drop = keep, !keep
	}
	return err
}

func (c *projCompiler) slice(n *projNode, key, path string, arg value.V) error {
	var nums []int64
	for _, v := range argList(arg) {
		num, ok := value.Int(v)
		if !ok {
			return fault.New(28724, "$slice needs whole numbers")
		}
		nums = append(nums, num)
	}
	if len(nums) == 0 || len(nums) > 2 || len(nums) == 2 && nums[1] <= 0 {
		return fault.New(28724, "First argument to $slice must be an array, but is of type: int")
	}
	leaf, err := n.leaf(key, path)
	if err == nil {
		leaf.slice, c.sliced = nums, true
	}
	return err
}

func argList(v value.V) []value.V {
	if arr, ok := value.Array(v); ok {
		return value.List(arr)
	}
	return []value.V{v}
}

func (c *projCompiler) elem(n *projNode, key, path string, arg value.V) error {
	if strings.Contains(path, ".") {
		return fault.New(31275, "Cannot use $elemMatch projection on a nested field: %s", path)
	}
	el, err := elemLeaf(path, splitPath(path), arg, c.p.vars, maxFilterDepth)
	if err != nil {
		return err
	}
	leaf, err := n.leaf(key, path)
	if err == nil {
		leaf.elem, _ = el.(*Leaf)
		c.included = path
	}
	return err
}

// leaf returns the new node for key, which may be dotted.
func (n *projNode) leaf(key, path string) (*projNode, error) {
	parts := strings.Split(key, ".")
	parent, err := n.branch(parts[:len(parts)-1], path)
	if err != nil {
		return nil, err
	}
	last := parts[len(parts)-1]
	if parent.children[last] != nil {
		return nil, fault.New(31249, "Path collision at %s", path)
	}
	child, err := parent.branch([]string{last}, path)
	return child, err
}

// branch returns the node at parts below n, making what is absent.
func (n *projNode) branch(parts []string, path string) (*projNode, error) {
	for _, p := range parts {
		if p == "" || p[0] == '$' {
			return nil, fault.New(16410, "FieldPath field names may not be empty or start with '$': %s", path)
		}
		child := n.children[p]
		if child == nil {
			child = &projNode{}
			if n.children == nil {
				n.children = map[string]*projNode{}
			}
			n.children[p] = child
			n.order = append(n.order, p)
		} else if child.isLeaf() {
			return nil, fault.New(31249, "Path collision at %s", path)
		}
		n = child
	}
	return n, nil
}

func (n *projNode) isLeaf() bool {
	return n.keep || n.drop || n.computed != nil || n.slice != nil || n.elem != nil
}

// Apply returns the projected document. index is the matched array index for
// the positional operator, or -1.
func (p *Projection) Apply(doc []byte, index int) ([]byte, error) {
	b := value.NewBuilder()
	env := expr.NewEnv(doc, p.vars)
	run := &projRun{p: p, env: env, index: index}
	if err := run.doc(b, p.root, doc, true); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

type projRun struct {
	p     *Projection
	env   *expr.Env
	index int
}

func (r *projRun) doc(b *value.Builder, n *projNode, doc []byte, top bool) error {
	it := value.Elements(doc)
	for {
		key, v, ok := it.Next()
		if !ok {
			break
		}
		child := n.children[string(key)]
		if top && string(key) == "_id" && child == nil {
			if !r.p.hideID {
				b.AddKey(key, v)
			}
			continue
		}
		out, err := r.field(child, v)
		if err != nil {
			return err
		}
		if !value.Missing(out) {
			b.AddKey(key, out)
		}
	}
	return r.absent(b, n, doc)
}

// field returns what an existing field becomes, missing if it goes.
func (r *projRun) field(n *projNode, v value.V) (value.V, error) {
	switch {
	case n == nil:
		if r.p.include {
			return value.V{}, nil
		}
		return v, nil
	case n.computed != nil:
		return n.computed.Eval(r.env)
	case n.drop:
		return value.V{}, nil
	case n.position:
		return r.matched(v)
	case n.slice != nil:
		return sliceOf(v, n.slice), nil
	case n.elem != nil:
		return r.firstElem(n.elem, v)
	case n.keep:
		return v, nil
	}
	return r.nested(n, v)
}

func (r *projRun) nested(n *projNode, v value.V) (value.V, error) {
	switch v.Type {
	case bson.TypeEmbeddedDocument:
		b := value.NewBuilder()
		err := r.doc(b, n, v.Data, false)
		return value.Document(b.Bytes()), err
	case bson.TypeArray:
		var out []value.V
		for _, e := range value.List(v.Data) {
			if e.Type != bson.TypeEmbeddedDocument && e.Type != bson.TypeArray {
				if !r.p.include {
					out = append(out, e)
				}
				continue
			}
			x, err := r.nested(n, e)
			if err != nil {
				return value.V{}, err
			}
			out = append(out, x)
		}
		return value.ArrayOf(out), nil
	}
	if n.hasComputed() {
		b := value.NewBuilder()
		err := r.absent(b, n, nil)
		return value.Document(b.Bytes()), err
	}
	if r.p.include {
		return value.V{}, nil
	}
	return v, nil
}

// absent adds computed fields that doc does not have.
func (r *projRun) absent(b *value.Builder, n *projNode, doc []byte) error {
	for _, name := range n.order {
		child := n.children[name]
		if !child.hasComputed() || !value.Missing(value.Lookup(doc, name)) {
			continue
		}
		var v value.V
		var err error
		if child.computed != nil {
			v, err = child.computed.Eval(r.env)
		} else {
			inner := value.NewBuilder()
			err = r.absent(inner, child, nil)
			v = value.Document(inner.Bytes())
		}
		if err != nil {
			return err
		}
		b.Add(name, v)
	}
	return nil
}

func (n *projNode) hasComputed() bool {
	if n.computed != nil {
		return true
	}
	for _, c := range n.children {
		if c.hasComputed() {
			return true
		}
	}
	return false
}

func (r *projRun) matched(v value.V) (value.V, error) {
	if v.Type != bson.TypeArray {
		return v, nil
	}
	list := value.List(v.Data)
	if r.index < 0 || r.index >= len(list) {
		return value.V{}, fault.New(51246, "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array")
	}
	return value.ArrayOf(list[r.index : r.index+1]), nil
}

func (r *projRun) firstElem(l *Leaf, v value.V) (value.V, error) {
	m := Match{Vars: r.p.vars, Position: -1}
	ok, err := l.anyElement(v, &m)
	if !ok || err != nil {
		return value.V{}, err
	}
	return value.ArrayOf(value.List(v.Data)[m.Position : m.Position+1]), nil
}

func sliceOf(v value.V, nums []int64) value.V {
	if v.Type != bson.TypeArray {
		return v
	}
	list := value.List(v.Data)
	size := int64(len(list))
	if len(nums) == 1 {
		if n := nums[0]; n >= 0 {
			return value.ArrayOf(list[:min(n, size)])
		}
		return value.ArrayOf(list[max(0, size+nums[0]):])
	}
	from := nums[0]
	if from < 0 {
		from = max(0, size+from)
	}
	from = min(from, size)
	return value.ArrayOf(list[from : from+min(nums[1], size-from)])
}
