package hub

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

// oneKey vouches for a single agency key.
type oneKey struct{ key PublicKey }

func (k oneKey) PublicKey(_ context.Context, id KeyID) (PublicKey, error) {
	if id != k.key.ID {
		return PublicKey{}, E(NotFound, "no such key")
	}
	return k.key, nil
}

type notary struct {
	keys   oneKey
	signer Signer
	verify *Verifier
}

func newNotary(t testing.TB, agency AgencyID) *notary {
	t.Helper()
	algs := NewAlgorithms(StandardSuite())
	pkcs8, pkix, err := algs.Sign.Generate()
	if err != nil {
		t.Fatal(err)
	}
	s, err := algs.Sign.Signer(pkcs8)
	if err != nil {
		t.Fatal(err)
	}
	k := oneKey{PublicKey{ID: NewKeyID("ed25519", pkix), Agency: agency, Scheme: "ed25519", PKIX: pkix, From: time.Unix(0, 0)}}
	return &notary{k, s, &Verifier{Algorithms: algs, Keys: k}}
}

func (n *notary) event(t testing.TB, seq int64, prev Digest, f Fact) *Event {
	t.Helper()
	data, err := Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	e := &Event{
		Case: "case", Seq: seq, Prev: prev, At: time.UnixMilli(1_800_000_000_000 + seq).UTC(), Kind: f.kind(),
		Agency: n.keys.key.Agency, Key: n.keys.key.ID, Schemes: SchemeNames{"sha256", "ed25519", "aes-256-gcm"},
		Actor:   Signatory{"p1", n.keys.key.Agency, Clerk},
		Command: CommandMark{CommandID(strings.Repeat("c", int(seq))), "hmac-sha256:00"},
		Data:    data, Outbox: []Outgoing{{"m1", "offer", "b"}},
	}
	if err := e.seal(n.verify.Algorithms.Hash, n.signer); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEventReadsBackAsWritten(t *testing.T) {
	n := newNotary(t, "a")
	e := n.event(t, 1, "", &Received{Number: "1", Item: "transfer.resale", Agency: "a", PartyRefs: []PartyRef{"x"}})
	got, err := ParseEvent(e.Raw)
	if err != nil {
		t.Fatal(err)
	}
	got.Hash, got.Sig = e.Hash, e.Sig
	if err := n.verify.VerifyEvent(t.Context(), &got, 0, ""); err != nil {
		t.Fatal(err)
	}
	if got.At != e.At || got.Kind != e.Kind || got.Actor != e.Actor || got.Outbox[0] != e.Outbox[0] || !bytes.Equal(got.Data, e.Data) {
		t.Fatalf("got %+v, want %+v", got, e)
	}
}

func TestEveryChangedByteOfAnEventIsFound(t *testing.T) {
	n := newNotary(t, "a")
	e := n.event(t, 1, "", &Received{Number: "1", Item: "transfer.resale", Agency: "a", PartyRefs: []PartyRef{}})
	for i := range e.Raw {
		for _, flip := range []byte{0x01, 0x20, 0x80} {
			raw := bytes.Clone(e.Raw)
			raw[i] ^= flip
			got, err := ParseEvent(raw)
			if err != nil {
				continue
			}
			got.Hash, got.Sig = e.Hash, e.Sig
			if n.verify.VerifyEvent(t.Context(), &got, 0, "") == nil {
				t.Fatalf("byte %d with %#x was not found", i, flip)
			}
			// A forger who also recomputes the hash still lacks the key.
			got.Hash = Sum(n.verify.Algorithms.Hash, raw)
			if n.verify.VerifyEvent(t.Context(), &got, 0, "") == nil {
				t.Fatalf("byte %d with %#x and a new hash was not found", i, flip)
			}
		}
	}
}

func TestEventFormIsRefusedWhenItIsNotExact(t *testing.T) {
	n := newNotary(t, "a")
	raw := string(n.event(t, 1, "", &Closed{}).Raw)
	for name, bad := range map[string]string{
		"unknown name":   strings.Replace(raw, `"seq":1`, `"seq":1,"extra":0`, 1),
		"repeated name":  strings.Replace(raw, `"seq":1`, `"seq":2,"seq":1`, 1),
		"other case":     strings.Replace(raw, `"seq"`, `"Seq"`, 1),
		"white space":    strings.Replace(raw, `"seq":1`, `"seq": 1`, 1),
		"other format":   strings.Replace(raw, EventFormat, "tongban.event/2", 1),
		"bytes after":    raw + "{}",
		"other time":     strings.Replace(raw, "Z\"", "+00:00\"", 1),
		"escaped letter": strings.Replace(raw, `"case":"case"`, "\"case\":\"c\\u0061se\"", 1),
		"nothing":        "",
	} {
		if bad == raw {
			t.Fatalf("%s changes nothing", name)
		}
		if _, err := ParseEvent([]byte(bad)); ErrorCode(err) != BrokenChain {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestChainRefusesWrongOrderKeyAndAgency(t *testing.T) {
	n, other := newNotary(t, "a"), newNotary(t, "a")
	e := n.event(t, 2, "sha256:aa", &Closed{})
	for name, check := range map[string]func() error{
		"gap":         func() error { return n.verify.VerifyEvent(t.Context(), e, 0, "sha256:aa") },
		"other head":  func() error { return n.verify.VerifyEvent(t.Context(), e, 1, "sha256:bb") },
		"unknown key": func() error { return other.verify.VerifyEvent(t.Context(), e, 1, "sha256:aa") },
		"key of another agency": func() error {
			v := *n.verify
			k := n.keys
			k.key.Agency = "b"
			v.Keys = k
			return v.VerifyEvent(t.Context(), e, 1, "sha256:aa")
		},
		"key out of force": func() error {
			v := *n.verify
			k := n.keys
			k.key.Until = e.At.Add(-time.Second)
			v.Keys = k
			return v.VerifyEvent(t.Context(), e, 1, "sha256:aa")
		},
		"work of another agency without its signature": func() error {
			x := *e
			x.Actor.Agency = "b"
			if err := x.seal(n.verify.Algorithms.Hash, n.signer); err != nil {
				t.Fatal(err)
			}
			return n.verify.VerifyEvent(t.Context(), &x, 1, "sha256:aa")
		},
	} {
		if err := check(); ErrorCode(err) != BrokenChain {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := n.verify.VerifyEvent(t.Context(), e, 1, "sha256:aa"); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func TestFactsKeepEveryFieldAndRefuseOthers(t *testing.T) {
	for _, k := range Kinds() {
		f := newFact(k)
		if r, ok := f.(*Reviewed); ok {
			r.Second = k == KindSecondReviewed
		}
		data, err := Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := DecodeFact(k, data); err != nil {
			t.Errorf("%s: %v", k, err)
		}
		bad := bytes.Replace(data, []byte("{"), []byte(`{"ghost":1,`), 1)
		if _, err := DecodeFact(k, bytes.Replace(bad, []byte(",}"), []byte("}"), 1)); err == nil {
			t.Errorf("%s accepts an unknown name", k)
		}
	}
	if _, err := DecodeFact("case.invented", []byte("{}")); err == nil {
		t.Error("an unknown kind was read")
	}
}

func FuzzParseEvent(f *testing.F) {
	n := newNotary(f, "a")
	f.Add([]byte("{}"))
	f.Add(n.event(f, 1, "", &Closed{}).Raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := ParseEvent(raw)
		if err != nil {
			return
		}
		e.Hash = Sum(n.verify.Algorithms.Hash, raw)
		if again, err := ParseEvent(e.Raw); err != nil || again.Seq != e.Seq {
			t.Fatalf("does not read back: %v", err)
		}
		_, _ = DecodeFact(e.Kind, e.Data)
	})
}
