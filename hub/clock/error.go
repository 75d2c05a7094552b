package clock

import "fmt"

// Reason says what is wrong with a calendar or a clock. It is part of the interface: translations key on it.
type Reason string

// The reasons.
const (
	ReasonRead        Reason = "read"         // the source failed; the cause is wrapped
	ReasonSize        Reason = "size"         // more than MaxBytes, or more than MaxOffices
	ReasonCharacters  Reason = "characters"   // not UTF-8, or a character that cannot be seen
	ReasonHeader      Reason = "header"       // the first line does not say "calendar 1"
	ReasonEmpty       Reason = "empty"        // a file, section or line that says nothing
	ReasonUnknown     Reason = "unknown"      // no such key here
	ReasonForm        Reason = "form"         // the value is not built as the key asks
	ReasonDate        Reason = "date"         // no such day
	ReasonRange       Reason = "range"        // backwards, too long, or outside 2000 to 2099
	ReasonOutsideYear Reason = "outside_year" // a day that the year's notice cannot decide
	ReasonWeekday     Reason = "weekday"      // a make-up working day that is no Saturday or Sunday
	ReasonBoth        Reason = "both"         // off and working
	ReasonDuplicate   Reason = "duplicate"    // said twice
	ReasonMissing     Reason = "missing"      // a key that the section must have
	ReasonIncomplete  Reason = "incomplete"   // a fixed public holiday is not among the days off
	ReasonZone        Reason = "zone"         // no such time zone on this machine
	ReasonOrder       Reason = "order"        // a clock or stop that ends before it starts
)

// Error says where and how a calendar or a clock is wrong. It holds no text of the input but the section's name.
type Error struct {
	Line    int    // of the file, from 1; 0 when it is no matter of one line
	Section string // "year 2027", "office 410425.registry", "clock"; "" before the first section
	Key     string // "off", "hours", …; "" when it concerns the section
	Reason  Reason
	Err     error // the cause of ReasonRead and ReasonZone, else nil
}

func (e *Error) Error() string {
	s := ""
	if e.Line > 0 {
		s = fmt.Sprintf("line %d: ", e.Line)
	}
	for _, part := range []string{e.Section, e.Key} {
		if part != "" {
			s += part + ": "
		}
	}
	return s + string(e.Reason)
}

func (e *Error) Unwrap() error { return e.Err }
