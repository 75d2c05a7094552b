package certificate

import (
	"context"
	"time"
)

// Sealer puts an electronic seal on a finished paper. hub/certificate/seal has
// the one that signs here; an adapter of an outside seal platform (GB/T 38540)
// is another.
type Sealer interface {
	// Seal returns the paper with its seal. Errors: hub.Invalid when the paper
	// is sealed already, hub.Unavailable when the platform or the time stamp
	// authority does not answer in time, else hub.Internal. Sealing the same
	// paper twice gives other bytes: seal once and keep the result.
	Seal(ctx context.Context, paper []byte, w SealWish) (Sealed, error)
	// Mark is the seal to draw on the paper before it is sealed, for an agency;
	// the zero Mark where the platform draws its own.
	Mark(agency, name string) Mark
}

// SealWish is what the signature says of itself.
type SealWish struct {
	Agency string // whose seal
	Reason string // as 不动产登记发证
	Place  string // of the agency; may be empty
}

// Sealed is a paper with its seal.
type Sealed struct {
	PDF    []byte
	Signer string    // common name of the seal's certificate
	Serial string    // of the seal's certificate, hexadecimal
	At     time.Time // of the time stamp
	Test   bool      // by a test signer: the paper has no legal force
}

// Detached signs a paper beside the file, as with SM2/SM3 and the hub's own
// key. It must be applied to the final bytes, after a Sealer.
type Detached interface {
	Sign(paper []byte) (sig []byte, keyID string, err error)
}
