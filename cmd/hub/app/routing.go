package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tongban/deploy"
	"tongban/hub"
	"tongban/hub/api"
	"tongban/hub/code"
	"tongban/routing"
	"tongban/routing/ledger"
)

// openRouting compiles the routing configuration: the file of the settings, or
// the built-in example.
func (a *App) openRouting(context.Context) error {
	table, agencies, err := Routes(a.Config.Routing, a.Config.Divisions)
	if err != nil {
		return err
	}
	a.Routes, a.agencies = table, agencies
	return nil
}

// Routes reads and compiles a routing configuration; "" is the built-in
// example. divisions names a file of newer division facts, "" for none.
func Routes(path, divisions string) (*routing.Table, []hub.Agency, error) {
	text := deploy.RoutingExample
	if path != "" {
		var err error
		if text, err = os.ReadFile(filepath.Clean(path)); err != nil {
			return nil, nil, fmt.Errorf("read routing configuration: %w", err)
		}
	}
	cfg, err := routing.LoadConfig(bytes.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	lg, err := divisionLedger(divisions)
	if err != nil {
		return nil, nil, err
	}
	table, err := routing.Compile(lg, cfg)
	if err != nil {
		return nil, nil, err
	}
	today := ledger.DayOf(time.Now())
	var agencies []hub.Agency
	for _, ag := range cfg.Agencies {
		place := placeName(lg, ag.Place, today)
		agencies = append(agencies, hub.Agency{
			ID: ag.ID, NameZH: ag.Name, NameEN: ag.NameEn, Division: ag.Place.String(), PlaceZH: place, Register: ag.Register, Timezone: "Asia/Shanghai",
		})
	}
	return table, agencies, nil
}

// placeName is how certificates name a place (市县全称): a county or a city; a
// city's district goes by the name of its city.
func placeName(lg *ledger.Ledger, d code.Division, day ledger.Day) string {
	name := func(d code.Division) string {
		if ref := lg.At(d, day); ref != ledger.NoRef {
			return lg.Record(ref).Name
		}
		return ""
	}
	own := name(d)
	if strings.HasSuffix(own, "区") {
		if city := name(d / 100 * 100); strings.HasSuffix(city, "市") {
			return city
		}
		if city := name(d / 10_000 * 10_000); strings.HasSuffix(city, "市") { // 北京市 and its like
			return city
		}
	}
	return own
}

// divisionLedger is the built-in ledger with an update applied.
func divisionLedger(update string) (*ledger.Ledger, error) {
	lg, err := ledger.Builtin()
	if err != nil || update == "" {
		return lg, err
	}
	f, err := os.Open(filepath.Clean(update))
	if err != nil {
		return nil, fmt.Errorf("read division facts: %w", err)
	}
	defer f.Close()
	u, err := ledger.LoadUpdate(f)
	if err != nil {
		return nil, err
	}
	return lg.Apply(u)
}

// duties lists the routing configuration for its readers, as of today.
func (a *App) duties() []api.Duty {
	var out []api.Duty
	for _, d := range a.Routes.Duties(ledger.DayOf(time.Now())) {
		row := api.Duty{Agency: d.Agency, To: d.To, PlaceZH: d.PlaceName, Item: d.Item, From: d.From.String(), Until: d.Until.String()}
		if d.Place != 0 {
			row.Place = d.Place.String()
		}
		out = append(out, row)
	}
	return out
}
