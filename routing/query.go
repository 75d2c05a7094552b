package routing

import (
	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing/ledger"
)

// firstCoded is the day from which unit numbers are taken to have been given
// when nobody knows: registration was unified in 2015 (不动产登记暂行条例, in
// force 1 March 2015), and the ledger knows years. Ground that moved before
// does not trouble a number given after.
var firstCoded = ledger.YearStart(2015)

// Query is one question. Unit or Place is needed; with both, Unit counts.
type Query struct {
	Item hub.ItemCode
	Unit code.Unit // of the real property
	// Place is a division as people name it today, or an old code; for matters
	// without a unit number.
	Place code.Division
	Date  ledger.Day
	Coded ledger.Day // when the unit got its number; 0 when not known
	// Choice is a clerk's answer to AmbiguousSuccessor: one of its choices, or a
	// county inside a chosen prefecture.
	Choice code.Division
	Facts  hub.Form // of the case, for rules; may be nil
}
