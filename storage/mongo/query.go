package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// one reads the document with the id.
func one[T any](ctx context.Context, c *driver.Collection, id any) (T, error) {
	var out T
	err := c.FindOne(ctx, bson.M{"_id": id}).Decode(&out)
	return out, err
}

// all reads every document that matches.
func all[T any](ctx context.Context, c *driver.Collection, filter any, o *options.FindOptions) ([]T, error) {
	cur, err := c.Find(ctx, filter, o)
	if err != nil {
		return nil, err
	}
	var out []T
	return out, cur.All(ctx, &out)
}

// put writes a document whether or not there is one with the id.
func put(ctx context.Context, c *driver.Collection, id, doc any) error {
	upsert := options.Replace().SetUpsert(true)
	_, err := c.ReplaceOne(ctx, bson.M{"_id": id}, doc, upsert)
	if driver.IsDuplicateKeyError(err) { // two made it at once: now it is there
		_, err = c.ReplaceOne(ctx, bson.M{"_id": id}, doc, upsert)
	}
	return err
}

// exists is nil when there is a document with the id.
func exists(ctx context.Context, c *driver.Collection, id any) error {
	return c.FindOne(ctx, bson.M{"_id": id}, options.FindOne().SetProjection(bson.M{"_id": 1})).Err()
}

func after() *options.FindOneAndUpdateOptions {
	return options.FindOneAndUpdate().SetReturnDocument(options.After)
}

func sorted(keys ...bson.E) *options.FindOptions { return options.Find().SetSort(bson.D(keys)) }
