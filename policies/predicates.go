package policies

import (
	"slices"

	"tongban/hub"
)

// reach is how far a role looks, as a set.
type reach uint8

const (
	nowhere  reach = 0
	byAgency reach = 1 << iota // the cases that his agency may see
	asParty                    // the cases in which he is a party
	overAll                    // every case of the hub
)

// reachOf says on which ground a role touches a case at all.
func reachOf(r hub.Role) reach {
	switch r {
	case hub.Applicant, hub.AgentOfParty, hub.Institution, hub.Guest:
		return asParty
	case hub.AuditAdmin:
		return overAll
	}
	return byAgency
}

// reach joins the grounds of all roles of the actor that allow the action.
func (e *Enforcer) reach(actor hub.Actor, action hub.Action) reach {
	all := nowhere
	for _, r := range actor.Roles {
		if e.Permits(r, action) {
			all |= reachOf(r)
		}
	}
	return all
}

// scope turns the grounds into the one condition that both single cases and
// lists are held to. Who does not act as a party never sees his own case:
// nobody handles a case in which he is a party.
func scope(actor hub.Actor, r reach) hub.Scope {
	var s hub.Scope
	if r&byAgency != 0 && actor.Agency != "" {
		s.Agencies = []hub.AgencyID{actor.Agency}
	}
	if r&asParty != 0 && actor.Ref != "" {
		s.Parties = []hub.PartyRef{actor.Ref}
	} else {
		s.NeverFor = actor.Ref
	}
	s.Everyone = r&overAll != 0
	s.Nothing = !s.Everyone && s.Agencies == nil && s.Parties == nil
	return s
}

// sees evaluates a scope for one case: nil, NotFound or OwnCase.
func sees(s hub.Scope, c *hub.Case) error {
	known := s.Everyone ||
		slices.ContainsFunc(s.Parties, c.IsParty) ||
		len(s.Agencies) > 0 && slices.ContainsFunc(c.SeenBy(), func(a hub.AgencyID) bool { return slices.Contains(s.Agencies, a) })
	switch {
	case s.Nothing || !known:
		return hub.E(hub.NotFound, "no such case")
	case c.IsParty(s.NeverFor):
		return hub.E(hub.OwnCase, "you are a party of this case")
	}
	return nil
}

// duty holds what a role and an agency alone do not decide: who did the steps
// before, and whether the agency has the case in its hands.
func duty(actor hub.Actor, action hub.Action, c *hub.Case) error {
	switch action {
	case hub.ReviewFirst, hub.ReviewSecond, hub.CaseDecide:
		if actor.Person == c.ReceivedBy {
			return hub.E(hub.SamePerson, "who received a case does not review or decide it")
		}
		if action != hub.ReviewFirst && c.First != nil && actor.Person == c.First.By.Person {
			return hub.E(hub.SamePerson, "who reviewed a case first does not review it again or decide it")
		}
	case hub.CaseErase:
		if actor.Agency != c.Custodian || c.Frozen() {
			return hub.E(hub.NotCustodian, "only the agency that holds the case may erase it")
		}
	case hub.CaseUnmask, hub.BundleExport:
		if actor.Agency != c.Custodian && actor.Agency != c.Receiving && actor.Agency != c.Window {
			return hub.E(hub.NotCustodian, "take the case over first")
		}
	}
	return nil
}

// attends judges who came by a link to one video session: he takes part in it,
// and there is nothing else for him.
func (e *Enforcer) attends(actor hub.Actor, action hub.Action, c *hub.Case) error {
	if c == nil {
		return forbidden(action)
	}
	x := c.Session(actor.Session)
	if x == nil || x.Seat(actor.Seat) == nil || x.Seat(actor.Seat).Party != actor.Ref || actor.Agency != "" {
		return hub.E(hub.NotFound, "no such case")
	}
	if action != hub.SessionJoin || e.reach(actor, action) == nowhere {
		return forbidden(action)
	}
	return nil
}

// CheckRoles is [hub.CheckRoles]: no policy allows what it refuses.
func CheckRoles(roles []hub.Role) error { return hub.CheckRoles(roles) }
