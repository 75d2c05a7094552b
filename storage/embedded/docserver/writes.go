package docserver

import (
	"bytes"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// writeResults gathers what the statements of one command did.
type writeResults struct {
	q       *request
	ordered bool
	n       int64
	changed int64
	errs    []value.V
	upserts []value.V
}

func newResults(q *request) (*writeResults, error) {
	ordered, err := flagOf(q.body, q.name, "ordered", true)
	return &writeResults{q: q, ordered: ordered}, err
}

// failed notes the error of statement i and tells whether the command goes on.
// An error that is not the statement's own, or any in a transaction, ends the
// command.
func (w *writeResults) failed(i int, err error) (goOn bool, fatal error) {
	if !isFault(err) || w.q.txn != nil {
		return false, err
	}
	e := fault.Of(err)
	outOfTime := e.Code == fault.MaxTimeMSExpired
	if outOfTime && w.n == 0 && len(w.errs) == 0 {
		return false, err
	}
	b := value.NewBuilder().
		Add("index", value.Int32(int32(i))).
		Add("code", value.Int32(int32(e.Code)))
	addKeys(b, e)
	w.errs = append(w.errs, value.Document(b.Add("errmsg", value.String(e.Message)).Bytes()))
	return !w.ordered && !outOfTime, nil
}

func (w *writeResults) reply(withModified bool) *value.Builder {
	b := value.NewBuilder().Add("n", numberOf(w.n))
	if withModified {
		b.Add("nModified", numberOf(w.changed))
	}
	if len(w.upserts) > 0 {
		b.Add("upserted", value.ArrayOf(w.upserts))
	}
	if len(w.errs) > 0 {
		b.Add("writeErrors", value.ArrayOf(w.errs))
	}
	return b
}

// insert adds documents.
func (s *Server) insert(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	docs, err := q.documents("documents")
	if err != nil {
		return nil, err
	}
	res, err := newResults(q)
	if err != nil {
		return nil, err
	}
	return s.submit(q, func(w *writeTx) (*value.Builder, error) {
		c, err := w.ensure(ns)
		if err != nil {
			return nil, err
		}
		for i, doc := range docs {
			err := w.store(c, nil, w.prepare(doc))
			if err == nil {
				res.n++
				continue
			}
			if goOn, err := res.failed(i, err); err != nil {
				return nil, err
			} else if !goOn {
				break
			}
		}
		return res.reply(false), nil
	})
}

// prepare gives a document an _id if it has none, puts it first, and fills in
// empty timestamps, as MongoDB does with inserts.
func (w *writeTx) prepare(doc []byte) []byte {
	id := value.Lookup(doc, "_id")
	it := value.Elements(doc)
	first, _, _ := it.Next()
	if string(first) == "_id" && !hasEmptyTimestamp(doc) {
		return doc
	}
	if value.Missing(id) {
		id = newObjectID()
	}
	b := value.NewBuilder().Add("_id", id)
	for it = value.Elements(doc); ; {
		k, v, ok := it.Next()
		if !ok {
			return b.Bytes()
		}
		if v.Type == bson.TypeTimestamp && bytes.Equal(v.Data, make([]byte, 8)) {
			now := primitive.Timestamp{T: uint32(w.s.cfg.Now().Unix()), I: 1}
			v.Data = bsoncore.AppendTimestamp(nil, now.T, now.I)
		}
		if string(k) != "_id" {
			b.AddKey(k, v)
		}
	}
}

func hasEmptyTimestamp(doc []byte) bool {
	it := value.Elements(doc)
	for {
		_, v, ok := it.Next()
		if !ok {
			return false
		}
		if v.Type == bson.TypeTimestamp && bytes.Equal(v.Data, make([]byte, 8)) {
			return true
		}
	}
}

// known refuses fields of doc that are not named.
func known(doc []byte, where string, names ...string) error {
	it := value.Elements(doc)
next:
	for {
		key, _, ok := it.Next()
		if !ok {
			return nil
		}
		for _, n := range names {
			if string(key) == n {
				continue next
			}
		}
		return fault.New(fault.UnknownField, "BSON field '%s.%s' is an unknown field.", where, key)
	}
}
