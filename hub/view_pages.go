package hub

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"tongban/hub/session"
)

// PageSize names one of the pictures of a page.
type PageSize string

// The sizes of a page.
const (
	SizeThumb PageSize = "thumb"
	SizePage  PageSize = "page"
	SizeFull  PageSize = "full" // the working copy of an image
)

// Pages tells what became of a material's preparation for review. It serves
// nothing of the content, so it writes no line. Errors as for OpenMaterial.
func (s *Service) Pages(ctx context.Context, r Reading, id CaseID, m MaterialID) (Prepared, error) {
	mat, err := s.readable(ctx, r, id, m)
	if err != nil {
		return Prepared{}, err
	}
	p, err := s.Preparer.Prepared(ctx, mat.File)
	if err != nil {
		return Prepared{}, fmt.Errorf("pages of material %s: %w", m, err)
	}
	return p, nil
}

// OpenPage streams one picture of a page, numbered from 1, and returns its
// media type and its size in bytes. The caller closes the reader. The attempt is recorded before
// anything is opened, also of what is then refused. Errors: those of
// OpenMaterial; Quarantined, NotScanned; NotFound for a page that is not there (yet).
func (s *Service) OpenPage(ctx context.Context, r Reading, id CaseID, m MaterialID, page int, size PageSize) (string, int64, io.ReadCloser, error) {
	mat, err := s.readable(ctx, r, id, m)
	if err != nil {
		return "", 0, nil, err
	}
	return s.openPage(ctx, r, id, mat, page, size)
}

// OpenShownPage is OpenPage for somebody in a session in which the material is
// shown to all.
func (s *Service) OpenShownPage(ctx context.Context, r Reading, id CaseID, sid session.ID, m MaterialID, page int, size PageSize) (string, int64, io.ReadCloser, error) {
	mat, err := s.shown(ctx, r.Actor, id, sid, m)
	if err != nil {
		return "", 0, nil, err
	}
	return s.openPage(ctx, r, id, mat, page, size)
}

func (s *Service) openPage(ctx context.Context, r Reading, id CaseID, mat Material, page int, size PageSize) (string, int64, io.ReadCloser, error) {
	m := mat.ID
	if err := s.record(ctx, r, id, "page", string(m)+"/"+strconv.Itoa(page)+"/"+string(size)); err != nil {
		return "", 0, nil, err
	}
	if err := s.Preparer.Readable(ctx, mat.File); err != nil {
		return "", 0, nil, err
	}
	p, err := s.Preparer.Prepared(ctx, mat.File)
	if err != nil {
		return "", 0, nil, fmt.Errorf("pages of material %s: %w", m, err)
	}
	if page < 1 || page > len(p.Pages) {
		return "", 0, nil, E(NotFound, "the material has no such page")
	}
	digest, mediaType := p.Pages[page-1].picture(size)
	if digest == "" {
		return "", 0, nil, E(NotFound, "the page is not kept in that size")
	}
	body, n, err := s.Objects.Open(ctx, digest)
	if ErrorCode(err) == NotFound { // the record has it; the store has lost it
		return "", 0, nil, Wrap(Internal, err, "the picture of this page is missing")
	}
	if err != nil {
		return "", 0, nil, fmt.Errorf("open page %d of material %s: %w", page, m, err)
	}
	return mediaType, n, body, nil
}

func (p *PageImage) picture(size PageSize) (Digest, string) {
	switch size {
	case SizeThumb:
		return p.Thumb, "image/jpeg"
	case SizePage:
		return p.Page, p.PageType
	case SizeFull:
		return p.Copy, p.CopyType
	}
	return "", ""
}

// readable finds a material that the person may read.
func (s *Service) readable(ctx context.Context, r Reading, id CaseID, m MaterialID) (Material, error) {
	c, _, err := s.open(ctx, r, id)
	if err != nil {
		return Material{}, err
	}
	if err := s.Policy.Authorize(r.Actor, MaterialRead, c); err != nil {
		return Material{}, err
	}
	if c.Erased {
		return Material{}, E(Erased, "the case was erased")
	}
	mat, ok := c.Material(m)
	if !ok {
		return Material{}, E(NotFound, "the case has no such material")
	}
	return mat, nil
}
