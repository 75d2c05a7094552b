package mongo

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
)

// standardDoc is a stored standard. The version in its key has leading zeros,
// so that versions sort as numbers.
type standardDoc struct {
	ID        string         `bson:"_id"`
	Item      hub.ItemCode   `bson:"item"`
	Agency    hub.AgencyID   `bson:"agency"`
	Version   int            `bson:"version"`
	From      time.Time      `bson:"from"`
	NameZH    string         `bson:"name_zh"`
	NameEN    string         `bson:"name_en"`
	Fields    []fieldDoc     `bson:"fields"`
	Parties   []partyRuleDoc `bson:"parties"`
	Slots     []slotDoc      `bson:"slots"`
	Statutory int            `bson:"statutory"`
	Promised  int            `bson:"promised"`
	Digest    hub.Digest     `bson:"digest"`
}

// fieldDoc has the fields of [hub.Field], in the same order.
type fieldDoc struct {
	Key      string `bson:"key"`
	Kind     string `bson:"kind"`
	Required bool   `bson:"required"`
	Personal bool   `bson:"personal"`
	Max      int    `bson:"max"`
	ZH       string `bson:"zh"`
	EN       string `bson:"en"`
}

// partyRuleDoc has the fields of [hub.PartyRule], in the same order.
type partyRuleDoc struct {
	Role string `bson:"role"`
	Min  int    `bson:"min"`
	Max  int    `bson:"max"`
	ZH   string `bson:"zh"`
	EN   string `bson:"en"`
}

// slotDoc has the fields of [hub.Slot], in the same order.
type slotDoc struct {
	Key      string   `bson:"key"`
	Required bool     `bson:"required"`
	If       string   `bson:"if"`
	Types    []string `bson:"types"`
	MaxBytes int64    `bson:"max_bytes"`
	MaxFiles int      `bson:"max_files"`
	ZH       string   `bson:"zh"`
	EN       string   `bson:"en"`
}

func standardKey(item hub.ItemCode, a hub.AgencyID, version int) string {
	return fmt.Sprintf("%s/%s/%06d", item, a, version)
}

func newStandardDoc(s hub.Standard) standardDoc {
	return standardDoc{
		ID: standardKey(s.Item, s.Agency, s.Version), Item: s.Item, Agency: s.Agency, Version: s.Version,
		From: s.From, NameZH: s.NameZH, NameEN: s.NameEN,
		Fields:    convert(s.Fields, func(f hub.Field) fieldDoc { return fieldDoc(f) }),
		Parties:   convert(s.Parties, func(p hub.PartyRule) partyRuleDoc { return partyRuleDoc(p) }),
		Slots:     convert(s.Slots, func(x hub.Slot) slotDoc { return slotDoc(x) }),
		Statutory: s.Statutory, Promised: s.Promised, Digest: s.Digest,
	}
}

func (d *standardDoc) standard() hub.Standard {
	return hub.Standard{
		Item: d.Item, Agency: d.Agency, Version: d.Version, From: d.From, NameZH: d.NameZH, NameEN: d.NameEN,
		Fields:    convert(d.Fields, func(f fieldDoc) hub.Field { return hub.Field(f) }),
		Parties:   convert(d.Parties, func(p partyRuleDoc) hub.PartyRule { return hub.PartyRule(p) }),
		Slots:     convert(d.Slots, func(x slotDoc) hub.Slot { return hub.Slot(x) }),
		Statutory: d.Statutory, Promised: d.Promised, Digest: d.Digest,
	}
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
	doc := newStandardDoc(s)
	_, err := d.standards.InsertOne(ctx, doc)
	if driver.IsDuplicateKeyError(err) {
		return d.sameStandard(ctx, doc)
	}
	return translate(err, "save standard %s", doc.ID)
}

func (d *Directory) sameStandard(ctx context.Context, doc standardDoc) error {
	stored, err := one[standardDoc](ctx, d.standards, doc.ID)
	if err != nil {
		return translate(err, "compare standard %s", doc.ID)
	}
	a, errA := bson.Marshal(stored)
	b, errB := bson.Marshal(doc)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		return hub.E(hub.Conflict, "version %d of this standard is there with other content", doc.Version)
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
	return doc.standard(), nil
}

// Standards implements [hub.Directory]; by item, agency and version.
func (d *Directory) Standards(ctx context.Context, item hub.ItemCode) ([]hub.Standard, error) {
	filter := bson.M{}
	if item != "" {
		filter["_id"] = bson.M{"$gt": string(item) + "/", "$lt": string(item) + "0"} // '0' follows '/'
	}
	docs, err := all[standardDoc](ctx, d.standards, filter, sorted(asc("_id")))
	out := make([]hub.Standard, 0, len(docs))
	for i := range docs {
		out = append(out, docs[i].standard())
	}
	return out, translate(err, "read standards")
}
