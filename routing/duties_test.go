package routing_test

import (
	"bytes"
	"testing"

	"tongban/deploy"
	"tongban/routing"
	"tongban/routing/ledger"
)

// What is listed is what decides: every duty of the example that is in force
// names an agency and, where it names a place, that place's name.
func TestDutiesAreListedAsTheyAreConfigured(t *testing.T) {
	cfg, err := routing.LoadConfig(bytes.NewReader(deploy.RoutingExample))
	if err != nil {
		t.Fatal(err)
	}
	lg, err := ledger.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	table, err := routing.Compile(lg, cfg)
	if err != nil {
		t.Fatal(err)
	}
	day := ledger.DayOf(lg.Through().Time())
	rows, want := table.Duties(day), 0
	for _, d := range cfg.Duties {
		want += len(d.Places) * len(d.Items)
	}
	duties := 0
	for _, r := range rows {
		if r.To == "" {
			duties++
		}
		if r.Agency == "" || r.Item == "" || r.Place != 0 && r.Until == ledger.Never && r.PlaceName == "" {
			t.Errorf("%+v", r)
		}
	}
	if duties != want || want == 0 {
		t.Errorf("%d duties listed, want %d", duties, want)
	}
}
