package docserver

import (
	"bytes"
	"strings"

	bolt "go.etcd.io/bbolt"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// create makes an empty collection.
func (s *Server) create(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	if err := refuseOptions(q, "capped", "size", "max", "validator", "viewOn", "timeseries", "clusteredIndex", "expireAfterSeconds",
		"changeStreamPreAndPostImages", "encryptedFields", "storageEngine", "indexOptionDefaults", "pipeline"); err != nil {
		return nil, err
	}
	if err := refuseCollation(q.body); err != nil {
		return nil, err
	}
	return s.submit(q, func(w *writeTx) (*value.Builder, error) {
		if w.cat.colls[ns] != nil {
			return nil, fault.New(fault.NamespaceExists, "Collection %s already exists.", ns)
		}
		_, err := w.ensure(ns)
		return value.NewBuilder(), err
	})
}

// drop removes a collection; cursors on it end with an error.
func (s *Server) drop(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	return s.submit(q, func(w *writeTx) (*value.Builder, error) {
		c := w.cat.colls[ns]
		if c == nil { // as MongoDB 7: nothing to do is success
			return value.NewBuilder(), nil
		}
		b := value.NewBuilder().Add("nIndexesWas", value.Int32(int32(len(c.indexes)+1))).Add("ns", value.String(ns))
		return b, w.dropCollection(c)
	})
}

func (w *writeTx) dropCollection(c *collection) error {
	for _, ix := range c.all() { // the first is the documents' own bucket
		if err := w.dropBucket(ix.bucket); err != nil {
			return err
		}
	}
	return w.setCollection(c.ns, nil)
}

func (s *Server) dropDatabase(q *request) (*value.Builder, error) {
	return s.submit(q, func(w *writeTx) (*value.Builder, error) {
		names := w.cat.names(q.db)
		for _, ns := range names {
			if err := w.dropCollection(w.cat.colls[ns]); err != nil {
				return nil, err
			}
		}
		b := value.NewBuilder()
		if len(names) > 0 {
			b.Add("dropped", value.String(q.db))
		}
		return b, nil
	})
}

// listCollections lists what create and the first inserts made.
func (s *Server) listCollections(q *request) (*value.Builder, error) {
	q.body = bytes.Clone(q.body)
	f, err := q.filter("filter", nil)
	if err != nil {
		return nil, err
	}
	size, err := batchSizeOf(q, "cursor")
	if err != nil {
		return nil, err
	}
	nameOnly := value.Truthy(q.field("nameOnly"))
	cat := s.catalog.Load()
	var docs [][]byte
	for _, ns := range cat.names(q.db) {
		b := value.NewBuilder().
			Add("name", value.String(strings.TrimPrefix(ns, q.db+"."))).
			Add("type", value.String("collection"))
		if !nameOnly {
			b.Add("options", value.Document(value.NewBuilder().Bytes())).
				Add("info", value.Document(value.NewBuilder().Add("readOnly", value.Bool(false)).Bytes())).
				Add("idIndex", value.Document(cat.colls[ns].primary.spec))
		}
		doc := b.Bytes()
		if ok, err := f.Match(doc, nil); err != nil {
			return nil, err
		} else if ok {
			docs = append(docs, doc)
		}
	}
	return s.listReply(q, q.db+".$cmd.listCollections", docs, size)
}

func (s *Server) listDatabases(q *request) (*value.Builder, error) {
	if q.db != "admin" {
		return nil, fault.New(fault.Unauthorized, "listDatabases may only be run against the admin database.")
	}
	f, err := q.filter("filter", nil)
	if err != nil {
		return nil, err
	}
	nameOnly := value.Truthy(q.field("nameOnly"))
	var list []value.V
	last := ""
	var total int64
	for _, ns := range s.catalog.Load().names("") {
		db, _, _ := strings.Cut(ns, ".")
		if db == last {
			continue
		}
		last = db
		b := value.NewBuilder().Add("name", value.String(db))
		if !nameOnly {
			n, err := s.fileBytes()
			if err != nil {
				return nil, err
			}
			total = n
			b.Add("sizeOnDisk", value.Int64(n)).Add("empty", value.Bool(false))
		}
		doc := b.Bytes()
		if ok, err := f.Match(doc, nil); err != nil {
			return nil, err
		} else if ok {
			list = append(list, value.Document(doc))
		}
	}
	b := value.NewBuilder().Add("databases", value.ArrayOf(list))
	if !nameOnly {
		b.Add("totalSize", value.Int64(total)) // one file holds them all
	}
	return b, nil
}

func (s *Server) fileBytes() (int64, error) {
	var n int64
	err := s.db.View(func(tx *bolt.Tx) error {
		n = tx.Size()
		return nil
	})
	return n, err
}

// collStats counts by walking the keys; it is for people, not for programs.
func (s *Server) collStats(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	st, err := s.measure(q, []string{ns})
	if err != nil {
		return nil, err
	}
	return value.NewBuilder().Add("ns", value.String(ns)).
		Add("count", numberOf(st.docs)).Add("size", value.Int64(st.bytes)).
		Add("nindexes", value.Int32(int32(st.indexes))), nil
}

func (s *Server) dbStats(q *request) (*value.Builder, error) {
	names := s.catalog.Load().names(q.db)
	st, err := s.measure(q, names)
	if err != nil {
		return nil, err
	}
	return value.NewBuilder().Add("db", value.String(q.db)).
		Add("collections", value.Int32(int32(len(names)))).
		Add("objects", value.Int64(st.docs)).Add("dataSize", value.Double(float64(st.bytes))).
		Add("indexes", value.Int32(int32(st.indexes))), nil
}

type statistics struct {
	docs, bytes int64
	indexes     int
}

func (s *Server) measure(q *request, names []string) (statistics, error) {
	var st statistics
	r, err := s.newReader(q)
	if err != nil {
		return st, err
	}
	defer r.close()
	for _, ns := range names {
		c := r.collection(ns)
		if c == nil {
			continue
		}
		st.indexes += len(c.indexes) + 1
		sc := newScan(c, &plan{ix: c.primary, ranges: []keyRange{{}}, exact: true}, nil, nil)
		for {
			k, v, err := sc.entry(r)
			if err != nil {
				return st, err
			}
			if k == nil {
				break
			}
			st.docs++
			st.bytes += int64(len(v))
		}
	}
	return st, nil
}
