package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tongban/hub"
)

// Recordings names the objects of recordings: the object store keeps files by
// their digest, a recorder by their place in a recording. A name is given once.
type Recordings struct{ names *driver.Collection }

// Recordings are the names of recorded objects.
func (d *DB) Recordings() *Recordings { return &Recordings{d.db.Collection(recordingsName)} }

type recordingDoc struct {
	Key    string     `bson:"_id"`
	Digest hub.Digest `bson:"digest"`
	Size   int64      `bson:"size"` // bytes
	At     time.Time  `bson:"at"`
}

// Name gives a stored file its name. The same file again is no error; another
// one under the name is a Conflict: nothing recorded is ever replaced.
func (r *Recordings) Name(ctx context.Context, key string, f hub.File, at time.Time) error {
	_, err := r.names.InsertOne(ctx, recordingDoc{key, f.Digest, f.Size, at})
	if !driver.IsDuplicateKeyError(err) {
		return translate(err, "name recorded object %s", key)
	}
	was, err := r.Find(ctx, key)
	if err == nil && was.Digest != f.Digest {
		err = hub.E(hub.Conflict, "recorded object %s is there with other content", key)
	}
	return err
}

// Find returns the file of a name. NotFound.
func (r *Recordings) Find(ctx context.Context, key string) (hub.File, error) {
	d, err := one[recordingDoc](ctx, r.names, key)
	return hub.File{Digest: d.Digest, Size: d.Size}, translate(err, "find recorded object %s", key)
}

// List returns the names that begin with a prefix, sorted.
func (r *Recordings) List(ctx context.Context, prefix string) ([]string, error) {
	filter := bson.M{"_id": bson.M{"$gte": prefix, "$lt": prefix + "\U0010ffff"}}
	docs, err := all[recordingDoc](ctx, r.names, filter, options.Find().SetSort(bson.D{asc("_id")}))
	return convert(docs, func(d recordingDoc) string { return d.Key }), translate(err, "list recorded objects")
}
