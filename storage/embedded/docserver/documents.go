package docserver

import (
	"bytes"
	"slices"
	"strconv"

	bolt "go.etcd.io/bbolt"
	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// store writes one document: old is what is there now, nil for an insert.
// Everything is checked before the first mutation.
func (w *writeTx) store(c *collection, old, doc []byte) error {
	if len(doc) > maxDocumentBytes {
		return fault.New(fault.BSONObjectTooLarge, "object to insert too large. size in bytes: %d, max size: %d", len(doc), maxDocumentBytes)
	}
	id, err := documentKey(doc)
	if err != nil {
		return err
	}
	c = w.cat.colls[c.ns] // an earlier document of the command may have made an index multikey
	data := w.tx.Bucket(c.bucket)
	if old == nil && data.Get(id) != nil {
		return duplicate(c, c.primary, id, doc)
	}
	changes, flips, err := w.indexChanges(c, id, old, doc)
	if err != nil {
		return err
	}
	if flips != nil {
		if err := w.flipMultikey(c, flips); err != nil {
			return err
		}
	}
	for _, ch := range changes {
		if err := ch.apply(w, id); err != nil {
			return err
		}
	}
	return w.put(data, id, bytes.Clone(doc))
}

// documentKey is the key of a document by its _id.
func documentKey(doc []byte) ([]byte, error) {
	id := value.Lookup(doc, "_id")
	if id.Type == bson.TypeArray || id.Type == bson.TypeRegex || id.Type == bson.TypeUndefined {
		return nil, fault.New(53, "The '_id' value cannot be of type %s", value.TypeName(id.Type))
	}
	if sub, ok := value.Doc(id); ok {
		it := value.Elements(sub)
		if k, _, ok := it.Next(); ok && len(k) > 0 && k[0] == '$' {
			return nil, fault.New(fault.DollarPrefixedField, "_id fields may not contain '$'-prefixed fields: %s is not valid for storage.", k)
		}
	}
	key := value.AppendKey(nil, id)
	if len(key) > maxKeyBytes {
		return nil, fault.New(fault.KeyTooLong, "key too large to index: %d bytes in index _id_", len(key))
	}
	return key, nil
}

// indexChange is what one write does to one index.
type indexChange struct {
	ix       *index
	bucket   *bolt.Bucket
	add, del [][]byte // entries
}

func (ch *indexChange) apply(w *writeTx, id []byte) error {
	for _, e := range ch.del {
		if err := w.remove(ch.bucket, ch.ix.stored(e, id)); err != nil {
			return err
		}
	}
	for _, e := range ch.add {
		if err := w.put(ch.bucket, ch.ix.stored(e, id), ch.ix.content(e, id)); err != nil {
			return err
		}
	}
	return nil
}

// indexChanges works out and checks what the write does to every index, and
// which indexes it makes multikey.
func (w *writeTx) indexChanges(c *collection, id, old, doc []byte) ([]indexChange, map[*index][]bool, error) {
	var out []indexChange
	var flips map[*index][]bool
	for _, ix := range c.indexes {
		now, err := ix.entries(doc)
		if err != nil {
			return nil, nil, err
		}
		var was entrySet
		if old != nil {
			if was, err = ix.entries(old); err != nil {
				return nil, nil, err
			}
		}
		ch := indexChange{ix: ix, bucket: w.tx.Bucket(ix.bucket), add: minus(now.keys, was.keys), del: minus(was.keys, now.keys)}
		for _, e := range ch.add {
			if len(e)+len(id) > maxKeyBytes {
				return nil, nil, fault.New(fault.KeyTooLong, "key too large to index: %d bytes in index %s", len(e)+len(id), ix.name)
			}
			if !ix.unique {
				continue
			}
			if other := ch.bucket.Get(e); other != nil && !bytes.Equal(other, id) {
				return nil, nil, duplicate(c, ix, e, doc)
			}
		}
		if len(ch.add)+len(ch.del) > 0 {
			out = append(out, ch)
		}
		if m := flipped(ix.multikey, now.multi); m != nil {
			if flips == nil {
				flips = map[*index][]bool{}
			}
			flips[ix] = m
		}
	}
	return out, flips, nil
}

// minus returns the sorted keys of a that are not in b.
func minus(a, b [][]byte) [][]byte {
	if len(b) == 0 {
		return a
	}
	var out [][]byte
	for _, k := range a {
		if _, ok := slices.BinarySearchFunc(b, k, bytes.Compare); !ok {
			out = append(out, k)
		}
	}
	return out
}

// flipped returns the new multikey flags, nil if nothing is new.
func flipped(known, seen []bool) []bool {
	var out []bool
	for i, m := range seen {
		if m && !known[i] {
			if out == nil {
				out = slices.Clone(known)
			}
			out[i] = true
		}
	}
	return out
}

// flipMultikey records that fields of indexes now hold arrays.
func (w *writeTx) flipMultikey(c *collection, flips map[*index][]bool) error {
	indexes := slices.Clone(w.cat.colls[c.ns].indexes)
	for i, ix := range indexes {
		for old, multi := range flips {
			if old.name == ix.name {
				n := *ix
				n.multikey = multi
				indexes[i] = &n
			}
		}
	}
	return w.setCollection(c.ns, w.cat.colls[c.ns].with(indexes))
}

// discard removes one document.
func (w *writeTx) discard(c *collection, id, doc []byte) error {
	for _, ix := range c.indexes {
		was, err := ix.entries(doc)
		if err != nil {
			return err
		}
		ch := indexChange{ix: ix, bucket: w.tx.Bucket(ix.bucket), del: was.keys}
		if err := ch.apply(w, id); err != nil {
			return err
		}
	}
	return w.remove(w.tx.Bucket(c.bucket), id)
}

// duplicate is MongoDB's duplicate key error for the entry of doc in ix.
func duplicate(c *collection, ix *index, entry, doc []byte) error {
	pattern := value.Lookup(ix.spec, "key")
	vals := collidingValues(ix, entry, doc)
	kv := value.NewBuilder()
	for i, f := range ix.fields {
		kv.Add(f.path, vals[i])
	}
	raw := kv.Bytes()
	e := fault.Of(fault.New(fault.DuplicateKey, "E11000 duplicate key error collection: %s index: %s dup key: %s",
		c.ns, ix.name, shown(raw)))
	e.KeyPattern, e.KeyValue = bytes.Clone(pattern.Data), raw
	return e
}

// collidingValues returns the values of doc behind an entry.
func collidingValues(ix *index, entry, doc []byte) []value.V {
	out := make([]value.V, len(ix.fields))
	for i, f := range ix.fields {
		v := expr.Path(value.Document(doc), f.parts)
		candidates := []value.V{v}
		if arr, ok := value.Array(v); ok {
			candidates = append(candidates, value.List(arr)...)
		}
		out[i] = value.Null()
		for _, v := range candidates {
			key := value.AppendDirected(nil, v, f.desc)
			if bytes.HasPrefix(entry, key) {
				if !value.Missing(v) {
					out[i] = v
				}
				entry = entry[len(key):]
				break
			}
		}
	}
	return out
}

// shown renders a key as MongoDB's messages do: { a: 1, b: "x" }.
func shown(doc []byte) string {
	var b bytes.Buffer
	b.WriteString("{ ")
	it := value.Elements(doc)
	for i := 0; ; i++ {
		k, v, ok := it.Next()
		if !ok {
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.Write(k)
		b.WriteString(": ")
		if n, ok := value.Int(v); ok && v.Type != bson.TypeDecimal128 {
			b.WriteString(strconv.FormatInt(n, 10))
		} else {
			b.WriteString(v.String())
		}
	}
	b.WriteString(" }")
	return b.String()
}
