package code

import "strconv"

// Division is a six-digit code of GB/T 2260: two digits each for province,
// prefecture and county. Zero is no division. A code alone does not name a
// place for ever: codes are reused, split and merged (see routing/ledger).
type Division uint32

// Level is the administrative level a code is built for.
type Level uint8

// The levels.
const (
	LevelNone Level = iota
	LevelProvince
	LevelPrefecture
	LevelCounty
)

func (l Level) String() string {
	return [...]string{"none", "province", "prefecture", "county"}[min(l, LevelCounty)]
}

// ParseDivision reads six digits. It checks the form and the leading digit,
// not whether the code was ever given to a place.
func ParseDivision(s string) (Division, error) {
	s = normalise(s)
	if err := checkLength(KindDivision, s, 6); err != nil {
		return 0, err
	}
	if !digits(s) {
		return 0, fail(KindDivision, PartWhole, ReasonCharacters)
	}
	d := Division(atoi(s))
	if !d.formed() {
		return 0, fail(KindDivision, PartWhole, ReasonForm)
	}
	return d, nil
}

// formed reports whether a place of this code can exist: six digits, the first
// a region from 1 to 8. Counties with prefecture digits 00 did exist (460001).
func (d Division) formed() bool { return d >= 100_000 && d < 900_000 }

// String is the six digits, or "" for no division.
func (d Division) String() string {
	if d == 0 {
		return ""
	}
	s := strconv.FormatUint(uint64(d)+1_000_000, 10)
	return s[1:]
}

// Level tells what the code is built for. A prefecture without counties
// (441900 东莞) still has a prefecture's code.
func (d Division) Level() Level {
	switch {
	case d == 0:
		return LevelNone
	case d%10_000 == 0:
		return LevelProvince
	case d%100 == 0:
		return LevelPrefecture
	}
	return LevelCounty
}

// Prefecture is the code with the county digits cleared. There may be no such
// place (419000, 110100): counties directly under a province, or districts of a
// municipality.
func (d Division) Prefecture() Division { return d - d%100 }

// Province is the code with all but the first two digits cleared.
func (d Division) Province() Division { return d - d%10_000 }
