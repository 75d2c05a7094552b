package register

import (
	"slices"

	"tongban/hub/code"
)

// The ops on seizures, lesser rights and locks.
const (
	KindSeizure       OpKind = "seizure"
	KindSeizureExtend OpKind = "seizure_extend"
	KindSeizureLift   OpKind = "seizure_lift"
	KindResidence     OpKind = "residence"
	KindEasement      OpKind = "easement"
	KindBurdenCancel  OpKind = "burden_cancel"
	KindLock          OpKind = "lock"
	KindUnlock        OpKind = "unlock"
)

// Seizure is booked on a court's order only (查封登记). A second one waits
// (轮候) and takes effect when the first has ended.
type Seizure struct {
	Unit   code.Unit `json:"unit"`
	Court  string    `json:"court"`
	Order  string    `json:"order"`
	Months int       `json:"months"` // from its taking effect, at most 36 (民诉法解释 485)
}

func (*Seizure) kind() OpKind    { return KindSeizure }
func (z *Seizure) on() code.Unit { return z.Unit }
func (*Seizure) refs(func(*Ref)) {}
func (z *Seizure) faults(l *faults) {
	l.unit(z.Unit, "unit")
	l.need(text(z.Court, 100), "court")
	l.need(text(z.Order, 100), "order")
	l.need(z.Months > 0 && z.Months <= maxMonths, "months")
}

func (z *Seizure) check(c *checking) {
	c.courtOnly()
	if c.st.Status != Planned && !c.needsRegistered() {
		return
	}
	if first, _ := c.st.InForce(c.now); first != nil {
		c.info(Waits, first.Entry)
	}
}

// SeizureExtend makes a seizure longer (续封).
type SeizureExtend struct {
	Unit    code.Unit `json:"unit"`
	Seizure EntryID   `json:"seizure"`
	Order   string    `json:"order"`
	Months  int       `json:"months"`
}

func (*SeizureExtend) kind() OpKind    { return KindSeizureExtend }
func (z *SeizureExtend) on() code.Unit { return z.Unit }
func (*SeizureExtend) refs(func(*Ref)) {}
func (z *SeizureExtend) faults(l *faults) {
	l.unit(z.Unit, "unit")
	l.need(z.Seizure != "", "seizure")
	l.need(text(z.Order, 100), "order")
	l.need(z.Months > 0 && z.Months <= maxMonths, "months")
}

func (z *SeizureExtend) check(c *checking) {
	c.courtOnly()
	if !slices.ContainsFunc(settle(c.st.Seizures, c.now), func(x Seized) bool { return x.Entry == z.Seizure }) {
		c.block(UnknownEntry, z.Seizure)
	}
}

// SeizureLift ends a seizure (解除查封).
type SeizureLift struct {
	Unit    code.Unit `json:"unit"`
	Seizure EntryID   `json:"seizure"`
	Order   string    `json:"order"`
}

func (*SeizureLift) kind() OpKind    { return KindSeizureLift }
func (z *SeizureLift) on() code.Unit { return z.Unit }
func (*SeizureLift) refs(func(*Ref)) {}
func (z *SeizureLift) faults(l *faults) {
	l.unit(z.Unit, "unit")
	l.need(z.Seizure != "", "seizure")
	l.need(text(z.Order, 100), "order")
}

func (z *SeizureLift) check(c *checking) {
	c.courtOnly()
	if c.st.seizure(z.Seizure) < 0 {
		c.block(UnknownEntry, z.Seizure)
	}
}

// BurdenKind is a right of residence or an easement.
type BurdenKind string

// The kinds of burden.
const (
	BurdenResidence BurdenKind = "residence" // 居住权 (民法典 366)
	BurdenEasement  BurdenKind = "easement"  // 地役权 (民法典 372)
)

// Residence is the first registration of a right of residence.
type Residence struct {
	Unit     code.Unit `json:"unit"`
	Holder   Ref       `json:"holder"`
	Until    Date      `json:"until,omitempty"` // "" for life
	Acting   []Ref     `json:"acting,omitempty"`
	Consents []Ref     `json:"consents,omitempty"`
}

func (*Residence) kind() OpKind        { return KindResidence }
func (r *Residence) on() code.Unit     { return r.Unit }
func (r *Residence) refs(f func(*Ref)) { f(&r.Holder); each(f, r.Acting, r.Consents) }
func (r *Residence) faults(l *faults) {
	l.unit(r.Unit, "unit")
	l.need(r.Unit.FixtureKind() == "F", "unit")
	l.need(r.Holder.ok(), "holder")
	l.need(r.Until == "" || r.Until.wellFormed(), "until")
	l.people(r.Acting, 0, "acting")
	l.people(r.Consents, 0, "consents")
}

func (r *Residence) check(c *checking) { c.burden(r.Acting, r.Consents) }

// Easement is the first registration of an easement.
type Easement struct {
	Unit     code.Unit `json:"unit"`              // the serving unit (供役地)
	Benefit  code.Unit `json:"benefit,omitempty"` // the served unit (需役地)
	Holder   Ref       `json:"holder"`
	Content  string    `json:"content"`
	Until    Date      `json:"until,omitempty"`
	Acting   []Ref     `json:"acting,omitempty"`
	Consents []Ref     `json:"consents,omitempty"`
}

func (*Easement) kind() OpKind        { return KindEasement }
func (e *Easement) on() code.Unit     { return e.Unit }
func (e *Easement) refs(f func(*Ref)) { f(&e.Holder); each(f, e.Acting, e.Consents) }
func (e *Easement) faults(l *faults) {
	l.unit(e.Unit, "unit")
	if e.Benefit != "" {
		l.unit(e.Benefit, "benefit")
	}
	l.need(e.Holder.ok(), "holder")
	l.need(text(e.Content, 1000), "content")
	l.need(e.Until == "" || e.Until.wellFormed(), "until")
	l.people(e.Acting, 0, "acting")
	l.people(e.Consents, 0, "consents")
}

func (e *Easement) check(c *checking) { c.burden(e.Acting, e.Consents) }

// BurdenCancel ends a right of residence or an easement: the holder gives it
// up, has died, its time is over, or a court says so.
type BurdenCancel struct {
	Unit   code.Unit `json:"unit"`
	Burden EntryID   `json:"burden"`
	Ground Ground    `json:"ground"`
	Acting []Ref     `json:"acting,omitempty"`
}

func (*BurdenCancel) kind() OpKind        { return KindBurdenCancel }
func (b *BurdenCancel) on() code.Unit     { return b.Unit }
func (b *BurdenCancel) refs(f func(*Ref)) { each(f, b.Acting) }
func (b *BurdenCancel) faults(l *faults) {
	l.unit(b.Unit, "unit")
	l.need(b.Burden != "", "burden")
	l.ground(b.Ground, ByAgreement, ByWaiver, ByInheritance, ByLapse, ByJudgment)
	l.people(b.Acting, 0, "acting")
}

func (b *BurdenCancel) check(c *checking) {
	i := c.st.burden(b.Burden)
	if i < 0 {
		c.block(UnknownEntry, b.Burden)
		return
	}
	x := c.st.Burdens[i]
	switch {
	case b.Ground == ByLapse && (x.Until == "" || c.now.Before(x.Until.begin().AddDate(0, 0, 1))):
		c.block(NotLapsed, b.Burden)
	case (b.Ground == ByAgreement || b.Ground == ByWaiver) && !slices.Contains(b.Acting, x.Holder):
		c.block(WrongHolder, b.Burden, "role", "burden_holder")
	}
}

// Lock gives one case the sole right to dispose of the unit until it books or
// gives up. Claims are the notices whose registration the case asks for: asked
// for in time, they no longer lapse (民法典 221).
type Lock struct {
	Unit   code.Unit `json:"unit"`
	Case   CaseID    `json:"case"`
	Claims []EntryID `json:"claims,omitempty"`
}

func (*Lock) kind() OpKind    { return KindLock }
func (l *Lock) on() code.Unit { return l.Unit }
func (*Lock) refs(func(*Ref)) {}
func (l *Lock) faults(f *faults) {
	f.unit(l.Unit, "unit")
	f.need(l.Case != "", "case")
	f.need(len(l.Claims) <= maxPeople && !repeats(l.Claims), "claims")
}

func (l *Lock) check(c *checking) {
	if k := c.st.Lock; k != nil {
		c.block(LockedByOther, k.Entry, "case", string(k.Case))
	}
	for _, id := range l.Claims {
		i := c.st.notice(id)
		if i < 0 {
			c.block(UnknownEntry, id)
		} else if !c.st.Notices[i].Live(c.now, c.terms) {
			c.block(Lapsed, id)
		}
	}
}

// Unlock gives the lock back.
type Unlock struct {
	Unit code.Unit `json:"unit"`
	Case CaseID    `json:"case"`
}

func (*Unlock) kind() OpKind    { return KindUnlock }
func (l *Unlock) on() code.Unit { return l.Unit }
func (*Unlock) refs(func(*Ref)) {}
func (l *Unlock) faults(f *faults) {
	f.unit(l.Unit, "unit")
	f.need(l.Case != "", "case")
}

func (l *Unlock) check(c *checking) {
	if c.st.Lock == nil || c.st.Lock.Case != l.Case {
		c.block(NoLock, "")
	}
}
