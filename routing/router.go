package routing

import (
	"context"
	"time"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing/ledger"
)

// beijing is the zone in which the law's days are counted everywhere in China.
var beijing = time.FixedZone("UTC+8", 8*3600)

// Router answers the case service's questions from a compiled table.
type Router struct{ table *Table }

// NewRouter makes a router over a table.
func NewRouter(t *Table) *Router { return &Router{t} }

var _ hub.Router = (*Router)(nil)

// Route implements hub.Router. A number that cannot be read is Invalid.
func (r *Router) Route(_ context.Context, q hub.RouteQuery) (hub.RouteDecision, error) {
	x := Query{Item: q.Item, Date: ledger.DayOf(q.Day.In(beijing)), Facts: q.Facts}
	p := &asked{}
	if q.Unit != "" {
		u, err := code.ParseUnit(q.Unit)
		p.check("unit", err)
		x.Unit = u
	} else {
		x.Place = p.division("place", q.Place)
	}
	if q.Choice != "" {
		x.Choice = p.division("choice", q.Choice)
	}
	if err := hub.InvalidFields(p.fields); err != nil {
		return hub.RouteDecision{}, err
	}
	d := r.table.Decide(x)
	if err := d.Err(); err != nil {
		return hub.RouteDecision{}, err
	}
	out := hub.RouteDecision{Agency: d.Agency, Reasons: d.Reasons(), Rules: d.Rules()}
	if d.Place != 0 {
		out.Place = d.Place.String()
	}
	return out, nil
}
