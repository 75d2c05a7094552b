package routing

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing/ledger"
)

// Compile checks a configuration against the ledger and makes the table. All
// faults are told at once, as a *ConfigError; among them every place and time
// for which two agencies would have the same duty. The table keeps parts of
// the configuration: do not change it afterwards.
func Compile(l *ledger.Ledger, c Config) (*Table, error) {
	t := &Table{
		ledger: l, byID: map[hub.AgencyID]int32{}, zones: map[code.Division]*ZoneTable{},
	}
	b := &builder{Table: t, dutiesOf: map[code.Division][]int32{}, rulesOf: map[code.Division][]int32{}}
	b.agencies(c.Agencies)
	for i := range c.Duties {
		b.duty(&c.Duties[i])
	}
	for i := range c.Delegations {
		b.delegation(&c.Delegations[i])
	}
	for i := range c.Zones {
		b.zoneTable(c.Zones[i])
	}
	for i := range c.Rules {
		b.rule(&c.Rules[i])
	}
	b.sortDuties()
	b.sortDelegations()
	b.locals()
	if err := b.err(); err != nil {
		return nil, err
	}
	var err error
	t.digest, err = digest(l, c)
	return t, err
}

// digest is over the ledger and the configuration without its line numbers.
func digest(l *ledger.Ledger, c Config) (hub.Digest, error) {
	c.Agencies = slices.Clone(c.Agencies)
	for i := range c.Agencies {
		c.Agencies[i].Line = 0
	}
	c.Duties = slices.Clone(c.Duties)
	for i := range c.Duties {
		c.Duties[i].Line = 0
	}
	c.Delegations = slices.Clone(c.Delegations)
	for i := range c.Delegations {
		c.Delegations[i].Line = 0
	}
	c.Zones = slices.Clone(c.Zones)
	for i := range c.Zones {
		c.Zones[i].Line = 0
	}
	c.Rules = slices.Clone(c.Rules)
	for i := range c.Rules {
		c.Rules[i].Line = 0
	}
	config, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("routing: digest of the configuration: %w", err)
	}
	return hub.SHA256(fmt.Appendf(nil, "tongban.routing/1\n%s\n%s\n", l.Digest(), config)), nil
}

// builder fills the table and collects the faults of the configuration.
type builder struct {
	*Table
	problems

	dutiesOf map[code.Division][]int32 // by the place they name
	rulesOf  map[code.Division][]int32
	factKeys []string // by slot
}

// find is the index of an agency named in an entry; -1 after telling the fault.
func (b *builder) find(line int, what string, id hub.AgencyID) int32 {
	if i, ok := b.byID[id]; ok {
		return i
	}
	b.add(line, "unknown_agency", "%s: no agency %q", what, id)
	return -1
}

// span is a time within the life of an agency: nothing begins before it does.
func (b *builder) span(line int, what string, from, until ledger.Day, a int32) span {
	s := span{from: from, until: until}
	if s.until == 0 {
		s.until = ledger.Never
	}
	if a >= 0 {
		s.from = max(s.from, b.Table.agencies[a].From)
	}
	if s.from >= s.until {
		b.add(line, "span", "%s: it ends (%s) before it begins (%s)", what, s.until, s.from)
	}
	return s
}

// place checks that a code stood for a place at some time of a span.
func (b *builder) place(line int, what string, c code.Division, s span) {
	for _, r := range b.ledger.History(c) {
		if s.overlaps(span{from: r.From, until: r.Until}) {
			return
		}
	}
	b.add(line, "unknown_place", "%s: %q stood for no place in that time", what, c)
}

func (b *builder) matchers(line int, what string, all []Pattern) []matcher {
	var out []matcher
	for i, p := range all {
		if !p.valid() {
			b.add(line, "pattern", "%s: %q is no item pattern, as transfer.resale, transfer.* or *", what, p)
		}
		if slices.Contains(all[:i], p) {
			b.add(line, "doubled", "%s: item %q is named twice", what, p)
			continue
		}
		out = append(out, p.matcher())
	}
	return out
}

func (b *builder) duty(d *Duty) {
	a := b.find(d.Line, "duty", d.Agency)
	if len(d.Places) == 0 || len(d.Items) == 0 {
		b.add(d.Line, "empty", "a duty of %s needs places and items", d.Agency)
	}
	s := b.span(d.Line, "duty of "+string(d.Agency), d.From, d.Until, a)
	match := b.matchers(d.Line, "duty of "+string(d.Agency), d.Items)
	for _, p := range d.Places {
		b.place(d.Line, "duty of "+string(d.Agency), p, s)
		for _, m := range match {
			b.dutiesOf[p] = append(b.dutiesOf[p], int32(len(b.duties)))
			b.duties = append(b.duties, duty{span: s, agency: a, place: p, match: m, line: d.Line})
		}
	}
}

func (b *builder) delegation(d *Delegation) {
	from, to := b.find(d.Line, "delegation", d.Agency), b.find(d.Line, "delegation", d.To)
	what := fmt.Sprintf("delegation of %s", d.Agency)
	if d.Agency == d.To {
		b.add(d.Line, "delegation", "%s: to itself", what)
	}
	if len(d.Items) == 0 {
		b.add(d.Line, "empty", "%s: it needs items", what)
	}
	s := b.span(d.Line, what, d.From, d.Until, to)
	places := d.Places
	if len(places) == 0 {
		places = []code.Division{0}
	}
	match := b.matchers(d.Line, what, d.Items)
	for _, p := range places {
		if p != 0 {
			b.place(d.Line, what, p, s)
		}
		for _, m := range match {
			if from >= 0 {
				b.Table.agencies[from].delegations = append(b.Table.agencies[from].delegations, int32(len(b.delegations)))
			}
			b.delegations = append(b.delegations, delegation{span: s, to: to, place: p, match: m, line: d.Line})
		}
	}
}

// sortDuties puts the best pattern first, lets a duty of an ended agency stop
// where another's begins, and tells what still overlaps.
func (b *builder) sortDuties() {
	for place, list := range b.dutiesOf {
		slices.SortStableFunc(list, func(i, j int32) int {
			x, y := &b.duties[i], &b.duties[j]
			return cmp.Or(cmp.Compare(y.match.rank(), x.match.rank()), cmp.Compare(x.match.text, y.match.text),
				cmp.Compare(x.from, y.from))
		})
		for n, i := range list {
			x := &b.duties[i]
			for _, j := range list[n+1:] {
				y := &b.duties[j]
				if y.match != x.match {
					break
				}
				if x.agency >= 0 && b.Table.agencies[x.agency].closed <= y.from {
					x.until = min(x.until, y.from)
				}
				if x.overlaps(y.span) {
					b.add(y.line, "overlap", "%s and %s (line %d) both have %s in %s from %s", b.name(y.agency), b.name(x.agency),
						x.line, y.match, place, y.from)
				}
			}
		}
	}
}

func (b *builder) sortDelegations() {
	for a := range b.Table.agencies {
		list := b.Table.agencies[a].delegations
		slices.SortStableFunc(list, func(i, j int32) int {
			x, y := &b.delegations[i], &b.delegations[j]
			return cmp.Or(cmp.Compare(y.place.Level(), x.place.Level()), cmp.Compare(y.match.rank(), x.match.rank()),
				cmp.Compare(x.from, y.from))
		})
		for n, i := range list {
			x := &b.delegations[i]
			for _, j := range list[n+1:] {
				if y := &b.delegations[j]; y.match == x.match && y.place == x.place && x.overlaps(y.span) {
					b.add(y.line, "overlap", "%s delegates %s twice at one time (line %d)", b.name(int32(a)), y.match, x.line)
				}
			}
		}
	}
}

func (b *builder) name(a int32) string {
	if a < 0 {
		return "an unknown agency"
	}
	return string(b.Table.agencies[a].ID)
}

// locals gives each place its duties and rules and those of the places around
// it. Places without any of their own share what is around them.
func (b *builder) locals() {
	known := map[code.Division]*local{0: {}}
	var of func(c code.Division) *local
	of = func(c code.Division) *local {
		if l, ok := known[c]; ok {
			return l
		}
		l := of(around(c))
		if len(b.dutiesOf[c])+len(b.rulesOf[c]) > 0 {
			rules := slices.Concat(b.rulesOf[c], l.rules)
			slices.Sort(rules)
			l = &local{duties: slices.Concat(b.dutiesOf[c], l.duties), rules: slices.Compact(rules)}
		}
		known[c] = l
		return l
	}
	b.Table.locals = make([]*local, b.ledger.Len())
	for r := range b.Table.locals {
		b.Table.locals[r] = of(b.ledger.Record(ledger.Ref(r)).Code)
	}
}

// around is the next wider place; 0 around a province.
func around(c code.Division) code.Division {
	switch c.Level() {
	case code.LevelCounty:
		return c.Prefecture()
	case code.LevelPrefecture:
		return c.Province()
	}
	return 0
}

func (m matcher) String() string {
	if m.wild {
		return m.text + "*"
	}
	return m.text
}
