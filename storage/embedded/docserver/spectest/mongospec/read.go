package mongospec

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// all reads a cursor to its end: all(ctx)(coll.Find(…)).
func all(ctx context.Context) func(*mongo.Cursor, error) (any, error) {
	return func(cur *mongo.Cursor, err error) (any, error) {
		if err != nil {
			return nil, err
		}
		docs := []bson.D{}
		if err := cur.All(ctx, &docs); err != nil {
			return nil, err
		}
		return toArray(docs), nil
	}
}

func toArray[T any](list []T) bson.A {
	arr := make(bson.A, len(list))
	for i, v := range list {
		arr[i] = v
	}
	return arr
}

// one decodes a single document; none found is a nil result.
func one(r *mongo.SingleResult) (any, error) {
	var doc bson.D
	err := r.Decode(&doc)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return doc, nil
}

// documentComment returns a comment that is not a string. The driver's read helpers
// take strings only, so a test with such a comment goes through a plain command.
func documentComment(a *args) (any, bool) {
	v, ok := find(a.doc, "comment")
	if _, isString := v.(string); !ok || isString {
		return nil, false
	}
	a.read["comment"] = true
	return v, true
}

func findMany(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, filter := options.Find(), a.document("filter")
	if comment, ok := documentComment(a); ok {
		cmd := bson.D{
			{Key: "find", Value: c.Name()},
			{Key: "filter", Value: filter},
			{Key: "comment", Value: comment},
		}
		batch, _ := a.value("batchSize").(int32)
		if batch != 0 {
			cmd = append(cmd, bson.E{Key: "batchSize", Value: batch})
		}
		if err := a.done(); err != nil {
			return nil, err
		}
		cur, err := c.Database().RunCommandCursor(ctx, cmd)
		if err == nil {
			cur.SetComment(comment) // the tests want both on every getMore too
			cur.SetBatchSize(batch)
		}
		return all(ctx)(cur, err)
	}
	set(a, "allowDiskUse", opts.SetAllowDiskUse)
	set(a, "batchSize", opts.SetBatchSize)
	set(a, "collation", collation(opts.SetCollation))
	set(a, "comment", opts.SetComment)
	set(a, "hint", opts.SetHint)
	set(a, "let", opts.SetLet)
	set(a, "limit", opts.SetLimit)
	set(a, "projection", opts.SetProjection)
	set(a, "skip", opts.SetSkip)
	set(a, "sort", opts.SetSort)
	maxTime(a, opts.SetMaxTime)
	if err := a.done(); err != nil {
		return nil, err
	}
	return all(ctx)(c.Find(ctx, filter, opts))
}

func findOne(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, filter := options.FindOne(), a.document("filter")
	set(a, "projection", opts.SetProjection)
	set(a, "sort", opts.SetSort)
	if err := a.done(); err != nil {
		return nil, err
	}
	return one(c.FindOne(ctx, filter, opts))
}

func aggregateOptions(a *args) *options.AggregateOptions {
	opts := options.Aggregate()
	if comment, ok := documentComment(a); ok {
		opts.SetCustom(bson.M{"comment": comment})
	}
	set(a, "allowDiskUse", opts.SetAllowDiskUse)
	set(a, "batchSize", opts.SetBatchSize)
	set(a, "bypassDocumentValidation", opts.SetBypassDocumentValidation)
	set(a, "collation", collation(opts.SetCollation))
	if _, ok := a.value("comment").(string); ok {
		set(a, "comment", opts.SetComment)
	}
	set(a, "hint", opts.SetHint)
	set(a, "let", opts.SetLet)
	maxTime(a, opts.SetMaxTime)
	return opts
}

func aggregate(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	comment, isDocument := documentComment(a)
	opts, pipeline := aggregateOptions(a), a.value("pipeline")
	if err := a.done(); err != nil {
		return nil, err
	}
	cur, err := c.Aggregate(ctx, pipeline, opts)
	if err == nil && isDocument {
		cur.SetComment(comment) // for its getMores
	}
	return all(ctx)(cur, err)
}

// countDocuments with a document comment is the aggregation that the driver makes of it.
func countDocuments(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, filter := options.Count(), a.document("filter")
	if comment, ok := documentComment(a); ok {
		if err := a.done(); err != nil {
			return nil, err
		}
		pipeline := bson.A{
			bson.D{{Key: "$match", Value: filter}},
			bson.D{{Key: "$group", Value: bson.D{
				{Key: "_id", Value: 1},
				{Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}},
			}}},
		}
		got, err := all(ctx)(c.Aggregate(ctx, pipeline, options.Aggregate().SetCustom(bson.M{"comment": comment})))
		if err != nil {
			return nil, err
		}
		docs, _ := got.(bson.A)
		if len(docs) == 0 {
			return 0, nil
		}
		group, _ := docs[0].(bson.D)
		return lookup(group, "n"), nil
	}
	set(a, "collation", collation(opts.SetCollation))
	set(a, "comment", opts.SetComment)
	set(a, "hint", opts.SetHint)
	set(a, "limit", opts.SetLimit)
	set(a, "skip", opts.SetSkip)
	if err := a.done(); err != nil {
		return nil, err
	}
	return c.CountDocuments(ctx, filter, opts)
}

// count is the command of that name: the driver has no helper for it.
func count(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	cmd := bson.D{{Key: "count", Value: c.Name()}, {Key: "query", Value: a.document("filter")}}
	for _, key := range []string{"skip", "limit", "collation", "comment"} {
		if v := a.value(key); v != nil {
			cmd = append(cmd, bson.E{Key: key, Value: v})
		}
	}
	if err := a.done(); err != nil {
		return nil, err
	}
	var reply struct {
		N int64 `bson:"n"`
	}
	err := c.Database().RunCommand(ctx, cmd).Decode(&reply)
	return reply.N, err
}

func estimatedDocumentCount(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts := options.EstimatedDocumentCount()
	set(a, "comment", opts.SetComment)
	maxTime(a, opts.SetMaxTime)
	if err := a.done(); err != nil {
		return nil, err
	}
	return c.EstimatedDocumentCount(ctx, opts)
}

func distinct(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, field, filter := options.Distinct(), a.text("fieldName"), a.document("filter")
	set(a, "collation", collation(opts.SetCollation))
	set(a, "comment", opts.SetComment)
	maxTime(a, opts.SetMaxTime)
	if err := a.done(); err != nil {
		return nil, err
	}
	values, err := c.Distinct(ctx, field, filter, opts)
	if err != nil {
		return nil, err
	}
	return bson.A(values), nil
}

// collation adapts a setter: the driver's type has no decoder for a test's document.
func collation[R any](setter func(*options.Collation) R) func(bson.D) R {
	return func(d bson.D) R {
		c := &options.Collation{Locale: text(d, "locale")}
		if n, ok := number(lookup(d, "strength")); ok {
			c.Strength = int(n)
		}
		return setter(c)
	}
}
