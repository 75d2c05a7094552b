package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tongban/hub"
)

// Drafts keeps what people have typed and not sent, sealed. The server removes
// expired ones when it comes to it; until then they are not found.
type Drafts struct {
	drafts *driver.Collection
	now    func() time.Time
}

var _ hub.Drafts = (*Drafts)(nil)

// draftKey is whose draft it is and which.
type draftKey struct {
	Person hub.PersonID `bson:"person"`
	ID     string       `bson:"id"`
}

type draftDoc struct {
	Key     draftKey     `bson:"_id"`
	Person  hub.PersonID `bson:"person"` // again, for the list's index
	Item    hub.ItemCode `bson:"item"`
	Unit    string       `bson:"unit"`
	Version int64        `bson:"version"`
	Sealed  []byte       `bson:"sealed"`
	Saved   time.Time    `bson:"saved"`
	Expires time.Time    `bson:"expires"`
}

func draftOf(d draftDoc) hub.Draft {
	return hub.Draft{
		ID: d.Key.ID, Person: d.Key.Person, Item: d.Item, Unit: d.Unit, Version: d.Version, Sealed: d.Sealed,
		Saved: d.Saved, Expires: d.Expires,
	}
}

// KeepDraft implements [hub.Drafts].
func (s *Drafts) KeepDraft(ctx context.Context, d hub.Draft) error {
	doc := draftDoc{draftKey{d.Person, d.ID}, d.Person, d.Item, d.Unit, d.Version, d.Sealed, d.Saved, d.Expires}
	stale := hub.E(hub.StaleVersion, "another version of the draft is kept")
	if d.Version == 1 {
		// What expired and was not removed yet is not in the way of a new one.
		old := bson.M{"_id": doc.Key, "expires": bson.M{"$lte": s.now()}}
		if _, err := s.drafts.DeleteOne(ctx, old); err != nil {
			return translate(err, "remove an expired draft")
		}
		_, err := s.drafts.InsertOne(ctx, doc)
		if driver.IsDuplicateKeyError(err) {
			return stale
		}
		return translate(err, "keep a draft of person %s", d.Person)
	}
	r, err := s.drafts.ReplaceOne(ctx, bson.M{"_id": doc.Key, "version": d.Version - 1, "expires": bson.M{"$gt": s.now()}}, doc)
	if err == nil && r.MatchedCount == 0 {
		return stale
	}
	return translate(err, "keep a draft of person %s", d.Person)
}

// Draft implements [hub.Drafts].
func (s *Drafts) Draft(ctx context.Context, p hub.PersonID, id string) (hub.Draft, error) {
	var d draftDoc
	err := s.drafts.FindOne(ctx, bson.M{"_id": draftKey{p, id}, "expires": bson.M{"$gt": s.now()}}).Decode(&d)
	return draftOf(d), translate(err, "read a draft of person %s", p)
}

// DraftsOf implements [hub.Drafts].
func (s *Drafts) DraftsOf(ctx context.Context, p hub.PersonID, limit int) ([]hub.Draft, error) {
	o := options.Find().SetSort(bson.D{{Key: "saved", Value: -1}}).SetLimit(int64(limit)).SetProjection(bson.M{"sealed": 0})
	cur, err := s.drafts.Find(ctx, bson.M{"person": p, "expires": bson.M{"$gt": s.now()}}, o)
	if err != nil {
		return nil, translate(err, "list drafts of person %s", p)
	}
	var docs []draftDoc
	if err := cur.All(ctx, &docs); err != nil {
		return nil, translate(err, "list drafts of person %s", p)
	}
	all := make([]hub.Draft, len(docs))
	for i, d := range docs {
		all[i] = draftOf(d)
	}
	return all, nil
}

// DropDraft implements [hub.Drafts].
func (s *Drafts) DropDraft(ctx context.Context, p hub.PersonID, id string) error {
	_, err := s.drafts.DeleteOne(ctx, bson.M{"_id": draftKey{p, id}})
	return translate(err, "drop a draft of person %s", p)
}
