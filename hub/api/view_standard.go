package api

import (
	"encoding/json"
	"time"

	"tongban/hub"
	"tongban/hub/standard"
)

// standardHead is one version in a list.
type standardHead struct {
	Item    hub.ItemCode      `json:"item"`
	Agency  hub.AgencyID      `json:"agency,omitempty" doc:"empty for the national base"`
	Version int               `json:"version"`
	From    time.Time         `json:"from" doc:"in force from this day"`
	NameZH  string            `json:"name_zh"`
	NameEN  string            `json:"name_en"`
	State   hub.StandardState `json:"state" enum:"draft,published,frozen,withdrawn"`
	Digest  hub.Digest        `json:"digest" doc:"of the content; the state is not part of it"`
}

// standardView is an item as one agency applies it.
type standardView struct {
	Item       hub.ItemCode      `json:"item"`
	Agency     hub.AgencyID      `json:"agency,omitempty" doc:"empty for the national base"`
	Version    int               `json:"version"`
	From       time.Time         `json:"from" doc:"in force from this day"`
	NameZH     string            `json:"name_zh"`
	NameEN     string            `json:"name_en"`
	State      hub.StandardState `json:"state" enum:"draft,published,frozen,withdrawn"`
	Digest     hub.Digest        `json:"digest" doc:"of the content; the state is not part of it"`
	Over       *overView         `json:"over,omitempty" doc:"the national version that the variant was laid over"`
	Modes      []hub.Mode        `json:"modes" nullable:"false" doc:"online, forward, joint"`
	Basis      []textView        `json:"basis" nullable:"false" doc:"legal grounds"`
	Answer     int               `json:"answer_days" doc:"working days to answer after receiving"`
	Promised   int               `json:"promised_days"`
	Statutory  int               `json:"statutory_days"`
	Conditions []conditionView   `json:"conditions" nullable:"false"`
	Fields     []fieldView       `json:"fields" nullable:"false"`
	Parties    []partyRuleView   `json:"parties" nullable:"false"`
	Slots      []slotView        `json:"slots" nullable:"false"`
	Rules      []ruleView        `json:"rules" nullable:"false"`
	Fees       []feeRuleView     `json:"fees" nullable:"false"`
	Questions  []questionView    `json:"questions" nullable:"false" doc:"of the questioning record"`
	Plan       planRulesView     `json:"plan" doc:"conditions of the steps"`
	Outputs    []outputView      `json:"outputs" nullable:"false"`
	Rejects    []reasonNameView  `json:"rejects" nullable:"false" doc:"why such applications typically fail"`
	Grounds    []groundView      `json:"grounds" nullable:"false" doc:"on what ground the variant asks for less than the base"`
	Schema     json.RawMessage   `json:"schema" doc:"the form as JSON Schema 2020-12, with x-ui hints"`
}

type overView struct {
	Item    hub.ItemCode `json:"item"`
	Version int          `json:"version"`
	Digest  hub.Digest   `json:"digest"`
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

type optionView struct {
	Key string `json:"key"`
	ZH  string `json:"zh"`
	EN  string `json:"en"`
}

type reasonNameView optionView

type fieldView struct {
	Key      string       `json:"key"`
	Kind     string       `json:"kind"`
	Required bool         `json:"required"`
	If       string       `json:"if,omitempty" doc:"CEL: required only when this holds"`
	Personal bool         `json:"personal"`
	Min      int64        `json:"min,omitempty"`
	Max      int64        `json:"max,omitempty"`
	Options  []optionView `json:"options,omitempty" nullable:"false"`
	Columns  []columnView `json:"columns,omitempty" nullable:"false" doc:"of a list"`
	ZH       string       `json:"zh"`
	EN       string       `json:"en"`
	HelpZH   string       `json:"help_zh,omitempty"`
	HelpEN   string       `json:"help_en,omitempty"`
}

type columnView struct {
	Key      string       `json:"key"`
	Kind     string       `json:"kind"`
	Required bool         `json:"required"`
	Personal bool         `json:"personal"`
	Min      int64        `json:"min,omitempty"`
	Max      int64        `json:"max,omitempty"`
	Options  []optionView `json:"options,omitempty" nullable:"false"`
	ZH       string       `json:"zh"`
	EN       string       `json:"en"`
}

type partyRuleView struct {
	Role string `json:"role"`
	Min  int    `json:"min"`
	Max  int    `json:"max"`
	If   string `json:"if,omitempty" doc:"CEL: the minimum counts only when this holds"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

type slotView struct {
	Key       string           `json:"key"`
	Required  bool             `json:"required"`
	If        string           `json:"if,omitempty" doc:"CEL: asked for only when this holds"`
	Types     []string         `json:"types" nullable:"false"`
	MaxBytes  int64            `json:"max_bytes"`
	MaxFiles  int              `json:"max_files"`
	Original  bool             `json:"original" doc:"the clerk compares with the original"`
	Shared    bool             `json:"shared" doc:"looked up by the office where data are shared"`
	Reusable  bool             `json:"reusable" doc:"may be taken over from an earlier case"`
	ValidDays int              `json:"valid_days,omitempty"`
	Hints     []textView       `json:"hints" nullable:"false" doc:"what a good one looks like"`
	Rejects   []reasonNameView `json:"rejects" nullable:"false" doc:"why it is typically sent back"`
	ZH        string           `json:"zh"`
	EN        string           `json:"en"`
}

type ruleView struct {
	Key   string `json:"key"`
	Holds string `json:"holds" doc:"CEL"`
	At    string `json:"at"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

type feeRuleView struct {
	Key    string          `json:"key"`
	When   string          `json:"when,omitempty" doc:"CEL"`
	Fen    int64           `json:"fen"`
	Per    string          `json:"per" enum:"piece,copy"`
	Count  string          `json:"count,omitempty" doc:"CEL"`
	Payer  string          `json:"payer"`
	Exempt []exemptionView `json:"exempt" nullable:"false"`
	ZH     string          `json:"zh"`
	EN     string          `json:"en"`
}

type exemptionView struct {
	When    string `json:"when" doc:"CEL"`
	Percent int    `json:"percent" doc:"what remains to pay"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
}

type questionView struct {
	Key   string   `json:"key"`
	Kind  string   `json:"kind" enum:"bool,text"`
	Roles []string `json:"roles" nullable:"false"`
	If    string   `json:"if,omitempty" doc:"CEL"`
	Flag  string   `json:"flag,omitempty" doc:"CEL over answer: a risk"`
	ZH    string   `json:"zh"`
	EN    string   `json:"en"`
}

type planRulesView struct {
	SecondReview string `json:"second_review,omitempty"`
	Tax          string `json:"tax,omitempty"`
	Notice       string `json:"notice_days,omitempty"`
	Visit        string `json:"visit,omitempty"`
	Video        string `json:"video,omitempty"`
	Booking      string `json:"booking,omitempty"`
	Exclusive    string `json:"exclusive,omitempty"`
	Promised     string `json:"promised_days,omitempty"`
}

type outputView struct {
	Key  string `json:"key"`
	Kind string `json:"kind"`
	If   string `json:"if,omitempty" doc:"CEL"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

type groundView struct {
	At string `json:"at"`
	ZH string `json:"zh"`
	EN string `json:"en"`
}

func headOf(s *hub.Standard) standardHead {
	return standardHead{s.Item, s.Agency, s.Version, s.From, s.NameZH, s.NameEN, s.State, s.Digest}
}

func optionsOf(in []hub.Option) []optionView {
	return each(in, func(o hub.Option) optionView { return optionView(o) })
}

func reasonsOf(in []hub.Reason) []reasonNameView {
	return each(in, func(r hub.Reason) reasonNameView { return reasonNameView(r) })
}

func textsOf(in []hub.Text) []textView {
	return each(in, func(t hub.Text) textView { return textView(t) })
}

func standardViewOf(s hub.Standard) standardView {
	v := standardView{
		Item: s.Item, Agency: s.Agency, Version: s.Version, From: s.From, NameZH: s.NameZH, NameEN: s.NameEN,
		State: s.State, Digest: s.Digest, Modes: each(s.Modes, func(m hub.Mode) hub.Mode { return m }), Basis: textsOf(s.Basis),
		Answer: s.Answer, Promised: s.Promised, Statutory: s.Statutory,
		Conditions: each(s.Conditions, func(x hub.Condition) conditionView { return conditionView(x) }),
		Fields:     each(s.Fields, fieldViewOf),
		Parties:    each(s.Parties, func(p hub.PartyRule) partyRuleView { return partyRuleView(p) }),
		Slots:      each(s.Slots, slotViewOf),
		Rules:      each(s.Rules, func(x hub.Rule) ruleView { return ruleView(x) }),
		Fees: each(s.Fees, func(x hub.FeeRule) feeRuleView {
			return feeRuleView{x.Key, x.When, x.Fen, x.Per, x.Count, x.Payer, each(x.Exempt, func(e hub.Exemption) exemptionView { return exemptionView(e) }), x.ZH, x.EN}
		}),
		Questions: each(s.Questions, questionViewOf), Plan: planRulesView(s.Plan),
		Outputs: each(s.Outputs, func(x hub.Output) outputView { return outputView(x) }), Rejects: reasonsOf(s.Rejects),
		Grounds: each(s.Grounds, func(x hub.Departure) groundView { return groundView(x) }), Schema: standard.Schema(&s),
	}
	if s.Over.Version > 0 {
		v.Over = &overView{s.Over.Item, s.Over.Version, s.Over.Digest}
	}
	return v
}

func fieldViewOf(f hub.Field) fieldView {
	return fieldView{
		f.Key, f.Kind, f.Required, f.If, f.Personal, f.Min, f.Max, optionsOf(f.Options),
		each(f.Columns, func(c hub.Column) columnView {
			return columnView{c.Key, c.Kind, c.Required, c.Personal, c.Min, c.Max, optionsOf(c.Options), c.ZH, c.EN}
		}), f.ZH, f.EN, f.HelpZH, f.HelpEN,
	}
}

func slotViewOf(x hub.Slot) slotView {
	return slotView{
		x.Key, x.Required, x.If, each(x.Types, func(t string) string { return t }), x.MaxBytes, x.MaxFiles, x.Original, x.Shared, x.Reusable,
		x.ValidDays, textsOf(x.Hints), reasonsOf(x.Rejects), x.ZH, x.EN,
	}
}

func questionViewOf(q hub.Question) questionView {
	return questionView{q.Key, q.Kind, each(q.Roles, func(r string) string { return r }), q.If, q.Flag, q.ZH, q.EN}
}
