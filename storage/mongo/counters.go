package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
)

// Counters gives serial numbers. A number that was given but whose answer was
// lost is a gap.
type Counters struct{ counters *driver.Collection }

var _ hub.Counters = (*Counters)(nil)

// Next implements [hub.Counters].
func (c *Counters) Next(ctx context.Context, name string) (int64, error) {
	n, err := c.next(ctx, name)
	if driver.IsDuplicateKeyError(err) { // two began it at once: now it is there
		n, err = c.next(ctx, name)
	}
	return n, translate(err, "count %s", name)
}

func (c *Counters) next(ctx context.Context, name string) (int64, error) {
	var d struct {
		N int64 `bson:"n"`
	}
	err := c.counters.FindOneAndUpdate(ctx, bson.M{"_id": name}, bson.M{"$inc": bson.M{"n": int64(1)}}, after().SetUpsert(true)).Decode(&d)
	return d.N, err
}
