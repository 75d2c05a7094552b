package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
)

// KeyStore keeps keys as they come: sealed with a key that is not here.
type KeyStore struct{ agencies, cases *driver.Collection }

var _ hub.KeyStore = (*KeyStore)(nil)

// agencyKeyDoc has the fields of [hub.AgencyKey], in the same order.
type agencyKeyDoc struct {
	ID     hub.KeyID    `bson:"_id"`
	Agency hub.AgencyID `bson:"agency"`
	Scheme string       `bson:"scheme"`
	Public []byte       `bson:"public"`
	Sealed []byte       `bson:"sealed"`
	From   time.Time    `bson:"from"`
	Until  time.Time    `bson:"until"`
}

// caseKeyDoc has the fields of [hub.CaseKeyRecord], in the same order. A zero
// Erased is a key in use.
type caseKeyDoc struct {
	Case   hub.CaseID `bson:"_id"`
	Scheme string     `bson:"scheme"`
	Sealed []byte     `bson:"sealed"`
	Erased time.Time  `bson:"erased"`
}

// SaveAgencyKey implements [hub.KeyStore].
func (k *KeyStore) SaveAgencyKey(ctx context.Context, key hub.AgencyKey) error {
	_, err := k.agencies.InsertOne(ctx, agencyKeyDoc(key))
	return translate(err, "save key %s", key.ID)
}

// AgencyKey implements [hub.KeyStore]. NotFound.
func (k *KeyStore) AgencyKey(ctx context.Context, id hub.KeyID) (hub.AgencyKey, error) {
	d, err := one[agencyKeyDoc](ctx, k.agencies, id)
	return hub.AgencyKey(d), translate(err, "read key %s", id)
}

// AgencyKeys implements [hub.KeyStore].
func (k *KeyStore) AgencyKeys(ctx context.Context, a hub.AgencyID) ([]hub.AgencyKey, error) {
	filter := bson.M{}
	if a != "" {
		filter["agency"] = a
	}
	docs, err := all[agencyKeyDoc](ctx, k.agencies, filter, sorted(desc("from"), asc("_id")))
	out := make([]hub.AgencyKey, 0, len(docs))
	for _, d := range docs {
		out = append(out, hub.AgencyKey(d))
	}
	return out, translate(err, "read keys of %s", a)
}

// SaveCaseKey implements [hub.KeyStore]. Erased when the case had a key that
// was destroyed: it never gets another.
func (k *KeyStore) SaveCaseKey(ctx context.Context, key hub.CaseKeyRecord) (hub.CaseKeyRecord, error) {
	_, err := k.cases.InsertOne(ctx, caseKeyDoc(key))
	if driver.IsDuplicateKeyError(err) {
		return k.CaseKey(ctx, key.Case)
	}
	if err != nil {
		return hub.CaseKeyRecord{}, translate(err, "save the key of case %s", key.Case)
	}
	return key, nil
}

// CaseKey implements [hub.KeyStore]. With Erased comes the mark that is left.
func (k *KeyStore) CaseKey(ctx context.Context, id hub.CaseID) (hub.CaseKeyRecord, error) {
	d, err := one[caseKeyDoc](ctx, k.cases, id)
	if err == nil && !d.Erased.IsZero() {
		err = hub.E(hub.Erased, "the key of this case was destroyed")
	}
	return hub.CaseKeyRecord(d), translate(err, "read the key of case %s", id)
}

// EraseCaseKey implements [hub.KeyStore]. NotFound when there never was a key;
// one that is erased keeps the time of the first erasure.
func (k *KeyStore) EraseCaseKey(ctx context.Context, id hub.CaseID, at time.Time) error {
	r, err := k.cases.UpdateOne(ctx, bson.M{"_id": id, "erased": time.Time{}},
		bson.M{"$set": bson.M{"sealed": nil, "erased": at}})
	if err == nil && r.MatchedCount == 0 {
		err = exists(ctx, k.cases, id)
	}
	return translate(err, "erase the key of case %s", id)
}
