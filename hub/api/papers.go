package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"tongban/hub"
)

func (s *Server) paperRoutes() {
	pdf := map[string]*huma.Response{"200": {
		Description: "the paper", Content: map[string]*huma.MediaType{"application/pdf": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
	register(s, huma.Operation{
		Method: http.MethodGet, Path: base + "/cases/{id}/papers/{kind}", OperationID: "print-paper", Tags: []string{tagMaterials},
		Summary: "打印回执、通知书 Print a paper about a case as it is", Responses: pdf,
		Description: "Receipt, notices, questioning record. Shows personal data in clear, so it is recorded, and for officers it needs the right to see them.",
	}, s.printPaper)
	register(s, huma.Operation{
		Method: http.MethodGet, Path: base + "/cases/{id}/results/{result}", OperationID: "get-result", Tags: []string{tagMaterials},
		Summary: "下载证书、证明 An issued and sealed result", Responses: pdf,
	}, s.getResult)
	open(s, huma.Operation{
		Method: http.MethodGet, Path: base + "/check", OperationID: "check-paper", Tags: []string{tagReference},
		Summary:     "证照核验 Is this paper in force? For anybody, without signing in",
		Description: "Asked by the QR of a paper. Answers with what the paper itself shows and its state, never with a name.",
	}, s.checkPaper)
}

type printInput struct {
	PurposeInput
	Party int    `query:"party" minimum:"0" maximum:"199" doc:"whose questioning record, from 0"`
	Kind  string `path:"kind" enum:"receipt,acceptance,refusal,supplement,rejection,questioning,delivery_proof"`
}

func (s *Server) printPaper(ctx context.Context, in *printInput) (*huma.StreamResponse, error) {
	id, purpose, err := in.read(ctx)
	if err != nil {
		return nil, err
	}
	b, c, err := s.cfg.Service.PrintPaper(ctx, reading(ctx, purpose), id, hub.PrintKind(in.Kind), in.Party)
	if err != nil {
		return nil, err
	}
	long, cancel := s.transfer(ctx)
	_ = long // the bytes are there; only sending them takes time
	return s.sendPDF(io.NopCloser(bytes.NewReader(b)), int64(len(b)), c.Number+"-"+in.Kind+".pdf", cancel), nil
}

func (s *Server) sendPDF(r io.ReadCloser, size int64, name string, done context.CancelFunc) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		c := humafiber.Unwrap(hctx)
		fileHeaders(c, "application/pdf", name)
		s.send(c, r, size, done)
	}}
}

type resultInput struct {
	PurposeInput
	Result string `path:"result" maxLength:"120" doc:"id of the result"`
}

func (s *Server) getResult(ctx context.Context, in *resultInput) (*huma.StreamResponse, error) {
	id, purpose, err := in.read(ctx)
	if err != nil {
		return nil, err
	}
	long, cancel := s.transfer(ctx)
	p, body, err := s.cfg.Service.OpenResult(long, reading(ctx, purpose), id, in.Result)
	if err != nil {
		cancel()
		return nil, err
	}
	return s.sendPDF(body, p.File.Size, p.Number+".pdf", cancel), nil
}

type checkInput struct {
	ID   string `query:"id" required:"true" maxLength:"120" doc:"电子证照标识, as printed"`
	Code string `query:"code" required:"true" maxLength:"20" doc:"check code, as printed"`
}

// checkView is what anybody who holds the paper may know.
type checkView struct {
	ID        string         `json:"id"`
	Number    string         `json:"number"`
	Kind      hub.ResultKind `json:"kind"`
	State     hub.PaperState `json:"state" enum:"valid,replaced,revoked"`
	Issuer    placeView      `json:"issuer"`
	IssuedAt  time.Time      `json:"issued_at"`
	RevokedAt *time.Time     `json:"revoked_at,omitempty"`
	Digest    hub.Digest     `json:"digest" doc:"of the sealed file: compare it with the file in your hand"`
}

type checkOutput struct{ Body checkView }

func (s *Server) checkPaper(ctx context.Context, in *checkInput) (*checkOutput, error) {
	p, state, err := s.cfg.Service.CheckPaper(ctx, in.ID, in.Code)
	if err != nil {
		return nil, err
	}
	v := checkView{
		ID: p.ID, Number: p.Number, Kind: p.Kind, State: state, Issuer: s.places(ctx)(p.Agency), IssuedAt: p.IssuedAt,
		RevokedAt: unlessZero(p.RevokedAt), Digest: p.Digest,
	}
	return &checkOutput{v}, nil
}
