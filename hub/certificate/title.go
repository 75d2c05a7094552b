package certificate

import (
	"fmt"
	"slices"
	"strings"

	"tongban/hub"
	"tongban/hub/code"
)

// Title is an electronic 不动产权证书 (条例 art. 21; the fields are those of the
// printed form).
type Title struct {
	Letter               // Number as 豫(2026)郏县不动产权第0001234号; At is the day of booking
	Licence     string   // 电子证照标识, GB/T 36904
	Holders     []Holder // at least one
	CoOwnership string   // 共有情况: 单独所有, 共同共有, 按份共有
	Location    string   // 坐落
	Unit        string   // 不动产单元号, 28 characters
	RightType   string   // 权利类型
	RightNature string   // 权利性质
	Use         string   // 用途
	Area        string   // 面积, with its unit
	Term        string   // 使用期限
	Other       string   // 权利其他状况
	Notes       []string // 附记
}

// Holder is one right holder.
type Holder struct {
	Name   string
	ID     string // kind and number of the identity document, masked by the caller where it must be; may be empty
	Share  string // of shared ownership; may be empty
	Number string // of this holder's own certificate where each has one; may be empty
}

// Proof is an electronic 不动产登记证明, as for a mortgage or an advance notice.
type Proof struct {
	Letter          // Number as 豫(2026)郏县不动产证明第0000567号
	Licence  string // 电子证照标识
	Right    string // 证明权利或事项
	Holder   string // 权利人（申请人）
	Obliged  string // 义务人
	Location string // 坐落
	Unit     string // 不动产单元号
	Other    string // 其他: for a mortgage the secured amount, the term, …
	Notes    []string
}

// holders writes everybody into one field.
func holders(all []Holder) string {
	var lines []string
	for _, h := range all {
		parts := []string{clean(h.Name), clean(h.ID), clean(h.Share), clean(h.Number)}
		lines = append(lines, strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "  "))
	}
	return strings.Join(lines, "\n")
}

func numbered(all []string) string {
	if len(all) < 2 {
		return strings.Join(all, "\n")
	}
	var lines []string
	for i, n := range all {
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, clean(n)))
	}
	return strings.Join(lines, "\n")
}

// numbersFit refuses a number or licence id that is not of the paper's kind: a
// wrong one, once sealed, cannot be taken back. The licence id may be empty.
func numbersFit(kind code.CertificateKind, number, licenceType, licence string) error {
	var wrong []hub.FieldError
	if c, err := code.ParseCertificate(number); err != nil || c.Kind != kind {
		wrong = append(wrong, hub.FieldError{Pointer: "/number", Code: "form", Message: "not a number of this kind of certificate"})
	}
	if licence != "" {
		if l, err := code.ParseLicenceID(licence); err != nil || l.Type() != licenceType {
			wrong = append(wrong, hub.FieldError{Pointer: "/licence", Code: "form", Message: "not a licence id of this kind of certificate"})
		}
	}
	return refuse(wrong)
}

// Title prints the certificate, A4 across: the statement with seal and QR code
// on the left, the register's content on the right; what does not fit goes on
// to further pages. Errors: hub.Invalid with the empty fields, hub.MissingGlyph.
func (p *Printer) Title(t Title) ([]byte, error) {
	names := make([]string, len(t.Holders))
	for i, h := range t.Holders {
		names[i] = h.Name
	}
	gaps := []gap{
		{"/location", t.Location}, {"/unit", t.Unit}, {"/right_type", t.RightType}, {"/holders", strings.Join(names, "")},
	}
	for i, n := range names {
		gaps = append(gaps, gap{fmt.Sprintf("/holders/%d/name", i), n})
	}
	if err := required(t.Letter, gaps...); err != nil {
		return nil, err
	}
	if err := numbersFit(code.Title, t.Number, code.LicenceTitle, t.Licence); err != nil {
		return nil, err
	}
	fields := []row{
		entry("权利人", "Right holder", holders(t.Holders)),
		entry("共有情况", "Co-ownership", t.CoOwnership),
		entry("坐落", "Location", t.Location),
		entry("不动产单元号", "Unit number", unitGroups(t.Unit)),
		entry("权利类型", "Type of right", t.RightType),
		entry("权利性质", "Nature of right", t.RightNature),
		entry("用途", "Use", t.Use),
		entry("面积", "Area", t.Area),
		entry("使用期限", "Term", t.Term),
		tall(entry("权利其他状况", "Other circumstances", t.Other), 84),
		tall(entry("附记", "Notes", numbered(t.Notes)), 44),
	}
	return p.booklet(t.Letter, booklet{
		title:   words{"不动产权证书", "Certificate of Real Property Title"},
		licence: t.Licence, fields: fields,
		statement: "根据《中华人民共和国民法典》等法律法规，为保护不动产权利人合法权益，对不动产权利人申请登记的本证所列不动产权利，" +
			"经审查核实，准予登记，颁发此证。",
	})
}

// Proof prints the registration proof, in the same form as the certificate.
// Errors: hub.Invalid with the empty fields, hub.MissingGlyph.
func (p *Printer) Proof(t Proof) ([]byte, error) {
	err := required(t.Letter, gap{"/right", t.Right}, gap{"/holder", t.Holder}, gap{"/location", t.Location}, gap{"/unit", t.Unit})
	if err == nil {
		err = numbersFit(code.Proof, t.Number, code.LicenceProof, t.Licence)
	}
	if err != nil {
		return nil, err
	}
	fields := []row{
		entry("证明权利或事项", "Right or matter proved", t.Right),
		entry("权利人（申请人）", "Right holder (applicant)", t.Holder),
		entry("义务人", "Obliged party", t.Obliged),
		entry("坐落", "Location", t.Location),
		entry("不动产单元号", "Unit number", unitGroups(t.Unit)),
		tall(entry("其他", "Other", t.Other), 120),
		tall(entry("附记", "Notes", numbered(t.Notes)), 90),
	}
	return p.booklet(t.Letter, booklet{
		title:   words{"不动产登记证明", "Proof of Real Property Registration"},
		licence: t.Licence, fields: fields,
		statement: "根据《中华人民共和国民法典》等法律法规，为保护申请人合法权益，对申请人申请登记的本证明所列不动产权利或登记事项，" +
			"经审查核实，准予登记，颁发此证明。",
	})
}

// entry is a row of label and content.
func entry(chinese, english, text string) row {
	return row{cells: []cell{label(chinese, english), {text: dash(text), size: 10.5}}, least: 27}
}

func tall(r row, least float64) row {
	r.least = least
	return r
}

// booklet is what certificate and proof differ in.
type booklet struct {
	title     words
	licence   string
	statement string
	fields    []row
}

// The places on a page of a booklet: two panels of one width.
const (
	bookSide   = 50.0
	bookTop    = 50.0
	bookBottom = a4Short - 52
	bookPanel  = 352.0
	bookRight  = a4Long - bookSide - bookPanel
)

func (p *Printer) booklet(l Letter, b booklet) ([]byte, error) {
	s := newSheet(p.t, a4Long, a4Short, func(i int) frame {
		f := frame{page: (i + 1) / 2, x: bookRight, w: bookPanel, top: bookTop, bottom: bookBottom}
		if i%2 == 1 {
			f.x = bookSide
		}
		if i == 0 {
			f.top += 22 // under the number
		} else {
			f.top += 10
		}
		return f
	})
	if err := cover(s, l, b); err != nil {
		return nil, err
	}
	s.paragraphAt(l.Number, bookRight, bookTop-4, bookPanel)
	last := len(b.fields) - 1
	s.table([]float64{92, 260}, b.fields[:last], 0)
	if s.index == 0 { // the last field fills the panel
		b.fields[last].least = max(b.fields[last].least, s.room())
	}
	s.table([]float64{92, 260}, b.fields[last:], 0)
	for i := range s.pages {
		adorn(s, i, l, b)
	}
	return p.print(s, about{title: b.title.chinese + " " + l.Number, author: l.Office, at: l.At})
}

// paragraphAt sets the number above the table; a very long one in smaller type.
func (s *sheet) paragraphAt(text string, x, y, w float64) {
	size := 12.0
	for size > 5 && s.t.width(text, size) > w {
		size -= 0.5
	}
	s.line(0, fit(s.t, text, size, w), x, y+baseline(18, size), w, size, left, deepRed)
}

// cover is the left panel of the first page.
func cover(s *sheet, l Letter, b booklet) error {
	saved := s.frame
	s.frame, s.y = frame{page: 0, x: bookSide, w: bookPanel, top: bookTop, bottom: bookBottom}, bookTop+16
	s.paragraph("中华人民共和国", style{size: 15, lead: 24, after: 4, align: centre, ink: deepRed})
	s.paragraph(b.title.chinese, style{size: 30, lead: 42, align: centre, ink: deepRed})
	s.paragraph(b.title.english, style{size: smallSize, lead: 14, after: 18, align: centre, ink: grey})
	s.paragraph(b.statement, style{size: 12, lead: 23, indent: 24, after: 8, ink: black})

	w := bookPanel * 0.56
	x := bookSide + bookPanel - w
	lines := float64(len(s.t.wrap(l.Office, bodySize, w, w)))
	top := bookBottom - 180 - 16*(lines-1)
	s.line(0, "登记机构（章） Registry (seal)", x, top, w, noteSize, centre, grey)
	sealed(s, l, 0, x, top+8, w)
	top = bookBottom - 180
	if l.Check != "" {
		const size = 84.0
		if err := s.qr(0, l.Check, bookSide+12, top+38, size); err != nil {
			return err
		}
		s.line(0, "扫码核验 Scan to check", bookSide, top+38+size+14, size+24, noteSize, centre, grey)
		if l.Code != "" {
			s.line(0, "核验码 "+l.Code, bookSide, top+38+size+26, bookPanel, noteSize, left, grey)
		}
	}
	if b.licence != "" {
		id := "电子证照标识 E-licence：" + b.licence
		size := min(noteSize, bookPanel/s.t.width(id, 1)) // at most 94 characters: never below 5.5 points
		s.line(0, id, bookSide, bookBottom-4, bookPanel, size, left, grey)
	}
	s.frame, s.y = saved, saved.top
	return nil
}

// adorn draws the frame of a page, its fold and its foot.
func adorn(s *sheet, i int, l Letter, b booklet) {
	const edge = 24.0
	ground := []op{
		{kind: opFill, x: edge, y: edge, w: a4Long - 2*edge, h: a4Short - 2*edge, ink: ivory},
		{kind: opFrame, x: edge, y: edge, w: a4Long - 2*edge, h: a4Short - 2*edge, thick: 1.6, ink: deepRed},
		{kind: opFrame, x: edge + 4, y: edge + 4, w: a4Long - 2*edge - 8, h: a4Short - 2*edge - 8, thick: 0.5, ink: gold},
		{kind: opLine, x: a4Long / 2, y: edge + 18, h: a4Short - 2*edge - 36, thick: 0.4, ink: gold},
	}
	s.pages[i].under = slices.Concat(ground, s.pages[i].under) // under the shaded cells too
	if i > 0 {
		head := b.title.chinese + "（续） " + fit(s.t, l.Number, smallSize, bookPanel-130)
		s.line(i, head, bookSide, bookTop-4, bookPanel, smallSize, left, deepRed)
	}
	foot := a4Short - edge - 13
	s.line(i, fmt.Sprintf("第 %d 页 共 %d 页", i+1, len(s.pages)), bookRight, foot, bookPanel, noteSize, right, grey)
	s.line(i, "本证以不动产登记簿记载为准 The register prevails", bookSide, foot, bookPanel, noteSize, left, grey)
}
