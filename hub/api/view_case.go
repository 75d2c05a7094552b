package api

import (
	"time"

	"tongban/hub"
)

// caseView is a case as one reader sees it. Personal fields are masked unless
// the reader asked for them with a purpose. Every field of hub.Case is here or
// in the list of its test.
type caseView struct {
	ID          hub.CaseID         `json:"id"`
	Number      string             `json:"number"`
	Item        hub.ItemCode       `json:"item"`
	Standard    standardRefView    `json:"standard"`
	Status      hub.Status         `json:"status"`
	Receiving   hub.AgencyID       `json:"receiving" doc:"took the papers"`
	Window      hub.AgencyID       `json:"window" doc:"where the applicant is served now"`
	Handling    hub.AgencyID       `json:"handling,omitempty" doc:"responsible by the last routing"`
	Custodian   hub.AgencyID       `json:"custodian" doc:"may append now"`
	Offer       *offerView         `json:"offer,omitempty" doc:"open; the case is frozen"`
	Unit        string             `json:"unit"`
	Place       string             `json:"place"`
	Masked      bool               `json:"masked"`
	Erased      bool               `json:"erased"`
	Form        map[string]any     `json:"form" nullable:"false"`
	Parties     []partyView        `json:"parties" nullable:"false"`
	Materials   []materialView     `json:"materials" nullable:"false"`
	Route       *routedView        `json:"route,omitempty"`
	Declines    []declineView      `json:"declines" nullable:"false"`
	Supplements []supplementView   `json:"supplements" nullable:"false"`
	Disposes    bool               `json:"disposes" doc:"the item changes rights of the unit"`
	AnswerDays  int                `json:"answer_days,omitempty" doc:"working days for the handling place's answer"`
	Rivals      []rivalView        `json:"rivals" nullable:"false" doc:"open cases about the same unit, shown at receiving"`
	Despite     string             `json:"despite,omitempty" doc:"why it was received all the same"`
	Steps       *stepsView         `json:"steps,omitempty" doc:"what the standard asks of the handling, from acceptance on"`
	Missing     []string           `json:"missing_steps,omitempty" doc:"what an approval still waits for"`
	Questioned  []questioningView  `json:"questioned" nullable:"false"`
	Tax         *taxView           `json:"tax,omitempty"`
	Notice      *noticeView        `json:"notice,omitempty"`
	Visit       *visitView         `json:"visit,omitempty"`
	Suspensions []suspensionView   `json:"suspensions" nullable:"false"`
	RunOuts     []runOutView       `json:"run_outs" nullable:"false"`
	Booked      *bookedView        `json:"booked,omitempty"`
	Notes       []registerNoteView `json:"register_notes" nullable:"false" doc:"what the register wanted known at acceptance"`
	Results     []paperView        `json:"results" nullable:"false"`
	Ratings     []ratingView       `json:"ratings" nullable:"false"`
	First       *reviewView        `json:"first_review,omitempty"`
	Second      *reviewView        `json:"second_review,omitempty"`
	Outcome     *outcomeView       `json:"outcome,omitempty"`
	Refusal     *refusalView       `json:"refusal,omitempty"`
	ReceivedAt  time.Time          `json:"received_at"`
	AcceptedAt  *time.Time         `json:"accepted_at,omitempty"`
	EndedAt     *time.Time         `json:"ended_at,omitempty" doc:"booked, refused, rejected or withdrawn"`
	UpdatedAt   time.Time          `json:"updated_at"`
	ReceivedBy  hub.PersonID       `json:"received_by"`
	Seq         int64              `json:"seq" doc:"the version; also the ETag"`
	Head        hub.Digest         `json:"head" doc:"hash of the last event"`
}

type standardRefView struct {
	Item    hub.ItemCode `json:"item"`
	Agency  hub.AgencyID `json:"agency,omitempty" doc:"empty for the national base"`
	Version int          `json:"version"`
	Digest  hub.Digest   `json:"digest"`
}

type offerView struct {
	ID   hub.OfferID  `json:"id"`
	From hub.AgencyID `json:"from"`
	To   hub.AgencyID `json:"to"`
	Seq  int64        `json:"seq"`
	At   time.Time    `json:"at"`
}

type partyView struct {
	Role       string `json:"role"`
	Name       string `json:"name"`
	IDKind     string `json:"id_kind"`
	IDNumber   string `json:"id_number"`
	Phone      string `json:"phone,omitempty"`
	Represents string `json:"represents,omitempty"`
}

type signatoryView struct {
	Person hub.PersonID `json:"person"`
	Agency hub.AgencyID `json:"agency"`
	Role   hub.Role     `json:"role"`
}

type materialView struct {
	ID           hub.MaterialID `json:"id"`
	Slot         string         `json:"slot"`
	File         fileView       `json:"file"`
	Name         string         `json:"name"`
	SeenOriginal bool           `json:"seen_original"`
	From         string         `json:"from,omitempty" doc:"case/material, when it was brought for another case"`
	By           signatoryView  `json:"by"`
	At           time.Time      `json:"at"`
	Removed      bool           `json:"removed"`
	Superseded   bool           `json:"superseded" doc:"a supplement brought a newer file"`
	Patches      hub.MaterialID `json:"patches,omitempty" doc:"a supplement brought this for one page of that material"`
	PatchedPage  int            `json:"patched_page,omitempty"`
}

type fileView struct {
	Digest hub.Digest `json:"digest"`
	Size   int64      `json:"size"`
	Type   string     `json:"type"`
}

type routedView struct {
	To      hub.AgencyID `json:"to"`
	Place   string       `json:"place"`
	Date    string       `json:"date"`
	Reasons []reasonView `json:"reasons" nullable:"false"`
	Rules   hub.Digest   `json:"rules,omitempty"`
	Choice  string       `json:"choice,omitempty"`
	Private string       `json:"text,omitempty"`
}

type reasonView struct {
	Code string            `json:"code"`
	Args map[string]string `json:"args,omitempty"`
	Text string            `json:"text,omitempty" doc:"the reason in words"`
}

type declineView struct {
	Offer hub.OfferID     `json:"offer"`
	By    hub.AgencyID    `json:"by"`
	Code  hub.DeclineCode `json:"code"`
	Text  string          `json:"text,omitempty"`
	At    time.Time       `json:"at"`
}

type supplementView struct {
	Round    int               `json:"round"`
	Gaps     []gapView         `json:"gaps" nullable:"false"`
	Notes    map[string]string `json:"notes,omitempty" doc:"by gap"`
	Reason   string            `json:"reason,omitempty" doc:"of a further round"`
	AskedBy  signatoryView     `json:"asked_by"`
	AskedAt  time.Time         `json:"asked_at"`
	Answered bool              `json:"answered"`
	Answers  []gapAnswerView   `json:"answers,omitempty"`
	Before   map[string]any    `json:"before,omitempty" doc:"corrected fields as they were"`
	After    map[string]any    `json:"after,omitempty" doc:"and as they are now"`
	Remarks  map[string]string `json:"remarks,omitempty" doc:"by gap"`
	AnswerAt *time.Time        `json:"answered_at,omitempty"`
}

type gapView struct {
	ID       string         `json:"id"`
	Target   string         `json:"target"`
	Ref      string         `json:"ref"`
	Page     int            `json:"page,omitempty"`
	Rect     *[4]float64    `json:"rect,omitempty" doc:"x, y, width, height as parts of the page"`
	Reason   string         `json:"reason"`
	Material hub.MaterialID `json:"material,omitempty"`
}

type gapAnswerView struct {
	Gap      string         `json:"gap"`
	Material hub.MaterialID `json:"material,omitempty"`
}

type reviewView struct {
	By   signatoryView `json:"by"`
	Pass bool          `json:"pass"`
	Text string        `json:"text,omitempty"`
	At   time.Time     `json:"at"`
}

type refusalView struct {
	By   signatoryView   `json:"by"`
	Code hub.RefusalCode `json:"code"`
	Text string          `json:"text,omitempty"`
	At   time.Time       `json:"at"`
}

type outcomeView struct {
	By      signatoryView `json:"by"`
	Approve bool          `json:"approve"`
	Text    string        `json:"text,omitempty"`
	At      time.Time     `json:"at"`
}
