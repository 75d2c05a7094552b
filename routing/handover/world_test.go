package handover_test

import (
	"context"
	"slices"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/hub/message"
	"tongban/routing/handover"
	"tongban/storage/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func deliverer(h *hubtest.Hub) *handover.Deliverer {
	return handover.NewDeliverer(h.Service, handover.Local{Endpoint: handover.NewEndpoint(h.Service)}, handover.Config{})
}

func deliver(t testing.TB, h *hubtest.Hub) int {
	t.Helper()
	n, err := deliverer(h).DeliverDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func load(t testing.TB, h *hubtest.Hub, id hub.CaseID) *hub.Case {
	t.Helper()
	c, _, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// receipt is the stored receipt of an outgoing message, checked.
func receipt(t testing.TB, h *hubtest.Hub, id string) *message.Receipt {
	t.Helper()
	p, err := h.Outbox.Parcel(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Done {
		t.Fatalf("message %s is not delivered: %s", id, p.LastErr)
	}
	m, err := message.Parse(p.Body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := message.ParseReceipt(p.Receipt)
	if err != nil {
		t.Fatal(err)
	}
	v := &hub.Verifier{Algorithms: h.Algorithms, Keys: h.Keys}
	if err := message.VerifyReceipt(t.Context(), v, r, m); err != nil {
		t.Fatal(err)
	}
	return r
}

// kinds lists what happened in a case.
func kinds(t testing.TB, h *hubtest.Hub, id hub.CaseID) []hub.Kind {
	t.Helper()
	events, err := h.Events.Chain(t.Context(), id, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []hub.Kind
	for _, e := range events {
		out = append(out, e.Kind)
	}
	return out
}

// offerMessage is the offer of a case as its sender would sign it, changed
// first. by is who signs it.
func offerMessage(t testing.TB, h *hubtest.Hub, id hub.CaseID, by hub.AgencyID, change func(m *message.Message)) []byte {
	t.Helper()
	_, chain, err := h.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(chain, func(e hub.Event) bool { return e.Kind == hub.KindOffered })
	e, f := message.FindOffered(chain, hub.NewOfferID(id, "offer"))
	if i < 0 || e == nil {
		t.Fatal("the case has no offer")
	}
	m := &message.Message{
		ID: string(f.Offer), From: e.Agency, To: f.To, Case: id, At: hub.Millis(h.Now()),
		Offer: &message.Offer{Offer: f.Offer, Head: message.HeadOf(e), Standard: f.Standard, Manifest: slices.Clone(f.Manifest), Reasons: f.Reasons},
	}
	return seal(t, h, m, by, change)
}

func seal(t testing.TB, h *hubtest.Hub, m *message.Message, by hub.AgencyID, change func(m *message.Message)) []byte {
	t.Helper()
	raw, sig, err := h.Keys.SignNaming(t.Context(), by, func(k hub.PublicKey) ([]byte, error) {
		m.Key, m.Sign = k.ID, k.Scheme
		if change != nil {
			change(m)
		}
		return m.Encode()
	})
	if err != nil {
		t.Fatal(err)
	}
	return message.Seal(raw, sig)
}

// noticing is a transport that lets a test do something on the way.
type noticing struct {
	inner  handover.Transport
	before func(to hub.AgencyID, envelope []byte) error
	after  func(to hub.AgencyID, receipt []byte) ([]byte, error)
}

func (n noticing) Send(ctx context.Context, to hub.AgencyID, envelope []byte) ([]byte, error) {
	if n.before != nil {
		if err := n.before(to, envelope); err != nil {
			return nil, err
		}
	}
	r, err := n.inner.Send(ctx, to, envelope)
	if err == nil && n.after != nil {
		return n.after(to, r)
	}
	return r, err
}
