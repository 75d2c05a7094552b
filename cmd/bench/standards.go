package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/hub/clock"
	"tongban/hub/standard"
)

// standards measures the judgement of an application by the largest item:
// form, conditions, materials, fees and steps.
func (b *bench) standards(ctx context.Context) error {
	all, err := seed.Standards()
	if err != nil {
		return err
	}
	largest := &all[0]
	for i := range all {
		if s := &all[i]; len(s.Slots)+len(s.Rules)+len(s.Fees) > len(largest.Slots)+len(largest.Rules)+len(largest.Fees) && s.Item == "transfer.resale" {
			largest = s
		}
	}
	app := hub.Application{Day: time.Now(), Form: hub.Form{
		"certificate": "豫(2022)郏县不动产权第0001234号", "price": int64(68_000_000), "contract_date": "2026-11-20", "address": "郏县龙山街道",
		"use": "home", "area": int64(8964), "joint": true, "copies": int64(1),
	}}
	for _, role := range []string{"seller", "buyer", "agent"} {
		app.Parties = append(app.Parties, hub.Party{Role: role, IDKind: "citizen_id", IDNumber: "410425199003071231", Represents: "张建国"})
	}
	a := standard.NewAssessor()
	if got, err := a.Assess(ctx, largest, app); err != nil || len(got.Wrong) > 0 {
		return fmt.Errorf("the application is not good: %v %w", got.Wrong, err)
	}
	r := testing.Benchmark(func(t *testing.B) {
		for t.Loop() {
			if _, err := a.Assess(ctx, largest, app); err != nil {
				t.Fatal(err)
			}
		}
	})
	b.add("standard_eval_us", float64(r.NsPerOp())/1e3, "µs", len(largest.Slots)+len(largest.Rules)+len(largest.Fees))
	return nil
}

// clocks measures the reading of ten thousand clocks, each with two stops.
func (b *bench) clocks(context.Context) error {
	const n = 10_000
	o := clock.Default().Office("any")
	start := time.Date(2026, 1, 5, 2, 0, 0, 0, time.UTC)
	all := make([]clock.Clock, n)
	for i := range all {
		at := start.Add(time.Duration(i) * 13 * time.Minute)
		all[i] = clock.Clock{Start: at, Days: 1 + i%30, Stops: []clock.Stop{
			{From: at.Add(24 * time.Hour), Until: at.Add(60 * time.Hour)}, {From: at.Add(240 * time.Hour), Until: at.Add(300 * time.Hour)},
		}}
	}
	begin := time.Now()
	for _, c := range all {
		o.Read(c, start.AddDate(0, 2, 0))
	}
	b.add("clocks_10k_s", time.Since(begin).Seconds(), "s", n)
	return nil
}
