package routing_test

import (
	"slices"
	"strings"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing"
	"tongban/routing/ledger"
)

// answer is what trying everything finds.
type answer struct {
	agency  hub.AgencyID
	refusal hub.Code
	choices []code.Division
}

// forever turns an open end into a day after all others.
func forever(d ledger.Day) ledger.Day {
	if d == 0 {
		return ledger.Never
	}
	return d
}

// expect answers a query straight from the records and the configuration.
func (w *world) expect(q routing.Query) answer {
	c, since := q.Place, q.Date
	if q.Unit != "" {
		c, since = q.Unit.Division(), min(q.Date, ledger.YearStart(2015))
		if q.Coded != 0 {
			since = min(q.Date, q.Coded)
		}
	}
	now, starts := w.now(c, since, q.Date)
	if len(now) == 0 {
		return answer{refusal: hub.UnknownPlace}
	}
	if len(now) > 1 && q.Unit != "" {
		now = w.byZone(now, c, q)
	}
	if q.Choice != 0 {
		for _, p := range now {
			if ledger.Covers(p, q.Choice) && w.county(q.Choice, q.Date) {
				return w.office(q.Choice, q)
			}
		}
		return answer{refusal: hub.AmbiguousSuccessor, choices: now}
	}
	if len(now) == 1 {
		switch {
		case w.county(now[0], q.Date):
			return w.office(now[0], q)
		case slices.Contains(starts, now[0]):
			return answer{refusal: hub.UnknownPlace}
		}
	}
	var same answer
	for i, p := range now {
		a := w.office(p, q)
		if !w.county(p, q.Date) || a.refusal != "" || (i > 0 && a.agency != same.agency) {
			return answer{refusal: hub.AmbiguousSuccessor, choices: now}
		}
		same = a
	}
	same.choices = now
	return same
}

// now is where ground coded c since a day can be on a date, and which of it need not have moved.
func (w *world) now(c code.Division, since, date ledger.Day) (now, starts []code.Division) {
	type state struct {
		record int
		on     ledger.Day
		start  bool
	}
	seen := map[state]bool{}
	var try func(s state)
	try = func(s state) {
		if seen[s] {
			return
		}
		seen[s] = true
		r := w.records[s.record]
		if r.Until > date && !slices.Contains(now, r.Code) {
			now = append(now, r.Code)
		}
		if r.Until > date && s.start {
			starts = append(starts, r.Code)
		}
		for _, x := range r.Successors {
			if x.On > date || (s.start && x.Last < s.on) || (!s.start && x.On <= s.on) {
				continue
			}
			for i, to := range w.records {
				if to.Code == x.To && to.From <= x.On && x.On < to.Until {
					try(state{i, x.On, false})
				}
			}
		}
	}
	last := -1
	for i, r := range w.records {
		if r.Code != c || r.From > date {
			continue
		}
		if r.Until > since {
			try(state{i, since, true})
		}
		if last < 0 || r.From > w.records[last].From {
			last = i
		}
	}
	if len(seen) == 0 && last >= 0 {
		try(state{last, w.records[last].Until, true})
	}
	return now, starts
}

// county reports whether a code is in force and has no counties below it.
func (w *world) county(c code.Division, on ledger.Day) bool {
	found, below := false, false
	for _, r := range w.records {
		if on < r.From || on >= r.Until {
			continue
		}
		found = found || r.Code == c
		below = below || (r.Code != c && ledger.Covers(c, r.Code))
	}
	return found && c.Level() != code.LevelProvince && !below
}

func (w *world) byZone(now []code.Division, c code.Division, q routing.Query) []code.Division {
	for _, z := range w.config.Zones {
		if z.County != c || z.Areas[0].Zones[0] != q.Unit.Zone() {
			continue
		}
		then, _ := w.now(z.Areas[0].To, min(z.AsOf, q.Date), q.Date)
		var kept []code.Division
		for _, p := range now {
			if slices.Contains(then, p) {
				kept = append(kept, p)
			}
		}
		if len(kept) > 0 {
			return kept
		}
	}
	return now
}

func (w *world) agency(id hub.AgencyID) routing.Agency {
	i := slices.IndexFunc(w.config.Agencies, func(a routing.Agency) bool { return a.ID == id })
	return w.config.Agencies[i]
}

func fits(p routing.Pattern, item hub.ItemCode) bool {
	if text, wild := strings.CutSuffix(string(p), "*"); wild {
		return strings.HasPrefix(string(item), text)
	}
	return string(p) == string(item)
}

// exactness orders the patterns of the test world.
func exactness(p routing.Pattern) int {
	return slices.Index([]routing.Pattern{"*", "transfer.*", "transfer.resale", "search"}, p)
}

// office is who is responsible for a county on a date.
func (w *world) office(p code.Division, q routing.Query) answer {
	id := hub.AgencyID("")
	for _, r := range w.config.Rules {
		in := slices.ContainsFunc(r.Places, func(x code.Division) bool { return ledger.Covers(x, p) })
		is := slices.ContainsFunc(r.Items, func(x routing.Pattern) bool { return fits(x, q.Item) })
		if in && is && max(r.From, w.agency(r.To).From) <= q.Date && q.Date < forever(r.Until) {
			id = r.To
			break
		}
	}
	if id == "" {
		id = w.duty(p, q)
	}
	if id == "" {
		return answer{refusal: hub.NoAgency}
	}
	for q.Date >= forever(w.agency(id).Closed) {
		if id = w.agency(id).Successor; id == "" {
			return answer{refusal: hub.AgencyClosed}
		}
	}
	best, bestRank := hub.AgencyID(""), -1
	for _, d := range w.config.Delegations {
		if d.Agency != id || q.Date < max(d.From, w.agency(d.To).From) || q.Date >= forever(d.Until) {
			continue
		}
		level := 0
		if len(d.Places) > 0 {
			if level = int(d.Places[0].Level()); !ledger.Covers(d.Places[0], p) {
				continue
			}
		}
		for _, x := range d.Items {
			if rank := level*10 + exactness(x); fits(x, q.Item) && rank > bestRank {
				best, bestRank = d.To, rank
			}
		}
	}
	if best != "" && q.Date < forever(w.agency(best).Closed) {
		id = best
	}
	return answer{agency: id}
}

// duty is the agency of the best duty: narrow before wide, exact before wild.
func (w *world) duty(p code.Division, q routing.Query) hub.AgencyID {
	best, bestRank := hub.AgencyID(""), -1
	for i, d := range w.config.Duties {
		if !ledger.Covers(d.Places[0], p) || q.Date < w.begins(d) {
			continue
		}
		for _, x := range d.Items {
			rank := int(d.Places[0].Level())*10 + exactness(x)
			if fits(x, q.Item) && q.Date < w.stops(i, x) && rank > bestRank {
				best, bestRank = d.Agency, rank
			}
		}
	}
	return best
}

func (w *world) begins(d routing.Duty) ledger.Day { return max(d.From, w.agency(d.Agency).From) }

// stops is when a duty ends for a pattern: that of an ended agency also where another one for the same begins.
func (w *world) stops(i int, x routing.Pattern) ledger.Day {
	d := w.config.Duties[i]
	until := forever(d.Until)
	for j, e := range w.config.Duties {
		from := w.begins(e)
		later := from > w.begins(d) || (from == w.begins(d) && j > i)
		if j != i && e.Places[0] == d.Places[0] && slices.Contains(e.Items, x) && later && from >= forever(w.agency(d.Agency).Closed) {
			until = min(until, from)
		}
	}
	return until
}
