package routing

import (
	"slices"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing/ledger"
)

// roomForPath is how many steps may have been noted when one more way of the
// ground, of up to 7 steps, is told; what decides must still find room.
const roomForPath = 6

// site is where ground can be on the date: the visits of a trace that hold.
type site struct {
	trace ledger.Trace
	at    [ledger.MaxTrace]int8
	n     int
}

// collect finds the places after the trace was filled.
func (s *site) collect() {
	visits := s.trace.Visits()
	for i := range visits {
		if visits[i].Holds {
			s.at[s.n] = int8(i)
			s.n++
		}
	}
}

// ref is the record of the i-th place.
func (s *site) ref(i int) ledger.Ref { return s.trace.Visits()[s.at[i]].Ref }

// settle finds the one county: the only one there is, the one of the zone
// table, or the one the clerk chose. Without one it answers for all places if
// one agency has them all, or fills in the refusal; then it returns NoRef.
func (t *Table) settle(d *Decision, s *site, q *Query) ledger.Ref {
	var zone reason
	if s.n > 1 {
		zone = t.narrow(s, q)
	}
	at, place := -1, ledger.NoRef
	switch {
	case q.Choice != 0:
		at, place = t.chosen(s, q)
	case s.n == 1 && t.ledger.IsCounty(s.ref(0), q.Date):
		at, place = 0, s.ref(0)
	}
	if at < 0 {
		t.unsettled(d, s, q, zone)
		return ledger.NoRef
	}
	d.steps.path(t.ledger, &s.trace, int(s.at[at]))
	d.steps.note(zone)
	if q.Choice != 0 {
		d.steps.place(reasonChosen, q.Choice)
	}
	return place
}

// chosen is the county the clerk chose, and which place is or holds it; -1 when
// none does.
func (t *Table) chosen(s *site, q *Query) (int, ledger.Ref) {
	r := t.ledger.At(q.Choice, q.Date)
	if r == ledger.NoRef || !t.ledger.IsCounty(r, q.Date) {
		return -1, ledger.NoRef
	}
	for i := range s.n {
		if ledger.Covers(t.ledger.Record(s.ref(i)).Code, q.Choice) {
			return i, r
		}
	}
	return -1, ledger.NoRef
}

// narrow keeps the places that the zone table allows, and returns the reason.
// A table that allows none of them says nothing.
func (t *Table) narrow(s *site, q *Query) reason {
	if len(q.Unit) < 12 {
		return reason{}
	}
	z := t.zones[q.Unit.Division()]
	if z == nil {
		return reason{}
	}
	to, digits := z.lookup(string(q.Unit[6:12]))
	if to == 0 {
		return reason{}
	}
	var tr ledger.Trace
	t.ledger.Follow(&tr, to, z.AsOf, q.Date)
	kept := 0
	for i := range s.n {
		for _, v := range tr.Visits() {
			if v.Holds && v.Ref == s.ref(i) {
				s.at[i], s.at[kept] = s.at[kept], s.at[i]
				kept++
				break
			}
		}
	}
	if kept == 0 {
		return reason{}
	}
	s.n = kept
	return reason{code: reasonZone, a: int32(z.County), b: int32(to), c: digits}
}

// lookup finds the place of a zone and sub-zone, and how many digits decided.
func (z *ZoneTable) lookup(zone string) (to code.Division, digits int32) {
	for _, n := range [...]int{6, 3} {
		for i := range z.Areas {
			if slices.Contains(z.Areas[i].Zones, zone[:n]) {
				return z.Areas[i].To, int32(n)
			}
		}
	}
	return z.Default, 0
}

// unsettled answers when no single county could be found.
func (t *Table) unsettled(d *Decision, s *site, q *Query, zone reason) {
	first := t.ledger.Record(s.ref(0)).Code
	if s.n == 1 && q.Choice == 0 && s.trace.Visits()[s.at[0]].Parent < 0 {
		d.steps.place(reasonTooWide, first)
		d.Refusal = hub.UnknownPlace
		return
	}
	for i := range s.n {
		d.choices[i] = t.ledger.Record(s.ref(i)).Code
		if d.steps.n <= roomForPath {
			d.steps.path(t.ledger, &s.trace, int(s.at[i]))
		}
	}
	d.nChoices = s.n
	d.steps.note(zone)
	if q.Choice != 0 {
		d.steps.place(reasonNotOffered, q.Choice)
		d.Refusal = hub.AmbiguousSuccessor
		return
	}
	if t.oneForAll(d, s, q) {
		return
	}
	d.steps.add(reasonSeveral, int32(s.n), 0, 0)
	d.Refusal = hub.AmbiguousSuccessor
}

// oneForAll decides when every possible county has the same agency, and says
// by whose duty for the first of them.
func (t *Table) oneForAll(d *Decision, s *site, q *Query) bool {
	var first steps
	var agency hub.AgencyID
	for i := range s.n {
		var rest steps
		into := &rest
		if i == 0 {
			into = &first
		}
		if !t.ledger.IsCounty(s.ref(i), q.Date) {
			return false
		}
		a, refusal := t.responsible(q, s.ref(i), into)
		if refusal != "" || (i > 0 && a != agency) {
			return false
		}
		agency = a
	}
	d.steps.add(reasonSame, int32(s.n), 0, 0)
	for _, r := range first.list[:first.n] {
		d.steps.add(r.code, r.a, r.b, r.c)
	}
	d.Agency = agency
	return true
}
