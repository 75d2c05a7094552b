package certificate_test

import (
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tongban/hub"
	"tongban/hub/certificate"
)

func TestNewRefusesWhatIsNoFont(t *testing.T) {
	font, err := mainFont()
	if err != nil {
		t.Fatalf("%v (run make web)", err)
	}
	for name, f := range map[string]certificate.Fonts{
		"none":                {},
		"text":                {Main: []byte("豫")},
		"half":                {Main: font[:len(font)/2]},
		"a broken fallback":   {Main: font, Fallback: font[:4000]},
		"a fallback in OTTO":  {Main: font, Fallback: append([]byte("OTTO"), font[4:]...)},
		"a page for fallback": {Main: font, Fallback: []byte("<html>")},
	} {
		if p, err := certificate.New(f); hub.ErrorCode(err) != hub.Invalid || p != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEmptyFieldsAreNamedAllAtOnce(t *testing.T) {
	p := printer(t)
	pointers := func(err error) []string {
		e, ok := errors.AsType[*hub.Error](err)
		if !ok || e.Code != hub.Invalid {
			return []string{"no hub.Invalid"}
		}
		var all []string
		for _, f := range e.Fields {
			all = append(all, f.Pointer)
		}
		slices.Sort(all)
		return all
	}
	letter := []string{"/at", "/number", "/office"}
	for name, sc := range map[string]struct {
		print func() ([]byte, error)
		want  []string
	}{
		"title":        {func() ([]byte, error) { return p.Title(certificate.Title{}) }, []string{"/holders", "/location", "/right_type", "/unit"}},
		"proof":        {func() ([]byte, error) { return p.Proof(certificate.Proof{}) }, []string{"/holder", "/location", "/right", "/unit"}},
		"receipt":      {func() ([]byte, error) { return p.Receipt(certificate.Receipt{}) }, []string{"/applicant", "/item"}},
		"acceptance":   {func() ([]byte, error) { return p.Acceptance(certificate.Acceptance{}) }, []string{"/accepted", "/applicant", "/item"}},
		"refused":      {func() ([]byte, error) { return p.NonAcceptance(certificate.NonAcceptance{}) }, []string{"/applicant", "/item", "/reasons"}},
		"supplement":   {func() ([]byte, error) { return p.Supplement(certificate.Supplement{}) }, []string{"/applicant", "/gaps", "/item"}},
		"refusal":      {func() ([]byte, error) { return p.Refusal(certificate.Refusal{}) }, []string{"/applicant", "/basis", "/item", "/reasons"}},
		"cancellation": {func() ([]byte, error) { return p.Cancellation(certificate.Cancellation{}) }, []string{"/cause", "/certificate", "/holder", "/location"}},
		"extract":      {func() ([]byte, error) { return p.Extract(certificate.Extract{}) }, []string{"/asker", "/matter", "/moment"}},
		"record":       {func() ([]byte, error) { return p.Record(certificate.Record{}) }, []string{"/answers", "/asked/name", "/askers", "/item"}},
	} {
		file, err := sc.print()
		want := append(slices.Clone(letter), sc.want...)
		slices.Sort(want)
		if got := pointers(err); !slices.Equal(got, want) || file != nil {
			t.Errorf("%s: %d bytes, fields %q, want %q", name, len(file), got, want)
		}
	}
}

func TestNumbersOfAnotherKindAreRefused(t *testing.T) {
	p := printer(t)
	for name, change := range map[string]func(*certificate.Title){
		"a proof's number":        func(c *certificate.Title) { c.Number = "豫(2026)郏县不动产证明第0001234号" },
		"six digits":              func(c *certificate.Title) { c.Number = "豫(2026)郏县不动产权第001234号" },
		"a wrong check character": func(c *certificate.Title) { c.Licence = strings.TrimSuffix(c.Licence, "L") + "M" },
		"a proof's licence":       func(c *certificate.Title) { c.Licence = proof().Licence },
		"an office on two lines":  func(c *certificate.Title) { c.Office = "郏县\n不动产登记中心" },
		"an endless office":       func(c *certificate.Title) { c.Office = strings.Repeat("郏", 61) },
		"a QR text too long":      func(c *certificate.Title) { c.Check = "https://" + strings.Repeat("a", 300) },
	} {
		c := title()
		change(&c)
		if file, err := p.Title(c); hub.ErrorCode(err) != hub.Invalid || file != nil {
			t.Errorf("%s: %d bytes, %v", name, len(file), err)
		}
	}
}

// Every text of every paper is checked: no field can lose a character.
func TestAMissingGlyphInAnyFieldIsRefused(t *testing.T) {
	p := printer(t)
	const rare = "𠮷"
	for name, sc := range map[string]struct {
		in    string
		point string
	}{
		"a rare name":    {rare, "U+20BB7"},
		"an emoji":       {"😀", "U+1F600"},
		"bad UTF-8":      {"a\xff", "U+FFFD"},
		"a bell":         {"a\a", "U+0007"},
		"turned writing": {"a\u202eb", "U+202E"},
		"private use":    {"\ue000", "U+E000"},
		"a zero width":   {"张\u200b三", "U+200B"},
	} {
		c := title()
		c.Holders[1].Name = sc.in
		file, err := p.Title(c)
		e, ok := errors.AsType[*hub.Error](err)
		if !ok || e.Code != hub.MissingGlyph || e.Args["characters"] != sc.point || file != nil {
			t.Errorf("%s: %d bytes, %v", name, len(file), err)
		}
	}
	var fields []string
	longs(p, func(path string) string { fields = append(fields, path); return "一" })
	if len(fields) < 100 {
		t.Fatalf("only %d fields", len(fields))
	}
	for _, fresh := range []func() any{
		func() any { v := title(); return &v }, func() any { v := proof(); return &v }, func() any { v := receipt(); return &v },
		func() any { v := acceptance(); return &v }, func() any { v := nonAcceptance(); return &v },
		func() any { v := supplement(); return &v }, func() any { v := refusal(); return &v },
		func() any { v := cancellation(); return &v }, func() any { v := extract(); return &v }, func() any { v := record(); return &v },
	} {
		var paths []string
		fill(reflect.ValueOf(fresh()).Elem(), "", func(path string) string { paths = append(paths, path); return "" })
		for _, path := range paths {
			v := fresh()
			if notPrinted(v, path) {
				continue
			}
			set(reflect.ValueOf(v).Elem(), path, rare)
			file, err := printAny(p, v)
			code := hub.ErrorCode(err)
			numbered := path == "/Letter/Number" && code == hub.Invalid
			if code != hub.MissingGlyph && !numbered || file != nil {
				t.Errorf("%T%s: %d bytes, %v", v, path, len(file), err)
			}
		}
	}
}

// notPrinted are the few fields that do not stand on the paper as text.
func notPrinted(v any, path string) bool {
	switch v.(type) {
	case *certificate.Receipt:
		return path == "/Letter/Check" || path == "/Letter/Seal/Name" // a QR code; the test seal has words of its own
	case *certificate.Title, *certificate.Proof:
		// Certificates have no place for the office's address and the case; the licence has a fixed form.
		return slices.Contains([]string{"/Letter/Check", "/Licence", "/Letter/Address", "/Letter/Phone", "/Letter/Case"}, path)
	}
	return path == "/Letter/Check"
}

// set changes the one text with the path and leaves the others.
func set(v reflect.Value, path, text string) {
	old := map[string]string{}
	read(v, "", old)
	fill(v, "", func(p string) string {
		if p == path {
			return text
		}
		return old[p]
	})
}

func read(v reflect.Value, path string, into map[string]string) {
	switch v.Kind() {
	case reflect.String:
		into[path] = v.String()
	case reflect.Struct:
		if _, isTime := reflect.TypeAssert[time.Time](v); isTime {
			return
		}
		for i := range v.NumField() {
			read(v.Field(i), path+"/"+v.Type().Field(i).Name, into)
		}
	case reflect.Slice:
		for i := range v.Len() {
			read(v.Index(i), path+"/"+string(rune('0'+i)), into)
		}
	}
}

func printAny(p *certificate.Printer, v any) ([]byte, error) {
	switch v := v.(type) {
	case *certificate.Title:
		return p.Title(*v)
	case *certificate.Proof:
		return p.Proof(*v)
	case *certificate.Receipt:
		return p.Receipt(*v)
	case *certificate.Acceptance:
		return p.Acceptance(*v)
	case *certificate.NonAcceptance:
		return p.NonAcceptance(*v)
	case *certificate.Supplement:
		return p.Supplement(*v)
	case *certificate.Refusal:
		return p.Refusal(*v)
	case *certificate.Cancellation:
		return p.Cancellation(*v)
	case *certificate.Extract:
		return p.Extract(*v)
	}
	return p.Record(*v.(*certificate.Record))
}

func TestTheFallbackFontPrintsRareNames(t *testing.T) {
	p := printerWithFallback(t)
	c := title()
	c.Holders[0].Name = "𠮷野𠀀𪚥家"
	c.Office, c.Seal.Agency = "𠮷县不动产登记中心", "𠮷县不动产登记中心"
	file, err := p.Title(c)
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("PAPERS_DIR"); dir != "" {
		_ = os.WriteFile(dir+"/fallback.pdf", file, 0o600)
	}
	got := text(t, file)
	for _, want := range []string{"𠮷野𠀀𪚥家", "𠮷县不动产登记中心", "按份共有"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if len(file) > 300<<10 {
		t.Errorf("%d bytes", len(file))
	}
	tool(t, file, "qpdf", "--check", "FILE")
	if fonts := tool(t, file, "pdffonts", "FILE"); strings.Count(fonts, "yes yes yes") != 2 {
		t.Errorf("not two embedded subsets:\n%s", fonts)
	}
}
