package register

import (
	"slices"
	"time"

	"tongban/hub/code"
)

// checking is one pass over the steps of a plan. Every step is checked on the
// state that the steps before it have made.
type checking struct {
	source   Source
	states   map[code.Unit]*State // working copies
	now      time.Time
	terms    Terms
	needLock bool

	n   int
	op  Op
	st  *State
	out []Obstacle
}

// Check tells everything that stands against the steps, all at once, on these
// states: at acceptance, and by [Register.Book] in the instant of booking.
// States that the steps need (the units they are on, and the land below) and
// that are not in the map count as unknown units. The states are not changed. It is deterministic and reads no clock.
func Check(states map[code.Unit]*State, src Source, steps []Step, now time.Time, t Terms) []Obstacle {
	out, _ := check(states, src, steps, now, t, false)
	return out
}

func check(states map[code.Unit]*State, src Source, steps []Step, now time.Time, t Terms, needLock bool) ([]Obstacle, map[code.Unit]*State) {
	c := &checking{source: src, states: map[code.Unit]*State{}, now: now, terms: t, needLock: needLock}
	for i := range steps {
		c.n, c.op = i, steps[i].Op
		if !c.formed(&steps[i]) {
			continue
		}
		for _, u := range needed(steps[i : i+1]) {
			c.load(states, u)
		}
		c.st = c.states[c.op.on()]
		c.permitted()
		c.lock()
		c.op.check(c)
		c.advance(&steps[i])
	}
	return c.out, c.states
}

func (c *checking) load(states map[code.Unit]*State, u code.Unit) {
	if c.states[u] != nil {
		return
	}
	if s := states[u]; s != nil {
		c.states[u] = s.Clone()
		return
	}
	c.states[u] = &State{Unit: u}
}

// advance makes the state that the next step meets. What does not fit has been
// reported; then the state stays, and later steps are judged as far as it goes.
func (c *checking) advance(st *Step) {
	id := entryID(c.source.BookingID(), c.n)
	for _, u := range touches(st.Op) {
		s := c.states[u].Clone()
		if s.step(st, moment{c.now, Order{s.Version + 1, c.n}, id, st.Certificates}) == nil {
			c.states[u] = s
		}
	}
}

// formed checks the step by itself.
func (c *checking) formed(st *Step) bool {
	if st.Op == nil {
		c.out = append(c.out, Obstacle{Step: c.n, Code: BadForm, Severity: Block, Args: map[string]string{"field": "op"}})
		return false
	}
	var l faults
	st.Op.faults(&l)
	l.need(len(st.Sealed) <= maxSealed, "sealed")
	l.need(len(st.Certificates) <= maxPeople && !repeats(st.Certificates), "certificates")
	for _, n := range st.Certificates {
		l.need(text(n, 100), "certificates")
	}
	for _, f := range l.fields {
		c.out = append(c.out, Obstacle{
			Step: c.n, Unit: st.Op.on(), Code: BadForm, Severity: Block, Args: map[string]string{"field": f},
		})
	}
	return len(l.fields) == 0
}

func (c *checking) add(s Severity, code ObstacleCode, ref EntryID, args ...string) {
	o := Obstacle{Step: c.n, Unit: c.op.on(), Code: code, Severity: s, Ref: ref}
	for i := 0; i+1 < len(args); i += 2 {
		if o.Args == nil {
			o.Args = map[string]string{}
		}
		o.Args[args[i]] = args[i+1]
	}
	c.out = append(c.out, o)
}

func (c *checking) block(code ObstacleCode, ref EntryID, args ...string) {
	c.add(Block, code, ref, args...)
}

func (c *checking) tell(code ObstacleCode, ref EntryID, args ...string) {
	c.add(Tell, code, ref, args...)
}

func (c *checking) info(code ObstacleCode, ref EntryID, args ...string) {
	c.add(Info, code, ref, args...)
}

// disposing tells the ops that need the case's lock. An objection, a seizure,
// or the end of a burden never waits for a running case.
func disposing(o Op) bool {
	switch o.(type) {
	case *Plan, *First, *Transfer, *Change, *Correct, *Cancel, *Mortgage, *MortgageChange, *MortgageTransfer,
		*Notice, *Residence, *Easement:
		return true
	}
	return false
}

// ground is the ground a step names, "" when its kind has none.
func ground(o Op) Ground {
	switch x := o.(type) {
	case *Transfer:
		return x.Ground
	case *Correct:
		return x.Ground
	case *Cancel:
		return x.Ground
	case *MortgageCancel:
		return x.Ground
	case *NoticeCancel:
		return x.Ground
	case *ObjectionCancel:
		return x.Ground
	case *BurdenCancel:
		return x.Ground
	}
	return ""
}

// permitted checks that the source may ask for this at all.
func (c *checking) permitted() {
	switch c.op.(type) {
	case *Seizure, *SeizureExtend, *SeizureLift:
		return // says so itself
	case *Lock, *Unlock:
		if c.source.Kind != FromCase {
			c.block(NotForSource, "")
		}
		return
	}
	switch g := ground(c.op); c.source.Kind {
	case FromCourt:
		if _, suit := c.op.(*ObjectionSuit); g != ByJudgment && !suit {
			c.block(NotForSource, "")
		}
	case FromCase:
		if g == ByOffice {
			c.block(NotForSource, "")
		}
	}
}

func (c *checking) lock() {
	if !disposing(c.op) || c.source.Kind == FromCourt {
		return
	}
	switch k := c.st.Lock; {
	case k != nil && k.Case != c.source.Case():
		c.block(LockedByOther, k.Entry, "case", string(k.Case))
	case k == nil && c.needLock && c.source.Kind == FromCase:
		c.block(NoLock, "")
	}
}

func (c *checking) needsRegistered() bool {
	if c.st.Status != Registered {
		c.block(UnknownUnit, "", "status", string(c.st.Status))
		return false
	}
	return true
}

func (c *checking) needsNew() {
	if c.st.Status != Unknown {
		c.block(UnitExists, "", "status", string(c.st.Status))
	}
}

// needsParcel asks for registered, unseized land below a building. A seizure
// of the land reaches the building on it.
func (c *checking) needsParcel() {
	p, ok := parcelOf(c.op.on())
	if !ok {
		return
	}
	land := c.states[p]
	if land.Status != Registered {
		c.block(UnknownParcel, "", "parcel", string(p))
		return
	}
	if z, _ := land.InForce(c.now); z != nil {
		c.block(Seizing, z.Entry, "court", z.Court, "order", z.Order, "unit", string(p))
	}
	for _, m := range land.Mortgages {
		c.info(MortgageExists, m.Entry)
	}
}

func (c *checking) planMatches(f *First) {
	if c.st.About.Area != f.About.Area {
		c.info(AreaDiffers, "", "planned", itoa(c.st.About.Area), "measured", itoa(f.About.Area))
	}
}

func (c *checking) wholeShares(o Ownership) {
	if !o.whole() {
		c.block(BadShares, "")
	}
}

func (c *checking) transferorsAct(t *Transfer, owners Ownership) {
	if t.Ground.byLaw() {
		return
	}
	all := containsAll(t.From, owners.Refs())
	if all && !owners.mayDispose(t.Acting) || !all && !containsAll(t.Acting, t.From) {
		c.block(WrongHolder, "", "role", "transferor")
	}
}

// seized refuses while a seizure is in force, also one of the land when land
// and building have the same owner (查封扣押冻结规定 21). The land is only looked
// at: a seizure that comes at the same moment counts as the later one.
func (c *checking) seized() {
	if z, _ := c.st.InForce(c.now); z != nil {
		c.block(Seizing, z.Entry, "court", z.Court, "order", z.Order, "unit", string(c.st.Unit))
	}
	p, ok := parcelOf(c.st.Unit)
	if !ok || !containsAny(c.states[p].Title.Owners.Refs(), c.st.Title.Owners.Refs()) {
		return
	}
	if z, _ := c.states[p].InForce(c.now); z != nil {
		c.block(Seizing, z.Entry, "court", z.Court, "order", z.Order, "unit", string(p))
	}
}

// landAlone refuses to dispose of land without the buildings on it (民法典 356).
func (c *checking) landAlone() {
	if len(c.st.Fixtures) > 0 {
		c.block(UnitsRemain, "", "units", itoa(len(c.st.Fixtures)))
	}
}

// notices refuses what a notice's holders do not agree to. They agree when
// they gain, act or consent; a mortgage notice agrees to a gain of its own
// mortgagor, and to other mortgages, which rank behind it.
func (c *checking) notices(gain, act, consent []Ref, converting EntryID) {
	agree := slices.Concat(gain, act, consent)
	_, mortgaging := c.op.(*Mortgage)
	if _, more := c.op.(*MortgageChange); more {
		mortgaging = true
	}
	if n, ok := c.op.(*Notice); ok && n.Kind == NoticeMortgage {
		mortgaging = true
	}
	for i := range c.st.Notices {
		n := &c.st.Notices[i]
		if n.Entry == converting || !n.Live(c.now, c.terms) || containsAll(agree, n.Holders) {
			continue
		}
		if n.Kind == NoticeMortgage && (mortgaging || containsAll(gain, n.Obligors)) {
			continue
		}
		c.block(AdvanceNotice, n.Entry, "kind", string(n.Kind))
	}
}

// converts checks the notice that becomes a right: in force, of that kind, and
// for the same people.
func (c *checking) converts(id EntryID, kind NoticeKind, gain []Ref) {
	if id == "" {
		return
	}
	i := c.st.notice(id)
	switch {
	case i < 0 || c.st.Notices[i].Kind != kind:
		c.block(UnknownEntry, id)
	case !c.st.Notices[i].Live(c.now, c.terms):
		c.block(Lapsed, id)
	case !containsAll(gain, c.st.Notices[i].Holders):
		c.block(WrongHolder, id, "role", "notice_holder")
	}
}

func (c *checking) mortgagesFollow(consents []Ref) {
	for _, m := range c.st.Mortgages {
		if m.NoTransfer && !slices.Contains(consents, m.Creditor) {
			c.block(NoTransferClause, m.Entry)
			continue
		}
		c.info(MortgageFollows, m.Entry)
	}
}

func (c *checking) burdensStay() {
	for _, b := range c.st.Burdens {
		if b.Kind == BurdenResidence {
			c.tell(Burdened, b.Entry, "kind", string(b.Kind))
		} else {
			c.info(Burdened, b.Entry, "kind", string(b.Kind))
		}
	}
}

func (c *checking) objections() {
	for i := range c.st.Objections {
		if o := &c.st.Objections[i]; o.Live(c.now, c.terms) {
			c.tell(ObjectionPending, o.Entry, "about", o.About)
		}
	}
}

func (c *checking) courtOnly() {
	if c.source.Kind != FromCourt {
		c.block(CourtOnly, "")
	}
}

// burden is what residence and easement share.
func (c *checking) burden(acting, consents []Ref) {
	if !c.needsRegistered() {
		return
	}
	if !c.st.Title.Owners.mayDispose(acting) {
		c.block(WrongHolder, "", "role", "owner")
	}
	c.seized()
	c.notices(nil, acting, consents, "")
	for _, m := range c.st.Mortgages {
		c.info(MortgageExists, m.Entry)
	}
	c.objections()
}
