package code_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tongban/hub/code"
)

// scenario is one input with the canonical form it gives, or the part and reason why not.
type scenario struct {
	in, want string
	part     code.Part
	reason   code.Reason
	hint     string
}

func run[T interface{ String() string }](t *testing.T, kind code.Kind, parse func(string) (T, error), all []scenario) {
	t.Helper()
	for _, sc := range all {
		got, err := parse(sc.in)
		if sc.reason == "" {
			if err != nil || got.String() != sc.want {
				t.Errorf("%q: got %q, %v; want %q", sc.in, got, err, sc.want)
				continue
			}
			again, err := parse(got.String())
			if err != nil || again.String() != got.String() {
				t.Errorf("%q: its canonical form reads as %q, %v", sc.in, again, err)
			}
			continue
		}
		e, ok := errors.AsType[*code.Error](err)
		if !ok {
			t.Errorf("%q: got %q, %v; want %s %s", sc.in, got, err, sc.part, sc.reason)
			continue
		}
		if want := (code.Error{Kind: kind, Part: sc.part, Reason: sc.reason, Hint: sc.hint}); *e != want {
			t.Errorf("%q: got %+v, want %+v", sc.in, *e, want)
		}
	}
}

func TestDivisionForm(t *testing.T) {
	run(t, code.KindDivision, code.ParseDivision, []scenario{
		{in: "410425", want: "410425"},
		{in: " ４１０４ ２５\u200b", want: "410425"},
		{in: "441900", want: "441900"},
		{in: "810000", want: "810000"},
		{in: "460001", want: "460001"}, // 通什市, 1988 to 2001: a county with prefecture digits 00
		{in: "", part: code.PartWhole, reason: code.ReasonEmpty},
		{in: "41042", part: code.PartWhole, reason: code.ReasonLength},
		{in: "4104255", part: code.PartWhole, reason: code.ReasonLength},
		{in: "41O425", part: code.PartWhole, reason: code.ReasonCharacters},
		{in: "010425", part: code.PartWhole, reason: code.ReasonForm},
		{in: "910000", part: code.PartWhole, reason: code.ReasonForm},
	})
	d := code.Division(410425)
	if d.Prefecture() != 410400 || d.Province() != 410000 || d.Level() != code.LevelCounty {
		t.Errorf("parts of %s: %s %s %s", d, d.Prefecture(), d.Province(), d.Level())
	}
	if code.Division(441900).Level() != code.LevelPrefecture || code.Division(440000).Level() != code.LevelProvince ||
		code.Division(0).Level() != code.LevelNone || code.Division(0).String() != "" {
		t.Error("levels by form")
	}
}

func TestCitizenID(t *testing.T) {
	run(t, code.KindCitizenID, code.ParseCitizenID, []scenario{
		{in: "11010519491231002X", want: "11010519491231002X"},
		{in: "11010519491231002x", want: "11010519491231002X"},
		{in: "440524188001010014", want: "440524188001010014"},
		{in: "410425199003071231", want: "410425199003071231"},
		{in: "410425900307123", want: "410425199003071231"},
		{in: "４１０４２５ １９９００３０７ １２３１", want: "410425199003071231"},
		{in: "", part: code.PartWhole, reason: code.ReasonEmpty},
		{in: "41042519900307123", part: code.PartWhole, reason: code.ReasonLength},
		{in: "41042590030712X", part: code.PartWhole, reason: code.ReasonCharacters},
		{in: "4104251990030712X1", part: code.PartWhole, reason: code.ReasonCharacters},
		{in: "41042519900307123A", part: code.PartCheck, reason: code.ReasonCharacters},
		{in: "010425199003071231", part: code.PartDivision, reason: code.ReasonForm},
		{in: "410425199002301231", part: code.PartBirthDate, reason: code.ReasonDate},
		{in: "410425179903071231", part: code.PartBirthDate, reason: code.ReasonDate},
		{in: "410425199003071232", part: code.PartCheck, reason: code.ReasonCheckDigit},
		{in: "410425190003071231", part: code.PartCheck, reason: code.ReasonCheckDigit},
		{in: "110105194912310021", part: code.PartCheck, reason: code.ReasonCheckDigit},
	})
}

func TestCitizenIDTellsBirthSexAndAddress(t *testing.T) {
	id, err := code.ParseCitizenID("410425199003071231")
	if err != nil {
		t.Fatal(err)
	}
	if !id.Birth().Equal(time.Date(1990, 3, 7, 0, 0, 0, 0, time.UTC)) || id.Sex() != code.Male || id.Division() != 410425 {
		t.Errorf("got %s, %s, %s", id.Birth(), id.Sex(), id.Division())
	}
	if woman := code.CitizenID("11010519491231002X"); woman.Sex() != code.Female {
		t.Errorf("sequence 002 is %s", woman.Sex())
	}
}

func TestCitizenIDIsMaskedInLogs(t *testing.T) {
	var out bytes.Buffer
	id := code.CitizenID("410425199003071231")
	slog.New(slog.NewTextHandler(&out, nil)).Info("seen", "party", id)
	if !strings.Contains(out.String(), "4104**********1231") || strings.Contains(out.String(), "19900307") {
		t.Errorf("logged %s", out.String())
	}
	if got := code.CitizenID("12").Masked(); strings.ContainsAny(got, "12") {
		t.Errorf("a number of unknown form is shown as %s", got)
	}
}

func TestCreditCode(t *testing.T) {
	run(t, code.KindCreditCode, code.ParseCreditCode, []scenario{
		{in: "91350100M000100Y43", want: "91350100M000100Y43"},
		{in: "11100000MB03271699", want: "11100000MB03271699"},
		{in: "12350881MB0404670T", want: "12350881MB0404670T"},
		{in: "12350881mb 0404670t", want: "12350881MB0404670T"},
		{in: "", part: code.PartWhole, reason: code.ReasonEmpty},
		{in: "12350881MB0404670", part: code.PartWhole, reason: code.ReasonLength},
		{in: "12350881MB04O4670T", part: code.PartWhole, reason: code.ReasonCharacters},
		{in: "02350881MB0404670T", part: code.PartAuthority, reason: code.ReasonUnknown},
		{in: "123508A1MB0404670T", part: code.PartDivision, reason: code.ReasonCharacters},
		{in: "12950881MB0404670T", part: code.PartDivision, reason: code.ReasonForm},
		{in: "12350881MB0404671T", part: code.PartOrganisation, reason: code.ReasonCheckDigit},
		{in: "12350881MB0404670A", part: code.PartCheck, reason: code.ReasonCheckDigit},
		{in: "91350100M000100Y34", part: code.PartOrganisation, reason: code.ReasonCheckDigit},
	})
	c := code.CreditCode("12350881MB0404670T")
	if c.Organisation() != "MB040467-0" || c.Division() != 350881 {
		t.Errorf("parts: %s, %s", c.Organisation(), c.Division())
	}
}

func TestUnit(t *testing.T) {
	run(t, code.KindUnit, code.ParseUnit, []scenario{
		{in: "320311001021GB00233F00010013", want: "320311001021GB00233F00010013"},
		{in: "360731012016GB00903F00020232", want: "360731012016GB00903F00020232"},
		{in: "410425001002GB00003F00050021", want: "410425001002GB00003F00050021"},
		{in: "410425 001002 gb00003 f00050021", want: "410425001002GB00003F00050021"},
		{in: "４１０４２５００１００２ＧＢ００００３Ｆ０００５００２１", want: "410425001002GB00003F00050021"},
		{in: "410425001002JC00003W00000000", want: "410425001002JC00003W00000000"},
		{
			in: "440113013008G800003F00230055", part: code.PartParcel, reason: code.ReasonCharacters,
			hint: "440113013008GB00003F00230055",
		},
		{
			in: "41O425001002GB00003F00050021", part: code.PartDivision, reason: code.ReasonCharacters,
			hint: "410425001002GB00003F00050021",
		},
		{
			in: "410425001002GB00003F000S00Z1", part: code.PartFixture, reason: code.ReasonCharacters,
			hint: "410425001002GB00003F00050021",
		},
		{in: "", part: code.PartWhole, reason: code.ReasonEmpty},
		{in: "410425001002GB00003F0005002", part: code.PartWhole, reason: code.ReasonLength},
		{in: "910425001002GB00003F00050021", part: code.PartDivision, reason: code.ReasonForm},
		{in: "410425001X02GB00003F00050021", part: code.PartZone, reason: code.ReasonCharacters},
		{in: "410425001002XB00003F00050021", part: code.PartParcel, reason: code.ReasonUnknown},
		{in: "410425001002GB0000AF00050021", part: code.PartParcel, reason: code.ReasonCharacters},
		{in: "410425001002GB00003X00050021", part: code.PartFixture, reason: code.ReasonUnknown},
	})
}

func TestUnitParts(t *testing.T) {
	u := code.Unit("410425001002GB00003F00050021")
	got := []string{
		u.Division().String(), u.Zone(), u.SubZone(), u.Ownership(), u.Right(), u.ParcelSerial(),
		u.FixtureKind(), u.Fixture(), u.Parcel(), u.Display(),
	}
	want := []string{
		"410425", "001", "002", "G", "B", "00003", "F", "00050021", "410425001002GB00003",
		"410425 001002 GB00003 F00050021",
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
	if u := code.Unit("x"); u.Division() != 0 || u.Zone() != "" || u.Display() != "x" {
		t.Error("a unit that was never parsed has no parts")
	}
}

func TestCertificate(t *testing.T) {
	run(t, code.KindCertificate, code.ParseCertificate, []scenario{
		{in: "豫(2022)郏县不动产权第0001234号", want: "豫(2022)郏县不动产权第0001234号"},
		{in: "豫（2022）郏县不动产权第0001234号", want: "豫(2022)郏县不动产权第0001234号"},
		{in: "豫〔2022〕 郏县 不动产权 第 0001234 号", want: "豫(2022)郏县不动产权第0001234号"},
		{in: "豫(2023)郏县不动产证明第0000567号", want: "豫(2023)郏县不动产证明第0000567号"},
		{in: "苏(2019)徐州市不动产权第0020128号", want: "苏(2019)徐州市不动产权第0020128号"},
		{in: "", part: code.PartWhole, reason: code.ReasonEmpty},
		{in: "豫(2022)郏县不动产权第1234号", part: code.PartSerial, reason: code.ReasonLength},
		{in: "豫(2022)郏县不动产权第000123A号", part: code.PartSerial, reason: code.ReasonCharacters},
		{in: "豫(2022)郏县不动产权第0000000号", part: code.PartSerial, reason: code.ReasonRange},
		{in: "豫(22)郏县不动产权第0001234号", part: code.PartYear, reason: code.ReasonLength},
		{in: "豫(2O22)郏县不动产权第0001234号", part: code.PartYear, reason: code.ReasonCharacters},
		{in: "豫(1999)郏县不动产权第0001234号", part: code.PartYear, reason: code.ReasonRange},
		{in: "预(2022)郏县不动产权第0001234号", part: code.PartProvince, reason: code.ReasonUnknown},
		{in: "豫(2022)县不动产权第0001234号", part: code.PartRegistry, reason: code.ReasonLength},
		{in: "豫(2022)郏县1不动产权第0001234号", part: code.PartRegistry, reason: code.ReasonCharacters},
		{in: "豫(2022)郏县不动产权第0001234", part: code.PartWhole, reason: code.ReasonForm},
		{in: "郏房权证字第00123号", part: code.PartWhole, reason: code.ReasonForm},
	})
	c, err := code.ParseCertificate("豫(2023)郏县不动产证明第0000567号")
	if want := (code.Certificate{Kind: code.Proof, Province: "豫", Year: 2023, Registry: "郏县", Serial: 567}); err != nil || c != want {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestOldCertificateIsFreeText(t *testing.T) {
	run(t, code.KindCertificate, code.ParseOldCertificate, []scenario{
		{in: "郏房权证字第 00123 号", want: "郏房权证字第00123号"},
		{in: "郏国用（2009）第012号", want: "郏国用(2009)第012号"},
		{in: " ", part: code.PartWhole, reason: code.ReasonEmpty},
		{in: "123", part: code.PartWhole, reason: code.ReasonLength},
		{in: strings.Repeat("字", 61), part: code.PartWhole, reason: code.ReasonLength},
		{in: "郏房权证\x00字1", part: code.PartWhole, reason: code.ReasonCharacters},
		{in: "郏房权证\xff字1", part: code.PartWhole, reason: code.ReasonCharacters},
		{in: "豫(2022)郏县不动产权第1234号", part: code.PartWhole, reason: code.ReasonForm},
	})
}
