package standard

import (
	"slices"

	"tongban/hub"
)

// checkGrounds refuses a variant that asks for less than the national base, or
// charges more, without saying on what legal ground; and a ground for nothing.
func checkGrounds(base, s *hub.Standard) error {
	var needed []string
	if base != nil {
		if base.Agency != "" || s.Agency == "" || base.Item != s.Item {
			return bad("a variant is an agency's, over the national base of the same item")
		}
		needed = departures(base, s)
	}
	var wrong []hub.FieldError
	for _, at := range needed {
		if !slices.ContainsFunc(s.Grounds, func(g hub.Departure) bool { return g.At == at }) {
			wrong = append(wrong, hub.FieldError{
				Pointer: "/" + at, Code: "ground", Message: "asks for less than the national base, or charges more: name the legal ground in grounds",
			})
		}
	}
	for _, g := range s.Grounds {
		if !slices.Contains(needed, g.At) {
			wrong = append(wrong, hub.FieldError{Pointer: "/grounds/" + g.At, Code: "ground", Message: "a ground for nothing: the variant does not depart here"})
		}
	}
	if len(wrong) > 0 {
		return &hub.Error{Code: hub.BadStandard, Message: "the variant departs from the national base", Fields: wrong}
	}
	return nil
}

// find returns the entry with the key, or nil.
func find[T any](list []T, key func(*T) string, want string) *T {
	for i := range list {
		if key(&list[i]) == want {
			return &list[i]
		}
	}
	return nil
}

// departures lists where s asks for less than base, or charges more. Whether a
// changed condition asks for less cannot be told, so it counts.
func departures(base, s *hub.Standard) []string {
	var out []string
	note := func(at string, departs bool) {
		if departs {
			out = append(out, at)
		}
	}
	note("answer_days", s.Answer > base.Answer)
	note("statutory_days", s.Statutory > base.Statutory)
	for _, b := range base.Conditions {
		x := find(s.Conditions, func(x *hub.Condition) string { return x.Key }, b.Key)
		note("conditions/"+b.Key, x != nil && x.When != b.When)
	}
	for _, b := range base.Fields {
		x := find(s.Fields, func(x *hub.Field) string { return x.Key }, b.Key)
		note("fields/"+b.Key, b.Required && (x == nil || !x.Required || x.If != b.If && x.If != "" || x.Kind != b.Kind))
	}
	for _, b := range base.Parties {
		x := find(s.Parties, func(x *hub.PartyRule) string { return x.Role }, b.Role)
		note("parties/"+b.Role, b.Min > 0 && (x == nil || x.Min < b.Min || x.If != b.If && x.If != ""))
	}
	for _, b := range base.Slots {
		x := find(s.Slots, func(x *hub.Slot) string { return x.Key }, b.Key)
		note("slots/"+b.Key, b.Required && (x == nil || !x.Required || x.If != b.If && x.If != ""))
	}
	for _, b := range base.Rules {
		x := find(s.Rules, func(x *hub.Rule) string { return x.Key }, b.Key)
		note("rules/"+b.Key, x == nil || x.Holds != b.Holds)
	}
	for _, b := range base.Questions {
		x := find(s.Questions, func(x *hub.Question) string { return x.Key }, b.Key)
		note("questions/"+b.Key, x == nil || x.If != b.If && x.If != "" || x.Flag != b.Flag || !covers(x.Roles, b.Roles))
	}
	for _, x := range s.Fees {
		b := find(base.Fees, func(b *hub.FeeRule) string { return b.Key }, x.Key)
		note("fees/"+x.Key, b == nil && x.Fen > 0 || b != nil && dearer(&x, b))
	}
	for _, p := range []struct{ at, x, b string }{
		{"second_review", s.Plan.SecondReview, base.Plan.SecondReview},
		{"tax", s.Plan.Tax, base.Plan.Tax},
		{"visit", s.Plan.Visit, base.Plan.Visit},
		{"video", s.Plan.Video, base.Plan.Video},
		{"booking", s.Plan.Booking, base.Plan.Booking},
		{"exclusive", s.Plan.Exclusive, base.Plan.Exclusive},
	} {
		note("plan/"+p.at, p.x != p.b && p.x != "true" && p.b != "" && p.b != "false")
	}
	note("plan/notice_days", s.Plan.Notice != base.Plan.Notice)
	return out
}

func covers(have, want []string) bool {
	return !slices.ContainsFunc(want, func(w string) bool { return !slices.Contains(have, w) })
}

// dearer reports whether a fee may come to more than the base's.
func dearer(x, b *hub.FeeRule) bool {
	if x.Fen > b.Fen || x.When != b.When || x.Count != b.Count || x.Payer != b.Payer {
		return true
	}
	for _, e := range b.Exempt {
		if !slices.ContainsFunc(x.Exempt, func(o hub.Exemption) bool { return o.When == e.When && o.Percent <= e.Percent }) {
			return true
		}
	}
	return false
}
