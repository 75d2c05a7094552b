package clock

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of a calendar file.
const (
	MaxBytes   = 1 << 20
	MaxOffices = 5000
	maxRange   = 62 // days in one a..b
	maxWord    = 64 // bytes of an office's id or a zone's name
	maxSource  = 300
)

// Office hours and zone where a file does not say them.
const (
	defaultZone  = "Asia/Shanghai"
	defaultOpen  = 9 * 60
	defaultClose = 17 * 60
)

// Load reads one calendar file; docs/clock.md has its form. It is strict: what it does not understand, or finds twice,
// refuses the whole file with an *Error that names the line. It reads at most MaxBytes.
func Load(r io.Reader) (*Calendar, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	switch {
	case err != nil:
		return nil, &Error{Reason: ReasonRead, Err: err}
	case len(data) > MaxBytes:
		return nil, &Error{Reason: ReasonSize}
	case !utf8.Valid(data):
		return nil, &Error{Reason: ReasonCharacters}
	}
	l := &loader{years: map[int]*year{}, overlays: map[string]*overlay{}, zones: map[string]*time.Location{}}
	text := strings.TrimPrefix(string(data), "\ufeff")
	for line := range strings.Lines(text) {
		l.line++
		if r := l.read(line); r != nil {
			return nil, r
		}
	}
	if r := l.finish(); r != nil {
		return nil, r
	}
	if !l.begun || len(l.years)+len(l.overlays) == 0 {
		return nil, &Error{Line: l.line, Reason: ReasonEmpty}
	}
	return build(l.years, l.overlays)
}

// loader is the state of reading one file.
type loader struct {
	line     int
	begun    bool // the header was read
	years    map[int]*year
	overlays map[string]*overlay
	zones    map[string]*time.Location

	// The open section: one of the two, or none.
	year   *year
	office *overlay
	seen   map[int]bool // its days: working or not
}

func (l *loader) read(line string) *Error {
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' {
		return nil
	}
	hidden := func(c rune) bool { return !unicode.IsPrint(c) && c != '\t' }
	if strings.ContainsFunc(line, hidden) {
		return l.fail("", ReasonCharacters)
	}
	key, rest, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
	values := strings.Fields(rest)
	switch {
	case !l.begun:
		if key != "calendar" || len(values) != 1 || values[0] != "1" {
			return l.fail("", ReasonHeader)
		}
		l.begun = true
		return nil
	case len(values) == 0:
		return l.fail(known(key), ReasonEmpty)
	case key == "year":
		return l.openYear(values)
	case key == "office":
		return l.openOffice(values)
	case l.year != nil:
		return l.yearLine(key, values)
	case l.office != nil:
		return l.officeLine(key, values)
	}
	return l.fail("", ReasonUnknown)
}

func (l *loader) openYear(values []string) *Error {
	if r := l.finish(); r != nil {
		return r
	}
	n, ok := digits(values[0])
	switch {
	case !ok || len(values) != 1 || len(values[0]) != 4:
		return l.fail("year", ReasonForm)
	case n < firstYear || n > lastYear:
		return l.fail("year", ReasonRange)
	}
	l.year, l.seen = &year{number: n}, map[int]bool{}
	if l.years[n] != nil {
		return l.fail("", ReasonDuplicate)
	}
	l.years[n] = l.year
	return nil
}

func (l *loader) openOffice(values []string) *Error {
	if r := l.finish(); r != nil {
		return r
	}
	id := values[0]
	switch {
	case len(values) != 1 || id != anyOffice && !plainWord(id, "._:-"):
		return l.fail("office", ReasonForm)
	case len(l.overlays) == MaxOffices:
		return l.fail("office", ReasonSize)
	}
	l.office, l.seen = &overlay{id: id}, map[int]bool{}
	if l.overlays[id] != nil {
		return l.fail("", ReasonDuplicate)
	}
	l.overlays[id] = l.office
	return nil
}

// finish closes the open section and checks it as a whole.
func (l *loader) finish() *Error {
	defer func() { l.year, l.office = nil, nil }()
	if y := l.year; y != nil {
		slices.Sort(y.off)
		slices.Sort(y.work)
		if y.source == "" {
			return l.fail("source", ReasonMissing)
		}
		for _, n := range holidays(y.number) { // a list without them was not copied to its end
			if works, ok := l.seen[n]; works || !ok {
				return l.fail("off", ReasonIncomplete)
			}
		}
	}
	if v := l.office; v != nil {
		if v.zone == "" && len(v.hours)+len(v.saturdays)+len(v.off)+len(v.work) == 0 {
			return l.fail("", ReasonEmpty)
		}
		slices.Sort(v.off)
		slices.Sort(v.work)
		slices.SortFunc(v.saturdays, func(a, b saturday) int { return a.from - b.from })
		v.complete()
	}
	return nil
}

func (l *loader) yearLine(key string, values []string) *Error {
	y := l.year
	switch key {
	case "source":
		text := strings.Join(values, " ")
		switch {
		case y.source != "":
			return l.fail(key, ReasonDuplicate)
		case len(text) > maxSource:
			return l.fail(key, ReasonSize)
		}
		y.source = text
		return nil
	case "off":
		return l.days(key, values, &y.off)
	case "work":
		return l.days(key, values, &y.work)
	}
	return l.fail("", ReasonUnknown)
}

// days reads "02-15..02-23 04-04" of a year, or the same with years of an office, onto a list.
func (l *loader) days(key string, values []string, list *[]int) *Error {
	for _, v := range values {
		first, last, isRange := strings.Cut(v, "..")
		a, r := l.day(first)
		b := a
		if r == "" && isRange {
			b, r = l.day(last)
		}
		switch {
		case r != "":
			return l.fail(key, r)
		case isRange && b <= a || b-a >= maxRange:
			return l.fail(key, ReasonRange)
		}
		for n := a; n <= b; n++ {
			if was, ok := l.seen[n]; ok {
				return l.fail(key, clash(was, key == "work"))
			}
			if l.year != nil && key == "work" && !weekend(n) {
				return l.fail(key, ReasonWeekday)
			}
			l.seen[n] = key == "work"
			*list = append(*list, n)
		}
	}
	return nil
}

// day reads one day of the open section.
func (l *loader) day(s string) (int, Reason) {
	if l.year == nil {
		return readDate(s)
	}
	if len(s) == len("02-24") {
		return readMonthDay(l.year.number, s)
	}
	n, r := readDate(s)
	if r != "" {
		return 0, r
	}
	y, tail := yearOf(n)
	if y != l.year.number && (!tail || y != l.year.number-1) {
		return 0, ReasonOutsideYear
	}
	return n, ""
}

// fail names the place that is being read.
func (l *loader) fail(key string, r Reason) *Error {
	e := &Error{Line: l.line, Key: key, Reason: r}
	switch {
	case l.year != nil:
		e.Section = l.year.name()
	case l.office != nil:
		e.Section = "office " + l.office.id
	}
	return e
}

// known keeps a key that a file may have, so that errors hold no other text of the input.
func known(key string) string {
	if slices.Contains([]string{"year", "office", "source", "off", "work", "zone", "hours", "saturday"}, key) {
		return key
	}
	return ""
}

// plainWord reports whether s has only letters and digits of ASCII and the extra characters.
func plainWord(s, extra string) bool {
	odd := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune(extra, c)
	}
	return s != "" && len(s) <= maxWord && !strings.ContainsFunc(s, odd)
}

// minutes reads 09:00, up to 24:00.
func minutes(s string) (int, bool) {
	h, m, ok := strings.Cut(s, ":")
	if !ok || len(h) != 2 || len(m) != 2 {
		return 0, false
	}
	hour, err1 := strconv.ParseUint(h, 10, 8)
	minute, err2 := strconv.ParseUint(m, 10, 8)
	t := int(hour*60 + minute)
	return t, err1 == nil && err2 == nil && minute < 60 && t <= 24*60
}
