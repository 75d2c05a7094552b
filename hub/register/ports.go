package register

import (
	"context"
	"time"

	"tongban/hub/code"
)

// Store keeps the log. Append is the commit; snapshots and marks are derived.
// Errors: Conflict and NotFound as [Error]; others, as an answer that did not
// come, in the store's own form. It is safe for concurrent use.
type Store interface {
	// Append adds a booking, or nothing. Conflict when its id or any of its
	// Keys is taken. The booking counts as unprojected, and as unsettled when
	// it has hits.
	Append(ctx context.Context, b Booking) error
	// Booking reads one. NotFound.
	Booking(ctx context.Context, id BookingID) (Booking, error)
	// Versions are at most limit bookings of the unit from a version on, in order.
	Versions(ctx context.Context, u code.Unit, from int64, limit int) ([]Booking, error)
	// ByKey is the booking that holds a unique key. NotFound.
	ByKey(ctx context.Context, key string) (Booking, error)
	// OfCase are the bookings that belong to the case or hit it, oldest first.
	OfCase(ctx context.Context, c CaseID) ([]Booking, error)
	// All walks every booking by id, after one of them ("" from the start).
	All(ctx context.Context, after BookingID, limit int) ([]Booking, error)

	// MarkProjected says that the booking's snapshots are written.
	MarkProjected(ctx context.Context, id BookingID) error
	// Unprojected are bookings whose snapshots may be missing, oldest first.
	Unprojected(ctx context.Context, limit int) ([]Booking, error)
	// Unsettled are bookings with hits that nobody has settled, oldest first.
	Unsettled(ctx context.Context, limit int) ([]Booking, error)
	// Settle says that the booking's hits are dealt with. NotFound; settled
	// twice is no error.
	Settle(ctx context.Context, id BookingID) error

	// Snapshot is the newest one kept. NotFound.
	Snapshot(ctx context.Context, u code.Unit) (Snapshot, error)
	// SaveSnapshot keeps it unless a newer one is there.
	SaveSnapshot(ctx context.Context, s Snapshot) error
	// DropSnapshots removes all of them.
	DropSnapshots(ctx context.Context) error
	// UnitsOf are the units in whose snapshot the person holds something, by
	// unit, after one of them.
	UnitsOf(ctx context.Context, r Ref, after code.Unit, limit int) ([]code.Unit, error)
	// Units walks all units with a snapshot, by unit, after one of them.
	Units(ctx context.Context, after code.Unit, limit int) ([]code.Unit, error)
}

// Snapshot is the state of a unit at a version, to save replaying.
type Snapshot struct {
	Unit    code.Unit
	Version int64
	Holders []Ref
	State   []byte
}

// Crypto signs and checks with the registries' keys. It is safe for concurrent use.
type Crypto interface {
	// Sign lets compose make the bytes for the agency's key in force, and signs
	// them. from is the first moment at which the key may sign.
	Sign(ctx context.Context, agency string, compose func(n Names, from time.Time) ([]byte, error)) (raw, sig []byte, err error)
	// Sum is the digest of b under a hash by name.
	Sum(hash string, b []byte) (Digest, error)
	// Verify is nil only for a good signature of raw, by a key of the agency
	// that was in force at that time.
	Verify(ctx context.Context, agency string, n Names, at time.Time, raw, sig []byte) error
}
