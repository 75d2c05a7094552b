package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
)

// Outbox keeps outgoing messages until they have a receipt, and incoming ones
// with the receipt they got.
type Outbox struct{ out, in *driver.Collection }

var _ hub.Outbox = (*Outbox)(nil)

// parcelDoc is a stored outgoing message. Its fields are those of
// [hub.Parcel], in the same order.
type parcelDoc struct {
	ID       string       `bson:"_id"`
	Kind     string       `bson:"kind"`
	From     hub.AgencyID `bson:"from"`
	To       hub.AgencyID `bson:"to"`
	Case     hub.CaseID   `bson:"case"`
	Seq      int64        `bson:"seq"`
	Body     []byte       `bson:"body"`
	Receipt  []byte       `bson:"receipt"`
	Attempts int          `bson:"attempts"`
	Due      time.Time    `bson:"due"`
	Done     bool         `bson:"done"`
	LastErr  string       `bson:"last_err"`
}

// leasedDoc is a message with its lease. The zero time is a lease that has ended.
type leasedDoc struct {
	Parcel parcelDoc `bson:",inline"`
	Worker string    `bson:"worker"`
	Until  time.Time `bson:"until"`
}

// incomingDoc is a stored incoming message. Its fields are those of
// [hub.Incoming], in the same order.
type incomingDoc struct {
	ID      string       `bson:"_id"`
	Kind    string       `bson:"kind"`
	From    hub.AgencyID `bson:"from"`
	To      hub.AgencyID `bson:"to"`
	Case    hub.CaseID   `bson:"case"`
	Digest  hub.Digest   `bson:"digest"`
	Body    []byte       `bson:"body"`
	Receipt []byte       `bson:"receipt"`
	At      time.Time    `bson:"at"`
}

// free ends a lease.
func free(set bson.M) bson.M {
	set["worker"], set["until"] = "", time.Time{}
	return set
}

// Enqueue implements [hub.Outbox].
func (o *Outbox) Enqueue(ctx context.Context, m hub.Parcel) error {
	if len(m.Body) == 0 {
		m.Body = nil // SaveBody looks for null
	}
	_, err := o.out.InsertOne(ctx, leasedDoc{Parcel: parcelDoc(m)})
	if driver.IsDuplicateKeyError(err) {
		return nil
	}
	return translate(err, "enqueue message %s", m.ID)
}

// Lease implements [hub.Outbox]; the longest due come first. A parcel that was
// leased before the error is returned with it.
func (o *Outbox) Lease(ctx context.Context, worker string, now time.Time, ttl time.Duration, limit int) ([]hub.Parcel, error) {
	ready := bson.M{"done": false, "due": bson.M{"$lte": now}, "until": bson.M{"$lte": now}}
	take := bson.M{"$set": bson.M{"worker": worker, "until": now.Add(ttl)}}
	var out []hub.Parcel
	for len(out) < limit {
		var d leasedDoc
		err := o.out.FindOneAndUpdate(ctx, ready, take, after().SetSort(bson.D{asc("due")})).Decode(&d)
		if errors.Is(err, driver.ErrNoDocuments) {
			break
		}
		if err != nil {
			return out, translate(err, "lease messages")
		}
		out = append(out, hub.Parcel(d.Parcel))
	}
	return out, nil
}

// SaveBody implements [hub.Outbox]. NotFound for an unknown message.
func (o *Outbox) SaveBody(ctx context.Context, id string, body []byte) ([]byte, error) {
	_, err := o.out.UpdateOne(ctx, bson.M{"_id": id, "body": nil}, bson.M{"$set": bson.M{"body": body}})
	if err != nil {
		return nil, translate(err, "save the body of message %s", id)
	}
	p, err := o.Parcel(ctx, id)
	return p.Body, err
}

// Done implements [hub.Outbox]. NotFound for an unknown message; one that is
// done keeps its receipt.
func (o *Outbox) Done(ctx context.Context, id string, receipt []byte) error {
	return translate(o.settle(ctx, id, bson.M{"$set": free(bson.M{"done": true, "receipt": receipt, "last_err": ""})}),
		"end message %s", id)
}

// Retry implements [hub.Outbox]. NotFound for an unknown message; one that is
// done stays so.
func (o *Outbox) Retry(ctx context.Context, id string, at time.Time, lastError string) error {
	return translate(o.settle(ctx, id, bson.M{
		"$set": free(bson.M{"due": at, "last_err": lastError}), "$inc": bson.M{"attempts": 1},
	}), "put back message %s", id)
}

// settle changes a message that is not done.
func (o *Outbox) settle(ctx context.Context, id string, change bson.M) error {
	r, err := o.out.UpdateOne(ctx, bson.M{"_id": id, "done": false}, change)
	if err != nil || r.MatchedCount > 0 {
		return err
	}
	return exists(ctx, o.out, id)
}

// Parcel implements [hub.Outbox].
func (o *Outbox) Parcel(ctx context.Context, id string) (hub.Parcel, error) {
	d, err := one[parcelDoc](ctx, o.out, id)
	return hub.Parcel(d), translate(err, "read message %s", id)
}

// OfCase implements [hub.Outbox]; in the order of the events that sent them.
func (o *Outbox) OfCase(ctx context.Context, id hub.CaseID) ([]hub.Parcel, error) {
	docs, err := all[parcelDoc](ctx, o.out, bson.M{"case": id}, sorted(asc("seq"), asc("_id")))
	out := make([]hub.Parcel, 0, len(docs))
	for _, d := range docs {
		out = append(out, hub.Parcel(d))
	}
	return out, translate(err, "read the messages of case %s", id)
}

// Stuck implements [hub.Outbox].
func (o *Outbox) Stuck(ctx context.Context, attempts, limit int) ([]hub.Parcel, error) {
	if limit < 1 {
		return nil, nil
	}
	find := sorted(desc("attempts"), asc("due"), asc("_id")).SetLimit(int64(limit))
	docs, err := all[parcelDoc](ctx, o.out, bson.M{"done": false, "attempts": bson.M{"$gte": attempts}}, find)
	out := make([]hub.Parcel, 0, len(docs))
	for _, d := range docs {
		out = append(out, hub.Parcel(d))
	}
	return out, translate(err, "list messages without a receipt")
}

// Hasten implements [hub.Outbox]; a message that a worker has leased just now
// keeps its lease.
func (o *Outbox) Hasten(ctx context.Context, id string, now time.Time) error {
	r, err := o.out.UpdateOne(ctx, bson.M{"_id": id, "done": false}, bson.M{"$min": bson.M{"due": now}})
	if err == nil && r.MatchedCount == 0 {
		if err = exists(ctx, o.out, id); err == nil {
			return hub.E(hub.WrongState, "the message is delivered")
		}
	}
	return translate(err, "hasten message %s", id)
}

// Receive implements [hub.Outbox].
func (o *Outbox) Receive(ctx context.Context, m hub.Incoming) (stored hub.Incoming, isNew bool, err error) {
	d := incomingDoc(m)
	_, err = o.in.InsertOne(ctx, d)
	if driver.IsDuplicateKeyError(err) {
		stored, err = o.Incoming(ctx, m.ID)
		return stored, false, err
	}
	if err != nil {
		return hub.Incoming{}, false, translate(err, "receive message %s", m.ID)
	}
	d.At = hub.Millis(d.At)
	return hub.Incoming(d), true, nil
}

// Incoming implements [hub.Outbox].
func (o *Outbox) Incoming(ctx context.Context, id string) (hub.Incoming, error) {
	d, err := one[incomingDoc](ctx, o.in, id)
	return hub.Incoming(d), translate(err, "read incoming message %s", id)
}

// IncomingOfCase implements [hub.Outbox]; oldest first.
func (o *Outbox) IncomingOfCase(ctx context.Context, id hub.CaseID) ([]hub.Incoming, error) {
	docs, err := all[incomingDoc](ctx, o.in, bson.M{"case": id}, sorted(asc("at"), asc("_id")))
	out := make([]hub.Incoming, 0, len(docs))
	for _, d := range docs {
		out = append(out, hub.Incoming(d))
	}
	return out, translate(err, "read the incoming messages of case %s", id)
}
