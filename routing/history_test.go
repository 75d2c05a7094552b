package routing_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing"
	"tongban/routing/ledger"
)

// A world is a random history of places and offices, small enough to be checked by trying everything.
type world struct {
	records []ledger.Record
	config  routing.Config
	ledger  *ledger.Ledger
	table   *routing.Table
}

const (
	worldFrom  = 2008
	worldUntil = 2026
)

var (
	worldProvince    = code.Division(110000)
	worldPrefectures = []code.Division{110100, 110200}
	worldCounties    = []code.Division{110101, 110102, 110103, 110104, 110201, 110202, 110301}
	worldItems       = []hub.ItemCode{"transfer.resale", "transfer.new", "search"}
	worldPatterns    = []routing.Pattern{"*", "transfer.*", "transfer.resale", "search"}
)

// history lets places split, merge, be renamed, give ground away, end and begin, year by year.
func (w *world) history(t *rapid.T) {
	begin := func(c code.Division, on ledger.Day) {
		w.records = append(w.records, ledger.Record{Code: c, Name: "甲", From: on, Until: ledger.Never})
	}
	start := ledger.YearStart(worldFrom)
	begin(worldProvince, start)
	for _, c := range slices.Concat(worldPrefectures, worldCounties) {
		if rapid.Bool().Draw(t, "exists") {
			begin(c, start)
		}
	}
	for y := worldFrom + 1; y < worldUntil; y++ {
		on := ledger.YearStart(y)
		last := on
		if rapid.Bool().Draw(t, "by year") {
			last = ledger.YearStart(y+1) - 1
		}
		busy := map[code.Division]bool{} // begun, ended or given ground this year
		for range rapid.IntRange(0, 2).Draw(t, "changes") {
			w.change(t, on, last, busy, begin)
		}
	}
}

func (w *world) alive(c code.Division) int {
	for i, r := range w.records {
		if r.Code == c && r.Until == ledger.Never {
			return i
		}
	}
	return -1
}

func (w *world) change(t *rapid.T, on, last ledger.Day, busy map[code.Division]bool, begin func(code.Division, ledger.Day)) {
	c := rapid.SampledFrom(slices.Concat(worldPrefectures, worldCounties)).Draw(t, "place")
	if busy[c] {
		return
	}
	busy[c] = true
	i := w.alive(c)
	if i < 0 {
		begin(c, on)
		return
	}
	ends := rapid.Bool().Draw(t, "ends")
	if ends {
		w.records[i].Until = on
	}
	targets := rapid.SliceOfNDistinct(rapid.SampledFrom(worldCounties), 0, 3, rapid.ID).Draw(t, "to")
	for _, to := range targets {
		if to == c && !ends {
			continue
		}
		if w.alive(to) < 0 {
			if busy[to] && to != c {
				continue // ended this very year
			}
			begin(to, on)
		}
		busy[to] = true
		w.records[i].Successors = append(w.records[i].Successors, ledger.Successor{To: to, On: on, Last: last})
	}
}

// offices draws agencies, duties, delegations, zone tables and rules, and keeps each that Compile accepts.
func (w *world) offices(t *rapid.T) {
	day := rapid.Custom(func(t *rapid.T) ledger.Day {
		return ledger.YearStart(rapid.IntRange(worldFrom, worldUntil).Draw(t, "year")) + ledger.Day(rapid.SampledFrom([]int{0, 0, 100}).Draw(t, "day"))
	})
	maybe := func(name string) ledger.Day {
		if rapid.Bool().Draw(t, name+"?") {
			return 0
		}
		return day.Draw(t, name)
	}
	ids := []hub.AgencyID{"a", "b", "c", "d"}
	for _, id := range ids { // later ones may succeed earlier ones; all are known before successors are tried
		w.config.Agencies = append(w.config.Agencies, routing.Agency{ID: id, Name: string(id)})
	}
	for i := range ids {
		a := w.config.Agencies[i]
		a.From, a.Closed = maybe("opens"), maybe("closes")
		if a.Closed != 0 {
			a.End = routing.EndClosed
			if rapid.Bool().Draw(t, "succeeded") {
				a.Successor = rapid.SampledFrom(ids).Draw(t, "successor")
			}
		}
		w.keep(func(c *routing.Config) { c.Agencies = slices.Clone(c.Agencies); c.Agencies[i] = a })
	}
	agency := rapid.SampledFrom(ids)
	place := rapid.SampledFrom(slices.Concat(worldPrefectures, worldCounties, []code.Division{worldProvince}))
	patterns := rapid.SliceOfNDistinct(rapid.SampledFrom(worldPatterns), 1, 2, rapid.ID)
	for range rapid.IntRange(0, 8).Draw(t, "duties") {
		d := routing.Duty{
			Agency: agency.Draw(t, "agency"), Places: places(place.Draw(t, "of")), Items: patterns.Draw(t, "items"),
			From: maybe("from"), Until: maybe("until"),
		}
		w.keep(func(c *routing.Config) { c.Duties = append(slices.Clip(c.Duties), d) })
	}
	for range rapid.IntRange(0, 2).Draw(t, "delegations") {
		d := routing.Delegation{
			Agency: agency.Draw(t, "agency"), To: agency.Draw(t, "to"), Items: patterns.Draw(t, "items"), From: maybe("from"), Until: maybe("until"),
		}
		if rapid.Bool().Draw(t, "in a place") {
			d.Places = places(place.Draw(t, "of"))
		}
		w.keep(func(c *routing.Config) { c.Delegations = append(slices.Clip(c.Delegations), d) })
	}
	for range rapid.IntRange(0, 2).Draw(t, "zones") {
		z := routing.ZoneTable{County: place.Draw(t, "county"), AsOf: day.Draw(t, "as of")}
		z.Areas = []routing.ZoneArea{{Zones: []string{"001"}, To: place.Draw(t, "to")}}
		w.keep(func(c *routing.Config) { c.Zones = append(slices.Clip(c.Zones), z) })
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "rules") {
		r := routing.Rule{
			ID: string(rune('r' + i)), Title: "t", Places: places(place.Draw(t, "of")), To: agency.Draw(t, "to"),
			From: maybe("from"), Until: maybe("until"), Items: patterns.Draw(t, "items"),
		}
		w.keep(func(c *routing.Config) { c.Rules = append(slices.Clip(c.Rules), r) })
	}
}

func places(all ...code.Division) []code.Division { return all }

// keep makes the change if the configuration still compiles with it.
func (w *world) keep(change func(*routing.Config)) {
	c := w.config
	change(&c)
	if table, err := routing.Compile(w.ledger, c); err == nil {
		w.config, w.table = c, table
	}
}

func drawWorld(t *rapid.T) *world {
	w := &world{}
	w.history(t)
	var err error
	if w.ledger, err = ledger.New("random", ledger.YearStart(worldUntil), w.records); err != nil {
		t.Fatalf("the history is no ledger: %v", err)
	}
	w.keep(func(*routing.Config) {})
	w.offices(t)
	return w
}

// Any random history leaves each place, at every date, exactly one open agency or a coded refusal, and the same one that
// trying everything finds. Every choice that a refusal offers leads on.
func TestNoHistoryLeavesACaseUnreachable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		zone := rapid.SampledFrom([]string{"001", "002"}).Draw(t, "zone")
		coded := rapid.SampledFrom([]ledger.Day{0, ledger.YearStart(2010), ledger.YearStart(2018) + 50}).Draw(t, "coded")
		item := rapid.SampledFrom(worldItems).Draw(t, "item")
		for y := worldFrom - 1; y <= worldUntil+1; y++ {
			for _, on := range []ledger.Day{ledger.YearStart(y) - 1, ledger.YearStart(y), ledger.YearStart(y) + 100} {
				for _, c := range slices.Concat(worldCounties, worldPrefectures, places(worldProvince, 110105)) {
					w.ask(t, routing.Query{Item: item, Date: on, Place: c})
					w.ask(t, routing.Query{Item: item, Date: on, Unit: code.Unit(c.String() + zone + "001GB00001F00010001"), Coded: coded})
				}
			}
		}
	})
}

// ask checks one decision, and each choice it offers.
func (w *world) ask(t *rapid.T, q routing.Query) {
	d := w.table.Decide(q)
	want := w.expect(q)
	if d.Agency != want.agency || d.Refusal != want.refusal || !slices.Equal(sorted(d.Choices()), sorted(want.choices)) {
		t.Fatalf("%+v: got %q %q %v by %v, want %+v", q, d.Agency, d.Refusal, d.Choices(), d.Reasons(), want)
	}
	switch d.Refusal {
	case "":
		a, ok := w.table.Agency(d.Agency)
		if !ok || q.Date < a.From || (a.Closed != 0 && q.Date >= a.Closed) {
			t.Fatalf("%+v: %q is not open", q, d.Agency)
		}
	case hub.UnknownPlace, hub.NoAgency, hub.AgencyClosed:
	case hub.AmbiguousSuccessor:
		if len(d.Choices()) == 0 {
			t.Fatalf("%+v: nothing to choose", q)
		}
		for _, c := range d.Choices() {
			if r := w.ledger.At(c, q.Date); q.Choice != 0 || !w.ledger.IsCounty(r, q.Date) {
				continue
			}
			again := q
			again.Choice = c
			if w.ask(t, again); w.table.Decide(again).Refusal == hub.AmbiguousSuccessor {
				t.Fatalf("%+v: the choice is not taken", again)
			}
		}
	default:
		t.Fatalf("%+v: refused with %q", q, d.Refusal)
	}
	if n := len(d.Reasons()); n == 0 || n >= 20 {
		t.Fatalf("%+v: %d reasons", q, n)
	}
}

func sorted(all []code.Division) []code.Division {
	all = slices.Clone(all)
	slices.Sort(all)
	return all
}

// With one office for the whole province and all time, nobody is ever sent away for want of an agency.
func TestAProvinceWideOfficeCatchesEveryCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		w.config.Agencies = append(slices.Clip(w.config.Agencies), routing.Agency{ID: "province", Name: "省"})
		w.config.Duties = slices.DeleteFunc(slices.Clone(w.config.Duties), func(d routing.Duty) bool { return d.Places[0] == worldProvince })
		w.config.Duties = append(w.config.Duties, routing.Duty{Agency: "province", Places: places(worldProvince), Items: []routing.Pattern{"*"}})
		table, err := routing.Compile(w.ledger, w.config)
		if err != nil {
			t.Fatal(err)
		}
		item := rapid.SampledFrom(worldItems).Draw(t, "item")
		for y := worldFrom; y <= worldUntil; y++ {
			for _, c := range worldCounties {
				d := table.Decide(routing.Query{Item: item, Date: ledger.YearStart(y) + 10, Place: c})
				if d.Refusal == hub.NoAgency || (d.Refusal == "" && d.Agency == "") {
					t.Fatalf("%d %s: %v", y, c, d.Err())
				}
			}
		}
	})
}
