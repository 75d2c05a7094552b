package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
)

// Factors keeps second factors; their secrets come sealed.
type Factors struct{ factors *driver.Collection }

var _ hub.Factors = (*Factors)(nil)

// factorDoc has the fields of [hub.Factor], in the same order.
type factorDoc struct {
	Person    hub.PersonID `bson:"_id"`
	Sealed    []byte       `bson:"sealed"`
	Made      time.Time    `bson:"made"`
	Confirmed time.Time    `bson:"confirmed"`
	Step      int64        `bson:"step"`
	Recovery  []string     `bson:"recovery"`
}

// waiting finds a factor that is not in force.
func waiting(p hub.PersonID) bson.M { return bson.M{"_id": p, "confirmed": time.Time{}} }

// SaveFactor implements [hub.Factors].
func (s *Factors) SaveFactor(ctx context.Context, f hub.Factor) error {
	f.Confirmed, f.Step, f.Recovery = time.Time{}, 0, nil
	r, err := s.factors.ReplaceOne(ctx, waiting(f.Person), factorDoc(f))
	if err == nil && r.MatchedCount == 0 {
		_, err = s.factors.InsertOne(ctx, factorDoc(f)) // a duplicate is one in force, or set up just now
	}
	return translate(err, "keep the factor of person %s", f.Person)
}

// Factor implements [hub.Factors].
func (s *Factors) Factor(ctx context.Context, p hub.PersonID) (hub.Factor, error) {
	d, err := one[factorDoc](ctx, s.factors, p)
	return hub.Factor(d), translate(err, "read the factor of person %s", p)
}

// ConfirmFactor implements [hub.Factors].
func (s *Factors) ConfirmFactor(ctx context.Context, f hub.Factor) error {
	if f.Confirmed.IsZero() {
		return hub.E(hub.Conflict, "a factor in force has a time")
	}
	filter := waiting(f.Person)
	filter["made"] = f.Made
	set := bson.M{"confirmed": f.Confirmed, "step": f.Step, "recovery": f.Recovery}
	return s.change(ctx, filter, bson.M{"$set": set}, "the factor was set up anew, or is in force")
}

// UseStep implements [hub.Factors].
func (s *Factors) UseStep(ctx context.Context, p hub.PersonID, step int64) error {
	filter := bson.M{"_id": p, "confirmed": bson.M{"$gt": time.Time{}}, "step": bson.M{"$lt": step}}
	return s.change(ctx, filter, bson.M{"$set": bson.M{"step": step}}, "this code was used")
}

// UseRecovery implements [hub.Factors].
func (s *Factors) UseRecovery(ctx context.Context, p hub.PersonID, digest string) error {
	filter := bson.M{"_id": p, "confirmed": bson.M{"$gt": time.Time{}}, "recovery": digest}
	return s.change(ctx, filter, bson.M{"$pull": bson.M{"recovery": digest}}, "there is no such recovery code")
}

func (s *Factors) change(ctx context.Context, filter, change bson.M, not string) error {
	r, err := s.factors.UpdateOne(ctx, filter, change)
	if err == nil && r.MatchedCount == 0 {
		return hub.E(hub.Conflict, "%s", not)
	}
	return translate(err, "change the factor of person %v", filter["_id"])
}

// DropFactor implements [hub.Factors].
func (s *Factors) DropFactor(ctx context.Context, p hub.PersonID) error {
	_, err := s.factors.DeleteOne(ctx, bson.M{"_id": p})
	return translate(err, "drop the factor of person %s", p)
}
