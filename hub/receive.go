package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tongban/hub/code"
)

// Receive (收件) opens a case at the actor's window.
type Receive struct {
	Item    ItemCode
	Unit    string
	Choice  string // the successor chosen, when the unit's county was split
	Form    Form
	Parties []Party
}

func (Receive) kind() Kind { return KindReceived }

// decide checks the whole application against the handling place's standard
// and tells every gap at once.
func (i Receive) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if c.Seq > 0 {
		return nil, nil, E(WrongState, "the case is there already")
	}
	var wrong []FieldError
	unit, err := code.ParseUnit(i.Unit)
	if err != nil {
		wrong = append(wrong, codeField("/unit", err))
	}
	now := Millis(s.Now())
	std, place, err := s.standardAt(ctx, i, unit.String(), now)
	if err != nil {
		return nil, nil, err
	}
	form, errs := std.checkForm(i.Form)
	wrong = append(wrong, errs...)
	parties, errs := std.checkParties(i.Parties)
	wrong = append(wrong, errs...)
	if err := InvalidFields(wrong); err != nil {
		return nil, nil, err
	}
	f := &Received{
		Item: i.Item, Standard: std.Ref(), Agency: cmd.Actor.Agency, Unit: unit.String(),
		Place: unit.Division().String(), Private: ReceivedPrivate{Form: form, Parties: parties},
	}
	for _, p := range parties {
		f.PartyRefs = append(f.PartyRefs, s.Keys.PartyRef(p.IDKind, p.IDNumber))
	}
	if cmd.Actor.Ref != "" && slices.Contains(f.PartyRefs, cmd.Actor.Ref) {
		return nil, nil, E(OwnCase, "nobody receives his own case")
	}
	f.Number, err = s.newNumber(ctx, place, now.In(s.zone(ctx, cmd.Actor.Agency)))
	return f, nil, err
}

// target loads the case of a command; nil for a receive command whose case is
// not there yet.
func (s *Service) target(ctx context.Context, cmd *Command) (*Case, []Event, error) {
	receive := cmd.Intent.kind() == KindReceived
	if receive && cmd.Case == "" {
		if err := s.findClaimed(ctx, cmd); err != nil || cmd.Case == "" {
			return nil, nil, err
		}
	}
	c, events, err := s.load(ctx, cmd.Case)
	if receive && ErrorCode(err) == NotFound {
		return nil, nil, nil
	}
	return c, events, err
}

// findClaimed names the case of a receive command that came before; it stays
// "" where none did. A claim whose case has no event yet is one that a crash or
// a lost answer left: the command goes on with that id.
func (s *Service) findClaimed(ctx context.Context, cmd *Command) error {
	k := NewClaimKey(cmd.Actor.Person, cmd.ID)
	id, err := s.Events.Claimed(ctx, k)
	switch {
	case err == nil:
		cmd.Case = id
		return nil
	case ErrorCode(err) != NotFound:
		return fmt.Errorf("find the claim of a receive command: %w", err)
	}
	old, err := s.Events.Chain(ctx, k.oldCaseID(), 0)
	if err != nil {
		return fmt.Errorf("find the case of a receive command: %w", err)
	}
	if len(old) > 0 {
		cmd.Case = k.oldCaseID()
	}
	return nil
}

// claim gives a new case its id. Two who do so at once both get the same one,
// and the first event decides between them.
func (s *Service) claim(ctx context.Context, cmd *Command) error {
	if cmd.Case != "" {
		return nil
	}
	k := NewClaimKey(cmd.Actor.Person, cmd.ID)
	id, err := s.Events.Claim(ctx, k, NewCaseID(k, Millis(s.Now())))
	if ErrorCode(err) == Unavailable { // said or not: ask again
		return fmt.Errorf("%w: %w", errLost, err)
	}
	if err != nil {
		return fmt.Errorf("claim a case: %w", err)
	}
	cmd.Case = id
	s.Fault("after_claim")
	return nil
}

// standardAt finds the standard of the place that will be responsible. When
// routing refuses for a reason a clerk can settle later, the national base
// serves. place is the division in force, or as coded.
func (s *Service) standardAt(ctx context.Context, i Receive, unit string, now time.Time) (Standard, string, error) {
	all, err := s.Directory.Standards(ctx, i.Item)
	if err != nil {
		return Standard{}, "", fmt.Errorf("standards: %w", err)
	}
	if len(all) == 0 {
		return Standard{}, "", E(UnknownItem, "there is no item %q", i.Item)
	}
	if unit == "" {
		std, err := InForce(all, "", now)
		return std, "", err
	}
	d, err := s.Router.Route(ctx, RouteQuery{Item: i.Item, Unit: unit, Day: now, Choice: i.Choice, Facts: i.Form})
	switch ErrorCode(err) {
	case "":
	case AmbiguousSuccessor, NoAgency, AgencyClosed:
	default:
		return Standard{}, "", err
	}
	if d.Place == "" { // one agency has every place in question
		d.Place = unit[:6]
	}
	std, err := InForce(all, d.Agency, now)
	return std, d.Place, err
}

// newNumber makes the number people use: division, day, serial, check.
func (s *Service) newNumber(ctx context.Context, place string, day time.Time) (string, error) {
	div, err := code.ParseDivision(place)
	if err != nil {
		return "", fmt.Errorf("number a case at %q: %w", place, err)
	}
	n, err := s.Counters.Next(ctx, "case/"+place+"/"+day.Format(time.DateOnly))
	if err != nil {
		return "", fmt.Errorf("number a case: %w", err)
	}
	num, err := code.NewCaseNumber(div, day, int(n))
	if err != nil {
		return "", fmt.Errorf("number a case: %w", err)
	}
	return num.String(), nil
}

// codeField turns a number's error into a field error: the reason is the code.
func codeField(pointer string, err error) FieldError {
	f := FieldError{Pointer: pointer, Code: "invalid", Message: err.Error()}
	if e, ok := errors.AsType[*code.Error](err); ok {
		f.Code = string(e.Reason)
	}
	return f
}

func (s *Standard) checkForm(in Form) (Form, []FieldError) {
	out := Form{}
	var wrong []FieldError
	for _, f := range s.Fields {
		v, given := in[f.Key]
		if !given || v == "" {
			if f.Required {
				wrong = append(wrong, FieldError{"/form/" + f.Key, "required", f.EN + " is required"})
			}
			continue
		}
		v, bad := f.check("/form/"+f.Key, v)
		if bad != nil {
			wrong = append(wrong, *bad)
			continue
		}
		out[f.Key] = v
	}
	for key := range in {
		if !slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Key == key }) {
			wrong = append(wrong, FieldError{"/form/" + key, "unknown_field", "the standard has no such field"})
		}
	}
	slices.SortFunc(wrong, func(a, b FieldError) int { return strings.Compare(a.Pointer, b.Pointer) })
	return out, wrong
}

// maxFen bounds a sum of money: a million million yuan.
const maxFen = 100_000_000_000_000

// check returns the value in its canonical form.
func (f *Field) check(at string, v any) (any, *FieldError) {
	wrong := func(code, msg string) (any, *FieldError) { return nil, &FieldError{at, code, f.EN + ": " + msg} }
	switch f.Kind {
	case "bool":
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return wrong("type", "yes or no")
	case "fen", "integer":
		n, ok := v.(int64)
		switch {
		case !ok:
			return wrong("type", "a whole number")
		case n < 0 || n > maxFen:
			return wrong("range", "out of range")
		}
		return n, nil
	}
	s, ok := v.(string)
	if !ok {
		return wrong("type", "text")
	}
	s = strings.TrimSpace(s)
	switch f.Kind {
	case "date":
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return wrong("date", "a day as YYYY-MM-DD")
		}
		return s, nil
	case "certificate":
		c, err := code.ParseCertificate(s)
		if err != nil {
			e := codeField(at, err)
			return nil, &e
		}
		return c.String(), nil
	}
	if !plain(s, "") {
		return wrong("characters", "no control or direction characters")
	}
	limit := f.Max
	if limit == 0 {
		limit = 200
	}
	if n := utf8.RuneCountInString(s); n < 1 || n > limit {
		return wrong("length", fmt.Sprintf("1 to %d characters", limit))
	}
	return s, nil
}

func (s *Standard) checkParties(in []Party) ([]Party, []FieldError) {
	var wrong []FieldError
	count := map[string]int{}
	out := make([]Party, len(in))
	for n, p := range in {
		at := fmt.Sprintf("/parties/%d/", n)
		if !slices.ContainsFunc(s.Parties, func(r PartyRule) bool { return r.Role == p.Role }) {
			wrong = append(wrong, FieldError{at + "role", "unknown", "the standard has no such party"})
		}
		count[p.Role]++
		var errs []FieldError
		out[n], errs = p.check(at)
		wrong = append(wrong, errs...)
		if slices.ContainsFunc(out[:n], func(o Party) bool {
			return o.IDKind == p.IDKind && o.IDNumber == out[n].IDNumber && p.Role != "agent" && o.Role != "agent"
		}) {
			wrong = append(wrong, FieldError{at + "id_number", "duplicate", "this person is a party already"})
		}
	}
	for _, r := range s.Parties {
		if n := count[r.Role]; n < r.Min || n > r.Max {
			wrong = append(wrong, FieldError{"/parties", "count_" + r.Role, fmt.Sprintf("%s: %d to %d are needed", r.EN, r.Min, r.Max)})
		}
	}
	return out, wrong
}

// check returns the party in its canonical form.
func (p Party) check(at string) (Party, []FieldError) {
	var wrong []FieldError
	p.Name, p.Phone, p.Represents = strings.TrimSpace(p.Name), strings.TrimSpace(p.Phone), strings.TrimSpace(p.Represents)
	if !plain(p.Name+p.Represents, "") {
		wrong = append(wrong, FieldError{at + "name", "characters", "no control or direction characters"})
	}
	if n := utf8.RuneCountInString(p.Name); n < 1 || n > 100 {
		wrong = append(wrong, FieldError{at + "name", "length", "a name has 1 to 100 characters"})
	}
	switch p.IDKind {
	case "citizen_id":
		id, err := code.ParseCitizenID(p.IDNumber)
		if err != nil {
			wrong = append(wrong, codeField(at+"id_number", err))
		}
		p.IDNumber = id.String()
	case "credit_code":
		id, err := code.ParseCreditCode(p.IDNumber)
		if err != nil {
			wrong = append(wrong, codeField(at+"id_number", err))
		}
		p.IDNumber = id.String()
	case "passport":
		p.IDNumber = strings.ToUpper(strings.TrimSpace(p.IDNumber))
		if n := len(p.IDNumber); n < 5 || n > 20 {
			wrong = append(wrong, FieldError{at + "id_number", "length", "a passport number has 5 to 20 characters"})
		}
	default:
		wrong = append(wrong, FieldError{at + "id_kind", "unknown", "citizen_id, credit_code or passport"})
	}
	if p.Phone != "" && (len(p.Phone) < 5 || len(p.Phone) > 20 || strings.Trim(p.Phone, "0123456789+- ") != "") {
		wrong = append(wrong, FieldError{at + "phone", "form", "a telephone number has 5 to 20 digits"})
	}
	if utf8.RuneCountInString(p.Represents) > 100 {
		wrong = append(wrong, FieldError{at + "represents", "length", "at most 100 characters"})
	}
	return p, wrong
}
