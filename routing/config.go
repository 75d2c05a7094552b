package routing

import (
	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing/ledger"
)

// Config is everything routing must be told beside the ledger. Lines are those
// of the file, 0 where there was none; they do not count for the digest.
//
// Spans of time are From (first day) to Until (first day no more); a zero day
// is without limit.
type Config struct {
	Agencies    []Agency
	Duties      []Duty
	Delegations []Delegation
	Zones       []ZoneTable
	Rules       []Rule
}

// Agency is an office. It is responsible only by a duty, a delegation or a rule.
type Agency struct {
	Line     int
	ID       hub.AgencyID
	Name     string // in Chinese, as on its seal
	NameEn   string
	Place    code.Division // where it sits
	Register bool          // its register is kept in this hub
	From     ledger.Day
	// Closed is the first day the agency is no more; End says how, and Successor
	// who took its duties over from that day ("" for nobody).
	Closed    ledger.Day
	End       End
	Successor hub.AgencyID
}

// End is how an agency ended.
type End string

// The ends.
const (
	EndClosed  End = "closed"
	EndMerged  End = "merged"
	EndRenamed End = "renamed"
)

// Duty makes an agency responsible for items in places. A place can be a
// county, or a prefecture or province for all counties in it.
type Duty struct {
	Line        int
	Agency      hub.AgencyID
	Places      []code.Division
	Items       []Pattern
	From, Until ledger.Day
}

// Delegation hands items in places from the responsible agency to another. A
// delegate cannot delegate further. No places means all of the agency's.
type Delegation struct {
	Line        int
	Agency, To  hub.AgencyID
	Places      []code.Division
	Items       []Pattern
	From, Until ledger.Day
}

// ZoneTable says where the cadastral zones of a county lay on a day, for units
// whose number names that county but whose ground may have gone elsewhere.
type ZoneTable struct {
	Line    int
	County  code.Division // as in the unit number
	AsOf    ledger.Day    // the table is right on this day; later changes are followed
	Areas   []ZoneArea
	Default code.Division // for zones not listed; 0 to ask
}

// ZoneArea is a list of zones (3 digits) or sub-zones (6 digits) in one place.
// Sub-zones go before zones.
type ZoneArea struct {
	Zones []string
	To    code.Division
}

// Rule sends a case to an agency when all its conditions hold. Rules are tried
// in the order written; the first that matches decides.
type Rule struct {
	Line           int
	ID             string
	Title, TitleEn string
	Places         []code.Division // at least one; wider places cover narrower ones
	Items          []Pattern       // none for any
	Units          []string        // beginnings of unit numbers, from the county on; none for any
	From, Until    ledger.Day
	Facts          []FactTest // all must hold
	To             hub.AgencyID
}

// FactTest is one condition on one fact of the case: exactly one of its three
// forms is set. A missing fact, or one of another type, fails the test.
type FactTest struct {
	Key      string
	In       []string // text equal to one of these
	Is       *bool    // truth value
	Min, Max *int64   // whole number, bounds included; money in fen
}
