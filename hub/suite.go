package hub

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
)

// HashScheme is a hash by name.
type HashScheme interface {
	Name() string
	New() hash.Hash
}

// SignScheme makes and checks signatures by name. Keys travel in their
// standard forms: private PKCS #8, public PKIX, both DER.
type SignScheme interface {
	Name() string
	// Generate makes a key pair.
	Generate() (pkcs8, pkix []byte, err error)
	// Signer reads a private key. The Signer is safe for concurrent use.
	Signer(pkcs8 []byte) (Signer, error)
	// Verify reports nil only for a good signature of message.
	Verify(pkix, message, sig []byte) error
}

// Signer signs messages with one private key.
type Signer interface {
	Sign(message []byte) ([]byte, error)
}

// SealScheme is authenticated encryption by name.
type SealScheme interface {
	Name() string
	KeySize() int // bytes
	AEAD(key []byte) (cipher.AEAD, error)
}

// Algorithms knows every scheme by name and which ones new events use. Every
// event names its algorithms, so old chains verify after a change of setting.
type Algorithms struct {
	hashes map[string]HashScheme
	signs  map[string]SignScheme
	seals  map[string]SealScheme

	Hash HashScheme // for new events
	Sign SignScheme // for new keys
	Seal SealScheme // for new cases
}

// Suite is one family of schemes: the international default or SM2/SM3/SM4.
type Suite struct {
	Hash HashScheme
	Sign SignScheme
	Seal SealScheme
}

// StandardSuite is SHA-256 (FIPS 180-4), Ed25519 (RFC 8032) and AES-256-GCM
// (NIST SP 800-38D).
func StandardSuite() Suite { return Suite{sha256Scheme{}, ed25519Scheme{}, aesScheme{}} }

// NewAlgorithms uses the first suite for what is new and all of them for what is old.
func NewAlgorithms(use Suite, also ...Suite) *Algorithms {
	a := &Algorithms{
		hashes: map[string]HashScheme{}, signs: map[string]SignScheme{}, seals: map[string]SealScheme{},
		Hash: use.Hash, Sign: use.Sign, Seal: use.Seal,
	}
	for _, s := range append(also, use) {
		a.hashes[s.Hash.Name()] = s.Hash
		a.signs[s.Sign.Name()] = s.Sign
		a.seals[s.Seal.Name()] = s.Seal
	}
	return a
}

// HashNamed returns the scheme an event names.
func (a *Algorithms) HashNamed(name string) (HashScheme, error) {
	if s, ok := a.hashes[name]; ok {
		return s, nil
	}
	return nil, fmt.Errorf("unknown hash %q", name)
}

// SignNamed returns the scheme a key names.
func (a *Algorithms) SignNamed(name string) (SignScheme, error) {
	if s, ok := a.signs[name]; ok {
		return s, nil
	}
	return nil, fmt.Errorf("unknown signature scheme %q", name)
}

// SealNamed returns the scheme a sealed part names.
func (a *Algorithms) SealNamed(name string) (SealScheme, error) {
	if s, ok := a.seals[name]; ok {
		return s, nil
	}
	return nil, fmt.Errorf("unknown seal %q", name)
}

// Sum is the digest of b under a scheme.
func Sum(h HashScheme, b []byte) Digest {
	w := h.New()
	w.Write(b)
	return Digest(h.Name() + ":" + hex.EncodeToString(w.Sum(nil)))
}

type sha256Scheme struct{}

func (sha256Scheme) Name() string   { return "sha256" }
func (sha256Scheme) New() hash.Hash { return sha256.New() }

type ed25519Scheme struct{}

func (ed25519Scheme) Name() string { return "ed25519" }

func (ed25519Scheme) Generate() (pkcs8, pkix []byte, err error) {
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	if pkcs8, err = x509.MarshalPKCS8PrivateKey(priv); err != nil {
		return nil, nil, err
	}
	pkix, err = x509.MarshalPKIXPublicKey(pub)
	return pkcs8, pkix, err
}

type ed25519Signer struct{ key ed25519.PrivateKey }

func (s ed25519Signer) Sign(message []byte) ([]byte, error) {
	return ed25519.Sign(s.key, message), nil
}

func (ed25519Scheme) Signer(pkcs8 []byte) (Signer, error) {
	k, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		return nil, err
	}
	key, ok := k.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("not an Ed25519 key")
	}
	return ed25519Signer{key}, nil
}

func (ed25519Scheme) Verify(pkix, message, sig []byte) error {
	k, err := x509.ParsePKIXPublicKey(pkix)
	if err != nil {
		return err
	}
	key, ok := k.(ed25519.PublicKey)
	if !ok {
		return errors.New("not an Ed25519 key")
	}
	if !ed25519.Verify(key, message, sig) {
		return errors.New("signature does not verify")
	}
	return nil
}

type aesScheme struct{}

func (aesScheme) Name() string { return "aes-256-gcm" }
func (aesScheme) KeySize() int { return 32 }

func (aesScheme) AEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != 32 {
		return nil, errors.New("AES-256 needs a key of 32 bytes")
	}
	b, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(b)
}
