package docserver

import (
	"bytes"
	"context"
	"slices"

	bolt "go.etcd.io/bbolt"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// createIndexes makes indexes that do not exist yet; one that exists with other
// options is refused.
func (s *Server) createIndexes(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	specs, err := q.documents("indexes")
	if err != nil {
		return nil, err
	}
	if err := refuseOptions(q, "ignoreUnknownIndexOptions"); err != nil {
		return nil, err
	}
	var wanted []*index
	for _, spec := range specs {
		if err := refuseCollation(spec); err != nil {
			return nil, err
		}
		ix, err := parseIndex(cleanSpec(spec))
		if err != nil {
			return nil, err
		}
		wanted = append(wanted, ix)
	}
	return s.submit(q, func(w *writeTx) (*value.Builder, error) {
		existed := w.cat.colls[ns] != nil
		if err := w.checkIndexes(ns, wanted); err != nil {
			return nil, err
		}
		c, err := w.ensure(ns)
		if err != nil {
			return nil, err
		}
		if k, _ := w.tx.Bucket(c.bucket).Cursor().First(); q.txn != nil && k != nil {
			return nil, fault.New(fault.OperationNotSupportedTxn, "Cannot create new indexes on existing collection %s in a multi-document transaction.", ns)
		}
		before := len(c.indexes) + 1
		if err := w.addIndexes(q.ctx, c, wanted); err != nil {
			return nil, err
		}
		return value.NewBuilder().
			Add("numIndexesBefore", value.Int32(int32(before))).
			Add("numIndexesAfter", value.Int32(int32(len(w.cat.colls[ns].indexes)+1))).
			Add("createdCollectionAutomatically", value.Bool(!existed)), nil
	})
}

// cleanSpec is the specification as it is kept: with a version, without what
// only the command needs.
func cleanSpec(spec []byte) []byte {
	b := value.NewBuilder().Add("v", value.Int32(2))
	it := value.Elements(spec)
	for {
		k, v, ok := it.Next()
		if !ok {
			return b.Bytes()
		}
		switch name := string(k); name {
		case "v", "ns", "background", "collation":
		case "unique", "sparse", "hidden":
			if value.Truthy(v) {
				b.Add(name, value.Bool(true))
			}
		default:
			b.AddKey(k, v)
		}
	}
}

// checkIndexes refuses names and keys that are taken with other options.
func (w *writeTx) checkIndexes(ns string, wanted []*index) error {
	var have []*index
	if c := w.cat.colls[ns]; c != nil {
		have = c.all()
	}
	for _, ix := range wanted {
		for _, old := range have {
			sameKey := bytes.Equal(value.Lookup(old.spec, "key").Data, value.Lookup(ix.spec, "key").Data) ||
				samePattern(value.Lookup(old.spec, "key").Data, value.Lookup(ix.spec, "key").Data)
			switch {
			case old.primary && sameKey:
			case old.name == ix.name && !sameKey:
				return fault.New(fault.IndexKeySpecsConflict, "An existing index has the same name as the requested index. Requested index: %s", ix.name)
			case sameKey && !sameOptions(old, ix):
				return fault.New(fault.IndexOptionsConflict, "An equivalent index already exists with a different name or different options: %s", old.name)
			}
		}
		have = append(have, ix)
	}
	return nil
}

func sameOptions(a, b *index) bool {
	partial := a.partial == nil && b.partial == nil ||
		a.partial != nil && b.partial != nil && bytes.Equal(a.partial.Raw(), b.partial.Raw())
	return a.name == b.name && a.unique == b.unique && a.sparse == b.sparse && a.ttl == b.ttl && partial
}

// addIndexes builds what is new. When a build fails nothing of it stays.
func (w *writeTx) addIndexes(ctx context.Context, c *collection, wanted []*index) error {
	indexes := slices.Clone(c.indexes)
	var made [][]byte
	for _, ix := range wanted {
		if slices.ContainsFunc(indexes, func(o *index) bool { return o.name == ix.name }) ||
			samePattern(value.Lookup(ix.spec, "key").Data, value.Lookup(c.primary.spec, "key").Data) {
			continue
		}
		n := *ix
		n.multikey = make([]bool, len(ix.fields))
		var err error
		if n.bucket, err = w.makeBucket(); err != nil {
			return err
		}
		made = append(made, n.bucket)
		if err := w.build(ctx, c, &n); err != nil {
			for _, name := range made {
				if derr := w.dropBucket(name); derr != nil {
					return derr
				}
			}
			return err
		}
		indexes = append(indexes, &n)
	}
	if len(made) == 0 {
		return nil
	}
	return w.setCollection(c.ns, c.with(indexes))
}

// build fills a new index. Its multikey flags are set as arrays are met.
func (w *writeTx) build(ctx context.Context, c *collection, ix *index) error {
	bucket := w.tx.Bucket(ix.bucket)
	sc := newScan(c, &plan{ix: c.primary, ranges: []keyRange{{}}, exact: true}, nil, nil)
	r := w.reader(ctx)
	for {
		id, doc, err := sc.next(r)
		if err != nil || id == nil {
			return err
		}
		if err := w.buildOne(c, ix, bucket, id, doc); err != nil {
			return err
		}
	}
}

func (w *writeTx) buildOne(c *collection, ix *index, bucket *bolt.Bucket, id, doc []byte) error {
	set, err := ix.entries(doc)
	if err != nil {
		return err
	}
	if m := flipped(ix.multikey, set.multi); m != nil {
		ix.multikey = m
	}
	id = bytes.Clone(id)
	for _, e := range set.keys {
		if len(e)+len(id) > maxKeyBytes {
			return fault.New(fault.KeyTooLong, "key too large to index: %d bytes in index %s", len(e)+len(id), ix.name)
		}
		if ix.unique && bucket.Get(e) != nil {
			return duplicate(c, ix, e, doc)
		}
		if err := w.put(bucket, ix.stored(e, id), ix.content(e, id)); err != nil {
			return err
		}
	}
	return nil
}

// dropIndexes removes indexes by name, by key pattern, or all with "*".
func (s *Server) dropIndexes(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	return s.submit(q, func(w *writeTx) (*value.Builder, error) {
		c := w.cat.colls[ns]
		if c == nil {
			return nil, fault.New(fault.NamespaceNotFound, "ns not found %s", ns)
		}
		gone, err := c.matching(q.field("index"))
		if err != nil {
			return nil, err
		}
		keep := slices.DeleteFunc(slices.Clone(c.indexes), func(ix *index) bool { return slices.Contains(gone, ix) })
		for _, ix := range gone {
			if err := w.dropBucket(ix.bucket); err != nil {
				return nil, err
			}
		}
		b := value.NewBuilder().Add("nIndexesWas", value.Int32(int32(len(c.indexes)+1)))
		if len(gone) == 0 {
			return b, nil
		}
		return b, w.setCollection(ns, c.with(keep))
	})
}

// matching finds the indexes that a dropIndexes argument means.
func (c *collection) matching(arg value.V) ([]*index, error) {
	if name, ok := value.Text(arg); ok && name == "*" {
		return c.indexes, nil
	}
	if arr, ok := value.Array(arg); ok {
		var out []*index
		for _, v := range value.List(arr) {
			ixs, err := c.matching(v)
			if err != nil {
				return nil, err
			}
			out = append(out, ixs...)
		}
		return out, nil
	}
	ix, _, err := c.hinted(arg)
	if err != nil || ix == nil {
		return nil, fault.New(fault.IndexNotFound, "index not found")
	}
	if ix.primary {
		return nil, fault.New(fault.InvalidOptions, "cannot drop _id index")
	}
	return []*index{ix}, nil
}

func (s *Server) listIndexes(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	size, err := batchSizeOf(q, "cursor")
	if err != nil {
		return nil, err
	}
	c := s.catalog.Load().colls[ns]
	if c == nil {
		return nil, fault.New(fault.NamespaceNotFound, "ns does not exist: %s", ns)
	}
	var docs [][]byte
	for _, ix := range c.all() {
		docs = append(docs, ix.spec)
	}
	return s.listReply(q, ns, docs, size)
}
