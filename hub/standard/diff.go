package standard

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"tongban/hub"
)

// Change is one difference between two standards, as a clerk reads it.
type Change struct {
	Part   string // "slot", "field", "fee", "days", …
	Key    string
	What   string // "added", "removed", "changed"
	ZH, EN string // in words
}

// Diff tells what b has otherwise than a. Nothing is told when they ask the same.
func Diff(a, b *hub.Standard) []Change {
	var out []Change
	number := func(key, zh, en string, x, y int) {
		if x != y {
			out = append(out, Change{"days", key, "changed", fmt.Sprintf("%s：%d → %d 个工作日", zh, x, y), fmt.Sprintf("%s: %d → %d working days", en, x, y)})
		}
	}
	number("answer", "答复时限", "answer", a.Answer, b.Answer)
	number("promised", "承诺时限", "promised", a.Promised, b.Promised)
	for i := range min(len(a.Promises), len(b.Promises)) {
		if p := b.Promises[i]; p.When == a.Promises[i].When {
			number("promised", "承诺时限（"+p.ZH+"）", "promised ("+p.EN+")", a.Promises[i].Days, p.Days)
		}
	}
	if !slices.EqualFunc(a.Promises, b.Promises, func(x, y hub.Promise) bool { return x.When == y.When }) {
		out = append(out, Change{"days", "promised", "changed", "承诺时限的适用情形不同", "other days are promised in other situations"})
	}
	number("statutory", "法定时限", "statutory", a.Statutory, b.Statutory)
	out = append(out, compare("slot", a.Slots, b.Slots, func(x hub.Slot) named { return named{x.Key, x.ZH, x.EN, x} })...)
	out = append(out, compare("field", a.Fields, b.Fields, func(x hub.Field) named { return named{x.Key, x.ZH, x.EN, x} })...)
	out = append(out, compare("party", a.Parties, b.Parties, func(x hub.PartyRule) named { return named{x.Role, x.ZH, x.EN, x} })...)
	out = append(out, compare("rule", a.Rules, b.Rules, func(x hub.Rule) named { return named{x.Key, x.ZH, x.EN, x} })...)
	out = append(out, compare("question", a.Questions, b.Questions, func(x hub.Question) named { return named{x.Key, x.ZH, x.EN, x} })...)
	out = append(out, compareFees(a.Fees, b.Fees)...)
	if !reflect.DeepEqual(a.Plan, b.Plan) {
		out = append(out, Change{"plan", "plan", "changed", "办理环节不同：" + planWords(&b.Plan, true), "other steps: " + planWords(&b.Plan, false)})
	}
	for _, r := range b.Remarks {
		if !slices.Contains(a.Remarks, r) {
			out = append(out, Change{"remark", "", "added", r.ZH, r.EN})
		}
	}
	return out
}

type named struct {
	key, zh, en string
	all         any
}

func compare[T any](part string, a, b []T, name func(T) named) []Change {
	var out []Change
	find := func(list []T, key string) (named, bool) {
		for _, x := range list {
			if n := name(x); n.key == key {
				return n, true
			}
		}
		return named{}, false
	}
	for _, x := range a {
		n := name(x)
		if _, ok := find(b, n.key); !ok {
			out = append(out, Change{part, n.key, "removed", "不要求：" + n.zh, "not asked for: " + n.en})
		}
	}
	for _, x := range b {
		n := name(x)
		old, ok := find(a, n.key)
		switch {
		case !ok:
			out = append(out, Change{part, n.key, "added", "另需：" + n.zh, "also asked for: " + n.en})
		case !reflect.DeepEqual(old.all, n.all):
			zh, en := differences(old.all, n.all)
			out = append(out, Change{part, n.key, "changed", n.zh + "：" + zh, n.en + ": " + en})
		}
	}
	return out
}

// words names the parts that differ.
var words = map[string]hub.Text{
	"Required": {ZH: "是否必需", EN: "required"}, "If": {ZH: "条件", EN: "condition"}, "Original": {ZH: "核对原件", EN: "original"},
	"Types": {ZH: "文件类型", EN: "file types"}, "MaxBytes": {ZH: "大小上限", EN: "size limit"}, "MaxFiles": {ZH: "件数上限", EN: "number of files"},
	"HintZH": {ZH: "说明", EN: "hint"}, "HintEN": {ZH: "说明", EN: "hint"}, "Faults": {ZH: "常见退件原因", EN: "typical faults"},
	"ZH": {ZH: "名称", EN: "name"}, "EN": {ZH: "名称", EN: "name"}, "Kind": {ZH: "类型", EN: "kind"}, "Options": {ZH: "选项", EN: "options"},
	"Columns": {ZH: "列", EN: "columns"}, "Max": {ZH: "上限", EN: "limit"}, "Min": {ZH: "下限", EN: "minimum"}, "Must": {ZH: "规则", EN: "rule"},
}

func differences(a, b any) (zh, en string) {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	var zhs, ens []string
	for i := range x.NumField() {
		if reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			continue
		}
		w, ok := words[x.Type().Field(i).Name]
		if !ok {
			w = hub.Text{ZH: x.Type().Field(i).Name, EN: x.Type().Field(i).Name}
		}
		if len(zhs) == 0 || zhs[len(zhs)-1] != w.ZH {
			zhs, ens = append(zhs, w.ZH), append(ens, w.EN)
		}
	}
	return strings.Join(zhs, "、") + "不同", strings.Join(ens, ", ") + " differ"
}

func compareFees(a, b []hub.FeeRule) []Change {
	if reflect.DeepEqual(a, b) {
		return nil
	}
	var zh, en []string
	for _, f := range b {
		zh = append(zh, f.ZH+" "+yuan(f.Fen)+" 元")
		en = append(en, f.EN+" "+yuan(f.Fen)+" yuan")
	}
	return []Change{{"fee", "fees", "changed", "收费不同：" + strings.Join(zh, "；"), "other fees: " + strings.Join(en, "; ")}}
}

func planWords(p *hub.Plan, chinese bool) string {
	say := func(zh, en string) string {
		if chinese {
			return zh
		}
		return en
	}
	parts := []string{say(strconv.Itoa(p.Reviews)+" 级审核", strconv.Itoa(p.Reviews)+" review(s)")}
	for _, x := range []struct{ when, zh, en string }{
		{p.Tax, "完税确认", "tax"}, {p.Notice, "公告", "public notice"}, {p.Visit, "实地查看", "visit"}, {p.Video, "视频询问", "video"},
	} {
		switch x.when {
		case "":
		case "true":
			parts = append(parts, say(x.zh, x.en))
		default:
			parts = append(parts, say(x.zh+"（视情况）", x.en+" (sometimes)"))
		}
	}
	return strings.Join(parts, say("、", ", "))
}
