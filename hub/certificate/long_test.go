package certificate_test

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"tongban/hub/certificate"
)

// word is one word of pdftotext -bbox, in points from the upper left.
type word struct {
	XMin float64 `xml:"xMin,attr"`
	YMin float64 `xml:"yMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMax float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

type boxes struct {
	Pages []struct {
		Width  float64 `xml:"width,attr"`
		Height float64 `xml:"height,attr"`
		Words  []word  `xml:"word"`
	} `xml:"body>doc>page"`
}

func layout(t *testing.T, file []byte) boxes {
	t.Helper()
	var b boxes
	d := xml.NewDecoder(strings.NewReader(tool(t, file, "pdftotext", "-bbox", "FILE", "-")))
	d.Strict, d.Entity = false, xml.HTMLEntity
	if err := d.Decode(&b); err != nil {
		t.Fatal(err)
	}
	if len(b.Pages) == 0 {
		t.Fatal("no pages")
	}
	return b
}

func joined(words []word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.Text)
	}
	return b.String()
}

// stays checks that no word leaves the margins and no two words lie over each other.
func stays(t *testing.T, b boxes) {
	t.Helper()
	const side, top, bottom = 49.0, 30.0, 28.0
	for i, p := range b.Pages {
		var upright []word
		for _, w := range p.Words {
			if w.XMin < side || w.YMin < top || w.XMax > p.Width-side+1 || w.YMax > p.Height-bottom {
				t.Errorf("page %d: %q at %.0f,%.0f to %.0f,%.0f leaves the margins", i+1, w.Text, w.XMin, w.YMin, w.XMax, w.YMax)
			}
			if w.YMax-w.YMin < 36 { // no watermark
				upright = append(upright, w)
			}
		}
		for j, v := range upright {
			for _, w := range upright[:j] {
				// Boxes are as high as the font's ascent and descent, more than the letters.
				dx := min(v.XMax, w.XMax) - max(v.XMin, w.XMin)
				dy := min(v.YMax, w.YMax) - max(v.YMin, w.YMin)
				if dx > 0.5 && dy > 0.45*min(v.YMax-v.YMin, w.YMax-w.YMin) {
					t.Errorf("page %d: %.30q and %.30q overlap by %.1f x %.1f", i+1, v.Text, w.Text, dx, dy)
				}
			}
		}
	}
}

// fill sets every text of a paper to what a function gives for its path.
func fill(v reflect.Value, path string, text func(path string) string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text(path))
	case reflect.Struct:
		if _, isTime := reflect.TypeAssert[time.Time](v); isTime {
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), path+"/"+v.Type().Field(i).Name, text)
		}
	case reflect.Slice:
		for i := range v.Len() {
			fill(v.Index(i), fmt.Sprintf("%s/%d", path, i), text)
		}
	}
}

// longs prints every kind of paper with a text in every field.
func longs(p *certificate.Printer, text func(path string) string) map[string]func() ([]byte, error) {
	set := func(v any) {
		fill(reflect.ValueOf(v).Elem(), "", text)
		if l := reflect.ValueOf(v).Elem().FieldByName("Letter"); l.IsValid() {
			l.FieldByName("Seal").Set(reflect.ValueOf(certificate.Mark{})) // its letters are turned: their boxes overlap
		}
	}
	const longest = ".91350100M000100Y43.WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW.001."
	a, b, c, d, e := title(), proof(), receipt(), acceptance(), nonAcceptance()
	f, g, h, i, j := supplement(), refusal(), cancellation(), extract(), record()
	for _, v := range []any{&a, &b, &c, &d, &e, &f, &g, &h, &i, &j} {
		set(v)
	}
	// Numbers have a fixed form; these are the longest.
	a.Number, a.Licence = "豫(2026)"+strings.Repeat("郏", 30)+"不动产权第0001234号", "1.2.156.3005.2.11100000MB03271699001"+longest+"L"
	b.Number, b.Licence = "豫(2026)"+strings.Repeat("郏", 30)+"不动产证明第0001234号", "1.2.156.3005.2.11100000MB03271699022"+longest+"S"
	return map[string]func() ([]byte, error){
		"title": func() ([]byte, error) { return p.Title(a) }, "proof": func() ([]byte, error) { return p.Proof(b) },
		"receipt": func() ([]byte, error) { return p.Receipt(c) }, "acceptance": func() ([]byte, error) { return p.Acceptance(d) },
		"non-acceptance": func() ([]byte, error) { return p.NonAcceptance(e) }, "supplement": func() ([]byte, error) { return p.Supplement(f) },
		"refusal": func() ([]byte, error) { return p.Refusal(g) }, "cancellation": func() ([]byte, error) { return p.Cancellation(h) },
		"extract": func() ([]byte, error) { return p.Extract(i) }, "record": func() ([]byte, error) { return p.Record(j) },
	}
}

func TestVeryLongTextsStayOnThePageAndDoNotOverlap(t *testing.T) {
	p := printer(t)
	fixed := map[string]int{"/Letter/Office": 60, "/Letter/Number": 80, "/Letter/Case": 80, "/Letter/Check": 300, "/Letter/Code": 34, "/Letter/Seal/Agency": 40, "/Letter/Seal/Name": 16}
	cut := func(path, s string) string {
		if n, ok := fixed[path]; ok {
			return string([]rune(s)[:n])
		}
		return s
	}
	for name, text := range map[string]string{
		"Chinese": strings.Repeat("河南省平顶山市郏县东城街道文化路八十八号院，五幢二单元（一一〇一）；", 24),
		"a word":  strings.Repeat("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", 12),
		"numbers": strings.Repeat("4104251900030712310", 30),
		"closers": strings.Repeat("）", 400),
		"mixed":   strings.Repeat("张三 Zhang San, 410425 001002 GB00003 F00050021 ￥1,234.56 ", 12),
	} {
		for kind, made := range longs(p, func(path string) string {
			if path == "/Letter/Check" && name != "numbers" {
				return "https://tongban.example/check/" + strings.Repeat("A", 200)
			}
			return cut(path, text)
		}) {
			t.Run(name+"/"+kind, func(t *testing.T) {
				file, err := made()
				if err != nil {
					t.Fatal(err)
				}
				if dir := os.Getenv("PAPERS_DIR"); dir != "" {
					_ = os.WriteFile(filepath.Join(dir, "long-"+name+"-"+kind+".pdf"), file, 0o600)
				}
				b := layout(t, file)
				stays(t, b)
				last := b.Pages[len(b.Pages)-1]
				if got, want := joined(last.Words), fmt.Sprintf("第%d页共%d页", len(b.Pages), len(b.Pages)); !strings.Contains(got, want) {
					t.Errorf("%q is not on the last page", want)
				}
				if len(file) > 300<<10 {
					t.Errorf("%d bytes", len(file))
				}
			})
		}
	}
}

func TestUsualPapersStayOnThePage(t *testing.T) {
	p := printer(t)
	for _, paper := range papers() {
		file, err := paper.print(p)
		if err != nil {
			t.Fatal(err)
		}
		b := layout(t, file)
		for i, pg := range b.Pages {
			for _, w := range pg.Words {
				if w.XMin < 30 || w.XMax > pg.Width-30 || w.YMin < 30 || w.YMax > pg.Height-24 {
					t.Errorf("%s page %d: %q leaves the margins", paper.name, i+1, w.Text)
				}
			}
		}
	}
}

// Every line of a long list is printed, none is lost between pages.
func TestALongListIsPrintedWhole(t *testing.T) {
	r := receipt()
	for i := range 300 {
		r.Materials = append(r.Materials, certificate.Material{Name: fmt.Sprintf("材料%04d", i), Form: "复印件", Copies: 1})
	}
	file, err := printer(t).Receipt(r)
	if err != nil {
		t.Fatal(err)
	}
	got := text(t, file)
	for i := range 300 {
		if !strings.Contains(got, fmt.Sprintf("材料%04d", i)) {
			t.Fatalf("line %d is lost", i)
		}
	}
	if n := strings.Count(got, "材料名称"); n != len(layout(t, file).Pages) {
		t.Errorf("the head of the list stands %d times", n)
	}
}

// A field longer than several pages comes out with every character.
func TestATextOfManyPagesIsPrintedWhole(t *testing.T) {
	var b strings.Builder
	for i := range 2500 {
		fmt.Fprintf(&b, "第%d条记载，", i)
	}
	ti, s := title(), supplement()
	ti.Other, s.Gaps[1].Detail = b.String(), b.String()
	p := printer(t)
	for _, made := range []func() ([]byte, error){
		func() ([]byte, error) { return p.Title(ti) },
		func() ([]byte, error) { return p.Supplement(s) },
	} {
		file, err := made()
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(strings.Fields(text(t, file)), "")
		for i := range 2500 {
			if want := fmt.Sprintf("%d条", i); !strings.Contains(got, want) {
				t.Fatalf("%s is lost", want)
			}
		}
	}
}
