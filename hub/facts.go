package hub

// Fact is the content of an event. Its exported fields are written in the
// clear; what private returns is sealed with the case key. The JSON names of
// facts are part of the chain's format, which is why these types, unlike
// other domain types, carry tags.
type Fact interface {
	kind() Kind
	// private returns a pointer to the personal part, or nil when there is none.
	private() any
}

// Received (收件): the window took the papers. It opens the chain.
type Received struct {
	Number    string          `json:"number"` // for people; see code.CaseNumber
	Item      ItemCode        `json:"item"`
	Standard  StandardRef     `json:"standard"`
	Agency    AgencyID        `json:"agency"` // the receiving place
	Unit      string          `json:"unit"`   // GB/T 37346, 28 characters
	Place     string          `json:"place"`  // division code of the unit, as coded
	PartyRefs []PartyRef      `json:"party_refs"`
	Answer    int             `json:"answer_days,omitempty"` // working days in which the handling place must answer
	Disposes  bool            `json:"disposes,omitempty"`    // the item changes rights of the unit
	Rivals    []Rival         `json:"rivals,omitempty"`      // open cases about the same unit that the clerk was shown
	Private   ReceivedPrivate `json:"-"`
}

// Rival is an open case about the same unit, shown by its state only.
type Rival struct {
	Number  string `json:"number"`
	Status  Status `json:"status"`
	Doubled bool   `json:"doubled,omitempty"` // same parties, same item
}

// ReceivedPrivate is what only the case's people may read.
type ReceivedPrivate struct {
	Form    Form    `json:"form"`
	Parties []Party `json:"parties"`
	Despite string  `json:"despite,omitempty"` // why it was received in spite of the rivals
}

// Form holds the answers to a standard's fields by key. Values are string,
// bool or int64 (money in fen).
type Form map[string]any

// Party is a person or body for whom the case is.
type Party struct {
	Role       string `json:"role"` // "seller", "buyer", "agent"
	Name       string `json:"name"`
	IDKind     string `json:"id_kind"` // "citizen_id", "credit_code", "passport"
	IDNumber   string `json:"id_number"`
	Phone      string `json:"phone,omitempty"`
	Represents string `json:"represents,omitempty"` // an agent names whom he acts for
}

// StandardRef pins a case to the standard it was taken under.
type StandardRef struct {
	Item    ItemCode `json:"item"`
	Agency  AgencyID `json:"agency"` // "" is the national base
	Version int      `json:"version"`
	Digest  Digest   `json:"digest"`
}

// File is a file in the object store.
type File struct {
	Digest Digest `json:"digest"` // always sha256
	Size   int64  `json:"size"`   // bytes
	Type   string `json:"type"`   // media type, sniffed from the content
}

// MaterialAdded: one file was put into one slot of the standard.
type MaterialAdded struct {
	Material     MaterialID      `json:"material"`
	Slot         string          `json:"slot"`
	File         File            `json:"file"`
	From         string          `json:"from,omitempty"` // <case>/<material>: it was brought for that case and serves here too
	SeenOriginal bool            `json:"seen_original"`  // 核对原件: the clerk saw it and the copy agrees
	Private      MaterialPrivate `json:"-"`
}

// MaterialPrivate holds the file's own name, which often names a person.
type MaterialPrivate struct {
	Name string `json:"name"`
}

// MaterialRemoved: a file was taken back before hand-over. The bytes stay, as
// evidence; the slot no longer shows them.
type MaterialRemoved struct {
	Material MaterialID `json:"material"`
	Private  Remark     `json:"-"`
}

// Remark is free text. It may name people, so it is always sealed.
type Remark struct {
	Text string `json:"text,omitempty"`
}

// Routed: who is responsible, and every reason for it.
type Routed struct {
	To      AgencyID      `json:"to"`
	Place   string        `json:"place"` // the division in force on the date
	Date    string        `json:"date"`  // YYYY-MM-DD, the receiving day
	Reasons []RouteReason `json:"reasons"`
	Rules   Digest        `json:"rules"`            // of the routing configuration that decided
	Choice  string        `json:"choice,omitempty"` // the successor a clerk chose
	Private Remark        `json:"-"`                // why it was named by hand
}

// RouteReason is one step of a routing decision, readable without the router.
type RouteReason struct {
	Code string            `json:"code"`
	Args map[string]string `json:"args,omitempty"`
}

// Offered: custody is offered to another agency. Until its answer is known the
// case is frozen.
type Offered struct {
	Offer    OfferID        `json:"offer"`
	To       AgencyID       `json:"to"`
	Standard StandardRef    `json:"standard"`
	Manifest []ManifestLine `json:"manifest"`
	Reasons  []RouteReason  `json:"reasons"`
	Private  Remark         `json:"-"`
}

// ManifestLine is one file that belongs to the case.
type ManifestLine struct {
	Material MaterialID `json:"material"`
	Slot     string     `json:"slot"`
	Digest   Digest     `json:"digest"`
	Size     int64      `json:"size"`
}

// CustodyAccepted: the offered agency took the case. This event moves custody.
type CustodyAccepted struct {
	Offer   OfferID `json:"offer"`
	Receipt []byte  `json:"receipt"` // the signed delivery receipt of the offer
	Private Remark  `json:"-"`
}

// CustodyDeclined: the offered agency does not take it. Custody stays.
type CustodyDeclined struct {
	Offer   OfferID     `json:"offer"`
	Code    DeclineCode `json:"code"`
	Private Remark      `json:"-"`
}

// DeclineCode says why an agency does not take a case.
type DeclineCode string

// The codes of design §6, and Recalled: the offering side asked for it back.
const (
	DeclineWrongPlace      DeclineCode = "wrong_place"
	DeclineNotOurItem      DeclineCode = "not_our_item"
	DeclineBrokenChain     DeclineCode = "broken_chain"
	DeclineMissingMaterial DeclineCode = "missing_material"
	DeclineClosed          DeclineCode = "closed"
	DeclineRecalled        DeclineCode = "recalled"
	DeclineOther           DeclineCode = "other"
)

// Accepted (受理): the handling place accepts the application; the clock of
// promised and statutory days starts.
type Accepted struct {
	Steps   Steps          `json:"steps"`
	Notes   []RegisterNote `json:"register_notes,omitempty"` // what the register wants known
	Private Remark         `json:"-"`
}

// Steps are what the standard asks of the handling of this very case. They are
// fixed at acceptance and stand in the chain, so that a verifier needs no
// standard to say whether a step was left out.
type Steps struct {
	Reviews    int          `json:"reviews"`               // 1: first review only; 2: by another person too
	Tax        bool         `json:"tax,omitempty"`         // 契税法 art. 11: no registration without proof of tax
	NoticeDays int          `json:"notice_days,omitempty"` // working days of public notice; the clock stops
	Visit      bool         `json:"visit,omitempty"`       // 实地查看
	Video      bool         `json:"video,omitempty"`       // the parties are met by video
	Booking    bool         `json:"booking,omitempty"`     // ends in the register (登簿)
	Exclusive  bool         `json:"exclusive,omitempty"`   // holds the unit's lock from acceptance to booking
	Papers     []ResultKind `json:"papers,omitempty"`      // what is issued and sealed at its end
	Promised   int          `json:"promised_days"`         // working days from acceptance
	Statutory  int          `json:"statutory_days"`        // 不动产登记暂行条例 art. 20
}

// Refused (不予受理), 不动产登记暂行条例 art. 17.
type Refused struct {
	Code    RefusalCode `json:"code"`
	Private Remark      `json:"-"`
}

// RefusalCode is the legal ground of a refusal to accept.
type RefusalCode string

// Grounds of refusal.
const (
	RefusedIncomplete RefusalCode = "incomplete"
	RefusedWrongPlace RefusalCode = "wrong_place"
	RefusedNotOurItem RefusalCode = "not_our_item"
	RefusedIllegal    RefusalCode = "illegal"
	RefusedOther      RefusalCode = "other"
)

// SupplementAsked (补正): one list of every gap.
type SupplementAsked struct {
	Round   int               `json:"round"`
	Waiver  PersonID          `json:"waiver,omitempty"` // the supervisor who allowed a further round
	Gaps    []Gap             `json:"gaps"`
	Private SupplementPrivate `json:"-"`
}

// Gap is one thing to correct, tied to a field, a slot, or a region of a page.
type Gap struct {
	ID       string     `json:"id"`     // "g1", "g2", … within the notice
	Target   string     `json:"target"` // "field", "slot", "region"
	Ref      string     `json:"ref"`    // field key, slot key, or material id
	Page     int        `json:"page,omitempty"`
	Rect     [4]float64 `json:"rect,omitzero"` // x, y, width, height as parts of the page, 0…1
	Reason   string     `json:"reason"`        // "incorrect", "incomplete", "outdated"
	Material MaterialID `json:"material,omitempty"`
}

// SupplementPrivate explains the gaps by their id, and gives the reason for a
// further round.
type SupplementPrivate struct {
	Notes  map[string]string `json:"notes,omitempty"`
	Reason string            `json:"reason,omitempty"`
}

// SupplementAnswered: the window answers the whole notice at once.
type SupplementAnswered struct {
	Round   int                      `json:"round"`
	Answers []GapAnswer              `json:"answers"`
	Private SupplementAnswersPrivate `json:"-"`
}

// GapAnswer answers one gap.
type GapAnswer struct {
	Gap      string     `json:"gap"`
	Material MaterialID `json:"material,omitempty"` // the new file, for a slot or a region
}

// SupplementAnswersPrivate holds corrected fields and remarks.
type SupplementAnswersPrivate struct {
	Form    Form              `json:"form,omitempty"`
	Remarks map[string]string `json:"remarks,omitempty"`
}

// Reviewed is a first (初审) or second (复审) review. Pass means: go on.
type Reviewed struct {
	Second  bool   `json:"second"`
	Pass    bool   `json:"pass"`
	Private Remark `json:"-"`
}

// Decided: the decision of the handling place.
type Decided struct {
	Approve bool   `json:"approve"`
	Private Remark `json:"-"`
}

// Withdrawn: the applicant took the application back.
type Withdrawn struct {
	Private Remark `json:"-"`
}

// Closed: nothing more will happen.
type Closed struct {
	Private Remark `json:"-"`
}
