package message

import (
	"bytes"
	"slices"

	"tongban/hub"
)

// FindEvent returns the event that a head names, or nil when the chain has
// another event, or none, at that place.
func FindEvent(chain []hub.Event, h Head) *hub.Event {
	if h.Seq < 1 || h.Seq > int64(len(chain)) || chain[h.Seq-1].Hash != h.Hash {
		return nil
	}
	return &chain[h.Seq-1]
}

// FindOffered returns the event and fact that made an offer, or nil.
func FindOffered(chain []hub.Event, o hub.OfferID) (*hub.Event, *hub.Offered) {
	for i := range chain {
		if chain[i].Kind != hub.KindOffered {
			continue
		}
		if f, err := hub.DecodeFact(chain[i].Kind, chain[i].Data); err == nil && f.(*hub.Offered).Offer == o {
			return &chain[i], f.(*hub.Offered)
		}
	}
	return nil, nil
}

// Answering is an event that answers an offer, read.
type Answering struct {
	Event    *hub.Event
	Accepted bool
	Code     hub.DeclineCode // when declined
	Receipt  []byte          // when accepted: the receipt in the event
}

// FindAnswer returns the event that answered an offer, or nil while it is open.
func FindAnswer(chain []hub.Event, o hub.OfferID) *Answering {
	for i := range chain {
		f, err := hub.DecodeFact(chain[i].Kind, chain[i].Data)
		if err != nil {
			continue
		}
		switch f := f.(type) {
		case *hub.CustodyAccepted:
			if f.Offer == o {
				return &Answering{Event: &chain[i], Accepted: true, Receipt: f.Receipt}
			}
		case *hub.CustodyDeclined:
			if f.Offer == o {
				return &Answering{Event: &chain[i], Code: f.Code}
			}
		}
	}
	return nil
}

// Entitled checks that the message is about an offer of this chain and that
// its sender and addressee are the two sides of it. What is not entitled must
// change nothing.
//
// Errors: BrokenChain when the chain has no such offer, Forbidden when the
// message is not the sender's to send.
func Entitled(m *Message, chain []hub.Event) error {
	e, f := FindOffered(chain, m.OfferID())
	if e == nil || e.Case != m.Case {
		return hub.E(hub.BrokenChain, "message %s is about an offer that is not in the chain", m.ID)
	}
	from, to := e.Agency, f.To
	if m.Answer != nil {
		from, to = to, from
	}
	if m.From != from || m.To != to {
		return hub.E(hub.Forbidden, "message %s is not between the two sides of the offer", m.ID)
	}
	return nil
}

// Agrees checks that what an entitled message says is what the chain says.
//
// Errors: BrokenChain, naming the first difference.
func Agrees(m *Message, chain []hub.Event) error {
	e := FindEvent(chain, m.Head())
	if e == nil {
		return hub.E(hub.BrokenChain, "message %s names an event that is not in the chain", m.ID)
	}
	offered, f := FindOffered(chain, m.OfferID())
	switch {
	case m.Answer != nil:
		return agreesAnswer(m, chain)
	case offered != e:
		return hub.E(hub.BrokenChain, "message %s names another event than its offer", m.ID)
	case m.Recall != nil:
		return nil
	case m.Offer.Standard != f.Standard:
		return hub.E(hub.BrokenChain, "message %s names another standard than the chain", m.ID)
	case !slices.Equal(m.Offer.Manifest, f.Manifest):
		return hub.E(hub.BrokenChain, "message %s has another manifest than the chain", m.ID)
	}
	said, err := hub.Marshal(m.Offer.Reasons)
	if err != nil {
		return err
	}
	written, err := hub.Marshal(f.Reasons)
	if err != nil {
		return err
	}
	if !bytes.Equal(said, written) {
		return hub.E(hub.BrokenChain, "message %s has other reasons than the chain", m.ID)
	}
	return nil
}

func agreesAnswer(m *Message, chain []hub.Event) error {
	a, said := FindAnswer(chain, m.OfferID()), m.Answer
	switch {
	case a == nil || HeadOf(a.Event) != said.Head:
		return hub.E(hub.BrokenChain, "message %s names another event than the answer to the offer", m.ID)
	case a.Accepted != said.Accepted || a.Code != said.Code:
		return hub.E(hub.BrokenChain, "message %s tells another answer than the chain", m.ID)
	case !bytes.Equal(a.Event.Raw, said.Event) || !bytes.Equal(a.Event.Sig, said.Sig):
		return hub.E(hub.BrokenChain, "message %s carries another event than the chain", m.ID)
	}
	return nil
}

// AgreesReceipt checks that the event a receipt names answers the offer as the
// receipt says.
//
// Errors: BrokenChain.
func AgreesReceipt(r *Receipt, o hub.OfferID, chain []hub.Event) error {
	if r.Event == nil {
		return nil
	}
	a := FindAnswer(chain, o)
	if a == nil || HeadOf(a.Event) != *r.Event {
		return hub.E(hub.BrokenChain, "the receipt of message %s names an event that does not answer the offer", r.Message)
	}
	if r.Verdict == Declined && (a.Accepted || a.Code != r.Code) {
		return hub.E(hub.BrokenChain, "the receipt of message %s tells another answer than the chain", r.Message)
	}
	return nil
}
