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

// check refuses a standard that could not be worked with.
func check(s *hub.Standard) error {
	switch {
	case s.Item == "" || len(s.Item) > 60:
		return errors.New("item is missing, or too long")
	case s.Version < 1 || s.Version > 999_999:
		return errors.New("version must be 1 or more")
	case s.NameZH == "" || s.NameEN == "":
		return errors.New("name needs zh and en")
	case s.Promised < 0 || s.Statutory < max(1, s.Promised) || s.Statutory > 365:
		return errors.New("promised_days must be 0 or more and at most statutory_days")
	case s.Answer < 0 || s.Answer > 30:
		return errors.New("answer_days must be 0 to 30")
	case s.Plan.Reviews < 1 || s.Plan.Reviews > 2:
		return errors.New("a plan has 1 or 2 reviews")
	case s.Plan.Notice != "" && (s.Plan.NoticeDays < 1 || s.Plan.NoticeDays > 90):
		return errors.New("a public notice has 1 to 90 days")
	case len(s.Slots) == 0:
		return errors.New("a standard asks for at least one material")
	}
	for _, p := range s.Promises {
		if p.Days < 0 || p.Days > s.Statutory || p.When == "" || p.ZH == "" || p.EN == "" {
			return errors.New("a promise needs days up to statutory_days, when, zh and en")
		}
	}
	for _, m := range s.Modes {
		if !slices.Contains(modes, m) {
			return fmt.Errorf("mode %q is not known", m)
		}
	}
	for _, o := range s.Outputs {
		if !slices.Contains(resultKinds, o) {
			return fmt.Errorf("output %q is not known", o)
		}
	}
	seen := map[string]bool{}
	for _, part := range []func(map[string]bool, *hub.Standard) error{checkNames, checkParties, checkSlots, checkQuestions, checkFees} {
		if err := part(seen, s); err != nil {
			return err
		}
	}
	if err := checkFields(s.Fields, true); err != nil {
		return err
	}
	p, err := compileAll(s)
	if err != nil {
		return err
	}
	return p.rehearse(s)
}

func checkNames(seen map[string]bool, s *hub.Standard) error {
	for _, f := range s.Facts {
		if !keyForm.MatchString(f.Key) || f.When == "" {
			return fmt.Errorf("fact %q needs a plain key and a condition", f.Key)
		}
		if err := once(seen, "fact", f.Key, f.ZH, f.EN); err != nil {
			return err
		}
	}
	for _, r := range s.Rules {
		if r.Must == "" || r.Pointer == "" {
			return fmt.Errorf("rule %q needs must and pointer", r.Key)
		}
		if err := once(seen, "rule", r.Key, r.ZH, r.EN); err != nil {
			return err
		}
	}
	return nil
}

func checkFields(fields []hub.Field, outer bool) error {
	seen := map[string]bool{}
	for _, f := range fields {
		switch {
		case !keyForm.MatchString(f.Key):
			return fmt.Errorf("field %q: a key has small letters, digits and _", f.Key)
		case !slices.Contains(fieldKinds, f.Kind):
			return fmt.Errorf("field %q: kind %q is not known", f.Key, f.Kind)
		case (f.Kind == "choice") != (len(f.Options) > 0):
			return fmt.Errorf("field %q: a choice, and only a choice, has options", f.Key)
		case (f.Kind == "list") != (len(f.Columns) > 0) || f.Kind == "list" && !outer:
			return fmt.Errorf("field %q: a list, and only a list, has columns, which are no lists", f.Key)
		case f.Max < 0 || f.Max > 4000:
			return fmt.Errorf("field %q: max is 0 to 4000", f.Key)
		}
		if err := once(seen, "field", f.Key, f.ZH, f.EN); err != nil {
			return err
		}
		options := map[string]bool{}
		for _, o := range f.Options {
			if err := once(options, "option", o.Key, o.ZH, o.EN); err != nil {
				return fmt.Errorf("field %q: %w", f.Key, err)
			}
		}
		if err := checkFields(each(f.Columns, hub.Column.Field), false); err != nil {
			return fmt.Errorf("field %q: %w", f.Key, err)
		}
	}
	return nil
}

func checkParties(seen map[string]bool, s *hub.Standard) error {
	for _, p := range s.Parties {
		if p.Min < 0 || p.Max < max(1, p.Min) || p.Max > 200 {
			return fmt.Errorf("party %q: min and max do not fit", p.Role)
		}
		if err := once(seen, "party", p.Role, p.ZH, p.EN); err != nil {
			return err
		}
	}
	return nil
}

func checkSlots(seen map[string]bool, s *hub.Standard) error {
	for _, x := range s.Slots {
		if len(x.Types) == 0 || x.MaxBytes < 1 || x.MaxFiles < 1 || x.MaxFiles > 200 {
			return fmt.Errorf("slot %q needs types, max_mib and max_files", x.Key)
		}
		if err := once(seen, "slot", x.Key, x.ZH, x.EN); err != nil {
			return err
		}
	}
	return nil
}

func checkQuestions(seen map[string]bool, s *hub.Standard) error {
	for _, q := range s.Questions {
		if q.Kind != "bool" && q.Kind != "text" {
			return fmt.Errorf("question %q is of kind bool or text", q.Key)
		}
		if q.Risk != "" && (q.Kind != "bool" || q.Risk != "yes" && q.Risk != "no") {
			return fmt.Errorf("question %q: risk is yes or no, of a bool", q.Key)
		}
		for _, r := range q.Roles {
			if !seen["party"+r] {
				return fmt.Errorf("question %q: there is no party %q", q.Key, r)
			}
		}
		if err := once(seen, "question", q.Key, q.ZH, q.EN); err != nil {
			return err
		}
	}
	return nil
}

func checkFees(_ map[string]bool, s *hub.Standard) error {
	for _, f := range s.Fees {
		if f.Key == "" || f.ZH == "" || f.EN == "" || f.Fen < 0 || f.Fen > maxFen {
			return fmt.Errorf("fee %q needs both names and fen", f.Key)
		}
	}
	return nil
}
