package mongospec

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// collectionOp runs one operation on a collection. A result the driver does not
// give is missing{}.
type collectionOp func(ctx context.Context, c *mongo.Collection, a *args) (any, error)

func collectionOps() map[string]collectionOp {
	return map[string]collectionOp{
		"aggregate":              aggregate,
		"bulkWrite":              bulkWrite,
		"count":                  count,
		"countDocuments":         countDocuments,
		"createIndex":            createIndex,
		"createSearchIndex":      createSearchIndex,
		"createSearchIndexes":    createSearchIndexes,
		"deleteMany":             deleteMany,
		"deleteOne":              deleteOne,
		"distinct":               distinct,
		"dropSearchIndex":        dropSearchIndex,
		"estimatedDocumentCount": estimatedDocumentCount,
		"find":                   findMany,
		"findOne":                findOne,
		"findOneAndDelete":       findOneAndDelete,
		"findOneAndReplace":      findOneAndReplace,
		"findOneAndUpdate":       findOneAndUpdate,
		"insertMany":             insertMany,
		"insertOne":              insertOne,
		"listIndexNames":         listIndexNames,
		"listIndexes":            listIndexes,
		"listSearchIndexes":      listSearchIndexes,
		"replaceOne":             replaceOne,
		"updateMany":             updateMany,
		"updateOne":              updateOne,
		"updateSearchIndex":      updateSearchIndex,
	}
}

// operation runs one step on the object it names.
func (e *env) operation(ctx context.Context, s *Step) (any, error) {
	a := newArgs(s.Args)
	if s.Object == "testRunner" {
		return missing{}, e.runnerOperation(ctx, s.Name, a)
	}
	if session, ok := e.sessions[s.Object]; ok {
		return missing{}, sessionOperation(ctx, session, s.Name, a)
	}
	ctx, err := e.withSession(ctx, a)
	if err != nil {
		return nil, err
	}
	if c, ok := e.clients[s.Object]; ok {
		return clientOperation(ctx, c, s.Name, a)
	}
	if db, ok := e.databases[s.Object]; ok {
		opts, err := databaseOptions(s.DatabaseOptions)
		if err != nil {
			return nil, err
		}
		if s.DatabaseOptions != nil {
			db = db.Client().Database(db.Name(), opts)
		}
		return databaseOperation(ctx, db, s.Name, a)
	}
	c, ok := e.collections[s.Object]
	if !ok {
		return nil, fmt.Errorf("%w: object %q", errUnsupported, s.Object)
	}
	opts, err := collectionOptions(s.CollectionOptions)
	if err != nil {
		return nil, err
	}
	if s.CollectionOptions != nil {
		c = c.Database().Collection(c.Name(), opts)
	}
	op, ok := collectionOps()[s.Name]
	if !ok {
		return nil, fmt.Errorf("%w: operation %s on a collection", errUnsupported, s.Name)
	}
	return op(ctx, c, a)
}

// withSession puts the session that the arguments name into the context.
func (e *env) withSession(ctx context.Context, a *args) (context.Context, error) {
	name := a.text("session")
	if name == "" {
		return ctx, nil
	}
	session, ok := e.sessions[name]
	if !ok {
		return nil, fmt.Errorf("%w: no session %q", errUnsupported, name)
	}
	return mongo.NewSessionContext(ctx, session), nil
}

func sessionOperation(ctx context.Context, s mongo.Session, name string, a *args) error {
	switch name {
	case "startTransaction":
		opts, err := transactionOptions(a)
		if err != nil {
			return err
		}
		return s.StartTransaction(opts)
	case "commitTransaction":
		if err := a.done(); err != nil {
			return err
		}
		return s.CommitTransaction(ctx)
	case "abortTransaction":
		if err := a.done(); err != nil {
			return err
		}
		return s.AbortTransaction(ctx)
	case "endSession":
		s.EndSession(ctx)
		return nil
	}
	return fmt.Errorf("%w: operation %s on a session", errUnsupported, name)
}

func (e *env) runnerOperation(ctx context.Context, name string, a *args) error {
	db := func() *mongo.Database { return e.target.Admin.Database(a.text("database")) }
	coll := a.text("collection")
	switch name {
	case "failPoint":
		a.text("client") // every client of a test goes through the same fail points
		return e.target.FailPoints.SetFailPoint(a.document("failPoint"))
	case "assertCollectionExists", "assertCollectionNotExists":
		names, err := db().ListCollectionNames(ctx, bson.D{{Key: "name", Value: coll}})
		if err != nil {
			return err
		}
		return assertThere(name == "assertCollectionExists", len(names) > 0, "collection "+coll)
	case "assertIndexExists", "assertIndexNotExists":
		return assertIndex(ctx, db().Collection(coll), a.text("index"), name == "assertIndexExists")
	case "assertSessionTransactionState":
		return e.assertTransactionState(a.text("session"), a.text("state"))
	}
	return fmt.Errorf("%w: operation %s of the test runner", errUnsupported, name)
}

func (e *env) assertTransactionState(session, want string) error {
	s, ok := e.sessions[session].(mongo.XSession) //nolint:staticcheck // nothing else shows the state
	if !ok {
		return fmt.Errorf("%w: no session %q", errUnsupported, session)
	}
	got := strings.ReplaceAll(s.ClientSession().TransactionState.String(), " ", "_")
	if got != want {
		return fmt.Errorf("%w: transaction of %s: want %s, got %s", errAssertion, session, want, got)
	}
	return nil
}

func assertIndex(ctx context.Context, c *mongo.Collection, index string, want bool) error {
	specs, err := c.Indexes().ListSpecifications(ctx)
	if err != nil && !hasCode(err, 26) { // NamespaceNotFound: no collection, no index
		return err
	}
	found := false
	for _, s := range specs {
		found = found || s.Name == index
	}
	return assertThere(want, found, "index "+index)
}

func assertThere(want, got bool, what string) error {
	if want != got {
		return fmt.Errorf("%w: %s exists: want %v, got %v", errAssertion, what, want, got)
	}
	return nil
}

func clientOperation(ctx context.Context, c *mongo.Client, name string, a *args) (any, error) {
	filter := a.document("filter")
	if err := a.done(); err != nil {
		return nil, err
	}
	switch name {
	case "listDatabaseNames":
		names, err := c.ListDatabaseNames(ctx, filter)
		return toArray(names), err
	case "listDatabases", "listDatabaseObjects":
		_, err := c.ListDatabases(ctx, filter)
		return missing{}, err
	}
	return nil, fmt.Errorf("%w: operation %s on a client", errUnsupported, name)
}

func databaseOperation(ctx context.Context, db *mongo.Database, name string, a *args) (any, error) {
	switch name {
	case "runCommand":
		return runCommand(ctx, db, a)
	case "aggregate":
		opts, pipeline := aggregateOptions(a), a.value("pipeline")
		if err := a.done(); err != nil {
			return nil, err
		}
		return all(ctx)(db.Aggregate(ctx, pipeline, opts))
	case "createCollection":
		return createCollection(ctx, db, a)
	case "dropCollection":
		coll := db.Collection(a.text("collection"))
		if err := a.done(); err != nil {
			return nil, err
		}
		return missing{}, coll.Drop(ctx)
	case "modifyCollection":
		cmd := bson.D{{Key: "collMod", Value: a.text("collection")}}
		set(a, "validator", func(v bson.D) any { cmd = append(cmd, bson.E{Key: "validator", Value: v}); return nil })
		if err := a.done(); err != nil {
			return nil, err
		}
		return missing{}, db.RunCommand(ctx, cmd).Err()
	case "listCollectionNames", "listCollectionObjects", "listCollections":
		filter := a.document("filter")
		if err := a.done(); err != nil {
			return nil, err
		}
		names, err := db.ListCollectionNames(ctx, filter)
		return toArray(names), err
	}
	return nil, fmt.Errorf("%w: operation %s on a database", errUnsupported, name)
}

func runCommand(ctx context.Context, db *mongo.Database, a *args) (any, error) {
	opts := options.RunCmd()
	a.text("commandName")
	set(a, "readPreference", func(d bson.D) any {
		rp, err := readPreference(d)
		if err != nil {
			a.err = err
			return nil
		}
		return opts.SetReadPreference(rp)
	})
	cmd := a.document("command")
	if err := a.done(); err != nil {
		return nil, err
	}
	return one(db.RunCommand(ctx, cmd, opts))
}

func createCollection(ctx context.Context, db *mongo.Database, a *args) (any, error) {
	name, opts := a.text("collection"), options.CreateCollection()
	set(a, "validator", opts.SetValidator)
	viewOn, pipeline := a.text("viewOn"), a.value("pipeline")
	if err := a.done(); err != nil {
		return nil, err
	}
	if viewOn != "" {
		return missing{}, db.CreateView(ctx, name, viewOn, pipeline)
	}
	return missing{}, db.CreateCollection(ctx, name, opts)
}

// maxTime passes maxTimeMS to a setter of the driver's options.
func maxTime[R any](a *args, setter func(time.Duration) R) {
	set(a, "maxTimeMS", func(ms int64) R { return setter(time.Duration(ms) * time.Millisecond) })
}
