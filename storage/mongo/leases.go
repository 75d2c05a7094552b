package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tongban/hub"
)

// Leases keeps who works on which case. The server removes ended ones when it
// comes to it; until then they are not found and in nobody's way.
type Leases struct {
	leases *driver.Collection
	now    func() time.Time
}

var _ hub.Leases = (*Leases)(nil)

// leaseKey makes a lease unique for an agency and a case.
type leaseKey struct {
	Agency hub.AgencyID `bson:"agency"`
	Case   hub.CaseID   `bson:"case"`
}

type leaseDoc struct {
	Key    leaseKey     `bson:"_id"`
	Agency hub.AgencyID `bson:"agency"` // again, for the list's index
	Person hub.PersonID `bson:"person"`
	Since  time.Time    `bson:"since"`
	Until  time.Time    `bson:"until"`
}

func leaseOf(d leaseDoc) hub.Lease {
	return hub.Lease{Case: d.Key.Case, Agency: d.Key.Agency, Person: d.Person, Since: d.Since, Until: d.Until}
}

// TakeLease implements [hub.Leases]. The unique id decides who was first.
func (s *Leases) TakeLease(ctx context.Context, l hub.Lease, over bool) (hub.Lease, error) {
	key := leaseKey{l.Agency, l.Case}
	doc := leaseDoc{key, l.Agency, l.Person, l.Since, l.Until}
	// What he holds already is only prolonged: it stands since he took it.
	own := bson.M{"_id": key, "person": l.Person, "until": bson.M{"$gt": s.now()}}
	var kept leaseDoc
	err := s.leases.FindOneAndUpdate(ctx, own, bson.M{"$set": bson.M{"until": l.Until}}, after()).Decode(&kept)
	if err == nil {
		return leaseOf(kept), nil
	}
	if !errors.Is(err, driver.ErrNoDocuments) {
		return hub.Lease{}, translate(err, "prolong the lease of case %s", l.Case)
	}
	free := bson.M{"_id": key, "until": bson.M{"$lte": s.now()}}
	if over {
		free = bson.M{"_id": key}
	}
	_, err = s.leases.ReplaceOne(ctx, free, doc, options.Replace().SetUpsert(true))
	if err == nil {
		return l, nil
	}
	if !driver.IsDuplicateKeyError(err) {
		return hub.Lease{}, translate(err, "take the lease of case %s", l.Case)
	}
	held, err := one[leaseDoc](ctx, s.leases, key)
	return leaseOf(held), translate(err, "read the lease of case %s", l.Case)
}

// DropLease implements [hub.Leases].
func (s *Leases) DropLease(ctx context.Context, a hub.AgencyID, id hub.CaseID, p hub.PersonID) error {
	_, err := s.leases.DeleteOne(ctx, bson.M{"_id": leaseKey{a, id}, "person": p})
	return translate(err, "drop the lease of case %s", id)
}

// LeasesOf implements [hub.Leases].
func (s *Leases) LeasesOf(ctx context.Context, a hub.AgencyID, ids []hub.CaseID) ([]hub.Lease, error) {
	keys := make([]leaseKey, len(ids))
	for i, id := range ids {
		keys[i] = leaseKey{a, id}
	}
	return s.find(ctx, bson.M{"_id": bson.M{"$in": keys}}, options.Find())
}

// LeasesBy implements [hub.Leases].
func (s *Leases) LeasesBy(ctx context.Context, a hub.AgencyID, p hub.PersonID, limit int) ([]hub.Lease, error) {
	return s.find(ctx, bson.M{"person": p, "agency": a}, sorted(desc("since"), desc("_id")).SetLimit(int64(limit)))
}

func (s *Leases) find(ctx context.Context, filter bson.M, o *options.FindOptions) ([]hub.Lease, error) {
	filter["until"] = bson.M{"$gt": s.now()}
	docs, err := all[leaseDoc](ctx, s.leases, filter, o)
	if err != nil {
		return nil, translate(err, "list leases")
	}
	found := make([]hub.Lease, len(docs))
	for i, d := range docs {
		found[i] = leaseOf(d)
	}
	return found, nil
}
