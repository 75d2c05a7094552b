package docserver

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// cursor is a stream of documents that a client fetches in batches. It holds no
// transaction between batches.
type cursor struct {
	id      int64
	ns      string
	rows    rows
	held    []byte // read already, but there was no room for it
	session string
	txn     *transaction // the cursor reads in it and ends with it
	forever bool         // noCursorTimeout
	used    time.Time    // guarded by cursorTable.mu
	busy    bool         // guarded by cursorTable.mu: a getMore runs
	killed  bool         // guarded by cursorTable.mu
}

// cursorTable is every open cursor.
type cursorTable struct {
	mu   sync.Mutex // guards open and the marked fields of cursors
	open map[int64]*cursor
}

// add keeps a cursor under a fresh random id.
func (t *cursorTable) add(c *cursor, now time.Time, limit int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.open) >= limit {
		return fault.New(fault.TooManyOpenCursors, "too many open cursors: %d", limit)
	}
	if t.open == nil {
		t.open = map[int64]*cursor{}
	}
	for c.id == 0 || t.open[c.id] != nil {
		var b [8]byte
		_, _ = rand.Read(b[:]) // never fails
		c.id = int64(binary.LittleEndian.Uint64(b[:]) >> 1)
	}
	c.used = now
	t.open[c.id] = c
	return nil
}

// take marks a cursor busy for one getMore.
func (t *cursorTable) take(id int64) (*cursor, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.open[id]
	if c == nil {
		return nil, cursorNotFound(id)
	}
	if c.busy {
		return nil, fault.New(12051, "cursor id %d is already in use", id)
	}
	c.busy = true
	return c, nil
}

func cursorNotFound(id int64) error {
	return fault.New(fault.CursorNotFound, "cursor id %d not found", id)
}

// giveBack ends a getMore; a cursor that is done or was killed goes. It tells
// whether the cursor is still open.
func (t *cursorTable) giveBack(c *cursor, now time.Time, done bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	c.busy, c.used = false, now
	if done || c.killed {
		delete(t.open, c.id)
		return false
	}
	return true
}

// kill removes a cursor and tells whether it was there.
func (t *cursorTable) kill(id int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.open[id]
	if c == nil {
		return false
	}
	t.drop(c)
	return true
}

// drop removes c now or, when it is busy, at the end of its getMore. t.mu is held.
func (t *cursorTable) drop(c *cursor) {
	c.killed = true
	if !c.busy {
		delete(t.open, c.id)
	}
}

// killIf removes every cursor that which picks.
func (t *cursorTable) killIf(which func(c *cursor) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.open {
		if which(c) {
			t.drop(c)
		}
	}
}

// expire removes the cursors unused since before.
func (t *cursorTable) expire(before time.Time) {
	t.killIf(func(c *cursor) bool { return !c.busy && !c.forever && c.txn == nil && c.used.Before(before) })
}

func (t *cursorTable) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.open)
}

// firstBatchSize is how many documents a first batch has when the client does
// not say.
const firstBatchSize = 101

// batchBytes is room for the reply of a page of documents.
const batchBytes = 8 << 10

// batch reads documents into the open array of a reply. done tells that there
// is nothing left.
func (c *cursor) batch(r *reader, b *value.Builder, limit int64) (done bool, err error) {
	size := 0
	for i := range limit {
		doc := c.held
		if c.held = nil; doc == nil {
			if doc, err = c.rows.next(r); err != nil {
				return false, err
			}
		}
		if doc == nil {
			return true, nil
		}
		if len(doc) > maxDocumentBytes+headroom {
			return false, fault.New(fault.BSONObjectTooLarge, "a result of %d bytes is larger than %d", len(doc), maxDocumentBytes)
		}
		if size += len(doc) + 16; i > 0 && size > maxReplyBytes {
			c.held = bytes.Clone(doc)
			return false, nil
		}
		b.Element(int(i), doc)
	}
	return false, nil
}

// openCursor makes the reply to a find or an aggregate, and keeps the cursor if
// there is more. size is the batch size or -1 for the default.
func (s *Server) openCursor(q *request, r *reader, c *cursor, size int64, single bool) (*value.Builder, error) {
	if size < 0 {
		size = firstBatchSize
	}
	c.session, c.txn = q.session, q.txn
	b := value.NewBuilderSize(batchBytes)
	outer := b.Open(bson.TypeEmbeddedDocument, "cursor")
	inner := b.Open(bson.TypeArray, "firstBatch")
	done, err := c.batch(r, b, size)
	if err != nil {
		return nil, err
	}
	if !done && !single && size > 0 && c.held == nil { // is there any more?
		doc, err := c.rows.next(r)
		if err != nil {
			return nil, err
		}
		c.held, done = bytes.Clone(doc), doc == nil
	}
	b.Close(inner)
	if !done && !single {
		if err := s.cursors.add(c, s.cfg.Now(), s.cfg.MaxCursors); err != nil {
			return nil, err
		}
	}
	b.Add("id", value.Int64(c.id)).Add("ns", value.String(c.ns))
	b.Close(outer)
	return b, nil
}

// listReply is the reply of a command that lists a few documents.
func (s *Server) listReply(q *request, ns string, docs [][]byte, size int64) (*value.Builder, error) {
	r := &reader{s: s, ctx: q.ctx}
	return s.openCursor(q, r, &cursor{ns: ns, rows: &listRows{docs: docs}}, size, false)
}

// batchSizeOf reads {batchSize: n} of a cursor argument, -1 if absent.
func batchSizeOf(q *request, name string) (int64, error) {
	doc, err := q.doc(name)
	if err != nil || doc == nil {
		return -1, err
	}
	it := value.Elements(doc)
	size := int64(-1)
	for {
		key, v, ok := it.Next()
		if !ok {
			return size, nil
		}
		n, whole := value.Int(v)
		if string(key) != "batchSize" || !whole || n < 0 {
			return 0, fault.New(fault.FailedToParse, "cursor argument '%s' is not valid", key)
		}
		size = n
	}
}

// getMore returns the next batch of a cursor.
func (s *Server) getMore(q *request) (*value.Builder, error) {
	id, ok := value.Int(q.arg)
	name, isText := value.Text(q.field("collection"))
	if !ok || !isText {
		return nil, fault.New(fault.TypeMismatch, "getMore needs a cursor id and a collection")
	}
	size, err := q.count("batchSize")
	if err != nil {
		return nil, err
	}
	if size == 0 {
		size = maxBatchCount * 10
	}
	c, err := s.cursors.take(id)
	if err != nil {
		return nil, err
	}
	if c.ns != q.db+"."+name || c.session != q.session || c.txn != q.txn {
		s.cursors.giveBack(c, s.cfg.Now(), false)
		return nil, fault.New(fault.Unauthorized, "cursor %d belongs to another collection, session or transaction", id)
	}
	b, done, err := s.nextBatch(q, c, size)
	open := s.cursors.giveBack(c, s.cfg.Now(), done || err != nil)
	if err != nil {
		return nil, err
	}
	if !open {
		id = 0
	}
	// the id stands behind the batch: it is known only now
	b.b.Add("id", value.Int64(id)).Add("ns", value.String(c.ns))
	b.b.Close(b.outer)
	return b.b, nil
}

// openBatch is a reply whose cursor document is still open.
type openBatch struct {
	b     *value.Builder
	outer int
}

func (s *Server) nextBatch(q *request, c *cursor, size int64) (openBatch, bool, error) {
	r, err := s.newReader(q)
	if err != nil {
		return openBatch{}, true, err
	}
	defer r.close()
	b := value.NewBuilderSize(batchBytes)
	outer := b.Open(bson.TypeEmbeddedDocument, "cursor")
	inner := b.Open(bson.TypeArray, "nextBatch")
	done, err := c.batch(r, b, size)
	b.Close(inner)
	return openBatch{b, outer}, done, err
}

func (s *Server) killCursors(q *request) (*value.Builder, error) {
	arr, ok := value.Array(q.field("cursors"))
	if !ok {
		return nil, wrongType("killCursors.cursors", q.field("cursors"), "array")
	}
	var killed, missing []value.V
	for _, v := range value.List(arr) {
		if id, ok := value.Int(v); ok && s.cursors.kill(id) {
			killed = append(killed, v)
		} else {
			missing = append(missing, v)
		}
	}
	return value.NewBuilder().
		Add("cursorsKilled", value.ArrayOf(killed)).
		Add("cursorsNotFound", value.ArrayOf(missing)).
		Add("cursorsAlive", value.ArrayOf(nil)).
		Add("cursorsUnknown", value.ArrayOf(nil)), nil
}
