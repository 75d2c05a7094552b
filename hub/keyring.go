package hub

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Keyring holds the hub's keys: the signing keys of its agencies and the data
// keys of its cases, both stored under one master key that never leaves the
// process. It is safe for concurrent use.
type Keyring struct {
	algs     *Algorithms
	store    KeyStore
	wrap     []byte // seals stored keys
	search   []byte // makes party references
	register []byte // seals the names of the register

	mu      sync.RWMutex // guards the maps
	public  map[KeyID]PublicKey
	signers map[AgencyID]signingKey
	cases   map[CaseID]*caseKey
}

type signingKey struct {
	PublicKey
	Signer
}

// caseKey opens and seals one case.
type caseKey struct {
	scheme string
	key    []byte
	mac    []byte // for command digests
	read   time.Time
}

// MasterKeySize is the length of the master key in bytes.
const MasterKeySize = 32

// Bounds of the cache of case keys; a miss costs one read. An erasure on
// another node takes effect here when the entry is too old.
const (
	maxCachedCases = 20_000
	maxKeyAge      = time.Minute
)

// NewKeyring derives the hub's own keys from the master key (HKDF-SHA-256, RFC 5869).
func NewKeyring(master []byte, algs *Algorithms, store KeyStore) (*Keyring, error) {
	if len(master) != MasterKeySize {
		return nil, fmt.Errorf("master key must have %d bytes", MasterKeySize)
	}
	k := &Keyring{
		algs: algs, store: store, public: map[KeyID]PublicKey{},
		signers: map[AgencyID]signingKey{}, cases: map[CaseID]*caseKey{},
	}
	var err error
	if k.wrap, err = hkdf.Key(sha256.New, master, nil, "tongban wrap keys", 32); err != nil {
		return nil, err
	}
	if k.search, err = hkdf.Key(sha256.New, master, nil, "tongban party references", 32); err != nil {
		return nil, err
	}
	k.register, err = registerKey(master)
	return k, err
}

// PartyRef makes the keyed hash by which a party is found and compared.
func (k *Keyring) PartyRef(idKind, idNumber string) PartyRef {
	m := hmac.New(sha256.New, k.search)
	fmt.Fprintf(m, "%s\n%s", idKind, idNumber)
	return PartyRef(hex.EncodeToString(m.Sum(nil)[:20]))
}

// EnsureAgencyKey makes the agency's first signing key if it has none in force.
func (k *Keyring) EnsureAgencyKey(ctx context.Context, a AgencyID, now time.Time) (PublicKey, error) {
	if s, err := k.signer(ctx, a); err == nil {
		return s.PublicKey, nil
	} else if ErrorCode(err) != NotFound {
		return PublicKey{}, err
	}
	pkcs8, pkix, err := k.algs.Sign.Generate()
	if err != nil {
		return PublicKey{}, fmt.Errorf("make signing key: %w", err)
	}
	id := NewKeyID(k.algs.Sign.Name(), pkix)
	sealed, err := k.sealKey(pkcs8, "agency key "+string(id))
	if err != nil {
		return PublicKey{}, err
	}
	rec := AgencyKey{ID: id, Agency: a, Scheme: k.algs.Sign.Name(), Public: pkix, Sealed: sealed, From: Millis(now)}
	if err := k.store.SaveAgencyKey(ctx, rec); err != nil {
		return PublicKey{}, fmt.Errorf("save key of %s: %w", a, err)
	}
	s, err := k.signer(ctx, a)
	return s.PublicKey, err
}

// signer returns the agency's newest key in force that this hub can sign with.
func (k *Keyring) signer(ctx context.Context, a AgencyID) (signingKey, error) {
	k.mu.RLock()
	s, ok := k.signers[a]
	k.mu.RUnlock()
	if ok {
		return s, nil
	}
	keys, err := k.store.AgencyKeys(ctx, a)
	if err != nil {
		return signingKey{}, fmt.Errorf("keys of %s: %w", a, err)
	}
	for _, rec := range keys {
		if rec.Sealed == nil || !rec.Until.IsZero() {
			continue
		}
		pkcs8, err := k.openKey(rec.Sealed, "agency key "+string(rec.ID))
		if err != nil {
			return signingKey{}, fmt.Errorf("open key %s: %w", rec.ID, err)
		}
		scheme, err := k.algs.SignNamed(rec.Scheme)
		if err != nil {
			return signingKey{}, err
		}
		signer, err := scheme.Signer(pkcs8)
		if err != nil {
			return signingKey{}, fmt.Errorf("read key %s: %w", rec.ID, err)
		}
		s = signingKey{publicKey(rec), signer}
		k.mu.Lock()
		k.signers[a], k.public[rec.ID] = s, s.PublicKey
		k.mu.Unlock()
		return s, nil
	}
	return signingKey{}, E(NotFound, "agency %s has no signing key here", a)
}

func publicKey(rec AgencyKey) PublicKey {
	return PublicKey{ID: rec.ID, Agency: rec.Agency, Scheme: rec.Scheme, PKIX: rec.Public, From: rec.From, Until: rec.Until}
}

// Sign signs a message (not an event) with the agency's key.
func (k *Keyring) Sign(ctx context.Context, a AgencyID, message []byte) (PublicKey, []byte, error) {
	s, err := k.signer(ctx, a)
	if err != nil {
		return PublicKey{}, nil, err
	}
	sig, err := s.Sign(message)
	return s.PublicKey, sig, err
}

// PublicKey implements PublicKeys.
func (k *Keyring) PublicKey(ctx context.Context, id KeyID) (PublicKey, error) {
	k.mu.RLock()
	p, ok := k.public[id]
	k.mu.RUnlock()
	if ok {
		return p, nil
	}
	rec, err := k.store.AgencyKey(ctx, id)
	if err != nil {
		return PublicKey{}, err
	}
	p = publicKey(rec)
	k.mu.Lock()
	k.public[id] = p
	k.mu.Unlock()
	return p, nil
}

// caseKey returns the data key of a case; with create it makes one if there is none.
func (k *Keyring) caseKey(ctx context.Context, id CaseID, create bool) (*caseKey, error) {
	k.mu.RLock()
	c := k.cases[id]
	k.mu.RUnlock()
	if c != nil && time.Since(c.read) < maxKeyAge {
		return c, nil
	}
	rec, err := k.store.CaseKey(ctx, id)
	if ErrorCode(err) == NotFound && create {
		rec, err = k.newCaseKey(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	key, err := k.openKey(rec.Sealed, "case key "+string(id))
	if err != nil {
		return nil, fmt.Errorf("open key of case %s: %w", id, err)
	}
	mac, err := hkdf.Key(sha256.New, key, nil, "tongban command digest", 32)
	if err != nil {
		return nil, err
	}
	c = &caseKey{rec.Scheme, key, mac, time.Now()}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.cases) >= maxCachedCases {
		clear(k.cases)
	}
	k.cases[id] = c
	return c, nil
}

func (k *Keyring) newCaseKey(ctx context.Context, id CaseID) (CaseKeyRecord, error) {
	key := make([]byte, k.algs.Seal.KeySize())
	rand.Read(key)
	sealed, err := k.sealKey(key, "case key "+string(id))
	if err != nil {
		return CaseKeyRecord{}, err
	}
	return k.store.SaveCaseKey(ctx, CaseKeyRecord{Case: id, Scheme: k.algs.Seal.Name(), Sealed: sealed})
}

// EraseCase destroys the case key: what was sealed with it can never be read
// again, while the chain still verifies.
func (k *Keyring) EraseCase(ctx context.Context, id CaseID, now time.Time) error {
	if err := k.store.EraseCaseKey(ctx, id, Millis(now)); err != nil {
		return err
	}
	k.mu.Lock()
	delete(k.cases, id)
	k.mu.Unlock()
	return nil
}

// sealedContext binds a sealed part to its place, so that it cannot be moved.
func sealedContext(c CaseID, kind Kind, cmd CommandID) []byte {
	return fmt.Appendf(nil, "tongban.sealed/1\n%s\n%s\n%s", c, kind, cmd)
}

func (k *Keyring) sealFact(key *caseKey, c CaseID, kind Kind, cmd CommandID, plain []byte) ([]byte, error) {
	scheme, err := k.algs.SealNamed(key.scheme)
	if err != nil {
		return nil, err
	}
	return seal(scheme, key.key, plain, sealedContext(c, kind, cmd))
}

// Unseal implements Unsealer.
func (k *Keyring) Unseal(ctx context.Context, e *Event) ([]byte, error) {
	key, err := k.caseKey(ctx, e.Case, false)
	if ErrorCode(err) == NotFound { // the case is there; its key should be
		return nil, Wrap(BrokenChain, err, "event %d: the key of the case is missing", e.Seq)
	}
	if err != nil {
		return nil, err
	}
	scheme, err := k.algs.SealNamed(e.Schemes.Seal)
	if err != nil {
		return nil, Wrap(BrokenChain, err, "event %d", e.Seq)
	}
	b, err := unseal(scheme, key.key, e.Sealed, sealedContext(e.Case, e.Kind, e.Command.ID))
	if err != nil {
		return nil, Wrap(BrokenChain, err, "event %d: personal part does not open", e.Seq)
	}
	return b, nil
}

func (c *caseKey) commandDigest(content []byte) string {
	m := hmac.New(sha256.New, c.mac)
	m.Write(content)
	return "hmac-sha256:" + hex.EncodeToString(m.Sum(nil))
}

func (k *Keyring) sealKey(plain []byte, context string) ([]byte, error) {
	return seal(aesScheme{}, k.wrap, plain, []byte(context))
}

func (k *Keyring) openKey(sealed []byte, context string) ([]byte, error) {
	return unseal(aesScheme{}, k.wrap, sealed, []byte(context))
}

// seal encrypts with a random nonce, which it puts in front.
func seal(s SealScheme, key, plain, context []byte) ([]byte, error) {
	a, err := s.AEAD(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, a.NonceSize(), a.NonceSize()+len(plain)+a.Overhead())
	rand.Read(nonce)
	return a.Seal(nonce, nonce, plain, context), nil
}

func unseal(s SealScheme, key, sealed, context []byte) ([]byte, error) {
	a, err := s.AEAD(key)
	if err != nil {
		return nil, err
	}
	if len(sealed) < a.NonceSize() {
		return nil, errors.New("sealed part is too short")
	}
	return a.Open(nil, sealed[:a.NonceSize()], sealed[a.NonceSize():], context)
}
