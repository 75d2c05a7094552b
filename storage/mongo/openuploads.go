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

// OpenUploads keeps uploads that are under way. One holder at a time may write
// to each, and a write names the offset it goes on from, so that of two nodes
// that both believe to be the holder at most one is heard.
type OpenUploads struct{ uploads *driver.Collection }

// openUploadDoc has the fields of [hub.OpenUpload], in the same order.
type openUploadDoc struct {
	ID      string       `bson:"_id"`
	Agency  hub.AgencyID `bson:"agency"`
	Person  hub.PersonID `bson:"person"`
	Size    int64        `bson:"size"`
	Want    hub.Digest   `bson:"want"`
	Created time.Time    `bson:"created"`
	Expires time.Time    `bson:"expires"`

	Offset int64            `bson:"offset"`
	Type   string           `bson:"type"`
	Key    string           `bson:"key"`
	Store  string           `bson:"store"`
	Parts  []hub.UploadPart `bson:"parts"`
	Next   int              `bson:"next"`
	Tail   string           `bson:"tail"`
	Hash   []byte           `bson:"hash"`
	File   hub.Digest       `bson:"file"`

	Holder string    `bson:"holder"`
	Until  time.Time `bson:"until"`
	Wanted bool      `bson:"wanted"`
}

// Create stores a new upload. Conflict when the id is taken.
func (o *OpenUploads) Create(ctx context.Context, u hub.OpenUpload) error {
	_, err := o.uploads.InsertOne(ctx, openUploadDoc(u))
	return translate(err, "create upload %s", u.ID)
}

// Read returns an upload. NotFound.
func (o *OpenUploads) Read(ctx context.Context, id string) (hub.OpenUpload, error) {
	d, err := one[openUploadDoc](ctx, o.uploads, id)
	return hub.OpenUpload(d), translate(err, "read upload %s", id)
}

// Take makes holder the one who may write, until a time, and returns the
// upload. A holder whose time is over is given up for dead: the number of the
// part it may still be sending is skipped. Conflict while another holds it; the
// upload is marked as wanted then. NotFound.
func (o *OpenUploads) Take(ctx context.Context, id, holder string, now, until time.Time) (hub.OpenUpload, error) {
	mine := bson.M{"holder": holder, "until": until, "wanted": false}
	var d openUploadDoc
	err := o.uploads.FindOneAndUpdate(ctx, bson.M{"_id": id, "holder": ""}, bson.M{"$set": mine}, after()).Decode(&d)
	if errors.Is(err, driver.ErrNoDocuments) {
		err = o.uploads.FindOneAndUpdate(ctx, bson.M{"_id": id, "until": bson.M{"$lte": now}},
			bson.M{"$set": mine, "$inc": bson.M{"next": 1}}, after()).Decode(&d)
	}
	if errors.Is(err, driver.ErrNoDocuments) {
		var r *driver.UpdateResult
		r, err = o.uploads.UpdateOne(ctx, bson.M{"_id": id}, bson.M{"$set": bson.M{"wanted": true}})
		switch {
		case err == nil && r.MatchedCount == 0:
			err = driver.ErrNoDocuments
		case err == nil:
			err = hub.E(hub.Conflict, "another request is writing to this upload")
		}
	}
	return hub.OpenUpload(d), translate(err, "take upload %s", id)
}

// Hold says that the holder lives, until a later time, and tells whether
// somebody else waits. Conflict when it is the holder no more.
func (o *OpenUploads) Hold(ctx context.Context, id, holder string, until time.Time) (wanted bool, err error) {
	var d openUploadDoc
	err = o.uploads.FindOneAndUpdate(ctx, bson.M{"_id": id, "holder": holder}, bson.M{"$set": bson.M{"until": until}},
		after().SetProjection(bson.M{"wanted": 1})).Decode(&d)
	if errors.Is(err, driver.ErrNoDocuments) {
		err = takenOver()
	}
	return d.Wanted, translate(err, "hold upload %s", id)
}

func takenOver() error { return hub.E(hub.Conflict, "another request has taken this upload over") }

// Release lets an upload go. One that is held by another, or gone, is no error.
func (o *OpenUploads) Release(ctx context.Context, id, holder string) error {
	_, err := o.uploads.UpdateOne(ctx, bson.M{"_id": id, "holder": holder},
		bson.M{"$set": bson.M{"holder": "", "until": time.Time{}, "wanted": false}})
	return translate(err, "release upload %s", id)
}

// Save writes how far an upload has come, if u.Holder still holds it and it
// still stands at the offset it came from. Conflict otherwise, and nothing is
// written. When the answer is lost (Unavailable) it may be written.
func (o *OpenUploads) Save(ctx context.Context, u hub.OpenUpload, from int64) error {
	r, err := o.uploads.UpdateOne(ctx, bson.M{"_id": u.ID, "holder": u.Holder, "offset": from}, bson.M{"$set": bson.M{
		"offset": u.Offset, "type": u.Type, "key": u.Key, "store": u.Store, "parts": u.Parts, "next": u.Next,
		"tail": u.Tail, "hash": u.Hash, "file": u.File,
	}})
	if err == nil && r.MatchedCount == 0 {
		err = takenOver()
	}
	return translate(err, "save upload %s", u.ID)
}

// Delete forgets an upload that holder holds. Conflict when it does not; one
// that is gone is no error.
func (o *OpenUploads) Delete(ctx context.Context, id, holder string) error {
	r, err := o.uploads.DeleteOne(ctx, bson.M{"_id": id, "holder": holder})
	if err == nil && r.DeletedCount == 0 {
		if err = exists(ctx, o.uploads, id); err == nil {
			err = takenOver()
		} else if errors.Is(err, driver.ErrNoDocuments) {
			err = nil
		}
	}
	return translate(err, "delete upload %s", id)
}

// Count returns how many uploads of an agency, or of one of its people when
// person is not "", are neither done nor expired; it counts at most limit.
func (o *OpenUploads) Count(ctx context.Context, a hub.AgencyID, person hub.PersonID, now time.Time, limit int64) (int64, error) {
	open := bson.M{"agency": a, "file": "", "expires": bson.M{"$gt": now}}
	if person != "" {
		open["person"] = person
	}
	n, err := o.uploads.CountDocuments(ctx, open, options.Count().SetLimit(limit))
	return n, translate(err, "count the uploads of agency %s", a)
}

// Expired lists uploads whose time is over, oldest first.
func (o *OpenUploads) Expired(ctx context.Context, now time.Time, limit int) ([]string, error) {
	docs, err := all[openUploadDoc](ctx, o.uploads, bson.M{"expires": bson.M{"$lte": now}},
		sorted(asc("expires")).SetLimit(int64(limit)).SetProjection(bson.M{"_id": 1}))
	var ids []string
	for _, d := range docs {
		ids = append(ids, d.ID)
	}
	return ids, translate(err, "list expired uploads")
}
