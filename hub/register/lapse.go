package register

import "time"

// Days after which time alone ends an entry.
const (
	noticeDays    = 90 // 民法典 221: from the day on which registration became possible
	objectionDays = 15 // 民法典 220: from the objection, without a suit
	maxMonths     = 36 // of one seizure of real property (民诉法解释 485)
)

// Terms says how days are counted. The day of the cause does not count, the
// last one ends at midnight of the register's zone (民法典 201, 203).
type Terms struct {
	Zone *time.Location
	// Roll moves a last day that is a holiday to the next working day (民法典
	// 203); nil leaves it. It gets and returns the midnight that begins a day.
	Roll func(day time.Time) time.Time
}

// DefaultTerms counts in the time of China, without a calendar of holidays.
func DefaultTerms() Terms { return Terms{Zone: time.FixedZone("CST", 8*60*60)} }

// end is the moment at which a period of so many days from t is over.
func (t Terms) end(from time.Time, days int) time.Time {
	y, m, d := from.In(t.Zone).Date()
	last := time.Date(y, m, d+days, 0, 0, 0, 0, t.Zone)
	if t.Roll != nil {
		last = t.Roll(last)
	}
	y, m, d = last.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, t.Zone)
}

// Lapse is the moment at which the notice lapses; ok is false while it cannot,
// because registration is not possible yet or was asked for in time.
func (n *Noticed) Lapse(t Terms) (at time.Time, ok bool) {
	if n.Possible.IsZero() || n.Applied != "" {
		return time.Time{}, false
	}
	return t.end(n.Possible, noticeDays), true
}

// Live tells whether the notice has not lapsed.
func (n *Noticed) Live(now time.Time, t Terms) bool {
	at, ok := n.Lapse(t)
	return !ok || now.Before(at)
}

// Lapse is the moment at which the objection lapses; ok is false after a suit.
func (o *Objected) Lapse(t Terms) (at time.Time, ok bool) {
	if !o.Suit.IsZero() {
		return time.Time{}, false
	}
	return t.end(o.At, objectionDays), true
}

// Live tells whether the objection has not lapsed.
func (o *Objected) Live(now time.Time, t Terms) bool {
	at, ok := o.Lapse(t)
	return !ok || now.Before(at)
}

// end is when a seizure that began at its Start is over.
func (z *Seized) end() time.Time { return z.Start.AddDate(0, z.Months, 0) }

// settle brings the seizures to a moment: those whose time is over go, and the
// first that is left takes effect when the one before it ended (轮候查封).
func settle(list []Seized, now time.Time) []Seized {
	out := make([]Seized, 0, len(list))
	var free time.Time // since when nothing is in force; zero: from the first one's coming
	for _, z := range list {
		if len(out) > 0 {
			out = append(out, z)
			continue
		}
		if z.Start.IsZero() {
			z.Start = z.At
			if free.After(z.At) {
				z.Start = free
			}
		}
		if !now.Before(z.end()) {
			free = z.end()
			continue
		}
		out = append(out, z)
	}
	return out
}

// InForce is the seizure in force, and Waiting those behind it. Nil when there
// is none.
func (s *State) InForce(now time.Time) (z *Seized, waiting []Seized) {
	if len(s.Seizures) == 0 {
		return nil, nil
	}
	l := settle(s.Seizures, now)
	if len(l) == 0 {
		return nil, nil
	}
	return &l[0], l[1:]
}
