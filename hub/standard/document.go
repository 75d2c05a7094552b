package standard

import (
	"errors"
	"fmt"
	"time"

	"tongban/hub"
)

// document is the written form of a standard, in the order in which people
// read it. docs/standards.md explains every key.
type document struct {
	Item       hub.ItemCode `yaml:"item"`
	Agency     hub.AgencyID `yaml:"agency"`
	Version    int          `yaml:"version"`
	From       string       `yaml:"from"`
	Over       over         `yaml:"over,omitempty"`
	Name       text         `yaml:"name"`
	Modes      []hub.Mode   `yaml:"modes,omitempty,flow"`
	Basis      []text       `yaml:"basis,omitempty"`
	Answer     int          `yaml:"answer_days"`
	Promised   int          `yaml:"promised_days"`
	Statutory  int          `yaml:"statutory_days"`
	Conditions []condition  `yaml:"conditions,omitempty"`
	Fields     []field      `yaml:"fields,omitempty"`
	Parties    []party      `yaml:"parties,omitempty"`
	Slots      []slot       `yaml:"slots,omitempty"`
	Rules      []rule       `yaml:"rules,omitempty"`
	Fees       []feeRule    `yaml:"fees,omitempty"`
	Questions  []asked      `yaml:"questions,omitempty"`
	Plan       plan         `yaml:"plan,omitempty"`
	Outputs    []output     `yaml:"outputs,omitempty"`
	Rejects    []named      `yaml:"rejects,omitempty"`
	Grounds    []departure  `yaml:"grounds,omitempty"`
}

// over names the national version under a variant.
type over struct {
	Item    hub.ItemCode `yaml:"item,omitempty"`
	Version int          `yaml:"version,omitempty"`
	Digest  hub.Digest   `yaml:"digest,omitempty"`
}

type text struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

type named struct {
	Key  string `yaml:"key"`
	text `yaml:",inline"`
}

type condition struct {
	Key  string `yaml:"key"`
	When string `yaml:"when"`
	text `yaml:",inline"`
}

type field struct {
	Key      string      `yaml:"key"`
	Kind     string      `yaml:"kind"`
	Required bool        `yaml:"required,omitempty"`
	If       string      `yaml:"if,omitempty"`
	Personal bool        `yaml:"personal,omitempty"`
	Min      int64       `yaml:"min,omitempty"`
	Max      int64       `yaml:"max,omitempty"`
	Options  []named     `yaml:"options,omitempty"`
	Columns  []columnDoc `yaml:"columns,omitempty"`
	text     `yaml:",inline"`
	Help     text `yaml:"help,omitempty"`
}

type columnDoc struct {
	Key      string  `yaml:"key"`
	Kind     string  `yaml:"kind"`
	Required bool    `yaml:"required,omitempty"`
	Personal bool    `yaml:"personal,omitempty"`
	Min      int64   `yaml:"min,omitempty"`
	Max      int64   `yaml:"max,omitempty"`
	Options  []named `yaml:"options,omitempty"`
	text     `yaml:",inline"`
}

type party struct {
	Role string `yaml:"role"`
	Min  int    `yaml:"min"`
	Max  int    `yaml:"max"`
	If   string `yaml:"if,omitempty"`
	text `yaml:",inline"`
}

type slot struct {
	Key       string   `yaml:"key"`
	Required  bool     `yaml:"required,omitempty"`
	If        string   `yaml:"if,omitempty"`
	Types     []string `yaml:"types,omitempty,flow"`
	MaxMiB    int64    `yaml:"max_mib,omitempty"`
	MaxFiles  int      `yaml:"max_files,omitempty"`
	Original  bool     `yaml:"original,omitempty"`
	Shared    bool     `yaml:"shared,omitempty"`
	Reusable  bool     `yaml:"reusable,omitempty"`
	ValidDays int      `yaml:"valid_days,omitempty"`
	text      `yaml:",inline"`
	Hints     []text  `yaml:"hints,omitempty"`
	Rejects   []named `yaml:"rejects,omitempty"`
}

type rule struct {
	Key   string `yaml:"key"`
	Holds string `yaml:"holds"`
	At    string `yaml:"at"`
	text  `yaml:",inline"`
}

type feeRule struct {
	Key    string      `yaml:"key"`
	When   string      `yaml:"when,omitempty"`
	Fen    int64       `yaml:"fen"`
	Per    string      `yaml:"per"`
	Count  string      `yaml:"count,omitempty"`
	Payer  string      `yaml:"payer"`
	Exempt []exemption `yaml:"exempt,omitempty"`
	text   `yaml:",inline"`
}

type exemption struct {
	When    string `yaml:"when"`
	Percent int    `yaml:"percent,omitempty"`
	text    `yaml:",inline"`
}

type asked struct {
	Key   string   `yaml:"key"`
	Kind  string   `yaml:"kind"`
	Roles []string `yaml:"roles,flow"`
	If    string   `yaml:"if,omitempty"`
	Flag  string   `yaml:"flag,omitempty"`
	text  `yaml:",inline"`
}

type plan struct {
	SecondReview string `yaml:"second_review,omitempty"`
	Tax          string `yaml:"tax,omitempty"`
	Notice       string `yaml:"notice_days,omitempty"`
	Visit        string `yaml:"visit,omitempty"`
	Video        string `yaml:"video,omitempty"`
	Booking      string `yaml:"booking,omitempty"`
	Exclusive    string `yaml:"exclusive,omitempty"`
	Promised     string `yaml:"promised_days,omitempty"`
}

type output struct {
	Key  string `yaml:"key"`
	Kind string `yaml:"kind"`
	If   string `yaml:"if,omitempty"`
	text `yaml:",inline"`
}

type departure struct {
	At   string `yaml:"at"`
	text `yaml:",inline"`
}

// What a slot takes when its document does not say.
const (
	usualMiB   = 100
	usualFiles = 20
)

func usualTypes() []string { return []string{"application/pdf", "image/jpeg", "image/png"} }

// each maps a list; an empty one becomes nil, so that one content has one form.
func each[A, B any](in []A, f func(A) B) []B {
	var out []B
	for _, a := range in {
		out = append(out, f(a))
	}
	return out
}

func (t text) hub() hub.Text    { return hub.Text(t) }
func option(n named) hub.Option { return hub.Option{Key: n.Key, ZH: n.ZH, EN: n.EN} }
func reason(n named) hub.Reason { return hub.Reason{Key: n.Key, ZH: n.ZH, EN: n.EN} }

// standard reads the document. It is not checked yet.
func (d *document) standard() (hub.Standard, error) {
	from, err := time.ParseInLocation(time.DateOnly, d.From, beijing)
	if err != nil {
		return hub.Standard{}, errors.New("from: a day as YYYY-MM-DD")
	}
	if d.Answer == 0 {
		d.Answer = 1
	}
	s := hub.Standard{
		Item: d.Item, Agency: d.Agency, Version: d.Version, From: from.UTC(), NameZH: d.Name.ZH, NameEN: d.Name.EN,
		Over:  hub.StandardRef{Item: d.Over.Item, Version: d.Over.Version, Digest: d.Over.Digest},
		Modes: each(d.Modes, func(m hub.Mode) hub.Mode { return m }), Basis: each(d.Basis, text.hub),
		Answer: d.Answer, Promised: d.Promised, Statutory: d.Statutory, Plan: hub.PlanRules(d.Plan),
		Conditions: each(d.Conditions, func(x condition) hub.Condition { return hub.Condition{Key: x.Key, When: x.When, ZH: x.ZH, EN: x.EN} }),
		Fields:     each(d.Fields, field.hub),
		Parties: each(d.Parties, func(x party) hub.PartyRule {
			return hub.PartyRule{Role: x.Role, Min: x.Min, Max: x.Max, If: x.If, ZH: x.ZH, EN: x.EN}
		}),
		Slots: each(d.Slots, slot.hub),
		Rules: each(d.Rules, func(x rule) hub.Rule { return hub.Rule{Key: x.Key, Holds: x.Holds, At: x.At, ZH: x.ZH, EN: x.EN} }),
		Fees:  each(d.Fees, feeRule.hub),
		Questions: each(d.Questions, func(x asked) hub.Question {
			return hub.Question{Key: x.Key, Kind: x.Kind, Roles: x.Roles, If: x.If, Flag: x.Flag, ZH: x.ZH, EN: x.EN}
		}),
		Outputs: each(d.Outputs, func(x output) hub.Output { return hub.Output{Key: x.Key, Kind: x.Kind, If: x.If, ZH: x.ZH, EN: x.EN} }),
		Rejects: each(d.Rejects, reason),
		Grounds: each(d.Grounds, func(x departure) hub.Departure { return hub.Departure{At: x.At, ZH: x.ZH, EN: x.EN} }),
	}
	return s, nil
}

func (f field) hub() hub.Field {
	return hub.Field{
		Key: f.Key, Kind: f.Kind, Required: f.Required, If: f.If, Personal: f.Personal, Min: f.Min, Max: f.Max,
		Options: each(f.Options, option), ZH: f.ZH, EN: f.EN, HelpZH: f.Help.ZH, HelpEN: f.Help.EN,
		Columns: each(f.Columns, func(c columnDoc) hub.Column {
			return hub.Column{
				Key: c.Key, Kind: c.Kind, Required: c.Required, Personal: c.Personal, Min: c.Min, Max: c.Max,
				Options: each(c.Options, option), ZH: c.ZH, EN: c.EN,
			}
		}),
	}
}

func (x slot) hub() hub.Slot {
	if len(x.Types) == 0 {
		x.Types = usualTypes()
	}
	if x.MaxMiB == 0 {
		x.MaxMiB = usualMiB
	}
	if x.MaxFiles == 0 {
		x.MaxFiles = usualFiles
	}
	bytes := x.MaxMiB << 20
	if x.MaxMiB < 0 || x.MaxMiB > maxMiB {
		bytes = -1 // refused by checkShape, whatever the shift would make of it
	}
	return hub.Slot{
		Key: x.Key, Required: x.Required, If: x.If, Types: x.Types, MaxBytes: bytes, MaxFiles: x.MaxFiles, Original: x.Original,
		Shared: x.Shared, Reusable: x.Reusable, ValidDays: x.ValidDays, ZH: x.ZH, EN: x.EN,
		Hints: each(x.Hints, text.hub), Rejects: each(x.Rejects, reason),
	}
}

func (f feeRule) hub() hub.FeeRule {
	return hub.FeeRule{
		Key: f.Key, When: f.When, Fen: f.Fen, Per: f.Per, Count: f.Count, Payer: f.Payer, ZH: f.ZH, EN: f.EN,
		Exempt: each(f.Exempt, func(x exemption) hub.Exemption {
			return hub.Exemption{When: x.When, Percent: x.Percent, ZH: x.ZH, EN: x.EN}
		}),
	}
}

// seal checks a standard and gives it the digest of its content.
func seal(s hub.Standard, check func(*hub.Standard) error) (hub.Standard, error) {
	s.State, s.Digest = "", ""
	if err := check(&s); err != nil {
		return hub.Standard{}, err
	}
	b, err := s.Content()
	if err != nil {
		return hub.Standard{}, fmt.Errorf("digest: %w", err)
	}
	s.Digest = hub.SHA256(b)
	return s, nil
}
