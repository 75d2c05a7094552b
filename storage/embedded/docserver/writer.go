package docserver

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"syscall"

	bolt "go.etcd.io/bbolt"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

// maxGroup is how many commands share one commit at most.
const maxGroup = 256

// writeTx is the one open write transaction. All mutations go through it, so
// that a storage error is noticed and ends the whole transaction.
type writeTx struct {
	s       *Server
	tx      *bolt.Tx
	cat     *catalog // the catalog as this transaction sees it
	changed bool     // cat differs from what is published
	ops     int      // mutations so far
	broken  error    // the first storage error: nothing of this transaction may be kept
}

// writeFunc does the work of one command. An error that is a *fault.Error must
// have left no trace; any other error breaks the transaction.
type writeFunc func(w *writeTx) (*value.Builder, error)

// writeJob is a command on its way through the writer.
type writeJob struct {
	ctx  context.Context //nolint:containedctx // of the request that waits for it
	fn   func(w *writeTx) ([]byte, error)
	out  []byte
	err  error
	done chan struct{}
}

// put stores a key. The value must not change before the transaction ends.
func (w *writeTx) put(b *bolt.Bucket, k, v []byte) error {
	return w.mutate("put", func() error { return b.Put(k, v) })
}

func (w *writeTx) remove(b *bolt.Bucket, k []byte) error {
	return w.mutate("delete", func() error { return b.Delete(k) })
}

// makeBucket makes a bucket under a fresh name.
func (w *writeTx) makeBucket() ([]byte, error) {
	var name []byte
	err := w.mutate("bucket", func() error {
		n, err := w.tx.Bucket([]byte(metaBucket)).NextSequence()
		if err != nil {
			return err
		}
		name = bucketName(n)
		_, err = w.tx.CreateBucket(name)
		return err
	})
	return name, err
}

func (w *writeTx) dropBucket(name []byte) error {
	return w.mutate("drop", func() error { return w.tx.DeleteBucket(name) })
}

// mutate runs one storage operation and remembers a failure.
func (w *writeTx) mutate(op string, f func() error) error {
	if w.broken != nil {
		return w.broken
	}
	w.ops++
	err := w.s.injected(op)
	if err == nil {
		err = f()
	}
	if err != nil {
		w.broken = fmt.Errorf("storage %s: %w", op, err)
	}
	return w.broken
}

func (s *Server) injected(op string) error {
	if s.cfg.fault == nil {
		return nil
	}
	return s.cfg.fault(op)
}

// setCollection stores a new version of a collection; nil removes it.
func (w *writeTx) setCollection(ns string, c *collection) error {
	if !w.changed {
		w.cat, w.changed = w.cat.clone(), true
	}
	meta := w.tx.Bucket([]byte(metaBucket))
	if c == nil {
		delete(w.cat.colls, ns)
		return w.remove(meta, []byte(ns))
	}
	w.cat.colls[ns] = c
	return w.put(meta, []byte(ns), c.record())
}

// ensure returns the collection, made now if it does not exist.
func (w *writeTx) ensure(ns string) (*collection, error) {
	if c := w.cat.colls[ns]; c != nil {
		return c, nil
	}
	bucket, err := w.makeBucket()
	if err != nil {
		return nil, err
	}
	c := newCollection(ns, bucket)
	return c, w.setCollection(ns, c)
}

// submit runs fn in a write transaction: that of the client's transaction, or
// the next group. It returns when the result is durable, or in a transaction at
// once. The result of a retryable write is kept with it.
func (s *Server) submit(q *request, fn writeFunc) (*value.Builder, error) {
	if q.txn != nil {
		b, err := fn(q.txn.w)
		if q.txn.w.broken != nil {
			return nil, storageFault(q.txn.w.broken)
		}
		return b, err
	}
	job := &writeJob{ctx: q.ctx, done: make(chan struct{})}
	job.fn = func(w *writeTx) ([]byte, error) { return s.oneWrite(q, w, fn) }
	select {
	case s.queue <- job:
	case <-q.ctx.Done():
		return nil, context.Cause(q.ctx)
	}
	<-job.done // even after the deadline: the outcome is known soon
	if job.err != nil {
		return nil, job.err
	}
	return reopen(job.out), nil
}

// oneWrite runs fn and keeps its reply if it is retryable and did something.
func (s *Server) oneWrite(q *request, w *writeTx, fn writeFunc) ([]byte, error) {
	if q.retryable {
		if reply, err := w.earlierResult(q); reply != nil || err != nil {
			return reply, err
		}
	}
	before := w.ops
	b, err := fn(w)
	if err != nil {
		return nil, err
	}
	reply := b.Bytes()
	if q.retryable && w.ops != before {
		err = w.keepResult(q, reply)
	}
	return reply, err
}

// reopen turns a finished document into a builder.
func reopen(doc []byte) *value.Builder {
	b := value.NewBuilder()
	it := value.Elements(doc)
	for {
		k, v, ok := it.Next()
		if !ok {
			return b
		}
		b.AddKey(k, v)
	}
}

// write is the writer goroutine: it takes what has queued up, runs it in one
// transaction and answers everybody after the commit.
func (s *Server) write() {
	for job := range s.queue {
		if !s.takeToken(job) {
			continue
		}
		group := []*writeJob{job}
	gather:
		for len(group) < maxGroup {
			select {
			case next, ok := <-s.queue:
				if !ok {
					break gather
				}
				group = append(group, next)
			default:
				break gather
			}
		}
		s.runGroup(group)
		<-s.token
		for _, j := range group {
			close(j.done)
		}
	}
}

// takeToken waits until no transaction is open.
func (s *Server) takeToken(job *writeJob) bool {
	select {
	case s.token <- struct{}{}:
		return true
	case <-job.ctx.Done():
		job.err = context.Cause(job.ctx)
		close(job.done)
		return false
	}
}

// runGroup runs the jobs in one transaction. If the storage fails, all of them
// fail and nothing is kept.
func (s *Server) runGroup(group []*writeJob) {
	w, err := s.beginWrite()
	if err == nil {
		err = w.runAll(group)
	}
	if err == nil {
		err = w.end()
	}
	if err == nil {
		return
	}
	s.cfg.Logger.Error("write group failed", "commands", len(group), "error", err)
	for _, j := range group {
		j.out, j.err = nil, storageFault(err)
	}
}

func (w *writeTx) runAll(group []*writeJob) (err error) {
	defer func() {
		if p := recover(); p != nil { // half done, perhaps: nothing can be kept
			w.s.cfg.Logger.Error("write panicked", "panic", p, "stack", string(debug.Stack()))
			w.broken = fmt.Errorf("panic in a write: %v", p)
		}
		if w.broken != nil {
			err = errors.Join(w.broken, w.rollback())
		}
	}()
	for _, j := range group {
		if j.ctx.Err() != nil {
			j.err = context.Cause(j.ctx)
			continue
		}
		before := w.ops
		j.out, j.err = j.fn(w)
		if j.err != nil && w.broken == nil && !isFault(j.err) && (w.ops != before || !isCancel(j.err)) {
			w.broken = j.err // stopped half way
		}
		if w.broken != nil {
			return w.broken
		}
	}
	return nil
}

func isCancel(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func (s *Server) beginWrite() (*writeTx, error) {
	tx, err := s.db.Begin(true)
	if err != nil {
		return nil, fmt.Errorf("storage begin: %w", err)
	}
	return &writeTx{s: s, tx: tx, cat: s.catalog.Load()}, nil
}

// end commits what was changed. When the commit fails, nothing was kept as far
// as the storage can tell, and the catalog is read again from it.
func (w *writeTx) end() error {
	if w.ops == 0 {
		return w.rollback()
	}
	if err := w.s.injected("commit"); err != nil {
		return errors.Join(fmt.Errorf("storage commit: %w", err), w.rollback())
	}
	if w.changed {
		w.s.snapshot.Lock()
		defer w.s.snapshot.Unlock()
	}
	if err := w.tx.Commit(); err != nil {
		return errors.Join(fmt.Errorf("storage commit: %w", err), w.s.loadCatalog())
	}
	if w.changed {
		w.s.catalog.Store(w.cat)
	}
	return nil
}

func (w *writeTx) rollback() error {
	if err := w.tx.Rollback(); err != nil {
		return fmt.Errorf("storage rollback: %w", err)
	}
	return nil
}

// storageFault is what clients are told of a storage error.
func storageFault(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.New(fault.OutOfDiskSpace, "%v", err)
	}
	return fault.New(fault.InternalError, "%v", err)
}
