package standard

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"

	"cel.dev/cel-go/cel"

	"tongban/hub"
)

// Bounds of a condition: what administrators write must not hold a server up.
const (
	maxSource = 1000   // characters
	maxCost   = 20_000 // CEL's own measure of work
	maxTime   = 50 * time.Millisecond
	maxCached = 512    // compiled standards
	maxCount  = 10_000 // pieces of one fee
)

// environment declares what conditions may use: form, parties, is.
var environment = sync.OnceValue(func() *cel.Env {
	env, err := cel.NewEnv(
		cel.Variable("form", cel.MapType(cel.StringType, cel.DynType)),
		cel.Variable("parties", cel.ListType(cel.MapType(cel.StringType, cel.DynType))),
		cel.Variable("is", cel.MapType(cel.StringType, cel.BoolType)),
	)
	if err != nil {
		panic(fmt.Sprintf("conditions: %v", err)) // this program contradicts itself
	}
	return env
})

// compile turns one condition into a program of the wanted type.
func compile(source string, want *cel.Type) (cel.Program, error) {
	if len(source) > maxSource {
		return nil, fmt.Errorf("a condition has at most %d characters", maxSource)
	}
	env := environment()
	ast, issues := env.Compile(source)
	if issues != nil && issues.Err() != nil {
		return nil, fmt.Errorf("condition %q: %w", source, issues.Err())
	}
	if t := ast.OutputType(); !t.IsExactType(want) && !t.IsExactType(cel.DynType) {
		return nil, fmt.Errorf("condition %q is of type %s, not %s", source, t, want)
	}
	return env.Program(ast, cel.CostLimit(maxCost), cel.InterruptCheckFrequency(100), cel.EvalOptions(cel.OptOptimize))
}

var (
	formField  = regexp.MustCompile(`\bform\.([a-z_][a-z0-9_]*)`)
	wholeField = regexp.MustCompile(`^\s*form\.([a-z_][a-z0-9_]*)\s*$`)
	isFact     = regexp.MustCompile(`\bis\.([a-z_][a-z0-9_]*)`)
)

// program is a standard's conditions, compiled once.
type program struct {
	code map[string]cel.Program // by source
}

// conditionsOf lists every condition of a standard with the type it must have.
func conditionsOf(s *hub.Standard) (bools, ints []string) {
	add := func(c string) {
		if c != "" && !slices.Contains(bools, c) {
			bools = append(bools, c)
		}
	}
	for _, f := range s.Facts {
		add(f.When)
	}
	for _, f := range s.Fields {
		add(f.If)
	}
	for _, r := range s.Rules {
		add(r.Must)
	}
	for _, p := range s.Parties {
		add(p.If)
	}
	for _, x := range s.Slots {
		add(x.If)
	}
	for _, f := range s.Fees {
		add(f.When)
		if f.Count != "" {
			ints = append(ints, f.Count)
		}
	}
	for _, p := range s.Promises {
		add(p.When)
	}
	for _, c := range []string{s.Plan.Tax, s.Plan.Notice, s.Plan.Visit, s.Plan.Video} {
		add(c)
	}
	return bools, ints
}

// compileAll compiles a standard's conditions and refuses names it does not have.
func compileAll(s *hub.Standard) (*program, error) {
	p := &program{code: map[string]cel.Program{}}
	var wrong []error
	bools, ints := conditionsOf(s)
	for i, c := range slices.Concat(bools, ints) {
		want := cel.BoolType
		if i >= len(bools) {
			want = cel.IntType
		}
		for _, m := range formField.FindAllStringSubmatch(c, -1) {
			if _, ok := s.Field(m[1]); !ok {
				wrong = append(wrong, fmt.Errorf("condition %q: the form has no field %q", c, m[1]))
			}
		}
		for _, m := range isFact.FindAllStringSubmatch(c, -1) {
			if !slices.ContainsFunc(s.Facts, func(f hub.Condition) bool { return f.Key == m[1] }) {
				wrong = append(wrong, fmt.Errorf("condition %q: there is no fact %q", c, m[1]))
			}
		}
		code, err := compile(c, want)
		if err != nil {
			wrong = append(wrong, err)
		}
		p.code[c] = code
	}
	return p, errors.Join(wrong...)
}

// evaluation is one application under one standard's conditions.
type evaluation struct {
	ctx  context.Context //nolint:containedctx // lives as long as one judgement
	p    *program
	vars map[string]any
	is   map[string]bool
	done map[string]bool // each condition is evaluated once
}

// holds evaluates a condition; an empty one is def.
func (e *evaluation) holds(source string, def bool) (bool, error) {
	if source == "" {
		return def, nil
	}
	if v, ok := e.done[source]; ok {
		return v, nil
	}
	v, err := e.run(source)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, hub.E(hub.Internal, "a condition of the standard gives no yes or no")
	}
	e.done[source] = b
	return b, nil
}

func (e *evaluation) count(source string) (int64, error) {
	if source == "" {
		return 1, nil
	}
	v, err := e.run(source)
	if err != nil {
		return 0, err
	}
	n, ok := v.(int64)
	if !ok {
		return 0, hub.E(hub.Internal, "a count of the standard is no whole number")
	}
	return n, nil
}

func (e *evaluation) run(source string) (any, error) {
	out, _, err := e.p.code[source].ContextEval(e.ctx, e.vars)
	if err != nil {
		return nil, hub.Wrap(hub.Internal, err, "a condition of the standard cannot be evaluated")
	}
	return out.Value(), nil
}
