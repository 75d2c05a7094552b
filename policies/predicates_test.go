package policies

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tongban/hub"
	"tongban/hub/clock"
	"tongban/hub/session"
)

const (
	window   hub.AgencyID = "440305.window"
	registry hub.AgencyID = "410425.registry"
	other    hub.AgencyID = "110105.registry"
)

// theCase was received by zhang at the window, is held by the registry and was first reviewed there by li.
func theCase() *hub.Case {
	return &hub.Case{
		Receiving: window, Custodian: registry, Handling: registry, ReceivedBy: "zhang",
		PartyRefs: []hub.PartyRef{"seller", "buyer"}, First: &hub.Review{By: hub.Signatory{Person: "li"}},
	}
}

func person(id hub.PersonID, a hub.AgencyID, ref hub.PartyRef, roles ...hub.Role) hub.Actor {
	return hub.Actor{Person: id, Agency: a, Ref: ref, Roles: roles}
}

// meeting is the case with a session of the seller and a guest.
func meeting() *hub.Case {
	c := theCase()
	c.Sessions = []hub.Session{{ID: "s", Plan: hub.SessionPlan{Session: "s", People: []hub.SessionSeat{
		{Who: "p1", Role: session.Host, Person: "li", Agency: registry}, {Who: "p2", Role: session.Applicant, Party: "seller"}, {Who: "p3", Role: session.Interpreter},
	}}}}
	return c
}

func byLink(id session.ID, seat session.Who, ref hub.PartyRef, role hub.Role) hub.Actor {
	return hub.Actor{Person: "link.x", Ref: ref, Roles: []hub.Role{role}, Session: id, Seat: seat}
}

func TestWhoCameByALinkHasNoList(t *testing.T) {
	if s := newEnforcer(t).Scope(byLink("s", "p2", "seller", hub.Applicant)); !s.Nothing {
		t.Errorf("%+v", s)
	}
}

func TestAuthorize(t *testing.T) {
	e := newEnforcer(t)
	offered := theCase()
	offered.Custodian, offered.Offer = window, &hub.OpenOffer{From: window, To: registry}

	for _, x := range []struct {
		name   string
		actor  hub.Actor
		action hub.Action
		on     *hub.Case
		want   hub.Code
	}{
		{"nobody", hub.Actor{}, hub.CaseRead, theCase(), hub.NotFound},
		{"nobody, no case", hub.Actor{}, hub.CaseReceive, nil, hub.Forbidden},
		{"staff of another agency does not learn that the case exists", person("wu", other, "", hub.FirstReviewer), hub.ReviewFirst, theCase(), hub.NotFound},
		{"nor by an action his role lacks", person("wu", other, "", hub.Clerk), hub.CaseDecide, theCase(), hub.NotFound},
		{"staff without an agency", person("wu", "", "", hub.Clerk), hub.CaseRead, &hub.Case{}, hub.NotFound},
		{"clerk of the receiving place cannot decide", person("zhao", window, "", hub.Clerk), hub.CaseDecide, theCase(), hub.Forbidden},
		{"who received it cannot review it, whatever his roles", person("zhang", window, "", hub.Clerk, hub.FirstReviewer), hub.ReviewFirst, theCase(), hub.SamePerson},
		{"who received it cannot decide", person("zhang", window, "", hub.Clerk, hub.SecondReviewer), hub.CaseDecide, theCase(), hub.SamePerson},
		{"first reviewer cannot review second", person("li", registry, "", hub.FirstReviewer, hub.SecondReviewer), hub.ReviewSecond, theCase(), hub.SamePerson},
		{"first reviewer cannot decide", person("li", registry, "", hub.FirstReviewer, hub.BookingOfficer), hub.CaseDecide, theCase(), hub.SamePerson},
		{"first reviewer may review first again", person("li", registry, "", hub.FirstReviewer), hub.ReviewFirst, theCase(), ""},
		{"another reviews second", person("wang", registry, "", hub.SecondReviewer), hub.ReviewSecond, theCase(), ""},
		{"staff who is a party", person("wang", registry, "buyer", hub.SecondReviewer), hub.ReviewSecond, theCase(), hub.OwnCase},
		{"staff who is a party does not even read as staff", person("wang", registry, "buyer", hub.SecondReviewer), hub.CaseRead, theCase(), hub.OwnCase},
		{"staff who is a party reads it as an applicant", person("wang", registry, "buyer", hub.SecondReviewer, hub.Applicant), hub.CaseRead, theCase(), ""},
		{"and still does not handle it", person("wang", registry, "buyer", hub.SecondReviewer, hub.Applicant), hub.ReviewSecond, theCase(), hub.OwnCase},
		{"applicant reads his own case", person("ma", "", "seller", hub.Applicant), hub.CaseRead, theCase(), ""},
		{"applicant does not learn of other cases", person("ma", "", "somebody", hub.Applicant), hub.CaseRead, theCase(), hub.NotFound},
		{"applicant without an identity", person("ma", "", "", hub.Applicant), hub.CaseRead, theCase(), hub.NotFound},
		{"applicant does not see other parties in full", person("ma", "", "seller", hub.Applicant), hub.CaseUnmask, theCase(), hub.Forbidden},
		{"clerk elsewhere, party here: known, not allowed", person("ma", other, "seller", hub.Clerk, hub.Applicant), hub.MaterialAdd, theCase(), hub.Forbidden},
		{"offered agency reads", person("wang", registry, "", hub.FirstReviewer), hub.CaseRead, offered, ""},
		{"offered agency does not unmask yet", person("wang", registry, "", hub.FirstReviewer), hub.CaseUnmask, offered, hub.NotCustodian},
		{"offered agency exports no bundle yet", person("wang", registry, "", hub.WindowLead), hub.BundleExport, offered, hub.NotCustodian},
		{"receiving place unmasks after hand-over", person("zhang", window, "", hub.Clerk), hub.CaseUnmask, theCase(), ""},
		{"receiving place cannot erase after hand-over", person("su", window, "", hub.SecurityAdmin), hub.CaseErase, theCase(), hub.NotCustodian},
		{"holder cannot erase while the case is offered", person("su", window, "", hub.SecurityAdmin), hub.CaseErase, offered, hub.NotCustodian},
		{"holder erases", person("su", registry, "", hub.SecurityAdmin), hub.CaseErase, theCase(), ""},
		{"system administrator sees no case", person("su", registry, "", hub.SystemAdmin), hub.CaseRead, theCase(), hub.NotFound},
		{"auditor reads every case, masked", person("he", "", "", hub.AuditAdmin), hub.CaseRead, theCase(), ""},
		{"auditor does not unmask", person("he", "", "", hub.AuditAdmin), hub.CaseUnmask, theCase(), hub.Forbidden},
		{"auditor does not audit his own case", person("he", "", "buyer", hub.AuditAdmin), hub.AccessRead, theCase(), hub.OwnCase},
		{"party withdraws", person("ma", "", "seller", hub.Applicant), hub.CaseWithdraw, theCase(), ""},
		{"a stranger does not", person("ma", "", "somebody", hub.Applicant), hub.CaseWithdraw, theCase(), hub.NotFound},
		{"party takes part in a session", person("ma", "", "seller", hub.Applicant), hub.SessionJoin, meeting(), ""},
		{"clerk does not lead one", person("zhao", window, "", hub.Clerk), hub.SessionHost, meeting(), hub.Forbidden},
		{"supervisor watches and does not host", person("sun", registry, "", hub.Supervisor), hub.SessionHost, meeting(), hub.Forbidden},
		{"link: takes part", byLink("s", "p2", "seller", hub.Applicant), hub.SessionJoin, meeting(), ""},
		{"link: a guest takes part", byLink("s", "p3", "", hub.Guest), hub.SessionJoin, meeting(), ""},
		{"link: reads no case, although a party", byLink("s", "p2", "seller", hub.Applicant), hub.CaseRead, meeting(), hub.Forbidden},
		{"link: withdraws nothing, although a party", byLink("s", "p2", "seller", hub.Applicant), hub.CaseWithdraw, meeting(), hub.Forbidden},
		{"link: no rights beside the case", byLink("s", "p2", "seller", hub.Applicant), hub.SessionJoin, nil, hub.Forbidden},
		{"link: another session", byLink("x", "p2", "seller", hub.Applicant), hub.SessionJoin, meeting(), hub.NotFound},
		{"link: another case", byLink("s", "p2", "seller", hub.Applicant), hub.SessionJoin, theCase(), hub.NotFound},
		{"link: another seat", byLink("s", "p3", "seller", hub.Applicant), hub.SessionJoin, meeting(), hub.NotFound},
		{"link: a seat that is not", byLink("s", "p9", "", hub.Guest), hub.SessionJoin, meeting(), hub.NotFound},
		{"link: with an agency", func() hub.Actor { a := byLink("s", "p2", "seller", hub.Applicant); a.Agency = window; return a }(), hub.SessionJoin, meeting(), hub.NotFound},
		{"link: as an officer", byLink("s", "p2", "seller", hub.FirstReviewer), hub.SessionHost, meeting(), hub.Forbidden},
		{"two administrators in one person may do nothing", person("he", registry, "", hub.AuditAdmin, hub.SystemAdmin, hub.Clerk), hub.StandardRead, nil, hub.Forbidden},
	} {
		t.Run(x.name, func(t *testing.T) {
			err := e.Authorize(x.actor, x.action, x.on)
			if got := hub.ErrorCode(err); got != x.want {
				t.Errorf("got %q (%v), want %q", got, err, x.want)
			}
		})
	}
}

func TestEveryRefusalGivesItsReason(t *testing.T) {
	e := newEnforcer(t)
	rapid.Check(t, func(t *rapid.T) {
		err := e.Authorize(drawActor(t), rapid.SampledFrom(hub.Actions()).Draw(t, "action"), drawCase(t))
		if err == nil {
			return
		}
		if h, ok := errors.AsType[*hub.Error](err); !ok || h.Code == hub.Internal || h.Message == "" {
			t.Fatalf("refused without a reason: %#v", err)
		}
	})
}

// A list shows a case exactly when its page may be opened.
func TestScopeMatchesExactlyWhatMayBeRead(t *testing.T) {
	e := newEnforcer(t)
	rapid.Check(t, func(t *rapid.T) {
		actor, c := drawActor(t), drawCase(t)
		row := hub.RowOf(c, clock.Default())
		scope, err := e.Scope(actor), e.Authorize(actor, hub.CaseRead, c)
		if listed := matches(scope, &row); listed != (err == nil) {
			t.Fatalf("scope %+v on row of %v/%v says %t, Authorize says %v", scope, row.SeenBy, row.PartyRefs, listed, err)
		}
	})
}

// Without a role there is no way in, and a role more never takes a case away.
func TestMoreRolesNeverShowFewerCases(t *testing.T) {
	e := newEnforcer(t)
	rapid.Check(t, func(t *rapid.T) {
		actor, c := drawActor(t), drawCase(t)
		more := actor
		more.Roles = append(slices.Clone(actor.Roles), rapid.SampledFrom(hub.Roles()).Draw(t, "more"))
		if CheckRoles(more.Roles) != nil {
			return
		}
		if e.Authorize(actor, hub.CaseRead, c) == nil && e.Authorize(more, hub.CaseRead, c) != nil {
			t.Fatalf("%q reads the case, %q does not", actor.Roles, more.Roles)
		}
	})
}

// matches is what a store's query does with a scope, as hub.Scope describes it.
func matches(s hub.Scope, r *hub.Row) bool {
	if s.Nothing || s.NeverFor != "" && slices.Contains(r.PartyRefs, s.NeverFor) {
		return false
	}
	if s.Everyone {
		return true
	}
	for _, a := range s.Agencies {
		if slices.Contains(r.SeenBy, a) {
			return true
		}
	}
	for _, p := range s.Parties {
		if slices.Contains(r.PartyRefs, p) {
			return true
		}
	}
	return false
}

// The draws are from few values, so that they meet.
func drawActor(t *rapid.T) hub.Actor {
	return hub.Actor{
		Person: hub.PersonID(rapid.SampledFrom([]string{"zhang", "li", "wang"}).Draw(t, "person")),
		Agency: rapid.SampledFrom([]hub.AgencyID{"", window, registry, other}).Draw(t, "agency"),
		Roles:  rapid.SliceOfN(rapid.SampledFrom(append(hub.Roles(), "unknown")), 0, 3).Draw(t, "roles"),
		Ref:    drawRef(t, "actor"),
	}
}

func drawCase(t *rapid.T) *hub.Case {
	agency := rapid.SampledFrom([]hub.AgencyID{window, registry, other})
	c := &hub.Case{
		Receiving: agency.Draw(t, "receiving"), Custodian: agency.Draw(t, "custodian"), ReceivedBy: "zhang",
		PartyRefs: []hub.PartyRef{"seller", drawRef(t, "party")}, Status: hub.StatusReceived,
	}
	c.PartyRefs = slices.DeleteFunc(c.PartyRefs, func(r hub.PartyRef) bool { return r == "" })
	if rapid.Bool().Draw(t, "offered") {
		c.Offer = &hub.OpenOffer{From: c.Custodian, To: agency.Draw(t, "offered to")}
	}
	if rapid.Bool().Draw(t, "reviewed") {
		c.First = &hub.Review{By: hub.Signatory{Person: "li"}}
	}
	return c
}

func drawRef(t *rapid.T, of string) hub.PartyRef {
	return rapid.SampledFrom([]hub.PartyRef{"", "seller", "buyer", "heir"}).Draw(t, of+" ref")
}
