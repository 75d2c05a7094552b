package value

import (
	"encoding/binary"
	"math"
	"math/big"
	"strconv"

	"go.mongodb.org/mongo-driver/bson/primitive"
)

// decimalDigits is the precision of a Decimal128.
const decimalDigits = 34

// appendDecimal encodes d as appendInt says; a decimal that is neither a
// double nor an int64 is followed by its sign, exponent and digits.
func appendDecimal(dst []byte, d primitive.Decimal128) []byte {
	if d.IsNaN() {
		return appendFloat(dst, math.NaN())
	}
	if inf := d.IsInf(); inf != 0 {
		return appendFloat(dst, math.Inf(inf))
	}
	coef, exp, err := d.BigInt()
	if err != nil || coef.Sign() == 0 {
		return appendFloat(dst, 0)
	}
	if exp <= 0 && exp > -decimalDigits || exp > 0 && exp < 20 {
		if n, ok := wholeDecimal(coef, exp); ok {
			return appendInt(dst, n)
		}
	}
	f, exact := floorDecimal(coef, exp)
	if exact {
		return appendFloat(dst, f)
	}
	rest := uint16(0)
	if f > -(1<<63) && f < 1<<63 && math.Abs(f) >= 1<<53 {
		over := new(big.Rat).Sub(ratOf(coef, exp), new(big.Rat).SetInt64(int64(f)))
		rest = uint16(new(big.Int).Quo(over.Num(), over.Denom()).Int64())
	}
	dst = binary.BigEndian.AppendUint16(appendBits(dst, f), rest<<1|1)
	return appendDigits(dst, coef, exp)
}

// appendDigits appends an exact, fixed-length, ordered form of coef × 10^exp.
func appendDigits(dst []byte, coef *big.Int, exp int) []byte {
	digits := new(big.Int).Abs(coef).String()
	point := len(digits) + exp // the value is 0.digits × 10^point
	var packed [2 + decimalDigits/2]byte
	binary.BigEndian.PutUint16(packed[:], uint16(point+1<<14))
	for i := range len(digits) {
		nibble := digits[i] - '0'
		if i%2 == 0 {
			nibble <<= 4
		}
		packed[2+i/2] |= nibble
	}
	if coef.Sign() < 0 {
		for i := range packed {
			packed[i] = ^packed[i]
		}
	}
	return append(dst, packed[:]...)
}

// wholeDecimal returns coef × 10^exp if it is an int64.
func wholeDecimal(coef *big.Int, exp int) (int64, bool) {
	n := new(big.Int).Set(coef)
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exp, -exp))), nil)
	if exp >= 0 {
		n.Mul(n, power)
	} else {
		rem := new(big.Int)
		n.QuoRem(n, power, rem)
		if rem.Sign() != 0 {
			return 0, false
		}
	}
	return n.Int64(), n.IsInt64()
}

func ratOf(coef *big.Int, exp int) *big.Rat {
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exp, -exp))), nil)
	if exp >= 0 {
		return new(big.Rat).SetInt(new(big.Int).Mul(coef, power))
	}
	return new(big.Rat).SetFrac(coef, power)
}

// floorDecimal returns the largest double not above coef × 10^exp and whether
// it is equal to it.
func floorDecimal(coef *big.Int, exp int) (float64, bool) {
	if digits := len(coef.Text(10)) + exp; digits > 320 {
		if coef.Sign() < 0 {
			return math.Inf(-1), false
		}
		return math.MaxFloat64, false
	} else if digits < -345 {
		if coef.Sign() < 0 {
			return -math.SmallestNonzeroFloat64, false
		}
		return 0, false
	}
	r := ratOf(coef, exp)
	f, exact := r.Float64()
	if exact {
		return f, true
	}
	if math.IsInf(f, 1) {
		return math.MaxFloat64, false
	}
	if math.IsInf(f, -1) {
		return f, false
	}
	if new(big.Rat).SetFloat64(f).Cmp(r) > 0 {
		f = math.Nextafter(f, math.Inf(-1))
	}
	return f, false
}

func decimalInt(v V) (int64, bool) {
	coef, exp, err := decimalOf(v).BigInt()
	if err != nil || exp > 20 || exp < -decimalDigits {
		return 0, false
	}
	return wholeDecimal(coef, exp)
}

func decimalFloat(v V) float64 {
	d := decimalOf(v)
	if d.IsNaN() {
		return math.NaN()
	}
	if inf := d.IsInf(); inf != 0 {
		return math.Inf(inf)
	}
	f, _ := strconv.ParseFloat(d.String(), 64)
	return f
}
