package clock_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tongban/hub/clock"
)

// world is a random office with a random clock at it.
type world struct {
	*rand.Rand
	office *clock.Office
	zone   *time.Location
	clock  clock.Clock
}

// Two of the zones change to summer time, one of them by half an hour, and in one midnight is skipped on that day.
var zones = []string{
	"Asia/Shanghai", "Asia/Urumqi", "UTC", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Pacific/Kiritimati",
}

// worlds runs a property in n random worlds; a failure names the seed that makes its world again.
func worlds(t *testing.T, n int, property func(*testing.T, *world)) {
	t.Helper()
	first := rand.Uint64()
	for i := range uint64(n) {
		w := newWorld(t, first+i)
		property(t, w)
		if t.Failed() {
			t.Fatalf("seed %d, office in %s, clock %+v", first+i, w.zone, w.clock)
		}
	}
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 3))}
	zone := zones[w.IntN(len(zones))]
	c, err := clock.Load(strings.NewReader(w.calendar(zone)))
	if err != nil {
		t.Fatalf("seed %d: %v\n%s", seed, err, w.calendar(zone))
	}
	if w.zone, err = time.LoadLocation(zone); err != nil {
		t.Fatal(err)
	}
	w.office = c.Office("here")
	w.clock = clock.Clock{Kind: clock.KindStatutory, Start: w.instant(200), Days: max(0, w.IntN(40)-10)}
	for range w.IntN(5) {
		s := clock.Stop{From: w.instant(250)}
		if w.IntN(3) > 0 { // mostly short ones, of which some are empty
			s.Until = s.From.Add(time.Duration(w.IntN(9*24*4)) * 15 * time.Minute)
		} else {
			s.Until = s.From.Add(time.Duration(w.IntN(200)) * time.Minute)
		}
		w.clock.Stops = append(w.clock.Stops, s)
	}
	if len(w.clock.Stops) > 0 && w.IntN(4) == 0 {
		w.clock.Stops[0].Until = time.Time{}
	}
	if w.IntN(4) == 0 {
		w.clock.End = w.clock.Start.Add(time.Duration(w.IntN(60*24)) * time.Hour)
	}
	return w
}

// calendar has random days off and make-up days in 2026 and 2027, and an office with its own.
func (w *world) calendar(zone string) string {
	var b strings.Builder
	b.WriteString("calendar 1\n")
	for _, y := range []int{2026, 2027} {
		fmt.Fprintf(&b, "year %d\nsource random\noff 01-01 05-01 05-02 10-01..10-03\n", y)
		w.days(&b, y, true)
	}
	open := w.IntN(12 * 60)
	shut := open + 1 + w.IntN(24*60-open)
	fmt.Fprintf(&b, "office here\nzone %s\nhours %02d:%02d-%02d:%02d\nhours 08:30-17:30 from 2026-06-01\n",
		zone, open/60, open%60, shut/60, shut%60)
	if w.IntN(2) == 0 {
		b.WriteString("saturday on from 2026-03-02\n")
	}
	w.days(&b, 2026, false)
	return b.String()
}

func (w *world) days(b *strings.Builder, year int, national bool) {
	for n := range 364 {
		d := time.Date(year, 1, 1+n, 0, 0, 0, 0, time.UTC)
		md := d.Format("01-02")
		fixed := slices.Contains([]string{"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"}, md)
		weekend := d.Weekday() == time.Sunday || d.Weekday() == time.Saturday
		switch {
		case fixed && national || w.IntN(12) > 0:
		case weekend:
			fmt.Fprintf(b, "work %s\n", d.Format(time.DateOnly))
		default:
			fmt.Fprintf(b, "off %s\n", d.Format(time.DateOnly))
		}
	}
}

// instant is one of the first days of 2026, often on the hour or at midnight of the office.
func (w *world) instant(days int) time.Time {
	day := 1 + w.IntN(days)
	switch w.IntN(4) {
	case 0:
		return time.Date(2026, 1, day, 0, 0, 0, 0, w.zone)
	case 1:
		_, closes := w.office.Hours(clock.Date{Year: 2026, Month: 1, Day: day})
		return closes
	case 2:
		return time.Date(2026, 1, day, w.IntN(24), 0, 0, 0, w.zone)
	}
	return time.Date(2026, 1, day, 0, 0, 0, 0, w.zone).Add(time.Duration(w.Int64N(int64(24 * time.Hour))))
}

// counted lists the closings of counted days, by walking the days one by one.
func (w *world) counted(c clock.Clock, openEnd time.Time) []time.Time {
	var out []time.Time
	y, m, d := c.Start.In(w.zone).Date()
	for i := range 500 {
		midnight := time.Date(y, m, d+i, 0, 0, 0, 0, w.zone)
		yy, mm, dd := time.Date(y, m, d+i, 0, 0, 0, 0, time.UTC).Date()
		day := clock.Date{Year: yy, Month: mm, Day: dd}
		_, closes := w.office.Hours(day)
		counts, _ := w.office.WorkingDay(day)
		if i == 0 && (c.Days > 0 || !c.Start.Before(closes)) {
			counts = false
		}
		for _, s := range c.Stops {
			from, until := s.From, s.Until
			if until.IsZero() {
				until = openEnd
			}
			if from.Before(c.Start) {
				from = c.Start
			}
			if from.Before(until) && from.Before(closes) && until.After(midnight) {
				counts = false
			}
		}
		if counts {
			out = append(out, closes)
		}
	}
	return out
}

var never = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

func TestReadAgreesWithCountingDayByDay(t *testing.T) {
	worlds(t, 1500, func(t *testing.T, w *world) {
		w.clock.End = time.Time{}
		now := w.instant(300)
		got := w.office.Read(w.clock, now)
		closings, ifNow := w.counted(w.clock, never), w.counted(w.clock, now)
		n := max(1, w.clock.Days)
		over := 0
		for over < len(closings) && !closings[over].After(now) {
			over++
		}
		if w.clock.Days == 0 {
			over = max(0, over-1)
		}
		var due time.Time
		if len(closings) >= n {
			due = closings[n-1]
		}
		if got.Used != over || !got.Due.Equal(due) || !got.Earliest.Equal(ifNow[n-1]) {
			t.Errorf("at %v read %+v, want used %d, due %v, earliest %v", now, got, over, due, ifNow[n-1])
		}
		if got.Used+got.Left != w.clock.Days {
			t.Errorf("used %d + left %d is not %d", got.Used, got.Left, w.clock.Days)
		}
		if overdue := !due.IsZero() && now.After(due); overdue != (got.State == clock.Overdue) {
			t.Errorf("at %v %s, due %v", now, got.State, due)
		}
	})
}

func TestReadNeverGoesBack(t *testing.T) {
	worlds(t, 500, func(t *testing.T, w *world) {
		nows := make([]time.Time, 40)
		for i := range nows {
			nows[i] = w.instant(300)
		}
		slices.SortFunc(nows, time.Time.Compare)
		before := w.office.Read(w.clock, nows[0])
		for _, now := range nows[1:] {
			r := w.office.Read(w.clock, now)
			if r.Used < before.Used || r.Percent < before.Percent || r.Level < before.Level ||
				r.State != clock.Ended && r.Earliest.Before(before.Earliest) || // an end cuts off the stops behind it
				before.State == clock.Ended && r != before || before.State == clock.Overdue && r.State != clock.Overdue && r.State != clock.Ended {
				t.Errorf("after %+v\nat %v %+v", before, now, r)
			}
			before = r
		}
	})
}

func TestStoppingForWholeDaysMovesTheEndByThem(t *testing.T) {
	worlds(t, 500, func(t *testing.T, w *world) {
		c := clock.Clock{Start: w.clock.Start, Days: 1 + w.clock.Days}
		i, k := w.IntN(c.Days), w.IntN(20)
		from, _ := w.office.Add(c.Start, i) // the end of a day before the last
		if i == 0 {
			from = c.Start
			if worked, _ := w.office.WorkingDay(w.office.Date(from)); worked {
				_, from = w.office.Hours(w.office.Date(from))
			}
		}
		until, _ := w.office.Add(c.Start, i+k)
		if k == 0 {
			until = from
		}
		c.Stops = []clock.Stop{{From: from, Until: until}}
		want, _ := w.office.Add(c.Start, c.Days+k)
		if r := w.office.Read(c, c.Start); r.Due != want {
			t.Errorf("%d days, stopped for %d from %v until %v: due %v, want %v", c.Days, k, from, until, r.Due, want)
		}
	})
}

func TestReadersEverywhereReadTheSame(t *testing.T) {
	worlds(t, 300, func(t *testing.T, w *world) {
		now, there := w.instant(300), time.FixedZone("there", w.IntN(24*60*60)-12*60*60)
		c := w.clock
		c.Start, c.Stops = c.Start.In(there), slices.Clone(c.Stops)
		for i := range c.Stops {
			c.Stops[i].From = c.Stops[i].From.In(there)
		}
		w.Shuffle(len(c.Stops), func(i, j int) { c.Stops[i], c.Stops[j] = c.Stops[j], c.Stops[i] })
		here, other := w.office.Read(w.clock, now.UTC()), w.office.Read(c, now.In(there))
		if here != other {
			t.Errorf("here  %+v\nthere %+v", here, other)
		}
	})
}

func TestAddEndsAWorkingDay(t *testing.T) {
	worlds(t, 500, func(t *testing.T, w *world) {
		start, n := w.instant(300), w.IntN(60)
		due, _ := w.office.Add(start, n)
		day := w.office.Date(due.Add(-1)) // an office may close at midnight
		working, _ := w.office.WorkingDay(day)
		if _, closes := w.office.Hours(day); !working || closes != due || !due.After(start) {
			t.Errorf("%v + %d is %v: working %v, closes %v", start, n, due, working, closes)
		}
		if got, _ := w.office.Between(w.office.Date(start), day); n > 0 && got != n {
			t.Errorf("%v + %d is %v, but %d days lie between", start, n, due, got)
		}
		if r := w.office.Read(clock.Clock{Start: start, Days: n}, start); r.Due != due {
			t.Errorf("%v + %d is %v, but read as %v", start, n, due, r.Due)
		}
	})
}

func TestEachAlarmRaisesTheLevel(t *testing.T) {
	worlds(t, 500, func(t *testing.T, w *world) {
		w.clock.End = time.Time{}
		now := w.clock.Start
		for range 5 {
			r := w.office.Read(w.clock, now)
			if r.NextAlarm.IsZero() {
				if r.Level != clock.Level100 && !r.Due.IsZero() {
					t.Errorf("no alarm after %v: %+v", now, r)
				}
				return
			}
			before, after := w.office.Read(w.clock, r.NextAlarm.Add(-1)), w.office.Read(w.clock, r.NextAlarm)
			if !r.NextAlarm.After(now) || before.Level != r.Level || after.Level <= r.Level {
				t.Errorf("at %v %+v\nbefore the alarm %+v\nat the alarm %+v", now, r, before, after)
			}
			if after.Level == clock.Level100 && r.NextAlarm != r.Due {
				t.Errorf("the last alarm is at %v, due %v", r.NextAlarm, r.Due)
			}
			now = r.NextAlarm
		}
		t.Error("more than three alarms")
	})
}

func TestNoStopCountsTwice(t *testing.T) {
	worlds(t, 500, func(t *testing.T, w *world) {
		now, c := w.instant(300), w.clock
		c.Stops = slices.Clone(c.Stops)
		for _, s := range w.clock.Stops {
			if length := s.Until.Sub(s.From); length > 1 {
				a := s.From.Add(time.Duration(w.Int64N(int64(length))))
				b := a.Add(time.Duration(w.Int64N(int64(s.Until.Sub(a)))))
				c.Stops = append(c.Stops, s, clock.Stop{From: a, Until: b}, clock.Stop{From: a, Until: s.Until})
			}
		}
		if once, twice := w.office.Read(w.clock, now), w.office.Read(c, now); once != twice {
			t.Errorf("once  %+v\ntwice %+v", once, twice)
		}
	})
}
