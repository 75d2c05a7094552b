package evidence

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"tongban/hub"
	"tongban/hub/message"
)

// checkMessages verifies the messages and receipts and compares them with the
// chain; every accepted offer must be there with its receipt.
func (v *verification) checkMessages() error {
	for _, name := range slices.Sorted(maps.Keys(v.small)) {
		id, ok := strings.CutPrefix(name, messagesDir)
		id, isJSON := strings.CutSuffix(id, ".json")
		if !ok || !isJSON || strings.HasSuffix(id, ".receipt") {
			continue
		}
		if err := v.checkMessage(name, id); err != nil {
			return err
		}
	}
	for i := range v.chain {
		if v.chain[i].Kind != hub.KindCustodyAccepted {
			continue
		}
		if err := v.checkAccepted(&v.chain[i]); err != nil {
			return err
		}
	}
	return nil
}

func (v *verification) checkMessage(name, id string) error {
	_, sigName, receiptName, _ := messageNames(id)
	raw, err := v.take(name)
	if err != nil {
		return err
	}
	sig, err := v.take(sigName)
	if err != nil {
		return err
	}
	m, err := message.Parse(message.Seal(raw, sig))
	if err != nil {
		return wrongBecause(name, err)
	}
	if m.ID != id {
		return wrong(name, "is message %s", m.ID)
	}
	if err := message.Verify(v.ctx, v.verifier(), m); err != nil {
		return wrongBecause(name, err)
	}
	if err := message.Entitled(m, v.chain); err != nil {
		return wrongBecause(name, err)
	}
	if err := message.Agrees(m, v.chain); err != nil {
		return wrongBecause(name, err)
	}
	v.report.Messages++
	if _, ok := v.small[receiptName]; !ok {
		return nil // not delivered yet
	}
	return v.checkReceipt(m)
}

func (v *verification) checkReceipt(m *message.Message) error {
	_, _, name, sigName := messageNames(m.ID)
	raw, err := v.take(name)
	if err != nil {
		return err
	}
	sig, err := v.take(sigName)
	if err != nil {
		return err
	}
	r, err := message.ParseReceipt(message.Seal(raw, sig))
	if err != nil {
		return wrongBecause(name, err)
	}
	if err := message.VerifyReceipt(v.ctx, v.verifier(), r, m); err != nil {
		return wrongBecause(name, err)
	}
	if err := message.AgreesReceipt(r, m.OfferID(), v.chain); err != nil {
		return wrongBecause(name, err)
	}
	v.report.Receipts++
	if m.Offer != nil {
		v.offered[m.OfferID()] = message.Seal(raw, sig)
	}
	return nil
}

// checkAccepted checks that the receipt in the event is the one of the offer's
// message.
func (v *verification) checkAccepted(e *hub.Event) error {
	f, err := hub.DecodeFact(e.Kind, e.Data)
	if err != nil {
		return wrong(eventName(e.Seq), "%v", err)
	}
	accepted := f.(*hub.CustodyAccepted)
	msg, _, receipt, _ := messageNames(message.IDFor(hub.ParcelOffer, accepted.Offer))
	kept, ok := v.offered[accepted.Offer]
	switch {
	case !ok:
		return wrong(msg, "is missing, or its receipt; its offer was accepted by event %d", e.Seq)
	case !bytes.Equal(kept, accepted.Receipt):
		return wrong(receipt, "is not the receipt in event %d", e.Seq)
	}
	return nil
}
