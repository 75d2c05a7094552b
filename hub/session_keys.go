package hub

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"

	"tongban/hub/session"
)

// NewSessionID derives a session's id from the command that makes it.
func NewSessionID(c CaseID, cmd CommandID) session.ID {
	h := sha256.Sum256([]byte("tongban.session/1\n" + string(c) + "\n" + string(cmd)))
	return session.ID(base32Lower.EncodeToString(h[:])[:26])
}

// secret is n random bytes for an address or a cookie.
func secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand aborts the process instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// secretDigest is what is stored of a secret. A plain digest is enough for 128
// random bits.
func secretDigest(s string) string {
	h := sha256.Sum256([]byte("tongban.link/1\n" + s))
	return hex.EncodeToString(h[:])
}

// linkID names an invitation in the chain. It opens nothing.
func linkID(link string) string { return link[:32] }

// newCode is six digits that a person can type.
func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil { // crypto/rand aborts the process instead
		panic(err)
	}
	return fmt.Sprintf("%06d", n.Int64())
}

// codeDigest is what is stored of a code, keyed since there are few codes.
func (k *Keyring) codeDigest(link, code string) string {
	m := hmac.New(sha256.New, k.search)
	fmt.Fprintf(m, "tongban.code/1\n%s\n%s", link, code)
	return hex.EncodeToString(m.Sum(nil))
}

// sealRecordDraft seals what is not yet an event with the key of its case.
func (k *Keyring) sealRecordDraft(ctx context.Context, c CaseID, id session.ID, plain []byte) ([]byte, error) {
	key, err := k.caseKey(ctx, c, false)
	if err != nil {
		return nil, err
	}
	scheme, err := k.algs.SealNamed(key.scheme)
	if err != nil {
		return nil, err
	}
	return seal(scheme, key.key, plain, recordDraftContext(c, id))
}

func (k *Keyring) openRecordDraft(ctx context.Context, c CaseID, id session.ID, sealed []byte) ([]byte, error) {
	key, err := k.caseKey(ctx, c, false)
	if err != nil {
		return nil, err
	}
	scheme, err := k.algs.SealNamed(key.scheme)
	if err != nil {
		return nil, err
	}
	return unseal(scheme, key.key, sealed, recordDraftContext(c, id))
}

func recordDraftContext(c CaseID, id session.ID) []byte {
	return fmt.Appendf(nil, "tongban.draft/1\n%s\n%s", c, id)
}
