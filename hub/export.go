package hub

import "context"

// OpenToExport returns a whole case with its chain to a person who may take an
// evidence bundle of it. The access is recorded first. A case with a file that
// nobody may read is refused: Quarantined, NotScanned.
func (s *Service) OpenToExport(ctx context.Context, r Reading, id CaseID) (*Case, []Event, error) {
	c, events, err := s.open(ctx, r, id)
	if err != nil {
		return nil, nil, err
	}
	if err := s.Policy.Authorize(r.Actor, BundleExport, c); err != nil {
		return nil, nil, err
	}
	if c.Erased {
		return nil, nil, E(Erased, "the case was erased")
	}
	if err := s.record(ctx, r, id, "bundle", ""); err != nil {
		return nil, nil, err
	}
	for _, m := range c.Materials {
		if err := s.Preparer.Readable(ctx, m.File); err != nil {
			return nil, nil, err
		}
	}
	return c, events, nil
}
