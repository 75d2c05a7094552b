package standard

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tongban/hub"
	"tongban/hub/code"
)

// invisible finds control and direction characters, which make a text show
// something else than it is.
var invisible = regexp.MustCompile(`[\p{Cc}\p{Cf}]`)

func plain(s string) bool { return utf8.ValidString(s) && !invisible.MatchString(s) }

// checkParties returns the parties in canonical form with all that is wrong,
// but for their number, which conditions may decide.
func (c *compiled) checkParties(in []hub.Party) ([]hub.Party, []hub.FieldError) {
	var wrong []hub.FieldError
	out := make([]hub.Party, len(in))
	for n, p := range in {
		at := fmt.Sprintf("/parties/%d/", n)
		if !slices.ContainsFunc(c.std.Parties, func(r hub.PartyRule) bool { return r.Role == p.Role }) {
			wrong = append(wrong, hub.FieldError{Pointer: at + "role", Code: "unknown", Message: "the standard has no such party"})
		}
		var errs []hub.FieldError
		out[n], errs = checkParty(p, at)
		wrong = append(wrong, errs...)
		if slices.ContainsFunc(out[:n], func(o hub.Party) bool {
			return o.IDKind == p.IDKind && o.IDNumber == out[n].IDNumber && p.Role != "agent" && o.Role != "agent"
		}) {
			wrong = append(wrong, hub.FieldError{Pointer: at + "id_number", Code: "duplicate", Message: "this person is a party already"})
		}
	}
	return out, wrong
}

// countParties holds each role's number against its rule.
func (c *compiled) countParties(roles map[string]any, needed func(i int) (bool, error)) ([]hub.FieldError, error) {
	var wrong []hub.FieldError
	for i := range c.std.Parties {
		r := &c.std.Parties[i]
		n, _ := roles[r.Role].(int64)
		least := r.Min
		if ok, err := needed(i); err != nil {
			return nil, err
		} else if !ok {
			least = 0
		}
		if int(n) < least || int(n) > r.Max {
			wrong = append(wrong, hub.FieldError{
				Pointer: "/parties", Code: "count_" + r.Role, Message: fmt.Sprintf("%s: %d to %d are needed", r.EN, least, r.Max),
			})
		}
	}
	return wrong, nil
}

// checkParty returns the party in its canonical form.
func checkParty(p hub.Party, at string) (hub.Party, []hub.FieldError) {
	var wrong []hub.FieldError
	fail := func(part, reason, message string) {
		wrong = append(wrong, hub.FieldError{Pointer: at + part, Code: reason, Message: message})
	}
	p.Name, p.Phone, p.Represents = strings.TrimSpace(p.Name), strings.TrimSpace(p.Phone), strings.TrimSpace(p.Represents)
	if !plain(p.Name + p.Represents) {
		fail("name", "characters", "no control or direction characters")
	}
	if n := utf8.RuneCountInString(p.Name); n < 1 || n > 100 {
		fail("name", "length", "a name has 1 to 100 characters")
	}
	var (
		id  fmt.Stringer
		err error
	)
	switch p.IDKind {
	case "citizen_id":
		id, err = code.ParseCitizenID(p.IDNumber)
	case "credit_code":
		id, err = code.ParseCreditCode(p.IDNumber)
	case "passport":
		p.IDNumber = strings.ToUpper(strings.TrimSpace(p.IDNumber))
		if n := len(p.IDNumber); n < 5 || n > 20 {
			fail("id_number", "length", "a passport number has 5 to 20 characters")
		}
	default:
		fail("id_kind", "unknown", "citizen_id, credit_code or passport")
	}
	if err != nil {
		reason := "invalid"
		if ce, ok := errors.AsType[*code.Error](err); ok {
			reason = string(ce.Reason)
		}
		fail("id_number", reason, err.Error())
	}
	if id != nil {
		p.IDNumber = id.String()
	}
	if p.Phone != "" && (len(p.Phone) < 5 || len(p.Phone) > 20 || strings.Trim(p.Phone, "0123456789+- ") != "") {
		fail("phone", "form", "a telephone number has 5 to 20 digits")
	}
	if utf8.RuneCountInString(p.Represents) > 100 {
		fail("represents", "length", "at most 100 characters")
	}
	return p, wrong
}

// adult is the age of full capacity, 民法典 art. 17.
const adult = 18

// person is a party as expressions see it. Its number stays out of reach; what
// it says about age is told.
func person(p *hub.Party, day time.Time) map[string]any {
	m := map[string]any{"role": p.Role, "name": p.Name, "id_kind": p.IDKind}
	if p.Represents != "" {
		m["represents"] = p.Represents
	}
	if p.IDKind == "citizen_id" {
		if born := code.CitizenID(p.IDNumber).Birth(); !born.IsZero() {
			age := int64(day.Year() - born.Year())
			if day.Month() < born.Month() || day.Month() == born.Month() && day.Day() < born.Day() {
				age--
			}
			m["age"], m["minor"] = age, age < adult
		}
	}
	return m
}
