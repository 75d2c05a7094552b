package code

// ItemCode is a government-service item code (GB/T 39554.1-2020): basic (12
// characters), implementation (31) or handling item (33). It is the national
// number of a service; hub.ItemCode is our own name for a kind of service.
type ItemCode string

// ItemKind tells the three apart by their length.
type ItemKind uint8

// The kinds.
const (
	BasicItem          ItemKind = iota + 1 // what a law names, the same everywhere
	ImplementationItem                     // as one agency does it
	HandlingItem                           // one of its business cases
)

// Lengths of the three kinds, and where their parts end.
const (
	basicLength          = 12
	implementationLength = 31
	handlingLength       = 33
)

// ParseItemCode reads any of the three. The credit code inside the longer ones
// is checked with both its check characters.
func ParseItemCode(s string) (ItemCode, error) {
	s = normalise(s)
	if err := checkLength(KindItem, s, basicLength, implementationLength, handlingLength); err != nil {
		return "", err
	}
	if len(s) == basicLength {
		if !digits(s) {
			return "", fail(KindItem, PartItem, ReasonCharacters)
		}
		return ItemCode(s), nil
	}
	if err := checkCredit(s[:18]); err != nil {
		return "", fail(KindItem, PartOrganisation, err.Reason)
	}
	switch {
	case s[18] < '1' || s[18] > '6':
		return "", fail(KindItem, PartLevel, ReasonUnknown)
	case !digits(s[19:implementationLength]):
		return "", fail(KindItem, PartItem, ReasonCharacters)
	case !digits(s[implementationLength:]):
		return "", fail(KindItem, PartSerial, ReasonCharacters)
	}
	return ItemCode(s), nil
}

// String is the code without separators.
func (c ItemCode) String() string { return string(c) }

// Kind is zero when c was not parsed.
func (c ItemCode) Kind() ItemKind {
	switch len(c) {
	case basicLength:
		return BasicItem
	case implementationLength:
		return ImplementationItem
	case handlingLength:
		return HandlingItem
	}
	return 0
}

// Basic is the twelve-digit code of the item in law.
func (c ItemCode) Basic() string {
	switch c.Kind() {
	case BasicItem:
		return string(c)
	case ImplementationItem, HandlingItem:
		return string(c[19:implementationLength])
	}
	return ""
}

// Agency is the credit code of the agency that implements the item; "" for a
// basic code.
func (c ItemCode) Agency() CreditCode {
	if c.Kind() < ImplementationItem {
		return ""
	}
	return CreditCode(c[:18])
}

// Level is 1 state, 2 province, 3 prefecture, 4 county and below; 0 for a basic code.
func (c ItemCode) Level() int {
	if c.Kind() < ImplementationItem {
		return 0
	}
	return int(c[18] - '0')
}

// Implementation is the 31-character code; "" for a basic one.
func (c ItemCode) Implementation() ItemCode {
	if c.Kind() < ImplementationItem {
		return ""
	}
	return c[:implementationLength]
}

// Handling is the two digits of the handling item; "" for the others.
func (c ItemCode) Handling() string {
	if c.Kind() != HandlingItem {
		return ""
	}
	return string(c[implementationLength:])
}
