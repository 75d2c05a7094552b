package main

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"tongban/hub"
	"tongban/policies"
	"tongban/routing/routingtest"
)

// routing measures one decision, by number of agencies.
func (b *bench) routing(context.Context) error {
	for _, n := range []int{30, 300, 3000} {
		table, queries, err := routingtest.Synthetic(n, 0)
		if err != nil {
			return fmt.Errorf("routing table: %w", err)
		}
		r := testing.Benchmark(func(t *testing.B) {
			t.ReportAllocs()
			i := 0
			for t.Loop() {
				if d := table.Decide(queries[i%len(queries)]); d.Agency == "" {
					t.Fatal(d.Refusal)
				}
				i++
			}
		})
		b.add("route_ns", float64(r.NsPerOp()), "ns", n)
		b.add("route_allocs", float64(r.AllocsPerOp()), "allocations", n)
	}
	return nil
}

// policies measures one authorization of a case.
func (b *bench) policies(context.Context) error {
	p, err := policies.New(slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	actor := hub.Actor{Person: "p", Agency: "a", Roles: []hub.Role{hub.FirstReviewer}, Ref: "me"}
	c := &hub.Case{ID: "c", Seq: 3, Receiving: "w", Custodian: "a", Handling: "a", PartyRefs: []hub.PartyRef{"x", "y"}}
	r := testing.Benchmark(func(t *testing.B) {
		for t.Loop() {
			if err := p.Authorize(actor, hub.ReviewFirst, c); err != nil {
				t.Fatal(err)
			}
		}
	})
	b.add("authorize_ns", float64(r.NsPerOp()), "ns", len(hub.Roles())*len(hub.Actions()))
	return nil
}
