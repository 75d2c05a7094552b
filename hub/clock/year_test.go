package clock

import (
	"strings"
	"testing"
	"time"
)

func TestAYearAsPeopleLookAtIt(t *testing.T) {
	own, err := Load(strings.NewReader("calendar 1\noffice x\nhours 08:30 16:30\noff 2026-05-20\nwork 2026-05-23\n"))
	if err != nil {
		t.Fatal(err)
	}
	c := Default().Merge(own)
	for _, x := range []struct {
		office string
		year   int
		known  bool
		worked int
		open   string
	}{
		{"x", 1995, false, 260, "08:30"},
		{"", 2027, false, 261, "09:00"},
		{"", 2026, true, Default().Year("", 2026).Worked, "09:00"},
		{"x", 2026, true, Default().Year("", 2026).Worked, "08:30"}, // one day less, one more
	} {
		p := c.Year(x.office, x.year)
		if p.Known != x.known || p.Worked != x.worked || p.Open != x.open || p.Zone != usualZone {
			t.Errorf("%q %d: %+v", x.office, x.year, p)
		}
		// The plan and the clock say the same of each day.
		listed := map[string]bool{}
		for _, d := range p.Days {
			listed[d.Date.Format(time.DateOnly)] = d.Worked
		}
		for d := dayOf(x.year, 1, 1); d <= dayOf(x.year, 12, 31); d++ {
			noon := d.date().Add(4 * time.Hour)
			worked, found := listed[d.date().Format(time.DateOnly)]
			if !found {
				worked = !d.weekend()
			}
			if want, _ := c.Office(x.office).WorkingDay(noon); worked != want {
				t.Fatalf("%q %s: worked %t, want %t", x.office, noon.Format(time.DateOnly), worked, want)
			}
		}
	}
	for _, d := range c.Year("x", 2026).Days {
		if s := d.Date.Format(time.DateOnly); d.Own != (s == "2026-05-20" || s == "2026-05-23") {
			t.Errorf("%s: the office's own: %t", s, d.Own)
		}
	}
}
