package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
)

// Preparations is the queue of files to prepare for review, and the record of
// what became of them: one document for each digest.
type Preparations struct{ prepared *driver.Collection }

var _ hub.Preparations = (*Preparations)(nil)

// Preparations keeps what is made from files.
func (d *DB) Preparations() *Preparations { return &Preparations{d.db.Collection(preparedName)} }

// preparedDoc is a stored record with its lease. The zero time is a lease that has ended.
type preparedDoc struct {
	ID         hub.Digest    `bson:"_id"`
	Size       int64         `bson:"size"`
	Type       string        `bson:"type"`
	State      hub.PrepState `bson:"state"`
	Code       hub.Code      `bson:"code"`
	Reason     string        `bson:"reason"`
	Scan       hub.ScanState `bson:"scan"`
	Signature  string        `bson:"signature"`
	Inspection inspectionDoc `bson:"inspection"`
	Pages      []pageDoc     `bson:"pages"`
	Attempts   int           `bson:"attempts"`
	Due        time.Time     `bson:"due"`
	Updated    time.Time     `bson:"updated"`
	Worker     string        `bson:"worker"`
	Until      time.Time     `bson:"until"`
}

// inspectionDoc has the fields of [hub.Inspection], in the same order.
type inspectionDoc struct {
	Type        string `bson:"type"`
	Pages       int    `bson:"pages"`
	Width       int    `bson:"width"`
	Height      int    `bson:"height"`
	Orientation int    `bson:"orientation"`
	HasLocation bool   `bson:"has_location"`
}

// pageDoc has the fields of [hub.PageImage], in the same order.
type pageDoc struct {
	Number   int        `bson:"n"`
	Page     hub.Digest `bson:"page"`
	PageType string     `bson:"page_type"`
	Thumb    hub.Digest `bson:"thumb"`
	Copy     hub.Digest `bson:"copy"`
	CopyType string     `bson:"copy_type"`
	Width    int        `bson:"width"`
	Height   int        `bson:"height"`
	Angle    int        `bson:"angle"`
	Hints    []hub.Hint `bson:"hints"`
}

func preparedToDoc(p *hub.Prepared) preparedDoc {
	d := preparedDoc{
		ID: p.File.Digest, Size: p.File.Size, Type: p.File.Type, State: p.State, Code: p.Code, Reason: p.Reason, Scan: p.Scan,
		Signature: p.Signature, Inspection: inspectionDoc(p.Inspection), Attempts: p.Attempts, Due: p.Due, Updated: p.Updated,
	}
	for _, x := range p.Pages {
		d.Pages = append(d.Pages, pageDoc(x))
	}
	return d
}

func (d *preparedDoc) prepared() hub.Prepared {
	p := hub.Prepared{
		File: hub.File{Digest: d.ID, Size: d.Size, Type: d.Type}, State: d.State, Code: d.Code, Reason: d.Reason, Scan: d.Scan,
		Signature: d.Signature, Inspection: hub.Inspection(d.Inspection), Attempts: d.Attempts, Due: d.Due, Updated: d.Updated,
	}
	for _, x := range d.Pages {
		p.Pages = append(p.Pages, hub.PageImage(x))
	}
	return p
}

// Enqueue implements [hub.Preparations].
func (s *Preparations) Enqueue(ctx context.Context, f hub.File, at time.Time) error {
	p := hub.Prepared{File: f, State: hub.PrepWaiting, Due: at, Updated: at}
	_, err := s.prepared.InsertOne(ctx, preparedToDoc(&p))
	if driver.IsDuplicateKeyError(err) {
		return nil
	}
	return translate(err, "enqueue file %s", f.Digest)
}

// Again implements [hub.Preparations].
func (s *Preparations) Again(ctx context.Context, d hub.Digest, at time.Time) error {
	change := bson.M{"$set": free(bson.M{"state": hub.PrepWaiting, "attempts": 0, "due": at, "updated": at})}
	r, err := s.prepared.UpdateOne(ctx, bson.M{"_id": d, "state": bson.M{"$ne": hub.PrepWaiting}}, change)
	if err == nil && r.MatchedCount == 0 {
		err = exists(ctx, s.prepared, d)
	}
	return translate(err, "enqueue file %s again", d)
}

// Lease implements [hub.Preparations].
func (s *Preparations) Lease(ctx context.Context, worker string, now time.Time, ttl time.Duration) (hub.Prepared, bool, error) {
	ready := bson.M{"state": hub.PrepWaiting, "due": bson.M{"$lte": now}, "until": bson.M{"$lte": now}}
	take := bson.M{"$set": bson.M{"worker": worker, "until": now.Add(ttl)}}
	var d preparedDoc
	err := s.prepared.FindOneAndUpdate(ctx, ready, take, after().SetSort(bson.D{asc("due")})).Decode(&d)
	if errors.Is(err, driver.ErrNoDocuments) {
		return hub.Prepared{}, false, nil
	}
	if err != nil {
		return hub.Prepared{}, false, translate(err, "lease a file")
	}
	return d.prepared(), true, nil
}

// held is a waiting file that the worker holds.
func held(worker string, d hub.Digest) bson.M {
	return bson.M{"_id": d, "state": hub.PrepWaiting, "worker": worker}
}

// Extend implements [hub.Preparations].
func (s *Preparations) Extend(ctx context.Context, worker string, d hub.Digest, until time.Time) error {
	r, err := s.prepared.UpdateOne(ctx, held(worker, d), bson.M{"$set": bson.M{"until": until}})
	return lost(r, err, d)
}

// Save implements [hub.Preparations].
func (s *Preparations) Save(ctx context.Context, worker string, p hub.Prepared) error {
	r, err := s.prepared.ReplaceOne(ctx, held(worker, p.File.Digest), preparedToDoc(&p))
	return lost(r, err, p.File.Digest)
}

func lost(r *driver.UpdateResult, err error, d hub.Digest) error {
	if err == nil && r.MatchedCount == 0 {
		return hub.E(hub.Conflict, "another worker has file %s", d)
	}
	return translate(err, "write file %s", d)
}

// Prepared implements [hub.Preparations].
func (s *Preparations) Prepared(ctx context.Context, digest hub.Digest) (hub.Prepared, error) {
	d, err := one[preparedDoc](ctx, s.prepared, digest)
	if err != nil {
		return hub.Prepared{}, translate(err, "read file %s", digest)
	}
	return d.prepared(), nil
}
