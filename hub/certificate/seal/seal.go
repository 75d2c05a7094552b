package seal

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/digitorus/pdf"
	"github.com/digitorus/pdfsign/sign"

	"tongban/hub"
	"tongban/hub/certificate"
)

// Config is what a Signer needs.
type Config struct {
	Key     crypto.Signer       // RSA or ECDSA, also one that a hardware module holds
	Chain   []*x509.Certificate // the seal's certificate first, then its issuers
	Stamper Stamper             // where time stamps come from
	Test    bool                // marks every paper as made by a test signer; a certificate that says TEST does so too
	Now     func() time.Time    // nil for time.Now
}

// Signer is a certificate.Sealer with a key at hand. It is safe for concurrent
// use; Close ends its loopback listener.
type Signer struct {
	c     Config
	relay *relay
	one   sync.Mutex // held while pdfsign works: its libraries do not promise concurrent use
}

var _ certificate.Sealer = (*Signer)(nil)

// New checks that key and certificate belong together and starts the loopback
// listener that hands time stamps to the signing library.
func New(c Config) (*Signer, error) {
	switch {
	case c.Key == nil || len(c.Chain) == 0 || c.Stamper == nil:
		return nil, errors.New("seal: key, certificate and stamper are needed")
	case c.Chain[0].KeyUsage != 0 && c.Chain[0].KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		return nil, errors.New("seal: the certificate is not for signatures")
	}
	own, ok := c.Key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !own.Equal(c.Chain[0].PublicKey) {
		return nil, errors.New("seal: the first certificate is not the key's")
	}
	for i := range len(c.Chain) - 1 {
		if err := c.Chain[i].CheckSignatureFrom(c.Chain[i+1]); err != nil {
			return nil, fmt.Errorf("seal: certificate %d is not issued by the next one: %w", i+1, err)
		}
	}
	c.Test = c.Test || strings.Contains(c.Chain[0].Subject.String(), TestWord)
	if c.Now == nil {
		c.Now = time.Now
	}
	r, err := newRelay(c.Stamper)
	if err != nil {
		return nil, err
	}
	return &Signer{c: c, relay: r}, nil
}

// Close ends the listener and waits for it.
func (s *Signer) Close() error { return s.relay.close() }

// Mark draws a seal here, with the word TEST when the signer is a test signer.
func (s *Signer) Mark(agency, name string) certificate.Mark {
	return certificate.Mark{Agency: agency, Name: name, Test: s.c.Test}
}

// Seal signs a paper of our own. See certificate.Sealer for its errors.
func (s *Signer) Seal(ctx context.Context, paper []byte, w certificate.SealWish) (certificate.Sealed, error) {
	if !bytes.HasPrefix(paper, []byte("%PDF-1.7\n")) || bytes.Contains(paper, []byte("/ByteRange")) {
		return certificate.Sealed{}, hub.E(hub.Invalid, "not an unsealed paper of this hub")
	}
	leaf := s.c.Chain[0]
	if now := s.c.Now(); now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
		return certificate.Sealed{}, hub.Wrap(hub.Internal, errors.New("the certificate of the seal is not valid today"), "sealing failed")
	}
	s.one.Lock()
	defer s.one.Unlock()
	ticket := s.relay.open(ctx)
	out, err := s.sign(paper, w, ticket.url)
	stamped, stampErr := ticket.close()
	switch {
	case stampErr != nil:
		return certificate.Sealed{}, hub.Wrap(hub.Unavailable, stampErr, "no time stamp")
	case err != nil:
		return certificate.Sealed{}, hub.Wrap(hub.Internal, err, "sealing failed")
	case stamped.IsZero():
		return certificate.Sealed{}, hub.Wrap(hub.Internal, errors.New("the signature has no time stamp"), "sealing failed")
	}
	return certificate.Sealed{
		PDF: out, Signer: leaf.Subject.CommonName, Serial: leaf.SerialNumber.Text(16), At: stamped, Test: s.c.Test,
	}, nil
}

func (s *Signer) sign(paper []byte, w certificate.SealWish, stamps string) (out []byte, err error) {
	defer func() { // the reader under pdfsign panics on files it does not know
		if r := recover(); r != nil {
			out, err = nil, fmt.Errorf("panic: %v", r)
		}
	}()
	rd, err := pdf.NewReader(bytes.NewReader(paper), int64(len(paper)))
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	err = sign.Sign(bytes.NewReader(paper), &buf, rd, int64(len(paper)), sign.SignData{
		Signature: sign.SignDataSignature{
			CertType: sign.CertificationSignature, DocMDPPerm: sign.DoNotAllowAnyChangesPerms,
			Info: sign.SignDataSignatureInfo{Name: w.Agency, Reason: w.Reason, Location: w.Place},
		},
		Signer: s.c.Key, DigestAlgorithm: crypto.SHA256, Certificate: s.c.Chain[0],
		CertificateChains: [][]*x509.Certificate{s.c.Chain},
		TSA:               sign.TSA{URL: stamps},
	})
	return buf.Bytes(), err
}
