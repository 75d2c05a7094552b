package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"

	"tongban/hub/code"
	"tongban/hub/register"
)

// Register keeps the real-property register: one document for each booking,
// and its insert is the commit over all units it touches, because keys is
// unique in every element. Conflict and NotFound are errors of package
// register here; the rest is as everywhere.
type Register struct{ bookings, units *driver.Collection }

var _ register.Store = (*Register)(nil)

// Register keeps the real-property register.
func (d *DB) Register() *Register {
	return &Register{
		bookings: d.db.Collection(registerName, options.Collection().SetReadConcern(readconcern.Majority())),
		units:    d.db.Collection(registerUnitsName),
	}
}

// registerDoc is a stored booking. Raw has the bytes that count; what stands
// beside them is there to be found by. Open and Hit are marks, and no part of
// the log.
type registerDoc struct {
	ID    register.BookingID `bson:"_id"`
	Keys  []string           `bson:"keys"`
	Cases []register.CaseID  `bson:"cases"`
	At    time.Time          `bson:"at"`
	Raw   []byte             `bson:"raw"`
	Hash  register.Digest    `bson:"hash"`
	Sig   []byte             `bson:"sig"`
	Todo  bool               `bson:"todo,omitempty"` // its snapshots may be missing
	Hit   bool               `bson:"hit,omitempty"`  // it has hit running cases that may still run
}

// registerUnitDoc is a stored snapshot. Its fields are those of
// [register.Snapshot], in the same order.
type registerUnitDoc struct {
	Unit    code.Unit      `bson:"_id,omitempty"`
	Version int64          `bson:"version"`
	Holders []register.Ref `bson:"holders"`
	State   []byte         `bson:"state"`
}

// registerError turns what package register knows into its errors.
func registerError(err error, format string, args ...any) error {
	switch err = translate(err, format, args...); {
	case err == nil || register.ReasonOf(err) != "":
		return err
	case driver.IsDuplicateKeyError(err):
		return &register.Error{Reason: register.Conflict, Err: err}
	case errors.Is(err, driver.ErrNoDocuments):
		return &register.Error{Reason: register.NotFound, Err: err}
	}
	return err
}

// Append implements [register.Store].
func (r *Register) Append(ctx context.Context, b register.Booking) error {
	_, err := r.bookings.InsertOne(ctx, registerDoc{
		ID: b.ID, Keys: b.Keys(), Cases: b.Cases(), At: b.At, Raw: b.Raw, Hash: b.Hash, Sig: b.Sig, Todo: true, Hit: len(b.Hits) > 0,
	})
	return registerError(err, "append booking %s", b.ID)
}

func (d *registerDoc) booking() (register.Booking, error) {
	b, err := register.ReadBooking(d.Raw)
	if err != nil {
		return register.Booking{}, fmt.Errorf("booking %s: %w", d.ID, err)
	}
	if b.ID != d.ID || !slices.Equal(b.Keys(), d.Keys) || !slices.Equal(b.Cases(), d.Cases) || !b.At.Equal(d.At) {
		return register.Booking{}, register.Fail(register.Broken, fmt.Sprintf("booking %s is stored as something else than its bytes say", d.ID))
	}
	b.Hash, b.Sig = d.Hash, d.Sig
	return b, nil
}

// Booking implements [register.Store].
func (r *Register) Booking(ctx context.Context, id register.BookingID) (register.Booking, error) {
	return r.find(ctx, bson.M{"_id": id})
}

// ByKey implements [register.Store].
func (r *Register) ByKey(ctx context.Context, key string) (register.Booking, error) {
	return r.find(ctx, bson.M{"keys": key})
}

func (r *Register) find(ctx context.Context, filter bson.M) (register.Booking, error) {
	var d registerDoc
	if err := r.bookings.FindOne(ctx, filter).Decode(&d); err != nil {
		return register.Booking{}, registerError(err, "read a booking")
	}
	return d.booking()
}

func (r *Register) list(ctx context.Context, filter any, o *options.FindOptions) ([]register.Booking, error) {
	docs, err := all[registerDoc](ctx, r.bookings, filter, o)
	if err != nil {
		return nil, registerError(err, "read bookings")
	}
	out := make([]register.Booking, 0, len(docs))
	for i := range docs {
		b, err := docs[i].booking()
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// Versions implements [register.Store]. It asks for the exact keys: in an
// array two bounds of a range may be met by different elements.
func (r *Register) Versions(ctx context.Context, u code.Unit, from int64, limit int) ([]register.Booking, error) {
	from = max(from, 1)
	keys := make(bson.A, 0, max(limit, 0))
	for v := from; v < from+int64(limit); v++ {
		keys = append(keys, register.Link{Unit: u, Version: v}.Key())
	}
	if len(keys) == 0 {
		return nil, nil
	}
	list, err := r.list(ctx, bson.M{"keys": bson.M{"$in": keys}}, options.Find())
	if err != nil {
		return nil, err
	}
	version := func(b register.Booking) int64 {
		for _, l := range b.Links {
			if l.Unit == u {
				return l.Version
			}
		}
		return 0
	}
	slices.SortFunc(list, func(a, b register.Booking) int { return int(version(a) - version(b)) })
	return list, nil
}

// OfCase implements [register.Store].
func (r *Register) OfCase(ctx context.Context, c register.CaseID) ([]register.Booking, error) {
	return r.list(ctx, bson.M{"cases": c}, sorted(asc("at"), asc("_id")))
}

// All implements [register.Store].
func (r *Register) All(ctx context.Context, after register.BookingID, limit int) ([]register.Booking, error) {
	if limit < 1 {
		return nil, nil
	}
	return r.list(ctx, bson.M{"_id": bson.M{"$gt": after}}, sorted(asc("_id")).SetLimit(int64(limit)))
}

// MarkProjected implements [register.Store].
func (r *Register) MarkProjected(ctx context.Context, id register.BookingID) error {
	_, err := r.bookings.UpdateOne(ctx, bson.M{"_id": id, "todo": true}, bson.M{"$unset": bson.M{"todo": ""}})
	return registerError(err, "mark booking %s", id)
}

// Unprojected implements [register.Store].
func (r *Register) Unprojected(ctx context.Context, limit int) ([]register.Booking, error) {
	return r.marked(ctx, "todo", limit)
}

// Unsettled implements [register.Store].
func (r *Register) Unsettled(ctx context.Context, limit int) ([]register.Booking, error) {
	return r.marked(ctx, "hit", limit)
}

func (r *Register) marked(ctx context.Context, mark string, limit int) ([]register.Booking, error) {
	if limit < 1 {
		return nil, nil
	}
	return r.list(ctx, bson.M{mark: true}, sorted(asc("at"), asc("_id")).SetLimit(int64(limit)))
}

// Settle implements [register.Store].
func (r *Register) Settle(ctx context.Context, id register.BookingID) error {
	done, err := r.bookings.UpdateOne(ctx, bson.M{"_id": id}, bson.M{"$unset": bson.M{"hit": ""}})
	if err == nil && done.MatchedCount == 0 {
		err = driver.ErrNoDocuments
	}
	return registerError(err, "settle booking %s", id)
}

// Snapshot implements [register.Store].
func (r *Register) Snapshot(ctx context.Context, u code.Unit) (register.Snapshot, error) {
	d, err := one[registerUnitDoc](ctx, r.units, u)
	return register.Snapshot(d), registerError(err, "read the snapshot of unit %s", u)
}

// SaveSnapshot implements [register.Store].
func (r *Register) SaveSnapshot(ctx context.Context, s register.Snapshot) error {
	d := registerUnitDoc(s)
	d.Unit = "" // the filter has it
	older := bson.M{"_id": s.Unit, "version": bson.M{"$lt": s.Version}}
	update := bson.M{"$set": d}
	_, err := r.units.UpdateOne(ctx, older, update, options.Update().SetUpsert(true))
	if driver.IsDuplicateKeyError(err) { // there is one: as new, or made at this moment
		_, err = r.units.UpdateOne(ctx, older, update)
	}
	return registerError(err, "save the snapshot of unit %s", s.Unit)
}

// DropSnapshots implements [register.Store].
func (r *Register) DropSnapshots(ctx context.Context) error {
	_, err := r.units.DeleteMany(ctx, bson.M{})
	return registerError(err, "drop the snapshots of the register")
}

// UnitsOf implements [register.Store].
func (r *Register) UnitsOf(ctx context.Context, ref register.Ref, after code.Unit, limit int) ([]code.Unit, error) {
	return r.walk(ctx, bson.M{"holders": ref, "_id": bson.M{"$gt": after}}, limit)
}

// Units implements [register.Store].
func (r *Register) Units(ctx context.Context, after code.Unit, limit int) ([]code.Unit, error) {
	return r.walk(ctx, bson.M{"_id": bson.M{"$gt": after}}, limit)
}

func (r *Register) walk(ctx context.Context, filter bson.M, limit int) ([]code.Unit, error) {
	if limit < 1 {
		return nil, nil
	}
	docs, err := all[registerUnitDoc](ctx, r.units, filter,
		sorted(asc("_id")).SetLimit(int64(limit)).SetProjection(bson.M{"_id": 1}))
	out := make([]code.Unit, 0, len(docs))
	for _, d := range docs {
		out = append(out, d.Unit)
	}
	return out, registerError(err, "list units of the register")
}
