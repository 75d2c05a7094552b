package query_test

import (
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// FuzzCompile feeds arbitrary documents to everything that compiles
// what a client sends and runs it on a document: refusing is fine, panicking is
// not, and a changed document must be one.
func FuzzCompile(f *testing.F) {
	doc, err := bson.Marshal(D{e("_id", 1), e("a", A{1, D{e("b", 2)}}), e("s", "x"), e("d", D{e("e", 5)})})
	if err != nil {
		f.Fatal(err)
	}
	for _, d := range []D{
		{e("a", D{e("$elemMatch", D{e("b", D{e("$gt", 1)})})})},
		{e("$or", A{D{e("s", D{e("$in", A{"x", nil})})}})},
		{e("$expr", D{e("$gt", A{D{e("$size", "$a")}, 1})})},
		{e("$set", D{e("a.$[].b", 1)}), e("$inc", D{e("d.e", 2)})},
		{e("$push", D{e("a", D{e("$each", A{1}), e("$slice", -2), e("$sort", 1), e("$position", 0)})})},
		{e("$pull", D{e("a", D{e("b", 2)})})},
		{e("$rename", D{e("s", "t")})},
		{e("$bit", D{e("d.e", D{e("or", 2)})})},
		{e("a", D{e("$slice", A{1, 2})}), e("d.e", 1)},
		{e("x", D{e("$cond", A{true, D{e("$add", A{1, "$d.e"})}, nil})})},
		{e("x", D{e("$map", D{e("input", "$a"), e("in", "$$this")})})},
		{e("x", D{e("$dateToString", D{e("date", "$$NOW"), e("format", "%Y")})})},
		{e("x", D{e("$arrayElemAt", A{"$a", -1})}), e("y", D{e("$substrCP", A{"$s", 0, 1})}), e("z", D{e("$round", A{1.5, 1})})},
	} {
		text, err := bson.MarshalExtJSON(d, false, false)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		var in bson.Raw
		if bson.UnmarshalExtJSON([]byte(text), false, &in) != nil || value.Validate(in) != nil {
			return
		}
		vs := vars(t)
		if flt, err := query.CompileFilter(in, vs); err == nil {
			_, _ = flt.Match(doc, vs)
			_, _ = query.UpsertBase(flt)
		}
		for _, find := range []bool{true, false} {
			if p, err := query.CompileProjection(in, find, vs); err == nil {
				check(t, doc, p.Apply)
			}
		}
		if u, err := query.CompileUpdate(value.Document(in), nil, vs); err == nil {
			if out, err := u.Apply(doc, query.Applied{Position: 0}); err == nil && value.Validate(out) != nil {
				t.Fatalf("the update made no document: %x", out)
			}
		}
		if s, err := query.CompileSort(in); err == nil {
			s.AppendKey(nil, doc)
		}
	})
}

func check(t *testing.T, doc []byte, apply func([]byte, int) ([]byte, error)) {
	t.Helper()
	if out, err := apply(doc, 0); err == nil && value.Validate(out) != nil {
		t.Fatalf("the projection made no document: %x", out)
	}
}
