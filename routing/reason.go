package routing

import (
	"tongban/hub/code"
	"tongban/routing/ledger"
)

// ReasonCode names one step of a decision. Its text is the stable code that
// goes into the chain.
type ReasonCode uint8

// The steps, with what a, b and c of a reason hold.
const (
	reasonNone         ReasonCode = iota
	reasonCoded                   // unit number of county a
	reasonAsked                   // place a was named
	reasonHolds                   // a is in force on the date
	reasonMoved                   // ground went from a to b on day c
	reasonZone                    // zone table of county a says b; c digits of the zone, 0 the default
	reasonChosen                  // the clerk chose a
	reasonSame                    // each of a possible places has the same agency
	reasonRule                    // rule a
	reasonNoRule                  // none of a rules matched
	reasonDuty                    // duty a
	reasonEnded                   // agency a ended; b takes over, -1 nobody
	reasonDelegated               // delegation a
	reasonDelegateGone            // delegation a names an agency that has ended
	// What a refusal ends with.
	reasonNoItem     // no item given
	reasonNeverUsed  // code a never stood for a place
	reasonNotYet     // code a stands for a place only later
	reasonGone       // a ended and its successors are not known
	reasonTooWide    // a is wider than a county
	reasonSeveral    // the ground can be in a places
	reasonNotOffered // a was chosen but is not possible
	reasonNoDuty     // nobody has a duty for the item in a
)

var reasonCodes = [...]string{
	reasonCoded: "unit_coded_in", reasonAsked: "place_named", reasonHolds: "place_in_force", reasonMoved: "ground_moved",
	reasonZone: "zone_table", reasonChosen: "clerk_chose", reasonSame: "same_agency_everywhere", reasonRule: "rule_matched",
	reasonNoRule: "no_rule_matched", reasonDuty: "duty", reasonEnded: "agency_ended", reasonDelegated: "delegated",
	reasonDelegateGone: "delegate_ended", reasonNoItem: "no_item", reasonNeverUsed: "code_never_used",
	reasonNotYet: "code_not_yet_used", reasonGone: "no_known_successor", reasonTooWide: "wider_than_county",
	reasonSeveral: "several_places", reasonNotOffered: "choice_not_possible", reasonNoDuty: "no_duty",
}

func (r ReasonCode) String() string { return reasonCodes[r] }

// ReasonCodes lists every stable code, for translations.
func ReasonCodes() []string { return reasonCodes[1:] }

// reason is one step as the hot path notes it: small numbers only.
type reason struct {
	code    ReasonCode
	a, b, c int32
}

// maxReasons bounds the steps of one decision; the longest way through the
// ledger takes 7.
const maxReasons = 20

// steps collects reasons without memory of its own.
type steps struct {
	list [maxReasons]reason
	n    int
}

// add notes a step. Should there ever be too many, the last slot takes the
// newest, so that the end of the story is never lost.
func (s *steps) add(c ReasonCode, a, b, d int32) {
	s.list[min(s.n, maxReasons-1)] = reason{code: c, a: a, b: b, c: d}
	s.n = min(s.n+1, maxReasons)
}

// note adds a reason unless it is empty.
func (s *steps) note(r reason) {
	if r.code != reasonNone {
		s.add(r.code, r.a, r.b, r.c)
	}
}

func (s *steps) place(c ReasonCode, p code.Division) { s.add(c, int32(p), 0, 0) }

// path notes how ground came from a start to a place.
func (s *steps) path(l *ledger.Ledger, t *ledger.Trace, to int) {
	visits := t.Visits()
	var way [ledger.MaxTrace]int
	n := 0
	for i := to; visits[i].Parent >= 0; i = int(visits[i].Parent) {
		way[n] = i
		n++
	}
	if n == 0 {
		s.place(reasonHolds, l.Record(visits[to].Ref).Code)
		return
	}
	for n--; n >= 0; n-- {
		v := &visits[way[n]]
		from := l.Record(visits[v.Parent].Ref).Code
		s.add(reasonMoved, int32(from), int32(l.Record(v.Ref).Code), int32(v.On))
	}
}
