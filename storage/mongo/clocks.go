package mongo

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/hub"
)

// Due implements [hub.CaseIndex].
func (x *CaseIndex) Due(ctx context.Context, s hub.Scope, a hub.AgencyID, level int, now time.Time, limit int) ([]hub.Row, error) {
	if limit < 1 || s.Nothing || !s.Everyone && !slices.Contains(s.Agencies, a) {
		return nil, nil
	}
	and := []any{bson.M{"clock_of": a}}
	if level > 0 { // one instant may be missing where two fall together
		reached := bson.M{"$gt": time.Time{}, "$lte": now}
		or := bson.A{bson.M{"due": reached}}
		if level <= 80 {
			or = append(or, bson.M{"eighty": reached})
		}
		if level <= 50 {
			or = append(or, bson.M{"half": reached})
		}
		and = append(and, bson.M{"$or": or})
	}
	if s.NeverFor != "" {
		and = append(and, bson.M{"party_refs": bson.M{"$ne": s.NeverFor}})
	}
	return x.rows(ctx, "due", bson.M{"$and": and}, byClock, limit)
}

// RunOut implements [hub.CaseIndex].
func (x *CaseIndex) RunOut(ctx context.Context, by time.Time, limit int) ([]hub.Row, error) {
	return x.rows(ctx, "run_out", bson.M{"run_out": bson.M{"$gt": time.Time{}, "$lte": by}}, byRunOut, limit)
}

// FollowUps implements [hub.CaseIndex].
func (x *CaseIndex) FollowUps(ctx context.Context, a hub.AgencyID, limit int) ([]hub.Row, error) {
	return x.rows(ctx, "updated", bson.M{"follow_up": a}, byFollowUp, limit)
}

func (x *CaseIndex) rows(ctx context.Context, order string, filter bson.M, index string, limit int) ([]hub.Row, error) {
	docs, err := all[caseDoc](ctx, x.cases, filter, sorted(asc(order)).SetLimit(int64(limit)).SetHint(index))
	return convert(docs, func(d caseDoc) hub.Row { return hub.Row(d) }), translate(err, "list cases by %s", order)
}

// Grades implements [hub.CaseIndex].
func (x *CaseIndex) Grades(ctx context.Context, a hub.AgencyID) (receiving, handling [6]int64, err error) {
	count := func(place, grade string) (out [6]int64, err error) {
		cur, err := x.cases.Aggregate(ctx, bson.A{
			bson.M{"$match": bson.M{"queues": hub.QueueAll.Key(a), place: a, grade: bson.M{"$gt": 0}}},
			bson.M{"$group": bson.M{"_id": "$" + grade, "n": bson.M{"$sum": 1}}},
		})
		if err != nil {
			return out, err
		}
		var groups []struct {
			Grade int   `bson:"_id"`
			N     int64 `bson:"n"`
		}
		if err := cur.All(ctx, &groups); err != nil {
			return out, err
		}
		for _, g := range groups {
			if g.Grade >= 1 && g.Grade <= 5 {
				out[g.Grade] = g.N
			}
		}
		return out, nil
	}
	if receiving, err = count("receiving", "rated_receiving"); err == nil {
		handling, err = count("handling", "rated_handling")
	}
	return receiving, handling, translate(err, "count grades")
}
