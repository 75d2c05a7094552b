package material

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
)

// maxNesting bounds dictionaries and arrays in each other.
const maxNesting = 256

// pdfTree reads objects as they come, outside of streams, and notes what the
// page tree says: how many pages there are and how large. It follows no
// reference, so a tree that is a circle costs nothing.
type pdfTree struct {
	counted int    // the largest count of a node of the page tree
	leaves  int    // pages that were seen one by one
	huge    bool   // a page larger than PDF allows
	deep    bool   // nests beyond the limit
	found   string // reason of the first forbidden short name
	frames  []pdfFrame
	r       *bufio.Reader
}

// pdfFrame is one open dictionary.
type pdfFrame struct {
	key, kind string
	count     int
	box       []float64
	unit      float64
}

// pages is what the file says; where it says nothing, what was seen.
func (t *pdfTree) pages() int {
	if t.counted > 0 {
		return t.counted
	}
	return t.leaves
}

// readTree reads the objects of an object stream. What cannot be read there
// was looked at byte by byte before.
func (s *pdfScan) readTree(r io.Reader) {
	if err := s.tree.read(s.ctx, bufio.NewReader(r)); err != nil && s.broken == nil {
		s.broken = err
	}
}

func (t *pdfTree) read(ctx context.Context, r *bufio.Reader) error {
	t.r, t.frames = r, t.frames[:0]
	for n := 0; ; n++ {
		if n%10_000 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		err := t.token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (t *pdfTree) token() error {
	c, err := t.r.ReadByte()
	if err != nil {
		return err
	}
	switch {
	case c == '%':
		return t.until("\r\n")
	case c == '(':
		return t.text()
	case c == '<':
		if next, err := t.r.Peek(1); err == nil && next[0] == '<' {
			t.open()
			_, err = t.r.Discard(1)
			return err
		}
		return t.until(">")
	case c == '>':
		if next, err := t.r.Peek(1); err == nil && next[0] == '>' {
			t.close()
			_, err = t.r.Discard(1)
			return err
		}
	case c == '/':
		name, err := t.word(nil)
		t.name(pdfName(append(name, ' ')))
		return err
	case regular(c):
		word, err := t.word([]byte{c})
		if err != nil && len(word) == 0 {
			return err
		}
		return errors.Join(t.keyword(string(word)), err)
	}
	return nil
}

func regular(c byte) bool { return c > ' ' && !bytes.ContainsRune([]byte("()<>[]{}/%"), rune(c)) }

// word reads the rest of a name, number or keyword, of which the first 64
// bytes are kept.
func (t *pdfTree) word(b []byte) ([]byte, error) {
	for {
		c, err := t.r.ReadByte()
		if err != nil {
			return b, err
		}
		if !regular(c) {
			return b, t.r.UnreadByte()
		}
		if len(b) < 64 {
			b = append(b, c)
		}
	}
}

func (t *pdfTree) until(ends string) error {
	for {
		c, err := t.r.ReadByte()
		if err != nil || bytes.IndexByte([]byte(ends), c) >= 0 {
			return err
		}
	}
}

// text skips a string in parentheses.
func (t *pdfTree) text() error {
	for depth := 1; depth > 0; {
		c, err := t.r.ReadByte()
		if err != nil {
			return err
		}
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		case '\\':
			if _, err := t.r.ReadByte(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *pdfTree) top() *pdfFrame {
	if len(t.frames) == 0 {
		return &pdfFrame{}
	}
	return &t.frames[len(t.frames)-1]
}

func (t *pdfTree) open() {
	if len(t.frames) >= maxNesting {
		t.deep = true
		return
	}
	t.frames = append(t.frames, pdfFrame{unit: 1})
}

// close judges a dictionary that is complete.
func (t *pdfTree) close() {
	if len(t.frames) == 0 {
		return
	}
	f := t.top()
	switch f.kind {
	case "Pages":
		t.counted = max(t.counted, f.count)
	case "Page":
		t.leaves++
	default:
		f.box = nil
	}
	if len(f.box) >= 4 {
		w, h := (f.box[2]-f.box[0])*f.unit, (f.box[3]-f.box[1])*f.unit
		t.huge = t.huge || max(w, h) > maxPageSide || min(w, h) < -maxPageSide
	}
	t.frames = t.frames[:len(t.frames)-1]
	t.top().key = ""
}

func (t *pdfTree) name(n string) {
	f := t.top()
	if slices.Contains(shortNames, n) && t.found == "" {
		t.found = pdfNames[n]
	}
	if f.key == "Type" {
		f.kind, f.key = n, ""
		return
	}
	f.key = n
}

func (t *pdfTree) keyword(w string) error {
	f := t.top()
	switch w {
	case "R": // what was taken for a value was a reference
		if f.key == "Count" {
			f.count = 0
		}
		return nil
	case "obj", "endobj", "xref", "trailer":
		t.frames = t.frames[:0]
		return nil
	case "stream":
		t.frames = t.frames[:0]
		return t.skipStream()
	}
	v, err := strconv.ParseFloat(w, 64)
	if err != nil {
		return nil //nolint:nilerr // a keyword that says nothing here
	}
	switch f.key {
	case "Count":
		if f.count == 0 && v > 0 && v < 1<<31 {
			f.count = int(v)
		}
	case "MediaBox":
		if len(f.box) < 4 {
			f.box = append(f.box, v)
		}
	case "UserUnit":
		f.unit = v
	}
	return nil
}

// skipStream reads to the end of a stream.
func (t *pdfTree) skipStream() error {
	const end = "endstream"
	var last []byte
	for {
		b, err := t.r.ReadSlice('m')
		if last = append(last, b[max(0, len(b)-len(end)):]...); len(last) > len(end) {
			last = append(last[:0], last[len(last)-len(end):]...)
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		if string(last) == end {
			return nil
		}
	}
}
