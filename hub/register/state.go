package register

import (
	"slices"
	"time"

	"tongban/hub/code"
)

// Status is where a unit stands.
type Status string

// The states of a unit.
const (
	Unknown    Status = ""           // nothing but locks, or nothing at all
	Planned    Status = "planned"    // in the pre-sale unit table; no right yet
	Registered Status = "registered" // first registration was booked
	Cancelled  Status = "cancelled"  // the right has ended; the number is never used again
)

// State is one unit at one version. It holds what is in force by the entries;
// what time alone ends (a notice after 90 days) is asked with a moment.
type State struct {
	Unit    code.Unit
	Version int64
	Head    Digest // hash of the booking that made this version
	At      time.Time

	Status Status
	About  Description
	Prior  []string // certificates from before the unified register (条例 33)

	Title      Title
	Mortgages  []Mortgaged // in rank order
	Notices    []Noticed
	Objections []Objected
	Heard      []Objected // lapsed or dismissed: the same person does not object again to the same
	Seizures   []Seized   // in the order of their coming; the first in force counts, the others wait
	Burdens    []Burden
	Lock       *Locked
	Fixtures   []code.Unit // of a parcel: registered units on it
	Ended      []Ended     // certificates that no longer speak for a right
}

// Title is the right of ownership, or of use of the land.
type Title struct {
	Entry        EntryID // the entry that made the present holders
	Named        EntryID // the entry whose sealed bytes have their names
	Owners       Ownership
	Certificates []string
	Since        time.Time
}

// Order is a place in the log of a unit; the smaller ranks first.
type Order struct {
	Version int64
	Step    int
}

// Mortgaged is a mortgage in force.
type Mortgaged struct {
	Entry        EntryID
	Named        EntryID // the entry whose sealed bytes have the creditor's name
	Order        Order
	Kind         MortgageKind
	Creditor     Ref
	Debt         int64 // fen; the ceiling of a maximum-amount mortgage
	From, Until  Date
	NoTransfer   bool
	Scope        string
	Certificates []string
	At           time.Time
}

// Noticed is an advance notice (预告) that was not converted or cancelled.
type Noticed struct {
	Entry        EntryID
	Order        Order
	Kind         NoticeKind
	Obligors     []Ref
	Holders      []Ref
	Debt         int64
	Certificates []string
	At           time.Time
	Possible     time.Time // when registration became possible; zero: not yet
	Applied      CaseID    // the case that asked for the registration in time
}

// Objected is an objection (异议) that was not withdrawn or dismissed.
type Objected struct {
	Entry EntryID
	By    Ref
	About string
	At    time.Time
	Suit  time.Time // when proof of a suit came in; zero: none
}

// Seized is a seizure (查封) that was not lifted. Start is zero while it waits
// and is then found from those before it.
type Seized struct {
	Entry  EntryID
	Court  string
	Order  string
	Months int
	At     time.Time
	Start  time.Time
}

// Burden is a right of residence or an easement.
type Burden struct {
	Entry        EntryID
	Kind         BurdenKind
	Holder       Ref
	Benefit      code.Unit // the unit an easement serves
	Content      string
	Until        Date
	Certificates []string
	At           time.Time
}

// Locked is the case that may dispose of the unit now.
type Locked struct {
	Case   CaseID
	Entry  EntryID
	At     time.Time
	Claims []EntryID // notices whose registration the case asks for
}

// Ended is a certificate that speaks for nothing any more.
type Ended struct {
	Certificate string
	Entry       EntryID // the step that ended it
	Replaced    bool    // another certificate took its place
}

// Clone is a copy that shares nothing that changes.
func (s *State) Clone() *State {
	c := *s
	c.Prior = slices.Clone(s.Prior)
	c.Title.Owners = s.Title.Owners.clone()
	c.Title.Certificates = slices.Clone(s.Title.Certificates)
	c.Mortgages = slices.Clone(s.Mortgages)
	c.Notices = slices.Clone(s.Notices)
	c.Objections, c.Heard = slices.Clone(s.Objections), slices.Clone(s.Heard)
	c.Seizures = slices.Clone(s.Seizures)
	c.Burdens = slices.Clone(s.Burdens)
	c.Fixtures = slices.Clone(s.Fixtures)
	c.Ended = slices.Clone(s.Ended)
	if s.Lock != nil {
		l := *s.Lock
		c.Lock = &l
	}
	return &c
}

// disposers are who may dispose: the owners, or of a planned unit its developer.
func (s *State) disposers() Ownership { return s.Title.Owners }

func (s *State) mortgage(id EntryID) int {
	return slices.IndexFunc(s.Mortgages, func(m Mortgaged) bool { return m.Entry == id })
}

func (s *State) notice(id EntryID) int {
	return slices.IndexFunc(s.Notices, func(n Noticed) bool { return n.Entry == id })
}

func (s *State) objection(id EntryID) int {
	return slices.IndexFunc(s.Objections, func(o Objected) bool { return o.Entry == id })
}

func (s *State) seizure(id EntryID) int {
	return slices.IndexFunc(s.Seizures, func(z Seized) bool { return z.Entry == id })
}

func (s *State) burden(id EntryID) int {
	return slices.IndexFunc(s.Burdens, func(b Burden) bool { return b.Entry == id })
}

// Holders are all who have something in the unit, for a search by person.
func (s *State) Holders() []Ref {
	var out []Ref
	add := func(refs ...Ref) {
		for _, r := range refs {
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	add(s.Title.Owners.Refs()...)
	for _, m := range s.Mortgages {
		add(m.Creditor)
	}
	for _, n := range s.Notices {
		add(n.Holders...)
	}
	for _, b := range s.Burdens {
		add(b.Holder)
	}
	slices.Sort(out)
	return out
}
