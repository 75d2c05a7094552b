package api

import (
	"time"

	"tongban/hub"
)

// Views of what happens between acceptance and rating; parts of caseView.

type stepsView struct {
	Reviews    int              `json:"reviews"`
	Tax        bool             `json:"tax"`
	NoticeDays int              `json:"notice_days"`
	Visit      bool             `json:"visit"`
	Video      bool             `json:"video"`
	Booking    bool             `json:"booking"`
	Exclusive  bool             `json:"exclusive" doc:"holds the unit's lock"`
	Papers     []hub.ResultKind `json:"papers,omitempty" doc:"what is issued and sealed at the end"`
	Promised   int              `json:"promised_days"`
	Statutory  int              `json:"statutory_days"`
}

type rivalView struct {
	Number  string     `json:"number"`
	Status  hub.Status `json:"status"`
	Doubled bool       `json:"doubled" doc:"same item and a party in common"`
}

type questioningView struct {
	Party     int               `json:"party" doc:"which party of the case, from 0; -1 when its key is gone"`
	Role      string            `json:"role"`
	Name      string            `json:"name"`
	Mode      string            `json:"mode"`
	Answers   map[string]any    `json:"answers,omitempty" doc:"only in full view"`
	Text      string            `json:"text,omitempty"`
	Flags     []string          `json:"flags" nullable:"false" doc:"questions whose answer is a risk"`
	Conflicts []string          `json:"conflicts" nullable:"false" doc:"questions that another party answered otherwise"`
	Signature fileView          `json:"signature"`
	Video     *questionedInView `json:"video,omitempty" doc:"a questioning by video: who confirmed it, and the sealed paper"`
	By        signatoryView     `json:"by"`
	At        time.Time         `json:"at"`
}

type taxView struct {
	Result   string        `json:"result"`
	Document string        `json:"document,omitempty"`
	Text     string        `json:"text,omitempty"`
	By       signatoryView `json:"by"`
	At       time.Time     `json:"at"`
}

type noticeView struct {
	Days      int        `json:"days"`
	Until     time.Time  `json:"until"`
	Text      string     `json:"text,omitempty"`
	At        time.Time  `json:"at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Objection bool       `json:"objection"`
}

type visitView struct {
	By     signatoryView `json:"by"`
	Agrees bool          `json:"agrees"`
	Text   string        `json:"text,omitempty"`
	At     time.Time     `json:"at"`
}

type suspensionView struct {
	Ground  hub.SuspensionGround `json:"ground"`
	Entry   string               `json:"entry,omitempty"`
	Text    string               `json:"text,omitempty"`
	At      time.Time            `json:"at"`
	EndedAt *time.Time           `json:"ended_at,omitempty"`
}

type runOutView struct {
	Clock hub.ClockKind `json:"clock"`
	Due   time.Time     `json:"due"`
}

type bookedView struct {
	Booking string            `json:"booking"`
	At      time.Time         `json:"at" doc:"the instant in the register"`
	Units   []bookedUnitView  `json:"units" nullable:"false"`
	Papers  []bookedPaperView `json:"papers" nullable:"false" doc:"the papers that the booking numbered"`
	Told    []string          `json:"told,omitempty" doc:"entries of which those who acquire were told"`
}

type bookedPaperView struct {
	Kind   hub.ResultKind `json:"kind"`
	Number string         `json:"number"`
	Unit   string         `json:"unit"`
	Entry  string         `json:"entry"`
}

type registerNoteView struct {
	Code  string `json:"code"`
	Unit  string `json:"unit"`
	Entry string `json:"entry,omitempty"`
	Tell  bool   `json:"tell" doc:"who acquires must be told before the booking"`
}

type sealView struct {
	Signer string    `json:"signer"`
	Serial string    `json:"serial"`
	At     time.Time `json:"at" doc:"of the time stamp"`
	Test   bool      `json:"test" doc:"by a test signer: no legal force"`
}

type bookedUnitView struct {
	Unit    string     `json:"unit"`
	Version int64      `json:"version"`
	Hash    hub.Digest `json:"hash"`
}

type paperView struct {
	ID       string          `json:"id" doc:"电子证照标识, GB/T 36904"`
	Code     string          `json:"code" doc:"check code, as its QR has it: /check/?id=…&code=…"`
	Number   string          `json:"number"`
	Kind     hub.ResultKind  `json:"kind"`
	Unit     string          `json:"unit"`
	Entry    string          `json:"entry,omitempty" doc:"of the register"`
	File     fileView        `json:"file"`
	Seal     sealView        `json:"seal"`
	Key      hub.KeyID       `json:"key" doc:"of the agency's signature over the file"`
	Scheme   string          `json:"scheme"`
	Replaces []string        `json:"replaces,omitempty"`
	At       time.Time       `json:"at"`
	Revoked  *revocationView `json:"revoked,omitempty"`
	Given    []deliveryView  `json:"given" nullable:"false"`
}

type revocationView struct {
	Ground hub.RevokeGround `json:"ground"`
	Text   string           `json:"text,omitempty"`
	By     signatoryView    `json:"by"`
	At     time.Time        `json:"at"`
}

type deliveryView struct {
	Way       hub.HandOutWay `json:"way"`
	Signature *fileView      `json:"signature,omitempty"`
	Carrier   string         `json:"carrier,omitempty"`
	Tracking  string         `json:"tracking,omitempty"`
	Receiver  string         `json:"receiver,omitempty"`
	Text      string         `json:"text,omitempty"`
	By        signatoryView  `json:"by"`
	At        time.Time      `json:"at"`
}

type ratingView struct {
	Place  hub.RatedPlace   `json:"place"`
	Grade  int              `json:"grade"`
	Text   string           `json:"text,omitempty"`
	By     signatoryView    `json:"by"`
	At     time.Time        `json:"at"`
	Answer *ratingReplyView `json:"answer,omitempty"`
}

type ratingReplyView struct {
	Outcome hub.RatingOutcome `json:"outcome"`
	Text    string            `json:"text,omitempty"`
	By      signatoryView     `json:"by"`
	At      time.Time         `json:"at"`
}

// addSteps puts into the view what happened between acceptance and rating.
func (v *caseView) addSteps(c *hub.Case, masked bool) {
	v.Disposes, v.AnswerDays, v.Despite, v.EndedAt = c.Disposes, c.Answer, c.Despite, unlessZero(c.EndedAt)
	v.Rivals = each(c.Rivals, func(r hub.Rival) rivalView { return rivalView(r) })
	if !c.AcceptedAt.IsZero() {
		v.Steps = new(stepsView(c.Steps))
		v.Missing = c.StepsMissing()
	}
	v.Questioned = each(c.Questioned, func(q hub.Questioning) questioningView { return questioningViewOf(c, q, masked) })
	if t := c.Tax; t != nil {
		v.Tax = &taxView{t.Result, t.Document, t.Text, signatoryView(t.By), t.At}
	}
	if n := c.Notice; n != nil {
		v.Notice = &noticeView{n.Days, n.Until, n.Text, n.At, unlessZero(n.EndedAt), n.Objection}
	}
	if x := c.Visit; x != nil {
		v.Visit = &visitView{signatoryView(x.By), x.Agrees, x.Text, x.At}
	}
	v.Suspensions = each(c.Suspensions, func(s hub.Suspension) suspensionView {
		return suspensionView{s.Ground, s.Entry, s.Text, s.At, unlessZero(s.EndedAt)}
	})
	v.RunOuts = each(c.RunOuts, func(r hub.RunOut) runOutView { return runOutView{r.Clock, r.Due} })
	if b := c.Booked; b != nil {
		v.Booked = &bookedView{
			b.Booking, b.At, each(b.Units, func(u hub.BookedUnit) bookedUnitView { return bookedUnitView(u) }),
			each(b.Papers, func(p hub.BookedPaper) bookedPaperView { return bookedPaperView(p) }), b.Told,
		}
	}
	v.Notes = each(c.RegisterNotes, func(n hub.RegisterNote) registerNoteView { return registerNoteView(n) })
	v.Sessions = make([]meetingView, len(c.Sessions))
	for i := range c.Sessions {
		v.Sessions[i] = meetingViewOf(c, &c.Sessions[i], &c.Sessions[i].Now)
	}
	v.Results = each(c.Results, paperViewOf)
	v.Ratings = each(c.Ratings, ratingViewOf)
}

func questioningViewOf(c *hub.Case, q hub.Questioning, masked bool) questioningView {
	v := questioningView{
		Party: -1, Role: q.Role, Name: q.Name, Mode: q.Mode, Answers: q.Answers, Text: q.Text, Flags: each(q.Flags, same),
		Conflicts: each(q.Conflicts, same), Signature: fileView(q.Signature), Video: questionedInViewOf(q.Session), By: signatoryView(q.By), At: q.At,
	}
	for i, ref := range c.PartyRefs {
		if ref == q.Party {
			v.Party = i
		}
	}
	if masked {
		v.Answers = nil
	}
	return v
}

func same[T any](v T) T { return v }

func paperViewOf(p hub.Paper) paperView {
	v := paperView{
		ID: p.ID, Code: p.Code, Number: p.Number, Kind: p.Kind, Unit: p.Unit, Entry: p.Entry, File: fileView(p.File), Seal: sealView(p.Seal), Key: p.Key, Scheme: p.Scheme, Replaces: p.Replaces, At: p.At,
		Given: each(p.Given, func(d hub.Delivery) deliveryView {
			v := deliveryView{Way: d.Way, Carrier: d.Carrier, Tracking: d.Tracking, Receiver: d.Receiver, Text: d.Text, By: signatoryView(d.By), At: d.At}
			if d.Signature != nil {
				v.Signature = new(fileView(*d.Signature))
			}
			return v
		}),
	}
	if r := p.Revoked; r != nil {
		v.Revoked = &revocationView{r.Ground, r.Text, signatoryView(r.By), r.At}
	}
	return v
}

func ratingViewOf(r hub.Rating) ratingView {
	v := ratingView{Place: r.Place, Grade: r.Grade, Text: r.Text, By: signatoryView(r.By), At: r.At}
	if a := r.Answered; a != nil {
		v.Answer = &ratingReplyView{a.Outcome, a.Text, signatoryView(a.By), a.At}
	}
	return v
}
