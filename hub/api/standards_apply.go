package api

import (
	"context"
	"fmt"
	"time"

	"tongban/hub"
	"tongban/hub/standard"
)

// placeInput asks for the standard of an agency, or of the agency that is
// responsible for a unit.
type placeInput struct {
	Item   hub.ItemCode
	Agency hub.AgencyID
	Unit   string
	Choice string
}

// inForce finds the standard that an agency applies now.
func (s *Server) inForce(ctx context.Context, in placeInput, now time.Time) (hub.Standard, error) {
	all, err := s.standards(ctx, in.Item)
	if err != nil {
		return hub.Standard{}, err
	}
	if in.Unit != "" {
		d, err := s.cfg.Router.Route(ctx, hub.RouteQuery{Item: in.Item, Unit: in.Unit, Day: now, Choice: in.Choice})
		if err != nil {
			return hub.Standard{}, err
		}
		in.Agency = d.Agency
	}
	return hub.InForce(all, in.Agency, now)
}

type diffInput struct {
	Item        hub.ItemCode `query:"item" required:"true" maxLength:"60"`
	Agency      string       `query:"agency" maxLength:"60" doc:"whose standard; base for the national one; or"`
	Unit        string       `query:"unit" maxLength:"60" doc:"the unit whose responsible agency's standard is meant"`
	Choice      string       `query:"choice" maxLength:"12"`
	Version     int          `query:"version" minimum:"0" maximum:"999999" doc:"of the agency named; the one in force when absent"`
	With        string       `query:"with" maxLength:"60" doc:"compared with this agency's; your own when absent; base for the national one"`
	WithVersion int          `query:"with_version" minimum:"0" maximum:"999999"`
}

type diffOutput struct {
	Body struct {
		From    standardHead     `json:"from" doc:"the one compared with"`
		To      standardHead     `json:"to"`
		Changes []differenceView `json:"changes" nullable:"false"`
	}
}

type differenceView struct {
	Path string              `json:"path"`
	Kind standard.ChangeKind `json:"kind" enum:"added,removed,changed"`
	ZH   string              `json:"zh"`
	EN   string              `json:"en"`
	A    string              `json:"a,omitempty"`
	B    string              `json:"b,omitempty"`
}

func (s *Server) diffStandards(ctx context.Context, in *diffInput) (*diffOutput, error) {
	if in.With == "" {
		in.With = string(actor(ctx).Agency)
	}
	from, err := s.named(ctx, placeInput{Item: in.Item, Agency: agencyOf(in.With)}, in.WithVersion)
	if err != nil {
		return nil, err
	}
	to, err := s.named(ctx, placeInput{Item: in.Item, Agency: agencyOf(in.Agency), Unit: in.Unit, Choice: in.Choice}, in.Version)
	if err != nil {
		return nil, err
	}
	out := &diffOutput{}
	out.Body.From, out.Body.To = headOf(&from), headOf(&to)
	out.Body.Changes = each(standard.Diff(&from, &to), func(c standard.Change) differenceView { return differenceView(c) })
	return out, nil
}

func agencyOf(s string) hub.AgencyID {
	if s == "base" {
		return ""
	}
	return hub.AgencyID(s)
}

// named finds a version by its number, or the one in force.
func (s *Server) named(ctx context.Context, in placeInput, version int) (hub.Standard, error) {
	if version == 0 {
		return s.inForce(ctx, in, hub.Millis(s.cfg.Now()))
	}
	if in.Unit != "" {
		return hub.Standard{}, hub.InvalidFields([]hub.FieldError{{Pointer: "/version", Code: "invalid", Message: "a version is of an agency, not of a unit"}})
	}
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.StandardRead, nil); err != nil {
		return hub.Standard{}, err
	}
	return s.cfg.Directory.Standard(ctx, hub.StandardRef{Item: in.Item, Agency: in.Agency, Version: version})
}

type assessInput struct {
	Body struct {
		Item    hub.ItemCode         `json:"item" minLength:"1" maxLength:"60"`
		Agency  hub.AgencyID         `json:"agency,omitempty" maxLength:"60" doc:"whose standard; or"`
		Unit    string               `json:"unit,omitempty" maxLength:"60" doc:"the unit whose responsible agency's standard is meant"`
		Choice  string               `json:"choice,omitempty" maxLength:"12"`
		Form    map[string]formValue `json:"form" maxProperties:"200"`
		Parties []partyWish          `json:"parties" maxItems:"200" nullable:"false"`
	}
}

type assessOutput struct {
	Body struct {
		Standard  standardHead        `json:"standard"`
		Wrong     []FieldError        `json:"wrong" nullable:"false" doc:"every gap at once"`
		Facts     map[string]bool     `json:"facts" doc:"the conditions of the standard"`
		Slots     map[string]hub.Need `json:"slots" doc:"required, optional or none"`
		Fees      []feeLineView       `json:"fees" nullable:"false"`
		Plan      planView            `json:"plan"`
		Questions []questionView      `json:"questions" nullable:"false"`
		Outputs   []outputView        `json:"outputs" nullable:"false"`
	}
}

type feeLineView struct {
	Key      string `json:"key"`
	Per      string `json:"per"`
	Fen      int64  `json:"fen"`
	Count    int64  `json:"count"`
	Total    int64  `json:"total" doc:"fen"`
	Payer    string `json:"payer"`
	ZH       string `json:"zh"`
	EN       string `json:"en"`
	ExemptZH string `json:"exempt_zh,omitempty"`
	ExemptEN string `json:"exempt_en,omitempty"`
}

type planView struct {
	Reviews    int  `json:"reviews"`
	Tax        bool `json:"tax"`
	NoticeDays int  `json:"notice_days"`
	Visit      bool `json:"visit"`
	Video      bool `json:"video"`
	Booking    bool `json:"booking"`
	Exclusive  bool `json:"exclusive"`
	Promised   int  `json:"promised_days"`
}

// assess lets the desk show, while a clerk types, what will be asked for. It is
// the judgement that receiving makes, without a case.
func (s *Server) assess(ctx context.Context, in *assessInput) (*assessOutput, error) {
	now := hub.Millis(s.cfg.Now())
	b := &in.Body
	std, err := s.inForce(ctx, placeInput{Item: b.Item, Agency: b.Agency, Unit: b.Unit, Choice: b.Choice}, now)
	if err != nil {
		return nil, err
	}
	form := hub.Form{}
	for k, v := range b.Form {
		form[k] = v.v
	}
	a, err := s.cfg.Service.Assessor.Assess(ctx, &std, form, each(b.Parties, func(p partyWish) hub.Party { return hub.Party(p) }), now)
	if err != nil {
		return nil, fmt.Errorf("assess by %s of %q: %w", std.Item, std.Agency, err)
	}
	out := &assessOutput{}
	o := &out.Body
	o.Standard, o.Wrong = headOf(&std), []FieldError{}
	if err := a.Refuse(); err != nil {
		o.Wrong = s.problem(ctx, err).Errors
	}
	o.Facts, o.Slots, o.Plan = a.Facts, a.Slots, planView(a.Plan)
	o.Fees = each(a.Fees, func(l hub.FeeLine) feeLineView {
		return feeLineView{l.Key, l.Per, l.Fen, l.Count, l.Total, l.Payer, l.ZH, l.EN, l.ExemptZH, l.ExemptEN}
	})
	o.Questions = each(a.Questions, questionViewOf)
	o.Outputs = each(a.Outputs, func(x hub.Output) outputView { return outputView(x) })
	return out, nil
}
