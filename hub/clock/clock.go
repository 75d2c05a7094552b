package clock

import (
	"cmp"
	"slices"
	"time"
)

// Clock is a number of working days that run from an event.
type Clock struct {
	Kind  string // the caller's name for it
	Start time.Time
	Days  int       // working days; the day of Start is not counted
	Stops []Stop    // time that is not counted; in any order, may overlap
	End   time.Time // zero: it still runs
}

// Stop is time that is not counted: waiting for the applicant, public notice.
// Zero Until: it still stands still.
type Stop struct {
	From, Until time.Time
	Why         string
}

// State is how a clock stands.
type State string

// The states.
const (
	Running State = "running"
	Stopped State = "stopped"
	Ended   State = "ended"
	Overdue State = "overdue"
)

// Reading is a clock at one instant.
type Reading struct {
	State    State
	Due      time.Time // zero while a stop is open: nobody knows yet
	Earliest time.Time // what Due would be if the open stop ended now; else Due
	Used     int       // whole working days used up
	Left     int       // working days left, the begun one included; negative: overdue by so many
	Percent  int       // of the working time, 0 and up
	Level    int       // 0, 50, 80 or 100; 100 only from Due on
	Late     bool      // ended after Due
	// NextAlarm is when Level rises next; zero when it cannot by itself.
	NextAlarm   time.Time
	Provisional bool // Due lies in a year that is not loaded
}

// course is a clock in working seconds of its office.
type course struct {
	o     *Office
	from  int64 // where counting begins
	total int64 // how much it gives
	stops []pause
	open  bool // the last stop has no end
}

type pause struct{ from, until int64 }

// Read tells how a clock stands at a time. Working time is counted to the
// second within office hours, so that stopping and going on lose and win
// nothing; but the last day always lasts until office hours end.
func (o *Office) Read(c Clock, now time.Time) Reading {
	var space [8]pause
	k := o.course(c, now, space[:0])
	at := now
	if !c.End.IsZero() && c.End.Before(now) {
		at = c.End
	}
	r := Reading{State: Running}
	_, dueDay, known := k.reach(k.total)
	last := o.ends(dueDay)
	r.Earliest, r.Provisional = last, o.provisional(dueDay)
	if known {
		r.Due = last
	}
	spent := k.elapsed(o.spent(at))
	span := o.span()
	r.Used = int(spent / span)
	r.Left = int((k.total - spent + span - 1) / span)
	if k.total > 0 {
		r.Percent = int(spent * 100 / k.total)
	}
	r.Level = k.level(spent)
	if known && !at.Before(r.Due) {
		r.Level, r.Percent = 100, max(r.Percent, 100)
		r.Left = -o.Between(r.Due, at)
	}
	k.state(&r, c, now)
	return r
}

// level is the alarm level before the due instant.
func (k *course) level(spent int64) int {
	switch {
	case k.total <= 0:
		return 0
	case spent*100 >= k.total*80:
		return 80
	case spent*100 >= k.total*50:
		return 50
	}
	return 0
}

// state fills what depends on whether the clock runs.
func (k *course) state(r *Reading, c Clock, now time.Time) {
	switch {
	case !c.End.IsZero() && !now.Before(c.End):
		r.State, r.Late = Ended, !r.Due.IsZero() && c.End.After(r.Due)
		return
	case !r.Due.IsZero() && !now.Before(r.Due):
		r.State = Overdue
		return
	case slices.ContainsFunc(c.Stops, func(s Stop) bool {
		return !now.Before(s.From) && (s.Until.IsZero() || now.Before(s.Until))
	}):
		r.State = Stopped
	}
	r.NextAlarm = k.nextAlarm(r, now)
}

func (k *course) nextAlarm(r *Reading, now time.Time) time.Time {
	for _, part := range []int64{50, 80} {
		if int64(r.Level) >= part || k.total <= 0 {
			continue
		}
		if at, _, known := k.reach((k.total*part + 99) / 100); known && at.After(now) {
			return earlier(at, r.Due)
		}
	}
	return r.Due // zero while a stop is open
}

func earlier(a, b time.Time) time.Time {
	if !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// course lays a clock out in the office's working time.
func (o *Office) course(c Clock, now time.Time, space []pause) course {
	d, _ := o.at(c.Start)
	k := course{o: o, from: o.upTo(d) * o.span(), total: int64(c.Days) * o.span(), stops: space}
	if c.Days < 1 { // what is left of the day itself
		due := o.dueDay(c.Start, 0)
		k.from = o.spent(c.Start)
		k.total = o.upTo(due)*o.span() - k.from
	}
	for _, s := range c.Stops {
		p := pause{from: max(o.spent(s.From), k.from)}
		if s.Until.IsZero() { // also when counting has not begun yet
			k.open = true
			p.until = max(p.from, o.spent(now))
		} else {
			p.until = o.spent(s.Until)
		}
		if p.until >= p.from {
			k.stops = append(k.stops, p)
		}
	}
	k.merge()
	return k
}

// merge sorts the stops and joins those that overlap, so that none counts twice.
func (k *course) merge() {
	slices.SortFunc(k.stops, func(a, b pause) int { return cmp.Compare(a.from, b.from) })
	out := k.stops[:0]
	for _, p := range k.stops {
		if n := len(out); n > 0 && p.from <= out[n-1].until {
			out[n-1].until = max(out[n-1].until, p.until)
			continue
		}
		out = append(out, p)
	}
	k.stops = out
}

// elapsed is how much of the clock is used at a point of working time.
func (k *course) elapsed(at int64) int64 {
	used := at - k.from
	for _, p := range k.stops {
		used -= max(0, min(at, p.until)-min(at, p.from))
	}
	return max(0, used)
}

// reach is when so much is used, and on which working day. known is false when
// an open stop lies before; then it is when it would be if the stop ended now.
func (k *course) reach(use int64) (at time.Time, on day, known bool) {
	w, known := k.from+use, true
	for i, p := range k.stops {
		if p.from >= w { // reached as the stop begins, or before
			break
		}
		w += p.until - p.from
		known = known && (!k.open || i < len(k.stops)-1)
	}
	at, on = k.o.when(w)
	return at, on, known
}
