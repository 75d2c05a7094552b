package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"tongban/hub"
)

func (s *Server) materialRoutes() {
	s.uploadRoute()
	s.resumableRoutes()
	register(s, huma.Operation{
		Method: http.MethodPost, Path: base + "/cases/{id}/materials", OperationID: "add-material",
		Tags: []string{tagMaterials}, Summary: "添加材料 Put an uploaded file into a slot", DefaultStatus: http.StatusCreated,
	}, s.addMaterial)
	register(s, huma.Operation{
		Method: http.MethodDelete, Path: base + "/cases/{id}/materials/{mid}", OperationID: "remove-material",
		Tags: []string{tagMaterials}, Summary: "撤下材料 Take a file back before hand-over",
	}, s.removeMaterial)
	register(s, fileOperation("/cases/{id}/materials/{mid}/content", "get-material", tagMaterials,
		"查看材料 The bytes of a file", "Verified while they are read: a damaged file breaks off. The reading is recorded.", "*/*"), s.getMaterial)
	register(s, fileOperation("/cases/{id}/bundle", "get-bundle", tagCases,
		"证据包 The evidence bundle of a case as one ZIP", "hub verify proves it off line. The reading is recorded.", "application/zip"), s.getBundle)
}

// fileOperation describes an answer that is bytes.
func fileOperation(path, id, tag, summary, more, mediaType string) huma.Operation {
	return huma.Operation{
		Method: http.MethodGet, Path: base + path, OperationID: id, Tags: []string{tag}, Summary: summary, Description: more,
		Responses: map[string]*huma.Response{"200": {Description: "the file", Content: map[string]*huma.MediaType{
			mediaType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		}}},
	}
}

type addMaterialInput struct {
	CaseInput
	CommandHeaders
	Body addMaterialWish
}

type addMaterialOutput struct {
	ETag     string `header:"ETag"`
	Replayed string `header:"Idempotent-Replayed"`
	Location string `header:"Location"`
	Body     struct {
		ResultView
		Material hub.MaterialID `json:"material"`
	}
}

func (s *Server) addMaterial(ctx context.Context, in *addMaterialInput) (*addMaterialOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	r, err := s.execute(ctx, in.CommandHeaders, id, in.Body.intent())
	if err != nil {
		return nil, err
	}
	m := hub.NewMaterialID(id, hub.CommandID(in.Key))
	out := &addMaterialOutput{ETag: r.ETag, Replayed: r.Replayed, Location: r.Location + "/materials/" + string(m) + "/content"}
	out.Body.ResultView, out.Body.Material = r.Body, m
	return out, nil
}

type removeMaterialInput struct {
	CaseInput
	CommandHeaders
	Material string `path:"mid" maxLength:"40"`
	Body     struct {
		Reason string `json:"reason" maxLength:"8000"`
	}
}

func (s *Server) removeMaterial(ctx context.Context, in *removeMaterialInput) (*resultOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	return s.execute(ctx, in.CommandHeaders, id, hub.RemoveMaterial{Material: hub.MaterialID(in.Material), Reason: in.Body.Reason})
}

// PurposeInput is a reading of what belongs to a case, with its reason. It is
// exported because huma only looks into embedded types that are.
type PurposeInput struct {
	CaseInput
	Purpose string `header:"Access-Purpose" doc:"why, percent-encoded UTF-8; recorded"`
}

func (in *PurposeInput) read(ctx context.Context) (id hub.CaseID, purpose string, err error) {
	if id, err = in.caseID(ctx); err != nil {
		return "", "", err
	}
	purpose, err = parsePurpose(in.Purpose)
	return id, purpose, err
}

type getMaterialInput struct {
	PurposeInput
	Material string `path:"mid" maxLength:"40"`
}

func (s *Server) getMaterial(ctx context.Context, in *getMaterialInput) (*huma.StreamResponse, error) {
	id, purpose, err := in.read(ctx)
	if err != nil {
		return nil, err
	}
	long, cancel := s.transfer(ctx)
	m, file, err := s.cfg.Service.OpenMaterial(long, reading(ctx, purpose), id, hub.MaterialID(in.Material))
	if err != nil {
		cancel()
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		c := humafiber.Unwrap(hctx)
		fileHeaders(c, m.File.Type, m.Name)
		c.Set("Repr-Digest", reprDigest(m.File.Digest))
		s.send(c, file, m.File.Size, cancel)
	}}, nil
}

// fileHeaders keep a browser from ever running what a file holds.
func fileHeaders(c *fiber.Ctx, mediaType, name string) {
	c.Set(fiber.HeaderContentType, mediaType)
	c.Set(fiber.HeaderContentDisposition, attachment(name))
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox; frame-ancestors 'none'")
}

type getBundleInput struct {
	PurposeInput
}

func (s *Server) getBundle(ctx context.Context, in *getBundleInput) (*huma.StreamResponse, error) {
	id, purpose, err := in.read(ctx)
	if err != nil {
		return nil, err
	}
	who := reading(ctx, purpose)
	long, cancel := s.transfer(ctx)
	zip, err := s.produce(long, func(ctx context.Context, w *pipeWriter) error {
		return s.cfg.Bundle.WriteBundle(ctx, who, id, w)
	})
	if err != nil {
		cancel()
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		c := humafiber.Unwrap(hctx)
		fileHeaders(c, "application/zip", "case-"+string(id)+".zip")
		s.send(c, zip, -1, cancel)
	}}, nil
}
