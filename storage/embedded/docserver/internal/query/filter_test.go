package query_test

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
)

type (
	D = bson.D
	A = bson.A
)

func e(k string, v any) bson.E { return bson.E{Key: k, Value: v} }

func raw(tb testing.TB, v any) []byte {
	tb.Helper()
	b, err := bson.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func vars(tb testing.TB) *expr.Vars {
	tb.Helper()
	v, err := expr.NewVars(time.Unix(1_700_000_000, 0), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func TestFilterMatches(t *testing.T) {
	doc := D{
		e("n", int32(5)), e("f", 2.5), e("s", "Case/42"), e("z", nil), e("big", int64(1<<53+1)),
		e("tags", A{"a", "b"}), e("nums", A{int32(1), int32(20)}), e("empty", A{}),
		e("in", D{e("x", int32(1)), e("y", D{e("z", "deep")})}),
		e("items", A{D{e("k", "a"), e("n", int32(1))}, D{e("k", "b"), e("n", int32(2))}}),
		e("nan", primitive.DateTime(0)), e("m", A{A{int32(1), int32(2)}}),
	}
	op := func(f, o string, v any) D { return D{e(f, D{e(o, v)})} }
	tests := []struct {
		name   string
		filter D
		want   bool
	}{
		{"equal across numeric types", D{e("n", 5.0)}, true},
		{"equal to element", D{e("tags", "b")}, true},
		{"equal to whole array", D{e("tags", A{"a", "b"})}, true},
		{"not equal to part of an array", D{e("tags", A{"a"})}, false},
		{"null matches null", D{e("z", nil)}, true},
		{"null matches missing", D{e("gone", nil)}, true},
		{"null does not match an empty array", D{e("empty", nil)}, false},
		{"null in a document of an array", D{e("items.gone", nil)}, true},
		{"dotted", D{e("in.y.z", "deep")}, true},
		{"dotted through an array", D{e("items.k", "b")}, true},
		{"dotted index", D{e("items.1.k", "b")}, true},
		{"wrong index", D{e("items.0.k", "b")}, false},
		{"document equality needs order", D{e("in", D{e("y", D{e("z", "deep")}), e("x", int32(1))})}, false},
		{"beyond 2^53", op("big", "$gt", float64(1<<53)), true},
		{"beyond 2^53 not equal", D{e("big", float64(1<<53))}, false},
		{"range over elements apart", D{e("nums", D{e("$gt", 5), e("$lt", 10)})}, true},
		{"elemMatch holds one element", D{e("nums", D{e("$elemMatch", D{e("$gt", 5), e("$lt", 10)})})}, false},
		{"elemMatch document", D{e("items", D{e("$elemMatch", D{e("k", "b"), e("n", 2)})})}, true},
		{"elemMatch document apart", D{e("items", D{e("$elemMatch", D{e("k", "a"), e("n", 2)})})}, false},
		{"ne over an array", op("tags", "$ne", "a"), false},
		{"nin", op("n", "$nin", A{1, 2}), true},
		{"in with regex", op("s", "$in", A{primitive.Regex{Pattern: "^Case"}}), true},
		{"in null matches missing", op("gone", "$in", A{nil}), true},
		{"not of missing", D{e("gone", D{e("$not", D{e("$gt", 1)})})}, true},
		{"exists", op("z", "$exists", true), true},
		{"exists false", op("gone", "$exists", false), true},
		{"size", op("tags", "$size", 2), true},
		{"all", op("tags", "$all", A{"b", "a"}), true},
		{"all of none", op("tags", "$all", A{}), false},
		{"type by name", op("f", "$type", "double"), true},
		{"type number", op("n", "$type", "number"), true},
		{"type of elements", op("tags", "$type", "string"), true},
		{"regex", D{e("s", primitive.Regex{Pattern: "^case", Options: "i"})}, true},
		{"regex operator", D{e("s", D{e("$regex", "42$")})}, true},
		{"mod", op("n", "$mod", A{2, 1}), true},
		{"bits", op("n", "$bitsAllSet", 5), true},
		{"types do not compare", op("s", "$gt", 1), false},
		{"minKey is below all", op("n", "$gt", primitive.MinKey{}), true},
		{"nested array element", D{e("m", A{int32(1), int32(2)})}, true},
		{"or", D{e("$or", A{D{e("n", 1)}, D{e("n", 5)}})}, true},
		{"nor", D{e("$nor", A{D{e("n", 1)}, D{e("n", 5)}})}, false},
		{"expr", D{e("$expr", D{e("$gt", A{"$n", "$f"})})}, true},
		{"comment", D{e("$comment", "why"), e("n", 5)}, true},
	}
	d := raw(t, doc)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := query.CompileFilter(raw(t, tt.filter), vars(t))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := f.Match(d, vars(t)); err != nil || got != tt.want {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestFilterRefusesWhatItDoesNotKnow(t *testing.T) {
	for name, f := range map[string]D{
		"top operator":    {e("$where", "1")},
		"text search":     {e("$text", D{e("$search", "x")})},
		"schema":          {e("$jsonSchema", D{})},
		"field operator":  {e("a", D{e("$near", A{})})},
		"mixed":           {e("a", D{e("$gt", 1), e("b", 2)})},
		"and not a list":  {e("$and", D{})},
		"empty or":        {e("$or", A{})},
		"in not a list":   {e("a", D{e("$in", 1)})},
		"regex flag":      {e("a", primitive.Regex{Pattern: "a", Options: "x"})},
		"regex syntax":    {e("a", primitive.Regex{Pattern: "(?=a)"})},
		"options alone":   {e("a", D{e("$options", "i")})},
		"type name":       {e("a", D{e("$type", "money")})},
		"size negative":   {e("a", D{e("$size", -1)})},
		"mod":             {e("a", D{e("$mod", A{0, 1})})},
		"bits":            {e("a", D{e("$bitsAllSet", -1)})},
		"expression":      {e("$expr", D{e("$accumulate", 1)})},
		"variable":        {e("$expr", "$$nobody")},
		"not of a number": {e("a", D{e("$not", 1)})},
	} {
		if _, err := query.CompileFilter(raw(t, f), vars(t)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestUpdate(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_123)
	tests := []struct {
		name         string
		doc, filter  D
		update       any
		arrayFilters []D
		want         D
		code         fault.Code
	}{
		{name: "set nested", doc: D{e("a", 1)}, update: D{e("$set", D{e("b.c", "x")})}, want: D{e("a", 1), e("b", D{e("c", "x")})}},
		{name: "new fields by name", doc: D{}, update: D{e("$set", D{e("z", 1), e("a", 2)})}, want: D{e("a", 2), e("z", 1)}},
		{name: "inc widens", doc: D{e("n", int32(2147483647))}, update: D{e("$inc", D{e("n", int32(1))})}, want: D{e("n", int64(2147483648))}},
		{name: "inc overflow", doc: D{e("n", int64(9223372036854775807))}, update: D{e("$inc", D{e("n", 1)})}, code: fault.BadValue},
		{name: "inc of text", doc: D{e("n", "x")}, update: D{e("$inc", D{e("n", 1)})}, code: fault.TypeMismatch},
		{name: "mul of nothing", doc: D{}, update: D{e("$mul", D{e("n", int32(5))})}, want: D{e("n", int32(0))}},
		{name: "max", doc: D{e("n", 5)}, update: D{e("$max", D{e("n", 7.5)})}, want: D{e("n", 7.5)}},
		{name: "min with minKey", doc: D{e("n", 5)}, update: D{e("$min", D{e("n", primitive.MinKey{})})}, want: D{e("n", primitive.MinKey{})}},
		{name: "push modifiers", doc: D{e("a", A{1, 3})}, update: D{e("$push", D{e("a", D{e("$each", A{2, 9}), e("$sort", 1), e("$slice", 3)})})}, want: D{e("a", A{1, 2, 3})}},
		{name: "pull condition", doc: D{e("a", A{1, 5, 9})}, update: D{e("$pull", D{e("a", D{e("$gte", 5)})})}, want: D{e("a", A{1})}},
		{name: "pull documents", doc: D{e("a", A{D{e("k", 1), e("x", 2)}, D{e("k", 2)}})}, update: D{e("$pull", D{e("a", D{e("k", 1)})})}, want: D{e("a", A{D{e("k", 2)}})}},
		{name: "pull regex", doc: D{e("a", A{"ab", "cd"})}, update: D{e("$pull", D{e("a", primitive.Regex{Pattern: "^a"})})}, want: D{e("a", A{"cd"})}},
		{name: "addToSet", doc: D{e("a", A{1})}, update: D{e("$addToSet", D{e("a", D{e("$each", A{1, 2})})})}, want: D{e("a", A{1, 2})}},
		{name: "date from the clock", doc: D{}, update: D{e("$currentDate", D{e("at", true)})}, want: D{e("at", primitive.NewDateTimeFromTime(now))}},
		{name: "positional", doc: D{e("a", A{D{e("k", 1)}, D{e("k", 2)}})}, filter: D{e("a.k", 2)}, update: D{e("$set", D{e("a.$.k", 5)})}, want: D{e("a", A{D{e("k", 1)}, D{e("k", 5)}})}},
		{name: "all positional", doc: D{e("a", A{1, 2})}, update: D{e("$inc", D{e("a.$[]", 1)})}, want: D{e("a", A{2, 3})}},
		{name: "array filters", doc: D{e("a", A{1, 8})}, update: D{e("$set", D{e("a.$[big]", 0)})}, arrayFilters: []D{{e("big", D{e("$gt", 5)})}}, want: D{e("a", A{1, 0})}},
		{name: "array filter missing", doc: D{e("a", A{1})}, update: D{e("$set", D{e("a.$[x]", 0)})}, code: fault.BadValue},
		{name: "positional without match", doc: D{e("a", A{1})}, update: D{e("$set", D{e("a.$", 0)})}, code: fault.BadValue},
		{name: "conflict", doc: D{}, update: D{e("$set", D{e("a", 1)}), e("$inc", D{e("a.b", 1)})}, code: fault.ConflictingUpdate},
		{name: "id stays", doc: D{e("_id", 1)}, update: D{e("$set", D{e("_id", 2)})}, code: fault.ImmutableField},
		{name: "through a scalar", doc: D{e("a", 1)}, update: D{e("$set", D{e("a.b", 1)})}, code: fault.PathNotViable},
		{name: "far beyond an array", doc: D{e("a", A{})}, update: D{e("$set", D{e("a.2000000000", 1)})}, code: fault.BadValue},
		{name: "unknown", doc: D{}, update: D{e("$frob", D{e("a", 1)})}, code: fault.FailedToParse},
		{name: "replacement", doc: D{e("_id", 1), e("a", 1)}, update: D{e("b", 2)}, want: D{e("_id", 1), e("b", 2)}},
		{name: "pipeline", doc: D{e("_id", 1), e("a", 2)}, update: A{D{e("$set", D{e("b", D{e("$add", A{"$a", 1})})})}, D{e("$unset", "a")}}, want: D{e("_id", 1), e("b", 3)}},
		{name: "pipeline stage", doc: D{}, update: A{D{e("$match", D{})}}, code: fault.InvalidOptions},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := update(t, tt.doc, tt.filter, tt.update, tt.arrayFilters, now)
			if tt.code != 0 {
				if err == nil || fault.Of(err).Code != tt.code {
					t.Fatalf("want code %d, got %v", tt.code, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := raw(t, tt.want); string(got) != string(want) {
				t.Errorf("got %v, want %v", bson.Raw(got), bson.Raw(want))
			}
		})
	}
}

func update(t *testing.T, doc, filter D, u any, arrayFilters []D, now time.Time) ([]byte, error) {
	t.Helper()
	up, err := query.CompileUpdate(val(t, u), vals(t, arrayFilters), vars(t))
	if err != nil {
		return nil, err
	}
	if filter == nil {
		filter = D{}
	}
	f, err := query.CompileFilter(raw(t, filter), nil)
	if err != nil {
		t.Fatal(err)
	}
	d := raw(t, doc)
	_, position, err := f.Position(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	return up.Apply(d, query.Applied{Position: position, Now: now})
}
