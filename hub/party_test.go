package hub_test

import (
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

// A party has no agency. What the matrix gives him he may do all the same; the
// custodian signs for him, and his act stands in the chain as his own.
func TestAPartyActsForHimself(t *testing.T) {
	h := newHub(t)
	id := h.Receive(t, "own")
	h.AddFile(t, hubtest.Clerk(), id, "f", "contract", []byte("%PDF-1.4"))
	buyer := hub.Actor{Person: "p-buyer", Roles: []hub.Role{hub.Applicant}, Ref: h.Keys.PartyRef("passport", "E87654321")}
	stranger := hub.Actor{Person: "p-other", Roles: []hub.Role{hub.Applicant}, Ref: h.Keys.PartyRef("passport", "X00000000")}
	homeless := hub.Actor{Person: "p-homeless", Roles: []hub.Role{hub.Clerk, hub.WindowLead}}
	withdraw, rate := hub.Withdraw{Reason: "不卖了"}, hub.Rate{Place: hub.RatedReceiving, Grade: 5}

	wantCode(t, try(t, h, stranger, id, "w0", withdraw), hub.NotFound)
	wantCode(t, try(t, h, homeless, id, "w1", withdraw), hub.NotFound)
	wantCode(t, try(t, h, buyer, id, "r0", rate), hub.WrongState)
	wantCode(t, try(t, h, buyer, id, "m0", hub.RemoveMaterial{Material: "x"}), hub.Forbidden)
	wantCode(t, try(t, h, buyer, id, "o0", hub.Route{}), hub.Forbidden)

	h.Do(t, buyer, id, "withdraw", withdraw)
	h.Do(t, buyer, id, "rate", rate)
	h.Custodians(t, id) // verifies every event
	_, chain, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range chain[len(chain)-2:] {
		if e.Agency != hubtest.Window || e.Actor != (hub.Signatory{Person: "p-buyer", Role: hub.Applicant}) || e.Contribution != nil {
			t.Errorf("%s is by %+v, signed by %s, contribution %+v", e.Kind, e.Actor, e.Agency, e.Contribution)
		}
	}
}

// The window that takes a party's wish still answers for it by its own
// signature, when another agency holds the case.
func TestAFrozenCaseIsFrozenForItsPartiesToo(t *testing.T) {
	h := newHub(t)
	id, _ := h.Offer(t, "frozen")
	buyer := hub.Actor{Person: "p-buyer", Roles: []hub.Role{hub.Applicant}, Ref: h.Keys.PartyRef("passport", "E87654321")}
	wantCode(t, try(t, h, buyer, id, "w", hub.Withdraw{Reason: "不卖了"}), hub.CaseFrozen)
}
