package register

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"tongban/hub/code"
)

// moment is where in the log a step stands.
type moment struct {
	at           time.Time
	order        Order
	entry        EntryID
	certificates []string
}

var (
	errStatus = errors.New("the unit is not at that status")
	errEntry  = errors.New("no such entry in force")
	errShares = errors.New("shares do not fit")
	errLocked = errors.New("another case holds the lock")
)

// Apply folds one booking into the state of one of its units. Broken when the
// booking is not the next one of this unit, or a step does not fit.
func (s *State) Apply(b *Booking) error {
	l, ok := b.link(s.Unit)
	if !ok {
		return broken("booking "+string(b.ID)+" does not touch the unit", nil)
	}
	if l.Version != s.Version+1 || l.Prev != s.Head {
		return broken(fmt.Sprintf("%s: version %d does not follow version %d by its hash", s.Unit, l.Version, s.Version), nil)
	}
	if b.At.Before(s.At) {
		return broken(fmt.Sprintf("%s: version %d is older than the one before", s.Unit, l.Version), nil)
	}
	for i := range b.Steps {
		if err := s.step(&b.Steps[i], moment{b.At, Order{l.Version, i}, entryID(b.ID, i), b.Steps[i].Certificates}); err != nil {
			return broken(fmt.Sprintf("%s: version %d, step %d", s.Unit, l.Version, i), err)
		}
	}
	s.Version, s.Head, s.At = l.Version, b.Hash, b.At
	return nil
}

// step applies what a step does to this unit: the op itself, or what a first
// registration or a cancellation of a fixture changes on its parcel.
func (s *State) step(st *Step, m moment) error {
	if st.Op.on() == s.Unit {
		return st.Op.apply(s, m)
	}
	if p, ok := parcelOf(st.Op.on()); !ok || p != s.Unit {
		return nil
	}
	switch st.Op.(type) {
	case *First:
		if slices.Contains(s.Fixtures, st.Op.on()) {
			return errStatus
		}
		s.Fixtures = append(s.Fixtures, st.Op.on())
	case *Cancel:
		s.Fixtures = slices.DeleteFunc(s.Fixtures, func(u code.Unit) bool { return u == st.Op.on() })
	}
	return nil
}

// touches are the units whose log the op becomes part of.
func touches(o Op) []code.Unit {
	switch o.(type) {
	case *Plan, *First, *Cancel:
		if p, ok := parcelOf(o.on()); ok {
			return []code.Unit{o.on(), p}
		}
	}
	return []code.Unit{o.on()}
}

func (s *State) end(m moment, replaced bool, certificates ...string) {
	for _, c := range certificates {
		s.Ended = append(s.Ended, Ended{c, m.entry, replaced})
	}
}

// reissue puts new certificates in the place of the old, if there are new ones.
func (s *State) reissue(m moment, have *[]string) {
	if len(m.certificates) > 0 {
		s.end(m, true, *have...)
		*have = slices.Clone(m.certificates)
	}
}

// own makes new holders.
func (s *State) own(m moment, o Ownership) {
	s.end(m, true, s.Title.Certificates...)
	s.Title = Title{Entry: m.entry, Named: m.entry, Owners: o.clone(), Certificates: slices.Clone(m.certificates), Since: m.at}
}

func (p *Plan) apply(s *State, m moment) error {
	if s.Status != Unknown {
		return errStatus
	}
	s.Status, s.About = Planned, p.About
	s.Title = Title{Named: m.entry, Owners: Ownership{Sole, []Holder{{Ref: p.Developer}}}}
	return nil
}

func (f *First) apply(s *State, m moment) error {
	if s.Status != Unknown && s.Status != Planned {
		return errStatus
	}
	if !f.Owners.whole() {
		return errShares
	}
	s.Status, s.About, s.Prior = Registered, f.About, slices.Clone(f.Prior)
	s.own(m, f.Owners)
	for i := range s.Notices {
		if s.Notices[i].Possible.IsZero() {
			s.Notices[i].Possible = m.at
		}
	}
	return nil
}

func (t *Transfer) apply(s *State, m moment) error {
	if s.Status != Registered {
		return errStatus
	}
	o, ok := s.Title.Owners.passed(t.From, t.To)
	if !ok {
		return errShares
	}
	if t.Notice != "" {
		if err := s.convert(m, t.Notice); err != nil {
			return err
		}
	}
	s.own(m, o)
	return nil
}

// convert ends a notice whose right is now registered.
func (s *State) convert(m moment, id EntryID) error {
	i := s.notice(id)
	if i < 0 {
		return errEntry
	}
	s.end(m, true, s.Notices[i].Certificates...)
	s.Notices = slices.Delete(s.Notices, i, i+1)
	return nil
}

func (p *Patch) apply(s *State, m moment) error {
	if s.Status != Registered {
		return errStatus
	}
	s.About = p.onto(s.About)
	for _, r := range p.Renames {
		i := slices.IndexFunc(s.Title.Owners.Holders, func(h Holder) bool { return h.Ref == r.From })
		if i < 0 || r.To != r.From && slices.Contains(s.Title.Owners.Refs(), r.To) {
			return errEntry
		}
		s.Title.Owners.Holders[i].Ref = r.To
	}
	if p.Owners != nil {
		if !p.Owners.whole() {
			return errShares
		}
		s.Title.Owners = p.Owners.clone()
		s.Title.Entry, s.Title.Since = m.entry, m.at
	}
	if p.Owners != nil || len(p.Renames) > 0 {
		s.Title.Named = m.entry
	}
	s.reissue(m, &s.Title.Certificates)
	return nil
}

func (c *Change) apply(s *State, m moment) error  { return c.Patch.apply(s, m) }
func (c *Correct) apply(s *State, m moment) error { return c.Patch.apply(s, m) }

func (c *Cancel) apply(s *State, m moment) error {
	if s.Status != Registered {
		return errStatus
	}
	s.end(m, false, s.Title.Certificates...)
	for _, x := range s.Mortgages {
		s.end(m, false, x.Certificates...)
	}
	for _, x := range s.Notices {
		s.end(m, false, x.Certificates...)
	}
	for _, x := range s.Burdens {
		s.end(m, false, x.Certificates...)
	}
	s.Status, s.Title, s.Mortgages, s.Notices, s.Burdens, s.Objections = Cancelled, Title{}, nil, nil, nil, nil
	return nil
}

func (g *Mortgage) apply(s *State, m moment) error {
	if s.Status != Registered {
		return errStatus
	}
	order := m.order
	if g.Notice != "" { // 担保解释 52: it ranks from its notice
		i := s.notice(g.Notice)
		if i < 0 {
			return errEntry
		}
		order = s.Notices[i].Order
		if err := s.convert(m, g.Notice); err != nil {
			return err
		}
	}
	s.Mortgages = append(s.Mortgages, Mortgaged{
		Entry: m.entry, Named: m.entry, Order: order, Kind: g.Kind, Creditor: g.Creditor, Debt: g.Debt, From: g.Begins, Until: g.Until,
		NoTransfer: g.NoTransfer, Scope: g.Scope, Certificates: slices.Clone(m.certificates), At: m.at,
	})
	slices.SortStableFunc(s.Mortgages, func(a, b Mortgaged) int {
		return cmp.Or(cmp.Compare(a.Order.Version, b.Order.Version), cmp.Compare(a.Order.Step, b.Order.Step))
	})
	return nil
}

func (g *MortgageChange) apply(s *State, m moment) error {
	i := s.mortgage(g.Mortgage)
	if i < 0 {
		return errEntry
	}
	x := &s.Mortgages[i]
	if g.Debt != nil {
		x.Debt = *g.Debt
	}
	if g.Until != nil {
		x.Until = *g.Until
	}
	if g.NoTransfer != nil {
		x.NoTransfer = *g.NoTransfer
	}
	s.reissue(m, &x.Certificates)
	return nil
}

func (g *MortgageTransfer) apply(s *State, m moment) error {
	i := s.mortgage(g.Mortgage)
	if i < 0 {
		return errEntry
	}
	s.Mortgages[i].Creditor, s.Mortgages[i].Named = g.To, m.entry
	s.reissue(m, &s.Mortgages[i].Certificates)
	return nil
}

func (g *MortgageCancel) apply(s *State, m moment) error {
	i := s.mortgage(g.Mortgage)
	if i < 0 {
		return errEntry
	}
	s.end(m, false, s.Mortgages[i].Certificates...)
	s.Mortgages = slices.Delete(s.Mortgages, i, i+1)
	return nil
}
