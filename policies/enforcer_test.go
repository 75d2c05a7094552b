package policies

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"tongban/hub"
)

const allowingRow = "p, clerk, case.read\n"

func TestLoadRefusesWhatIsNotFailClosed(t *testing.T) {
	head := modelText[:strings.Index(modelText, "[policy_effect]")]
	effect := func(e, m string) string { return head + "[policy_effect]\ne = " + e + "\n[matchers]\nm = " + m + "\n" }
	const match, allow = "r.role == p.role && r.act == p.act", "some(where (p.eft == allow))"

	for name, in := range map[string]struct{ model, rows string }{
		"deny-override allows whom no row names": {effect("!some(where (p.eft == deny))", match), allowingRow},
		"matcher is always true":                 {effect(allow, "true"), allowingRow},
		"matcher forgets the role":               {effect(allow, "r.act == p.act"), allowingRow},
		"matcher forgets the action":             {effect(allow, "r.role == p.role"), allowingRow},
		"unknown role":                           {modelText, "p, emperor, case.read\n"},
		"unknown action":                         {modelText, "p, clerk, case.burn\n"},
		"wildcard":                               {modelText, "p, clerk, *\n"},
		"row too long":                           {modelText, "p, clerk, case.read, deny\n"},
		"row too short":                          {modelText, "p, clerk\n"},
		"no rows":                                {modelText, ""},
		"no model":                               {"", allowingRow},
		"model without matcher":                  {head, allowingRow},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := load(in.model, in.rows); err == nil {
				t.Error("loaded")
			}
		})
	}
	if _, err := load(modelText, allowingRow); err != nil {
		t.Errorf("the good model with one row: %v", err)
	}
}

// An enforcer whose enforcement was switched off says yes to everything, rows or not.
type switchedOff struct{}

func (switchedOff) Enforce(...any) (bool, error)   { return true, nil }
func (switchedOff) GetPolicy() ([][]string, error) { return nil, nil }

func TestAnEnforcerThatPermitsAStrangerIsRefused(t *testing.T) {
	if _, err := tabulate(switchedOff{}); err == nil || !strings.Contains(err.Error(), "not fail-closed") {
		t.Errorf("got %v", err)
	}
}

func TestNobodyAndNothingIsPermitted(t *testing.T) {
	e := newEnforcer(t)
	for _, r := range []hub.Role{"", "*", "CLERK", "clerk "} {
		for _, a := range hub.Actions() {
			if e.Permits(r, a) {
				t.Errorf("%q may do %s", r, a)
			}
		}
	}
	for _, a := range []hub.Action{"", "*", "case.*", "CASE.READ"} {
		for _, r := range hub.Roles() {
			if e.Permits(r, a) {
				t.Errorf("%s may do %q", r, a)
			}
		}
	}
	var zero Enforcer
	if zero.Permits(hub.Clerk, hub.CaseRead) {
		t.Error("an enforcer without rows permits")
	}
}

func TestLoadLogsTheDigestsOfModelAndRows(t *testing.T) {
	var out bytes.Buffer
	if _, err := New(slog.New(slog.NewJSONHandler(&out, nil))); err != nil {
		t.Fatal(err)
	}
	var line struct {
		Model, Rows hub.Digest
		Permissions int
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line.Model != hub.SHA256([]byte(modelText)) || line.Rows != hub.SHA256([]byte(rowsText)) || line.Permissions == 0 {
		t.Errorf("logged %s", out.Bytes())
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		newEnforcer(b)
	}
}

func BenchmarkAuthorize(b *testing.B) {
	e := newEnforcer(b)
	c := &hub.Case{
		Receiving: "440305.window", Custodian: "410425.registry", ReceivedBy: "zhang",
		PartyRefs: []hub.PartyRef{"a", "b", "c", "d"}, First: &hub.Review{By: hub.Signatory{Person: "li"}},
	}
	allowed := hub.Actor{Person: "wang", Agency: "410425.registry", Roles: []hub.Role{hub.FirstReviewer, hub.SecondReviewer}, Ref: "x"}
	stranger := hub.Actor{Person: "zhao", Agency: "110105.registry", Roles: []hub.Role{hub.SecondReviewer}, Ref: "x"}
	for _, bench := range []struct {
		name  string
		actor hub.Actor
		want  hub.Code
	}{{"allowed", allowed, ""}, {"not_found", stranger, hub.NotFound}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := hub.ErrorCode(e.Authorize(bench.actor, hub.CaseDecide, c)); got != bench.want {
					b.Fatal(got)
				}
			}
		})
	}
}
