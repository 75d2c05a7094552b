// Package value works on raw BSON without decoding it: walking documents,
// comparing values by MongoDB's order, and encoding them as byte strings whose
// order is that order.
package value

import (
	"encoding/binary"
	"math"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/bsontype"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"tongban/storage/embedded/docserver/internal/fault"
)

// V is one BSON value. The zero V is "missing".
type V = bsoncore.Value

// Type is the kind of a BSON value.
type Type = bsontype.Type

// MaxDepth is how deep documents may nest, as in MongoDB.
const MaxDepth = 200

// Missing tells whether v stands for an absent field.
func Missing(v V) bool { return v.Type == 0 }

// Null is the null value.
func Null() V { return V{Type: bson.TypeNull} }

// NullOrMissing tells whether v is null, undefined or absent.
func NullOrMissing(v V) bool {
	return v.Type == 0 || v.Type == bson.TypeNull || v.Type == bson.TypeUndefined
}

// Iter walks the elements of a raw document or array.
type Iter struct {
	b   []byte
	bad bool
}

// Elements starts a walk over doc, which includes its length prefix.
func Elements(doc []byte) Iter {
	if len(doc) < 5 {
		return Iter{bad: len(doc) != 0}
	}
	return Iter{b: doc[4 : len(doc)-1]}
}

// Next returns the next element; ok is false at the end or at malformed data.
func (it *Iter) Next() (key []byte, v V, ok bool) {
	if len(it.b) == 0 || it.bad {
		return nil, V{}, false
	}
	t := Type(it.b[0])
	end := 1
	for end < len(it.b) && it.b[end] != 0 {
		end++
	}
	if end == len(it.b) {
		it.bad = true
		return nil, V{}, false
	}
	key = it.b[1:end]
	rest := it.b[end+1:]
	n := size(t, rest)
	if n < 0 || n > len(rest) {
		it.bad = true
		return nil, V{}, false
	}
	it.b = rest[n:]
	return key, V{Type: t, Data: rest[:n:n]}, true
}

// Bad tells whether the walk ended because the bytes are not BSON.
func (it *Iter) Bad() bool { return it.bad }

// size returns the length of the value of type t at the start of b, or -1.
func size(t Type, b []byte) int {
	switch t {
	case bson.TypeDouble, bson.TypeDateTime, bson.TypeTimestamp, bson.TypeInt64:
		return 8
	case bson.TypeInt32:
		return 4
	case bson.TypeBoolean:
		return 1
	case bson.TypeNull, bson.TypeUndefined, bson.TypeMinKey, bson.TypeMaxKey:
		return 0
	case bson.TypeObjectID:
		return 12
	case bson.TypeDecimal128:
		return 16
	case bson.TypeString, bson.TypeJavaScript, bson.TypeSymbol:
		return prefixed(b, 4, 1)
	case bson.TypeBinary:
		return prefixed(b, 5, 0)
	case bson.TypeDBPointer:
		return prefixed(b, 4+12, 1)
	case bson.TypeEmbeddedDocument, bson.TypeArray, bson.TypeCodeWithScope:
		return prefixed(b, 0, 5)
	case bson.TypeRegex:
		first := cstring(b)
		if first < 0 {
			return -1
		}
		second := cstring(b[first:])
		if second < 0 {
			return -1
		}
		return first + second
	default:
		return -1
	}
}

// prefixed reads an int32 length of at least least and adds extra to it.
func prefixed(b []byte, extra, least int) int {
	if len(b) < 4 {
		return -1
	}
	n := int(int32(binary.LittleEndian.Uint32(b)))
	if n < least || n > len(b) {
		return -1
	}
	return n + extra
}

// cstring returns the length of the zero-terminated string at b with its zero.
func cstring(b []byte) int {
	for i, c := range b {
		if c == 0 {
			return i + 1
		}
	}
	return -1
}

// Lookup returns the top-level field key of doc, or a missing value.
func Lookup(doc []byte, key string) V {
	it := Elements(doc)
	for {
		k, v, ok := it.Next()
		if !ok {
			return V{}
		}
		if string(k) == key {
			return v
		}
	}
}

// Validate checks that doc is one well-formed document that nests at most
// MaxDepth deep. Everything behind the wire reader relies on it.
func Validate(doc []byte) error { return validate(doc, MaxDepth) }

func validate(doc []byte, depth int) error {
	if depth == 0 {
		return fault.New(fault.Overflow, "document nests deeper than %d levels", MaxDepth)
	}
	if len(doc) < 5 || int(int32(binary.LittleEndian.Uint32(doc))) != len(doc) || doc[len(doc)-1] != 0 {
		return fault.New(fault.FailedToParse, "invalid BSON document length")
	}
	it := Elements(doc)
	for {
		_, v, ok := it.Next()
		if !ok {
			break
		}
		if err := validateValue(v, depth); err != nil {
			return err
		}
	}
	if it.bad {
		return fault.New(fault.FailedToParse, "invalid BSON element")
	}
	return nil
}

func validateValue(v V, depth int) error {
	switch v.Type {
	case bson.TypeEmbeddedDocument, bson.TypeArray:
		return validate(v.Data, depth-1)
	case bson.TypeString, bson.TypeJavaScript, bson.TypeSymbol:
		if v.Data[len(v.Data)-1] != 0 {
			return fault.New(fault.FailedToParse, "BSON string is not terminated")
		}
	case bson.TypeBoolean:
		if v.Data[0] > 1 {
			return fault.New(fault.FailedToParse, "BSON boolean is neither 0 nor 1")
		}
	case bson.TypeCodeWithScope:
		_, scope, rest, ok := bsoncore.ReadCodeWithScope(v.Data)
		if !ok || len(rest) != 0 {
			return fault.New(fault.FailedToParse, "invalid BSON code with scope")
		}
		return validate(scope, depth-1)
	case bson.TypeBinary:
		if _, _, rest, ok := bsoncore.ReadBinary(v.Data); !ok || len(rest) != 0 {
			return fault.New(fault.FailedToParse, "invalid BSON binary")
		}
	}
	return nil
}

// Text returns the string in v, which must be a String or Symbol.
func Text(v V) (string, bool) {
	if (v.Type != bson.TypeString && v.Type != bson.TypeSymbol) || len(v.Data) < 5 {
		return "", false
	}
	return string(v.Data[4 : len(v.Data)-1]), true
}

// Doc returns the document in v.
func Doc(v V) ([]byte, bool) {
	if v.Type != bson.TypeEmbeddedDocument {
		return nil, false
	}
	return v.Data, true
}

// Array returns the array in v.
func Array(v V) ([]byte, bool) {
	if v.Type != bson.TypeArray {
		return nil, false
	}
	return v.Data, true
}

// List returns the elements of a raw array.
func List(arr []byte) []V {
	var out []V
	it := Elements(arr)
	for {
		_, v, ok := it.Next()
		if !ok {
			return out
		}
		out = append(out, v)
	}
}

// Count returns the number of elements of a raw document or array.
func Count(doc []byte) int {
	n := 0
	it := Elements(doc)
	for {
		if _, _, ok := it.Next(); !ok {
			return n
		}
		n++
	}
}

// Number tells whether v is of a numeric type.
func Number(v V) bool {
	switch v.Type {
	case bson.TypeInt32, bson.TypeInt64, bson.TypeDouble, bson.TypeDecimal128:
		return true
	}
	return false
}

// Int returns the whole number in v: an integer, or a double without fraction.
func Int(v V) (int64, bool) {
	switch v.Type {
	case bson.TypeInt32:
		return int64(int32(binary.LittleEndian.Uint32(v.Data))), true
	case bson.TypeInt64:
		return int64(binary.LittleEndian.Uint64(v.Data)), true
	case bson.TypeDouble:
		f := math.Float64frombits(binary.LittleEndian.Uint64(v.Data))
		if f == math.Trunc(f) && f >= -(1<<63) && f < 1<<63 {
			return int64(f), true
		}
	case bson.TypeDecimal128:
		return decimalInt(v)
	}
	return 0, false
}

// Float returns v as a double, rounded where it must be.
func Float(v V) (float64, bool) {
	switch v.Type {
	case bson.TypeInt32, bson.TypeInt64:
		n, _ := Int(v)
		return float64(n), true
	case bson.TypeDouble:
		return math.Float64frombits(binary.LittleEndian.Uint64(v.Data)), true
	case bson.TypeDecimal128:
		return decimalFloat(v), true
	}
	return 0, false
}

// Truthy is MongoDB's reading of a value as a condition: false, zero, null and
// missing are false.
func Truthy(v V) bool {
	switch v.Type {
	case 0, bson.TypeNull, bson.TypeUndefined:
		return false
	case bson.TypeBoolean:
		return v.Data[0] != 0
	}
	if f, ok := Float(v); ok {
		return f != 0
	}
	return true
}

// NaN tells whether v is a not-a-number.
func NaN(v V) bool {
	switch v.Type {
	case bson.TypeDouble:
		f, _ := Float(v)
		return math.IsNaN(f)
	case bson.TypeDecimal128:
		return decimalOf(v).IsNaN()
	}
	return false
}

func decimalOf(v V) primitive.Decimal128 {
	d, _, _ := bsoncore.ReadDecimal128(v.Data)
	return d
}
