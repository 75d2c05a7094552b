package code

import "strings"

// CreditCode is a unified social credit code (统一社会信用代码, GB 32100-2015),
// 18 characters.
type CreditCode string

// creditAlphabet has no I, O, S, V, Z.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ParseCreditCode reads a code and checks both check characters: that of the
// organisation code inside (GB 11714) and that of the whole.
func ParseCreditCode(s string) (CreditCode, error) {
	s = normalise(s)
	if err := checkLength(KindCreditCode, s, 18); err != nil {
		return "", err
	}
	if err := checkCredit(s); err != nil {
		return "", err
	}
	return CreditCode(s), nil
}

func checkCredit(s string) *Error {
	for i := range len(s) {
		if strings.IndexByte(creditAlphabet, s[i]) < 0 {
			return fail(KindCreditCode, PartWhole, ReasonCharacters)
		}
	}
	// Characters 1 and 2 are the registering authority and the class of body.
	if s[0] == '0' || s[1] == '0' {
		return fail(KindCreditCode, PartAuthority, ReasonUnknown)
	}
	if !digits(s[2:8]) {
		return fail(KindCreditCode, PartDivision, ReasonCharacters)
	}
	if d := Division(atoi(s[2:8])); !d.formed() {
		return fail(KindCreditCode, PartDivision, ReasonForm)
	}
	if organisationCheck(s[8:16]) != s[16] {
		return fail(KindCreditCode, PartOrganisation, ReasonCheckDigit)
	}
	if creditCheck(s[:17]) != s[17] {
		return fail(KindCreditCode, PartCheck, ReasonCheckDigit)
	}
	return nil
}

func creditCheck(s string) byte {
	weights := [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	sum := 0
	for i, w := range weights {
		sum += strings.IndexByte(creditAlphabet, s[i]) * w
	}
	return creditAlphabet[(31-sum%31)%31]
}

func organisationCheck(s string) byte {
	weights := [8]int{3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += value36(s[i]) * w
	}
	return "0X987654321"[sum%11]
}

// String is the 18 characters.
func (c CreditCode) String() string { return string(c) }

// Organisation is the organisation code inside, with its check character, as
// GB 11714 writes it: "MB040467-0".
func (c CreditCode) Organisation() string {
	if len(c) != 18 {
		return ""
	}
	return string(c[8:16]) + "-" + string(c[16:17])
}

// Division is where the body was registered; 100000 is the state.
func (c CreditCode) Division() Division {
	if len(c) != 18 || !digits(string(c[2:8])) {
		return 0
	}
	return Division(atoi(string(c[2:8])))
}
