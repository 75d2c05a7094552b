package hub_test

import (
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// TestNobodyActsAsTheHubItself: the machine's commands pass no policy, so no
// actor becomes the machine by its name, whatever roles and agency he claims.
func TestNobodyActsAsTheHubItself(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id, offer := h.Offer(t, "case-1")
	recalled := hub.DeclineCustody{Offer: offer, Code: hub.DeclineRecalled} // only the machine says so
	everything := []hub.Role{hub.Clerk, hub.WindowLead, hub.FirstReviewer, hub.SecondReviewer, hub.Supervisor}
	for _, a := range []hub.Actor{
		{Person: "hub", Agency: hubtest.Registry},
		{Person: "hub", Agency: hubtest.Registry, Roles: everything},
		{Person: "hub", Agency: hubtest.Window, Roles: everything},
	} {
		wantCode(t, try(t, h, a, id, "no", recalled), hub.Forbidden)
		wantCode(t, try(t, h, a, id, "no", hub.DeclineCustody{Offer: offer, Code: hub.DeclineOther, Text: "x"}), hub.Forbidden)
		wantCode(t, try(t, h, a, id, "back", hub.Withdraw{Reason: "x"}), hub.Forbidden)
		wantCode(t, try(t, h, a, "", "new", hub.Receive{Item: "transfer.resale", Unit: hubtest.Unit}), hub.Forbidden)
		wantCode(t, try(t, h, a, "ghost", "no", recalled), hub.Forbidden)
	}
	if c, _, err := h.Load(t.Context(), id); err != nil || !c.Frozen() || c.Seq != 5 {
		t.Fatalf("the case was changed: frozen %t, event %d, %v", c.Frozen(), c.Seq, err)
	}

	cmd := hub.Command{ID: "no", Case: id, Actor: hubtest.Clerk(), Intent: recalled} // whoever is named, the machine acts
	if _, err := h.ExecuteForAgency(t.Context(), hubtest.Registry, cmd); err != nil {
		t.Fatal(err)
	}
	_, chain, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if last := chain[len(chain)-1]; last.Kind != hub.KindCustodyDeclined || last.Actor != (hub.Signatory{Person: "hub", Agency: hubtest.Registry}) {
		t.Errorf("the chain ends with %s by %+v", last.Kind, last.Actor)
	}
	// Nobody gets the answer to what the machine has done, nor may repeat its command.
	wantCode(t, try(t, h, hub.Actor{Person: "hub", Agency: hubtest.Registry}, id, "no", recalled), hub.Forbidden)
	_, err = h.Execute(t.Context(), cmd)
	wantCode(t, err, hub.Forbidden)
}
