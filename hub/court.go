package hub

import (
	"context"

	"tongban/hub/code"
	"tongban/hub/register"
)

// CourtOrder is what a court asks the register to do (协助执行通知书).
type CourtOrder struct {
	Kind   string // "seizure", "extend", "lift"
	Unit   string
	Court  string
	Order  string // its number
	Months int    // of a seizure or an extension
	Entry  string // the seizure that is extended or lifted
}

// EnterOrder books a court's order, which waits for no case, and stops the
// cases it hits. Repeating it changes nothing.
func (s *Service) EnterOrder(ctx context.Context, r Reading, o CourtOrder) (register.Booking, error) {
	u, err := code.ParseUnit(o.Unit)
	if err != nil {
		return register.Booking{}, InvalidFields([]FieldError{codeField("/unit", err)})
	}
	if err := s.mayReadRegister(ctx, r.Actor, RegisterOrder, u); err != nil {
		return register.Booking{}, err
	}
	if o.Order, err = short("/order", o.Order, 100, true); err != nil {
		return register.Booking{}, err
	}
	if o.Court, err = short("/court", o.Court, 100, o.Kind == "seizure"); err != nil {
		return register.Booking{}, err
	}
	if o.Kind != "lift" && (o.Months < 1 || o.Months > 36) { // 民诉法解释 art. 485
		return register.Booking{}, InvalidFields([]FieldError{{"/months", "range", "1 to 36 months"}})
	}
	var op register.Op
	switch o.Kind {
	case "seizure":
		op = &register.Seizure{Unit: u, Court: o.Court, Order: o.Order, Months: o.Months}
	case "extend":
		op = &register.SeizureExtend{Unit: u, Seizure: register.EntryID(o.Entry), Order: o.Order, Months: o.Months}
	case "lift":
		op = &register.SeizureLift{Unit: u, Seizure: register.EntryID(o.Entry), Order: o.Order}
	default:
		return register.Booking{}, InvalidFields([]FieldError{{"/kind", "unknown", "seizure, extend or lift"}})
	}
	if err := s.record(ctx, r, "", "court_order", u.String()); err != nil {
		return register.Booking{}, err
	}
	b, err := s.register.Book(ctx, register.Request{
		Source: register.Source{Kind: register.FromCourt, ID: o.Order, Step: o.Kind + "/" + u.String()},
		Agency: string(r.Actor.Agency), By: string(r.Actor.Person), Steps: []register.Step{{Op: op}},
	})
	if err != nil {
		return register.Booking{}, s.registerError(err)
	}
	if _, err := s.StopHit(ctx, 100); err != nil { // the sweeper does it again
		s.Logger.WarnContext(ctx, "cases hit by a court's order are not stopped yet", "error", err)
	}
	return b, nil
}
