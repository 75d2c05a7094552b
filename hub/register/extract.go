package register

import (
	"context"
	"fmt"
	"time"

	"tongban/hub/code"
)

// Extract is what a register extract (登记簿查询结果) shows of one unit at a
// moment: what is in force then, and how it came to be. Names are opened by the
// caller from the sealed bytes of the entries it may see.
type Extract struct {
	Unit    code.Unit
	Version int64
	AsOf    time.Time
	Head    Digest

	Status Status
	About  Description
	Prior  []string

	Owners       Ownership
	Since        time.Time
	TitleEntry   EntryID
	NamedBy      EntryID // whose sealed bytes have the owners' names
	Certificates []string
	Mortgages    []Mortgaged // in rank order, the first ranks first
	Notices      []Noticed   // not lapsed
	Objections   []Objected  // not lapsed
	Seizures     []SeizedAt
	Burdens      []Burden
	Lock         *Locked
	History      []Line // oldest first
}

// SeizedAt is a seizure and where it stands in the queue: 0 is in force, the
// others wait.
type SeizedAt struct {
	Seized
	Waiting int
	Until   time.Time // zero while it waits
}

// Line is one step of the unit's history. Of a step on another unit, as the
// first registration of a flat in the log of its land, only the unit and the
// kind are shown.
type Line struct {
	Entry        EntryID
	Booking      BookingID
	Version      int64
	At           time.Time
	Agency       string
	Source       Source
	Kind         OpKind
	Unit         code.Unit // that the step is on
	Op           Op
	Certificates []string
	Sealed       []byte
}

// Extract reads the unit as of a version (0: the newest) and a moment (zero:
// now), both when both are given. It replays the log, and so says of a past day
// what was said then. NotFound when there was no such version then.
func (r *Register) Extract(ctx context.Context, u code.Unit, version int64, at time.Time) (*Extract, error) {
	now := millis(r.now())
	if !at.IsZero() {
		now = at
	}
	s := &State{Unit: u}
	x := &Extract{}
	err := r.catchUp(ctx, s, func(b *Booking) bool {
		if version > 0 && s.Version >= version || !at.IsZero() && b.At.After(at) {
			return true
		}
		x.History = append(x.History, lines(b, u)...)
		return false
	})
	if err != nil {
		return nil, err
	}
	if s.Version == 0 || version > s.Version {
		return nil, Fail(NotFound, fmt.Sprintf("unit %s has no such version", u))
	}
	if at.IsZero() && (version > 0 || s.At.After(now)) {
		now = s.At
	}
	x.fill(s, now, r.terms)
	return x, nil
}

func (x *Extract) fill(s *State, now time.Time, t Terms) {
	x.Unit, x.Version, x.AsOf, x.Head, x.Status, x.About, x.Prior = s.Unit, s.Version, now, s.Head, s.Status, s.About, s.Prior
	x.Owners, x.Since, x.TitleEntry, x.Certificates = s.Title.Owners, s.Title.Since, s.Title.Entry, s.Title.Certificates
	x.NamedBy = s.Title.Named
	x.Mortgages, x.Burdens, x.Lock = s.Mortgages, s.Burdens, s.Lock
	for i := range s.Notices {
		if s.Notices[i].Live(now, t) {
			x.Notices = append(x.Notices, s.Notices[i])
		}
	}
	for i := range s.Objections {
		if s.Objections[i].Live(now, t) {
			x.Objections = append(x.Objections, s.Objections[i])
		}
	}
	for i, z := range settle(s.Seizures, now) {
		at := SeizedAt{Seized: z, Waiting: i}
		if i == 0 {
			at.Until = z.end()
		}
		x.Seizures = append(x.Seizures, at)
	}
}

// lines are the steps of a booking that belong to the unit's log.
func lines(b *Booking, u code.Unit) []Line {
	l, _ := b.link(u)
	var out []Line
	for i, st := range b.Steps {
		for _, t := range touches(st.Op) {
			if t != u {
				continue
			}
			x := Line{
				Entry: entryID(b.ID, i), Booking: b.ID, Version: l.Version, At: b.At, Agency: b.Agency, Source: b.Source,
				Kind: st.Op.kind(), Unit: st.Op.on(),
			}
			if x.Unit == u {
				x.Op, x.Certificates, x.Sealed = st.Op, st.Certificates, st.Sealed
			}
			out = append(out, x)
		}
	}
	return out
}
