package register

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tongban/hub/code"
	"tongban/hub/exact"
)

// BookingFormat opens every booking's bytes, so that a signature over a
// booking can never be taken for a signature over anything else.
const BookingFormat = "tongban.booking/1"

// timeFormat is how times are written: UTC, milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z"

func millis(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// Booking is one atomic registration. Raw holds the exact bytes that were
// hashed and signed; the other fields are read from them. It is immutable.
type Booking struct {
	ID     BookingID
	Source Source
	At     time.Time
	Agency string // the registry, whose key signs
	Names  Names
	By     string // the booking officer's person id
	Links  []Link // one for each unit touched, by unit
	Steps  []Step
	Told   []EntryID // of what the acquirers were told
	Plan   string    // digest of what was asked for; tells a repeat from a misuse
	Hits   []Hit     // running cases that a court's booking has hit

	Raw  []byte
	Hash Digest
	Sig  []byte
}

// Names are the key and the algorithms a booking was made with.
type Names struct{ Key, Hash, Sign string }

// Link puts the booking into the log of one unit.
type Link struct {
	Unit    code.Unit `json:"unit"`
	Version int64     `json:"version"`
	Prev    Digest    `json:"prev"` // hash of the booking before; "" for the first
}

// Key is the unique key that the booking takes in the store.
func (l Link) Key() string { return versionKey(l.Unit, l.Version) }

func versionKey(u code.Unit, version int64) string { return fmt.Sprintf("unit/%s/%d", u, version) }

// CertificateKey is the unique key of a certificate's number in the store.
func CertificateKey(number string) string { return "certificate/" + number }

// Keys are all that no other booking may have: the next version of every unit,
// and the numbers of the certificates issued.
func (b *Booking) Keys() []string {
	var out []string
	for _, l := range b.Links {
		out = append(out, l.Key())
	}
	for _, s := range b.Steps {
		for _, n := range s.Certificates {
			out = append(out, CertificateKey(n))
		}
	}
	return out
}

// Cases are the cases the booking belongs to or hits.
func (b *Booking) Cases() []CaseID {
	var out []CaseID
	if c := b.Source.Case(); c != "" {
		out = append(out, c)
	}
	for _, h := range b.Hits {
		if !slices.Contains(out, h.Case) {
			out = append(out, h.Case)
		}
	}
	return out
}

func (b *Booking) link(u code.Unit) (Link, bool) {
	i := slices.IndexFunc(b.Links, func(l Link) bool { return l.Unit == u })
	if i < 0 {
		return Link{}, false
	}
	return b.Links[i], true
}

// Hit is a running case whose unit a court's booking has changed.
type Hit struct {
	Unit code.Unit `json:"unit"`
	Case CaseID    `json:"case"`
}

// bookingDoc is the written form: field order, names and encoding are the
// format. See docs/register.md.
type bookingDoc struct {
	V      string    `json:"v"`
	ID     BookingID `json:"id"`
	Source Source    `json:"source"`
	At     string    `json:"at"`
	Agency string    `json:"agency"`
	Key    string    `json:"key"`
	Hash   string    `json:"hash"`
	Sign   string    `json:"sign"`
	By     string    `json:"by"`
	Links  []Link    `json:"links"`
	Steps  []stepDoc `json:"steps"`
	Told   []EntryID `json:"told,omitempty"`
	Plan   string    `json:"plan"`
	Hits   []Hit     `json:"hits,omitempty"`
}

type stepDoc struct {
	Kind         OpKind          `json:"kind"`
	Data         json.RawMessage `json:"data"`
	Certificates []string        `json:"certificates,omitempty"`
	Sealed       []byte          `json:"sealed,omitempty"`
}

// write makes Raw from the other fields.
func (b *Booking) write() ([]byte, error) {
	d := bookingDoc{
		V: BookingFormat, ID: b.ID, Source: b.Source, At: b.At.UTC().Format(timeFormat), Agency: b.Agency, Key: b.Names.Key,
		Hash: b.Names.Hash, Sign: b.Names.Sign, By: b.By, Links: b.Links, Told: b.Told, Plan: b.Plan, Hits: b.Hits,
	}
	for _, s := range b.Steps {
		data, err := exact.Marshal(s.Op)
		if err != nil {
			return nil, err
		}
		d.Steps = append(d.Steps, stepDoc{s.Op.kind(), data, s.Certificates, s.Sealed})
	}
	return exact.Marshal(d)
}

// ParseBooking reads a booking's bytes and checks their form: known format, no
// unknown or repeated names, exactly the bytes this package would write. Hash,
// signature and place in the log are [Register.Verify]'s.
func ParseBooking(raw []byte) (Booking, error) {
	b, d, err := readBooking(raw, decodeOp)
	if err != nil {
		return Booking{}, err
	}
	again, err := exact.Marshal(d)
	if err != nil || !bytes.Equal(again, raw) {
		return Booking{}, broken("booking is not in its written form", err)
	}
	return b, nil
}

// ReadBooking is ParseBooking without the proof of the exact written form, for
// a store that reads back what was written here.
func ReadBooking(raw []byte) (Booking, error) {
	b, _, err := readBooking(raw, readOp)
	return b, err
}

func readBooking(raw []byte, decode func(OpKind, []byte) (Op, error)) (Booking, *bookingDoc, error) {
	var d bookingDoc
	if len(raw) > maxBooking {
		return Booking{}, nil, broken("booking is too large", nil)
	}
	if err := exact.Unmarshal(raw, &d); err != nil {
		return Booking{}, nil, broken("booking is not readable", err)
	}
	at, err := time.Parse(timeFormat, d.At)
	if err != nil || d.V != BookingFormat {
		return Booking{}, nil, broken("booking is not of a known form", err)
	}
	b := Booking{
		ID: d.ID, Source: d.Source, At: at, Agency: d.Agency, Names: Names{d.Key, d.Hash, d.Sign}, By: d.By, Links: d.Links,
		Told: d.Told, Plan: d.Plan, Hits: d.Hits, Raw: raw,
	}
	touched := map[code.Unit]bool{}
	for i, s := range d.Steps {
		op, err := decode(s.Kind, s.Data)
		if err != nil {
			return Booking{}, nil, broken("step "+itoa(i), err)
		}
		for _, u := range touches(op) {
			touched[u] = true
		}
		b.Steps = append(b.Steps, Step{op, s.Certificates, s.Sealed})
	}
	if err := b.consistent(touched); err != nil {
		return Booking{}, nil, err
	}
	return b, &d, nil
}

// consistent checks what the parts of a booking say about each other.
func (b *Booking) consistent(touched map[code.Unit]bool) error {
	if b.ID != b.Source.BookingID() {
		return broken("booking has the id of another source", nil)
	}
	if len(b.Steps) == 0 || len(b.Links) != len(touched) {
		return broken("booking does not link the units it touches", nil)
	}
	for i, l := range b.Links {
		if !touched[l.Unit] || l.Version < 1 || (l.Version == 1) != (l.Prev == "") || i > 0 && b.Links[i-1].Unit >= l.Unit {
			return broken("booking does not link the units it touches", nil)
		}
	}
	return nil
}

// planDigest is over what was asked for, without what differs between two
// tries of the same request (certificates' numbers, sealed bytes).
func planDigest(steps []Step) (string, error) {
	h := sha256.New()
	h.Write([]byte("tongban.booking-plan/1\n"))
	for _, s := range steps {
		data, err := exact.Marshal(s.Op)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s\n%s\n", s.Op.kind(), data)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Units are the units that the booking touches, in order.
func (b *Booking) Units() []code.Unit {
	out := make([]code.Unit, 0, len(b.Links))
	for _, l := range b.Links {
		out = append(out, l.Unit)
	}
	return out
}
