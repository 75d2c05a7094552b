package docserver

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/value"
)

const (
	labelTransient = "TransientTransactionError"
	labelUnknown   = "UnknownTransactionCommitResult"
)

// transaction is a client's transaction. It holds the writer from its first
// command to its end.
type transaction struct {
	s       *Server
	session string
	number  int64

	mu      sync.Mutex // held while a command of it runs; guards the fields below
	w       *writeTx
	timer   *time.Timer
	ended   bool
	endedBy error // why it was aborted
}

// runInTransaction runs a command that carries autocommit: false.
func (s *Server) runInTransaction(q *request) ([]byte, error) {
	x, err := s.enter(q)
	if err != nil {
		return nil, err
	}
	if x == nil { // commit or abort of what is not open
		return s.endUnknown(q)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ended {
		return nil, noTransaction(q, x.endedBy)
	}
	q.txn = x
	defer func() {
		if p := recover(); p != nil { // half done, perhaps
			x.end(errors.New("a command failed in the server"))
			panic(p)
		}
	}()
	reply, err := s.call(q)
	if err != nil && !x.ended {
		x.end(fmt.Errorf("a command failed: %w", err))
		err = transient(err)
	}
	return reply, err
}

// enter returns the transaction that the command belongs to, begun now if the
// command says so; nil for the end of a transaction that is not open.
func (s *Server) enter(q *request) (*transaction, error) {
	x := s.sessions.get(q.session)
	ending := q.name == "commitTransaction" || q.name == "abortTransaction"
	if !q.startTxn {
		if x != nil && x.number == q.txnNumber {
			return x, nil
		}
		if ending {
			return nil, nil //nolint:nilnil // documented
		}
		return nil, noTransaction(q, nil)
	}
	if ending {
		return nil, fault.New(fault.InvalidOptions, "%s cannot start a transaction", q.name)
	}
	if x != nil {
		if q.txnNumber <= x.number {
			return nil, fault.New(fault.TransactionTooOld, "txnNumber %d is not newer than that of the open transaction", q.txnNumber)
		}
		x.abort(errors.New("the session started another transaction"))
	}
	if last, _, err := s.lastKept(q.session); err != nil {
		return nil, err
	} else if q.txnNumber <= last {
		return nil, fault.New(fault.TransactionTooOld, "txnNumber %d was used on this session before", q.txnNumber)
	}
	return s.beginTransaction(q)
}

func (s *Server) beginTransaction(q *request) (*transaction, error) {
	wait := time.NewTimer(s.cfg.TransactionWait)
	defer wait.Stop()
	select {
	case s.token <- struct{}{}:
	case <-q.ctx.Done():
		return nil, context.Cause(q.ctx)
	case <-wait.C:
		return nil, transient(fault.New(fault.WriteConflict, "Another transaction held the writer for longer than %v", s.cfg.TransactionWait))
	}
	w, err := s.beginWrite()
	if err != nil {
		<-s.token
		return nil, err
	}
	x := &transaction{s: s, session: q.session, number: q.txnNumber, w: w}
	x.timer = time.AfterFunc(s.cfg.TransactionLife, func() {
		x.abort(fmt.Errorf("it was open for longer than %v", s.cfg.TransactionLife))
	})
	s.sessions.put(q.session, x)
	return x, nil
}

// abort ends the transaction from outside.
func (x *transaction) abort(why error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.end(why)
}

// end rolls back and lets the writer go on. x.mu is held.
func (x *transaction) end(why error) {
	if x.ended {
		return
	}
	x.endedBy = why
	if err := x.w.rollback(); err != nil {
		x.s.cfg.Logger.Error("transaction rollback failed", "error", err)
	}
	x.release()
}

// release marks the end and gives the writer back. x.mu is held.
func (x *transaction) release() {
	x.ended = true
	x.timer.Stop()
	x.s.sessions.remove(x.session, x)
	x.s.cursors.killIf(func(c *cursor) bool { return c.txn == x })
	<-x.s.token
}

// noTransaction is MongoDB's answer to a command of a transaction that is gone.
func noTransaction(q *request, why error) error {
	msg := fmt.Sprintf("Given transaction number %d does not match any in-progress transactions.", q.txnNumber)
	if why != nil {
		msg = fmt.Sprintf("Transaction with { txnNumber: %d } has been aborted: %v", q.txnNumber, why)
	}
	return transient(fault.New(fault.NoSuchTransaction, "%s", msg))
}

// transient labels errors after which the whole transaction may be tried again.
func transient(err error) error {
	e := *fault.Of(err)
	switch e.Code {
	case fault.NoSuchTransaction, fault.WriteConflict, fault.InterruptedAtShutdown:
		e.Labels = append(e.Labels, labelTransient)
	}
	return &e
}

// endUnknown answers commit and abort of a transaction that is not open: a
// commit that was done is confirmed again.
func (s *Server) endUnknown(q *request) ([]byte, error) {
	last, committed, err := s.lastKept(q.session)
	if err != nil {
		return nil, err
	}
	done := committed && last == q.txnNumber
	switch {
	case done && q.name == "commitTransaction":
		return finish(q, value.NewBuilder()), nil
	case done:
		return nil, fault.New(fault.TransactionCommitted, "Transaction %d has been committed.", q.txnNumber)
	}
	return nil, noTransaction(q, nil)
}

func (s *Server) commitTransaction(q *request) (*value.Builder, error) {
	if q.txn == nil {
		return nil, fault.New(fault.InvalidOptions, "commitTransaction must be run within a transaction")
	}
	x := q.txn
	if err := x.w.keepCommit(q); err != nil {
		return nil, storageFault(err)
	}
	err := x.w.end()
	if err != nil {
		x.endedBy = err
		e := fault.Of(storageFault(err))
		e.Labels = []string{labelUnknown}
		err = e
	}
	x.release()
	return value.NewBuilder(), err
}

func (s *Server) abortTransaction(q *request) (*value.Builder, error) {
	if q.txn == nil {
		return nil, fault.New(fault.InvalidOptions, "abortTransaction must be run within a transaction")
	}
	q.txn.end(errors.New("the client aborted it"))
	return value.NewBuilder(), nil
}
