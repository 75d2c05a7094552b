package hub

import (
	"fmt"
	"slices"
	"time"
)

// Standard is an item as one agency applies it. A case is pinned to the
// version it was taken under, so a version never changes once it is published.
// Texts in CEL are conditions; docs/standards.md says what they may name.
type Standard struct {
	Item    ItemCode
	Agency  AgencyID // "" is the national base
	Version int
	From    time.Time   // in force from this day
	Over    StandardRef // the national version that a variant was laid over; zero for the base
	NameZH  string
	NameEN  string
	Modes   []Mode
	Basis   []Text // the law it stands on, by article

	Answer    int // working days in which the handling place answers after receiving
	Promised  int // working days promised, from acceptance
	Statutory int // working days by law, from acceptance

	Conditions []Condition
	Fields     []Field
	Parties    []PartyRule
	Slots      []Slot
	Rules      []Rule
	Fees       []FeeRule
	Questions  []Question // of the questioning record (询问笔录)
	Plan       PlanRules
	Outputs    []Output
	Rejects    []Reason    // why such applications typically fail
	Grounds    []Departure // why a variant asks for less than the base

	State  StandardState // beside the content: not part of the digest
	Digest Digest        // of Content
}

// Text is something people read, in both languages.
type Text struct{ ZH, EN string }

// Mode is one of the three ways of 国办发〔2020〕35号.
type Mode string

// The modes.
const (
	ModeOnline  Mode = "online"  // 全程网办
	ModeForward Mode = "forward" // 异地代收代办
	ModeJoint   Mode = "joint"   // 多地联办
)

// Condition is a named CEL condition. Later conditions and all other
// expressions of the standard use it by its key.
type Condition struct {
	Key, When string
	ZH, EN    string
}

// The kinds of field. A list has columns; all other kinds can be columns.
const (
	FieldText        = "text"
	FieldFen         = "fen" // money, a whole number of fen
	FieldInteger     = "integer"
	FieldArea        = "area" // a whole number of 0.01 m²
	FieldBool        = "bool"
	FieldDate        = "date" // YYYY-MM-DD
	FieldChoice      = "choice"
	FieldUnit        = "unit"        // GB/T 37346
	FieldCertificate = "certificate" // title certificate or registration proof
	FieldCitizen     = "citizen_id"  // GB 11643
	FieldCredit      = "credit_code" // GB 32100
	FieldList        = "list"
)

// FieldKinds lists every kind.
func FieldKinds() []string {
	return []string{
		FieldText, FieldFen, FieldInteger, FieldArea, FieldBool, FieldDate, FieldChoice, FieldUnit,
		FieldCertificate, FieldCitizen, FieldCredit, FieldList,
	}
}

// Field is one question of the application form.
type Field struct {
	Key            string
	Kind           string
	Required       bool   // must be answered …
	If             string // … when this holds (CEL); "" is always
	Personal       bool
	Min, Max       int64 // characters of a text, rows of a list, bounds of a number; Max 0 is the kind's own
	Options        []Option
	Columns        []Column
	ZH, EN         string
	HelpZH, HelpEN string
}

// Option is one answer of a choice.
type Option struct{ Key, ZH, EN string }

// Column is one question in every row of a list.
type Column struct {
	Key      string
	Kind     string
	Required bool
	Personal bool
	Min, Max int64
	Options  []Option
	ZH, EN   string
}

// PartyRule says how many parties of a role the item needs.
type PartyRule struct {
	Role     string
	Min, Max int
	If       string // Min counts only when this holds (CEL); "" is always
	ZH, EN   string
}

// Slot is one material the standard asks for.
type Slot struct {
	Key       string
	Required  bool   // must be there …
	If        string // … when this holds (CEL); when not, nobody is asked for it
	Types     []string
	MaxBytes  int64
	MaxFiles  int
	Original  bool     // the clerk compares with the original
	Shared    bool     // the office looks it up itself where data are shared
	Reusable  bool     // may be taken over from an earlier case
	ValidDays int      // days since its issue; 0 is without end
	Hints     []Text   // what a good one looks like
	Rejects   []Reason // why it is typically sent back
	ZH, EN    string
}

// Reason is a reason that can be named by its key.
type Reason struct{ Key, ZH, EN string }

// Rule is a condition over several fields that must hold.
type Rule struct {
	Key    string // the code of the field error
	Holds  string // CEL
	At     string // JSON pointer to the field to correct, "/form/loan"
	ZH, EN string
}

// FeeRule is one line of the registration fee, 发改价格规〔2016〕2559号.
type FeeRule struct {
	Key    string
	When   string // CEL; "" is always
	Fen    int64  // for one
	Per    string // "piece" (件) or "copy" (extra certificate)
	Count  string // CEL, whole number: how many; "" is one
	Payer  string // role of the party who pays
	Exempt []Exemption
	ZH, EN string
}

// Exemption lowers a fee. The first that holds counts.
type Exemption struct {
	When    string // CEL
	Percent int    // what remains to pay, 0 to 99
	ZH, EN  string // the ground
}

// Question is one of the questioning record, put to each party of its roles.
type Question struct {
	Key    string
	Kind   string // "bool" or "text"
	Roles  []string
	If     string // CEL; "" is always
	Flag   string // CEL over "answer": the answer is a risk that needs a person
	ZH, EN string
}

// PlanRules are CEL conditions for the steps of a case; "" is false, 0 or the
// standard's own days.
type PlanRules struct {
	SecondReview string // 复审
	Tax          string // the tax gate, 契税法 art. 11
	Notice       string // public notice, whole number of working days
	Visit        string // 实地查看
	Video        string // a video session is needed
	Booking      string // something is booked in the register
	Exclusive    string // no other disposing case of the unit may run
	Promised     string // other promised days for this case, whole number of working days
}

// Output is one result of the case.
type Output struct {
	Key    string
	Kind   string // "certificate", "proof", "cancellation", "search_result", "notice", "external"
	If     string // CEL; "" is always
	ZH, EN string
}

// OutputKinds lists the kinds of result.
func OutputKinds() []string {
	return []string{"certificate", "proof", "cancellation", "search_result", "notice", "external"}
}

// Departure is the legal ground on which a variant asks for less than its base.
type Departure struct {
	At     string // "slots/power", "plan/video"
	ZH, EN string
}

// StandardState is where a version stands between draft and history.
type StandardState string

// The states. Only published and frozen versions are applied.
const (
	StandardDraft     StandardState = "draft"     // may be replaced
	StandardPublished StandardState = "published" // never changes; may be withdrawn while nobody used it
	StandardFrozen    StandardState = "frozen"    // a case is pinned to it, or a newer one is in force
	StandardWithdrawn StandardState = "withdrawn" // never applied; its number stays taken
)

// Before lists the states from which a version may come to this one.
func (s StandardState) Before() []StandardState {
	switch s {
	case StandardPublished:
		return []StandardState{StandardDraft}
	case StandardFrozen:
		return []StandardState{StandardPublished}
	case StandardWithdrawn:
		return []StandardState{StandardDraft, StandardPublished}
	}
	return nil
}

// Is reports whether a version in this state is what another state promises: a
// frozen one is published all the same.
func (s StandardState) Is(other StandardState) bool {
	return s == other || s == StandardFrozen && other == StandardPublished
}

// Applies reports whether cases may be taken under the version, from its day on.
func (s *Standard) Applies() bool { return s.State.Is(StandardPublished) }

// Ref names the standard's version.
func (s *Standard) Ref() StandardRef { return StandardRef{s.Item, s.Agency, s.Version, s.Digest} }

// Content is what the digest is made of: everything but State and Digest.
func (s Standard) Content() ([]byte, error) {
	s.State, s.Digest = "", ""
	b, err := Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("content of standard %s: %w", s.Item, err)
	}
	return b, nil
}

// Slot returns the slot with the key.
func (s *Standard) Slot(key string) (Slot, bool) {
	i := slices.IndexFunc(s.Slots, func(x Slot) bool { return x.Key == key })
	if i < 0 {
		return Slot{}, false
	}
	return s.Slots[i], true
}

// InForce picks, from versions of one item, the one that an agency applies on
// a day: its own newest in force, else the national base. Drafts and withdrawn
// versions do not count. UnknownItem when there is none.
func InForce(all []Standard, a AgencyID, day time.Time) (Standard, error) {
	var best *Standard
	for i := range all {
		s := &all[i]
		if s.Agency != a && s.Agency != "" || s.From.After(day) || !s.Applies() {
			continue
		}
		if best == nil || s.Agency == a && best.Agency == "" ||
			s.Agency == best.Agency && s.Version > best.Version {
			best = s
		}
	}
	if best == nil {
		return Standard{}, E(UnknownItem, "no standard for this item is in force")
	}
	return *best, nil
}
