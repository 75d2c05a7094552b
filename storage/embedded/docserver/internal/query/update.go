package query

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// maxPadding is how far beyond its end an array may be written to, as in
// MongoDB.
const maxPadding = 1_500_000

// Update is a compiled update: a replacement, a set of operators or a
// pipeline. It is immutable.
type Update struct {
	replacement []byte
	pipeline    []Transform
	changes     []change
	filters     map[string]*Filter // array filters by identifier
}

// change is one operator on one path.
type change struct {
	op    string
	path  string
	parts []string
	arg   any
	raw   value.V
	pull  Node // $pull: the condition on an element, nil for equality
}

// Applied is what an update needs to know of the document it changes.
type Applied struct {
	Insert   bool // by upsert
	Position int  // array index for the positional operator, or -1
	Now      time.Time
}

// CompileUpdate compiles the update argument u with its array filters.
func CompileUpdate(u value.V, arrayFilters []value.V, vars *expr.Vars) (*Update, error) {
	up := &Update{}
	if arr, ok := value.Array(u); ok {
		if len(arrayFilters) > 0 {
			return nil, fault.New(fault.FailedToParse, "arrayFilters may not be specified for pipeline-style updates")
		}
		return up, up.compilePipeline(value.List(arr), vars)
	}
	doc, ok := value.Doc(u)
	if !ok {
		return nil, fault.New(fault.FailedToParse, "Update argument must be either an object or an array")
	}
	if !strings.HasPrefix(firstKey(doc), "$") {
		if len(arrayFilters) > 0 {
			return nil, fault.New(fault.FailedToParse, "arrayFilters may not be specified for a replacement")
		}
		up.replacement = doc
		return up, replacementFields(doc)
	}
	if err := up.compileArrayFilters(arrayFilters, vars); err != nil {
		return nil, err
	}
	return up, up.compileOperators(doc, vars)
}

func replacementFields(doc []byte) error {
	it := value.Elements(doc)
	for {
		key, _, ok := it.Next()
		if !ok {
			return nil
		}
		if len(key) > 0 && key[0] == '$' {
			return fault.New(fault.DollarPrefixedField, "The dollar ($) prefixed field '%s' is not allowed in the context of an update's replacement document.", key)
		}
	}
}

// Replacement tells whether the whole document is replaced.
func (u *Update) Replacement() bool { return u.replacement != nil }

func (u *Update) compilePipeline(stages []value.V, vars *expr.Vars) error {
	u.pipeline = []Transform{}
	for _, s := range stages {
		doc, ok := value.Doc(s)
		if !ok || value.Count(doc) != 1 {
			return fault.New(40323, "A pipeline stage specification object must contain exactly one field.")
		}
		name := firstKey(doc)
		t, ok, err := CompileTransform(name, value.Lookup(doc, name), vars)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.InvalidOptions, "%s is not allowed to be used within an update", name)
		}
		u.pipeline = append(u.pipeline, t)
	}
	return nil
}

func (u *Update) compileArrayFilters(filters []value.V, vars *expr.Vars) error {
	u.filters = map[string]*Filter{}
	for _, f := range filters {
		doc, ok := value.Doc(f)
		if !ok {
			return fault.New(fault.TypeMismatch, "arrayFilters must be objects")
		}
		id, _, _ := strings.Cut(firstFieldOf(doc), ".")
		if id == "" {
			return fault.New(fault.FailedToParse, "Cannot use an expression without a top-level field name in arrayFilters")
		}
		if u.filters[id] != nil {
			return fault.New(fault.FailedToParse, "Found multiple array filters with the same top-level field name %s", id)
		}
		compiled, err := CompileFilter(doc, vars)
		if err != nil {
			return err
		}
		u.filters[id] = compiled
	}
	return nil
}

// firstFieldOf finds the first field name of a filter, inside $and, $or, $nor.
func firstFieldOf(doc []byte) string {
	key := firstKey(doc)
	if !strings.HasPrefix(key, "$") {
		return key
	}
	arr, ok := value.Array(value.Lookup(doc, key))
	if !ok || value.Count(arr) == 0 {
		return ""
	}
	inner, _ := value.Doc(value.List(arr)[0])
	return firstFieldOf(inner)
}

func (u *Update) compileOperators(doc []byte, vars *expr.Vars) error {
	it := value.Elements(doc)
	for {
		op, arg, ok := it.Next()
		if !ok {
			break
		}
		if !knownOperator(string(op)) {
			return fault.New(fault.FailedToParse, "Unknown modifier: %s. Expected a valid update modifier or pipeline-style update specified as an array", op)
		}
		fields, ok := value.Doc(arg)
		if !ok {
			return fault.New(fault.FailedToParse, "Modifiers operate on fields but we found type %s instead.", value.TypeName(arg.Type))
		}
		inner := value.Elements(fields)
		for {
			path, v, ok := inner.Next()
			if !ok {
				break
			}
			if err := u.add(string(op), string(path), v, vars); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(u.changes, func(a, b change) int { return comparePaths(a.parts, b.parts) })
	return u.conflicts()
}

func knownOperator(op string) bool {
	switch op {
	case "$set", "$setOnInsert", "$unset", "$inc", "$mul", "$min", "$max", "$rename", "$currentDate",
		"$push", "$pop", "$pull", "$pullAll", "$addToSet", "$bit":
		return true
	}
	return false
}

func (u *Update) add(op, path string, v value.V, vars *expr.Vars) error {
	c := change{op: op, path: path, parts: splitPath(path), raw: v}
	for i, p := range c.parts {
		if p == "" {
			return fault.New(fault.EmptyFieldName, "The update path '%s' contains an empty field name, which is not allowed.", path)
		}
		if err := u.checkPart(i, p, path); err != nil {
			return err
		}
	}
	var err error
	if c.arg, err = value.Any(v); err != nil {
		return fault.Bad("%v", err)
	}
	if op == "$rename" {
		if err := u.checkRename(path, v); err != nil {
			return err
		}
	}
	if op == "$pull" {
		if c.pull, err = pullCondition(v, vars); err != nil {
			return err
		}
	}
	u.changes = append(u.changes, c)
	return nil
}

func (u *Update) checkPart(i int, part, path string) error {
	if n, err := strconv.ParseUint(part, 10, 64); err == nil && n > maxPadding {
		return fault.Bad("array index %s in path '%s' is too large", part, path)
	}
	if part[0] != '$' {
		return nil
	}
	if i == 0 {
		return fault.New(fault.DollarPrefixedField, "The dollar ($) prefixed field '%s' in '%s' is not allowed in the context of an update", part, path)
	}
	if id, ok := filterName(part); ok && id != "" && u.filters[id] == nil {
		return fault.Bad("No array filter found for identifier '%s' in path '%s'", id, path)
	} else if !ok && part != "$" {
		return fault.New(fault.DollarPrefixedField, "The dollar ($) prefixed field '%s' in '%s' is not valid for storage.", part, path)
	}
	return nil
}

// filterName reads $[name]; the name of $[] is empty.
func filterName(part string) (string, bool) {
	if strings.HasPrefix(part, "$[") && strings.HasSuffix(part, "]") {
		return part[2 : len(part)-1], true
	}
	return "", false
}

func (u *Update) checkRename(from string, v value.V) error {
	to, ok := value.Text(v)
	if !ok || to == "" {
		return fault.Bad("The 'to' field for $rename must be a string: %s", from)
	}
	if strings.Contains(from, "$") || strings.Contains(to, "$") {
		return fault.Bad("The source and target field for $rename may not be dynamic: %s", from)
	}
	u.changes = append(u.changes, change{op: "", path: to, parts: splitPath(to)}) // for the conflict check only
	return nil
}

func pullCondition(v value.V, vars *expr.Vars) (Node, error) {
	if v.Type == bson.TypeRegex {
		n, err := regexLeaf("", nil, v, "")
		forceWhole(n)
		return n, err
	}
	doc, ok := value.Doc(v)
	if !ok {
		return nil, nil //nolint:nilnil // equality
	}
	if strings.HasPrefix(firstKey(doc), "$") {
		n, err := compileOps("", nil, doc, vars, maxFilterDepth)
		forceWhole(n)
		return n, err
	}
	n, err := compileDoc(doc, vars, maxFilterDepth)
	return &Leaf{elem: n}, err
}

// comparePaths orders paths by their parts, numbers by size.
func comparePaths(a, b []string) int {
	return slices.CompareFunc(a, b, func(x, y string) int {
		nx, errx := strconv.Atoi(x)
		ny, erry := strconv.Atoi(y)
		if errx == nil && erry == nil {
			return cmp.Compare(nx, ny)
		}
		return cmp.Compare(x, y)
	})
}

// conflicts refuses two changes of which one is at or inside the other.
func (u *Update) conflicts() error {
	for i := range u.changes {
		for j := i + 1; j < len(u.changes); j++ {
			a, b := u.changes[i].parts, u.changes[j].parts
			n := min(len(a), len(b))
			if slices.Equal(a[:n], b[:n]) {
				return fault.New(fault.ConflictingUpdate, "Updating the path '%s' would create a conflict at '%s'",
					u.changes[j].path, strings.Join(a[:n], "."))
			}
			if a[0] != b[0] {
				break // sorted: nothing further shares the first part
			}
		}
	}
	u.changes = slices.DeleteFunc(u.changes, func(c change) bool { return c.op == "" })
	return nil
}

// Apply returns doc changed; the result is doc itself when nothing changes.
// The _id may not change.
func (u *Update) Apply(doc []byte, a Applied) ([]byte, error) {
	out, err := u.apply(doc, a)
	if err != nil {
		return nil, err
	}
	id, was := value.Lookup(out, "_id"), value.Lookup(doc, "_id")
	if !value.Missing(was) && (value.Missing(id) || !value.Equal(id, was)) {
		return nil, fault.New(fault.ImmutableField, "Performing an update on the path '_id' would modify the immutable field '_id'")
	}
	if bytes.Equal(out, doc) {
		return doc, nil
	}
	return out, nil
}

func (u *Update) apply(doc []byte, a Applied) ([]byte, error) {
	switch {
	case u.replacement != nil:
		return withID(u.replacement, value.Lookup(doc, "_id")), nil
	case u.pipeline != nil:
		id := value.Lookup(doc, "_id")
		var err error
		for _, t := range u.pipeline {
			if doc, err = t(doc); err != nil {
				return nil, err
			}
		}
		return withID(doc, id), nil
	}
	var tree bson.D
	if err := bson.Unmarshal(doc, &tree); err != nil {
		return nil, fault.New(fault.InternalError, "decode document: %v", err)
	}
	r := &updateRun{u: u, a: a, tree: &tree}
	for i := range u.changes {
		if err := r.change(&u.changes[i]); err != nil {
			return nil, err
		}
	}
	out, err := bson.Marshal(tree)
	if err != nil {
		return nil, fault.Bad("encode document: %v", err)
	}
	return out, nil
}

// withID puts id first in doc unless doc has one of its own.
func withID(doc []byte, id value.V) []byte {
	if value.Missing(id) || !value.Missing(value.Lookup(doc, "_id")) {
		return doc
	}
	b := value.NewBuilder().Add("_id", id)
	it := value.Elements(doc)
	for {
		k, v, ok := it.Next()
		if !ok {
			return b.Bytes()
		}
		b.AddKey(k, v)
	}
}
