package hub

import (
	"time"

	"tongban/hub/session"
)

// The facts of a video session. See facts.go on tags. What moves people or the
// session itself is checked against the table of hub/session on every load.

// SessionPlan is an appointment: when, where and with whom.
type SessionPlan struct {
	Session session.ID    `json:"session"`
	From    time.Time     `json:"from"`
	To      time.Time     `json:"to"`
	Window  string        `json:"window,omitempty"` // "<agency>/<window>", where the applicant sits
	Room    string        `json:"room,omitempty"`   // "<agency>/<room>", where the reviewer sits
	People  []SessionSeat `json:"people"`
	Short   bool          `json:"short_notice,omitempty"` // later than the notice asks; the people agreed
}

// SessionSeat is one person of an appointment. An officer is named by Person
// and Agency, a party of the case by his reference, a guest by his name alone.
type SessionSeat struct {
	Who    session.Who  `json:"who"`
	Role   session.Role `json:"role"`
	Person PersonID     `json:"person,omitempty"`
	Agency AgencyID     `json:"agency,omitempty"`
	Party  PartyRef     `json:"party,omitempty"`
	Told   string       `json:"told,omitempty"` // how: "window", "phone", "message", "letter"
}

// SessionPlanPrivate names the people and gives the reason of a change.
type SessionPlanPrivate struct {
	Names map[session.Who]string `json:"names"`
	Text  string                 `json:"text,omitempty"`
}

// SessionScheduled: an appointment was made.
type SessionScheduled struct {
	SessionPlan
	Private SessionPlanPrivate `json:"-"`
}

// SessionChanged: the appointment is another now.
type SessionChanged struct {
	SessionPlan
	Private SessionPlanPrivate `json:"-"`
}

// SessionCancelled: it does not take place.
type SessionCancelled struct {
	Session session.ID `json:"session"`
	Ground  string     `json:"ground"` // "agency", "applicant", "expired"
	Short   bool       `json:"short_notice,omitempty"`
	Private Remark     `json:"-"`
}

// SessionConsented: somebody agreed to notice, declaration and recording
// before he was let in (个人信息保护法 art. 13, 14, 29).
type SessionConsented struct {
	Session session.ID    `json:"session"`
	Who     session.Who   `json:"who"`
	Lang    string        `json:"lang"`
	Texts   []SessionText `json:"texts"`          // exactly what was shown
	Link    string        `json:"link,omitempty"` // of the invitation he came by
	Private Remark        `json:"-"`
}

// SessionText names a text that was shown, by the digest of its words.
type SessionText struct {
	Key     string `json:"key"` // "notice", "declaration", "recording"
	Version string `json:"version"`
	Digest  Digest `json:"digest"`
}

// SessionMoved: somebody was moved: the host opened the room or came in, a
// person was admitted, left, was removed or called back, talked in private.
type SessionMoved struct {
	Session session.ID    `json:"session"`
	Did     session.Act   `json:"did"`
	Who     session.Who   `json:"who"`
	With    []session.Who `json:"with,omitempty"`   // of a private talk
	Pauses  session.Cause `json:"pauses,omitempty"` // the formal part stands still because of it
	Private Remark        `json:"-"`
}

// SessionTurned: the formal part began, paused or went on, or the session closed.
type SessionTurned struct {
	Session session.ID    `json:"session"`
	Did     session.Act   `json:"did"`
	Cause   session.Cause `json:"cause,omitempty"`
	Private Remark        `json:"-"`
}

// SessionHosted: another reviewer leads from now on.
type SessionHosted struct {
	Session session.ID  `json:"session"`
	Did     session.Act `json:"did"` // hand_over, take_over
	To      session.Who `json:"to"`
	Private Remark      `json:"-"`
}

// SessionIdentified: an officer compared a person with his document.
type SessionIdentified struct {
	Session session.ID             `json:"session"`
	Who     session.Who            `json:"who"`
	Method  string                 `json:"method"` // "citizen_card", "passport", "licence", "known_to_window"
	Result  string                 `json:"result"` // "matches", "differs", "unclear"
	Still   *File                  `json:"still,omitempty"`
	Private SessionIdentityPrivate `json:"-"`
}

// SessionIdentityPrivate is what was seen on the document.
type SessionIdentityPrivate struct {
	Document string `json:"document,omitempty"` // its number
	Text     string `json:"text,omitempty"`
}

// SessionSigned: somebody signed a material of the case on his screen.
type SessionSigned struct {
	Session   session.ID  `json:"session"`
	Who       session.Who `json:"who"`
	Material  MaterialID  `json:"material"`
	Document  Digest      `json:"document"`  // of the file that was shown
	Signature File        `json:"signature"` // picture with its strokes
	Private   Remark      `json:"-"`
}

// SessionRecorded: parts of the recording are in the object store. Written by
// the hub itself while the session runs, so that nobody can take them back.
type SessionRecorded struct {
	Session session.ID      `json:"session"`
	Tracks  []RecordedTrack `json:"tracks"`
	Private Remark          `json:"-"`
}

// RecordedTrack is a stretch of one person's recording: segments that follow
// one another, and where media are missing and why.
type RecordedTrack struct {
	Who      session.Who       `json:"who"`
	Lane     string            `json:"lane"`           // "person", "screen"
	Init     Digest            `json:"init,omitempty"` // of the part every segment needs, where it stands apart
	Segments []RecordedSegment `json:"segments"`
	Gaps     []RecordedGap     `json:"gaps,omitempty"`
}

// RecordedSegment is one object of a recording. Times are the hub's.
type RecordedSegment struct {
	N    int       `json:"n"` // 1, 2, …; a number that a crash has lost is missing
	File File      `json:"file"`
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// RecordedGap is a time without media of a kind, "" for all.
type RecordedGap struct {
	Kind   string    `json:"kind,omitempty"` // "camera", "mic", …
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Reason string    `json:"reason"`
}

// SessionFinished: the playable files were made of the segments.
type SessionFinished struct {
	Session session.ID     `json:"session"`
	Files   []RecordedFile `json:"files"`
	Private Remark         `json:"-"`
}

// RecordedFile is the playable file of one lane.
type RecordedFile struct {
	Who      session.Who `json:"who"`
	Lane     string      `json:"lane"`
	File     File        `json:"file"`
	Start    time.Time   `json:"start"` // hub's time of the file's time 0
	Millis   int64       `json:"ms"`
	Segments int         `json:"segments"`
}

// SessionKept: what was written in the room is sealed as a file at its end.
type SessionKept struct {
	Session session.ID `json:"session"`
	What    string     `json:"what"` // "chat"
	File    File       `json:"file"`
	Private Remark     `json:"-"`
}

// SessionConfirmation: a person confirmed the questioning record that was read
// back to him, and signed it.
type SessionConfirmation struct {
	Who       session.Who  `json:"who"`
	Role      session.Role `json:"role"`
	Text      Digest       `json:"text"`      // of the record as it was read back
	Signature File         `json:"signature"` // picture with its strokes
	At        time.Time    `json:"at"`
}
