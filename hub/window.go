package hub

import "context"

// MoveWindow lets another window serve the applicant from now on: he may go to
// any (国办发〔2020〕35号). An open supplement becomes its task.
type MoveWindow struct {
	To     AgencyID
	Reason string
}

func (MoveWindow) kind() Kind { return KindWindowMoved }

func (i MoveWindow) decide(ctx context.Context, s *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	if i.To == c.Window {
		return nil, nil, InvalidFields([]FieldError{{"/to", "same_window", "this window serves the applicant already"}})
	}
	a, err := s.Directory.Agency(ctx, i.To)
	if ErrorCode(err) == NotFound {
		return nil, nil, InvalidFields([]FieldError{{"/to", "unknown", "there is no such agency"}})
	}
	if err != nil {
		return nil, nil, err
	}
	r, err := remark("/reason", i.Reason, true)
	return &WindowMoved{To: a.ID, Private: r}, nil, err
}
