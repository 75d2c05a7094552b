package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
	"tongban/hub/code"
)

// record writes who saw what where the case service does not do so itself.
func (s *Server) record(ctx context.Context, id hub.CaseID, what, ref string) error {
	who := actor(ctx)
	sign := hub.Signatory{Person: who.Person, Agency: who.Agency}
	if i := slices.IndexFunc(who.Roles, func(r hub.Role) bool { return s.cfg.Policy.Permits(r, hub.CaseRead) }); i >= 0 {
		sign.Role = who.Roles[i]
	}
	a := hub.Access{ID: rand.Text(), At: hub.Millis(s.cfg.Now()), Actor: sign, Case: id, What: what, Ref: ref, Request: of(ctx).id}
	if err := s.cfg.Access.Record(ctx, a); err != nil {
		return fmt.Errorf("record access: %w", err)
	}
	return nil
}

// canonicalID writes an identity number as cases hold it, so that the search
// finds it however it was typed.
func canonicalID(kind, number string) (string, error) {
	var err error
	switch kind {
	case "citizen_id":
		var id code.CitizenID
		id, err = code.ParseCitizenID(number)
		number = id.String()
	case "credit_code":
		var id code.CreditCode
		id, err = code.ParseCreditCode(number)
		number = id.String()
	default:
		number = strings.ToUpper(strings.TrimSpace(number))
	}
	if err != nil {
		reason := code.ReasonForm
		if e, ok := errors.AsType[*code.Error](err); ok {
			reason = e.Reason
		}
		return "", hub.InvalidFields([]hub.FieldError{{Pointer: "/party/id_number", Code: string(reason)}})
	}
	return number, nil
}

// queueName and statusName are enumerations in the description, made from the
// lists of the case service.
type (
	queueName  string
	statusName string
)

func (queueName) Schema(huma.Registry) *huma.Schema  { return enumOf(hub.Queues()) }
func (statusName) Schema(huma.Registry) *huma.Schema { return enumOf(hub.Statuses()) }

func enumOf[T ~string](values []T) *huma.Schema {
	sch := &huma.Schema{Type: huma.TypeString}
	for _, v := range values {
		sch.Enum = append(sch.Enum, string(v))
	}
	sch.PrecomputeMessages()
	return sch
}

// formValue is one answer of a form: text, a whole number, yes/no, or the rows
// of a list.
type formValue struct{ v any }

func (formValue) Schema(huma.Registry) *huma.Schema {
	scalars := func() []*huma.Schema {
		return []*huma.Schema{{Type: huma.TypeString, MaxLength: new(4000)}, {Type: huma.TypeInteger}, {Type: huma.TypeBoolean}}
	}
	cell := &huma.Schema{OneOf: scalars()}
	row := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: cell, MaxProperties: new(100)}
	rows := &huma.Schema{Type: huma.TypeArray, Items: row, MaxItems: new(4000)}
	sch := &huma.Schema{OneOf: append(scalars(), rows)}
	for _, one := range slices.Concat(cell.OneOf, []*huma.Schema{cell, row}, sch.OneOf) {
		one.PrecomputeMessages()
	}
	sch.PrecomputeMessages()
	return sch
}

// UnmarshalJSON keeps whole numbers whole, as [hub.Form] does.
func (f *formValue) UnmarshalJSON(b []byte) error {
	var one hub.Form
	if err := one.UnmarshalJSON(slices.Concat([]byte(`{"v":`), b, []byte(`}`))); err != nil {
		return err
	}
	f.v = one["v"]
	return nil
}
