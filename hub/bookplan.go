package hub

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tongban/hub/code"
	"tongban/hub/register"
)

// bookPlan turns a case into the steps that it asks of the register, all of
// which are booked in one booking or none. What the form says and the register
// does not know is a field error, collected in wrong.
type bookPlan struct {
	c      *Case
	keys   *Keyring
	states map[code.Unit]*register.State
	names  map[PartyRef]RegisterPerson // whom the register names as holders of the unit

	steps []register.Step
	wrong []FieldError
}

// bookPlans say, for each item that ends in the register, what is booked.
// Items that are not here end without it.
var bookPlans = map[ItemCode]func(*bookPlan){
	"transfer.resale":            (*bookPlan).resale,
	"transfer.new":               (*bookPlan).newHome,
	"transfer.inherit":           (*bookPlan).inheritance,
	"transfer.spouse":            (*bookPlan).spouses,
	"notice.dual":                (*bookPlan).dualNotice,
	"mortgage.first":             (*bookPlan).mortgage,
	"mortgage.cancel":            (*bookPlan).mortgageEnds,
	"package.mortgaged_transfer": (*bookPlan).mortgagedTransfer,
	"change":                     (*bookPlan).change,
	"first.building":             (*bookPlan).building,
}

// units are the units that the case's plan looks at.
func (c *Case) units() []code.Unit {
	list := []code.Unit{code.Unit(c.Unit)}
	for _, row := range c.rows("units") {
		if u, ok := row["unit"].(string); ok && !slices.Contains(list, code.Unit(u)) {
			list = append(list, code.Unit(u))
		}
	}
	return list
}

// rows are the rows of a list field.
func (c *Case) rows(key string) []map[string]any {
	list, _ := c.Form[key].([]any)
	out := make([]map[string]any, 0, len(list))
	for _, r := range list {
		if m, ok := r.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func (p *bookPlan) unit() code.Unit { return code.Unit(p.c.Unit) }

func (p *bookPlan) state() *register.State {
	if st := p.states[p.unit()]; st != nil {
		return st
	}
	return &register.State{Unit: p.unit()}
}

func (p *bookPlan) text(key string) string  { s, _ := p.c.Form[key].(string); return s }
func (p *bookPlan) number(key string) int64 { n, _ := p.c.Form[key].(int64); return n }
func (p *bookPlan) yes(key string) bool     { b, _ := p.c.Form[key].(bool); return b }
func (p *bookPlan) add(ops ...register.Op)  { p.steps = append(p.steps, stepsOf(ops)...) }
func (p *bookPlan) fail(field, reason string) {
	p.wrong = append(p.wrong, FieldError{"/form/" + field, reason, "the register does not agree"})
}

func stepsOf(ops []register.Op) []register.Step {
	out := make([]register.Step, len(ops))
	for i, o := range ops {
		out[i] = register.Step{Op: o}
	}
	return out
}

// refs are the parties of the roles, in the order of the case.
func (p *bookPlan) refs(roles ...string) []register.Ref {
	var out []register.Ref
	for i, party := range p.c.Parties {
		if slices.Contains(roles, party.Role) {
			out = append(out, register.Ref(p.c.PartyRefs[i]))
		}
	}
	return out
}

// creditor is the one creditor of a role. Several creditors of one mortgage
// are not covered.
func (p *bookPlan) creditor(role string) register.Ref {
	list := p.refs(role)
	if len(list) != 1 {
		p.wrong = append(p.wrong, FieldError{"/parties", "count", "the register takes one creditor for a mortgage"})
		return ""
	}
	return list[0]
}

// ownership is how the people will hold the right: joint as the form says,
// else by the shares it names, else equal shares (民法典 308, 309).
func (p *bookPlan) ownership(people []register.Ref, joint bool, shares string) register.Ownership {
	joint = joint || strings.Contains(shares, "共同共有")
	if len(people) == 1 {
		return register.Ownership{Mode: register.Sole, Holders: []register.Holder{{Ref: people[0]}}}
	}
	o := register.Ownership{Mode: register.Joint}
	if !joint {
		o.Mode = register.ByShares
	}
	parts := readShares(shares)
	if !joint && shares != "" && len(parts) != len(people) {
		p.fail("shares", "shares")
	}
	for i, r := range people {
		h := register.Holder{Ref: r}
		switch {
		case joint:
		case len(parts) == len(people):
			h.Share = parts[i]
		default:
			h.Share = register.Share{Num: 1, Den: int64(len(people))}
		}
		o.Holders = append(o.Holders, h)
	}
	return o
}

var shareForm = regexp.MustCompile(`(\d{1,6})\s*[/／]\s*(\d{1,6})|(\d{1,3})\s*[%％]`)

// readShares finds the fractions in a text such as 张三 1/2、李四 1/2 or 60% 40%.
func readShares(s string) []register.Share {
	var out []register.Share
	for _, m := range shareForm.FindAllStringSubmatch(s, -1) {
		num, den := m[1], m[2]
		if m[3] != "" {
			num, den = m[3], "100"
		}
		n, _ := strconv.ParseInt(num, 10, 64)
		d, _ := strconv.ParseInt(den, 10, 64)
		out = append(out, register.Share{Num: n, Den: d})
	}
	return out
}

func (p *bookPlan) resale() {
	sellers, buyers := p.refs("seller"), p.refs("buyer")
	p.add(&register.Transfer{
		Unit: p.unit(), Ground: register.ByAgreement, From: sellers, Acting: append(sellers, buyers...),
		To: p.ownership(buyers, p.yes("joint"), p.text("shares")), Notice: p.notice(register.NoticeOwnership, buyers),
	})
}

func (p *bookPlan) newHome() {
	developer, buyers := p.refs("developer"), p.refs("buyer")
	notice := p.notice(register.NoticeOwnership, buyers)
	if p.yes("noticed") && notice == "" {
		p.fail("noticed", "not_in_register")
	}
	p.add(&register.Transfer{
		Unit: p.unit(), Ground: register.ByAgreement, From: developer, Acting: append(developer, buyers...),
		To: p.ownership(buyers, p.yes("joint"), p.text("shares")), Notice: notice,
	})
}

// notice is the advance notice of these people that the registration fulfils, "" when there is none.
func (p *bookPlan) notice(kind register.NoticeKind, holders []register.Ref) register.EntryID {
	for _, n := range p.state().Notices {
		if n.Kind == kind && slices.ContainsFunc(n.Holders, func(r register.Ref) bool { return slices.Contains(holders, r) }) {
			return n.Entry
		}
	}
	return ""
}

// inheritance: the whole right goes over to the heirs. A surviving co-owner
// takes part as one of the parties.
func (p *bookPlan) inheritance() {
	owners := p.state().Title.Owners.Refs()
	dead := strings.TrimSpace(p.text("deceased"))
	if len(owners) > 0 && !slices.ContainsFunc(owners, func(r register.Ref) bool { return p.names[PartyRef(r)].Name == dead }) {
		p.fail("deceased", "not_holder")
	}
	var heirs []register.Ref
	var shares []string
	rows := p.c.rows("heirs")
	for i, party := range p.c.Parties {
		if party.Role != "heir" {
			continue
		}
		at := slices.IndexFunc(rows, func(r map[string]any) bool { return r["name"] == party.Name })
		if at < 0 {
			p.fail("heirs", "party_missing")
			continue
		}
		if w, _ := rows[at]["waives"].(bool); w {
			continue
		}
		heirs = append(heirs, register.Ref(p.c.PartyRefs[i]))
		if s, _ := rows[at]["share"].(string); s != "" {
			shares = append(shares, s)
		}
	}
	if len(heirs) == 0 {
		p.fail("heirs", "required")
		return
	}
	p.add(&register.Transfer{
		Unit: p.unit(), Ground: register.ByInheritance, From: owners, Acting: p.refs("heir"),
		To: p.ownership(heirs, false, strings.Join(shares, "、")),
	})
}

// spouses: after a divorce, or between spouses. The form says who holds it then.
func (p *bookPlan) spouses() {
	both := p.refs("spouse")
	ground := register.ByMarriage
	if p.text("ground") == "divorce_court" {
		ground = register.ByJudgment
	}
	to, joint := both, false
	switch p.text("owner_after") {
	case "first":
		to = both[:1]
	case "second":
		if len(both) < 2 {
			p.fail("owner_after", "party_missing")
			return
		}
		to = both[1:2]
	case "joint":
		joint = true
	}
	p.add(&register.Transfer{
		Unit: p.unit(), Ground: ground, From: p.state().Title.Owners.Refs(), Acting: both,
		To: p.ownership(to, joint, p.text("shares")),
	})
}

// dualNotice enters the two advance notices of a flat that is sold on a loan
// before it is built or, at the stage of conversion, turns both into the rights.
func (p *bookPlan) dualNotice() {
	developer, buyers, bank := p.refs("developer"), p.refs("buyer"), p.creditor("bank")
	if p.text("stage") == "conversion" {
		p.newHome()
		p.add(&register.Mortgage{
			Unit: p.unit(), Kind: register.OrdinaryMortgage, Creditor: bank, Debt: p.number("loan"), Begins: register.Date(p.text("term_from")),
			Until: register.Date(p.text("term_to")), Scope: p.scope(), Acting: append(slices.Clone(buyers), bank),
			Notice: p.notice(register.NoticeMortgage, []register.Ref{bank}),
		})
		return
	}
	p.add(
		&register.Notice{
			Unit: p.unit(), Kind: register.NoticeOwnership, Obligors: developer, Holders: buyers, Acting: append(developer, buyers...),
		},
		&register.Notice{
			Unit: p.unit(), Kind: register.NoticeMortgage, Obligors: buyers, Holders: []register.Ref{bank}, Debt: p.number("loan"),
			Acting: append(slices.Clone(buyers), bank), Consents: buyers,
		})
}

func (p *bookPlan) mortgage() {
	owners, bank := p.refs("owner"), p.creditor("bank")
	kind := register.OrdinaryMortgage
	if p.text("mortgage_kind") == "maximum" {
		kind = register.MaximumMortgage
	}
	p.add(&register.Mortgage{
		Unit: p.unit(), Kind: kind, Creditor: bank, Debt: p.number("debt"), Begins: register.Date(p.text("term_from")),
		Until: register.Date(p.text("term_to")), NoTransfer: p.yes("no_transfer"), Scope: p.scope(),
		Acting: append(owners, bank), Notice: p.notice(register.NoticeMortgage, []register.Ref{bank}),
	})
}

// scope is what a mortgage secures; the usual where the form does not say.
func (p *bookPlan) scope() string {
	if s := p.text("scope"); s != "" {
		return s
	}
	return "principal_interest_costs"
}

// proved is the mortgage of a registration proof.
func (p *bookPlan) proved(field string) register.EntryID {
	for _, m := range p.state().Mortgages {
		if slices.Contains(m.Certificates, p.text(field)) {
			return m.Entry
		}
	}
	p.fail(field, "not_in_register")
	return ""
}

func (p *bookPlan) mortgageEnds() {
	ground := register.ByAgreement
	switch p.text("reason") {
	case "waived":
		ground = register.ByWaiver
	case "court":
		ground = register.ByJudgment
	}
	p.add(&register.MortgageCancel{
		Unit: p.unit(), Mortgage: p.proved("proof_no"), Ground: ground, Acting: p.refs("bank", "owner"),
	})
}

// mortgagedTransfer is the sale of a mortgaged home in one booking
// (自然资发〔2023〕29号): with the old bank's consent the right goes over with
// the mortgage; a new bank's mortgage joins it, and where the loan is paid off
// in the same moment the old one ends.
func (p *bookPlan) mortgagedTransfer() {
	sellers, buyers, old := p.refs("seller"), p.refs("buyer"), p.refs("old_bank")
	entry := p.proved("proof_no")
	p.add(&register.Transfer{
		Unit: p.unit(), Ground: register.ByAgreement, From: sellers, Acting: append(sellers, buyers...),
		To: p.ownership(buyers, p.yes("joint"), p.text("shares")), Consents: old,
	})
	fresh := p.refs("new_bank")
	if p.text("mode") == "changed" {
		to := old
		if len(fresh) > 0 {
			to = fresh
			p.add(&register.MortgageTransfer{Unit: p.unit(), Mortgage: entry, To: fresh[0], Acting: append(slices.Clone(old), fresh...)})
		}
		debt, until := p.number("loan"), register.Date(p.text("term_to"))
		p.add(&register.MortgageChange{Unit: p.unit(), Mortgage: entry, Debt: &debt, Until: &until, Acting: append(slices.Clone(buyers), to...)})
		return
	}
	if len(fresh) > 0 {
		p.add(&register.Mortgage{
			Unit: p.unit(), Kind: register.OrdinaryMortgage, Creditor: fresh[0], Debt: p.number("loan"),
			Begins: register.Date(p.text("term_from")), Until: register.Date(p.text("term_to")),
			Scope: p.scope(), Acting: append(slices.Clone(buyers), fresh[0]),
		})
	}
	if p.text("mode") == "joined" {
		p.add(&register.MortgageCancel{Unit: p.unit(), Mortgage: entry, Ground: register.ByAgreement, Acting: old})
	}
}

func (p *bookPlan) change() {
	owners, fresh := p.refs("owner"), p.text("new_value")
	patch := register.Patch{}
	switch p.text("change_kind") {
	case "address":
		patch.Location = &fresh
	case "use":
		patch.Use = &fresh
	case "area":
		area, ok := readArea(fresh)
		if !ok {
			p.fail("new_value", "invalid")
			return
		}
		patch.Area = &area
	case "id": // the first party is registered under the old number
		was := register.Ref(p.keys.PartyRef(p.c.Parties[0].IDKind, p.text("old_value")))
		if !slices.Contains(p.state().Title.Owners.Refs(), was) {
			p.fail("old_value", "not_holder")
		}
		patch.Renames = []register.Rename{{From: was, To: owners[0]}}
	default: // name: the person, and so the reference, stays
		if was := p.names[PartyRef(owners[0])].Name; was != strings.TrimSpace(p.text("old_value")) {
			p.fail("old_value", "not_holder")
		}
		patch.Renames = []register.Rename{{From: owners[0], To: owners[0]}}
	}
	p.add(&register.Change{Unit: p.unit(), Patch: patch, Acting: owners})
}

// readArea reads square metres with up to two decimals as 0.01 m².
func readArea(s string) (int64, bool) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(s), "平方米"), "㎡"))
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f <= 0 || f > 1e8 {
		return 0, false
	}
	return int64(f*100 + 0.5), true
}

func (p *bookPlan) building() {
	developer := p.refs("developer")
	for i, row := range p.c.rows("units") {
		u, _ := row["unit"].(string)
		area, _ := row["area"].(int64)
		use, _ := row["use"].(string)
		if !strings.HasPrefix(u, p.c.Unit[:19]) {
			p.fail(fmt.Sprintf("units/%d/unit", i), "other_parcel")
			continue
		}
		p.add(&register.First{
			Unit: code.Unit(u), About: register.Description{Location: p.text("address"), Area: area, Use: use, Nature: "market"},
			Owners: p.ownership(developer, false, ""), Acting: developer,
		})
	}
}
