package signin

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Params are the costs of one argon2id hash (RFC 9106).
type Params struct {
	MemoryKiB uint32
	Passes    uint32
	Threads   uint8
}

// DefaultParams are the second choice of RFC 9106 §4: 64 MiB, for where 2 GiB
// per sign-in is too much.
func DefaultParams() Params { return Params{MemoryKiB: 64 << 10, Passes: 3, Threads: 4} }

const (
	saltSize = 16
	hashSize = 32
	// Bounds on what a stored hash may ask of this process.
	maxMemoryKiB = 1 << 20
	maxPasses    = 64
)

// Hash encodes a password's hash with its salt and costs in the PHC form
// "$argon2id$v=19$m=65536,t=3,p=4$salt$hash". The password is normalised
// (NFC), so that it does not depend on the keyboard that typed it.
func Hash(password string, p Params) string {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails: crypto/rand aborts the process instead
	return encode(p, salt, p.derive(password, salt, hashSize))
}

func (p Params) derive(password string, salt []byte, size uint32) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, p.Passes, p.MemoryKiB, p.Threads, size)
}

func encode(p Params, salt, hash []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.MemoryKiB, p.Passes, p.Threads, b64(salt), b64(hash))
}

// Verify reports whether the password belongs to an encoded hash. The error is
// for hashes that are not in the written form; a wrong password is no error.
func Verify(encoded, password string) (bool, error) {
	p, salt, want, err := decode(encoded)
	if err != nil {
		return false, err
	}
	got := p.derive(password, salt, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

func decode(encoded string) (p Params, salt, hash []byte, err error) {
	bad := func(what string) (Params, []byte, []byte, error) {
		return Params{}, nil, nil, fmt.Errorf("stored password hash: %s", what)
	}
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return bad("not argon2id")
	}
	var version int
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &p.MemoryKiB, &p.Passes, &p.Threads); err != nil {
		return bad("costs are not readable")
	}
	if version != argon2.Version || p.Passes < 1 || p.Passes > maxPasses || p.Threads < 1 ||
		p.MemoryKiB < 8*uint32(p.Threads) || p.MemoryKiB > maxMemoryKiB {
		return bad("costs are out of range")
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil || len(salt) < 8 {
		return bad("salt is not readable")
	}
	if hash, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(hash) < 16 || len(hash) > 64 {
		return bad("hash is not readable")
	}
	if encode(p, salt, hash) != encoded {
		return bad("not in its written form")
	}
	return p, salt, hash, nil
}
