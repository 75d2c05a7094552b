package clock

import (
	"maps"
	"slices"
	"time"
)

// Plan is one year of an office as people look at it.
type Plan struct {
	Known       bool // the year was announced and is loaded
	Zone        string
	Open, Close string // HH:MM of the local day
	Worked      int    // working days
	Days        []PlanDay
}

// PlanDay is a day that is not as weekends alone would have it.
type PlanDay struct {
	Date   time.Time // its midnight in UTC; only the date counts
	Worked bool
	Own    bool // the office's own; else the announced calendar's
}

// Year is the plan of an office (any id has one) for a year of the table.
func (c *Calendar) Year(office string, year int) Plan {
	o := c.offices[office]
	p := Plan{Zone: usualZone, Open: hour(usualOpen), Close: hour(usualClose)}
	_, p.Known = c.years[year]
	if o.zone != "" {
		p.Zone = o.zone
	}
	if o.close != 0 {
		p.Open, p.Close = hour(o.open), hour(o.close)
	}
	days := maps.Clone(c.years[year])
	if days == nil {
		days = map[day]bool{}
	}
	for d, worked := range o.days {
		if d.date().Year() == year {
			days[d] = worked
		}
	}
	for _, d := range slices.Sorted(maps.Keys(days)) {
		_, own := o.days[d]
		if own || days[d] == d.weekend() { // announced as a weekend would be anyway: nothing to tell
			p.Days = append(p.Days, PlanDay{d.date(), days[d], own})
		}
	}
	for d := dayOf(year, 1, 1); d <= dayOf(year, 12, 31); d++ {
		if c.worked(d, o) {
			p.Worked++
		}
	}
	return p
}
