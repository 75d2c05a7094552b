package hub

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ConfirmTax writes down the tax bureau's word. The hub never computes a tax.
type ConfirmTax struct {
	Result   string // "paid", "exempt", "not_due"
	Document string // number of the proof; may be empty when no tax is due
	Text     string
}

// OpenNotice starts the public notice that the standard asks for.
type OpenNotice struct{ Text string }

// EndNotice ends it, at its last day at the earliest.
type EndNotice struct {
	Objection bool
	Text      string
}

// RecordVisit writes down what an officer saw at the property.
type RecordVisit struct {
	Agrees bool
	Text   string
}

// Suspend stops the case where it stands.
type Suspend struct {
	Ground SuspensionGround
	Entry  string // the register's booking, when a seizure stops it
	Text   string
}

// Resume lets the case go on where it stood.
type Resume struct{ Text string }

// MarkRunOut says that a clock has run out. Only the hub itself may.
type MarkRunOut struct {
	Clock ClockKind
	Due   time.Time
}

func (ConfirmTax) kind() Kind  { return KindTaxConfirmed }
func (OpenNotice) kind() Kind  { return KindNoticeOpened }
func (EndNotice) kind() Kind   { return KindNoticeEnded }
func (RecordVisit) kind() Kind { return KindVisited }
func (Suspend) kind() Kind     { return KindSuspended }
func (Resume) kind() Kind      { return KindResumed }
func (MarkRunOut) kind() Kind  { return KindRunOut }

// oneOf refuses a value that is not in a closed list.
func oneOf[T ~string](pointer string, v T, all ...T) error {
	if slices.Contains(all, v) {
		return nil
	}
	return InvalidFields([]FieldError{{pointer, "unknown", "not one of the values that are possible here"}})
}

// short checks a text of one line. needed texts may not be empty.
func short(pointer, s string, limit int, needed bool) (string, error) {
	s = strings.TrimSpace(s)
	switch n := len([]rune(s)); {
	case n == 0 && needed:
		return "", InvalidFields([]FieldError{{pointer, "required", "a text is required"}})
	case n > limit:
		return "", InvalidFields([]FieldError{{pointer, "too_long", fmt.Sprintf("at most %d characters", limit)}})
	case !plain(s, ""):
		return "", InvalidFields([]FieldError{{pointer, "characters", "no control or direction characters"}})
	}
	return s, nil
}

func (i ConfirmTax) decide(_ context.Context, _ *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	if !c.Steps.Tax {
		return nil, nil, E(WrongState, "the standard of this case asks for no proof of tax")
	}
	if err := oneOf("/result", i.Result, "paid", "exempt", "not_due"); err != nil {
		return nil, nil, err
	}
	doc, err := short("/document", i.Document, 100, i.Result == "paid")
	if err != nil {
		return nil, nil, err
	}
	r, err := remark("/text", i.Text, false)
	return &TaxConfirmed{Result: i.Result, Private: TaxPrivate{Document: doc, Text: r.Text}}, nil, err
}

func (i OpenNotice) decide(ctx context.Context, s *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	if c.Steps.NoticeDays == 0 {
		return nil, nil, E(WrongState, "the standard of this case asks for no public notice")
	}
	r, err := remark("/text", i.Text, true)
	if err != nil {
		return nil, nil, err
	}
	until, _ := s.office(ctx, c.Custodian).Add(s.moment(c), c.Steps.NoticeDays)
	return &NoticeOpened{Days: c.Steps.NoticeDays, Until: Millis(until), Private: r}, nil, nil
}

func (i EndNotice) decide(_ context.Context, s *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	if n := c.Notice; n != nil && s.moment(c).Before(n.Until) && !i.Objection {
		return nil, nil, E(WrongState, "the public notice runs until %s", n.Until.Format(time.DateOnly))
	}
	r, err := remark("/text", i.Text, i.Objection)
	return &NoticeEnded{Objection: i.Objection, Private: r}, nil, err
}

func (i RecordVisit) decide(_ context.Context, _ *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	if !c.Steps.Visit {
		return nil, nil, E(WrongState, "the standard of this case asks for no visit")
	}
	r, err := remark("/text", i.Text, true)
	return &Visited{Agrees: i.Agrees, Private: r}, nil, err
}

func (i Suspend) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if err := s.unbooked(ctx, c); err != nil {
		return nil, nil, err
	}
	if err := oneOf("/ground", i.Ground, SuspendedSeizure, SuspendedDispute, SuspendedOther); err != nil {
		return nil, nil, err
	}
	entry, err := short("/entry", i.Entry, 100, false)
	if err != nil {
		return nil, nil, err
	}
	r, err := remark("/text", i.Text, !cmd.machine)
	return &Suspended{Ground: i.Ground, Entry: entry, Private: r}, nil, err
}

func (i Resume) decide(_ context.Context, _ *Service, _ *Case, cmd *Command) (Fact, []Outgoing, error) {
	r, err := remark("/text", i.Text, !cmd.machine)
	return &Resumed{Private: r}, nil, err
}

func (i MarkRunOut) decide(_ context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if !cmd.machine {
		return nil, nil, E(Forbidden, "only the hub itself says that a clock has run out")
	}
	if c.hasRunOut(i.Clock) || s.moment(c).Before(i.Due) {
		return nil, nil, E(WrongState, "this clock has not run out, or it was said before")
	}
	return &RunOut{Clock: i.Clock, Due: Millis(i.Due)}, nil, nil
}
