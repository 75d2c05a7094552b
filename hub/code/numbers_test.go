package code_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tongban/hub/code"
)

func TestCaseNumber(t *testing.T) {
	run(t, code.KindCase, code.ParseCaseNumber, []scenario{
		{in: "410425-20260105-000123-M", want: "410425-20260105-000123-M"},
		{in: "330108-20261009-000001-K", want: "330108-20261009-000001-K"},
		{in: "441900-20260924-004567-V", want: "441900-20260924-004567-V"},
		{in: "410425 20260105 000123 m", want: "410425-20260105-000123-M"},
		{in: "410425－20260105—000123－Ｍ", want: "410425-20260105-000123-M"},
		{in: "", part: code.PartWhole, reason: code.ReasonEmpty},
		{in: "410425-20260105-000123", part: code.PartWhole, reason: code.ReasonLength},
		{in: "410425/20260105/000123/M", part: code.PartWhole, reason: code.ReasonForm},
		{in: "41042A-20260105-000123-M", part: code.PartDivision, reason: code.ReasonCharacters},
		{in: "910425-20260105-000123-M", part: code.PartDivision, reason: code.ReasonForm},
		{in: "410425-20260230-000123-M", part: code.PartDate, reason: code.ReasonDate},
		{in: "410425-20260105-00012A-M", part: code.PartSerial, reason: code.ReasonCharacters},
		{in: "410425-20260105-000000-M", part: code.PartSerial, reason: code.ReasonRange},
		{in: "410425-20260105-000123-N", part: code.PartCheck, reason: code.ReasonCheckDigit},
		{in: "410425-20260105-000132-M", part: code.PartCheck, reason: code.ReasonCheckDigit},
	})
}

func TestCaseNumberIsMadeFromItsParts(t *testing.T) {
	day := time.Date(2026, 1, 5, 23, 59, 0, 0, time.FixedZone("CST", 8*3600))
	n, err := code.NewCaseNumber(410425, day, 123)
	if err != nil || n != "410425-20260105-000123-M" {
		t.Fatalf("got %s, %v", n, err)
	}
	if n.Division() != 410425 || n.Serial() != 123 || n.Day().Format(time.DateOnly) != "2026-01-05" {
		t.Errorf("parts: %s %d %s", n.Division(), n.Serial(), n.Day())
	}
	for _, bad := range []struct {
		d      code.Division
		day    time.Time
		serial int
	}{{0, day, 1}, {410425, day, 0}, {410425, day, code.MaxCaseSerial + 1}, {410425, time.Time{}, 1}} {
		if n, err := code.NewCaseNumber(bad.d, bad.day, bad.serial); err == nil {
			t.Errorf("%+v gave %s", bad, n)
		}
	}
}

func TestItemCode(t *testing.T) {
	run(t, code.KindItem, code.ParseItemCode, []scenario{
		{in: "000715001007", want: "000715001007"},
		{in: "12350881MB0404670T4000715001007", want: "12350881MB0404670T4000715001007"},
		{in: "12350881mb0404670t 4 000715001007 28", want: "12350881MB0404670T400071500100728"},
		{in: "11370800MB285591843370117002011", want: "11370800MB285591843370117002011"},
		{in: "12441500196720244T3442199806003", want: "12441500196720244T3442199806003"},
		{in: "", part: code.PartWhole, reason: code.ReasonEmpty},
		{in: "00071500100", part: code.PartWhole, reason: code.ReasonLength},
		{in: "00071500100A", part: code.PartItem, reason: code.ReasonCharacters},
		{in: "12350881MB0404671T4000715001007", part: code.PartOrganisation, reason: code.ReasonCheckDigit},
		{in: "12350881MB0404670T9000715001007", part: code.PartLevel, reason: code.ReasonUnknown},
		{in: "12350881MB0404670T400071500100X", part: code.PartItem, reason: code.ReasonCharacters},
		{in: "12350881MB0404670T40007150010072X", part: code.PartSerial, reason: code.ReasonCharacters},
	})
	c := code.ItemCode("12350881MB0404670T400071500100728")
	if c.Kind() != code.HandlingItem || c.Basic() != "000715001007" || c.Level() != 4 || c.Handling() != "28" ||
		c.Agency() != "12350881MB0404670T" || c.Implementation() != "12350881MB0404670T4000715001007" {
		t.Errorf("parts of %s", c)
	}
	if b := code.ItemCode("000715001007"); b.Kind() != code.BasicItem || b.Agency() != "" || b.Level() != 0 ||
		b.Implementation() != "" || b.Handling() != "" {
		t.Error("a basic code has no agency")
	}
}

func TestLicenceID(t *testing.T) {
	const p = "1.2.156.3005.2."
	run(t, code.KindLicence, code.ParseLicenceID, []scenario{
		{
			in:   p + "11100000000013338W011.11430000006122244L.20230000403.001.U",
			want: p + "11100000000013338W011.11430000006122244L.20230000403.001.U",
		},
		{
			in:   p + "11100000MB03271699022.340100.000000016.001.9",
			want: p + "11100000MB03271699022.340100.000000016.001.9",
		},
		{
			in:   " " + p + "11100000000013338w009.11330105002500287c.2025052201.002.0",
			want: p + "11100000000013338W009.11330105002500287C.2025052201.002.0",
		},
		{in: "", part: code.PartWhole, reason: code.ReasonEmpty},
		{
			in:   "1.2.156.3005.1.11100000MB03271699022.340100.000000016.001.9",
			part: code.PartPrefix, reason: code.ReasonForm,
		},
		{in: p + "11100000MB03271699022.340100.000000016.001", part: code.PartWhole, reason: code.ReasonForm},
		{in: p + "11100000MB03271699.340100.000000016.001.9", part: code.PartType, reason: code.ReasonLength},
		{in: p + "11100000MB03271698022.340100.000000016.001.9", part: code.PartType, reason: code.ReasonCheckDigit},
		{in: p + "11100000MB03271699A22.340100.000000016.001.9", part: code.PartType, reason: code.ReasonCharacters},
		{in: p + "11100000MB03271699022.3401.000000016.001.9", part: code.PartIssuer, reason: code.ReasonLength},
		{in: p + "11100000MB03271699022.94010A.000000016.001.9", part: code.PartIssuer, reason: code.ReasonCharacters},
		{in: p + "11100000MB03271699022.940100.000000016.001.9", part: code.PartIssuer, reason: code.ReasonForm},
		{
			in:   p + "11100000MB03271699022.12350881MB0404671T.000000016.001.9",
			part: code.PartIssuer, reason: code.ReasonCheckDigit,
		},
		{in: p + "11100000MB03271699022.340100..001.9", part: code.PartSerial, reason: code.ReasonLength},
		{
			in:   p + "11100000MB03271699022.340100." + strings.Repeat("1", 33) + ".001.9",
			part: code.PartSerial, reason: code.ReasonLength,
		},
		{in: p + "11100000MB03271699022.340100.00-16.001.9", part: code.PartSerial, reason: code.ReasonCharacters},
		{in: p + "11100000MB03271699022.340100.000000016.1.9", part: code.PartVersion, reason: code.ReasonLength},
		{in: p + "11100000MB03271699022.340100.000000016.001.99", part: code.PartCheck, reason: code.ReasonCharacters},
		{in: p + "11100000MB03271699022.340100.000000016.001.M", part: code.PartCheck, reason: code.ReasonCheckDigit},
	})
	l := code.LicenceID(p + "11100000MB03271699022.340100.000000016.001.9")
	if l.Type() != code.LicenceProof || l.Issuer() != "340100" || l.Serial() != "000000016" || l.Version() != "001" {
		t.Errorf("parts of %s", l)
	}
}

func TestAnErrorNeverShowsTheInput(t *testing.T) {
	_, err := code.ParseCitizenID("410425199003071232")
	if err == nil || strings.Contains(err.Error(), "1990") {
		t.Errorf("got %v", err)
	}
}

// Whatever is typed: no panic, and what is accepted is canonical and stays it.
func fuzz[T interface {
	comparable
	String() string
}](f *testing.F, parse func(string) (T, error), seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
		f.Add(s + " ")
		f.Add(strings.ToLower(s))
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := parse(s)
		if err != nil {
			e, ok := errors.AsType[*code.Error](err)
			if !ok || e.Kind == "" || e.Part == "" || e.Reason == "" {
				t.Fatalf("%q: uncoded error %v", s, err)
			}
			if e.Hint != "" {
				if _, err := parse(e.Hint); err != nil {
					t.Fatalf("%q: the hint %q is no number: %v", s, e.Hint, err)
				}
			}
			return
		}
		again, err := parse(v.String())
		if err != nil || again != v {
			t.Fatalf("%q: %q reads as %q, %v", s, v, again, err)
		}
	})
}

func FuzzDivision(f *testing.F) { fuzz(f, code.ParseDivision, "410425", "010203") }

func FuzzCitizenID(f *testing.F) {
	fuzz(f, code.ParseCitizenID, "11010519491231002X", "410425900307123")
}

func FuzzCreditCode(f *testing.F) { fuzz(f, code.ParseCreditCode, "91350100M000100Y43") }

func FuzzUnit(f *testing.F) {
	fuzz(f, code.ParseUnit, "410425001002GB00003F00050021", "440113013008G800003F00230055")
}

func FuzzCertificate(f *testing.F) {
	fuzz(f, code.ParseCertificate, "豫(2022)郏县不动产权第0001234号", "豫（2022）郏县不动产证明第0001234号")
}

func FuzzOldCertificate(f *testing.F) {
	fuzz(f, code.ParseOldCertificate, "郏房权证字第00123号")
}

func FuzzCaseNumber(f *testing.F) { fuzz(f, code.ParseCaseNumber, "410425-20260105-000123-M") }

func FuzzItemCode(f *testing.F) { fuzz(f, code.ParseItemCode, "12350881MB0404670T400071500100728") }

func FuzzLicenceID(f *testing.F) {
	fuzz(f, code.ParseLicenceID, "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9")
}
