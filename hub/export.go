package hub

import "context"

// OpenToExport returns a whole case with its chain to a person who may take an
// evidence bundle of it. The access is recorded first.
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
	return c, events, s.record(ctx, r, id, "bundle", "")
}
