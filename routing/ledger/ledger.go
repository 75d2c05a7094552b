// Package ledger knows every division (county and above) of GB/T 2260 since
// 1981: from when until when each code stood for which place, and into which
// others its ground went. It answers what a code means on a day and where a
// place is today.
//
// A code alone is no key. Codes are reused (419001 was 义马市 until 1990 and is
// 济源市 since 1996), places are renamed, split and merged, and living counties
// lose parts of their ground. The key is the code with the day from which it
// stood for the place.
//
// The facts are known by year. A year stands for its first of January, and a
// change of that year may really have happened until its last of December;
// updates can give exact days.
package ledger

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"unicode/utf8"

	"tongban/hub/code"
)

// Record is one code standing for one place during one span of time.
type Record struct {
	Code       code.Division
	Name       string // as 郏县; without the province
	From       Day
	Until      Day // the first day the record no longer holds; Never while in force
	Successors []Successor
}

// Successor says that ground of the record went to another division. When On
// is the record's Until, that is all that was left; before it, a part.
type Successor struct {
	To   code.Division
	On   Day
	Last Day // the latest day the change can really have been; On when the day is exact

	to Ref
}

// Ref points at a record of one ledger.
type Ref int32

// NoRef points at nothing.
const NoRef Ref = -1

// span is the place of one code's records.
type span struct{ first, end int32 }

// Ledger is immutable and safe for concurrent use.
type Ledger struct {
	source  string
	through Day
	records []Record // by code, then From
	spans   map[code.Division]span
}

// New builds a ledger and checks it: no two records of a code at one time,
// every successor in force when the ground came to it. Through is the last day
// the facts cover.
func New(source string, through Day, records []Record) (*Ledger, error) {
	l := &Ledger{source: source, through: through, spans: map[code.Division]span{}}
	for _, r := range records {
		r.Successors = slices.Clone(r.Successors)
		l.records = append(l.records, r)
	}
	slices.SortFunc(l.records, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.From, b.From))
	})
	for i := range l.records {
		c := l.records[i].Code
		s, ok := l.spans[c]
		if !ok {
			s.first = int32(i)
		}
		s.end = int32(i) + 1
		l.spans[c] = s
	}
	if err := l.link(); err != nil {
		return nil, err
	}
	return l, l.checkReach()
}

func (l *Ledger) link() error {
	for i := range l.records {
		r := &l.records[i]
		switch {
		case r.Code.Level() == code.LevelNone || r.Name == "" || !utf8.ValidString(r.Name):
			return fmt.Errorf("ledger: record %d (%s) has no code or no name", i, r.Code)
		case r.From <= 0 || r.From >= r.Until:
			return fmt.Errorf("ledger: %s %s: from %s until %s", r.Code, r.Name, r.From, r.Until)
		case i > 0 && l.records[i-1].Code == r.Code && l.records[i-1].Until > r.From:
			return fmt.Errorf("ledger: %s stands for two places on %s", r.Code, r.From)
		}
		slices.SortFunc(r.Successors, func(a, b Successor) int {
			return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.To, b.To))
		})
		for j := range r.Successors {
			s := &r.Successors[j]
			if s.On <= r.From || s.On > r.Until || s.Last < s.On {
				return fmt.Errorf("ledger: %s gives ground to %s on %s, outside its own time", r.Code, s.To, s.On)
			}
			if s.to = l.At(s.To, s.On); s.to == NoRef {
				return fmt.Errorf("ledger: %s gives ground to %s on %s, which is not in force then", r.Code, s.To, s.On)
			}
		}
	}
	return nil
}

// checkReach makes sure that no question can lead to more places than a Trace holds.
func (l *Ledger) checkReach() error {
	var t Trace
	for c := range l.spans {
		if l.Follow(&t, c, 1, Never-1); t.overflow {
			return fmt.Errorf("ledger: %s leads to more than %d places", c, MaxTrace)
		}
	}
	return nil
}

// Source says where the facts come from.
func (l *Ledger) Source() string { return l.source }

// Through is the last day the facts cover; later days are taken as unchanged.
func (l *Ledger) Through() Day { return l.through }

// Len is the number of records.
func (l *Ledger) Len() int { return len(l.records) }

// Record returns what a Ref points at. Do not change it.
func (l *Ledger) Record(r Ref) *Record { return &l.records[r] }

// History is every record of a code, oldest first; empty when the code was
// never in use. Do not change it.
func (l *Ledger) History(c code.Division) []Record {
	s := l.spans[c]
	return l.records[s.first:s.end]
}

// At is the record of a code in force on a day, or NoRef.
func (l *Ledger) At(c code.Division, on Day) Ref {
	s := l.spans[c]
	for i := s.end - 1; i >= s.first; i-- {
		if r := &l.records[i]; r.From <= on && on < r.Until {
			return Ref(i)
		}
	}
	return NoRef
}

// IsCounty reports whether the place counts as a county on the day: it is one,
// or it is a prefecture without counties (441900 东莞).
func (l *Ledger) IsCounty(r Ref, on Day) bool {
	c := l.records[r].Code
	switch c.Level() {
	case code.LevelCounty:
		return true
	case code.LevelPrefecture:
		for i := int(l.spans[c].end); i < len(l.records) && l.records[i].Code.Prefecture() == c; i++ {
			if l.records[i].From <= on && on < l.records[i].Until {
				return false
			}
		}
		return true
	}
	return false
}

// Covers reports whether the wider place (a province, a prefecture or the
// place itself) holds the narrower one, by their codes.
func Covers(wide, narrow code.Division) bool {
	return wide != 0 && (wide == narrow || wide == narrow.Prefecture() || wide == narrow.Province())
}

// InForce is every record that holds on a day, in order of code.
func (l *Ledger) InForce(on Day) iter.Seq[Ref] {
	return func(yield func(Ref) bool) {
		for i := range l.records {
			if r := &l.records[i]; r.From <= on && on < r.Until && !yield(Ref(i)) {
				return
			}
		}
	}
}

// FullName is the name with province and prefecture before it, as they were
// on the day: 河南省平顶山市郏县. A district of a municipality has no
// prefecture in between.
func (l *Ledger) FullName(r Ref, on Day) string {
	rec := &l.records[r]
	name := ""
	for _, above := range []code.Division{rec.Code.Province(), rec.Code.Prefecture()} {
		if above == rec.Code || (above == rec.Code.Province() && name != "") {
			continue
		}
		if a := l.At(above, on); a != NoRef {
			name += l.records[a].Name
		}
	}
	return name + rec.Name
}
