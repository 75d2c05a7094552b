package docserver

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
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

// indexOf parses an index specification.
func indexOf(tb testing.TB, spec D, multikey ...bool) *index {
	tb.Helper()
	key := strings.ReplaceAll(fmt.Sprint(spec[0].Value), " ", "_")
	ix, err := parseIndex(raw(tb, append(spec, e("name", key))))
	if err != nil {
		tb.Fatal(err)
	}
	copy(ix.multikey, multikey)
	return ix
}

func planOf(tb testing.TB, c *collection, filter, sort D) *plan {
	tb.Helper()
	f, err := query.CompileFilter(raw(tb, filter), nil)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := query.CompileSort(raw(tb, sort))
	if err != nil {
		tb.Fatal(err)
	}
	p, err := c.plan(f, s, value.V{})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func TestPlannerChoice(t *testing.T) {
	c := newCollection("db.c", bucketName(1))
	queue := indexOf(t, D{e("key", D{e("queues", 1), e("updated", -1), e("_id", -1)})}, true)
	unique := indexOf(t, D{e("key", D{e("case", 1), e("seq", 1)}), e("unique", true)})
	sparse := indexOf(t, D{e("key", D{e("phone", 1)}), e("sparse", true)})
	partial := indexOf(t, D{e("key", D{e("due", 1)}), e("partialFilterExpression", D{e("open", true), e("prio", D{e("$gte", 3)})})})
	both := indexOf(t, D{e("key", D{e("l.a", 1), e("l.b", 1)})}, true, true)
	c.indexes = []*index{queue, unique, sparse, partial, both}
	sorted := D{e("updated", -1), e("_id", -1)}
	page := D{e("$or", A{D{e("updated", D{e("$lt", 5)})}, D{e("updated", 5), e("_id", D{e("$lt", "x")})}})}
	tests := []struct {
		name         string
		filter, sort D
		want         *index
		sorted       bool
		exact        bool
		dedup        bool
		ranges       int
	}{
		{"queue in index order", D{e("queues", "q")}, sorted, queue, true, true, false, 1},
		{"queue in reverse order", D{e("queues", "q")}, D{e("updated", 1), e("_id", 1)}, queue, true, true, false, 1},
		{"next page", append(D{e("queues", "q")}, page...), sorted, queue, true, true, false, 2},
		{"several queues need a sort and care", D{e("queues", D{e("$in", A{"p", "q"})})}, sorted, queue, false, true, true, 2},
		{"two conditions on an array: one is checked after", D{e("$and", A{D{e("queues", "p")}, D{e("queues", "q")}})}, D{}, queue, true, false, false, 1},
		{"other order needs a sort", D{e("queues", "q")}, D{e("updated", -1), e("_id", 1)}, queue, false, true, false, 1},
		{"sort on an array cannot use the index", D{}, D{e("queues", 1)}, nil, false, true, false, 1},
		{"id", D{e("_id", "x"), e("other", 1)}, D{}, c.primary, true, false, false, 1},
		{"unique beats others", D{e("case", "c"), e("seq", 1), e("queues", "q")}, D{}, unique, true, false, false, 1},
		{"prefix and range", D{e("case", "c"), e("seq", D{e("$gt", 1), e("$lte", 9)})}, D{e("seq", 1)}, unique, true, true, false, 1},
		{"order alone", D{}, D{e("case", 1), e("seq", 1)}, unique, true, true, false, 1},
		{"sparse does not serve missing", D{e("phone", nil)}, D{}, nil, true, false, false, 1},
		{"sparse serves values", D{e("phone", "1")}, D{}, sparse, true, true, false, 1},
		{"partial not implied", D{e("due", 1), e("open", true)}, D{}, nil, true, false, false, 1},
		{"partial implied", D{e("due", 1), e("open", true), e("prio", D{e("$gt", 4)})}, D{}, partial, true, false, false, 1},
		{"elements may differ: one bound", D{e("l.a", 1), e("l.b", 2)}, D{}, both, true, false, true, 1},
		{"null is checked after", D{e("case", nil)}, D{}, unique, true, false, false, 1},
		{"regex prefix", D{e("case", primitive.Regex{Pattern: "^ab"})}, D{}, unique, true, false, false, 1},
		{"empty range", D{e("case", "c"), e("seq", D{e("$gt", 9), e("$lt", 1)})}, D{}, unique, true, true, false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := planOf(t, c, tt.filter, tt.sort)
			want := tt.want
			if want == nil {
				want = c.primary
			}
			if p.ix != want || p.bounded != (tt.want != nil) && len(tt.sort) == 0 {
				t.Fatalf("got %v (bounded %v), want %v", p, p.bounded, want.name)
			}
			if p.sorted != tt.sorted || p.exact != tt.exact || p.dedup != tt.dedup || len(p.ranges) != tt.ranges {
				t.Errorf("sorted %v exact %v dedup %v ranges %d, want %v %v %v %d",
					p.sorted, p.exact, p.dedup, len(p.ranges), tt.sorted, tt.exact, tt.dedup, tt.ranges)
			}
		})
	}
}

func TestEveryBranchOfAnOrUsesItsIndex(t *testing.T) {
	c := newCollection("db.c", bucketName(1))
	c.indexes = []*index{indexOf(t, D{e("key", D{e("custodian", 1)})}), indexOf(t, D{e("key", D{e("receiving", 1), e("status", 1)})})}
	or := D{e("$or", A{D{e("custodian", "a")}, D{e("receiving", "a")}}), e("status", "open")}
	if p := planOf(t, c, or, D{}); len(p.union) != 2 || p.exact || p.union[1].plan.ix != c.indexes[1] {
		t.Errorf("got %v, %d parts", p, len(p.union))
	}
	if p := planOf(t, c, D{e("$or", A{D{e("custodian", "a")}, D{e("title", "x")}})}, D{}); p.union != nil || p.bounded {
		t.Errorf("a branch without an index: got %v", p)
	}
}

func TestSeveralQueuesAreMergedInOrder(t *testing.T) {
	c := newCollection("db.c", bucketName(1))
	queue := indexOf(t, D{e("key", D{e("queues", 1), e("updated", -1), e("_id", -1)})}, true)
	c.indexes = []*index{queue}
	in := D{e("queues", D{e("$in", A{"p", "q", "r"})})}
	sorted := D{e("updated", -1), e("_id", -1)}
	page := D{e("$or", A{D{e("updated", D{e("$lt", 5)})}, D{e("updated", 5), e("_id", D{e("$lt", "x")})}})}
	for name, f := range map[string]D{"first page": in, "next page": append(in[:1:1], page...)} {
		p := planOf(t, c, f, sorted)
		if p.ix != queue || len(p.merge) != 3 || p.sorted || p.reverse || !p.dedup {
			t.Errorf("%s: %v merge %d sorted %v reverse %v dedup %v", name, p, len(p.merge), p.sorted, p.reverse, p.dedup)
		}
	}
	if p := planOf(t, c, in, D{e("queues", 1), e("updated", -1)}); p.merge != nil {
		t.Error("an order by the array itself cannot be merged")
	}
}

// Whatever index is there, a query finds the same documents, in the same order,
// and the same number of them.
func TestIndexesDoNotChangeResults(t *testing.T) {
	s := open(t)
	db := dial(t, s).Database("hub")
	ctx := t.Context()
	plain, indexed := db.Collection("plain"), db.Collection("indexed")
	for _, keys := range []D{
		{e("a", 1)}, {e("b", -1), e("n", 1)}, {e("tags", 1), e("n", -1), e("_id", -1)}, {e("d.x", 1), e("d.y", -1)}, {e("n", -1)},
	} {
		if _, err := indexed.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: keys}); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	values := []any{nil, 1, 2, 2.5, int64(3), "x", "y", A{1, "x"}, A{}, A{nil, 2}, true, D{e("z", 1)}, primitive.DateTime(7)}
	pick := func() any { return values[r.IntN(len(values))] }
	var docs []any
	for i := range 300 {
		d := D{e("_id", i), e("n", r.IntN(5))}
		for _, f := range []string{"a", "b", "tags"} {
			if v := pick(); r.IntN(6) > 0 {
				d = append(d, e(f, v))
			}
		}
		if r.IntN(2) == 0 {
			d = append(d, e("d", A{D{e("x", r.IntN(3))}, D{e("x", r.IntN(3)), e("y", r.IntN(3))}}))
		} else {
			d = append(d, e("d", D{e("x", r.IntN(3)), e("y", pick())}))
		}
		docs = append(docs, d)
	}
	for _, c := range []*mongo.Collection{plain, indexed} {
		if _, err := c.InsertMany(ctx, docs); err != nil {
			t.Fatal(err)
		}
	}
	ops := []string{"$eq", "$gt", "$gte", "$lt", "$lte", "$ne"}
	leaf := func() bson.E {
		f := []string{"a", "b", "tags", "n", "d.x", "d.y", "_id"}[r.IntN(7)]
		switch r.IntN(4) {
		case 0:
			return e(f, D{e("$in", A{pick(), pick()})})
		case 1:
			return e(f, pick())
		case 2:
			return e(f, D{e(ops[r.IntN(len(ops))], pick()), e(ops[r.IntN(len(ops))], pick())})
		}
		return e(f, D{e(ops[r.IntN(len(ops))], pick())})
	}
	sorts := []D{{}, {e("a", 1)}, {e("b", -1), e("n", 1)}, {e("n", -1), e("_id", -1)}, {e("tags", 1)}, {e("n", 1), e("_id", 1)}}
	for range 1500 {
		f := D{leaf()}
		if r.IntN(2) == 0 {
			f = append(f, e("$and", A{D{leaf()}}))
		}
		switch r.IntN(6) {
		case 0, 1:
			f = append(f, e("$or", A{D{leaf(), e("n", 1)}, D{leaf()}}))
		case 2:
			f = D{e("$or", A{D{leaf()}, D{leaf(), e("n", 2)}, D{leaf()}})}
		}
		sort := sorts[r.IntN(len(sorts))]
		order := append(append(D{}, sort...), e("_id", 1))
		if len(sort) > 0 && sort[len(sort)-1].Key == "_id" {
			order = sort
		}
		want, got := ids(t, plain, f, order), ids(t, indexed, f, order)
		if want != got {
			t.Fatalf("find %v sort %v\nwithout index %v\nwith index    %v", f, order, want, got)
		}
		n, err := indexed.CountDocuments(ctx, f)
		if err != nil || int(n) != strings.Count(want, " ") {
			t.Fatalf("count %v: %d, %v, want %d", f, n, err, strings.Count(want, " "))
		}
	}
}

// ids lists the documents of a query in batches of 7.
func ids(t *testing.T, c *mongo.Collection, f, sort D) string {
	t.Helper()
	cur, err := c.Find(t.Context(), f, options.Find().SetSort(sort).SetBatchSize(7).SetProjection(D{e("_id", 1)}))
	if err != nil {
		t.Fatalf("find %v: %v", f, err)
	}
	var b strings.Builder
	for cur.Next(t.Context()) {
		fmt.Fprintf(&b, "%v ", cur.Current.Lookup("_id").AsInt64())
	}
	if err := cur.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
