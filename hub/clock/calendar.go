package clock

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed calendar.txt
var builtin string

// Calendar says which days are worked. It is immutable and safe for concurrent
// use. Saturdays and Sundays are off unless a year says otherwise.
type Calendar struct {
	years   map[int]map[day]bool // every loaded year; true: worked, false: off
	offices map[string]overlay
	base    *Office
	cached  sync.Map // office id → *Office
}

// overlay is what one office does otherwise.
type overlay struct {
	zone        string
	open, close int // seconds of the local day; both 0: the usual hours
	days        map[day]bool
}

// day counts days since 1970-01-01, of a date, not of an instant.
type day int32

func dayOf(y int, m time.Month, d int) day {
	return day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func (d day) date() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

func (d day) weekend() bool {
	w := d.date().Weekday()
	return w == time.Saturday || w == time.Sunday
}

// Usual working time, where an office says nothing.
const (
	usualZone  = "Asia/Shanghai"
	usualOpen  = 9 * 3600
	usualClose = 17 * 3600
)

var defaultCalendar = sync.OnceValue(func() *Calendar {
	c, err := Load(strings.NewReader(builtin))
	if err != nil {
		panic(fmt.Sprintf("built-in calendar: %v", err))
	}
	return c
})

// Default is the built-in calendar: 2024 to 2026, no offices of their own.
func Default() *Calendar { return defaultCalendar() }

// Merge lays a newer calendar over this one: its years and offices replace
// those of the same name.
func (c *Calendar) Merge(newer *Calendar) *Calendar {
	m := &Calendar{years: maps.Clone(c.years), offices: maps.Clone(c.offices)}
	maps.Copy(m.years, newer.years)
	maps.Copy(m.offices, newer.offices)
	m.base = m.build(overlay{})
	return m
}

// Years are the loaded years, oldest first.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.years)) }

// Known reports whether the year of a day is loaded. What touches other years
// is provisional: the State Council announces a year in its November before.
func (c *Calendar) known(d day) bool {
	_, ok := c.years[d.date().Year()]
	return ok
}

// Office is the working time of one office; any id has one.
func (c *Calendar) Office(id string) *Office {
	o, ok := c.offices[id]
	if !ok {
		return c.base
	}
	if have, ok := c.cached.Load(id); ok {
		return have.(*Office)
	}
	have, _ := c.cached.LoadOrStore(id, c.build(o))
	return have.(*Office)
}

func (c *Calendar) worked(d day, o overlay) bool {
	if w, ok := o.days[d]; ok {
		return w
	}
	if w, ok := c.years[d.date().Year()][d]; ok {
		return w
	}
	return !d.weekend()
}

// String is the canonical written form; Load reads it back. Two calendars that
// say the same are written the same.
func (c *Calendar) String() string {
	var b strings.Builder
	b.WriteString("calendar 1\n")
	for _, y := range c.Years() {
		fmt.Fprintf(&b, "year %d\n", y)
		writeDays(&b, c.years[y], "01-02")
	}
	for _, id := range slices.Sorted(maps.Keys(c.offices)) {
		o := c.offices[id]
		fmt.Fprintf(&b, "office %s\n", id)
		if o.zone != "" {
			fmt.Fprintf(&b, "zone %s\n", o.zone)
		}
		if o.close != 0 {
			fmt.Fprintf(&b, "hours %s %s\n", hour(o.open), hour(o.close))
		}
		writeDays(&b, o.days, time.DateOnly)
	}
	return b.String()
}

func hour(seconds int) string { return fmt.Sprintf("%02d:%02d", seconds/3600, seconds/60%60) }

func writeDays(b *strings.Builder, days map[day]bool, layout string) {
	for _, d := range slices.Sorted(maps.Keys(days)) {
		word := "off"
		if days[d] {
			word = "work"
		}
		fmt.Fprintf(b, "%s %s\n", word, d.date().Format(layout))
	}
}
