package docserver

import (
	"tongban/storage/embedded/docserver/internal/expr"
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// remove deletes documents.
func (s *Server) remove(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	stmts, err := q.documents("deletes")
	if err != nil {
		return nil, err
	}
	res, err := newResults(q)
	if err != nil {
		return nil, err
	}
	vars, err := q.vars()
	if err != nil {
		return nil, err
	}
	return s.submit(q, func(w *writeTx) (*value.Builder, error) {
		for i, doc := range stmts {
			n, err := w.removeOne(q, ns, doc, vars)
			res.n += n
			if err == nil {
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

func (w *writeTx) removeOne(q *request, ns string, doc []byte, vars *expr.Vars) (int64, error) {
	if err := known(doc, "delete.deletes", "q", "limit", "collation", "hint"); err != nil {
		return 0, err
	}
	if err := refuseCollation(doc); err != nil {
		return 0, err
	}
	limit, ok := value.Int(value.Lookup(doc, "limit"))
	if !ok || limit != 0 && limit != 1 {
		return 0, fault.New(fault.FailedToParse, "The limit field in delete objects must be 0 or 1. Got %d", limit)
	}
	if limit == 0 && q.retryable {
		return 0, fault.New(fault.InvalidOptions, "Cannot use retryable writes with limit=0")
	}
	cond, ok := value.Doc(value.Lookup(doc, "q"))
	if !ok {
		return 0, wrongType("delete.deletes.q", value.Lookup(doc, "q"), "object")
	}
	f, err := query.CompileFilter(cond, vars)
	if err != nil {
		return 0, err
	}
	c, ids, err := w.pick(q, ns, &updateSpec{filter: f, hint: value.Lookup(doc, "hint"), vars: vars}, limit)
	if err != nil {
		return 0, err
	}
	for i, id := range ids {
		if err := w.discard(c, id, w.tx.Bucket(c.bucket).Get(id)); err != nil {
			return int64(i), err
		}
	}
	return int64(len(ids)), nil
}
