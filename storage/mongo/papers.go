package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tongban/hub"
)

// PaperIndex keeps one row for each issued result.
type PaperIndex struct{ papers *driver.Collection }

var _ hub.PaperIndex = (*PaperIndex)(nil)

// paperDoc has the fields of [hub.PaperRow], in the same order.
type paperDoc struct {
	ID         string           `bson:"_id,omitempty"`
	Number     string           `bson:"number"`
	Kind       hub.ResultKind   `bson:"kind"`
	Unit       string           `bson:"unit"`
	Case       hub.CaseID       `bson:"case"`
	Agency     hub.AgencyID     `bson:"agency"`
	Digest     hub.Digest       `bson:"digest"`
	IssuedAt   time.Time        `bson:"issued_at"`
	RevokedAt  time.Time        `bson:"revoked_at"`
	Ground     hub.RevokeGround `bson:"ground"`
	ReplacedBy string           `bson:"replaced_by,omitempty"`
	Seq        int64            `bson:"seq"`
}

// SavePaper implements [hub.PaperIndex].
func (x *PaperIndex) SavePaper(ctx context.Context, p hub.PaperRow) error {
	d := paperDoc(p)
	d.ID, d.ReplacedBy = "", "" // the filter has the one, another case writes the other
	older := bson.M{"_id": p.ID, "$or": bson.A{bson.M{"seq": bson.M{"$lt": p.Seq}}, bson.M{"seq": bson.M{"$exists": false}}}}
	_, err := x.papers.UpdateOne(ctx, older, bson.M{"$set": d}, options.Update().SetUpsert(true))
	if driver.IsDuplicateKeyError(err) { // there already and newer, or made at this moment
		_, err = x.papers.UpdateOne(ctx, older, bson.M{"$set": d})
	}
	return translate(err, "save result %s", p.ID)
}

// ReplacePaper implements [hub.PaperIndex].
func (x *PaperIndex) ReplacePaper(ctx context.Context, id, by string) error {
	_, err := x.papers.UpdateOne(ctx, bson.M{"_id": id}, bson.M{"$set": bson.M{"replaced_by": by}}, options.Update().SetUpsert(true))
	return translate(err, "mark result %s as replaced", id)
}

// Paper implements [hub.PaperIndex].
func (x *PaperIndex) Paper(ctx context.Context, id string) (hub.PaperRow, error) {
	d, err := one[paperDoc](ctx, x.papers, id)
	if err == nil && d.Seq == 0 { // only known to be replaced; its own case has not said anything yet
		return hub.PaperRow{}, hub.E(hub.NotFound, "no such result")
	}
	return hub.PaperRow(d), translate(err, "read result %s", id)
}

// PapersInForce implements [hub.PaperIndex].
func (x *PaperIndex) PapersInForce(ctx context.Context, unit string) ([]hub.PaperRow, error) {
	docs, err := all[paperDoc](ctx, x.papers, bson.M{
		"unit": unit, "revoked_at": time.Time{}, "replaced_by": bson.M{"$exists": false},
	}, sorted(asc("issued_at"), asc("_id")))
	return convert(docs, func(d paperDoc) hub.PaperRow { return hub.PaperRow(d) }), translate(err, "results of unit %s", unit)
}
