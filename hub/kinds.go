package hub

// The kinds of event. A kind, its fact type and its row in the transition
// table belong together.
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
	KindQuestioned         Kind = "questioning.recorded"
	KindWindowMoved        Kind = "window.moved"
	KindTaxConfirmed       Kind = "tax.confirmed"
	KindNoticeOpened       Kind = "notice.opened"
	KindNoticeEnded        Kind = "notice.ended"
	KindVisited            Kind = "visit.recorded"
	KindSuspended          Kind = "case.suspended"
	KindResumed            Kind = "case.resumed"
	KindRunOut             Kind = "clock.run_out"
	KindFirstReviewed      Kind = "review.first"
	KindSecondReviewed     Kind = "review.second"
	KindDecided            Kind = "case.decided"
	KindBooked             Kind = "case.booked"
	KindIssued             Kind = "result.issued"
	KindRevoked            Kind = "result.revoked"
	KindHandedOut          Kind = "result.handed_out"
	KindRated              Kind = "rating.given"
	KindRatingAnswered     Kind = "rating.answered"
	KindWithdrawn          Kind = "case.withdrawn"
	KindClosed             Kind = "case.closed"
)

// kinds is every kind of event with an empty fact of it, in the order in which
// they usually happen.
var kinds = []struct {
	kind Kind
	fact func() Fact
}{
	{KindReceived, func() Fact { return &Received{} }},
	{KindMaterialAdded, func() Fact { return &MaterialAdded{} }},
	{KindMaterialRemoved, func() Fact { return &MaterialRemoved{} }},
	{KindRouted, func() Fact { return &Routed{} }},
	{KindOffered, func() Fact { return &Offered{} }},
	{KindCustodyAccepted, func() Fact { return &CustodyAccepted{} }},
	{KindCustodyDeclined, func() Fact { return &CustodyDeclined{} }},
	{KindAccepted, func() Fact { return &Accepted{} }},
	{KindRefused, func() Fact { return &Refused{} }},
	{KindSupplementAsked, func() Fact { return &SupplementAsked{} }},
	{KindSupplementAnswered, func() Fact { return &SupplementAnswered{} }},
	{KindQuestioned, func() Fact { return &Questioned{} }},
	{KindWindowMoved, func() Fact { return &WindowMoved{} }},
	{KindTaxConfirmed, func() Fact { return &TaxConfirmed{} }},
	{KindNoticeOpened, func() Fact { return &NoticeOpened{} }},
	{KindNoticeEnded, func() Fact { return &NoticeEnded{} }},
	{KindVisited, func() Fact { return &Visited{} }},
	{KindSuspended, func() Fact { return &Suspended{} }},
	{KindResumed, func() Fact { return &Resumed{} }},
	{KindRunOut, func() Fact { return &RunOut{} }},
	{KindFirstReviewed, func() Fact { return &Reviewed{} }},
	{KindSecondReviewed, func() Fact { return &Reviewed{} }},
	{KindDecided, func() Fact { return &Decided{} }},
	{KindBooked, func() Fact { return &Booked{} }},
	{KindIssued, func() Fact { return &Issued{} }},
	{KindRevoked, func() Fact { return &Revoked{} }},
	{KindHandedOut, func() Fact { return &HandedOut{} }},
	{KindRated, func() Fact { return &Rated{} }},
	{KindRatingAnswered, func() Fact { return &RatingAnswered{} }},
	{KindWithdrawn, func() Fact { return &Withdrawn{} }},
	{KindClosed, func() Fact { return &Closed{} }},
}

// Kinds lists every kind of event.
func Kinds() []Kind {
	all := make([]Kind, len(kinds))
	for i, k := range kinds {
		all[i] = k.kind
	}
	return all
}

// newFact returns an empty fact of a kind, or nil when the kind is not known.
func newFact(kind Kind) Fact {
	for _, k := range kinds {
		if k.kind == kind {
			return k.fact()
		}
	}
	return nil
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
func (*Questioned) kind() Kind         { return KindQuestioned }
func (*WindowMoved) kind() Kind        { return KindWindowMoved }
func (*TaxConfirmed) kind() Kind       { return KindTaxConfirmed }
func (*NoticeOpened) kind() Kind       { return KindNoticeOpened }
func (*NoticeEnded) kind() Kind        { return KindNoticeEnded }
func (*Visited) kind() Kind            { return KindVisited }
func (*Suspended) kind() Kind          { return KindSuspended }
func (*Resumed) kind() Kind            { return KindResumed }
func (*RunOut) kind() Kind             { return KindRunOut }
func (*Decided) kind() Kind            { return KindDecided }
func (*Booked) kind() Kind             { return KindBooked }
func (*Issued) kind() Kind             { return KindIssued }
func (*Revoked) kind() Kind            { return KindRevoked }
func (*HandedOut) kind() Kind          { return KindHandedOut }
func (*Rated) kind() Kind              { return KindRated }
func (*RatingAnswered) kind() Kind     { return KindRatingAnswered }
func (*Withdrawn) kind() Kind          { return KindWithdrawn }
func (*Closed) kind() Kind             { return KindClosed }
func (f *Reviewed) kind() Kind {
	if f.Second {
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
func (f *Questioned) private() any         { return &f.Private }
func (f *WindowMoved) private() any        { return &f.Private }
func (f *TaxConfirmed) private() any       { return &f.Private }
func (f *NoticeOpened) private() any       { return &f.Private }
func (f *NoticeEnded) private() any        { return &f.Private }
func (f *Visited) private() any            { return &f.Private }
func (f *Suspended) private() any          { return &f.Private }
func (f *Resumed) private() any            { return &f.Private }
func (f *RunOut) private() any             { return &f.Private }
func (f *Reviewed) private() any           { return &f.Private }
func (f *Decided) private() any            { return &f.Private }
func (f *Booked) private() any             { return &f.Private }
func (f *Issued) private() any             { return &f.Private }
func (f *Revoked) private() any            { return &f.Private }
func (f *HandedOut) private() any          { return &f.Private }
func (f *Rated) private() any              { return &f.Private }
func (f *RatingAnswered) private() any     { return &f.Private }
func (f *Withdrawn) private() any          { return &f.Private }
func (f *Closed) private() any             { return &f.Private }
