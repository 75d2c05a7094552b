package message

import (
	"bytes"
	"encoding/json"
	"time"

	"tongban/hub"
)

// Format opens every message, so that a signature over a message can never be
// taken for a signature over anything else.
const Format = "tongban.message/1"

// Message is one signed message. Exactly one of Offer, Answer and Recall is
// set. It is immutable once made.
type Message struct {
	ID       string
	From, To hub.AgencyID
	Case     hub.CaseID
	At       time.Time // when it was written
	Key      hub.KeyID // of From
	Sign     string    // signature scheme

	Offer  *Offer
	Answer *Answer
	Recall *Recall

	Raw []byte // what is signed
	Sig []byte
}

// Head names one event of a chain.
type Head struct {
	Seq  int64      `json:"seq"`
	Hash hub.Digest `json:"hash"`
}

// HeadOf names the event.
func HeadOf(e *hub.Event) Head { return Head{e.Seq, e.Hash} }

// Offer hands a case over. It says what the offered event says, and where the
// chain stands with it.
type Offer struct {
	Offer    hub.OfferID        `json:"offer"`
	Head     Head               `json:"head"` // the offered event
	Standard hub.StandardRef    `json:"standard"`
	Manifest []hub.ManifestLine `json:"manifest"`
	Reasons  []hub.RouteReason  `json:"reasons"`
}

// Answer tells the offering agency what became of its offer. The answering
// event itself is the proof.
type Answer struct {
	Offer    hub.OfferID     `json:"offer"`
	Accepted bool            `json:"accepted"`
	Code     hub.DeclineCode `json:"code,omitempty"` // when declined
	Head     Head            `json:"head"`           // the answering event
	Event    []byte          `json:"event"`          // its exact bytes
	Sig      []byte          `json:"sig"`            // and its signature
}

// Recall asks for an offered case back. It is a question: the answer is an
// event of the other side.
type Recall struct {
	Offer hub.OfferID `json:"offer"`
	Head  Head        `json:"head"` // the offered event
}

// messageDoc is the written form: field order, names and encoding are the format.
type messageDoc struct {
	V    string          `json:"v"`
	ID   string          `json:"id"`
	Kind string          `json:"kind"`
	From hub.AgencyID    `json:"from"`
	To   hub.AgencyID    `json:"to"`
	Case hub.CaseID      `json:"case"`
	At   string          `json:"at"`
	Key  hub.KeyID       `json:"key"`
	Sign string          `json:"sign"`
	Body json.RawMessage `json:"body"`
}

// Kind is the kind of parcel the message travels as.
func (m *Message) Kind() string {
	switch {
	case m.Offer != nil:
		return hub.ParcelOffer
	case m.Answer != nil:
		return hub.ParcelAnswer
	}
	return hub.ParcelRecall
}

// OfferID is the offer that the message is about.
func (m *Message) OfferID() hub.OfferID {
	switch {
	case m.Offer != nil:
		return m.Offer.Offer
	case m.Answer != nil:
		return m.Answer.Offer
	}
	return m.Recall.Offer
}

// Head is the event that the message is about.
func (m *Message) Head() Head {
	switch {
	case m.Offer != nil:
		return m.Offer.Head
	case m.Answer != nil:
		return m.Answer.Head
	}
	return m.Recall.Head
}

// Digest identifies the message: a resent one has the same, an altered one not.
func (m *Message) Digest() hub.Digest { return hub.SHA256(m.Raw) }

// IDFor is the id of the message of a kind about an offer. There is at most
// one of each.
func IDFor(kind string, o hub.OfferID) string {
	switch kind {
	case hub.ParcelAnswer:
		return string(o) + ".answer"
	case hub.ParcelRecall:
		return string(o) + ".recall"
	}
	return string(o)
}

// Encode writes the bytes to be signed.
func (m *Message) Encode() ([]byte, error) {
	body := any(m.Recall)
	switch {
	case m.Offer != nil:
		body = m.Offer
	case m.Answer != nil:
		body = m.Answer
	}
	b, err := hub.Marshal(body)
	if err != nil {
		return nil, err
	}
	return hub.Marshal(messageDoc{Format, m.ID, m.Kind(), m.From, m.To, m.Case, m.At.UTC().Format(hub.TimeFormat), m.Key, m.Sign, b})
}

// Parse reads an envelope strictly: exactly the bytes that Encode and Seal
// would write. It does not check the signature; see [Verify].
//
// Errors: TooLarge, BadRequest.
func Parse(envelope []byte) (*Message, error) {
	raw, sig, err := Open(envelope)
	if err != nil {
		return nil, err
	}
	var d messageDoc
	if err := hub.Unmarshal(raw, &d); err != nil {
		return nil, hub.Wrap(hub.BadRequest, err, "the message is not readable")
	}
	if d.V != Format {
		return nil, hub.E(hub.BadRequest, "message format %q is not known", d.V)
	}
	m := &Message{ID: d.ID, From: d.From, To: d.To, Case: d.Case, Key: d.Key, Sign: d.Sign, Raw: raw, Sig: sig}
	if m.At, err = time.Parse(hub.TimeFormat, d.At); err != nil {
		return nil, hub.Wrap(hub.BadRequest, err, "the message's time is not readable")
	}
	var body any
	switch d.Kind {
	case hub.ParcelOffer:
		m.Offer = &Offer{}
		body = m.Offer
	case hub.ParcelAnswer:
		m.Answer = &Answer{}
		body = m.Answer
	case hub.ParcelRecall:
		m.Recall = &Recall{}
		body = m.Recall
	default:
		return nil, hub.E(hub.BadRequest, "message kind %q is not known", d.Kind)
	}
	if err := hub.Unmarshal(d.Body, body); err != nil {
		return nil, hub.Wrap(hub.BadRequest, err, "the message's body is not readable")
	}
	if again, err := m.Encode(); err != nil || !bytes.Equal(again, raw) {
		return nil, hub.Wrap(hub.BadRequest, err, "the message is not in its written form")
	}
	if m.ID != IDFor(d.Kind, m.OfferID()) {
		return nil, hub.E(hub.BadRequest, "the message's id does not belong to its offer")
	}
	return m, nil
}
