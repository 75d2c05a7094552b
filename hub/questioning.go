package hub

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// RecordQuestioning writes down how one party answered the standard's
// questions (询问笔录). Each party is asked separately and signs; who is asked
// again gets a new record, and the newest counts.
type RecordQuestioning struct {
	Party     int // which party of the case, from 0
	Mode      string
	Answers   Form // by question
	Signature Digest
	Text      string
}

func (RecordQuestioning) kind() Kind { return KindQuestioned }

func (i RecordQuestioning) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if i.Party < 0 || i.Party >= len(c.Parties) {
		return nil, nil, InvalidFields([]FieldError{{"/party", "unknown", "the case has no such party"}})
	}
	if err := oneOf("/mode", i.Mode, "window", "online"); err != nil { // by video: RecordInSession
		return nil, nil, err
	}
	std, err := s.Directory.Standard(ctx, c.Standard)
	if err != nil {
		return nil, nil, fmt.Errorf("standard of case %s: %w", c.ID, err)
	}
	p := c.Parties[i.Party]
	f := &Questioned{Party: c.PartyRefs[i.Party], Role: p.Role, Mode: i.Mode, Private: QuestionedPrivate{Name: p.Name, Answers: map[string]any{}}}
	asked := std.QuestionsFor(p.Role)
	if len(asked) == 0 {
		return nil, nil, E(WrongState, "the standard has no questions for this party")
	}
	if err := InvalidFields(i.check(asked, f)); err != nil {
		return nil, nil, err
	}
	f.Conflicts = c.conflicts(asked, f)
	if f.Signature, err = s.signature(ctx, cmd, "/signature", i.Signature); err != nil {
		return nil, nil, err
	}
	r, err := remark("/text", i.Text, false)
	f.Private.Text = r.Text
	return f, nil, err
}

// check takes the answers over: every question one answer, of its kind.
func (i RecordQuestioning) check(asked []Question, f *Questioned) []FieldError {
	var wrong []FieldError
	for _, q := range asked {
		at := "/answers/" + q.Key
		switch v := i.Answers[q.Key].(type) {
		case nil:
			wrong = append(wrong, FieldError{at, "required", "the question is not answered"})
			continue
		case bool:
			if q.Kind != "bool" {
				wrong = append(wrong, FieldError{at, "type", "an answer in words"})
			}
			if q.Risk == "yes" && v || q.Risk == "no" && !v {
				f.Flags = append(f.Flags, q.Key)
			}
		case string:
			if q.Kind != "text" {
				wrong = append(wrong, FieldError{at, "type", "yes or no"})
			} else if strings.TrimSpace(v) == "" || len([]rune(v)) > maxText || !plain(v, "\n\t") {
				wrong = append(wrong, FieldError{at, "length", fmt.Sprintf("1 to %d plain characters", maxText)})
			}
		default:
			wrong = append(wrong, FieldError{at, "type", "yes or no, or words"})
		}
		f.Private.Answers[q.Key] = i.Answers[q.Key]
	}
	for k := range i.Answers {
		if !slices.ContainsFunc(asked, func(q Question) bool { return q.Key == k }) {
			wrong = append(wrong, FieldError{"/answers/" + k, "unknown_field", "the standard does not ask this"})
		}
	}
	slices.SortFunc(wrong, func(a, b FieldError) int { return strings.Compare(a.Pointer, b.Pointer) })
	return wrong
}

// conflicts names the questions that another party answered otherwise.
func (c *Case) conflicts(asked []Question, f *Questioned) []string {
	var out []string
	for _, q := range asked {
		if !q.Compare {
			continue
		}
		for _, ref := range c.PartyRefs {
			other := c.QuestioningOf(ref)
			if other == nil || ref == f.Party {
				continue
			}
			if v, ok := other.Answers[q.Key]; ok && v != f.Private.Answers[q.Key] {
				out = append(out, q.Key)
				break
			}
		}
	}
	return out
}

// QuestionsFor lists what a party of a role is asked.
func (s *Standard) QuestionsFor(role string) []Question {
	var out []Question
	for _, q := range s.Questions {
		if len(q.Roles) == 0 || slices.Contains(q.Roles, role) {
			out = append(out, q)
		}
	}
	return out
}

// unquestioned lists the parties who must still be asked, as field errors.
func (c *Case) unquestioned(std *Standard) error {
	var fields []FieldError
	for n, p := range c.Parties {
		if len(std.QuestionsFor(p.Role)) > 0 && c.QuestioningOf(c.PartyRefs[n]) == nil {
			fields = append(fields, FieldError{fmt.Sprintf("/parties/%d", n), "missing_step", "this party is not questioned yet"})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return &Error{Code: MissingStep, Message: "every party is questioned before acceptance", Fields: fields}
}

// signature finds the picture of a signature among what the actor's agency uploaded.
func (s *Service) signature(ctx context.Context, cmd *Command, pointer string, d Digest) (File, error) {
	if d == "" {
		return File{}, InvalidFields([]FieldError{{pointer, "required", "the signature is missing"}})
	}
	up, err := s.Uploads.Upload(ctx, cmd.Actor.Agency, d)
	if ErrorCode(err) == NotFound {
		return File{}, InvalidFields([]FieldError{{pointer, "not_uploaded", "your agency has not uploaded this file"}})
	}
	if err != nil {
		return File{}, err
	}
	return up.File, oneOf(pointer, up.File.Type, "image/png", "image/jpeg", "application/pdf")
}
