package hub

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"tongban/hub/exact"
)

// EventFormat opens every event's bytes, so that a signature over an event can
// never be taken for a signature over anything else.
const EventFormat = "tongban.event/1"

// Kind is what an event says happened.
type Kind string

// Event is one entry of a case's chain. Raw holds the exact bytes that were
// hashed and signed; the other fields are read from them. An Event is
// immutable once made.
type Event struct {
	Case    CaseID
	Seq     int64  // 1, 2, 3, … without gaps
	Prev    Digest // hash of the event before; "" for the first
	At      time.Time
	Kind    Kind
	Agency  AgencyID // the custodian, whose key signs
	Key     KeyID
	Schemes SchemeNames
	Actor   Signatory
	Command CommandMark
	Data    json.RawMessage // the public part of the fact
	Sealed  []byte          // the personal part, under the case key; nil when there is none

	Contribution *Contribution // set when another agency's clerk did it
	Outbox       []Outgoing

	Raw  []byte
	Hash Digest
	Sig  []byte
}

// SchemeNames are the algorithms an event was made with.
type SchemeNames struct{ Hash, Sign, Seal string }

// Signatory is who did it and in which role.
type Signatory struct {
	Person PersonID
	Agency AgencyID
	Role   Role
}

// CommandMark makes commands idempotent: the id is unique in its case, and the
// digest (keyed with the case key, since the content may be personal) tells a
// repeat from a misuse.
type CommandMark struct {
	ID     CommandID
	Digest string
}

// Contribution is the signature of an agency that works on a case another
// agency holds. The custodian appends the event; the contributor answers for
// its content.
type Contribution struct {
	Agency AgencyID
	Key    KeyID
	Sign   string
	Sig    []byte
}

// Outgoing is a message that must leave because of this event. Being part of
// the event, it is committed with it and can be found again after a crash.
type Outgoing struct {
	ID   string // unique; duplicates are answered with the stored receipt
	Kind string // "offer", "answer"
	To   AgencyID
}

// eventDoc is the written form of an event: field order, names and encoding
// are the format. See docs/chain.md.
type eventDoc struct {
	V            string           `json:"v"`
	Case         CaseID           `json:"case"`
	Seq          int64            `json:"seq"`
	Prev         Digest           `json:"prev"`
	At           string           `json:"at"`
	Kind         Kind             `json:"kind"`
	Agency       AgencyID         `json:"agency"`
	Key          KeyID            `json:"key"`
	Hash         string           `json:"hash"`
	Sign         string           `json:"sign"`
	Seal         string           `json:"seal"`
	Actor        signatoryDoc     `json:"actor"`
	Command      commandDoc       `json:"command"`
	Data         json.RawMessage  `json:"data"`
	Sealed       []byte           `json:"sealed,omitempty"`
	Contribution *contributionDoc `json:"contribution,omitempty"`
	Outbox       []outgoingDoc    `json:"outbox,omitempty"`
}

type signatoryDoc struct {
	Person PersonID `json:"person"`
	Agency AgencyID `json:"agency"`
	Role   Role     `json:"role"`
}

type commandDoc struct {
	ID     CommandID `json:"id"`
	Digest string    `json:"digest"`
}

type contributionDoc struct {
	Agency AgencyID `json:"agency"`
	Key    KeyID    `json:"key"`
	Sign   string   `json:"sign"`
	Sig    []byte   `json:"sig"`
}

type outgoingDoc struct {
	ID   string   `json:"id"`
	Kind string   `json:"kind"`
	To   AgencyID `json:"to"`
}

// TimeFormat is how times are written: UTC, milliseconds.
const TimeFormat = "2006-01-02T15:04:05.000Z"

// Millis cuts a time to what is stored.
func Millis(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// seal fills Raw, Hash and Sig from the other fields.
func (e *Event) seal(h HashScheme, s Signer) error {
	d := eventDoc{
		V: EventFormat, Case: e.Case, Seq: e.Seq, Prev: e.Prev, At: e.At.UTC().Format(TimeFormat), Kind: e.Kind,
		Agency: e.Agency, Key: e.Key, Hash: e.Schemes.Hash, Sign: e.Schemes.Sign, Seal: e.Schemes.Seal,
		Actor: signatoryDoc(e.Actor), Command: commandDoc(e.Command), Data: e.Data, Sealed: e.Sealed,
	}
	if c := e.Contribution; c != nil {
		d.Contribution = (*contributionDoc)(c)
	}
	for _, o := range e.Outbox {
		d.Outbox = append(d.Outbox, outgoingDoc(o))
	}
	raw, err := Marshal(d)
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	e.Raw, e.Hash = raw, Sum(h, raw)
	if e.Sig, err = s.Sign(raw); err != nil {
		return fmt.Errorf("sign event: %w", err)
	}
	return nil
}

// ParseEvent reads an event's bytes and checks their form: known format, no
// unknown or repeated names, exactly the bytes this package would write. It
// does not check hash, signature or place in the chain; see [Verifier].
func ParseEvent(raw []byte) (Event, error) {
	e, d, err := readEvent(raw)
	if err != nil {
		return Event{}, err
	}
	again, err := Marshal(d)
	if err != nil || !bytes.Equal(again, raw) {
		return Event{}, Wrap(BrokenChain, err, "event is not in its written form")
	}
	return e, nil
}

// ReadEvent is ParseEvent without the proof that the bytes are in their exact
// written form. It is for a store that reads back what this hub has written;
// what came from elsewhere is parsed.
func ReadEvent(raw []byte) (Event, error) {
	e, _, err := readEvent(raw)
	return e, err
}

func readEvent(raw []byte) (Event, *eventDoc, error) {
	var d eventDoc
	if err := Unmarshal(raw, &d); err != nil {
		return Event{}, nil, Wrap(BrokenChain, err, "event is not readable")
	}
	if d.V != EventFormat {
		return Event{}, nil, E(BrokenChain, "event format %q is not known", d.V)
	}
	at, err := time.Parse(TimeFormat, d.At)
	if err != nil {
		return Event{}, nil, Wrap(BrokenChain, err, "event time is not readable")
	}
	e := Event{
		Case: d.Case, Seq: d.Seq, Prev: d.Prev, At: at, Kind: d.Kind, Agency: d.Agency, Key: d.Key,
		Schemes: SchemeNames{d.Hash, d.Sign, d.Seal}, Actor: Signatory(d.Actor), Command: CommandMark(d.Command),
		Data: d.Data, Sealed: d.Sealed, Contribution: (*Contribution)(d.Contribution), Raw: raw,
	}
	for _, o := range d.Outbox {
		e.Outbox = append(e.Outbox, Outgoing(o))
	}
	return e, &d, nil
}

// contributed reports whether another agency than the custodian did the work.
// A party of the case has no agency that could answer for him.
func (e *Event) contributed() bool { return e.Actor.Agency != "" && e.Actor.Agency != e.Agency }

// contributionBytes is what a contributing agency signs.
func (e *Event) contributionBytes(h HashScheme) []byte {
	return fmt.Appendf(nil, "tongban.contribution/1\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n", e.Case, e.Command.ID, e.Kind,
		e.Actor.Person, e.Actor.Agency, Sum(h, e.Data), Sum(h, e.Sealed))
}

// Marshal writes JSON as the chain and the messages have it; see [exact.Marshal].
func Marshal(v any) ([]byte, error) { return exact.Marshal(v) }

// Unmarshal reads it strictly; see [exact.Unmarshal].
func Unmarshal(b []byte, v any) error { return exact.Unmarshal(b, v) }
