package code

import "strings"

// Unit is the number of a real-property unit (不动产单元代码, GB/T 37346), 28
// characters without a check digit:
//
//	410425 001 002 GB 00003 F 00050021
//	county zone    parcel   fixture
//
// The county is the one of the day the unit was numbered, not of today.
type Unit string

const unitLength = 28

// ParseUnit reads a unit number. As it has no check digit, only the form can
// be checked; a single mistaken letter or digit is offered as Hint.
func ParseUnit(s string) (Unit, error) {
	s = normalise(s)
	if err := checkLength(KindUnit, s, unitLength); err != nil {
		return "", err
	}
	err := checkUnit(s)
	if err == nil {
		return Unit(s), nil
	}
	if fixed := rereadUnit(s); fixed != s && checkUnit(fixed) == nil {
		err.Hint = fixed
	}
	return "", err
}

func checkUnit(s string) *Error {
	switch {
	case !digits(s[:6]):
		return fail(KindUnit, PartDivision, ReasonCharacters)
	case !Division(atoi(s[:6])).formed():
		return fail(KindUnit, PartDivision, ReasonForm)
	case !digits(s[6:12]):
		return fail(KindUnit, PartZone, ReasonCharacters)
	case !isLetter(s[12]), !isLetter(s[13]), !digits(s[14:19]):
		return fail(KindUnit, PartParcel, ReasonCharacters)
	case strings.IndexByte("GJZ", s[12]) < 0:
		return fail(KindUnit, PartParcel, ReasonUnknown)
	case !isLetter(s[19]), !digits(s[20:]):
		return fail(KindUnit, PartFixture, ReasonCharacters)
	case strings.IndexByte("FLQW", s[19]) < 0:
		return fail(KindUnit, PartFixture, ReasonUnknown)
	}
	return nil
}

func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' }

// rereadUnit puts the likely letter for a digit where a letter belongs, and
// the likely digit for a letter where a digit belongs.
func rereadUnit(s string) string {
	b := []byte(s)
	for i, c := range b {
		switch {
		case i == 12 && c == '6':
			b[i] = 'G'
		case i == 12 && c == '2':
			b[i] = 'Z'
		case i == 13 && c == '8':
			b[i] = 'B'
		case i == 13 && c == '5':
			b[i] = 'S'
		case i == 13 && c == '4':
			b[i] = 'A'
		case i == 19 && (c == '0' || c == 'O'):
			b[i] = 'Q'
		case i == 19 && (c == '1' || c == 'I'):
			b[i] = 'L'
		case i == 12 || i == 13 || i == 19:
		default:
			if j := strings.IndexByte("ODQILZSGB", c); j >= 0 {
				b[i] = "000112568"[j]
			}
		}
	}
	return string(b)
}

// String is the 28 characters without spaces.
func (u Unit) String() string { return string(u) }

// Display groups the number for reading: "410425 001002 GB00003 F00050021".
func (u Unit) Display() string {
	if len(u) != unitLength {
		return string(u)
	}
	return string(u[:6] + " " + u[6:12] + " " + u[12:19] + " " + u[19:])
}

func (u Unit) part(from, to int) string {
	if len(u) != unitLength {
		return ""
	}
	return string(u[from:to])
}

// Division is the county when the unit was numbered; 0 when u was not parsed.
func (u Unit) Division() Division {
	if len(u) != unitLength || !digits(string(u[:6])) {
		return 0
	}
	return Division(atoi(string(u[:6])))
}

// Zone is the cadastral zone (地籍区), three digits.
func (u Unit) Zone() string { return u.part(6, 9) }

// SubZone is the cadastral sub-zone (地籍子区), three digits.
func (u Unit) SubZone() string { return u.part(9, 12) }

// Parcel is the number of the land parcel, the first 19 characters.
func (u Unit) Parcel() string { return u.part(0, 19) }

// Ownership is the first parcel feature: G state, J collective, Z undetermined.
func (u Unit) Ownership() string { return u.part(12, 13) }

// Right is the second parcel feature, as B for construction land, C homestead.
func (u Unit) Right() string { return u.part(13, 14) }

// ParcelSerial is the parcel's number in its sub-zone, five digits.
func (u Unit) ParcelSerial() string { return u.part(14, 19) }

// FixtureKind is F building, L forest, Q other or W none.
func (u Unit) FixtureKind() string { return u.part(19, 20) }

// Fixture is the number of the fixture, eight digits. For buildings: four of
// the building, four of the flat.
func (u Unit) Fixture() string { return u.part(20, unitLength) }
