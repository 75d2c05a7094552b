package certificate

import (
	"strconv"
	"time"
)

// Extract is the 不动产登记资料查询结果: what the register says at one moment. It
// carries a watermark, as it must not be taken for a certificate.
type Extract struct {
	Letter
	Asker     string // 查询人
	Agent     string // may be empty
	Purpose   string // 查询目的
	Matter    string // what was asked: the unit, the owner, …
	Moment    time.Time
	Units     []ExtractUnit // none: nothing is registered
	Watermark string        // empty for the usual words
}

// ExtractUnit is one unit of an extract.
type ExtractUnit struct {
	Unit, Location string
	Facts          []Fact  // area, use, nature, term, …
	Rights         []Right // in the order of the register
}

// Fact is a label with its content.
type Fact struct{ Label, Text string }

// Right is one line of the register.
type Right struct {
	Kind   string // 房屋所有权, 抵押权, 预告登记, 异议登记, 查封登记, …
	Holder string
	Number string // certificate, proof or order
	Booked time.Time
	State  string // 现势, 已注销, …
	Detail string
}

// Extract prints the search result. Errors: hub.Invalid, hub.MissingGlyph.
func (p *Printer) Extract(e Extract) ([]byte, error) {
	gaps := []gap{{"/asker", e.Asker}, {"/matter", e.Matter}}
	if e.Moment.IsZero() {
		gaps = append(gaps, gap{"/moment", ""})
	}
	if err := required(e.Letter, gaps...); err != nil {
		return nil, err
	}
	l, title := e.Letter, words{"不动产登记资料查询结果", "Result of a Search in the Register"}
	s, err := p.layOut(l, title, e.part)
	if err != nil {
		return nil, err
	}
	furnish(s, l, title)
	text := e.Watermark
	if clean(text) == "" {
		text = "仅供查询 不作权利凭证"
	}
	watermark(s, text)
	return p.print(s, about{title: title.chinese + " " + l.Number, author: l.Office, at: l.At})
}

func (e Extract) part(s *sheet) {
	rows := []row{entry("查询人", "Asked by", e.Asker)}
	if clean(e.Agent) != "" {
		rows = append(rows, entry("代理人", "Agent", e.Agent))
	}
	rows = append(rows,
		entry("查询目的", "Purpose", e.Purpose),
		entry("查询内容", "Asked for", e.Matter),
		entry("登记簿时点", "State of the register at", moment(e.Moment)))
	s.table(subjectShares, rows, 0)
	if len(e.Units) == 0 {
		heading(s, words{"查询结果", "Result"})
		s.paragraph("截至上述时点，登记簿中没有符合查询条件的记载。", body)
	}
	for i, u := range e.Units {
		number := ""
		if len(e.Units) > 1 {
			number = "（" + strconv.Itoa(i+1) + "/" + strconv.Itoa(len(e.Units)) + "）"
		}
		heading(s, words{"不动产单元" + number, "Real-property unit"})
		unitTable(s, u)
	}
	s.y += 8
	s.paragraph("本结果仅反映查询时点登记簿的记载，不作为权利凭证，不得用于查询目的以外的用途；查询人对获知的信息负有保密义务。", note)
}

func unitTable(s *sheet, u ExtractUnit) {
	rows := []row{entry("不动产单元号", "Unit number", unitGroups(u.Unit)), entry("坐落", "Location", u.Location)}
	for _, f := range u.Facts {
		rows = append(rows, row{cells: []cell{label(f.Label, ""), {text: dash(f.Text), size: 10.5}}, least: 26})
	}
	s.table(subjectShares, rows, 0)
	if len(u.Rights) == 0 {
		return
	}
	s.y += 6
	list := []row{{cells: []cell{
		label("登记种类", "Right"), label("权利人", "Holder"), label("证书/文书号", "Number"), label("登簿时间", "Booked"),
		label("状态", "State"), label("内容", "Content"),
	}}}
	for _, r := range u.Rights {
		list = append(list, row{least: 26, cells: []cell{
			{text: dash(r.Kind), size: smallSize},
			{text: dash(r.Holder), size: smallSize},
			{text: dash(r.Number), size: smallSize},
			{text: dash(date(r.Booked)), size: smallSize},
			{text: dash(r.State), size: smallSize, align: centre},
			{text: dash(r.Detail), size: smallSize},
		}})
	}
	s.table([]float64{64, 70, 104, 80, 44, 109}, list, 1)
}

// watermark writes a text across every page, under everything else.
func watermark(s *sheet, text string) {
	const size = 30.0
	text = fit(s.t, text, size, 420)
	s.lacking.add(s.t, text)
	w := s.t.width(text, size)
	for i := range s.pages {
		marks := make([]op, 0, 3)
		for _, y := range []float64{0.27, 0.53, 0.79} {
			marks = append(marks, op{
				kind: opText, x: (s.width - w) / 2, y: s.height * y, w: w, size: size, angle: 28, ink: faint, runs: s.t.runs(text),
			})
		}
		s.behind(i, marks...) // over the shaded cells, under their text
	}
}
