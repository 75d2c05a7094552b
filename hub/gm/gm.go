// Package gm is the national commercial cipher suite for the chain: SM3
// (GB/T 32905), SM2 signatures (GB/T 32918.2, with the user id of GM/T 0009)
// and SM4 (GB/T 32907) in Galois/Counter Mode. It is used where a setting asks
// for it; every event names its algorithms, so both suites verify side by side.
package gm

import (
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/rand"
	"errors"
	"fmt"
	"hash"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
	"github.com/emmansun/gmsm/smx509"

	"tongban/hub"
)

// The names that events and keys carry.
const (
	HashName = "sm3"
	SignName = "sm2" // over SM3 with the default user id, DER (r, s)
	SealName = "sm4-gcm"
)

var (
	_ hub.HashScheme = hashScheme{}
	_ hub.SignScheme = signScheme{}
	_ hub.SealScheme = sealScheme{}
)

// Suite is SM3, SM2 and SM4-GCM.
func Suite() hub.Suite {
	return hub.Suite{Hash: hashScheme{}, Sign: signScheme{}, Seal: sealScheme{}}
}

type hashScheme struct{}

func (hashScheme) Name() string   { return HashName }
func (hashScheme) New() hash.Hash { return sm3.New() }

// sealScheme needs a nonce that never repeats under one key, like every GCM.
type sealScheme struct{}

func (sealScheme) Name() string { return SealName }
func (sealScheme) KeySize() int { return sm4.BlockSize } // an SM4 key is one block long

func (sealScheme) AEAD(key []byte) (cipher.AEAD, error) {
	block, err := sm4.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("SM4 key: %w", err)
	}
	return cipher.NewGCM(block)
}

// defaultUser is 1234567812345678, what GM/T 0009 says to use where no id is
// agreed; the option also makes SM2 hash Z and the message itself.
var defaultUser = sm2.DefaultSM2SignerOpts

type signScheme struct{}

func (signScheme) Name() string { return SignName }

func (signScheme) Generate() (pkcs8, pkix []byte, err error) {
	key, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make SM2 key: %w", err)
	}
	if pkcs8, err = smx509.MarshalPKCS8PrivateKey(key); err != nil {
		return nil, nil, fmt.Errorf("encode SM2 private key: %w", err)
	}
	if pkix, err = smx509.MarshalPKIXPublicKey(&key.PublicKey); err != nil {
		return nil, nil, fmt.Errorf("encode SM2 public key: %w", err)
	}
	return pkcs8, pkix, nil
}

func (signScheme) Signer(pkcs8 []byte) (hub.Signer, error) {
	k, err := smx509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		return nil, fmt.Errorf("read SM2 private key: %w", err)
	}
	key, ok := k.(*sm2.PrivateKey)
	if !ok {
		return nil, errors.New("not an SM2 private key")
	}
	return signer{key}, nil
}

func (signScheme) Verify(pkix, message, sig []byte) error {
	k, err := smx509.ParsePKIXPublicKey(pkix)
	if err != nil {
		return fmt.Errorf("read SM2 public key: %w", err)
	}
	key, ok := k.(*ecdsa.PublicKey)
	if !ok || !sm2.IsSM2PublicKey(key) {
		return errors.New("not an SM2 public key")
	}
	if !sm2.VerifyASN1WithSM2(key, nil, message, sig) { // nil is the default user
		return errors.New("signature does not verify")
	}
	return nil
}

// signer is safe for concurrent use: the key only caches an inverse, once.
type signer struct{ key *sm2.PrivateKey }

func (s signer) Sign(message []byte) ([]byte, error) {
	return s.key.Sign(rand.Reader, message, defaultUser)
}
