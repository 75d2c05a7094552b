package code

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CertificateKind tells the papers apart.
type CertificateKind uint8

// The kinds of certificate.
const (
	Title CertificateKind = iota + 1 // 不动产权证书
	Proof                            // 不动产登记证明
	Old                              // 房权证, 土地证, …: from before 2015, still valid (条例 art. 33)
)

// Certificate is the number of a certificate.
type Certificate struct {
	Kind     CertificateKind
	Province string // 省简称, one character: 豫
	Year     int
	Registry string // 市县全称: 郏县
	Serial   int    // 1 to 9999999
	Text     string // the whole number, for an old certificate only
}

// provinces are the short names that open a certificate's number.
const provinces = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新台港澳国蜀黔滇陇秦"

var certificateForm = regexp.MustCompile(`^(.)\((.*)\)(.*)(不动产权|不动产证明)第(.*)号$`)

// ParseCertificate reads 豫(2022)郏县不动产权第0001234号 or the same with
// 不动产证明. Brackets of every kind are accepted.
func ParseCertificate(s string) (Certificate, error) {
	s = normalise(s)
	if s == "" {
		return Certificate{}, fail(KindCertificate, PartWhole, ReasonEmpty)
	}
	m := certificateForm.FindStringSubmatch(s)
	if m == nil {
		return Certificate{}, fail(KindCertificate, PartWhole, ReasonForm)
	}
	c := Certificate{Kind: Title, Province: m[1], Registry: m[3]}
	if m[4] == "不动产证明" {
		c.Kind = Proof
	}
	switch {
	case !strings.Contains(provinces, m[1]):
		return Certificate{}, fail(KindCertificate, PartProvince, ReasonUnknown)
	case len(m[2]) != 4:
		return Certificate{}, fail(KindCertificate, PartYear, ReasonLength)
	case !digits(m[2]):
		return Certificate{}, fail(KindCertificate, PartYear, ReasonCharacters)
	case m[2] < "2015": // the first ones were issued in March 2015
		return Certificate{}, fail(KindCertificate, PartYear, ReasonRange)
	case utf8.RuneCountInString(m[3]) < 2 || utf8.RuneCountInString(m[3]) > 30:
		return Certificate{}, fail(KindCertificate, PartRegistry, ReasonLength)
	case strings.ContainsFunc(m[3], func(r rune) bool { return !unicode.Is(unicode.Han, r) }):
		return Certificate{}, fail(KindCertificate, PartRegistry, ReasonCharacters)
	case strings.Contains(m[3], "不动产"):
		return Certificate{}, fail(KindCertificate, PartRegistry, ReasonForm)
	case len(m[5]) != 7:
		return Certificate{}, fail(KindCertificate, PartSerial, ReasonLength)
	case !digits(m[5]):
		return Certificate{}, fail(KindCertificate, PartSerial, ReasonCharacters)
	case m[5] == "0000000":
		return Certificate{}, fail(KindCertificate, PartSerial, ReasonRange)
	}
	c.Year, c.Serial = atoi(m[2]), atoi(m[5])
	return c, nil
}

// ParseOldCertificate takes the number of an older paper as it stands, with
// brackets and spaces made even. A number of the new form is refused, so that
// a misread one cannot slip through as free text.
func ParseOldCertificate(s string) (Certificate, error) {
	s = normalise(s)
	n := utf8.RuneCountInString(s)
	switch {
	case s == "":
		return Certificate{}, fail(KindCertificate, PartWhole, ReasonEmpty)
	case n < 4 || n > 60:
		return Certificate{}, fail(KindCertificate, PartWhole, ReasonLength)
	case strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }):
		return Certificate{}, fail(KindCertificate, PartWhole, ReasonCharacters)
	case strings.Contains(s, "不动产权") || strings.Contains(s, "不动产证明"):
		return Certificate{}, fail(KindCertificate, PartWhole, ReasonForm)
	}
	return Certificate{Kind: Old, Text: s}, nil
}

// String is the number as printed.
func (c Certificate) String() string {
	switch c.Kind {
	case Title:
		return fmt.Sprintf("%s(%04d)%s不动产权第%07d号", c.Province, c.Year, c.Registry, c.Serial)
	case Proof:
		return fmt.Sprintf("%s(%04d)%s不动产证明第%07d号", c.Province, c.Year, c.Registry, c.Serial)
	}
	return c.Text
}
