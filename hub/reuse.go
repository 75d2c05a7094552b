package hub

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tongban/hub/register"
)

// MaterialSource names a material of another case that serves here as well.
type MaterialSource struct {
	Case     CaseID
	Material MaterialID
}

// reused finds the file of another case's material that an applicant need not
// bring again (政务服务“一次告知、一份材料”; 优化营商环境条例 art. 36). It must be in a
// slot that the standard calls reusable, of a case that the actor may read and
// that is of one of the same people.
//
// Errors: NotFound for what the actor may not know, Invalid with the reason.
func (s *Service) reused(ctx context.Context, c *Case, cmd *Command, slot Slot, from MaterialSource) (File, error) {
	if !slot.Reusable {
		return File{}, InvalidFields([]FieldError{{"/from", "not_reusable", "a paper of this kind is brought for each application"}})
	}
	other, _, err := s.load(ctx, from.Case)
	if err != nil {
		return File{}, err
	}
	if err := s.Policy.Authorize(cmd.Actor, MaterialRead, other); err != nil {
		return File{}, err
	}
	m, ok := other.Material(from.Material)
	if !ok || m.Removed || m.Superseded {
		return File{}, E(NotFound, "the case has no such material in force")
	}
	if m.Slot != slot.Key {
		return File{}, InvalidFields([]FieldError{{"/from", "other_slot", "it is a paper of another kind"}})
	}
	if !slices.ContainsFunc(other.PartyRefs, c.IsParty) {
		return File{}, InvalidFields([]FieldError{{"/from", "other_people", "it is of other people"}})
	}
	if err := s.Preparer.Readable(ctx, m.File); err != nil {
		return File{}, err
	}
	return m.File, nil
}

// known names, for each slot that takes what an earlier registration gave, the
// number of the paper that the register of an agency has in force: it is not
// asked again (不动产登记暂行条例 art. 24).
func (s *Service) known(ctx context.Context, a AgencyID, std *Standard, form Form, unit string) (map[string]string, error) {
	var found map[string]string
	if !slices.ContainsFunc(std.Slots, func(x Slot) bool { return x.Output != "" }) {
		return nil, nil
	}
	if keeps, err := s.keepsRegister(ctx, a); err != nil || !keeps {
		if ErrorCode(err) == NotFound { // an agency of another hub
			err = nil
		}
		return nil, err
	}
	for _, f := range std.Fields {
		number, _ := form[f.Key].(string)
		if f.Kind != "certificate" || number == "" {
			continue
		}
		state, err := s.register.Certificate(ctx, number)
		if register.ReasonOf(err) == register.NotFound {
			continue
		}
		if err != nil {
			return nil, s.registerError(err)
		}
		kind := ResultCertificate
		if strings.Contains(number, "不动产证明") {
			kind = ResultProof
		}
		if state.Status != register.Valid || !samePlot(string(state.Unit), unit) {
			continue
		}
		for _, slot := range std.Slots {
			if slot.Output == kind {
				if found == nil {
					found = map[string]string{}
				}
				found[slot.Key] = number
			}
		}
	}
	return found, nil
}

// samePlot reports whether a paper is of the unit, or of the land it stands on.
func samePlot(of, unit string) bool {
	return of == unit || len(of) == 28 && len(unit) == 28 && of[:19] == unit[:19] && strings.HasSuffix(of, "W00000000")
}

// unneeded takes from an assessment the slots that the register has the paper for.
func (s *Service) unneeded(ctx context.Context, a *Assessment, agency AgencyID, std *Standard, form Form, unit string) error {
	known, err := s.known(ctx, agency, std, form, unit)
	if err != nil {
		return fmt.Errorf("papers that the register has: %w", err)
	}
	a.Known = known
	for slot := range known {
		if a.Needs[slot] {
			a.Needs[slot] = false
		}
	}
	return nil
}
