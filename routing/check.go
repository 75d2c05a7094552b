package routing

import (
	"maps"
	"slices"
	"strings"

	"tongban/hub/code"
	"tongban/routing/ledger"
)

// agencies takes the agencies over and checks how they end.
func (b *builder) agencies(all []Agency) {
	for _, a := range all {
		switch _, doubled := b.byID[a.ID]; {
		case a.ID == "" || strings.ContainsAny(string(a.ID), " \t\n/"):
			b.add(a.Line, "agency", "id %q: it needs one, without spaces or slashes", a.ID)
		case doubled:
			b.add(a.Line, "doubled", "agency %q is named twice", a.ID)
			continue
		}
		if a.Name == "" {
			b.add(a.Line, "agency", "%s has no name", a.ID)
		}
		if a.Place != 0 && len(b.ledger.History(a.Place)) == 0 {
			b.add(a.Line, "unknown_place", "%s sits in %s, which never was a place", a.ID, a.Place)
		}
		n := agency{Agency: a, closed: a.Closed, next: -1}
		if a.Closed == 0 {
			n.closed = ledger.Never
		}
		b.byID[a.ID] = int32(len(b.Table.agencies))
		b.Table.agencies = append(b.Table.agencies, n)
	}
	for i := range b.Table.agencies {
		b.end(&b.Table.agencies[i])
	}
}

func (b *builder) end(a *agency) {
	if a.Closed == 0 {
		if a.End != "" || a.Successor != "" {
			b.add(a.Line, "end", "%s has not ended, so it has no successor", a.ID)
		}
		return
	}
	switch a.End {
	case EndClosed, EndMerged, EndRenamed:
	default:
		b.add(a.Line, "end", "%s: how it ended is %q, want closed, merged or renamed", a.ID, a.End)
	}
	if a.Closed <= a.From {
		b.add(a.Line, "span", "%s ends (%s) before it begins (%s)", a.ID, a.Closed, a.From)
	}
	if a.Successor == "" {
		if a.End == EndMerged || a.End == EndRenamed {
			b.add(a.Line, "end", "%s was %s but no successor is named", a.ID, a.End)
		}
		return
	}
	a.next = b.find(a.Line, "successor of "+string(a.ID), a.Successor)
	if a.next < 0 {
		return
	}
	// The successor must be there on the day. As it then ends later, no row of successors can come back to its beginning.
	if s := &b.Table.agencies[a.next]; s.From > a.Closed || s.closed <= a.Closed {
		b.add(a.Line, "end", "%s is not open on %s to succeed %s", s.ID, a.Closed, a.ID)
		a.next = -1
	}
}

func (b *builder) zoneTable(z ZoneTable) {
	what := "zones of " + z.County.String()
	if len(b.ledger.History(z.County)) == 0 {
		b.add(z.Line, "unknown_place", "%s: no such place", what)
	}
	if b.zones[z.County] != nil {
		b.add(z.Line, "doubled", "%s: there is a table already", what)
	}
	if z.AsOf == 0 {
		b.add(z.Line, "day", "%s: as_of is missing: the day on which the table is right", what)
	}
	if len(z.Areas) == 0 && z.Default == 0 {
		b.add(z.Line, "empty", "%s: neither areas nor a default", what)
	}
	targets := map[code.Division]bool{}
	if z.Default != 0 {
		targets[z.Default] = true
	}
	seen := map[string]bool{}
	for _, a := range z.Areas {
		targets[a.To] = true
		if len(a.Zones) == 0 {
			b.add(z.Line, "empty", "%s: an area without zones", what)
		}
		for _, s := range a.Zones {
			if (len(s) != 3 && len(s) != 6) || strings.Trim(s, "0123456789") != "" {
				b.add(z.Line, "zone", "%s: %q has neither 3 nor 6 digits", what, s)
			}
			if seen[s] {
				b.add(z.Line, "doubled", "%s: zone %s is named twice", what, s)
			}
			seen[s] = true
		}
	}
	for _, to := range slices.Sorted(maps.Keys(targets)) {
		b.target(&z, to)
	}
	b.zones[z.County] = &z
}

// target checks that ground of the county can be in a place on the table's day.
func (b *builder) target(z *ZoneTable, to code.Division) {
	var tr ledger.Trace
	b.ledger.Follow(&tr, z.County, firstCoded, z.AsOf)
	for _, v := range tr.Visits() {
		if v.Holds && b.ledger.Record(v.Ref).Code == to && b.ledger.IsCounty(v.Ref, z.AsOf) {
			return
		}
	}
	b.add(z.Line, "zone", "zones of %s: by the ledger no ground of it was in a county %s on %s", z.County, to, z.AsOf)
}

func (b *builder) rule(r *Rule) {
	what := "rule " + r.ID
	if r.ID == "" || strings.ContainsAny(r.ID, " \t\n") {
		b.add(r.Line, "rule", "id %q: it needs one, without spaces", r.ID)
	}
	if slices.ContainsFunc(b.rules, func(o rule) bool { return o.id == r.ID }) {
		b.add(r.Line, "doubled", "%s: there is one already", what)
	}
	if r.Title == "" {
		b.add(r.Line, "rule", "%s has no title; it is shown as the reason", what)
	}
	if len(r.Places) == 0 {
		b.add(r.Line, "empty", "%s: a rule is local: when.places is missing", what)
	}
	to := b.find(r.Line, what, r.To)
	s := b.span(r.Line, what, r.From, r.Until, to)
	for _, p := range r.Places {
		b.place(r.Line, what, p, s)
		b.rulesOf[p] = append(b.rulesOf[p], int32(len(b.rules)))
	}
	for _, u := range r.Units {
		if len(u) < 6 || len(u) > 28 || strings.Trim(u, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			b.add(r.Line, "unit", "%s: %q is no beginning of a unit number, of 6 to 28 characters", what, u)
		}
	}
	var facts []factTest
	for i := range r.Facts {
		b.fact(r, &r.Facts[i])
		facts = append(facts, newFactTest(&r.Facts[i], b.slot(r.Facts[i].Key)))
	}
	b.rules = append(b.rules, rule{
		span: s, id: r.ID, title: r.Title, titleEn: r.TitleEn, items: b.patternBits(r.Line, what, r.Items),
		units: slices.Clone(r.Units), facts: facts, to: to,
	})
}

func (b *builder) fact(r *Rule, f *FactTest) {
	forms := 0
	for _, set := range []bool{len(f.In) > 0, f.Is != nil, f.Min != nil || f.Max != nil} {
		if set {
			forms++
		}
	}
	if f.Key == "" || forms != 1 {
		b.add(r.Line, "fact", "rule %s: fact %q needs exactly one of: in, is, min and max", r.ID, f.Key)
	}
	if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
		b.add(r.Line, "fact", "rule %s: fact %q: min is above max", r.ID, f.Key)
	}
}

// patternBits gives each pattern that rules name its bit.
func (b *builder) patternBits(line int, what string, all []Pattern) uint64 {
	bits := uint64(0)
	for _, m := range b.matchers(line, what, all) {
		i := slices.Index(b.patterns, m)
		if i < 0 {
			i = len(b.patterns)
			b.patterns = append(b.patterns, m)
		}
		if i >= maxPatterns {
			b.add(line, "pattern", "%s: rules name more than %d different items", what, maxPatterns)
			return 0
		}
		bits |= 1 << i
	}
	return bits
}

// slot numbers the facts that rules ask for, in the order met.
func (b *builder) slot(key string) int8 {
	if i := slices.Index(b.factKeys, key); i >= 0 {
		return int8(i)
	}
	if len(b.factKeys) == viewSlots {
		return -1
	}
	b.factKeys = append(b.factKeys, key)
	return int8(len(b.factKeys) - 1)
}
