package code_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"tongban/hub/code"
)

func TestNewCertificateRefuses(t *testing.T) {
	for _, sc := range []struct {
		name         string
		kind         code.CertificateKind
		division     code.Division
		registry     string
		year, serial int
		part         code.Part
		reason       code.Reason
	}{
		{"an old paper", code.Old, 410425, "郏县", 2026, 1, code.PartWhole, code.ReasonForm},
		{"no kind", 0, 410425, "郏县", 2026, 1, code.PartWhole, code.ReasonForm},
		{"no such province", code.Title, 990425, "郏县", 2026, 1, code.PartProvince, code.ReasonUnknown},
		{"no division", code.Title, 0, "郏县", 2026, 1, code.PartProvince, code.ReasonUnknown},
		{"before the first papers", code.Title, 410425, "郏县", 2014, 1, code.PartYear, code.ReasonRange},
		{"serial 0", code.Title, 410425, "郏县", 2026, 0, code.PartSerial, code.ReasonRange},
		{"eight digits", code.Title, 410425, "郏县", 2026, 10_000_000, code.PartSerial, code.ReasonRange},
		{"no registry", code.Title, 410425, "", 2026, 1, code.PartRegistry, code.ReasonLength},
		{"a registry in Latin", code.Title, 410425, "Jiaxian", 2026, 1, code.PartRegistry, code.ReasonCharacters},
		{"a registry that breaks the form", code.Title, 410425, "郏县不动产权第", 2026, 1, code.PartRegistry, code.ReasonForm},
	} {
		got, err := code.NewCertificate(sc.kind, sc.division, sc.registry, sc.year, sc.serial)
		e, ok := errors.AsType[*code.Error](err)
		if !ok || e.Part != sc.part || e.Reason != sc.reason || got != (code.Certificate{}) {
			t.Errorf("%s: got %q, %v; want %s %s", sc.name, got, err, sc.part, sc.reason)
		}
	}
}

func TestNewCertificateReadsBack(t *testing.T) {
	for _, sc := range []struct {
		kind         code.CertificateKind
		division     code.Division
		registry     string
		year, serial int
		want         string
	}{
		{code.Title, 410425, "郏县", 2022, 1234, "豫(2022)郏县不动产权第0001234号"},
		{code.Proof, 410425, " 郏县", 2023, 567, "豫(2023)郏县不动产证明第0000567号"},
		{code.Title, 320300, "徐州市", 2019, 20128, "苏(2019)徐州市不动产权第0020128号"},
		{code.Title, 440305, "深圳市", 2026, 9_999_999, "粤(2026)深圳市不动产权第9999999号"},
	} {
		got, err := code.NewCertificate(sc.kind, sc.division, sc.registry, sc.year, sc.serial)
		if err != nil || got.String() != sc.want {
			t.Errorf("got %q, %v; want %q", got, err, sc.want)
			continue
		}
		if again, err := code.ParseCertificate(got.String()); err != nil || again != got {
			t.Errorf("%s reads back as %+v, %v", got, again, err)
		}
	}
}

// Every province of the code list has a short name that the reader knows, and no two share one.
func TestProvinceShortNames(t *testing.T) {
	seen := map[string]code.Division{}
	for p := code.Division(100_000); p < 900_000; p += 10_000 {
		short := (p + 425).ProvinceShort()
		if short == "" {
			continue
		}
		if seen[short] != 0 {
			t.Errorf("%s and %s are both %s", seen[short], p, short)
		}
		seen[short] = p
		if _, err := code.ParseCertificate(short + "(2026)某县不动产权第0000001号"); err != nil {
			t.Errorf("%s: %v", p, err)
		}
	}
	if len(seen) != 34 {
		t.Errorf("%d short names, want those of 34 provinces", len(seen))
	}
}

func TestNewLicenceID(t *testing.T) {
	for _, want := range []string{
		"1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
		"1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
		"1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
	} {
		l := code.LicenceID(want)
		got, err := code.NewLicenceID(l.Type(), l.Issuer(), l.Serial(), l.Version())
		if err != nil || got != l {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	for _, sc := range []struct {
		name, kind, issuer, serial, version string
		part                                code.Part
	}{
		{"no type", "", "340100", "1", "001", code.PartType},
		{"a type with a wrong check digit", "11100000MB03271698022", "340100", "1", "001", code.PartType},
		{"no issuer", code.LicenceTitle, "", "1", "001", code.PartIssuer},
		{"an issuer in Chinese", code.LicenceTitle, "郏县", "1", "001", code.PartIssuer},
		{"no serial", code.LicenceTitle, "410425", "", "001", code.PartSerial},
		{"a serial with a dot", code.LicenceTitle, "410425", "1.2", "001", code.PartSerial},
		{"a version of one digit", code.LicenceTitle, "410425", "1", "1", code.PartVersion},
	} {
		got, err := code.NewLicenceID(sc.kind, sc.issuer, sc.serial, sc.version)
		if e, ok := errors.AsType[*code.Error](err); !ok || e.Part != sc.part || got != "" {
			t.Errorf("%s: got %q, %v; want %s refused", sc.name, got, err, sc.part)
		}
	}
}

// A changed character is found by the check character, wherever it stands.
func TestLicenceIDFindsEveryChangedCharacter(t *testing.T) {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	for range 2000 {
		var serial strings.Builder
		for range 1 + r.IntN(32) {
			serial.WriteByte(alphabet[r.IntN(36)])
		}
		id, err := code.NewLicenceID(code.LicenceProof, "410425", serial.String(), "001")
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		b := []byte(id)
		at := strings.Index(id.String(), ".410425.") + len(".410425.") + r.IntN(serial.Len())
		for b[at] == id[at] {
			b[at] = alphabet[r.IntN(36)]
		}
		if _, err := code.ParseLicenceID(string(b)); err == nil {
			t.Errorf("seed %d: %s passes for %s", seed, b, id)
		}
	}
}
