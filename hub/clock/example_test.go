package clock_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"tongban/hub/clock"
)

// The example of docs/clock.md.
func ExampleOffice_Read() {
	o := clock.Default().Office("410425.registry")
	c := clock.Clock{Kind: clock.KindPromised, Start: at("2026-02-10 10:20"), Days: 5}
	show := func(now string) {
		r := o.Read(c, at(now))
		due := "open"
		if !r.Due.IsZero() {
			due = r.Due.In(shanghai).Format("2006-01-02 15:04")
		}
		fmt.Println(r.State, "used", r.Used, "left", r.Left, "due", due, "earliest", r.Earliest.In(shanghai).Format("01-02"))
	}
	show("2026-02-11 17:00")
	c.Stops = []clock.Stop{{From: at("2026-02-12 15:00"), Why: clock.WhySupplement}}
	show("2026-02-13 10:00")
	c.Stops[0].Until = at("2026-02-25 09:30")
	show("2026-02-26 17:00")
	c.End = at("2026-03-02 16:30")
	show("2026-03-03 10:00")
	// Output:
	// running used 1 left 4 due 2026-02-24 17:00 earliest 02-24
	// stopped used 1 left 4 due open earliest 02-26
	// running used 2 left 3 due 2026-03-02 17:00 earliest 03-02
	// ended used 4 left 1 due 2026-03-02 17:00 earliest 03-02
}

func TestTheCalendarInTheDocumentLoads(t *testing.T) {
	doc, err := os.ReadFile("../../docs/clock.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(doc), "```calendar\n")
	text, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatal("docs/clock.md shows no calendar")
	}
	if c := merge(t, clock.Default(), load(t, text)); len(c.Years()) != 4 || c.Office("650100.registry").Zone() != "Asia/Urumqi" {
		t.Errorf("loaded\n%s", c)
	}
}
