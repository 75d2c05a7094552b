package clock_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"tongban/hub/clock"
)

var (
	shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)
	office   = clock.Default().Office("410425.registry")
)

// at reads "2026-02-10 10:30" as a time in Shanghai.
func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

func date(s string) clock.Date {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return clock.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
}

func load(t testing.TB, text string) *clock.Calendar {
	t.Helper()
	c, err := clock.Load(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func merge(t testing.TB, a, b *clock.Calendar) *clock.Calendar {
	t.Helper()
	c, err := a.Merge(b)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// year2027 is no forecast; it only has the form of one.
const year2027 = "calendar 1\nyear 2027\nsource a test\noff 01-01 02-05..02-11 05-01..05-03 10-01..10-07\nwork 02-14\n"

func TestLoadRefuses(t *testing.T) {
	const y, o = "calendar 1\nyear 2027\nsource s\n", "calendar 1\noffice a\n"
	const full = "off 01-01 05-01..05-02 10-01..10-03\n"
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "empty"},
		{"only comments", "# a\n\n", "line 2: empty"},
		{"only the header", "calendar 1\n", "line 1: empty"},
		{"another version", "calendar 2\nyear 2027\n", "line 1: header"},
		{"no header", "year 2027\n", "line 1: header"},
		{"not UTF-8", y + "off \xff\n", "characters"},
		{"a hidden character", y + "off 01-01\u202e\n", "line 4: year 2027: characters"},
		{"a key before the first section", "calendar 1\noff 01-01\n", "line 2: unknown"},
		{"an unknown key", y + "holiday 01-01\n", "line 4: year 2027: unknown"},
		{"a key of an office in a year", y + "zone UTC\n", "line 4: year 2027: unknown"},
		{"a key of a year in an office", o + "source s\n", "line 3: office a: unknown"},
		{"a key without value", y + "off\n", "line 4: year 2027: off: empty"},
		{"a year of two digits", "calendar 1\nyear 27\n", "line 2: year: form"},
		{"a year of two words", "calendar 1\nyear 2027 2028\n", "line 2: year: form"},
		{"a year of another century", "calendar 1\nyear 2127\n", "line 2: year: range"},
		{"the same year twice", y + full + "year 2027\n", "line 5: year 2027: duplicate"},
		{"two sources", y + "source t\n", "line 4: year 2027: source: duplicate"},
		{"no source", "calendar 1\nyear 2027\n" + full, "line 3: year 2027: source: missing"},
		{"a source without end", "calendar 1\nyear 2027\nsource " + strings.Repeat("s", 400), "line 3: year 2027: source: size"},
		{"a year without days", y, "line 3: year 2027: off: incomplete"},
		{"a list cut off", y + "off 01-01 05-01 10-01\n", "line 4: year 2027: off: incomplete"},
		{"a month without its zero", y + "off 1-01\n", "line 4: year 2027: off: form"},
		{"a sign", y + "off +1-01\n", "line 4: year 2027: off: form"},
		{"no such month", y + "off 13-01\n", "line 4: year 2027: off: date"},
		{"no such day", y + "off 02-29\n", "line 4: year 2027: off: date"},
		{"day nought", y + "off 02-00\n", "line 4: year 2027: off: date"},
		{"a day of the next year", y + "off 2028-01-01\n", "line 4: year 2027: off: outside_year"},
		{"a day of the year before", y + "off 2026-12-24\n", "line 4: year 2027: off: outside_year"},
		{"a range backwards", y + "off 01-03..01-01\n", "line 4: year 2027: off: range"},
		{"a range of one day", y + "off 01-01..01-01\n", "line 4: year 2027: off: range"},
		{"a range without end", y + "off 01-01..\n", "line 4: year 2027: off: form"},
		{"a range of months", y + "off 01-01..04-01\n", "line 4: year 2027: off: range"},
		{"off twice", y + "off 01-01\noff 01-01\n", "line 5: year 2027: off: duplicate"},
		{"off and working", y + "off 01-02\nwork 01-02\n", "line 5: year 2027: work: both"},
		{"working and off", y + "work 01-02\noff 01-01..01-03\n", "line 5: year 2027: off: both"},
		{"a make-up day that is a weekday", y + "work 01-04\n", "line 4: year 2027: work: weekday"},
		{"an empty office", o, "line 2: office a: empty"},
		{"the same office twice", o + "zone UTC\noffice a\n", "line 4: office a: duplicate"},
		{"an office of two words", "calendar 1\noffice a b\n", "line 2: office: form"},
		{"an office of another script", "calendar 1\noffice 郏县\n", "line 2: office: form"},
		{"a day of an office without its year", o + "off 01-01\n", "line 3: office a: off: form"},
		{"a day of an office in another century", o + "off 1999-01-01\n", "line 3: office a: off: range"},
		{"no such zone", o + "zone Asia/Nowhere\n", "line 3: office a: zone: zone"},
		{"the zone of the machine", o + "zone Local\n", "line 3: office a: zone: form"},
		{"a zone that is a path", o + "zone ../zone\n", "line 3: office a: zone: form"},
		{"two zones", o + "zone UTC\nzone UTC\n", "line 4: office a: zone: duplicate"},
		{"hours without end", o + "hours 09:00\n", "line 3: office a: hours: form"},
		{"hours without minutes", o + "hours 9-17\n", "line 3: office a: hours: form"},
		{"hours after midnight", o + "hours 09:00-24:01\n", "line 3: office a: hours: form"},
		{"hours backwards", o + "hours 17:00-09:00\n", "line 3: office a: hours: range"},
		{"hours of no length", o + "hours 09:00-09:00\n", "line 3: office a: hours: range"},
		{"hours twice", o + "hours 09:00-17:00\nhours 09:00-18:00\n", "line 4: office a: hours: duplicate"},
		{"hours since when?", o + "hours 09:00-17:00 2027-01-01\n", "line 3: office a: hours: form"},
		{"hours since no day", o + "hours 09:00-17:00 from 2027-02-29\n", "line 3: office a: hours: date"},
		{"Saturdays perhaps", o + "saturday yes\n", "line 3: office a: saturday: form"},
		{"Saturdays twice", o + "saturday on\nsaturday off\n", "line 4: office a: saturday: duplicate"},
		{"December decided twice", y + full + "off 12-31\nyear 2028\nsource s\n" + full + "off 2027-12-31\n", "year 2028: off: duplicate"},
		{"December decided both ways", y + full + "off 12-25\nyear 2028\nsource s\n" + full + "work 2027-12-25\n", "year 2028: work: both"},
		{"a file without end", y + strings.Repeat("#\n", clock.MaxBytes/2), "size"},
		{"days that need more room than the file", "calendar 1\n" + manyDays(), "size"},
		{"offices without end", "calendar 1\n" + manyOffices(clock.MaxOffices+1), "line 10002: office: size"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := clock.Load(strings.NewReader(c.text))
			e, ok := errors.AsType[*clock.Error](err)
			if !ok || got != nil {
				t.Fatalf("got %v, %v", got, err)
			}
			if e.Error() != c.want {
				t.Errorf("error %q, want %q", e, c.want)
			}
		})
	}
}

func manyOffices(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "office o%d\nzone UTC\n", i)
	}
	return b.String()
}

// manyDays is a file below the limit whose written form is above it.
func manyDays() string {
	var b strings.Builder
	for i := range 160 {
		fmt.Fprintf(&b, "office o%d\noff", i)
		for n := range 500 {
			b.WriteString(time.Date(2030, 1, 1+2*n, 0, 0, 0, 0, time.UTC).Format(" 2006-01-02"))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestMergeRefusesTooManyOffices(t *testing.T) {
	a := load(t, "calendar 1\n"+manyOffices(clock.MaxOffices))
	_, err := a.Merge(load(t, "calendar 1\noffice one_more\nzone UTC\n"))
	if e, ok := errors.AsType[*clock.Error](err); !ok || e.Reason != clock.ReasonSize {
		t.Errorf("got %v", err)
	}
}

func TestLoadPassesOnAReadError(t *testing.T) {
	_, err := clock.Load(iotest.ErrReader(io.ErrUnexpectedEOF))
	if e, ok := errors.AsType[*clock.Error](err); !ok || e.Reason != clock.ReasonRead || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

func TestLoadTakesWhatEditorsLeave(t *testing.T) {
	plain := load(t, year2027)
	for _, text := range []string{
		"\ufeff" + year2027,
		strings.ReplaceAll(year2027, "\n", "\r\n"),
		strings.ReplaceAll(year2027, " ", " \t"),
		"# 2027\n\n" + strings.TrimSpace(year2027),
		strings.Replace(year2027, "off 01-01 02-05..02-11", "off 2027-01-01\noff 02-08..02-11 02-05..02-07", 1),
	} {
		if got := load(t, text); got.Digest() != plain.Digest() {
			t.Errorf("%q became\n%s", text, got)
		}
	}
}

func TestTheNationalCalendar(t *testing.T) {
	for year, want := range map[int]int{2024: 251, 2025: 248, 2026: 248} {
		got, _ := office.Between(clock.Date{Year: year - 1, Month: 12, Day: 31}, clock.Date{Year: year, Month: 12, Day: 31})
		if got != want {
			t.Errorf("%d has %d working days, want %d", year, got, want)
		}
	}
	for day, want := range map[string]bool{
		"2024-02-09": true, "2024-02-10": false, "2024-02-18": true, "2024-05-10": true, "2024-05-12": false,
		"2026-01-04": true, "2026-02-28": true, "2026-10-08": true, "2026-10-10": true, "2026-10-11": false,
	} {
		if got, provisional := office.WorkingDay(date(day)); got != want || provisional {
			t.Errorf("%s: working %v, provisional %v, want %v, false", day, got, provisional, want)
		}
	}
	if got := fmt.Sprint(clock.Default().Years()); got != "[2024 2025 2026]" {
		t.Errorf("years %s", got)
	}
	if clock.Default().Office("") != clock.Default().Office("x") || office.Zone() != "Asia/Shanghai" {
		t.Error("offices without a section differ, or are not in Asia/Shanghai")
	}
}

func TestWhatIsProvisional(t *testing.T) {
	for day, want := range map[string]bool{
		"2023-12-31": true, "2024-01-01": false, "2025-12-31": false, "2026-12-24": false,
		"2026-12-25": true, // the notice for 2027 may still say so
		"2027-01-04": true, "2099-12-31": true, "1999-12-31": true, "2100-01-01": true,
	} {
		if _, got := office.WorkingDay(date(day)); got != want {
			t.Errorf("%s: provisional %v", day, got)
		}
	}
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"2024-01-02", "2026-12-24", false},
		{"2023-12-29", "2024-01-02", true},
		{"2026-12-01", "2027-01-04", true},
		{"2027-01-04", "2026-12-01", true},
	} {
		if _, got := office.Between(date(c.from), date(c.to)); got != c.want {
			t.Errorf("%s to %s: provisional %v", c.from, c.to, got)
		}
	}
	newer := merge(t, clock.Default(), load(t, year2027)).Office("")
	if _, got := newer.Add(at("2026-12-30 10:00"), 3); got {
		t.Error("provisional although 2027 is loaded")
	}
	if due, got := office.Add(at("2026-12-30 10:00"), 3); !got || !due.Equal(at("2027-01-05 17:00")) {
		t.Errorf("due %v, provisional %v; the weekdays but 1 January count until 2027 is loaded", due, got)
	}
}

// The notice for 2019 moved days of December 2018.
func TestANoticeMayDecideTheDecemberBefore(t *testing.T) {
	o := load(t, "calendar 1\nyear 2019\nsource 2018-12-06\noff 2018-12-30..01-01 05-01 10-01..10-07\nwork 2018-12-29\n").Office("")
	for day, want := range map[string]bool{"2018-12-29": true, "2018-12-31": false, "2019-01-02": true} {
		if got, _ := o.WorkingDay(date(day)); got != want {
			t.Errorf("%s: working %v", day, got)
		}
	}
}

func TestAnOfficeMayDiffer(t *testing.T) {
	c := merge(t, clock.Default(), load(t, `calendar 1
office a
zone Asia/Urumqi
hours 10:00-19:30
hours 10:00-18:30 from 2026-10-01
saturday on from 2026-04-01
saturday off from 2026-11-01
off 2026-08-26
work 2026-10-02
office *
hours 08:30-12:00
`))
	a := c.Office("a")
	for day, want := range map[string]bool{
		"2026-03-28": false, "2026-04-04": false /* Saturday, and off in the country */, "2026-04-11": true,
		"2026-10-31": true, "2026-11-07": false, "2026-08-26": false, "2026-10-02": true, "2026-10-01": false,
	} {
		if got, _ := a.WorkingDay(date(day)); got != want {
			t.Errorf("a on %s: working %v", day, got)
		}
	}
	for day, want := range map[string]string{"2026-09-30": "13:30", "2026-10-08": "12:30"} {
		if _, closes := a.Hours(date(day)); closes.Format(time.DateOnly+" 15:04") != day+" "+want {
			t.Errorf("a on %s closes %v", day, closes)
		}
	}
	if due, _ := c.Office("b").Add(at("2026-03-02 10:00"), 1); !due.Equal(at("2026-03-03 12:00")) {
		t.Errorf("an office without a section has not the hours of *: %v", due)
	}
}

func TestMerge(t *testing.T) {
	base := clock.Default()
	if got := merge(t, base, base); got.Digest() != base.Digest() {
		t.Error("merging equal calendars changed something")
	}
	newer := load(t, year2027)
	m := merge(t, base, newer)
	if fmt.Sprint(m.Years()) != "[2024 2025 2026 2027]" || m.Digest() == base.Digest() {
		t.Errorf("merged years %v", m.Years())
	}
	if merge(t, m, newer).Digest() != m.Digest() {
		t.Error("merging twice changed something")
	}
	corrected := load(t, strings.Replace(year2027, "10-07", "10-08", 1))
	if got, _ := merge(t, m, corrected).Office("").WorkingDay(date("2027-10-08")); got {
		t.Error("the corrected year did not replace the old one")
	}
	if got, _ := m.Office("").WorkingDay(date("2027-10-08")); !got {
		t.Error("merging changed the calendar below")
	}
}

func TestMergeWhereTwoNoticesMeet(t *testing.T) {
	const head, days = "calendar 1\nyear %d\nsource a test\noff 01-01 05-01 05-02 10-01..10-03\n", "%s 20%d-12-26\n"
	year := func(n int, key string, december int) *clock.Calendar {
		return load(t, fmt.Sprintf(head+days, n, key, december))
	}
	m := merge(t, clock.Default(), year(2027, "work", 26))
	if got, provisional := m.Office("").WorkingDay(date("2026-12-26")); !got || provisional {
		t.Errorf("the notice for 2027 does not decide December 2026: %v, %v", got, provisional)
	}
	for key, want := range map[string]string{"off": "year 2028: off: both", "work": "year 2028: work: duplicate"} {
		if _, err := year(2027, "work", 27).Merge(year(2028, key, 27)); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(clock.Default().String())
	f.Add(year2027)
	f.Add("calendar 1\noffice a\nzone Asia/Urumqi\nhours 10:00-24:00 from 2026-05-01\nsaturday on\noff 2026-01-05..2026-01-09\nwork 2026-01-10\n")
	f.Add("calendar 1\nyear 2019\nsource x\noff 2018-12-30..01-01 05-01 10-01..10-07\nwork 2018-12-29\noffice *\nzone America/New_York\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := clock.Load(strings.NewReader(text))
		if err != nil {
			if _, ok := errors.AsType[*clock.Error](err); !ok {
				t.Fatalf("not an Error: %v", err)
			}
			return
		}
		again := load(t, c.String())
		if again.Digest() != c.Digest() || again.String() != c.String() {
			t.Fatalf("%q\nbecame %q", c, again)
		}
		start := at("2026-02-10 10:00")
		for _, id := range []string{"", "a"} {
			due, provisional := c.Office(id).Add(start, 5)
			if d, p := again.Office(id).Add(start, 5); d != due || p != provisional {
				t.Fatalf("office %q: %v, %v became %v, %v", id, due, provisional, d, p)
			}
		}
		if m, err := c.Merge(c); err != nil || m.Digest() != c.Digest() {
			t.Fatalf("merging equal calendars: %v", err)
		}
	})
}
