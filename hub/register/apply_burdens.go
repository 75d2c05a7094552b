package register

import "slices"

func (n *Notice) apply(s *State, m moment) error {
	if s.Status != Registered && s.Status != Planned {
		return errStatus
	}
	x := Noticed{
		Entry: m.entry, Order: m.order, Kind: n.Kind, Obligors: slices.Clone(n.Obligors), Holders: slices.Clone(n.Holders),
		Debt: n.Debt, Certificates: slices.Clone(m.certificates), At: m.at,
	}
	if s.Status == Registered {
		x.Possible = m.at
		if day := n.Possible.begin(); day.After(m.at) {
			x.Possible = day
		}
	}
	s.Notices = append(s.Notices, x)
	return nil
}

func (n *NoticeCancel) apply(s *State, m moment) error {
	i := s.notice(n.Notice)
	if i < 0 {
		return errEntry
	}
	s.end(m, false, s.Notices[i].Certificates...)
	s.Notices = slices.Delete(s.Notices, i, i+1)
	return nil
}

func (o *Objection) apply(s *State, m moment) error {
	if s.Status != Registered {
		return errStatus
	}
	s.Objections = append(s.Objections, Objected{Entry: m.entry, By: o.By, About: o.About, At: m.at})
	return nil
}

func (o *ObjectionSuit) apply(s *State, m moment) error {
	i := s.objection(o.Objection)
	if i < 0 {
		return errEntry
	}
	s.Objections[i].Suit = m.at
	return nil
}

func (o *ObjectionCancel) apply(s *State, _ moment) error {
	i := s.objection(o.Objection)
	if i < 0 {
		return errEntry
	}
	if o.Ground != ByWaiver {
		s.Heard = append(s.Heard, s.Objections[i])
	}
	s.Objections = slices.Delete(s.Objections, i, i+1)
	return nil
}

func (z *Seizure) apply(s *State, m moment) error {
	if s.Status != Registered && s.Status != Planned {
		return errStatus
	}
	s.Seizures = append(s.Seizures, Seized{Entry: m.entry, Court: z.Court, Order: z.Order, Months: z.Months, At: m.at})
	s.Seizures = settle(s.Seizures, m.at)
	return nil
}

func (z *SeizureExtend) apply(s *State, m moment) error {
	s.Seizures = settle(s.Seizures, m.at)
	i := s.seizure(z.Seizure)
	if i < 0 {
		return errEntry
	}
	s.Seizures[i].Months += z.Months
	return nil
}

// The next one that waits takes effect in the moment of the lifting.
func (z *SeizureLift) apply(s *State, m moment) error {
	i := s.seizure(z.Seizure)
	if i < 0 {
		return errEntry
	}
	s.Seizures = settle(s.Seizures, m.at)
	if i = s.seizure(z.Seizure); i < 0 {
		return nil // its time was over already
	}
	s.Seizures = slices.Delete(s.Seizures, i, i+1)
	if len(s.Seizures) > 0 && s.Seizures[0].Start.IsZero() {
		s.Seizures[0].Start = m.at
	}
	return nil
}

func (r *Residence) apply(s *State, m moment) error {
	return s.burdened(Burden{Entry: m.entry, Kind: BurdenResidence, Holder: r.Holder, Until: r.Until, Certificates: m.certificates, At: m.at})
}

func (e *Easement) apply(s *State, m moment) error {
	return s.burdened(Burden{
		Entry: m.entry, Kind: BurdenEasement, Holder: e.Holder, Benefit: e.Benefit, Content: e.Content, Until: e.Until,
		Certificates: m.certificates, At: m.at,
	})
}

func (s *State) burdened(b Burden) error {
	if s.Status != Registered {
		return errStatus
	}
	b.Certificates = slices.Clone(b.Certificates)
	s.Burdens = append(s.Burdens, b)
	return nil
}

func (c *BurdenCancel) apply(s *State, m moment) error {
	i := s.burden(c.Burden)
	if i < 0 {
		return errEntry
	}
	s.end(m, false, s.Burdens[i].Certificates...)
	s.Burdens = slices.Delete(s.Burdens, i, i+1)
	return nil
}

func (l *Lock) apply(s *State, m moment) error {
	if s.Lock != nil {
		return errLocked
	}
	s.Lock = &Locked{Case: l.Case, Entry: m.entry, At: m.at, Claims: slices.Clone(l.Claims)}
	for i := range s.Notices {
		if slices.Contains(l.Claims, s.Notices[i].Entry) {
			s.Notices[i].Applied = l.Case
		}
	}
	return nil
}

func (l *Unlock) apply(s *State, _ moment) error {
	if s.Lock == nil || s.Lock.Case != l.Case {
		return errLocked
	}
	s.Lock = nil
	for i := range s.Notices {
		if s.Notices[i].Applied == l.Case {
			s.Notices[i].Applied = ""
		}
	}
	return nil
}
