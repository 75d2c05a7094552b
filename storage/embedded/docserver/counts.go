package docserver

import (
	"tongban/storage/embedded/docserver/internal/fault"
	"tongban/storage/embedded/docserver/internal/query"
	"tongban/storage/embedded/docserver/internal/value"
)

// count counts documents; where the index decides the filter no document is
// read.
func (s *Server) count(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	if err := refuseCollation(q.body); err != nil {
		return nil, err
	}
	if err := refuseOptions(q, "fields"); err != nil {
		return nil, err
	}
	f, err := q.filter("query", nil)
	if err != nil {
		return nil, err
	}
	skip, err := q.count("skip")
	if err != nil {
		return nil, err
	}
	limit, _ := value.Int(q.field("limit"))
	if limit < 0 {
		limit = -limit
	}
	r, err := s.newReader(q)
	if err != nil {
		return nil, err
	}
	defer r.close()
	n, err := countMatches(r, ns, f, q.field("hint"), skip, limit)
	if err != nil {
		return nil, err
	}
	return value.NewBuilder().Add("n", numberOf(n)), nil
}

// numberOf is a count as MongoDB gives it: an int32 while it fits.
func numberOf(n int64) value.V {
	if n == int64(int32(n)) {
		return value.Int32(int32(n))
	}
	return value.Int64(n)
}

func countMatches(r *reader, ns string, f *query.Filter, hint value.V, skip, limit int64) (int64, error) {
	c := r.collection(ns)
	if c == nil {
		return 0, nil
	}
	p, err := c.plan(f, nil, hint)
	if err != nil {
		return 0, err
	}
	sc := newScan(c, p, f, nil)
	n := -skip
	for limit == 0 || n < limit {
		if sc.decided() {
			k, _, err := sc.entry(r)
			if err != nil || k == nil {
				return max(0, n), err
			}
		} else if id, _, err := sc.next(r); err != nil || id == nil {
			return max(0, n), err
		}
		n++
	}
	return max(0, n), nil
}

// distinct lists the different values of a field.
func (s *Server) distinct(q *request) (*value.Builder, error) {
	ns, err := q.namespace()
	if err != nil {
		return nil, err
	}
	if err := refuseCollation(q.body); err != nil {
		return nil, err
	}
	key, ok := value.Text(q.field("key"))
	if !ok || key == "" {
		return nil, wrongType("distinct.key", q.field("key"), "string")
	}
	f, err := q.filter("query", nil)
	if err != nil {
		return nil, err
	}
	r, err := s.newReader(q)
	if err != nil {
		return nil, err
	}
	defer r.close()
	c := r.collection(ns)
	var out []value.V
	if c != nil {
		if out, err = s.distinctValues(r, c, f, q.field("hint"), key); err != nil {
			return nil, err
		}
	}
	return value.NewBuilder().Add("values", value.ArrayOf(out)), nil
}

func (s *Server) distinctValues(r *reader, c *collection, f *query.Filter, hint value.V, key string) ([]value.V, error) {
	p, err := c.plan(f, nil, hint)
	if err != nil {
		return nil, err
	}
	sc := newScan(c, p, f, nil)
	seen := map[string]bool{}
	var out []value.V
	size := 0
	for {
		_, doc, err := sc.next(r)
		if err != nil {
			return nil, err
		}
		if doc == nil {
			return out, nil
		}
		for _, v := range query.Leaves(doc, key) {
			k := string(value.AppendKey(nil, v))
			if seen[k] {
				continue
			}
			seen[k] = true
			out = append(out, value.Clone(v))
			if size += len(v.Data) + 8; size > maxDocumentBytes {
				return nil, fault.New(17217, "distinct too big, 16mb cap")
			}
		}
	}
}
