package certificate

import (
	"fmt"
	"time"

	"github.com/signintech/gopdf"

	"tongban/hub"
)

// Printer makes papers. It is safe for concurrent use.
type Printer struct {
	t     *typesetter
	fonts *gopdf.FontContainer
}

// New reads the fonts once. The error is hub.Invalid with the field that is no
// usable TrueType font.
func New(f Fonts) (*Printer, error) {
	p := &Printer{t: &typesetter{}, fonts: &gopdf.FontContainer{}}
	var err error
	if p.t.main, err = p.load("main", mainFace, f.Main); err != nil {
		return nil, err
	}
	if len(f.Fallback) > 0 {
		if p.t.fallback, err = p.load("fallback", fallbackFace, f.Fallback); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *Printer) load(name, face string, data []byte) (f *font, err error) {
	refuse := func(cause error) error {
		return &hub.Error{
			Code: hub.Invalid, Message: "the " + name + " font is no TrueType font with Unicode characters", Err: cause,
			Fields: []hub.FieldError{{Pointer: "/fonts/" + name, Code: "font", Message: "not a usable TrueType font"}},
		}
	}
	defer func() { // gopdf's reader trusts the file
		if r := recover(); r != nil {
			f, err = nil, refuse(fmt.Errorf("panic: %v", r))
		}
	}()
	if f, err = parseFont(data); err != nil {
		return nil, refuse(err)
	}
	if err := p.fonts.AddTTFFontData(face, data); err != nil {
		return nil, refuse(err)
	}
	return f, nil
}

// about is what the file says of itself.
type about struct {
	title, author string
	at            time.Time
}

// print paints a laid-out paper. The bytes depend on nothing but the input.
func (p *Printer) print(s *sheet, a about) (out []byte, err error) {
	s.lacking.add(p.t, a.title)
	if err := s.lacking.err(); err != nil {
		return nil, err
	}
	defer func() { // an operator's fallback font may still hold broken outlines
		if r := recover(); r != nil {
			out, err = nil, hub.Wrap(hub.Internal, fmt.Errorf("panic: %v", r), "printing failed")
		}
	}()
	raw, err := p.paint(s, a)
	if err == nil {
		raw, err = finish(raw)
	}
	if err != nil {
		return nil, hub.Wrap(hub.Internal, err, "printing failed")
	}
	return raw, nil
}

func (p *Printer) paint(s *sheet, a about) ([]byte, error) {
	pdf := &gopdf.GoPdf{}
	pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: s.width, H: s.height}, Unit: gopdf.UnitPT})
	pdf.SetInfo(gopdf.PdfInfo{Title: a.title, Author: a.author, Creator: "Tongban", Producer: "Tongban", CreationDate: a.at})
	for _, face := range s.faces() {
		if err := pdf.AddTTFFontFromFontContainer(face, p.fonts); err != nil {
			return nil, fmt.Errorf("font %s: %w", face, err)
		}
	}
	for i, pg := range s.pages {
		pdf.AddPage()
		for _, layer := range [][]op{pg.under, pg.over} {
			for _, o := range layer {
				if err := draw(pdf, o); err != nil {
					return nil, fmt.Errorf("page %d: %w", i+1, err)
				}
			}
		}
	}
	return pdf.GetBytesPdfReturnErr()
}

// faces are the fonts that the sheet uses, main first.
func (s *sheet) faces() []string {
	used := []string{mainFace}
	for _, pg := range s.pages {
		for _, layer := range [][]op{pg.under, pg.over} {
			for _, o := range layer {
				for _, r := range o.runs {
					if r.face == fallbackFace {
						return append(used, fallbackFace)
					}
				}
			}
		}
	}
	return used
}

func draw(pdf *gopdf.GoPdf, o op) error {
	switch o.kind {
	case opText:
		return drawText(pdf, o)
	case opLine:
		pdf.SetStrokeColor(o.ink.r, o.ink.g, o.ink.b)
		pdf.SetLineWidth(o.thick)
		pdf.Line(o.x, o.y, o.x+o.w, o.y+o.h)
	case opFill:
		pdf.SetFillColor(o.ink.r, o.ink.g, o.ink.b)
		pdf.RectFromUpperLeftWithStyle(o.x, o.y, o.w, o.h, "F")
	case opFrame:
		pdf.SetStrokeColor(o.ink.r, o.ink.g, o.ink.b)
		pdf.SetLineWidth(o.thick)
		pdf.RectFromUpperLeftWithStyle(o.x, o.y, o.w, o.h, "D")
	case opCircle:
		pdf.SetStrokeColor(o.ink.r, o.ink.g, o.ink.b)
		pdf.SetLineWidth(o.thick)
		pdf.Oval(o.x, o.y, o.x+o.w, o.y+o.w)
	case opPolygon:
		pdf.SetFillColor(o.ink.r, o.ink.g, o.ink.b)
		points := make([]gopdf.Point, len(o.points))
		for i, p := range o.points {
			points[i] = gopdf.Point{X: p[0], Y: p[1]}
		}
		pdf.Polygon(points, "F")
	case opPicture:
		holder, err := gopdf.ImageHolderByBytes(o.png)
		if err != nil {
			return fmt.Errorf("picture: %w", err)
		}
		return pdf.ImageByHolder(holder, o.x, o.y, &gopdf.Rect{W: o.w, H: o.h})
	}
	return nil
}

func drawText(pdf *gopdf.GoPdf, o op) error {
	if o.angle != 0 {
		pdf.Rotate(o.angle, o.x+o.w/2, o.y-0.36*o.size)
		defer pdf.RotateReset()
	}
	pdf.SetTextColor(o.ink.r, o.ink.g, o.ink.b)
	pdf.SetXY(o.x, o.y)
	for _, r := range o.runs {
		if err := pdf.SetFont(r.face, "", o.size); err != nil {
			return err
		}
		if err := pdf.Text(r.text); err != nil { // moves x on by the width
			return err
		}
	}
	return nil
}
