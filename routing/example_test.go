package routing_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/code"
	"tongban/routing"
	"tongban/routing/ledger"
)

func day(t testing.TB, s string) ledger.Day {
	t.Helper()
	if s == "" {
		return 0
	}
	d, err := ledger.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func exampleTable(t testing.TB) *routing.Table {
	t.Helper()
	f, err := os.Open("../deploy/routing.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	c, err := routing.LoadConfig(f)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	table, err := routing.Compile(l, c)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// unitIn is a well-formed unit number in a county and zone.
func unitIn(county, zone string) code.Unit {
	return code.Unit(county + zone + "GB00003F00050021")
}

// scene is a question and its answer: the agency, or the code of the refusal.
type scene struct {
	name                 string
	item                 hub.ItemCode
	unit                 code.Unit
	place, choice        code.Division
	date, coded          string
	facts                hub.Form
	want                 string
	wantPlace, reasonHas string
	choices              string
}

func (s scene) query(t testing.TB) routing.Query {
	q := routing.Query{
		Item: s.item, Unit: s.unit, Place: s.place, Choice: s.choice, Date: day(t, s.date), Coded: day(t, s.coded), Facts: s.facts,
	}
	if s.item == "" {
		q.Item = "transfer.resale"
	}
	if s.date == "" {
		q.Date = day(t, "2026-01-05")
	}
	return q
}

func check(t *testing.T, table *routing.Table, all []scene) {
	t.Helper()
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			d := table.Decide(s.query(t))
			got := string(d.Agency)
			if d.Refusal != "" {
				got = string(d.Refusal)
			}
			var codes []string
			for _, r := range d.Reasons() {
				codes = append(codes, r.Code)
			}
			if got != s.want || !strings.Contains(strings.Join(codes, " "), s.reasonHas) {
				t.Errorf("got %s by %v, want %s by %s", got, codes, s.want, s.reasonHas)
			}
			if s.wantPlace != "" && d.Place.String() != s.wantPlace {
				t.Errorf("place %s, want %s", d.Place, s.wantPlace)
			}
			if c := strings.Trim(fmt.Sprint(d.Choices()), "[]"); s.choices != "" && c != s.choices {
				t.Errorf("choices %s, want %s", c, s.choices)
			}
			if (d.Err() == nil) != (d.Refusal == "") || hub.ErrorCode(d.Err()) != d.Refusal {
				t.Errorf("error %v for refusal %q", d.Err(), d.Refusal)
			}
		})
	}
}

func TestTheExampleConfigurationRoutes(t *testing.T) {
	check(t, exampleTable(t), []scene{
		{name: "unknown place", unit: unitIn("410471", "001002"), want: "unknown_place", reasonHas: "code_never_used"},
		{name: "place of the future", unit: unitIn("330114", "001002"), date: "2020-06-01", want: "unknown_place", reasonHas: "code_not_yet_used"},
		{name: "before the ledger", unit: unitIn("410425", "001002"), date: "1975-01-01", want: "unknown_place", reasonHas: "code_not_yet_used"},
		{name: "a prefecture is too wide", place: 410400, want: "unknown_place", reasonHas: "wider_than_county"},
		{name: "a province is too wide", place: 410000, want: "unknown_place", reasonHas: "wider_than_county"},
		{name: "old prefecture", place: 132100, want: "unknown_place", reasonHas: "no_known_successor"},
		{name: "no agency", unit: unitIn("320311", "001021"), want: "no_agency", reasonHas: "no_duty"},
		{name: "whole county", unit: unitIn("410425", "001002"), want: "410425.registry", wantPlace: "410425", reasonHas: "place_in_force no_rule_matched duty"},
		{name: "rule by zone", unit: unitIn("410425", "003001"), want: "410425.park", reasonHas: "rule_matched"},
		{name: "rule not yet", unit: unitIn("410425", "003001"), date: "2022-12-31", want: "410425.registry", reasonHas: "duty"},
		{name: "rule by fact", item: "mortgage.first", unit: unitIn("410425", "001002"), facts: hub.Form{"debt": int64(50_000_000_000)}, want: "410400.registry", reasonHas: "rule_matched"},
		{name: "fact too small", item: "mortgage.first", unit: unitIn("410425", "001002"), facts: hub.Form{"debt": int64(49_999_999_999)}, want: "410425.registry"},
		{name: "fact of another type", item: "mortgage.first", unit: unitIn("410425", "001002"), facts: hub.Form{"debt": "50000000000"}, want: "410425.registry"},
		{name: "fact missing", item: "mortgage.first", unit: unitIn("410425", "001002"), want: "410425.registry"},
		{name: "prefecture-wide duty, delegated", unit: unitIn("440305", "001002"), want: "440305.registry", reasonHas: "duty delegated"},
		{name: "before the delegation", unit: unitIn("440305", "001002"), date: "2019-12-31", want: "440300.registry"},
		{name: "item not delegated", item: "mortgage.first", unit: unitIn("440305", "001002"), want: "440300.registry"},
		{name: "no counties", unit: unitIn("441900", "001002"), want: "441900.registry", wantPlace: "441900"},
		{name: "no prefecture", place: 419001, want: "419001.registry"},
		{name: "narrow place beats exact item", item: "search", unit: unitIn("410425", "001002"), want: "410425.registry"},
		{name: "split, zone", unit: unitIn("330104", "001002"), want: "330102.registry", wantPlace: "330102", reasonHas: "ground_moved zone_table"},
		{name: "split, sub-zone first", unit: unitIn("330104", "005001"), want: "330102.registry", reasonHas: "zone_table"},
		{name: "split, zone of the other", unit: unitIn("330104", "005002"), want: "330114.registry", wantPlace: "330114"},
		{name: "split, unlisted zone", unit: unitIn("330104", "099001"), want: "ambiguous_successor", choices: "330102 330114", reasonHas: "several_places"},
		{name: "split, chosen", unit: unitIn("330104", "099001"), choice: 330114, want: "330114.registry", wantPlace: "330114", reasonHas: "ground_moved clerk_chose"},
		{name: "split, impossible choice", unit: unitIn("330104", "099001"), choice: 330106, want: "ambiguous_successor", choices: "330102 330114", reasonHas: "choice_not_possible"},
		{name: "choice against the zone", unit: unitIn("330104", "001001"), choice: 330114, want: "ambiguous_successor", choices: "330102", reasonHas: "zone_table choice_not_possible"},
		{name: "before the split", unit: unitIn("330104", "099001"), date: "2020-12-31", want: "330104.registry", wantPlace: "330104"},
		{name: "living county, zone that left", unit: unitIn("330110", "101001"), want: "330113.registry", wantPlace: "330113"},
		{name: "living county, default stays", unit: unitIn("330110", "001001"), want: "330110.registry", wantPlace: "330110", reasonHas: "zone_table"},
		{name: "living county, coded after", unit: unitIn("330110", "101001"), coded: "2022-05-01", want: "330110.registry", reasonHas: "place_in_force"},
		{name: "one office for all possible places", unit: unitIn("440306", "001002"), want: "440300.registry", reasonHas: "same_agency_everywhere"},
		{name: "place as named today needs no zone", place: 330110, want: "330110.registry"},
		{name: "old name of a place, still one", place: 330182, item: "search", want: "no_agency", wantPlace: "330182"},
		{name: "old name of a place, since divided", place: 330184, want: "ambiguous_successor", choices: "330110 330113", reasonHas: "ground_moved"},
		{name: "old name chosen", place: 330184, choice: 330113, want: "330113.registry", reasonHas: "ground_moved ground_moved clerk_chose"},
		{name: "merged before the choice", place: 330103, want: "no_agency", wantPlace: "330105", reasonHas: "ground_moved no_duty"},
	})
}

func TestAUnitThatWasNeverParsedIsNoPlace(t *testing.T) {
	d := exampleTable(t).Decide(routing.Query{Item: "change", Unit: "nonsense", Date: day(t, "2026-01-05")})
	if d.Refusal != hub.UnknownPlace {
		t.Errorf("got %+v", d.Refusal)
	}
	if d = exampleTable(t).Decide(routing.Query{Date: day(t, "2026-01-05"), Place: 410425}); d.Refusal != hub.UnknownItem {
		t.Errorf("no item: got %+v", d.Refusal)
	}
}

func TestADecisionKeepsNoFacts(t *testing.T) {
	s := scene{unit: unitIn("410425", "001002"), facts: hub.Form{"name": "张三"}}
	if d := exampleTable(t).Decide(s.query(t)); d.Query.Facts != nil {
		t.Error("the decision holds the case's facts")
	}
}

func TestARefusalCarriesItsChoices(t *testing.T) {
	d := exampleTable(t).Decide(scene{unit: unitIn("330104", "099001")}.query(t))
	e, ok := errors.AsType[*hub.Error](d.Err())
	if !ok || e.Code != hub.AmbiguousSuccessor || e.Args["choices"] != "330102,330114" || e.Args["reason"] != "several_places" || len(e.Fields) != 2 || e.Fields[1].Code != "330114" || e.Fields[1].Message == "" {
		t.Errorf("got %+v", d.Err())
	}
}
