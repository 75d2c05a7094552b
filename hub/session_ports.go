package hub

import (
	"context"
	"time"

	"tongban/hub/session"
)

// SessionRow is a session as it is now: what its chain says, and what is only
// known while it lasts. The first part is written anew from the chain; the
// second is presence and may be lost without harm.
type SessionRow struct {
	ID     session.ID
	Case   CaseID
	Number string // of the case
	Rev    int64  // goes up with every write

	// From the chain, up to event Seq.
	Seq       int64
	Chain     session.Session
	Slot      session.Slot
	Window    string
	Room      string
	Custodian AgencyID
	Agencies  []AgencyID // that may see it
	Officers  []PersonID // who take part
	Host      PersonID
	Windows   []string // "<agency>/<window>", for lists

	// Presence.
	State       session.State // of the whole
	Door        map[session.Who]SessionDoor
	Locked      bool
	Shown       []MaterialID // what everybody may look at
	Draft       []byte       // of the questioning record, sealed; nil for none
	DraftRev    int64
	Confirmed   []SessionConfirmation
	ReadBack    time.Time
	ReadDigest  Digest
	Node        string // where the room lives
	Address     string
	LeaseUntil  time.Time
	Stalled     bool // by the last look of the recorder
	StalledWhy  string
	ConfirmedTo time.Time // what was recorded before is stored
	Updated     time.Time
}

// SessionDoor is one person's presence.
type SessionDoor struct {
	session.Door
	Since  time.Time
	Test   SelfTest
	Help   string // why he asks for help; "" when he does not
	HelpAt time.Time
	Loss   float64 // parts of packets lost, of the last report
	Kbps   int
	Seen   time.Time
}

// SelfTest is the result of the device and network test. Score is "good",
// "okay" or "bad", "" when there was none.
type SelfTest struct {
	Score    string
	Camera   bool
	Mic      bool
	Speaker  bool
	Kbps     int
	RoundMs  int
	LossPart float64
	Browser  string
	At       time.Time
}

// Live is the session with presence over what the chain says.
func (r *SessionRow) Live() session.Session {
	door := make(map[session.Who]session.Door, len(r.Door))
	for w, d := range r.Door {
		door[w] = d.Door
	}
	return r.Chain.With(door, r.Locked)
}

// SessionQuery selects rows. Zero fields are no condition; at least one of
// Agency, Officer, Everyone and Case is set.
type SessionQuery struct {
	Agency   AgencyID
	Officer  PersonID
	Window   string
	Case     CaseID
	Everyone bool
	Live     bool      // neither planned nor over
	From, To time.Time // slots that begin within [From, To)
	Limit    int
}

// SessionStore keeps the rows of sessions.
type SessionStore interface {
	SessionRow(ctx context.Context, id session.ID) (SessionRow, error) // NotFound
	// SaveSessionRow writes a row that was read at r.Rev, or, at 0, is new, and
	// returns it with its new Rev. Conflict when somebody was faster.
	SaveSessionRow(ctx context.Context, r SessionRow) (SessionRow, error)
	// SessionRows lists in the order of the slots.
	SessionRows(ctx context.Context, q SessionQuery) ([]SessionRow, error)
	// LedSessions lists the rows that a node has to look after: of rooms that may
	// have people in them and whose lease it has, or nobody has at a time.
	LedSessions(ctx context.Context, node string, now time.Time, limit int) ([]SessionRow, error)
	// StaleSessions lists planned sessions whose slot ended before a time.
	StaleSessions(ctx context.Context, before time.Time, limit int) ([]SessionRow, error)
}

// SlotHold is what a session holds of people's, windows' and rooms' time.
type SlotHold struct {
	Session session.ID
	Case    CaseID
	Keys    []string
	Seq     int64 // of the event that made it so
	Rev     int64
	Pending time.Time // taken for an event that may not be there yet; zero: settled
}

// SlotStore keeps who holds which quarter hour. A key is held once.
type SlotStore interface {
	// TakeSlots lets a session hold keys besides those it holds, all or none,
	// until KeepSlots. Conflict when another session holds one of them.
	TakeSlots(ctx context.Context, id session.ID, c CaseID, keys []string, at time.Time) error
	// KeepSlots lets a session hold exactly the keys of an event, unless an event
	// as new or newer was kept before. Without keys it holds nothing more.
	KeepSlots(ctx context.Context, id session.ID, c CaseID, keys []string, seq int64) error
	// HeldSlots returns those of the keys that some session holds.
	HeldSlots(ctx context.Context, keys []string) ([]string, error)
	// PendingSlots lists holds that were taken before a time and never kept.
	PendingSlots(ctx context.Context, before time.Time, limit int) ([]SlotHold, error)
	// SettleSlots lets a pending hold have exactly keys, if it is still at h.Rev.
	SettleSlots(ctx context.Context, h SlotHold, keys []string, seq int64) error
}

// Invitation lets one person into one session by a link, once, on one device.
type Invitation struct {
	Session  session.ID
	Who      session.Who
	Case     CaseID
	Link     string // digest of the link's secret
	Code     string // keyed digest of the code
	By       PersonID
	At       time.Time
	Expires  time.Time
	Attempts int
	Used     bool
	Device   string // digest of the device's token
	DeviceTo time.Time
}

// InvitationStore keeps invitations, one for each person of a session.
type InvitationStore interface {
	// SaveInvitation takes the place of the person's earlier one, whose link,
	// code and device are worth nothing from then on.
	SaveInvitation(ctx context.Context, i Invitation) error
	// GuessInvitation counts one try at the code of a link before it is compared,
	// so that many at once are as many tries. NotFound when the link is not
	// there, used or expired; Locked when all tries are spent.
	GuessInvitation(ctx context.Context, link string, tries int, now time.Time) (Invitation, error)
	// EnterInvitation binds the device, once. Conflict when it was used meanwhile.
	EnterInvitation(ctx context.Context, link, device string, to time.Time) error
	InvitationByDevice(ctx context.Context, device string) (Invitation, error) // NotFound
	TouchDevice(ctx context.Context, device string, to time.Time) error
}

// Keeper puts small files that the hub makes itself into the object store.
type Keeper interface {
	// Keep stores a file under its digest; the same file twice is no error.
	Keep(ctx context.Context, file []byte) (Digest, error)
}

// RoomID names a room of a session: the session's own, or one of its private talks.
type RoomID string

// Rooms is where people meet; package video has them. Its methods are about the
// rooms of this node, may be repeated, and answer NotFound when the room or the
// person's connection is not there, which is no fault: who connects later is
// asked what he may do.
type Rooms interface {
	Admit(ctx context.Context, room RoomID, who session.Who) error
	Remove(ctx context.Context, room RoomID, who session.Who) error
	// Move takes a connection to another room, for a private talk and back.
	Move(ctx context.Context, from RoomID, who session.Who, to RoomID) error
	// Allow says what somebody may publish, hear and send from now on.
	Allow(ctx context.Context, room RoomID, who session.Who, may session.May) error
	Lock(ctx context.Context, room RoomID, on bool) error
	Close(ctx context.Context, room RoomID) error
}

// RecordingProgress is how far the recording of one person is proven.
type RecordingProgress struct {
	Who            session.Who
	Recording      bool      // something of him comes and is recorded
	ConfirmedUntil time.Time // everything before is stored; zero: nothing yet
	Stalled        bool
	Why            string // a stable word: "storage_refused", "storage_slow", …
}

// Recorder records the people of a session on this node; package video has it.
type Recorder interface {
	// Start records a person from now on, also after a crash. Again is no error.
	Start(ctx context.Context, id session.ID, who session.Who) error
	// Stop stores what is there and ends the recording of a person. Again is no error.
	Stop(ctx context.Context, id session.ID, who session.Who) error
	Progress(ctx context.Context, id session.ID) ([]RecordingProgress, error)
	// Stored lists the segments that are in the object store after those named,
	// by person and lane, in order, with the gaps between them.
	Stored(ctx context.Context, id session.ID, after []RecordedTrack) ([]RecordedTrack, error)
	// Finish makes the playable files of a recording that has stopped; done is
	// false while it is under way. Again it answers the same.
	Finish(ctx context.Context, id session.ID) (files []RecordedFile, done bool, err error)
}
