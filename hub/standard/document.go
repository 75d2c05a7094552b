package standard

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tongban/hub"
)

// document is the written form of a standard.
type document struct {
	Item      hub.ItemCode     `yaml:"item"`
	Agency    hub.AgencyID     `yaml:"agency"`
	Version   int              `yaml:"version"`
	From      string           `yaml:"from"`
	Base      int              `yaml:"base,omitempty"`
	Whole     bool             `yaml:"whole,omitempty"` // a variant written out: takes nothing from its base
	Name      text             `yaml:"name,omitempty,flow"`
	Modes     []string         `yaml:"modes,omitempty,flow"`
	Grounds   []text           `yaml:"grounds,omitempty"`
	Answer    int              `yaml:"answer_days,omitempty"`
	Statutory int              `yaml:"statutory_days,omitempty"`
	Promised  int              `yaml:"promised_days,omitempty"`
	Promises  []promise        `yaml:"promises,omitempty"`
	Facts     []condition      `yaml:"facts,omitempty"`
	Parties   []party          `yaml:"parties,omitempty"`
	Fields    []field          `yaml:"fields,omitempty"`
	Rules     []rule           `yaml:"rules,omitempty"`
	Slots     []slot           `yaml:"slots,omitempty"`
	Questions []question       `yaml:"questions,omitempty"`
	Fees      []fee            `yaml:"fees,omitempty"`
	Plan      *plan            `yaml:"plan,omitempty"`
	Outputs   []hub.ResultKind `yaml:"outputs,omitempty,flow"`
	Rejects   []text           `yaml:"rejects,omitempty"`
	Remarks   []text           `yaml:"remarks,omitempty"`
	Remove    *removal         `yaml:"remove,omitempty"`
}

type text struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

type condition struct {
	Key  string `yaml:"key"`
	When string `yaml:"when"`
	text `yaml:",inline"`
}

type promise struct {
	Days int    `yaml:"days"`
	When string `yaml:"when"`
	text `yaml:",inline"`
}

type field struct {
	Key      string   `yaml:"key"`
	Kind     string   `yaml:"kind"`
	Required bool     `yaml:"required,omitempty"`
	If       string   `yaml:"if,omitempty"`
	Personal bool     `yaml:"personal,omitempty"`
	Max      int      `yaml:"max,omitempty"`
	Options  []option `yaml:"options,omitempty"`
	Columns  []field  `yaml:"columns,omitempty"`
	text     `yaml:",inline"`
}

type option struct {
	Key  string `yaml:"key"`
	text `yaml:",inline"`
}

type rule struct {
	Key     string `yaml:"key"`
	Pointer string `yaml:"pointer"`
	Must    string `yaml:"must"`
	text    `yaml:",inline"`
}

type party struct {
	Role string `yaml:"role"`
	Min  int    `yaml:"min"`
	Max  int    `yaml:"max"`
	If   string `yaml:"if,omitempty"`
	text `yaml:",inline"`
}

type slot struct {
	Key      string         `yaml:"key"`
	Required bool           `yaml:"required,omitempty"`
	If       string         `yaml:"if,omitempty"`
	Original bool           `yaml:"original,omitempty"`
	Reusable bool           `yaml:"reusable,omitempty"`
	Output   hub.ResultKind `yaml:"output_of_earlier_case,omitempty"`
	Types    []string       `yaml:"types,omitempty,flow"`
	MaxMiB   int64          `yaml:"max_mib,omitempty"`
	MaxFiles int            `yaml:"max_files,omitempty"`
	Hint     text           `yaml:"hint,omitempty,flow"`
	Faults   []text         `yaml:"faults,omitempty"`
	text     `yaml:",inline"`
}

type question struct {
	Key     string   `yaml:"key"`
	Kind    string   `yaml:"kind"`
	Roles   []string `yaml:"roles,omitempty,flow"`
	Risk    string   `yaml:"risk,omitempty"`
	Compare bool     `yaml:"compare,omitempty"`
	text    `yaml:",inline"`
}

type fee struct {
	Key   string `yaml:"key"`
	When  string `yaml:"when,omitempty"`
	Fen   int64  `yaml:"fen"`
	Count string `yaml:"count,omitempty"`
	Payer string `yaml:"payer,omitempty"`
	text  `yaml:",inline"`
}

type plan struct {
	Reviews    int    `yaml:"reviews,omitempty"`
	Tax        string `yaml:"tax,omitempty"`
	Notice     string `yaml:"notice,omitempty"`
	NoticeDays int    `yaml:"notice_days,omitempty"`
	Visit      string `yaml:"visit,omitempty"`
	Video      string `yaml:"video,omitempty"`
	Booking    bool   `yaml:"booking,omitempty"`
	Exclusive  bool   `yaml:"exclusive,omitempty"`
	Later      string `yaml:"later,omitempty"`
}

// removal is what a variant does without, and on what ground it may.
type removal struct {
	Slots  []string `yaml:"slots,omitempty,flow"`
	Fields []string `yaml:"fields,omitempty,flow"`
	Fees   []string `yaml:"fees,omitempty,flow"`
	Ground text     `yaml:"ground"`
}

// The types and sizes of a slot that does not say otherwise.
var usualTypes = []string{"application/pdf", "image/jpeg", "image/png"}

const (
	usualMiB   = 100
	usualFiles = 10
)

// layOver puts what the document says over a standard: single values replace,
// lists with keys replace or add by key.
func (d *document) layOver(s *hub.Standard) error {
	if r := d.Remove; r != nil {
		if r.Ground.ZH == "" || r.Ground.EN == "" {
			return errors.New("what is removed needs a ground")
		}
		s.Slots = without(s.Slots, r.Slots, func(x hub.Slot) string { return x.Key })
		s.Fields = without(s.Fields, r.Fields, func(x hub.Field) string { return x.Key })
		s.Fees = without(s.Fees, r.Fees, func(x hub.FeeRule) string { return x.Key })
		s.Remarks = append(slices.Clone(s.Remarks), hub.Text(r.Ground))
	}
	over(&s.NameZH, d.Name.ZH)
	over(&s.NameEN, d.Name.EN)
	over(&s.Answer, d.Answer)
	over(&s.Statutory, d.Statutory)
	over(&s.Promised, d.Promised)
	if d.Promises != nil { // their order matters: a variant says all of its own
		s.Promises = each(d.Promises, func(p promise) hub.Promise { return hub.Promise{Days: p.Days, When: p.When, ZH: p.ZH, EN: p.EN} })
	}
	if d.Modes != nil {
		s.Modes = d.Modes
	}
	if d.Outputs != nil {
		s.Outputs = d.Outputs
	}
	s.Grounds = append(slices.Clone(s.Grounds), texts(d.Grounds)...)
	s.Rejects = append(slices.Clone(s.Rejects), texts(d.Rejects)...)
	s.Remarks = append(slices.Clone(s.Remarks), texts(d.Remarks)...)
	s.Facts = merge(s.Facts, each(d.Facts, func(c condition) hub.Condition { return hub.Condition{Key: c.Key, When: c.When, ZH: c.ZH, EN: c.EN} }),
		func(x hub.Condition) string { return x.Key })
	s.Fields = merge(s.Fields, each(d.Fields, field.field), func(x hub.Field) string { return x.Key })
	s.Rules = merge(s.Rules, each(d.Rules, func(r rule) hub.Rule {
		return hub.Rule{Key: r.Key, Pointer: r.Pointer, Must: r.Must, ZH: r.ZH, EN: r.EN}
	}), func(x hub.Rule) string { return x.Key })
	s.Parties = merge(s.Parties, each(d.Parties, func(p party) hub.PartyRule {
		return hub.PartyRule{Role: p.Role, Min: p.Min, Max: p.Max, If: p.If, ZH: p.ZH, EN: p.EN}
	}), func(x hub.PartyRule) string { return x.Role })
	s.Slots = merge(s.Slots, each(d.Slots, slot.slot), func(x hub.Slot) string { return x.Key })
	s.Questions = merge(s.Questions, each(d.Questions, func(q question) hub.Question {
		return hub.Question{Key: q.Key, Kind: q.Kind, Roles: q.Roles, Risk: q.Risk, Compare: q.Compare, ZH: q.ZH, EN: q.EN}
	}), func(x hub.Question) string { return x.Key })
	if d.Fees != nil { // the order of rules matters: a variant's own come first
		s.Fees = append(each(d.Fees, func(f fee) hub.FeeRule {
			return hub.FeeRule{Key: f.Key, When: f.When, Fen: f.Fen, Count: f.Count, Payer: f.Payer, ZH: f.ZH, EN: f.EN}
		}), s.Fees...)
	}
	if d.Plan != nil {
		s.Plan = hub.Plan(*d.Plan)
	}
	return nil
}

func over[T comparable](into *T, v T) {
	var zero T
	if v != zero {
		*into = v
	}
}

func texts(in []text) []hub.Text { return each(in, func(t text) hub.Text { return hub.Text(t) }) }

func each[A, B any](in []A, f func(A) B) []B {
	if in == nil {
		return nil
	}
	out := make([]B, len(in))
	for i, x := range in {
		out[i] = f(x)
	}
	return out
}

func merge[T any](base, own []T, key func(T) string) []T {
	out := slices.Clone(base)
	for _, x := range own {
		if i := slices.IndexFunc(out[:len(base):len(base)], func(o T) bool { return key(o) == key(x) }); i >= 0 {
			out[i] = x
		} else {
			out = append(out, x)
		}
	}
	return out
}

func without[T any](all []T, keys []string, key func(T) string) []T {
	return slices.DeleteFunc(slices.Clone(all), func(x T) bool { return slices.Contains(keys, key(x)) })
}

func (f field) field() hub.Field {
	return hub.Field{
		Key: f.Key, Kind: f.Kind, Required: f.Required, If: f.If, Personal: f.Personal, Max: f.Max, ZH: f.ZH, EN: f.EN,
		Options: each(f.Options, option.option),
		Columns: each(f.Columns, func(c field) hub.Column {
			return hub.Column{Key: c.Key, Kind: c.Kind, Required: c.Required, Personal: c.Personal, Max: c.Max, Options: each(c.Options, option.option), ZH: c.ZH, EN: c.EN}
		}),
	}
}

func (o option) option() hub.Option { return hub.Option{Key: o.Key, ZH: o.ZH, EN: o.EN} }

func (x slot) slot() hub.Slot {
	s := hub.Slot{
		Key: x.Key, Required: x.Required, If: x.If, Original: x.Original, Reusable: x.Reusable, Output: x.Output, Types: x.Types,
		MaxBytes: x.MaxMiB << 20, MaxFiles: x.MaxFiles, HintZH: x.Hint.ZH, HintEN: x.Hint.EN, Faults: texts(x.Faults), ZH: x.ZH, EN: x.EN,
	}
	if s.Types == nil {
		s.Types = usualTypes
	}
	if s.MaxBytes == 0 {
		s.MaxBytes = usualMiB << 20
	}
	if s.MaxFiles == 0 {
		s.MaxFiles = usualFiles
	}
	return s
}

// documentOf is the written form of a whole standard.
func documentOf(s *hub.Standard) document {
	back := func(in []hub.Text) []text { return each(in, func(t hub.Text) text { return text(t) }) }
	p := plan(s.Plan)
	return document{
		Item: s.Item, Agency: s.Agency, Version: s.Version, From: s.From.In(beijing).Format(time.DateOnly), Base: s.Base,
		Whole: s.Base > 0, Name: text{s.NameZH, s.NameEN}, Modes: s.Modes, Grounds: back(s.Grounds), Answer: s.Answer,
		Statutory: s.Statutory, Promised: s.Promised, Plan: &p, Outputs: s.Outputs, Rejects: back(s.Rejects), Remarks: back(s.Remarks),
		Promises: each(s.Promises, func(p hub.Promise) promise { return promise{p.Days, p.When, text{p.ZH, p.EN}} }),
		Facts:    each(s.Facts, func(c hub.Condition) condition { return condition{c.Key, c.When, text{c.ZH, c.EN}} }),
		Fields:   each(s.Fields, fieldOf),
		Rules:    each(s.Rules, func(r hub.Rule) rule { return rule{r.Key, r.Pointer, r.Must, text{r.ZH, r.EN}} }),
		Parties: each(s.Parties, func(p hub.PartyRule) party {
			return party{p.Role, p.Min, p.Max, p.If, text{p.ZH, p.EN}}
		}),
		Slots: each(s.Slots, func(x hub.Slot) slot {
			return slot{
				Key: x.Key, Required: x.Required, If: x.If, Original: x.Original, Reusable: x.Reusable, Output: x.Output, Types: x.Types,
				MaxMiB: x.MaxBytes >> 20, MaxFiles: x.MaxFiles, Hint: text{x.HintZH, x.HintEN}, Faults: back(x.Faults), text: text{x.ZH, x.EN},
			}
		}),
		Questions: each(s.Questions, func(q hub.Question) question {
			return question{q.Key, q.Kind, q.Roles, q.Risk, q.Compare, text{q.ZH, q.EN}}
		}),
		Fees: each(s.Fees, func(f hub.FeeRule) fee { return fee{f.Key, f.When, f.Fen, f.Count, f.Payer, text{f.ZH, f.EN}} }),
	}
}

func fieldOf(f hub.Field) field {
	return field{
		Key: f.Key, Kind: f.Kind, Required: f.Required, If: f.If, Personal: f.Personal, Max: f.Max,
		Options: each(f.Options, func(o hub.Option) option { return option{o.Key, text{o.ZH, o.EN}} }),
		Columns: each(f.Columns, func(c hub.Column) field { return fieldOf(c.Field()) }), text: text{f.ZH, f.EN},
	}
}

// once refuses a thing without key or names, or that is there twice.
func once(seen map[string]bool, kind, key, zh, en string) error {
	if key == "" || zh == "" || en == "" {
		return fmt.Errorf("%s %q needs a key and both names", kind, key)
	}
	if seen[kind+key] {
		return fmt.Errorf("%s %q is there twice", kind, key)
	}
	seen[kind+key] = true
	return nil
}
