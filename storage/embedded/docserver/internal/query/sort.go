package query

import (
	"bytes"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// SortField is one field of a sort.
type SortField struct {
	Path  string
	Desc  bool
	parts []string
}

// Sort is a compiled sort document. An empty Sort keeps the order.
type Sort []SortField

// CompileSort compiles doc, which may be nil.
func CompileSort(doc []byte) (Sort, error) {
	var out Sort
	it := value.Elements(doc)
	for {
		key, v, ok := it.Next()
		if !ok {
			break
		}
		n, ok := value.Int(v)
		if !ok || n != 1 && n != -1 {
			return nil, fault.New(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)")
		}
		if len(key) == 0 || key[0] == '$' {
			return nil, fault.New(16410, "FieldPath field names may not start with '$'.")
		}
		out = append(out, SortField{Path: string(key), Desc: n < 0, parts: splitPath(string(key))})
	}
	if len(out) > 32 {
		return nil, fault.Bad("too many sort fields")
	}
	return out, nil
}

// AppendKey appends a byte string by which documents order as the sort says.
// An array counts as its smallest element, or its largest when descending.
func (s Sort) AppendKey(dst, doc []byte) []byte {
	for _, f := range s {
		dst = f.append(dst, doc)
	}
	return dst
}

func (f *SortField) append(dst, doc []byte) []byte {
	if len(f.parts) == 1 {
		if v := value.Lookup(doc, f.parts[0]); v.Type != bson.TypeArray {
			return value.AppendDirected(dst, v, f.Desc)
		}
	}
	var best []byte
	var buf []byte
	take := func(v value.V) {
		buf = value.AppendKey(buf[:0], v)
		if c := bytes.Compare(buf, best); best == nil || c < 0 != f.Desc && c != 0 {
			best = append(best[:0], buf...)
		}
	}
	leaves(value.Document(doc), f.parts, take)
	if best == nil {
		best = value.AppendKey(nil, value.Null())
	}
	if f.Desc {
		for i := range best {
			best[i] = ^best[i]
		}
	}
	return append(dst, best...)
}

// leaves calls take for every value at the path, with arrays opened.
func leaves(v value.V, parts []string, take func(value.V)) {
	if len(parts) == 0 {
		if v.Type != bson.TypeArray {
			take(v)
			return
		}
		if value.Count(v.Data) == 0 {
			take(value.V{Type: bson.TypeUndefined})
		}
		for _, e := range value.List(v.Data) {
			take(e)
		}
		return
	}
	switch v.Type {
	case bson.TypeEmbeddedDocument:
		leaves(value.Lookup(v.Data, parts[0]), parts[1:], take)
	case bson.TypeArray:
		for _, e := range value.List(v.Data) {
			if e.Type == bson.TypeEmbeddedDocument {
				leaves(e, parts, take)
			}
		}
		if e := value.Lookup(v.Data, parts[0]); !value.Missing(e) {
			leaves(e, parts[1:], take)
		}
	default:
		take(value.V{})
	}
}

// Leaves returns the distinct values at a dotted path with arrays opened; an
// absent path gives none.
func Leaves(doc []byte, path string) []value.V {
	var out []value.V
	leaves(value.Document(doc), splitPath(path), func(v value.V) {
		if !value.Missing(v) && v.Type != bson.TypeUndefined {
			out = append(out, v)
		}
	})
	return out
}
