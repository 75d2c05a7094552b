package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/event"
	driver "go.mongodb.org/mongo-driver/mongo"

	"tongban/hub"
)

// DropDatabase removes everything a test has stored.
func DropDatabase(ctx context.Context, d *DB) error { return d.db.Drop(ctx) }

// Collection lets a test look at, and damage, what is stored.
func Collection(d *DB, name string) *driver.Collection { return d.db.Collection(name) }

// LoadRows stores many rows at once, as if saved at a time of the index's clock.
func LoadRows(ctx context.Context, d *DB, rows []hub.Row, touched func(i int) time.Time) error {
	docs := make([]any, 0, len(rows))
	for i, r := range rows {
		docs = append(docs, touchedDoc{caseDoc(r), touched(i)})
	}
	_, err := d.db.Collection(casesName).InsertMany(ctx, docs)
	return err
}

// Translate shows what becomes of an error of the driver.
func Translate(err error) error { return translate(err, "test") }

// OpenWatched is Open with a look at every command that goes out.
func OpenWatched(ctx context.Context, cfg Config, m *event.CommandMonitor) (*DB, error) {
	client, err := driver.Connect(ctx, clientOptions(cfg).SetMonitor(m))
	if err != nil {
		return nil, err
	}
	return &DB{client: client, db: client.Database(cfg.Database), now: time.Now}, nil
}
