package ledger_test

import (
	"strings"
	"testing"

	"tongban/routing/ledger"
)

const update = `
source: made up for a test
through: 2026-12-31
exact:
  - {year: 2021, codes: ["330103", "330104", "330114"], on: 2021-04-09}
end:
  - {code: "410425", on: 2026-03-01, successors: ["410427"]}
begin:
  - {code: "410427", name: 郏城区, on: 2026-03-01}
transfer:
  - {from: "410422", to: "410427", on: 2026-06-01}
`

func TestAnUpdateCarriesTheLedgerOn(t *testing.T) {
	u, err := ledger.LoadUpdate(strings.NewReader(update))
	if err != nil {
		t.Fatal(err)
	}
	before := builtin(t)
	l, err := before.Apply(u)
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range []struct{ place, date, want string }{
		{"410425", "2026-02-28", "410425"},
		{"410425", "2026-03-01", "410427"},
		{"410422", "2026-05-31", "410422"},
		{"410422", "2026-06-01", "410422 410427"},
		{"330104", "2021-04-08", "330104"},
		{"330104", "2021-04-09", "330102 330114"},
	} {
		c := parse(t, sc.place)
		if got := reached(t, l, c, "2015-01-01", sc.date); got != sc.want {
			t.Errorf("%s on %s: %s, want %s", sc.place, sc.date, got, sc.want)
		}
	}
	if got := reached(t, before, 410425, "2015-01-01", "2026-12-31"); got != "410425" {
		t.Errorf("the ledger before the update changed: %s", got)
	}
	b, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ledger.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if got := reached(t, again, 330104, "2015-01-01", "2021-04-08"); got != "330104" {
		t.Errorf("exact days are lost in the compact form: %s", got)
	}
}

func TestABadUpdateIsRefusedWithItsLine(t *testing.T) {
	for name, sc := range map[string]struct{ text, want string }{
		"unknown key":     {"source: x\nthrough: 2026\nrename: []\n", "rename"},
		"empty":           {"", "empty"},
		"two documents":   {"source: x\nthrough: 2026\n---\nsource: y\n", "more than one"},
		"bad code":        {"source: x\nthrough: 2026\nbegin:\n  - {code: 41042, name: a, on: 2026}\n", "line 4"},
		"bad day":         {"source: x\nthrough: 2026\nbegin:\n  - {code: 410427, name: a, on: 2026-13-01}\n", "line 4"},
		"no successors":   {"source: x\nthrough: 2026\nend:\n  - {code: 410425, on: 2026}\n", "line 4"},
		"nothing to end":  {"source: x\nthrough: 2026\nend:\n  - {code: 410471, on: 2026, successors: [410425]}\n", "line 4"},
		"wrong year":      {"source: x\nthrough: 2026\nexact:\n  - {year: 2020, codes: [330104], on: 2020-04-09}\n", "line 4"},
		"day of no year":  {"source: x\nthrough: 2026\nexact:\n  - {year: 2021, codes: [330104], on: 2022-04-09}\n", "line 4"},
		"not in force":    {"source: x\nthrough: 2026\ntransfer:\n  - {from: 330104, to: 410425, on: 2026}\n", "line 4"},
		"older":           {"source: x\nthrough: 2020\n", "already"},
		"no source":       {"through: 2026\n", "source"},
		"to nowhere":      {"source: x\nthrough: 2026\nend:\n  - {code: 410425, on: 2026, successors: [410471]}\n", "410471"},
		"place held":      {"source: x\nthrough: 2026\nbegin:\n  - {code: 410425, name: a, on: 2026}\n", "410425"},
		"exact by halves": {"source: x\nthrough: 2026\nexact:\n  - {year: 2021, codes: [330113], on: 2021-12-31}\n  - {year: 2021, codes: [330114], on: 2021-04-09}\n", "330104"},
	} {
		u, err := ledger.LoadUpdate(strings.NewReader(sc.text))
		if err == nil {
			_, err = builtin(t).Apply(u)
		}
		if err == nil || !strings.Contains(err.Error(), sc.want) {
			t.Errorf("%s: got %v, want something about %q", name, err, sc.want)
		}
	}
}

func FuzzUpdate(f *testing.F) {
	f.Add(update)
	f.Fuzz(func(t *testing.T, s string) {
		u, err := ledger.LoadUpdate(strings.NewReader(s))
		if err == nil && u.Source == "" {
			t.Fatal("accepted without a source")
		}
	})
}
