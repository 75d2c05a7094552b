package docserver

import (
	"bytes"
	"errors"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// The session bucket keeps, per logical session, the number and the outcome of
// its last retryable write or committed transaction. It is written in the same
// transaction as the work itself, so a retry after a crash gets its answer.
const (
	keptReply  = "reply"  // of a retryable write
	keptCommit = "commit" // true: the transaction of that number was committed
	keptNumber = "n"
	keptAt     = "at"
)

// earlierResult answers a retryable write that was done before; nil if it was
// not.
func (w *writeTx) earlierResult(q *request) ([]byte, error) {
	rec := w.tx.Bucket([]byte(sessionBucket)).Get([]byte(q.session))
	if rec == nil {
		return nil, nil
	}
	n, _ := value.Int(value.Lookup(rec, keptNumber))
	switch {
	case q.txnNumber < n:
		return nil, fault.New(fault.TransactionTooOld, "Retryable write with txnNumber %d is prohibited on session because a newer txnNumber %d has been used", q.txnNumber, n)
	case q.txnNumber > n:
		return nil, nil
	}
	reply, ok := value.Doc(value.Lookup(rec, keptReply))
	if !ok {
		return nil, fault.New(50768, "txnNumber %d was used for a transaction", n)
	}
	return bytes.Clone(reply), nil // it is read after the transaction
}

// keepResult stores the outcome of a retryable write.
func (w *writeTx) keepResult(q *request, reply []byte) error {
	return w.keep(q, func(b *value.Builder) { b.Add(keptReply, value.Document(reply)) })
}

// keepCommit stores that a transaction was committed.
func (w *writeTx) keepCommit(q *request) error {
	return w.keep(q, func(b *value.Builder) { b.Add(keptCommit, value.Bool(true)) })
}

func (w *writeTx) keep(q *request, more func(b *value.Builder)) error {
	b := value.NewBuilder().
		Add(keptNumber, value.Int64(q.txnNumber)).
		Add(keptAt, value.Date(w.s.cfg.Now().UnixMilli()))
	more(b)
	return w.put(w.tx.Bucket([]byte(sessionBucket)), []byte(q.session), b.Bytes())
}

// lastKept returns what the session did last.
func (s *Server) lastKept(session string) (number int64, committed bool, err error) {
	number = -1
	err = s.db.View(func(tx *bolt.Tx) error {
		if rec := tx.Bucket([]byte(sessionBucket)).Get([]byte(session)); rec != nil {
			number, _ = value.Int(value.Lookup(rec, keptNumber))
			committed = value.Truthy(value.Lookup(rec, keptCommit))
		}
		return nil
	})
	return number, committed, err
}

// sessionTable is the open transactions by session.
type sessionTable struct {
	mu   sync.Mutex // guards txns
	txns map[string]*transaction
}

func (t *sessionTable) get(session string) *transaction {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.txns[session]
}

func (t *sessionTable) put(session string, x *transaction) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.txns == nil {
		t.txns = map[string]*transaction{}
	}
	t.txns[session] = x
}

// remove forgets x, if it is still the session's.
func (t *sessionTable) remove(session string, x *transaction) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.txns[session] == x {
		delete(t.txns, session)
	}
}

func (t *sessionTable) all() []*transaction {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []*transaction
	for _, x := range t.txns {
		out = append(out, x)
	}
	return out
}

func (t *sessionTable) abortAll() {
	for _, x := range t.all() {
		x.abort(errShutdown)
	}
}

var errShutdown = errors.New("server is closing")

// endSessions aborts the transactions of sessions and closes their cursors.
func (s *Server) endSessions(q *request) (*value.Builder, error) {
	arr, ok := value.Array(q.arg)
	if !ok {
		return nil, wrongType(q.name, q.arg, "array")
	}
	for _, v := range value.List(arr) {
		doc, _ := value.Doc(v)
		id := value.Lookup(doc, "id")
		if id.Type != bson.TypeBinary {
			return nil, wrongType(q.name+".id", id, "binData")
		}
		_, raw, _, _ := bsoncore.ReadBinary(id.Data)
		if x := s.sessions.get(string(raw)); x != nil {
			x.abort(errors.New("the session was ended"))
		}
		s.cursors.killIf(func(c *cursor) bool { return c.session == string(raw) })
	}
	return value.NewBuilder(), nil
}

// killAllSessions aborts every transaction and closes every cursor: there is
// only one user.
func (s *Server) killAllSessions(q *request) (*value.Builder, error) {
	if arr, ok := value.Array(q.arg); !ok || value.Count(arr) > 0 {
		return nil, fault.New(fault.NotImplemented, "killAllSessions takes only an empty list: there is one user")
	}
	for _, x := range s.sessions.all() {
		x.abort(errors.New("all sessions were killed"))
	}
	s.cursors.killIf(func(*cursor) bool { return true })
	return value.NewBuilder(), nil
}

// sweepSessions forgets outcomes that no driver asks for any more.
func (s *Server) sweepSessions(now time.Time) error {
	limit := now.Add(-s.cfg.SessionLife).UnixMilli()
	var old [][]byte
	err := s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte(sessionBucket)).ForEach(func(k, rec []byte) error {
			if at, _, ok := bsoncore.ReadDateTime(value.Lookup(rec, keptAt).Data); ok && at < limit {
				old = append(old, append([]byte(nil), k...))
			}
			return nil
		})
	})
	if err != nil || len(old) == 0 {
		return err
	}
	_, err = s.submit(&request{ctx: s.ctx, name: "sweep"}, func(w *writeTx) (*value.Builder, error) {
		b := w.tx.Bucket([]byte(sessionBucket))
		for _, k := range old {
			at, _, ok := bsoncore.ReadDateTime(value.Lookup(b.Get(k), keptAt).Data)
			if !ok || at >= limit { // used again in between
				continue
			}
			if err := w.remove(b, k); err != nil {
				return nil, err
			}
		}
		return value.NewBuilder(), nil
	})
	return err
}
