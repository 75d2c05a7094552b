package standard

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"tongban/hub"
	"tongban/hub/code"
)

// Assessor judges applications. It keeps compiled standards by digest and is
// safe for concurrent use.
type Assessor struct {
	mu       sync.Mutex // guards compiled
	compiled map[hub.Digest]*compiled
}

var _ hub.Assessor = (*Assessor)(nil)

// NewAssessor makes one.
func NewAssessor() *Assessor { return &Assessor{compiled: map[hub.Digest]*compiled{}} }

// compiled is a standard made ready: conditions and form.
type compiled struct {
	*program
	form *formSchema
}

// of compiles a standard, once for each digest.
func (a *Assessor) of(s *hub.Standard) (*compiled, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c, ok := a.compiled[s.Digest]; ok {
		return c, nil
	}
	p, err := compileAll(s)
	if err != nil {
		return nil, err
	}
	f, err := compileForm(s)
	if err != nil {
		return nil, err
	}
	if len(a.compiled) >= maxCached {
		clear(a.compiled) // rare, and cheap to make again
	}
	c := &compiled{p, f}
	a.compiled[s.Digest] = c
	return c, nil
}

// Assess implements [hub.Assessor].
func (a *Assessor) Assess(ctx context.Context, s *hub.Standard, app hub.Application) (hub.Assessment, error) {
	c, err := a.of(s)
	if err != nil {
		return hub.Assessment{}, hub.Wrap(hub.Internal, err, "the standard cannot be worked with")
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	e := &evaluation{ctx: ctx, p: c.program, is: map[string]bool{}, done: map[string]bool{}}
	e.vars = map[string]any{"form": map[string]any(app.Form), "parties": partiesOf(app), "is": e.is}
	if app.Form == nil {
		e.vars["form"] = map[string]any{}
	}
	out := hub.Assessment{Facts: e.is, Needs: map[string]bool{}, Wrong: c.form.check(app.Form)}
	if len(out.Wrong) > 0 { // what is not of its type cannot be reasoned about
		return out, nil
	}
	for _, part := range []func(*evaluation, *hub.Standard, hub.Application, *hub.Assessment) error{
		facts, fields, rules, parties, slots, fees, steps,
	} {
		if err := part(e, s, app, &out); err != nil {
			return hub.Assessment{}, err
		}
	}
	return out, nil
}

// partiesOf shows conditions what they may know of a party: no name, no number.
func partiesOf(app hub.Application) []map[string]any {
	out := make([]map[string]any, len(app.Parties))
	for i, p := range app.Parties {
		m := map[string]any{"role": p.Role, "id_kind": p.IDKind, "represents": p.Represents != "", "age": int64(-1), "minor": false}
		if id, err := code.ParseCitizenID(p.IDNumber); p.IDKind == "citizen_id" && err == nil {
			age := id.Age(app.Day)
			m["age"], m["minor"] = int64(age), age < 18
		}
		out[i] = m
	}
	return out
}

func facts(e *evaluation, s *hub.Standard, _ hub.Application, _ *hub.Assessment) error {
	for _, f := range s.Facts {
		v, err := e.holds(f.When, true)
		if err != nil {
			return err
		}
		e.is[f.Key] = v
	}
	return nil
}

// fields asks for what is required under a condition; the form's own schema
// asks for what always is.
func fields(e *evaluation, s *hub.Standard, app hub.Application, out *hub.Assessment) error {
	for _, f := range s.Fields {
		if f.If == "" || !f.Required {
			continue
		}
		asked, err := e.holds(f.If, true)
		if err != nil {
			return err
		}
		if _, given := app.Form[f.Key]; asked && !given {
			out.Wrong = append(out.Wrong, hub.FieldError{Pointer: "/form/" + f.Key, Code: "required", Message: f.EN + " is required"})
		}
	}
	return nil
}

func rules(e *evaluation, s *hub.Standard, _ hub.Application, out *hub.Assessment) error {
	for _, r := range s.Rules {
		ok, err := e.holds(r.Must, true)
		if err != nil {
			return err
		}
		if !ok {
			out.Wrong = append(out.Wrong, hub.FieldError{Pointer: r.Pointer, Code: "rule_" + r.Key, Message: r.EN})
		}
	}
	return nil
}

func parties(e *evaluation, s *hub.Standard, app hub.Application, out *hub.Assessment) error {
	count := map[string]int{}
	for _, p := range app.Parties {
		count[p.Role]++
	}
	for _, r := range s.Parties {
		asked, err := e.holds(r.If, true)
		if err != nil {
			return err
		}
		if n := count[r.Role]; asked && n < r.Min || n > r.Max {
			out.Wrong = append(out.Wrong, hub.FieldError{
				Pointer: "/parties", Code: "count_" + r.Role, Message: fmt.Sprintf("%s: %d to %d are needed", r.EN, r.Min, r.Max),
			})
		}
	}
	return nil
}

func slots(e *evaluation, s *hub.Standard, _ hub.Application, out *hub.Assessment) error {
	for _, x := range s.Slots {
		needed := false
		if x.Required {
			var err error
			if needed, err = e.holds(x.If, true); err != nil {
				return err
			}
		}
		out.Needs[x.Key] = needed
	}
	return nil
}

func fees(e *evaluation, s *hub.Standard, _ hub.Application, out *hub.Assessment) error {
	taken := map[string]bool{}
	for _, f := range s.Fees {
		if taken[f.Key] {
			continue
		}
		fits, err := e.holds(f.When, true)
		if err != nil {
			return err
		}
		if !fits {
			continue
		}
		taken[f.Key] = true
		n, err := e.count(f.Count)
		if err != nil {
			return err
		}
		if n < 0 || n > maxCount {
			out.Wrong = append(out.Wrong, hub.FieldError{
				Pointer: countedBy(f.Count), Code: "range", Message: fmt.Sprintf("%s: at most %d", f.EN, maxCount),
			})
			continue
		}
		if n > 0 {
			out.Fees = append(out.Fees, hub.FeeLine{Key: f.Key, Fen: f.Fen, Count: n, Payer: f.Payer, ZH: f.ZH, EN: f.EN})
		}
	}
	return nil
}

// countedBy points to the answer that a count is made from.
func countedBy(source string) string {
	if m := formField.FindStringSubmatch(source); m != nil {
		return "/form/" + m[1]
	}
	return "/form"
}

func steps(e *evaluation, s *hub.Standard, _ hub.Application, out *hub.Assessment) error {
	p := s.Plan
	out.Steps = hub.Steps{
		Reviews: p.Reviews, Booking: p.Booking, Papers: slices.Clone(s.Results()), Exclusive: p.Exclusive, Promised: s.Promised, Statutory: s.Statutory,
	}
	notice := false
	for _, x := range []struct {
		when string
		into *bool
	}{{p.Tax, &out.Steps.Tax}, {p.Notice, &notice}, {p.Visit, &out.Steps.Visit}, {p.Video, &out.Steps.Video}} {
		v, err := e.holds(x.when, false)
		if err != nil {
			return err
		}
		*x.into = v
	}
	if notice {
		out.Steps.NoticeDays = p.NoticeDays
	}
	for _, x := range s.Promises {
		fits, err := e.holds(x.When, false)
		if err != nil {
			return err
		}
		if fits {
			out.Steps.Promised = x.Days
			break
		}
	}
	return nil
}

// yuan writes fen for people: 80 or 80.50.
func yuan(fen int64) string {
	s := strconv.FormatInt(fen/100, 10)
	if fen%100 != 0 {
		s += fmt.Sprintf(".%02d", fen%100)
	}
	return s
}

// beijing is the zone in which the law's days begin everywhere in China.
var beijing = time.FixedZone("UTC+8", 8*3600)
