package ledger

import (
	"fmt"
	"math"
	"time"
)

// Day is a calendar day without a zone, counted from 1970-01-01. Zero stands
// for "not given": the ledger starts later.
type Day int32

// Never is after every day.
const Never Day = math.MaxInt32

// DayOf is the calendar day of a time in that time's own location.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86_400)
}

// YearStart is the first of January.
func YearStart(year int) Day { return DayOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)) }

// ParseDay reads YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 {
		return 0, fmt.Errorf("%q is not a day as 2026-01-05", s)
	}
	return DayOf(t), nil
}

// Time is midnight UTC of the day.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86_400, 0).UTC() }

// String is YYYY-MM-DD; "" for no day and for Never.
func (d Day) String() string {
	if d == 0 || d == Never {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}
