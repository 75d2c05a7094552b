package ledger

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"tongban/hub/code"
	"tongban/routing/internal/strict"
)

const maxUpdate = 4 << 20 // bytes of an update file

// Update is what became known after the built-in facts were packed. See
// docs/routing.md for the file.
type Update struct {
	Source    string
	Through   Day
	Exact     []Exact
	Ends      []End
	Begins    []Begin
	Transfers []Transfer
}

// Exact gives the real day of a change that the facts know by year only.
type Exact struct {
	Line  int
	Year  int
	Codes []code.Division
	On    Day
}

// End: a code ceased to stand for its place, whose ground went to successors.
type End struct {
	Line       int
	Code       code.Division
	On, Last   Day
	Successors []code.Division
}

// Begin: a code stands for a place from a day on.
type Begin struct {
	Line int
	Code code.Division
	Name string
	On   Day
}

// Transfer: a place that lives on gave a part of its ground to another.
type Transfer struct {
	Line     int
	From, To code.Division
	On, Last Day
}

// updateFile is the file as written.
type updateFile struct {
	Source  string `yaml:"source"`
	Through string `yaml:"through"`
	Exact   []struct {
		Year  int      `yaml:"year"`
		Codes []string `yaml:"codes"`
		On    string   `yaml:"on"`
	} `yaml:"exact"`
	End []struct {
		Code       string   `yaml:"code"`
		On         string   `yaml:"on"`
		Successors []string `yaml:"successors"`
	} `yaml:"end"`
	Begin []struct {
		Code string `yaml:"code"`
		Name string `yaml:"name"`
		On   string `yaml:"on"`
	} `yaml:"begin"`
	Transfer []struct {
		From string `yaml:"from"`
		To   string `yaml:"to"`
		On   string `yaml:"on"`
	} `yaml:"transfer"`
}

// LoadUpdate reads an update file. An unknown key, a second document or a bad
// value refuses the whole file; all bad values are named with their lines.
func LoadUpdate(r io.Reader) (Update, error) {
	var root yaml.Node
	var f updateFile
	if err := strict.YAML(r, maxUpdate, &f, &root); err != nil {
		return Update{}, fmt.Errorf("ledger update: %w", err)
	}
	p := &updateReader{lines: strict.LinesOf(&root)}
	u := Update{Source: f.Source}
	if u.Source == "" {
		p.fail(1, errors.New("source is missing"))
	}
	u.Through, _ = p.day(1, f.Through)
	for i, x := range f.Exact {
		n := Exact{Line: p.line("exact", i), Year: x.Year}
		n.On, _ = p.day(n.Line, x.On)
		n.Codes = p.codes(n.Line, x.Codes)
		u.Exact = append(u.Exact, n)
	}
	for i, x := range f.End {
		n := End{Line: p.line("end", i)}
		n.On, n.Last = p.day(n.Line, x.On)
		n.Code = p.code(n.Line, x.Code)
		n.Successors = p.codes(n.Line, x.Successors)
		u.Ends = append(u.Ends, n)
	}
	for i, x := range f.Begin {
		n := Begin{Line: p.line("begin", i), Name: x.Name}
		n.On, _ = p.day(n.Line, x.On)
		n.Code = p.code(n.Line, x.Code)
		u.Begins = append(u.Begins, n)
	}
	for i, x := range f.Transfer {
		n := Transfer{Line: p.line("transfer", i)}
		n.On, n.Last = p.day(n.Line, x.On)
		n.From, n.To = p.code(n.Line, x.From), p.code(n.Line, x.To)
		u.Transfers = append(u.Transfers, n)
	}
	if len(p.errs) > 0 {
		return Update{}, errors.Join(p.errs...)
	}
	return u, nil
}

// updateReader collects every bad value with its line.
type updateReader struct {
	lines strict.Lines
	errs  []error
}

func (p *updateReader) line(list string, i int) int { return p.lines.Of(list, i) }

func (p *updateReader) fail(line int, err error) {
	p.errs = append(p.errs, fmt.Errorf("ledger update: line %d: %w", line, err))
}

// day reads a day, or a year when no more is known: its first and last day.
func (p *updateReader) day(line int, s string) (first, last Day) {
	if y, err := strconv.Atoi(s); err == nil && y >= 1981 && y <= 9999 {
		return YearStart(y), YearStart(y+1) - 1
	}
	d, err := ParseDay(s)
	if err != nil {
		p.fail(line, err)
	}
	return d, d
}

func (p *updateReader) code(line int, s string) code.Division {
	c, err := code.ParseDivision(s)
	if err != nil {
		p.fail(line, fmt.Errorf("%q: %w", s, err))
	}
	return c
}

func (p *updateReader) codes(line int, all []string) []code.Division {
	if len(all) == 0 {
		p.fail(line, errors.New("the list of codes is empty"))
	}
	var out []code.Division
	for _, s := range all {
		out = append(out, p.code(line, s))
	}
	return out
}

// Apply returns a new ledger with the update worked in; l stays as it is.
func (l *Ledger) Apply(u Update) (*Ledger, error) {
	if u.Through < l.through {
		return nil, fmt.Errorf("ledger update: goes to %s, the ledger to %s already", u.Through, l.through)
	}
	e := editor{records: slices.Clone(l.records)}
	for i := range e.records {
		e.records[i].Successors = slices.Clone(e.records[i].Successors)
	}
	for _, x := range u.Exact {
		if !e.exact(x) {
			return nil, fmt.Errorf("ledger update: line %d: none of these codes changed in %d", x.Line, x.Year)
		}
	}
	for _, x := range u.Ends {
		if !e.end(x) {
			return nil, fmt.Errorf("ledger update: line %d: %s is not in force before %s", x.Line, x.Code, x.On)
		}
	}
	for _, x := range u.Begins {
		e.records = append(e.records, Record{Code: x.Code, Name: x.Name, From: x.On, Until: Never})
	}
	for _, x := range u.Transfers {
		if !e.give(x) {
			return nil, fmt.Errorf("ledger update: line %d: %s is not in force on %s", x.Line, x.From, x.On)
		}
	}
	return New(l.source+"; "+u.Source, u.Through, e.records)
}

// editor works on records that are not yet a ledger. Each method reports
// whether it found what it was to change.
type editor struct{ records []Record }

func (e *editor) exact(x Exact) bool {
	start, found := YearStart(x.Year), false
	move := func(d *Day) {
		if *d == start {
			*d, found = x.On, true
		}
	}
	for i := range e.records {
		r := &e.records[i]
		mine := slices.Contains(x.Codes, r.Code)
		if mine {
			move(&r.From)
			move(&r.Until)
		}
		for j := range r.Successors {
			if s := &r.Successors[j]; s.On == start && (mine || slices.Contains(x.Codes, s.To)) {
				s.On, s.Last, found = x.On, x.On, true
			}
		}
	}
	return found && x.On >= start && x.On < YearStart(x.Year+1)
}

func (e *editor) end(x End) bool {
	for i := range e.records {
		r := &e.records[i]
		if r.Code != x.Code || r.Until != Never || r.From >= x.On {
			continue
		}
		r.Until = x.On
		for _, to := range x.Successors {
			r.Successors = append(r.Successors, Successor{To: to, On: x.On, Last: x.Last})
		}
		return true
	}
	return false
}

func (e *editor) give(x Transfer) bool {
	for i := range e.records {
		r := &e.records[i]
		if r.Code == x.From && r.From < x.On && x.On < r.Until {
			r.Successors = append(r.Successors, Successor{To: x.To, On: x.On, Last: x.Last})
			return true
		}
	}
	return false
}
