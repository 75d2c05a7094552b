package docserver

import (
	"context"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
)

// readSlice is how long one read transaction lives at most. A long one would
// keep freed pages from being used again and the file from growing, so long
// scans go on in a new one from where they were.
const readSlice = 50 * time.Millisecond

// reader gives scans a transaction to read from, and the catalog that goes with
// it. It belongs to one goroutine; whatever was read is only valid until the
// next step of any scan on the reader.
type reader struct {
	s     *Server
	ctx   context.Context //nolint:containedctx // of the request that reads
	tx    *bolt.Tx
	cat   *catalog
	gen   uint64 // of tx: a scan that sees another one seeks again
	own   bool   // tx is ours to end
	begun time.Time
	steps int
}

// newReader begins reading: in the client's transaction if there is one.
func (s *Server) newReader(q *request) (*reader, error) {
	if q.txn != nil {
		return q.txn.w.reader(q.ctx), nil
	}
	r := &reader{s: s, ctx: q.ctx, own: true}
	return r, r.begin()
}

// reader reads what w has written so far.
func (w *writeTx) reader(ctx context.Context) *reader {
	return &reader{s: w.s, ctx: ctx, tx: w.tx, cat: w.cat, gen: w.s.readGen.Add(1)}
}

func (r *reader) begin() error {
	r.s.snapshot.RLock()
	tx, err := r.s.db.Begin(false)
	r.cat = r.s.catalog.Load()
	r.s.snapshot.RUnlock()
	if err != nil {
		return fmt.Errorf("storage begin: %w", err)
	}
	r.tx, r.gen, r.begun = tx, r.s.readGen.Add(1), time.Now()
	return nil
}

// close ends the read transaction.
func (r *reader) close() {
	if r.own && r.tx != nil {
		_ = r.tx.Rollback() // of a read transaction: cannot fail
		r.tx = nil
	}
}

// step is called before each step of a scan: it notices the end of the request
// and renews a transaction that grew old.
func (r *reader) step() error {
	r.steps++
	if r.steps%64 != 0 {
		return nil
	}
	if r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	if !r.own || r.steps%1024 != 0 || time.Since(r.begun) < readSlice {
		return nil
	}
	r.close()
	return r.begin()
}

// collection returns the collection as the reader sees it, or nil.
func (r *reader) collection(ns string) *collection { return r.cat.colls[ns] }
