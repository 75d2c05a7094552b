package hub

import (
	"fmt"
	"slices"
	"time"
)

// Standard is an item as one agency applies it. A case is pinned to the
// version it was taken under, so a version never changes once it is in force.
type Standard struct {
	Item      ItemCode
	Agency    AgencyID // "" is the national base
	Version   int
	From      time.Time // in force from this day
	NameZH    string
	NameEN    string
	Fields    []Field
	Parties   []PartyRule
	Slots     []Slot
	Statutory int // working days by law
	Promised  int // working days promised
	Digest    Digest
}

// Field is one question of the application form.
type Field struct {
	Key      string
	Kind     string // "text", "fen", "date", "bool", "certificate", "integer"
	Required bool
	Personal bool
	Max      int // characters for text; 0 is 200
	ZH, EN   string
}

// PartyRule says how many parties of a role the item needs.
type PartyRule struct {
	Role     string
	Min, Max int
	ZH, EN   string
}

// Slot is one material the standard asks for.
type Slot struct {
	Key      string
	Required bool
	If       string // "agent": only when a party of role agent acts
	Types    []string
	MaxBytes int64
	MaxFiles int
	ZH, EN   string
}

// Ref names the standard's version.
func (s *Standard) Ref() StandardRef { return StandardRef{s.Item, s.Agency, s.Version, s.Digest} }

// Slot returns the slot with the key.
func (s *Standard) Slot(key string) (Slot, bool) {
	i := slices.IndexFunc(s.Slots, func(x Slot) bool { return x.Key == key })
	if i < 0 {
		return Slot{}, false
	}
	return s.Slots[i], true
}

// Needs reports whether the slot must be filled in this case.
func (s *Slot) Needs(parties []Party) bool {
	if !s.Required {
		return false
	}
	return s.If == "" || slices.ContainsFunc(parties, func(p Party) bool { return p.Role == s.If })
}

// MissingSlots lists the required slots that no live material fills, all at once.
func (s *Standard) MissingSlots(c *Case) []FieldError {
	var out []FieldError
	for _, slot := range s.Slots {
		filled := slices.ContainsFunc(c.Live(), func(m Material) bool { return m.Slot == slot.Key })
		if slot.Needs(c.Parties) && !filled {
			out = append(out, FieldError{"/materials/" + slot.Key, "required", fmt.Sprintf("material %q is missing", slot.EN)})
		}
	}
	return out
}

// InForce picks, from versions of one item, the one that an agency applies on
// a day: its own newest in force, else the national base.
func InForce(all []Standard, a AgencyID, day time.Time) (Standard, error) {
	var best *Standard
	for i := range all {
		s := &all[i]
		if s.Agency != a && s.Agency != "" || s.From.After(day) {
			continue
		}
		if best == nil || s.Agency == a && best.Agency == "" ||
			s.Agency == best.Agency && s.Version > best.Version {
			best = s
		}
	}
	if best == nil {
		return Standard{}, E(UnknownItem, "no standard for this item is in force")
	}
	return *best, nil
}
