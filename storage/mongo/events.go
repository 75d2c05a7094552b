package mongo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"

	"tongban/hub"
)

// EventStore keeps the chains: one document for each event, and its insert is
// the commit. _id is made of case and seq, so that it keeps the order, makes
// (case, seq) unique and needs no index of its own.
type EventStore struct{ events, claims *driver.Collection }

var _ hub.EventStore = (*EventStore)(nil)

// eventDoc is a stored event. Raw has the bytes that count; what stands beside
// them is there to be found by.
type eventDoc struct {
	ID      string        `bson:"_id"`
	Case    hub.CaseID    `bson:"case"`
	Seq     int64         `bson:"seq"`
	Command hub.CommandID `bson:"cmd"`
	Kind    hub.Kind      `bson:"kind"`
	At      time.Time     `bson:"at"`
	Raw     []byte        `bson:"raw"`
	Hash    hub.Digest    `bson:"hash"`
	Sig     []byte        `bson:"sig"`
	Todo    bool          `bson:"todo,omitempty"` // its derived data may be missing; not part of the chain
}

// newEventStore reads with majority concern: a decision is never built on an
// event that a failover can still take back.
func newEventStore(db *driver.Database) *EventStore {
	majority := options.Collection().SetReadConcern(readconcern.Majority())
	return &EventStore{db.Collection(eventsName, majority), db.Collection(claimsName, majority)}
}

// claimDoc says which case a receive command is of. It is never changed.
type claimDoc struct {
	Key  hub.ClaimKey `bson:"_id"`
	Case hub.CaseID   `bson:"case"`
}

// Claim implements [hub.EventStore].
func (s *EventStore) Claim(ctx context.Context, k hub.ClaimKey, id hub.CaseID) (hub.CaseID, error) {
	_, err := s.claims.InsertOne(ctx, claimDoc{k, id})
	if driver.IsDuplicateKeyError(err) {
		id, err = s.Claimed(ctx, k)
		if hub.ErrorCode(err) == hub.NotFound { // said, but not yet by a majority
			err = hub.Wrap(hub.Unavailable, err, "the claim is being made")
		}
		return id, err
	}
	if err != nil {
		return "", translate(err, "claim case %s", id)
	}
	return id, nil
}

// Claimed implements [hub.EventStore].
func (s *EventStore) Claimed(ctx context.Context, k hub.ClaimKey) (hub.CaseID, error) {
	d, err := one[claimDoc](ctx, s.claims, k)
	return d.Case, translate(err, "read a claim")
}

// eventKey orders events by case, then seq.
func eventKey(id hub.CaseID, seq int64) string { return fmt.Sprintf("%s/%010d", id, seq) }

// pastCase is above every key of the case: '0' follows '/'.
func pastCase(id hub.CaseID) string { return string(id) + "0" }

// Append implements [hub.EventStore].
func (s *EventStore) Append(ctx context.Context, e hub.Event) error {
	_, err := s.events.InsertOne(ctx, eventDoc{
		ID: eventKey(e.Case, e.Seq), Case: e.Case, Seq: e.Seq, Command: e.Command.ID, Kind: e.Kind, At: e.At,
		Raw: e.Raw, Hash: e.Hash, Sig: e.Sig, Todo: true,
	})
	return translate(err, "append event %d to case %s", e.Seq, e.Case)
}

// Chain implements [hub.EventStore]. BrokenChain when what stands beside an
// event's bytes is not what they say.
func (s *EventStore) Chain(ctx context.Context, id hub.CaseID, after int64) ([]hub.Event, error) {
	docs, err := all[eventDoc](ctx, s.events,
		bson.M{"_id": bson.M{"$gt": eventKey(id, max(after, 0)), "$lt": pastCase(id)}}, sorted(asc("_id")))
	if err != nil {
		return nil, translate(err, "read the chain of case %s", id)
	}
	events := make([]hub.Event, 0, len(docs))
	for i := range docs {
		e, err := docs[i].event()
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}

func (d *eventDoc) event() (hub.Event, error) {
	e, err := hub.ReadEvent(d.Raw)
	if err != nil {
		return hub.Event{}, fmt.Errorf("event %s: %w", d.ID, err)
	}
	if d.ID != eventKey(e.Case, e.Seq) || d.Case != e.Case || d.Seq != e.Seq || d.Command != e.Command.ID ||
		d.Kind != e.Kind || !d.At.Equal(e.At) {
		return hub.Event{}, hub.E(hub.BrokenChain, "event %s is stored as something else than its bytes say", d.ID)
	}
	e.Hash, e.Sig = d.Hash, d.Sig
	return e, nil
}

// MarkProjected implements [hub.EventStore].
func (s *EventStore) MarkProjected(ctx context.Context, events ...hub.EventRef) error {
	for some := range slices.Chunk(events, 500) {
		ids := make(bson.A, len(some))
		for i, e := range some {
			ids[i] = eventKey(e.Case, e.Seq)
		}
		_, err := s.events.UpdateMany(ctx, bson.M{"_id": bson.M{"$in": ids}, "todo": true}, bson.M{"$unset": bson.M{"todo": ""}})
		if err != nil {
			return translate(err, "mark events projected")
		}
	}
	return nil
}

// Unprojected implements [hub.EventStore]; the longest waiting come first.
func (s *EventStore) Unprojected(ctx context.Context, before time.Time, limit int) ([]hub.CaseID, error) {
	ids, err := s.cases(ctx, bson.M{"todo": true, "at": bson.M{"$lt": before}}, asc("at"), limit)
	return ids, translate(err, "find unprojected events")
}

// CaseIDs implements [hub.EventStore].
func (s *EventStore) CaseIDs(ctx context.Context, after hub.CaseID, limit int) ([]hub.CaseID, error) {
	filter := bson.M{}
	if after != "" {
		filter["_id"] = bson.M{"$gte": pastCase(after)}
	}
	ids, err := s.cases(ctx, filter, asc("_id"), limit)
	return ids, translate(err, "list cases")
}

// walkBatch bounds how far a walk reads beyond what it is asked for, in events.
const walkBatch = 1000

// cases walks events and returns the cases they are of, each once, in the order met.
func (s *EventStore) cases(ctx context.Context, filter bson.M, order bson.E, limit int) ([]hub.CaseID, error) {
	if limit < 1 {
		return nil, nil
	}
	cur, err := s.events.Find(ctx, filter, sorted(order).SetProjection(bson.M{"case": 1}).SetBatchSize(walkBatch))
	if err != nil {
		return nil, err
	}
	defer cur.Close(context.WithoutCancel(ctx))
	var ids []hub.CaseID
	seen := map[hub.CaseID]bool{}
	for len(ids) < limit && cur.Next(ctx) {
		var d struct {
			Case hub.CaseID `bson:"case"`
		}
		if err := cur.Decode(&d); err != nil {
			return nil, err
		}
		if !seen[d.Case] {
			seen[d.Case] = true
			ids = append(ids, d.Case)
		}
	}
	return ids, cur.Err()
}
