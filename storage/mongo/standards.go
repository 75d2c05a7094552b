package mongo

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tongban/hub"
)

// standardDoc is a stored standard. The version in its key has leading zeros,
// so that versions sort as numbers. Content is what the digest is made of, so
// it is kept as its bytes; State stands beside it.
type standardDoc struct {
	ID      string            `bson:"_id"`
	Item    hub.ItemCode      `bson:"item"`
	Agency  hub.AgencyID      `bson:"agency"`
	Version int               `bson:"version"`
	From    time.Time         `bson:"from"`
	State   hub.StandardState `bson:"state"`
	Digest  hub.Digest        `bson:"digest"`
	Content []byte            `bson:"content"`
}

func standardKey(item hub.ItemCode, a hub.AgencyID, version int) string {
	return fmt.Sprintf("%s/%s/%06d", item, a, version)
}

// maxContents bounds how many contents are remembered, of some ten KiB each.
const maxContents = 1024

// contents remembers what standards say, by key and digest: the same digest is
// always the same content, and most reads are of the same few.
type contents struct {
	mu  sync.Mutex
	all map[string]hub.Standard // guarded by mu
}

func (c *contents) get(doc *standardDoc) (hub.Standard, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.all[doc.ID+"@"+string(doc.Digest)]
	s.State = doc.State
	return s, ok
}

func (c *contents) put(doc *standardDoc, s hub.Standard) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil || len(c.all) >= maxContents {
		c.all = map[string]hub.Standard{}
	}
	c.all[doc.ID+"@"+string(doc.Digest)] = s
}

// SaveDraft implements [hub.Directory].
func (d *Directory) SaveDraft(ctx context.Context, s hub.Standard) error {
	content, err := s.Content()
	if err != nil {
		return err
	}
	doc := standardDoc{
		ID: standardKey(s.Item, s.Agency, s.Version), Item: s.Item, Agency: s.Agency, Version: s.Version,
		From: s.From, State: hub.StandardDraft, Digest: s.Digest, Content: content,
	}
	_, err = d.standards.InsertOne(ctx, doc)
	if !driver.IsDuplicateKeyError(err) {
		return translate(err, "save standard %s", doc.ID)
	}
	draft := bson.M{"_id": doc.ID, "state": hub.StandardDraft}
	done, err := d.standards.ReplaceOne(ctx, draft, doc)
	if err != nil {
		return translate(err, "replace draft %s", doc.ID)
	}
	if done.MatchedCount == 1 {
		return nil
	}
	stored, err := one[standardDoc](ctx, d.standards, doc.ID)
	if err != nil {
		return translate(err, "compare standard %s", doc.ID)
	}
	if stored.Digest != doc.Digest || string(stored.Content) != string(doc.Content) {
		return hub.E(hub.Conflict, "version %d of this standard is %s and has other content", doc.Version, stored.State)
	}
	return nil
}

// MoveStandard implements [hub.Directory].
func (d *Directory) MoveStandard(ctx context.Context, ref hub.StandardRef, to hub.StandardState) error {
	id := standardKey(ref.Item, ref.Agency, ref.Version)
	from := bson.M{"_id": id, "digest": ref.Digest, "state": bson.M{"$in": append([]hub.StandardState{}, to.Before()...)}}
	done, err := d.standards.UpdateOne(ctx, from, bson.M{"$set": bson.M{"state": to}})
	if err != nil {
		return translate(err, "make standard %s %s", id, to)
	}
	if done.MatchedCount == 1 {
		return nil
	}
	stored, err := one[standardDoc](ctx, d.standards, id)
	switch {
	case err != nil:
		return translate(err, "read standard %s", id)
	case stored.Digest != ref.Digest:
		return hub.E(hub.Conflict, "version %d of this standard has other content now", ref.Version)
	case !stored.State.Is(to):
		return hub.E(hub.WrongState, "a standard that is %s does not become %s", stored.State, to)
	}
	return nil
}

// Standard implements [hub.Directory]. NotFound, also when the version there
// has another digest than the one asked for.
func (d *Directory) Standard(ctx context.Context, ref hub.StandardRef) (hub.Standard, error) {
	id := standardKey(ref.Item, ref.Agency, ref.Version)
	found, err := d.standardsOf(ctx, bson.M{"_id": id})
	if err != nil {
		return hub.Standard{}, err
	}
	if len(found) == 0 {
		return hub.Standard{}, hub.E(hub.NotFound, "there is no standard %s", id)
	}
	if ref.Digest != "" && ref.Digest != found[0].Digest {
		return hub.Standard{}, hub.E(hub.NotFound, "standard %s is not the one with digest %s", id, ref.Digest)
	}
	return found[0], nil
}

// Standards implements [hub.Directory]; by item, agency and version.
func (d *Directory) Standards(ctx context.Context, item hub.ItemCode) ([]hub.Standard, error) {
	filter := bson.M{}
	if item != "" {
		filter["_id"] = bson.M{"$gt": string(item) + "/", "$lt": string(item) + "0"} // '0' follows '/'
	}
	return d.standardsOf(ctx, filter)
}

// standardsOf reads the heads, and the contents that are not known yet.
func (d *Directory) standardsOf(ctx context.Context, filter bson.M) ([]hub.Standard, error) {
	docs, err := all[standardDoc](ctx, d.standards, filter, sorted(asc("_id")).SetProjection(bson.M{"content": 0}))
	if err != nil {
		return nil, translate(err, "read standards")
	}
	out := make([]hub.Standard, 0, len(docs))
	for i := range docs {
		s, ok := d.contents.get(&docs[i])
		if !ok {
			if s, ok, err = d.content(ctx, &docs[i]); err != nil {
				return nil, err
			}
		}
		if ok {
			out = append(out, s)
		}
	}
	return out, nil
}

// content reads what a standard says. ok is false when the draft has been
// replaced since its head was read.
func (d *Directory) content(ctx context.Context, head *standardDoc) (s hub.Standard, ok bool, err error) {
	doc, err := all[standardDoc](ctx, d.standards, bson.M{"_id": head.ID, "digest": head.Digest}, options.Find())
	if err != nil || len(doc) == 0 {
		return hub.Standard{}, false, translate(err, "read standard %s", head.ID)
	}
	if err := hub.Unmarshal(doc[0].Content, &s); err != nil {
		return hub.Standard{}, false, hub.Wrap(hub.Internal, err, "standard %s cannot be read", head.ID)
	}
	s.Digest = head.Digest
	d.contents.put(head, s)
	s.State = doc[0].State
	return s, true, nil
}
