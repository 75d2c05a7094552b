package query_test

import (
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

func val(tb testing.TB, x any) value.V {
	tb.Helper()
	v, err := value.Of(x)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func vals(tb testing.TB, ds []D) []value.V {
	tb.Helper()
	var out []value.V
	for _, d := range ds {
		out = append(out, val(tb, d))
	}
	return out
}

func TestProjection(t *testing.T) {
	doc := D{
		e("_id", 1), e("a", "x"), e("b", D{e("c", 1), e("d", 2)}),
		e("l", A{1, 2, 3}), e("m", A{D{e("k", 1), e("v", "p")}, D{e("k", 2), e("v", "q")}}),
	}
	tests := []struct {
		name string
		spec D
		want D
	}{
		{"include", D{e("a", 1)}, D{e("_id", 1), e("a", "x")}},
		{"include without id", D{e("a", true), e("_id", 0)}, D{e("a", "x")}},
		{"only id", D{e("_id", 1)}, D{e("_id", 1)}},
		{"exclude", D{e("l", 0), e("m", 0), e("b.c", 0)}, D{e("_id", 1), e("a", "x"), e("b", D{e("d", 2)})}},
		{"nested form", D{e("b", D{e("d", 1)})}, D{e("_id", 1), e("b", D{e("d", 2)})}},
		{"through arrays", D{e("m.v", 1), e("_id", 0)}, D{e("m", A{D{e("v", "p")}, D{e("v", "q")}})}},
		{"slice keeps the rest", D{e("l", D{e("$slice", -1)}), e("m", 0), e("b", 0)}, D{e("_id", 1), e("a", "x"), e("l", A{3})}},
		{"elemMatch", D{e("m", D{e("$elemMatch", D{e("k", 2)})})}, D{e("_id", 1), e("m", A{D{e("k", 2), e("v", "q")}})}},
		{"computed", D{e("sum", D{e("$add", A{"$b.c", "$b.d"})}), e("_id", 0)}, D{e("sum", 3)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := query.CompileProjection(raw(t, tt.spec), true, vars(t))
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Apply(raw(t, doc), -1)
			if err != nil {
				t.Fatal(err)
			}
			if want := raw(t, tt.want); string(got) != string(want) {
				t.Errorf("got %v, want %v", bson.Raw(got), bson.Raw(want))
			}
		})
	}
	for name, spec := range map[string]D{
		"mixed":     {e("a", 1), e("b", 0)},
		"collision": {e("b", 1), e("b.c", 1)},
		"unknown":   {e("a", D{e("$meta", "textScore")})},
		"dollar":    {e("$a", 1)},
	} {
		if _, err := query.CompileProjection(raw(t, spec), true, vars(t)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestSortTakesTheEndOfArrays(t *testing.T) {
	up, err := query.CompileSort(raw(t, D{e("a", 1)}))
	if err != nil {
		t.Fatal(err)
	}
	down, err := query.CompileSort(raw(t, D{e("a", -1)}))
	if err != nil {
		t.Fatal(err)
	}
	low, high := raw(t, D{e("a", A{1, 9})}), raw(t, D{e("a", 5)})
	if string(up.AppendKey(nil, low)) >= string(up.AppendKey(nil, high)) {
		t.Error("ascending: the smallest element counts")
	}
	if string(down.AppendKey(nil, low)) >= string(down.AppendKey(nil, high)) {
		t.Error("descending: the largest element counts")
	}
}
