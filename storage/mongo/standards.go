package mongo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tongban/hub"
)

// standardDoc is a stored standard: its content as the very bytes that its
// digest is of, and beside them what it is found by. The version in its key has
// leading zeros, so that versions sort as numbers.
type standardDoc struct {
	ID      string            `bson:"_id"`
	Item    hub.ItemCode      `bson:"item"`
	Agency  hub.AgencyID      `bson:"agency"`
	Version int               `bson:"version"`
	From    time.Time         `bson:"from"`
	State   hub.StandardState `bson:"state"`
	Digest  hub.Digest        `bson:"digest"`
	Body    []byte            `bson:"body"`
}

func standardKey(item hub.ItemCode, a hub.AgencyID, version int) string {
	return fmt.Sprintf("%s/%s/%06d", item, a, version)
}

func newStandardDoc(s hub.Standard, state hub.StandardState) (standardDoc, error) {
	body, err := s.Sealed()
	return standardDoc{
		ID: standardKey(s.Item, s.Agency, s.Version), Item: s.Item, Agency: s.Agency, Version: s.Version, From: s.From,
		State: state, Digest: s.Digest, Body: body,
	}, err
}

func (d *standardDoc) standard() (hub.Standard, error) {
	var s hub.Standard
	if err := json.Unmarshal(d.Body, &s); err != nil {
		return s, hub.Wrap(hub.Internal, err, "standard %s cannot be read", d.ID)
	}
	s.State, s.Digest = d.State, d.Digest
	return s, nil
}

// convert maps a slice; nil stays nil.
func convert[A, B any](in []A, f func(A) B) []B {
	if in == nil {
		return nil
	}
	out := make([]B, 0, len(in))
	for _, a := range in {
		out = append(out, f(a))
	}
	return out
}

// SaveStandard implements [hub.Directory]. Saving the same again is no error.
func (d *Directory) SaveStandard(ctx context.Context, s hub.Standard) error {
	doc, err := newStandardDoc(s, hub.StandardPublished)
	if err != nil {
		return err
	}
	_, err = d.standards.InsertOne(ctx, doc)
	if !driver.IsDuplicateKeyError(err) {
		return translate(err, "save standard %s", doc.ID)
	}
	stored, err := one[standardDoc](ctx, d.standards, doc.ID)
	if err != nil {
		return translate(err, "compare standard %s", doc.ID)
	}
	if !bytes.Equal(stored.Body, doc.Body) || stored.State == hub.StandardDraft || stored.State == hub.StandardWithdrawn {
		return hub.E(hub.Conflict, "version %d of this standard is there with other content", doc.Version)
	}
	return nil
}

// SaveDraft implements [hub.Directory].
func (d *Directory) SaveDraft(ctx context.Context, s hub.Standard) error {
	doc, err := newStandardDoc(s, hub.StandardDraft)
	if err != nil {
		return err
	}
	_, err = d.standards.ReplaceOne(ctx, bson.M{"_id": doc.ID, "state": hub.StandardDraft}, doc, options.Replace().SetUpsert(true))
	if driver.IsDuplicateKeyError(err) { // there, and no draft any more
		return hub.E(hub.Conflict, "version %d of this standard is published already", doc.Version)
	}
	return translate(err, "save draft %s", doc.ID)
}

// MoveStandard implements [hub.Directory].
func (d *Directory) MoveStandard(ctx context.Context, ref hub.StandardRef, to hub.StandardState, from ...hub.StandardState) error {
	id := standardKey(ref.Item, ref.Agency, ref.Version)
	r, err := d.standards.UpdateOne(ctx, bson.M{"_id": id, "digest": ref.Digest, "state": bson.M{"$in": from}}, bson.M{"$set": bson.M{"state": to}})
	if err != nil {
		return translate(err, "move standard %s", id)
	}
	if r.MatchedCount == 0 {
		if _, err := d.Standard(ctx, ref); err != nil {
			return err
		}
		return hub.E(hub.WrongState, "this version of the standard is not at that step")
	}
	return nil
}

// Standard implements [hub.Directory]. NotFound, also when the version there
// has another digest than the one asked for.
func (d *Directory) Standard(ctx context.Context, ref hub.StandardRef) (hub.Standard, error) {
	id := standardKey(ref.Item, ref.Agency, ref.Version)
	doc, err := one[standardDoc](ctx, d.standards, id)
	if err != nil {
		return hub.Standard{}, translate(err, "read standard %s", id)
	}
	if ref.Digest != "" && ref.Digest != doc.Digest {
		return hub.Standard{}, hub.E(hub.NotFound, "standard %s is not the one with digest %s", id, ref.Digest)
	}
	return doc.standard()
}

// Standards implements [hub.Directory]; by item, agency and version.
func (d *Directory) Standards(ctx context.Context, item hub.ItemCode) ([]hub.Standard, error) {
	filter := bson.M{}
	if item != "" {
		filter["_id"] = bson.M{"$gt": string(item) + "/", "$lt": string(item) + "0"} // '0' follows '/'
	}
	docs, err := all[standardDoc](ctx, d.standards, filter, sorted(asc("_id")))
	if err != nil {
		return nil, translate(err, "read standards")
	}
	out := make([]hub.Standard, 0, len(docs))
	for i := range docs {
		s, err := docs[i].standard()
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}
