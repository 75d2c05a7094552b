package standard_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/standard"
)

const rich = `
item: transfer.resale
agency: ""
version: 1
from: 2024-05-01
name: {zh: 转移登记, en: Transfer}
statutory_days: 30
promised_days: 3
facts:
  - {key: agent_acts, when: "parties.exists(p, p.role == 'agent')", zh: 代理, en: an agent acts}
  - {key: minor, when: "parties.exists(p, p.minor)", zh: 未成年人, en: a minor takes part}
fields:
  - {key: price, kind: fen, required: true, zh: 价格, en: Price}
  - {key: use, kind: choice, zh: 用途, en: Use, options: [{key: home, zh: 住宅, en: home}, {key: other, zh: 其他, en: other}]}
  - {key: joint, kind: bool, zh: 共同共有, en: jointly}
  - {key: spouse, kind: text, required: true, if: "has(form.joint) && form.joint", max: 20, zh: 配偶, en: Spouse}
  - {key: certificate, kind: certificate, zh: 证号, en: Certificate}
  - {key: signed, kind: date, zh: 日期, en: Date}
  - {key: copies, kind: integer, zh: 加证, en: Copies}
  - key: heirs
    kind: list
    max: 3
    columns: [{key: name, kind: text, required: true, zh: 姓名, en: Name}, {key: waives, kind: bool, zh: 放弃, en: Waives}]
    zh: 继承人
    en: Heirs
parties:
  - {role: buyer, min: 1, max: 2, zh: 受让方, en: Buyer}
  - {role: agent, min: 0, max: 1, zh: 代理人, en: Agent}
  - {role: guardian, min: 1, max: 2, if: is.minor, zh: 监护人, en: Guardian}
rules: [{key: price, pointer: /form/price, must: "form.price > 0", zh: 大于零, en: not for nothing}]
slots:
  - {key: contract, required: true, zh: 合同, en: Contract}
  - {key: power, required: true, if: is.agent_acts, zh: 委托书, en: Power}
  - {key: other, zh: 其他, en: Other}
fees:
  - {key: registration, when: "has(form.use) && form.use == 'other'", fen: 55000, payer: buyer, zh: 非住宅, en: not a home}
  - {key: registration, fen: 8000, payer: buyer, zh: 住宅, en: home}
  - {key: copies, when: has(form.copies), fen: 1000, count: form.copies, zh: 加证, en: copies}
plan: {reviews: 2, tax: "true", notice: "form.price > 1000000", notice_days: 15, video: is.agent_acts, booking: true, exclusive: true}
`

var day = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)

func load(t testing.TB, text string) *hub.Standard {
	t.Helper()
	all, err := standard.LoadBytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &all[0]
}

func buyer() []hub.Party {
	return []hub.Party{{Role: "buyer", Name: "李四", IDKind: "citizen_id", IDNumber: "410425199003071231"}}
}

func assess(t testing.TB, form hub.Form, parties []hub.Party) hub.Assessment {
	t.Helper()
	a, err := standard.NewAssessor().Assess(t.Context(), load(t, rich), hub.Application{Form: form, Parties: parties, Day: day})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAssessTellsEveryGap(t *testing.T) {
	child := hub.Party{Role: "buyer", Name: "李小", IDKind: "citizen_id", IDNumber: "410425201503071238"}
	for name, c := range map[string]struct {
		form    hub.Form
		parties []hub.Party
		want    []string // pointer and code
	}{
		"nothing given":           {hub.Form{}, buyer(), []string{"/form/price required"}},
		"no form at all":          {nil, buyer(), []string{"/form/price required"}},
		"unknown field":           {hub.Form{"price": int64(1), "colour": "red"}, buyer(), []string{"/form/colour unknown_field"}},
		"wrong type":              {hub.Form{"price": "1"}, buyer(), []string{"/form/price type"}},
		"below nothing":           {hub.Form{"price": int64(-1)}, buyer(), []string{"/form/price range"}},
		"no such option":          {hub.Form{"price": int64(1), "use": "castle"}, buyer(), []string{"/form/use unknown"}},
		"no such day":             {hub.Form{"price": int64(1), "signed": "2026-02-30"}, buyer(), []string{"/form/signed date"}},
		"certificate too short":   {hub.Form{"price": int64(1), "certificate": "豫(2022)郏县不动产权第1234号"}, buyer(), []string{"/form/certificate length"}},
		"too many rows":           {hub.Form{"price": int64(1), "heirs": []any{row(), row(), row(), row()}}, buyer(), []string{"/form/heirs count"}},
		"a row without name":      {hub.Form{"price": int64(1), "heirs": []any{map[string]any{}}}, buyer(), []string{"/form/heirs/0/name required"}},
		"two at once":             {hub.Form{"price": int64(-1), "use": "castle"}, buyer(), []string{"/form/price range", "/form/use unknown"}},
		"a rule":                  {hub.Form{"price": int64(0)}, buyer(), []string{"/form/price rule_price"}},
		"asked under a condition": {hub.Form{"price": int64(1), "joint": true}, buyer(), []string{"/form/spouse required"}},
		"too few parties":         {hub.Form{"price": int64(1)}, nil, []string{"/parties count_buyer"}},
		"a minor's guardian":      {hub.Form{"price": int64(1)}, []hub.Party{child}, []string{"/parties count_guardian"}},
	} {
		var got []string
		for _, w := range assess(t, c.form, c.parties).Wrong {
			got = append(got, w.Pointer+" "+w.Code)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func row() map[string]any { return map[string]any{"name": "李"} }

func TestAssessSaysWhatIsNeeded(t *testing.T) {
	agent := append(buyer(), hub.Party{Role: "agent", Name: "王五", IDKind: "passport", IDNumber: "E1234567"})
	a := assess(t, hub.Form{"price": int64(2_000_000), "use": "other", "copies": int64(3)}, agent)
	if len(a.Wrong) > 0 || !maps.Equal(a.Needs, map[string]bool{"contract": true, "power": true, "other": false}) {
		t.Errorf("needs %v, wrong %v", a.Needs, a.Wrong)
	}
	if len(a.Fees) != 2 || a.Fees[0].Fen != 55000 || a.Fees[1].Fen*a.Fees[1].Count != 3000 {
		t.Errorf("fees %+v", a.Fees)
	}
	want := hub.Steps{Reviews: 2, Tax: true, NoticeDays: 15, Video: true, Booking: true, Exclusive: true, Promised: 3, Statutory: 30}
	if !reflect.DeepEqual(a.Steps, want) {
		t.Errorf("steps %+v", a.Steps)
	}
	if a := assess(t, hub.Form{"price": int64(1)}, buyer()); a.Needs["power"] || a.Fees[0].Fen != 8000 || a.Steps.NoticeDays != 0 {
		t.Errorf("the plain case: %+v", a)
	}
}

func TestAConditionThatCostsTooMuchIsStopped(t *testing.T) {
	text := strings.Replace(rich, `must: "form.price > 0"`, `must: "parties.all(a, parties.all(b, parties.all(c, parties.all(d, a.age + b.age + c.age + d.age < 100000))))"`, 1)
	many := make([]hub.Party, 100)
	for i := range many {
		many[i] = buyer()[0]
	}
	start := time.Now()
	_, err := standard.NewAssessor().Assess(t.Context(), load(t, text), hub.Application{Form: hub.Form{"price": int64(1)}, Parties: many, Day: day})
	if hub.ErrorCode(err) != hub.Internal || time.Since(start) > 5*time.Second {
		t.Errorf("got %v after %s", err, time.Since(start))
	}
}

func TestDiffTellsAClerkWhatIsOtherwise(t *testing.T) {
	there := "\n---\n" + `
item: transfer.resale
agency: "410425.registry"
version: 1
base: 1
from: 2026-01-01
promised_days: 5
slots: [{key: household, required: true, zh: 户口簿, en: Household register}, {key: contract, required: true, max_files: 1, zh: 合同, en: Contract}]
remove: {slots: [power], ground: {zh: 数据共享, en: by sharing}}
`
	all, err := standard.LoadBytes([]byte(rich + there))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range standard.Diff(&all[0], &all[1]) {
		got = append(got, c.Part+" "+c.Key+" "+c.What)
		if c.ZH == "" || c.EN == "" {
			t.Errorf("%+v is in one language only", c)
		}
	}
	want := []string{"days promised changed", "slot power removed", "slot contract changed", "slot household added", "remark  added"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if d := standard.Diff(&all[0], &all[0]); len(d) != 0 {
		t.Errorf("the same differs: %v", d)
	}
	if _, err := standard.LoadBytes([]byte(rich + strings.Replace(there, `, ground: {zh: 数据共享, en: by sharing}`, "", 1))); err == nil {
		t.Error("a material was removed without a ground")
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(rich)
	f.Add(good)
	f.Add("item: &a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := standard.LoadBytes([]byte(text))
		if err != nil {
			return
		}
		for _, s := range all {
			out, err := standard.Export(s)
			if err != nil {
				t.Fatal(err)
			}
			again, err := standard.LoadBytes(out)
			if err != nil || again[0].Digest != s.Digest {
				t.Fatalf("not read back: %v\n%s", err, out)
			}
		}
	})
}

func FuzzCondition(f *testing.F) {
	for _, c := range []string{"form.price > 0", "parties.exists(p, p.minor)", "is.minor || true", "form.price", "1/0 == 1", "'a'.matches('(a+)+$')"} {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, c string) {
		if strings.ContainsAny(c, "\"\\\n\r") {
			return
		}
		all, err := standard.LoadBytes([]byte(strings.Replace(rich, `must: "form.price > 0"`, `must: "`+c+`"`, 1)))
		if err != nil {
			return
		}
		start := time.Now()
		_, err = standard.NewAssessor().Assess(t.Context(), &all[0], hub.Application{Form: hub.Form{"price": int64(1)}, Parties: buyer(), Day: day})
		if err != nil && hub.ErrorCode(err) != hub.Internal || time.Since(start) > 10*time.Second {
			t.Fatalf("%q: %v after %s", c, err, time.Since(start))
		}
	})
}

func BenchmarkAssess(b *testing.B) {
	s := load(b, rich)
	a := standard.NewAssessor()
	app := hub.Application{Form: hub.Form{"price": int64(2_000_000), "use": "other", "copies": int64(3)}, Parties: buyer(), Day: day}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Assess(b.Context(), s, app); err != nil {
			b.Fatal(err)
		}
	}
}
