package mongospec

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
)

// failPoints injects failures between the driver and the server.
type failPoints interface {
	SetFailPoint(command bson.D) error
	ClearFailPoint()
}

// Target is the server that cases run against. One case at a time runs on a target:
// the files share collection names.
type Target struct {
	URI        string        // where the driver under test connects, through the fail points
	Admin      *mongo.Client // prepares and inspects collections, past the fail points
	FailPoints failPoints
	Info       ServerInfo
}

// Run runs the case and returns the first thing that is not as MongoDB expects.
func (c *Case) Run(ctx context.Context, t *Target) error {
	t.killSessions(ctx)
	for _, data := range c.Initial {
		if err := t.prepare(ctx, data); err != nil {
			return fmt.Errorf("prepare %s.%s: %w", data.Database, data.Collection, err)
		}
	}
	t.FailPoints.ClearFailPoint()
	defer t.FailPoints.ClearFailPoint()
	e, err := newEnv(ctx, t, c.Entities)
	if err != nil {
		return err
	}
	defer e.close(ctx)
	if c.FailPoint != nil {
		if err := t.FailPoints.SetFailPoint(c.FailPoint); err != nil {
			return fmt.Errorf("set the fail point: %w", err)
		}
	}
	m := matcher{lsid: func(name string) (bson.Raw, bool) { id, ok := e.lsids[name]; return id, ok }}
	for i := range c.Steps {
		if err := e.step(ctx, &c.Steps[i], m); err != nil {
			return fmt.Errorf("operation %d %s: %w", i, c.Steps[i].Name, err)
		}
	}
	if c.EndSessionsFirst {
		e.endSessions(ctx)
	}
	for _, ev := range c.Events {
		if err := e.recorders[ev.Client].check(ev, m); err != nil {
			return err
		}
	}
	e.endSessions(ctx)
	t.FailPoints.ClearFailPoint()
	for _, want := range c.Outcome {
		if err := t.checkOutcome(ctx, want); err != nil {
			return fmt.Errorf("outcome of %s.%s: %w", want.Database, want.Collection, err)
		}
	}
	return nil
}

// killSessions ends what an earlier case left open, as MongoDB's own runners do. A
// server that does not allow it has to end transactions by their time limit.
func (t *Target) killSessions(ctx context.Context) {
	cmd := bson.D{{Key: "killAllSessions", Value: bson.A{}}}
	_ = t.Admin.Database("admin").RunCommand(ctx, cmd).Err()
}

// prepare leaves exactly the documents in the collection.
func (t *Target) prepare(ctx context.Context, d CollectionData) error {
	wc := options.Collection().SetWriteConcern(writeconcern.Majority())
	coll := t.Admin.Database(d.Database).Collection(d.Collection, wc)
	if err := coll.Drop(ctx); err != nil {
		return fmt.Errorf("drop: %w", err)
	}
	if err := t.Admin.Database(d.Database).CreateCollection(ctx, d.Collection); err != nil {
		return fmt.Errorf("create: %w", err)
	}
	if len(d.Documents) == 0 {
		return nil
	}
	docs := make([]any, len(d.Documents))
	for i := range docs {
		docs[i] = d.Documents[i]
	}
	if _, err := coll.InsertMany(ctx, docs); err != nil {
		return fmt.Errorf("insert: %w", err)
	}
	return nil
}

func (t *Target) checkOutcome(ctx context.Context, want CollectionData) error {
	local := options.Collection().SetReadConcern(readconcern.Local())
	coll := t.Admin.Database(want.Database).Collection(want.Collection, local)
	cur, err := coll.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return fmt.Errorf("find: %w", err)
	}
	got := []bson.D{}
	if err := cur.All(ctx, &got); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if len(got) != len(want.Documents) {
		return fmt.Errorf("want %d documents %v, got %d %v", len(want.Documents), want.Documents, len(got), got)
	}
	for i := range got {
		if err := (matcher{}).match(want.Documents[i], got[i], false, fmt.Sprintf("[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

// step runs one operation and compares its result or error.
func (e *env) step(ctx context.Context, s *Step, m matcher) error {
	result, err := e.operation(ctx, s)
	if errors.Is(err, mongo.ErrUnacknowledgedWrite) {
		result, err = missing{}, nil
	}
	if errors.Is(err, errUnsupported) {
		return err
	}
	if s.IgnoreResult {
		return nil
	}
	if s.Error != nil {
		return s.Error.check(err, result, m)
	}
	if err != nil {
		return err
	}
	if !s.HasResult {
		return nil
	}
	_, list := s.Result.(bson.A)
	return m.match(s.Result, result, !list || !s.ExactDocuments, "result")
}
