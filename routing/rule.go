package routing

import (
	"math"
	"slices"

	"tongban/hub"
	"tongban/hub/code"
)

// rule is a rule ready for use.
type rule struct {
	span

	id             string
	title, titleEn string
	items          uint64 // the patterns it names, as bits of Table.patterns; 0 for any item
	units          []string
	facts          []factTest
	to             int32
}

// viewSlots is how many different facts a factView remembers.
const viewSlots = 8

// factTest is a test ready for use. Slot is where a view remembers its fact;
// -1 for a fact beyond the slots.
type factTest struct {
	key      string
	slot     int8
	kind     factKind
	is       bool
	in       []string
	min, max int64
}

type factKind uint8

const (
	factIn factKind = iota
	factIs
	factRange
)

func newFactTest(f *FactTest, slot int8) factTest {
	n := factTest{key: f.Key, slot: slot, in: slices.Clone(f.In), min: math.MinInt64, max: math.MaxInt64}
	if f.Is != nil {
		n.kind, n.is = factIs, *f.Is
	}
	if f.Min != nil {
		n.kind, n.min = factRange, *f.Min
	}
	if f.Max != nil {
		n.kind, n.max = factRange, *f.Max
	}
	return n
}

// factView looks up each fact of a case once, however many rules ask for it.
type factView struct {
	form   hub.Form
	seen   [viewSlots]bool
	values [viewSlots]any
}

func (v *factView) get(f *factTest) any {
	if f.slot < 0 {
		return v.form[f.key]
	}
	if !v.seen[f.slot] {
		v.seen[f.slot], v.values[f.slot] = true, v.form[f.key]
	}
	return v.values[f.slot]
}

// ruleFor is the first rule that matches; -1 for none. It also tells how many
// rules the place has.
func (t *Table) ruleFor(q *Query, place code.Division) (found int32, of int) {
	list := t.rulesOf[place]
	if list == nil {
		list = t.rulesOf[place.Prefecture()]
	}
	if list == nil {
		list = t.rulesOf[place.Province()]
	}
	if len(list) == 0 {
		return -1, 0
	}
	view := factView{form: q.Facts}
	items := t.patternsOf(q.Item)
	for _, i := range list {
		if t.rules[i].matches(q, items, &view) {
			return i, len(list)
		}
	}
	return -1, len(list)
}

// matches takes the item as the patterns it matches.
func (r *rule) matches(q *Query, items uint64, view *factView) bool {
	if !r.holds(q.Date) || (r.items != 0 && r.items&items == 0) {
		return false
	}
	if len(r.units) > 0 && !anyUnit(r.units, q.Unit) {
		return false
	}
	for i := range r.facts {
		if !r.facts[i].holds(view.get(&r.facts[i])) {
			return false
		}
	}
	return true
}

// maxPatterns is how many different item patterns all rules together may name.
const maxPatterns = 64

// patternsOf is the patterns of the rules that match an item, as bits, so that
// an item is compared once and not by every rule.
func (t *Table) patternsOf(item hub.ItemCode) uint64 {
	bits := uint64(0)
	for i := range t.patterns {
		if t.patterns[i].matches(item) {
			bits |= 1 << i
		}
	}
	return bits
}

func anyUnit(all []string, unit code.Unit) bool {
	for _, u := range all {
		if len(unit) >= len(u) && string(unit[:len(u)]) == u {
			return true
		}
	}
	return false
}

// holds reports whether a value of the case passes; a missing one (nil) fails.
func (f *factTest) holds(value any) bool {
	switch v := value.(type) {
	case string:
		return f.kind == factIn && slices.Contains(f.in, v)
	case bool:
		return f.kind == factIs && v == f.is
	case int64:
		return f.kind == factRange && f.min <= v && v <= f.max
	}
	return false
}
