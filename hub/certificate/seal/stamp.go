package seal

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/digitorus/timestamp"
)

// Remote is a time stamp authority at an address.
type Remote struct {
	url     string
	roots   *x509.CertPool
	client  *http.Client
	timeout time.Duration
}

// NewRemote takes the authority's http or https address. With roots, tokens
// must come from a certificate that leads to one of them and is for time
// stamping; without, any token with a good signature is taken.
func NewRemote(url string, roots *x509.CertPool, timeout time.Duration) *Remote {
	return &Remote{url: url, roots: roots, client: &http.Client{}, timeout: timeout}
}

// Stamp asks the authority.
func (r *Remote) Stamp(ctx context.Context, query []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(query))
	if err != nil {
		return nil, fmt.Errorf("time stamp: %w", err)
	}
	req.Header.Set("Content-Type", "application/timestamp-query")
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("time stamp: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("time stamp: the authority answers %d", resp.StatusCode)
	}
	reply, err := io.ReadAll(io.LimitReader(resp.Body, maxStamp+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("time stamp: %w", err)
	case len(reply) > maxStamp:
		return nil, errors.New("time stamp: the answer is too long")
	}
	return reply, r.trusted(reply)
}

func (r *Remote) trusted(reply []byte) error {
	if r.roots == nil {
		return nil
	}
	token, err := parseReply(reply)
	if err != nil {
		return err
	}
	between := x509.NewCertPool()
	for _, c := range token.Certificates {
		between.AddCert(c)
	}
	for _, c := range token.Certificates {
		_, err = c.Verify(x509.VerifyOptions{
			Roots: r.roots, Intermediates: between, CurrentTime: token.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
		})
		if err == nil && !c.IsCA {
			return nil
		}
	}
	return errors.New("time stamp: its certificate is not trusted")
}

// Authority is a time stamp authority in this process, for tests and for hubs
// without one. Its time is this machine's and no outsider vouches for it.
type Authority struct {
	cert *x509.Certificate
	key  crypto.Signer
	now  func() time.Time
}

// policy is an OID under 2.25 (a UUID), so that nobody takes it for a policy of a real authority.
var policy = asn1.ObjectIdentifier{2, 25, 1, 1}

// Stamp answers a query of any SHA-2 hash.
func (a *Authority) Stamp(_ context.Context, query []byte) ([]byte, error) {
	q, err := timestamp.ParseRequest(query)
	if err != nil {
		return nil, fmt.Errorf("time stamp: %w", err)
	}
	t := timestamp.Timestamp{
		HashAlgorithm: q.HashAlgorithm, HashedMessage: q.HashedMessage, Time: a.now().UTC().Truncate(time.Second), Nonce: q.Nonce,
		Policy: policy, Accuracy: time.Second, AddTSACertificate: true,
	}
	reply, err := t.CreateResponseWithOpts(a.cert, a.key, crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("time stamp: %w", err)
	}
	return reply, nil
}
