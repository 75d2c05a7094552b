package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

// DraftSeal seals the content of drafts. Implemented by *hub.Keyring.
type DraftSeal interface {
	SealDraft(d hub.Draft, content []byte) ([]byte, error)
	OpenDraft(d hub.Draft) ([]byte, error)
}

const (
	draftLife  = 14 * 24 * time.Hour // from its last change
	maxDrafts  = 100                 // of one person
	maxContent = 400_000             // characters
)

func (s *Server) draftRoutes() {
	op := func(method, path, id, summary string, status int) huma.Operation {
		return huma.Operation{Method: method, Path: base + "/drafts" + path, OperationID: id, Tags: []string{tagDrafts}, Summary: summary, DefaultStatus: status}
	}
	register(s, op(http.MethodGet, "", "list-drafts", "我的草稿 My drafts, the newest first", http.StatusOK), s.listDrafts)
	register(s, op(http.MethodGet, "/{id}", "get-draft", "打开草稿 A draft of mine", http.StatusOK), s.getDraft)
	keep := op(http.MethodPut, "/{id}", "keep-draft", "保存草稿 Keep what was typed so far", http.StatusOK)
	keep.Description = "Only the person himself can read it; it is sealed at rest and forgotten 14 days after its last change. " +
		"version is the one it follows, 0 for a new draft; another one is answered with stale_version and nothing is kept."
	register(s, keep, s.keepDraft)
	register(s, op(http.MethodDelete, "/{id}", "drop-draft", "删除草稿 Forget a draft", http.StatusNoContent), s.dropDraft)
}

// DraftPath names a draft. It is exported because huma only looks into embedded
// types that are.
type DraftPath struct {
	ID string `path:"id" pattern:"^[a-z0-9.-]{8,80}$" doc:"chosen by the client"`
}

// DraftHead is a draft in the list. Exported as DraftPath is.
type DraftHead struct {
	ID      string       `json:"id"`
	Item    hub.ItemCode `json:"item,omitempty"`
	Unit    string       `json:"unit,omitempty"`
	Version int64        `json:"version"`
	Saved   time.Time    `json:"saved"`
	Expires time.Time    `json:"expires"`
}

type draftView struct {
	DraftHead
	Content string `json:"content" doc:"as it was kept"`
}

func headOf(d hub.Draft) DraftHead {
	return DraftHead{ID: d.ID, Item: d.Item, Unit: d.Unit, Version: d.Version, Saved: d.Saved, Expires: d.Expires}
}

type draftsOutput struct {
	Body struct {
		Drafts []DraftHead `json:"drafts" nullable:"false"`
	}
}

func (s *Server) listDrafts(ctx context.Context, _ *struct{}) (*draftsOutput, error) {
	all, err := s.cfg.Drafts.DraftsOf(ctx, actor(ctx).Person, maxDrafts)
	if err != nil {
		return nil, err
	}
	out := &draftsOutput{}
	out.Body.Drafts = each(all, headOf)
	return out, nil
}

type draftOutput struct{ Body draftView }

func (s *Server) getDraft(ctx context.Context, in *DraftPath) (*draftOutput, error) {
	d, err := s.cfg.Drafts.Draft(ctx, actor(ctx).Person, in.ID)
	if err != nil {
		return nil, err
	}
	content, err := s.cfg.DraftSeal.OpenDraft(d)
	if err != nil {
		return nil, err
	}
	return &draftOutput{draftView{headOf(d), string(content)}}, nil
}

type keepDraftInput struct {
	DraftPath
	Body struct {
		Item    hub.ItemCode `json:"item,omitempty" maxLength:"60"`
		Unit    string       `json:"unit,omitempty" maxLength:"60"`
		Version int64        `json:"version" minimum:"0" doc:"that this one follows"`
		Content string       `json:"content" maxLength:"400000" doc:"whatever the client needs to go on"`
	}
}

type keptDraftOutput struct{ Body DraftHead }

func (s *Server) keepDraft(ctx context.Context, in *keepDraftInput) (*keptDraftOutput, error) {
	now := hub.Millis(s.cfg.Now())
	d := hub.Draft{
		ID: in.ID, Person: actor(ctx).Person, Item: in.Body.Item, Unit: in.Body.Unit, Version: in.Body.Version + 1,
		Saved: now, Expires: now.Add(draftLife),
	}
	if len(in.Body.Content) > maxContent {
		return nil, hub.E(hub.TooLarge, "a draft has at most %d bytes", maxContent)
	}
	if d.Version == 1 {
		all, err := s.cfg.Drafts.DraftsOf(ctx, d.Person, maxDrafts)
		if err != nil {
			return nil, err
		}
		if len(all) >= maxDrafts {
			return nil, hub.E(hub.RateLimited, "at most %d drafts are kept; drop some", maxDrafts)
		}
	}
	var err error
	if d.Sealed, err = s.cfg.DraftSeal.SealDraft(d, []byte(in.Body.Content)); err != nil {
		return nil, err
	}
	if err := s.cfg.Drafts.KeepDraft(ctx, d); err != nil {
		return nil, err
	}
	return &keptDraftOutput{headOf(d)}, nil
}

func (s *Server) dropDraft(ctx context.Context, in *DraftPath) (*struct{}, error) {
	return nil, s.cfg.Drafts.DropDraft(ctx, actor(ctx).Person, in.ID)
}
