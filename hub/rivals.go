package hub

import (
	"context"
	"fmt"
	"slices"
)

// judgeRivals finds open cases that change rights of the same unit, from
// whatever window. The clerk is shown their state, not their content, and may
// go on with a reason: who books first is for the register to say.
func (s *Service) judgeRivals(ctx context.Context, i Receive, f *Received) error {
	if !f.Disposes {
		return nil
	}
	page, err := s.Index.List(ctx, ListQuery{Scope: Scope{Everyone: true}, Unit: f.Unit, Limit: 50})
	if err != nil {
		return fmt.Errorf("look for rivals: %w", err)
	}
	var wrong []FieldError
	for _, r := range page.Rows {
		if !r.Disposes {
			continue
		}
		doubled := r.Item == f.Item && slices.ContainsFunc(r.PartyRefs, func(p PartyRef) bool { return slices.Contains(f.PartyRefs, p) })
		f.Rivals = append(f.Rivals, Rival{Number: r.Number, Status: r.Status, Doubled: doubled})
		code := "rival"
		if doubled {
			code = "doubled"
		}
		wrong = append(wrong, FieldError{"/unit", code, fmt.Sprintf("case %s is open (%s)", r.Number, r.Status)})
	}
	if len(f.Rivals) == 0 {
		return nil
	}
	r, err := remark("/despite", i.Despite, false)
	if err != nil {
		return err
	}
	if r.Text == "" {
		return &Error{Code: RivalCase, Message: "an open case is about the same unit; give a reason to receive this one too", Fields: wrong}
	}
	f.Private.Despite = r.Text
	return nil
}
