package hub

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"
)

// CaseID names a case inside the federation: 26 lower-case base32 characters,
// nothing in it to be relied on. Those made by [NewCaseID] begin with a time.
type CaseID string

// ClaimKey stands for one receive command of one person, for ever.
type ClaimKey string

// AgencyID names an agency, as "410425.registry": division, dot, short name.
type AgencyID string

// PersonID names a person who signs in. It is random and says nothing about him.
type PersonID string

// ItemCode names a kind of service, as "transfer.resale".
type ItemCode string

// CommandID is the caller's idempotency key, unique within a case.
type CommandID string

// OfferID names one offer of custody; it is also the id of its message.
type OfferID string

// MaterialID names one file in one slot of a case: the id of the command that added it.
type MaterialID string

// KeyID names a public key: "<scheme>:<first 32 hex digits of the SHA-256 of its PKIX form>".
type KeyID string

// PartyRef is a keyed hash of a party's identity number. It finds and compares
// people without showing who they are; only the hub's own key can make it.
type PartyRef string

// Digest is "<algorithm>:<hex>", for example "sha256:9f86…".
type Digest string

// Algorithm returns the name before the colon.
func (d Digest) Algorithm() string {
	name, _, _ := strings.Cut(string(d), ":")
	return name
}

// Hex returns the part after the colon.
func (d Digest) Hex() string {
	_, h, _ := strings.Cut(string(d), ":")
	return h
}

// ParseSHA256 reads a digest of a file: "sha256:" and 64 lower-case hex digits.
func ParseSHA256(s string) (Digest, error) {
	h, ok := strings.CutPrefix(s, "sha256:")
	if !ok || len(h) != 2*sha256.Size || strings.ToLower(h) != h {
		return "", E(Invalid, "digest must be sha256: and 64 lower-case hex digits")
	}
	if _, err := hex.DecodeString(h); err != nil {
		return "", E(Invalid, "digest must be sha256: and 64 lower-case hex digits")
	}
	return Digest(s), nil
}

// SHA256 is the digest of b.
func SHA256(b []byte) Digest {
	h := sha256.Sum256(b)
	return Digest("sha256:" + hex.EncodeToString(h[:]))
}

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// base32Sorted has the same characters in the order of their bytes, so that
// what is later in time is later in the alphabet.
var base32Sorted = base32.NewEncoding("234567abcdefghijklmnopqrstuvwxyz").WithPadding(base32.NoPadding)

// NewClaimKey is the key of the claim to the case that one person receives with
// one command.
func NewClaimKey(by PersonID, cmd CommandID) ClaimKey {
	h := sha256.Sum256([]byte("tongban.case/1\n" + string(by) + "\n" + string(cmd)))
	return ClaimKey(base32Lower.EncodeToString(h[:]))
}

// caseIDTime is how many characters of a case's id are its time: 50 bits of
// milliseconds, enough for 35,000 years.
const caseIDTime = 10

// NewCaseID makes the id of a case that is received at a moment. Cases that are
// neighbours in time are neighbours in every index, so that commands on them
// share pages; the other 80 bits keep two cases of one millisecond apart. A
// repeated receive command meets its own case by its claim ([EventStore]).
func NewCaseID(k ClaimKey, at time.Time) CaseID {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(at.UnixMilli())<<(64-5*caseIDTime))
	return CaseID(base32Sorted.EncodeToString(b[:])[:caseIDTime]) + k.oldCaseID()[:26-caseIDTime]
}

// oldCaseID is the id that the case of this claim had before ids began with a
// time. Such cases have no claim until they are rebuilt.
func (k ClaimKey) oldCaseID() CaseID { return CaseID(k[:26]) }

// NewOfferID derives an offer's id from the command that makes it.
func NewOfferID(c CaseID, cmd CommandID) OfferID {
	h := sha256.Sum256([]byte("tongban.offer/1\n" + string(c) + "\n" + string(cmd)))
	return OfferID(base32Lower.EncodeToString(h[:])[:26])
}

// NewMaterialID derives a material's id from the command that adds it.
func NewMaterialID(c CaseID, cmd CommandID) MaterialID {
	h := sha256.Sum256([]byte("tongban.material/1\n" + string(c) + "\n" + string(cmd)))
	return MaterialID(base32Lower.EncodeToString(h[:])[:26])
}

// NewKeyID names a public key by its PKIX (DER) form.
func NewKeyID(scheme string, pkix []byte) KeyID {
	h := sha256.Sum256(pkix)
	return KeyID(scheme + ":" + hex.EncodeToString(h[:16]))
}
