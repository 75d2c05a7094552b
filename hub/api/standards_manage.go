package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tongban/hub"
	"tongban/hub/standard"
)

// VersionRef names one version of a standard. It is exported because huma only
// looks into embedded types that are.
type VersionRef struct {
	Item    hub.ItemCode `json:"item" minLength:"1" maxLength:"60"`
	Agency  hub.AgencyID `json:"agency,omitempty" maxLength:"60"`
	Version int          `json:"version" minimum:"1"`
	Digest  hub.Digest   `json:"digest" pattern:"^sha256:[0-9a-f]{64}$" doc:"of the content that was looked at"`
}

type versionInput struct{ Body VersionRef }

type exportInput struct {
	Item    hub.ItemCode `query:"item" required:"true" maxLength:"60"`
	Agency  hub.AgencyID `query:"agency" maxLength:"60"`
	Version int          `query:"version" required:"true" minimum:"1"`
}

type exportOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *Server) exportStandard(ctx context.Context, in *exportInput) (*exportOutput, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.StandardRead, nil); err != nil {
		return nil, err
	}
	std, err := s.cfg.Directory.Standard(ctx, hub.StandardRef{Item: in.Item, Agency: in.Agency, Version: in.Version})
	if err != nil {
		return nil, err
	}
	if !s.shows(ctx, &std) {
		return nil, hub.E(hub.NotFound, "there is no such version")
	}
	b, err := standard.Export(std)
	return &exportOutput{"application/yaml; charset=utf-8", b}, err
}

type compareInput struct {
	Item        hub.ItemCode `query:"item" required:"true" maxLength:"60"`
	Agency      hub.AgencyID `query:"agency" maxLength:"60"`
	Version     int          `query:"version" required:"true" minimum:"1"`
	WithAgency  hub.AgencyID `query:"with_agency" maxLength:"60"`
	WithVersion int          `query:"with_version" required:"true" minimum:"1" doc:"the older one, as a rule"`
}

func (s *Server) compareVersions(ctx context.Context, in *compareInput) (*diffOutput, error) {
	all, err := s.standards(ctx, in.Item)
	if err != nil {
		return nil, err
	}
	find := func(a hub.AgencyID, version int) (*hub.Standard, error) {
		i := slices.IndexFunc(all, func(x hub.Standard) bool { return x.Agency == a && x.Version == version })
		if i < 0 {
			return nil, hub.E(hub.NotFound, "there is no such version")
		}
		return &all[i], nil
	}
	there, err := find(in.Agency, in.Version)
	if err != nil {
		return nil, err
	}
	here, err := find(in.WithAgency, in.WithVersion)
	if err != nil {
		return nil, err
	}
	out := &diffOutput{}
	out.Body.Here, out.Body.There = versionViewOf(*here), versionViewOf(*there)
	out.Body.Changes = each(standard.Diff(here, there), func(c standard.Change) diffView { return diffView(c) })
	return out, nil
}

type importInput struct {
	Body struct {
		YAML string `json:"yaml" minLength:"1" maxLength:"900000"`
	}
}

func (s *Server) importStandards(ctx context.Context, in *importInput) (*versionsOutput, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.StandardManage, nil); err != nil {
		return nil, err
	}
	known, err := s.cfg.Directory.Standards(ctx, "")
	if err != nil {
		return nil, err
	}
	read, err := standard.Load(strings.NewReader(in.Body.YAML), known...)
	if err != nil {
		return nil, s.badStandard(ctx, err)
	}
	if len(read) == 0 {
		return nil, hub.InvalidFields([]hub.FieldError{{Pointer: "/yaml", Code: "empty", Message: "there is no standard in it"}})
	}
	for i, x := range read { // none is kept unless all can be
		if slices.ContainsFunc(read[:i], func(o hub.Standard) bool { return o.Item == x.Item && o.Agency == x.Agency && o.Version == x.Version }) {
			return nil, s.badStandard(ctx, fmt.Errorf("standard %d: version %d of %s is there twice", i+1, x.Version, x.Item))
		}
		for _, k := range known {
			if k.Item == x.Item && k.Agency == x.Agency && k.Version == x.Version && k.State != hub.StandardDraft {
				return nil, hub.E(hub.Conflict, "version %d of %s is published already", x.Version, x.Item)
			}
		}
	}
	out := &versionsOutput{}
	out.Body.Standards = []versionView{}
	for _, x := range read {
		if err := s.cfg.Directory.SaveDraft(ctx, x); err != nil {
			return nil, err
		}
		x.State = hub.StandardDraft
		out.Body.Standards = append(out.Body.Standards, versionViewOf(x))
	}
	return out, nil
}

// badStandard says what is wrong with a file, in the words of who reads it:
// names and conditions stand in the reason as they stand in the file.
func (s *Server) badStandard(ctx context.Context, err error) error {
	p := s.newProblem(ctx, statuses[hub.Invalid], hub.Invalid, "", nil)
	words := s.catalogues[of(ctx).lang].Fields["standard"]
	wrong, ok := errors.AsType[standard.Faults](err)
	if !ok {
		wrong = standard.Faults{{Message: err.Error()}}
	}
	p.Errors = each(wrong, func(f standard.Fault) FieldError {
		return FieldError{In: "body", Pointer: "/yaml", Code: "standard", Message: words + ": " + f.Message, Line: f.Line}
	})
	return p
}

func (s *Server) publishStandard(ctx context.Context, in *versionInput) (*struct{}, error) {
	return s.moveStandard(ctx, in.Body, hub.StandardPublished, hub.StandardDraft, hub.StandardPublished)
}

func (s *Server) withdrawStandard(ctx context.Context, in *versionInput) (*struct{}, error) {
	return s.moveStandard(ctx, in.Body, hub.StandardWithdrawn, hub.StandardDraft, hub.StandardPublished, hub.StandardWithdrawn)
}

func (s *Server) moveStandard(ctx context.Context, v VersionRef, to hub.StandardState, from ...hub.StandardState) (*struct{}, error) {
	if err := s.cfg.Policy.Authorize(actor(ctx), hub.StandardManage, nil); err != nil {
		return nil, err
	}
	return nil, s.cfg.Directory.MoveStandard(ctx, hub.StandardRef{Item: v.Item, Agency: v.Agency, Version: v.Version, Digest: v.Digest}, to, from...)
}
