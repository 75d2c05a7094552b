package clock

import "time"

// Office is one office's working days, hours and zone. It never changes, and is safe for concurrent use.
type Office struct {
	cal    *Calendar
	zone   string
	loc    *time.Location
	still  bool // the zone never changes its offset,
	offset int  // which is this, in seconds east
	hours  []hours
	worked *index
}

func newOffice(c *Calendar, v *overlay, worked *index) *Office {
	o := &Office{cal: c, zone: v.zone, loc: v.loc, hours: v.hours, worked: worked}
	if fixed[v.zone] == v.loc {
		_, o.offset = time.Unix(epoch, 0).In(v.loc).Zone()
		o.still = true
	}
	return o
}

// Zone is the name of the office's time zone.
func (o *Office) Zone() string { return o.zone }

// Date is the day that an instant belongs to at the office.
func (o *Office) Date(t time.Time) Date {
	y, m, d := t.In(o.loc).Date()
	return Date{y, m, d}
}

// WorkingDay reports whether the office works on the day. It is provisional when a notice that is not loaded may still
// change that: the day lies in a year that is not loaded, or in the last seven days of December before such a year.
func (o *Office) WorkingDay(d Date) (working, provisional bool) {
	n := d.number()
	return o.worked.has(n), !o.cal.certain(n, n)
}

// Hours gives the instants at which the office opens and closes on the day, whether it is worked or not.
func (o *Office) Hours(d Date) (opens, closes time.Time) {
	n := d.number()
	h := o.hoursOn(n)
	return o.instant(n, h.opens), o.instant(n, h.closes)
}

// Between counts the working days after a, up to and including b: the day of a is the start day and not counted
// (art. 201). It is negative when b lies before a.
func (o *Office) Between(a, b Date) (working int, provisional bool) {
	m, n := a.number(), b.number()
	return o.worked.rank(n) - o.worked.rank(m), !o.cal.certain(min(m, n), max(m, n))
}

// Add gives the instant at which a period of working days ends that starts at an instant.
//
// The start day is not counted (art. 201), so the hour of the start decides nothing, and a start after office hours or
// on a day off is not moved on first: the next working day is the first in each case, as the article says "the next
// day". The due instant is the end of office hours of the last day (art. 203 II), which is always a working day, so
// that art. 203 I is kept as well.
//
// Zero days end with the start day itself when the office works on it and has not closed yet, else with the next
// working day. The result is always later than the start. It is the zero time, provisional, for negative days and
// outside the years 2000 to 2099.
func (o *Office) Add(start time.Time, days int) (due time.Time, provisional bool) {
	first := o.day(start)
	if days < 0 || days > MaxDays || !inCentury(first) {
		return time.Time{}, true
	}
	m := o.measure(start, days)
	last := o.worked.nth(m.rank(m.total, nil))
	if last < 0 {
		return time.Time{}, true
	}
	return o.closes(last), !o.cal.certain(first, last)
}

// day is the number of the day at the office; it may be out of range.
func (o *Office) day(t time.Time) int {
	offset := o.offset
	if !o.still {
		_, offset = t.In(o.loc).Zone()
	}
	return floorDiv(int(t.Unix())+offset-epoch, daySeconds)
}

// instant is the time of day at the office, in UTC.
func (o *Office) instant(n, minutes int) time.Time {
	if o.still {
		return time.Unix(int64(epoch+n*daySeconds+minutes*60-o.offset), 0).UTC()
	}
	return time.Date(firstYear, 1, 1+n, 0, minutes, 0, 0, o.loc).UTC()
}

func (o *Office) hoursOn(n int) hours {
	i := len(o.hours) - 1
	for i > 0 && o.hours[i].from > n {
		i--
	}
	return o.hours[i]
}

func (o *Office) opens(n int) time.Time  { return o.instant(n, o.hoursOn(n).opens) }
func (o *Office) closes(n int) time.Time { return o.instant(n, o.hoursOn(n).closes) }
