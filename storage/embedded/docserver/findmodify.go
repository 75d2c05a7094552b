package docserver

import (
	"bytes"

	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// modifySpec is a findAndModify command, read.
type modifySpec struct {
	updateSpec
	remove, after bool
	projection    *query.Projection
}

func (q *request) modifySpec() (*modifySpec, error) {
	if err := refuseCollation(q.body); err != nil {
		return nil, err
	}
	m := &modifySpec{}
	m.hint = q.field("hint")
	var err error
	if m.vars, err = q.vars(); err != nil {
		return nil, err
	}
	if m.filter, err = q.filter("query", m.vars); err != nil {
		return nil, err
	}
	if m.sort, err = q.sortOf("sort"); err != nil {
		return nil, err
	}
	if m.projection, err = q.projection("fields", m.vars); err != nil {
		return nil, err
	}
	for name, to := range map[string]*bool{"remove": &m.remove, "new": &m.after, "upsert": &m.upsert} {
		if *to, err = q.flag(name); err != nil {
			return nil, err
		}
	}
	update := q.field("update")
	if m.remove {
		if !value.Missing(update) || m.after || m.upsert {
			return nil, fault.New(fault.FailedToParse, "Cannot specify both an update, upsert or new and remove=true")
		}
		return m, nil
	}
	if value.Missing(update) {
		return nil, fault.New(fault.FailedToParse, "Either an update or remove=true must be specified")
	}
	return m, m.compile(update, q.field("arrayFilters"))
}

// findAndModify changes one document and returns it.
func (s *Server) findAndModify(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	m, err := q.modifySpec()
	if err != nil {
		return nil, err
	}
	return s.submit(q, func(w *writeTx) (*value.Builder, error) {
		c, ids, err := w.pick(q, ns, &m.updateSpec, 1)
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			return w.modifyNone(ns, m)
		}
		return w.modifyOne(c, ids[0], m)
	})
}

func (w *writeTx) modifyOne(c *collection, id []byte, m *modifySpec) (*value.Builder, error) {
	old := bytes.Clone(w.tx.Bucket(c.bucket).Get(id))
	_, position, err := m.filter.Position(old, m.vars)
	if err != nil {
		return nil, err
	}
	last := value.NewBuilder().Add("n", value.Int32(1))
	shown := old
	var now []byte
	if !m.remove {
		last.Add("updatedExisting", value.Bool(true))
		if now, err = m.update.Apply(old, query.Applied{Position: position, Now: w.s.cfg.Now()}); err != nil {
			return nil, err
		}
		if m.after {
			shown = now
		}
	}
	reply, err := m.reply(last, shown, position) // before anything changes: a projection may fail
	if err != nil {
		return nil, err
	}
	switch {
	case m.remove:
		err = w.discard(c, id, old)
	case !sameBytes(old, now):
		err = w.store(c, old, now)
	}
	return reply, err
}

func (w *writeTx) modifyNone(ns string, m *modifySpec) (*value.Builder, error) {
	if m.remove || !m.upsert {
		last := value.NewBuilder().Add("n", value.Int32(0))
		if !m.remove {
			last.Add("updatedExisting", value.Bool(false))
		}
		return m.reply(last, nil, -1)
	}
	made, err := w.upsert(ns, &m.updateSpec)
	if err != nil {
		return nil, err
	}
	last := value.NewBuilder().Add("n", value.Int32(1)).Add("updatedExisting", value.Bool(false)).
		Add("upserted", value.Lookup(made, "_id"))
	if !m.after {
		made = nil
	}
	return m.reply(last, made, -1)
}

func (m *modifySpec) reply(last *value.Builder, doc []byte, position int) (*value.Builder, error) {
	shown := value.Null()
	if doc != nil {
		if m.projection != nil {
			var err error
			if doc, err = m.projection.Apply(doc, position); err != nil {
				return nil, err
			}
		}
		shown = value.Document(doc)
	}
	return value.NewBuilder().Add("lastErrorObject", value.Document(last.Bytes())).Add("value", shown), nil
}
