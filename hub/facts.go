package hub

// The kinds of event. A kind, its fact type below and its row in the
// transition table belong together.
const (
	KindReceived           Kind = "case.received"
	KindMaterialAdded      Kind = "material.added"
	KindMaterialRemoved    Kind = "material.removed"
	KindRouted             Kind = "case.routed"
	KindOffered            Kind = "custody.offered"
	KindCustodyAccepted    Kind = "custody.accepted"
	KindCustodyDeclined    Kind = "custody.declined"
	KindAccepted           Kind = "case.accepted"
	KindRefused            Kind = "case.refused"
	KindSupplementAsked    Kind = "supplement.asked"
	KindSupplementAnswered Kind = "supplement.answered"
	KindFirstReviewed      Kind = "review.first"
	KindSecondReviewed     Kind = "review.second"
	KindDecided            Kind = "case.decided"
	KindWithdrawn          Kind = "case.withdrawn"
	KindClosed             Kind = "case.closed"
)

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
	Private   ReceivedPrivate `json:"-"`
}

// ReceivedPrivate is what only the case's people may read.
type ReceivedPrivate struct {
	Form    Form    `json:"form"`
	Parties []Party `json:"parties"`
}

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
	SeenOriginal bool            `json:"seen_original"` // 核对原件: the clerk saw it and the copy agrees
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

// Accepted (受理): the handling place accepts the application; the clock starts.
type Accepted struct {
	Private Remark `json:"-"`
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

func (*Received) kind() Kind           { return KindReceived }
func (*MaterialAdded) kind() Kind      { return KindMaterialAdded }
func (*MaterialRemoved) kind() Kind    { return KindMaterialRemoved }
func (*Routed) kind() Kind             { return KindRouted }
func (*Offered) kind() Kind            { return KindOffered }
func (*CustodyAccepted) kind() Kind    { return KindCustodyAccepted }
func (*CustodyDeclined) kind() Kind    { return KindCustodyDeclined }
func (*Accepted) kind() Kind           { return KindAccepted }
func (*Refused) kind() Kind            { return KindRefused }
func (*SupplementAsked) kind() Kind    { return KindSupplementAsked }
func (*SupplementAnswered) kind() Kind { return KindSupplementAnswered }
func (*Decided) kind() Kind            { return KindDecided }
func (*Withdrawn) kind() Kind          { return KindWithdrawn }
func (*Closed) kind() Kind             { return KindClosed }
func (r *Reviewed) kind() Kind {
	if r.Second {
		return KindSecondReviewed
	}
	return KindFirstReviewed
}

func (f *Received) private() any           { return &f.Private }
func (f *MaterialAdded) private() any      { return &f.Private }
func (f *MaterialRemoved) private() any    { return &f.Private }
func (f *Routed) private() any             { return &f.Private }
func (f *Offered) private() any            { return &f.Private }
func (f *CustodyAccepted) private() any    { return &f.Private }
func (f *CustodyDeclined) private() any    { return &f.Private }
func (f *Accepted) private() any           { return &f.Private }
func (f *Refused) private() any            { return &f.Private }
func (f *SupplementAsked) private() any    { return &f.Private }
func (f *SupplementAnswered) private() any { return &f.Private }
func (r *Reviewed) private() any           { return &r.Private }
func (f *Decided) private() any            { return &f.Private }
func (f *Withdrawn) private() any          { return &f.Private }
func (f *Closed) private() any             { return &f.Private }

// Kinds lists every kind of event.
func Kinds() []Kind {
	return []Kind{
		KindReceived, KindMaterialAdded, KindMaterialRemoved, KindRouted, KindOffered, KindCustodyAccepted,
		KindCustodyDeclined, KindAccepted, KindRefused, KindSupplementAsked, KindSupplementAnswered, KindFirstReviewed,
		KindSecondReviewed, KindDecided, KindWithdrawn, KindClosed,
	}
}

// newFact returns an empty fact of a kind, or nil when the kind is not known.
func newFact(k Kind) Fact {
	switch k {
	case KindReceived:
		return &Received{}
	case KindMaterialAdded:
		return &MaterialAdded{}
	case KindMaterialRemoved:
		return &MaterialRemoved{}
	case KindRouted:
		return &Routed{}
	case KindOffered:
		return &Offered{}
	case KindCustodyAccepted:
		return &CustodyAccepted{}
	case KindCustodyDeclined:
		return &CustodyDeclined{}
	case KindAccepted:
		return &Accepted{}
	case KindRefused:
		return &Refused{}
	case KindSupplementAsked:
		return &SupplementAsked{}
	case KindSupplementAnswered:
		return &SupplementAnswered{}
	case KindFirstReviewed, KindSecondReviewed:
		return &Reviewed{}
	case KindDecided:
		return &Decided{}
	case KindWithdrawn:
		return &Withdrawn{}
	case KindClosed:
		return &Closed{}
	}
	return nil
}
