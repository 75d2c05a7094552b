package code

// provinceShort are the short names (省简称) that open a certificate's number,
// by the first two digits of a division.
var provinceShort = map[int]string{
	11: "京", 12: "津", 13: "冀", 14: "晋", 15: "蒙", 21: "辽", 22: "吉", 23: "黑", 31: "沪", 32: "苏", 33: "浙", 34: "皖",
	35: "闽", 36: "赣", 37: "鲁", 41: "豫", 42: "鄂", 43: "湘", 44: "粤", 45: "桂", 46: "琼", 50: "渝", 51: "川", 52: "贵",
	53: "云", 54: "藏", 61: "陕", 62: "甘", 63: "青", 64: "宁", 65: "新", 71: "台", 81: "港", 82: "澳",
}

// ProvinceShort is the short name of the division's province: 豫. "" when
// there is no such province.
func (d Division) ProvinceShort() string { return provinceShort[int(d)/10000] }
