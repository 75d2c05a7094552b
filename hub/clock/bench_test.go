package clock_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"tongban/hub/clock"
)

// clocks makes n clocks as a busy hub has them: up to 60 days, up to four stops, one in eight still stopped.
func clocks(n int) []clock.Clock {
	rnd := rand.New(rand.NewPCG(1, 2))
	out := make([]clock.Clock, n)
	for i := range out {
		start := at("2026-01-05 08:00").Add(time.Duration(rnd.IntN(200*24)) * time.Hour)
		k := clock.Clock{Kind: clock.KindStatutory, Start: start, Days: rnd.IntN(60)}
		for range rnd.IntN(5) {
			from := start.Add(time.Duration(rnd.IntN(60*24)) * time.Hour)
			k.Stops = append(k.Stops, clock.Stop{From: from, Until: from.Add(time.Duration(rnd.IntN(200)) * time.Hour)})
		}
		if len(k.Stops) > 0 && rnd.IntN(4) == 0 {
			k.Stops[0].Until = time.Time{}
		}
		out[i] = k
	}
	return out
}

func BenchmarkRead10000(b *testing.B) {
	c := load(b, "calendar 1\noffice dst\nzone America/New_York\n")
	for name, o := range map[string]*clock.Office{"shanghai": office, "newyork": c.Office("dst")} {
		b.Run(name, func(b *testing.B) {
			all, now := clocks(10_000), at("2026-06-10 15:00")
			b.ReportAllocs()
			for b.Loop() {
				for i := range all {
					if o.Read(all[i], now).State == clock.Invalid {
						b.Fatal("invalid")
					}
				}
			}
		})
	}
}

func BenchmarkDefaultFromText(b *testing.B) {
	text := clock.Default().String()
	for b.Loop() {
		load(b, text)
	}
}

func TestReadDoesNotAllocate(t *testing.T) {
	all, now := clocks(100), at("2026-06-10 15:00")
	if n := testing.AllocsPerRun(10, func() {
		for i := range all {
			office.Read(all[i], now)
		}
	}); n != 0 {
		t.Errorf("%v allocations for 100 clocks", n)
	}
}
