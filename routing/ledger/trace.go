package ledger

import "tongban/hub/code"

// MaxTrace is the most places one code can lead to, those on the way included.
const MaxTrace = 32

// Visit is one place on the way from a code to a day.
type Visit struct {
	Ref    Ref
	On     Day  // when the ground came here; for a start, the day asked from
	Parent int8 // index of the visit it was reached from; -1 for a start
	Holds  bool // still in force on the day asked about
}

// Trace is every place a code led to. It belongs to the caller, so that
// following needs no memory of its own.
type Trace struct {
	visits   [MaxTrace]Visit
	n        int
	overflow bool
}

// Visits are the places in the order they were reached, starts first.
func (t *Trace) Visits() []Visit { return t.visits[:t.n] }

// Found says how following a code went.
type Found uint8

// What can be found.
const (
	Followed  Found = iota // the trace has at least one place that holds
	NeverUsed              // no place ever had the code
	NotYet                 // the first place to have the code comes later
	Gone                   // the place ended and no successor is known (old prefectures)
)

// Follow leads ground that was coded c on some unknown day between since and
// date to the places it can be in on date. When the code stood for no place in
// that time, its last place before since is taken as it ended. A since after
// date counts as date.
//
// More than one place that holds means the ledger alone cannot tell.
func (l *Ledger) Follow(t *Trace, c code.Division, since, date Day) Found {
	t.n, t.overflow = 0, false
	since = min(since, date)
	s, ok := l.spans[c]
	if !ok {
		return NeverUsed
	}
	last := NoRef
	for i := s.first; i < s.end; i++ {
		r := &l.records[i]
		if r.From > date {
			break
		}
		last = Ref(i)
		if r.Until > since {
			t.reach(Visit{Ref: Ref(i), Parent: -1, On: since, Holds: r.Until > date})
		}
	}
	if last == NoRef {
		return NotYet
	}
	if t.n == 0 {
		t.reach(Visit{Ref: last, Parent: -1, On: l.records[last].Until})
	}
	return l.spread(t, date)
}

// spread visits the successors of what t holds until nothing new is reached.
func (l *Ledger) spread(t *Trace, date Day) Found {
	found := Gone
	for i := 0; i < t.n; i++ {
		v := t.visits[i]
		if v.Holds {
			found = Followed
		}
		next := i
		from := l.records[v.Ref].Successors
		for j := range from {
			s := &from[j]
			// From a start, a change of that very year may have come after the coding.
			later := s.On > v.On || (v.Parent < 0 && s.Last >= v.On)
			if !later || s.On > date {
				continue
			}
			again := t.reach(Visit{Ref: s.to, Parent: int8(i), On: s.On, Holds: l.records[s.to].Until > date})
			if again >= 0 {
				next = min(next, again-1) // reached on an earlier day: look at its successors once more
			}
		}
		i = next
	}
	return found
}

// reach adds a visit. When the place was reached before on a later day, the
// earlier way replaces it and its index is returned; otherwise -1.
func (t *Trace) reach(v Visit) int {
	for i := range t.n {
		if t.visits[i].Ref != v.Ref {
			continue
		}
		if t.visits[i].Parent >= 0 && v.On < t.visits[i].On {
			t.visits[i] = v
			return i
		}
		return -1
	}
	if t.n == MaxTrace {
		t.overflow = true
		return -1
	}
	t.visits[t.n] = v
	t.n++
	return -1
}
