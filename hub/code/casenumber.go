package code

import (
	"fmt"
	"time"
)

// CaseNumber is what people call a case: "410425-20260105-000123-M". Division
// of the handling place, day, serial of that place and day, and a check
// character (ISO 7064 MOD 37,36) over the 20 digits.
type CaseNumber string

const caseLength = 24

// MaxCaseSerial is the last serial of a place and day.
const MaxCaseSerial = 999_999

// NewCaseNumber makes the number. Of the time only the calendar day in its own
// location counts.
func NewCaseNumber(d Division, day time.Time, serial int) (CaseNumber, error) {
	if !d.formed() {
		return "", fail(KindCase, PartDivision, ReasonForm)
	}
	if serial < 1 || serial > MaxCaseSerial {
		return "", fail(KindCase, PartSerial, ReasonRange)
	}
	if y := day.Year(); y < 2000 || y > 9999 {
		return "", fail(KindCase, PartDate, ReasonRange)
	}
	body := fmt.Sprintf("%s-%s-%06d", d, day.Format("20060102"), serial)
	return CaseNumber(body + "-" + string(mod3736(body))), nil
}

// ParseCaseNumber reads a number with or without its hyphens.
func ParseCaseNumber(s string) (CaseNumber, error) {
	s = normalise(s)
	if len(s) == caseLength-3 {
		s = s[:6] + "-" + s[6:14] + "-" + s[14:20] + "-" + s[20:]
	}
	if err := checkLength(KindCase, s, caseLength); err != nil {
		return "", err
	}
	if s[6] != '-' || s[15] != '-' || s[22] != '-' {
		return "", fail(KindCase, PartWhole, ReasonForm)
	}
	if !digits(s[:6]) {
		return "", fail(KindCase, PartDivision, ReasonCharacters)
	}
	if !Division(atoi(s[:6])).formed() {
		return "", fail(KindCase, PartDivision, ReasonForm)
	}
	if _, err := time.Parse("20060102", s[7:15]); err != nil || s[7:11] < "2000" {
		return "", fail(KindCase, PartDate, ReasonDate)
	}
	if !digits(s[16:22]) {
		return "", fail(KindCase, PartSerial, ReasonCharacters)
	}
	if s[16:22] == "000000" {
		return "", fail(KindCase, PartSerial, ReasonRange)
	}
	if mod3736(s[:22]) != s[23] {
		return "", fail(KindCase, PartCheck, ReasonCheckDigit)
	}
	return CaseNumber(s), nil
}

// String is the number with hyphens.
func (c CaseNumber) String() string { return string(c) }

// Division is the receiving place.
func (c CaseNumber) Division() Division {
	if len(c) != caseLength || !digits(string(c[:6])) {
		return 0
	}
	return Division(atoi(string(c[:6])))
}

// Day is the receiving day at midnight UTC; zero when c was not parsed.
func (c CaseNumber) Day() time.Time {
	if len(c) != caseLength {
		return time.Time{}
	}
	t, err := time.Parse("20060102", string(c[7:15]))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Serial counts the cases of a place and day from 1.
func (c CaseNumber) Serial() int {
	if len(c) != caseLength || !digits(string(c[16:22])) {
		return 0
	}
	return atoi(string(c[16:22]))
}
