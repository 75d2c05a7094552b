package clock

import (
	"math"
	"slices"
	"time"
)

// Read tells what the clock says at an instant. It takes the clock's facts as they stand, those after now included,
// so that for one clock Used, Percent and Level never fall when now rises. It is safe for concurrent use, allocates
// nothing for up to eight stops, and needs no more time for a long period than for a short one.
//
// Which days count: the working days after the start day (for zero days: the start day itself, see Add), less those
// that a stop touches. A working day begins at midnight and ends when the office closes (art. 203 II); a stop that
// covers any instant of that takes the whole day, because the law counts days, not hours. So
//
//   - the day on which a supplement is asked is not counted, unless it is asked after closing, when the day is over;
//   - the day on which the answer comes is not counted, and counting goes on with the next day, as after any start
//     (art. 201);
//   - stops that overlap or touch the same day take it once.
//
// A stop ends at Until, which no longer belongs to it. Stops before the start count from the start, and those from the
// end of an ended clock on not at all. An ended clock is read as of its end.
//
// Percent: the days over, and of a counted day that is running the share of its office hours that has gone, so that a
// clock of one day warns before it runs out. A stop recorded later on the same day takes that day, and with it its
// share, back.
func (o *Office) Read(c Clock, now time.Time) Reading {
	first := o.day(c.Start)
	if c.Check() != nil || !inCentury(first) {
		return Reading{State: Invalid, Provisional: true}
	}
	at, ended := now, !c.End.IsZero() && !c.End.After(now)
	if ended {
		at = c.End
	}
	var buf [8]span
	m := o.measure(c.Start, c.Days)
	taken := m.stops(buf[:0], &c, ended, time.Time{})

	out := Reading{}
	last := o.worked.nth(m.rank(m.total, taken))
	if last >= 0 {
		out.Due = o.closes(last)
		out.Earliest = out.Due
	} else {
		var other [8]span
		if last = o.worked.nth(m.rank(m.total, m.stops(other[:0], &c, ended, at))); last >= 0 {
			out.Earliest = o.closes(last)
		}
	}
	full, share := m.position(at, taken)
	out.Percent = min(100, (100*full+share)/m.total)
	out.Used = full
	if c.Days == 0 {
		out.Used = max(0, full-1)
	}
	out.Left = c.Days - out.Used
	out.Provisional = last < 0 || !o.cal.certain(first, max(first, last, o.day(at)))
	out.State = c.state(at, ended, out.Due)
	out.Late = ended && !out.Due.IsZero() && at.After(out.Due)
	level, next := levelAt(out.Percent)
	out.Level = level
	if !ended && next != 0 {
		out.NextAlarm = m.alarm(int(next), taken)
	}
	return out
}

func (c *Clock) state(at time.Time, ended bool, due time.Time) State {
	switch {
	case ended:
		return Ended
	case !due.IsZero() && at.After(due):
		return Overdue
	}
	for i := range c.Stops {
		s := &c.Stops[i]
		if !at.Before(s.From) && (s.Until.IsZero() || at.Before(s.Until)) {
			return Stopped
		}
	}
	return Running
}

// span is a run of working days that are not counted: those of rank after+1 to upTo.
type span struct{ after, upTo int }

// forever is the rank that no day reaches.
const forever = math.MaxInt32

// measure counts the days of one clock. Working days are named by their rank, so that days off need no thought. The
// spans that stops take travel beside it: as a field they would leave the stack, one allocation for each reading.
type measure struct {
	o     *Office
	start time.Time
	base  int // rank of the last working day that is not counted
	total int // days to count, at least 1
}

func (o *Office) measure(start time.Time, days int) measure {
	first := o.day(start)
	m := measure{o: o, start: start, base: o.worked.rank(first), total: days}
	if days == 0 {
		m.total = 1
		if o.worked.has(first) && start.Before(o.closes(first)) {
			m.base--
		}
	}
	return m
}

// stops lists the days that stops take, rising and apart, onto buf. Open stops end at openEnd, and never when it is
// zero; those of an ended clock at its end.
func (m *measure) stops(buf []span, c *Clock, ended bool, openEnd time.Time) []span {
	if ended {
		openEnd = c.End
	}
	for i := range c.Stops {
		from, until := c.Stops[i].From, c.Stops[i].Until
		if until.IsZero() {
			until = openEnd
		}
		if from.Before(c.Start) {
			from = c.Start
		}
		if !until.IsZero() && !from.Before(until) || ended && !from.Before(c.End) {
			continue
		}
		a := m.o.day(from)
		if !from.Before(m.o.closes(a)) {
			a++
		}
		s := span{max(m.base, m.o.worked.rank(a-1)), forever}
		if !until.IsZero() {
			s.upTo = m.o.worked.rank(m.o.day(until.Add(-1)))
		}
		if s.upTo > s.after {
			buf = append(buf, s)
		}
	}
	if len(buf) < 2 {
		return buf
	}
	slices.SortFunc(buf, func(a, b span) int { return a.after - b.after })
	out := buf[:1]
	for _, s := range buf[1:] {
		if prev := &out[len(out)-1]; s.after <= prev.upTo {
			prev.upTo = max(prev.upTo, s.upTo)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// rank is the rank of the k-th counted day, and forever when a stop without an end stands before it.
func (m *measure) rank(k int, taken []span) int {
	r := m.base + k
	for _, s := range taken {
		if r <= s.after {
			break
		}
		if s.upTo == forever {
			return forever
		}
		r += s.upTo - s.after
	}
	return r
}

// position gives the counted days that are over at an instant, and of a counted day that is running the hundredths of
// its office hours.
func (m *measure) position(at time.Time, taken []span) (full, share int) {
	n := m.o.day(at)
	r := m.o.worked.rank(n)
	if r <= m.base {
		return 0, 0
	}
	full = r - m.base
	counted := m.o.worked.has(n)
	for _, s := range taken {
		if r <= s.after {
			break
		}
		full -= min(r, s.upTo) - s.after
		counted = counted && r > s.upTo
	}
	if !counted {
		return full, 0
	}
	from, to := m.hours(n)
	if !at.Before(to) {
		return full, 0
	}
	if at.After(from) {
		share = int(100 * at.Sub(from) / to.Sub(from))
	}
	return full - 1, share
}

// hours are those of a counted day, from the start where that comes later (only for zero days).
func (m *measure) hours(n int) (from, to time.Time) {
	from, to = m.o.opens(n), m.o.closes(n)
	if from.Before(m.start) {
		from = m.start.UTC()
	}
	return from, to
}

// alarm is the first instant at which the percentage is reached; zero when that depends on an open stop.
func (m *measure) alarm(percent int, taken []span) time.Time {
	full, part := percent*m.total/100, percent*m.total%100
	if part == 0 {
		if n := m.o.worked.nth(m.rank(full, taken)); n >= 0 {
			return m.o.closes(n)
		}
		return time.Time{}
	}
	n := m.o.worked.nth(m.rank(full+1, taken))
	if n < 0 {
		return time.Time{}
	}
	from, to := m.hours(n)
	if !from.Before(to) {
		return to
	}
	return from.Add((time.Duration(part)*to.Sub(from) + 99) / 100) // rounded up: not before it is reached
}
