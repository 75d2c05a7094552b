package mongospec

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

func createIndex(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, keys := options.Index(), a.document("keys")
	set(a, "name", opts.SetName)
	set(a, "unique", opts.SetUnique)
	if err := a.done(); err != nil {
		return nil, err
	}
	return c.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: keys, Options: opts})
}

func listIndexes(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	if err := a.done(); err != nil {
		return nil, err
	}
	return all(ctx)(c.Indexes().List(ctx))
}

func listIndexNames(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	if err := a.done(); err != nil {
		return nil, err
	}
	specs, err := c.Indexes().ListSpecifications(ctx)
	var names bson.A
	for _, s := range specs {
		names = append(names, s.Name)
	}
	return names, err
}

func searchIndexModel(d bson.D) (mongo.SearchIndexModel, error) {
	a, opts := newArgs(d), options.SearchIndexes()
	m := mongo.SearchIndexModel{Definition: a.document("definition"), Options: opts}
	set(a, "name", opts.SetName)
	set(a, "type", opts.SetType)
	return m, a.done()
}

func createSearchIndex(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	m, err := searchIndexModel(a.document("model"))
	if err != nil {
		return nil, err
	}
	if err := a.done(); err != nil {
		return nil, err
	}
	return c.SearchIndexes().CreateOne(ctx, m)
}

func createSearchIndexes(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	models := []mongo.SearchIndexModel{}
	list, _ := a.value("models").(bson.A)
	for _, v := range list {
		d, _ := v.(bson.D)
		m, err := searchIndexModel(d)
		if err != nil {
			return nil, err
		}
		models = append(models, m)
	}
	if err := a.done(); err != nil {
		return nil, err
	}
	names, err := c.SearchIndexes().CreateMany(ctx, models)
	return toArray(names), err
}

func dropSearchIndex(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	name := a.text("name")
	if err := a.done(); err != nil {
		return nil, err
	}
	return missing{}, c.SearchIndexes().DropOne(ctx, name)
}

func updateSearchIndex(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	name, definition := a.text("name"), a.document("definition")
	if err := a.done(); err != nil {
		return nil, err
	}
	return missing{}, c.SearchIndexes().UpdateOne(ctx, name, definition)
}

func listSearchIndexes(ctx context.Context, c *mongo.Collection, a *args) (any, error) {
	opts, list := options.SearchIndexes(), &options.ListSearchIndexesOptions{}
	set(a, "name", opts.SetName)
	set(a, "aggregationOptions", func(d bson.D) any {
		inner := newArgs(d)
		list.AggregateOpts = aggregateOptions(inner)
		a.err = inner.done()
		return nil
	})
	if err := a.done(); err != nil {
		return nil, err
	}
	return all(ctx)(c.SearchIndexes().List(ctx, opts, list))
}
