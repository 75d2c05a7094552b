package hub

import "time"

// The facts between acceptance and decision. See facts.go on tags.

// Questioned (询问笔录, 民法典 art. 212): one party was asked, separately, and
// signed. The officer who asked is the event's actor.
type Questioned struct {
	Party     PartyRef          `json:"party"`
	Role      string            `json:"role"`
	Mode      string            `json:"mode"`                // "window", "online", "video"
	Signature File              `json:"signature"`           // of the asked person, as a picture
	Flags     []string          `json:"flags,omitempty"`     // questions whose answer is a risk
	Conflicts []string          `json:"conflicts,omitempty"` // questions that another party answered otherwise
	Private   QuestionedPrivate `json:"-"`
}

// QuestionedPrivate holds who was asked and what he said, by question.
type QuestionedPrivate struct {
	Name    string         `json:"name"`
	Answers map[string]any `json:"answers"`
	Text    string         `json:"text,omitempty"` // what else was said
}

// WindowMoved: the applicant is served at another window from now on. Its
// clerks answer supplements and hand results out; custody does not move.
type WindowMoved struct {
	To      AgencyID `json:"to"`
	Private Remark   `json:"-"`
}

// TaxConfirmed: the tax bureau's word that nothing stands against registration
// (契税法 art. 11, 个人所得税法 art. 15).
type TaxConfirmed struct {
	Result  string     `json:"result"` // "paid", "exempt", "not_due"
	Private TaxPrivate `json:"-"`
}

// TaxPrivate names the bureau's document.
type TaxPrivate struct {
	Document string `json:"document"`
	Text     string `json:"text,omitempty"`
}

// NoticeOpened (公告): the public notice runs; its days are not counted.
type NoticeOpened struct {
	Days    int       `json:"days"`  // working days
	Until   time.Time `json:"until"` // not ended before
	Private Remark    `json:"-"`
}

// NoticeEnded: the notice has run, with or without an objection.
type NoticeEnded struct {
	Objection bool   `json:"objection"`
	Private   Remark `json:"-"`
}

// Visited (实地查看): an officer saw the property.
type Visited struct {
	Agrees  bool   `json:"agrees"` // with the application
	Private Remark `json:"-"`
}

// Suspended: a court's seizure or a dispute stops the case where it is.
type Suspended struct {
	Ground  SuspensionGround `json:"ground"`
	Entry   string           `json:"entry,omitempty"` // the register's booking that stopped it
	Private Remark           `json:"-"`
}

// SuspensionGround says why a case stands still.
type SuspensionGround string

// Grounds of suspension.
const (
	SuspendedSeizure SuspensionGround = "seizure" // 查封
	SuspendedDispute SuspensionGround = "dispute"
	SuspendedOther   SuspensionGround = "other"
)

// Resumed: the ground is gone; the case goes on where it stood.
type Resumed struct {
	Private Remark `json:"-"`
}

// RunOut: a clock ran out before the step it waits for. Written by the hub
// itself, once for each clock. An answer that does not come in time is deemed
// an acceptance (不动产登记暂行条例 art. 17).
type RunOut struct {
	Clock   ClockKind `json:"clock"`
	Due     time.Time `json:"due"`
	Private Remark    `json:"-"`
}

// ClockKind names one of the clocks of a case.
type ClockKind string

// The clocks.
const (
	ClockAnswer    ClockKind = "answer"    // receiving → the handling place's answer
	ClockPromised  ClockKind = "promised"  // acceptance → result, as promised
	ClockStatutory ClockKind = "statutory" // acceptance → result, by law
)

// Booked (登簿): the register has it; the right exists from this moment
// (民法典 art. 214). The register's own entry is the legal act, this event
// tells of it.
type Booked struct {
	Booking string        `json:"booking"` // the register's name for it
	At      time.Time     `json:"at"`      // the instant in the register
	Units   []BookedUnit  `json:"units"`
	Papers  []BookedPaper `json:"papers,omitempty"`
	Told    []string      `json:"told,omitempty"` // entries of which those who acquire were told in writing
	Private Remark        `json:"-"`
}

// BookedPaper is a paper that the booking numbered.
type BookedPaper struct {
	Kind   ResultKind `json:"kind"`
	Number string     `json:"number"`
	Unit   string     `json:"unit"`
	Entry  string     `json:"entry"` // of the register
}

// BookedUnit is one unit that a booking touched.
type BookedUnit struct {
	Unit    string `json:"unit"`
	Version int64  `json:"version"` // of the unit in the register
	Hash    Digest `json:"hash"`    // of its entry
}
