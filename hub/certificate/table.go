package certificate

// cell is one field of a table.
type cell struct {
	text  string
	gloss string // English, small, under the text
	size  float64
	align align
	span  int  // columns, 0 is 1
	head  bool // shaded
}

// row is a row of cells; least is its smallest height.
type row struct {
	cells []cell
	least float64
}

const (
	cellPadX  = 6.0
	cellPadY  = 3.4
	tableSize = 10.0
	glossSize = 6.5
	cellLead  = 1.42 // line to line, in font sizes
)

// cellLine is one line of a cell, ready to draw.
type cellLine struct {
	text       string
	size, lead float64
	ink        ink
}

// label is a shaded field with its gloss.
func label(text, gloss string) cell {
	return cell{text: text, gloss: gloss, head: true, align: centre}
}

// table draws rows on columns, whose widths are shares of the frame. The first
// headers rows come again in each new frame. A row stays whole when a frame
// can hold it; otherwise it is parted between lines.
func (s *sheet) table(shares []float64, rows []row, headers int) {
	sum := 0.0
	for _, n := range shares {
		sum += n
	}
	columns := make([]float64, len(shares))
	for i, n := range shares {
		columns[i] = n * s.frame.w / sum
	}
	laid := make([][][]cellLine, len(rows))
	for i, r := range rows {
		rows[i].least *= s.tight
		laid[i] = s.layRow(columns, r)
	}
	heads := 0.0
	for i := range headers {
		heads += rowHeight(rows[i], laid[i])
	}
	for i := range rows {
		if i == 0 && headers > 0 && len(rows) > headers { // heads never stand alone
			s.need(heads + min(rowHeight(rows[headers], laid[headers]), 60))
		}
		s.flowRow(columns, rows[i], laid[i], func() {
			s.next()
			for j := range min(headers, i) {
				s.drawRow(columns, rows[j], laid[j], rowHeight(rows[j], laid[j]), false)
			}
		})
	}
}

// flowRow draws one row, over several frames if it must.
func (s *sheet) flowRow(columns []float64, r row, lines [][]cellLine, next func()) {
	h := rowHeight(r, lines)
	if h <= s.room() {
		s.drawRow(columns, r, lines, h, false)
		return
	}
	if whole := s.frame.bottom - s.frame.top; h <= whole/2 || s.room() < 60 {
		next()
	}
	for {
		h = rowHeight(row{}, lines)
		if max(h, r.least) <= s.room() {
			s.drawRow(columns, r, lines, max(h, r.least), false)
			return
		}
		fit := make([][]cellLine, len(lines))
		for i, all := range lines {
			n, used := 0, 2*cellPadY
			for n < len(all) && used+all[n].lead <= s.room() {
				used += all[n].lead
				n++
			}
			if s.y == s.frame.top && n == 0 && len(all) > 0 {
				n = 1 // a frame too small for one line: never stand still
			}
			fit[i], lines[i] = all[:n], all[n:]
		}
		s.drawRow(columns, r, fit, s.room(), true)
		next()
	}
}

func (s *sheet) layRow(columns []float64, r row) [][]cellLine {
	lines := make([][]cellLine, len(r.cells))
	at := 0
	for i, c := range r.cells {
		w := -2 * cellPadX
		for range max(1, c.span) {
			w += columns[at]
			at++
		}
		size := c.size
		if size == 0 {
			size = tableSize
		}
		colour := black
		for _, l := range s.t.wrap(c.text, size, w, w) {
			lines[i] = append(lines[i], cellLine{l, size, size * cellLead * s.tight, colour})
		}
		if c.gloss != "" {
			for _, l := range s.t.wrap(c.gloss, glossSize, w, w) {
				lines[i] = append(lines[i], cellLine{l, glossSize, glossSize * 1.25 * s.tight, grey})
			}
		}
	}
	return lines
}

func rowHeight(r row, lines [][]cellLine) float64 {
	h := 0.0
	for _, c := range lines {
		h = max(h, height(c))
	}
	return max(h+2*cellPadY, r.least)
}

func height(lines []cellLine) float64 {
	h := 0.0
	for _, l := range lines {
		h += l.lead
	}
	return h
}

// drawRow draws cells of height h at the top of what is left of the frame. A
// parted row begins at the top of its cells, a whole one is centred.
func (s *sheet) drawRow(columns []float64, r row, lines [][]cellLine, h float64, parted bool) {
	x, at := s.frame.x, 0
	for i, c := range r.cells {
		w := 0.0
		for range max(1, c.span) {
			w += columns[at]
			at++
		}
		if c.head {
			s.behind(s.frame.page, op{kind: opFill, x: x, y: s.y, w: w, h: h, ink: shade})
		}
		s.here(op{kind: opFrame, x: x, y: s.y, w: w, h: h, thick: 0.5, ink: hair})
		y := s.y + cellPadY
		if !parted {
			y = s.y + (h-height(lines[i]))/2
		}
		for _, l := range lines[i] {
			s.line(s.frame.page, l.text, x+cellPadX, y+baseline(l.lead, l.size), w-2*cellPadX, l.size, c.align, l.ink)
			y += l.lead
		}
		x += w
	}
	s.y += h
}
