package standard

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tongban/hub"
)

// keyForm is what a key looks like: it is a name in expressions and in JSON.
var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

var itemForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,3}$`)

// agencyForm keeps keys of stores and addresses unambiguous.
var agencyForm = regexp.MustCompile(`^([0-9]{6}\.[a-z][a-z0-9_]{0,29})?$`)

// The limits of one standard.
const (
	maxEntries = 200 // of one list
	maxWords   = 600 // characters of a text
	maxMiB     = 2048
)

// shape collects what is wrong with the form of a standard.
type shape struct {
	wrong []hub.FieldError
	seen  map[string]bool
}

func (c *shape) fail(at, format string, args ...any) {
	c.wrong = append(c.wrong, hub.FieldError{Pointer: "/" + at, Code: "invalid", Message: fmt.Sprintf(format, args...)})
}

// entry checks what every entry of a list has: a key of its own and its names.
func (c *shape) entry(kind, key, zh, en string) string {
	at := kind + "/" + key
	if !keyForm.MatchString(key) {
		c.fail(at, "a key is a lower-case word of at most 40 letters, digits and _")
	}
	if c.seen[at] {
		c.fail(at, "the key is there twice")
	}
	c.seen[at] = true
	c.words(at, zh, en)
	return at
}

// words checks a text that must be there in both languages.
func (c *shape) words(at, zh, en string) {
	for _, s := range []string{zh, en} {
		if strings.TrimSpace(s) == "" || utf8.RuneCountInString(s) > maxWords || !plain(s) {
			c.fail(at, "needs plain words in zh and en of at most %d characters", maxWords)
			return
		}
	}
}

func (c *shape) count(kind string, n int) {
	if n > maxEntries {
		c.fail(kind, "at most %d entries", maxEntries)
	}
}

// checkShape looks at everything but the expressions.
func checkShape(s *hub.Standard) []hub.FieldError {
	c := &shape{seen: map[string]bool{}}
	if !itemForm.MatchString(string(s.Item)) || len(s.Item) > 60 {
		c.fail("item", "an item is lower-case words with dots between")
	}
	if !agencyForm.MatchString(string(s.Agency)) {
		c.fail("agency", "an agency is a division, a dot and a short name")
	}
	if s.Version < 1 || s.Version > 999_999 {
		c.fail("version", "must be 1 to 999999")
	}
	c.words("name", s.NameZH, s.NameEN)
	if s.Promised < 1 || s.Statutory < s.Promised || s.Statutory > maxDays {
		c.fail("promised_days", "must be 1 or more and at most statutory_days")
	}
	if s.Answer < 1 || s.Answer > maxDays {
		c.fail("answer_days", "must be 1 or more")
	}
	for _, m := range s.Modes {
		if !slices.Contains([]hub.Mode{hub.ModeOnline, hub.ModeForward, hub.ModeJoint}, m) {
			c.fail("modes", "%q is no mode", m)
		}
	}
	for i, b := range s.Basis {
		c.words(fmt.Sprintf("basis/%d", i), b.ZH, b.EN)
	}
	for i := range s.Conditions {
		x := &s.Conditions[i]
		if at := c.entry("conditions", x.Key, x.ZH, x.EN); x.When == "" {
			c.fail(at, "a condition needs an expression")
		}
	}
	c.fields(s)
	c.slots(s)
	c.others(s)
	for kind, n := range map[string]int{
		"basis": len(s.Basis), "conditions": len(s.Conditions), "fields": len(s.Fields), "parties": len(s.Parties),
		"slots": len(s.Slots), "rules": len(s.Rules), "fees": len(s.Fees), "questions": len(s.Questions),
		"outputs": len(s.Outputs), "rejects": len(s.Rejects), "grounds": len(s.Grounds),
	} {
		c.count(kind, n)
	}
	slices.SortStableFunc(c.wrong, func(a, b hub.FieldError) int { return strings.Compare(a.Pointer, b.Pointer) })
	return c.wrong
}

func (c *shape) fields(s *hub.Standard) {
	for i := range s.Fields {
		f := &s.Fields[i]
		at := c.entry("fields", f.Key, f.ZH, f.EN)
		c.field(at, column(f))
		switch {
		case f.Kind == hub.FieldList && len(f.Columns) == 0:
			c.fail(at, "a list needs columns")
		case f.Kind != hub.FieldList && len(f.Columns) > 0:
			c.fail(at, "only a list has columns")
		}
		if (f.HelpZH == "") != (f.HelpEN == "") {
			c.fail(at, "help needs zh and en")
		}
		c.count(at+"/columns", len(f.Columns))
		for k := range f.Columns {
			x := &f.Columns[k]
			where := c.entry(at+"/columns", x.Key, x.ZH, x.EN)
			c.field(where, x)
			if x.Kind == hub.FieldList {
				c.fail(where, "a list has no lists in it")
			}
		}
	}
}

func (c *shape) field(at string, f *hub.Column) {
	if !slices.Contains(hub.FieldKinds(), f.Kind) {
		c.fail(at, "kind %q is not known", f.Kind)
	}
	if (f.Kind == hub.FieldChoice) != (len(f.Options) > 0) {
		c.fail(at, "a choice, and nothing else, has options")
	}
	if f.Min < 0 || f.Max < 0 || f.Max > 0 && f.Min > f.Max || f.Kind == hub.FieldText && f.Max > maxChars || f.Kind == hub.FieldList && f.Max > maxRows {
		c.fail(at, "min and max do not fit")
	}
	c.count(at+"/options", len(f.Options))
	for _, o := range f.Options {
		c.entry(at+"/options", o.Key, o.ZH, o.EN)
	}
}

func (c *shape) slots(s *hub.Standard) {
	if len(s.Slots) == 0 {
		c.fail("slots", "a standard asks for at least one material")
	}
	for i := range s.Slots {
		x := &s.Slots[i]
		at := c.entry("slots", x.Key, x.ZH, x.EN)
		if len(x.Types) == 0 || x.MaxBytes < 1 || x.MaxBytes > maxMiB<<20 || x.MaxBytes%(1<<20) != 0 || x.MaxFiles < 1 || x.MaxFiles > maxRows {
			c.fail(at, "needs types, max_mib and max_files")
		}
		for _, m := range x.Types {
			if kind, sub, ok := strings.Cut(m, "/"); !ok || kind == "" || sub == "" || !plain(m) {
				c.fail(at, "%q is no media type", m)
			}
		}
		if x.ValidDays < 0 || x.ValidDays > 36_500 {
			c.fail(at, "valid_days is out of range")
		}
		for n, h := range x.Hints {
			c.words(fmt.Sprintf("%s/hints/%d", at, n), h.ZH, h.EN)
		}
		for _, r := range x.Rejects {
			c.entry(at+"/rejects", r.Key, r.ZH, r.EN)
		}
	}
}

func (c *shape) others(s *hub.Standard) {
	for i := range s.Parties {
		p := &s.Parties[i]
		if at := c.entry("parties", p.Role, p.ZH, p.EN); p.Min < 0 || p.Max < max(1, p.Min) || p.Max > maxEntries {
			c.fail(at, "min and max do not fit")
		}
	}
	for i := range s.Rules {
		r := &s.Rules[i]
		if at := c.entry("rules", r.Key, r.ZH, r.EN); r.Holds == "" || !strings.HasPrefix(r.At, "/") || !plain(r.At) {
			c.fail(at, "needs an expression and the pointer to what is to be corrected")
		}
	}
	role := func(at, name string) {
		if !slices.ContainsFunc(s.Parties, func(p hub.PartyRule) bool { return p.Role == name }) {
			c.fail(at, "no party %q", name)
		}
	}
	for i := range s.Fees {
		f := &s.Fees[i]
		at := c.entry("fees", f.Key, f.ZH, f.EN)
		if f.Fen < 0 || f.Fen > 100_000_00 || f.Per != "piece" && f.Per != "copy" {
			c.fail(at, "a fee is per piece or copy, in fen, at most 100,000 yuan")
		}
		role(at, f.Payer)
		for n, x := range f.Exempt {
			where := fmt.Sprintf("%s/exempt/%d", at, n)
			c.words(where, x.ZH, x.EN)
			if x.When == "" || x.Percent < 0 || x.Percent > 99 {
				c.fail(where, "needs an expression and the percent that remains, 0 to 99")
			}
		}
		c.count(at+"/exempt", len(f.Exempt))
	}
	for i := range s.Questions {
		q := &s.Questions[i]
		at := c.entry("questions", q.Key, q.ZH, q.EN)
		if q.Kind != hub.FieldBool && q.Kind != hub.FieldText || len(q.Roles) == 0 {
			c.fail(at, "a question is bool or text and is put to somebody")
		}
		for _, r := range q.Roles {
			role(at, r)
		}
	}
	for i := range s.Outputs {
		o := &s.Outputs[i]
		if at := c.entry("outputs", o.Key, o.ZH, o.EN); !slices.Contains(hub.OutputKinds(), o.Kind) {
			c.fail(at, "kind %q is not known", o.Kind)
		}
	}
	for _, r := range s.Rejects {
		c.entry("rejects", r.Key, r.ZH, r.EN)
	}
	for _, g := range s.Grounds {
		c.words("grounds/"+g.At, g.ZH, g.EN)
	}
}
