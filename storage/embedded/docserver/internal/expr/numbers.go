package expr

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

func arithmetic(name string) (function, bool) {
	switch name {
	case "$add":
		return function{0, -1, fold(Add, value.Int32(0))}, true
	case "$multiply":
		return function{0, -1, fold(Mul, value.Int32(1))}, true
	case "$subtract":
		return function{2, 2, nullable(subtract)}, true
	case "$divide":
		return function{2, 2, nullable(divide)}, true
	case "$mod":
		return function{2, 2, nullable(mod)}, true
	case "$abs", "$ceil", "$floor", "$trunc", "$round", "$sqrt":
		most := 1
		if name == "$round" || name == "$trunc" {
			most = 2
		}
		return function{1, most, nullable(rounding(name))}, true
	case "$pow":
		return function{2, 2, nullable(func(a []value.V) (value.V, error) {
			return floats(a, "$pow", func(x, y float64) float64 { return math.Pow(x, y) })
		})}, true
	}
	return function{}, false
}

// nullable gives null when any argument is null or missing.
func nullable(call func([]value.V) (value.V, error)) func([]value.V) (value.V, error) {
	return func(a []value.V) (value.V, error) {
		if slices.ContainsFunc(a, value.NullOrMissing) {
			return value.Null(), nil
		}
		return call(a)
	}
}

func fold(op func(a, b value.V) (value.V, error), zero value.V) func([]value.V) (value.V, error) {
	return nullable(func(a []value.V) (value.V, error) {
		out := zero
		for _, v := range a {
			var err error
			if out, err = op(out, v); err != nil {
				return value.V{}, err
			}
		}
		return out, nil
	})
}

func refuseNumber(op string, vs ...value.V) error {
	for _, v := range vs {
		if v.Type == bson.TypeDecimal128 {
			return fault.New(fault.NotImplemented, "%s on Decimal128 is not supported by this server", op)
		}
		if !value.Number(v) {
			return fault.New(fault.TypeMismatch, "%s only supports numeric types, not %s", op, value.TypeName(v.Type))
		}
	}
	return nil
}

// Add adds two numbers, or a number of milliseconds to a date. Integers widen
// from 32 to 64 bits and from 64 bits to double instead of overflowing.
func Add(a, b value.V) (value.V, error) {
	if b.Type == bson.TypeDateTime {
		a, b = b, a
	}
	if a.Type == bson.TypeDateTime {
		ms, ok := value.Int(b)
		if !ok {
			return value.V{}, fault.New(16612, "only one date allowed in an $add expression")
		}
		at, _, _ := bsoncore.ReadDateTime(a.Data)
		return value.Date(at + ms), nil
	}
	if err := refuseNumber("$add", a, b); err != nil {
		return value.V{}, err
	}
	x, ok1 := integer(a)
	y, ok2 := integer(b)
	if ok1 && ok2 {
		if sum := x + y; (sum > x) == (y > 0) {
			return narrow(sum, a, b), nil
		}
	}
	f, _ := value.Float(a)
	g, _ := value.Float(b)
	return value.Double(f + g), nil
}

// Mul multiplies two numbers, widening as Add does.
func Mul(a, b value.V) (value.V, error) {
	if err := refuseNumber("$multiply", a, b); err != nil {
		return value.V{}, err
	}
	x, ok1 := integer(a)
	y, ok2 := integer(b)
	if ok1 && ok2 {
		hi, lo := bits.Mul64(magnitude(x), magnitude(y))
		if hi == 0 && lo < 1<<63 {
			p := int64(lo)
			if (x < 0) != (y < 0) {
				p = -p
			}
			return narrow(p, a, b), nil
		}
	}
	f, _ := value.Float(a)
	g, _ := value.Float(b)
	return value.Double(f * g), nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func integer(v value.V) (int64, bool) {
	if v.Type != bson.TypeInt32 && v.Type != bson.TypeInt64 {
		return 0, false
	}
	return value.Int(v)
}

// narrow keeps 32 bits when both operands had them and the result fits.
func narrow(n int64, a, b value.V) value.V {
	if a.Type == bson.TypeInt32 && b.Type == bson.TypeInt32 && n == int64(int32(n)) {
		return value.Int32(int32(n))
	}
	return value.Int64(n)
}

func subtract(a []value.V) (value.V, error) {
	if a[0].Type == bson.TypeDateTime {
		at, _, _ := bsoncore.ReadDateTime(a[0].Data)
		if a[1].Type == bson.TypeDateTime {
			other, _, _ := bsoncore.ReadDateTime(a[1].Data)
			return value.Int64(at - other), nil
		}
		ms, ok := value.Int(a[1])
		if !ok {
			return value.V{}, fault.New(fault.TypeMismatch, "can't $subtract %s from a date", value.TypeName(a[1].Type))
		}
		return value.Date(at - ms), nil
	}
	if err := refuseNumber("$subtract", a...); err != nil {
		return value.V{}, err
	}
	x, ok1 := integer(a[0])
	y, ok2 := integer(a[1])
	if ok1 && ok2 {
		if diff := x - y; (diff < x) == (y > 0) {
			return narrow(diff, a[0], a[1]), nil
		}
	}
	return floats(a, "$subtract", func(x, y float64) float64 { return x - y })
}

func floats(a []value.V, op string, f func(x, y float64) float64) (value.V, error) {
	if err := refuseNumber(op, a...); err != nil {
		return value.V{}, err
	}
	x, _ := value.Float(a[0])
	y, _ := value.Float(a[1])
	return value.Double(f(x, y)), nil
}

func divide(a []value.V) (value.V, error) {
	if y, ok := value.Float(a[1]); ok && y == 0 {
		return value.V{}, fault.New(fault.BadValue, "can't $divide by zero")
	}
	return floats(a, "$divide", func(x, y float64) float64 { return x / y })
}

func mod(a []value.V) (value.V, error) {
	if y, ok := value.Float(a[1]); ok && y == 0 {
		return value.V{}, fault.New(16610, "can't $mod by zero")
	}
	x, ok1 := integer(a[0])
	y, ok2 := integer(a[1])
	if ok1 && ok2 {
		if y == -1 { // the only quotient that overflows
			return narrow(0, a[0], a[1]), nil
		}
		return narrow(x%y, a[0], a[1]), nil
	}
	return floats(a, "$mod", math.Mod)
}

func rounding(name string) func([]value.V) (value.V, error) {
	fs := map[string]func(float64) float64{
		"$abs": math.Abs, "$ceil": math.Ceil, "$floor": math.Floor,
		"$trunc": math.Trunc, "$round": math.RoundToEven, "$sqrt": math.Sqrt,
	}
	return func(a []value.V) (value.V, error) {
		if err := refuseNumber(name, a...); err != nil {
			return value.V{}, err
		}
		places := int64(0)
		if len(a) == 2 {
			places, _ = value.Int(a[1])
			if places < -20 || places > 100 {
				return value.V{}, fault.New(51083, "cannot apply %s with precision value %d", name, places)
			}
		}
		if n, ok := integer(a[0]); ok && name != "$sqrt" && places >= 0 {
			if name == "$abs" && n < 0 {
				if n == math.MinInt64 {
					return value.V{}, fault.New(28680, "can't take $abs of long long min")
				}
				return narrow(-n, a[0], a[0]), nil
			}
			return a[0], nil
		}
		f, _ := value.Float(a[0])
		if places == 0 {
			return value.Double(fs[name](f)), nil
		}
		scale := math.Pow(10, float64(places))
		return value.Double(fs[name](f*scale) / scale), nil
	}
}

func conversion(name string) (function, bool) {
	switch name {
	case "$type":
		return function{1, 1, func(a []value.V) (value.V, error) { return value.String(value.TypeName(a[0].Type)), nil }}, true
	case "$toString":
		return function{1, 1, nullable(func(a []value.V) (value.V, error) {
			s, err := toText(a[0])
			return value.String(s), err
		})}, true
	case "$toInt", "$toLong", "$toDouble":
		return function{1, 1, nullable(toNumber(name))}, true
	case "$toBool":
		return function{1, 1, nullable(func(a []value.V) (value.V, error) { return value.Bool(value.Truthy(a[0])), nil })}, true
	}
	return function{}, false
}

func toNumber(name string) func([]value.V) (value.V, error) {
	return func(a []value.V) (value.V, error) {
		v := a[0]
		if s, ok := value.Text(v); ok {
			f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
			if n, ierr := strconv.ParseInt(s, 10, 64); ierr == nil {
				v = value.Int64(n)
			} else if err == nil && name == "$toDouble" {
				v = value.Double(f)
			} else {
				return value.V{}, fault.New(241, "Failed to parse number '%s' in %s", s, name)
			}
		}
		if v.Type == bson.TypeBoolean {
			v = value.Int32(int32(v.Data[0]))
		}
		if v.Type == bson.TypeDateTime {
			at, _, _ := bsoncore.ReadDateTime(v.Data)
			v = value.Int64(at)
		}
		f, ok := value.Float(v)
		if !ok {
			return value.V{}, fault.New(241, "Unsupported conversion from %s in %s", value.TypeName(v.Type), name)
		}
		if name == "$toDouble" {
			return value.Double(f), nil
		}
		n, whole := value.Int(v)
		if !whole {
			n, whole = value.Int(value.Double(math.Trunc(f)))
		}
		if !whole || name == "$toInt" && n != int64(int32(n)) {
			return value.V{}, fault.New(241, "Conversion would overflow target type in %s", name)
		}
		if name == "$toInt" {
			return value.Int32(int32(n)), nil
		}
		return value.Int64(n), nil
	}
}

// toText renders a scalar as $toString does.
func toText(v value.V) (string, error) {
	if s, ok := value.Text(v); ok {
		return s, nil
	}
	switch v.Type {
	case bson.TypeInt32, bson.TypeInt64:
		n, _ := value.Int(v)
		return strconv.FormatInt(n, 10), nil
	case bson.TypeDouble:
		f, _ := value.Float(v)
		return strconv.FormatFloat(f, 'g', -1, 64), nil
	case bson.TypeBoolean:
		return strconv.FormatBool(value.Truthy(v)), nil
	case bson.TypeObjectID:
		return primitive.ObjectID(v.Data).Hex(), nil
	case bson.TypeDecimal128:
		d, _, _ := bsoncore.ReadDecimal128(v.Data)
		return d.String(), nil
	case bson.TypeDateTime:
		return formatDate(v, "%Y-%m-%dT%H:%M:%S.%LZ", nil), nil
	}
	return "", fault.New(241, "Unsupported conversion from %s to string", value.TypeName(v.Type))
}
