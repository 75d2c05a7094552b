package certificate

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"tongban/web"
)

func setter(t testing.TB) *typesetter {
	t.Helper()
	data, err := web.MainFont()
	if err != nil {
		t.Fatalf("%v (run make web)", err)
	}
	f, err := parseFont(data)
	if err != nil {
		t.Fatal(err)
	}
	return &typesetter{main: f}
}

func TestEveryCharacterOfTheNationalListCanBePrinted(t *testing.T) {
	list, err := os.ReadFile("../../web/fonts/characters.txt")
	if err != nil {
		t.Fatal(err)
	}
	s := setter(t)
	n := 0
	for _, r := range strings.ReplaceAll(string(list), "\n", "") {
		n++
		if s.face(r) == "" {
			t.Errorf("%q U+%04X is missing", r, r)
		}
	}
	if n != 8105 {
		t.Errorf("%d characters, the list has 8,105", n)
	}
	for _, r := range "ABCxyz0189 ①⑳㈠Ⅷ℃￥¥㎡№·×—…“”‘’《》〔〕（）〇□■✓★éü" {
		if s.face(r) == "" {
			t.Errorf("%q U+%04X is missing", r, r)
		}
	}
}

func TestWrap(t *testing.T) {
	s := setter(t)
	for _, sc := range []struct {
		name, in string
		squares  float64 // width of a line in full characters
		want     string  // lines with | between
	}{
		{"nothing", "", 4, ""},
		{"one line", "不动产权", 4, "不动产权"},
		{"between characters", "不动产权证书", 4, "不动产权|证书"},
		{"no comma at the start of a line", "不动产权，证书", 4, "不动产|权，证书"},
		{"nor several", "不动产权”。证书", 4, "不动产|权”。证|书"},
		{"no bracket at the end of a line", "不动产（权证）书", 4, "不动产|（权证）|书"},
		{"a word stays whole", "登记 registry 簿", 4, "登记|registry|簿"},
		{"a number stays whole", "共 123456.78 元", 5, "共|123456.78|元"},
		{"a number with its unit", "面积为12.5㎡整", 4, "面积为|12.5㎡整"},
		{"a date stays whole", "于二日2026年1月5日", 7, "于二日|2026年1月5日"},
		{"line ends of the text", "甲\n乙\r\n丙", 4, "甲|乙|丙"},
		{"an empty line", "甲\n\n乙", 4, "甲||乙"},
		{"a word wider than the line", "abcdefghijklmnopqrst", 4, "abcdefg|hijklmn|opqrst"},
		{"spaces at the ends", "  甲 乙  ", 4, "甲 乙"},
		{"no room at all", "甲乙", 0, "甲|乙"},
	} {
		got := strings.Join(s.wrap(sc.in, 10, sc.squares*10, sc.squares*10), "|")
		if got != sc.want {
			t.Errorf("%s: got %q, want %q", sc.name, got, sc.want)
		}
	}
}

// holds checks what must be true of every wrapped text.
func holds(t *testing.T, s *typesetter, in string, size, first, width float64) {
	t.Helper()
	lines := s.wrap(in, size, first, width)
	squeeze := func(x string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(x) }
	if got, want := squeeze(strings.Join(lines, "")), squeeze(clean(in)); got != want {
		t.Errorf("%q wraps to %q: something is lost or new", in, lines)
	}
	for i, l := range lines {
		room := width
		if i == 0 {
			room = first
		}
		if w := s.width(l, size); w > room+1e-6 && utf8.RuneCountInString(l) > 1 {
			t.Errorf("%q: line %q is %.2f wide, %.2f is the room", in, l, w, room)
		}
	}
}

func TestWrapLosesNothingAndStaysInside(t *testing.T) {
	s := setter(t)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	letters := []rune("不动产登记证书张三甲乙，。；：）”（《“aBc012 .,-/\n　①年月日㎡𠮷")
	for range 3000 {
		in := make([]rune, r.IntN(60))
		for i := range in {
			in[i] = letters[r.IntN(len(letters))]
		}
		width := r.Float64() * 120
		holds(t, s, string(in), 5+r.Float64()*10, width*r.Float64(), width)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzWrap(f *testing.F) {
	s := setter(f)
	f.Add("根据《中华人民共和国民法典》等法律法规，颁发此证。", 10.5, 60.0)
	f.Add("registry 410425 001002 GB00003 F00050021（a）", 10.0, 33.0)
	f.Add("）））））））\n\n  \t", 12.0, 20.0)
	f.Fuzz(func(t *testing.T, in string, size, width float64) {
		if len(in) > 4000 || !(size >= 1 && size <= 100) || !(width >= 0 && width <= 2000) {
			return // outside of what a page has
		}
		if !utf8.ValidString(in) {
			in = strings.ToValidUTF8(in, "\ufffd")
		}
		holds(t, s, in, size, width, width)
	})
}

// The reader of fonts meets a file of the operator's; it may refuse it, not break.
func FuzzFont(f *testing.F) {
	data, err := web.MainFont()
	if err != nil {
		f.Fatalf("%v (run make web)", err)
	}
	small := make([]byte, 0, 200_000) // the tables without the outlines
	small = append(small, data[:min(len(data), 200_000)]...)
	f.Add(small)
	f.Add(small[:300])
	f.Add([]byte{0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, in []byte) {
		font, err := parseFont(in)
		if err != nil {
			return
		}
		for _, r := range []rune{0, 'a', '不', 0xFFFF, 0x10000, 0x20BB7, 0x10FFFF} {
			if g := font.glyph(r); g < 0 || g >= max(1, font.glyphs) {
				t.Errorf("glyph %d of %d", g, font.glyphs)
			}
			if font.width(r) < 0 {
				t.Error("a negative width")
			}
		}
	})
}

// FuzzFinish feeds the rewriter of finished files.
func FuzzFinish(f *testing.F) {
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<<\n>>\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<<\n/Size 2\n/Root 1 0 R\n/Info <<\n >>\n>>\nstartxref\n35\n%%EOF\n"))
	f.Add([]byte("startxref\n0\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		out, err := finish(in)
		if err == nil && len(out) == 0 {
			t.Error("nothing, and no error")
		}
	})
}

func BenchmarkWrap1000Characters(b *testing.B) {
	s := setter(b)
	text := strings.Repeat("河南省平顶山市郏县东城街道文化路 88 号院，", 45)
	for b.Loop() {
		s.wrap(text, 10, 240, 240)
	}
}
