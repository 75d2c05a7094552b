package certificate

// All lengths are points (1/72 inch), x from the left and y from the top.
const (
	a4Short = 595.28
	a4Long  = 841.89
)

// ink is a colour.
type ink struct{ r, g, b uint8 }

var (
	black   = ink{28, 28, 30}
	grey    = ink{112, 112, 118}
	faint   = ink{226, 228, 232}
	hair    = ink{150, 150, 156}
	shade   = ink{246, 246, 248}
	red     = ink{196, 26, 30}
	deepRed = ink{150, 24, 28}
	gold    = ink{190, 160, 110}
	ivory   = ink{253, 251, 246}
)

// kind tells what an op draws.
type kind uint8

const (
	opText kind = iota + 1
	opLine
	opFill    // a rectangle
	opFrame   // the outline of a rectangle
	opCircle  // the outline; w is the diameter
	opPolygon // filled
	opPicture // a PNG, w by h
)

// op is one thing drawn. Layout makes a list of them for each page, so that the
// number of pages is known before anything is painted.
type op struct {
	kind   kind
	x, y   float64 // of text: start and base line
	w, h   float64
	size   float64 // of text
	thick  float64 // of lines
	angle  float64 // of text: degrees, counter-clockwise around its centre
	ink    ink
	runs   []run
	points [][2]float64
	png    []byte
}

// page holds what is drawn on it; under is drawn first.
type page struct{ under, over []op }

// frame is a column that text flows through.
type frame struct {
	page              int
	x, w, top, bottom float64
}

// sheet lays a paper out. It is used once, by one goroutine.
type sheet struct {
	t             *typesetter
	width, height float64
	frames        func(i int) frame
	pages         []page
	frame         frame
	index         int
	y             float64 // where the next block begins
	tight         float64 // what the space between lines is multiplied by, 1 or less
	lonely        bool    // the closing block stands on a page of its own
	lacking       missing
}

func newSheet(t *typesetter, width, height float64, frames func(i int) frame) *sheet {
	s := &sheet{t: t, width: width, height: height, frames: frames, index: -1, tight: 1, lacking: missing{}}
	s.next()
	return s
}

// portrait is A4 upright with the margins of official letters.
func portrait(t *typesetter) *sheet {
	const side, top, bottom, below = 62, 54, 60, 72
	return newSheet(t, a4Short, a4Long, func(i int) frame {
		f := frame{page: i, x: side, w: a4Short - 2*side, top: top, bottom: a4Long - bottom}
		if i > 0 {
			f.top = below // under the running head
		}
		return f
	})
}

// next goes to the next frame, on a new page where it needs one.
func (s *sheet) next() {
	s.index++
	s.frame = s.frames(s.index)
	for len(s.pages) <= s.frame.page {
		s.pages = append(s.pages, page{})
	}
	s.y = s.frame.top
}

// need goes on to the next frame unless h points are left in this one.
func (s *sheet) need(h float64) {
	if s.y+h > s.frame.bottom && s.y > s.frame.top {
		s.next()
	}
}

// room is what is left of the frame.
func (s *sheet) room() float64 { return s.frame.bottom - s.y }

func (s *sheet) put(page int, o op) { s.pages[page].over = append(s.pages[page].over, o) }

func (s *sheet) here(o op) { s.put(s.frame.page, o) }

// align is where a line stands in its width.
type align uint8

const (
	left align = iota
	centre
	right
)

// line draws one line of text between x and x+w with its base line at y.
func (s *sheet) line(page int, text string, x, y, w, size float64, a align, colour ink) {
	s.lacking.add(s.t, text)
	switch free := w - s.t.width(text, size); a {
	case centre:
		x += free / 2
	case right:
		x += free
	}
	s.put(page, op{kind: opText, x: x, y: y, size: size, ink: colour, runs: s.t.runs(text)})
}

// style is how a paragraph looks.
type style struct {
	size   float64
	lead   float64 // from line to line
	indent float64 // of the first line
	inset  float64 // of the whole paragraph, on the left
	after  float64 // space below
	align  align
	ink    ink
}

// baseline is where letters of a size stand in a line of the given height.
func baseline(lead, size float64) float64 { return lead/2 + 0.36*size }

// paragraph flows a text; it may go on in the next frame, but not with one lone line.
func (s *sheet) paragraph(text string, st style) {
	st.lead, st.after = st.lead*s.tight, st.after*s.tight
	w := s.frame.w - st.inset
	lines := s.t.wrap(text, st.size, w-st.indent, w)
	for i, l := range lines {
		keep := 1
		if i == 0 || i == len(lines)-2 {
			keep = min(2, len(lines)-i)
		}
		s.need(float64(keep) * st.lead)
		x, w := s.frame.x+st.inset, w
		if i == 0 {
			x, w = x+st.indent, w-st.indent
		}
		s.line(s.frame.page, l, x, s.y+baseline(st.lead, st.size), w, st.size, st.align, st.ink)
		s.y += st.lead
	}
	s.y += st.after
}

// rule draws a line across the frame.
func (s *sheet) rule(thick float64, colour ink) {
	s.here(op{kind: opLine, x: s.frame.x, y: s.y, w: s.frame.w, thick: thick, ink: colour})
}

// behind draws under everything else of a page so far.
func (s *sheet) behind(page int, ops ...op) {
	s.pages[page].under = append(s.pages[page].under, ops...)
}
