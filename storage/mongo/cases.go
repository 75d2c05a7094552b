package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"golang.org/x/sync/errgroup"

	"tongban/hub"
)

// CaseIndex keeps one row for each case.
type CaseIndex struct{ cases *driver.Collection }

var _ hub.CaseIndex = (*CaseIndex)(nil)

// caseDoc is a stored row. Its fields are those of [hub.Row], in the same
// order, so that one converts into the other and a new field does not compile
// until it has its name here.
type caseDoc struct {
	ID             hub.CaseID     `bson:"_id,omitempty"`
	Number         string         `bson:"number"`
	Item           hub.ItemCode   `bson:"item"`
	Status         hub.Status     `bson:"status"`
	Receiving      hub.AgencyID   `bson:"receiving"`
	Handling       hub.AgencyID   `bson:"handling"`
	Custodian      hub.AgencyID   `bson:"custodian"`
	OfferedTo      hub.AgencyID   `bson:"offered_to"`
	SeenBy         []hub.AgencyID `bson:"seen_by"`
	Queues         []hub.QueueKey `bson:"queues"`
	PartyRefs      []hub.PartyRef `bson:"party_refs"`
	PartiesMasked  string         `bson:"parties_masked"`
	Unit           string         `bson:"unit"`
	ReceivedBy     hub.PersonID   `bson:"received_by"`
	FirstReviewer  hub.PersonID   `bson:"first_reviewer"`
	ReceivedAt     time.Time      `bson:"received_at"`
	AcceptedAt     time.Time      `bson:"accepted_at"`
	Updated        time.Time      `bson:"updated"`
	Disposes       bool           `bson:"disposes"`
	Clock          hub.ClockKind  `bson:"clock"`
	ClockOf        []hub.AgencyID `bson:"clock_of"`
	Half           time.Time      `bson:"half"`
	Eighty         time.Time      `bson:"eighty"`
	Due            time.Time      `bson:"due"`
	Provisional    bool           `bson:"provisional"`
	RunOut         time.Time      `bson:"run_out"`
	RatedReceiving int            `bson:"rated_receiving"`
	RatedHandling  int            `bson:"rated_handling"`
	FollowUp       []hub.AgencyID `bson:"follow_up"`
	Seq            int64          `bson:"seq"`
	Head           hub.Digest     `bson:"head"`
}

// touchedDoc is a row with the server's time at which it was written.
type touchedDoc struct {
	Row     caseDoc   `bson:",inline"`
	Touched time.Time `bson:"touched"`
}

// Save implements [hub.CaseIndex].
func (x *CaseIndex) Save(ctx context.Context, r hub.Row) error {
	return x.write(ctx, r, "$lt")
}

// Replace implements [hub.CaseIndex].
func (x *CaseIndex) Replace(ctx context.Context, r hub.Row) error { return x.write(ctx, r, "$lte") }

// write puts a row over one whose seq compares to its own like that.
func (x *CaseIndex) write(ctx context.Context, r hub.Row, compare string) error {
	d := caseDoc(r)
	d.ID = "" // the filter has it
	older := bson.M{"_id": r.ID, "seq": bson.M{compare: r.Seq}}
	update := bson.M{"$set": d, "$currentDate": bson.M{"touched": true}}
	_, err := x.cases.UpdateOne(ctx, older, update, options.Update().SetUpsert(true))
	if driver.IsDuplicateKeyError(err) {
		// A row is there: as new as this one, or made at this moment by
		// another writer and perhaps older.
		_, err = x.cases.UpdateOne(ctx, older, update)
	}
	return translate(err, "save the row of case %s", r.ID)
}

// Row implements [hub.CaseIndex].
func (x *CaseIndex) Row(ctx context.Context, id hub.CaseID) (hub.Row, error) {
	d, err := one[caseDoc](ctx, x.cases, id)
	return hub.Row(d), translate(err, "read the row of case %s", id)
}

// Drop implements [hub.CaseIndex]; a row that is not there is no error.
func (x *CaseIndex) Drop(ctx context.Context, id hub.CaseID) error {
	_, err := x.cases.DeleteOne(ctx, bson.M{"_id": id})
	return translate(err, "drop the row of case %s", id)
}

// countAtOnce bounds the counts that one request runs side by side.
const countAtOnce = 4

// Counts implements [hub.CaseIndex]. Every queue asked for is in the answer.
func (x *CaseIndex) Counts(ctx context.Context, s hub.Scope, queues []hub.QueueKey, limit int64) (map[hub.QueueKey]int64, error) {
	counts := make([]int64, len(queues))
	if limit > 0 {
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(countAtOnce)
		for i, q := range queues {
			g.Go(func() (err error) {
				counts[i], err = x.count(ctx, s, q, limit)
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return nil, translate(err, "count queues")
		}
	}
	out := make(map[hub.QueueKey]int64, len(queues))
	for i, q := range queues {
		out[q] = counts[i]
	}
	return out, nil
}

// count uses the plain command: unlike the driver's CountDocuments, which
// aggregates, it is answered from the index alone.
func (x *CaseIndex) count(ctx context.Context, s hub.Scope, q hub.QueueKey, limit int64) (int64, error) {
	if !allows(s) || !queueAllowed(hub.ListQuery{Scope: s, Queue: q}) {
		return 0, nil
	}
	query := bson.M{"queues": q}
	if s.NeverFor != "" { // then the rows must be looked at
		query["party_refs"] = bson.M{"$ne": s.NeverFor}
	}
	var d struct {
		N int64 `bson:"n"`
	}
	err := x.cases.Database().RunCommand(ctx, bson.D{
		{Key: "count", Value: x.cases.Name()},
		{Key: "query", Value: query},
		{Key: "limit", Value: limit},
		{Key: "hint", Value: byQueue},
	}).Decode(&d)
	return d.N, err
}

// overlap is how long after its time stamp a write may become visible.
const overlap = 2 * time.Second

// Changed implements [hub.CaseIndex]. Rows of the last two seconds come again
// with the next call, because a write may become visible after a later one; the
// caller knows them by id and seq. For the same reason all rows of the first two
// seconds after since are returned, even beyond the limit. A limit of 0 returns
// no rows and, as next, where the index stands now.
func (x *CaseIndex) Changed(ctx context.Context, since time.Time, limit int) (rows []hub.Row, next time.Time, err error) {
	if limit < 1 {
		next, err = x.newest(ctx, since)
		return nil, next, translate(err, "find the newest row")
	}
	cur, err := x.cases.Find(ctx, bson.M{"touched": bson.M{"$gte": since}}, sorted(asc("touched")).SetBatchSize(int32(min(limit, 1000))))
	if err != nil {
		return nil, since, translate(err, "find changed rows")
	}
	defer cur.Close(context.WithoutCancel(ctx))
	last := since
	for (len(rows) < limit || !last.After(since.Add(overlap))) && cur.Next(ctx) {
		var d touchedDoc
		if err := cur.Decode(&d); err != nil {
			return nil, since, translate(err, "read changed rows")
		}
		rows, last = append(rows, hub.Row(d.Row)), d.Touched
	}
	return rows, later(since, last.Add(-overlap)), translate(cur.Err(), "read changed rows")
}

func (x *CaseIndex) newest(ctx context.Context, since time.Time) (time.Time, error) {
	var d touchedDoc
	err := x.cases.FindOne(ctx, bson.M{}, options.FindOne().SetSort(bson.D{desc("touched")})).Decode(&d)
	if err != nil && !errors.Is(err, driver.ErrNoDocuments) {
		return since, err
	}
	return later(since, d.Touched.Add(-overlap)), nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
