// Package routingtest makes routing tables of any size, for benchmarks and
// for tests that need a busy country.
package routingtest

import (
	"fmt"
	"math/rand/v2"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing"
	"tongban/routing/ledger"
)

// Today is the day the synthetic questions ask about.
var today = ledger.YearStart(2026) + 4

// Synthetic makes a table over the built-in ledger with the given numbers of
// agencies (1 to 3000) and rules, and questions that all end at an agency.
// Equal numbers give equal tables and questions.
//
// Agencies sit in different counties and do everything there; one in ten was
// renamed from another, one in ten delegates its transfers to its neighbour. Places
// beyond the counties that exist are taken twice, by item. All rules are of the
// first province and ask for facts, so that each must be tried there.
func Synthetic(agencies, rules int) (*routing.Table, []routing.Query, error) {
	l, err := ledger.Builtin()
	if err != nil {
		return nil, nil, err
	}
	counties := countiesOf(l)
	rnd := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // not a secret: the same table every time
	rnd.Shuffle(len(counties), func(i, j int) { counties[i], counties[j] = counties[j], counties[i] })
	c := routing.Config{}
	for i := range agencies {
		place := counties[i%len(counties)]
		items := []routing.Pattern{"transfer.*", "mortgage.*", "change"}
		if i >= len(counties) {
			items = []routing.Pattern{"search"}
		}
		id := hub.AgencyID(fmt.Sprintf("%s.office%d", place, i))
		c.Agencies = append(c.Agencies, routing.Agency{ID: id, Name: "登记中心", NameEn: "Registry", Place: place})
		holder := id
		if i%10 == 3 {
			holder += ".old"
			c.Agencies = append(c.Agencies, routing.Agency{
				ID: holder, Name: "登记所", Place: place, Closed: ledger.YearStart(2020), End: routing.EndRenamed, Successor: id,
			})
		}
		c.Duties = append(c.Duties, routing.Duty{Agency: holder, Places: []code.Division{place}, Items: items})
		if i%10 == 7 {
			c.Delegations = append(c.Delegations, routing.Delegation{
				Agency: id, To: c.Agencies[i/2].ID, Items: []routing.Pattern{"transfer.*"},
			})
		}
	}
	province := counties[0].Province()
	for i := range rules {
		least := int64(i)
		c.Rules = append(c.Rules, routing.Rule{
			ID: fmt.Sprintf("r%d", i), Title: "规则", Places: []code.Division{province},
			Items: []routing.Pattern{"transfer.*"}, Facts: []routing.FactTest{{Key: "price", Min: &least}},
			To: c.Agencies[0].ID,
		})
	}
	t, err := routing.Compile(l, c)
	if err != nil {
		return nil, nil, err
	}
	return t, questions(t, rnd, counties[:min(agencies, len(counties))]), nil
}

// countiesOf lists what counts as a county today and always led only to itself.
func countiesOf(l *ledger.Ledger) []code.Division {
	var out []code.Division
	var tr ledger.Trace
	for r := range l.InForce(today) {
		c := l.Record(r).Code
		if l.IsCounty(r, today) && l.Follow(&tr, c, ledger.YearStart(2015), today) == ledger.Followed && len(tr.Visits()) == 1 {
			out = append(out, c)
		}
	}
	return out
}

// questions are mixed: in the place itself, with a price below every rule.
func questions(t *routing.Table, rnd *rand.Rand, counties []code.Division) []routing.Query {
	facts := hub.Form{"price": int64(-1)}
	items := []hub.ItemCode{"transfer.resale", "transfer.new", "mortgage.first", "change"}
	out := make([]routing.Query, 0, 1024)
	for len(out) < cap(out) {
		place := counties[rnd.IntN(len(counties))]
		q := routing.Query{
			Item: items[rnd.IntN(len(items))], Date: today, Facts: facts,
			Unit: code.Unit(place.String() + fmt.Sprintf("%03d%03dGB%05dF%08d", rnd.IntN(999), rnd.IntN(999), rnd.IntN(99999), rnd.IntN(9999))),
		}
		if d := t.Decide(q); d.Refusal == "" {
			out = append(out, q)
		}
	}
	return out
}
