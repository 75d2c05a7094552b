package certificate

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Subject is what a paper of a case is about.
type Subject struct {
	Item      string // 申请事项
	Applicant string // 申请人, several with 、 between
	Agent     string // 代理人; may be empty
	Location  string // 坐落; may be empty
	Unit      string // 不动产单元号; may be empty
}

func (b Subject) gaps() []gap { return []gap{{"/item", b.Item}, {"/applicant", b.Applicant}} }

// rows show the subject as a table of labels and contents; empty optional fields are left out.
func (b Subject) rows() []row {
	rows := []row{entry("申请事项", "Item", b.Item), entry("申请人", "Applicant", b.Applicant)}
	for _, f := range []struct{ chinese, english, text string }{
		{"代理人", "Agent", b.Agent},
		{"不动产坐落", "Location", b.Location},
		{"不动产单元号", "Unit number", unitGroups(b.Unit)},
	} {
		if clean(f.text) != "" {
			rows = append(rows, entry(f.chinese, f.english, f.text))
		}
	}
	return rows
}

var subjectShares = []float64{104, 367}

// Material is one line of a list of papers.
type Material struct {
	Name   string
	Form   string // 原件, 复印件（已核对原件）, 电子件, …
	Copies int
	Pages  int
	Note   string
}

func materialTable(s *sheet, all []Material) {
	rows := []row{{cells: []cell{
		label("序号", "No."), label("材料名称", "Material"), label("形式", "Form"),
		label("份数", "Copies"), label("页数", "Pages"), label("备注", "Note"),
	}}}
	for i, m := range all {
		rows = append(rows, row{least: 26, cells: []cell{
			{text: strconv.Itoa(i + 1), align: centre},
			{text: dash(m.Name)},
			{text: m.Form, align: centre},
			{text: count(m.Copies), align: centre},
			{text: count(m.Pages), align: centre},
			{text: m.Note, size: smallSize},
		}})
	}
	s.table([]float64{32, 185, 88, 38, 38, 90}, rows, 1)
}

func count(n int) string {
	if n <= 0 {
		return "—"
	}
	return strconv.Itoa(n)
}

// Receipt is the 收件回执: the papers that a window took. Receiving is not accepting.
type Receipt struct {
	Letter
	Subject
	Handling  string // the agency that will decide, when it is another one
	Materials []Material
	Clerk     string
	Answer    string // until when the handling place answers, in words; may be empty
}

// Receipt prints the receipt of papers. Errors: hub.Invalid, hub.MissingGlyph.
func (p *Printer) Receipt(r Receipt) ([]byte, error) {
	if err := required(r.Letter, r.gaps()...); err != nil {
		return nil, err
	}
	return p.letter(r.Letter, words{"收件回执", "Receipt of Papers"}, func(s *sheet) {
		s.paragraph(r.Applicant+"：", style{size: bodySize, lead: 21, ink: black})
		s.paragraph("本窗口于"+moment(r.At)+"收到您（单位）提交的下列申请材料。收件不等于受理：是否受理由责任登记机构审查后书面告知。", body)
		s.y += 4
		rows := r.rows()
		if clean(r.Handling) != "" {
			rows = append(rows, entry("责任登记机构", "Handling place", r.Handling))
		}
		if clean(r.Clerk) != "" {
			rows = append(rows, entry("收件人", "Received by", r.Clerk))
		}
		s.table(subjectShares, rows, 0)
		heading(s, words{fmt.Sprintf("收到的材料（共 %d 项）", len(r.Materials)), "Papers received"})
		materialTable(s, r.Materials)
		if clean(r.Answer) != "" {
			s.y += 8
			s.paragraph(r.Answer, note)
		}
		signers(s, []string{"交件人签名 Handed in by", "收件人签名 Received by"})
	})
}

// signers sets empty lines to sign on, two in a row.
func signers(s *sheet, who []string) {
	s.y += 10
	for i := 0; i < len(who); i += 2 {
		s.need(34)
		y := s.y + 22
		half := s.frame.w / 2
		for j, w := range who[i:min(i+2, len(who))] {
			x := s.frame.x + float64(j)*half
			name := fit(s.t, w, smallSize, half-110) + "："
			s.line(s.frame.page, name, x, y, half, smallSize, left, black)
			at := x + s.t.width(name, smallSize) + 3
			s.here(op{kind: opLine, x: at, y: y + 3, w: x + half - 14 - at, thick: 0.5, ink: hair})
		}
		s.y += 34
	}
}

// Acceptance is the 受理通知书 (条例 art. 17): the clock of the handling place starts.
type Acceptance struct {
	Letter
	Subject
	Accepted  time.Time // when; the day after is the first that counts
	Promised  string    // promised term, as 3 个工作日
	Statutory string    // term by law, as 30 个工作日
	Expected  time.Time // expected end; may be zero
	Fee       string    // what is to be paid, in words; may be empty
	Materials []Material
	Remarks   string
}

// Acceptance prints the notice of acceptance. Errors: hub.Invalid, hub.MissingGlyph.
func (p *Printer) Acceptance(a Acceptance) ([]byte, error) {
	gaps := a.gaps()
	if a.Accepted.IsZero() {
		gaps = append(gaps, gap{"/accepted", ""})
	}
	if err := required(a.Letter, gaps...); err != nil {
		return nil, err
	}
	return p.letter(a.Letter, words{"不动产登记受理通知书", "Notice of Acceptance"}, func(s *sheet) {
		s.paragraph(a.Applicant+"：", style{size: bodySize, lead: 21, ink: black})
		s.paragraph("您（单位）申请的"+a.Item+"，经审查申请材料齐全、符合法定形式，根据《不动产登记暂行条例》的规定，本机构予以受理。", body)
		s.y += 4
		s.table(subjectShares, a.rows(), 0)
		s.table([]float64{104, 131.5, 104, 131.5}, []row{
			pair("受理时间", "Accepted", moment(a.Accepted), "预计办结", "Expected end", date(a.Expected)),
			pair("承诺时限", "Promised term", a.Promised, "法定时限", "Term by law", a.Statutory),
		}, 0)
		var rows []row
		for _, f := range []struct{ chinese, english, text string }{
			{"应缴费用", "Fee", a.Fee},
			{"备注", "Remarks", a.Remarks},
		} {
			if clean(f.text) != "" {
				rows = append(rows, entry(f.chinese, f.english, f.text))
			}
		}
		s.table(subjectShares, rows, 0)
		if len(a.Materials) > 0 {
			heading(s, words{"受理的材料", "Papers accepted"})
			materialTable(s, a.Materials)
		}
		s.y += 8
		s.paragraph("受理之日不计入办理时限；补正、公告、缴税缴费的时间依法不计入。凭受理编号可以查询办理进度。", note)
	})
}

// pair is a row of two labels and contents.
func pair(chinese, english, text, chinese2, english2, text2 string) row {
	return row{cells: []cell{
		label(chinese, english), {text: dash(text), size: 10.5}, label(chinese2, english2), {text: dash(text2), size: 10.5},
	}}
}

// joined is the names of several people in one line.
func joined(names []string) string { return strings.Join(names, "、") }
