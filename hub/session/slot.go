package session

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Quantum is the grain of appointments: they begin and end on it.
const Quantum = 15 * time.Minute

// How long an appointment may be, and how far ahead.
const (
	MaxLength = 4 * time.Hour
	MaxAhead  = 180 * 24 * time.Hour
	// NoticeDays is how many working days before its day an appointment may be
	// made, changed or cancelled without asking the people again.
	NoticeDays = 1
	// DoorOpens is how long before the time people may come to the door, and
	// DoorCloses how long after its end an unopened session expires.
	DoorOpens  = 30 * time.Minute
	DoorCloses = 30 * time.Minute
)

// Slot is when a session takes place: [From, To).
type Slot struct{ From, To time.Time }

// Check reports what is wrong with a slot by itself.
func (s Slot) Check() error {
	switch {
	case s.From.IsZero() || s.From.Truncate(Quantum) != s.From || s.To.Truncate(Quantum) != s.To:
		return malformed("/from", fmt.Sprintf("appointments begin and end on %d minutes", int(Quantum/time.Minute)))
	case !s.From.Before(s.To):
		return malformed("/to", "it ends before it begins")
	case s.To.Sub(s.From) > MaxLength:
		return malformed("/to", fmt.Sprintf("at most %d hours", int(MaxLength/time.Hour)))
	}
	return nil
}

// Overlaps reports whether two slots have a moment in common.
func (s Slot) Overlaps(o Slot) bool { return s.From.Before(o.To) && o.From.Before(s.To) }

// Resource is what one session at a time can have: a person, a window, a room.
type Resource struct {
	Kind string // "person", "window", "room"
	Name string // a person's id; "<agency>/<window>", "<agency>/<room>"
}

// Keys names every quantum of every resource. A store in which a key is unique
// cannot book one of them twice.
func Keys(s Slot, resources ...Resource) []string {
	var keys []string
	for _, r := range resources {
		for t := s.From; t.Before(s.To); t = t.Add(Quantum) {
			keys = append(keys, r.Kind+":"+r.Name+":"+strconv.FormatInt(t.Unix()/int64(Quantum/time.Second), 10))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Hours are the office hours of one day; zero when it is no working day.
type Hours struct{ Open, Close time.Time }

// Holds reports whether the slot lies within the hours.
func (h Hours) Holds(s Slot) bool {
	return !h.Open.IsZero() && !s.From.Before(h.Open) && !s.To.After(h.Close)
}

// Both are the hours in which two offices are open.
func (h Hours) Both(o Hours) Hours {
	if h.Open.IsZero() || o.Open.IsZero() {
		return Hours{}
	}
	both := h
	if o.Open.After(h.Open) {
		both.Open = o.Open
	}
	if o.Close.Before(h.Close) {
		both.Close = o.Close
	}
	if !both.Open.Before(both.Close) {
		return Hours{}
	}
	return both
}

// Free lists the slots of a length within the hours, on the quantum and not
// before a moment, that no key is taken of.
func Free(h Hours, length time.Duration, notBefore time.Time, taken map[string]bool, resources ...Resource) []Slot {
	var out []Slot
	if h.Open.IsZero() || length < Quantum || length > MaxLength || length%Quantum != 0 {
		return nil
	}
	from := h.Open.Truncate(Quantum)
	for ; !from.Add(length).After(h.Close); from = from.Add(Quantum) {
		s := Slot{from, from.Add(length)}
		if from.Before(h.Open) || from.Before(notBefore) || slices.ContainsFunc(Keys(s, resources...), func(k string) bool { return taken[k] }) {
			continue
		}
		out = append(out, s)
	}
	return out
}
