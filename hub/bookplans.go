package hub

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongban/hub/code"
	"tongban/hub/register"
)

// What each item asks of the register. See bookPlans.

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
