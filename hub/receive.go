package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tongban/hub/code"
)

// Receive (收件) opens a case at the actor's window.
type Receive struct {
	Item    ItemCode
	Unit    string
	Choice  string // the successor chosen, when the unit's county was split
	Form    Form
	Parties []Party
}

func (Receive) kind() Kind { return KindReceived }

// decide checks the whole application against the handling place's standard
// and tells every gap at once.
func (i Receive) decide(ctx context.Context, s *Service, c *Case, cmd *Command) (Fact, []Outgoing, error) {
	if c.Seq > 0 {
		return nil, nil, E(WrongState, "the case is there already")
	}
	var wrong []FieldError
	unit, err := code.ParseUnit(i.Unit)
	if err != nil {
		wrong = append(wrong, codeField("/unit", err))
	}
	now := Millis(s.Now())
	std, place, err := s.standardAt(ctx, i, unit.String(), now)
	if err != nil {
		return nil, nil, err
	}
	a, err := s.Assessor.Assess(ctx, &std, i.Form, i.Parties, now)
	if err != nil {
		return nil, nil, err
	}
	if err := a.Refuse(wrong...); err != nil {
		return nil, nil, err
	}
	f := &Received{
		Item: i.Item, Standard: std.Ref(), Agency: cmd.Actor.Agency, Unit: unit.String(),
		Place: unit.Division().String(), Private: ReceivedPrivate{Form: a.Form, Parties: a.Parties},
	}
	for _, p := range a.Parties {
		f.PartyRefs = append(f.PartyRefs, s.Keys.PartyRef(p.IDKind, p.IDNumber))
	}
	if cmd.Actor.Ref != "" && slices.Contains(f.PartyRefs, cmd.Actor.Ref) {
		return nil, nil, E(OwnCase, "nobody receives his own case")
	}
	// Before the case is pinned to it, so that no withdrawn version ever has a case.
	if std.State != StandardFrozen {
		if err := s.Directory.MoveStandard(ctx, f.Standard, StandardFrozen); err != nil {
			return nil, nil, fmt.Errorf("freeze the standard: %w", err)
		}
	}
	f.Number, err = s.newNumber(ctx, place, now.In(s.zone(ctx, cmd.Actor.Agency)))
	return f, nil, err
}

// standardAt finds the standard of the place that will be responsible. When
// routing refuses for a reason a clerk can settle later, the national base
// serves. place is the division in force, or as coded.
func (s *Service) standardAt(ctx context.Context, i Receive, unit string, now time.Time) (Standard, string, error) {
	all, err := s.Directory.Standards(ctx, i.Item)
	if err != nil {
		return Standard{}, "", fmt.Errorf("standards: %w", err)
	}
	if len(all) == 0 {
		return Standard{}, "", E(UnknownItem, "there is no item %q", i.Item)
	}
	if unit == "" {
		std, err := InForce(all, "", now)
		return std, "", err
	}
	d, err := s.Router.Route(ctx, RouteQuery{Item: i.Item, Unit: unit, Day: now, Choice: i.Choice, Facts: i.Form})
	switch ErrorCode(err) {
	case "":
	case AmbiguousSuccessor, NoAgency, AgencyClosed:
	default:
		return Standard{}, "", err
	}
	if d.Place == "" { // one agency has every place in question
		d.Place = unit[:6]
	}
	std, err := InForce(all, d.Agency, now)
	return std, d.Place, err
}

// newNumber makes the number people use: division, day, serial, check.
func (s *Service) newNumber(ctx context.Context, place string, day time.Time) (string, error) {
	div, err := code.ParseDivision(place)
	if err != nil {
		return "", fmt.Errorf("number a case at %q: %w", place, err)
	}
	n, err := s.Counters.Next(ctx, "case/"+place+"/"+day.Format(time.DateOnly))
	if err != nil {
		return "", fmt.Errorf("number a case: %w", err)
	}
	num, err := code.NewCaseNumber(div, day, int(n))
	if err != nil {
		return "", fmt.Errorf("number a case: %w", err)
	}
	return num.String(), nil
}

// codeField turns a number's error into a field error: the reason is the code.
func codeField(pointer string, err error) FieldError {
	f := FieldError{Pointer: pointer, Code: "invalid", Message: err.Error()}
	if e, ok := errors.AsType[*code.Error](err); ok {
		f.Code = string(e.Reason)
	}
	return f
}
