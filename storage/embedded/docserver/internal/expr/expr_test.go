package expr_test

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/value"
)

type (
	D = bson.D
	A = bson.A
)

func op(name string, arg any) D { return D{{Key: name, Value: arg}} }

func raw(t *testing.T, v any) []byte {
	t.Helper()
	b, err := bson.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestExpressions(t *testing.T) {
	noon := time.Date(2024, 2, 29, 12, 30, 5, 7e6, time.UTC)
	doc := raw(t, D{
		{Key: "n", Value: int32(7)},
		{Key: "big", Value: int64(9223372036854775807)},
		{Key: "f", Value: 2.5},
		{Key: "s", Value: "申请-42"},
		{Key: "l", Value: A{int32(3), int32(1)}},
		{Key: "d", Value: primitive.NewDateTimeFromTime(noon)},
		{Key: "z", Value: nil},
		{Key: "items", Value: A{D{{Key: "k", Value: "a"}}, D{{Key: "k", Value: "b"}}}},
	})
	tests := map[string]struct {
		expr, want any
	}{
		"path":              {"$items.k", A{"a", "b"}},
		"literal":           {op("$literal", "$n"), "$n"},
		"let":               {"$$limit", int32(10)},
		"root":              {"$$ROOT.n", int32(7)},
		"add keeps int32":   {op("$add", A{"$n", 1}), int32(8)},
		"add widens":        {op("$add", A{"$n", int64(1)}), int64(8)},
		"add does not wrap": {op("$add", A{"$big", 1}), 9223372036854775808.0},
		"add null":          {op("$add", A{"$n", "$z"}), nil},
		"subtract dates":    {op("$subtract", A{"$d", "$d"}), int64(0)},
		"divide":            {op("$divide", A{"$n", 2}), 3.5},
		"mod":               {op("$mod", A{"$n", 4}), int32(3)},
		"round":             {op("$round", A{2.345, 2}), 2.35},
		"compare types":     {op("$gt", A{"$s", "$n"}), true},
		"missing is least":  {op("$lt", A{"$gone", nil}), true},
		"and":               {op("$and", A{true, "$n", 0}), false},
		"cond":              {op("$cond", D{{Key: "if", Value: op("$gte", A{"$n", 5})}, {Key: "then", Value: "many"}, {Key: "else", Value: "few"}}), "many"},
		"ifNull":            {op("$ifNull", A{"$gone", "$z", "x"}), "x"},
		"switch":            {op("$switch", D{{Key: "branches", Value: A{D{{Key: "case", Value: false}, {Key: "then", Value: 1}}}}, {Key: "default", Value: "d"}}), "d"},
		"filter":            {op("$filter", D{{Key: "input", Value: "$l"}, {Key: "as", Value: "x"}, {Key: "cond", Value: op("$gt", A{"$$x", 1})}}), A{int32(3)}},
		"map":               {op("$map", D{{Key: "input", Value: "$l"}, {Key: "in", Value: op("$multiply", A{"$$this", "$n"})}}), A{int32(21), int32(7)}},
		"reduce":            {op("$reduce", D{{Key: "input", Value: "$l"}, {Key: "initialValue", Value: 0}, {Key: "in", Value: op("$add", A{"$$value", "$$this"})}}), int32(4)},
		"nested let":        {op("$let", D{{Key: "vars", Value: D{{Key: "a", Value: "$n"}}}, {Key: "in", Value: op("$let", D{{Key: "vars", Value: D{{Key: "b", Value: "$$a"}}}, {Key: "in", Value: op("$add", A{"$$a", "$$b"})}})}}), int32(14)},
		"concat":            {op("$concat", A{"$s", "!"}), "申请-42!"},
		"substring":         {op("$substrCP", A{"$s", 1, 2}), "请-"},
		"toInt":             {op("$toInt", "42"), int32(42)},
		"toString":          {op("$toString", "$d"), "2024-02-29T12:30:05.007Z"},
		"dateToString":      {op("$dateToString", D{{Key: "date", Value: "$d"}, {Key: "format", Value: "%Y%m%d %H"}, {Key: "timezone", Value: "+08:00"}}), "20240229 20"},
		"dayOfYear":         {op("$dayOfYear", "$d"), int32(60)},
		"size":              {op("$size", "$l"), int32(2)},
		"in":                {op("$in", A{3.0, "$l"}), true},
		"last":              {op("$last", "$l"), int32(1)},
		"slice":             {op("$slice", A{"$l", -1}), A{int32(1)}},
		"merge":             {op("$mergeObjects", A{D{{Key: "a", Value: 1}}, D{{Key: "a", Value: 2}, {Key: "b", Value: 3}}}), D{{Key: "a", Value: int32(2)}, {Key: "b", Value: int32(3)}}},
		"object":            {D{{Key: "x", Value: "$n"}, {Key: "y", Value: "$gone"}}, D{{Key: "x", Value: int32(7)}}},
		"type of missing":   {op("$type", "$gone"), "missing"},
	}
	vars, err := expr.NewVars(noon, raw(t, D{{Key: "limit", Value: int32(10)}}))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v, err := value.Of(tt.expr)
			if err != nil {
				t.Fatal(err)
			}
			n, err := expr.Compile(v, vars)
			if err != nil {
				t.Fatal(err)
			}
			got, err := n.Eval(expr.NewEnv(doc, vars))
			if err != nil {
				t.Fatal(err)
			}
			want, err := value.Of(tt.want)
			if err != nil {
				t.Fatal(err)
			}
			if got.Type != want.Type || string(got.Data) != string(want.Data) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestExpressionsRefused(t *testing.T) {
	compile := []any{
		op("$function", 1), "$$nobody", "$", "$a..b", op("$cond", A{1, 2}), op("$filter", D{{Key: "input", Value: "$l"}}),
		op("$size", A{1, 2}),
		D{{Key: "$add", Value: 1}, {Key: "$size", Value: 1}},
		op("$dateToString", D{{Key: "date", Value: 1}, {Key: "format", Value: "%q"}}),
	}
	for _, x := range compile {
		v, _ := value.Of(x)
		if _, err := expr.Compile(v, nil); err == nil {
			t.Errorf("%v: compiled", x)
		}
	}
	d, _ := primitive.ParseDecimal128("1")
	eval := []any{op("$add", A{"x", 1}), op("$divide", A{1, 0}), op("$size", 1), op("$add", A{d, 1}), op("$toInt", "x"), op("$toInt", 3e9), op("$concat", A{1})}
	for _, x := range eval {
		v, _ := value.Of(x)
		n, err := expr.Compile(v, nil)
		if err != nil {
			t.Errorf("%v: %v", x, err)
			continue
		}
		if _, err := n.Eval(expr.NewEnv(nil, nil)); err == nil {
			t.Errorf("%v: evaluated", x)
		}
	}
}
