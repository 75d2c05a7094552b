package demo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongban/hub"
)

// script is the story of one item, as data: who applies for what, with which
// papers, what the registry finds missing, and how it ends. The steps that act
// it out are in steps.go and are the same for all.
type script struct {
	item   string
	zh, en string // its name, as the national base has it
	desk   desk
	unit   string // the number of the property, with {f} for the flat or {p} for the parcel
	serial int    // of the run: every case of every run has a unit of its own
	held   held   // what the register has of it
	// form and every text of a script may hold what fill replaces.
	form    map[string]any
	parties []party
	papers  []paper        // beside the application and the parties' identity papers
	gaps    []gap          // of the one supplement notice
	answers map[string]any // in the questioning, where they are not the harmless ones
	look    string         // the slot that the first reviewer opens
	tax     *taxWord       // where the standard asks for proof of tax
	notice  string         // text of the public notice, where one is due
	visit   string         // what the officer sees, where a visit is due
	rating  [2]int         // of the receiving and of the handling place
	ends    ending
	video   bool // a session by video comes before the questioning at the window
}

// ending says where a story stops and why it goes no further. The zero value
// is the close of the case.
type ending struct {
	before string // key of the first step that is not taken; "" is none
	zh, en string
}

// desk is the two places of a story, and the sign-ins of those who act.
type desk struct {
	windowZH, windowEN, homeZH, homeEN string
	clerk                              string // at the window
	first, second, lead, booking       string // at the handling place
}

// party is one party as the clerk types it.
type party struct {
	Role       string `json:"role"`
	Name       string `json:"name"`
	IDKind     string `json:"id_kind"`
	IDNumber   string `json:"id_number"`
	Phone      string `json:"phone,omitempty"`
	Represents string `json:"represents,omitempty"`
}

func citizen(role, name, number, phone string) party {
	return party{Role: role, Name: name, IDKind: citizenID, IDNumber: number, Phone: phone}
}

func firm(role, name, number, phone string) party {
	return party{Role: role, Name: name, IDKind: "credit_code", IDNumber: number, Phone: phone}
}

const citizenID = "citizen_id"

func agent(name, number, phone, of string) party {
	p := citizen("agent", name, number, phone)
	p.Represents = of
	return p
}

// gap is one gap of the supplement notice, and how the window fills it: with a
// new value of a field, or with a new file in a slot. With a page the gap is
// the region of that page.
type gap struct {
	field  string
	value  any
	slot   string
	page   int
	rect   [4]float64 // x, y, width, height as parts of the page
	reason string     // "incorrect", "incomplete", "outdated"
	note   string     // what the reviewer writes
	fixed  paper      // the new file
	remark string     // what the window answers
}

// taxWord is the tax bureau's word.
type taxWord struct{ result, document string }

// The places.
func nanshanToJiaxian() desk {
	return desk{"深圳南山窗口", "the window in Nanshan, Shenzhen", "河南郏县", "Jiaxian, Henan", "nanshan.clerk", "jiaxian.first", "jiaxian.second", "jiaxian.lead", "jiaxian.booking"}
}

func jiaxianToNanshan() desk {
	return desk{"河南郏县窗口", "the window in Jiaxian, Henan", "深圳南山", "Nanshan, Shenzhen", "jiaxian.clerk", "nanshan.first", "nanshan.second", "nanshan.supervisor", "nanshan.booking"}
}

// scripts are the twelve stories, in the order of the catalogue.
func scripts() []script {
	return []script{
		transferResale(), transferNew(), noticeDual(), mortgageFirst(), mortgageCancel(), mortgagedTransfer(),
		transferInherit(), transferSpouse(), change(), firstBuilding(), search(), utilities(),
	}
}

// scriptOf finds the story of an item. Errors: UnknownItem.
func scriptOf(item string) (script, error) {
	all := scripts()
	if i := slices.IndexFunc(all, func(x script) bool { return x.item == item }); i >= 0 {
		return all[i], nil
	}
	return script{}, hub.E(hub.UnknownItem, "there is no story for item %q; hub demo --list names the twelve (没有这个事项，hub demo --list 列出全部十二项)", item)
}

// Knows says whether there is a story of an item. Errors: UnknownItem.
func Knows(item string) error {
	_, err := scriptOf(item)
	return err
}

// Items names the items that have a story, in the order of the catalogue.
func Items() []string {
	var out []string
	for _, x := range scripts() {
		out = append(out, x.item)
	}
	return out
}

// List says for each story what it is, where it ends and why, in "zh" or "en".
func List(lang string) string {
	var b strings.Builder
	for _, x := range scripts() {
		name, to, end := x.en+" ("+x.zh+")", x.desk.windowEN+" → "+x.desk.homeEN, x.ends.en
		closed, before := "ends with the closed case", "ends before the step \"%s\": "
		if lang == "zh" {
			name, to, end = x.zh+"（"+x.en+"）", x.desk.windowZH+" → "+x.desk.homeZH, x.ends.zh
			closed, before = "办结为止", "止于“%s”之前："
		}
		switch {
		case x.ends.before != "":
			end = fmt.Sprintf(before, stepName(x.ends.before, lang)) + end
		case end == "":
			end = closed
		}
		fmt.Fprintf(&b, "%s\n    %s\n    %s\n    %s\n", x.item, name, to, end)
	}
	return b.String()
}

// fill puts the numbers of case n into a text, a map or a list of rows: {n} is
// the number of the case, {c} the serial of its earlier certificate, {p} that
// of its parcel.
func (x *script) fill(v any, n int) any {
	switch v := v.(type) {
	case string:
		return strings.NewReplacer("{n}", strconv.Itoa(100+n), "{c}", fmt.Sprintf("%07d", 1_000_000+x.serial+n), "{p}", x.parcel(n)).Replace(v)
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = x.fill(e, n)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = x.fill(e, n)
		}
		return out
	}
	return v
}

// allPapers are every file the window scans: the application, an identity
// paper of each party, and the script's own.
func (x *script) allPapers(n int) []paper {
	out := []paper{x.application(n)}
	for _, p := range x.parties {
		out = append(out, identityPaper(p))
	}
	if x.item == "search" || x.item == "utilities" { // no registration, no application form
		out = out[1:]
	}
	for _, p := range x.papers {
		p.lines = slices.Clone(p.lines)
		for i := range p.lines {
			p.lines[i] = x.fill(p.lines[i], n).(string)
		}
		out = append(out, p)
	}
	return out
}

func (x *script) application(n int) paper {
	p := paper{slot: "application", title: "不动产登记申请书", pages: 2, signed: true, lines: []string{"申请登记事项：" + x.zh, "不动产单元号：" + x.unitOf(n)}}
	for _, q := range x.parties {
		who := "申请人：" + q.Name
		if q.Represents != "" {
			who = "代理人：" + q.Name + "（代 " + q.Represents + "）"
		}
		p.lines = append(p.lines, who+"　证件号码："+q.IDNumber)
	}
	for _, key := range []string{"certificate", "proof_no", "address", "shares"} {
		if v, ok := x.form[key].(string); ok {
			p.lines = append(p.lines, map[string]string{"certificate": "不动产权证号", "proof_no": "登记证明号", "address": "坐落", "shares": "共有情况"}[key]+"："+x.fill(v, n).(string))
		}
	}
	p.lines = append(p.lines, "", "申请人承诺：所提交的材料真实、合法、有效，申请登记为本人真实意愿。")
	return p
}

func identityPaper(p party) paper {
	if p.IDKind == citizenID {
		return paper{slot: "identity", title: "居民身份证", name: "身份证（" + p.Name + "）", photo: true, lines: []string{"姓名：" + p.Name, "公民身份号码：" + p.IDNumber, "", "（正面、背面）"}}
	}
	return paper{slot: "identity", title: "营业执照", name: "营业执照（" + p.Name + "）", photo: true, lines: []string{"名称：" + p.Name, "统一社会信用代码：" + p.IDNumber, "类型：法人"}}
}

// unitOf is the property of case n: one that no run had before.
func (x *script) unitOf(n int) string {
	flat := fmt.Sprintf("%08d", 10_000_000+x.serial+n)
	return strings.NewReplacer("{f}", flat, "{p}", x.parcel(n)).Replace(x.unit)
}

func (x *script) parcel(n int) string { return fmt.Sprintf("%05d", 10_000+(x.serial+n)%90_000) }

func (x *script) formOf(n int) map[string]any { return x.fill(x.form, n).(map[string]any) }
