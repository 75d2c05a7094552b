package routing_test

import (
	"strings"
	"testing"

	"tongban/hub"
	"tongban/routing"
	"tongban/routing/ledger"
)

func compile(t testing.TB, text string) (*routing.Table, error) {
	t.Helper()
	c, err := routing.LoadConfig(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	l, err := ledger.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return routing.Compile(l, c)
}

func mustCompile(t testing.TB, text string) *routing.Table {
	t.Helper()
	table, err := compile(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// offices is a county whose office was renamed, then merged into the city's, which closed in the end.
const offices = `
agencies:
  - {id: old, name: 郏县房产登记所, ended: {on: 2016-01-01, how: renamed, successor: new}}
  - {id: new, name: 郏县不动产登记所, ended: {on: 2018-01-01, how: merged, successor: city}}
  - {id: city, name: 平顶山市不动产登记中心, ended: {on: 2025-01-01, how: closed}}
  - {id: hall, name: 政务服务大厅, ended: {on: 2022-01-01, how: closed}}
  - {id: late, name: 宝丰县不动产登记中心, from: 2020-01-01}
  - {id: early, name: 宝丰县旧登记所, ended: {on: 2020-01-01, how: closed}}
duties:
  - {agency: old, places: ["410425"], items: ["*"]}
  - {agency: early, places: ["410421"], items: ["*"]}
  - {agency: late, places: ["410421"], items: ["*"]}
  - {agency: city, places: ["410422"], items: ["transfer.*"]}
  - {agency: city, places: ["440300"], items: [change]}
delegations:
  - {agency: city, to: hall, items: ["*"], from: 2019-01-01}
  - {agency: city, to: late, places: ["410425"], items: ["transfer.*"], from: 2021-01-01, until: 2023-01-01}
`

func TestAnEndedOfficeLeavesNoCaseUnreachable(t *testing.T) {
	u := unitIn("410425", "001002")
	check(t, mustCompile(t, offices), []scene{
		{name: "closed without successor", unit: u, date: "2025-01-01", want: "closed", reasonHas: "duty agency_ended agency_ended agency_ended"},
		{name: "before it ended", unit: u, date: "2015-12-31", want: "old"},
		{name: "renamed", unit: u, date: "2016-01-01", want: "new", reasonHas: "duty agency_ended"},
		{name: "merged", unit: u, date: "2018-06-01", want: "city", reasonHas: "agency_ended agency_ended"},
		{name: "the successor delegates", unit: u, date: "2019-06-01", want: "hall", reasonHas: "agency_ended agency_ended delegated"},
		{name: "a delegation for the place comes first", unit: u, date: "2021-06-01", want: "late"},
		{name: "the delegate has ended", item: "change", unit: u, date: "2023-06-01", want: "city", reasonHas: "delegate_ended"},
		{name: "a new duty follows an ended office", unit: unitIn("410421", "001002"), date: "2020-01-01", want: "late", reasonHas: "duty"},
		{name: "and not before", unit: unitIn("410421", "001002"), date: "2019-12-31", want: "early"},
		{name: "item outside the pattern", item: "change", unit: unitIn("410422", "001002"), date: "2020-01-01", want: "no_agency"},
		{name: "the family's name is not of the family", item: "transfer", unit: unitIn("410422", "001002"), date: "2020-01-01", want: "no_agency"},
	})
}

func TestAConfigurationIsRefusedWithLines(t *testing.T) {
	const a = "agencies:\n  - {id: a, name: 甲}\n  - {id: b, name: 乙, from: 2020-01-01}\n"
	for name, sc := range map[string]struct{ text, want string }{
		"empty":               {"", "empty"},
		"unknown key":         {"agencies:\n  - {id: a, name: 甲, colour: red}\n", "colour"},
		"doubled key":         {"agencies:\n  - {id: a, id: b, name: 甲}\n", "already"},
		"two documents":       {a + "---\n" + a, "more than one"},
		"doubled agency":      {a + "  - {id: a, name: 丙}\n", "line 4: doubled"},
		"no id":               {"agencies:\n  - {name: 甲}\n", "line 2: agency"},
		"no name":             {"agencies:\n  - {id: a}\n", "line 2: agency"},
		"sits nowhere":        {"agencies:\n  - {id: a, name: 甲, place: \"410471\"}\n", "line 2: unknown_place"},
		"bad day":             {"agencies:\n  - {id: a, name: 甲, from: 2020-02-30}\n", "line 2: day"},
		"ended without day":   {"agencies:\n  - {id: a, name: 甲, ended: {how: closed}}\n", "line 2: day"},
		"ended somehow":       {"agencies:\n  - {id: a, name: 甲, ended: {on: 2020-01-01, how: gone}}\n", "line 2: end"},
		"renamed to nobody":   {"agencies:\n  - {id: a, name: 甲, ended: {on: 2020-01-01, how: renamed}}\n", "line 2: end"},
		"ended first":         {"agencies:\n  - {id: a, name: 甲, from: 2021-01-01, ended: {on: 2020-01-01, how: closed}}\n", "line 2: span"},
		"unknown successor":   {"agencies:\n  - {id: a, name: 甲, ended: {on: 2020-01-01, how: merged, successor: x}}\n", "line 2: unknown_agency"},
		"own successor":       {"agencies:\n  - {id: a, name: 甲, ended: {on: 2020-01-01, how: merged, successor: a}}\n", "line 2: end"},
		"successor not open":  {a + "  - {id: c, name: 丙, ended: {on: 2019-01-01, how: merged, successor: b}}\n", "line 4: end"},
		"duty of nobody":      {a + "duties:\n  - {agency: x, places: [\"410425\"], items: [\"*\"]}\n", "line 5: unknown_agency"},
		"duty nowhere":        {a + "duties:\n  - {agency: a, items: [\"*\"]}\n", "line 5: empty"},
		"duty of nothing":     {a + "duties:\n  - {agency: a, places: [\"410425\"]}\n", "line 5: empty"},
		"duty with to":        {a + "duties:\n  - {agency: a, to: b, places: [\"410425\"], items: [\"*\"]}\n", "line 5: unknown_key"},
		"bad code":            {a + "duties:\n  - {agency: a, places: [\"41042\"], items: [\"*\"]}\n", "line 5: division"},
		"bad pattern":         {a + "duties:\n  - {agency: a, places: [\"410425\"], items: [\"tran*\"]}\n", "line 5: pattern"},
		"pattern twice":       {a + "duties:\n  - {agency: a, places: [\"410425\"], items: [\"*\", \"*\"]}\n", "line 5: doubled"},
		"place ended before":  {a + "duties:\n  - {agency: b, places: [\"330184\"], items: [\"*\"]}\n", "line 5: unknown_place"},
		"ends first":          {a + "duties:\n  - {agency: b, places: [\"410425\"], items: [\"*\"], until: 2019-01-01}\n", "line 5: span"},
		"overlap":             {a + "duties:\n  - {agency: a, places: [\"410425\"], items: [\"*\"]}\n  - {agency: b, places: [\"410425\"], items: [\"*\"]}\n", "line 6: overlap"},
		"delegates to itself": {a + "delegations:\n  - {agency: a, to: a, items: [\"*\"]}\n", "line 5: delegation"},
		"delegates nothing":   {a + "delegations:\n  - {agency: a, to: b}\n", "line 5: empty"},
		"delegates twice":     {a + "delegations:\n  - {agency: a, to: b, items: [\"*\"]}\n  - {agency: a, to: b, items: [\"*\"]}\n", "line 6: overlap"},
		"zones of no place":   {"zones:\n  - {county: \"410471\", as_of: 2020-01-01, default: \"410425\"}\n", "line 2: unknown_place"},
		"zones without day":   {"zones:\n  - {county: \"330104\", default: \"330102\"}\n", "line 2: day"},
		"zones of nothing":    {"zones:\n  - {county: \"330104\", as_of: 2022-01-01}\n", "line 2: empty"},
		"zone of 4 digits":    {"zones:\n  - {county: \"330104\", as_of: 2022-01-01, areas: [{zones: [\"0011\"], to: \"330102\"}]}\n", "line 2: zone"},
		"zone twice":          {"zones:\n  - {county: \"330104\", as_of: 2022-01-01, areas: [{zones: [\"001\", \"001\"], to: \"330102\"}]}\n", "line 2: doubled"},
		"zone elsewhere":      {"zones:\n  - {county: \"330104\", as_of: 2022-01-01, areas: [{zones: [\"001\"], to: \"410425\"}]}\n", "line 2: zone"},
		"two tables":          {"zones:\n  - {county: \"330104\", as_of: 2022-01-01, default: \"330102\"}\n  - {county: \"330104\", as_of: 2022-01-01, default: \"330102\"}\n", "line 3: doubled"},
		"rule everywhere":     {a + "rules:\n  - {id: r, title: t, to: a}\n", "line 5: empty"},
		"rule to nobody":      {a + "rules:\n  - {id: r, title: t, when: {places: [\"410425\"]}, to: x}\n", "line 5: unknown_agency"},
		"rule without title":  {a + "rules:\n  - {id: r, when: {places: [\"410425\"]}, to: a}\n", "line 5: rule"},
		"rule without id":     {a + "rules:\n  - {title: t, when: {places: [\"410425\"]}, to: a}\n", "line 5: rule"},
		"rule twice":          {a + "rules:\n  - {id: r, title: t, when: {places: [\"410425\"]}, to: a}\n  - {id: r, title: t, when: {places: [\"410425\"]}, to: a}\n", "line 6: doubled"},
		"rule by short unit":  {a + "rules:\n  - {id: r, title: t, when: {places: [\"410425\"], units: [\"4104\"]}, to: a}\n", "line 5: unit"},
		"fact of two forms":   {a + "rules:\n  - {id: r, title: t, when: {places: [\"410425\"], facts: {x: {is: true, min: 1}}}, to: a}\n", "line 5: fact"},
		"fact of no form":     {a + "rules:\n  - {id: r, title: t, when: {places: [\"410425\"], facts: {x: {}}}, to: a}\n", "line 5: fact"},
		"fact of no number":   {a + "rules:\n  - {id: r, title: t, when: {places: [\"410425\"], facts: {x: {min: 5, max: 1}}}, to: a}\n", "line 5: fact"},
		"unknown condition":   {a + "rules:\n  - {id: r, title: t, when: {places: [\"410425\"], weather: rain}, to: a}\n", "weather"},
	} {
		if _, err := compile(t, sc.text); err == nil || !strings.Contains(err.Error(), sc.want) {
			t.Errorf("%s: got %v, want %q", name, err, sc.want)
		}
	}
}

func TestAllFaultsAreToldAtOnce(t *testing.T) {
	_, err := compile(t, "agencies:\n  - {id: a}\n  - {id: a, name: 甲}\nduties:\n  - {agency: x, places: [\"410425\"], items: [Q]}\n")
	if err == nil || !strings.HasPrefix(err.Error(), "routing configuration: 4 problems\nline 2") {
		t.Errorf("got %v", err)
	}
}

func TestRulesAreTriedInTheOrderWritten(t *testing.T) {
	check(t, mustCompile(t, `
agencies: [{id: home, name: 甲}, {id: one, name: 乙}, {id: two, name: 丙}, {id: three, name: 丁}, {id: four, name: 戊}]
duties: [{agency: home, places: ["410000"], items: ["*"]}]
rules:
  - {id: text, title: t, when: {places: ["410400"], facts: {usage: {in: [shop, office]}}}, to: one}
  - {id: truth, title: t, when: {places: ["410425"], facts: {minor: {is: true}, price: {min: 10, max: 20}}}, to: two}
  - {id: item, title: t, when: {places: ["410000"], items: [search, "mortgage.*"]}, to: three}
  - {id: time, title: t, when: {places: ["410425"], from: 2024-01-01, until: 2025-01-01}, to: four}
`), []scene{
		{name: "none", place: 410425, want: "home", reasonHas: "no_rule_matched duty"},
		{name: "no rules here", place: 330106, want: "no_agency", reasonHas: "place_in_force no_duty"},
		{name: "text", place: 410425, facts: hub.Form{"usage": "shop"}, want: "one"},
		{name: "other text", place: 410425, facts: hub.Form{"usage": "home"}, want: "home"},
		{name: "text for a number", place: 410425, facts: hub.Form{"usage": int64(1)}, want: "home"},
		{name: "all facts must hold", place: 410425, facts: hub.Form{"minor": true}, want: "home"},
		{name: "both", place: 410425, facts: hub.Form{"minor": true, "price": int64(20)}, want: "two"},
		{name: "above", place: 410425, facts: hub.Form{"minor": true, "price": int64(21)}, want: "home"},
		{name: "false", place: 410425, facts: hub.Form{"minor": false, "price": int64(15)}, want: "home"},
		{name: "first of two", place: 410425, item: "search", facts: hub.Form{"usage": "office"}, want: "one"},
		{name: "of the province", place: 410425, item: "search", want: "three"},
		{name: "of the province, a place without its own", place: 419001, item: "mortgage.first", want: "three"},
		{name: "of the prefecture, a place without its own", place: 410422, facts: hub.Form{"usage": "shop"}, want: "one"},
		{name: "in time", place: 410425, date: "2024-12-31", want: "four"},
		{name: "out of time", place: 410425, date: "2025-01-01", want: "home"},
	})
}

func TestTheDigestNamesTheConfiguration(t *testing.T) {
	one, same := mustCompile(t, offices), mustCompile(t, "\n\n# other lines, same sense\n"+offices)
	if one.Digest() != same.Digest() || len(one.Digest()) != len("sha256:")+64 {
		t.Errorf("%s and %s", one.Digest(), same.Digest())
	}
	if other := mustCompile(t, strings.Replace(offices, "2016-01-01", "2016-01-02", 1)); other.Digest() == one.Digest() {
		t.Error("another day, the same digest")
	}
	d := one.Decide(scene{place: 410425}.query(t))
	if d.Rules() != one.Digest() {
		t.Error("the decision names another configuration")
	}
}

func TestAgenciesCanBeLookedUp(t *testing.T) {
	table := mustCompile(t, offices)
	if a, ok := table.Agency("old"); !ok || a.Successor != "new" || a.End != routing.EndRenamed {
		t.Errorf("got %+v, %v", a, ok)
	}
	if _, ok := table.Agency("nobody"); ok {
		t.Error("found nobody")
	}
}

// everyReason and everyQuestion together give each reason at least once.
func everyReason(t *testing.T) *routing.Table {
	return mustCompile(t, offices+`
  - {agency: late, to: hall, items: [search]}
zones:
  - {county: "330104", as_of: 2022-01-01, areas: [{zones: ["001"], to: "330102"}]}
rules:
  - {id: r, title: 标题, title_en: title, when: {places: ["410421"], items: [change]}, to: late}
`)
}

func everyQuestion(t *testing.T) []routing.Query {
	var all []routing.Query
	for _, s := range []scene{
		{unit: unitIn("410425", "001002")},
		{unit: unitIn("410425", "001002"), date: "2019-06-01"},
		{unit: unitIn("330104", "001002")},
		{unit: unitIn("330104", "002002")},
		{unit: unitIn("330104", "002002"), choice: 330102},
		{unit: unitIn("330104", "002002"), choice: 410425},
		{unit: unitIn("440306", "001002"), item: "change", date: "2024-06-01"},
		{place: 410421},
		{place: 410421, item: "change"},
		{place: 410421, item: "search"},
		{place: 410400},
		{place: 410471},
		{place: 330114, date: "2020-01-01"},
		{place: 132100},
	} {
		all = append(all, s.query(t))
	}
	return append(all, routing.Query{Date: day(t, "2026-01-05"), Place: 410421})
}

func FuzzConfig(f *testing.F) {
	f.Add(offices)
	f.Add("<<: {agencies: [{id: a, name: 甲}]}\n")
	f.Add("rules:\n  - {id: r, title: t, when: {places: [\"410425\"], facts: {x: {min: 5}}}, to: a}\n")
	l, err := ledger.Builtin()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := routing.LoadConfig(strings.NewReader(s))
		if err != nil {
			return
		}
		table, err := routing.Compile(l, c)
		if err != nil {
			return
		}
		d := table.Decide(routing.Query{Item: "transfer.resale", Unit: unitIn("410425", "001002"), Date: 20_000})
		if (d.Agency == "") == (d.Refusal == "") {
			t.Fatal("neither an agency nor a refusal, or both")
		}
	})
}
