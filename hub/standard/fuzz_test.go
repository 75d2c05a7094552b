package standard_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/hub/standard"
)

// slow is how long one reading or judging may take at most, on a busy machine.
const slow = 10 * time.Second

// FuzzLoad: no text makes the loader panic or hang, and what it takes can be
// written and read again as the same.
func FuzzLoad(f *testing.F) {
	text, err := seed.Text()
	if err != nil {
		f.Fatal(err)
	}
	for i, doc := range bytes.Split(text, []byte("---\n")) {
		if i < 20 {
			f.Add(string(doc))
		}
	}
	f.Add(home)
	f.Add(everyKind)
	f.Add(home + "---\nbase: {item: transfer.test, version: 1}\nagency: 410425.registry\nversion: 1\nfrom: 2026-01-01\nremove: {slots: [other]}\n")
	f.Add("a: &a [*a]")
	f.Add("{}")
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		all, err := standard.LoadBytes([]byte(text))
		if d := time.Since(start); d > slow {
			t.Fatalf("took %s", d)
		}
		if err != nil {
			return
		}
		base := func(item hub.ItemCode, version int) (hub.Standard, error) {
			i := slices.IndexFunc(all, func(s hub.Standard) bool { return s.Agency == "" && s.Item == item && s.Version == version })
			if i < 0 {
				return hub.Standard{}, hub.E(hub.NotFound, "none")
			}
			return all[i], nil
		}
		for i := range all {
			out, err := standard.Export(&all[i])
			if err != nil {
				t.Fatal(err)
			}
			again, err := standard.Load(bytes.NewReader(out), base)
			if err != nil || again[0].Digest != all[i].Digest {
				t.Fatalf("export and import differ: %v\n%s", err, out)
			}
			if changes := standard.Diff(&all[i], &again[0]); len(changes) > 0 {
				t.Fatalf("an export differs: %v", changes)
			}
		}
	})
}

// FuzzExpression: no expression makes saving or applying panic or run on, and
// whatever was saved is applied to an empty application without an error.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{
		"roles.agent > 0", "form.price > 5 && form.signed < day", "form.heirs.all(h, h.share > 0)", "parties.exists(p, p.minor)", "sum(form.heirs.map(h, h.share)) == 10000",
		"has(form.loan)", "form.heirs[0].share == 1", "'a'.matches('(a+)+$')", "1 / 0 == 1", "form.heirs.all(a, form.heirs.all(b, form.heirs.all(c, true)))",
		"[1,2,3].map(x, [x]).size() == 3", "form.note + form.note == ''", "day + duration('1h') > day", "form.ghost", "((((((((true))))))))", "Form{}", "parties == parties",
	} {
		f.Add(s)
	}
	quoted := func(s string) string {
		b, err := json.Marshal(s)
		if err != nil {
			return `""`
		}
		return string(b)
	}
	engine := standard.NewEngine()
	rows := make([]any, 3)
	for i := range rows {
		rows[i] = row("某", int64(i+1))
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc := strings.Replace(home, "if: agent_acts,", "if: "+quoted(text)+",", 1)
		start := time.Now()
		all, err := standard.LoadBytes([]byte(doc))
		if err == nil {
			for _, form := range []hub.Form{nil, with(goodForm(), "heirs", rows)} {
				_, err := engine.Assess(t.Context(), &all[0], form, []hub.Party{seller()}, today)
				if code := hub.ErrorCode(err); code != "" && code != hub.BadStandard || form == nil && err != nil && !strings.Contains(text, "parties") {
					t.Fatalf("%q: %v", text, err)
				}
			}
		}
		if d := time.Since(start); d > slow {
			t.Fatalf("%q took %s", text, d)
		}
	})
}

// FuzzForm: no form makes the engine panic, and what is right stays right when
// it is asked again in its canonical form.
func FuzzForm(f *testing.F) {
	for _, v := range values {
		b, err := json.Marshal(map[string]any{"text": v, "list": v, "unit": v, "credit": v})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	std := load(f, everyKind)
	engine := standard.NewEngine()
	f.Fuzz(func(t *testing.T, b []byte) {
		var form hub.Form
		if err := form.UnmarshalJSON(b); err != nil {
			return
		}
		a, err := engine.Assess(t.Context(), &std, form, nil, today)
		if err != nil {
			t.Fatal(err)
		}
		again, err := engine.Assess(t.Context(), &std, a.Form, nil, today)
		if err != nil || len(again.Wrong) > 0 {
			t.Fatalf("canonical is wrong: %v %+v", err, again.Wrong)
		}
		x, errX := hub.Marshal(a.Form)
		y, errY := hub.Marshal(again.Form)
		if err := errors.Join(errX, errY); err != nil || !bytes.Equal(x, y) {
			t.Fatalf("%v: %s became %s", err, x, y)
		}
		var back hub.Form
		if err := back.UnmarshalJSON(x); err != nil {
			t.Fatalf("what is kept cannot be read: %v", err)
		}
	})
}
