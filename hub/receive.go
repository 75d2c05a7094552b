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
	Despite string // why, although an open case is about the same unit
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
	std, place, _, err := s.standardAt(ctx, i, unit.String(), now)
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
	a, err := s.Assessor.Assess(ctx, &std, Application{Form: form, Parties: parties, Day: now})
	if err != nil {
		return nil, nil, fmt.Errorf("assess application: %w", err)
	}
	if err := InvalidFields(a.Wrong); err != nil {
		return nil, nil, err
	}
	f := &Received{
		Answer: std.Answer, Disposes: a.Steps.Exclusive,
		Item: i.Item, Standard: std.Ref(), Agency: cmd.Actor.Agency, Unit: unit.String(),
		Place: unit.Division().String(), Private: ReceivedPrivate{Form: form, Parties: parties},
	}
	for _, p := range parties {
		f.PartyRefs = append(f.PartyRefs, s.Keys.PartyRef(p.IDKind, p.IDNumber))
	}
	if cmd.Actor.Ref != "" && slices.Contains(f.PartyRefs, cmd.Actor.Ref) {
		return nil, nil, E(OwnCase, "nobody receives his own case")
	}
	if err := s.judgeRivals(ctx, i, f); err != nil {
		return nil, nil, err
	}
	f.Number, err = s.newNumber(ctx, place, now.In(s.zone(ctx, cmd.Actor.Agency)))
	return f, nil, err
}

// AssessWish judges an application before it is received; nothing is kept.
func (s *Service) AssessWish(ctx context.Context, i Receive) (Standard, Assessment, error) {
	unit, err := code.ParseUnit(i.Unit)
	if err != nil {
		return Standard{}, Assessment{}, InvalidFields([]FieldError{codeField("/unit", err)})
	}
	now := Millis(s.Now())
	std, _, agency, err := s.standardAt(ctx, i, unit.String(), now)
	if err != nil {
		return Standard{}, Assessment{}, err
	}
	form, wrong := std.checkForm(i.Form)
	parties, more := std.checkParties(i.Parties)
	a, err := s.Assessor.Assess(ctx, &std, Application{Form: form, Parties: parties, Day: now})
	told := append(wrong, more...)
	a.Wrong = slices.DeleteFunc(a.Wrong, func(w FieldError) bool { // what is wrong was left out, and is not missing besides
		return slices.ContainsFunc(told, func(o FieldError) bool {
			return o == w || w.Pointer != "/parties" && strings.HasPrefix(o.Pointer+"/", w.Pointer+"/")
		})
	})
	a.Wrong = append(told, a.Wrong...)
	if err == nil && agency != "" {
		err = s.unneeded(ctx, &a, agency, &std, form, unit.String())
	}
	return std, a, err
}

// standardAt finds the standard of the place that will be responsible. When
// routing refuses for a reason a clerk can settle later, the national base
// serves. place is the division in force, or as coded.
func (s *Service) standardAt(ctx context.Context, i Receive, unit string, now time.Time) (std Standard, place string, agency AgencyID, err error) {
	all, err := s.Directory.Standards(ctx, i.Item)
	if err != nil {
		return Standard{}, "", "", fmt.Errorf("standards: %w", err)
	}
	if len(all) == 0 {
		return Standard{}, "", "", E(UnknownItem, "there is no item %q", i.Item)
	}
	if unit == "" {
		std, err = InForce(all, "", now)
		return std, "", "", err
	}
	d, err := s.Router.Route(ctx, RouteQuery{Item: i.Item, Unit: unit, Day: now, Choice: i.Choice, Facts: i.Form})
	switch ErrorCode(err) {
	case "":
	case AmbiguousSuccessor, NoAgency, AgencyClosed:
	default:
		return Standard{}, "", "", err
	}
	if d.Place == "" { // one agency has every place in question
		d.Place = unit[:6]
	}
	std, err = InForce(all, d.Agency, now)
	return std, d.Place, d.Agency, err
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
		if s, ok := v.(string); !given || ok && strings.TrimSpace(s) == "" { // a blank is no answer
			if f.Required && f.If == "" {
				wrong = append(wrong, FieldError{"/form/" + f.Key, "required", f.EN + " is required"})
			}
			continue
		}
		v, bad := f.check("/form/"+f.Key, v)
		if len(bad) > 0 {
			wrong = append(wrong, bad...)
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

// check returns the value in its canonical form, or everything that is wrong with it.
func (f *Field) check(at string, v any) (any, []FieldError) {
	if f.Kind == "list" {
		return f.checkRows(at, v)
	}
	v, bad := f.checkOne(at, v)
	if bad != nil {
		return nil, []FieldError{*bad}
	}
	return v, nil
}

func (f *Field) checkOne(at string, v any) (any, *FieldError) {
	wrong := func(code, msg string) (any, *FieldError) { return nil, &FieldError{at, code, f.EN + ": " + msg} }
	switch f.Kind {
	case "bool":
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return wrong("type", "yes or no")
	case "fen", "integer", "area":
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
	case "unit":
		u, err := code.ParseUnit(s)
		if err != nil {
			e := codeField(at, err)
			return nil, &e
		}
		return u.String(), nil
	case "choice":
		if !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Key == s }) {
			return wrong("unknown", "not one of the options")
		}
		return s, nil
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

// checkRows returns the rows of a list in their canonical form.
func (f *Field) checkRows(at string, v any) (any, []FieldError) {
	rows, ok := v.([]any)
	limit := f.Max
	if limit == 0 {
		limit = 200
	}
	switch {
	case !ok:
		return nil, []FieldError{{at, "type", f.EN + ": a list of rows"}}
	case len(rows) > limit || f.Required && len(rows) == 0:
		return nil, []FieldError{{at, "count", fmt.Sprintf("%s: up to %d rows", f.EN, limit)}}
	}
	columns := Standard{}
	for _, c := range f.Columns {
		columns.Fields = append(columns.Fields, c.Field())
	}
	out := make([]any, len(rows))
	var all []FieldError
	for i, row := range rows {
		here := fmt.Sprintf("%s/%d", at, i)
		m, ok := row.(map[string]any)
		if !ok {
			all = append(all, FieldError{here, "type", f.EN + ": a row"})
			continue
		}
		one, wrong := columns.checkForm(m)
		for _, w := range wrong {
			w.Pointer = here + strings.TrimPrefix(w.Pointer, "/form")
			all = append(all, w)
		}
		out[i] = map[string]any(one)
	}
	return out, all
}

func (s *Standard) checkParties(in []Party) ([]Party, []FieldError) {
	var wrong []FieldError
	count := map[string]int{}
	out := make([]Party, len(in))
	for n, p := range in {
		at := fmt.Sprintf("/parties/%d/", n)
		p.Role, p.IDKind = strings.TrimSpace(p.Role), strings.TrimSpace(p.IDKind)
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
			wrong = append(wrong, FieldError{at + "id_number", "same_party", "this person is a party already"})
		}
	}
	for _, r := range s.Parties {
		if n := count[r.Role]; r.If == "" && n < r.Min || n > r.Max {
			wrong = append(wrong, FieldError{"/parties", "count_" + r.Role, fmt.Sprintf("%s: %d to %d are needed", r.EN, r.Min, r.Max)})
		}
	}
	return out, wrong
}

// check returns the party in its canonical form.
func (p Party) check(at string) (Party, []FieldError) {
	var wrong []FieldError
	p.Name, p.Phone, p.Represents = strings.TrimSpace(p.Name), strings.TrimSpace(p.Phone), strings.TrimSpace(p.Represents)
	if !plain(p.Name, "") {
		wrong = append(wrong, FieldError{at + "name", "characters", "no control or direction characters"})
	}
	if !plain(p.Represents, "") {
		wrong = append(wrong, FieldError{at + "represents", "characters", "no control or direction characters"})
	}
	if n := utf8.RuneCountInString(p.Name); n < 1 || n > 100 {
		wrong = append(wrong, FieldError{at + "name", "length", "a name has 1 to 100 characters"})
	}
	known := slices.Contains([]string{"citizen_id", "credit_code", "passport"}, p.IDKind)
	if !known {
		wrong = append(wrong, FieldError{at + "id_kind", "unknown", "citizen_id, credit_code or passport"})
	}
	switch kind := p.IDKind; {
	case strings.TrimSpace(p.IDNumber) == "":
		wrong = append(wrong, FieldError{at + "id_number", "required", "the number is missing"})
	case kind == "citizen_id":
		id, err := code.ParseCitizenID(p.IDNumber)
		if err != nil {
			wrong = append(wrong, codeField(at+"id_number", err))
		}
		p.IDNumber = id.String()
	case kind == "credit_code":
		id, err := code.ParseCreditCode(p.IDNumber)
		if err != nil {
			wrong = append(wrong, codeField(at+"id_number", err))
		}
		p.IDNumber = id.String()
	case known:
		p.IDNumber = strings.ToUpper(strings.TrimSpace(p.IDNumber))
		if n := len(p.IDNumber); n < 5 || n > 20 {
			wrong = append(wrong, FieldError{at + "id_number", "length", "a passport number has 5 to 20 characters"})
		} else if strings.Trim(p.IDNumber, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ()-/ ") != "" {
			wrong = append(wrong, FieldError{at + "id_number", "characters", "a passport number has letters, digits, brackets and strokes"})
		}
	}
	if p.Phone != "" && (len(p.Phone) < 5 || len(p.Phone) > 20 || strings.Trim(p.Phone, "0123456789+- ") != "") {
		wrong = append(wrong, FieldError{at + "phone", "form", "a telephone number has 5 to 20 digits"})
	}
	if utf8.RuneCountInString(p.Represents) > 100 {
		wrong = append(wrong, FieldError{at + "represents", "length", "at most 100 characters"})
	}
	return p, wrong
}
