package mongo

import (
	"context"

	driver "go.mongodb.org/mongo-driver/mongo"
)

// DropDatabase removes everything a test has stored.
func DropDatabase(ctx context.Context, d *DB) error { return d.db.Drop(ctx) }

// Collection lets a test look at, and damage, what is stored.
func Collection(d *DB, name string) *driver.Collection { return d.db.Collection(name) }
