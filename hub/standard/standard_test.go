package standard_test

import (
	"strings"
	"testing"

	"tongban/hub/standard"
)

const good = `
item: transfer.resale
agency: "410425.registry"
version: 2
from: 2026-01-01
name: {zh: 存量房转移登记, en: Transfer}
statutory_days: 30
promised_days: 3
fields: [{key: price, kind: fen, required: true, zh: 价格, en: Price}]
parties: [{role: agent, min: 0, max: 2, zh: 代理人, en: Agent}]
slots: [{key: power, required: true, if: "parties.exists(p, p.role == 'agent')", types: [application/pdf], max_mib: 5, max_files: 1, zh: 委托书, en: Power}]
`

func TestLoadGivesEachStandardADigestOfItsContent(t *testing.T) {
	a, err := standard.LoadBytes([]byte(good + "---" + strings.Replace(good, "version: 2", "version: 3", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if len(a) != 2 || a[0].Digest == a[1].Digest || !strings.HasPrefix(string(a[0].Digest), "sha256:") {
		t.Fatalf("got %+v", a)
	}
	if s, ok := a[0].Slot("power"); !ok || s.MaxBytes != 5<<20 {
		t.Fatalf("slot: %+v", s)
	}
}

func TestLoadRefusesWhatCannotBeWorkedWith(t *testing.T) {
	for name, change := range map[string][2]string{
		"unknown key":          {"version: 2", "version: 2\ncolour: red"},
		"no item":              {"item: transfer.resale", "item: ''"},
		"no english name":      {", en: Transfer}", "}"},
		"unknown field kind":   {"kind: fen", "kind: yuan"},
		"promise beyond law":   {"promised_days: 3", "promised_days: 31"},
		"some promise too":     {"promised_days: 3", "promised_days: 3\npromises: [{days: 31, when: 'true', zh: 急, en: soon}]"},
		"promise to whom":      {"promised_days: 3", "promised_days: 3\npromises: [{days: 1, when: '', zh: 急, en: soon}]"},
		"slot too small":       {"max_mib: 5", "max_mib: -5"},
		"condition on nothing": {"p.role == 'agent'", "ghost == 1"},
		"a field not there":    {"p.role == 'agent'", "form.ghost == 1"},
		"no yes or no":         {"if: \"parties.exists(p, p.role == 'agent')\"", "if: \"1 + 1\""},
		"a variant of nothing": {"version: 2", "version: 2\nbase: 7"},
		"version zero":         {"version: 2", "version: 0"},
		"day that is not one":  {"2026-01-01", "2026-02-30"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(good, change[0], change[1], 1)
			if text == good {
				t.Fatal("the case changes nothing")
			}
			if s, err := standard.LoadBytes([]byte(text)); err == nil {
				t.Fatalf("accepted %+v", s)
			}
		})
	}
}
