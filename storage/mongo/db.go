package mongo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/event"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readpref"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
)

// Config says where the documents are.
type Config struct {
	URI      string // mongodb://… or mongodb+srv://…, secrets included
	Database string
	AppName  string        // shown in the server's log
	Timeout  time.Duration // of one operation, retries included; default 10 s

	Logger *slog.Logger     // default: discards
	Now    func() time.Time // default: time.Now; decides which logins have expired
}

const defaultTimeout = 10 * time.Second

// DB is a connection to one database. It is safe for concurrent use.
type DB struct {
	client *driver.Client
	db     *driver.Database
	now    func() time.Time
}

// Open connects and asks the server once. Errors: Unavailable, or what is
// wrong with the settings.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.URI == "" || cfg.Database == "" {
		return nil, errors.New("documents: the address and the name of the database are needed")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	client, err := driver.Connect(ctx, clientOptions(cfg))
	if err != nil {
		return nil, fmt.Errorf("documents: %w", err)
	}
	d := &DB{client: client, db: client.Database(cfg.Database), now: cfg.Now}
	if err := d.Ready(ctx); err != nil {
		return nil, errors.Join(err, d.Close(context.WithoutCancel(ctx)))
	}
	return d, nil
}

// clientOptions are the settings that the promises of this package stand on;
// they override those of the URI.
func clientOptions(cfg Config) *options.ClientOptions {
	timeout := cmp.Or(cfg.Timeout, defaultTimeout)
	journal := true
	return options.Client().ApplyURI(cfg.URI).
		SetAppName(cfg.AppName).
		SetTimeout(timeout).
		SetServerSelectionTimeout(timeout).
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal}).
		SetReadPreference(readpref.Primary()).
		SetRetryWrites(true).
		SetRetryReads(true).
		SetServerMonitor(&event.ServerMonitor{
			ServerHeartbeatFailed: func(e *event.ServerHeartbeatFailedEvent) {
				cfg.Logger.Warn("document server does not answer", "connection", e.ConnectionID, "error", e.Failure)
			},
		})
}

// Ready asks the server that takes writes. Errors: Unavailable.
func (d *DB) Ready(ctx context.Context) error {
	return translate(d.client.Ping(ctx, readpref.Primary()), "reach the document server")
}

// Close waits for operations under way until ctx ends, and disconnects.
func (d *DB) Close(ctx context.Context) error {
	if err := d.client.Disconnect(ctx); err != nil {
		return fmt.Errorf("disconnect from the document server: %w", err)
	}
	return nil
}

// Events keeps the chains.
func (d *DB) Events() *EventStore { return newEventStore(d.db) }

// Cases keeps the rows of lists.
func (d *DB) Cases() *CaseIndex { return &CaseIndex{d.db.Collection(casesName)} }

// Outbox keeps messages, outgoing and incoming.
func (d *DB) Outbox() *Outbox {
	return &Outbox{out: d.db.Collection(outboxName), in: d.db.Collection(inboxName)}
}

// Uploads remembers who brought a file in.
func (d *DB) Uploads() *Uploads { return &Uploads{d.db.Collection(uploadsName)} }

// OpenUploads keeps uploads that are under way.
func (d *DB) OpenUploads() *OpenUploads { return &OpenUploads{d.db.Collection(openName)} }

// Access is the record of who saw what.
func (d *DB) Access() *AccessLog { return &AccessLog{d.db.Collection(accessName)} }

// Directory keeps agencies, people and standards.
func (d *DB) Directory() *Directory {
	return &Directory{
		agencies: d.db.Collection(agenciesName), people: d.db.Collection(peopleName),
		standards: d.db.Collection(standardsName),
	}
}

// Logins keeps sign-ins.
func (d *DB) Logins() *Logins { return &Logins{d.db.Collection(loginsName), d.now} }

// Drafts keeps what people have typed and not sent.
func (d *DB) Drafts() *Drafts { return &Drafts{d.db.Collection(draftsName), d.now} }

// Leases keeps who works on which case.
func (d *DB) Leases() *Leases { return &Leases{d.db.Collection(leasesName), d.now} }

// Factors keeps second factors of signing in.
func (d *DB) Factors() *Factors { return &Factors{d.db.Collection(factorsName)} }

// Keys keeps sealed keys.
func (d *DB) Keys() *KeyStore {
	return &KeyStore{agencies: d.db.Collection(agencyKeysName), cases: d.db.Collection(caseKeysName)}
}

// Papers keeps the rows of issued results.
func (d *DB) Papers() *PaperIndex { return &PaperIndex{d.db.Collection(papersName)} }

// Counters gives serial numbers.
func (d *DB) Counters() *Counters { return &Counters{d.db.Collection(countersName)} }
