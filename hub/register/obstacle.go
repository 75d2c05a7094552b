package register

import (
	"slices"
	"strings"

	"tongban/hub/code"
)

// ObstacleCode is the stable kind of an obstacle. Translations key on it.
type ObstacleCode string

// The obstacles.
const (
	BadForm           ObstacleCode = "bad_form"           // args: field
	UnknownUnit       ObstacleCode = "unknown_unit"       // not registered; args: status
	UnitExists        ObstacleCode = "unit_exists"        // the number is taken, perhaps by a cancelled unit; args: status
	UnknownParcel     ObstacleCode = "unknown_parcel"     // the land is not registered; args: parcel
	UnitsRemain       ObstacleCode = "units_remain"       // buildings on the land are registered (民法典 356)
	UnknownEntry      ObstacleCode = "unknown_entry"      // no such right, burden or seizure in force
	WrongHolder       ObstacleCode = "wrong_holder"       // who must act does not; args: role
	BadShares         ObstacleCode = "shares"             // shares do not sum to what they must
	Seizing           ObstacleCode = "seized"             // args: court, order, unit
	LockedByOther     ObstacleCode = "locked_by_other"    // args: case
	NoLock            ObstacleCode = "no_lock"            // the case was not accepted for this unit, or gave up
	AdvanceNotice     ObstacleCode = "advance_notice"     // its holder does not agree (民法典 221)
	NoTransferClause  ObstacleCode = "no_transfer_clause" // 担保解释 43; the creditor does not agree
	NotMortgageable   ObstacleCode = "not_mortgageable"   // 民法典 399
	LaterMortgage     ObstacleCode = "later_mortgage"     // who ranks behind does not agree (民法典 409)
	MortgageExists    ObstacleCode = "mortgage_exists"    // blocks a waiver; elsewhere for information
	MortgageFollows   ObstacleCode = "mortgage_follows"   // information: the acquirer gets it burdened (民法典 406)
	ObjectionPending  ObstacleCode = "objection"          // who acquires must be told
	ObjectionRepeated ObstacleCode = "objection_repeated" // by the same person for the same matter
	Burdened          ObstacleCode = "burdened"           // residence or easement; args: kind
	Lapsed            ObstacleCode = "lapsed"             // its time is over
	NotLapsed         ObstacleCode = "not_lapsed"         // its time is not over
	CourtOnly         ObstacleCode = "court_only"         // needs a court's order
	NotForSource      ObstacleCode = "not_for_source"     // neither a court nor the office may book this by itself
	RanksAfter        ObstacleCode = "ranks_after"        // information: a noticed mortgage goes before
	Waits             ObstacleCode = "waits"              // information: another seizure is in force
	AreaDiffers       ObstacleCode = "area_differs"       // information: measured and planned area
	CertificateTaken  ObstacleCode = "certificate_taken"  // the number was issued before; args: certificate
)

// Severity says what an obstacle does.
type Severity string

// The severities.
const (
	Block Severity = "block" // refuses the booking
	Tell  Severity = "tell"  // refuses until the acquirer was told: name its Ref in Told
	Info  Severity = "info"  // is shown
)

// Obstacle is one thing that stands against a step, or that must be known.
type Obstacle struct {
	Step     int
	Unit     code.Unit
	Code     ObstacleCode
	Severity Severity
	Ref      EntryID // the entry it comes from, when there is one
	Args     map[string]string
}

func (o Obstacle) String() string {
	parts := []string{string(o.Code)}
	for _, k := range []string{"field", "role", "status"} {
		if v := o.Args[k]; v != "" {
			parts = append(parts, v)
		}
	}
	return strings.Join(parts, " ") + " (step " + itoa(o.Step) + ")"
}

// Standing are the obstacles that refuse: those that block, and those of which
// the acquirer was not told.
func Standing(list []Obstacle, told []EntryID) []Obstacle {
	var out []Obstacle
	for _, o := range list {
		if o.Severity == Block || o.Severity == Tell && !slices.Contains(told, o.Ref) {
			out = append(out, o)
		}
	}
	return out
}
