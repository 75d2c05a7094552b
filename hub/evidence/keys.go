package evidence

import (
	"bytes"
	"context"
	"strings"

	"tongban/hub"
)

// Anchor is a public key that the verifying person knows from elsewhere.
type Anchor struct {
	Key    hub.KeyID
	Agency hub.AgencyID // "" when only the fingerprint is known
}

// ParseAnchor reads "<key id>" or "<agency>=<key id>".
func ParseAnchor(s string) (Anchor, error) {
	agency, key, both := strings.Cut(s, "=")
	if !both {
		agency, key = "", s
	}
	scheme, mark, ok := strings.Cut(key, ":")
	if !ok || scheme == "" || len(mark) != 32 || strings.Trim(mark, "0123456789abcdef") != "" || both && agency == "" {
		return Anchor{}, hub.E(hub.Invalid, "a trusted key is <scheme>:<32 hex digits>, or <agency>=<scheme>:<32 hex digits>")
	}
	return Anchor{hub.KeyID(key), hub.AgencyID(agency)}, nil
}

// keySet is the keys of a bundle. It counts who signed what.
type keySet struct {
	keys  map[hub.KeyID]hub.PublicKey
	order []hub.KeyID
	used  map[hub.KeyID]int
}

// PublicKey implements hub.PublicKeys. Each question is one signature that is
// about to be checked.
func (k *keySet) PublicKey(_ context.Context, id hub.KeyID) (hub.PublicKey, error) {
	p, ok := k.keys[id]
	if !ok {
		return hub.PublicKey{}, hub.E(hub.NotFound, "the bundle does not hold key %s", id)
	}
	k.used[id]++
	return p, nil
}

// readKeys reads keys/keys.json and checks each key's fingerprint and PEM file.
func (v *verification) readKeys() error {
	content, err := v.take(keysName)
	if err != nil {
		return err
	}
	var docs []keyDoc
	if err := hub.Unmarshal(content, &docs); err != nil {
		return wrong(keysName, "is not readable: %v", err)
	}
	if again, err := hub.Marshal(docs); err != nil || !bytes.Equal(again, content) {
		return wrong(keysName, "is not in its written form")
	}
	v.keys = &keySet{keys: map[hub.KeyID]hub.PublicKey{}, used: map[hub.KeyID]int{}}
	for i := range docs {
		k, err := docs[i].key()
		if err != nil {
			return wrong(keysName, "key %s: %v", docs[i].ID, err)
		}
		if _, twice := v.keys.keys[k.ID]; twice {
			return wrong(keysName, "key %s is there twice", k.ID)
		}
		if hub.NewKeyID(k.Scheme, k.PKIX) != k.ID {
			return wrong(keysName, "key %s does not have its fingerprint", k.ID)
		}
		v.keys.keys[k.ID] = k
		v.keys.order = append(v.keys.order, k.ID)
		if err := v.expect(pemName(k.ID), pemOf(k.PKIX)); err != nil {
			return err
		}
	}
	k, ok := v.keys.keys[v.m.Key]
	if !ok || k.Agency != v.m.Exporter || k.Scheme != v.m.Sign {
		return wrong(keysName, "does not hold the key that signed the manifest as one of %s", v.m.Exporter)
	}
	return nil
}

// trust checks every key against the anchors, if any are given, and that none
// is there for nothing.
func (v *verification) trust() error {
	v.report.Anchored = len(v.opt.Trusted) > 0
	for _, id := range v.keys.order {
		k := KeyReport{ID: id, Agency: v.keys.keys[id].Agency, Signatures: v.keys.used[id]}
		if k.Signatures == 0 {
			return wrong(pemName(id), "signed nothing in this bundle")
		}
		for _, a := range v.opt.Trusted {
			k.Trusted = k.Trusted || a.Key == id && (a.Agency == "" || a.Agency == k.Agency)
		}
		if v.report.Anchored && !k.Trusted {
			v.report.Anchored = false
			return wrong(pemName(id), "key %s of %s is not among the trusted keys", id, k.Agency)
		}
		v.report.Keys = append(v.report.Keys, k)
	}
	return nil
}
