package mongospec

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// bulkWrite returns its result beside the error, as the driver does.
func bulkWrite(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts := options.BulkWrite()
	set(a, "bypassDocumentValidation", opts.SetBypassDocumentValidation)
	set(a, "comment", opts.SetComment)
	set(a, "let", opts.SetLet)
	set(a, "ordered", opts.SetOrdered)
	requests, _ := a.value("requests").(bson.A)
	if err := a.done(); err != nil {
		return nil, err
	}
	models := make([]mongo.WriteModel, len(requests))
	for i, r := range requests {
		doc, _ := r.(bson.D)
		m, err := writeModel(doc)
		if err != nil {
			return nil, fmt.Errorf("request %d: %w", i, err)
		}
		models[i] = m
	}
	r, err := c.BulkWrite(ctx, models, opts)
	if r == nil {
		return nil, err
	}
	ids := bson.D{}
	for _, i := range slices.Sorted(maps.Keys(r.UpsertedIDs)) {
		ids = append(ids, bson.E{Key: strconv.FormatInt(i, 10), Value: r.UpsertedIDs[i]})
	}
	return bson.D{
		{Key: "deletedCount", Value: r.DeletedCount},
		{Key: "insertedCount", Value: r.InsertedCount},
		{Key: "matchedCount", Value: r.MatchedCount},
		{Key: "modifiedCount", Value: r.ModifiedCount},
		{Key: "upsertedCount", Value: r.UpsertedCount},
		{Key: "upsertedIds", Value: ids},
	}, err
}

// writeModel reads {insertOne: {…}} or, in the older formats, {name, arguments}.
func writeModel(request bson.D) (mongo.WriteModel, error) {
	name, spec := text(request, "name"), document(request, "arguments")
	if name == "" && len(request) == 1 {
		name, spec = request[0].Key, document(request, request[0].Key)
	}
	a := newArgs(spec)
	var m mongo.WriteModel
	switch name {
	case "insertOne":
		m = mongo.NewInsertOneModel().SetDocument(a.document("document"))
	case "updateOne":
		u := mongo.NewUpdateOneModel().SetFilter(a.document("filter")).SetUpdate(a.value("update"))
		set(a, "arrayFilters", arrayFilters(u.SetArrayFilters))
		set(a, "collation", collation(u.SetCollation))
		set(a, "hint", u.SetHint)
		set(a, "upsert", u.SetUpsert)
		m = u
	case "updateMany":
		u := mongo.NewUpdateManyModel().SetFilter(a.document("filter")).SetUpdate(a.value("update"))
		set(a, "arrayFilters", arrayFilters(u.SetArrayFilters))
		set(a, "collation", collation(u.SetCollation))
		set(a, "hint", u.SetHint)
		set(a, "upsert", u.SetUpsert)
		m = u
	case "replaceOne":
		u := mongo.NewReplaceOneModel().SetFilter(a.document("filter")).SetReplacement(a.document("replacement"))
		set(a, "collation", collation(u.SetCollation))
		set(a, "hint", u.SetHint)
		set(a, "upsert", u.SetUpsert)
		m = u
	case "deleteOne":
		u := mongo.NewDeleteOneModel().SetFilter(a.document("filter"))
		set(a, "collation", collation(u.SetCollation))
		set(a, "hint", u.SetHint)
		m = u
	case "deleteMany":
		u := mongo.NewDeleteManyModel().SetFilter(a.document("filter"))
		set(a, "collation", collation(u.SetCollation))
		set(a, "hint", u.SetHint)
		m = u
	default:
		return nil, fmt.Errorf("%w: bulk request %q", errUnsupported, name)
	}
	return m, a.done()
}
