package standard

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tongban/hub"
)

// maxRehearsals bounds how many applications one condition is tried on.
const maxRehearsals = 300

// rehearse tries every condition on applications with and without what it
// speaks of, so that a standard whose conditions break on an empty answer is
// refused when it is imported, not when somebody applies.
func (p *program) rehearse(s *hub.Standard) error {
	var wrong []error
	bools, _ := conditionsOf(s)
	for _, c := range bools {
		wrong = append(wrong, p.rehearseOne(s, "", c, "bool"))
	}
	for _, f := range s.Fees {
		if f.Count != "" {
			wrong = append(wrong, p.rehearseOne(s, f.When, f.Count, "int"))
		}
	}
	return errors.Join(wrong...)
}

// rehearseOne tries a condition that is asked only when another holds.
func (p *program) rehearseOne(s *hub.Standard, when, source, want string) error {
	fields := spokenOf(s, when, source)
	choices := make([][]any, len(fields))
	total := 1
	for i, f := range fields {
		choices[i] = samples(f)
		total = min(total*len(choices[i]), 1<<40)
	}
	// Every combination of few fields; of many, a spread of them.
	step := max(1, total/maxRehearsals)
	for n := 0; n < total; n += step {
		form := map[string]any{}
		for i, rest := 0, n; i < len(fields); i++ {
			if v := choices[i][rest%len(choices[i])]; v != nil {
				form[fields[i].Key] = v
			}
			rest /= len(choices[i])
		}
		for _, parties := range rehearsalParties(s) {
			got, err := p.try(s, when, source, form, parties)
			if err != nil {
				return fmt.Errorf("condition %q breaks on an application with %s and %d parties: %w", source, keys(form), len(parties), err)
			}
			if got != "" && got != want {
				return fmt.Errorf("condition %q gives %s, not %s", source, got, want)
			}
		}
	}
	return nil
}

// try evaluates one condition on one application and names the type of its
// value; "" is a condition that is not asked.
func (p *program) try(s *hub.Standard, when, source string, form map[string]any, parties []map[string]any) (string, error) {
	is := map[string]bool{}
	e := &evaluation{ctx: context.Background(), p: p, is: is, done: map[string]bool{}}
	e.vars = map[string]any{"form": form, "parties": parties, "is": is}
	for _, f := range s.Facts {
		if f.When == source {
			break // it is what is tried, and it may speak of the ones before
		}
		if v, err := e.holds(f.When, true); err == nil {
			is[f.Key] = v
		}
	}
	if asked, err := e.holds(when, true); err != nil || !asked {
		return "", nil //nolint:nilerr // the other condition is tried on its own
	}
	out, _, err := p.code[source].ContextEval(e.ctx, e.vars)
	if err != nil {
		return "", err //nolint:wrapcheck // the caller says on which application
	}
	return out.Type().TypeName(), nil
}

func keys(form map[string]any) string {
	if len(form) == 0 {
		return "an empty form"
	}
	var names []string
	for k := range form {
		names = append(names, k)
	}
	slices.Sort(names)
	return fmt.Sprintf("only %v", names)
}

// spokenOf lists the fields that conditions speak of, themselves or by facts.
func spokenOf(s *hub.Standard, sources ...string) []hub.Field {
	var out []hub.Field
	seen := map[string]bool{}
	var walk func(string)
	walk = func(c string) {
		if seen[c] {
			return
		}
		seen[c] = true
		for _, m := range formField.FindAllStringSubmatch(c, -1) {
			if f, ok := s.Field(m[1]); ok && !slices.ContainsFunc(out, func(o hub.Field) bool { return o.Key == f.Key }) {
				out = append(out, f)
			}
		}
		for _, m := range isFact.FindAllStringSubmatch(c, -1) {
			for _, f := range s.Facts {
				if f.Key == m[1] {
					walk(f.When)
				}
			}
		}
	}
	for _, c := range sources {
		walk(c)
	}
	return out
}

// samples are values that a field may have; nil is no answer.
func samples(f hub.Field) []any {
	var out []any
	if !f.Required || f.If != "" {
		out = append(out, nil)
	}
	switch f.Kind {
	case "bool":
		return append(out, true, false)
	case "fen", "integer", "area":
		return append(out, int64(1), int64(0), int64(maxFen))
	case "date":
		return append(out, "2026-02-28")
	case "choice":
		for _, o := range f.Options {
			out = append(out, o.Key)
		}
		return out
	case "list":
		row, empty := map[string]any{}, map[string]any{}
		for _, c := range f.Columns {
			column := samples(c.Field())
			row[c.Key] = column[len(column)-1]
			if c.Required {
				empty[c.Key] = column[len(column)-1]
			}
		}
		out = append(out, []any{row}, []any{empty}, []any{empty, row})
		if !f.Required {
			out = append(out, []any{})
		}
		return out
	}
	return append(out, "410425001002GB00003F00050021")
}

// rehearsalParties are nobody, one grown-up and one child of each role.
func rehearsalParties(s *hub.Standard) [][]map[string]any {
	var grown, young []map[string]any
	for _, r := range s.Parties {
		grown = append(grown, map[string]any{"role": r.Role, "id_kind": "citizen_id", "represents": false, "age": int64(40), "minor": false})
		young = append(young, map[string]any{"role": r.Role, "id_kind": "passport", "represents": true, "age": int64(-1), "minor": true})
	}
	return [][]map[string]any{{}, grown, young}
}
