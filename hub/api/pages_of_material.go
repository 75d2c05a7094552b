package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"tongban/hub"
)

func (s *Server) pageRoutes() {
	register(s, huma.Operation{
		Method: http.MethodGet, Path: base + "/cases/{id}/materials/{mid}/pages", OperationID: "list-pages", Tags: []string{tagMaterials},
		Summary:     "材料分页 The pages of a material, and what is known of them",
		Description: "Pages are drawn in the background: while the state is waiting, ask again in a moment. Hints are advice, not a judgement.",
	}, s.listPages)
	page := fileOperation("/cases/{id}/materials/{mid}/pages/{n}", "get-page", tagMaterials,
		"查看一页 One page as a picture", "Upright and without metadata; the material itself stays as it came. The reading is recorded.", "image/jpeg")
	page.Responses["200"].Content["image/png"] = page.Responses["200"].Content["image/jpeg"]
	register(s, page, s.getPage)
}

type pagesInput struct {
	CaseInput
	Material string `path:"mid" maxLength:"40"`
}

type pagesOutput struct{ Body pagesView }

// pagesView is what became of a material.
type pagesView struct {
	State       hub.PrepState  `json:"state" enum:"waiting,done,refused,failed,quarantined,no_renderer"`
	Code        hub.Code       `json:"code,omitempty" doc:"why it was refused or failed"`
	Reason      string         `json:"reason,omitempty" doc:"the stable reason beside the code"`
	ReasonText  string         `json:"reason_text,omitempty" doc:"the reason in the language asked for"`
	Scan        hub.ScanState  `json:"scan" enum:"waiting,not_configured,clean,found,failed,too_large"`
	Signature   string         `json:"signature,omitempty" doc:"what the virus scanner found"`
	Type        string         `json:"type,omitempty" doc:"told from the content"`
	Count       int            `json:"count" doc:"pages that the file says it has"`
	HasLocation bool           `json:"has_location" doc:"the original tells where it was taken; the pictures here do not"`
	Pages       []materialPage `json:"pages" nullable:"false"`
}

type materialPage struct {
	Number int        `json:"n" minimum:"1"`
	Width  int        `json:"width" doc:"pixels of the size page"`
	Height int        `json:"height"`
	Angle  float64    `json:"angle" doc:"degrees that the writing is turned"`
	Hints  []hub.Hint `json:"hints" nullable:"false" doc:"blank, blurred, dark, skewed, cut_off"`
	Full   bool       `json:"full" doc:"there is a copy in full size"`
}

func (s *Server) listPages(ctx context.Context, in *pagesInput) (*pagesOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.cfg.Service.Pages(ctx, reading(ctx, ""), id, hub.MaterialID(in.Material))
	if err != nil {
		return nil, err
	}
	v := pagesView{
		State: p.State, Code: p.Code, Reason: p.Reason, Scan: p.Scan, Signature: p.Signature, Type: p.Inspection.Type,
		Count: p.Inspection.Pages, HasLocation: p.Inspection.HasLocation,
		ReasonText: s.catalogues[of(ctx).lang].Fields[p.Reason],
		Pages:      each(p.Pages, materialPageOf),
	}
	if v.Scan == "" {
		v.Scan = "waiting"
	}
	return &pagesOutput{v}, nil
}

func materialPageOf(p hub.PageImage) materialPage {
	return materialPage{
		Number: p.Number, Width: p.Width, Height: p.Height, Angle: float64(p.Angle) / 10,
		Hints: append([]hub.Hint{}, p.Hints...), Full: p.Copy != "",
	}
}

type getPageInput struct {
	PurposeInput
	Material string       `path:"mid" maxLength:"40"`
	Number   int          `path:"n" minimum:"1" maximum:"100000"`
	Size     hub.PageSize `query:"size" enum:"thumb,page,full" default:"page"`
}

func (s *Server) getPage(ctx context.Context, in *getPageInput) (*huma.StreamResponse, error) {
	id, purpose, err := in.read(ctx)
	if err != nil {
		return nil, err
	}
	long, cancel := s.transfer(ctx)
	mediaType, size, picture, err := s.cfg.Service.OpenPage(long, reading(ctx, purpose), id, hub.MaterialID(in.Material), in.Number, in.Size)
	if err != nil {
		cancel()
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		c := humafiber.Unwrap(hctx)
		fileHeaders(c, mediaType, "page"+extensions[mediaType])
		c.Set("Content-Disposition", "inline")
		s.send(c, picture, size, cancel)
	}}, nil
}

var extensions = map[string]string{"image/jpeg": ".jpg", "image/png": ".png"}
