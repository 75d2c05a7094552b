package code

import "strings"

// LicenceID is the id of an electronic licence (电子证照标识, GB/T 36904-2018):
//
//	1.2.156.3005.2.<type 21>.<issuer>.<serial>.<version 3>.<check>
//
// The check character is ISO 7064 MOD 37,36 over type, issuer, serial and
// version.
type LicenceID string

const licencePrefix = "1.2.156.3005.2"

// Types of licence that registries issue.
const (
	LicenceTitle = "11100000MB03271699001" // 不动产权证书
	LicenceProof = "11100000MB03271699022" // 不动产登记证明
)

// ParseLicenceID reads an id with its prefix. The issuer is a credit code, or
// a six-digit division as some registries write it.
func ParseLicenceID(s string) (LicenceID, error) {
	s = normalise(s)
	if s == "" {
		return "", fail(KindLicence, PartWhole, ReasonEmpty)
	}
	rest, ok := strings.CutPrefix(s, licencePrefix+".")
	if !ok {
		return "", fail(KindLicence, PartPrefix, ReasonForm)
	}
	p := strings.Split(rest, ".")
	if len(p) != 5 {
		return "", fail(KindLicence, PartWhole, ReasonForm)
	}
	if err := checkLicence(p[0], p[1], p[2], p[3], p[4]); err != nil {
		return "", err
	}
	return LicenceID(s), nil
}

func checkLicence(kind, issuer, serial, version, check string) *Error {
	if len(kind) != 21 {
		return fail(KindLicence, PartType, ReasonLength)
	}
	if err := checkCredit(kind[:18]); err != nil {
		return fail(KindLicence, PartType, err.Reason)
	}
	if !digits(kind[18:]) {
		return fail(KindLicence, PartType, ReasonCharacters)
	}
	switch len(issuer) {
	case 6:
		if !digits(issuer) {
			return fail(KindLicence, PartIssuer, ReasonCharacters)
		}
		if !Division(atoi(issuer)).formed() {
			return fail(KindLicence, PartIssuer, ReasonForm)
		}
	case 18:
		if err := checkCredit(issuer); err != nil {
			return fail(KindLicence, PartIssuer, err.Reason)
		}
	default:
		return fail(KindLicence, PartIssuer, ReasonLength)
	}
	switch {
	case serial == "" || len(serial) > 32:
		return fail(KindLicence, PartSerial, ReasonLength)
	case !alphanumeric(serial):
		return fail(KindLicence, PartSerial, ReasonCharacters)
	case len(version) != 3:
		return fail(KindLicence, PartVersion, ReasonLength)
	case !alphanumeric(version):
		return fail(KindLicence, PartVersion, ReasonCharacters)
	case len(check) != 1 || value36(check[0]) < 0:
		return fail(KindLicence, PartCheck, ReasonCharacters)
	case mod3736(kind+issuer+serial+version) != check[0]:
		return fail(KindLicence, PartCheck, ReasonCheckDigit)
	}
	return nil
}

// String is the id with its prefix.
func (l LicenceID) String() string { return string(l) }

func (l LicenceID) part(i int) string {
	rest, ok := strings.CutPrefix(string(l), licencePrefix+".")
	p := strings.Split(rest, ".")
	if !ok || len(p) != 5 {
		return ""
	}
	return p[i]
}

// Type is the 21-character code of the type of licence.
func (l LicenceID) Type() string { return l.part(0) }

// Issuer is a credit code or a division code.
func (l LicenceID) Issuer() string { return l.part(1) }

// Serial is the issuer's own number.
func (l LicenceID) Serial() string { return l.part(2) }

// Version counts the issues of the same licence.
func (l LicenceID) Version() string { return l.part(3) }
