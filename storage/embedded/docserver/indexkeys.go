package docserver

import (
	"bytes"
	"slices"

	bolt "go.etcd.io/bbolt"
	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// maxKeyBytes leaves room in bbolt's key limit.
const maxKeyBytes = bolt.MaxKeySize - 64

// entrySet is the keys of one document in one index, in order, without repeats.
type entrySet struct {
	keys  [][]byte
	multi []bool // per field: an array was opened
}

// slot is one field of the index on its way down the document.
type slot struct {
	v    value.V
	rest []string
	done bool
}

// keyWalk collects the keys of one document.
type keyWalk struct {
	ix      *index
	out     entrySet
	present bool // some field exists
	err     error
}

// entries returns the index keys of doc, none if the index leaves it out. At
// most one array may be involved, as in MongoDB; its elements are taken one by
// one, and fields inside the same element stay together.
func (ix *index) entries(doc []byte) (entrySet, error) {
	if ix.partial != nil {
		if ok, err := ix.partial.Match(doc, nil); !ok || err != nil {
			return entrySet{}, err
		}
	}
	w := keyWalk{ix: ix}
	slots := make([]slot, len(ix.fields))
	for i, f := range ix.fields {
		slots[i] = slot{v: value.Document(doc), rest: f.parts}
	}
	w.expand(slots)
	if w.err != nil || ix.sparse && !w.present {
		return entrySet{}, w.err
	}
	slices.SortFunc(w.out.keys, bytes.Compare)
	w.out.keys = slices.CompactFunc(w.out.keys, bytes.Equal)
	return w.out, nil
}

// advance goes down through documents to a value or an array.
func (s *slot) advance() {
	for !s.done {
		switch {
		case len(s.rest) == 0:
			s.done = s.v.Type != bson.TypeArray
			return
		case s.v.Type == bson.TypeEmbeddedDocument:
			s.v, s.rest = value.Lookup(s.v.Data, s.rest[0]), s.rest[1:]
		case s.v.Type == bson.TypeArray:
			return
		default:
			s.v, s.done = value.V{}, true
		}
	}
}

func (w *keyWalk) expand(slots []slot) {
	array := -1
	for i := range slots {
		slots[i].advance()
		if slots[i].done {
			continue
		}
		if array < 0 {
			array = i
		} else if &slots[i].v.Data[0] != &slots[array].v.Data[0] {
			w.err = fault.New(fault.CannotIndexParallelArrays, "cannot index parallel arrays [%s] [%s]",
				w.ix.fields[i].path, w.ix.fields[array].path)
			return
		}
	}
	if array < 0 {
		w.emit(slots)
		return
	}
	w.open(slots, value.List(slots[array].v.Data))
}

// open expands the slots that stopped at an array over its elements.
func (w *keyWalk) open(slots []slot, elements []value.V) {
	if w.out.multi == nil {
		w.out.multi = make([]bool, len(slots))
	}
	before := len(w.out.keys)
	for _, e := range elements {
		next := slices.Clone(slots)
		useful := false
		for i := range next {
			if next[i].done {
				continue
			}
			switch {
			case len(next[i].rest) == 0: // the array's elements are the values
				next[i] = slot{v: e, done: true}
				useful = true
			case e.Type == bson.TypeEmbeddedDocument:
				next[i].v = e
				useful = true
			default:
				next[i] = slot{done: true}
			}
		}
		if useful {
			w.expand(next)
		}
	}
	nothing := len(w.out.keys) == before && w.err == nil
	for i := range slots {
		if slots[i].done {
			continue
		}
		w.out.multi[i] = true
		if nothing && len(slots[i].rest) == 0 {
			slots[i] = slot{v: value.V{Type: bson.TypeUndefined}, done: true} // an empty array
		} else if nothing {
			slots[i] = slot{done: true}
		}
	}
	if nothing {
		w.emit(slots)
	}
}

func (w *keyWalk) emit(slots []slot) {
	var key []byte
	for i, s := range slots {
		w.present = w.present || !value.Missing(s.v)
		key = value.AppendDirected(key, s.v, w.ix.fields[i].desc)
	}
	if len(key) > maxKeyBytes {
		w.err = fault.New(fault.KeyTooLong, "key too large to index: %d bytes in index %s", len(key), w.ix.name)
		return
	}
	w.out.keys = append(w.out.keys, key)
}

// stored returns the key as the bucket has it: entries of indexes that are not
// unique are made so by the document's key behind them.
func (ix *index) stored(entry, id []byte) []byte {
	if ix.unique {
		return entry
	}
	return append(slices.Clip(entry), id...)
}

// content returns the value stored beside an entry: the document's key, or for
// indexes that are not unique the length of the entry before it.
func (ix *index) content(entry, id []byte) []byte {
	if ix.unique {
		return id
	}
	return []byte{byte(len(entry) >> 8), byte(len(entry))}
}

// documentOf returns the document's key of a stored pair.
func (ix *index) documentOf(k, v []byte) []byte {
	switch {
	case ix.primary:
		return k
	case ix.unique:
		return v
	}
	return k[int(v[0])<<8|int(v[1]):]
}
