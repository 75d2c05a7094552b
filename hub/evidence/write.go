package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed" // the README of a bundle
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"tongban/hub"
	"tongban/hub/message"
	"tongban/hub/register"
)

//go:embed README.txt
var readme []byte

// Source is one case with all that proves it.
type Source struct {
	Case     *hub.Case
	Events   []hub.Event // the whole chain of Case
	Messages []Delivery
	// The register's booking, when the case has one: its bytes and signature.
	Booking, BookingSig []byte
	Files               opener
	Keys                hub.PublicKeys
	Signer              signer
	Exporter            hub.AgencyID // signs the manifest
	At                  time.Time
}

// Delivery is one message in its envelope, and its receipt's when there is one.
type Delivery struct{ Envelope, Receipt []byte }

// opener reads files by digest; hub.Objects is one.
type opener interface {
	Open(ctx context.Context, d hub.Digest) (r io.ReadCloser, size int64, err error)
}

// signer signs bytes that name their key; hub.Keyring is one.
type signer interface {
	SignNaming(ctx context.Context, a hub.AgencyID, compose func(hub.PublicKey) ([]byte, error)) (raw, sig []byte, err error)
}

// Write writes the bundle of a case. It streams: a material is never in memory
// as a whole, and each is checked against the chain while it passes. Same
// source, same bytes (except for signatures of a scheme that draws lots, such
// as SM2). When it fails, what was written is not a bundle.
func Write(ctx context.Context, w io.Writer, src Source) error {
	b := &builder{src: &src, small: map[string][]byte{}, materials: map[string]hub.File{}, keys: map[hub.KeyID]bool{}}
	if err := b.collect(); err != nil {
		return fmt.Errorf("bundle of case %s: %w", src.Case.ID, err)
	}
	raw, sig, err := src.Signer.SignNaming(ctx, src.Exporter, func(k hub.PublicKey) ([]byte, error) { return b.manifest(ctx, k) })
	if err != nil {
		return fmt.Errorf("manifest of case %s: %w", src.Case.ID, err)
	}
	out := newContainerWriter(w)
	if err := out.add(manifestName, raw); err != nil {
		return err
	}
	if err := out.add(signatureName, sig); err != nil {
		return err
	}
	for _, f := range b.files {
		if err := b.write(ctx, out, f); err != nil {
			return fmt.Errorf("bundle of case %s: %s: %w", src.Case.ID, f.Name, err)
		}
	}
	return out.close()
}

// builder collects the files of one bundle.
type builder struct {
	src       *Source
	small     map[string][]byte
	materials map[string]hub.File
	keys      map[hub.KeyID]bool
	files     []fileLine
}

func (b *builder) collect() error {
	b.small[readmeName] = readme
	for i := range b.src.Events {
		e := &b.src.Events[i]
		b.small[eventName(e.Seq)], b.small[eventSigName(e.Seq)] = e.Raw, e.Sig
		b.keys[e.Key] = true
		if e.Contribution != nil {
			b.keys[e.Contribution.Key] = true
		}
	}
	b.small[hashesName] = hashesOf(b.src.Events)
	for i := range b.src.Case.Materials {
		m := &b.src.Case.Materials[i]
		b.materials[materialName(m)] = m.File
	}
	if len(b.materials) != len(b.src.Case.Materials) {
		return hub.E(hub.BrokenChain, "two materials have one id")
	}
	for _, f := range b.src.Case.Hands() {
		b.materials[handName(f)] = f
	}
	if err := b.sessions(); err != nil {
		return err
	}
	for i := range b.src.Case.Results {
		r := &b.src.Case.Results[i].IssuedResult
		paper, text, sig := resultNames(r)
		b.materials[paper], b.small[text], b.small[sig] = r.File, r.SignedText(), r.Detached
		b.keys[r.Key] = true
	}
	if len(b.src.Booking) > 0 {
		x, err := register.ParseBooking(b.src.Booking)
		if err != nil {
			return hub.Wrap(hub.BrokenChain, err, "the booking is not readable")
		}
		b.small[bookingName], b.small[bookingSigName] = b.src.Booking, b.src.BookingSig
		b.keys[hub.KeyID(x.Names.Key)] = true
	}
	for _, d := range b.src.Messages {
		if err := b.message(d); err != nil {
			return err
		}
	}
	return nil
}

// sessions adds what video sessions gave, with the list of each recording.
func (b *builder) sessions() error {
	files := b.src.Case.SessionFiles()
	before := len(b.materials)
	for i := range files {
		b.materials[sessionName(&files[i])] = files[i].File
	}
	if len(b.materials) != before+len(files) {
		return hub.E(hub.BrokenChain, "two files of a session have one name")
	}
	for i := range b.src.Case.Sessions {
		list, err := b.src.Case.Sessions[i].RecordingList()
		if err != nil {
			return err
		}
		if list != nil {
			b.small[recordingName(&b.src.Case.Sessions[i])] = list
		}
	}
	return nil
}

func (b *builder) message(d Delivery) error {
	m, err := message.Parse(d.Envelope)
	if err != nil {
		return err
	}
	msg, sig, receipt, receiptSig := messageNames(m.ID)
	if was, ok := b.small[msg]; ok && !bytes.Equal(was, m.Raw) {
		return hub.E(hub.BrokenChain, "message %s is there twice with other content", m.ID)
	}
	b.small[msg], b.small[sig] = m.Raw, m.Sig
	b.keys[m.Key] = true
	if d.Receipt == nil {
		return nil
	}
	r, err := message.ParseReceipt(d.Receipt)
	if err != nil {
		return err
	}
	b.small[receipt], b.small[receiptSig] = r.Raw, r.Sig
	b.keys[r.Key] = true
	return nil
}

// manifest writes the manifest that the key k will sign.
func (b *builder) manifest(ctx context.Context, k hub.PublicKey) ([]byte, error) {
	b.keys[k.ID] = true
	if err := b.keyFiles(ctx); err != nil {
		return nil, err
	}
	b.small[sumsName] = sumsOf(b.lines())
	b.files = b.lines()
	c, last := b.src.Case, &b.src.Events[len(b.src.Events)-1]
	return hub.Marshal(manifest{
		V: Format, Case: c.ID, Number: c.Number, Status: c.Status, Custodian: c.Custodian,
		Head: message.HeadOf(last), Exporter: b.src.Exporter, At: k.Moment(b.src.At).Format(hub.TimeFormat),
		Key: k.ID, Sign: k.Scheme, PKIX: k.PKIX, Files: b.files,
	})
}

func (b *builder) keyFiles(ctx context.Context) error {
	var docs []keyDoc
	for _, id := range slices.Sorted(maps.Keys(b.keys)) {
		k, err := b.src.Keys.PublicKey(ctx, id)
		if err != nil {
			return fmt.Errorf("key %s: %w", id, err)
		}
		docs = append(docs, newKeyDoc(k))
		b.small[pemName(id)] = pemOf(k.PKIX)
	}
	var err error
	b.small[keysName], err = hub.Marshal(docs)
	return err
}

// lines lists all files in ascending order of name.
func (b *builder) lines() []fileLine {
	out := make([]fileLine, 0, len(b.small)+len(b.materials))
	for name, content := range b.small {
		out = append(out, lineOf(name, content))
	}
	for name, f := range b.materials {
		out = append(out, fileLine{name, f.Size, f.Digest.Hex()})
	}
	slices.SortFunc(out, func(x, y fileLine) int { return strings.Compare(x.Name, y.Name) })
	return out
}

func (b *builder) write(ctx context.Context, out *containerWriter, f fileLine) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if content, ok := b.small[f.Name]; ok {
		return out.add(f.Name, content)
	}
	file := b.materials[f.Name]
	r, _, err := b.src.Files.Open(ctx, file.Digest)
	if err != nil {
		return err
	}
	h := sha256.New()
	err = out.stream(f.Name, file.Size, io.TeeReader(r, h))
	if err2 := r.Close(); err == nil {
		err = err2
	}
	if err == nil && hex.EncodeToString(h.Sum(nil)) != f.SHA256 {
		err = hub.E(hub.DigestMismatch, "the stored file does not have its digest")
	}
	return err
}
