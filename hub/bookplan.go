package hub

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tongban/hub/code"
	"tongban/hub/register"
)

// bookPlan turns a case into the steps that it asks of the register, all of
// which are booked in one booking or none. What the form says and the register
// does not know is a field error, collected in wrong.
type bookPlan struct {
	c      *Case
	keys   *Keyring
	states map[code.Unit]*register.State
	names  map[PartyRef]RegisterPerson // whom the register names as holders of the unit

	steps []register.Step
	wrong []FieldError
}

// bookPlans say, for each item that ends in the register, what is booked.
// Items that are not here end without it.
var bookPlans = map[ItemCode]func(*bookPlan){
	"transfer.resale":            (*bookPlan).resale,
	"transfer.new":               (*bookPlan).newHome,
	"transfer.inherit":           (*bookPlan).inheritance,
	"transfer.spouse":            (*bookPlan).spouses,
	"notice.dual":                (*bookPlan).dualNotice,
	"mortgage.first":             (*bookPlan).mortgage,
	"mortgage.cancel":            (*bookPlan).mortgageEnds,
	"package.mortgaged_transfer": (*bookPlan).mortgagedTransfer,
	"change":                     (*bookPlan).change,
	"first.building":             (*bookPlan).building,
}

// units are the units that the case's plan looks at.
func (c *Case) units() []code.Unit {
	list := []code.Unit{code.Unit(c.Unit)}
	for _, row := range c.rows("units") {
		if u, ok := row["unit"].(string); ok && !slices.Contains(list, code.Unit(u)) {
			list = append(list, code.Unit(u))
		}
	}
	return list
}

// rows are the rows of a list field.
func (c *Case) rows(key string) []map[string]any {
	list, _ := c.Form[key].([]any)
	out := make([]map[string]any, 0, len(list))
	for _, r := range list {
		if m, ok := r.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func (p *bookPlan) unit() code.Unit { return code.Unit(p.c.Unit) }

func (p *bookPlan) state() *register.State {
	if st := p.states[p.unit()]; st != nil {
		return st
	}
	return &register.State{Unit: p.unit()}
}

func (p *bookPlan) text(key string) string  { s, _ := p.c.Form[key].(string); return s }
func (p *bookPlan) number(key string) int64 { n, _ := p.c.Form[key].(int64); return n }
func (p *bookPlan) yes(key string) bool     { b, _ := p.c.Form[key].(bool); return b }
func (p *bookPlan) add(ops ...register.Op)  { p.steps = append(p.steps, stepsOf(ops)...) }
func (p *bookPlan) fail(field, reason string) {
	p.wrong = append(p.wrong, FieldError{"/form/" + field, reason, "the register does not agree"})
}

func stepsOf(ops []register.Op) []register.Step {
	out := make([]register.Step, len(ops))
	for i, o := range ops {
		out[i] = register.Step{Op: o}
	}
	return out
}

// refs are the parties of the roles, in the order of the case.
func (p *bookPlan) refs(roles ...string) []register.Ref {
	var out []register.Ref
	for i, party := range p.c.Parties {
		if slices.Contains(roles, party.Role) {
			out = append(out, register.Ref(p.c.PartyRefs[i]))
		}
	}
	return out
}

// creditor is the one creditor of a role. Several creditors of one mortgage
// are not covered.
func (p *bookPlan) creditor(role string) register.Ref {
	list := p.refs(role)
	if len(list) != 1 {
		p.wrong = append(p.wrong, FieldError{"/parties", "count", "the register takes one creditor for a mortgage"})
		return ""
	}
	return list[0]
}

// ownership is how the people will hold the right: joint as the form says,
// else by the shares it names, else equal shares (民法典 308, 309).
func (p *bookPlan) ownership(people []register.Ref, joint bool, shares string) register.Ownership {
	joint = joint || strings.Contains(shares, "共同共有")
	if len(people) == 1 {
		return register.Ownership{Mode: register.Sole, Holders: []register.Holder{{Ref: people[0]}}}
	}
	o := register.Ownership{Mode: register.Joint}
	if !joint {
		o.Mode = register.ByShares
	}
	parts := readShares(shares)
	if !joint && shares != "" && len(parts) != len(people) {
		p.fail("shares", "shares")
	}
	for i, r := range people {
		h := register.Holder{Ref: r}
		switch {
		case joint:
		case len(parts) == len(people):
			h.Share = parts[i]
		default:
			h.Share = register.Share{Num: 1, Den: int64(len(people))}
		}
		o.Holders = append(o.Holders, h)
	}
	return o
}

var shareForm = regexp.MustCompile(`(\d{1,6})\s*[/／]\s*(\d{1,6})|(\d{1,3})\s*[%％]`)

// readShares finds the fractions in a text such as 张三 1/2、李四 1/2 or 60% 40%.
func readShares(s string) []register.Share {
	var out []register.Share
	for _, m := range shareForm.FindAllStringSubmatch(s, -1) {
		num, den := m[1], m[2]
		if m[3] != "" {
			num, den = m[3], "100"
		}
		n, _ := strconv.ParseInt(num, 10, 64)
		d, _ := strconv.ParseInt(den, 10, 64)
		out = append(out, register.Share{Num: n, Den: d})
	}
	return out
}
