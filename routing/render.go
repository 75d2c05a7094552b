package routing

import (
	"strconv"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing/ledger"
)

// Reasons are the steps of the decision in order, readable without the table.
// They go into the chain as they are; Text makes sentences of them.
func (d *Decision) Reasons() []hub.RouteReason {
	all := make([]hub.RouteReason, 0, d.steps.n)
	for i := range d.steps.n {
		r := &d.steps.list[i]
		all = append(all, hub.RouteReason{Code: r.code.String(), Args: d.args(r)})
	}
	return all
}

// args names what a step is about.
func (d *Decision) args(r *reason) map[string]string {
	t := d.table
	switch r.code {
	case reasonMoved:
		return d.movedArgs(code.Division(r.a), code.Division(r.b), ledger.Day(r.c))
	case reasonZone:
		zone := ""
		if r.c > 0 {
			zone = string(d.Query.Unit[6 : 6+r.c])
		}
		return map[string]string{
			"county": code.Division(r.a).String(), "zone": zone,
			"to": code.Division(r.b).String(), "to_name": d.name(code.Division(r.b), d.Query.Date),
		}
	case reasonSame, reasonSeveral, reasonNoRule:
		return map[string]string{"count": strconv.Itoa(int(r.a))}
	case reasonRule:
		x := &t.rules[r.a]
		return map[string]string{"rule": x.id, "title": x.title, "title_en": x.titleEn, "agency": string(t.agencies[x.to].ID)}
	case reasonDuty:
		x := &t.duties[r.a]
		return map[string]string{
			"agency": string(t.agencies[x.agency].ID), "agency_name": t.agencies[x.agency].Name,
			"items": x.match.String(), "place": x.place.String(), "place_name": d.name(x.place, d.Query.Date),
			"from": x.from.String(),
		}
	case reasonEnded:
		return t.endArgs(r)
	case reasonDelegated, reasonDelegateGone:
		x := &t.delegations[r.a]
		return map[string]string{
			"agency": string(t.agencies[x.to].ID), "agency_name": t.agencies[x.to].Name, "items": x.match.String(),
			"from": x.from.String(),
		}
	case reasonNoItem:
		return nil
	}
	c := code.Division(r.a)
	return map[string]string{"division": c.String(), "name": d.name(c, d.Query.Date)}
}

func (d *Decision) movedArgs(from, to code.Division, on ledger.Day) map[string]string {
	args := map[string]string{
		"from": from.String(), "from_name": d.name(from, on-1), "to": to.String(), "to_name": d.name(to, on), "on": on.String(),
	}
	l := d.table.ledger
	if r := l.At(from, on-1); r != ledger.NoRef {
		for _, s := range l.Record(r).Successors {
			if s.To == to && s.On == on && s.Last != on {
				args["on"] = args["on"][:len("2006")] // only the year is known
			}
		}
	}
	return args
}

func (t *Table) endArgs(r *reason) map[string]string {
	x := &t.agencies[r.a]
	args := map[string]string{
		"agency": string(x.ID), "agency_name": x.Name, "how": string(x.End), "on": x.closed.String(),
	}
	if r.b >= 0 {
		args["successor"], args["successor_name"] = string(t.agencies[r.b].ID), t.agencies[r.b].Name
	}
	return args
}

// name is the full name of a place on a day; for a code not in force then, its
// last name before, else its first.
func (d *Decision) name(c code.Division, on ledger.Day) string {
	l := d.table.ledger
	if r := l.At(c, on); r != ledger.NoRef {
		return l.FullName(r, on)
	}
	history := l.History(c)
	for i := len(history) - 1; i >= 0; i-- {
		if h := &history[i]; h.From <= on || i == 0 {
			return l.FullName(l.At(c, h.From), h.From)
		}
	}
	return ""
}
