package mongospec

import (
	"context"
	"strconv"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

func insertOne(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, doc := options.InsertOne(), a.document("document")
	set(a, "bypassDocumentValidation", opts.SetBypassDocumentValidation)
	set(a, "comment", opts.SetComment)
	if err := a.done(); err != nil {
		return nil, err
	}
	r, err := c.InsertOne(ctx, doc, opts)
	if err != nil {
		return nil, err
	}
	return bson.D{{Key: "insertedId", Value: r.InsertedID}}, nil
}

func insertMany(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts := options.InsertMany()
	set(a, "comment", opts.SetComment)
	set(a, "ordered", opts.SetOrdered)
	docs, _ := a.value("documents").(bson.A)
	if err := a.done(); err != nil {
		return nil, err
	}
	r, err := c.InsertMany(ctx, docs, opts)
	if err != nil {
		return nil, err
	}
	ids := bson.D{}
	for i, id := range r.InsertedIDs {
		ids = append(ids, bson.E{Key: strconv.Itoa(i), Value: id})
	}
	return bson.D{{Key: "insertedIds", Value: ids}}, nil
}

func updateResult(r *mongo.UpdateResult, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	doc := bson.D{
		{Key: "matchedCount", Value: r.MatchedCount},
		{Key: "modifiedCount", Value: r.ModifiedCount},
		{Key: "upsertedCount", Value: r.UpsertedCount},
	}
	if r.UpsertedID != nil {
		doc = append(doc, bson.E{Key: "upsertedId", Value: r.UpsertedID})
	}
	return doc, nil
}

func updateOptions(a *args) *options.UpdateOptions {
	opts := options.Update()
	set(a, "arrayFilters", arrayFilters(opts.SetArrayFilters))
	set(a, "bypassDocumentValidation", opts.SetBypassDocumentValidation)
	set(a, "collation", collation(opts.SetCollation))
	set(a, "comment", opts.SetComment)
	set(a, "hint", opts.SetHint)
	set(a, "let", opts.SetLet)
	set(a, "upsert", opts.SetUpsert)
	return opts
}

func updateOne(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, filter, update := updateOptions(a), a.document("filter"), a.value("update")
	if err := a.done(); err != nil {
		return nil, err
	}
	return updateResult(c.UpdateOne(ctx, filter, update, opts))
}

func updateMany(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, filter, update := updateOptions(a), a.document("filter"), a.value("update")
	if err := a.done(); err != nil {
		return nil, err
	}
	return updateResult(c.UpdateMany(ctx, filter, update, opts))
}

func replaceOne(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, filter, doc := options.Replace(), a.document("filter"), a.document("replacement")
	set(a, "bypassDocumentValidation", opts.SetBypassDocumentValidation)
	set(a, "collation", collation(opts.SetCollation))
	set(a, "comment", opts.SetComment)
	set(a, "hint", opts.SetHint)
	set(a, "let", opts.SetLet)
	set(a, "upsert", opts.SetUpsert)
	if err := a.done(); err != nil {
		return nil, err
	}
	return updateResult(c.ReplaceOne(ctx, filter, doc, opts))
}

func deleteResult(r *mongo.DeleteResult, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return bson.D{{Key: "deletedCount", Value: r.DeletedCount}}, nil
}

func deleteOptions(a *args) *options.DeleteOptions {
	opts := options.Delete()
	set(a, "collation", collation(opts.SetCollation))
	set(a, "comment", opts.SetComment)
	set(a, "hint", opts.SetHint)
	set(a, "let", opts.SetLet)
	return opts
}

func deleteOne(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, filter := deleteOptions(a), a.document("filter")
	if err := a.done(); err != nil {
		return nil, err
	}
	return deleteResult(c.DeleteOne(ctx, filter, opts))
}

func deleteMany(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, filter := deleteOptions(a), a.document("filter")
	if err := a.done(); err != nil {
		return nil, err
	}
	return deleteResult(c.DeleteMany(ctx, filter, opts))
}

func findOneAndDelete(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, filter := options.FindOneAndDelete(), a.document("filter")
	set(a, "collation", collation(opts.SetCollation))
	set(a, "comment", opts.SetComment)
	set(a, "hint", opts.SetHint)
	set(a, "let", opts.SetLet)
	set(a, "projection", opts.SetProjection)
	set(a, "sort", opts.SetSort)
	if err := a.done(); err != nil {
		return nil, err
	}
	return one(c.FindOneAndDelete(ctx, filter, opts))
}

func findOneAndReplace(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, filter, doc := options.FindOneAndReplace(), a.document("filter"), a.document("replacement")
	set(a, "collation", collation(opts.SetCollation))
	set(a, "comment", opts.SetComment)
	set(a, "hint", opts.SetHint)
	set(a, "let", opts.SetLet)
	set(a, "projection", opts.SetProjection)
	set(a, "returnDocument", returnDocument(opts.SetReturnDocument))
	set(a, "sort", opts.SetSort)
	set(a, "upsert", opts.SetUpsert)
	if err := a.done(); err != nil {
		return nil, err
	}
	return one(c.FindOneAndReplace(ctx, filter, doc, opts))
}

func findOneAndUpdate(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, filter, update := options.FindOneAndUpdate(), a.document("filter"), a.value("update")
	set(a, "arrayFilters", arrayFilters(opts.SetArrayFilters))
	set(a, "collation", collation(opts.SetCollation))
	set(a, "comment", opts.SetComment)
	set(a, "hint", opts.SetHint)
	set(a, "let", opts.SetLet)
	set(a, "projection", opts.SetProjection)
	set(a, "returnDocument", returnDocument(opts.SetReturnDocument))
	set(a, "sort", opts.SetSort)
	set(a, "upsert", opts.SetUpsert)
	if err := a.done(); err != nil {
		return nil, err
	}
	return one(c.FindOneAndUpdate(ctx, filter, update, opts))
}

func arrayFilters[R any](setter func(options.ArrayFilters) R) func(bson.A) R {
	return func(filters bson.A) R { return setter(options.ArrayFilters{Filters: filters}) }
}

func returnDocument[R any](setter func(options.ReturnDocument) R) func(string) R {
	return func(which string) R {
		if which == "After" {
			return setter(options.After)
		}
		return setter(options.Before)
	}
}
