package standard

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"tongban/hub"
)

// Engine applies standards. It compiles each version once and remembers the
// last ones used. It is safe for concurrent use.
type Engine struct {
	mu    sync.Mutex
	ready map[hub.Digest]*compiled // guarded by mu
}

var _ hub.Assessor = (*Engine)(nil)

// maxReady bounds how many compiled standards are remembered, of some hundred
// KiB each.
const maxReady = 256

// NewEngine makes an engine.
func NewEngine() *Engine { return &Engine{ready: map[hub.Digest]*compiled{}} }

func (e *Engine) get(s *hub.Standard) (*compiled, error) {
	if s.Digest == "" { // not sealed: nothing to know it by
		return compile(s)
	}
	e.mu.Lock()
	c := e.ready[s.Digest]
	e.mu.Unlock()
	if c != nil {
		return c, nil
	}
	own := *s
	c, err := compile(&own)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.ready) >= maxReady {
		for old := range e.ready { // any: it is compiled again when it is asked for
			delete(e.ready, old)
			break
		}
	}
	e.ready[s.Digest] = c
	return c, nil
}

// Assess implements [hub.Assessor].
func (e *Engine) Assess(ctx context.Context, std *hub.Standard, form hub.Form, parties []hub.Party, day time.Time) (hub.Assessment, error) {
	c, err := e.get(std)
	if err != nil {
		return hub.Assessment{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	return c.assess(ctx, form, parties, dayOf(day))
}

// Risk implements [hub.Assessor].
func (e *Engine) Risk(ctx context.Context, std *hub.Standard, question string, answer any, a *hub.Assessment, day time.Time) (bool, error) {
	c, err := e.get(std)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(c.std.Questions, func(q hub.Question) bool { return q.Key == question })
	if i < 0 {
		return false, hub.E(hub.Invalid, "the standard has no such question")
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	return c.risk(ctx, i, answer, a, dayOf(day))
}

// beijing is the zone in which the law's days begin everywhere in China.
var beijing = time.FixedZone("UTC+8", 8*3600)

// dayOf is the day in China, as expressions compare it: at midnight UTC.
func dayOf(t time.Time) time.Time {
	y, m, d := t.In(beijing).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// rolesOf counts the parties of each role.
func (c *compiled) rolesOf(parties []hub.Party) map[string]any {
	roles := make(map[string]any, len(c.std.Parties))
	for i := range c.std.Parties {
		n := int64(0)
		for k := range parties {
			if parties[k].Role == c.std.Parties[i].Role {
				n++
			}
		}
		roles[c.std.Parties[i].Role] = n
	}
	return roles
}

func (c *compiled) assess(ctx context.Context, form hub.Form, parties []hub.Party, day time.Time) (hub.Assessment, error) {
	var a hub.Assessment
	a.Form, a.Wrong = c.checkForm(form)
	return c.judge(ctx, a, parties, day)
}

// judge goes on from a form that was checked.
func (c *compiled) judge(ctx context.Context, a hub.Assessment, parties []hub.Party, day time.Time) (hub.Assessment, error) {
	var wrong []hub.FieldError
	a.Parties, wrong = c.checkParties(parties)
	a.Wrong = append(a.Wrong, wrong...)
	v := &vars{form: a.Form, roles: c.rolesOf(a.Parties), parties: a.Parties, day: day, names: c.facts}
	if err := c.decide(ctx, v, &a); err != nil {
		return hub.Assessment{}, err
	}
	for _, step := range []func(context.Context, *vars, *hub.Assessment) error{c.demand, c.hold, c.charge, c.ask, c.plan} {
		if err := step(ctx, v, &a); err != nil {
			return hub.Assessment{}, err
		}
	}
	return a, nil
}

// decide evaluates the named conditions, in their order.
func (c *compiled) decide(ctx context.Context, v *vars, a *hub.Assessment) error {
	v.facts = make([]bool, 0, len(c.conditions))
	a.Facts = make(map[string]bool, len(c.conditions))
	for i, e := range c.conditions {
		ok, err := e.bool(ctx, v)
		if err != nil {
			return err
		}
		v.facts = append(v.facts, ok)
		a.Facts[c.facts[i]] = ok
	}
	return nil
}

// demand says which materials are asked for, which fields that depend on
// others are missing, and how many parties.
func (c *compiled) demand(ctx context.Context, v *vars, a *hub.Assessment) error {
	a.Slots = make(map[string]hub.Need, len(c.slots))
	for i, e := range c.slots {
		ok, err := e.bool(ctx, v)
		if err != nil {
			return err
		}
		need := hub.NeedNone
		switch s := &c.std.Slots[i]; {
		case ok && s.Required:
			need = hub.NeedRequired
		case ok:
			need = hub.NeedOptional
		}
		a.Slots[c.std.Slots[i].Key] = need
	}
	for i, e := range c.fields {
		f := &c.std.Fields[i]
		if _, answered := v.form[f.Key]; answered || !f.Required || f.If == "" || failed(a.Wrong, f.Key) {
			continue
		}
		ok, err := e.bool(ctx, v)
		if err != nil {
			return err
		}
		if ok {
			a.Wrong = append(a.Wrong, hub.FieldError{Pointer: "/form/" + f.Key, Code: "required", Message: f.EN + " is required here"})
		}
	}
	wrong, err := c.countParties(v.roles, func(i int) (bool, error) { return c.parties[i].bool(ctx, v) })
	a.Wrong = append(a.Wrong, wrong...)
	return err
}

// failed reports whether a field of the form is wrong or missing already.
func failed(wrong []hub.FieldError, key string) bool {
	at := "/form/" + key
	return slices.ContainsFunc(wrong, func(w hub.FieldError) bool {
		return w.Pointer == at || strings.HasPrefix(w.Pointer, at+"/")
	})
}

// hold checks the rules over several fields. A rule whose fields are wrong
// themselves is not asked: its answer would only confuse.
func (c *compiled) hold(ctx context.Context, v *vars, a *hub.Assessment) error {
	before := a.Wrong
	for i, e := range c.rules {
		if slices.ContainsFunc(e.fields, func(key string) bool { return failed(before, key) }) {
			continue
		}
		ok, err := e.bool(ctx, v)
		if err != nil {
			return err
		}
		if ok {
			continue
		}
		r := &c.std.Rules[i]
		a.Wrong = append(a.Wrong, hub.FieldError{Pointer: r.At, Code: r.Key, Message: r.EN})
		if a.Texts == nil {
			a.Texts = map[string]string{}
		}
		a.Texts[r.Key] = r.ZH
	}
	return nil
}

// charge works out the fee lines in whole fen.
func (c *compiled) charge(ctx context.Context, v *vars, a *hub.Assessment) error {
	for i := range c.fees {
		e, r := &c.fees[i], &c.std.Fees[i]
		ok, err := e.when.bool(ctx, v)
		if err != nil {
			return err
		}
		n, err := e.count.int(ctx, v, 1)
		if err != nil {
			return err
		}
		if !ok || n < 1 {
			continue
		}
		if n > maxPieces {
			return e.count.failed(fmt.Errorf("counts %d pieces", n))
		}
		line := hub.FeeLine{Key: r.Key, Per: r.Per, Fen: r.Fen, Count: n, Total: n * r.Fen, Payer: r.Payer, ZH: r.ZH, EN: r.EN}
		for k, x := range e.exempt {
			ok, err := x.bool(ctx, v)
			if err != nil {
				return err
			}
			if ok {
				line.Total = line.Total * int64(r.Exempt[k].Percent) / 100
				line.ExemptZH, line.ExemptEN = r.Exempt[k].ZH, r.Exempt[k].EN
				break
			}
		}
		a.Fees = append(a.Fees, line)
	}
	return nil
}

// maxPieces bounds the pieces of one fee line: the units of one project.
const maxPieces = 10_000

func (c *compiled) ask(ctx context.Context, v *vars, a *hub.Assessment) error {
	for i := range c.questions {
		ok, err := c.questions[i].when.bool(ctx, v)
		if err != nil {
			return err
		}
		if ok {
			a.Questions = append(a.Questions, c.std.Questions[i])
		}
	}
	for i, e := range c.outputs {
		ok, err := e.bool(ctx, v)
		if err != nil {
			return err
		}
		if ok {
			a.Outputs = append(a.Outputs, c.std.Outputs[i])
		}
	}
	return nil
}

func (c *compiled) plan(ctx context.Context, v *vars, a *hub.Assessment) error {
	var second bool
	for _, x := range []struct {
		e   *expr
		out *bool
	}{
		{c.second, &second},
		{c.tax, &a.Plan.Tax},
		{c.visit, &a.Plan.Visit},
		{c.video, &a.Plan.Video},
		{c.booking, &a.Plan.Booking},
		{c.exclusive, &a.Plan.Exclusive},
	} {
		var err error
		if *x.out, err = x.e.bool(ctx, v); err != nil {
			return err
		}
	}
	a.Plan.Reviews = 1
	if second {
		a.Plan.Reviews = 2
	}
	for _, x := range []struct {
		e     *expr
		empty int
		out   *int
	}{{c.notice, 0, &a.Plan.NoticeDays}, {c.promised, c.std.Promised, &a.Plan.Promised}} {
		n, err := x.e.int(ctx, v, int64(x.empty))
		if err != nil {
			return err
		}
		if n < 0 || n > maxDays {
			return x.e.failed(fmt.Errorf("gives %d days", n))
		}
		*x.out = int(n)
	}
	return nil
}

// maxDays bounds every number of days in a standard.
const maxDays = 400

func (c *compiled) risk(ctx context.Context, i int, answer any, a *hub.Assessment, day time.Time) (bool, error) {
	q := &c.std.Questions[i]
	_, yesNo := answer.(bool)
	_, text := answer.(string)
	if yesNo != (q.Kind == hub.FieldBool) || text != (q.Kind == hub.FieldText) {
		return false, hub.E(hub.Invalid, "the answer is not of the question's kind")
	}
	v := &vars{form: a.Form, roles: c.rolesOf(a.Parties), parties: a.Parties, day: day, names: c.facts, answer: answer}
	for _, name := range c.facts {
		v.facts = append(v.facts, a.Facts[name])
	}
	return c.questions[i].flag.bool(ctx, v)
}
