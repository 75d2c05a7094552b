package value

import (
	"fmt"
	"strconv"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// Int32 makes an int32 value.
func Int32(n int32) V { return V{Type: bson.TypeInt32, Data: bsoncore.AppendInt32(nil, n)} }

// Int64 makes an int64 value.
func Int64(n int64) V { return V{Type: bson.TypeInt64, Data: bsoncore.AppendInt64(nil, n)} }

// Double makes a double value.
func Double(f float64) V { return V{Type: bson.TypeDouble, Data: bsoncore.AppendDouble(nil, f)} }

// Bool makes a boolean value.
func Bool(b bool) V { return V{Type: bson.TypeBoolean, Data: bsoncore.AppendBoolean(nil, b)} }

// String makes a string value.
func String(s string) V { return V{Type: bson.TypeString, Data: bsoncore.AppendString(nil, s)} }

// Date makes a date from milliseconds since 1970 UTC.
func Date(ms int64) V { return V{Type: bson.TypeDateTime, Data: bsoncore.AppendDateTime(nil, ms)} }

// Document wraps a raw document.
func Document(doc []byte) V { return V{Type: bson.TypeEmbeddedDocument, Data: doc} }

// ArrayOf makes an array; missing elements become null.
func ArrayOf(vs []V) V {
	idx, b := bsoncore.AppendArrayStart(nil)
	for i, v := range vs {
		if Missing(v) {
			v = Null()
		}
		b = bsoncore.AppendValueElement(b, strconv.Itoa(i), v)
	}
	b, _ = bsoncore.AppendArrayEnd(b, idx)
	return V{Type: bson.TypeArray, Data: b}
}

// Clone copies v out of the memory it points into.
func Clone(v V) V {
	return V{Type: v.Type, Data: append([]byte(nil), v.Data...)}
}

// Builder writes one document.
type Builder struct{ b []byte }

// NewBuilder starts a document.
func NewBuilder() *Builder { return NewBuilderSize(64) }

// NewBuilderSize is NewBuilder with room for n bytes.
func NewBuilderSize(n int) *Builder { return &Builder{b: make([]byte, 4, n)} }

// Add appends a field; a missing value is left out.
func (d *Builder) Add(key string, v V) *Builder {
	if !Missing(v) {
		d.b = bsoncore.AppendValueElement(d.b, key, v)
	}
	return d
}

// AddKey is Add with the key as bytes.
func (d *Builder) AddKey(key []byte, v V) *Builder {
	d.b = append(d.b, byte(v.Type))
	d.b = append(append(d.b, key...), 0)
	d.b = append(d.b, v.Data...)
	return d
}

// Bytes ends the document and returns it.
func (d *Builder) Bytes() []byte {
	d.b = append(d.b, 0)
	n := len(d.b)
	d.b[0], d.b[1], d.b[2], d.b[3] = byte(n), byte(n>>8), byte(n>>16), byte(n>>24)
	return d.b
}

// Any decodes v into the Go form used by bson.D trees.
func Any(v V) (any, error) {
	if Missing(v) {
		return nil, nil
	}
	var out bson.D
	raw := NewBuilder().Add("v", v).Bytes()
	if err := bson.Unmarshal(raw, &out); err != nil {
		return nil, fmt.Errorf("decode value: %w", err)
	}
	return out[0].Value, nil
}

// Of encodes a Go value.
func Of(x any) (V, error) {
	if x == nil {
		return Null(), nil
	}
	t, data, err := bson.MarshalValue(x)
	if err != nil {
		return V{}, fmt.Errorf("encode value: %w", err)
	}
	return V{Type: t, Data: data}, nil
}

// Open begins an array or document field that is written in place; what Open
// returns goes to Close.
func (d *Builder) Open(t Type, key string) int {
	d.b = append(d.b, byte(t))
	d.b = append(append(d.b, key...), 0)
	at := len(d.b)
	d.b = append(d.b, 0, 0, 0, 0)
	return at
}

// Close ends what Open began.
func (d *Builder) Close(at int) {
	d.b = append(d.b, 0)
	n := len(d.b) - at
	d.b[at], d.b[at+1], d.b[at+2], d.b[at+3] = byte(n), byte(n>>8), byte(n>>16), byte(n>>24)
}

// Element appends a document as the i-th element of an open array.
func (d *Builder) Element(i int, doc []byte) {
	d.b = append(d.b, byte(bson.TypeEmbeddedDocument))
	d.b = strconv.AppendInt(d.b, int64(i), 10)
	d.b = append(d.b, 0)
	d.b = append(d.b, doc...)
}
