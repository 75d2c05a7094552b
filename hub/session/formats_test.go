package session

import (
	"bytes"
	"fmt"
	"image/png"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02T15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestSlots(t *testing.T) {
	for name, s := range map[string]Slot{
		"nothing":        {},
		"off the grain":  {at("2026-12-01T09:05"), at("2026-12-01T09:35")},
		"ends off it":    {at("2026-12-01T09:00"), at("2026-12-01T09:20")},
		"backwards":      {at("2026-12-01T10:00"), at("2026-12-01T09:00")},
		"empty":          {at("2026-12-01T10:00"), at("2026-12-01T10:00")},
		"half a day":     {at("2026-12-01T08:00"), at("2026-12-01T12:15")},
		"seconds beside": {at("2026-12-01T09:00").Add(time.Second), at("2026-12-01T09:30")},
	} {
		if s.Check() == nil {
			t.Errorf("%s passes", name)
		}
	}
	day := Hours{at("2026-12-01T01:00"), at("2026-12-01T09:00")} // 9 to 17 in China
	for name, x := range map[string]struct {
		s  Slot
		in bool
	}{
		"the whole day":    {Slot{day.Open, day.Close}, true},
		"a minute early":   {Slot{day.Open.Add(-time.Minute), day.Close}, false},
		"until after five": {Slot{day.Open, day.Close.Add(Quantum)}, false},
	} {
		if day.Holds(x.s) != x.in {
			t.Errorf("%s: %t", name, !x.in)
		}
	}
	if (Hours{}).Holds(Slot{day.Open, day.Close}) || (day.Both(Hours{}) != Hours{}) || (day.Both(Hours{day.Close, day.Close.Add(time.Hour)}) != Hours{}) {
		t.Error("a day off has hours")
	}
	r := Resource{"person", "p"}
	taken := map[string]bool{}
	for _, k := range Keys(Slot{at("2026-12-01T02:00"), at("2026-12-01T08:00")}, r) {
		taken[k] = true
	}
	free := Free(day, 30*time.Minute, at("2026-12-01T01:20"), taken, r)
	if got := fmt.Sprintf("%d %s %s %s", len(free), free[0].From.Format("15:04"), free[1].From.Format("15:04"), free[len(free)-1].To.Format("15:04")); got != "4 01:30 08:00 09:00" {
		t.Errorf("free: %s (%v)", got, free)
	}
}

// Two slots have a key in common exactly when they overlap and share a resource.
func TestKeysMeetWhenSlotsOverlap(t *testing.T) {
	seed := rand.Uint64()
	rnd := rand.New(rand.NewPCG(seed, 2))
	slot := func() Slot {
		from := at("2026-12-01T00:00").Add(time.Duration(rnd.IntN(40)) * Quantum)
		return Slot{from, from.Add(time.Duration(1+rnd.IntN(16)) * Quantum)}
	}
	for range 5000 {
		a, b := slot(), slot()
		ra, rb := Resource{"person", fmt.Sprint(rnd.IntN(2))}, Resource{"person", fmt.Sprint(rnd.IntN(2))}
		ka, kb := Keys(a, ra, Resource{"room", "x"}), Keys(b, rb, Resource{"window", "x"})
		meet := slices.ContainsFunc(ka, func(k string) bool { return slices.Contains(kb, k) })
		if want := ra == rb && a.Overlaps(b); meet != want || a.Check() != nil {
			t.Fatalf("seed %d: %v of %v and %v of %v meet: %t", seed, a, ra, b, rb, meet)
		}
	}
}

const calendarReader = `
import sys, icalendar
c = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
for e in c.walk('VEVENT'):
    assert not e.errors, e.errors
    print('|'.join([str(c['METHOD']), str(e['UID']), str(e['SEQUENCE']), e.decoded('DTSTART').isoformat(), e.decoded('DTEND').isoformat(),
        str(e['SUMMARY']), str(e.get('LOCATION','')), str(e.get('DESCRIPTION','')), str(e['STATUS']), str(len(list(e.walk('VALARM'))))]), end='')
`

// The file is read by an independent parser (Debian's python3-icalendar).
func TestCalendarFileIsReadByAnotherParser(t *testing.T) {
	i := Invite{
		UID: "abc@hub.example.cn", Sequence: 3, Stamp: at("2026-11-25T08:00"), Slot: Slot{at("2026-12-01T01:00"), at("2026-12-01T01:30")},
		Summary: `不动产登记视频会话；2026-440305-000123, "二手房" \ 转移` + strings.Repeat("很长", 60), Where: "远程视频", Organizer: "郏县不动产登记中心",
		Text: "请提前 30 分钟进入候场；\n带身份证件。\r\n第二行\x07",
	}
	for _, cancelled := range []bool{false, true} {
		i.Cancelled = cancelled
		b := i.Calendar()
		for line := range strings.SplitSeq(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
				t.Errorf("line of %d octets: %q", len(line), line)
			}
		}
		cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", calendarReader)
		cmd.Stdin, cmd.Env = bytes.NewReader(b), []string{"PYTHONIOENCODING=utf-8"}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("python3-icalendar (apt-get install python3-icalendar): %v\n%s", err, out)
		}
		method, status, alarms := "PUBLISH", "CONFIRMED", "1"
		if cancelled {
			method, status, alarms = "CANCEL", "CANCELLED", "0"
		}
		want := strings.Join([]string{
			method, i.UID, "3", "2026-12-01T01:00:00+00:00", "2026-12-01T01:30:00+00:00", i.Summary, i.Where, "请提前 30 分钟进入候场；\n带身份证件。\n第二行", status, alarms,
		}, "|")
		if string(out) != want {
			t.Errorf("read as\n%s\nwant\n%s", out, want)
		}
	}
}

func FuzzCalendarText(f *testing.F) {
	f.Add("a;b,c\\d\ne", 75)
	f.Add(strings.Repeat("汉", 100), 3)
	f.Fuzz(func(t *testing.T, s string, n int) {
		b := string(Invite{UID: "u", Summary: s, Text: s, Sequence: n}.Calendar())
		if !strings.HasSuffix(b, "END:VCALENDAR\r\n") || strings.Count(b, "BEGIN:VEVENT\r\n") != 1 {
			t.Fatalf("%q broke out: %q", s, b)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(b, "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") || strings.ToValidUTF8(line, "") != line {
				t.Fatalf("line %q of %q", line, s)
			}
		}
	})
}

func TestSharedRefuses(t *testing.T) {
	for _, x := range []string{
		``, `[]`, `{}`, `{"v":1}`, `{"v":2,"kind":"hand","hand":{"up":true}}`, `{"v":1,"kind":"hand"}`, `{"v":1,"kind":"chat","hand":{"up":true}}`,
		`{"v":1,"kind":"hand","hand":{"up":true},"chat":{"text":"x"}}`, `{"v":1,"kind":"hand","hand":{"up":true}}x`, `{"v":1,"kind":"hand","hand":{"up":true,"x":1}}`,
		`{"v":1,"kind":"show","show":{"material":"","page":1,"zoom":1}}`, `{"v":1,"kind":"show","show":{"material":"m","page":0,"zoom":1}}`,
		`{"v":1,"kind":"show","show":{"material":"m","page":1,"zoom":0}}`, `{"v":1,"kind":"show","show":{"material":"m","page":1,"zoom":1,"x":2}}`,
		`{"v":1,"kind":"point","point":{"x":-0.1,"y":0}}`, `{"v":1,"kind":"mark","mark":{"id":"","material":"m","page":1,"rect":[0,0,1,1]}}`,
		`{"v":1,"kind":"mark","mark":{"id":"a","material":"m","page":1,"rect":[0.5,0,0.6,1]}}`, `{"v":1,"kind":"mark","mark":{"id":"a","material":"m","page":1,"rect":[0,0,0,0]}}`,
		`{"v":1,"kind":"chat","chat":{"text":""}}`, `{"v":1,"kind":"chat","chat":{"text":"` + strings.Repeat("x", 1001) + `"}}`, strings.Repeat(" ", MaxMessage+1),
	} {
		if s, err := ParseShared([]byte(x)); ReasonOf(err) != Malformed {
			t.Errorf("%.80s: %+v, %v", x, s, err)
		}
	}
	s, err := ParseShared([]byte(`{"v":1,"kind":"mark","mark":{"id":"a","material":"m","page":2,"rect":[0.1,0.2,0.3,0.4]}}`))
	if err != nil || s.Mark.Page != 2 || !inRoom[Host].Allows(s) || inRoom[Applicant].Allows(s) || (May{}).Allows(s) {
		t.Errorf("%+v, %v", s, err)
	}
}

func FuzzParseShared(f *testing.F) {
	f.Add([]byte(`{"v":1,"kind":"show","show":{"material":"m","page":1,"zoom":1.5,"x":0,"y":0.5}}`))
	f.Add([]byte(`{"v":1,"kind":"caption","caption":{"text":"你好","lang":"zh"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ParseShared(b)
		if err != nil && ReasonOf(err) != Malformed {
			t.Fatalf("%q: %v", b, err)
		}
		for _, r := range Roles() {
			_ = inRoom[r].Allows(s)
		}
	})
}

func hand() []Stroke {
	return []Stroke{
		{{0.1, 0.2, 0}, {0.3, 0.8, 120}, {0.5, 0.2, 240}},
		{{0.55, 0.5, 400}, {0.9, 0.5, 610}},
	}
}

func TestSignatures(t *testing.T) {
	long := make(Stroke, maxDots+1)
	for i := range long {
		long[i] = Dot{float64(i%2) / 2, 0.5, i}
	}
	for name, s := range map[string][]Stroke{
		"nothing": nil, "a dot": {{{0.5, 0.5, 0}}}, "a slip": {{{0.5, 0.5, 0}, {0.51, 0.5, 5}}},
		"outside": {{{0.5, 0.5, 0}, {1.5, 0.5, 5}}}, "time runs back": {{{0, 0.5, 9}, {1, 0.5, 5}}},
		"for ever": {{{0, 0.5, 0}, {1, 0.5, maxTime + 1}}}, "too much": {long},
	} {
		if _, err := Signature(s); ReasonOf(err) != Malformed {
			t.Errorf("%s: %v", name, err)
		}
	}
	a, err := Signature(hand())
	if err != nil {
		t.Fatal(err)
	}
	b, err := Signature(hand())
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("the same strokes give other bytes: %v", err)
	}
	img, err := png.Decode(bytes.NewReader(a))
	if err != nil || img.Bounds().Dx() != signWidth || img.Bounds().Dy() != signHeight {
		t.Fatalf("no picture: %v", err)
	}
	if dark, _, _, _ := img.At(60, 48).RGBA(); dark > 0x4000 {
		t.Errorf("the first point is not drawn: %x", dark)
	}
	back, err := StrokesOf(a)
	if err != nil || fmt.Sprint(back) != fmt.Sprint(hand()) {
		t.Errorf("read back %v, %v", back, err)
	}
}

func FuzzStrokesOf(f *testing.F) {
	pic, err := Signature(hand())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pic)
	f.Add(pic[:40])
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := StrokesOf(b); err == nil && CheckStrokes(s) != nil {
			t.Fatal("strokes that are none")
		}
	})
}
