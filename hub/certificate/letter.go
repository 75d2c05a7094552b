package certificate

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tongban/hub"
	"tongban/hub/code"
)

// Letter is what every paper has: who made it, when and under which number.
type Letter struct {
	Office  string    // full name of the registry or the window's agency
	Address string    // of the office; may be empty; not on certificates
	Phone   string    // of the office; may be empty; not on certificates
	Number  string    // of the paper
	Case    string    // case number; may be empty; not on certificates
	At      time.Time // in the office's own time zone; also the file's creation date
	Check   string    // address of the public check, drawn as a QR code; may be empty
	Code    string    // what to type where the QR code cannot be scanned, printed below it; may be empty
	Seal    Mark
}

// gap is a field of a paper that must not be empty.
type gap struct{ pointer, value string }

// required tells every empty field at once, and what has one fixed place and is too long for it.
func required(l Letter, more ...gap) error {
	var wrong []hub.FieldError
	for _, g := range append([]gap{{"/office", l.Office}, {"/number", l.Number}}, more...) {
		if clean(g.value) == "" {
			wrong = append(wrong, hub.FieldError{Pointer: g.pointer, Code: "required", Message: "must not be empty"})
		}
	}
	for _, m := range []struct {
		gap
		most int
	}{
		{gap{"/office", l.Office}, 60},
		{gap{"/number", l.Number}, 80},
		{gap{"/case", l.Case}, 80},
		{gap{"/code", l.Code}, 34},
		{gap{"/seal/agency", l.Seal.Agency}, 40},
		{gap{"/seal/name", l.Seal.Name}, 16},
	} {
		if utf8.RuneCountInString(m.value) > m.most || strings.ContainsAny(m.value, "\r\n") {
			wrong = append(wrong, hub.FieldError{Pointer: m.pointer, Code: "too_long", Message: "does not fit on one line"})
		}
	}
	if l.At.IsZero() {
		wrong = append(wrong, hub.FieldError{Pointer: "/at", Code: "required", Message: "must not be empty"})
	}
	return refuse(wrong)
}

func refuse(wrong []hub.FieldError) error {
	if len(wrong) > 0 {
		return &hub.Error{Code: hub.Invalid, Message: "the paper lacks fields or has too long ones", Fields: wrong}
	}
	return nil
}

// words of a heading.
type words struct{ chinese, english string }

// Sizes of type, in points.
const (
	titleSize = 23.0
	bodySize  = 11.5
	smallSize = 9.0
	noteSize  = 7.5
)

var (
	body = style{size: bodySize, lead: 19.5, indent: 2 * bodySize, after: 3, ink: black}
	note = style{size: smallSize, lead: 14, ink: grey, after: 2}
)

// open sets the head of a letter: office, title, gloss, number, double rule.
func open(s *sheet, l Letter, title words) {
	s.paragraph(l.Office, style{size: 13, lead: 20, after: 5, align: centre, ink: deepRed})
	s.paragraph(title.chinese, style{size: titleSize, lead: 32, align: centre, ink: black})
	s.paragraph(title.english, style{size: smallSize, lead: 13, after: 9, align: centre, ink: grey})
	numbers := "编号 No.：" + l.Number
	if l.Case != "" {
		numbers += "\n受理编号 Case：" + l.Case
	}
	s.paragraph(numbers, style{size: smallSize, lead: 13.5, after: 4, align: right, ink: black})
	s.rule(1.4, deepRed)
	s.y += 2.6
	s.rule(0.4, deepRed)
	s.y += 12 * s.tight
}

// heading opens a part of a paper.
func heading(s *sheet, h words) {
	s.y += 8 * s.tight
	s.need(60)
	s.here(op{kind: opFill, x: s.frame.x, y: s.y + 3, w: 3, h: 13, ink: deepRed})
	y := s.y + baseline(19, 11.5)
	s.line(s.frame.page, h.chinese, s.frame.x+9, y, s.frame.w, 11.5, left, black)
	s.line(s.frame.page, h.english, s.frame.x+15+s.t.width(h.chinese, 11.5), y, s.frame.w, noteSize, left, grey)
	s.y += 19 + 3*s.tight
}

// sealed sets the office, the seal and over its lower rim the date, centred in
// w points from x, and returns where that ends.
func sealed(s *sheet, l Letter, page int, x, y, w float64) float64 {
	for _, line := range s.t.wrap(l.Office, bodySize, w, w) {
		s.line(page, line, x, y+baseline(16, bodySize), w, bodySize, centre, black)
		y += 16
	}
	y += 4
	if l.Seal.Agency != "" {
		s.mark(page, l.Seal, x+w/2, y+sealSize/2)
	} else {
		s.line(page, "（盖章 Seal）", x, y+sealSize/2, w, smallSize, centre, hair)
	}
	s.line(page, date(l.At), x, y+sealSize-9, w, bodySize, centre, black)
	return y + sealSize + 5
}

// closeLetter sets the end of a letter: QR code on the left, office, date and seal on the right.
func closeLetter(s *sheet, l Letter) error {
	s.y += 8 * s.tight
	w := s.frame.w * 0.52
	before := s.index
	s.need(16*float64(len(s.t.wrap(l.Office, bodySize, w, w))) + sealSize + 22)
	if s.index != before {
		s.lonely = true
		s.paragraph("（此页无正文）", style{size: smallSize, lead: 18, ink: grey})
	}
	top, page := s.y, s.frame.page
	if l.Check != "" {
		const size = 70.0
		if err := s.qr(page, l.Check, s.frame.x+6, top+30, size); err != nil {
			return err
		}
		s.line(page, "扫码核验 Scan to check", s.frame.x-6, top+30+size+14, size+24, noteSize, centre, grey)
		if l.Code != "" {
			s.line(page, "核验码 "+l.Code, s.frame.x, top+30+size+25, 240, noteSize, left, grey)
		}
	}
	s.y = sealed(s, l, page, s.frame.x+s.frame.w-w, top, w)
	if l.Address != "" || l.Phone != "" {
		var parts []string
		if l.Address != "" {
			parts = append(parts, "地址 Address："+l.Address)
		}
		if l.Phone != "" {
			parts = append(parts, "电话 Phone："+l.Phone)
		}
		s.paragraph(strings.Join(parts, "    "), style{size: noteSize, lead: 11, ink: grey})
	}
	return nil
}

// furnish gives every page its number, and all but the first a running head.
func furnish(s *sheet, l Letter, title words) {
	const side = 62.0
	w := s.width - 2*side
	for i := range s.pages {
		foot := s.height - 38
		s.put(i, op{kind: opLine, x: side, y: foot - 12, w: w, thick: 0.4, ink: faint})
		s.line(i, fit(s.t, l.Number, noteSize, w*0.62), side, foot, w, noteSize, left, grey)
		s.line(i, fmt.Sprintf("第 %d 页 共 %d 页", i+1, len(s.pages)), side, foot, w, noteSize, right, grey)
		if i > 0 {
			s.line(i, fit(s.t, l.Office, smallSize, w*0.6), side, 46, w, smallSize, left, grey)
			s.line(i, title.chinese, side, 46, w, smallSize, right, grey)
			s.put(i, op{kind: opLine, x: side, y: 54, w: w, thick: 0.6, ink: deepRed})
		}
	}
}

// fit shortens a text that only repeats what stands in full elsewhere.
func fit(t *typesetter, text string, size, w float64) string {
	text = strings.ReplaceAll(clean(text), "\n", " ")
	if t.width(text, size) <= w {
		return text
	}
	letters := []rune(text)
	for len(letters) > 0 && t.width(string(letters)+"…", size) > w {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
}

// layOut sets lines closer when otherwise the seal would stand on a page of
// its own, which invites taking it for another paper.
func (p *Printer) layOut(l Letter, title words, part func(s *sheet)) (*sheet, error) {
	var s *sheet
	for _, tight := range []float64{1, 0.94, 0.88, 0.82, 1} {
		s = portrait(p.t)
		s.tight = tight
		open(s, l, title)
		part(s)
		if err := closeLetter(s, l); err != nil {
			return nil, err
		}
		if !s.lonely {
			break
		}
	}
	return s, nil
}

// letter lays a whole letter out: head, the paper's own part, end.
func (p *Printer) letter(l Letter, title words, part func(s *sheet)) ([]byte, error) {
	s, err := p.layOut(l, title, part)
	if err != nil {
		return nil, err
	}
	furnish(s, l, title)
	return p.print(s, about{title: title.chinese + " " + l.Number, author: l.Office, at: l.At})
}

// date is the day as official papers write it.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
}

// moment is day, hour and minute.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return date(t) + t.Format(" 15:04")
}

// unitGroups shows the 28-digit number of a unit in groups; an older number stays as it is.
func unitGroups(s string) string {
	u, err := code.ParseUnit(s)
	if err != nil {
		return s
	}
	return u.Display()
}

// dash stands for a field without content, as registers write it.
func dash(s string) string {
	if clean(s) == "" {
		return "——"
	}
	return s
}
