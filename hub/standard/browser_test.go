package standard_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/standard"
)

// everyKind is a form with a field of every kind.
const everyKind = `
item: every.kind
agency: ""
version: 1
from: 2026-01-01
name: {zh: 全部类型, en: Every kind}
promised_days: 1
statutory_days: 1
fields:
  - {key: text, kind: text, max: 10, zh: 文字, en: Text}
  - {key: fen, kind: fen, min: 1, zh: 金额, en: Money}
  - {key: integer, kind: integer, max: 20, zh: 整数, en: Whole number}
  - {key: area, kind: area, zh: 面积, en: Area}
  - {key: bool, kind: bool, zh: 是否, en: Yes or no}
  - {key: date, kind: date, zh: 日期, en: Day}
  - {key: choice, kind: choice, options: [{key: a, zh: 甲, en: A}, {key: b, zh: 乙, en: B}], zh: 选择, en: Choice}
  - {key: unit, kind: unit, zh: 单元号, en: Unit}
  - {key: certificate, kind: certificate, zh: 证书号, en: Certificate}
  - {key: citizen, kind: citizen_id, zh: 身份证号, en: Citizen}
  - {key: credit, kind: credit_code, zh: 信用代码, en: Credit code}
  - {key: list, kind: list, min: 1, max: 2, columns: [{key: n, kind: integer, required: true, zh: 数, en: Number}, {key: id, kind: citizen_id, zh: 号, en: ID}], zh: 列表, en: List}
slots: [{key: a, zh: 材料, en: Material}]
`

// values are what people and programs send for a field of any kind.
var values = []any{
	"", " ", "甲", "一二三四五六七八九十", "一二三四五六七八九十一", "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷", "a\u202eb", "tab\there", "\u3000", "a", "b", "c", true, false, nil,
	int64(0), int64(1), int64(-1), int64(20), int64(21), int64(100_000_000_000_000), int64(100_000_000_000_001), 1.5, 2.0,
	"2026-02-28", "2026-02-29", "2024-02-29", "1900-02-29", "2000-02-29", "0000-01-01", "2026-2-1", " 2026-01-01", "2026-13-01", "２０２６-01-01",
	"410425001002GB00003F00050021", "410425 001002 gb00003 f00050021", "4104２5001002GB00003F00050021", "440113013008G800003F00230055", "410425001002GB00003X00050021", "010425001002GB00003F00050021",
	"豫(2022)郏县不动产权第0001234号", "豫（2022）郏县不动产权第0001234号", "豫〔2023〕郏县 不动产证明第0000567号", "豫(2022)郏县不动产权第1234号", "豫(2014)郏县不动产权第0001234号", "X(2022)郏县不动产权第0001234号", "豫(2022)A县不动产权第0001234号", "豫(2022)郏县不动产权第0000000号", "豫[2022]郏县不动产权第0001234号",
	"11010519491231002X", "11010519491231002x", "110105194912310021", "440524188001010014", "410425900307123", "410425199013071231", "010425199003071231", "910425199003071231", "４１０425199003071231",
	"91350100M000100Y43", "91350100m000100y43", "11100000MB03271699", "12350881MB0404670T", "91350100M000100Y44", "91350100M000I00Y43", "01350100M000100Y43",
	[]any{},
	[]any{map[string]any{"n": int64(1)}},
	[]any{map[string]any{}},
	[]any{map[string]any{"n": int64(1), "x": int64(1)}},
	[]any{map[string]any{"n": int64(1), "id": "11010519491231002X"}},
	[]any{map[string]any{"n": int64(1), "id": "1"}},
	[]any{map[string]any{"n": int64(1)}, map[string]any{"n": int64(1)}, map[string]any{"n": int64(1)}},
	[]any{int64(1)},
	map[string]any{"n": int64(1)},
}

// forms are every value in every field, and random mixtures.
func forms(s *hub.Standard, rng *rand.Rand) []map[string]any {
	out := []map[string]any{{}, {"unknown": "x"}}
	for _, f := range s.Fields {
		for _, v := range values {
			out = append(out, map[string]any{f.Key: v})
		}
	}
	for range 500 {
		form := map[string]any{}
		for range rng.IntN(4) {
			form[s.Fields[rng.IntN(len(s.Fields))].Key] = mutate(values[rng.IntN(len(values))], rng)
		}
		out = append(out, form)
	}
	return out
}

// mutate changes one character of a text, as a typing mistake does.
func mutate(v any, rng *rand.Rand) any {
	s, ok := v.(string)
	if !ok || s == "" || rng.IntN(3) == 0 {
		return v
	}
	r := []rune(s)
	alphabet := []rune("0123456789ABXx()（）年第号郏豫-　 \u200b")
	r[rng.IntN(len(r))] = alphabet[rng.IntN(len(alphabet))]
	return string(r)
}

// The browser validates with the schema that the server gives away, by another
// library and formats of its own: both must come to the same verdict.
func TestTheBrowserComesToTheSameVerdicts(t *testing.T) {
	if _, err := os.Stat("../../web/node_modules/ajv"); err != nil {
		t.Fatal("ajv is not installed: run make web, or npm ci in web")
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	std := load(t, everyKind)
	tries := forms(&std, rng)
	in, err := json.Marshal(map[string]any{"schema": standard.Schema(&std), "forms": tries})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "../../web/forms/verdicts.mjs")
	cmd.Stdin = bytes.NewReader(in)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, stderr.String())
	}
	var theirs []bool
	if err := json.Unmarshal(out, &theirs); err != nil || len(theirs) != len(tries) {
		t.Fatalf("%v: %d verdicts for %d forms", err, len(theirs), len(tries))
	}
	yes := 0
	for i, form := range tries {
		ours, err := standard.Verdict(&std, form)
		if err != nil {
			t.Fatal(err)
		}
		if ours {
			yes++
		}
		if ours != theirs[i] {
			t.Errorf("server %t, browser %t: %#v", ours, theirs[i], form)
		}
	}
	t.Logf("%d forms, %d taken", len(tries), yes)
}
