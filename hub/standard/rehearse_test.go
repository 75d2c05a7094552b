package standard_test

import (
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/standard"
)

// What would break only when somebody applies is refused when it is imported.
func TestConditionsAreTriedBeforeTheyCount(t *testing.T) {
	rule := `must: "form.price > 0"`
	for name, c := range map[string][2]string{
		"an answer that need not be there":        {rule, `must: "form.use == 'home'"`},
		"the same behind another answer":          {rule, `must: "form.price > 5 || form.joint"`},
		"a number taken for yes or no":            {rule, `must: "form.price"`},
		"a number compared with a text":           {rule, `must: "form.price > 'x'"`},
		"nothing divided by":                      {rule, `must: "100 / form.price > 0"`},
		"more than a number holds":                {rule, `must: "form.price * form.price > 0"`},
		"a part of a party that there is not":     {rule, `must: "parties.all(p, p.name != '')"`},
		"the first of no parties":                 {rule, `must: "parties[0].minor"`},
		"a cell of a row that need not be there":  {rule, `must: "!has(form.heirs) || form.heirs.all(h, h.waives)"`},
		"a fact before its time":                  {`"parties.exists(p, p.role == 'agent')"`, `"is.minor"`},
		"a count of what need not be there":       {"when: has(form.copies), fen: 1000, count: form.copies", "fen: 1000, count: form.copies"},
		"a count that is no number":               {"count: form.copies", "count: form.use"},
		"a slot for a day that is read as a time": {"if: is.agent_acts", `if: "!has(form.signed) || timestamp(form.signed) > timestamp('2020-01-01T00:00:00Z')"`},
	} {
		text := strings.Replace(rich, c[0], c[1], 1)
		if text == rich {
			t.Fatalf("%s: the case changes nothing", name)
		}
		_, err := standard.LoadBytes([]byte(text))
		if err == nil {
			t.Errorf("%s: accepted", name)
		} else if !strings.Contains(err.Error(), "condition ") {
			t.Errorf("%s: refused for another reason: %v", name, err)
		}
	}
	for _, good := range []string{
		"!has(form.use) || form.use == 'home'", "has(form.joint) && form.joint && is.agent_acts || form.price >= 0",
		"form.price == 0 || 100 / form.price >= 0", "!has(form.heirs) || form.heirs.all(h, !has(h.waives) || h.waives)",
	} {
		if _, err := standard.LoadBytes([]byte(strings.Replace(rich, rule, `must: "`+good+`"`, 1))); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}

// A count that the applicant made too large is his gap, not a failure of ours.
func TestACountOutOfBoundsNamesItsField(t *testing.T) {
	a := assess(t, hub.Form{"price": int64(1), "copies": int64(10_001)}, buyer())
	if len(a.Wrong) != 1 || a.Wrong[0].Pointer != "/form/copies" || a.Wrong[0].Code != "range" {
		t.Errorf("got %+v", a.Wrong)
	}
	if a := assess(t, hub.Form{"price": int64(1), "copies": int64(10_000)}, buyer()); len(a.Wrong) != 0 {
		t.Errorf("at the bound: %+v", a.Wrong)
	}
}
