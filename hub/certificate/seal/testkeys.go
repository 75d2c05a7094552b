package seal

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// TestWord stands in every name of a test signer.
const TestWord = "测试 TEST"

// TestKeys are a test signer: an authority of its own, the seal and a time
// stamp authority. The caller makes them once and keeps them as PEM, readable
// by the hub alone.
type TestKeys struct {
	Root *x509.Certificate

	seal, stamp       *x509.Certificate
	sealKey, stampKey *ecdsa.PrivateKey
}

// NewTestKeys makes a test signer for an agency, valid for ten years from now.
func NewTestKeys(agency string, now time.Time) (*TestKeys, error) {
	if letters := []rune(agency); len(letters) > 30 {
		agency = string(letters[:30]) // X.520: a common name has at most 64 characters
	}
	rootKey, err := newKey()
	if err != nil {
		return nil, err
	}
	k := &TestKeys{}
	root := draft(agency+" "+TestWord+" 根证书 Root", now)
	root.IsCA, root.BasicConstraintsValid, root.MaxPathLenZero = true, true, true
	root.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	if k.Root, err = issue(root, root, &rootKey.PublicKey, rootKey); err != nil {
		return nil, err
	}
	if k.sealKey, err = newKey(); err != nil {
		return nil, err
	}
	seal := draft(agency+" "+TestWord+" 电子印章 Seal", now)
	seal.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if k.seal, err = issue(seal, k.Root, &k.sealKey.PublicKey, rootKey); err != nil {
		return nil, err
	}
	if k.stampKey, err = newKey(); err != nil {
		return nil, err
	}
	stamp := draft(agency+" "+TestWord+" 时间戳 Time Stamp", now)
	stamp.KeyUsage = x509.KeyUsageDigitalSignature
	// RFC 3161, 2.3: this purpose alone, and critical, which ExtKeyUsage cannot say.
	purpose, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	stamp.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: purpose}}
	if k.stamp, err = issue(stamp, k.Root, &k.stampKey.PublicKey, rootKey); err != nil {
		return nil, err
	}
	return k, nil // the root's key is not kept: it issues nothing more
}

func newKey() (*ecdsa.PrivateKey, error) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("seal: test key: %w", err)
	}
	return k, nil
}

func draft(name string, now time.Time) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		serial = big.NewInt(now.UnixNano()) // rand.Reader does not fail; see crypto/rand
	}
	return &x509.Certificate{
		SerialNumber: serial.Add(serial, big.NewInt(1)), Subject: pkix.Name{CommonName: name, Organization: []string{TestWord}, Country: []string{"CN"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(10, 0, 0),
	}
}

func issue(c, parent *x509.Certificate, key crypto.PublicKey, by crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key, by)
	if err != nil {
		return nil, fmt.Errorf("seal: test certificate: %w", err)
	}
	return x509.ParseCertificate(der)
}

// PEM writes everything into one file: root, seal and its key, stamp and its key.
func (k *TestKeys) PEM() ([]byte, error) {
	var out []byte
	for _, c := range []*x509.Certificate{k.Root, k.seal, k.stamp} {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	for _, key := range []*ecdsa.PrivateKey{k.sealKey, k.stampKey} {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return nil, fmt.Errorf("seal: %w", err)
		}
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})...)
	}
	return out, nil
}

// ReadTestKeys reads what PEM wrote.
func ReadTestKeys(b []byte) (*TestKeys, error) {
	certs, keys, err := readPEM(b)
	if err != nil {
		return nil, err
	}
	if len(certs) != 3 || len(keys) != 2 {
		return nil, errors.New("seal: not the keys of a test signer")
	}
	k := &TestKeys{Root: certs[0], seal: certs[1], stamp: certs[2]}
	var ok1, ok2 bool
	k.sealKey, ok1 = keys[0].(*ecdsa.PrivateKey)
	k.stampKey, ok2 = keys[1].(*ecdsa.PrivateKey)
	if !ok1 || !ok2 || !k.sealKey.PublicKey.Equal(k.seal.PublicKey) || !k.stampKey.PublicKey.Equal(k.stamp.PublicKey) {
		return nil, errors.New("seal: the keys of the test signer do not fit its certificates")
	}
	return k, nil
}

// Authority is the test signer's time stamp authority, with a clock.
func (k *TestKeys) Authority(now func() time.Time) *Authority {
	return &Authority{cert: k.stamp, key: k.stampKey, now: now}
}

// Config is a test signer with a clock; it says so on every paper. A nil stamper means its own authority.
func (k *TestKeys) Config(s Stamper, now func() time.Time) Config {
	if s == nil {
		s = k.Authority(now)
	}
	return Config{Key: k.sealKey, Chain: []*x509.Certificate{k.seal, k.Root}, Stamper: s, Test: true, Now: now}
}

// ReadSigner reads an operator's own seal: the certificate chain, the seal's
// first, and its private key (PKCS #8), all PEM in one file or put together.
func ReadSigner(b []byte) (crypto.Signer, []*x509.Certificate, error) {
	certs, keys, err := readPEM(b)
	if err != nil {
		return nil, nil, err
	}
	if len(certs) == 0 || len(keys) != 1 {
		return nil, nil, errors.New("seal: one private key and its certificates are needed")
	}
	return keys[0], certs, nil
}

func readPEM(b []byte) (certs []*x509.Certificate, keys []crypto.Signer, err error) {
	for {
		var block *pem.Block
		if block, b = pem.Decode(b); block == nil {
			return certs, keys, nil
		}
		switch block.Type {
		case "CERTIFICATE":
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, nil, fmt.Errorf("seal: certificate: %w", err)
			}
			certs = append(certs, c)
		case "PRIVATE KEY":
			k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, nil, errors.New("seal: the private key cannot be read")
			}
			s, ok := k.(crypto.Signer)
			if !ok {
				return nil, nil, errors.New("seal: the private key does not sign")
			}
			keys = append(keys, s)
		default:
			return nil, nil, fmt.Errorf("seal: a PEM block %q is neither CERTIFICATE nor PRIVATE KEY", block.Type)
		}
	}
}
