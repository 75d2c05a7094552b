package register

import (
	"slices"
	"time"

	"tongban/hub/code"
)

// The ops on the right itself.
const (
	KindPlan     OpKind = "plan"
	KindFirst    OpKind = "first"
	KindTransfer OpKind = "transfer"
	KindChange   OpKind = "change"
	KindCorrect  OpKind = "correct"
	KindCancel   OpKind = "cancel"
)

// Plan puts a unit of the pre-sale table into the register, so that it can
// bear advance notices before it is built.
type Plan struct {
	Unit      code.Unit   `json:"unit"`
	About     Description `json:"about"`
	Developer Ref         `json:"developer"`
}

func (*Plan) kind() OpKind        { return KindPlan }
func (p *Plan) on() code.Unit     { return p.Unit }
func (p *Plan) refs(f func(*Ref)) { f(&p.Developer) }
func (p *Plan) faults(l *faults) {
	l.unit(p.Unit, "unit")
	l.need(!isParcel(p.Unit), "unit")
	l.need(p.Developer.ok(), "developer")
	p.About.faults(l)
}

func (p *Plan) check(c *checking) {
	c.needsNew()
	c.needsParcel()
}

// First is the first registration (首次登记) of land, or of a building on a
// registered parcel. It begins the 90 days of the unit's advance notices.
type First struct {
	Unit   code.Unit   `json:"unit"`
	About  Description `json:"about"`
	Owners Ownership   `json:"owners"`
	Acting []Ref       `json:"acting,omitempty"`
	Prior  []string    `json:"prior,omitempty"` // numbers of certificates of the old registers
}

func (*First) kind() OpKind        { return KindFirst }
func (f *First) on() code.Unit     { return f.Unit }
func (f *First) refs(g func(*Ref)) { eachHolder(g, &f.Owners); each(g, f.Acting) }
func (f *First) faults(l *faults) {
	l.unit(f.Unit, "unit")
	f.About.faults(l)
	l.owners(f.Owners, "owners")
	l.people(f.Acting, 0, "acting")
	l.need(len(f.Prior) <= 20 && !slices.ContainsFunc(f.Prior, func(s string) bool { return !text(s, 200) }), "prior")
}

func (f *First) check(c *checking) {
	if c.st.Status == Planned {
		c.planMatches(f)
	} else {
		c.needsNew()
	}
	c.wholeShares(f.Owners)
	if c.source.Kind != FromOffice && !containsAll(f.Acting, f.Owners.Refs()) {
		c.block(WrongHolder, "", "role", "owner")
	}
	c.needsParcel()
}

// Transfer is a transfer (转移登记) of the whole right, or of some holders'
// shares. Mortgages follow it (民法典 406).
type Transfer struct {
	Unit     code.Unit `json:"unit"`
	Ground   Ground    `json:"ground"`
	From     []Ref     `json:"from"` // who loses the right
	To       Ownership `json:"to"`   // who gains it; for shares: the shares of the whole right
	Acting   []Ref     `json:"acting,omitempty"`
	Consents []Ref     `json:"consents,omitempty"` // notice holders and creditors who agree
	Notice   EntryID   `json:"notice,omitempty"`   // the advance notice that becomes this transfer
}

func (*Transfer) kind() OpKind        { return KindTransfer }
func (t *Transfer) on() code.Unit     { return t.Unit }
func (t *Transfer) refs(f func(*Ref)) { eachHolder(f, &t.To); each(f, t.From, t.Acting, t.Consents) }

func (t *Transfer) faults(l *faults) {
	l.unit(t.Unit, "unit")
	l.ground(t.Ground, ByAgreement, ByInheritance, ByJudgment, ByGovernment, ByMarriage)
	l.people(t.From, 1, "from")
	l.owners(t.To, "to")
	l.people(t.Acting, 0, "acting")
	l.people(t.Consents, 0, "consents")
}

func (t *Transfer) check(c *checking) {
	if !c.needsRegistered() {
		return
	}
	owners, to := c.st.Title.Owners, t.To.Refs()
	if !containsAll(owners.Refs(), t.From) {
		c.block(WrongHolder, "", "role", "transferor")
	} else {
		c.transferorsAct(t, owners)
		if _, ok := owners.passed(t.From, t.To); !ok {
			c.block(BadShares, "")
		}
	}
	if !t.Ground.byLaw() && !containsAll(t.Acting, to) {
		c.block(WrongHolder, "", "role", "acquirer")
	}
	c.seized()
	c.landAlone()
	c.notices(to, append(slices.Clone(t.From), t.Acting...), t.Consents, t.Notice)
	c.converts(t.Notice, NoticeOwnership, to)
	c.mortgagesFollow(t.Consents)
	c.burdensStay()
	c.objections()
}

// Patch is what a change or a correction alters; what is not set stays.
type Patch struct {
	Location *string    `json:"location,omitempty"`
	Area     *int64     `json:"area,omitempty"` // in 0.01 m²
	Use      *string    `json:"use,omitempty"`
	Nature   *string    `json:"nature,omitempty"`
	TermEnd  *Date      `json:"term_end,omitempty"`
	Renames  []Rename   `json:"renames,omitempty"`
	Owners   *Ownership `json:"owners,omitempty"` // change: the same people, held in another way
}

// Rename is another name or identity number of the same person. The reference
// stays when it does not depend on what has changed.
type Rename struct {
	From Ref `json:"from"`
	To   Ref `json:"to"`
}

func (p *Patch) onto(d Description) Description {
	set(&d.Location, p.Location)
	set(&d.Area, p.Area)
	set(&d.Use, p.Use)
	set(&d.Nature, p.Nature)
	set(&d.TermEnd, p.TermEnd)
	return d
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func (p *Patch) empty() bool { return len(p.Renames) == 0 && p.Owners == nil && !p.describes() }

func (p *Patch) describes() bool { return p.Location != nil || p.substance() }

// substance tells whether more than names and the address changes.
func (p *Patch) substance() bool {
	return p.Area != nil || p.Use != nil || p.Nature != nil || p.TermEnd != nil
}

func (p *Patch) faults(l *faults) {
	l.need(!p.empty(), "patch")
	if p.describes() {
		p.onto(Description{Location: "x", Area: 1, Use: "x"}).faults(l)
	}
	l.need(len(p.Renames) <= maxPeople, "renames")
	for _, r := range p.Renames {
		l.need(r.From.ok() && r.To.ok(), "renames")
	}
	if p.Owners != nil {
		l.owners(*p.Owners, "owners")
		l.need(len(p.Renames) == 0, "renames")
	}
}

func (p *Patch) refs(f func(*Ref)) {
	eachHolder(f, p.Owners)
	for i := range p.Renames {
		f(&p.Renames[i].From)
		f(&p.Renames[i].To)
	}
}

// check is what a change and a correction share.
func (p *Patch) check(c *checking) {
	owners := c.st.Title.Owners.Refs()
	for _, r := range p.Renames {
		if !slices.Contains(owners, r.From) || r.To != r.From && slices.Contains(owners, r.To) {
			c.block(WrongHolder, "", "role", "renamed")
		}
	}
	if p.Owners != nil {
		c.wholeShares(*p.Owners)
	}
	if p.substance() || p.Owners != nil {
		c.seized()
		for _, m := range c.st.Mortgages {
			c.info(MortgageExists, m.Entry)
		}
	}
}

// Change is a change (变更登记) of what is said about the unit or its holders,
// without another holder.
type Change struct {
	Unit   code.Unit `json:"unit"`
	Patch  Patch     `json:"patch"`
	Acting []Ref     `json:"acting,omitempty"`
}

func (*Change) kind() OpKind        { return KindChange }
func (x *Change) on() code.Unit     { return x.Unit }
func (x *Change) refs(f func(*Ref)) { x.Patch.refs(f); each(f, x.Acting) }
func (x *Change) faults(l *faults) {
	l.unit(x.Unit, "unit")
	x.Patch.faults(l)
	l.people(x.Acting, 1, "acting")
}

func (x *Change) check(c *checking) {
	if !c.needsRegistered() {
		return
	}
	owners := c.st.Title.Owners
	if !containsAny(x.Acting, append(owners.Refs(), renamed(x.Patch.Renames)...)) {
		c.block(WrongHolder, "", "role", "owner")
	}
	if o := x.Patch.Owners; o != nil {
		if !containsAll(owners.Refs(), o.Refs()) || !containsAll(o.Refs(), owners.Refs()) {
			c.block(WrongHolder, "", "role", "other_people")
		} else if !containsAll(x.Acting, owners.Refs()) {
			c.block(WrongHolder, "", "role", "owner")
		}
	}
	x.Patch.check(c)
}

func renamed(list []Rename) []Ref {
	out := make([]Ref, 0, len(list))
	for _, r := range list {
		out = append(out, r.To)
	}
	return out
}

// Correct is a correction (更正登记): the register was wrong (民法典 220).
type Correct struct {
	Unit   code.Unit `json:"unit"`
	Patch  Patch     `json:"patch"`
	Ground Ground    `json:"ground"` // agreement: the holders agree in writing
	Acting []Ref     `json:"acting,omitempty"`
}

func (*Correct) kind() OpKind        { return KindCorrect }
func (x *Correct) on() code.Unit     { return x.Unit }
func (x *Correct) refs(f func(*Ref)) { x.Patch.refs(f); each(f, x.Acting) }
func (x *Correct) faults(l *faults) {
	l.unit(x.Unit, "unit")
	x.Patch.faults(l)
	l.ground(x.Ground, ByAgreement, ByJudgment, ByOffice)
	l.people(x.Acting, 0, "acting")
}

func (x *Correct) check(c *checking) {
	if !c.needsRegistered() {
		return
	}
	if x.Ground == ByAgreement && !containsAll(x.Acting, c.st.Title.Owners.Refs()) {
		c.block(WrongHolder, "", "role", "owner")
	}
	if x.Patch.Owners != nil {
		c.notices(x.Patch.Owners.Refs(), nil, nil, "")
	}
	x.Patch.check(c)
}

// Cancel ends the right (注销登记), and with it what burdens it.
type Cancel struct {
	Unit     code.Unit `json:"unit"`
	Ground   Ground    `json:"ground"`
	Acting   []Ref     `json:"acting,omitempty"`
	Consents []Ref     `json:"consents,omitempty"`
}

func (*Cancel) kind() OpKind        { return KindCancel }
func (x *Cancel) on() code.Unit     { return x.Unit }
func (x *Cancel) refs(f func(*Ref)) { each(f, x.Acting, x.Consents) }
func (x *Cancel) faults(l *faults) {
	l.unit(x.Unit, "unit")
	l.ground(x.Ground, ByDestruction, ByWaiver, ByGovernment, ByJudgment)
	l.people(x.Acting, 0, "acting")
	l.people(x.Consents, 0, "consents")
}

func (x *Cancel) check(c *checking) {
	if !c.needsRegistered() {
		return
	}
	if !x.Ground.byLaw() && !c.st.Title.Owners.mayDispose(x.Acting) {
		c.block(WrongHolder, "", "role", "owner")
	}
	c.seized()
	if len(c.st.Fixtures) > 0 {
		c.block(UnitsRemain, "", "units", itoa(len(c.st.Fixtures)))
	}
	for _, m := range c.st.Mortgages {
		if x.Ground != ByWaiver { // what is gone is gone for all
			c.info(MortgageExists, m.Entry)
		} else if !slices.Contains(x.Consents, m.Creditor) {
			c.block(MortgageExists, m.Entry)
		}
	}
	if x.Ground != ByWaiver {
		return
	}
	for i := range c.st.Notices {
		if n := &c.st.Notices[i]; n.Live(c.now, c.terms) && !containsAll(x.Consents, n.Holders) {
			c.block(AdvanceNotice, n.Entry)
		}
	}
	for _, b := range c.st.Burdens {
		if !slices.Contains(x.Consents, b.Holder) {
			c.block(Burdened, b.Entry, "kind", string(b.Kind))
		}
	}
}

// begin is the first moment of the day in China's time; zero for no day.
func (d Date) begin() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), DefaultTerms().Zone)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
