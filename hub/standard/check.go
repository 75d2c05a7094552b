package standard

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"tongban/hub"
)

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

var (
	fieldKinds  = []string{"text", "fen", "date", "bool", "certificate", "integer", "area", "unit", "choice", "list"}
	modes       = []string{"online", "forward", "joint"}
	resultKinds = []hub.ResultKind{hub.ResultCertificate, hub.ResultProof, hub.ResultCancellation, hub.ResultSearch}
)

// check refuses a standard that could not be worked with, for every reason at once.
func check(s *hub.Standard) error {
	var wrong []error
	add := func(is bool, text string) {
		if is {
			wrong = append(wrong, errors.New(text))
		}
	}
	add(s.Item == "" || len(s.Item) > 60, "item is missing, or too long")
	add(s.Version < 1 || s.Version > 999_999, "version must be 1 or more")
	add(s.NameZH == "" || s.NameEN == "", "name needs zh and en")
	add(s.Promised < 0 || s.Statutory < max(1, s.Promised) || s.Statutory > 365, "promised_days must be 0 or more and at most statutory_days")
	add(s.Answer < 0 || s.Answer > 30, "answer_days must be 0 to 30")
	add(s.Plan.Reviews < 1 || s.Plan.Reviews > 2, "plan has 1 or 2 reviews")
	add(s.Plan.Notice != "" && (s.Plan.NoticeDays < 1 || s.Plan.NoticeDays > 90), "plan: a public notice has 1 to 90 days")
	add(len(s.Slots) == 0, "slots: a standard asks for at least one material")
	for _, p := range s.Promises {
		add(p.Days < 0 || p.Days > s.Statutory || p.When == "" || p.ZH == "" || p.EN == "", "promises need days up to statutory_days, when, zh and en")
	}
	for _, m := range s.Modes {
		add(!slices.Contains(modes, m), fmt.Sprintf("modes: %q is not known", m))
	}
	for _, o := range s.Outputs {
		add(!slices.Contains(resultKinds, o), fmt.Sprintf("outputs: %q is not known", o))
	}
	seen := map[string]bool{}
	for _, part := range []func(map[string]bool, *hub.Standard) error{checkNames, checkParties, checkSlots, checkQuestions, checkFees} {
		wrong = append(wrong, part(seen, s))
	}
	wrong = append(wrong, checkFields(s.Fields, true))
	if err := errors.Join(wrong...); err != nil { // conditions speak of what must be right before
		return err
	}
	p, err := compileAll(s)
	if err != nil {
		return err
	}
	return p.rehearse(s)
}

func checkNames(seen map[string]bool, s *hub.Standard) error {
	var wrong []error
	for _, f := range s.Facts {
		if !keyForm.MatchString(f.Key) || f.When == "" {
			wrong = append(wrong, fmt.Errorf("fact %q needs a plain key and a condition", f.Key))
		}
		if err := once(seen, "fact", f.Key, f.ZH, f.EN); err != nil {
			wrong = append(wrong, err)
		}
	}
	for _, r := range s.Rules {
		if r.Must == "" || r.Pointer == "" {
			wrong = append(wrong, fmt.Errorf("rule %q needs must and pointer", r.Key))
		}
		if err := once(seen, "rule", r.Key, r.ZH, r.EN); err != nil {
			wrong = append(wrong, err)
		}
	}
	return errors.Join(wrong...)
}

func checkFields(fields []hub.Field, outer bool) error {
	var wrong []error
	seen := map[string]bool{}
	for _, f := range fields {
		wrong = append(wrong, checkField(f, outer), once(seen, "field", f.Key, f.ZH, f.EN))
	}
	return errors.Join(wrong...)
}

func checkField(f hub.Field, outer bool) error {
	var wrong []error
	add := func(is bool, format string, args ...any) {
		if is {
			wrong = append(wrong, fmt.Errorf("field %q: "+format, append([]any{f.Key}, args...)...))
		}
	}
	add(!keyForm.MatchString(f.Key), "a key has small letters, digits and _")
	add(!slices.Contains(fieldKinds, f.Kind), "kind %q is not known", f.Kind)
	add((f.Kind == "choice") != (len(f.Options) > 0), "a choice, and only a choice, has options")
	add((f.Kind == "list") != (len(f.Columns) > 0) || f.Kind == "list" && !outer, "a list, and only a list, has columns, which are no lists")
	add(f.Max < 0 || f.Max > 4000, "max is 0 to 4000")
	options := map[string]bool{}
	for _, o := range f.Options {
		if err := once(options, "option", o.Key, o.ZH, o.EN); err != nil {
			add(true, "%w", err)
		}
	}
	if err := checkFields(each(f.Columns, hub.Column.Field), false); err != nil {
		add(true, "%w", err)
	}
	return errors.Join(wrong...)
}

func checkParties(seen map[string]bool, s *hub.Standard) error {
	var wrong []error
	for _, p := range s.Parties {
		if p.Min < 0 || p.Max < max(1, p.Min) || p.Max > 200 {
			wrong = append(wrong, fmt.Errorf("party %q: min and max do not fit", p.Role))
		}
		if err := once(seen, "party", p.Role, p.ZH, p.EN); err != nil {
			wrong = append(wrong, err)
		}
	}
	return errors.Join(wrong...)
}

func checkSlots(seen map[string]bool, s *hub.Standard) error {
	var wrong []error
	for _, x := range s.Slots {
		if len(x.Types) == 0 || x.MaxBytes < 1 || x.MaxFiles < 1 || x.MaxFiles > 200 {
			wrong = append(wrong, fmt.Errorf("slot %q needs types, max_mib and max_files", x.Key))
		}
		if err := once(seen, "slot", x.Key, x.ZH, x.EN); err != nil {
			wrong = append(wrong, err)
		}
	}
	return errors.Join(wrong...)
}

func checkQuestions(seen map[string]bool, s *hub.Standard) error {
	var wrong []error
	for _, q := range s.Questions {
		if q.Kind != "bool" && q.Kind != "text" {
			wrong = append(wrong, fmt.Errorf("question %q is of kind bool or text", q.Key))
		}
		if q.Risk != "" && (q.Kind != "bool" || q.Risk != "yes" && q.Risk != "no") {
			wrong = append(wrong, fmt.Errorf("question %q: risk is yes or no, of a bool", q.Key))
		}
		for _, r := range q.Roles {
			if !seen["party"+r] {
				wrong = append(wrong, fmt.Errorf("question %q: there is no party %q", q.Key, r))
			}
		}
		if err := once(seen, "question", q.Key, q.ZH, q.EN); err != nil {
			wrong = append(wrong, err)
		}
	}
	return errors.Join(wrong...)
}

func checkFees(_ map[string]bool, s *hub.Standard) error {
	var wrong []error
	for _, f := range s.Fees {
		if f.Key == "" || f.ZH == "" || f.EN == "" || f.Fen < 0 || f.Fen > maxFen {
			wrong = append(wrong, fmt.Errorf("fee %q needs both names and fen", f.Key))
		}
	}
	return errors.Join(wrong...)
}
