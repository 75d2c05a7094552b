package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
)

// AccessLog is the record of who saw what. Nothing here changes or removes a line.
type AccessLog struct{ access *driver.Collection }

var _ hub.AccessLog = (*AccessLog)(nil)

type accessDoc struct {
	ID      string       `bson:"_id"`
	At      time.Time    `bson:"at"`
	Person  hub.PersonID `bson:"person"`
	Agency  hub.AgencyID `bson:"agency"`
	Role    hub.Role     `bson:"role"`
	Case    hub.CaseID   `bson:"case"`
	What    string       `bson:"what"`
	Ref     string       `bson:"ref"`
	Purpose string       `bson:"purpose"`
	Request string       `bson:"request"`
}

// Record implements [hub.AccessLog]. Conflict when the id is taken.
func (l *AccessLog) Record(ctx context.Context, a hub.Access) error {
	_, err := l.access.InsertOne(ctx, accessDoc{
		ID: a.ID, At: a.At, Person: a.Actor.Person, Agency: a.Actor.Agency, Role: a.Actor.Role,
		Case: a.Case, What: a.What, Ref: a.Ref, Purpose: a.Purpose, Request: a.Request,
	})
	return translate(err, "record access %s to case %s", a.ID, a.Case)
}

// Accesses implements [hub.AccessLog]: oldest first, after the line with the id
// ("" from the start). NotFound when the case has no such line.
func (l *AccessLog) Accesses(ctx context.Context, id hub.CaseID, after string, limit int) ([]hub.Access, error) {
	if limit < 1 {
		return nil, nil
	}
	filter := bson.M{"case": id}
	if after != "" {
		var last accessDoc
		if err := l.access.FindOne(ctx, bson.M{"_id": after, "case": id}).Decode(&last); err != nil {
			return nil, translate(err, "find access %s to case %s", after, id)
		}
		filter["at"] = bson.M{"$gte": last.At}
		filter["$or"] = bson.A{bson.M{"at": bson.M{"$gt": last.At}}, bson.M{"_id": bson.M{"$gt": after}}}
	}
	docs, err := all[accessDoc](ctx, l.access, filter, sorted(asc("at"), asc("_id")).SetLimit(int64(limit)))
	out := make([]hub.Access, 0, len(docs))
	for _, d := range docs {
		out = append(out, hub.Access{
			ID: d.ID, At: d.At, Actor: hub.Signatory{Person: d.Person, Agency: d.Agency, Role: d.Role},
			Case: d.Case, What: d.What, Ref: d.Ref, Purpose: d.Purpose, Request: d.Request,
		})
	}
	return out, translate(err, "read the accesses to case %s", id)
}
