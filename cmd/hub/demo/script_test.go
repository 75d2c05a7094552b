package demo

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"
	"time"

	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/hub/standard"
)

// application is a story's application as the hub reads it.
func (x *script) hubApplication(t *testing.T, day time.Time) hub.Application {
	t.Helper()
	b, err := json.Marshal(x.formOf(0))
	if err != nil {
		t.Fatal(err)
	}
	a := hub.Application{Day: day}
	if err := a.Form.UnmarshalJSON(b); err != nil {
		t.Fatal(err)
	}
	for _, p := range x.parties {
		a.Parties = append(a.Parties, hub.Party(p))
	}
	return a
}

// Every story satisfies the standard of every place, before and after its
// supplement; only what a place adds to the base may be missing elsewhere.
func TestEveryStorySatisfiesTheStandardOfEveryPlace(t *testing.T) {
	all, err := seed.Standards()
	if err != nil {
		t.Fatal(err)
	}
	local := []string{"online_contract", "household"}
	judge := standard.NewAssessor()
	day := time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)
	seen := 0
	for _, x := range scripts() {
		var slots []string
		for _, p := range x.allPapers(0) {
			slots = append(slots, p.slot)
		}
		for _, std := range all {
			if std.Item != hub.ItemCode(x.item) {
				continue
			}
			seen++
			app := x.hubApplication(t, day)
			for _, after := range []bool{false, true} {
				if after {
					x.correct(t, &app)
				}
				a, err := judge.Assess(t.Context(), &std, app)
				if err != nil || len(a.Wrong) > 0 {
					t.Fatalf("%s at %q, corrected %v: %v %v", x.item, std.Agency, after, a.Wrong, err)
				}
				for slot, needed := range a.Needs {
					if needed && !slices.Contains(slots, slot) && !slices.Contains(local, slot) {
						t.Errorf("%s at %q: no paper for %s", x.item, std.Agency, slot)
					}
				}
				if s := a.Steps; s.Tax != (x.tax != nil) || s.Visit != (x.visit != "") || (s.NoticeDays > 0) != (x.notice != "") {
					t.Errorf("%s at %q: the steps are %+v", x.item, std.Agency, s)
				}
			}
			if std.Agency == "" && (std.NameZH != x.zh || std.NameEN != x.en) {
				t.Errorf("%s is called %s, %s", x.item, std.NameZH, std.NameEN)
			}
		}
	}
	if seen != 60 {
		t.Errorf("%d standards were seen", seen)
	}
}

// correct gives the form the values of the supplement.
func (x *script) correct(t *testing.T, a *hub.Application) {
	t.Helper()
	for _, g := range x.gaps {
		if g.field == "" {
			continue
		}
		b, err := json.Marshal(map[string]any{"v": x.fill(g.value, 0)})
		if err != nil {
			t.Fatal(err)
		}
		var one hub.Form
		if err := one.UnmarshalJSON(b); err != nil {
			t.Fatal(err)
		}
		a.Form[g.field] = one["v"]
	}
}

func TestEveryStoryIsWhole(t *testing.T) {
	units := map[string]bool{}
	pattern := regexp.MustCompile(`^\d{12}GB\d{5}[FW]\d{8}$`)
	for _, x := range scripts() {
		if u := x.unitOf(0); units[u] || !pattern.MatchString(u) {
			t.Errorf("%s: unit %s", x.item, u)
		} else {
			units[u] = true
		}
		var slots []string
		for _, p := range x.allPapers(0) {
			slots = append(slots, p.slot)
		}
		if !slices.Contains(slots, x.look) {
			t.Errorf("%s: nobody scanned %q", x.item, x.look)
		}
		for _, g := range x.gaps {
			if (g.field == "") == (g.slot == "") || g.note == "" || g.slot != "" && (g.fixed.slot != g.slot || !slices.Contains(slots, g.slot)) {
				t.Errorf("%s: gap %+v", x.item, g)
			}
		}
		if len(x.gaps) == 0 || (x.ends.zh == "") != (x.ends.en == "") {
			t.Errorf("%s: gaps %d, end %+v", x.item, len(x.gaps), x.ends)
		}
		if x.ends.before != "" && !slices.ContainsFunc(steps(), func(s step) bool { return s.key == x.ends.before }) {
			t.Errorf("%s ends before no step", x.item)
		}
	}
}

// A story left for the desks stops before the step that is named, and no other.
func TestAStoryIsLeftBeforeAStep(t *testing.T) {
	x := transferResale()
	if err := x.leaveBefore("nap"); hub.ErrorCode(err) != hub.Invalid {
		t.Errorf("a step that does not exist: %v", err)
	}
	whole := len(x.way())
	if err := x.leaveBefore("book"); err != nil {
		t.Fatal(err)
	}
	way := x.way()
	if last := way[len(way)-1].key; last != "decide" || len(way) >= whole {
		t.Errorf("left after %q, %d of %d steps", last, len(way), whole)
	}
}
