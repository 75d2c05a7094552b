package docserver

import (
	"time"

	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// sweepBatch is how many expired documents are removed in one write, so that
// others get their turn in between.
const sweepBatch = 500

// housekeep runs the sweeps until the server closes.
func (s *Server) housekeep() {
	tick := time.NewTicker(s.cfg.SweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
			s.sweep()
		}
	}
}

// sweep ends idle cursors, forgets old sessions and removes expired documents.
func (s *Server) sweep() {
	now := s.cfg.Now()
	s.cursors.expire(now.Add(-s.cfg.CursorIdle))
	if err := s.sweepSessions(now); err != nil && s.ctx.Err() == nil {
		s.cfg.Logger.Error("session sweep failed", "error", err)
	}
	for _, c := range s.catalog.Load().colls {
		for _, ix := range c.indexes {
			if ix.ttl < 0 {
				continue
			}
			if err := s.sweepExpired(c.ns, ix.name, now); err != nil && s.ctx.Err() == nil {
				s.cfg.Logger.Error("ttl sweep failed", "namespace", c.ns, "index", ix.name, "error", err)
			}
		}
	}
}

// sweepExpired removes documents whose date in the index is too old.
func (s *Server) sweepExpired(ns, name string, now time.Time) error {
	for more := true; more && s.ctx.Err() == nil; {
		q := &request{ctx: s.ctx, name: "ttl"}
		_, err := s.submit(q, func(w *writeTx) (*value.Builder, error) {
			more = false
			c := w.cat.colls[ns]
			if c == nil {
				return value.NewBuilder(), nil
			}
			ix := c.find(name)
			if ix == nil || ix.ttl < 0 {
				return value.NewBuilder(), nil
			}
			n, err := w.removeExpired(q, c, ix, now)
			more = n == sweepBatch
			return value.NewBuilder(), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writeTx) removeExpired(q *request, c *collection, ix *index, now time.Time) (int, error) {
	limit := now.Add(-time.Duration(ix.ttl) * time.Second).UnixMilli()
	cond := value.NewBuilder().Add("$lt", value.Date(limit)).Add("$type", value.String("date")).Bytes()
	doc := value.NewBuilder().Add(ix.fields[0].path, value.Document(cond)).Bytes()
	if ix.partial != nil {
		doc = allOf([][]byte{doc, ix.partial.Raw()})
	}
	f, err := query.CompileFilter(doc, nil)
	if err != nil {
		return 0, err
	}
	u := &updateSpec{filter: f, hint: value.String(ix.name)}
	_, ids, err := w.pick(q, c.ns, u, sweepBatch)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		old := w.tx.Bucket(c.bucket).Get(id)
		if err := w.discard(c, id, old); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}
