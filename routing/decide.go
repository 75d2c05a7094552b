package routing

import (
	"tongban/hub"
	"tongban/routing/ledger"
)

// Decide answers a query. It is pure, safe for concurrent use and does not
// allocate.
func (t *Table) Decide(q Query) Decision {
	d := Decision{Query: q, table: t}
	d.Query.Facts = nil
	if q.Item == "" {
		d.steps.place(reasonNoItem, 0)
		d.Refusal = hub.UnknownItem
		return d
	}
	var s site
	if !t.locate(&d, &s.trace) {
		return d
	}
	s.collect()
	if place := t.settle(&d, &s, &q); place != ledger.NoRef {
		d.Place = t.ledger.Record(place).Code
		d.Agency, d.Refusal = t.responsible(&q, place, &d.steps)
	}
	return d
}

// locate follows the unit's county, or the place named, to the date.
func (t *Table) locate(d *Decision, tr *ledger.Trace) bool {
	q := &d.Query
	c, since := q.Place, q.Date
	if q.Unit != "" {
		c, since = q.Unit.Division(), firstCoded
		if q.Coded != 0 {
			since = q.Coded
		}
		d.steps.place(reasonCoded, c)
	} else {
		d.steps.place(reasonAsked, c)
	}
	switch t.ledger.Follow(tr, c, since, q.Date) {
	case ledger.Followed:
		return true
	case ledger.NeverUsed:
		d.steps.place(reasonNeverUsed, c)
	case ledger.NotYet:
		d.steps.place(reasonNotYet, c)
	case ledger.Gone:
		d.steps.place(reasonGone, c)
	}
	d.Refusal = hub.UnknownPlace
	return false
}

// responsible finds the agency for a county on the date: rule, else duty; then
// the agency's end; then its delegation.
func (t *Table) responsible(q *Query, place ledger.Ref, s *steps) (hub.AgencyID, hub.Code) {
	found, of := t.ruleFor(q, place)
	var a int32
	if found >= 0 {
		s.add(reasonRule, found, 0, 0)
		a = t.rules[found].to
	} else {
		if of > 0 {
			s.add(reasonNoRule, int32(of), 0, 0)
		}
		i := t.dutyFor(q.Item, place, q.Date)
		if i < 0 {
			s.place(reasonNoDuty, t.ledger.Record(place).Code)
			return "", hub.NoAgency
		}
		s.add(reasonDuty, i, 0, 0)
		a = t.duties[i].agency
	}
	for t.agencies[a].closed <= q.Date {
		next := t.agencies[a].next
		s.add(reasonEnded, a, next, 0)
		if next < 0 {
			return "", hub.AgencyClosed
		}
		a = next
	}
	if i := t.delegationFor(a, q.Item, t.ledger.Record(place).Code, q.Date); i >= 0 {
		if to := t.delegations[i].to; t.agencies[to].closed > q.Date {
			s.add(reasonDelegated, i, 0, 0)
			a = to
		} else {
			s.add(reasonDelegateGone, i, 0, 0)
		}
	}
	return t.agencies[a].ID, ""
}
