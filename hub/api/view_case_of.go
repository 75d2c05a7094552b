package api

import (
	"maps"
	"time"

	"tongban/hub"
)

// caseViewOf makes the view; explain writes the reasons of a route in words.
func caseViewOf(c *hub.Case, masked bool, explain func(hub.RouteReason) string) caseView {
	v := caseView{
		ID: c.ID, Number: c.Number, Item: c.Item, Standard: standardRefView(c.Standard), Status: c.Status,
		Receiving: c.Receiving, Window: c.Window, Handling: c.Handling, Custodian: c.Custodian, Unit: c.Unit, Place: c.Place,
		Masked: masked, Erased: c.Erased, Form: map[string]any{},
		Parties:    each(c.Parties, func(p hub.Party) partyView { return partyView(p) }),
		Materials:  each(c.Materials, materialViewOf),
		Declines:   each(c.Declines, func(d hub.Decline) declineView { return declineView(d) }),
		ReceivedAt: c.ReceivedAt, AcceptedAt: unlessZero(c.AcceptedAt), UpdatedAt: c.UpdatedAt, ReceivedBy: c.ReceivedBy,
		Supplements: each(c.Supplements, supplementViewOf), Seq: c.Seq, Head: c.Head,
	}
	maps.Copy(v.Form, c.Form)
	if o := c.Offer; o != nil {
		v.Offer = new(offerView(*o))
	}
	if r := c.Route; r != nil {
		v.Route = &routedView{
			To: r.To, Place: r.Place, Date: r.Date, Reasons: reasonViews(r.Reasons, explain), Rules: r.Rules,
			Choice: r.Choice, Private: r.Private.Text,
		}
	}
	v.addSteps(c, masked)
	v.First, v.Second = reviewViewOf(c.First), reviewViewOf(c.Second)
	if r := c.Refusal; r != nil {
		v.Refusal = &refusalView{signatoryView(r.By), r.Code, r.Text, r.At}
	}
	if o := c.Outcome; o != nil {
		v.Outcome = &outcomeView{By: signatoryView(o.By), Approve: o.Approve, Text: o.Text, At: o.At}
	}
	return v
}

func materialViewOf(m hub.Material) materialView {
	return materialView{
		ID: m.ID, Slot: m.Slot, File: fileView(m.File), Name: m.Name, SeenOriginal: m.SeenOriginal, From: m.From,
		By: signatoryView(m.By), At: m.At, Removed: m.Removed, Superseded: m.Superseded,
		Patches: m.Patches, PatchedPage: m.PatchedPage,
	}
}

func supplementViewOf(s hub.Supplement) supplementView {
	return supplementView{
		Round: s.Round, Gaps: each(s.Gaps, gapViewOf), Notes: s.Notes, Reason: s.Reason, AskedBy: signatoryView(s.AskedBy),
		AskedAt: s.AskedAt, Answered: s.Answered, Remarks: s.Remarks, Before: s.Before, After: s.After, AnswerAt: unlessZero(s.AnswerAt),
		Answers: each(s.Answers, func(a hub.GapAnswer) gapAnswerView { return gapAnswerView(a) }),
	}
}

func gapViewOf(g hub.Gap) gapView {
	v := gapView{ID: g.ID, Target: g.Target, Ref: g.Ref, Page: g.Page, Reason: g.Reason, Material: g.Material}
	if g.Rect != [4]float64{} {
		v.Rect = &g.Rect
	}
	return v
}

func reviewViewOf(r *hub.Review) *reviewView {
	if r == nil {
		return nil
	}
	return &reviewView{By: signatoryView(r.By), Pass: r.Pass, Text: r.Text, At: r.At}
}

func reasonViews(rs []hub.RouteReason, explain func(hub.RouteReason) string) []reasonView {
	return each(rs, func(r hub.RouteReason) reasonView { return reasonView{Code: r.Code, Args: r.Args, Text: explain(r)} })
}

// each maps a list; its result is never nil, so that JSON has [] and not null.
func each[A, B any](in []A, f func(A) B) []B {
	out := make([]B, len(in))
	for i, x := range in {
		out[i] = f(x)
	}
	return out
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
