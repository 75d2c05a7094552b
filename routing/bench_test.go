package routing_test

import (
	"fmt"
	"testing"

	"tongban/hub"
	"tongban/routing/routingtest"
)

func BenchmarkDecide(b *testing.B) {
	for _, agencies := range []int{30, 300, 3000} {
		for _, rules := range []int{0, 100} {
			b.Run(fmt.Sprintf("agencies=%d/rules=%d", agencies, rules), func(b *testing.B) {
				table, questions, err := routingtest.Synthetic(agencies, rules)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					if d := table.Decide(questions[i%len(questions)]); d.Refusal != "" {
						b.Fatal(d.Err())
					}
					i++
				}
			})
		}
	}
}

// The worst case: every rule of the place must be tried.
func BenchmarkDecideAllRules(b *testing.B) {
	table, questions, err := routingtest.Synthetic(3000, 100)
	if err != nil {
		b.Fatal(err)
	}
	for _, q := range questions {
		if d := table.Decide(q); q.Item != "change" && d.Reasons()[2].Code == "no_rule_matched" {
			b.ReportAllocs()
			for b.Loop() {
				table.Decide(q)
			}
			return
		}
	}
	b.Fatal("no question meets the rules")
}

func BenchmarkDecideSplit(b *testing.B) {
	table := exampleTable(b)
	for name, q := range map[string]scene{
		"zone":      {unit: unitIn("330104", "005002")},
		"ambiguous": {unit: unitIn("330104", "099001")},
		"same":      {unit: unitIn("440306", "001002")},
		"refused":   {unit: unitIn("410471", "001002")},
	} {
		b.Run(name, func(b *testing.B) {
			q := q.query(b)
			b.ReportAllocs()
			for b.Loop() {
				table.Decide(q)
			}
		})
	}
}

func TestDecidingDoesNotAllocate(t *testing.T) {
	busy, questions, err := routingtest.Synthetic(3000, 100)
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	if n := testing.AllocsPerRun(2000, func() { busy.Decide(questions[i%len(questions)]); i++ }); n != 0 {
		t.Errorf("%v allocations a decision", n)
	}
	example := exampleTable(t)
	for _, s := range []scene{
		{unit: unitIn("330104", "005002")},
		{unit: unitIn("330104", "099001")},
		{unit: unitIn("440306", "001002")},
		{unit: unitIn("410471", "001002")},
		{item: "mortgage.first", unit: unitIn("410425", "001002"), facts: hub.Form{"debt": int64(50_000_000_000)}},
	} {
		q := s.query(t)
		if n := testing.AllocsPerRun(200, func() { example.Decide(q) }); n != 0 {
			t.Errorf("%v allocations for %+v", n, s)
		}
	}
}
