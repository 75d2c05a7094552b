package standard_test

import (
	"strings"
	"testing"

	"tongban/hub"
	"tongban/hub/standard"
)

const overlayHead = "---\nbase: {item: transfer.test, version: 1}\nagency: 410425.registry\nversion: 3\nfrom: 2026-02-01\n"

func overlay(text string) ([]hub.Standard, error) {
	return standard.LoadBytes([]byte(home + overlayHead + text))
}

func TestAVariantThatAsksForLessNeedsAGround(t *testing.T) {
	for name, c := range map[string]struct{ text, at string }{
		"no contract":           {"remove: {slots: [contract]}", "slots/contract"},
		"contract optional":     {"slots: [{key: contract, required: false}]", "slots/contract"},
		"contract sometimes":    {"slots: [{key: contract, if: agent_acts}]", "slots/contract"},
		"power seldom":          {"slots: [{key: power, if: minor}]", "slots/power"},
		"no price":              {"remove: {fields: [price], rules: [loan_over_price]}", "fields/price"},
		"price optional":        {"fields: [{key: price, required: false}]", "fields/price"},
		"price of another kind": {"fields: [{key: signed, kind: text}]\nremove: {rules: [signed_later]}\nslots: [{key: old_deal, if: minor}]", "fields/signed"},
		"no seller":             {"parties: [{role: seller, min: 0}]", "parties/seller"},
		"no rule":               {"remove: {rules: [loan_over_price]}", "rules/loan_over_price"},
		"weaker rule":           {"rules: [{key: loan_over_price, holds: form.loan <= form.price * 2}]", "rules/loan_over_price"},
		"no question":           {"remove: {questions: [will]}", "questions/will"},
		"no flag":               {"questions: [{key: will, flag: 'false'}]", "questions/will"},
		"longer by law":         {"statutory_days: 60", "statutory_days"},
		"slower answer":         {"answer_days: 3", "answer_days"},
		"no second review":      {"plan: {second_review: 'false'}", "plan/second_review"},
		"no video":              {"plan: {video: 'false'}", "plan/video"},
		"shorter notice":        {"plan: {notice_days: 'minor ? 5 : 0'}", "plan/notice_days"},
		"other condition":       {"conditions: [{key: minor, when: 'false'}]", "conditions/minor"},
		"dearer":                {"fees: [{key: home, fen: 8001}]", "fees/home"},
		"no exemption":          {"fees: [{key: home, exempt: []}]", "fees/home"},
		"fee of its own":        {"fees: [{key: haste, fen: 100, per: piece, payer: seller, zh: 加急费, en: Haste}]", "fees/haste"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := overlay(c.text)
			if hub.ErrorCode(err) != hub.BadStandard || !strings.Contains(fieldsOf(err), "/"+c.at+" ground") {
				t.Fatalf("without a ground: %v %s", err, fieldsOf(err))
			}
			grounds := ""
			for line := range strings.SplitSeq(fieldsOf(err), "\n") {
				if at, ok := strings.CutSuffix(strings.TrimPrefix(line, "/"), " ground"); ok {
					grounds += "  - {at: " + at + ", zh: 某条例第五条, en: some act art. 5}\n"
				}
			}
			all, err := overlay(c.text + "\ngrounds:\n" + grounds)
			if err != nil {
				t.Fatalf("with a ground: %v %s", err, fieldsOf(err))
			}
			if len(all[1].Grounds) == 0 || all[1].Over != all[0].Ref() {
				t.Errorf("%+v", all[1])
			}
		})
	}
}

func fieldsOf(err error) string {
	e, ok := asError(err)
	if !ok {
		return ""
	}
	lines := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		lines[i] = f.Pointer + " " + f.Code
	}
	return strings.Join(lines, "\n")
}

func TestAVariantIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"unknown key":            "colour: red",
		"unknown key inside":     "slots: [{key: contract, colour: red}]",
		"ground for nothing":     "grounds: [{at: slots/contract, zh: 某, en: some}]",
		"other item":             "item: transfer.other",
		"over":                   "over: {item: transfer.test, version: 1}",
		"entry without a key":    "slots: [{zh: 材料, en: Material}]",
		"entry twice":            "slots: [{key: other, max_files: 1}, {key: other, max_files: 2}]",
		"remove what is not":     "remove: {slots: [ghost]}",
		"remove what is no list": "remove: {name: [zh]}",
		"list that is none":      "slots: {key: other}",
		"half an entry":          "slots: [{key: new, required: true}]",
		"expression of another":  "slots: [{key: other, if: ghost}]",
	} {
		if _, err := overlay(text); hub.ErrorCode(err) != hub.BadStandard {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, head := range map[string]string{
		"base not there":   strings.Replace(overlayHead, "version: 1}", "version: 2}", 1),
		"no agency":        strings.Replace(overlayHead, "agency: 410425.registry\n", "", 1),
		"half a base":      strings.Replace(overlayHead, ", version: 1}", "}", 1),
		"no day":           strings.Replace(overlayHead, "from: 2026-02-01\n", "", 1),
		"no version":       strings.Replace(overlayHead, "version: 3\n", "", 1),
		"wrong agency":     strings.Replace(overlayHead, "410425.registry", "'../x'", 1),
		"base of a number": strings.Replace(overlayHead, "version: 1}", "version: one}", 1),
	} {
		if _, err := standard.LoadBytes([]byte(home + head)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestAVariantMayAskForMoreAndPromiseLess(t *testing.T) {
	all, err := overlay(`
promised_days: 2
name: {en: Transfer (Jiaxian)}
slots:
  - {key: other, max_files: 3}
  - {key: photo, required: true, zh: 照片, en: Photo}
fees: [{key: home, fen: 4000}]
plan: {video: "true"}
remove: {slots: [old_deal], outputs: [proof]}
grounds: [{at: slots/old_deal, zh: 某条例第五条, en: some act art. 5}]
`)
	if err != nil {
		t.Fatal(err, fieldsOf(err))
	}
	base, v := &all[0], &all[1]
	if v.NameZH != base.NameZH || v.NameEN != "Transfer (Jiaxian)" || v.Promised != 2 || v.Plan.Promised != base.Plan.Promised || v.Plan.Video != "true" {
		t.Errorf("%+v", v)
	}
	if x, _ := v.Slot("other"); x.MaxFiles != 3 || x.ZH != "其他" || len(x.Types) != 3 {
		t.Errorf("%+v", x)
	}
	var zh, en []string
	for _, c := range standard.Diff(base, v) {
		zh, en = append(zh, c.ZH), append(en, c.EN)
	}
	for _, want := range []string{"承诺时限（工作日）由“5”改为“2”", "取消材料“旧约证明”", "增加材料“照片”", "收费“登记费”的金额（分）由“8000”改为“4000”", "视频核验由“risky”改为“是”", "取消办理结果“证明”"} {
		if !strings.Contains(strings.Join(zh, "\n"), want) {
			t.Errorf("lacks %s in %q", want, zh)
		}
	}
	for _, want := range []string{`promised working days: "2" instead of "5"`, "material “Photo” is added", "material “Proof of an old deal” is dropped"} {
		if !strings.Contains(strings.Join(en, "\n"), want) {
			t.Errorf("lacks %s in %q", want, en)
		}
	}
	if len(zh) != 8 {
		t.Errorf("%d differences: %q", len(zh), zh)
	}
	back := standard.Diff(v, base)
	if len(back) != len(zh) || len(standard.Diff(v, v)) != 0 {
		t.Errorf("%d back, %d forth", len(back), len(zh))
	}
}

func TestCheckTellsEverythingThatIsWrongAtOnce(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"reserved name":          {"key: agent_acts, when", "key: day, when", "/conditions/day reserved"},
		"later condition":        {"when: roles.agent > 0", "when: risky", "/conditions/agent_acts expression"},
		"unknown role":           {"roles.agent > 0", "roles.ghost > 0", "/conditions/agent_acts expression"},
		"unknown column":         {"h.share).filter", "h.shore).filter", "/rules/shares_sum/holds expression"},
		"text compared":          {"form.use == 'home'", "form.use == 1", "/fees/home/when expression"},
		"number for yes or no":   {"video: risky", "video: '1'", "/plan/video expression"},
		"yes for a number":       {`notice_days: "minor ? 15 : 0"`, "notice_days: 'true'", "/plan/notice_days expression"},
		"answer elsewhere":       {"holds: form.loan <= form.price", "holds: answer == ''", "/rules/loan_over_price/holds expression"},
		"fails without answers":  {"if: agent_acts", "if: \"parties[0].role == 'agent'\"", "/slots/power/if expression"},
		"too long":               {"if: agent_acts", "if: \"" + strings.Repeat("true || ", 400) + "true\"", "/slots/power/if expression"},
		"too deep":               {"if: agent_acts", "if: \"" + strings.Repeat("(", 100) + "true" + strings.Repeat(")", 100) + "\"", "/slots/power/if expression"},
		"made objects":           {"if: agent_acts", "if: \"Party{role: 'x'}.role == 'x'\"", "/slots/power/if expression"},
		"payer that is no party": {"payer: seller, zh: 工本费", "payer: ghost, zh: 工本费", "/fees/copies invalid"},
		"key twice":              {"key: loan, kind", "key: price, kind", "/fields/price invalid"},
		"key in capitals":        {"key: note", "key: Note", "/fields/Note invalid"},
		"list in a list":         {"{key: name, kind: text, required: true", "{key: name, kind: list, required: true", "/fields/heirs/columns/name invalid"},
		"hidden characters":      {"zh: 备注", "zh: \"备\\u202e注\"", "/fields/note invalid"},
	} {
		text := strings.Replace(home, c.old, c.new, 1)
		if text == home {
			t.Fatalf("%s changes nothing", name)
		}
		_, err := standard.LoadBytes([]byte(text))
		if hub.ErrorCode(err) != hub.BadStandard || !strings.Contains(fieldsOf(err), c.want) {
			t.Errorf("%s: %v\n%s", name, err, fieldsOf(err))
		}
	}
	both := strings.NewReplacer("form.use == 'home'", "form.use == 1", "roles.agent > 0", "roles.ghost > 0").Replace(home)
	if _, err := standard.LoadBytes([]byte(both)); len(strings.Split(fieldsOf(err), "\n")) < 2 {
		t.Errorf("not all at once: %s", fieldsOf(err))
	}
}
