// Package mongobench fills the stores of a benchmark with as many cases as a
// busy province has, faster than one command after another could.
package mongobench

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tongban/hub"
)

// Filler inserts synthetic rows and first events. The rows are of realistic
// size and spread over agencies and queues; the events have bytes of realistic
// size but verify as nothing, so only lists and neighbours of real cases are
// measured with them.
type Filler struct {
	client *driver.Client
	db     *driver.Database
	have   int
}

// Open connects to the document store that the hub under test uses.
func Open(ctx context.Context, uri, database string) (*Filler, error) {
	client, err := driver.Connect(ctx, options.Client().ApplyURI(uri))
	if err != nil {
		return nil, fmt.Errorf("fill: %w", err)
	}
	return &Filler{client: client, db: client.Database(database)}, nil
}

// Close ends the connection.
func (f *Filler) Close(ctx context.Context) error { return f.client.Disconnect(ctx) }

// Agency is the one whose lists are measured: every case is its own.
const Agency hub.AgencyID = "410425.registry"

const batch = 2_000

// To brings the number of synthetic cases to n.
func (f *Filler) To(ctx context.Context, n int) error {
	for f.have < n {
		rows, events := make([]any, 0, batch), make([]any, 0, batch)
		for range min(batch, n-f.have) {
			rows = append(rows, row(f.have))
			events = append(events, event(f.have))
			f.have++
		}
		unordered := options.InsertMany().SetOrdered(false)
		if _, err := f.db.Collection("cases").InsertMany(ctx, rows, unordered); err != nil {
			return fmt.Errorf("fill rows: %w", err)
		}
		if _, err := f.db.Collection("events").InsertMany(ctx, events, unordered); err != nil {
			return fmt.Errorf("fill events: %w", err)
		}
	}
	return nil
}

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant

func moment(n int) time.Time { return start.Add(time.Duration(n) * 10 * time.Millisecond) }

func caseID(n int) string {
	return string(hub.NewCaseID(hub.NewClaimKey("filler", hub.CommandID(strconv.Itoa(n))), moment(n)))
}

// row is one row of the work lists, as storage/mongo writes it.
func row(n int) bson.D {
	window := fmt.Sprintf("4403%02d.window", n%20)
	queue := hub.Queues()[3+n%6]
	ref := func(k int) string { return fmt.Sprintf("%040x", k) }
	updated := moment(n)
	return bson.D{
		{Key: "_id", Value: caseID(n)},
		{Key: "number", Value: fmt.Sprintf("440305-20260302-%07d", n)},
		{Key: "item", Value: "transfer.resale"},
		{Key: "status", Value: "accepted"},
		{Key: "receiving", Value: window},
		{Key: "handling", Value: string(Agency)},
		{Key: "custodian", Value: string(Agency)},
		{Key: "offered_to", Value: ""},
		{Key: "seen_by", Value: bson.A{string(Agency), window}},
		{Key: "queues", Value: bson.A{
			string(hub.QueueAll.Key(Agency)), string(hub.QueueAll.Key(hub.AgencyID(window))), string(queue.Key(Agency)),
			string(hub.QueueElsewhere.Key(hub.AgencyID(window))),
		}},
		{Key: "party_refs", Value: bson.A{ref(n), ref(n / 2)}},
		{Key: "parties_masked", Value: "张*、李*明"},
		{Key: "unit", Value: fmt.Sprintf("440305001001GB%05dF%08d", n/1000, n)},
		{Key: "received_by", Value: "p1"},
		{Key: "first_reviewer", Value: ""},
		{Key: "received_at", Value: start},
		{Key: "accepted_at", Value: start},
		{Key: "updated", Value: updated},
		{Key: "seq", Value: int64(1)},
		{Key: "head", Value: string(hub.SHA256([]byte(ref(n))))},
		{Key: "touched", Value: updated},
	}
}

// event is a document of the size of a first event.
func event(n int) bson.D {
	id := caseID(n)
	return bson.D{
		{Key: "_id", Value: id + "/0000000001"},
		{Key: "case", Value: id},
		{Key: "seq", Value: int64(1)},
		{Key: "cmd", Value: "fill"},
		{Key: "kind", Value: "case.received"},
		{Key: "at", Value: start},
		{Key: "raw", Value: make([]byte, 1200)},
		{Key: "hash", Value: string(hub.SHA256([]byte(id)))},
		{Key: "sig", Value: make([]byte, 64)},
	}
}
