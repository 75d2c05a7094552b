package docserver

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	bolt "go.etcd.io/bbolt"
	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// Layout of the file. Bucket "meta" holds one document per collection under its
// namespace; bucket "sessions" the results of retryable writes; every
// collection and every index has a bucket of its own, named by a number that is
// never used again, so that what a cursor still points at is never something
// else.
const (
	metaBucket    = "meta"
	sessionBucket = "sessions"
)

// catalog is every collection. A catalog that was published is never changed.
type catalog struct {
	colls map[string]*collection
}

// collection is immutable; changes make a new one.
type collection struct {
	ns      string
	bucket  []byte // documents in key order of _id
	indexes []*index
	primary *index // of _id: the document bucket itself
}

// index is immutable; changes make a new one.
type index struct {
	name     string
	bucket   []byte
	fields   []indexField
	unique   bool
	sparse   bool
	ttl      int64         // seconds, -1 if none
	partial  *query.Filter // nil if none
	spec     []byte        // as listIndexes shows it
	multikey []bool        // per field: some document has an array there
	primary  bool
}

// indexField is one part of an index key.
type indexField struct {
	path  string
	parts []string
	desc  bool
}

func newCollection(ns string, bucket []byte) *collection {
	spec := value.NewBuilder().Add("v", value.Int32(2)).
		Add("key", value.Document(value.NewBuilder().Add("_id", value.Int32(1)).Bytes())).
		Add("name", value.String("_id_")).Bytes()
	primary := &index{
		name: "_id_", bucket: bucket, unique: true, primary: true, ttl: -1, spec: spec,
		fields: []indexField{{path: "_id", parts: []string{"_id"}}}, multikey: []bool{false},
	}
	return &collection{ns: ns, bucket: bucket, primary: primary}
}

// all returns the indexes with that of _id first.
func (c *collection) all() []*index { return append([]*index{c.primary}, c.indexes...) }

// find returns the index with the name, or nil.
func (c *collection) find(name string) *index {
	for _, ix := range c.all() {
		if ix.name == name {
			return ix
		}
	}
	return nil
}

// with returns a copy with other indexes.
func (c *collection) with(indexes []*index) *collection {
	out := *c
	out.indexes = indexes
	return &out
}

func (ix *index) anyMultikey() bool { return slices.Contains(ix.multikey, true) }

// names returns the namespaces of db in order; all with db "".
func (c *catalog) names(db string) []string {
	var out []string
	for ns := range c.colls {
		if db == "" || strings.HasPrefix(ns, db+".") {
			out = append(out, ns)
		}
	}
	slices.Sort(out)
	return out
}

func (c *catalog) clone() *catalog { return &catalog{colls: maps.Clone(c.colls)} }

// bucketName makes the name of the n-th bucket.
func bucketName(n uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte("b"), n)
}

func bucketNumber(name []byte) int64 { return int64(binary.BigEndian.Uint64(name[1:])) }

// record is the collection as the file keeps it.
func (c *collection) record() []byte {
	var list []value.V
	for _, ix := range c.indexes {
		var multi []value.V
		for _, m := range ix.multikey {
			multi = append(multi, value.Bool(m))
		}
		list = append(list, value.Document(value.NewBuilder().
			Add("bucket", value.Int64(bucketNumber(ix.bucket))).
			Add("spec", value.Document(ix.spec)).
			Add("multikey", value.ArrayOf(multi)).Bytes()))
	}
	return value.NewBuilder().
		Add("bucket", value.Int64(bucketNumber(c.bucket))).
		Add("indexes", value.ArrayOf(list)).Bytes()
}

// parseCollection reads what record wrote.
func parseCollection(ns string, rec []byte) (*collection, error) {
	if err := value.Validate(rec); err != nil {
		return nil, fmt.Errorf("catalog entry %s: %w", ns, err)
	}
	bucketOf := func(doc []byte) []byte {
		n, _ := value.Int(value.Lookup(doc, "bucket"))
		return bucketName(uint64(n))
	}
	c := newCollection(ns, bucketOf(rec))
	arr, _ := value.Array(value.Lookup(rec, "indexes"))
	for _, e := range value.List(arr) {
		spec := append([]byte(nil), value.Lookup(e.Data, "spec").Data...)
		ix, err := parseIndex(spec)
		if err != nil {
			return nil, fmt.Errorf("catalog entry %s: %w", ns, err)
		}
		ix.bucket = bucketOf(e.Data)
		for i, m := range value.List(value.Lookup(e.Data, "multikey").Data) {
			ix.multikey[i] = value.Truthy(m)
		}
		c.indexes = append(c.indexes, ix)
	}
	return c, nil
}

// parseIndex reads an index specification and refuses what is unknown in it.
func parseIndex(spec []byte) (*index, error) {
	ix := &index{ttl: -1, spec: spec}
	it := value.Elements(spec)
	for {
		key, v, ok := it.Next()
		if !ok {
			break
		}
		if err := ix.option(string(key), v); err != nil {
			return nil, err
		}
	}
	if len(ix.fields) == 0 || ix.name == "" {
		return nil, fault.New(fault.FailedToParse, "an index needs a name and at least one field")
	}
	if ix.ttl >= 0 && len(ix.fields) != 1 {
		return nil, fault.New(fault.CannotCreateIndex, "TTL indexes are single-field indexes, compound indexes do not support TTL")
	}
	if ix.sparse && ix.partial != nil {
		return nil, fault.New(fault.CannotCreateIndex, "cannot mix \"partialFilterExpression\" and \"sparse\" options")
	}
	ix.multikey = make([]bool, len(ix.fields))
	return ix, nil
}

func (ix *index) option(key string, v value.V) error {
	var err error
	switch key {
	case "v", "ns", "background":
	case "key":
		err = ix.parseKey(v)
	case "name":
		ix.name, _ = value.Text(v)
	case "unique":
		ix.unique = value.Truthy(v)
	case "sparse":
		ix.sparse = value.Truthy(v)
	case "hidden":
		if value.Truthy(v) {
			err = fault.New(fault.CannotCreateIndex, "hidden indexes are not supported by this server")
		}
	case "expireAfterSeconds":
		n, ok := value.Int(v)
		if !ok || n < 0 || n > 1<<31-1 {
			err = fault.New(fault.CannotCreateIndex, "TTL index 'expireAfterSeconds' option must be within an acceptable range")
		}
		ix.ttl = n
	case "partialFilterExpression":
		ix.partial, err = parsePartial(v)
	default:
		err = fault.New(fault.InvalidOptions, "The field '%s' is not valid for an index specification", key)
	}
	return err
}

func (ix *index) parseKey(v value.V) error {
	doc, ok := value.Doc(v)
	if !ok {
		return wrongType("createIndexes.indexes.key", v, "object")
	}
	it := value.Elements(doc)
	for {
		key, dir, ok := it.Next()
		if !ok {
			break
		}
		path := string(key)
		f, isNumber := value.Float(dir)
		if !isNumber || f == 0 || f != f || dir.Type == bson.TypeDecimal128 {
			return fault.New(fault.CannotCreateIndex, "index type of field '%s' is not supported by this server", path)
		}
		field := indexField{path: path, parts: strings.Split(path, "."), desc: f < 0}
		for _, p := range field.parts {
			if p == "" || p[0] == '$' || p[0] >= '0' && p[0] <= '9' && strings.Trim(p, "0123456789") == "" {
				return fault.New(fault.CannotCreateIndex, "index path '%s' is not supported by this server", path)
			}
		}
		for _, other := range ix.fields {
			if other.path == path {
				return fault.New(fault.CannotCreateIndex, "field '%s' appears twice in the index", path)
			}
		}
		ix.fields = append(ix.fields, field)
	}
	if len(ix.fields) > 32 {
		return fault.New(fault.CannotCreateIndex, "an index may have at most 32 fields")
	}
	return nil
}

// parsePartial compiles a partial filter, which may hold conditions that a
// query can be seen to imply: $and of equality, $exists: true, ranges, $in and $type.
func parsePartial(v value.V) (*query.Filter, error) {
	doc, ok := value.Doc(v)
	if !ok {
		return nil, fault.New(fault.CannotCreateIndex, "'partialFilterExpression' for an index has to be a document")
	}
	f, err := query.CompileFilter(append([]byte(nil), doc...), nil)
	if err != nil {
		return nil, err
	}
	leaves, rest := f.Conjuncts()
	for _, l := range leaves {
		if l.Op > query.OpGte && l.Op != query.OpExists && l.Op != query.OpType {
			rest = append(rest, l)
		}
	}
	if len(rest) > 0 {
		return nil, fault.New(fault.CannotCreateIndex, "unsupported expression in partial index")
	}
	return f, nil
}

// loadCatalog reads the catalog from the file and publishes it.
func (s *Server) loadCatalog() error {
	fresh := false
	if err := s.db.View(func(tx *bolt.Tx) error {
		fresh = tx.Bucket([]byte(metaBucket)) == nil
		return nil
	}); err != nil {
		return fmt.Errorf("docserver: read catalog: %w", err)
	}
	if fresh {
		if err := s.db.Update(makeLayout); err != nil {
			return fmt.Errorf("docserver: prepare file: %w", err)
		}
	}
	cat := &catalog{colls: map[string]*collection{}}
	err := s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte(metaBucket)).ForEach(func(ns, rec []byte) error {
			c, err := parseCollection(string(ns), rec)
			if err != nil {
				return err
			}
			cat.colls[c.ns] = c
			return nil
		})
	})
	if err != nil {
		return fmt.Errorf("docserver: read catalog: %w", err)
	}
	s.catalog.Store(cat)
	return nil
}

func makeLayout(tx *bolt.Tx) error {
	if _, err := tx.CreateBucketIfNotExists([]byte(sessionBucket)); err != nil {
		return err
	}
	_, err := tx.CreateBucketIfNotExists([]byte(metaBucket))
	return err
}
