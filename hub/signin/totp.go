package signin

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238; authenticators know no other, and HMAC does not need collision resistance
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"

	"tongban/hub"
)

// What a code is made of (RFC 6238, RFC 4226): the values that every
// authenticator takes for granted.
const (
	secretSize    = 20 // bytes; RFC 4226 asks for the length of the hash
	codeDigits    = 6
	period        = 30 // seconds
	skew          = 1  // steps that a clock may be off, each way (RFC 6238 §5.2)
	recoveryCodes = 10
	recoverySize  = 10 // bytes: 80 random bits need no stretching when hashed
)

var plain32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// hotp is the code of a counter (RFC 4226 §5.3).
func hotp(secret []byte, counter uint64, digits int) string {
	m := hmac.New(sha1.New, secret)
	_ = binary.Write(m, binary.BigEndian, counter) // a hash takes everything
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	n := binary.BigEndian.Uint32(sum[at:]) & 0x7fff_ffff
	mod := uint32(1)
	for range digits {
		mod *= 10
	}
	return fmt.Sprintf("%0*d", digits, n%mod)
}

func stepOf(now time.Time) int64 { return now.Unix() / period }

// match returns the step that a code belongs to, if it is near now and after a
// step that was used. It compares in constant time.
func match(secret []byte, code string, now time.Time, used int64) (step int64, ok bool) {
	if len(code) != codeDigits {
		return 0, false
	}
	for s := stepOf(now) - skew; s <= stepOf(now)+skew; s++ {
		same := subtle.ConstantTimeCompare([]byte(hotp(secret, uint64(s), codeDigits)), []byte(code)) == 1
		if same && s > used {
			step, ok = s, true
		}
	}
	return step, ok
}

// readCode takes a code as people type it: with spaces, hyphens and small letters.
func readCode(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-' || r == '\u00a0' || r == '\u3000':
			return -1
		case r >= '０' && r <= '９': // typed with a Chinese keyboard
			return r - '０' + '0'
		}
		return r
	}, strings.ToUpper(strings.TrimSpace(typed)))
}

// SetUpAddress is what an authenticator reads from a QR
// (otpauth://totp/…, as Google Authenticator wrote it down).
func SetUpAddress(secret []byte, login string) string {
	v := url.Values{"secret": {plain32.EncodeToString(secret)}, "issuer": {"Tongban"}}
	return "otpauth://totp/" + url.PathEscape("Tongban:"+login) + "?" + v.Encode()
}

// newRecovery makes recovery codes and what is kept of them.
func newRecovery(p hub.PersonID) (codes, digests []string) {
	for range recoveryCodes {
		b := make([]byte, recoverySize)
		_, _ = rand.Read(b) // never fails: crypto/rand aborts the process instead
		code := plain32.EncodeToString(b)
		codes = append(codes, code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:])
		digests = append(digests, recoveryDigest(p, code))
	}
	return codes, digests
}

func recoveryDigest(p hub.PersonID, code string) string {
	h := sha256.Sum256([]byte("tongban.recovery/1\n" + string(p) + "\n" + code))
	return hex.EncodeToString(h[:])
}
