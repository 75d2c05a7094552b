package standard

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types/ref"

	"tongban/hub"
)

// The limits of an expression.
const (
	maxSource = 2_000  // characters
	maxDepth  = 50     // of nesting
	maxCost   = 20_000 // steps of one evaluation
	maxTime   = 2 * time.Second
)

// expr is one compiled expression. The two usual forms need no evaluation: a
// constant, and the name of a condition.
type expr struct {
	at     string // its place in the standard, for errors
	fact   int    // index of the condition that it names, or -1
	truth  bool   // with fact -1 and no program
	prog   cel.Program
	loops  bool     // goes through lists
	fields []string // keys of the form that it reads
}

// compiler compiles the expressions of one standard and keeps all that is wrong.
type compiler struct {
	env   *cel.Env
	facts []string // names of the conditions so far
	wrong []hub.FieldError
}

func (c *compiler) fail(at, code, format string, args ...any) {
	c.wrong = append(c.wrong, hub.FieldError{Pointer: "/" + at, Code: code, Message: fmt.Sprintf(format, args...)})
}

// formFields finds the fields that a text reads.
var formFields = regexp.MustCompile(`\bform\s*\.\s*([a-zA-Z_][a-zA-Z0-9_]*)`)

// compile checks a text of a type. empty is what "" means.
func (c *compiler) compile(at, text string, want *cel.Type, empty bool) *expr {
	e := &expr{at: at, fact: -1}
	switch {
	case text == "", text == "true" && want == cel.BoolType, text == "false" && want == cel.BoolType:
		e.truth = text == "true" || text == "" && empty
		return e
	case want == cel.BoolType:
		if e.fact = slices.Index(c.facts, text); e.fact >= 0 {
			return e
		}
	}
	ast, issues := c.env.Compile(text)
	if issues.Err() != nil {
		var first string
		for _, one := range issues.Errors() {
			first = one.Message
			break
		}
		c.fail(at, "expression", "the expression does not compile: %s", first)
		return e
	}
	if !ast.OutputType().IsExactType(want) {
		c.fail(at, "expression", "the expression gives %s, not %s", ast.OutputType(), want)
		return e
	}
	options := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize)}
	if e.loops = loops(ast); e.loops {
		options = append(options, cel.CostLimit(maxCost), cel.InterruptCheckFrequency(100))
	}
	prog, err := c.env.Program(ast, options...)
	if err != nil {
		c.fail(at, "expression", "the expression cannot be run: %v", err)
		return e
	}
	e.prog = prog
	for _, m := range formFields.FindAllStringSubmatch(text, -1) {
		e.fields = append(e.fields, m[1])
	}
	return e
}

// loops reports whether an expression goes through a list. One that does not is
// bounded by its length, and needs no counting of its steps.
func loops(a *cel.Ast) bool {
	found := false
	celast.PostOrderVisit(a.NativeRep().Expr(), celast.NewExprVisitor(func(e celast.Expr) {
		found = found || e.Kind() == celast.ComprehensionKind
	}))
	return found
}

// eval runs the program, with a deadline where it may take time.
func (e *expr) eval(ctx context.Context, v *vars) (any, error) {
	var (
		out ref.Val
		err error
	)
	if e.loops {
		out, _, err = e.prog.ContextEval(ctx, v)
	} else {
		out, _, err = e.prog.Eval(v)
	}
	if err != nil {
		return nil, e.failed(err)
	}
	return out.Value(), nil
}

// boolean compiles a condition; "" is always.
func (c *compiler) boolean(at, text string) *expr { return c.compile(at, text, cel.BoolType, true) }

// vars are the values of one evaluation. It is a cel.Activation.
type vars struct {
	form    map[string]any
	roles   map[string]any
	parties []hub.Party
	day     time.Time
	names   []string // of the conditions
	facts   []bool   // their values, as far as known
	answer  any

	people []any // parties, made when first asked for
}

var _ cel.Activation = (*vars)(nil)

// ResolveName implements cel.Activation.
func (v *vars) ResolveName(name string) (any, bool) {
	switch name {
	case "form":
		return v.form, true
	case "roles":
		return v.roles, true
	case "day":
		return v.day, true
	case "answer":
		return v.answer, v.answer != nil
	case "parties":
		if v.people == nil {
			v.people = make([]any, len(v.parties))
			for i := range v.parties {
				v.people[i] = person(&v.parties[i], v.day)
			}
		}
		return v.people, true
	}
	if i := slices.Index(v.names, name); i >= 0 && i < len(v.facts) {
		return v.facts[i], true
	}
	return nil, false
}

// Parent implements cel.Activation.
func (v *vars) Parent() cel.Activation { return nil }

func (e *expr) bool(ctx context.Context, v *vars) (bool, error) {
	if e.prog == nil {
		if e.fact >= 0 {
			return v.facts[e.fact], nil
		}
		return e.truth, nil
	}
	out, err := e.eval(ctx, v)
	if err != nil {
		return false, err
	}
	b, ok := out.(bool)
	if !ok {
		return false, e.failed(fmt.Errorf("gives %T", out))
	}
	return b, nil
}

// int evaluates a whole number; empty is what "" means.
func (e *expr) int(ctx context.Context, v *vars, empty int64) (int64, error) {
	if e.prog == nil {
		return empty, nil
	}
	out, err := e.eval(ctx, v)
	if err != nil {
		return 0, err
	}
	n, ok := out.(int64)
	if !ok {
		return 0, e.failed(fmt.Errorf("gives %T", out))
	}
	return n, nil
}

// failed is of the standard, not of the application: the text of the cause is
// for the log only, as it may hold a value.
func (e *expr) failed(err error) error {
	return &hub.Error{
		Code: hub.BadStandard, Message: "an expression of the standard cannot be applied to this application", Err: err,
		Fields: []hub.FieldError{{Pointer: "/" + e.at, Code: "expression", Message: "cannot be applied"}},
	}
}
