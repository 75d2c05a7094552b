package clock_test

import (
	"errors"
	"testing"
	"time"

	"tongban/hub/clock"
)

func TestAdd(t *testing.T) {
	for _, c := range []struct {
		why, start string
		days       int
		want       string
	}{
		{"over Spring Festival", "2026-02-10 10:00", 5, "2026-02-24 17:00"},
		{"over Mid-Autumn", "2026-09-24 10:00", 3, "2026-09-30 17:00"},
		{"over a make-up Sunday and National Day", "2025-09-26 10:00", 5, "2025-10-10 17:00"},
		{"the days of the law", "2026-01-20 10:00", 30, "2026-03-09 17:00"},
		{"from a make-up Sunday", "2024-09-29 10:00", 1, "2024-09-30 17:00"},
		{"over Labour Day", "2026-04-30 10:00", 1, "2026-05-06 17:00"},

		{"art. 201: the hour of the start decides nothing", "2026-03-02 00:00", 1, "2026-03-03 17:00"},
		{"not even after closing", "2026-03-02 23:59", 1, "2026-03-03 17:00"},
		{"from a day off the next working day is the first", "2026-03-07 10:00", 1, "2026-03-09 17:00"},
		{"from a day off, two days", "2026-03-07 10:00", 2, "2026-03-10 17:00"},

		{"zero days, before opening", "2026-03-02 07:00", 0, "2026-03-02 17:00"},
		{"zero days, while open", "2026-03-02 16:59", 0, "2026-03-02 17:00"},
		{"zero days, at closing", "2026-03-02 17:00", 0, "2026-03-03 17:00"},
		{"zero days, on the eve of days off", "2026-02-14 18:00", 0, "2026-02-24 17:00"},
		{"zero days, on a day off", "2026-10-01 09:00", 0, "2026-10-08 17:00"},
	} {
		due, provisional := office.Add(at(c.start), c.days)
		if !due.Equal(at(c.want)) || provisional || due.Location() != time.UTC {
			t.Errorf("%s: %s + %d is %v (provisional %v), want %s", c.why, c.start, c.days, due, provisional, c.want)
		}
	}
}

func TestAddHasNoAnswer(t *testing.T) {
	for _, c := range []struct {
		why   string
		start time.Time
		days  int
	}{
		{"days below zero", at("2026-03-02 10:00"), -1},
		{"days beyond measure", at("2026-03-02 10:00"), clock.MaxDays + 1},
		{"no start", time.Time{}, 1},
		{"the evening before the century", at("1999-12-31 20:00"), 1},
		{"after the century", at("2100-01-01 08:00"), 1},
		{"over the end of the century", at("2099-12-30 08:00"), 30},
		{"a year that no date can have", time.Unix(1<<60, 0), 1},
	} {
		if due, provisional := office.Add(c.start, c.days); !due.IsZero() || !provisional {
			t.Errorf("%s: %v, %v", c.why, due, provisional)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	day := at("2026-03-02 10:00")
	for _, c := range []struct {
		want  string
		clock clock.Clock
	}{
		{"clock: start: missing", clock.Clock{Days: 1}},
		{"clock: start: range", clock.Clock{Start: at("1999-01-01 10:00")}},
		{"clock: days: range", clock.Clock{Start: day, Days: -1}},
		{"clock: days: range", clock.Clock{Start: day, Days: clock.MaxDays + 1}},
		{"clock: end: order", clock.Clock{Start: day, End: day.Add(-1)}},
		{"clock: stops: missing", clock.Clock{Start: day, Stops: []clock.Stop{{Until: day}}}},
		{"clock: stops: order", clock.Clock{Start: day, Stops: []clock.Stop{{From: day, Until: day.Add(-1)}}}},
	} {
		err := c.clock.Check()
		if _, ok := errors.AsType[*clock.Error](err); !ok || err.Error() != c.want {
			t.Errorf("error %v, want %s", err, c.want)
		}
		if r := office.Read(c.clock, day); r != (clock.Reading{State: clock.Invalid, Provisional: true}) {
			t.Errorf("%s: read as %+v", c.want, r)
		}
	}
}

// stop makes a stop; an empty until leaves it open.
func stop(from, until string) clock.Stop {
	s := clock.Stop{From: at(from), Why: clock.WhySupplement}
	if until != "" {
		s.Until = at(until)
	}
	return s
}

// In March 2026 every Monday to Friday is worked; the 2nd is a Monday.
func TestRead(t *testing.T) {
	const monday = "2026-03-02 10:00"
	for _, c := range []struct {
		why   string
		days  int
		stops []clock.Stop
		end   string
		now   string
		want  clock.Reading
		due   string
		alarm string
	}{
		{
			why: "at the start", days: 5, now: monday, due: "2026-03-09 17:00", alarm: "2026-03-05 13:00",
			want: clock.Reading{State: clock.Running, Left: 5},
		},
		{
			why: "before the start", days: 5, now: "2026-02-27 10:00", due: "2026-03-09 17:00", alarm: "2026-03-05 13:00",
			want: clock.Reading{State: clock.Running, Left: 5},
		},
		{
			why: "the first day is over", days: 5, now: "2026-03-03 17:00", due: "2026-03-09 17:00", alarm: "2026-03-05 13:00",
			want: clock.Reading{State: clock.Running, Used: 1, Left: 4, Percent: 20},
		},
		{
			why: "half is over", days: 5, now: "2026-03-05 13:00", due: "2026-03-09 17:00", alarm: "2026-03-06 17:00",
			want: clock.Reading{State: clock.Running, Used: 2, Left: 3, Percent: 50, Level: 50},
		},
		{
			why: "the weekend moves nothing", days: 5, now: "2026-03-08 12:00", due: "2026-03-09 17:00", alarm: "2026-03-09 17:00",
			want: clock.Reading{State: clock.Running, Used: 4, Left: 1, Percent: 80, Level: 80},
		},
		{
			why: "the instant of closing is in time", days: 5, now: "2026-03-09 17:00", due: "2026-03-09 17:00",
			want: clock.Reading{State: clock.Running, Used: 5, Percent: 100, Level: 100},
		},
		{
			why: "a minute later is not", days: 5, now: "2026-03-09 17:01", due: "2026-03-09 17:00",
			want: clock.Reading{State: clock.Overdue, Used: 5, Percent: 100, Level: 100},
		},
		{
			why: "three days over", days: 5, now: "2026-03-12 18:00", due: "2026-03-09 17:00",
			want: clock.Reading{State: clock.Overdue, Used: 8, Left: -3, Percent: 100, Level: 100},
		},
		{
			why: "ended in time", days: 5, end: "2026-03-09 17:00", now: "2026-04-09 17:00", due: "2026-03-09 17:00",
			want: clock.Reading{State: clock.Ended, Used: 5, Percent: 100, Level: 100},
		},
		{
			why: "ended late", days: 5, end: "2026-03-10 09:00", now: "2026-04-09 17:00", due: "2026-03-09 17:00",
			want: clock.Reading{State: clock.Ended, Late: true, Used: 5, Percent: 100, Level: 100},
		},
		{
			why: "the end is not reached yet", days: 5, end: "2026-03-10 09:00", now: "2026-03-03 17:00", due: "2026-03-09 17:00", alarm: "2026-03-05 13:00",
			want: clock.Reading{State: clock.Running, Used: 1, Left: 4, Percent: 20},
		},
		{
			why: "one day to answer warns at noon", days: 1, now: "2026-03-03 12:59", due: "2026-03-03 17:00", alarm: "2026-03-03 13:00",
			want: clock.Reading{State: clock.Running, Left: 1, Percent: 49},
		},
		{
			why: "and again late in the day", days: 1, now: "2026-03-03 13:00", due: "2026-03-03 17:00", alarm: "2026-03-03 15:24",
			want: clock.Reading{State: clock.Running, Left: 1, Percent: 50, Level: 50},
		},
		{
			why: "zero days warn in what is left of the day", days: 0, now: monday, due: "2026-03-02 17:00", alarm: "2026-03-02 13:30",
			want: clock.Reading{State: clock.Running},
		},
		{
			why: "zero days, overdue the same day", days: 0, now: "2026-03-02 17:30", due: "2026-03-02 17:00",
			want: clock.Reading{State: clock.Overdue, Percent: 100, Level: 100},
		},
		{
			why: "zero days, overdue by two", days: 0, now: "2026-03-04 17:30", due: "2026-03-02 17:00",
			want: clock.Reading{State: clock.Overdue, Used: 2, Left: -2, Percent: 100, Level: 100},
		},
		{
			why: "stopped: nobody knows the end", days: 5, stops: []clock.Stop{stop("2026-03-04 15:00", "")}, now: "2026-03-06 10:00",
			want: clock.Reading{State: clock.Stopped, Used: 1, Left: 4, Percent: 20, Earliest: at("2026-03-12 17:00").UTC()},
		},
		{
			why: "stopped on the start day", days: 5, stops: []clock.Stop{stop("2026-03-02 15:00", "")}, now: "2026-03-02 16:00",
			want: clock.Reading{State: clock.Stopped, Left: 5, Earliest: at("2026-03-09 17:00").UTC()},
		},
		{
			why: "the days of asking and of answering are not counted", days: 5, stops: []clock.Stop{stop("2026-03-04 15:00", "2026-03-06 10:00")},
			now: "2026-03-06 18:00", due: "2026-03-12 17:00", alarm: "2026-03-10 13:00",
			want: clock.Reading{State: clock.Running, Used: 1, Left: 4, Percent: 20},
		},
		{
			why: "asked after closing: the day is over and counts", days: 5, stops: []clock.Stop{stop("2026-03-04 17:00", "2026-03-06 00:00")},
			now: "2026-03-06 18:00", due: "2026-03-10 17:00", alarm: "2026-03-09 17:00",
			want: clock.Reading{State: clock.Running, Used: 3, Left: 2, Percent: 60, Level: 50},
		},
		{
			why: "asked and answered between closing and midnight", days: 5, stops: []clock.Stop{stop("2026-03-04 17:00", "2026-03-04 23:59")},
			now: "2026-03-04 17:00", due: "2026-03-09 17:00", alarm: "2026-03-05 13:00",
			want: clock.Reading{State: clock.Stopped, Used: 2, Left: 3, Percent: 40},
		},
		{
			why: "an empty stop stops nothing", days: 5, stops: []clock.Stop{stop("2026-03-04 10:00", "2026-03-04 10:00")},
			now: monday, due: "2026-03-09 17:00", alarm: "2026-03-05 13:00",
			want: clock.Reading{State: clock.Running, Left: 5},
		},
		{
			why: "a stop over the weekend only", days: 5, stops: []clock.Stop{stop("2026-03-06 17:00", "2026-03-09 00:00")},
			now: monday, due: "2026-03-09 17:00", alarm: "2026-03-05 13:00",
			want: clock.Reading{State: clock.Running, Left: 5},
		},
		{
			why: "overlapping stops count once", days: 5,
			stops: []clock.Stop{stop("2026-03-05 12:00", "2026-03-06 12:00"), stop("2026-03-04 09:00", "2026-03-05 13:00"), stop("2026-03-04 10:00", "2026-03-04 11:00")},
			now:   monday, due: "2026-03-12 17:00", alarm: "2026-03-10 13:00",
			want: clock.Reading{State: clock.Running, Left: 5},
		},
		{
			why: "a notice whose end is known", days: 5, stops: []clock.Stop{stop("2026-03-03 09:00", "2026-03-05 17:00")},
			now: "2026-03-04 10:00", due: "2026-03-12 17:00", alarm: "2026-03-10 13:00",
			want: clock.Reading{State: clock.Stopped, Left: 5},
		},
		{
			why: "a stop after the end of the period heals nothing", days: 1, stops: []clock.Stop{stop("2026-03-03 17:30", "")},
			now: "2026-03-04 10:00", due: "2026-03-03 17:00",
			want: clock.Reading{State: clock.Overdue, Used: 1, Percent: 100, Level: 100},
		},
		{
			why: "withdrawn while stopped is not late", days: 1, stops: []clock.Stop{stop("2026-03-03 10:00", "")},
			end: "2026-03-20 10:00", now: "2026-03-20 10:00", due: "2026-03-23 17:00",
			want: clock.Reading{State: clock.Ended, Left: 1},
		},
		{
			why: "a stop recorded after the end changes nothing", days: 5, stops: []clock.Stop{stop("2026-03-05 10:00", "2026-03-06 10:00")},
			end: "2026-03-04 10:00", now: "2026-03-10 10:00", due: "2026-03-09 17:00",
			want: clock.Reading{State: clock.Ended, Used: 1, Left: 4, Percent: 22},
		},
		{
			why: "the last day is stopped at the last minute", days: 1, stops: []clock.Stop{stop("2026-03-03 16:59", "2026-03-04 09:00")},
			now: "2026-03-04 12:00", due: "2026-03-05 17:00", alarm: "2026-03-05 13:00",
			want: clock.Reading{State: clock.Running, Left: 1},
		},
		{
			why: "zero days, stopped", days: 0, stops: []clock.Stop{stop("2026-03-02 11:00", "2026-03-03 11:00")},
			now: "2026-03-03 12:00", due: "2026-03-04 17:00", alarm: "2026-03-04 13:00",
			want: clock.Reading{State: clock.Running},
		},
		{
			why: "zero days, a stop before the start of the same day", days: 0, stops: []clock.Stop{stop("2026-03-02 08:00", "2026-03-02 09:30")},
			now: monday, due: "2026-03-02 17:00", alarm: "2026-03-02 13:30",
			want: clock.Reading{State: clock.Running},
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			k := clock.Clock{Kind: clock.KindPromised, Start: at(monday), Days: c.days, Stops: c.stops}
			if c.end != "" {
				k.End = at(c.end)
			}
			if c.due != "" {
				c.want.Due = at(c.due).UTC()
				c.want.Earliest = c.want.Due
			}
			if c.alarm != "" {
				c.want.NextAlarm = at(c.alarm).UTC()
			}
			if got := office.Read(k, at(c.now)); got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestReadSaysWhatIsProvisional(t *testing.T) {
	for _, c := range []struct {
		why, start, now string
		days            int
		stops           []clock.Stop
		want            bool
	}{
		{"within the loaded years", "2026-11-02 10:00", "2026-11-03 10:00", 30, nil, false},
		{"due in a year that is not loaded", "2026-12-01 10:00", "2026-12-02 10:00", 30, nil, true},
		{"due in days of December that may still change", "2026-12-01 10:00", "2026-12-02 10:00", 20, nil, true},
		{"moved there by a stop", "2026-11-02 10:00", "2026-11-03 10:00", 30, []clock.Stop{stop("2026-11-04 10:00", "2026-11-30 10:00")}, true},
		{"at the earliest there", "2026-11-02 10:00", "2026-11-30 10:00", 30, []clock.Stop{stop("2026-11-04 10:00", "")}, true},
		{"overdue into it", "2026-12-01 10:00", "2027-01-05 10:00", 5, nil, true},
		{"started before the first year", "2023-12-29 10:00", "2024-01-05 10:00", 5, nil, true},
	} {
		r := office.Read(clock.Clock{Start: at(c.start), Days: c.days, Stops: c.stops}, at(c.now))
		if r.Provisional != c.want {
			t.Errorf("%s: %+v", c.why, r)
		}
	}
}

func TestAnOfficeOpenAllDayClosesAtMidnight(t *testing.T) {
	o := load(t, "calendar 1\noffice a\nhours 00:00-24:00\n").Office("a")
	k := clock.Clock{Start: at("2026-03-02 23:59"), Days: 1, Stops: []clock.Stop{stop("2026-03-04 00:00", "")}}
	if r := o.Read(k, at("2026-03-04 00:00")); !r.Due.Equal(at("2026-03-04 00:00")) || r.Level != clock.Level100 || r.Used != 1 {
		t.Errorf("got %+v", r)
	}
}
