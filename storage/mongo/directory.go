package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
)

// Directory keeps agencies, people and standards.
type Directory struct{ agencies, people, standards *driver.Collection }

var _ hub.Directory = (*Directory)(nil)

// agencyDoc has the fields of [hub.Agency], in the same order.
type agencyDoc struct {
	ID       hub.AgencyID `bson:"_id"`
	NameZH   string       `bson:"name_zh"`
	NameEN   string       `bson:"name_en"`
	Division string       `bson:"division"`
	Register bool         `bson:"register"`
	PlaceZH  string       `bson:"place_zh"`
	Timezone string       `bson:"timezone"`
	Kind     string       `bson:"kind"`
}

// personDoc has the fields of [hub.Person], in the same order.
type personDoc struct {
	ID       hub.PersonID `bson:"_id"`
	Login    string       `bson:"login"`
	NameZH   string       `bson:"name_zh"`
	NameEN   string       `bson:"name_en"`
	Agency   hub.AgencyID `bson:"agency"`
	Roles    []hub.Role   `bson:"roles"`
	Ref      hub.PartyRef `bson:"ref"`
	Secret   string       `bson:"secret"`
	Disabled bool         `bson:"disabled"`
	Failures int          `bson:"failures"`
	LockedTo time.Time    `bson:"locked_to"`
}

// SaveAgency implements [hub.Directory].
func (d *Directory) SaveAgency(ctx context.Context, a hub.Agency) error {
	return translate(put(ctx, d.agencies, a.ID, agencyDoc(a)), "save agency %s", a.ID)
}

// Agency implements [hub.Directory]. NotFound.
func (d *Directory) Agency(ctx context.Context, id hub.AgencyID) (hub.Agency, error) {
	a, err := one[agencyDoc](ctx, d.agencies, id)
	return hub.Agency(a), translate(err, "read agency %s", id)
}

// Agencies implements [hub.Directory]; in order of id.
func (d *Directory) Agencies(ctx context.Context) ([]hub.Agency, error) {
	docs, err := all[agencyDoc](ctx, d.agencies, bson.M{}, sorted(asc("_id")))
	out := make([]hub.Agency, 0, len(docs))
	for _, a := range docs {
		out = append(out, hub.Agency(a))
	}
	return out, translate(err, "read agencies")
}

// SavePerson implements [hub.Directory]. Conflict when the login is another's.
func (d *Directory) SavePerson(ctx context.Context, p hub.Person) error {
	return translate(put(ctx, d.people, p.ID, personDoc(p)), "save person %s", p.ID)
}

// Person implements [hub.Directory]. NotFound.
func (d *Directory) Person(ctx context.Context, id hub.PersonID) (hub.Person, error) {
	p, err := one[personDoc](ctx, d.people, id)
	return hub.Person(p), translate(err, "read person %s", id)
}

// People implements [hub.Directory].
func (d *Directory) People(ctx context.Context, a hub.AgencyID) ([]hub.Person, error) {
	filter := bson.M{}
	if a != "" {
		filter["agency"] = a
	}
	docs, err := all[personDoc](ctx, d.people, filter, sorted(asc("login")))
	out := make([]hub.Person, 0, len(docs))
	for _, p := range docs {
		out = append(out, hub.Person(p))
	}
	return out, translate(err, "list people")
}

// PersonByLogin implements [hub.Directory]. NotFound.
func (d *Directory) PersonByLogin(ctx context.Context, login string) (hub.Person, error) {
	var p personDoc
	err := d.people.FindOne(ctx, bson.M{"login": login}).Decode(&p)
	return hub.Person(p), translate(err, "find a person by login")
}

// SignInResult implements [hub.Directory]. The failure that reaches the rule's
// number locks in the same write, and so does every one after it until a
// success. NotFound.
func (d *Directory) SignInResult(ctx context.Context, id hub.PersonID, ok bool, now time.Time, lock hub.LockRule) (hub.Person, error) {
	if ok {
		p, err := d.changePerson(ctx, bson.M{"_id": id}, bson.M{"$set": bson.M{"failures": 0, "locked_to": time.Time{}}})
		return p, translate(err, "clear the failures of person %s", id)
	}
	count := bson.M{"$inc": bson.M{"failures": 1}}
	if lock.After < 1 {
		p, err := d.changePerson(ctx, bson.M{"_id": id}, count)
		return p, translate(err, "count a failure of person %s", id)
	}
	below := bson.M{"_id": id, "failures": bson.M{"$lt": lock.After - 1}}
	last := bson.M{"_id": id, "failures": bson.M{"$gte": lock.After - 1}}
	countAndLock := bson.M{"$inc": bson.M{"failures": 1}, "$max": bson.M{"locked_to": now.Add(lock.For)}}
	for {
		p, err := d.changePerson(ctx, below, count)
		if errors.Is(err, driver.ErrNoDocuments) {
			p, err = d.changePerson(ctx, last, countAndLock)
		}
		if errors.Is(err, driver.ErrNoDocuments) {
			// Nobody there, or a success came between the two.
			if err = exists(ctx, d.people, id); err == nil {
				continue
			}
		}
		return p, translate(err, "count a failure of person %s", id)
	}
}

func (d *Directory) changePerson(ctx context.Context, filter, change bson.M) (hub.Person, error) {
	var p personDoc
	err := d.people.FindOneAndUpdate(ctx, filter, change, after()).Decode(&p)
	return hub.Person(p), err
}
