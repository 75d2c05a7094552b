package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// PublicKeys answers with the public key that a chain names.
type PublicKeys interface {
	// PublicKey returns NotFound for a key nobody has vouched for.
	PublicKey(ctx context.Context, id KeyID) (PublicKey, error)
}

// PublicKey is what is needed to check one key's signatures.
type PublicKey struct {
	ID     KeyID
	Agency AgencyID
	Scheme string
	PKIX   []byte
	From   time.Time
	Until  time.Time // zero: still in force
}

// Moment is t, or the first moment at which the key may sign: a clock that was
// set back must not make signatures that never verify.
func (k *PublicKey) Moment(t time.Time) time.Time {
	if t.Before(k.From) {
		return Millis(k.From)
	}
	return Millis(t)
}

// InForce reports whether the key may sign at a time.
func (k *PublicKey) InForce(t time.Time) bool {
	return !t.Before(Millis(k.From)) && (k.Until.IsZero() || !t.After(k.Until))
}

// Verifier checks events against their chain: order, hash, signature,
// contribution, and that the signing key belongs to the agency. It holds no
// state and needs no server.
type Verifier struct {
	Algorithms *Algorithms
	Keys       PublicKeys
}

// VerifyEvent checks one event, in its exact written form, against the head it
// must follow. The error
// names the first thing that is wrong.
func (v *Verifier) VerifyEvent(ctx context.Context, e *Event, prevSeq int64, prev Digest) error {
	if err := v.VerifyLink(e, prevSeq, prev); err != nil {
		return err
	}
	if _, err := ParseEvent(e.Raw); err != nil {
		return err
	}
	if _, err := DecodeFact(e.Kind, e.Data); err != nil {
		return Wrap(BrokenChain, err, "event %d", e.Seq)
	}
	if err := v.verifySignature(ctx, e, e.Agency, e.Key, e.Schemes.Sign, e.Raw, e.Sig); err != nil {
		return err
	}
	c := e.Contribution
	if (c != nil) != e.contributed() {
		return E(BrokenChain, "event %d: another agency's work needs its signature", e.Seq)
	}
	if c == nil {
		return nil
	}
	if c.Agency != e.Actor.Agency {
		return E(BrokenChain, "event %d: contribution is signed by another agency than the actor's", e.Seq)
	}
	h, err := v.Algorithms.HashNamed(e.Schemes.Hash)
	if err != nil {
		return Wrap(BrokenChain, err, "event %d", e.Seq)
	}
	return v.verifySignature(ctx, e, c.Agency, c.Key, c.Sign, e.contributionBytes(h), c.Sig)
}

// VerifyLink checks the cheap part: hash and place in the chain. It is done on
// every load.
func (v *Verifier) VerifyLink(e *Event, prevSeq int64, prev Digest) error {
	if e.Seq != prevSeq+1 {
		return E(BrokenChain, "event %d follows event %d", e.Seq, prevSeq)
	}
	if e.Prev != prev {
		return E(BrokenChain, "event %d does not carry the hash of event %d", e.Seq, prevSeq)
	}
	h, err := v.Algorithms.HashNamed(e.Schemes.Hash)
	if err != nil {
		return Wrap(BrokenChain, err, "event %d", e.Seq)
	}
	if Sum(h, e.Raw) != e.Hash {
		return E(BrokenChain, "event %d: its bytes do not have its hash", e.Seq)
	}
	return nil
}

func (v *Verifier) verifySignature(ctx context.Context, e *Event, a AgencyID, id KeyID, scheme string, msg, sig []byte) error {
	k, err := v.Keys.PublicKey(ctx, id)
	if err != nil {
		return Wrap(BrokenChain, err, "event %d: key %s is not known", e.Seq, id)
	}
	if k.Agency != a || k.Scheme != scheme {
		return E(BrokenChain, "event %d: key %s is not of agency %s", e.Seq, id, a)
	}
	if !k.InForce(e.At) {
		return E(BrokenChain, "event %d: key %s was not in force", e.Seq, id)
	}
	s, err := v.Algorithms.SignNamed(scheme)
	if err != nil {
		return Wrap(BrokenChain, err, "event %d", e.Seq)
	}
	if err := s.Verify(k.PKIX, msg, sig); err != nil {
		return Wrap(BrokenChain, err, "event %d: signature of %s", e.Seq, a)
	}
	return nil
}

// Unsealer opens the personal part of a case's events.
type Unsealer interface {
	// Unseal returns Erased when the case key was destroyed.
	Unseal(ctx context.Context, e *Event) ([]byte, error)
}

// Fold replays a chain into a case, checking links and transitions; with a nil
// unsealer the personal fields stay empty. It is what a load and a bundle's
// verification share.
func (v *Verifier) Fold(ctx context.Context, c *Case, events []Event, open Unsealer) error {
	return v.fold(ctx, c, events, open, DecodeFact)
}

func (v *Verifier) fold(ctx context.Context, c *Case, events []Event, open Unsealer, decode func(Kind, []byte) (Fact, error)) error {
	for i := range events {
		e := &events[i]
		if err := v.VerifyLink(e, c.Seq, c.Head); err != nil {
			return err
		}
		f, err := decode(e.Kind, e.Data)
		if err != nil {
			return Wrap(BrokenChain, err, "event %d", e.Seq)
		}
		if p := f.private(); p != nil && e.Sealed != nil && open != nil && !c.Erased {
			if err := openPrivate(ctx, e, p, open); ErrorCode(err) == Erased {
				c.Erased = true
			} else if err != nil {
				return err
			}
		}
		if err := c.Apply(*e, f); err != nil {
			return err
		}
	}
	return nil
}

func openPrivate(ctx context.Context, e *Event, p any, open Unsealer) error {
	b, err := open.Unseal(ctx, e)
	if err != nil {
		return err
	}
	if err := Unmarshal(b, p); err != nil {
		return Wrap(BrokenChain, err, "event %d: personal part", e.Seq)
	}
	return nil
}

// DecodeFact reads the public part of a fact, strictly: no unknown or repeated
// names, exactly the bytes this package would write.
func DecodeFact(k Kind, data []byte) (Fact, error) {
	f, err := readFact(k, data)
	if err != nil {
		return nil, err
	}
	again, err := Marshal(f)
	if err != nil || !bytes.Equal(again, data) {
		return nil, fmt.Errorf("%s is not in its written form", k)
	}
	return f, nil
}

// readFact is DecodeFact for what this hub has written itself.
func readFact(k Kind, data []byte) (Fact, error) {
	f := newFact(k)
	if f == nil {
		return nil, fmt.Errorf("kind %q is not known", k)
	}
	if err := Unmarshal(data, f); err != nil {
		return nil, fmt.Errorf("read %s: %w", k, err)
	}
	if f.kind() != k {
		return nil, fmt.Errorf("content of %s belongs to %s", k, f.kind())
	}
	return f, nil
}

// UnmarshalJSON keeps whole numbers whole: form values are string, bool or int64.
func (f *Form) UnmarshalJSON(b []byte) error {
	var m map[string]any
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if err := dec.Decode(&m); err != nil {
		return err
	}
	for k, v := range m {
		one, err := formValue(v, true)
		if err != nil {
			return fmt.Errorf("form field %q: %w", k, err)
		}
		m[k] = one
	}
	*f = m
	return nil
}

// formValue keeps whole numbers whole. A list holds rows, a row no list.
func formValue(v any, rows bool) (any, error) {
	switch x := v.(type) {
	case string, bool:
		return x, nil
	case json.Number:
		return x.Int64()
	case []any:
		if !rows {
			break
		}
		for i, row := range x {
			m, ok := row.(map[string]any)
			if !ok {
				return nil, errors.New("a list has rows with names")
			}
			for k, cell := range m {
				one, err := formValue(cell, false)
				if err != nil {
					return nil, fmt.Errorf("row %d, %q: %w", i, k, err)
				}
				m[k] = one
			}
		}
		return x, nil
	}
	return nil, errors.New("must be text, a whole number, yes/no, or a list of rows")
}
