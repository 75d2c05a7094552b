package ledger_test

import (
	"bytes"
	"strings"
	"testing"

	"tongban/hub/code"
	"tongban/routing/ledger"
)

func builtin(t testing.TB) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func day(t testing.TB, s string) ledger.Day {
	t.Helper()
	d, err := ledger.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// reached names the places that hold on a date, in the order they were reached.
func reached(t testing.TB, l *ledger.Ledger, c code.Division, since, date string) string {
	t.Helper()
	var tr ledger.Trace
	if found := l.Follow(&tr, c, day(t, since), day(t, date)); found != ledger.Followed {
		t.Fatalf("follow %s: found %d", c, found)
	}
	var out []string
	for _, v := range tr.Visits() {
		if v.Holds {
			out = append(out, l.Record(v.Ref).Code.String())
		}
	}
	return strings.Join(out, " ")
}

func TestTheEndOf2024HasTheOfficialCounts(t *testing.T) {
	l := builtin(t)
	count := map[code.Level]int{}
	for r := range l.InForce(day(t, "2024-12-31")) {
		count[l.Record(r).Code.Level()]++
	}
	if count[code.LevelProvince] != 34 || count[code.LevelPrefecture] != 333 || count[code.LevelCounty] != 2846 {
		t.Errorf("got %v, want 34 provinces, 333 prefectures, 2846 counties", count)
	}
	if l.Len() != 6823 || l.Through() != day(t, "2024-12-31") {
		t.Errorf("%d records through %s", l.Len(), l.Through())
	}
}

func TestAReusedCodeMeansADifferentPlaceOnADifferentDay(t *testing.T) {
	l := builtin(t)
	for on, want := range map[string]string{"1989-05-01": "义马市", "1993-05-01": "", "2026-01-05": "济源市"} {
		got := ""
		if r := l.At(419001, day(t, on)); r != ledger.NoRef {
			got = l.Record(r).Name
		}
		if got != want {
			t.Errorf("419001 on %s is %q, want %q", on, got, want)
		}
	}
	// Ground coded while it was 义马市 is in 411281 today, never in 济源.
	var tr ledger.Trace
	if l.Follow(&tr, 419001, day(t, "1988-01-01"), day(t, "1994-01-01")) != ledger.Followed ||
		l.Record(tr.Visits()[1].Ref).Code != 411281 {
		t.Errorf("visits %+v", tr.Visits())
	}
}

func TestGroundFollowsItsSuccessors(t *testing.T) {
	l := builtin(t)
	for _, sc := range []struct {
		name        string
		c           code.Division
		since, date string
		want        string
	}{
		{"in force and whole", 410425, "2015-01-01", "2026-01-05", "410425"},
		{"split", 330104, "2015-01-01", "2026-01-05", "330102 330114"},
		{"before the split", 330104, "2015-01-01", "2020-06-01", "330104"},
		{"asked from a day after the date", 330104, "2022-01-01", "2020-06-01", "330104"},
		{"merged", 330103, "2015-01-01", "2026-01-05", "330105"},
		{"moved to another prefecture", 371202, "2015-01-01", "2026-01-05", "370116"},
		{"county became a city", 540422, "2015-01-01", "2026-01-05", "540481"},
		{"a living county lost a part after the coding", 330110, "2015-01-01", "2026-01-05", "330110 330113"},
		{"coded after the loss", 330110, "2022-03-01", "2026-01-05", "330110"},
		{"the loss came before units were coded", 130123, "2015-01-01", "2026-01-05", "130123"},
		{"the same asked from the beginning", 130123, "1990-01-01", "2026-01-05", "130123 130102 130108"},
		{"ended before units were coded: as it ended", 330184, "2015-01-01", "2020-01-01", "330110"},
		{"chain of changes", 330125, "1990-01-01", "2026-01-05", "330110 330113"},
		{"county became a prefecture without counties", 469003, "2012-01-01", "2026-01-05", "460400"},
	} {
		if got := reached(t, l, sc.c, sc.since, sc.date); got != sc.want {
			t.Errorf("%s: %s since %s leads on %s to %s, want %s", sc.name, sc.c, sc.since, sc.date, got, sc.want)
		}
	}
}

func TestACodeThatMeansNothingSaysWhy(t *testing.T) {
	l := builtin(t)
	var tr ledger.Trace
	for _, sc := range []struct {
		c    code.Division
		date string
		want ledger.Found
	}{
		{410471, "2026-01-05", ledger.NeverUsed}, // a statistics code
		{330114, "2020-06-01", ledger.NotYet},
		{132100, "2026-01-05", ledger.Gone}, // 邯郸地区, to 1993
	} {
		if got := l.Follow(&tr, sc.c, day(t, "2015-01-01"), day(t, sc.date)); got != sc.want {
			t.Errorf("%s on %s: found %d, want %d", sc.c, sc.date, got, sc.want)
		}
	}
}

func TestPrefecturesWithoutCountiesCountAsCounties(t *testing.T) {
	l := builtin(t)
	on := day(t, "2026-01-05")
	var got []string
	for r := range l.InForce(on) {
		if c := l.Record(r).Code; c.Level() == code.LevelPrefecture && l.IsCounty(r, on) {
			got = append(got, c.String())
		}
	}
	if s := strings.Join(got, " "); s != "441900 442000 460400 620200" {
		t.Errorf("got %s", s)
	}
	if r := l.At(410000, on); l.IsCounty(r, on) {
		t.Error("a province is no county")
	}
}

func TestFullNamesShowWhatIsAbove(t *testing.T) {
	l := builtin(t)
	on := day(t, "2026-01-05")
	for c, want := range map[code.Division]string{
		410425: "河南省平顶山市郏县", 110101: "北京市东城区", 419001: "河南省济源市", 441900: "广东省东莞市", 440000: "广东省",
	} {
		if got := l.FullName(l.At(c, on), on); got != want {
			t.Errorf("%s is %s, want %s", c, got, want)
		}
	}
}

func TestEveryEndedCountyLeadsSomewhereToday(t *testing.T) {
	l := builtin(t)
	var tr ledger.Trace
	on, most := day(t, "2026-01-05"), 0
	for c := range code.Division(900_000) {
		if c.Level() != code.LevelCounty || len(l.History(c)) == 0 {
			continue
		}
		if l.Follow(&tr, c, 1, on) != ledger.Followed {
			t.Errorf("%s leads nowhere", c)
		}
		most = max(most, len(tr.Visits()))
	}
	if most < 5 || most > ledger.MaxTrace {
		t.Errorf("the longest trace has %d places", most)
	}
}

func TestTheCompactFormIsSmallAndExact(t *testing.T) {
	l := builtin(t)
	b, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ledger.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	b2, err := again.Encode()
	if err != nil || !bytes.Equal(b, b2) {
		t.Errorf("decoding and encoding again gives other bytes (%v)", err)
	}
	if len(b) > 48<<10 {
		t.Errorf("the compact form has %d bytes", len(b))
	}
}

func TestContradictingRecordsAreRefused(t *testing.T) {
	y := ledger.YearStart
	a := ledger.Record{Code: 110101, Name: "甲", From: y(1990), Until: ledger.Never}
	for name, records := range map[string][]ledger.Record{
		"no name":           {{Code: 110101, From: y(1990), Until: ledger.Never}},
		"ends first":        {{Code: 110101, Name: "甲", From: y(1990), Until: y(1990)}},
		"two at once":       {a, {Code: 110101, Name: "乙", From: y(1995), Until: ledger.Never}},
		"unknown successor": {{Code: 110101, Name: "甲", From: y(1990), Until: y(1995), Successors: to(110102, y(1995))}},
		"successor not yet in force": {
			{Code: 110101, Name: "甲", From: y(1990), Until: y(1995), Successors: to(110102, y(1995))},
			{Code: 110102, Name: "乙", From: y(1996), Until: ledger.Never},
		},
		"gives after its end": {
			{Code: 110101, Name: "甲", From: y(1990), Until: y(1995), Successors: to(110102, y(1996))},
			{Code: 110102, Name: "乙", From: y(1980), Until: ledger.Never},
		},
	} {
		if _, err := ledger.New("test", y(2000), records); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func parse(t testing.TB, s string) code.Division {
	t.Helper()
	c, err := code.ParseDivision(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func to(c code.Division, on ledger.Day) []ledger.Successor {
	return []ledger.Successor{{To: c, On: on, Last: on}}
}

func TestDays(t *testing.T) {
	if d := day(t, "2026-01-05"); d.String() != "2026-01-05" || ledger.DayOf(d.Time()) != d {
		t.Errorf("got %s", d)
	}
	for _, bad := range []string{"", "2026-1-5", "2026-02-30", "20260105", "1899-12-31", "2026-01-05T00:00:00Z"} {
		if d, err := ledger.ParseDay(bad); err == nil {
			t.Errorf("%q reads as %s", bad, d)
		}
	}
	if ledger.Never.String() != "" || ledger.Day(0).String() != "" {
		t.Error("no day prints as nothing")
	}
}

func FuzzDecode(f *testing.F) {
	b, err := builtin(f).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	small, err := ledger.New("test", 20_000, []ledger.Record{
		{Code: 110101, Name: "甲", From: 9_000, Until: 9_500, Successors: to(110102, 9_500)},
		{Code: 110102, Name: "乙", From: 8_000, Until: ledger.Never},
	})
	if err != nil {
		f.Fatal(err)
	}
	if b, err = small.Encode(); err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := ledger.Decode(b)
		if err != nil {
			return
		}
		again, err := l.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.Decode(again); err != nil {
			t.Fatalf("accepted once, refused when written again: %v", err)
		}
	})
}

func BenchmarkBuiltin(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ledger.Builtin(); err != nil {
			b.Fatal(err)
		}
	}
}
