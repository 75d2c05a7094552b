package code

import (
	"log/slog"
	"time"
)

// CitizenID is a citizen's number (公民身份号码, GB 11643-1999) in its 18
// character form. It logs itself masked.
type CitizenID string

// Sex as coded in a citizen's number.
type Sex uint8

// The sexes of GB/T 2261.1.
const (
	Male   Sex = 1
	Female Sex = 2
)

func (s Sex) String() string {
	if s == Male {
		return "male"
	}
	return "female"
}

// ParseCitizenID reads an 18 character number, or an old one of 15 digits,
// which it upgrades. The address code is checked for its form only: it names a
// place at the time of issue, so look it up in the whole history.
func ParseCitizenID(s string) (CitizenID, error) {
	s = normalise(s)
	if err := checkLength(KindCitizenID, s, 15, 18); err != nil {
		return "", err
	}
	if len(s) == 15 {
		if !digits(s) {
			return "", fail(KindCitizenID, PartWhole, ReasonCharacters)
		}
		s = s[:6] + "19" + s[6:]
		s += string(citizenCheck(s))
	}
	if err := checkCitizen(s); err != nil {
		return "", err
	}
	return CitizenID(s), nil
}

func checkCitizen(s string) *Error {
	if !digits(s[:17]) {
		return fail(KindCitizenID, PartWhole, ReasonCharacters)
	}
	if s[17] != 'X' && !digits(s[17:]) {
		return fail(KindCitizenID, PartCheck, ReasonCharacters)
	}
	// Cards of foreigners with permanent residence start with 9, without a division.
	if d := Division(atoi(s[:6])); s[0] != '9' && !d.formed() {
		return fail(KindCitizenID, PartDivision, ReasonForm)
	}
	if _, err := time.Parse("20060102", s[6:14]); err != nil || s[6:10] < "1800" {
		return fail(KindCitizenID, PartBirthDate, ReasonDate)
	}
	if citizenCheck(s[:17]) != s[17] {
		return fail(KindCitizenID, PartCheck, ReasonCheckDigit)
	}
	return nil
}

// citizenCheck is the check character over the first 17 digits.
func citizenCheck(s string) byte {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// String is the whole number. Use Masked for anything a person sees by default.
func (c CitizenID) String() string { return string(c) }

// Masked keeps the first and last four characters.
func (c CitizenID) Masked() string {
	if len(c) != 18 {
		return "**********"
	}
	return string(c[:4]) + "**********" + string(c[14:])
}

// LogValue keeps the number out of logs.
func (c CitizenID) LogValue() slog.Value { return slog.StringValue(c.Masked()) }

// Division is the address code at the time of issue; 0 for a foreigner's card.
func (c CitizenID) Division() Division {
	if len(c) != 18 || c[0] == '9' || !digits(string(c[:6])) {
		return 0
	}
	return Division(atoi(string(c[:6])))
}

// Birth is the day of birth, at midnight UTC; zero when c was not parsed.
func (c CitizenID) Birth() time.Time {
	if len(c) != 18 {
		return time.Time{}
	}
	t, err := time.Parse("20060102", string(c[6:14]))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Sex is by the last digit of the sequence: odd is male.
func (c CitizenID) Sex() Sex {
	if len(c) == 18 && c[16]%2 == 0 {
		return Female
	}
	return Male
}

// Age is the age in whole years on a day; -1 when c was not parsed.
func (c CitizenID) Age(on time.Time) int {
	b := c.Birth()
	if b.IsZero() {
		return -1
	}
	age := on.Year() - b.Year()
	if on.Month() < b.Month() || on.Month() == b.Month() && on.Day() < b.Day() {
		age--
	}
	return age
}
