package hub

import (
	"context"
	"fmt"
	"time"
)

// Factor is a person's second factor beside the password (GB/T 22239-2019,
// level 3, 8.1.4.1: two ways to prove who one is): a secret that makes codes
// of the time (RFC 6238), and codes for the day on which it is lost.
type Factor struct {
	Person    PersonID
	Sealed    []byte    // the secret, under the hub's own key
	Made      time.Time // names this set-up
	Confirmed time.Time // zero: not in force yet
	Step      int64     // the last step of time whose code was used
	Recovery  []string  // digests of the recovery codes that are left
}

// Factors keeps second factors, one for each person.
type Factors interface {
	// SaveFactor keeps a factor that is not in force yet, over an older such
	// one. Conflict when one is in force.
	SaveFactor(ctx context.Context, f Factor) error
	Factor(ctx context.Context, p PersonID) (Factor, error) // NotFound
	// ConfirmFactor puts f into force as it is given, if what is kept was made
	// at f.Made and is not in force. Conflict otherwise.
	ConfirmFactor(ctx context.Context, f Factor) error
	// UseStep notes that the code of a step was used. Conflict when this or a
	// later step was used before, or no factor is in force: a code counts once.
	UseStep(ctx context.Context, p PersonID, step int64) error
	// UseRecovery takes a recovery code away. Conflict when it is not there.
	UseRecovery(ctx context.Context, p PersonID, digest string) error
	// DropFactor forgets a factor; one that is not there is no error.
	DropFactor(ctx context.Context, p PersonID) error
}

func factorContext(f Factor) string {
	return fmt.Sprintf("tongban.factor/1\n%s\n%d", f.Person, f.Made.UnixMilli())
}

// SealFactor encrypts the secret of a factor with the hub's own key.
func (k *Keyring) SealFactor(f Factor, secret []byte) ([]byte, error) {
	return k.sealKey(secret, factorContext(f))
}

// OpenFactor gives the secret back. Error: Internal, when it was sealed with
// another key or moved to another person.
func (k *Keyring) OpenFactor(f Factor) ([]byte, error) {
	b, err := k.openKey(f.Sealed, factorContext(f))
	if err != nil {
		return nil, Wrap(Internal, err, "the second factor does not open")
	}
	return b, nil
}
