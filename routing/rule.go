package routing

import (
	"math"
	"slices"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing/ledger"
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
	in       []string
	min, max int64 // both 0 or both 1 for a truth value
}

// factKind is the type of a fact.
type factKind uint8

const (
	factUnread factKind = iota
	factUnknown
	factIn
	factIs
	factRange
)

func newFactTest(f *FactTest, slot int8) factTest {
	n := factTest{key: f.Key, slot: slot, kind: factRange, in: slices.Clone(f.In), min: math.MinInt64, max: math.MaxInt64}
	if f.Min != nil {
		n.min = *f.Min
	}
	if f.Max != nil {
		n.max = *f.Max
	}
	switch {
	case f.Is != nil && *f.Is:
		n.kind, n.min, n.max = factIs, 1, 1
	case f.Is != nil:
		n.kind, n.min, n.max = factIs, 0, 0
	case len(f.In) > 0:
		n.kind = factIn
	}
	return n
}

// factView reads each fact of a case once, however many rules ask for it.
type factView struct {
	form   hub.Form
	values [viewSlots]factValue
}

// factValue is a fact by its type; truth is 0 or 1 in num.
type factValue struct {
	kind factKind
	num  int64
	text string
}

// read takes a fact of the case. A missing one is unknown, as is one of a
// type no rule can ask for.
func read(value any) factValue {
	switch v := value.(type) {
	case string:
		return factValue{kind: factIn, text: v}
	case bool:
		if v {
			return factValue{kind: factIs, num: 1}
		}
		return factValue{kind: factIs}
	case int64:
		return factValue{kind: factRange, num: v}
	}
	return factValue{kind: factUnknown}
}

// passes reports whether the fact of the case passes a test.
func (v *factView) passes(f *factTest) bool {
	var beyond factValue
	value := &beyond
	if f.slot >= 0 {
		value = &v.values[f.slot]
	}
	if value.kind == factUnread {
		*value = read(v.form[f.key])
	}
	if value.kind != f.kind {
		return false
	}
	if f.kind == factIn {
		return slices.Contains(f.in, value.text)
	}
	return f.min <= value.num && value.num <= f.max
}

// ruleFor is the first rule that matches; -1 for none. It also tells how many
// rules the place has.
func (t *Table) ruleFor(q *Query, place ledger.Ref) (found int32, of int) {
	list := t.locals[place].rules
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
		if !view.passes(&r.facts[i]) {
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
