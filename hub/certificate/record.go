package certificate

import (
	"strconv"
	"strings"
	"time"
)

// Record is the 询问笔录 (民法典 art. 212): each party is asked separately, and
// asked and asker sign.
type Record struct {
	Letter
	Item     string
	Asked    Person // 被询问人
	Askers   []Person
	Place    string // where, or that it was by video
	Began    time.Time
	Ended    time.Time
	Notice   string   // what was told before the questions; empty for the usual words
	Answers  []Answer // at least one
	Conflict []string // contradictions found, shown to who decides; may be empty
	Signed   []Signature
}

// Person is somebody who takes part.
type Person struct {
	Name string
	ID   string // identity document or staff number; may be empty
	Role string // 买方, 卖方, 询问人, 翻译, …
}

// Answer is a question with what was answered.
type Answer struct{ Question, Answer string }

// Signature is who signed, and how: 电子签名, 现场签名, …
type Signature struct {
	Name, Role, Way string
	At              time.Time
	Picture         []byte // PNG of what was drawn on a screen, 600 by 240; may be empty
}

const notice = "根据《中华人民共和国民法典》第二百一十二条，登记机构就有关登记事项询问申请人。请如实回答；作虚假陈述的，依法承担责任。"

// Record prints the questioning record. Errors: hub.Invalid, hub.MissingGlyph.
func (p *Printer) Record(r Record) ([]byte, error) {
	gaps := []gap{{"/item", r.Item}, {"/asked/name", r.Asked.Name}}
	if len(r.Askers) == 0 {
		gaps = append(gaps, gap{"/askers", ""})
	}
	if len(r.Answers) == 0 {
		gaps = append(gaps, gap{"/answers", ""})
	}
	for i, a := range r.Answers {
		gaps = append(gaps, gap{"/answers/" + strconv.Itoa(i) + "/question", a.Question})
	}
	if err := required(r.Letter, gaps...); err != nil {
		return nil, err
	}
	return p.letter(r.Letter, words{"不动产登记询问笔录", "Questioning Record"}, func(s *sheet) {
		s.table(subjectShares, r.rows(), 0)
		heading(s, words{"告知", "Told before"})
		text := r.Notice
		if clean(text) == "" {
			text = notice
		}
		s.paragraph(text, body)
		heading(s, words{"询问内容", "Questions and answers"})
		for i, a := range r.Answers {
			s.paragraph("问 "+strconv.Itoa(i+1)+"："+a.Question, style{size: bodySize, lead: 19, ink: deepRed})
			s.paragraph("答："+dash(a.Answer), style{size: bodySize, lead: 19, after: 7, ink: black})
		}
		if len(r.Conflict) > 0 {
			reasons(s, words{"需要核实的矛盾", "Contradictions to check"}, r.Conflict)
		}
		s.paragraph("以上笔录已经本人核对，与本人陈述一致。", body)
		r.signatures(s)
	})
}

func (r Record) rows() []row {
	rows := []row{
		entry("申请事项", "Item", r.Item),
		entry("被询问人", "Asked", r.Asked.line()),
	}
	askers := make([]string, len(r.Askers))
	for i, a := range r.Askers {
		askers[i] = a.line()
	}
	rows = append(rows, entry("询问人", "Asked by", strings.Join(askers, "\n")))
	if clean(r.Place) != "" {
		rows = append(rows, entry("地点（方式）", "Place (way)", r.Place))
	}
	if !r.Began.IsZero() {
		span := moment(r.Began)
		if !r.Ended.IsZero() {
			span += " 至 " + moment(r.Ended)
		}
		rows = append(rows, entry("时间", "Time", span))
	}
	return rows
}

func (p Person) line() string {
	line := clean(p.Name)
	if clean(p.Role) != "" {
		line += "（" + clean(p.Role) + "）"
	}
	if clean(p.ID) != "" {
		line += "  " + clean(p.ID)
	}
	return line
}

// signatures lists who signed, or leaves lines to sign on paper.
func (r Record) signatures(s *sheet) {
	if len(r.Signed) == 0 {
		who := []string{"被询问人 Asked"}
		for range r.Askers {
			who = append(who, "询问人 Asked by")
		}
		signers(s, who)
		return
	}
	s.y += 6
	rows := []row{{cells: []cell{
		label("签名人", "Signed by"), label("身份", "Role"), label("方式", "Way"), label("时间", "Time"),
	}}}
	for i, g := range r.Signed {
		rows = append(rows, row{least: 28, cells: []cell{
			{text: strconv.Itoa(i+1) + ". " + dash(g.Name), align: centre},
			{text: dash(g.Role), align: centre},
			{text: dash(g.Way), align: centre},
			{text: dash(moment(g.At)), align: centre},
		}})
	}
	s.table([]float64{120, 100, 110, 141}, rows, 1)
	r.pictures(s)
}

// The signatures that were drawn, two in a row.
const (
	drawnWidth  = 165.0
	drawnHeight = drawnWidth * 240 / 600
)

func (r Record) pictures(s *sheet) {
	s.y += 8
	n := 0
	for i, g := range r.Signed {
		if len(g.Picture) == 0 {
			continue
		}
		if n%2 == 0 {
			if n > 0 {
				s.y += drawnHeight + 20
			}
			s.need(drawnHeight + 20)
		}
		x := s.frame.x + float64(n%2)*s.frame.w/2
		s.here(op{kind: opPicture, x: x + 1, y: s.y + 1, w: drawnWidth - 2, h: drawnHeight - 2, png: g.Picture})
		s.here(op{kind: opFrame, x: x, y: s.y, w: drawnWidth, h: drawnHeight, thick: 0.5, ink: hair})
		s.line(s.frame.page, "手写签名："+strconv.Itoa(i+1)+"  Signature", x, s.y+drawnHeight+11, drawnWidth, smallSize, centre, grey)
		n++
	}
	if n > 0 {
		s.y += drawnHeight + 20
	}
}
