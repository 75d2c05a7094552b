package handover

import (
	"context"
	"fmt"
	"slices"

	"tongban/hub"
	"tongban/hub/message"
)

// judgeOffer verifies an offer. One that is not in order is declined at once,
// in the chain, by the hub for the agency; one that is waits for a person.
func (p *Endpoint) judgeOffer(ctx context.Context, m *message.Message, c *hub.Case, chain []hub.Event) (outcome, error) {
	if a := message.FindAnswer(chain, m.OfferID()); a != nil {
		return answered(m, a), nil
	}
	code, err := p.defect(ctx, m, c, chain)
	if err != nil {
		return outcome{}, err
	}
	if code == "" {
		return outcome{verdict: message.Verified}, nil
	}
	return p.decline(ctx, m, code)
}

// defect finds why an open offer cannot be taken; "" when it can.
func (p *Endpoint) defect(ctx context.Context, m *message.Message, c *hub.Case, chain []hub.Event) (hub.DeclineCode, error) {
	for _, check := range []error{message.Agrees(m, chain), p.verifyChain(ctx, chain), sameFiles(m.Offer.Manifest, c)} {
		switch hub.ErrorCode(check) {
		case "":
		case hub.BrokenChain:
			p.log.ErrorContext(ctx, "offer declined", "message_id", m.ID, "case_id", m.Case, "error", check)
			return hub.DeclineBrokenChain, nil
		default:
			return "", check
		}
	}
	for _, line := range m.Offer.Manifest {
		size, err := p.service.Objects.Stat(ctx, line.Digest)
		switch {
		case hub.ErrorCode(err) == hub.NotFound, err == nil && size != line.Size:
			p.log.ErrorContext(ctx, "offer declined", "message_id", m.ID, "case_id", m.Case, "material", line.Material, "error", err)
			return hub.DeclineMissingMaterial, nil
		case err != nil:
			return "", fmt.Errorf("material %s: %w", line.Material, err)
		}
	}
	return "", nil
}

// verifyChain checks every event with its signatures, not only the links.
func (p *Endpoint) verifyChain(ctx context.Context, chain []hub.Event) error {
	seq, head := int64(0), hub.Digest("")
	for i := range chain {
		if err := p.verify.VerifyEvent(ctx, &chain[i], seq, head); err != nil {
			return err
		}
		seq, head = chain[i].Seq, chain[i].Hash
	}
	return nil
}

// sameFiles checks that a manifest lists exactly the case's live materials.
func sameFiles(manifest []hub.ManifestLine, c *hub.Case) error {
	var live []hub.ManifestLine
	for _, m := range c.Live() {
		live = append(live, hub.ManifestLine{Material: m.ID, Slot: m.Slot, Digest: m.File.Digest, Size: m.File.Size})
	}
	if !slices.Equal(manifest, live) {
		return hub.E(hub.BrokenChain, "the manifest does not list the case's materials")
	}
	return nil
}

// judgeRecall gives an offer back that nobody has answered yet.
func (p *Endpoint) judgeRecall(ctx context.Context, m *message.Message, chain []hub.Event) (outcome, error) {
	if err := message.Agrees(m, chain); err != nil {
		return outcome{}, err
	}
	if a := message.FindAnswer(chain, m.OfferID()); a != nil {
		return answered(m, a), nil
	}
	return p.decline(ctx, m, hub.DeclineRecalled)
}

// judgeAnswer notes the other side's answer: the event it carries is in the
// chain here, under the signature of the side that was offered the case.
func (p *Endpoint) judgeAnswer(ctx context.Context, m *message.Message, chain []hub.Event) (outcome, error) {
	if err := message.Agrees(m, chain); err != nil {
		return outcome{}, err
	}
	if err := p.verifyChain(ctx, chain); err != nil {
		return outcome{}, err
	}
	return outcome{verdict: message.Verified}, nil
}

// decline answers an offer by machine, once for each message. When somebody
// else was quicker, his answer stands.
func (p *Endpoint) decline(ctx context.Context, m *message.Message, code hub.DeclineCode) (outcome, error) {
	p.service.Fault("before_decline")
	cmd := hub.Command{ID: commandID(m), Case: m.Case, Intent: hub.DeclineCustody{Offer: m.OfferID(), Code: code}}
	_, err := p.service.ExecuteForAgency(ctx, m.To, cmd)
	switch hub.ErrorCode(err) {
	case hub.Unavailable, hub.Conflict, hub.Internal:
		return outcome{}, fmt.Errorf("decline offer %s: %w", m.OfferID(), err)
	}
	p.service.Fault("after_decline")
	_, chain, err2 := p.service.Load(ctx, m.Case)
	if err2 != nil {
		return outcome{}, err2
	}
	if a := message.FindAnswer(chain, m.OfferID()); a != nil {
		return answered(m, a), nil
	}
	return outcome{}, fmt.Errorf("decline offer %s: %w", m.OfferID(), err)
}

// commandID is the idempotency key of what the hub does because of a message.
// Nobody can use it up beforehand, since nobody knows the message's digest.
func commandID(m *message.Message) hub.CommandID {
	return hub.CommandID("handover." + m.Digest().Hex())
}

// answered is the outcome for an offer that has its answer: given because of
// this very message, or before it came.
func answered(m *message.Message, a *message.Answering) outcome {
	head := message.HeadOf(a.Event)
	switch {
	case a.Event.Command.ID == commandID(m):
		return outcome{message.Declined, a.Code, &head}
	case m.Recall != nil:
		return outcome{message.TooLate, "", &head}
	}
	return outcome{message.AlreadyAnswered, "", &head}
}
