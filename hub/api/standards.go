package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
	"tongban/hub/standard"
)

func (s *Server) standardRoutes() {
	one := "/standards/{item}/{agency}/{version}"
	op := func(method, path, id, summary string) huma.Operation {
		return huma.Operation{Method: method, Path: base + path, OperationID: id, Tags: []string{tagReference}, Summary: summary}
	}
	register(s, op(http.MethodGet, "/standards/versions", "list-standards", "标准版本 Every version of the standards, in any state"), s.listStandards)
	register(s, op(http.MethodGet, "/standards/diff", "diff-standards", "标准比对 What another place's standard asks for otherwise than ours"), s.diffStandards)
	register(s, op(http.MethodPost, "/standards/assess", "assess-application", "试算 What a standard asks for in this case; nothing is kept"), s.assess)
	export := op(http.MethodGet, one+".yaml", "export-standard", "导出 A version in full, as it is imported")
	export.Responses = map[string]*huma.Response{"200": {
		Description: "OK", Content: map[string]*huma.MediaType{yamlType: {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	register(s, export, s.exportStandard)
	register(s, op(http.MethodGet, one, "get-standard-version", "标准 One version"), s.getVersion)
	create := op(http.MethodPost, "/standards", "import-standards", "导入 Keep standards as drafts")
	create.DefaultStatus = http.StatusCreated
	create.Description = "One YAML document for each standard; a variant may be an overlay on a national version that is here. " +
		"Everything that is wrong is told at once. Importing the same again changes nothing."
	register(s, create, s.importStandards)
	register(s, op(http.MethodPost, one+"/publish", "publish-standard", "发布 Put a draft into force from its day on"), s.publishStandard)
	register(s, op(http.MethodPost, one+"/withdraw", "withdraw-standard", "撤销 Take back a version that nobody has used"), s.withdrawStandard)
}

// StandardInput names one version. The national base is "base".
type StandardInput struct {
	Item    hub.ItemCode `path:"item" maxLength:"60"`
	Agency  string       `path:"agency" maxLength:"60" doc:"base for the national one"`
	Version int          `path:"version" minimum:"1" maximum:"999999"`
}

func (in *StandardInput) ref() hub.StandardRef {
	a := hub.AgencyID(in.Agency)
	if a == "base" {
		a = ""
	}
	return hub.StandardRef{Item: in.Item, Agency: a, Version: in.Version}
}

type versionsInput struct {
	Item hub.ItemCode `query:"item" maxLength:"60"`
}

type versionsOutput struct {
	Body struct {
		Standards []standardHead `json:"standards" nullable:"false"`
	}
}

func (s *Server) listStandards(ctx context.Context, in *versionsInput) (*versionsOutput, error) {
	all, err := s.standards(ctx, in.Item)
	if err != nil {
		return nil, err
	}
	out := &versionsOutput{}
	out.Body.Standards = each(all, func(x hub.Standard) standardHead { return headOf(&x) })
	return out, nil
}

// standards reads the versions of an item for somebody who may.
func (s *Server) standards(ctx context.Context, item hub.ItemCode) ([]hub.Standard, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.StandardRead, nil); err != nil {
		return nil, err
	}
	return s.cfg.Directory.Standards(ctx, item)
}

func (s *Server) getVersion(ctx context.Context, in *StandardInput) (*standardOutput, error) {
	std, err := s.version(ctx, in)
	if err != nil {
		return nil, err
	}
	return &standardOutput{standardViewOf(std)}, nil
}

func (s *Server) version(ctx context.Context, in *StandardInput) (hub.Standard, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.StandardRead, nil); err != nil {
		return hub.Standard{}, err
	}
	return s.cfg.Directory.Standard(ctx, in.ref())
}

type exportOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

const yamlType = "application/yaml"

func (s *Server) exportStandard(ctx context.Context, in *StandardInput) (*exportOutput, error) {
	std, err := s.version(ctx, in)
	if err != nil {
		return nil, err
	}
	b, err := standard.Export(&std)
	return &exportOutput{yamlType, b}, err
}

type importInput struct {
	Body struct {
		YAML string `json:"yaml" minLength:"1" maxLength:"1000000" doc:"the documents, as text"`
	}
}

// manages refuses who may not change the standards of an agency: that is its
// own system administrator; the national base is any's.
func (s *Server) manages(ctx context.Context, a hub.AgencyID) error {
	who := actor(ctx)
	if err := s.cfg.Policy.Authorize(who, hub.StandardManage, nil); err != nil {
		return err
	}
	if a != "" && a != who.Agency {
		return hub.E(hub.Forbidden, "the standards of another agency are its own")
	}
	return nil
}

func (s *Server) importStandards(ctx context.Context, in *importInput) (*versionsOutput, error) {
	if err := s.manages(ctx, ""); err != nil {
		return nil, err
	}
	all, err := standard.Load(strings.NewReader(in.Body.YAML), func(item hub.ItemCode, version int) (hub.Standard, error) {
		return s.cfg.Directory.Standard(ctx, hub.StandardRef{Item: item, Version: version})
	})
	if err != nil {
		return nil, importError(err)
	}
	out := &versionsOutput{}
	out.Body.Standards = []standardHead{}
	for i := range all {
		if err := s.manages(ctx, all[i].Agency); err != nil {
			return nil, err
		}
	}
	for i := range all {
		if err := s.cfg.Directory.SaveDraft(ctx, all[i]); err != nil {
			return nil, err
		}
		saved, err := s.cfg.Directory.Standard(ctx, all[i].Ref())
		if err != nil {
			return nil, err
		}
		out.Body.Standards = append(out.Body.Standards, headOf(&saved))
	}
	return out, nil
}

// importError points at the text that was sent. A base that is not here is no
// missing page.
func importError(err error) error {
	e, ok := errors.AsType[*hub.Error](err)
	if !ok {
		return err
	}
	at := *e
	if at.Code == hub.NotFound {
		at.Code = hub.BadStandard
	}
	if len(at.Fields) == 0 {
		at.Fields = []hub.FieldError{{Pointer: "/yaml", Code: "invalid", Message: at.Message}}
	}
	return &at
}

type moveInput struct {
	StandardInput
	Body struct {
		Digest hub.Digest `json:"digest" pattern:"^sha256:[0-9a-f]{64}$" doc:"of the version that was looked at"`
	}
}

type headOutput struct{ Body standardHead }

func (s *Server) publishStandard(ctx context.Context, in *moveInput) (*headOutput, error) {
	return s.move(ctx, in, func(ref hub.StandardRef) error {
		return hub.PublishStandard(ctx, s.cfg.Directory, ref, s.cfg.Now())
	})
}

func (s *Server) withdrawStandard(ctx context.Context, in *moveInput) (*headOutput, error) {
	return s.move(ctx, in, func(ref hub.StandardRef) error {
		return hub.WithdrawStandard(ctx, s.cfg.Directory, ref, s.cfg.Now())
	})
}

func (s *Server) move(ctx context.Context, in *moveInput, do func(hub.StandardRef) error) (*headOutput, error) {
	ref := in.ref()
	if err := s.manages(ctx, ref.Agency); err != nil {
		return nil, err
	}
	ref.Digest = in.Body.Digest
	if err := do(ref); err != nil {
		return nil, err
	}
	std, err := s.cfg.Directory.Standard(ctx, ref)
	if err != nil {
		return nil, err
	}
	return &headOutput{headOf(&std)}, nil
}
