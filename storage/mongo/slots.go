package mongo

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tongban/hub"
	"tongban/hub/session"
)

// Slots keeps who holds which quarter hour: one document for each session, in
// which the keys stand as an array under a unique index. So taking them is one
// write that all keys allow or none.
type Slots struct{ holds *driver.Collection }

var _ hub.SlotStore = (*Slots)(nil)

// Slots keeps the time of reviewers, windows and rooms.
func (d *DB) Slots() *Slots { return &Slots{d.db.Collection(slotsName)} }

type slotDoc struct {
	ID      session.ID `bson:"_id"`
	Case    hub.CaseID `bson:"case"`
	Keys    []string   `bson:"keys"`
	Seq     int64      `bson:"seq"`
	Rev     int64      `bson:"rev"`
	Pending bool       `bson:"pending"`
	Taken   time.Time  `bson:"taken"`
}

func (d *slotDoc) hold() hub.SlotHold {
	h := hub.SlotHold{Session: d.ID, Case: d.Case, Keys: d.Keys, Seq: d.Seq, Rev: d.Rev}
	if d.Pending {
		h.Pending = d.Taken
	}
	return h
}

// slotTries bounds how often a write is decided again that met another of the same session.
const slotTries = 8

// TakeSlots implements [hub.SlotStore].
func (s *Slots) TakeSlots(ctx context.Context, id session.ID, c hub.CaseID, keys []string, at time.Time) error {
	for range slotTries {
		d, err := one[slotDoc](ctx, s.holds, id)
		if errors.Is(err, driver.ErrNoDocuments) {
			d = slotDoc{ID: id, Case: c, Keys: merged(keys), Rev: 1, Pending: true, Taken: at}
			if _, err = s.holds.InsertOne(ctx, d); err == nil {
				return nil
			}
			if driver.IsDuplicateKeyError(err) && exists(ctx, s.holds, id) == nil { // another node does the same
				continue
			}
			return translate(err, "take slots of session %s", id)
		}
		if err != nil {
			return translate(err, "read slots of session %s", id)
		}
		was := d.Rev
		d.Keys, d.Rev, d.Pending, d.Taken = merged(append(d.Keys, keys...)), was+1, true, at
		done, err := s.replace(ctx, was, d)
		if err != nil || done {
			return translate(err, "take slots of session %s", id)
		}
	}
	return hub.E(hub.Unavailable, "the slots of session %s change too fast", id)
}

func merged(keys []string) []string {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	return slices.Compact(keys)
}

// replace writes a document that is still at rev; done is false when it is not.
func (s *Slots) replace(ctx context.Context, rev int64, d slotDoc) (done bool, err error) {
	at := bson.M{"_id": d.ID, "rev": rev}
	if len(d.Keys) == 0 {
		r, err := s.holds.DeleteOne(ctx, at)
		return err == nil && r.DeletedCount > 0, err
	}
	r, err := s.holds.ReplaceOne(ctx, at, d)
	return err == nil && r.MatchedCount > 0, err
}

// KeepSlots implements [hub.SlotStore].
func (s *Slots) KeepSlots(ctx context.Context, id session.ID, c hub.CaseID, keys []string, seq int64) error {
	for range slotTries {
		d, err := one[slotDoc](ctx, s.holds, id)
		if errors.Is(err, driver.ErrNoDocuments) {
			if len(keys) == 0 {
				return nil
			}
			_, err = s.holds.InsertOne(ctx, slotDoc{ID: id, Case: c, Keys: merged(keys), Seq: seq, Rev: 1})
			if driver.IsDuplicateKeyError(err) && exists(ctx, s.holds, id) == nil {
				continue
			}
			return translate(err, "keep slots of session %s", id)
		}
		if err != nil {
			return translate(err, "read slots of session %s", id)
		}
		if d.Seq >= seq {
			return nil
		}
		was := d.Rev
		d.Keys, d.Seq, d.Rev, d.Pending = merged(keys), seq, was+1, false
		done, err := s.replace(ctx, was, d)
		if err != nil || done {
			return translate(err, "keep slots of session %s", id)
		}
	}
	return hub.E(hub.Unavailable, "the slots of session %s change too fast", id)
}

// HeldSlots implements [hub.SlotStore].
func (s *Slots) HeldSlots(ctx context.Context, keys []string) ([]string, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	docs, err := all[slotDoc](ctx, s.holds, bson.M{"keys": bson.M{"$in": keys}}, options.Find())
	if err != nil {
		return nil, translate(err, "look for held slots")
	}
	var out []string
	for _, d := range docs {
		for _, k := range d.Keys {
			if slices.Contains(keys, k) {
				out = append(out, k)
			}
		}
	}
	slices.Sort(out)
	return out, nil
}

// PendingSlots implements [hub.SlotStore].
func (s *Slots) PendingSlots(ctx context.Context, before time.Time, limit int) ([]hub.SlotHold, error) {
	docs, err := all[slotDoc](ctx, s.holds, bson.M{"pending": true, "taken": bson.M{"$lt": before}}, sorted(asc("taken")).SetLimit(int64(limit)))
	if err != nil {
		return nil, translate(err, "list pending slots")
	}
	out := make([]hub.SlotHold, len(docs))
	for i := range docs {
		out[i] = docs[i].hold()
	}
	return out, nil
}

// SettleSlots implements [hub.SlotStore].
func (s *Slots) SettleSlots(ctx context.Context, h hub.SlotHold, keys []string, seq int64) error {
	done, err := s.replace(ctx, h.Rev, slotDoc{ID: h.Session, Case: h.Case, Keys: merged(keys), Seq: seq, Rev: h.Rev + 1})
	if err == nil && !done {
		return hub.E(hub.Conflict, "the slots of session %s have changed", h.Session)
	}
	return translate(err, "settle slots of session %s", h.Session)
}
