package message

import (
	"bytes"
	"time"

	"tongban/hub"
)

// ReceiptFormat opens every receipt.
const ReceiptFormat = "tongban.receipt/1"

// Verdict is what a receipt says about its message.
type Verdict string

// The verdicts.
const (
	// Verified: the message is in order. An offer now waits for people.
	Verified Verdict = "verified"
	// Declined: the agency declined the offer because of this message. Code
	// says why and Event is the answering event.
	Declined Verdict = "declined"
	// AlreadyAnswered: the offer had its answer, Event, before it arrived here.
	AlreadyAnswered Verdict = "already_answered"
	// TooLate: the recall found the offer answered by Event.
	TooLate Verdict = "too_late"
)

// Receipt is the signed reply to one message. It is immutable once made.
type Receipt struct {
	Message  string     // its id
	Digest   hub.Digest // of the message's signed bytes
	Case     hub.CaseID
	Verdict  Verdict
	Code     hub.DeclineCode // with Declined
	Event    *Head           // the answering event; nil with Verified
	From, To hub.AgencyID    // who received the message, and who sent it
	At       time.Time
	Key      hub.KeyID // of From
	Sign     string

	Raw []byte
	Sig []byte
}

type receiptDoc struct {
	V       string          `json:"v"`
	Message string          `json:"message"`
	Digest  hub.Digest      `json:"digest"`
	Case    hub.CaseID      `json:"case"`
	Verdict Verdict         `json:"verdict"`
	Code    hub.DeclineCode `json:"code,omitempty"`
	Event   *Head           `json:"event,omitempty"`
	From    hub.AgencyID    `json:"from"`
	To      hub.AgencyID    `json:"to"`
	At      string          `json:"at"`
	Key     hub.KeyID       `json:"key"`
	Sign    string          `json:"sign"`
}

// Encode writes the bytes to be signed.
func (r *Receipt) Encode() ([]byte, error) {
	return hub.Marshal(receiptDoc{
		ReceiptFormat, r.Message, r.Digest, r.Case, r.Verdict, r.Code, r.Event, r.From, r.To,
		r.At.UTC().Format(hub.TimeFormat), r.Key, r.Sign,
	})
}

// ParseReceipt reads a receipt's envelope strictly. It does not check the
// signature; see [VerifyReceipt].
//
// Errors: TooLarge, BadRequest.
func ParseReceipt(envelope []byte) (*Receipt, error) {
	raw, sig, err := Open(envelope)
	if err != nil {
		return nil, err
	}
	var d receiptDoc
	if err := hub.Unmarshal(raw, &d); err != nil {
		return nil, hub.Wrap(hub.BadRequest, err, "the receipt is not readable")
	}
	if d.V != ReceiptFormat {
		return nil, hub.E(hub.BadRequest, "receipt format %q is not known", d.V)
	}
	r := &Receipt{
		Message: d.Message, Digest: d.Digest, Case: d.Case, Verdict: d.Verdict, Code: d.Code, Event: d.Event,
		From: d.From, To: d.To, Key: d.Key, Sign: d.Sign, Raw: raw, Sig: sig,
	}
	if r.At, err = time.Parse(hub.TimeFormat, d.At); err != nil {
		return nil, hub.Wrap(hub.BadRequest, err, "the receipt's time is not readable")
	}
	if again, err := r.Encode(); err != nil || !bytes.Equal(again, raw) {
		return nil, hub.Wrap(hub.BadRequest, err, "the receipt is not in its written form")
	}
	return r, r.check()
}

// check holds the verdicts to their parts.
func (r *Receipt) check() error {
	code, event := false, false
	switch r.Verdict {
	case Verified:
	case Declined:
		code, event = true, true
	case AlreadyAnswered, TooLate:
		event = true
	default:
		return hub.E(hub.BadRequest, "verdict %q is not known", r.Verdict)
	}
	if code != (r.Code != "") || event != (r.Event != nil) {
		return hub.E(hub.BadRequest, "the receipt's parts do not fit its verdict")
	}
	return nil
}
