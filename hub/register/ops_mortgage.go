package register

import (
	"slices"

	"tongban/hub/code"
)

// The ops on mortgages.
const (
	KindMortgage         OpKind = "mortgage"
	KindMortgageChange   OpKind = "mortgage_change"
	KindMortgageTransfer OpKind = "mortgage_transfer"
	KindMortgageCancel   OpKind = "mortgage_cancel"
)

// MortgageKind is ordinary or up to a maximum amount.
type MortgageKind string

// The kinds of mortgage.
const (
	OrdinaryMortgage MortgageKind = "ordinary" // 一般抵押
	MaximumMortgage  MortgageKind = "maximum"  // 最高额抵押 (民法典 420)
)

// Mortgage is the first registration of a mortgage (抵押权首次登记). It ranks by
// its place in the log, a converted notice's by the notice (民法典 414, 担保解释 52).
type Mortgage struct {
	Unit       code.Unit    `json:"unit"`
	Kind       MortgageKind `json:"kind"`
	Creditor   Ref          `json:"creditor"`
	Debt       int64        `json:"debt"` // fen; the ceiling of a maximum-amount mortgage
	Begins     Date         `json:"begins"`
	Until      Date         `json:"until"`
	NoTransfer bool         `json:"no_transfer,omitempty"` // 禁止转让约定 (民法典 406, 担保解释 43)
	Scope      string       `json:"scope,omitempty"`       // what the mortgage secures
	Acting     []Ref        `json:"acting,omitempty"`
	Consents   []Ref        `json:"consents,omitempty"`
	Notice     EntryID      `json:"notice,omitempty"` // the mortgage notice that becomes this mortgage
}

func (*Mortgage) kind() OpKind        { return KindMortgage }
func (g *Mortgage) on() code.Unit     { return g.Unit }
func (g *Mortgage) refs(f func(*Ref)) { f(&g.Creditor); each(f, g.Acting, g.Consents) }
func (g *Mortgage) faults(l *faults) {
	l.unit(g.Unit, "unit")
	l.need(g.Kind == OrdinaryMortgage || g.Kind == MaximumMortgage, "kind")
	l.need(g.Creditor.ok(), "creditor")
	l.need(g.Debt > 0 && g.Debt < 1e16, "debt")
	l.need(g.Begins.wellFormed(), "begins")
	l.need(g.Until.wellFormed() && g.Until >= g.Begins, "until")
	l.need(g.Scope == "" || text(g.Scope, 1000), "scope")
	l.people(g.Acting, 0, "acting")
	l.people(g.Consents, 0, "consents")
}

func (g *Mortgage) check(c *checking) {
	if !c.needsRegistered() {
		return
	}
	if u := g.Unit; u.Ownership() == "J" && (u.Right() == "C" || u.Right() == "A") && isParcel(u) {
		c.block(NotMortgageable, "", "article", "399") // 民法典 399: homesteads, collective land
	}
	owners := c.st.Title.Owners
	if !owners.mayDispose(g.Acting) {
		c.block(WrongHolder, "", "role", "owner")
	}
	if !slices.Contains(g.Acting, g.Creditor) {
		c.block(WrongHolder, "", "role", "creditor")
	}
	c.seized()
	c.landAlone()
	c.notices([]Ref{g.Creditor}, g.Acting, g.Consents, g.Notice)
	c.converts(g.Notice, NoticeMortgage, []Ref{g.Creditor})
	for i := range c.st.Notices {
		if n := &c.st.Notices[i]; n.Kind == NoticeMortgage && n.Entry != g.Notice && n.Live(c.now, c.terms) {
			c.info(RanksAfter, n.Entry)
		}
	}
	for _, m := range c.st.Mortgages {
		c.info(MortgageExists, m.Entry)
	}
	c.objections()
}

// MortgageChange alters a mortgage (抵押权变更登记). It may not harm those who
// rank behind without their consent (民法典 409).
type MortgageChange struct {
	Unit       code.Unit `json:"unit"`
	Mortgage   EntryID   `json:"mortgage"`
	Debt       *int64    `json:"debt,omitempty"` // fen
	Until      *Date     `json:"until,omitempty"`
	NoTransfer *bool     `json:"no_transfer,omitempty"`
	Acting     []Ref     `json:"acting,omitempty"`
	Consents   []Ref     `json:"consents,omitempty"`
}

func (*MortgageChange) kind() OpKind        { return KindMortgageChange }
func (g *MortgageChange) on() code.Unit     { return g.Unit }
func (g *MortgageChange) refs(f func(*Ref)) { each(f, g.Acting, g.Consents) }
func (g *MortgageChange) faults(l *faults) {
	l.unit(g.Unit, "unit")
	l.need(g.Mortgage != "", "mortgage")
	l.need(g.Debt != nil || g.Until != nil || g.NoTransfer != nil, "change")
	l.need(g.Debt == nil || *g.Debt > 0 && *g.Debt < 1e16, "debt")
	l.need(g.Until == nil || g.Until.wellFormed(), "until")
	l.people(g.Acting, 0, "acting")
	l.people(g.Consents, 0, "consents")
}

func (g *MortgageChange) check(c *checking) {
	i := c.st.mortgage(g.Mortgage)
	if i < 0 {
		c.block(UnknownEntry, g.Mortgage)
		return
	}
	m := c.st.Mortgages[i]
	if !slices.Contains(g.Acting, m.Creditor) {
		c.block(WrongHolder, m.Entry, "role", "creditor")
	}
	if !c.st.Title.Owners.mayDispose(g.Acting) {
		c.block(WrongHolder, m.Entry, "role", "owner")
	}
	if g.Debt == nil || *g.Debt <= m.Debt {
		return
	}
	c.seized() // more debt is a new burden
	c.notices(nil, g.Acting, g.Consents, "")
	for _, later := range c.st.Mortgages[i+1:] {
		if !slices.Contains(g.Consents, later.Creditor) {
			c.block(LaterMortgage, later.Entry)
		}
	}
}

// MortgageTransfer gives the mortgage to another creditor (抵押权转移登记), with
// the debt (民法典 407).
type MortgageTransfer struct {
	Unit     code.Unit `json:"unit"`
	Mortgage EntryID   `json:"mortgage"`
	To       Ref       `json:"to"`
	Acting   []Ref     `json:"acting,omitempty"`
}

func (*MortgageTransfer) kind() OpKind        { return KindMortgageTransfer }
func (g *MortgageTransfer) on() code.Unit     { return g.Unit }
func (g *MortgageTransfer) refs(f func(*Ref)) { f(&g.To); each(f, g.Acting) }
func (g *MortgageTransfer) faults(l *faults) {
	l.unit(g.Unit, "unit")
	l.need(g.Mortgage != "", "mortgage")
	l.need(g.To.ok(), "to")
	l.people(g.Acting, 0, "acting")
}

func (g *MortgageTransfer) check(c *checking) {
	i := c.st.mortgage(g.Mortgage)
	if i < 0 {
		c.block(UnknownEntry, g.Mortgage)
		return
	}
	if !containsAll(g.Acting, []Ref{c.st.Mortgages[i].Creditor, g.To}) {
		c.block(WrongHolder, g.Mortgage, "role", "creditor")
	}
}

// MortgageCancel ends a mortgage (抵押权注销登记). The creditor alone may ask for
// it, the owner alone only with a judgment.
type MortgageCancel struct {
	Unit     code.Unit `json:"unit"`
	Mortgage EntryID   `json:"mortgage"`
	Ground   Ground    `json:"ground"`
	Acting   []Ref     `json:"acting,omitempty"`
}

func (*MortgageCancel) kind() OpKind        { return KindMortgageCancel }
func (g *MortgageCancel) on() code.Unit     { return g.Unit }
func (g *MortgageCancel) refs(f func(*Ref)) { each(f, g.Acting) }
func (g *MortgageCancel) faults(l *faults) {
	l.unit(g.Unit, "unit")
	l.need(g.Mortgage != "", "mortgage")
	l.ground(g.Ground, ByAgreement, ByWaiver, ByJudgment)
	l.people(g.Acting, 0, "acting")
}

func (g *MortgageCancel) check(c *checking) {
	i := c.st.mortgage(g.Mortgage)
	if i < 0 {
		c.block(UnknownEntry, g.Mortgage)
		return
	}
	if g.Ground != ByJudgment && !slices.Contains(g.Acting, c.st.Mortgages[i].Creditor) {
		c.block(WrongHolder, g.Mortgage, "role", "creditor")
	}
}
