package hub

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Standard is an item as one agency applies it. A case is pinned to the
// version it was taken under, so a published version never changes.
//
// Conditions are CEL expressions over the application (see docs/standards.md);
// an empty condition is always true where it guards something that is listed,
// and false where it switches something on.
type Standard struct {
	Item      ItemCode
	Agency    AgencyID // "" is the national base
	Version   int
	From      time.Time // in force from this day
	State     StandardState
	Base      int // version of the national base that a variant lies on; 0 for a base
	NameZH    string
	NameEN    string
	Modes     []string // "online", "forward", "joint" (国办发〔2020〕35号)
	Grounds   []Text   // law
	Facts     []Condition
	Fields    []Field
	Rules     []Rule
	Parties   []PartyRule
	Slots     []Slot
	Questions []Question
	Fees      []FeeRule
	Plan      Plan
	Outputs   []ResultKind
	Rejects   []Text // typical reasons not to register
	Remarks   []Text // what a clerk elsewhere should know
	Answer    int    // working days in which the handling place answers
	Statutory int    // working days by law
	Promised  int    // working days promised
	Promises  []Promise
	Digest    Digest
}

// Promise is another number of days for some applications; the first that fits
// counts, else Promised.
type Promise struct {
	Days   int
	When   string
	ZH, EN string // for which
}

// StandardState is where a version stands in its life.
type StandardState string

// The states. A draft may be replaced; a published version never changes and
// may be withdrawn until it is frozen: by a case that is pinned to it.
const (
	StandardDraft     StandardState = "draft"
	StandardPublished StandardState = "published"
	StandardFrozen    StandardState = "frozen"
	StandardWithdrawn StandardState = "withdrawn"
)

// Text is a text in both languages.
type Text struct{ ZH, EN string }

// Condition is a named truth about an application; others refer to it as is.<key>.
type Condition struct {
	Key    string
	When   string
	ZH, EN string
}

// Field is one question of the application form.
type Field struct {
	Key      string
	Kind     string // "text", "fen", "date", "bool", "certificate", "integer", "area" (0.01 m²), "unit", "choice", "list"
	Required bool
	If       string // only asked when
	Personal bool
	Max      int      // characters for text, rows for a list; 0 is 200
	Options  []Option // of a choice
	Columns  []Column // of a list
	ZH, EN   string
}

// Column is one question of a row of a list; it is always asked.
type Column struct {
	Key      string
	Kind     string // any kind of field but a list
	Required bool
	Personal bool
	Max      int
	Options  []Option
	ZH, EN   string
}

// Field is the column as a field of its row.
func (c Column) Field() Field {
	return Field{Key: c.Key, Kind: c.Kind, Required: c.Required, Personal: c.Personal, Max: c.Max, Options: c.Options, ZH: c.ZH, EN: c.EN}
}

// Option is one answer of a choice.
type Option struct{ Key, ZH, EN string }

// Rule is a condition across fields that an application must meet.
type Rule struct {
	Key     string // the field error's code
	Pointer string // which part is told wrong
	Must    string
	ZH, EN  string
}

// PartyRule says how many parties of a role the item needs.
type PartyRule struct {
	Role     string
	Min, Max int
	If       string // Min counts only then
	ZH, EN   string
}

// Slot is one material the standard asks for.
type Slot struct {
	Key            string
	Required       bool
	If             string // required only then
	Original       bool   // the clerk must see the original
	Reusable       bool   // may serve another case of the same applicant
	Output         ResultKind
	Types          []string
	MaxBytes       int64
	MaxFiles       int
	HintZH, HintEN string
	Faults         []Text // typical reasons why it comes back
	ZH, EN         string
}

// Question is one question of the questioning record (询问笔录).
type Question struct {
	Key     string
	Kind    string   // "bool" or "text"
	Roles   []string // which parties are asked; none is all
	Risk    string   // "yes" or "no": the answer that must be looked at
	Compare bool     // different answers of two parties are a conflict
	ZH, EN  string
}

// FeeRule gives a fee; of the rules of one key the first that fits counts.
type FeeRule struct {
	Key    string
	When   string
	Fen    int64  // for one piece
	Count  string // CEL, whole number; "" is 1
	Payer  string // role of the party
	ZH, EN string // what it is for, or why it is free
}

// Plan says which steps the handling takes.
type Plan struct {
	Reviews    int // 1 or 2
	Tax        string
	Notice     string
	NoticeDays int
	Visit      string
	Video      string
	Booking    bool   // ends in the register
	Exclusive  bool   // one open case of this kind for each unit
	Later      string // what is not done by this version: "money", "institutions"; "" is nothing
}

// Results lists what is issued when the case is done.
func (s *Standard) Results() []ResultKind { return s.Outputs }

// Ref names the standard's version.
func (s *Standard) Ref() StandardRef { return StandardRef{s.Item, s.Agency, s.Version, s.Digest} }

// Slot returns the slot with the key.
func (s *Standard) Slot(key string) (Slot, bool) {
	i := slices.IndexFunc(s.Slots, func(x Slot) bool { return x.Key == key })
	if i < 0 {
		return Slot{}, false
	}
	return s.Slots[i], true
}

// Field returns the field with the key.
func (s *Standard) Field(key string) (Field, bool) {
	i := slices.IndexFunc(s.Fields, func(x Field) bool { return x.Key == key })
	if i < 0 {
		return Field{}, false
	}
	return s.Fields[i], true
}

// Sealed is the standard's content as bytes; its digest is over these. The
// state is not part of the content.
func (s *Standard) Sealed() ([]byte, error) {
	c := *s
	c.State, c.Digest = "", ""
	c.From = c.From.UTC()
	return Marshal(c)
}

// Assessor judges applications by the conditions of standards.
type Assessor interface {
	// Assess judges a whole application. Wrong tells every gap at once; the rest
	// holds only as far as Wrong is empty. Errors: Internal when a condition
	// cannot be evaluated within its bounds.
	Assess(ctx context.Context, s *Standard, a Application) (Assessment, error)
}

// Application is what is judged: in canonical form.
type Application struct {
	Form    Form
	Parties []Party
	Day     time.Time
}

// Assessment is what a standard says about an application.
type Assessment struct {
	Wrong []FieldError
	Facts map[string]bool
	Needs map[string]bool   // slot → must be filled
	Known map[string]string // slot → number of the paper that the register has; it is not asked again
	Fees  []FeeLine
	Steps Steps
}

// FeeLine is one fee of an application.
type FeeLine struct {
	Key    string
	Fen    int64 // for one piece
	Count  int64
	Payer  string
	ZH, EN string
}

// assess judges the case as it is. What a supplement has made wrong is refused
// here: on a form that breaks its standard nothing further can be relied on.
func (s *Service) assess(ctx context.Context, std *Standard, c *Case) (Assessment, error) {
	a, err := s.Assessor.Assess(ctx, std, Application{Form: c.Form, Parties: c.Parties, Day: c.ReceivedAt})
	if err != nil {
		return a, fmt.Errorf("assess case %s: %w", c.ID, err)
	}
	if err := s.unneeded(ctx, &a, c.responsible(), std, c.Form, c.Unit); err != nil {
		return a, err
	}
	return a, InvalidFields(a.Wrong)
}

// missingSlots lists the needed slots that no live material fills, all at once.
func (a *Assessment) missingSlots(std *Standard, c *Case) error {
	var gaps []FieldError
	for _, slot := range std.Slots {
		filled := slices.ContainsFunc(c.Live(), func(m Material) bool { return m.Slot == slot.Key })
		if a.Needs[slot.Key] && !filled {
			gaps = append(gaps, FieldError{"/materials/" + slot.Key, "required", fmt.Sprintf("material %q is missing", slot.EN)})
		}
	}
	if len(gaps) == 0 {
		return nil
	}
	return &Error{Code: MissingMaterial, Message: "required materials are missing", Fields: gaps}
}

// InForce picks, from versions of one item, the one that an agency applies on
// a day: its own newest in force, else the national base.
func InForce(all []Standard, a AgencyID, day time.Time) (Standard, error) {
	var best *Standard
	for i := range all {
		s := &all[i]
		if s.Agency != a && s.Agency != "" || s.From.After(day) || s.State == StandardDraft || s.State == StandardWithdrawn {
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
