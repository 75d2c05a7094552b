package clock

import (
	"crypto/sha256"
	_ "embed" // the national calendar
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// yearTail is how many of the last days of December the next year's notice may still change: the one for 2019 made
// Saturday 2018-12-29 a working day and gave Monday 2018-12-31 off.
const yearTail = 7

// anyOffice is the section for every office that has none of its own.
const anyOffice = "*"

// Calendar says which days are worked in the country and in the offices that differ from it. It never changes, and is
// safe for concurrent use.
type Calendar struct {
	years    map[int]*year
	overlays map[string]*overlay
	known    [lastYear - firstYear + 2]bool // the loaded years; one more, so that the year after always has a place
	offices  map[string]*Office
	text     string
	digest   string
}

// year is what the notice for one year says.
type year struct {
	number    int
	source    string
	off, work []int // days, rising; they may lie in the tail of the year before
}

// overlay is what one office has of its own.
type overlay struct {
	id        string
	zone      string
	loc       *time.Location
	hours     []hours    // by from, rising; the first from day 0
	saturdays []saturday // by from, rising
	off, work []int      // days, rising; they beat everything else
}

// hours are office hours in minutes after midnight, in force from a day on.
type hours struct{ from, opens, closes int }

// saturday says whether the office works on Saturdays from a day on.
type saturday struct {
	from int
	on   bool
}

//go:embed national.txt
var national string

// Default is the calendar that the hub carries: the national days of 2024 to 2026, one zone (Asia/Shanghai), office
// hours 09:00 to 17:00.
func Default() *Calendar { return builtIn() }

var builtIn = sync.OnceValue(func() *Calendar {
	c, err := Load(strings.NewReader(national))
	if err != nil {
		panic("the calendar built into this program: " + err.Error())
	}
	return c
})

// Merge puts a newer calendar over this one: each of its years and offices replaces the whole year or office of the
// same name here. Neither changes. The error is an *Error: ReasonBoth or ReasonDuplicate when two years' notices decide
// the same day of December, ReasonSize when the two together are too large.
func (c *Calendar) Merge(newer *Calendar) (*Calendar, error) {
	years, overlays := maps.Clone(c.years), maps.Clone(c.overlays)
	maps.Copy(years, newer.years)
	maps.Copy(overlays, newer.overlays)
	return build(years, overlays)
}

// Digest is the digest of the calendar's content, as "sha256:…". Kept beside a result it says by which calendar the
// result can be computed again; equal calendars have equal digests, however their files were written.
func (c *Calendar) Digest() string { return c.digest }

// String is the whole calendar in the form that Load reads, always written the same way.
func (c *Calendar) String() string { return c.text }

// Years lists the loaded years, rising.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.years)) }

// Office gives the working days of an office. One without a section has those of the section "*", and without that
// the national ones. The id is a hub's agency id, as "410425.registry".
func (c *Calendar) Office(id string) *Office {
	if o, ok := c.offices[id]; ok {
		return o
	}
	return c.offices[anyOffice]
}

// build indexes years and overlays, each of which is right by itself.
func build(years map[int]*year, overlays map[string]*overlay) (*Calendar, error) {
	c := &Calendar{years: years, overlays: overlays, offices: make(map[string]*Office, len(overlays)+1)}
	worked, off := &index{}, &index{}
	for n := range days {
		worked.put(n, !weekend(n))
	}
	for y := firstYear; y <= lastYear; y++ {
		for _, n := range holidays(y) {
			worked.put(n, false)
			off.put(n, true)
		}
	}
	decided := map[int]bool{}
	for _, number := range c.Years() {
		y := years[number]
		c.known[number-firstYear] = true
		for i, list := range [][]int{y.off, y.work} {
			for _, n := range list {
				if was, ok := decided[n]; ok {
					return nil, &Error{Section: y.name(), Key: dayKeys[i], Reason: clash(was, i == 1)}
				}
				decided[n] = i == 1
				worked.put(n, i == 1)
				off.put(n, i == 0)
			}
		}
	}
	worked.count()
	for id, v := range overlays {
		c.offices[id] = newOffice(c, v, v.index(worked, off))
	}
	if c.offices[anyOffice] == nil {
		c.offices[anyOffice] = newOffice(c, plain(), worked)
	}
	if c.text = c.write(); len(c.text) > MaxBytes || len(overlays) > MaxOffices {
		return nil, &Error{Reason: ReasonSize} // Load must be able to read what String writes
	}
	sum := sha256.Sum256([]byte(c.text))
	c.digest = "sha256:" + hex.EncodeToString(sum[:])
	return c, nil
}

// dayKeys are the keys of days off and of working days, in this order.
var dayKeys = [2]string{"off", "work"}

// clash names the fault of a day that is decided a second time.
func clash(before, now bool) Reason {
	if before != now {
		return ReasonBoth
	}
	return ReasonDuplicate
}

// index lays the office's own days over the national ones.
func (v *overlay) index(worked, off *index) *index {
	if len(v.saturdays)+len(v.off)+len(v.work) == 0 {
		return worked
	}
	x := *worked
	for i, s := range v.saturdays {
		end := days
		if i+1 < len(v.saturdays) {
			end = v.saturdays[i+1].from
		}
		for n := s.from + (7-s.from%7)%7; s.on && n < end; n += 7 {
			if !off.has(n) {
				x.put(n, true)
			}
		}
	}
	for _, n := range v.off {
		x.put(n, false)
	}
	for _, n := range v.work {
		x.put(n, true)
	}
	x.count()
	return &x
}

// certain reports whether no notice that is still to be loaded can change a day from a to b, both included.
func (c *Calendar) certain(a, b int) bool {
	if !inCentury(a) || !inCentury(b) {
		return false
	}
	first, _ := yearOf(a)
	last, tail := yearOf(b)
	for y := first; y <= last; y++ {
		if !c.known[y-firstYear] {
			return false
		}
	}
	return !tail || c.known[last+1-firstYear]
}

func (y *year) name() string { return fmt.Sprintf("year %d", y.number) }

func (c *Calendar) write() string {
	var b strings.Builder
	b.WriteString("calendar 1\n")
	for _, number := range c.Years() {
		y := c.years[number]
		fmt.Fprintf(&b, "\n%s\nsource %s\n", y.name(), y.source)
		writeDays(&b, y.off, y.work)
	}
	for _, id := range slices.Sorted(maps.Keys(c.overlays)) {
		v := c.overlays[id]
		fmt.Fprintf(&b, "\noffice %s\nzone %s\n", id, v.zone)
		for _, h := range v.hours {
			fmt.Fprintf(&b, "hours %s-%s%s\n", clockTime(h.opens), clockTime(h.closes), since(h.from))
		}
		for _, s := range v.saturdays {
			fmt.Fprintf(&b, "saturday %s%s\n", map[bool]string{true: "on", false: "off"}[s.on], since(s.from))
		}
		writeDays(&b, v.off, v.work)
	}
	return b.String()
}

// writeDays writes one range a line, so that two calendars can be compared line by line.
func writeDays(b *strings.Builder, lists ...[]int) {
	for i, list := range lists {
		for len(list) > 0 {
			k := 1
			for k < len(list) && k < maxRange && list[k] == list[0]+k {
				k++
			}
			fmt.Fprintf(b, "%s %s", dayKeys[i], dateOf(list[0]))
			if k > 1 {
				fmt.Fprintf(b, "..%s", dateOf(list[k-1]))
			}
			b.WriteByte('\n')
			list = list[k:]
		}
	}
}

func clockTime(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

func since(from int) string {
	if from == 0 {
		return ""
	}
	return " from " + dateOf(from).String()
}
