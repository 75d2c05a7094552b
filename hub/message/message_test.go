package message_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/message"
)

func at() time.Time { return time.Date(2026, 3, 1, 2, 3, 4, 5_000_000, time.UTC) }

// samples has one message of each kind, every field filled.
func samples() []*message.Message {
	base := message.Message{From: "440305.window", To: "410425.registry", Case: "c", At: at(), Key: "ed25519:00", Sign: "ed25519"}
	head := message.Head{Seq: 5, Hash: hub.SHA256([]byte("e"))}
	offer, accepted, declined, recall := base, base, base, base
	offer.ID, offer.Offer = "o", &message.Offer{
		Offer: "o", Head: head, Standard: hub.StandardRef{Item: "transfer.resale", Agency: "a", Version: 2, Digest: hub.SHA256(nil)},
		Manifest: []hub.ManifestLine{{Material: "m", Slot: "contract", Digest: hub.SHA256(nil), Size: 7}},
		Reasons:  []hub.RouteReason{{Code: "unit_in", Args: map[string]string{"place": "<郏县> & more", "a": "b"}}},
	}
	accepted.ID, accepted.Answer = "o.answer", &message.Answer{Offer: "o", Accepted: true, Head: head, Event: []byte("{}"), Sig: []byte{1, 2}}
	declined.ID, declined.Answer = "o.answer", &message.Answer{Offer: "o", Code: hub.DeclineOther, Head: head, Event: []byte("{}"), Sig: []byte{3}}
	recall.ID, recall.Recall = "o.recall", &message.Recall{Offer: "o", Head: head}
	return []*message.Message{&offer, &accepted, &declined, &recall}
}

func TestMessagesReadBackAsWritten(t *testing.T) {
	for _, m := range samples() {
		raw, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		m.Raw, m.Sig = raw, []byte("signature")
		got, err := message.Parse(message.Seal(raw, m.Sig))
		if err != nil {
			t.Fatalf("%s: %v\n%s", m.ID, err, raw)
		}
		if !reflect.DeepEqual(got, m) || got.ID != message.IDFor(got.Kind(), got.OfferID()) || got.Head().Seq != 5 {
			t.Errorf("%s is read as %+v, want %+v", m.ID, got, m)
		}
	}
}

func TestReceiptsReadBackAsWrittenAndHoldTogether(t *testing.T) {
	event := &message.Head{Seq: 6, Hash: hub.SHA256(nil)}
	for _, tt := range []struct {
		verdict message.Verdict
		code    hub.DeclineCode
		event   *message.Head
		good    bool
	}{
		{message.Verified, "", nil, true},
		{message.Declined, hub.DeclineBrokenChain, event, true},
		{message.AlreadyAnswered, "", event, true},
		{message.TooLate, "", event, true},
		{message.Verified, "", event, false},
		{message.Verified, hub.DeclineOther, nil, false},
		{message.Declined, "", event, false},
		{message.Declined, hub.DeclineOther, nil, false},
		{message.TooLate, "", nil, false},
		{"fine", "", nil, false},
	} {
		r := &message.Receipt{
			Message: "o", Digest: hub.SHA256(nil), Case: "c", Verdict: tt.verdict, Code: tt.code, Event: tt.event,
			From: "b", To: "a", At: at(), Key: "ed25519:00", Sign: "ed25519", Sig: []byte{1},
		}
		var err error
		if r.Raw, err = r.Encode(); err != nil {
			t.Fatal(err)
		}
		got, err := message.ParseReceipt(message.Seal(r.Raw, r.Sig))
		if (err == nil) != tt.good {
			t.Errorf("%s %q %v: %v", tt.verdict, tt.code, tt.event, err)
		}
		if tt.good && !reflect.DeepEqual(got, r) {
			t.Errorf("%s is read as %+v", tt.verdict, got)
		}
	}
}

// FuzzParse: what is read is exactly what would be written.
func FuzzParse(f *testing.F) {
	for _, m := range samples() {
		raw, err := m.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(message.Seal(raw, []byte("signature")))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := message.Parse(b)
		if err == nil {
			raw, err := m.Encode()
			if err != nil || !bytes.Equal(message.Seal(raw, m.Sig), b) {
				t.Errorf("%q is not what would be written, %v", b, err)
			}
		}
		if r, err := message.ParseReceipt(b); err == nil {
			raw, err := r.Encode()
			if err != nil || !bytes.Equal(message.Seal(raw, r.Sig), b) {
				t.Errorf("%q is not what would be written, %v", b, err)
			}
		}
	})
}
