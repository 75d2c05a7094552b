package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/256dpi/lungo/bsonkit"
	"github.com/256dpi/lungo/mongokit"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// updateRun changes one decoded document.
type updateRun struct {
	u    *Update
	a    Applied
	tree *bson.D
}

// change applies c to every path that its positional parts stand for.
func (r *updateRun) change(c *change) error {
	if !strings.Contains(c.path, "$") {
		return r.one(c, c.path)
	}
	paths, err := r.resolve(nil, c.parts, c.path)
	if err != nil {
		return err
	}
	for _, p := range paths {
		if err := r.one(c, p); err != nil {
			return err
		}
	}
	return nil
}

// resolve replaces $, $[] and $[name] by the indexes they stand for.
func (r *updateRun) resolve(done, rest []string, path string) ([]string, error) {
	for len(rest) > 0 && rest[0][0] != '$' {
		done, rest = append(slices.Clip(done), rest[0]), rest[1:]
	}
	if len(rest) == 0 {
		return []string{strings.Join(done, ".")}, nil
	}
	if rest[0] == "$" {
		if r.a.Position < 0 {
			return nil, fault.Bad("The positional operator did not find the match needed from the query.")
		}
		return r.resolve(append(slices.Clip(done), strconv.Itoa(r.a.Position)), rest[1:], path)
	}
	at := strings.Join(done, ".")
	arr, ok := bsonkit.Get(r.tree, at).(bson.A)
	if !ok {
		return nil, fault.Bad("The path '%s' must exist in the document and be an array in order to apply array updates to '%s'.", at, path)
	}
	id, _ := filterName(rest[0])
	var out []string
	for i, e := range arr {
		if id != "" {
			if ok, err := r.elementMatches(id, e); err != nil || !ok {
				if err != nil {
					return nil, err
				}
				continue
			}
		}
		more, err := r.resolve(append(slices.Clip(done), strconv.Itoa(i)), rest[1:], path)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

func (r *updateRun) elementMatches(id string, e any) (bool, error) {
	doc, err := bson.Marshal(bson.D{{Key: id, Value: e}})
	if err != nil {
		return false, fault.Bad("%v", err)
	}
	return r.u.filters[id].Match(doc, nil)
}

// one applies c at a path without positional parts.
func (r *updateRun) one(c *change, path string) error {
	switch c.op {
	case "$set":
		return r.put(path, c.arg)
	case "$setOnInsert":
		if !r.a.Insert {
			return nil
		}
		return r.put(path, c.arg)
	case "$unset":
		bsonkit.Unset(r.tree, path)
		return nil
	case "$inc", "$mul":
		return r.arithmetic(c, path)
	case "$min", "$max":
		return r.extreme(c, path)
	case "$currentDate":
		return r.currentDate(c, path)
	case "$pull":
		return r.pull(c, path)
	}
	return r.delegate(c, path)
}

func (r *updateRun) put(path string, v any) error {
	if _, err := bsonkit.Put(r.tree, path, cloneAny(v), false); err != nil {
		return fault.New(fault.PathNotViable, "Cannot create field at path '%s' in the document", path)
	}
	return nil
}

// cloneAny copies trees, because later changes work in place.
func cloneAny(v any) any {
	switch x := v.(type) {
	case bson.D:
		out := make(bson.D, len(x))
		for i, e := range x {
			out[i] = bson.E{Key: e.Key, Value: cloneAny(e.Value)}
		}
		return out
	case bson.A:
		out := make(bson.A, len(x))
		for i, e := range x {
			out[i] = cloneAny(e)
		}
		return out
	}
	return v
}

func (r *updateRun) arithmetic(c *change, path string) error {
	if !value.Number(c.raw) {
		return fault.New(fault.TypeMismatch, "Cannot %s with non-numeric argument: {%s: …}", incOrMul(c.op), path)
	}
	was := bsonkit.Get(r.tree, path)
	if was == bsonkit.Missing {
		was = int32(0)
		if c.op == "$inc" {
			return r.put(path, c.arg)
		}
	}
	old, err := value.Of(was)
	if err != nil {
		return fault.Bad("%v", err)
	}
	if !value.Number(old) {
		return fault.New(fault.TypeMismatch, "Cannot apply %s to a value of non-numeric type. The field '%s' is of type %s", c.op, path, value.TypeName(old.Type))
	}
	if old.Type == bson.TypeDecimal128 || c.raw.Type == bson.TypeDecimal128 {
		return r.decimal(c, path, was)
	}
	op := expr.Add
	if c.op == "$mul" {
		op = expr.Mul
	}
	sum, err := op(old, c.raw)
	if err != nil {
		return err
	}
	if sum.Type == bson.TypeDouble && old.Type != bson.TypeDouble && c.raw.Type != bson.TypeDouble {
		return fault.Bad("Failed to apply %s operations to current value of '%s': 64-bit integer overflow", c.op, path)
	}
	v, err := value.Any(sum)
	if err != nil {
		return fault.Bad("%v", err)
	}
	return r.put(path, v)
}

func incOrMul(op string) string {
	if op == "$mul" {
		return "multiply"
	}
	return "increment"
}

func (r *updateRun) decimal(c *change, path string, was any) error {
	for _, x := range []any{was, c.arg} {
		if d, ok := x.(primitive.Decimal128); ok && (d.IsNaN() || d.IsInf() != 0) {
			return fault.New(fault.NotImplemented, "arithmetic on a Decimal128 that is not finite is not supported by this server")
		}
	}
	if c.op == "$mul" {
		return r.put(path, bsonkit.Mul(was, c.arg))
	}
	return r.put(path, bsonkit.Add(was, c.arg))
}

func (r *updateRun) extreme(c *change, path string) error {
	was := bsonkit.Get(r.tree, path)
	if was == bsonkit.Missing {
		return r.put(path, c.arg)
	}
	old, err := value.Of(was)
	if err != nil {
		return fault.Bad("%v", err)
	}
	if d := value.Compare(c.raw, old); c.op == "$min" && d < 0 || c.op == "$max" && d > 0 {
		return r.put(path, c.arg)
	}
	return nil
}

func (r *updateRun) currentDate(c *change, path string) error {
	kind := "date"
	if doc, ok := value.Doc(c.raw); ok {
		s, _ := value.Text(value.Lookup(doc, "$type"))
		if value.Count(doc) != 1 || s != "date" && s != "timestamp" {
			return fault.Bad("The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}")
		}
		kind = s
	} else if c.raw.Type != bson.TypeBoolean {
		return fault.Bad("%s is not valid type for $currentDate.", value.TypeName(c.raw.Type))
	}
	if kind == "timestamp" {
		return r.put(path, primitive.Timestamp{T: uint32(r.a.Now.Unix()), I: 1})
	}
	return r.put(path, primitive.NewDateTimeFromTime(r.a.Now))
}

func (r *updateRun) pull(c *change, path string) error {
	was := bsonkit.Get(r.tree, path)
	if was == bsonkit.Missing {
		return nil
	}
	arr, ok := was.(bson.A)
	if !ok {
		return fault.Bad("Cannot apply $pull to a non-array value")
	}
	out := bson.A{}
	for _, e := range arr {
		hit, err := pullMatches(c, e)
		if err != nil {
			return err
		}
		if !hit {
			out = append(out, e)
		}
	}
	return r.put(path, out)
}

func pullMatches(c *change, e any) (bool, error) {
	v, err := value.Of(e)
	if err != nil {
		return false, fault.Bad("%v", err)
	}
	if c.pull == nil {
		return value.Equal(v, c.raw), nil
	}
	m := Match{Position: -1}
	if sub, ok := c.pull.(*Leaf); ok && sub.elem != nil && sub.Op == OpEq { // a query on documents
		if v.Type != bson.TypeEmbeddedDocument {
			return false, nil
		}
		return sub.elem.match(v.Data, &m)
	}
	return c.pull.match(value.NewBuilder().Add("", v).Bytes(), &m)
}

// delegate lets mongokit apply the operators on arrays and bits.
func (r *updateRun) delegate(c *change, path string) (err error) {
	defer func() { // it panics on BSON types it does not know
		if p := recover(); p != nil {
			err = fault.New(fault.NotImplemented, "%s: %s", c.op, fmt.Sprint(p))
		}
	}()
	one := bson.D{{Key: c.op, Value: bson.D{{Key: path, Value: cloneAny(c.arg)}}}}
	if _, err := mongokit.Apply(r.tree, &bson.D{}, &one, r.a.Insert, nil); err != nil {
		return fault.Bad("%v", err)
	}
	return nil
}
