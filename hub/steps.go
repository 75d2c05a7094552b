package hub

import (
	"slices"
	"time"
)

// Questioning is one party's questioning record (询问笔录).
type Questioning struct {
	Party            PartyRef
	Role, Name, Mode string
	Answers          map[string]any
	Text             string
	Flags, Conflicts []string
	Signature        File
	By               Signatory // who asked
	At               time.Time
}

// Tax is the tax bureau's word.
type Tax struct {
	Result, Document, Text string
	By                     Signatory
	At                     time.Time
}

// Notice is the public notice (公告).
type Notice struct {
	Days      int
	Until     time.Time
	Text      string
	At        time.Time
	EndedAt   time.Time // zero: it runs
	Objection bool
}

// Visit is what an officer saw at the property.
type Visit struct {
	By     Signatory
	Agrees bool
	Text   string
	At     time.Time
}

// Suspension is a time in which the case stood still.
type Suspension struct {
	Ground  SuspensionGround
	Entry   string
	Text    string
	At      time.Time
	EndedAt time.Time // zero: it stands still
}

// The names of steps that a decision may wait for, as in errors' pointers.
const (
	StepTax         = "tax"
	StepNotice      = "notice"
	StepVisit       = "visit"
	StepQuestioning = "questioning"
	StepResult      = "result"
)

// StepsMissing names what must still happen before the case can be approved.
func (c *Case) StepsMissing() []string {
	var missing []string
	if c.Steps.Tax && c.Tax == nil {
		missing = append(missing, StepTax)
	}
	if c.Steps.NoticeDays > 0 && (c.Notice == nil || c.Notice.EndedAt.IsZero() || c.Notice.Objection) {
		missing = append(missing, StepNotice)
	}
	if c.Steps.Visit && (c.Visit == nil || !c.Visit.Agrees) {
		missing = append(missing, StepVisit)
	}
	return missing
}

// missing turns the names of steps into field errors.
func missingSteps(steps []string) error {
	fields := make([]FieldError, len(steps))
	for i, s := range steps {
		fields[i] = FieldError{"/steps/" + s, "missing_step", "the step " + s + " is still to be done"}
	}
	return &Error{Code: MissingStep, Message: "steps of the standard are still to be done", Fields: fields}
}

// QuestioningOf is the newest record of a party, or nil.
func (c *Case) QuestioningOf(p PartyRef) *Questioning {
	for i := range slices.Backward(c.Questioned) {
		if c.Questioned[i].Party == p {
			return &c.Questioned[i]
		}
	}
	return nil
}

func (c *Case) hasRunOut(k ClockKind) bool {
	return slices.ContainsFunc(c.RunOuts, func(r RunOut) bool { return r.Clock == k })
}

// DeemedAcceptedAt is when silence became an acceptance (条例 art. 17), or zero.
func (c *Case) DeemedAcceptedAt() time.Time {
	for _, r := range c.RunOuts {
		if r.Clock == ClockAnswer {
			return r.Due
		}
	}
	return time.Time{}
}

func (c *Case) foldSteps(e Event, fact Fact, from Status) {
	switch f := fact.(type) {
	case *Questioned:
		c.Questioned = append(c.Questioned, Questioning{
			Party: f.Party, Role: f.Role, Name: f.Private.Name, Mode: f.Mode, Answers: f.Private.Answers, Text: f.Private.Text,
			Flags: f.Flags, Conflicts: f.Conflicts, Signature: f.Signature, By: e.Actor, At: e.At,
		})
	case *WindowMoved:
		c.Window = f.To
	case *TaxConfirmed:
		c.Tax = &Tax{f.Result, f.Private.Document, f.Private.Text, e.Actor, e.At}
	case *NoticeOpened:
		c.Notice = &Notice{Days: f.Days, Until: f.Until, Text: f.Private.Text, At: e.At}
	case *NoticeEnded:
		c.Notice.EndedAt, c.Notice.Objection = e.At, f.Objection
	case *Visited:
		c.Visit = &Visit{e.Actor, f.Agrees, f.Private.Text, e.At}
	case *Suspended:
		c.suspendedAt = from
		c.Suspensions = append(c.Suspensions, Suspension{Ground: f.Ground, Entry: f.Entry, Text: f.Private.Text, At: e.At})
	case *Resumed:
		c.Suspensions[len(c.Suspensions)-1].EndedAt = e.At
	case *RunOut:
		c.RunOuts = append(c.RunOuts, *f)
	}
}
