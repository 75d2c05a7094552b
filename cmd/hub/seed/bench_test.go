package seed_test

import (
	"testing"
	"time"

	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/hub/standard"
)

// The largest form of the catalogue, every field answered.
func BenchmarkAssessLargest(b *testing.B) {
	all, err := seed.Standards()
	if err != nil {
		b.Fatal(err)
	}
	largest := &all[0]
	for i := range all {
		if s := &all[i]; len(s.Fields)+len(s.Slots)+len(s.Rules) > len(largest.Fields)+len(largest.Slots)+len(largest.Rules) {
			largest = s
		}
	}
	app := hub.Application{Day: time.Now(), Form: hub.Form{}, Parties: enough(largest)}
	for _, f := range largest.Fields {
		app.Form[f.Key] = good(f)
	}
	a := standard.NewAssessor()
	b.ReportAllocs()
	for b.Loop() {
		if got, err := a.Assess(b.Context(), largest, app); err != nil || got.Needs == nil {
			b.Fatalf("%+v %v", got, err)
		}
	}
}
