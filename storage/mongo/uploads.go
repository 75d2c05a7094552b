package mongo

import (
	"context"
	"time"

	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
)

// Uploads remembers which agency brought a file in, one record for each agency
// and digest.
type Uploads struct{ uploads *driver.Collection }

var _ hub.Uploads = (*Uploads)(nil)

type uploadDoc struct {
	ID     string       `bson:"_id"`
	Agency hub.AgencyID `bson:"agency"`
	Person hub.PersonID `bson:"person"`
	Digest hub.Digest   `bson:"digest"`
	Size   int64        `bson:"size"`
	Type   string       `bson:"type"`
	At     time.Time    `bson:"at"`
}

func uploadKey(a hub.AgencyID, d hub.Digest) string { return string(a) + "/" + string(d) }

// SaveUpload implements [hub.Uploads]; the last upload of a file counts.
func (u *Uploads) SaveUpload(ctx context.Context, up hub.Upload) error {
	id := uploadKey(up.Agency, up.File.Digest)
	err := put(ctx, u.uploads, id, uploadDoc{
		ID: id, Agency: up.Agency, Person: up.Person,
		Digest: up.File.Digest, Size: up.File.Size, Type: up.File.Type, At: up.At,
	})
	return translate(err, "save upload %s", id)
}

// Upload implements [hub.Uploads].
func (u *Uploads) Upload(ctx context.Context, a hub.AgencyID, digest hub.Digest) (hub.Upload, error) {
	d, err := one[uploadDoc](ctx, u.uploads, uploadKey(a, digest))
	if err != nil {
		return hub.Upload{}, translate(err, "read upload of %s by %s", digest, a)
	}
	return hub.Upload{
		Agency: d.Agency, Person: d.Person, File: hub.File{Digest: d.Digest, Size: d.Size, Type: d.Type}, At: d.At,
	}, nil
}
