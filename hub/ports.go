package hub

import (
	"context"
	"io"
	"time"
)

// The ports of the case service. Every implementation is safe for concurrent
// use, returns *Error values (NotFound, Conflict, Unavailable, …) and runs the
// shared suite in storage/storetest.

// EventStore keeps the chains, and which case a receive command is of.
type EventStore interface {
	// Claim says that the case of this receive command is id, unless another was
	// said before, and returns the first one said: one for all callers, for ever.
	Claim(ctx context.Context, k ClaimKey, id CaseID) (CaseID, error)
	// Claimed returns what Claim was told first. NotFound.
	Claimed(ctx context.Context, k ClaimKey) (CaseID, error)
	// Append commits an event. Conflict when (case, seq) or (case, command) is
	// taken; nothing is written then. When the answer is lost (Unavailable) the
	// event may or may not be there: read the chain before trying again.
	Append(ctx context.Context, e Event) error
	// Chain returns the events of a case after a seq, in order; none is no error.
	Chain(ctx context.Context, id CaseID, after int64) ([]Event, error)
	// MarkProjected says that everything derived from these events is written.
	// Events that are not there or marked already are no error.
	MarkProjected(ctx context.Context, events ...EventRef) error
	// Unprojected lists cases with events, older than before, whose derived
	// data may be missing. It is what a crash leaves.
	Unprojected(ctx context.Context, before time.Time, limit int) ([]CaseID, error)
	// CaseIDs lists all cases after an id, in order of id, for a rebuild.
	CaseIDs(ctx context.Context, after CaseID, limit int) ([]CaseID, error)
}

// EventRef names one event.
type EventRef struct {
	Case CaseID
	Seq  int64
}

// Outbox keeps what must leave until it has a receipt, and what came in.
type Outbox interface {
	// Enqueue stores a message once; a second time it changes nothing.
	Enqueue(ctx context.Context, m Parcel) error
	// Lease hands out due messages, each to one worker until the lease ends.
	Lease(ctx context.Context, worker string, now time.Time, ttl time.Duration, limit int) ([]Parcel, error)
	// SaveBody keeps the signed bytes of a message from its first try on: it
	// stores them if the message has none and returns the stored ones.
	SaveBody(ctx context.Context, id string, body []byte) (stored []byte, err error)
	// Done stores the receipt and ends the message.
	Done(ctx context.Context, id string, receipt []byte) error
	// Retry puts a leased message back until a time and counts the attempt.
	Retry(ctx context.Context, id string, at time.Time, lastError string) error
	Parcel(ctx context.Context, id string) (Parcel, error) // NotFound
	// Stuck lists messages that have no receipt after at least so many failed
	// attempts, the most often tried first.
	Stuck(ctx context.Context, attempts, limit int) ([]Parcel, error)
	// Hasten lets a message be tried at once. NotFound; WrongState when it is
	// delivered.
	Hasten(ctx context.Context, id string, now time.Time) error
	// OfCase lists all messages of a case, for the bundle.
	OfCase(ctx context.Context, id CaseID) ([]Parcel, error)

	// Receive stores an incoming message with its receipt, once. When the id is
	// there already the stored entry is returned and nothing changes.
	Receive(ctx context.Context, m Incoming) (stored Incoming, isNew bool, err error)
	Incoming(ctx context.Context, id string) (Incoming, error) // NotFound
	// IncomingOfCase lists what was received for a case, for the bundle.
	IncomingOfCase(ctx context.Context, id CaseID) ([]Incoming, error)
}

// Parcel is one outgoing message. Its content is made from the event (or, for
// a recall, from the parcel itself), signed and kept in Body from the first try on.
type Parcel struct {
	ID       string
	Kind     string // "offer", "answer", "recall"
	From, To AgencyID
	Case     CaseID
	Seq      int64 // the event that sends it; for a recall the offered event
	Body     []byte
	Receipt  []byte
	Attempts int
	Due      time.Time
	Done     bool
	LastErr  string
}

// Incoming is one received message and the receipt it was answered with.
type Incoming struct {
	ID      string
	Kind    string
	From    AgencyID
	To      AgencyID
	Case    CaseID
	Digest  Digest // of Body
	Body    []byte
	Receipt []byte
	At      time.Time
}

// Objects is the store of files, by digest.
type Objects interface {
	Stat(ctx context.Context, d Digest) (size int64, err error)                  // NotFound
	Open(ctx context.Context, d Digest) (r io.ReadCloser, size int64, err error) // verifies while reading
	Missing(ctx context.Context, ds []Digest) ([]Digest, error)
}

// Upload remembers that an agency brought a file in, so that nobody can put
// another agency's file into his case by knowing its digest.
type Upload struct {
	Agency AgencyID
	Person PersonID
	File   File
	At     time.Time
}

// Uploads keeps uploads until they are used or swept.
type Uploads interface {
	SaveUpload(ctx context.Context, u Upload) error
	Upload(ctx context.Context, a AgencyID, d Digest) (Upload, error) // NotFound
}

// Access is one line of the record of who saw what and why (design §3.5).
type Access struct {
	ID      string // unique; set by the writer
	At      time.Time
	Actor   Signatory
	Case    CaseID
	What    string // "material", "personal", "bundle", "chain"
	Ref     string // which material or field
	Purpose string
	Request string // request id
}

// AccessLog is append-only. What cannot be recorded is not served.
type AccessLog interface {
	Record(ctx context.Context, a Access) error
	Accesses(ctx context.Context, id CaseID, after string, limit int) ([]Access, error)
}

// Agency is an office that handles cases.
type Agency struct {
	ID       AgencyID
	NameZH   string
	NameEN   string
	Division string // code of its seat
	Register bool   // its register is kept in this hub; else booking and certificates are its own affair
	PlaceZH  string // 市县全称, as certificates name the registry: 郏县
	Timezone string // IANA, "Asia/Shanghai"
	Kind     string // "window", "registry"
}

// Person is somebody who signs in.
type Person struct {
	ID       PersonID
	Login    string // unique
	NameZH   string
	NameEN   string
	Agency   AgencyID
	Roles    []Role
	Ref      PartyRef
	Secret   string // encoded argon2id hash
	Disabled bool
	Failures int       // since the last success
	LockedTo time.Time // no sign-in before
}

// Directory keeps agencies, people and standards.
type Directory interface {
	SaveAgency(ctx context.Context, a Agency) error
	Agency(ctx context.Context, id AgencyID) (Agency, error)
	Agencies(ctx context.Context) ([]Agency, error)

	SavePerson(ctx context.Context, p Person) error
	Person(ctx context.Context, id PersonID) (Person, error)
	// People lists everybody of an agency, "" for all, in order of login.
	People(ctx context.Context, a AgencyID) ([]Person, error)
	PersonByLogin(ctx context.Context, login string) (Person, error)
	// SignInResult counts a failure or clears the count, atomically, and returns the new state.
	SignInResult(ctx context.Context, id PersonID, ok bool, now time.Time, lock LockRule) (Person, error)

	// SaveStandard publishes a version at once. Conflict when it exists with other content.
	SaveStandard(ctx context.Context, s Standard) error
	// SaveDraft keeps a draft, also over an older one. Conflict when the version is published.
	SaveDraft(ctx context.Context, s Standard) error
	// MoveStandard takes a version from one of some states to another, if its
	// digest is that of ref. WrongState when it is in none of them.
	MoveStandard(ctx context.Context, ref StandardRef, to StandardState, from ...StandardState) error
	Standard(ctx context.Context, ref StandardRef) (Standard, error)
	Standards(ctx context.Context, item ItemCode) ([]Standard, error) // "" for all
}

// LockRule says when sign-in is locked.
type LockRule struct {
	After int           // failures in a row
	For   time.Duration // how long
}

// Login is one signed-in session; ID is the digest of its token.
type Login struct {
	ID      string
	Person  PersonID
	Since   time.Time
	Seen    time.Time
	Expires time.Time
	Strong  bool   // a second factor was shown
	Address string // of the client, to tell sessions apart
	Device  string // in a word or two, as "Chrome, Windows"
}

// Logins keeps sign-ins until they end.
type Logins interface {
	SaveLogin(ctx context.Context, l Login) error
	Login(ctx context.Context, id string) (Login, error) // NotFound
	TouchLogin(ctx context.Context, id string, seen, expires time.Time) error
	DeleteLogin(ctx context.Context, id string) error
	// LoginsOf lists a person's sessions, the last used first.
	LoginsOf(ctx context.Context, p PersonID) ([]Login, error)
	// DeleteLoginsOf ends all sessions of a person but one ("" for none).
	DeleteLoginsOf(ctx context.Context, p PersonID, but string) error
	// Strengthen notes that a second factor was shown. NotFound when it has ended.
	Strengthen(ctx context.Context, id string) error
}

// KeyStore keeps keys. Private parts are sealed with the hub's master key
// before they come here.
type KeyStore interface {
	SaveAgencyKey(ctx context.Context, k AgencyKey) error // Conflict when the id exists
	AgencyKey(ctx context.Context, id KeyID) (AgencyKey, error)
	AgencyKeys(ctx context.Context, a AgencyID) ([]AgencyKey, error) // "" for all; newest first
	// SaveCaseKey stores a case's key if it has none, and returns the one that is stored.
	SaveCaseKey(ctx context.Context, k CaseKeyRecord) (CaseKeyRecord, error)
	CaseKey(ctx context.Context, id CaseID) (CaseKeyRecord, error) // NotFound; Erased
	// EraseCaseKey destroys the key and leaves a mark that it was there.
	EraseCaseKey(ctx context.Context, id CaseID, at time.Time) error
}

// AgencyKey is a signing key of an agency.
type AgencyKey struct {
	ID     KeyID
	Agency AgencyID
	Scheme string
	Public []byte // PKIX
	Sealed []byte // PKCS #8 under the master key; nil for another hub's key
	From   time.Time
	Until  time.Time // zero: still in force
}

// CaseKeyRecord is a case's data key under the master key.
type CaseKeyRecord struct {
	Case   CaseID
	Scheme string
	Sealed []byte
	Erased time.Time
}

// Counters gives serial numbers that never repeat; gaps are allowed.
type Counters interface {
	Next(ctx context.Context, name string) (int64, error) // 1, 2, …
}

// Policy says who may do what. It fails closed.
type Policy interface {
	// Permits reports whether the role alone allows the action.
	Permits(r Role, a Action) bool
	// Authorize checks role, agency, party and separation of duty. A case the
	// actor may not know of is NotFound; c is nil where there is none.
	Authorize(actor Actor, a Action, c *Case) error
	// Scope is the same judgement for lists.
	Scope(actor Actor) Scope
}

// Router decides who is responsible.
type Router interface {
	// Route returns a decision with its reasons or a coded refusal:
	// UnknownItem, UnknownPlace, AmbiguousSuccessor (the choices in Fields),
	// NoAgency, AgencyClosed.
	Route(ctx context.Context, q RouteQuery) (RouteDecision, error)
}

// RouteQuery asks who handles an item for a unit on a day.
type RouteQuery struct {
	Item   ItemCode
	Unit   string // 28 characters; or
	Place  string // a division code
	Day    time.Time
	Choice string // the successor a clerk chose, when there are several
	Facts  Form
}

// RouteDecision is the responsible agency and why.
type RouteDecision struct {
	Agency  AgencyID
	Place   string // the division in force on the day
	Reasons []RouteReason
	Rules   Digest
}
