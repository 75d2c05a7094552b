// Package code reads the public numbers that travel through the hub: division
// codes, citizen and credit numbers, real-property units, certificates, item
// codes, case numbers and e-licence ids.
//
// Every Parse function normalises first (spaces, full-width forms and letter
// case never decide), then checks every part, and returns the canonical form.
// A wrong input gives an [*Error] that names the part and a stable reason.
// Nothing is corrected silently: where a likely reading mistake is seen, the
// error carries it as a hint for the clerk.
package code

// Kind names a kind of number. It is part of the interface: translations key on it.
type Kind string

// The kinds.
const (
	KindDivision    Kind = "division"
	KindCitizenID   Kind = "citizen_id"
	KindCreditCode  Kind = "credit_code"
	KindUnit        Kind = "unit"
	KindCertificate Kind = "certificate"
	KindItem        Kind = "item_code"
	KindCase        Kind = "case_number"
	KindLicence     Kind = "licence_id"
)

// Part names what is wrong inside a number. Stable.
type Part string

// The parts.
const (
	PartWhole        Part = "whole"
	PartDivision     Part = "division"     // the leading or embedded GB/T 2260 code
	PartBirthDate    Part = "birth_date"   // citizen number
	PartSequence     Part = "sequence"     // citizen number
	PartCheck        Part = "check"        // the check character of the whole number
	PartAuthority    Part = "authority"    // credit code, characters 1 and 2
	PartOrganisation Part = "organisation" // credit code, characters 9 to 17
	PartZone         Part = "zone"         // 地籍区 and 地籍子区
	PartParcel       Part = "parcel"       // 宗地特征码 and 宗地顺序号
	PartFixture      Part = "fixture"      // 定着物特征码 and 定着物单元号
	PartProvince     Part = "province"     // certificate: 省简称
	PartYear         Part = "year"         // certificate
	PartRegistry     Part = "registry"     // certificate: 市县全称
	PartSerial       Part = "serial"
	PartDate         Part = "date"
	PartLevel        Part = "level"  // item code: 1 state to 4 county (5, 6 below it)
	PartItem         Part = "item"   // item code: the basic code inside
	PartPrefix       Part = "prefix" // e-licence: 1.2.156.3005.2
	PartType         Part = "type"   // e-licence: type of licence
	PartIssuer       Part = "issuer"
	PartVersion      Part = "version"
)

// Reason says how the part is wrong. Stable.
type Reason string

// The reasons.
const (
	ReasonEmpty      Reason = "empty"
	ReasonLength     Reason = "length"
	ReasonCharacters Reason = "characters"
	ReasonDate       Reason = "date" // no such day
	ReasonCheckDigit Reason = "check_digit"
	ReasonForm       Reason = "form"    // not built as the standard says
	ReasonUnknown    Reason = "unknown" // not a value of the standard's list
	ReasonRange      Reason = "range"
)

// Error says which part of which kind of number is wrong and how. It never
// holds a citizen's number.
type Error struct {
	Kind   Kind
	Part   Part
	Reason Reason
	// Hint is the canonical number that was probably meant, when one reading
	// mistake (8 for B, O for 0, …) explains the error; otherwise empty.
	Hint string
}

func (e *Error) Error() string {
	s := string(e.Kind) + ": " + string(e.Part) + ": " + string(e.Reason)
	if e.Hint != "" {
		s += " (perhaps " + e.Hint + ")"
	}
	return s
}

func fail(k Kind, p Part, r Reason) *Error { return &Error{Kind: k, Part: p, Reason: r} }
