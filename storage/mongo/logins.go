package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
)

// Logins keeps sign-ins. The server removes expired ones when it comes to it;
// until then they are not found.
type Logins struct {
	logins *driver.Collection
	now    func() time.Time
}

var _ hub.Logins = (*Logins)(nil)

// loginDoc has the fields of [hub.Login], in the same order.
type loginDoc struct {
	ID      string       `bson:"_id"`
	Person  hub.PersonID `bson:"person"`
	Since   time.Time    `bson:"since"`
	Seen    time.Time    `bson:"seen"`
	Expires time.Time    `bson:"expires"`
	Strong  bool         `bson:"strong"`
	Address string       `bson:"address"`
	Device  string       `bson:"device"`
}

// alive finds a login that has not expired.
func (l *Logins) alive(id string) bson.M {
	return bson.M{"_id": id, "expires": bson.M{"$gt": l.now()}}
}

// SaveLogin implements [hub.Logins].
func (l *Logins) SaveLogin(ctx context.Context, s hub.Login) error {
	return translate(put(ctx, l.logins, s.ID, loginDoc(s)), "save a login of person %s", s.Person)
}

// Login implements [hub.Logins].
func (l *Logins) Login(ctx context.Context, id string) (hub.Login, error) {
	var d loginDoc
	err := l.logins.FindOne(ctx, l.alive(id)).Decode(&d)
	return hub.Login(d), translate(err, "read a login")
}

// TouchLogin implements [hub.Logins]. NotFound when it has ended: a touch wakes
// nothing up.
func (l *Logins) TouchLogin(ctx context.Context, id string, seen, expires time.Time) error {
	r, err := l.logins.UpdateOne(ctx, l.alive(id), bson.M{"$set": bson.M{"seen": seen, "expires": expires}})
	if err == nil && r.MatchedCount == 0 {
		err = driver.ErrNoDocuments
	}
	return translate(err, "note the use of a login")
}

// DeleteLogin implements [hub.Logins]; one that is not there is no error.
func (l *Logins) DeleteLogin(ctx context.Context, id string) error {
	_, err := l.logins.DeleteOne(ctx, bson.M{"_id": id})
	return translate(err, "end a login")
}

// LoginsOf implements [hub.Logins].
func (l *Logins) LoginsOf(ctx context.Context, p hub.PersonID) ([]hub.Login, error) {
	docs, err := all[loginDoc](ctx, l.logins, bson.M{"person": p, "expires": bson.M{"$gt": l.now()}}, sorted(desc("seen"), asc("_id")))
	out := make([]hub.Login, 0, len(docs))
	for _, d := range docs {
		out = append(out, hub.Login(d))
	}
	return out, translate(err, "list the logins of person %s", p)
}

// DeleteLoginsOf implements [hub.Logins].
func (l *Logins) DeleteLoginsOf(ctx context.Context, p hub.PersonID, but string) error {
	_, err := l.logins.DeleteMany(ctx, bson.M{"person": p, "_id": bson.M{"$ne": but}})
	return translate(err, "end the logins of person %s", p)
}

// Strengthen implements [hub.Logins].
func (l *Logins) Strengthen(ctx context.Context, id string) error {
	r, err := l.logins.UpdateOne(ctx, l.alive(id), bson.M{"$set": bson.M{"strong": true}})
	if err == nil && r.MatchedCount == 0 {
		err = driver.ErrNoDocuments
	}
	return translate(err, "strengthen a login")
}
