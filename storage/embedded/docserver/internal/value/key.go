package value

import (
	"bytes"
	"encoding/binary"
	"math"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// Class bytes in MongoDB's order of types. Every encoded value begins with
// one, and none is 0, which ends nested documents and arrays.
const (
	ClassMinKey    = 0x01
	ClassUndefined = 0x04 // also an empty array in an index
	ClassNull      = 0x05
	ClassNumber    = 0x10
	ClassString    = 0x20
	ClassObject    = 0x30
	ClassArray     = 0x38
	ClassBinary    = 0x40
	ClassObjectID  = 0x48
	ClassBool      = 0x50
	ClassDate      = 0x58
	ClassTimestamp = 0x60
	ClassRegex     = 0x68
	ClassPointer   = 0x70
	ClassCode      = 0x74
	ClassScope     = 0x78
	ClassMaxKey    = 0xF0
)

// ClassOf returns the class byte of v; missing counts as null.
func ClassOf(v V) byte {
	switch v.Type {
	case bson.TypeMinKey:
		return ClassMinKey
	case bson.TypeUndefined:
		return ClassUndefined
	case 0, bson.TypeNull:
		return ClassNull
	case bson.TypeInt32, bson.TypeInt64, bson.TypeDouble, bson.TypeDecimal128:
		return ClassNumber
	case bson.TypeString, bson.TypeSymbol:
		return ClassString
	case bson.TypeEmbeddedDocument:
		return ClassObject
	case bson.TypeArray:
		return ClassArray
	case bson.TypeBinary:
		return ClassBinary
	case bson.TypeObjectID:
		return ClassObjectID
	case bson.TypeBoolean:
		return ClassBool
	case bson.TypeDateTime:
		return ClassDate
	case bson.TypeTimestamp:
		return ClassTimestamp
	case bson.TypeRegex:
		return ClassRegex
	case bson.TypeDBPointer:
		return ClassPointer
	case bson.TypeJavaScript:
		return ClassCode
	case bson.TypeCodeWithScope:
		return ClassScope
	default:
		return ClassMaxKey
	}
}

// AppendKey appends the encoding of v. Encodings compare with bytes.Compare as
// the values do in MongoDB, equal values encode equally whatever their numeric
// type, and no encoding is a prefix of another, so that encodings may be
// joined into compound keys.
func AppendKey(dst []byte, v V) []byte {
	dst = append(dst, ClassOf(v))
	return appendBody(dst, v)
}

// AppendKeyDesc appends the encoding of v for descending order.
func AppendKeyDesc(dst []byte, v V) []byte {
	start := len(dst)
	dst = AppendKey(dst, v)
	for i := start; i < len(dst); i++ {
		dst[i] = ^dst[i]
	}
	return dst
}

// AppendDirected is AppendKeyDesc if desc, AppendKey otherwise.
func AppendDirected(dst []byte, v V, desc bool) []byte {
	if desc {
		return AppendKeyDesc(dst, v)
	}
	return AppendKey(dst, v)
}

func appendBody(dst []byte, v V) []byte {
	switch v.Type {
	case bson.TypeInt32, bson.TypeInt64:
		n, _ := Int(v)
		return appendInt(dst, n)
	case bson.TypeDouble:
		f, _ := Float(v)
		return appendFloat(dst, f)
	case bson.TypeDecimal128:
		return appendDecimal(dst, decimalOf(v))
	case bson.TypeString, bson.TypeSymbol, bson.TypeJavaScript:
		return appendText(dst, v.Data[4:len(v.Data)-1])
	case bson.TypeEmbeddedDocument:
		return appendFields(dst, v.Data, true)
	case bson.TypeArray:
		return appendFields(dst, v.Data, false)
	case bson.TypeBinary:
		return appendBinary(dst, v)
	case bson.TypeObjectID, bson.TypeBoolean:
		return append(dst, v.Data...)
	case bson.TypeDateTime:
		return binary.BigEndian.AppendUint64(dst, binary.LittleEndian.Uint64(v.Data)^1<<63)
	case bson.TypeTimestamp:
		return binary.BigEndian.AppendUint64(dst, binary.LittleEndian.Uint64(v.Data))
	case bson.TypeRegex:
		return append(dst, v.Data...)
	case bson.TypeDBPointer, bson.TypeCodeWithScope:
		return append(binary.BigEndian.AppendUint32(dst, uint32(len(v.Data))), v.Data...)
	default: // the types with a single value have no body
		return dst
	}
}

func appendFields(dst, doc []byte, named bool) []byte {
	it := Elements(doc)
	for {
		key, v, ok := it.Next()
		if !ok {
			return append(dst, 0)
		}
		dst = append(dst, ClassOf(v))
		if named {
			dst = append(append(dst, key...), 0)
		}
		dst = appendBody(dst, v)
	}
}

// appendText escapes zero bytes as 00 FF and ends with 00 01.
func appendText(dst, s []byte) []byte {
	for {
		i := bytes.IndexByte(s, 0)
		if i < 0 {
			break
		}
		dst = append(append(dst, s[:i]...), 0, 0xFF)
		s = s[i+1:]
	}
	return append(append(dst, s...), 0, 1)
}

func appendBinary(dst []byte, v V) []byte {
	subtype, data, _, _ := bsoncore.ReadBinary(v.Data)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(data)))
	return append(append(dst, subtype), data...)
}

// A number is encoded as the largest double not above it (8 bytes) and what is
// left over it (2 bytes): the left-over is 0 for every double, and below 1024
// for integers beyond 2^53. Its lowest bit says that the digits of a decimal
// that lies between follow.
func appendInt(dst []byte, n int64) []byte {
	f := float64(n)
	if n > -1<<53 && n < 1<<53 {
		return append(appendBits(dst, f), 0, 0)
	}
	if f >= 1<<63 || int64(f) > n {
		f = math.Nextafter(f, math.Inf(-1))
	}
	return binary.BigEndian.AppendUint16(appendBits(dst, f), uint16(n-int64(f))<<1)
}

func appendFloat(dst []byte, f float64) []byte {
	return append(appendBits(dst, f), 0, 0)
}

// appendBits appends f so that the bytes order as the numbers; NaN is lowest,
// and both zeros are equal.
func appendBits(dst []byte, f float64) []byte {
	if math.IsNaN(f) {
		return binary.BigEndian.AppendUint64(dst, 0)
	}
	if f == 0 {
		return binary.BigEndian.AppendUint64(dst, 1<<63)
	}
	u := math.Float64bits(f)
	if u>>63 == 0 {
		u |= 1 << 63
	} else {
		u = ^u
	}
	return binary.BigEndian.AppendUint64(dst, u)
}

// Compare orders two values as MongoDB's sort does.
func Compare(a, b V) int {
	if a.Type == b.Type {
		switch a.Type {
		case bson.TypeString:
			return bytes.Compare(a.Data[4:len(a.Data)-1], b.Data[4:len(b.Data)-1])
		case bson.TypeObjectID, bson.TypeBoolean:
			return bytes.Compare(a.Data, b.Data)
		}
	}
	if ca, cb := ClassOf(a), ClassOf(b); ca != cb {
		return int(ca) - int(cb)
	}
	var ba, bb [64]byte
	return bytes.Compare(AppendKey(ba[:0], a), AppendKey(bb[:0], b))
}

// Equal tells whether two values are the same to MongoDB (1 equals 1.0).
func Equal(a, b V) bool {
	if a.Type == b.Type && bytes.Equal(a.Data, b.Data) {
		return true
	}
	return Compare(a, b) == 0
}

// After returns the smallest byte string greater than every string that begins
// with key, or nil if there is none.
func After(key []byte) []byte {
	for i := len(key) - 1; i >= 0; i-- {
		if key[i] != 0xFF {
			out := append([]byte(nil), key[:i+1]...)
			out[i]++
			return out
		}
	}
	return nil
}
