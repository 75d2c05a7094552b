package register

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tongban/hub/code"
)

// LockHolder is the case that holds the unit's lock; ok is false for none.
func (r *Register) LockHolder(ctx context.Context, u code.Unit) (c CaseID, ok bool, err error) {
	s, err := r.State(ctx, u)
	if err != nil || s.Lock == nil {
		return "", false, err
	}
	return s.Lock.Case, true, nil
}

// LockedBy are the units whose lock the case holds, by unit. It reads the log,
// not snapshots, and so is never behind.
func (r *Register) LockedBy(ctx context.Context, c CaseID) ([]code.Unit, error) {
	list, err := r.store.OfCase(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("read the bookings of case %s: %w", c, err)
	}
	var out []code.Unit
	for _, b := range list {
		for _, st := range b.Steps {
			l, ok := st.Op.(*Lock)
			if !ok || l.Case != c || slices.Contains(out, l.Unit) {
				continue
			}
			s, err := r.State(ctx, l.Unit)
			if err != nil {
				return nil, err
			}
			if s.Lock != nil && s.Lock.Case == c {
				out = append(out, l.Unit)
			}
		}
	}
	slices.Sort(out)
	return out, nil
}

// Booking reads one booking. NotFound.
func (r *Register) Booking(ctx context.Context, id BookingID) (Booking, error) {
	return r.store.Booking(ctx, id)
}

// BookingsOf are the bookings of a case, with those of courts that hit it,
// oldest first.
func (r *Register) BookingsOf(ctx context.Context, c CaseID) ([]Booking, error) {
	return r.store.OfCase(ctx, c)
}

// UnitsOf are the units in which the person holds something now, by unit,
// after one of them.
func (r *Register) UnitsOf(ctx context.Context, ref Ref, after code.Unit, limit int) ([]code.Unit, error) {
	return r.store.UnitsOf(ctx, ref, after, limit)
}

// Units walks all units, by unit, after one of them.
func (r *Register) Units(ctx context.Context, after code.Unit, limit int) ([]code.Unit, error) {
	return r.store.Units(ctx, after, limit)
}

// Stop is a running case that a court's booking has hit and that must stop.
type Stop struct {
	Booking BookingID
	Case    CaseID
	Units   []code.Unit
	Court   string // of the seizure, "" when the order is of another kind
	Order   string
	At      time.Time
}

// Stops are the running cases hit by courts that nobody has settled, oldest
// first, one for each case and booking. They are part of the court's booking
// and come again until [Register.Settle] is called: a crash loses none, and
// the reader must bear to see one twice.
func (r *Register) Stops(ctx context.Context, limit int) ([]Stop, error) {
	list, err := r.store.Unsettled(ctx, limit)
	if err != nil {
		return nil, fmt.Errorf("find unsettled bookings: %w", err)
	}
	var out []Stop
	for i := range list {
		out = append(out, list[i].stops()...)
	}
	return out, nil
}

func (b *Booking) stops() []Stop {
	var out []Stop
	for _, h := range b.Hits {
		i := slices.IndexFunc(out, func(s Stop) bool { return s.Case == h.Case })
		if i < 0 {
			i = len(out)
			out = append(out, Stop{Booking: b.ID, Case: h.Case, Order: b.Source.ID, At: b.At})
		}
		out[i].Units = append(out[i].Units, h.Unit)
		for _, st := range b.Steps {
			if z, ok := st.Op.(*Seizure); ok && z.Unit == h.Unit {
				out[i].Court, out[i].Order = z.Court, z.Order
			}
		}
	}
	return out
}

// Settle says that every case hit by the booking was stopped. NotFound.
func (r *Register) Settle(ctx context.Context, id BookingID) error { return r.store.Settle(ctx, id) }

// CertificateStatus says whether a certificate still speaks for a right.
type CertificateStatus string

// The states of a certificate.
const (
	Valid    CertificateStatus = "valid"
	Replaced CertificateStatus = "replaced" // by a transfer or a new certificate
	Revoked  CertificateStatus = "revoked"  // the right has ended
)

// CertificateState is what the register says about a certificate. It names no person.
type CertificateState struct {
	Number  string
	Unit    code.Unit
	Entry   EntryID // the step that issued it
	Kind    OpKind  // of that step
	Issued  time.Time
	Status  CertificateStatus
	EndedBy EntryID
}

// Certificate tells whether a certificate is valid now. NotFound for a number
// that this register has not issued.
func (r *Register) Certificate(ctx context.Context, number string) (CertificateState, error) {
	b, err := r.store.ByKey(ctx, CertificateKey(number))
	if err != nil {
		return CertificateState{}, err
	}
	i := slices.IndexFunc(b.Steps, func(s Step) bool { return slices.Contains(s.Certificates, number) })
	if i < 0 {
		return CertificateState{}, broken("booking "+string(b.ID)+" is found by what it does not hold", nil)
	}
	c := CertificateState{
		Number: number, Unit: b.Steps[i].Op.on(), Entry: entryID(b.ID, i), Kind: b.Steps[i].Op.kind(), Issued: b.At, Status: Valid,
	}
	s, err := r.State(ctx, c.Unit)
	if err != nil {
		return CertificateState{}, err
	}
	for _, e := range s.Ended {
		if e.Certificate == number {
			c.EndedBy, c.Status = e.Entry, Revoked
			if e.Replaced {
				c.Status = Replaced
			}
		}
	}
	return c, nil
}
