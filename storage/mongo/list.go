package mongo

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/hub"
)

// List implements [hub.CaseIndex]. The scope becomes part of the query; one
// that names nobody finds nothing.
func (x *CaseIndex) List(ctx context.Context, q hub.ListQuery) (hub.Page, error) {
	if q.Limit < 1 || !allows(q.Scope) || !queueAllowed(q) {
		return hub.Page{}, nil
	}
	var docs []caseDoc
	walks := walksFor(q)
	for _, w := range walks {
		found, err := all[caseDoc](ctx, x.cases, w.filter,
			sorted(desc("updated"), desc("_id")).SetLimit(int64(q.Limit)+1).SetHint(w.index))
		if err != nil {
			return hub.Page{}, translate(err, "list cases")
		}
		docs = append(docs, found...)
	}
	if len(walks) > 1 {
		docs = merge(docs)
	}
	return page(docs, q.Limit), nil
}

// page cuts what lies beyond the limit; that there is more shows in Next.
func page(docs []caseDoc, limit int) hub.Page {
	var p hub.Page
	if len(docs) > limit {
		docs = docs[:limit]
		last := docs[limit-1]
		p.Next = &hub.Cursor{Updated: last.Updated, ID: last.ID}
	}
	for _, d := range docs {
		p.Rows = append(p.Rows, hub.Row(d))
	}
	return p
}

// merge brings the rows of several walks into the order of one, each once.
func merge(docs []caseDoc) []caseDoc {
	slices.SortFunc(docs, func(a, b caseDoc) int {
		return cmp.Or(b.Updated.Compare(a.Updated), strings.Compare(string(b.ID), string(a.ID)))
	})
	return slices.CompactFunc(docs, func(a, b caseDoc) bool { return a.ID == b.ID })
}

// allows tells whether the scope names anybody at all.
func allows(s hub.Scope) bool {
	return !s.Nothing && (s.Everyone || len(s.Agencies) > 0 || len(s.Parties) > 0)
}

// queueAllowed tells whether the queue is of an agency in the scope.
func queueAllowed(q hub.ListQuery) bool {
	if q.Queue == "" || q.Scope.Everyone {
		return true
	}
	agency, _, ok := strings.Cut(string(q.Queue), "/")
	return ok && slices.Contains(q.Scope.Agencies, hub.AgencyID(agency))
}

// walk is one query that an index answers in the order of the page.
type walk struct {
	index  string
	filter bson.M
}

// walksFor compiles a query. Usually it is one walk; a scope of several
// agencies or parties without anything else to find by takes one for each.
func walksFor(q hub.ListQuery) []walk {
	conds := conditions(q)
	with := func(index string, more ...any) walk {
		and := append(more, conds...)
		if len(and) == 0 {
			return walk{index, bson.M{}}
		}
		return walk{index, bson.M{"$and": and}}
	}
	switch {
	case q.Number != "":
		return []walk{with(byNumber)}
	case q.Unit != "":
		return []walk{with(byUnit)}
	case q.Party != "":
		return []walk{with(byParty)}
	case q.Queue != "":
		return []walk{with(byQueue)}
	case q.Scope.Everyone:
		return []walk{with(byUpdated)}
	}
	var walks []walk
	for _, a := range q.Scope.Agencies {
		// Every agency has a queue of all it may see.
		walks = append(walks, with(byQueue, bson.M{"queues": hub.QueueAll.Key(a)}))
	}
	for _, p := range q.Scope.Parties {
		walks = append(walks, with(byParty, bson.M{"party_refs": p}))
	}
	return walks
}

// conditions is all that a row of the answer has to fulfil, whichever index
// leads to it.
func conditions(q hub.ListQuery) []any {
	var and []any
	equal := func(field, v string) {
		if v != "" {
			and = append(and, bson.M{field: v})
		}
	}
	equal("number", q.Number)
	equal("unit", q.Unit)
	equal("party_refs", string(q.Party))
	equal("queues", string(q.Queue))
	equal("status", string(q.Status))
	equal("item", string(q.Item))
	if q.NotFirstReviewer != "" {
		and = append(and, bson.M{"first_reviewer": bson.M{"$ne": q.NotFirstReviewer}})
	}
	and = append(and, scopeConditions(q.Scope)...)
	if c := q.After; c != nil {
		// The first condition gives the index its place, the second what is
		// left of rows with the very same time.
		and = append(and, bson.M{"updated": bson.M{"$lte": c.Updated}}, bson.M{"$or": bson.A{
			bson.M{"updated": bson.M{"$lt": c.Updated}}, bson.M{"_id": bson.M{"$lt": c.ID}},
		}})
	}
	return and
}

// scopeConditions is the scope as conditions on a row; see [hub.Scope].
func scopeConditions(s hub.Scope) []any {
	var and []any
	if !s.Everyone {
		var known bson.A
		if len(s.Agencies) > 0 {
			known = append(known, bson.M{"seen_by": bson.M{"$in": s.Agencies}})
		}
		if len(s.Parties) > 0 {
			known = append(known, bson.M{"party_refs": bson.M{"$in": s.Parties}})
		}
		and = append(and, bson.M{"$or": known})
	}
	if s.NeverFor != "" {
		and = append(and, bson.M{"party_refs": bson.M{"$ne": s.NeverFor}})
	}
	return and
}
