package value_test

import (
	"bytes"
	"math"
	"math/big"
	"testing"

	"github.com/256dpi/lungo/bsonkit"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"pgregory.net/rapid"

	"tongban/storage/embedded/docserver/internal/value"
)

func of(tb testing.TB, x any) value.V {
	tb.Helper()
	v, err := value.Of(x)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func sign(n int) int { return max(-1, min(1, n)) }

// anyValue draws a value of the types that documents are made of, with the
// numbers where encodings go wrong.
func anyValue(depth int) *rapid.Generator[any] {
	edges := []any{
		int64(math.MaxInt64), int64(math.MinInt64), int64(1<<53 + 1), int64(-1<<53 - 1), int64(1<<62 + 1),
		float64(1 << 53), float64(1 << 63), -float64(1 << 63), math.Inf(1), math.Inf(-1), math.NaN(),
		math.Copysign(0, -1), 0.0, int32(0), math.SmallestNonzeroFloat64, math.MaxFloat64, 0.1, "", "a\x00b", "a", nil, true, false,
	}
	gens := []*rapid.Generator[any]{
		rapid.SampledFrom(edges),
		rapid.Map(rapid.Int32(), func(n int32) any { return n }),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.Float64(), func(f float64) any { return f }),
		rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.Int64(), func(n int64) any { return primitive.DateTime(n) }),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 12, 12), func(b []byte) any { return primitive.ObjectID(b) }),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) any { return primitive.Binary{Data: b} }),
	}
	if depth > 0 {
		inner := rapid.SliceOfN(anyValue(depth-1), 0, 3)
		gens = append(gens,
			rapid.Map(inner, func(vs []any) any { return bson.A(vs) }),
			rapid.Map(inner, func(vs []any) any {
				d := bson.D{}
				for _, v := range vs {
					d = append(d, bson.E{Key: "k", Value: v})
				}
				return d
			}))
	}
	return rapid.OneOf(gens...)
}

// orderable tells whether an independent implementation orders the pair as
// MongoDB does: inside documents it compares names before types.
func orderable(a, b any) bool {
	da, oka := a.(bson.D)
	db, okb := b.(bson.D)
	return !oka || !okb || len(da) == 0 || len(db) == 0
}

func TestKeysOrderAsValuesDo(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := anyValue(2).Draw(rt, "a"), anyValue(2).Draw(rt, "b")
		if !orderable(a, b) {
			rt.Skip()
		}
		va, vb := of(t, a), of(t, b)
		want := bsonkit.Compare(a, b)
		ka, kb := value.AppendKey(nil, va), value.AppendKey(nil, vb)
		if got := bytes.Compare(ka, kb); got != sign(want) {
			rt.Fatalf("%v ~ %v: keys order %d, values %d", a, b, got, want)
		}
		if got := bytes.Compare(value.AppendKeyDesc(nil, va), value.AppendKeyDesc(nil, vb)); got != -sign(want) {
			rt.Fatalf("%v ~ %v: descending keys order %d, values %d", a, b, got, want)
		}
		if want != 0 && (bytes.HasPrefix(ka, kb) || bytes.HasPrefix(kb, ka)) {
			rt.Fatalf("key of %v and of %v: one begins with the other", a, b)
		}
		if got := sign(value.Compare(va, vb)); got != sign(want) {
			rt.Fatalf("%v ~ %v: Compare %d, want %d", a, b, got, want)
		}
	})
}

// exact returns the exact value of a finite number.
func exact(x any) *big.Rat {
	switch x := x.(type) {
	case int64:
		return new(big.Rat).SetInt64(x)
	case float64:
		return new(big.Rat).SetFloat64(x)
	case primitive.Decimal128:
		r, _ := new(big.Rat).SetString(x.String())
		return r
	}
	return nil
}

func TestNumbersOfAllTypesOrderExactly(t *testing.T) {
	decimals := []string{
		"0", "-0", "1", "1.0", "0.1", "-0.1", "1E+1", "9007199254740993", "9007199254740993.5", "9007199254740992.5", "-9007199254740993.5",
		"9223372036854775807", "9223372036854775807.5", "9223372036854775808", "-9223372036854775808.1", "1E+308", "1.5E+308",
		"1E+400", "-1E+400", "1E-400", "-1E-400", "0.3333333333333333333333333333333333", "123456789012345678.9", "4.9E-324", "2.5E-324",
	}
	number := rapid.OneOf(
		rapid.Map(rapid.SampledFrom(decimals), func(s string) any { d, _ := primitive.ParseDecimal128(s); return d }),
		rapid.Map(rapid.Custom(func(rt *rapid.T) primitive.Decimal128 {
			d, _ := primitive.ParseDecimal128FromBigInt(big.NewInt(rapid.Int64().Draw(rt, "coef")), rapid.IntRange(-30, 30).Draw(rt, "exp"))
			return d
		}), func(d primitive.Decimal128) any { return d }),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.SampledFrom([]any{int64(math.MaxInt64), int64(1<<53 + 1), int64(-1<<53 - 1), 0.1, -0.1, float64(1 << 53), float64(1 << 63), 1e308, 5e-324}),
		rapid.Map(rapid.Float64(), func(f float64) any { return f }),
	)
	rapid.Check(t, func(rt *rapid.T) {
		a, b := number.Draw(rt, "a"), number.Draw(rt, "b")
		ra, rb := exact(a), exact(b)
		if ra == nil || rb == nil {
			rt.Skip()
		}
		if got, want := sign(value.Compare(of(t, a), of(t, b))), ra.Cmp(rb); got != want {
			rt.Fatalf("%v ~ %v: got %d, want %d", a, b, got, want)
		}
	})
}

func TestTypesOrderAsMongoDBHasThem(t *testing.T) {
	d, _ := primitive.ParseDecimal128("NaN")
	order := []any{
		primitive.MinKey{},
		primitive.Undefined{},
		nil, d, math.Inf(-1), int32(-1), 0.0, int64(2), math.Inf(1), "", "x",
		bson.D{},
		bson.D{{Key: "a", Value: 1}},
		bson.A{},
		bson.A{int32(1)},
		primitive.Binary{Data: []byte{1}},
		primitive.ObjectID{},
		false, true,
		primitive.DateTime(-5), primitive.DateTime(5),
		primitive.Timestamp{T: 1},
		primitive.Regex{Pattern: "a"},
		primitive.JavaScript("x"),
		primitive.MaxKey{},
	}
	for i := range order {
		for j := range order {
			if got, want := sign(value.Compare(of(t, order[i]), of(t, order[j]))), sign(i-j); got != want {
				t.Errorf("%v ~ %v: got %d, want %d", order[i], order[j], got, want)
			}
		}
	}
}

// FuzzValidate feeds bytes to the checker that everything behind the wire
// relies on: what it accepts must be readable by the driver and encodable.
func FuzzValidate(f *testing.F) {
	for _, d := range []bson.D{{}, {{Key: "a", Value: 1}}, {{Key: "a", Value: bson.A{"x", bson.D{{Key: "b", Value: nil}}}}}} {
		raw, _ := bson.Marshal(d)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		if value.Validate(doc) != nil {
			return
		}
		key := value.AppendKey(nil, value.Document(doc))
		if !bytes.Equal(key, value.AppendKey(nil, value.Document(bytes.Clone(doc)))) {
			t.Fatal("the same document has two keys")
		}
		if bytes.Equal(key, value.AppendKeyDesc(nil, value.Document(doc))) {
			t.Fatal("ascending and descending keys are equal")
		}
	})
}

// FuzzKeyOrder checks order and reversal on numbers made of any bits.
func FuzzKeyOrder(f *testing.F) {
	f.Add(int64(1<<53+1), uint64(math.Float64bits(1<<53)))
	f.Add(int64(math.MaxInt64), uint64(math.Float64bits(1<<63)))
	f.Fuzz(func(t *testing.T, n int64, bits uint64) {
		x := math.Float64frombits(bits)
		want := bsonkit.Compare(n, x)
		if got := sign(value.Compare(value.Int64(n), value.Double(x))); got != sign(want) {
			t.Fatalf("%d ~ %v: got %d, want %d", n, x, got, want)
		}
	})
}

func TestDeepNestingIsRefused(t *testing.T) {
	doc := value.NewBuilder().Bytes()
	for range value.MaxDepth + 1 {
		doc = value.NewBuilder().Add("a", value.Document(doc)).Bytes()
	}
	if value.Validate(doc) == nil {
		t.Fatal("accepted")
	}
}
