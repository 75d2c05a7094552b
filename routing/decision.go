package routing

import (
	"strings"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing/ledger"
)

// Decision is the answer to a query: an agency, or a refusal with its code.
// It is one value without pointers into memory of its own, so deciding does
// not allocate; names and texts are made when asked for.
type Decision struct {
	// Query is the question, without the facts (they hold personal data).
	Query Query
	// Agency is who is responsible; "" when refused.
	Agency hub.AgencyID
	// Refusal is "" or UnknownItem, UnknownPlace, AmbiguousSuccessor, NoAgency
	// or AgencyClosed.
	Refusal hub.Code
	// Place is the county in force on the date. It is 0 when refused before it
	// was known, and when the same agency has every place in question.
	Place code.Division

	table    *Table
	steps    steps
	choices  [ledger.MaxTrace]code.Division
	nChoices int
}

// Choices are the places the ground can be in: what to ask about after
// AmbiguousSuccessor. A prefecture among them stands for any of its counties.
func (d *Decision) Choices() []code.Division {
	return append([]code.Division(nil), d.choices[:d.nChoices]...)
}

// Rules is the digest of the configuration and ledger that decided.
func (d *Decision) Rules() hub.Digest { return d.table.digest }

// Err is nil when there is an agency; else a *hub.Error with the refusal's
// code, the last reason as message, and the choices as an argument.
func (d *Decision) Err() error {
	if d.Refusal == "" {
		return nil
	}
	e := &hub.Error{Code: d.Refusal, Args: map[string]string{}}
	if all := d.Reasons(); len(all) > 0 {
		last := all[len(all)-1]
		e.Message, e.Args["reason"] = Text(last, English), last.Code
	}
	if d.nChoices > 0 {
		var names []string
		for _, c := range d.choices[:d.nChoices] {
			names = append(names, c.String())
			e.Fields = append(e.Fields, hub.FieldError{Pointer: "/choice", Code: c.String(), Message: d.name(c, d.Query.Date)})
		}
		e.Args["choices"] = strings.Join(names, ",")
	}
	return e
}
