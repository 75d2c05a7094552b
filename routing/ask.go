package routing

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing/ledger"
)

// Question is a query as texts, from a command line or a form.
type Question struct {
	Item   string
	Unit   string
	Place  string
	Date   string // YYYY-MM-DD; "" for the day of now
	Coded  string
	Choice string
	Facts  []string // key=value; whole numbers and true or false are read as such
}

// Query reads the texts. The error is a *hub.Error of kind Invalid that names
// every wrong one.
func (x Question) Query(now time.Time) (Query, error) {
	p := &asked{}
	q := Query{Item: hub.ItemCode(strings.TrimSpace(x.Item)), Date: ledger.DayOf(now), Facts: hub.Form{}}
	if q.Item == "" {
		p.fail("item", "required", "an item is needed, as transfer.resale")
	}
	switch {
	case x.Unit == "" && x.Place == "":
		p.fail("unit", "required", "a unit number or a place is needed")
	case x.Unit != "":
		u, err := code.ParseUnit(x.Unit)
		p.check("unit", err)
		q.Unit = u
	default:
		q.Place = p.division("place", x.Place)
	}
	if x.Date != "" {
		q.Date = p.day("date", x.Date)
	}
	if x.Coded != "" {
		q.Coded = p.day("coded", x.Coded)
	}
	if x.Choice != "" {
		q.Choice = p.division("choice", x.Choice)
	}
	for _, f := range x.Facts {
		key, value, found := strings.Cut(f, "=")
		if !found || key == "" {
			p.fail("facts", "form", fmt.Sprintf("%q is not key=value", f))
			continue
		}
		q.Facts[key] = parseFact(value)
	}
	return q, hub.InvalidFields(p.fields)
}

// parseFact reads a value as the type a form would give it.
func parseFact(s string) any {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	switch s {
	case "true":
		return true
	case "false":
		return false
	}
	return s
}

// asked collects the wrong fields of a question.
type asked struct{ fields []hub.FieldError }

func (p *asked) fail(field, reason, message string) {
	p.fields = append(p.fields, hub.FieldError{Pointer: "/" + field, Code: reason, Message: message})
}

// check notes what a parser of numbers found.
func (p *asked) check(field string, err error) {
	if err == nil {
		return
	}
	reason := "invalid"
	if e, ok := errors.AsType[*code.Error](err); ok {
		reason = string(e.Reason)
	}
	p.fail(field, reason, err.Error())
}

func (p *asked) division(field, s string) code.Division {
	c, err := code.ParseDivision(s)
	p.check(field, err)
	return c
}

func (p *asked) day(field, s string) ledger.Day {
	d, err := ledger.ParseDay(s)
	if err != nil {
		p.fail(field, "date", err.Error())
	}
	return d
}
