package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

func (s *Server) referenceRoutes() {
	get := func(path, id, summary string) huma.Operation {
		return huma.Operation{Method: http.MethodGet, Path: base + path, OperationID: id, Tags: []string{tagReference}, Summary: summary}
	}
	register(s, get("/items", "list-items", "事项 The kinds of service"), s.listItems)
	register(s, get("/standards", "get-standard", "办事标准 The standard in force for an item at an agency or for a unit"), s.getStandard)
	register(s, get("/route", "explain-route", "管辖 Who is responsible, and why"), s.explainRoute)
	register(s, get("/agencies", "list-agencies", "机构 The agencies of this hub"), s.listAgencies)
	s.standardRoutes()
}

type itemsOutput struct {
	Body struct {
		Items []itemView `json:"items" nullable:"false"`
	}
}

func (s *Server) listItems(ctx context.Context, _ *struct{}) (*itemsOutput, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.StandardRead, nil); err != nil {
		return nil, err
	}
	all, err := s.cfg.Directory.Standards(ctx, "")
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(x hub.Standard) bool { return !x.Applies() })
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

type standardInput struct {
	Item   hub.ItemCode `query:"item" required:"true" maxLength:"60"`
	Agency hub.AgencyID `query:"agency" maxLength:"60" doc:"whose standard; or"`
	Unit   string       `query:"unit" maxLength:"60" doc:"the unit whose responsible agency's standard is wanted"`
	Choice string       `query:"choice" maxLength:"12"`
}

type standardOutput struct{ Body standardView }

func (s *Server) getStandard(ctx context.Context, in *standardInput) (*standardOutput, error) {
	std, err := s.inForce(ctx, placeInput(*in), hub.Millis(s.cfg.Now()))
	if err != nil {
		return nil, err
	}
	return &standardOutput{standardViewOf(std)}, nil
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
