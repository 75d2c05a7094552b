package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

func (s *Server) referenceRoutes() {
	get := func(path, id, summary string) huma.Operation {
		return huma.Operation{Method: http.MethodGet, Path: base + path, OperationID: id, Tags: []string{tagReference}, Summary: summary}
	}
	register(s, get("/route", "explain-route", "管辖 Who is responsible, and why"), s.explainRoute)
	register(s, get("/agencies", "list-agencies", "机构 The agencies of this hub"), s.listAgencies)
}

type routeInput struct {
	Item   hub.ItemCode `query:"item" required:"true" maxLength:"60"`
	Unit   string       `query:"unit" maxLength:"60" doc:"28 characters; or"`
	Place  string       `query:"place" maxLength:"12" doc:"a division code"`
	Date   string       `query:"date" format:"date" doc:"today when absent"`
	Choice string       `query:"choice" maxLength:"12"`
}

type routeOutput struct{ Body routeView }

// beijing is the time in which the law's days are counted everywhere in China.
var beijing = time.FixedZone("UTC+8", 8*3600)

// explainer writes reasons in the language of the request.
func (s *Server) explainer(ctx context.Context) func(hub.RouteReason) string {
	return func(r hub.RouteReason) string { return s.cfg.Explain(r, of(ctx).lang) }
}

func (s *Server) explainRoute(ctx context.Context, in *routeInput) (*routeOutput, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.RouteExplain, nil); err != nil {
		return nil, err
	}
	day := s.cfg.Now()
	if in.Date != "" {
		var err error
		if day, err = time.ParseInLocation(time.DateOnly, in.Date, beijing); err != nil {
			return nil, hub.InvalidFields([]hub.FieldError{{Pointer: "/date", Code: "date", Message: "a day as YYYY-MM-DD"}})
		}
	}
	d, err := s.cfg.Router.Route(ctx, hub.RouteQuery{Item: in.Item, Unit: in.Unit, Place: in.Place, Day: day, Choice: in.Choice})
	if err != nil {
		return nil, err
	}
	v := routeView{Agency: d.Agency, Place: d.Place, Reasons: reasonViews(d.Reasons, s.explainer(ctx)), Rules: d.Rules}
	if a, err := s.cfg.Directory.Agency(ctx, d.Agency); err == nil {
		v.NameZH, v.NameEN = a.NameZH, a.NameEN
	} else if hub.ErrorCode(err) != hub.NotFound { // it may belong to another hub
		return nil, err
	}
	return &routeOutput{v}, nil
}

type agenciesOutput struct {
	Body struct {
		Agencies []agencyView `json:"agencies" nullable:"false"`
	}
}

func (s *Server) listAgencies(ctx context.Context, _ *struct{}) (*agenciesOutput, error) {
	all, err := s.cfg.Directory.Agencies(ctx)
	if err != nil {
		return nil, err
	}
	out := &agenciesOutput{}
	out.Body.Agencies = each(all, agencyViewOf)
	return out, nil
}
