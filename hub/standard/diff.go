package standard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongban/hub"
)

// ChangeKind says what happened to a part of a standard.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// Change is one difference between two standards, as a sentence for a clerk.
type Change struct {
	Path   string // "slots/power/required"
	Kind   ChangeKind
	ZH, EN string
	A, B   string // the values as written; "" where there is none
}

// part is one comparable part of a standard. The parts of an entry follow it.
type part struct {
	path   string
	zh, en string // what it is called
	value  string
	entry  bool // it stands for a whole entry of a list
}

// Diff lists what differs in b from a, in the order of the standard. Versions,
// days of effect, agencies and the base are not differences of content.
func Diff(a, b *hub.Standard) []Change {
	pa, pb := partsOf(a), partsOf(b)
	inA, inB := byPath(pa), byPath(pb)
	var out []Change
	gone, come := "", ""
	for i := range pa {
		x := &pa[i]
		y, there := inB[x.path]
		switch {
		case gone != "" && strings.HasPrefix(x.path, gone):
			continue
		case !there:
			if x.entry {
				gone = x.path + "/"
			}
			out = append(out, change(Removed, x, x.value, ""))
		case x.value != y.value:
			out = append(out, change(Changed, y, x.value, y.value))
		}
	}
	for i := range pb {
		y := &pb[i]
		if come != "" && strings.HasPrefix(y.path, come) {
			continue
		}
		if _, there := inA[y.path]; there {
			continue
		}
		if y.entry {
			come = y.path + "/"
		}
		out = append(out, change(Added, y, "", y.value))
	}
	return out
}

func byPath(list []part) map[string]*part {
	m := make(map[string]*part, len(list))
	for i := range list {
		m[list[i].path] = &list[i]
	}
	return m
}

func change(kind ChangeKind, p *part, a, b string) Change {
	c := Change{Path: p.path, Kind: kind, A: a, B: b}
	switch {
	case kind == Changed:
		c.ZH = fmt.Sprintf("%s由“%s”改为“%s”", p.zh, wordsZH(a), wordsZH(b))
		c.EN = fmt.Sprintf("%s: %s instead of %s", p.en, wordsEN(b), wordsEN(a))
	case kind == Added && p.entry:
		c.ZH, c.EN = "增加"+p.zh, p.en+" is added"
	case kind == Removed && p.entry:
		c.ZH, c.EN = "取消"+p.zh, p.en+" is dropped"
	case kind == Added:
		c.ZH, c.EN = fmt.Sprintf("%s为“%s”", p.zh, wordsZH(b)), fmt.Sprintf("%s: %s", p.en, wordsEN(b))
	default:
		c.ZH, c.EN = fmt.Sprintf("%s不再是“%s”", p.zh, wordsZH(a)), fmt.Sprintf("%s: no longer %s", p.en, wordsEN(a))
	}
	return c
}

func wordsZH(v string) string {
	switch v {
	case "true":
		return "是"
	case "false":
		return "否"
	case "":
		return "无"
	}
	return v
}

func wordsEN(v string) string {
	switch v {
	case "true":
		return "yes"
	case "false":
		return "no"
	case "":
		return "nothing"
	}
	return strconv.Quote(v)
}

// lister collects parts.
type lister struct{ parts []part }

// entry adds a whole entry and returns a function that adds its parts.
func (l *lister) entry(list, key, kindZH, kindEN, zh, en string) func(name, partZH, partEN, value string) {
	path := list + "/" + key
	nameZH, nameEN := kindZH+"“"+zh+"”", kindEN+" “"+en+"”"
	l.parts = append(l.parts, part{path: path, zh: nameZH, en: nameEN, entry: true})
	add := func(name, partZH, partEN, value string) {
		l.parts = append(l.parts, part{path: path + "/" + name, zh: nameZH + "的" + partZH, en: nameEN + ", " + partEN, value: value})
	}
	add("words", "文字", "words", both(zh, en))
	return add
}

// both is a text in both languages, as one value.
func both(zh, en string) string { return zh + " / " + en }

func (l *lister) plain(path, zh, en, value string) {
	l.parts = append(l.parts, part{path: path, zh: zh, en: en, value: value})
}

func partsOf(s *hub.Standard) []part {
	l := &lister{}
	l.plain("name", "名称", "name", both(s.NameZH, s.NameEN))
	l.plain("modes", "办理方式", "modes", join(each(s.Modes, func(m hub.Mode) string { return string(m) })))
	l.plain("basis", "法律依据", "legal basis", join(each(s.Basis, func(t hub.Text) string { return both(t.ZH, t.EN) })))
	l.plain("answer_days", "答复时限（工作日）", "working days to answer", strconv.Itoa(s.Answer))
	l.plain("promised_days", "承诺时限（工作日）", "promised working days", strconv.Itoa(s.Promised))
	l.plain("statutory_days", "法定时限（工作日）", "statutory working days", strconv.Itoa(s.Statutory))
	for i := range s.Conditions {
		x := &s.Conditions[i]
		l.entry("conditions", x.Key, "条件", "condition", x.ZH, x.EN)("when", "判断式", "expression", x.When)
	}
	l.fields(s)
	for i := range s.Parties {
		x := &s.Parties[i]
		add := l.entry("parties", x.Role, "当事人", "party", x.ZH, x.EN)
		add("min", "最少人数", "at least", strconv.Itoa(x.Min))
		add("max", "最多人数", "at most", strconv.Itoa(x.Max))
		add("if", "适用条件", "needed if", x.If)
	}
	l.slots(s)
	l.money(s)
	for i := range s.Questions {
		x := &s.Questions[i]
		add := l.entry("questions", x.Key, "询问事项", "question", x.ZH, x.EN)
		add("roles", "询问对象", "put to", join(x.Roles))
		add("if", "适用条件", "asked if", x.If)
		add("flag", "风险提示条件", "risk if", x.Flag)
	}
	l.plan(&s.Plan)
	for i := range s.Outputs {
		x := &s.Outputs[i]
		l.entry("outputs", x.Key, "办理结果", "result", x.ZH, x.EN)("if", "适用条件", "given if", x.If)
	}
	for i := range s.Rejects {
		l.entry("rejects", s.Rejects[i].Key, "常见不予登记情形", "typical refusal", s.Rejects[i].ZH, s.Rejects[i].EN)
	}
	return l.parts
}

func columnText(c hub.Column) string {
	text := fmt.Sprintf("%s %s %d–%d", both(c.ZH, c.EN), c.Kind, c.Min, c.Max)
	if c.Required {
		text += " *"
	}
	return text + join(each(c.Options, func(o hub.Option) string { return " " + o.Key }))
}

func join(list []string) string { return strings.Join(list, ", ") }

func yes(b bool) string { return strconv.FormatBool(b) }

func (l *lister) fields(s *hub.Standard) {
	for i := range s.Fields {
		x := &s.Fields[i]
		add := l.entry("fields", x.Key, "表单项", "form field", x.ZH, x.EN)
		add("kind", "类型", "kind", x.Kind)
		add("required", "是否必填", "required", yes(x.Required))
		add("if", "必填条件", "required if", x.If)
		add("personal", "是否个人信息", "personal", yes(x.Personal))
		add("range", "取值范围", "range", fmt.Sprintf("%d–%d", x.Min, x.Max))
		add("options", "可选项", "choices", join(each(x.Options, func(o hub.Option) string { return o.Key + " " + both(o.ZH, o.EN) })))
		add("columns", "列", "columns", join(each(x.Columns, columnText)))
		add("help", "填写说明", "help", strings.Trim(both(x.HelpZH, x.HelpEN), " /"))
	}
}

func (l *lister) slots(s *hub.Standard) {
	for i := range s.Slots {
		x := &s.Slots[i]
		add := l.entry("slots", x.Key, "材料", "material", x.ZH, x.EN)
		add("required", "是否必须", "required", yes(x.Required))
		add("if", "适用条件", "asked for if", x.If)
		add("types", "文件类型", "types", join(slices.Sorted(slices.Values(x.Types))))
		add("max_mib", "大小上限（MiB）", "MiB at most", strconv.FormatInt(x.MaxBytes>>20, 10))
		add("max_files", "文件数上限", "files at most", strconv.Itoa(x.MaxFiles))
		add("original", "是否核对原件", "original is compared", yes(x.Original))
		add("shared", "是否共享核查", "looked up by sharing", yes(x.Shared))
		add("reusable", "是否可复用", "may be reused", yes(x.Reusable))
		add("valid_days", "有效天数", "days valid", strconv.Itoa(x.ValidDays))
		add("hints", "样例要点", "hints", join(each(x.Hints, func(t hub.Text) string { return both(t.ZH, t.EN) })))
		add("rejects", "常见退件原因", "typical reasons to send back", join(each(x.Rejects, func(r hub.Reason) string { return both(r.ZH, r.EN) })))
	}
}

func (l *lister) money(s *hub.Standard) {
	for i := range s.Rules {
		x := &s.Rules[i]
		l.entry("rules", x.Key, "校验规则", "rule", x.ZH, x.EN)("holds", "判断式", "expression", x.Holds)
	}
	for i := range s.Fees {
		x := &s.Fees[i]
		add := l.entry("fees", x.Key, "收费", "fee", x.ZH, x.EN)
		add("fen", "金额（分）", "fen", strconv.FormatInt(x.Fen, 10))
		add("when", "适用条件", "charged if", x.When)
		add("count", "数量", "count", x.Count)
		add("payer", "缴费人", "payer", x.Payer)
		add("exempt", "减免", "exemptions", join(each(x.Exempt, func(e hub.Exemption) string {
			return fmt.Sprintf("%s → %d%% (%s)", both(e.ZH, e.EN), e.Percent, e.When)
		})))
	}
}

func (l *lister) plan(p *hub.PlanRules) {
	for _, x := range []struct{ path, zh, en, value string }{
		{"second_review", "复审", "second review", p.SecondReview},
		{"tax", "核验完税", "tax gate", p.Tax},
		{"notice_days", "公告天数（工作日）", "working days of public notice", p.Notice},
		{"visit", "实地查看", "site visit", p.Visit},
		{"video", "视频核验", "video session", p.Video},
		{"booking", "登簿", "booking", p.Booking},
		{"exclusive", "锁定不动产单元", "lock of the unit", p.Exclusive},
		{"promised_days", "特别承诺时限", "promised days of the case", p.Promised},
	} {
		l.plain("plan/"+x.path, x.zh, x.en, x.value)
	}
}
