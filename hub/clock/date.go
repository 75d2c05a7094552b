package clock

import (
	"fmt"
	"time"
)

// Calendars speak about this century. Instants outside it have no answer: the zero time, provisional.
const (
	firstYear  = 2000
	lastYear   = 2099
	days       = 36525     // from 2000-01-01 to 2099-12-31
	epoch      = 946684800 // Unix time of 2000-01-01 00:00 UTC
	daySeconds = 24 * 60 * 60
)

// Date is a day of the Gregorian calendar, without a zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// String gives the day as 2026-02-24.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// number is the day's place in the century: 2000-01-01 is 0. Days outside get a number outside.
func (d Date) number() int {
	if d.Year < firstYear {
		return -1
	}
	if d.Year > lastYear {
		return days
	}
	return floorDiv(int(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix()-epoch), daySeconds)
}

// dateOf is the reverse of number.
func dateOf(n int) Date {
	y, m, d := time.Date(firstYear, 1, 1+n, 0, 0, 0, 0, time.UTC).Date()
	return Date{y, m, d}
}

// weekend reports whether day n is a Saturday or Sunday; day 0 was a Saturday.
func weekend(n int) bool { return n%7 < 2 }

// inCentury reports whether day n is one that calendars speak about.
func inCentury(n int) bool { return n >= 0 && n < days }

// holidays are the public holidays that have the same date each year (全国年节及纪念日放假办法 art. 2). They are off
// even in a year whose notice is not loaded.
func holidays(year int) []int {
	var out []int
	for _, d := range []Date{{year, 1, 1}, {year, 5, 1}, {year, 5, 2}, {year, 10, 1}, {year, 10, 2}, {year, 10, 3}} {
		if d.Month == 5 && d.Day == 2 && year < 2025 { // a holiday since the change of 2024
			continue
		}
		out = append(out, d.number())
	}
	return out
}

// yearOf gives the year of a day in the century, and whether the day is one of the last seven of December.
func yearOf(n int) (year int, tail bool) {
	const four = 4*365 + 1 // the first of four years is the leap year
	cycle, rest := n/four, n%four
	if rest < 366 {
		return firstYear + 4*cycle, rest >= 366-yearTail
	}
	rest -= 366
	return firstYear + 4*cycle + 1 + rest/365, rest%365 >= 365-yearTail
}

// readDate reads 2026-02-24 strictly; ok is false for any other form and for days that do not exist.
func readDate(s string) (n int, r Reason) {
	if len(s) != len("2026-02-24") || s[4] != '-' {
		return 0, ReasonForm
	}
	y, ok := digits(s[:4])
	if !ok {
		return 0, ReasonForm
	}
	if y < firstYear || y > lastYear {
		return 0, ReasonRange
	}
	return readMonthDay(y, s[5:])
}

// readMonthDay reads 02-24 as a day of the year.
func readMonthDay(year int, s string) (n int, r Reason) {
	if len(s) != len("02-24") || s[2] != '-' {
		return 0, ReasonForm
	}
	m, ok1 := digits(s[:2])
	d, ok2 := digits(s[3:])
	if !ok1 || !ok2 {
		return 0, ReasonForm
	}
	date := Date{year, time.Month(m), d}
	n = date.number()
	if m < 1 || m > 12 || d < 1 || d > 31 || dateOf(n) != date {
		return 0, ReasonDate
	}
	return n, ""
}

// digits reads an unsigned number of digits only.
func digits(s string) (int, bool) {
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, s != ""
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
