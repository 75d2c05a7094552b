package hub

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// AskSupplement (补正) tells every gap at once (不动产登记暂行条例 art. 17).
type AskSupplement struct {
	Gaps []GapWish
	// Reason is needed for a further round, which only a supervisor may open.
	Reason string
}

// GapWish is one gap as the reviewer states it.
type GapWish struct {
	Target string // "field", "slot", "region"
	Ref    string // field key, slot key, material id
	Page   int    // from 1, for a region
	Rect   [4]float64
	Reason string // "incorrect", "incomplete", "outdated"
	Note   string
}

// AnswerSupplement answers the whole open notice at once.
type AnswerSupplement struct {
	Answers []AnswerWish
}

// AnswerWish answers one gap: with a corrected field, a new file, or words.
type AnswerWish struct {
	Gap      string
	Value    any        // for a field: string, bool or int64
	Material MaterialID // for a slot or region: the file added for it
	Remark   string
}

func (AskSupplement) kind() Kind    { return KindSupplementAsked }
func (AnswerSupplement) kind() Kind { return KindSupplementAnswered }

const maxGaps = 100

func (i AskSupplement) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	round := len(c.Supplements) + 1
	f := &SupplementAsked{Round: round, Private: SupplementPrivate{Notes: map[string]string{}}}
	if round > 1 {
		if strings.TrimSpace(i.Reason) == "" || !s.mayWaive(cmd.Actor) {
			return nil, nil, E(SecondRound, "a further supplement needs a supervisor and his reason")
		}
		r, err := remark("/reason", i.Reason, true)
		if err != nil {
			return nil, nil, err
		}
		f.Waiver, f.Private.Reason = cmd.Actor.Person, r.Text
	}
	if n := len(i.Gaps); n < 1 || n > maxGaps {
		return nil, nil, InvalidFields([]FieldError{{"/gaps", "count", fmt.Sprintf("name 1 to %d gaps", maxGaps)}})
	}
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return nil, nil, fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	var wrong []FieldError
	for n, w := range i.Gaps {
		g, errs := w.gap(c, &std, n)
		wrong = append(wrong, errs...)
		f.Gaps = append(f.Gaps, g)
		if w.Note != "" {
			f.Private.Notes[g.ID] = w.Note
		}
	}
	return f, nil, InvalidFields(wrong)
}

func (s *Service) mayWaive(a Actor) bool {
	return slices.ContainsFunc(a.Roles, func(r Role) bool { return s.Policy.Permits(r, SupplementWaive) })
}

// gap checks one wish against the case.
func (w *GapWish) gap(c *Case, std *Standard, n int) (Gap, []FieldError) {
	at := func(part string) string { return fmt.Sprintf("/gaps/%d/%s", n, part) }
	g := Gap{ID: "g" + strconv.Itoa(n+1), Target: w.Target, Ref: w.Ref, Page: w.Page, Rect: w.Rect, Reason: w.Reason}
	var wrong []FieldError
	known := false
	switch w.Target {
	case "field":
		known = slices.ContainsFunc(std.Fields, func(f Field) bool { return f.Key == w.Ref })
	case "slot":
		_, known = std.Slot(w.Ref)
	case "region":
		m, ok := c.Material(MaterialID(w.Ref))
		known = ok && !m.Removed && !m.Superseded
		if known && !w.regionFits() {
			wrong = append(wrong, FieldError{at("rect"), "range", "a region is a page from 1 and x, y, width, height within 0…1"})
		}
	default:
		wrong = append(wrong, FieldError{at("target"), "unknown", "a gap is of a field, a slot or a region"})
		known = true
	}
	if !known {
		wrong = append(wrong, FieldError{at("ref"), "unknown", "the case has no such field, slot or material"})
	}
	if w.Target != "region" && (w.Page != 0 || w.Rect != [4]float64{}) {
		wrong = append(wrong, FieldError{at("rect"), "range", "only a region has a page and a rectangle"})
	}
	if !slices.Contains([]string{"incorrect", "incomplete", "outdated"}, w.Reason) {
		wrong = append(wrong, FieldError{at("reason"), "unknown", "the reason is incorrect, incomplete or outdated"})
	}
	if !plain(w.Note, "\n\t") {
		wrong = append(wrong, FieldError{at("note"), "characters", "no control or direction characters"})
	}
	if len([]rune(w.Note)) > maxText {
		wrong = append(wrong, FieldError{at("note"), "too_long", fmt.Sprintf("at most %d characters", maxText)})
	}
	return g, wrong
}

func (w *GapWish) regionFits() bool {
	r := w.Rect
	in := func(v float64) bool { return v >= 0 && v <= 1 }
	return w.Page >= 1 && w.Page <= 10_000 && in(r[0]) && in(r[1]) && r[2] > 0 && r[3] > 0 && in(r[0]+r[2]) && in(r[1]+r[3])
}

func (i AnswerSupplement) decide(ctx context.Context, s *Service, c *Case, _ *Command) (Fact, []Outgoing, error) {
	open := c.OpenSupplement()
	if open == nil {
		return nil, nil, E(WrongState, "no supplement is open")
	}
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return nil, nil, fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	f := &SupplementAnswered{Round: open.Round, Private: SupplementAnswersPrivate{Form: Form{}, Remarks: map[string]string{}}}
	var wrong []FieldError
	answered := map[string]bool{}
	for n, w := range i.Answers {
		k := slices.IndexFunc(open.Gaps, func(g Gap) bool { return g.ID == w.Gap })
		if k < 0 || answered[w.Gap] {
			wrong = append(wrong, FieldError{fmt.Sprintf("/answers/%d/gap", n), "unknown", "no such gap is open, or it is answered twice"})
			continue
		}
		answered[w.Gap] = true
		wrong = append(wrong, w.fill(c, &std, open, &open.Gaps[k], f, n)...)
	}
	for _, g := range open.Gaps {
		if !answered[g.ID] {
			wrong = append(wrong, FieldError{"/answers", "incomplete", fmt.Sprintf("gap %s has no answer", g.ID)})
		}
	}
	return f, nil, InvalidFields(wrong)
}

// fill adds one answer to the fact.
func (w *AnswerWish) fill(c *Case, std *Standard, open *Supplement, g *Gap, f *SupplementAnswered, n int) []FieldError {
	at := func(part string) string { return fmt.Sprintf("/answers/%d/%s", n, part) }
	var wrong []FieldError
	switch g.Target {
	case "field":
		field := std.Fields[slices.IndexFunc(std.Fields, func(x Field) bool { return x.Key == g.Ref })]
		v, bad := field.check(at("value"), w.Value)
		wrong = append(wrong, bad...)
		f.Private.Form[field.Key] = v
	default:
		slot := g.Ref
		if old, ok := c.Material(MaterialID(g.Ref)); ok && g.Target == "region" {
			slot = old.Slot
		}
		m, ok := c.Material(w.Material)
		switch {
		case !ok || m.Removed || m.Superseded || m.At.Before(open.AskedAt):
			wrong = append(wrong, FieldError{at("material"), "required", "add a new file for this gap first"})
		case m.Slot != slot:
			wrong = append(wrong, FieldError{at("material"), "other_slot", fmt.Sprintf("the gap is in slot %q, the file in %q", slot, m.Slot)})
		}
	}
	if !plain(w.Remark, "\n\t") {
		wrong = append(wrong, FieldError{at("remark"), "characters", "no control or direction characters"})
	}
	if len([]rune(w.Remark)) > maxText {
		wrong = append(wrong, FieldError{at("remark"), "too_long", fmt.Sprintf("at most %d characters", maxText)})
	}
	if w.Remark != "" {
		f.Private.Remarks[g.ID] = w.Remark
	}
	f.Answers = append(f.Answers, GapAnswer{Gap: g.ID, Material: w.Material})
	return wrong
}
