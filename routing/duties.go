package routing

import (
	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing/ledger"
)

// DutyRow is one duty or delegation, for one pattern in one place.
type DutyRow struct {
	Agency, To  hub.AgencyID  // To: handed on; "" for a duty
	Place       code.Division // 0: all places of the agency
	PlaceName   string        // in Chinese, as on a day
	Item        string        // an item, or a beginning with a star
	From, Until ledger.Day
}

// Duties lists what the configuration says, in its order; places are named as
// on a day, those that are no more as they were last.
func (t *Table) Duties(on ledger.Day) []DutyRow {
	name := func(d code.Division) string {
		if d == 0 {
			return ""
		}
		if ref := t.ledger.At(d, on); ref != ledger.NoRef {
			return t.ledger.FullName(ref, on)
		}
		if past := t.ledger.History(d); len(past) > 0 { // it is no more
			return past[len(past)-1].Name
		}
		return ""
	}
	out := make([]DutyRow, 0, len(t.duties)+len(t.delegations))
	for _, d := range t.duties {
		out = append(out, DutyRow{t.agencies[d.agency].ID, "", d.place, name(d.place), d.match.String(), d.from, d.until})
	}
	for i := range t.agencies {
		for _, n := range t.agencies[i].delegations {
			d := t.delegations[n]
			out = append(out, DutyRow{t.agencies[i].ID, t.agencies[d.to].ID, d.place, name(d.place), d.match.String(), d.from, d.until})
		}
	}
	return out
}
