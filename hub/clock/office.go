package clock

import "time"

// Office is the working time of one office. It answers in constant time from
// a table of all days between two far ends.
type Office struct {
	zone        *time.Location
	open, close int     // seconds of the local day
	before      []int32 // how many days are worked before the nth day of the table
	worked      []day   // the worked days in order
	knownFrom   day
	knownTo     day // the last day of the loaded years
}

// The table's ends. Times beyond them are taken for the ends.
var (
	tableFrom = dayOf(1990, 1, 1)
	tableTo   = dayOf(2100, 12, 31)
)

// build makes the table of an office.
func (c *Calendar) build(o overlay) *Office {
	of := &Office{open: usualOpen, close: usualClose}
	if o.close != 0 {
		of.open, of.close = o.open, o.close
	}
	name := o.zone
	if name == "" {
		name = usualZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil { // the loader has looked it up; the built-in one is in the program
		panic(err)
	}
	of.zone = zone
	of.before = make([]int32, 0, tableTo-tableFrom+2)
	n := int32(0)
	for d := tableFrom; d <= tableTo; d++ {
		of.before = append(of.before, n)
		if c.worked(d, o) {
			of.worked = append(of.worked, d)
			n++
		}
	}
	of.before = append(of.before, n)
	if years := c.Years(); len(years) > 0 {
		of.knownFrom, of.knownTo = dayOf(years[0], 1, 1), dayOf(years[0], 12, 31)
		for c.known(of.knownTo + 1) {
			of.knownTo = dayOf(of.knownTo.date().Year()+1, 12, 31)
		}
	} else {
		of.knownFrom, of.knownTo = 1, 0
	}
	return of
}

// at is the local day of an instant and its second in that day.
func (o *Office) at(t time.Time) (day, int) {
	t = t.In(o.zone)
	d := dayOf(t.Date())
	switch {
	case d < tableFrom:
		return tableFrom, 0
	case d > tableTo:
		return tableTo, 86399
	}
	return d, t.Hour()*3600 + t.Minute()*60 + t.Second()
}

// upTo is how many worked days end before the day after d.
func (o *Office) upTo(d day) int64 { return int64(o.before[d-tableFrom+1]) }

func (o *Office) isWorked(d day) bool { return o.before[d-tableFrom+1] > o.before[d-tableFrom] }

// nth is the nth worked day of the table, held within its ends.
func (o *Office) nth(n int64) day {
	return o.worked[max(0, min(n, int64(len(o.worked)-1)))]
}

// ends is the instant at which office hours of a day end (民法典 art. 203).
func (o *Office) ends(d day) time.Time { return o.instant(d, o.close) }

func (o *Office) instant(d day, second int) time.Time {
	y, m, dd := d.date().Date()
	return time.Date(y, m, dd, second/3600, second/60%60, second%60, 0, o.zone).UTC()
}

func (o *Office) provisional(d day) bool { return d < o.knownFrom || d > o.knownTo }

// WorkingDay reports whether the local day of t is worked; provisional when
// its year is not loaded.
func (o *Office) WorkingDay(t time.Time) (working, provisional bool) {
	d, _ := o.at(t)
	return o.isWorked(d), o.provisional(d)
}

// Hours are the office hours of the local day of t, zero when it is not worked.
func (o *Office) Hours(t time.Time) (opens, closes time.Time) {
	d, _ := o.at(t)
	if !o.isWorked(d) {
		return time.Time{}, time.Time{}
	}
	return o.instant(d, o.open), o.ends(d)
}

// Add is the end of the nth working day after the day of start, which itself is
// not counted (民法典 art. 201). 0 days end with the working day itself, or with
// the next one when start is after hours or on a day off.
func (o *Office) Add(start time.Time, days int) (due time.Time, provisional bool) {
	d := o.dueDay(start, days)
	return o.ends(d), o.provisional(d)
}

func (o *Office) dueDay(start time.Time, days int) day {
	d, second := o.at(start)
	if days < 1 {
		if o.isWorked(d) && second < o.close {
			return d
		}
		days = 1
	}
	return o.nth(o.upTo(d) + int64(days) - 1)
}

// Between counts the working days after the day of a up to the day of b; it is
// negative when b is before a.
func (o *Office) Between(a, b time.Time) int {
	da, _ := o.at(a)
	db, _ := o.at(b)
	return int(o.upTo(db) - o.upTo(da))
}

// span is the length of a working day in seconds.
func (o *Office) span() int64 { return int64(o.close - o.open) }

// spent is the working time, in seconds, from the table's beginning to t.
func (o *Office) spent(t time.Time) int64 {
	d, second := o.at(t)
	w := int64(o.before[d-tableFrom]) * o.span()
	if o.isWorked(d) {
		w += int64(max(0, min(second, o.close)-o.open))
	}
	return w
}

// when is the first instant at which so much working time is spent, and its day.
func (o *Office) when(w int64) (time.Time, day) {
	n, rest := w/o.span(), w%o.span()
	if rest == 0 {
		d := o.nth(n - 1)
		return o.ends(d), d
	}
	d := o.nth(n)
	return o.instant(d, o.open+int(rest)), d
}
