package api

import (
	"encoding/json"
	"time"

	"tongban/hub"
)

// standardView is an item as one agency applies it.
type standardView struct {
	Item      hub.ItemCode      `json:"item"`
	Agency    hub.AgencyID      `json:"agency,omitempty" doc:"empty for the national base"`
	Version   int               `json:"version"`
	State     hub.StandardState `json:"state"`
	Base      int               `json:"base,omitempty" doc:"version of the national base it lies on"`
	From      time.Time         `json:"from"`
	NameZH    string            `json:"name_zh"`
	NameEN    string            `json:"name_en"`
	Modes     []string          `json:"modes" nullable:"false" doc:"online, forward, joint"`
	Grounds   []textView        `json:"grounds" nullable:"false"`
	Facts     []conditionView   `json:"facts" nullable:"false"`
	Fields    []fieldView       `json:"fields" nullable:"false"`
	Schema    json.RawMessage   `json:"schema,omitempty" doc:"the form as JSON Schema 2020-12 with x-ui hints"`
	Persons   json.RawMessage   `json:"parties_schema,omitempty" doc:"the list of parties as JSON Schema 2020-12"`
	Rules     []ruleView        `json:"rules" nullable:"false"`
	Parties   []partyRuleView   `json:"parties" nullable:"false"`
	Slots     []slotView        `json:"slots" nullable:"false"`
	Questions []questionView    `json:"questions" nullable:"false"`
	Fees      []feeRuleView     `json:"fees" nullable:"false"`
	Plan      planView          `json:"plan"`
	Outputs   []hub.ResultKind  `json:"outputs" nullable:"false"`
	Rejects   []textView        `json:"rejects" nullable:"false" doc:"typical reasons not to register"`
	Remarks   []textView        `json:"remarks" nullable:"false"`
	Answer    int               `json:"answer_days"`
	Statutory int               `json:"statutory_days"`
	Promised  int               `json:"promised_days"`
	Promises  []promiseView     `json:"promises" nullable:"false" doc:"other days for some applications; the first that fits counts"`
	Digest    hub.Digest        `json:"digest"`
}

type promiseView struct {
	Days int    `json:"days"`
	When string `json:"when" doc:"CEL"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

type textView struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

type conditionView struct {
	Key  string `json:"key"`
	When string `json:"when" doc:"CEL"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

type fieldView struct {
	Key      string       `json:"key"`
	Kind     string       `json:"kind"`
	Required bool         `json:"required"`
	If       string       `json:"if,omitempty" doc:"CEL: only asked when"`
	Personal bool         `json:"personal"`
	Max      int          `json:"max,omitempty"`
	Options  []optionView `json:"options,omitempty"`
	Columns  []columnView `json:"columns,omitempty" doc:"of a list"`
	ZH       string       `json:"zh"`
	EN       string       `json:"en"`
}

type optionView struct {
	Key string `json:"key"`
	ZH  string `json:"zh"`
	EN  string `json:"en"`
}

// columnView is a field without columns of its own.
type columnView struct {
	Key      string       `json:"key"`
	Kind     string       `json:"kind"`
	Required bool         `json:"required"`
	Personal bool         `json:"personal"`
	Max      int          `json:"max,omitempty"`
	Options  []optionView `json:"options,omitempty"`
	ZH       string       `json:"zh"`
	EN       string       `json:"en"`
}

type ruleView struct {
	Key     string `json:"key"`
	Pointer string `json:"pointer"`
	Must    string `json:"must" doc:"CEL"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
}

type partyRuleView struct {
	Role string `json:"role"`
	Min  int    `json:"min"`
	Max  int    `json:"max"`
	If   string `json:"if,omitempty"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

type slotView struct {
	Key      string         `json:"key"`
	Required bool           `json:"required"`
	If       string         `json:"if,omitempty" doc:"CEL: only then"`
	Original bool           `json:"original" doc:"the clerk must see the original"`
	Reusable bool           `json:"reusable" doc:"may serve another case of the same applicant"`
	Output   hub.ResultKind `json:"output_of_earlier_case,omitempty" doc:"the hub has it: not asked again"`
	Types    []string       `json:"types" nullable:"false"`
	MaxBytes int64          `json:"max_bytes"`
	MaxFiles int            `json:"max_files"`
	HintZH   string         `json:"hint_zh,omitempty"`
	HintEN   string         `json:"hint_en,omitempty"`
	Faults   []textView     `json:"faults" nullable:"false" doc:"typical reasons why it comes back"`
	ZH       string         `json:"zh"`
	EN       string         `json:"en"`
}

type questionView struct {
	Key     string   `json:"key"`
	Kind    string   `json:"kind"`
	Roles   []string `json:"roles" nullable:"false" doc:"who is asked; none is all"`
	Risk    string   `json:"risk,omitempty"`
	Compare bool     `json:"compare"`
	ZH      string   `json:"zh"`
	EN      string   `json:"en"`
}

func questionViewOf(q hub.Question) questionView {
	return questionView{q.Key, q.Kind, each(q.Roles, same), q.Risk, q.Compare, q.ZH, q.EN}
}

type feeRuleView struct {
	Key   string `json:"key"`
	When  string `json:"when,omitempty" doc:"CEL"`
	Fen   int64  `json:"fen"`
	Count string `json:"count,omitempty" doc:"CEL"`
	Payer string `json:"payer,omitempty"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

type planView struct {
	Reviews    int    `json:"reviews"`
	Tax        string `json:"tax,omitempty" doc:"CEL"`
	Notice     string `json:"notice,omitempty" doc:"CEL"`
	NoticeDays int    `json:"notice_days,omitempty"`
	Visit      string `json:"visit,omitempty" doc:"CEL"`
	Video      string `json:"video,omitempty" doc:"CEL"`
	Booking    bool   `json:"booking"`
	Exclusive  bool   `json:"exclusive"`
	Later      string `json:"later,omitempty" doc:"what this version does not do yet"`
}

func textViewOf(t hub.Text) textView { return textView(t) }

func optionViewOf(o hub.Option) optionView { return optionView(o) }

func fieldViewOf(f hub.Field) fieldView {
	v := fieldView{Key: f.Key, Kind: f.Kind, Required: f.Required, If: f.If, Personal: f.Personal, Max: f.Max, ZH: f.ZH, EN: f.EN}
	if len(f.Options) > 0 {
		v.Options = each(f.Options, optionViewOf)
	}
	for _, c := range f.Columns {
		col := columnView{Key: c.Key, Kind: c.Kind, Required: c.Required, Personal: c.Personal, Max: c.Max, ZH: c.ZH, EN: c.EN}
		if len(c.Options) > 0 {
			col.Options = each(c.Options, optionViewOf)
		}
		v.Columns = append(v.Columns, col)
	}
	return v
}

func slotViewOf(x hub.Slot) slotView {
	return slotView{
		Key: x.Key, Required: x.Required, If: x.If, Original: x.Original, Reusable: x.Reusable, Output: x.Output, Types: each(x.Types, same),
		MaxBytes: x.MaxBytes, MaxFiles: x.MaxFiles, HintZH: x.HintZH, HintEN: x.HintEN, Faults: each(x.Faults, textViewOf), ZH: x.ZH, EN: x.EN,
	}
}

// standardViewOf shows a standard; schema is its form and persons its list of
// parties, or nil.
func standardViewOf(s hub.Standard, schema, persons []byte) standardView {
	return standardView{
		Item: s.Item, Agency: s.Agency, Version: s.Version, State: s.State, Base: s.Base, From: s.From, NameZH: s.NameZH, NameEN: s.NameEN,
		Modes: each(s.Modes, same), Grounds: each(s.Grounds, textViewOf), Schema: schema, Persons: persons,
		Facts:     each(s.Facts, func(c hub.Condition) conditionView { return conditionView(c) }),
		Fields:    each(s.Fields, fieldViewOf),
		Rules:     each(s.Rules, func(r hub.Rule) ruleView { return ruleView(r) }),
		Parties:   each(s.Parties, func(p hub.PartyRule) partyRuleView { return partyRuleView(p) }),
		Slots:     each(s.Slots, slotViewOf),
		Questions: each(s.Questions, questionViewOf),
		Fees:      each(s.Fees, func(f hub.FeeRule) feeRuleView { return feeRuleView(f) }),
		Plan:      planView(s.Plan), Outputs: each(s.Outputs, same), Rejects: each(s.Rejects, textViewOf), Remarks: each(s.Remarks, textViewOf),
		Answer: s.Answer, Statutory: s.Statutory, Promised: s.Promised, Digest: s.Digest,
		Promises: each(s.Promises, func(p hub.Promise) promiseView { return promiseView(p) }),
	}
}
