package mongo_test

import (
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"tongban/hub/register"
	"tongban/storage/mongo"
	"tongban/storage/storetest"
)

func TestRegisterStore(t *testing.T) {
	storetest.TestRegisterStore(t, func(t testing.TB) register.Store { return open(t).Register() })
}

// What is stored is changed behind the register's back.
func TestRegisterFindsWhatWasChanged(t *testing.T) {
	db := open(t)
	r := register.New(db.Register(), storetest.NewRegisterKeys(), time.Now, register.DefaultTerms())
	p := register.DemoPlaces()[0]
	seed := register.DemoSeed(p)
	seed.Bookings = seed.Bookings[:8]
	if _, err := r.Load(t.Context(), seed, "p1", register.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.VerifyAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	u := register.DemoUnit(p, 3)
	list, err := db.Register().Versions(t.Context(), u, 1, 10)
	if err != nil || len(list) != 1 {
		t.Fatal(len(list), err)
	}
	good := list[0]
	coll := mongo.Collection(db, "register")
	for name, change := range map[string]bson.M{
		"hash":  {"hash": "sha256:00"},
		"sig":   {"sig": append([]byte{good.Sig[0] ^ 1}, good.Sig[1:]...)},
		"keys":  {"keys": bson.A{"unit/other/1"}},
		"cases": {"cases": bson.A{"c"}},
		"at":    {"at": good.At.Add(time.Hour)},
		"raw":   {"raw": append(append([]byte{}, good.Raw[:len(good.Raw)-1]...), ' ')},
	} {
		if _, err := coll.UpdateOne(t.Context(), bson.M{"_id": good.ID}, bson.M{"$set": change}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.VerifyAll(t.Context()); register.ReasonOf(err) != register.Broken {
			t.Errorf("%s changed: %v", name, err)
		}
		if _, err := coll.UpdateOne(t.Context(), bson.M{"_id": good.ID}, bson.M{"$set": bson.M{
			"hash": good.Hash, "sig": good.Sig, "keys": good.Keys(), "cases": bson.A{}, "at": good.At, "raw": good.Raw,
		}}); err != nil {
			t.Fatal(err)
		}
	}
	snap := mongo.Collection(db, "register_units")
	if _, err := snap.UpdateOne(t.Context(), bson.M{"_id": u}, bson.M{"$set": bson.M{"version": 9}}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Verify(t.Context(), u); register.ReasonOf(err) != register.Broken {
		t.Errorf("snapshot changed: %v", err)
	}
}

func TestRegisterReadsAreAnsweredByAnIndex(t *testing.T) {
	db, p := watched(t)
	ctx := t.Context()
	s := db.Register()
	r := register.New(s, storetest.NewRegisterKeys(), time.Now, register.DefaultTerms())
	place := register.DemoPlaces()[0]
	seed := register.DemoSeed(place)
	_, err := r.Load(ctx, seed, "p1", register.LoadOptions{})
	must(t, err)
	u := register.DemoUnit(place, 1)
	number := seed.Bookings[0].Steps[0].Certificates[0]
	id := seed.Bookings[0].Source.BookingID()
	const small = true // of few documents: may be sorted afterwards
	for _, c := range []struct {
		name  string
		index string
		small bool
		read  func() error
	}{
		{"versions of a unit", "keys", false, func() error { _, err := s.Versions(ctx, u, 1, 64); return err }},
		{"a certificate", "keys", false, func() error { _, err := s.ByKey(ctx, register.CertificateKey(number)); return err }},
		{"bookings of a case", "cases", false, func() error { _, err := s.OfCase(ctx, "c"); return err }},
		{"a booking", "", false, func() error { _, err := s.Booking(ctx, id); return err }},
		{"all bookings", "_id_", false, func() error { _, err := s.All(ctx, id, 10); return err }},
		{"what a crash left", "todo", false, func() error { _, err := s.Unprojected(ctx, 10); return err }},
		{"whom a court has hit", "hit", false, func() error { _, err := s.Unsettled(ctx, 10); return err }},
		{"what a person holds", "holders", small, func() error { _, err := s.UnitsOf(ctx, "x", u, 10); return err }},
	} {
		t.Run(c.name, func(t *testing.T) {
			p.take("find")
			must(t, c.read())
			found := p.take("find")
			if len(found) != 1 {
				t.Fatalf("sent %d finds", len(found))
			}
			stages, index := explain(t, db, found[0])
			if len(stages) == 0 || slices.Contains(stages, "COLLSCAN") || !c.small && slices.Contains(stages, "SORT") {
				t.Errorf("stages %v", stages)
			}
			if c.index != "" && index != c.index {
				t.Errorf("by index %q, want %q", index, c.index)
			}
		})
	}
}
