package clock

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

var beijing = time.FixedZone("UTC+8", 8*3600)

func day8(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, beijing)
	if err != nil {
		panic(err)
	}
	return t
}

func TestLoadRefuses(t *testing.T) {
	for text, want := range map[string]Reason{
		"":                                      ReasonSyntax,
		"year 2026":                             ReasonSyntax,
		"calendar 2":                            ReasonSyntax,
		"calendar 1\nholiday 01-01":             ReasonUnknown,
		"calendar 1\noff 01-01":                 ReasonPlace,
		"calendar 1\nyear 26":                   ReasonRange,
		"calendar 1\nyear 2026\nyear 2026":      ReasonDuplicate,
		"calendar 1\nyear 2026\noff 02-30":      ReasonRange,
		"calendar 1\nyear 2026\noff 2025-01-01": ReasonRange,
		"calendar 1\nyear 2026\noff 01-01\nwork 01-01":               ReasonDuplicate,
		"calendar 1\nyear 2026\noff 05-05 05-01":                     ReasonRange,
		"calendar 1\nyear 2026\nzone Asia/Shanghai":                  ReasonPlace,
		"calendar 1\noffice a\nzone Mars/Olympus":                    ReasonUnknown,
		"calendar 1\noffice a\nzone Local":                           ReasonUnknown,
		"calendar 1\noffice a\nhours 17:00 09:00":                    ReasonRange,
		"calendar 1\noffice a\nhours 09:00 17:00\nhours 09:00 17:00": ReasonSyntax,
		"calendar 1\noffice a\noff 05-01":                            ReasonRange,
		"calendar 1\noffice a\noffice a":                             ReasonDuplicate,
		"calendar 1\nyear 2026\noff 01-01 01-02 01-03":               ReasonSyntax,
	} {
		_, err := Load(strings.NewReader(text))
		var e *Error
		if !errors.As(err, &e) || e.Reason != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestYearsHaveTheWorkingDaysOfTheNotices(t *testing.T) {
	o := Default().Office("any")
	for year, want := range map[int]int{2024: 251, 2025: 248, 2026: 248} {
		got := o.Between(time.Date(year-1, 12, 31, 12, 0, 0, 0, beijing), time.Date(year, 12, 31, 12, 0, 0, 0, beijing))
		if got != want {
			t.Errorf("%d: %d working days, want %d", year, got, want)
		}
	}
	if w, p := o.WorkingDay(day8("2024-02-09 10:00")); !w || p {
		t.Errorf("2024-02-09 was a working day: %t, provisional %t", w, p)
	}
	if _, p := o.WorkingDay(day8("2027-03-01 10:00")); !p {
		t.Error("2027 is not announced yet and must be provisional")
	}
}

// The vectors are those of the published calendars: over festivals, make-up days and a change of year.
func TestAdd(t *testing.T) {
	o := Default().Office("any")
	for _, c := range []struct {
		start string
		days  int
		want  string
	}{
		{"2026-02-10 10:00", 5, "2026-02-24 17:00"},
		{"2026-09-24 10:00", 3, "2026-09-30 17:00"},
		{"2025-09-26 10:00", 5, "2025-10-10 17:00"},
		{"2026-01-20 10:00", 30, "2026-03-09 17:00"},
		{"2024-09-29 10:00", 1, "2024-09-30 17:00"},
		{"2026-04-30 10:00", 1, "2026-05-06 17:00"},
		{"2026-04-30 20:00", 1, "2026-05-06 17:00"}, // after hours: the day is not counted anyway
		{"2026-05-02 10:00", 1, "2026-05-06 17:00"}, // on a day off: the first working day after
		{"2026-04-30 10:00", 0, "2026-04-30 17:00"},
		{"2026-04-30 17:00", 0, "2026-05-06 17:00"}, // after hours nothing can be done the same day
		{"2026-05-01 10:00", 0, "2026-05-06 17:00"},
	} {
		if due, p := o.Add(day8(c.start), c.days); !due.Equal(day8(c.want)) || p {
			t.Errorf("%s + %d = %s (provisional %t), want %s", c.start, c.days, due.In(beijing), p, c.want)
		}
	}
	if due, p := o.Add(day8("2026-12-30 10:00"), 5); !p || due.Year() != 2027 {
		t.Errorf("beyond the last loaded year: %s, provisional %t", due, p)
	}
}

func TestAnOfficeHasItsOwnDaysHoursAndZone(t *testing.T) {
	c, err := Load(strings.NewReader("calendar 1\nyear 2026\noffice kashgar\nzone Asia/Urumqi\nhours 10:00 19:00\noff 2026-03-20\nwork 2026-03-21\n"))
	if err != nil {
		t.Fatal(err)
	}
	own, other := c.Office("kashgar"), c.Office("nobody")
	start := day8("2026-03-19 12:00")
	if due, _ := own.Add(start, 1); !due.Equal(time.Date(2026, 3, 21, 13, 0, 0, 0, time.UTC)) { // 19:00 at UTC+6
		t.Errorf("own: %s", due)
	}
	if due, _ := other.Add(start, 1); !due.Equal(day8("2026-03-20 17:00")) {
		t.Errorf("other: %s", due)
	}
	if m := Default().Merge(c); m.String() == Default().String() || Default().Merge(Default()).String() != Default().String() {
		t.Error("merging")
	}
}

func TestReadStates(t *testing.T) {
	o := Default().Office("any")
	c := Clock{Kind: "promised", Start: day8("2026-03-02 10:00"), Days: 5} // due Monday 9th
	read := func(c Clock, at string) Reading { return o.Read(c, day8(at)) }
	if r := read(c, "2026-03-02 12:00"); r.State != Running || r.Used != 0 || r.Left != 5 || r.Level != 0 || !r.Due.Equal(day8("2026-03-09 17:00")) {
		t.Errorf("on the start day: %+v", r)
	}
	if r := read(c, "2026-03-05 13:00"); r.Level != 50 || r.Left != 3 || r.Percent != 50 {
		t.Errorf("at half: %+v", r)
	}
	if r := read(c, "2026-03-09 16:59"); r.Level != 80 || r.State != Running || r.Left != 1 {
		t.Errorf("a minute before: %+v", r)
	}
	if r := read(c, "2026-03-09 17:00"); r.Level != 100 || r.State != Overdue || r.Left != 0 {
		t.Errorf("due: %+v", r)
	}
	if r := read(c, "2026-03-11 10:00"); r.Left != -2 || !r.NextAlarm.IsZero() {
		t.Errorf("two days late: %+v", r)
	}
	c.Stops = []Stop{{From: day8("2026-03-02 11:00"), Why: "seizure"}} // stopped before counting began
	if r := read(c, "2026-03-02 12:00"); r.State != Stopped || !r.Due.IsZero() {
		t.Errorf("stopped on the start day: %+v", r)
	}
	c.Stops = []Stop{{From: day8("2026-03-04 10:00"), Why: "supplement"}}
	if r := read(c, "2026-03-20 10:00"); r.State != Stopped || !r.Due.IsZero() || r.Used != 1 || !r.NextAlarm.IsZero() {
		t.Errorf("stopped: %+v", r)
	}
	c.Stops[0].Until = day8("2026-03-11 10:00") // five working days later
	if r := read(c, "2026-03-11 10:00"); r.State != Running || !r.Due.Equal(day8("2026-03-16 17:00")) {
		t.Errorf("resumed: %+v", r)
	}
	c.End = day8("2026-03-16 16:00")
	if r := read(c, "2026-06-01 10:00"); r.State != Ended || r.Late || r.Level != 80 {
		t.Errorf("ended in time: %+v", r)
	}
	c.End = day8("2026-03-17 09:30")
	if r := read(c, "2026-06-01 10:00"); !r.Late || r.Level != 100 {
		t.Errorf("ended late: %+v", r)
	}
}

// random makes a calendar and a clock in a random zone, one with summer time among them.
func random(rnd *rand.Rand) (*Office, Clock) {
	var b strings.Builder
	b.WriteString("calendar 1\n")
	for y := 2024; y <= 2026; y++ {
		fmt.Fprintf(&b, "year %d\n", y)
		for m := 1; m <= 12; m++ {
			word := "off"
			if rnd.IntN(4) == 0 {
				word = "work"
			}
			fmt.Fprintf(&b, "%s %02d-%02d\n", word, m, 1+rnd.IntN(28))
		}
	}
	zone := []string{"Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/New_York"}[rnd.IntN(4)]
	fmt.Fprintf(&b, "office x\nzone %s\nhours %02d:30 17:00\n", zone, 7+rnd.IntN(3))
	c, err := Load(strings.NewReader(b.String()))
	if err != nil {
		panic(err)
	}
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rnd.Int64N(700*24*3600)) * time.Second)
	k := Clock{Start: start, Days: rnd.IntN(31)}
	for range rnd.IntN(4) {
		from := start.Add(time.Duration(rnd.Int64N(40*24*3600)) * time.Second)
		k.Stops = append(k.Stops, Stop{From: from, Until: from.Add(time.Duration(rnd.Int64N(20*24*3600)) * time.Second)})
	}
	return c.Office("x"), k
}

func TestPropertiesOfReading(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	for range 300 {
		o, k := random(rnd)
		last := Reading{}
		for at := k.Start; at.Before(k.Start.AddDate(0, 3, 0)); at = at.Add(time.Duration(1+rnd.Int64N(36)) * time.Hour) {
			r := o.Read(k, at)
			if r.Level < last.Level || r.Percent < last.Percent || r.Used < last.Used || r.Left > last.Left && !last.Due.IsZero() {
				t.Fatalf("%+v at %s runs back: %+v after %+v", k, at, r, last)
			}
			if again := o.Read(k, at.In(time.FixedZone("x", -5*3600))); again != r {
				t.Fatalf("another zone reads %+v, not %+v", again, r)
			}
			if !r.Due.IsZero() && (r.Level == 100) != !at.Before(r.Due) {
				t.Fatalf("level %d at %s, due %s", r.Level, at, r.Due)
			}
			if n := r.NextAlarm; !n.IsZero() {
				if !n.After(at) || o.Read(k, n).Level <= r.Level || o.Read(k, n.Add(-time.Second)).Level > r.Level {
					t.Fatalf("%+v at %s: the alarm at %s does not raise level %d", k, at, n, r.Level)
				}
			}
			last = r
		}
		if w, _ := o.WorkingDay(last.Due); !w {
			t.Fatalf("due on a day off: %s", last.Due)
		}
	}
}

func TestWholeDaysOfStoppingMoveTheDueDayByAsMany(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 2))
	for range 500 {
		o, k := random(rnd)
		k.Stops, k.Days = nil, 2+rnd.IntN(20)
		plain := o.Read(k, k.Start).Due
		from, _ := o.Add(k.Start, 1+rnd.IntN(k.Days-1))
		from = from.Add(-time.Duration(rnd.IntN(7)) * time.Hour) // within hours of a working day
		n := 1 + rnd.IntN(15)
		until, _ := o.Add(from, n)
		d1, s := o.at(from)
		d2, _ := o.at(until)
		_ = d1
		until = o.instant(d2, s)                                                 // the same time of day, n working days later
		k.Stops = []Stop{{From: from, Until: until}, {From: from, Until: until}} // twice the same counts once
		if want, _ := o.Add(plain, n); !o.Read(k, k.Start).Due.Equal(want) {
			t.Fatalf("%+v: due %s, want %s (+%d)", k, o.Read(k, k.Start).Due, want, n)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(builtin)
	f.Add("calendar 1\noffice a\nzone Europe/Berlin\nhours 08:00 16:30\noff 2026-05-01 2026-05-05\n")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Load(strings.NewReader(s))
		if err != nil {
			return
		}
		again, err := Load(strings.NewReader(c.String()))
		if err != nil || again.String() != c.String() {
			t.Fatalf("%q is not read back: %v", c.String(), err)
		}
	})
}

func BenchmarkRead10000(b *testing.B) {
	o := Default().Office("any")
	rnd := rand.New(rand.NewPCG(1, 1))
	clocks := make([]Clock, 10_000)
	for i := range clocks {
		_, clocks[i] = random(rand.New(rand.NewPCG(uint64(i%50), 3)))
		clocks[i].Start = clocks[i].Start.Add(time.Duration(rnd.IntN(1000)) * time.Minute)
	}
	now := day8("2025-06-01 12:00")
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range clocks {
			o.Read(c, now)
		}
	}
}
