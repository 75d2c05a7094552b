package clock

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // offices name zones; a bare machine has none
)

// Reason is why a calendar is refused.
type Reason string

// The reasons.
const (
	ReasonSyntax    Reason = "syntax"
	ReasonUnknown   Reason = "unknown"
	ReasonDuplicate Reason = "duplicate"
	ReasonRange     Reason = "range"
	ReasonPlace     Reason = "place" // a line that does not belong where it stands
)

// Error is a refused calendar.
type Error struct {
	Line   int
	Reason Reason
	Detail string
}

func (e *Error) Error() string {
	return fmt.Sprintf("calendar line %d: %s: %s", e.Line, e.Reason, e.Detail)
}

// Bounds of a calendar file.
const (
	maxLines   = 20_000
	firstYear  = 1991
	lastYear   = 2099
	maxOffices = 5_000
)

// Load reads a calendar. One line is one word and its values; # opens a remark:
//
//	calendar 1
//	year 2026
//	off 01-01 01-03        a day, or the first and the last of several
//	work 01-04             a make-up working day
//	office 410425.registry from here on lines are of this office alone
//	zone Asia/Shanghai
//	hours 09:00 17:00
//	off 2026-05-20         full dates
//
// Errors are *Error: an unknown word, a day twice, a day of another year, …
func Load(r io.Reader) (*Calendar, error) {
	l := loader{c: &Calendar{years: map[int]map[day]bool{}, offices: map[string]overlay{}}}
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		l.line++
		if l.line > maxLines {
			return nil, l.refuse(ReasonRange, "too many lines")
		}
		text, _, _ := strings.Cut(sc.Text(), "#")
		words := strings.Fields(text)
		if len(words) == 0 {
			continue
		}
		if err := l.take(words[0], words[1:]); err != nil {
			return nil, err
		}
	}
	if err := sc.Err(); err != nil {
		return nil, l.refuse(ReasonSyntax, err.Error())
	}
	if !l.opened {
		return nil, l.refuse(ReasonSyntax, `the first line is "calendar 1"`)
	}
	l.c.base = l.c.build(overlay{})
	return l.c, nil
}

type loader struct {
	c      *Calendar
	line   int
	opened bool
	year   int    // the year that lines are of, or 0
	office string // the office that lines are of, or ""
}

func (l *loader) refuse(r Reason, detail string) error {
	return &Error{Line: l.line, Reason: r, Detail: detail}
}

func (l *loader) take(word string, values []string) error {
	if !l.opened {
		if word != "calendar" || len(values) != 1 || values[0] != "1" {
			return l.refuse(ReasonSyntax, `the first line is "calendar 1"`)
		}
		l.opened = true
		return nil
	}
	switch word {
	case "year":
		return l.takeYear(values)
	case "office":
		return l.takeOffice(values)
	case "zone", "hours":
		return l.takeOf(word, values)
	case "off", "work":
		return l.takeDays(word == "work", values)
	}
	return l.refuse(ReasonUnknown, strconv.Quote(word))
}

func (l *loader) takeYear(values []string) error {
	if len(values) != 1 {
		return l.refuse(ReasonSyntax, "year needs one value")
	}
	y, err := strconv.Atoi(values[0])
	if err != nil || y < firstYear || y > lastYear {
		return l.refuse(ReasonRange, fmt.Sprintf("a year from %d to %d", firstYear, lastYear))
	}
	if _, twice := l.c.years[y]; twice {
		return l.refuse(ReasonDuplicate, values[0])
	}
	l.year, l.office, l.c.years[y] = y, "", map[day]bool{}
	return nil
}

func (l *loader) takeOffice(values []string) error {
	if len(values) != 1 || len(values[0]) > 60 {
		return l.refuse(ReasonSyntax, "office needs its id")
	}
	if _, twice := l.c.offices[values[0]]; twice {
		return l.refuse(ReasonDuplicate, values[0])
	}
	if len(l.c.offices) == maxOffices {
		return l.refuse(ReasonRange, "too many offices")
	}
	l.year, l.office = 0, values[0]
	l.c.offices[l.office] = overlay{days: map[day]bool{}}
	return nil
}

func (l *loader) takeOf(word string, values []string) error {
	if l.office == "" {
		return l.refuse(ReasonPlace, word+" is of an office")
	}
	o := l.c.offices[l.office]
	if word == "zone" {
		if len(values) != 1 || o.zone != "" {
			return l.refuse(ReasonSyntax, "zone needs one value, once")
		}
		if _, err := time.LoadLocation(values[0]); err != nil || values[0] == "Local" {
			return l.refuse(ReasonUnknown, "zone "+strconv.Quote(values[0]))
		}
		o.zone = values[0]
	} else {
		if len(values) != 2 || o.close != 0 {
			return l.refuse(ReasonSyntax, "hours needs two values, once")
		}
		open, err1 := time.Parse("15:04", values[0])
		shut, err2 := time.Parse("15:04", values[1])
		if err1 != nil || err2 != nil || !open.Before(shut) {
			return l.refuse(ReasonRange, "hours as 09:00 17:00")
		}
		o.open, o.close = seconds(open), seconds(shut)
	}
	l.c.offices[l.office] = o
	return nil
}

func seconds(t time.Time) int { return t.Hour()*3600 + t.Minute()*60 + t.Second() }

func (l *loader) takeDays(worked bool, values []string) error {
	if l.year == 0 && l.office == "" {
		return l.refuse(ReasonPlace, "a day is of a year or an office")
	}
	if len(values) < 1 || len(values) > 2 {
		return l.refuse(ReasonSyntax, "a day, or the first and the last of several")
	}
	first, err := l.day(values[0])
	if err != nil {
		return err
	}
	last := first
	if len(values) == 2 {
		if last, err = l.day(values[1]); err != nil {
			return err
		}
	}
	if last < first || last-first > 60 {
		return l.refuse(ReasonRange, "the days run backward, or are too many")
	}
	days := l.c.years[l.year]
	if l.office != "" {
		days = l.c.offices[l.office].days
	}
	for d := first; d <= last; d++ {
		if _, twice := days[d]; twice {
			return l.refuse(ReasonDuplicate, d.date().Format(time.DateOnly))
		}
		days[d] = worked
	}
	return nil
}

func (l *loader) day(s string) (day, error) {
	if l.office == "" {
		s = strconv.Itoa(l.year) + "-" + s
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < firstYear || t.Year() > lastYear {
		return 0, l.refuse(ReasonRange, "no such day: "+strconv.Quote(s))
	}
	return dayOf(t.Date()), nil
}
