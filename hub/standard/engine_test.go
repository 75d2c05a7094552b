package standard_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/standard"
)

// home is a small item with one of everything.
const home = `
item: transfer.test
agency: ""
version: 1
from: 2026-01-01
name: {zh: 转移登记, en: Transfer}
modes: [online, forward]
promised_days: 5
statutory_days: 30
conditions:
  - {key: agent_acts, when: roles.agent > 0, zh: 代理, en: an agent acts}
  - {key: minor, when: "parties.exists(p, p.minor)", zh: 未成年, en: a minor}
  - {key: risky, when: agent_acts || minor, zh: 需核实, en: to be looked at}
  - {key: firm, when: form.firm, zh: 小微企业, en: small firm}
fields:
  - {key: price, kind: fen, required: true, min: 1, zh: 价格, en: Price}
  - {key: loan, kind: fen, zh: 贷款, en: Loan}
  - {key: signed, kind: date, required: true, zh: 签订日期, en: Signed on}
  - {key: use, kind: choice, required: true, options: [{key: home, zh: 住宅, en: Home}, {key: shop, zh: 商业, en: Shop}], zh: 用途, en: Use}
  - {key: licence, kind: credit_code, required: true, if: firm, zh: 信用代码, en: Credit code}
  - {key: firm, kind: bool, zh: 小微企业, en: Small firm}
  - {key: copies, kind: integer, max: 9, zh: 增加本数, en: Extra copies}
  - {key: note, kind: text, max: 10, zh: 备注, en: Note}
  - key: heirs
    kind: list
    max: 3
    columns: [{key: name, kind: text, required: true, zh: 姓名, en: Name}, {key: id, kind: citizen_id, zh: 证件号, en: Number}, {key: share, kind: integer, required: true, min: 1, max: 100, zh: 份额, en: Share}]
    zh: 继承人
    en: Heirs
parties:
  - {role: seller, min: 1, max: 2, zh: 转让方, en: Seller}
  - {role: guardian, min: 1, max: 2, if: minor, zh: 监护人, en: Guardian}
  - {role: agent, min: 0, max: 2, zh: 代理人, en: Agent}
slots:
  - {key: contract, required: true, zh: 合同, en: Contract}
  - {key: power, required: true, if: agent_acts, zh: 委托书, en: Power}
  - {key: old_deal, required: true, if: "form.signed < timestamp('2020-01-01T00:00:00Z')", zh: 旧约证明, en: Proof of an old deal}
  - {key: other, zh: 其他, en: Other}
rules:
  - {key: loan_over_price, holds: form.loan <= form.price, at: /form/loan, zh: 贷款不能超过价格, en: the loan is above the price}
  - {key: shares_sum, holds: "!has(form.heirs) || form.heirs.map(h, h.share).filter(s, s > 0).size() == form.heirs.size()", at: /form/heirs, zh: 份额有误, en: the shares are wrong}
  - {key: signed_later, holds: form.signed <= day, at: /form/signed, zh: 日期晚于今日, en: dated after today}
fees:
  - {key: home, when: "form.use == 'home'", fen: 8000, per: piece, payer: seller, zh: 登记费, en: Fee, exempt: [{when: firm, zh: 小微企业免收, en: small firms are free}]}
  - {key: shop, when: "form.use == 'shop'", fen: 55000, per: piece, payer: seller, zh: 登记费, en: Fee, exempt: [{when: firm, percent: 50, zh: 减半, en: half}]}
  - {key: copies, fen: 1000, per: copy, count: form.copies, payer: seller, zh: 工本费, en: Copies}
questions:
  - {key: will, kind: bool, roles: [seller], flag: "!answer", zh: 真实意思？, en: "True will?"}
  - {key: ward, kind: text, roles: [seller], if: minor, flag: "answer.size() < 2 && minor", zh: 理由？, en: "Why?"}
plan:
  second_review: "true"
  video: risky
  notice_days: "minor ? 15 : 0"
  promised_days: "minor ? 30 : 5"
  booking: "true"
outputs:
  - {key: certificate, kind: certificate, zh: 证书, en: Certificate}
  - {key: proof, kind: proof, if: form.loan > 0, zh: 证明, en: Proof}
`

func load(t testing.TB, text string) hub.Standard {
	t.Helper()
	all, err := standard.LoadBytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

var today = time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)

func seller() hub.Party {
	return hub.Party{Role: "seller", Name: "张三", IDKind: "citizen_id", IDNumber: "410425199003071231"}
}

func goodForm() hub.Form {
	return hub.Form{"price": int64(100_00), "signed": "2026-11-20", "use": "home"}
}

func with(f hub.Form, key string, v any) hub.Form {
	if v == nil {
		delete(f, key)
		return f
	}
	f[key] = v
	return f
}

func row(name string, share int64) map[string]any {
	return map[string]any{"name": name, "share": share}
}

func TestAssessTellsEveryGapAtOnce(t *testing.T) {
	std, engine := load(t, home), standard.NewEngine()
	child := hub.Party{Role: "seller", Name: "张小", IDKind: "citizen_id", IDNumber: "410425201903071237"}
	for name, c := range map[string]struct {
		form    hub.Form
		parties []hub.Party
		wrong   []string
	}{
		"nothing at all":       {nil, nil, []string{"/form/price required", "/form/signed required", "/form/use required", "/parties count_seller"}},
		"blank is no answer":   {with(goodForm(), "price", "  "), []hub.Party{seller()}, []string{"/form/price required"}},
		"wrong types":          {with(with(goodForm(), "price", "100"), "firm", int64(1)), []hub.Party{seller()}, []string{"/form/firm type", "/form/price type"}},
		"out of range":         {with(with(goodForm(), "price", int64(0)), "copies", int64(10)), []hub.Party{seller()}, []string{"/form/copies range", "/form/price range"}},
		"no such day":          {with(goodForm(), "signed", "2026-02-30"), []hub.Party{seller()}, []string{"/form/signed date"}},
		"day with spaces":      {with(goodForm(), "signed", " 2026-02-03"), []hub.Party{seller()}, []string{"/form/signed date"}},
		"no such choice":       {with(goodForm(), "use", "castle"), []hub.Party{seller()}, []string{"/form/use unknown"}},
		"too long":             {with(goodForm(), "note", "一二三四五六七八九十一"), []hub.Party{seller()}, []string{"/form/note length"}},
		"direction characters": {with(goodForm(), "note", "张\u202e三"), []hub.Party{seller()}, []string{"/form/note characters"}},
		"unknown field":        {with(goodForm(), "a/b", "x"), []hub.Party{seller()}, []string{"/form/a~1b unknown_field"}},
		"field that follows":   {with(goodForm(), "firm", true), []hub.Party{seller()}, []string{"/form/licence required"}},
		"bad check digit":      {with(goodForm(), "licence", "91350100M000100Y44"), []hub.Party{seller()}, []string{"/form/licence check_digit"}},
		"rule over two fields": {with(goodForm(), "loan", int64(100_01)), []hub.Party{seller()}, []string{"/form/loan loan_over_price"}},
		"no rule over a wrong": {with(with(goodForm(), "loan", int64(5)), "price", int64(0)), []hub.Party{seller()}, []string{"/form/price range"}},
		"in the future":        {with(goodForm(), "signed", "2026-11-26"), []hub.Party{seller()}, []string{"/form/signed signed_later"}},
		"rows": {
			with(goodForm(), "heirs", []any{row("张", 5), map[string]any{"name": "李", "age": int64(5)}, map[string]any{"name": "王", "share": int64(0), "id": "41"}}),
			[]hub.Party{seller()},
			[]string{"/form/heirs/1/age unknown_field", "/form/heirs/1/share required", "/form/heirs/2/id length", "/form/heirs/2/share range"},
		},
		"too many rows":   {with(goodForm(), "heirs", []any{row("a", 1), row("b", 1), row("c", 1), row("d", 1)}), []hub.Party{seller()}, []string{"/form/heirs count"}},
		"child alone":     {goodForm(), []hub.Party{child}, []string{"/parties count_guardian"}},
		"stranger":        {goodForm(), []hub.Party{seller(), {Role: "ghost", Name: "鬼", IDKind: "passport", IDNumber: "E1234567"}}, []string{"/parties/1/role unknown"}},
		"same person":     {goodForm(), []hub.Party{seller(), seller()}, []string{"/parties/1/id_number duplicate"}},
		"form and people": {with(goodForm(), "price", nil), []hub.Party{{Role: "seller", Name: "", IDKind: "x"}}, []string{"/form/price required", "/parties/0/name length", "/parties/0/id_kind unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := engine.Assess(t.Context(), &std, c.form, c.parties, today)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range a.Wrong {
				if w.Message == "" {
					t.Errorf("%s has no message", w.Pointer)
				}
				got = append(got, w.Pointer+" "+w.Code)
			}
			if !slices.Equal(got, c.wrong) {
				t.Errorf("got  %q\nwant %q", got, c.wrong)
			}
		})
	}
}

func TestAssessSaysWhatTheCaseNeeds(t *testing.T) {
	std, engine := load(t, home), standard.NewEngine()
	child := hub.Party{Role: "seller", Name: " 张小 ", IDKind: "citizen_id", IDNumber: "410425 20190307 1237"}
	agent := hub.Party{Role: "agent", Name: "李四", IDKind: "passport", IDNumber: "e1234567", Represents: "张小"}
	guardian := hub.Party{Role: "guardian", Name: "王五", IDKind: "passport", IDNumber: "E7654321"}
	form := with(with(with(goodForm(), "copies", int64(2)), "note", " 备注 "), "loan", int64(100))
	a, err := engine.Assess(t.Context(), &std, form, []hub.Party{child, agent, guardian}, today)
	if err != nil || len(a.Wrong) > 0 {
		t.Fatalf("%v %+v", err, a.Wrong)
	}
	if a.Form["note"] != "备注" || a.Parties[0].IDNumber != "410425201903071237" || a.Parties[1].IDNumber != "E1234567" {
		t.Errorf("not canonical: %v %v", a.Form, a.Parties)
	}
	if !a.Facts["agent_acts"] || !a.Facts["minor"] || !a.Facts["risky"] || a.Facts["firm"] {
		t.Errorf("facts %v", a.Facts)
	}
	for slot, want := range map[string]hub.Need{"contract": hub.NeedRequired, "power": hub.NeedRequired, "old_deal": hub.NeedNone, "other": hub.NeedOptional} {
		if a.Slots[slot] != want {
			t.Errorf("%s is %s, want %s", slot, a.Slots[slot], want)
		}
	}
	if want := (hub.Plan{Reviews: 2, NoticeDays: 15, Video: true, Booking: true, Promised: 30}); a.Plan != want {
		t.Errorf("plan %+v", a.Plan)
	}
	if len(a.Fees) != 2 || a.Fees[0].Total != 8000 || a.Fees[1].Total != 2000 || a.Fees[1].Count != 2 {
		t.Errorf("fees %+v", a.Fees)
	}
	if len(a.Questions) != 2 || len(a.Outputs) != 2 {
		t.Errorf("questions %v outputs %v", a.Questions, a.Outputs)
	}
	for _, r := range []struct {
		key    string
		answer any
		want   bool
	}{{"will", true, false}, {"will", false, true}, {"ward", "x", true}, {"ward", "为其利益", false}} {
		if got, err := engine.Risk(t.Context(), &std, r.key, r.answer, &a, today); err != nil || got != r.want {
			t.Errorf("%s %v: %t %v", r.key, r.answer, got, err)
		}
	}
	for key, answer := range map[string]any{"will": "yes", "ward": true, "ghost": true} {
		if _, err := engine.Risk(t.Context(), &std, key, answer, &a, today); hub.ErrorCode(err) != hub.Invalid {
			t.Errorf("%s %v: %v", key, answer, err)
		}
	}
}

func TestFeesAreWholeFenAndExemptByGround(t *testing.T) {
	std, engine := load(t, home), standard.NewEngine()
	for name, c := range map[string]struct {
		use   string
		firm  bool
		total int64
	}{"home": {"home", false, 8000}, "shop": {"shop", false, 55000}, "firm's home": {"home", true, 0}, "firm's shop": {"shop", true, 27500}} {
		form := with(with(with(goodForm(), "use", c.use), "firm", c.firm), "licence", "91350100M000100Y43")
		a, err := engine.Assess(t.Context(), &std, form, []hub.Party{seller()}, today)
		if err != nil || len(a.Wrong) > 0 || len(a.Fees) != 1 {
			t.Fatalf("%s: %v %+v", name, err, a)
		}
		if f := a.Fees[0]; f.Total != c.total || (f.ExemptZH != "") != c.firm || (f.ExemptEN != "") != c.firm {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestAnExpressionIsStoppedByItsCost(t *testing.T) {
	text := `
item: heavy
agency: ""
version: 1
from: 2026-01-01
name: {zh: 重, en: Heavy}
promised_days: 1
statutory_days: 1
fields: [{key: rows, kind: list, columns: [{key: n, kind: integer, zh: 数, en: Number}], zh: 行, en: Rows}]
parties: [{role: owner, min: 0, max: 1, zh: 权利人, en: Owner}]
slots: [{key: a, if: "form.rows.all(a, form.rows.all(b, form.rows.all(c, a.n + b.n + c.n > -1)))", zh: 材料, en: Material}]
`
	std := load(t, text)
	rows := make([]any, 500)
	for i := range rows {
		rows[i] = map[string]any{"n": int64(i)}
	}
	start := time.Now()
	_, err := standard.NewEngine().Assess(t.Context(), &std, hub.Form{"rows": rows}, nil, today)
	if hub.ErrorCode(err) != hub.BadStandard {
		t.Errorf("got %v", err)
	}
	t.Logf("stopped after %s", time.Since(start))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := standard.NewEngine().Assess(ctx, &std, hub.Form{"rows": rows}, nil, today); err == nil {
		t.Error("a cancelled request goes on")
	}
}

// BenchmarkAssessSmall measures one case of a small item, form and all.
func BenchmarkAssessSmall(b *testing.B) {
	std, engine := load(b, home), standard.NewEngine()
	form, parties := goodForm(), []hub.Party{seller()}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := engine.Assess(b.Context(), &std, form, parties, today); err != nil {
			b.Fatal(err)
		}
	}
}

func asError(err error) (*hub.Error, bool) { return errors.AsType[*hub.Error](err) }
