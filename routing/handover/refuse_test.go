package handover_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/hub/message"
	"tongban/routing/handover"
)

func TestWhatCannotBeTrustedIsRefusedAndChangesNothing(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id, offer := h.Offer(t, "case-1")
	other, _ := h.Offer(t, "case-2")
	good := offerMessage(t, h, id, hubtest.Window, nil)
	sig := bytes.IndexByte(good, '\n') + 3
	flipped := bytes.Clone(good)
	flipped[sig] = 'A' + (flipped[sig]-'A'+1)%26 // stays base64
	changed := bytes.Replace(good, []byte(`"version":1`), []byte(`"version":2`), 1)
	with := func(by hub.AgencyID, change func(m *message.Message)) []byte {
		return offerMessage(t, h, id, by, change)
	}
	recall := func(by hub.AgencyID, m message.Message) []byte {
		m.At = hub.Millis(h.Now())
		return seal(t, h, &m, by, nil)
	}
	head := message.HeadOf(&chainOf(t, h, id)[4])
	for _, tt := range []struct {
		name     string
		envelope []byte
		want     hub.Code
	}{
		{"nothing", nil, hub.BadRequest},
		{"not a message", []byte("{}\nAAAA\n"), hub.BadRequest},
		{"no signature line", bytes.TrimSuffix(bytes.SplitAfter(good, []byte("\n"))[0], []byte("\n")), hub.BadRequest},
		{"bytes after the end", append(bytes.Clone(good), 'x'), hub.BadRequest},
		{"oversize", bytes.Repeat([]byte("x"), message.MaxBytes+1), hub.TooLarge},
		{"unknown field", bytes.Replace(good, []byte(`{"v"`), []byte(`{"x":1,"v"`), 1), hub.BadRequest},
		{"a field in another case", bytes.Replace(good, []byte(`"id"`), []byte(`"ID"`), 1), hub.BadRequest},
		{"a field twice", bytes.Replace(good, []byte(`{"v"`), []byte(`{"id":"x","v"`), 1), hub.BadRequest},
		{"another format", bytes.Replace(good, []byte("message/1"), []byte("message/2"), 1), hub.BadRequest},
		{"unknown kind", bytes.Replace(good, []byte(`"kind":"offer"`), []byte(`"kind":"order"`), 1), hub.BadRequest},
		{"id of another offer", with(hubtest.Window, func(m *message.Message) { m.ID = string(hub.NewOfferID(other, "offer")) }), hub.BadRequest},
		{"wrong signature", flipped, hub.BadSignature},
		{"changed content", changed, hub.BadSignature},
		{"unknown key", with(hubtest.Window, func(m *message.Message) { m.Key = "ed25519:00000000000000000000000000000000" }), hub.Unauthenticated},
		{"signed by another agency", with(hubtest.Stranger, nil), hub.Unauthenticated},
		{"unknown agency", with(hubtest.Window, func(m *message.Message) { m.From = "999999.nobody" }), hub.Unauthenticated},
		{"another scheme", with(hubtest.Window, func(m *message.Message) { m.Sign = "sm2" }), hub.Unauthenticated},
		{"from the future", with(hubtest.Window, func(m *message.Message) { m.At = m.At.Add(time.Hour) }), hub.BadRequest},
		{"before its key", with(hubtest.Window, func(m *message.Message) { m.At = time.Unix(-1, 0) }), hub.Unauthenticated},
		{"addressee of another hub", with(hubtest.Window, func(m *message.Message) { m.To = "999999.nobody" }), hub.NotFound},
		{"wrong addressee", with(hubtest.Window, func(m *message.Message) { m.To = hubtest.Stranger }), hub.Forbidden},
		{"another's offer", with(hubtest.Stranger, func(m *message.Message) { m.From = hubtest.Stranger }), hub.Forbidden},
		{"unknown case", with(hubtest.Window, func(m *message.Message) { m.Case = "aaaaaaaaaaaaaaaaaaaaaaaaaa" }), hub.NotFound},
		{"foreign chain", with(hubtest.Window, func(m *message.Message) { m.Case = other }), hub.BrokenChain},
		{"another's recall", recall(hubtest.Stranger, message.Message{
			ID: string(offer) + ".recall", From: hubtest.Stranger, To: hubtest.Registry,
			Case: id, Recall: &message.Recall{Offer: offer, Head: head},
		}), hub.Forbidden},
		{"recall of another event", recall(hubtest.Window, message.Message{
			ID: string(offer) + ".recall", From: hubtest.Window, To: hubtest.Registry,
			Case: id, Recall: &message.Recall{Offer: offer, Head: message.Head{Seq: 1, Hash: head.Hash}},
		}), hub.BrokenChain},
		{"answer without an event", recall(hubtest.Registry, message.Message{
			ID: string(offer) + ".answer", From: hubtest.Registry, To: hubtest.Window,
			Case: id, Answer: &message.Answer{Offer: offer, Accepted: true, Head: head},
		}), hub.BrokenChain},
		{"answer by the wrong side", recall(hubtest.Window, message.Message{
			ID: string(offer) + ".answer", From: hubtest.Window, To: hubtest.Registry,
			Case: id, Answer: &message.Answer{Offer: offer, Accepted: true, Head: head},
		}), hub.Forbidden},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := kinds(t, h, id)
			receipt, err := handover.NewEndpoint(h.Service).Receive(t.Context(), tt.envelope)
			if hub.ErrorCode(err) != tt.want || receipt != nil {
				t.Errorf("answered with %v and %d bytes, want %s", err, len(receipt), tt.want)
			}
			if after := kinds(t, h, id); !slices.Equal(after, before) {
				t.Errorf("the chain grew by %v", after[len(before):])
			}
			if in, err := h.Outbox.IncomingOfCase(t.Context(), id); err != nil || len(in) > 0 {
				t.Errorf("kept %d messages, %v", len(in), err)
			}
		})
	}
	if _, err := handover.NewEndpoint(h.Service).Receive(t.Context(), good); err != nil {
		t.Errorf("the good offer is refused after all the bad ones: %v", err)
	}
}

func chainOf(t testing.TB, h *hubtest.Hub, id hub.CaseID) []hub.Event {
	t.Helper()
	events, err := h.Events.Chain(t.Context(), id, 0)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func TestAnOfferThatSaysOtherThanItsEventIsDeclined(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	for name, change := range map[string]func(m *message.Message){
		"another head":       func(m *message.Message) { m.Offer.Head.Hash = hub.SHA256(nil) },
		"another standard":   func(m *message.Message) { m.Offer.Standard.Version++ },
		"other reasons":      func(m *message.Message) { m.Offer.Reasons = nil },
		"a file less":        func(m *message.Message) { m.Offer.Manifest = m.Offer.Manifest[1:] },
		"another file":       func(m *message.Message) { m.Offer.Manifest[0].Digest = hub.SHA256(nil) },
		"another size":       func(m *message.Message) { m.Offer.Manifest[0].Size++ },
		"files change place": func(m *message.Message) { slices.Reverse(m.Offer.Manifest) },
	} {
		t.Run(name, func(t *testing.T) {
			id, _ := h.Offer(t, strings.ReplaceAll(name, " ", "-"))
			b, err := handover.NewEndpoint(h.Service).Receive(t.Context(), offerMessage(t, h, id, hubtest.Window, change))
			if err != nil {
				t.Fatal(err)
			}
			r, err := message.ParseReceipt(b)
			if err != nil || r.Verdict != message.Declined || r.Code != hub.DeclineBrokenChain {
				t.Errorf("receipt %+v, %v", r, err)
			}
			if c := load(t, h, id); c.Frozen() || c.Custodian != hubtest.Window || len(c.Declines) != 1 {
				t.Errorf("frozen %t, custodian %s, declines %+v", c.Frozen(), c.Custodian, c.Declines)
			}
		})
	}
}

func TestDuplicatesGetTheStoredReceiptAndAlteredOnesNone(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	id, _ := h.Offer(t, "case-1")
	p := handover.NewEndpoint(h.Service)
	envelope := offerMessage(t, h, id, hubtest.Window, nil)
	first, err := p.Receive(t.Context(), envelope)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		h.Clock.Advance(time.Hour)
		if again, err := p.Receive(t.Context(), envelope); err != nil || !bytes.Equal(again, first) {
			t.Errorf("a duplicate gets another receipt, %v", err)
		}
	}
	altered := offerMessage(t, h, id, hubtest.Window, func(m *message.Message) { m.At = m.At.Add(-time.Minute) })
	if b, err := p.Receive(t.Context(), altered); hub.ErrorCode(err) != hub.CommandReused || b != nil {
		t.Errorf("an altered duplicate is answered: %v", err)
	}
	h.Do(t, hubtest.Reviewer(), id, "yes", hub.AcceptCustody{Offer: hub.NewOfferID(id, "offer")})
	if again, err := p.Receive(t.Context(), envelope); err != nil || !bytes.Equal(again, first) {
		t.Errorf("a duplicate after the answer gets another receipt, %v", err)
	}
}

func TestManyDuplicatesAtOnceAreOneMessage(t *testing.T) {
	h := hubtest.New(t, hub.Ports{}, nil)
	p := handover.NewEndpoint(h.Service)
	for _, broken := range []bool{false, true} {
		id, _ := h.Offer(t, fmt.Sprint("broken-", broken))
		envelope := offerMessage(t, h, id, hubtest.Window, func(m *message.Message) {
			if broken {
				m.Offer.Manifest = nil
			}
		})
		got := make(chan []byte, 8)
		for range cap(got) {
			go func() {
				b, err := p.Receive(t.Context(), envelope)
				if err != nil {
					t.Error(err)
				}
				got <- b
			}()
		}
		first := <-got
		for range cap(got) - 1 {
			if b := <-got; !bytes.Equal(b, first) {
				t.Errorf("two receipts for one message:\n%s%s", first, b)
			}
		}
		if c := load(t, h, id); c.Frozen() == broken {
			t.Errorf("broken %t: frozen %t", broken, c.Frozen())
		}
	}
}

// FuzzReceive: no bytes make the endpoint panic or keep anything.
func FuzzReceive(f *testing.F) {
	h := hubtest.New(f, hub.Ports{}, nil)
	id, _ := h.Offer(f, "case-1")
	f.Add(offerMessage(f, h, id, hubtest.Stranger, nil))
	f.Add([]byte("{}\n\n"))
	p := handover.NewEndpoint(h.Service)
	f.Fuzz(func(t *testing.T, b []byte) {
		if receipt, err := p.Receive(t.Context(), b); err == nil || receipt != nil {
			t.Errorf("answered %q", b)
		}
		if in, err := h.Outbox.IncomingOfCase(t.Context(), id); err != nil || len(in) > 0 {
			t.Errorf("kept %d messages, %v", len(in), err)
		}
	})
}
