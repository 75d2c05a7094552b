package hub

import (
	"maps"
	"slices"
)

// Apply folds one event into the case. The event must follow the case's head
// and be allowed by the transition table; the fact must be the event's own.
// On error the case must be thrown away.
func (c *Case) Apply(e Event, f Fact) error {
	if e.Seq != c.Seq+1 || e.Prev != c.Head {
		return E(BrokenChain, "event %d does not follow event %d", e.Seq, c.Seq)
	}
	if c.Seq > 0 && e.Case != c.ID {
		return E(BrokenChain, "event %d belongs to another case", e.Seq)
	}
	if _, twice := c.commands[e.Command.ID]; twice {
		return E(BrokenChain, "event %d repeats a command", e.Seq)
	}
	if err := c.sound(e, f); err != nil {
		return err
	}
	to, err := c.next(f, e.Agency, e.Actor.Agency)
	if err != nil {
		return Wrap(BrokenChain, err, "event %d (%s) was not allowed", e.Seq, e.Kind)
	}
	if c.commands == nil {
		c.commands, c.marks = map[CommandID]int64{}, map[int64]CommandMark{}
	}
	from := c.Status
	c.ID, c.Status, c.Seq, c.Head, c.UpdatedAt = e.Case, to, e.Seq, e.Hash, e.At
	c.commands[e.Command.ID], c.marks[e.Seq] = e.Seq, e.Command
	c.fold(e, f, from)
	c.markEnd(e.At)
	return nil
}

// sound holds what the table cannot say: a chain's times do not run back, a
// window receives in its own name, duties are of different people, an offer
// names exactly the files of the case, and an answer leaves no gap open.
func (c *Case) sound(e Event, fact Fact) error {
	if e.At.Before(c.UpdatedAt) {
		return E(BrokenChain, "event %d is older than event %d", e.Seq, c.Seq)
	}
	switch f := fact.(type) {
	case *Received:
		if f.Agency != e.Agency {
			return E(BrokenChain, "event %d is received by one agency and signed by another", e.Seq)
		}
	case *MaterialRemoved:
		if m, ok := c.Material(f.Material); !ok || m.Removed {
			return E(BrokenChain, "event %d removes a material that is not there", e.Seq)
		}
	case *Offered:
		if !slices.EqualFunc(f.Manifest, c.Live(), func(l ManifestLine, m Material) bool {
			return l == ManifestLine{m.ID, m.Slot, m.File.Digest, m.File.Size}
		}) {
			return E(BrokenChain, "event %d offers other files than the case has", e.Seq)
		}
	case *SupplementAnswered:
		if s := c.OpenSupplement(); s != nil && len(f.Answers) != len(s.Gaps) {
			return E(BrokenChain, "event %d leaves gaps open", e.Seq)
		}
	case *Reviewed:
		return c.otherPerson(e, f.Second)
	case *Decided:
		return c.otherPerson(e, true)
	case *NoticeEnded:
		if c.Notice != nil && e.At.Before(c.Notice.Until) && !f.Objection {
			return E(BrokenChain, "event %d ends the public notice too early", e.Seq)
		}
	}
	return nil
}

// otherPerson refuses who received the case and, from the second review on,
// who reviewed it first.
func (c *Case) otherPerson(e Event, notFirst bool) error {
	if e.Actor.Person == c.ReceivedBy || notFirst && c.First != nil && c.First.By.Person == e.Actor.Person {
		return E(BrokenChain, "event %d: one person did two duties", e.Seq)
	}
	return nil
}

func (c *Case) fold(e Event, fact Fact, from Status) {
	switch f := fact.(type) {
	case *Received:
		c.Number, c.Item, c.Standard, c.Unit, c.Place = f.Number, f.Item, f.Standard, f.Unit, f.Place
		c.Receiving, c.Window, c.Custodian, c.PartyRefs = f.Agency, f.Agency, f.Agency, f.PartyRefs
		c.Form, c.Parties, c.ReceivedAt, c.ReceivedBy = f.Private.Form, f.Private.Parties, e.At, e.Actor.Person
		c.Answer, c.Disposes, c.Rivals, c.Despite = f.Answer, f.Disposes, f.Rivals, f.Private.Despite
	case *MaterialAdded:
		c.Materials = append(c.Materials, Material{
			ID: f.Material, Slot: f.Slot, File: f.File, Name: f.Private.Name,
			SeenOriginal: f.SeenOriginal, From: f.From, By: e.Actor, At: e.At,
		})
	case *MaterialRemoved:
		c.markMaterials(func(m *Material) { m.Removed = m.Removed || m.ID == f.Material })
	case *Routed:
		c.Route, c.Handling = f, f.To
	case *Offered:
		c.Offer = &OpenOffer{ID: f.Offer, From: c.Custodian, To: f.To, Seq: e.Seq, At: e.At}
	case *CustodyAccepted:
		c.Custodian, c.Handling, c.Offer = c.Offer.To, c.Offer.To, nil
	case *CustodyDeclined:
		c.Declines = append(c.Declines, Decline{f.Offer, c.Offer.To, f.Code, f.Private.Text, e.At})
		c.Offer, c.Handling, c.Route = nil, "", nil
	case *Accepted:
		c.AcceptedAt, c.Steps, c.RegisterNotes = e.At, f.Steps, f.Notes
	case *SupplementAsked:
		c.resume = from
		c.Supplements = append(c.Supplements, Supplement{
			Round: f.Round, Gaps: f.Gaps, Notes: f.Private.Notes,
			Reason: f.Private.Reason, AskedBy: e.Actor, AskedAt: e.At,
		})
	case *SupplementAnswered:
		c.foldAnswer(e, f)
	case *Reviewed:
		c.foldReview(e, f)
	case *Refused:
		c.Refusal = &Refusal{e.Actor, f.Code, f.Private.Text, e.At}
	case *Decided:
		c.Outcome = &Outcome{e.Actor, f.Approve, f.Private.Text, e.At}
	default:
		c.foldSteps(e, fact, from)
		c.foldRating(e, fact)
		c.foldResult(e, fact)
	}
}

func (c *Case) foldReview(e Event, f *Reviewed) {
	r := &Review{e.Actor, f.Pass, f.Private.Text, e.At}
	if f.Second {
		c.Second = r
		return
	}
	c.First, c.Second = r, nil
}

// foldAnswer closes the round: corrected fields replace the old ones, a new
// file takes the place of those of its slot, and a new page that of the page
// it answers for.
func (c *Case) foldAnswer(e Event, f *SupplementAnswered) {
	s := c.OpenSupplement()
	s.Answered, s.Answers, s.Remarks, s.AnswerAt = true, f.Answers, f.Private.Remarks, e.At
	for _, a := range f.Answers {
		i := slices.IndexFunc(s.Gaps, func(g Gap) bool { return g.ID == a.Gap })
		if i < 0 || a.Material == "" {
			continue
		}
		g := s.Gaps[i]
		if g.Target == "region" { // only that page travels
			c.markMaterials(func(m *Material) {
				if m.ID == a.Material {
					m.Patches, m.PatchedPage = MaterialID(g.Ref), g.Page
				}
			})
			continue
		}
		c.markMaterials(func(m *Material) {
			m.Superseded = m.Superseded || m.Slot == g.Ref && m.At.Before(s.AskedAt) && m.ID != a.Material
		})
	}
	if len(f.Private.Form) > 0 && c.Form != nil {
		s.Before, s.After = Form{}, f.Private.Form
		for k := range f.Private.Form {
			if old, ok := c.Form[k]; ok {
				s.Before[k] = old
			}
		}
		c.Form = maps.Clone(c.Form)
		maps.Copy(c.Form, f.Private.Form)
	}
}

func (c *Case) markMaterials(mark func(*Material)) {
	for i := range c.Materials {
		mark(&c.Materials[i])
	}
}
