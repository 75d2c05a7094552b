package handover_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/hub/message"
	"tongban/routing/handover"
	"tongban/storage/object"
)

func TestOfferIsDeliveredAcceptedAndAnswered(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id, offer := h.Offer(t, "case-1")
	accept := hub.Command{ID: "yes", Case: id, Actor: hubtest.Reviewer(), Intent: hub.AcceptCustody{Offer: offer}}
	if _, err := h.Execute(t.Context(), accept); hub.ErrorCode(err) != hub.NotDelivered {
		t.Fatalf("accepted before delivery: %v", err)
	}
	if n := deliver(t, h); n != 1 {
		t.Fatalf("%d messages delivered, want 1", n)
	}
	if r := receipt(t, h, string(offer)); r.Verdict != message.Verified || r.From != hubtest.Registry {
		t.Errorf("receipt %+v", r)
	}
	if c := load(t, h, id); c.Custodian != hubtest.Window || !c.Frozen() {
		t.Errorf("before the answer: custodian %s, frozen %t", c.Custodian, c.Frozen())
	}
	if _, err := h.Execute(t.Context(), accept); err != nil {
		t.Fatal(err)
	}
	if n := deliver(t, h); n != 1 {
		t.Fatalf("%d messages delivered, want 1", n)
	}
	if r := receipt(t, h, string(offer)+".answer"); r.Verdict != message.Verified || r.From != hubtest.Window {
		t.Errorf("receipt %+v", r)
	}
	if c := load(t, h, id); c.Custodian != hubtest.Registry || c.Frozen() || c.Status != hub.StatusArrived {
		t.Errorf("after the answer: custodian %s, frozen %t, %s", c.Custodian, c.Frozen(), c.Status)
	}
	if n := deliver(t, h); n != 0 {
		t.Errorf("%d messages more", n)
	}
}

// truncated is an object store that lost the last byte of a file.
type truncated struct {
	hub.Objects
	file hub.Digest
}

func (o *truncated) Stat(ctx context.Context, d hub.Digest) (int64, error) {
	size, err := o.Objects.Stat(ctx, d)
	if d == o.file {
		size--
	}
	return size, err
}

func TestOfferWithAMissingMaterialIsDeclinedByMachine(t *testing.T) {
	ports, files := hubtest.Embedded(t)
	store := ports.Objects.(*object.Store)
	objects := &truncated{Objects: store}
	ports.Objects = objects
	h := hubtest.New(t, ports, files)
	for name, damage := range map[string]func(*testing.T, hub.Digest){
		"gone": func(t *testing.T, d hub.Digest) {
			if err := store.Remove(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		},
		"truncated": func(_ *testing.T, d hub.Digest) { objects.file = d },
	} {
		t.Run(name, func(t *testing.T) {
			id, offer := h.Offer(t, name)
			damage(t, load(t, h, id).Materials[0].File.Digest)
			if n := deliver(t, h); n != 2 {
				t.Errorf("%d messages delivered, want the offer and its answer", n)
			}
			r := receipt(t, h, string(offer))
			if r.Verdict != message.Declined || r.Code != hub.DeclineMissingMaterial || r.Event == nil {
				t.Errorf("receipt %+v", r)
			}
			c := load(t, h, id)
			if c.Custodian != hubtest.Window || c.Frozen() || len(c.Declines) != 1 || c.Declines[0].Code != hub.DeclineMissingMaterial {
				t.Errorf("custodian %s, frozen %t, declines %+v", c.Custodian, c.Frozen(), c.Declines)
			}
		})
	}
}

// damaged is an event store that gives out the second event of every chain
// with a change, once there is one.
type damaged struct {
	hub.EventStore
	change func(second *hub.Event)
}

func (s *damaged) Chain(ctx context.Context, id hub.CaseID, after int64) ([]hub.Event, error) {
	chain, err := s.EventStore.Chain(ctx, id, after)
	for i := range chain {
		if chain[i].Seq == 2 && s.change != nil {
			s.change(&chain[i])
		}
	}
	return chain, err
}

// onDamaged is a hub whose chains a test can damage.
func onDamaged(t *testing.T) (*hubtest.Hub, *damaged) {
	t.Helper()
	ports, files := hubtest.Embedded(t)
	events := &damaged{EventStore: ports.Events}
	ports.Events = events
	return hubtest.New(t, ports, files), events
}

func TestOfferOfAChainWithABadSignatureIsDeclined(t *testing.T) {
	h, events := onDamaged(t)
	id, offer := h.Offer(t, "case-1")
	events.change = func(e *hub.Event) { e.Sig[0] ^= 1 }
	if n := deliver(t, h); n != 1 {
		t.Errorf("%d messages delivered, want 1: the answer stays, since no chain with a bad signature is believed", n)
	}
	if r := receipt(t, h, string(offer)); r.Verdict != message.Declined || r.Code != hub.DeclineBrokenChain {
		t.Errorf("receipt %+v", r)
	}
	if c := load(t, h, id); c.Custodian != hubtest.Window || c.Frozen() {
		t.Errorf("custodian %s, frozen %t", c.Custodian, c.Frozen())
	}
}

func TestOfferOfADamagedChainChangesNothing(t *testing.T) {
	h, events := onDamaged(t)
	id, offer := h.Offer(t, "case-1")
	envelope := offerMessage(t, h, id, hubtest.Window, nil)
	before := kinds(t, h, id)
	events.change = func(e *hub.Event) { e.Raw = bytes.Replace(e.Raw, []byte("true"), []byte("True"), 1) }
	if _, err := handover.NewEndpoint(h.Service).Receive(t.Context(), envelope); err == nil {
		t.Error("an offer of a damaged chain is answered")
	}
	if after := kinds(t, h, id); !slices.Equal(after, before) {
		t.Errorf("%v was appended for offer %s", after[len(before):], offer)
	}
}

func TestRecallGivesAnOpenOfferBack(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id, offer := h.Offer(t, "case-1")
	deliver(t, h)
	if _, err := h.RecallOffer(t.Context(), hub.Reading{Actor: hubtest.Clerk()}, id); err != nil {
		t.Fatal(err)
	}
	if n := deliver(t, h); n != 2 {
		t.Errorf("%d messages delivered, want the recall and the answer", n)
	}
	if r := receipt(t, h, string(offer)+".recall"); r.Verdict != message.Declined || r.Code != hub.DeclineRecalled {
		t.Errorf("receipt %+v", r)
	}
	if c := load(t, h, id); c.Custodian != hubtest.Window || c.Frozen() {
		t.Errorf("custodian %s, frozen %t", c.Custodian, c.Frozen())
	}
	_, err := h.Execute(t.Context(), hub.Command{ID: "yes", Case: id, Actor: hubtest.Reviewer(), Intent: hub.AcceptCustody{Offer: offer}})
	if hub.ErrorCode(err) != hub.WrongState && hub.ErrorCode(err) != hub.NotFound {
		t.Errorf("a recalled offer can be accepted: %v", err)
	}
}

func TestRecallAndDeliveryAfterTheAnswerAreTold(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id, offer := h.Offer(t, "case-1")
	if _, err := h.RecallOffer(t.Context(), hub.Reading{Actor: hubtest.Clerk()}, id); err != nil {
		t.Fatal(err)
	}
	no := h.Do(t, hubtest.Reviewer(), id, "no", hub.DeclineCustody{Offer: offer, Code: hub.DeclineWrongPlace, Text: "不在本辖区"})
	if n := deliver(t, h); n != 3 {
		t.Errorf("%d messages delivered, want offer, recall and answer", n)
	}
	want := message.Head{Seq: no.Seq, Hash: no.Head}
	if r := receipt(t, h, string(offer)); r.Verdict != message.AlreadyAnswered || *r.Event != want {
		t.Errorf("offer: receipt %+v", r)
	}
	if r := receipt(t, h, string(offer)+".recall"); r.Verdict != message.TooLate || *r.Event != want {
		t.Errorf("recall: receipt %+v", r)
	}
}

func TestADeclinedCaseIsOfferedAgain(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id, offer := h.Offer(t, "case-1")
	deliver(t, h)
	h.Do(t, hubtest.Reviewer(), id, "no", hub.DeclineCustody{Offer: offer, Code: hub.DeclineOther, Text: "稍后再来"})
	h.Do(t, hubtest.Clerk(), id, "route-2", hub.Route{})
	h.Do(t, hubtest.Clerk(), id, "offer-2", hub.OfferCustody{})
	deliver(t, h)
	h.Do(t, hubtest.Reviewer(), id, "yes", hub.AcceptCustody{Offer: hub.NewOfferID(id, "offer-2")})
	if n := deliver(t, h); n != 1 {
		t.Errorf("%d messages delivered, want the answer", n)
	}
	got := h.Custodians(t, id)
	if got[len(got)-1] != hubtest.Registry || slices.Contains(got[:len(got)-1], hubtest.Registry) {
		t.Errorf("custodians %v", got)
	}
}
