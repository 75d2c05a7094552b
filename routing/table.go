package routing

import (
	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing/ledger"
)

// Table is a compiled configuration over a ledger. It is immutable and safe
// for concurrent use; a change makes a new one.
type Table struct {
	ledger *ledger.Ledger
	digest hub.Digest

	agencies    []agency
	byID        map[hub.AgencyID]int32
	duties      []duty
	delegations []delegation
	zones       map[code.Division]*ZoneTable
	rules       []rule
	patterns    []matcher // all that rules name
	locals      []*local  // by ledger.Ref
}

// local is what applies in one place, that of the wider places included.
type local struct {
	duties []int32 // the best for an item comes first: narrow before wide, exact before wild
	rules  []int32 // in the order written
}

// agency is an agency ready for use; next is -1 for none.
type agency struct {
	Agency

	closed      ledger.Day
	next        int32
	delegations []int32 // its own, the best for a place and item first
}

// span is a time from a first day to the first day no more.
type span struct{ from, until ledger.Day }

func (s span) holds(on ledger.Day) bool { return s.from <= on && on < s.until }

func (s span) overlaps(o span) bool { return s.from < o.until && o.from < s.until }

// duty is one agency's duty for one pattern in one place.
type duty struct {
	span

	agency int32
	place  code.Division
	match  matcher
	line   int
}

// delegation is one pattern of a delegation in one place; 0 for all places.
type delegation struct {
	span

	to    int32
	place code.Division
	match matcher
	line  int
}

// Digest names the configuration and the ledger that the table was made of.
func (t *Table) Digest() hub.Digest { return t.digest }

// Ledger is the ledger the table was made with.
func (t *Table) Ledger() *ledger.Ledger { return t.ledger }

// Agency tells what the configuration says of an agency.
func (t *Table) Agency(id hub.AgencyID) (Agency, bool) {
	i, ok := t.byID[id]
	if !ok {
		return Agency{}, false
	}
	return t.agencies[i].Agency, true
}

// dutyFor is the duty that decides for an item in a place; -1 for none.
func (t *Table) dutyFor(item hub.ItemCode, place ledger.Ref, on ledger.Day) int32 {
	for _, i := range t.locals[place].duties {
		if d := &t.duties[i]; d.match.matches(item) && d.holds(on) {
			return i
		}
	}
	return -1
}

// delegationFor is the delegation of an agency that applies; -1 for none.
func (t *Table) delegationFor(a int32, item hub.ItemCode, place code.Division, on ledger.Day) int32 {
	for _, i := range t.agencies[a].delegations {
		d := &t.delegations[i]
		if d.match.matches(item) && d.holds(on) && (d.place == 0 || ledger.Covers(d.place, place)) {
			return i
		}
	}
	return -1
}
