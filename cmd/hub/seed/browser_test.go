package seed_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"tongban/cmd/hub/seed"
	"tongban/hub"
	"tongban/hub/hubtest"
	"tongban/hub/standard"
)

// one is a directory and a router of one standard.
type one struct {
	hub.Directory
	hub.Router
	std hub.Standard
}

func (o one) Standards(context.Context, hub.ItemCode) ([]hub.Standard, error) {
	return []hub.Standard{o.std}, nil
}

func (o one) Route(context.Context, hub.RouteQuery) (hub.RouteDecision, error) {
	return hub.RouteDecision{Agency: o.std.Agency, Place: "410425"}, nil
}

// judged is what the hub finds wrong with an application.
func judged(t *testing.T, assessor *standard.Assessor, std *hub.Standard, form hub.Form, parties []hub.Party) []hub.FieldError {
	t.Helper()
	alone := *std
	alone.Agency = "" // nobody's register is asked
	s := hub.Service{Ports: hub.Ports{Directory: one{std: alone}, Router: one{std: alone}, Assessor: assessor, Now: time.Now}}
	_, a, err := s.AssessWish(t.Context(), hub.Receive{Item: std.Item, Unit: hubtest.Unit, Form: form, Parties: parties})
	if err != nil {
		t.Fatalf("%s of %q: %v: %v", std.Item, std.Agency, form, err)
	}
	return a.Wrong
}

// inSchema leaves out what only the hub can say: rules, and what is asked only
// under a condition.
func inSchema(std *hub.Standard, wrong []hub.FieldError) map[string]string {
	out := map[string]string{}
	for _, w := range wrong {
		pointer, ok := strings.CutPrefix(w.Pointer, "/form")
		if !ok || strings.HasPrefix(w.Code, "rule_") {
			continue
		}
		if f, known := std.Field(strings.TrimPrefix(pointer, "/")); known && w.Code == "required" && f.If != "" {
			continue
		}
		out[pointer] = strings.TrimSpace(out[pointer] + " " + w.Code)
	}
	return out
}

// finding is what a validator says about one value.
type finding struct {
	Browser, AJV []struct{ Pointer, Code string }
}

// ask lets both validators of the browser's side judge.
func ask(t *testing.T, sets []map[string]any) [][]finding {
	t.Helper()
	needsNode(t)
	in, err := json.Marshal(sets)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "../../../web/forms/verdicts.mjs")
	var stderr strings.Builder
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, stderr.String())
	}
	var found [][]finding
	if err := json.Unmarshal(out, &found); err != nil || len(found) != len(sets) {
		t.Fatalf("%v: %d answers for %d", err, len(found), len(sets))
	}
	return found
}

// needsNode fails, with what to type, where the tools of the pages are missing.
func needsNode(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatal("node is not installed; type: apt-get install -y nodejs npm && make web")
	}
	if _, err := os.Stat("../../../web/node_modules/ajv"); err != nil {
		t.Fatal("the validators of the pages are not installed; type: make web")
	}
}

// Our pages may not make code out of text (default-src 'self'), so their
// validator must work where the engine forbids it.
func TestTheBrowsersValidatorMakesNoCode(t *testing.T) {
	needsNode(t)
	std := everyKind(t)
	schema, err := standard.Schema(&std)
	if err != nil {
		t.Fatal(err)
	}
	const script = `import { judge } from "./judge.mjs"; import { readFileSync } from "node:fs";
		console.log(JSON.stringify(judge(JSON.parse(readFileSync(0, "utf8")))({ fen: -1 }).find((e) => e.pointer === "/fen")));`
	cmd := exec.CommandContext(t.Context(), "node", "--disallow-code-generation-from-strings", "--input-type=module", "-e", script)
	cmd.Dir, cmd.Stdin = "../../../web/forms", bytes.NewReader(schema)
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != `{"pointer":"/fen","code":"range"}` {
		t.Errorf("%v: %s", err, out)
	}
}

// agree compares three judgements: which fields are wrong, and why.
func agree(t *testing.T, who string, value any, hubs map[string]string, found finding) {
	t.Helper()
	for name, list := range map[string][]struct{ Pointer, Code string }{"browser": found.Browser, "ajv": found.AJV} {
		theirs := map[string]string{}
		for _, f := range list {
			theirs[f.Pointer] = strings.TrimSpace(theirs[f.Pointer] + " " + f.Code)
		}
		same := len(theirs) == len(hubs)
		for pointer, code := range hubs {
			same = same && slices.ContainsFunc(strings.Fields(theirs[pointer]), func(c string) bool { return slices.Contains(strings.Fields(code), c) })
		}
		if !same {
			text, _ := json.Marshal(value)
			t.Errorf("%s: %.300s\n  the hub: %v\n  %s: %v", who, text, hubs, name, theirs)
		}
	}
}

// The same schema, given to three validators that know nothing of each other,
// over every item at every place: no form may be wrong for one and right for
// another, nor for another field or another reason.
func TestTheBrowserJudgesFormsAsTheHubDoes(t *testing.T) {
	all, err := seed.Standards()
	if err != nil {
		t.Fatal(err)
	}
	seedOfTest := rand.Uint64()
	t.Logf("seed %d", seedOfTest)
	rng := rand.New(rand.NewPCG(seedOfTest, 1))
	assessor := standard.NewAssessor()
	all = append(all, everyKind(t))
	var sets []map[string]any
	var tried [][]hub.Form
	seen := map[string]bool{}
	for i := range all {
		schema, err := standard.Schema(&all[i])
		if err != nil {
			t.Fatal(err)
		}
		forms := formsFor(all[i].Fields, rng)
		same := fmt.Sprint(all[i].Fields, all[i].Fees)
		if seen[same] {
			forms = some(forms, rng)
		}
		seen[same] = true
		tried = append(tried, forms)
		sets = append(sets, map[string]any{"schema": json.RawMessage(schema), "values": forms})
	}
	n, right := 0, 0
	for i, found := range ask(t, sets) {
		std := &all[i]
		for k, form := range tried[i] {
			hubs := inSchema(std, judged(t, assessor, std, form, nil))
			agree(t, fmt.Sprintf("%s of %q", std.Item, std.Agency), form, hubs, found[k])
			if n++; len(hubs) == 0 {
				right++
			}
			if t.Failed() && n%50 == 0 {
				t.Fatal("enough")
			}
		}
	}
	if right < len(all) || n-right < len(all)*20 {
		t.Errorf("of %d forms %d are right: that says little", n, right)
	}
	t.Logf("%d forms of %d standards, %d without a fault", n, len(all), right)
}

// everyKind has a field of every kind, whether any item uses it or not.
func everyKind(t *testing.T) hub.Standard {
	t.Helper()
	all, err := standard.LoadBytes([]byte(`
item: every.kind
agency: ""
version: 1
from: 2026-01-01
name: {zh: 全部类型, en: Every kind}
promised_days: 1
statutory_days: 1
fields:
  - {key: text, kind: text, required: true, max: 10, zh: 文字, en: Text}
  - {key: fen, kind: fen, required: true, zh: 金额, en: Money}
  - {key: integer, kind: integer, zh: 整数, en: Whole number}
  - {key: area, kind: area, zh: 面积, en: Area}
  - {key: bool, kind: bool, required: true, zh: 是否, en: Yes or no}
  - {key: date, kind: date, required: true, zh: 日期, en: Day}
  - {key: choice, kind: choice, required: true, options: [{key: a, zh: 甲, en: A}, {key: b, zh: 乙, en: B}], zh: 选择, en: Choice}
  - {key: unit, kind: unit, required: true, zh: 单元号, en: Unit}
  - {key: certificate, kind: certificate, required: true, zh: 证书号, en: Certificate}
  - {key: spouse, kind: text, required: true, if: form.bool, zh: 配偶, en: Spouse}
  - key: list
    kind: list
    required: true
    max: 2
    columns:
      - {key: n, kind: integer, required: true, zh: 数, en: Number}
      - {key: unit, kind: unit, zh: 单元号, en: Unit}
      - {key: day, kind: date, zh: 日, en: Day}
      - {key: which, kind: choice, options: [{key: a, zh: 甲, en: A}], zh: 选择, en: Choice}
      - {key: text, kind: text, required: true, max: 3, zh: 文字, en: Text}
    zh: 列表
    en: List
slots: [{key: a, zh: 材料, en: Material}]
fees: [{key: copies, when: has(form.integer), count: form.integer, fen: 1, zh: 工本费, en: copies}]
`))
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}
