package code

// shortNames are the one-character names of provinces in certificate numbers, by the first two digits of a division.
// Where a province has two, it is the one its registries print (甘, not 陇; 黔, not 贵).
var shortNames = map[Division]string{
	11: "京", 12: "津", 13: "冀", 14: "晋", 15: "蒙", 21: "辽", 22: "吉", 23: "黑", 31: "沪", 32: "苏", 33: "浙",
	34: "皖", 35: "闽", 36: "赣", 37: "鲁", 41: "豫", 42: "鄂", 43: "湘", 44: "粤", 45: "桂", 46: "琼", 50: "渝",
	51: "川", 52: "黔", 53: "云", 54: "藏", 61: "陕", 62: "甘", 63: "青", 64: "宁", 65: "新", 71: "台", 81: "港", 82: "澳",
}

// ProvinceShort is the short name (省简称) of the division's province, "豫" for
// 410425, or "" when there is no such province.
func (d Division) ProvinceShort() string { return shortNames[d/10_000] }

// MaxCertificateSerial is the last serial of a registry, year and kind.
const MaxCertificateSerial = 9_999_999

// NewCertificate makes the number of a new paper: Title or Proof, the division
// of the registry, its full name (市县全称), the calendar year of booking and
// the serial that the registry counts for each kind and year.
func NewCertificate(kind CertificateKind, d Division, registry string, year, serial int) (Certificate, error) {
	c := Certificate{Kind: kind, Province: d.ProvinceShort(), Year: year, Registry: normalise(registry), Serial: serial}
	switch {
	case kind != Title && kind != Proof:
		return Certificate{}, fail(KindCertificate, PartWhole, ReasonForm)
	case c.Province == "":
		return Certificate{}, fail(KindCertificate, PartProvince, ReasonUnknown)
	case year < 2015 || year > 9999:
		return Certificate{}, fail(KindCertificate, PartYear, ReasonRange)
	case serial < 1 || serial > MaxCertificateSerial:
		return Certificate{}, fail(KindCertificate, PartSerial, ReasonRange)
	}
	// The reader is the rule: what it would refuse is never issued.
	return ParseCertificate(c.String())
}

// NewLicenceID makes the id of an electronic licence and computes its check
// character. Version counts the issues of the same licence from 1.
func NewLicenceID(kind, issuer, serial, version string) (LicenceID, error) {
	kind, issuer, serial, version = normalise(kind), normalise(issuer), normalise(serial), normalise(version)
	check := string(mod3736(kind + issuer + serial + version))
	if err := checkLicence(kind, issuer, serial, version, check); err != nil {
		return "", err
	}
	return LicenceID(licencePrefix + "." + kind + "." + issuer + "." + serial + "." + version + "." + check), nil
}
