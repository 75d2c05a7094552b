package hub_test

import (
	"slices"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
)

func TestASupplementGoesToTheWindowWhereTheApplicantIs(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id := arrive(t, h)
	there := hub.Actor{Person: "p-elsewhere", Agency: hubtest.Stranger, Roles: []hub.Role{hub.Clerk}}
	h.Do(t, hubtest.Reviewer(), id, "ask", hub.AskSupplement{Gaps: []hub.GapWish{{Target: "field", Ref: "price", Reason: "incorrect"}}})
	answer := hub.AnswerSupplement{Answers: []hub.AnswerWish{{Gap: "g1", Value: int64(2)}}}
	wantCode(t, try(t, h, there, id, "answer-early", answer), hub.NotFound)
	for name, c := range map[string]struct {
		move hub.MoveWindow
		code hub.Code
	}{
		"nowhere":        {hub.MoveWindow{To: "999999.window", Reason: "x"}, hub.Invalid},
		"where he is":    {hub.MoveWindow{To: hubtest.Window, Reason: "x"}, hub.Invalid},
		"without reason": {hub.MoveWindow{To: hubtest.Stranger}, hub.Invalid},
	} {
		if err := try(t, h, hubtest.Clerk(), id, "move-bad", c.move); hub.ErrorCode(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantCode(t, try(t, h, there, id, "move-mine", hub.MoveWindow{To: hubtest.Stranger, Reason: "x"}), hub.NotFound)
	h.Do(t, hubtest.Clerk(), id, "move", hub.MoveWindow{To: hubtest.Stranger, Reason: "申请人已到北京"})
	row, err := h.Index.Row(t.Context(), id)
	if err != nil || !slices.Contains(row.Queues, hub.QueueCorrection.Key(hubtest.Stranger)) || slices.Contains(row.Queues, hub.QueueCorrection.Key(hubtest.Window)) {
		t.Errorf("the task is in %v (%v)", row.Queues, err)
	}
	h.Do(t, there, id, "answer", answer)
	c := load(t, h, id)
	if c.Status != hub.StatusArrived || c.Window != hubtest.Stranger || c.Receiving != hubtest.Window || c.Custodian != hubtest.Registry {
		t.Errorf("the case is %s, served at %s, received at %s, held by %s", c.Status, c.Window, c.Receiving, c.Custodian)
	}
	h.Do(t, hubtest.Reviewer(), id, "back", hub.MoveWindow{To: hubtest.Window, Reason: "申请人已返回"})
	wantCode(t, try(t, h, there, id, "late", hub.Withdraw{Reason: "x"}), hub.NotFound)
}
