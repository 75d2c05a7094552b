package query

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/256dpi/lungo/mongokit"
	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// Op is what a leaf asks of the values at its path.
type Op int

// The operators of leaves. Those the planner can turn into index bounds come
// first.
const (
	OpEq Op = iota
	OpIn
	OpLt
	OpLte
	OpGt
	OpGte
	OpRegex
	OpExists
	OpSize
	OpType
	OpElem
	OpArg // $mod and $bits…, answered by mongokit
)

// Leaf is one operator on one path.
type Leaf struct {
	Path    string
	Op      Op
	Value   value.V
	Key     []byte   // Value in key order
	Set     [][]byte // OpIn: the values in key order, sorted, without repeats
	Prefix  string   // OpRegex: every match begins with this
	parts   []string
	whole   bool // compare the value itself only, not the elements of an array
	nan     bool
	res     []*regexp.Regexp
	types   map[value.Type]bool
	size    int64
	elem    Node
	inDoc   bool // OpElem: elem wants documents
	argExpr bson.D
}

func leaf(key string, parts []string, op Op, v value.V) *Leaf {
	return &Leaf{Path: key, parts: parts, Op: op, Value: v, Key: value.AppendKey(nil, v), nan: value.NaN(v)}
}

func rangeLeaf(key string, parts []string, op string, v value.V) (Node, error) {
	if v.Type == bson.TypeRegex {
		return nil, fault.Bad("Can't have RegEx as arg to predicate over field '%s'.", key)
	}
	ops := map[string]Op{"$gt": OpGt, "$gte": OpGte, "$lt": OpLt, "$lte": OpLte}
	return leaf(key, parts, ops[op], v), nil
}

func inLeaf(key string, parts []string, op string, v value.V) (Node, error) {
	arr, ok := value.Array(v)
	if !ok {
		return nil, fault.Bad("%s needs an array", op)
	}
	l := &Leaf{Path: key, parts: parts, Op: OpIn, Value: v}
	for _, e := range value.List(arr) {
		if e.Type == bson.TypeRegex {
			re, _, err := compileRegex(e, "")
			if err != nil {
				return nil, err
			}
			l.res = append(l.res, re)
			continue
		}
		if doc, ok := value.Doc(e); ok && strings.HasPrefix(firstKey(doc), "$") {
			return nil, fault.Bad("cannot nest $ under %s", op)
		}
		l.Set = append(l.Set, value.AppendKey(nil, e))
	}
	slices.SortFunc(l.Set, bytes.Compare)
	l.Set = slices.CompactFunc(l.Set, bytes.Equal)
	return l, nil
}

// Exact tells whether an OpIn has no regular expressions.
func (l *Leaf) Exact() bool { return len(l.res) == 0 }

func regexLeaf(key string, parts []string, v value.V, options string) (Node, error) {
	re, prefix, err := compileRegex(v, options)
	if err != nil {
		return nil, err
	}
	return &Leaf{Path: key, parts: parts, Op: OpRegex, Value: v, res: []*regexp.Regexp{re}, Prefix: prefix}, nil
}

func elemLeaf(key string, parts []string, v value.V, vars *expr.Vars, depth int) (Node, error) {
	doc, ok := value.Doc(v)
	if !ok {
		return nil, fault.Bad("$elemMatch needs an Object")
	}
	l := &Leaf{Path: key, parts: parts, Op: OpElem, Value: v}
	first := firstKey(doc)
	var err error
	if strings.HasPrefix(first, "$") && first != "$and" && first != "$or" && first != "$nor" && first != "$expr" {
		l.elem, err = compileOps("", nil, doc, vars, depth-1)
		forceWhole(l.elem)
	} else {
		l.inDoc = true
		l.elem, err = compileDoc(doc, vars, depth-1)
	}
	return l, err
}

// forceWhole makes the leaves of a value $elemMatch look at the element itself.
func forceWhole(n Node) {
	switch n := n.(type) {
	case *And:
		for _, c := range n.Children {
			forceWhole(c)
		}
	case *Not:
		forceWhole(n.Child)
	case *Leaf:
		n.whole = true
	}
}

// argLeaf compiles the operators that have no use in an index.
func argLeaf(key string, parts []string, op string, v value.V) (Node, error) {
	l := &Leaf{Path: key, parts: parts, Value: v}
	switch op {
	case "$size":
		n, ok := value.Int(v)
		if !ok || n < 0 {
			return nil, fault.Bad("Failed to parse $size. Expected a non-negative integer")
		}
		l.Op, l.size = OpSize, n
		return l, nil
	case "$type":
		types, err := typeSet(v)
		l.Op, l.types = OpType, types
		return l, err
	}
	arg, err := value.Any(v)
	if err != nil {
		return nil, fault.Bad("%s: %v", op, err)
	}
	l.Op, l.argExpr = OpArg, bson.D{{Key: "v", Value: bson.D{{Key: op, Value: arg}}}}
	if _, err := mongokit.Match(&bson.D{{Key: "v", Value: int32(0)}}, &l.argExpr); err != nil {
		return nil, fault.Bad("%v", err)
	}
	return l, nil
}

func (l *Leaf) match(doc []byte, m *Match) (bool, error) {
	if len(l.parts) == 0 { // inside a value $elemMatch: doc is {"": element}
		return l.final(value.Lookup(doc, ""), m)
	}
	return l.at(doc, l.parts, m)
}

func (l *Leaf) at(doc []byte, parts []string, m *Match) (bool, error) {
	return l.down(value.Lookup(doc, parts[0]), parts[1:], m)
}

// down follows the rest of the path from v, through the elements of arrays.
func (l *Leaf) down(v value.V, rest []string, m *Match) (bool, error) {
	if len(rest) == 0 {
		return l.final(v, m)
	}
	switch v.Type {
	case bson.TypeEmbeddedDocument:
		return l.at(v.Data, rest, m)
	case bson.TypeArray:
		return l.through(v.Data, rest, m)
	}
	return l.final(value.V{}, m)
}

func (l *Leaf) through(arr []byte, rest []string, m *Match) (bool, error) {
	it := value.Elements(arr)
	for i := 0; ; i++ {
		_, e, ok := it.Next()
		if !ok {
			break
		}
		if e.Type != bson.TypeEmbeddedDocument {
			continue
		}
		if ok, err := l.at(e.Data, rest, m); ok || err != nil {
			m.Position = i
			return ok, err
		}
	}
	if _, err := strconv.ParseUint(rest[0], 10, 31); err == nil {
		if e := value.Lookup(arr, rest[0]); !value.Missing(e) {
			return l.down(e, rest[1:], m)
		}
	}
	return false, nil
}

// final asks the operator of the value at the end of the path.
func (l *Leaf) final(v value.V, m *Match) (bool, error) {
	switch l.Op {
	case OpExists:
		return !value.Missing(v), nil
	case OpSize:
		return v.Type == bson.TypeArray && int64(value.Count(v.Data)) == l.size, nil
	case OpElem:
		return l.anyElement(v, m)
	}
	if l.test(v) {
		return true, nil
	}
	if v.Type != bson.TypeArray || l.whole {
		return false, nil
	}
	it := value.Elements(v.Data)
	for i := 0; ; i++ {
		_, e, ok := it.Next()
		if !ok {
			return false, nil
		}
		if l.test(e) {
			m.Position = i
			return true, nil
		}
	}
}

func (l *Leaf) anyElement(v value.V, m *Match) (bool, error) {
	if v.Type != bson.TypeArray {
		return false, nil
	}
	it := value.Elements(v.Data)
	for i := 0; ; i++ {
		_, e, ok := it.Next()
		if !ok {
			return false, nil
		}
		doc := e.Data
		if !l.inDoc {
			doc = value.NewBuilder().Add("", e).Bytes()
		} else if e.Type != bson.TypeEmbeddedDocument && e.Type != bson.TypeArray {
			continue
		}
		inner := Match{Vars: m.Vars}
		if ok, err := l.elem.match(doc, &inner); ok || err != nil {
			m.Position = i
			return ok, err
		}
	}
}

// test asks the operator of one value.
func (l *Leaf) test(v value.V) bool {
	switch l.Op {
	case OpEq:
		return l.equal(v)
	case OpIn:
		return l.member(v)
	case OpLt, OpLte, OpGt, OpGte:
		return l.inRange(v)
	case OpRegex:
		return l.matchText(v)
	case OpType:
		return l.types[v.Type]
	case OpArg:
		return l.testArg(v)
	}
	return false
}

func (l *Leaf) equal(v value.V) bool {
	if v.Type == l.Value.Type {
		if bytes.Equal(v.Data, l.Value.Data) {
			return true
		}
		switch v.Type {
		case bson.TypeString, bson.TypeInt32, bson.TypeInt64, bson.TypeObjectID, bson.TypeBoolean, bson.TypeDateTime:
			return false
		}
	}
	if value.ClassOf(v) != l.Key[0] {
		return false
	}
	var buf [96]byte
	return bytes.Equal(value.AppendKey(buf[:0], v), l.Key)
}

func (l *Leaf) member(v value.V) bool {
	var buf [96]byte
	key := value.AppendKey(buf[:0], v)
	if _, ok := slices.BinarySearchFunc(l.Set, key, bytes.Compare); ok {
		return true
	}
	return len(l.res) > 0 && l.matchText(v)
}

func (l *Leaf) matchText(v value.V) bool {
	s, ok := value.Text(v)
	if !ok {
		return false
	}
	return slices.ContainsFunc(l.res, func(re *regexp.Regexp) bool { return re.MatchString(s) })
}

// inRange compares within the class of the bound only, except for the ends of
// the order, MinKey and MaxKey.
func (l *Leaf) inRange(v value.V) bool {
	class := l.Key[0]
	ends := class == value.ClassMinKey || class == value.ClassMaxKey
	if ends && value.Missing(v) || !ends && value.ClassOf(v) != class {
		return false
	}
	if class == value.ClassNumber && value.NaN(v) != l.nan {
		return false
	}
	var buf [96]byte
	c := bytes.Compare(value.AppendKey(buf[:0], v), l.Key)
	switch l.Op {
	case OpLt:
		return c < 0
	case OpLte:
		return c <= 0
	case OpGt:
		return c > 0
	default:
		return c >= 0
	}
}

// testArg lets mongokit answer; its types are those it can inspect.
func (l *Leaf) testArg(v value.V) bool {
	if !value.Number(v) && v.Type != bson.TypeBinary {
		return false
	}
	x, err := value.Any(v)
	if err != nil {
		return false
	}
	ok, err := mongokit.Match(&bson.D{{Key: "v", Value: x}}, &l.argExpr)
	return ok && err == nil
}
