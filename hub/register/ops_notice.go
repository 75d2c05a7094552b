package register

import (
	"slices"

	"tongban/hub/code"
)

// The ops on advance notices and objections.
const (
	KindNotice          OpKind = "notice"
	KindNoticeCancel    OpKind = "notice_cancel"
	KindObjection       OpKind = "objection"
	KindObjectionSuit   OpKind = "objection_suit"
	KindObjectionCancel OpKind = "objection_cancel"
)

// NoticeKind is what right the notice announces.
type NoticeKind string

// The kinds of notice.
const (
	NoticeOwnership NoticeKind = "ownership"
	NoticeMortgage  NoticeKind = "mortgage"
)

// Notice is an advance notice (预告登记): no disposal without its holders'
// consent, until 90 days after registration becomes possible (民法典 221).
type Notice struct {
	Unit     code.Unit  `json:"unit"`
	Kind     NoticeKind `json:"kind"`
	Obligors []Ref      `json:"obligors"` // the seller, or the future owner who will mortgage
	Holders  []Ref      `json:"holders"`  // the buyer, or the creditor
	Debt     int64      `json:"debt,omitempty"`
	Possible Date       `json:"possible,omitempty"` // the day agreed for registration; a planned unit: its first registration
	Acting   []Ref      `json:"acting,omitempty"`
	Consents []Ref      `json:"consents,omitempty"`
}

func (*Notice) kind() OpKind    { return KindNotice }
func (n *Notice) on() code.Unit { return n.Unit }
func (n *Notice) refs(f func(*Ref)) {
	each(f, n.Obligors, n.Holders, n.Acting, n.Consents)
}

func (n *Notice) faults(l *faults) {
	l.unit(n.Unit, "unit")
	l.need(n.Kind == NoticeOwnership || n.Kind == NoticeMortgage, "kind")
	l.people(n.Obligors, 1, "obligors")
	l.people(n.Holders, 1, "holders")
	l.need((n.Kind == NoticeMortgage) == (n.Debt > 0) && n.Debt >= 0 && n.Debt < 1e16, "debt")
	l.need(n.Possible == "" || n.Possible.wellFormed(), "possible")
	l.people(n.Acting, 0, "acting")
	l.people(n.Consents, 0, "consents")
}

func (n *Notice) check(c *checking) {
	if c.st.Status != Planned && !c.needsRegistered() {
		return
	}
	owed := c.st.disposers().mayDispose(n.Obligors)
	if n.Kind == NoticeMortgage && !owed { // the buyer of a noticed unit mortgages what he will get
		owed = slices.ContainsFunc(c.st.Notices, func(x Noticed) bool {
			return x.Kind == NoticeOwnership && x.Live(c.now, c.terms) && containsAll(n.Obligors, x.Holders)
		})
	}
	if !owed {
		c.block(WrongHolder, "", "role", "obligor")
	}
	if !containsAll(n.Acting, n.Obligors) || !containsAll(n.Acting, n.Holders) {
		c.block(WrongHolder, "", "role", "both_sides")
	}
	c.seized()
	c.notices(n.Holders, n.Obligors, n.Consents, "")
	if n.Kind == NoticeOwnership {
		c.mortgagesFollow(n.Consents)
	}
	c.objections()
}

// NoticeCancel ends a notice: its holders give it up, it has lapsed, or a
// court says so.
type NoticeCancel struct {
	Unit   code.Unit `json:"unit"`
	Notice EntryID   `json:"notice"`
	Ground Ground    `json:"ground"`
	Acting []Ref     `json:"acting,omitempty"`
}

func (*NoticeCancel) kind() OpKind        { return KindNoticeCancel }
func (n *NoticeCancel) on() code.Unit     { return n.Unit }
func (n *NoticeCancel) refs(f func(*Ref)) { each(f, n.Acting) }
func (n *NoticeCancel) faults(l *faults) {
	l.unit(n.Unit, "unit")
	l.need(n.Notice != "", "notice")
	l.ground(n.Ground, ByAgreement, ByWaiver, ByLapse, ByJudgment)
	l.people(n.Acting, 0, "acting")
}

func (n *NoticeCancel) check(c *checking) {
	i := c.st.notice(n.Notice)
	if i < 0 {
		c.block(UnknownEntry, n.Notice)
		return
	}
	x := &c.st.Notices[i]
	switch {
	case n.Ground == ByLapse && x.Live(c.now, c.terms):
		c.block(NotLapsed, n.Notice)
	case (n.Ground == ByAgreement || n.Ground == ByWaiver) && !containsAll(n.Acting, x.Holders):
		c.block(WrongHolder, n.Notice, "role", "notice_holder")
	}
}

// Objection is an objection to what the register says (异议登记). It does not
// block, but who acquires must be told; it lapses 15 days later without a suit
// (民法典 220).
type Objection struct {
	Unit  code.Unit `json:"unit"`
	By    Ref       `json:"by"`
	About string    `json:"about"` // "ownership", "mortgage", …
}

func (*Objection) kind() OpKind        { return KindObjection }
func (o *Objection) on() code.Unit     { return o.Unit }
func (o *Objection) refs(f func(*Ref)) { f(&o.By) }
func (o *Objection) faults(l *faults) {
	l.unit(o.Unit, "unit")
	l.need(o.By.ok(), "by")
	l.need(word(o.About), "about")
}

func (o *Objection) check(c *checking) {
	if !c.needsRegistered() {
		return
	}
	for _, x := range slices.Concat(c.st.Objections, c.st.Heard) { // 细则 84: not again for the same matter
		if x.By == o.By && x.About == o.About {
			c.block(ObjectionRepeated, x.Entry)
		}
	}
}

// ObjectionSuit brings the proof of a suit; the objection then stands until it
// is withdrawn or dismissed.
type ObjectionSuit struct {
	Unit      code.Unit `json:"unit"`
	Objection EntryID   `json:"objection"`
	Acting    []Ref     `json:"acting,omitempty"`
}

func (*ObjectionSuit) kind() OpKind        { return KindObjectionSuit }
func (o *ObjectionSuit) on() code.Unit     { return o.Unit }
func (o *ObjectionSuit) refs(f func(*Ref)) { each(f, o.Acting) }
func (o *ObjectionSuit) faults(l *faults) {
	l.unit(o.Unit, "unit")
	l.need(o.Objection != "", "objection")
	l.people(o.Acting, 0, "acting")
}

func (o *ObjectionSuit) check(c *checking) {
	i := c.st.objection(o.Objection)
	if i < 0 {
		c.block(UnknownEntry, o.Objection)
		return
	}
	x := &c.st.Objections[i]
	if !x.Live(c.now, c.terms) {
		c.block(Lapsed, o.Objection)
	}
	if c.source.Kind != FromCourt && !slices.Contains(o.Acting, x.By) {
		c.block(WrongHolder, o.Objection, "role", "objector")
	}
}

// ObjectionCancel ends an objection.
type ObjectionCancel struct {
	Unit      code.Unit `json:"unit"`
	Objection EntryID   `json:"objection"`
	Ground    Ground    `json:"ground"`
	Acting    []Ref     `json:"acting,omitempty"`
}

func (*ObjectionCancel) kind() OpKind        { return KindObjectionCancel }
func (o *ObjectionCancel) on() code.Unit     { return o.Unit }
func (o *ObjectionCancel) refs(f func(*Ref)) { each(f, o.Acting) }
func (o *ObjectionCancel) faults(l *faults) {
	l.unit(o.Unit, "unit")
	l.need(o.Objection != "", "objection")
	l.ground(o.Ground, ByWaiver, ByLapse, ByJudgment)
	l.people(o.Acting, 0, "acting")
}

func (o *ObjectionCancel) check(c *checking) {
	i := c.st.objection(o.Objection)
	if i < 0 {
		c.block(UnknownEntry, o.Objection)
		return
	}
	x := &c.st.Objections[i]
	switch {
	case o.Ground == ByLapse && x.Live(c.now, c.terms):
		c.block(NotLapsed, o.Objection)
	case o.Ground == ByWaiver && !slices.Contains(o.Acting, x.By):
		c.block(WrongHolder, o.Objection, "role", "objector")
	}
}
