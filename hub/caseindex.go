package hub

import (
	"context"
	"time"
)

// Row is the projection of a case: everything a list needs. It holds no
// personal field in clear.
type Row struct {
	ID                              CaseID
	Number                          string
	Item                            ItemCode
	Status                          Status
	Receiving, Handling, Custodian  AgencyID
	OfferedTo                       AgencyID // "" when not frozen
	SeenBy                          []AgencyID
	Queues                          []QueueKey
	PartyRefs                       []PartyRef
	PartiesMasked                   string // "张*、李*明"
	Unit                            string
	ReceivedBy                      PersonID
	FirstReviewer                   PersonID
	ReceivedAt, AcceptedAt, Updated time.Time
	Disposes                        bool       // an open case that changes rights of the unit
	Clock                           ClockKind  // the clock that runs out next; "" when none runs
	ClockOf                         []AgencyID // who sees the running clock
	Half, Eighty, Due               time.Time  // when it is at 50, 80 and 100 %
	Provisional                     bool       // the calendar of that year is not known yet
	RunOut                          time.Time  // when the hub must say that a clock has run out; zero: not
	RatedReceiving, RatedHandling   int        // 1 to 5; 0 is not rated
	FollowUp                        []AgencyID // who must answer a bad rating
	Seq                             int64
	Head                            Digest
}

// CaseIndex keeps the rows. It can be dropped and made again from the chains.
type CaseIndex interface {
	// Save writes a row, only forward: an older seq than the stored one is ignored.
	Save(ctx context.Context, r Row) error
	// Replace writes a row also over one of the same seq: for what is made again.
	Replace(ctx context.Context, r Row) error
	Row(ctx context.Context, id CaseID) (Row, error) // NotFound
	// List returns at most q.Limit rows in the order Updated, ID descending.
	List(ctx context.Context, q ListQuery) (Page, error)
	// Counts returns how many rows of each queue the scope allows, counting at
	// most limit.
	Counts(ctx context.Context, s Scope, queues []QueueKey, limit int64) (map[QueueKey]int64, error)
	// Due returns rows whose running clock an agency of the scope sees and whose
	// level (see Row.Level) is at least so high at a time, earliest end first.
	Due(ctx context.Context, s Scope, a AgencyID, level int, now time.Time, limit int) ([]Row, error)
	// RunOut returns rows whose clock has run out by a time, which their chains
	// do not say yet. For the hub itself.
	RunOut(ctx context.Context, by time.Time, limit int) ([]Row, error)
	// FollowUps returns rows with a bad rating that an agency must answer, oldest first.
	FollowUps(ctx context.Context, a AgencyID, limit int) ([]Row, error)
	// Grades counts the grades an agency got as receiving and as handling place.
	Grades(ctx context.Context, a AgencyID) (receiving, handling [6]int64, err error)
	// Changed returns rows written to the index after a time of the index's own
	// clock, oldest first, with the time to ask from next.
	Changed(ctx context.Context, since time.Time, limit int) (rows []Row, next time.Time, err error)
	// Drop forgets one row, for a rebuild.
	Drop(ctx context.Context, id CaseID) error
}

// Queue is a kind of work list.
type Queue string

// The queues. Each is of one agency.
const (
	QueueIntake     Queue = "intake"        // received here, not yet handed over
	QueueOutgoing   Queue = "outgoing"      // offered by us, no answer yet
	QueueOffered    Queue = "offered"       // offered to us
	QueueAcceptance Queue = "acceptance"    // arrived, waits for acceptance
	QueueCorrection Queue = "correction"    // our window must answer a supplement
	QueueFirst      Queue = "first_review"  // 初审
	QueueSecond     Queue = "second_review" // 复审
	QueueDecision   Queue = "decision"
	QueueStopped    Queue = "suspended"
	QueueBooking    Queue = "booking" // 登簿
	QueueClosing    Queue = "closing"
	QueueElsewhere  Queue = "elsewhere" // received here, handled at another place
	QueueWaiting    Queue = "waiting"   // ours, but the window must answer first
	QueueDone       Queue = "done"
	QueueAll        Queue = "all" // every case the agency may see
)

// Queues lists every queue in the order of the desk.
func Queues() []Queue {
	return []Queue{
		QueueIntake, QueueOutgoing, QueueOffered, QueueAcceptance, QueueCorrection, QueueFirst, QueueSecond,
		QueueDecision, QueueStopped, QueueBooking, QueueClosing, QueueElsewhere, QueueWaiting, QueueDone, QueueAll,
	}
}

// QueueKey is "<agency>/<queue>": one index entry finds a page of a queue.
type QueueKey string

// Key is the queue of one agency.
func (q Queue) Key(a AgencyID) QueueKey { return QueueKey(string(a) + "/" + string(q)) }

// Scope is what an actor may see, as a condition on rows that a store turns
// into its query. It comes only from policies.
type Scope struct {
	Nothing  bool
	Agencies []AgencyID // rows that one of these agencies may see …
	Parties  []PartyRef // … or in which one of these is a party
	Everyone bool       // no limit by agency (audit)
	NeverFor PartyRef   // never rows in which this person is a party, when set
}

// ListQuery asks for one page.
type ListQuery struct {
	Scope  Scope
	Queue  QueueKey // "" for all the scope allows
	Status Status   // "" for any
	Number string   // exact, when set
	Unit   string   // exact, when set
	Party  PartyRef // exact, when set
	Item   ItemCode
	// NotFirstReviewer leaves out rows that this person reviewed first.
	NotFirstReviewer PersonID
	After            *Cursor
	Limit            int
}

// Cursor is the place of the last row of a page.
type Cursor struct {
	Updated time.Time
	ID      CaseID
}

// Page is one page of rows; Next is nil at the end.
type Page struct {
	Rows []Row
	Next *Cursor
}

// PaperRow is the projection of one issued result, for the public check.
type PaperRow struct {
	ID         string // 电子证照标识
	Number     string
	Kind       ResultKind
	Unit       string
	Case       CaseID
	Agency     AgencyID
	Digest     Digest // of the sealed file
	IssuedAt   time.Time
	RevokedAt  time.Time // zero: not revoked
	Ground     RevokeGround
	ReplacedBy string // id of the result that took its place
	Seq        int64  // of the case
}

// PaperIndex keeps the rows of issued results. It can be made again from the chains.
type PaperIndex interface {
	// SavePaper writes a row, only forward by Seq; ReplacedBy is left as it is.
	SavePaper(ctx context.Context, p PaperRow) error
	// ReplacePaper marks a result as replaced by another.
	ReplacePaper(ctx context.Context, id, by string) error
	Paper(ctx context.Context, id string) (PaperRow, error) // NotFound
	// PapersInForce returns what is neither revoked nor replaced for a unit, oldest first.
	PapersInForce(ctx context.Context, unit string) ([]PaperRow, error)
}
