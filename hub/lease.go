package hub

import (
	"context"
	"time"
)

// Lease says that somebody of an agency works on a case for now (领取), so that
// two do not do the same work twice. It is no lock: what may happen to a case
// is said by its chain alone, and whoever has the right may act without one.
type Lease struct {
	Case   CaseID
	Agency AgencyID // leases of one agency mean nothing to another
	Person PersonID
	Since  time.Time
	Until  time.Time // it ends by itself
}

// Leases keeps leases until they are dropped or end. One person at most holds a
// case in an agency, however many take it at once.
type Leases interface {
	// TakeLease gives the case to l.Person, or prolongs what he holds, and
	// returns the lease that then stands: another person's when he was first
	// and over is false.
	TakeLease(ctx context.Context, l Lease, over bool) (Lease, error)
	// DropLease ends a person's lease; one that is not his stays and is no error.
	DropLease(ctx context.Context, a AgencyID, id CaseID, p PersonID) error
	// LeasesOf returns the leases of some cases in an agency.
	LeasesOf(ctx context.Context, a AgencyID, ids []CaseID) ([]Lease, error)
	// LeasesBy lists what a person holds in an agency, the newest first.
	LeasesBy(ctx context.Context, a AgencyID, p PersonID, limit int) ([]Lease, error)
}
