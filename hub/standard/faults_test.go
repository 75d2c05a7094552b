package standard

import (
	"errors"
	"strings"
	"testing"
)

const faulty = `item: transfer.gift
agency: ""
version: 1
from: 2026-02-30
name: {zh: 赠与}
statutory_days: 30
promised_days: 31
parties: [{role: giver, min: 2, max: 1, zh: 赠与人, en: Giver}]
fields:
  - {key: price, kind: yuan, zh: 价格, en: Price}
  - {key: Use, kind: text, zh: 用途, en: Use}
  - {key: price, kind: fen, zh: 价格, en: Price}
slots:
  - {key: contract, required: true, zh: 合同, en: Contract}
  - {key: letter, required: true, en: Letter}
---
item: other
colour: red
version: one
agency: ""
---
item: third
agency: ""
version: 1
from: 2026-01-01
name: {zh: 三, en: Three}
statutory_days: 30
promised_days: 5
parties: [{role: giver, min: 1, max: 2, zh: 赠与人, en: Giver}]
slots:
  - {key: a, if: "form.ghost == 1", zh: 甲, en: A}
  - key: b
    if: "1 +"
    zh: 乙
    en: B
`

// Everything that is wrong is told at once, each where it stands.
func TestAllFaultsAreToldAtTheirLines(t *testing.T) {
	_, err := LoadBytes([]byte(faulty))
	wrong, ok := errors.AsType[Faults](err)
	if !ok {
		t.Fatalf("%v", err)
	}
	for _, x := range []struct {
		line int
		text string
	}{
		{4, "from:"},
		{5, "name needs"},
		{7, "promised_days"},
		{8, `party "giver"`},
		{12, `field "price": kind "yuan"`},
		{11, `field "Use"`},
		{12, `field "price"`},
		{15, `slot "letter"`},
		{18, "colour"},
		{19, "one"},
		{31, `condition "form.ghost`},
		{33, `condition "1 +"`},
	} {
		found := false
		for _, f := range wrong {
			found = found || f.Line == x.line && strings.Contains(f.Message, x.text)
		}
		if !found {
			t.Errorf("line %d: %s is not among\n%v", x.line, x.text, err)
		}
	}
	if _, err := LoadBytes([]byte("item: x\n  bad: [")); err == nil || !strings.Contains(err.Error(), "line ") {
		t.Errorf("not readable: %v", err)
	}
}
