package handover

import (
	"context"
	"fmt"

	"tongban/hub"
	"tongban/hub/message"
)

// body returns the parcel's message in its envelope: the one kept from the
// first try, or a new one made from the event that the parcel names.
func (d *Deliverer) body(ctx context.Context, p *hub.Parcel) (*message.Message, []byte, error) {
	envelope := p.Body
	if len(envelope) == 0 {
		written, err := d.compose(ctx, p)
		if err != nil {
			return nil, nil, fmt.Errorf("write message %s: %w", p.ID, err)
		}
		d.service.Fault("before_body")
		if envelope, err = d.service.Outbox.SaveBody(ctx, p.ID, written); err != nil {
			return nil, nil, fmt.Errorf("keep message %s: %w", p.ID, err)
		}
		d.service.Fault("after_body")
	}
	m, err := message.Parse(envelope)
	if err != nil {
		return nil, nil, fmt.Errorf("kept message %s: %w", p.ID, err)
	}
	return m, envelope, nil
}

func (d *Deliverer) compose(ctx context.Context, p *hub.Parcel) ([]byte, error) {
	e, err := d.event(ctx, p)
	if err != nil {
		return nil, err
	}
	f, err := hub.DecodeFact(e.Kind, e.Data)
	if err != nil {
		return nil, hub.Wrap(hub.BrokenChain, err, "event %d", e.Seq)
	}
	m := &message.Message{ID: p.ID, From: p.From, To: p.To, Case: p.Case, At: hub.Millis(d.service.Now())}
	head := message.HeadOf(e)
	switch f := f.(type) {
	case *hub.Offered:
		if p.Kind == hub.ParcelRecall {
			m.Recall = &message.Recall{Offer: f.Offer, Head: head}
			break
		}
		m.Offer = &message.Offer{Offer: f.Offer, Head: head, Standard: f.Standard, Manifest: f.Manifest, Reasons: f.Reasons}
	case *hub.CustodyAccepted:
		m.Answer = &message.Answer{Offer: f.Offer, Accepted: true, Head: head, Event: e.Raw, Sig: e.Sig}
	case *hub.CustodyDeclined:
		m.Answer = &message.Answer{Offer: f.Offer, Code: f.Code, Head: head, Event: e.Raw, Sig: e.Sig}
	default:
		return nil, hub.E(hub.BrokenChain, "event %d sends no message", e.Seq)
	}
	raw, sig, err := d.service.Keys.SignNaming(ctx, p.From, func(k hub.PublicKey) ([]byte, error) {
		m.Key, m.Sign, m.At = k.ID, k.Scheme, k.Moment(m.At)
		return m.Encode()
	})
	return message.Seal(raw, sig), err
}

// event reads the event that the parcel names and checks it by itself.
func (d *Deliverer) event(ctx context.Context, p *hub.Parcel) (*hub.Event, error) {
	events, err := d.service.Events.Chain(ctx, p.Case, p.Seq-1)
	if err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return nil, hub.E(hub.BrokenChain, "case %s has no event %d", p.Case, p.Seq)
	}
	e := &events[0]
	return e, d.verify.VerifyEvent(ctx, e, p.Seq-1, e.Prev)
}
