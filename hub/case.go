package hub

import (
	"slices"
	"time"
)

// Case is a case as its chain tells it: the fold over its events. It is a
// value for reading; only Apply changes it.
type Case struct {
	ID          CaseID
	Number      string
	Item        ItemCode
	Standard    StandardRef
	Status      Status
	resume      Status // where a supplement's answer leads back to
	suspendedAt Status // where the end of a suspension leads back to

	Receiving AgencyID // took the papers
	Window    AgencyID // where the applicant is served now; the receiving place, unless he moved
	Handling  AgencyID // responsible by the last routing; "" before
	Custodian AgencyID // may append now
	Offer     *OpenOffer

	Unit, Place string
	PartyRefs   []PartyRef
	Form        Form
	Parties     []Party
	Erased      bool // the case key is gone: Form, Parties and remarks are empty

	Materials     []Material
	Route         *Routed
	Declines      []Decline
	Supplements   []Supplement
	Answer        int  // working days for the handling place's answer
	Disposes      bool // the item changes rights of the unit
	Rivals        []Rival
	Despite       string
	Steps         Steps          // of the acceptance
	RegisterNotes []RegisterNote // what the register wanted known then
	Questioned    []Questioning
	Tax           *Tax
	Notice        *Notice
	Visit         *Visit
	Suspensions   []Suspension
	RunOuts       []RunOut
	First         *Review
	Second        *Review
	Outcome       *Outcome
	Refusal       *Refusal // 不予受理
	Booked        *Booked
	Results       []Paper
	Ratings       []Rating

	ReceivedAt, AcceptedAt, UpdatedAt time.Time
	EndedAt                           time.Time // booked, refused, rejected or withdrawn
	ReceivedBy                        PersonID

	Seq      int64
	Head     Digest
	commands map[CommandID]int64
	marks    map[int64]CommandMark
}

// OpenOffer freezes the case until it is answered.
type OpenOffer struct {
	ID       OfferID
	From, To AgencyID
	Seq      int64 // of the offered event
	At       time.Time
}

// Material is one file in one slot.
type Material struct {
	ID           MaterialID
	Slot         string
	File         File
	Name         string // sealed in the chain
	SeenOriginal bool
	From         string // <case>/<material>, when it was brought for another case
	By           Signatory
	At           time.Time
	Removed      bool
	Superseded   bool       // a supplement brought a newer file for the slot
	Patches      MaterialID // a supplement brought this for one page of another material
	PatchedPage  int        // which page
}

// Decline is an answer No to an offer, with its reason.
type Decline struct {
	Offer OfferID
	By    AgencyID
	Code  DeclineCode
	Text  string
	At    time.Time
}

// Supplement is one round of 补正.
type Supplement struct {
	Round    int
	Gaps     []Gap
	Notes    map[string]string
	Reason   string
	AskedBy  Signatory
	AskedAt  time.Time
	Answered bool
	Answers  []GapAnswer
	Before   Form // the corrected fields as they were
	After    Form // and as they are now
	Remarks  map[string]string
	AnswerAt time.Time
}

// Review is a first or second review.
type Review struct {
	By   Signatory
	Pass bool
	Text string
	At   time.Time
}

// Outcome is the decision.
type Outcome struct {
	By      Signatory
	Approve bool
	Text    string
	At      time.Time
}

// Refusal is why a case was not accepted.
type Refusal struct {
	By   Signatory
	Code RefusalCode
	Text string
	At   time.Time
}

// Frozen reports whether an offer is open.
func (c *Case) Frozen() bool { return c.Offer != nil }

// OpenSupplement is the round that waits for its answer, or nil.
func (c *Case) OpenSupplement() *Supplement {
	if n := len(c.Supplements); n > 0 && !c.Supplements[n-1].Answered {
		return &c.Supplements[n-1]
	}
	return nil
}

// Live lists the materials that count now.
func (c *Case) Live() []Material {
	return slices.DeleteFunc(slices.Clone(c.Materials), func(m Material) bool { return m.Removed || m.Superseded })
}

// Material returns the material with the id, removed or not.
func (c *Case) Material(id MaterialID) (Material, bool) {
	i := slices.IndexFunc(c.Materials, func(m Material) bool { return m.ID == id })
	if i < 0 {
		return Material{}, false
	}
	return c.Materials[i], true
}

// SeenBy lists the agencies that may know the case: where it was received,
// where the applicant is served, where it is, who is responsible, and who has been offered it.
func (c *Case) SeenBy() []AgencyID {
	ids := []AgencyID{c.Receiving, c.Window, c.Custodian}
	if c.Offer != nil {
		ids = append(ids, c.Offer.To)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// IsParty reports whether the person behind ref is a party of the case.
func (c *Case) IsParty(ref PartyRef) bool {
	return ref != "" && slices.Contains(c.PartyRefs, ref)
}

// CommandAt returns the seq at which a command was committed, or 0.
func (c *Case) CommandAt(id CommandID) int64 { return c.commands[id] }
