package hub

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Assessor applies a standard to an application. hub/standard is the one there
// is; it is safe for concurrent use and bounded in time and memory whatever
// the standard says.
type Assessor interface {
	// Assess checks form and parties and says what the standard asks for in
	// this case on this day. What is wrong with the application is in the
	// assessment, all at once; an error (BadStandard) is of the standard.
	// A partial application may be assessed: what is missing is told as wrong.
	Assess(ctx context.Context, std *Standard, form Form, parties []Party, day time.Time) (Assessment, error)
	// Risk reports whether an answer to a question (bool or string) must be
	// looked at by a person. Invalid for an unknown question or kind of answer.
	Risk(ctx context.Context, std *Standard, question string, answer any, a *Assessment, day time.Time) (bool, error)
}

// Assessment is what a standard says about one application.
type Assessment struct {
	Form      Form    // canonical; without the values that are wrong
	Parties   []Party // canonical
	Wrong     []FieldError
	Texts     map[string]string // Chinese words for codes of Wrong that only this standard has
	Facts     map[string]bool   // its conditions, by key
	Slots     map[string]Need   // by key
	Fees      []FeeLine
	Plan      Plan
	Questions []Question
	Outputs   []Output
}

// Need says whether a material is asked for.
type Need string

// The needs.
const (
	NeedRequired Need = "required"
	NeedOptional Need = "optional"
	NeedNone     Need = "none" // nobody asks for it in this case
)

// FeeLine is one line of the fee: Total = Count × Fen, less an exemption.
type FeeLine struct {
	Key                string
	Per                string
	Fen, Count, Total  int64 // fen
	Payer              string
	ZH, EN             string
	ExemptZH, ExemptEN string // the ground, when there is one
}

// Plan is the way of one case through the handling place.
type Plan struct {
	Reviews    int // 1 or 2
	Tax        bool
	NoticeDays int // working days of public notice
	Visit      bool
	Video      bool
	Booking    bool
	Exclusive  bool
	Promised   int // working days
}

// Refuse is nil when nothing is wrong, else the one error that tells every gap,
// with those found elsewhere.
func (a *Assessment) Refuse(more ...FieldError) error {
	err := InvalidFields(append(more, a.Wrong...))
	if e, ok := err.(*Error); ok { //nolint:errorlint // made on the line above
		e.Args = a.Texts
	}
	return err
}

// Assess applies a case's own standard to what the case holds now, on the day
// it was received.
func (s *Service) Assess(ctx context.Context, c *Case) (Assessment, Standard, error) {
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return Assessment{}, Standard{}, fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	a, err := s.Assessor.Assess(ctx, &std, c.Form, c.Parties, c.ReceivedAt)
	return a, std, err
}

// missingSlots lists the materials that this case needs and nobody has put in,
// all at once, in the order of the standard.
func (s *Service) missingSlots(ctx context.Context, c *Case) ([]FieldError, error) {
	a, std, err := s.Assess(ctx, c)
	if err != nil {
		return nil, err
	}
	live := c.Live()
	var out []FieldError
	for i := range std.Slots {
		slot := &std.Slots[i]
		if a.Slots[slot.Key] == NeedRequired && !slices.ContainsFunc(live, func(m Material) bool { return m.Slot == slot.Key }) {
			out = append(out, FieldError{"/materials/" + slot.Key, "required", fmt.Sprintf("material %q is missing", slot.EN)})
		}
	}
	return out, nil
}

// Establish saves a standard and publishes it: for first starts and tests.
// Doing so again changes nothing. Conflict when the version is there with other
// content, WrongState when it was withdrawn.
func Establish(ctx context.Context, d Directory, s Standard) error {
	if err := d.SaveDraft(ctx, s); err != nil {
		return err
	}
	return d.MoveStandard(ctx, s.Ref(), StandardPublished)
}
