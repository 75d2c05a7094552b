package standard

import (
	"context"
	"fmt"
	"regexp"

	"cel.dev/cel-go/cel"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"tongban/hub"
)

// compiled is a standard whose expressions and form are ready to apply.
type compiled struct {
	std    *hub.Standard
	schema *jsonschema.Schema

	facts      []string // names of the conditions
	conditions []*expr
	fields     []*expr
	parties    []*expr
	slots      []*expr
	rules      []*expr
	fees       []fee
	questions  []question
	outputs    []*expr

	second, tax, notice, visit, video, booking, exclusive, promised *expr
}

type fee struct {
	when, count *expr
	exempt      []*expr
}

type question struct{ when, flag *expr }

// reserved are the names that a condition cannot take.
var reserved = regexp.MustCompile(`^(form|parties|roles|day|answer|true|false|null|in|as|has|all|exists|exists_one|map|filter|size|sum|type|int|uint|double|bool|string|bytes|list|timestamp|duration|dyn|matches|contains|if|else|for|while|const|break|continue|function|import|let|loop|namespace|package|return|var|void)$`)

// compile compiles every expression and the form. All that is wrong is told at
// once, as BadStandard.
func compile(s *hub.Standard) (*compiled, error) {
	base, err := environment(s)
	if err != nil {
		return nil, err
	}
	c := &compiled{std: s}
	k := &compiler{env: base}
	for i := range s.Conditions {
		x := &s.Conditions[i]
		at := "conditions/" + x.Key
		if reserved.MatchString(x.Key) {
			k.fail(at, "reserved", "the name %q is taken by the language", x.Key)
			continue
		}
		c.conditions = append(c.conditions, k.boolean(at, x.When))
		k.facts = append(k.facts, x.Key)
		if k.env, err = k.env.Extend(cel.Variable(x.Key, cel.BoolType)); err != nil {
			return nil, fmt.Errorf("condition %s: %w", x.Key, err)
		}
	}
	c.facts = k.facts
	for i := range s.Fields {
		c.fields = append(c.fields, k.boolean("fields/"+s.Fields[i].Key+"/if", s.Fields[i].If))
	}
	for i := range s.Parties {
		c.parties = append(c.parties, k.boolean("parties/"+s.Parties[i].Role+"/if", s.Parties[i].If))
	}
	for i := range s.Slots {
		c.slots = append(c.slots, k.boolean("slots/"+s.Slots[i].Key+"/if", s.Slots[i].If))
	}
	for i := range s.Rules {
		c.rules = append(c.rules, k.boolean("rules/"+s.Rules[i].Key+"/holds", s.Rules[i].Holds))
	}
	for i := range s.Fees {
		x := &s.Fees[i]
		one := fee{
			when:  k.boolean("fees/"+x.Key+"/when", x.When),
			count: k.compile("fees/"+x.Key+"/count", x.Count, cel.IntType, false),
		}
		for n := range x.Exempt {
			one.exempt = append(one.exempt, k.boolean(fmt.Sprintf("fees/%s/exempt/%d/when", x.Key, n), x.Exempt[n].When))
		}
		c.fees = append(c.fees, one)
	}
	for i := range s.Outputs {
		c.outputs = append(c.outputs, k.boolean("outputs/"+s.Outputs[i].Key+"/if", s.Outputs[i].If))
	}
	c.compilePlan(k, &s.Plan)
	if err := c.compileQuestions(k); err != nil {
		return nil, err
	}
	if len(k.wrong) > 0 {
		return nil, &hub.Error{Code: hub.BadStandard, Message: "the standard has expressions that cannot be used", Fields: k.wrong}
	}
	c.schema, err = compileSchema(s)
	return c, err
}

func (c *compiled) compilePlan(k *compiler, p *hub.PlanRules) {
	yes := func(name, text string) *expr { return k.compile("plan/"+name, text, cel.BoolType, false) }
	number := func(name, text string) *expr { return k.compile("plan/"+name, text, cel.IntType, false) }
	c.second, c.tax, c.visit, c.video = yes("second_review", p.SecondReview), yes("tax", p.Tax), yes("visit", p.Visit), yes("video", p.Video)
	c.booking, c.exclusive = yes("booking", p.Booking), yes("exclusive", p.Exclusive)
	c.notice, c.promised = number("notice_days", p.Notice), number("promised_days", p.Promised)
}

// compileQuestions comes last, as the flags alone know the answer.
func (c *compiled) compileQuestions(k *compiler) error {
	before := k.env
	for i := range c.std.Questions {
		q := &c.std.Questions[i]
		at := "questions/" + q.Key
		one := question{when: k.boolean(at+"/if", q.If)}
		answer := cel.StringType
		if q.Kind == hub.FieldBool {
			answer = cel.BoolType
		}
		var err error
		if k.env, err = before.Extend(cel.Variable("answer", answer)); err != nil {
			return fmt.Errorf("question %s: %w", q.Key, err)
		}
		one.flag = k.compile(at+"/flag", q.Flag, cel.BoolType, false)
		k.env = before
		c.questions = append(c.questions, one)
	}
	return nil
}

// Check refuses a standard that could not be worked with: with BadStandard for
// what it says, everything at once. It also tries every expression on an empty
// application, so that nothing fails for want of an answer.
func Check(ctx context.Context, s *hub.Standard) error {
	if wrong := checkShape(s); len(wrong) > 0 {
		return &hub.Error{Code: hub.BadStandard, Message: "the standard is not complete", Fields: wrong}
	}
	c, err := compile(s)
	if err != nil {
		return err
	}
	a, err := c.assess(ctx, hub.Form{}, nil, epoch)
	if err != nil {
		return err
	}
	for i := range s.Questions {
		var none any = ""
		if s.Questions[i].Kind == hub.FieldBool {
			none = false
		}
		if _, err := c.risk(ctx, i, none, &a, epoch); err != nil {
			return err
		}
	}
	return nil
}
