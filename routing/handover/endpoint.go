package handover

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"tongban/hub"
	"tongban/hub/message"
)

// Endpoint receives messages for the agencies of this hub. It is safe for
// concurrent use.
type Endpoint struct {
	service *hub.Service
	verify  *hub.Verifier
	log     *slog.Logger
}

// NewEndpoint receives for the agencies whose keys the service holds.
func NewEndpoint(s *hub.Service) *Endpoint {
	return &Endpoint{service: s, verify: &hub.Verifier{Algorithms: s.Algorithms, Keys: s.Keys}, log: s.Logger}
}

// maxClockAhead is how far the sender's clock may be before ours.
const maxClockAhead = 10 * time.Minute

// outcome is what a receipt will say.
type outcome struct {
	verdict message.Verdict
	code    hub.DeclineCode
	event   *message.Head
}

// Receive answers one message in its envelope with a signed receipt in its
// own. A message that was received before gets the stored receipt.
//
// What cannot be trusted gets no receipt, changes nothing and is logged:
// TooLarge, BadRequest (form), Unauthenticated (key), BadSignature, Forbidden
// (not between the two sides of the offer), NotFound (addressee or case not
// here), CommandReused (the id came before with other content), BrokenChain
// (the chain here does not hold what the message speaks of, or is damaged).
// Unavailable and Conflict pass; the sender tries again.
func (p *Endpoint) Receive(ctx context.Context, envelope []byte) (receipt []byte, err error) {
	m, err := message.Parse(envelope)
	if err != nil {
		p.log.WarnContext(ctx, "message refused", "code", hub.ErrorCode(err), "error", err)
		return nil, err
	}
	receipt, err = p.receive(ctx, m, envelope)
	if err != nil {
		p.log.WarnContext(ctx, "message refused", "message_id", m.ID, "case_id", m.Case, "from", m.From,
			"code", hub.ErrorCode(err), "error", err)
	}
	return receipt, err
}

func (p *Endpoint) receive(ctx context.Context, m *message.Message, envelope []byte) ([]byte, error) {
	if err := message.Verify(ctx, p.verify, m); err != nil {
		return nil, err
	}
	if m.At.After(p.service.Now().Add(maxClockAhead)) {
		return nil, hub.E(hub.BadRequest, "message %s is from the future", m.ID)
	}
	if _, err := p.service.Keys.SigningKey(ctx, m.To); hub.ErrorCode(err) == hub.NotFound {
		return nil, hub.Wrap(hub.NotFound, err, "agency %s is not at this hub", m.To)
	} else if err != nil {
		return nil, err
	}
	if in, err := p.service.Outbox.Incoming(ctx, m.ID); err == nil {
		return repeat(m, in)
	} else if hub.ErrorCode(err) != hub.NotFound {
		return nil, fmt.Errorf("look for message %s: %w", m.ID, err)
	}
	out, err := p.judge(ctx, m)
	if err != nil {
		return nil, err
	}
	receipt, err := p.receipt(ctx, m, out)
	if err != nil {
		return nil, err
	}
	p.service.Fault("before_incoming")
	in, _, err := p.service.Outbox.Receive(ctx, hub.Incoming{
		ID: m.ID, Kind: m.Kind(), From: m.From, To: m.To, Case: m.Case,
		Digest: m.Digest(), Body: envelope, Receipt: receipt, At: hub.Millis(p.service.Now()),
	})
	if err != nil {
		return nil, fmt.Errorf("store message %s: %w", m.ID, err)
	}
	p.service.Fault("after_incoming")
	return repeat(m, in)
}

// repeat answers with the receipt that is stored for the message.
func repeat(m *message.Message, in hub.Incoming) ([]byte, error) {
	if in.Digest != m.Digest() {
		return nil, hub.E(hub.CommandReused, "message %s was received before with other content", m.ID)
	}
	return in.Receipt, nil
}

// judge decides what becomes of a message that is new here.
func (p *Endpoint) judge(ctx context.Context, m *message.Message) (outcome, error) {
	c, chain, err := p.service.Load(ctx, m.Case)
	if err != nil {
		return outcome{}, err
	}
	if err := message.Entitled(m, chain); err != nil {
		return outcome{}, err
	}
	switch {
	case m.Offer != nil:
		return p.judgeOffer(ctx, m, c, chain)
	case m.Answer != nil:
		return p.judgeAnswer(ctx, m, chain)
	default:
		return p.judgeRecall(ctx, m, chain)
	}
}

// receipt writes and signs the receipt in the name of the addressee.
func (p *Endpoint) receipt(ctx context.Context, m *message.Message, o outcome) ([]byte, error) {
	raw, sig, err := p.service.Keys.SignNaming(ctx, m.To, func(k hub.PublicKey) ([]byte, error) {
		r := message.Receipt{
			Message: m.ID, Digest: m.Digest(), Case: m.Case, Verdict: o.verdict, Code: o.code, Event: o.event,
			From: m.To, To: m.From, At: k.Moment(p.service.Now()), Key: k.ID, Sign: k.Scheme,
		}
		return r.Encode()
	})
	if err != nil {
		return nil, fmt.Errorf("receipt of message %s: %w", m.ID, err)
	}
	return message.Seal(raw, sig), nil
}
