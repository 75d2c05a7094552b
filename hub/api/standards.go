package api

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
	"tongban/hub/standard"
)

func (s *Server) standardRoutes() {
	op := func(method, path, id, summary, more string) huma.Operation {
		return huma.Operation{Method: method, Path: base + path, OperationID: id, Tags: []string{tagReference}, Summary: summary, Description: more}
	}
	register(s, op(http.MethodGet, "/items", "list-items", "事项 The kinds of service", ""), s.listItems)
	register(s, op(http.MethodGet, "/standards", "get-standard", "办事标准 The standard in force for an item at an agency or for a unit", ""), s.getStandard)
	register(s, op(http.MethodGet, "/standards/all", "list-standards", "标准目录 Every version of every standard", ""), s.listStandards)
	register(s, op(http.MethodGet, "/standards/diff", "diff-standards", "标准差异 What another place asks otherwise than mine", "So that a clerk need not know another place's standard by heart."), s.diffStandards)
	register(s, op(http.MethodGet, "/standards/compare", "compare-versions", "版本差异 What one version has otherwise than another", "Of one item; drafts for who may see them."), s.compareVersions)
	register(s, op(http.MethodPost, "/standards/assess", "assess-application", "预审 What an application needs: facts, materials, fees, steps", "Nothing is kept."), s.assessApplication)
	register(s, fileOperation("/standards/export", "export-standard", tagReference, "导出标准 One version as YAML", "", "application/yaml"), s.exportStandard)
	register(s, op(http.MethodPost, "/standards/drafts", "import-standard", "导入标准 Keep standards as drafts", "YAML, one document each, strict. All or none."), s.importStandards)
	register(s, op(http.MethodPost, "/standards/publish", "publish-standard", "发布标准 Publish a draft", "It can never be changed from then on."), s.publishStandard)
	register(s, op(http.MethodPost, "/standards/withdraw", "withdraw-standard", "撤销标准 Withdraw a version that no case is pinned to", ""), s.withdrawStandard)
}

type itemsOutput struct {
	Body struct {
		Items []itemView `json:"items" nullable:"false"`
	}
}

func (s *Server) listItems(ctx context.Context, _ *struct{}) (*itemsOutput, error) {
	all, err := s.standards(ctx, "")
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(x hub.Standard) bool { return x.State == hub.StandardDraft || x.State == hub.StandardWithdrawn })
	// The national base names an item; of equals the newest version does.
	slices.SortFunc(all, func(a, b hub.Standard) int {
		if c := strings.Compare(string(a.Item), string(b.Item)); c != 0 {
			return c
		}
		if c := strings.Compare(string(a.Agency), string(b.Agency)); c != 0 {
			return c
		}
		return b.Version - a.Version
	})
	all = slices.CompactFunc(all, func(a, b hub.Standard) bool { return a.Item == b.Item })
	out := &itemsOutput{}
	out.Body.Items = each(all, func(x hub.Standard) itemView { return itemView{x.Item, x.NameZH, x.NameEN} })
	return out, nil
}

// standards reads all versions for somebody who may read them.
func (s *Server) standards(ctx context.Context, item hub.ItemCode) ([]hub.Standard, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.StandardRead, nil); err != nil {
		return nil, err
	}
	all, err := s.cfg.Directory.Standards(ctx, item)
	return slices.DeleteFunc(all, func(x hub.Standard) bool { return !s.shows(ctx, &x) }), err
}

// shows reports whether the caller may see a version: what is not published yet
// is for those who make it.
func (s *Server) shows(ctx context.Context, x *hub.Standard) bool {
	return x.State != hub.StandardDraft || s.cfg.Policy.Authorize(actor(ctx), hub.StandardManage, nil) == nil
}

// StandardOf says whose standard is meant. It is exported because huma only
// looks into embedded types that are.
type StandardOf struct {
	Item   hub.ItemCode `query:"item" required:"true" maxLength:"60"`
	Agency hub.AgencyID `query:"agency" maxLength:"60" doc:"whose standard; or"`
	Unit   string       `query:"unit" maxLength:"60" doc:"the unit whose responsible agency's standard is wanted"`
	Choice string       `query:"choice" maxLength:"12"`
}

// find returns the standard in force, with all versions of its item.
func (in *StandardOf) find(ctx context.Context, s *Server) (hub.Standard, []hub.Standard, error) {
	all, err := s.standards(ctx, in.Item)
	if err != nil {
		return hub.Standard{}, nil, err
	}
	now := hub.Millis(s.cfg.Now())
	if in.Unit != "" {
		d, err := s.cfg.Router.Route(ctx, hub.RouteQuery{Item: in.Item, Unit: in.Unit, Day: now, Choice: in.Choice})
		if err != nil {
			return hub.Standard{}, nil, err
		}
		in.Agency = d.Agency
	}
	std, err := hub.InForce(all, in.Agency, now)
	return std, all, err
}

type standardOutput struct{ Body standardView }

type standardInput struct {
	StandardOf
	Version int `query:"version" minimum:"0" doc:"with agency: this version, as a case is pinned to it; else the one in force"`
}

func (s *Server) getStandard(ctx context.Context, in *standardInput) (*standardOutput, error) {
	std, err := in.one(ctx, s)
	if err != nil {
		return nil, err
	}
	schema, err := standard.Schema(&std)
	if err != nil {
		return nil, err
	}
	persons, err := standard.PartiesSchema(&std)
	return &standardOutput{standardViewOf(std, schema, persons)}, err
}

// one finds the version asked for.
func (in *standardInput) one(ctx context.Context, s *Server) (hub.Standard, error) {
	if in.Version == 0 {
		std, _, err := in.find(ctx, s)
		return std, err
	}
	all, err := s.standards(ctx, in.Item)
	if err != nil {
		return hub.Standard{}, err
	}
	i := slices.IndexFunc(all, func(x hub.Standard) bool { return x.Agency == in.Agency && x.Version == in.Version })
	if i < 0 {
		return hub.Standard{}, hub.E(hub.NotFound, "no such version of the standard")
	}
	return all[i], nil
}

// versionView names one version.
type versionView struct {
	Item    hub.ItemCode      `json:"item"`
	Agency  hub.AgencyID      `json:"agency,omitempty"`
	Version int               `json:"version"`
	State   hub.StandardState `json:"state"`
	From    string            `json:"from" format:"date"`
	NameZH  string            `json:"name_zh"`
	NameEN  string            `json:"name_en"`
	Digest  hub.Digest        `json:"digest"`
}

func versionViewOf(x hub.Standard) versionView {
	return versionView{x.Item, x.Agency, x.Version, x.State, x.From.In(beijing).Format("2006-01-02"), x.NameZH, x.NameEN, x.Digest}
}

type versionsInput struct {
	Item hub.ItemCode `query:"item" maxLength:"60"`
}

type versionsOutput struct {
	Body struct {
		Standards []versionView `json:"standards" nullable:"false"`
	}
}

func (s *Server) listStandards(ctx context.Context, in *versionsInput) (*versionsOutput, error) {
	all, err := s.standards(ctx, in.Item)
	if err != nil {
		return nil, err
	}
	out := &versionsOutput{}
	out.Body.Standards = each(all, versionViewOf)
	return out, nil
}

type diffInput struct {
	StandardOf
	With hub.AgencyID `query:"with" maxLength:"60" doc:"whose to compare with; mine when absent"`
}

type diffView struct {
	Part string `json:"part"`
	Key  string `json:"key,omitempty"`
	What string `json:"what" enum:"added,removed,changed"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

type diffOutput struct {
	Body struct {
		Here    versionView `json:"here"`
		There   versionView `json:"there"`
		Changes []diffView  `json:"changes" nullable:"false"`
	}
}

func (s *Server) diffStandards(ctx context.Context, in *diffInput) (*diffOutput, error) {
	there, all, err := in.find(ctx, s)
	if err != nil {
		return nil, err
	}
	if in.With == "" {
		in.With = homeRegistry(all, actor(ctx).Agency)
	}
	here, err := hub.InForce(all, in.With, hub.Millis(s.cfg.Now()))
	if err != nil {
		return nil, err
	}
	out := &diffOutput{}
	out.Body.Here, out.Body.There = versionViewOf(here), versionViewOf(there)
	out.Body.Changes = each(standard.Diff(&here, &there), func(c standard.Change) diffView { return diffView(c) })
	return out, nil
}

// homeRegistry is the agency of the reader's own division that has a standard:
// a window compares with the registry of its place.
func homeRegistry(all []hub.Standard, reader hub.AgencyID) hub.AgencyID {
	division, _, _ := strings.Cut(string(reader), ".")
	for _, x := range all {
		if d, _, _ := strings.Cut(string(x.Agency), "."); d == division && x.Agency != "" {
			return x.Agency
		}
	}
	return reader
}

type assessInput struct {
	Body struct {
		Item    hub.ItemCode         `json:"item" minLength:"1" maxLength:"60"`
		Unit    string               `json:"unit" minLength:"1" maxLength:"60"`
		Choice  string               `json:"choice,omitempty" maxLength:"12"`
		Form    map[string]formValue `json:"form" maxProperties:"200"`
		Parties []partyWish          `json:"parties" maxItems:"200" nullable:"false"`
	}
}

// assessmentView says what an application needs.
type assessmentView struct {
	Standard standardRefView   `json:"standard"`
	Wrong    []FieldError      `json:"wrong" nullable:"false" doc:"every gap at once"`
	Facts    map[string]bool   `json:"facts" nullable:"false"`
	Needs    []string          `json:"needs" nullable:"false" doc:"slots that must be filled"`
	Known    map[string]string `json:"known" nullable:"false" doc:"slots that are not asked for, by the number of the paper that the register has"`
	Fees     []feeLineView     `json:"fees" nullable:"false"`
	Total    int64             `json:"total_fen"`
	Steps    stepsView         `json:"steps"`
}

type feeLineView struct {
	Key   string `json:"key"`
	Fen   int64  `json:"fen" doc:"for one piece"`
	Count int64  `json:"count"`
	Payer string `json:"payer,omitempty"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

type assessOutput struct{ Body assessmentView }

func (s *Server) assessApplication(ctx context.Context, in *assessInput) (*assessOutput, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.StandardRead, nil); err != nil {
		return nil, err
	}
	w := receiveWish{Item: in.Body.Item, Unit: in.Body.Unit, Choice: in.Body.Choice, Form: in.Body.Form, Parties: in.Body.Parties}
	std, a, err := s.cfg.Service.AssessWish(ctx, w.intent().(hub.Receive))
	if err != nil {
		return nil, err
	}
	v := assessmentView{Standard: standardRefView(std.Ref()), Facts: a.Facts, Needs: []string{}, Known: map[string]string{}, Steps: stepsView(a.Steps)}
	v.Wrong = s.fieldProblems(ctx, a.Wrong)
	maps.Copy(v.Known, a.Known)
	for _, x := range std.Slots {
		if a.Needs[x.Key] {
			v.Needs = append(v.Needs, x.Key)
		}
	}
	v.Fees = each(a.Fees, func(f hub.FeeLine) feeLineView { v.Total += f.Fen * f.Count; return feeLineView(f) })
	return &assessOutput{v}, nil
}
