package mongospec

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/readpref"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
)

// selectionTimeout bounds the wait for a kind of server that is not there.
const selectionTimeout = 2 * time.Second

// env holds the objects of one running case.
type env struct {
	target      *Target
	clients     map[string]*mongo.Client
	recorders   map[string]*recorder
	databases   map[string]*mongo.Database
	collections map[string]*mongo.Collection
	sessions    map[string]mongo.Session
	lsids       map[string]bson.Raw
}

func newEnv(ctx context.Context, t *Target, entities []Entity) (*env, error) {
	e := &env{
		target:      t,
		clients:     map[string]*mongo.Client{},
		recorders:   map[string]*recorder{},
		databases:   map[string]*mongo.Database{},
		collections: map[string]*mongo.Collection{},
		sessions:    map[string]mongo.Session{},
		lsids:       map[string]bson.Raw{},
	}
	for _, entity := range entities {
		if err := e.create(ctx, entity); err != nil {
			e.close(ctx)
			return nil, fmt.Errorf("create %s %s: %w", entity.Kind, entity.ID, err)
		}
	}
	return e, nil
}

func (e *env) create(ctx context.Context, n Entity) error {
	switch n.Kind {
	case "client":
		return e.createClient(ctx, n)
	case "database":
		opts, err := databaseOptions(document(n.Spec, "databaseOptions"))
		if err != nil {
			return err
		}
		e.databases[n.ID] = e.clients[text(n.Spec, "client")].Database(text(n.Spec, "databaseName"), opts)
		return nil
	case "collection":
		opts, err := collectionOptions(document(n.Spec, "collectionOptions"))
		if err != nil {
			return err
		}
		db := e.databases[text(n.Spec, "database")]
		e.collections[n.ID] = db.Collection(text(n.Spec, "collectionName"), opts)
		return nil
	case "session":
		return e.createSession(n)
	}
	return fmt.Errorf("%w: entity %s", errUnsupported, n.Kind)
}

func (e *env) createClient(ctx context.Context, n Entity) error {
	rec := &recorder{}
	for _, k := range array(n.Spec, "observeEvents") {
		rec.kinds = append(rec.kinds, fmt.Sprint(k))
	}
	uri, err := withQuery(e.target.URI, document(n.Spec, "uriOptions"))
	if err != nil {
		return err
	}
	opts := options.Client().ApplyURI(uri).
		SetMonitor(rec.monitor()).
		SetCompressors(nil).
		SetServerSelectionTimeout(selectionTimeout)
	client, err := mongo.Connect(ctx, opts)
	if err != nil {
		return err
	}
	e.clients[n.ID], e.recorders[n.ID] = client, rec
	return nil
}

func (e *env) createSession(n Entity) error {
	a := newArgs(document(n.Spec, "sessionOptions"))
	opts := options.Session()
	set(a, "causalConsistency", opts.SetCausalConsistency)
	set(a, "snapshot", opts.SetSnapshot)
	defaults, err := transactionOptions(newArgs(a.document("defaultTransactionOptions")))
	if err != nil {
		return err
	}
	opts.DefaultReadConcern = defaults.ReadConcern
	opts.DefaultReadPreference = defaults.ReadPreference
	opts.DefaultWriteConcern = defaults.WriteConcern
	opts.DefaultMaxCommitTime = defaults.MaxCommitTime
	if err := a.done(); err != nil {
		return err
	}
	session, err := e.clients[text(n.Spec, "client")].StartSession(opts)
	if err != nil {
		return err
	}
	e.sessions[n.ID], e.lsids[n.ID] = session, session.ID()
	return nil
}

func (e *env) endSessions(ctx context.Context) {
	for id, s := range e.sessions {
		s.EndSession(ctx)
		delete(e.sessions, id)
	}
}

func (e *env) close(ctx context.Context) {
	e.endSessions(ctx)
	for _, c := range e.clients {
		_ = c.Disconnect(ctx) // the result of the test is decided already
	}
}

func array(d bson.D, key string) bson.A {
	a, _ := lookup(d, key).(bson.A)
	return a
}

// withQuery adds options to a connection string.
func withQuery(uri string, opts bson.D) (string, error) {
	u, err := url.Parse(uri)
	if err != nil {
		return "", fmt.Errorf("parse the address: %w", err)
	}
	q := u.Query()
	for _, o := range opts {
		q.Set(o.Key, fmt.Sprint(o.Value))
	}
	u.RawQuery = q.Encode()
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String(), nil
}

func databaseOptions(d bson.D) (*options.DatabaseOptions, error) {
	a, opts := newArgs(d), options.Database()
	setConcerns(a, opts.SetReadConcern, opts.SetWriteConcern, opts.SetReadPreference)
	return opts, a.done()
}

func collectionOptions(d bson.D) (*options.CollectionOptions, error) {
	a, opts := newArgs(d), options.Collection()
	setConcerns(a, opts.SetReadConcern, opts.SetWriteConcern, opts.SetReadPreference)
	return opts, a.done()
}

func transactionOptions(a *args) (*options.TransactionOptions, error) {
	opts := options.Transaction()
	setConcerns(a, opts.SetReadConcern, opts.SetWriteConcern, opts.SetReadPreference)
	set(a, "maxCommitTimeMS", func(ms int64) *options.TransactionOptions {
		d := time.Duration(ms) * time.Millisecond
		return opts.SetMaxCommitTime(&d)
	})
	return opts, a.done()
}

// setConcerns passes readConcern, writeConcern and readPreference to the setters.
func setConcerns[R any](
	a *args,
	read func(*readconcern.ReadConcern) R,
	write func(*writeconcern.WriteConcern) R,
	pref func(*readpref.ReadPref) R,
) {
	set(a, "readConcern", func(d bson.D) any { return read(&readconcern.ReadConcern{Level: text(d, "level")}) })
	set(a, "writeConcern", func(d bson.D) any {
		wc, err := writeConcern(d)
		if err != nil {
			a.err = err
			return nil
		}
		return write(wc)
	})
	set(a, "readPreference", func(d bson.D) any {
		rp, err := readPreference(d)
		if err != nil {
			a.err = err
			return nil
		}
		return pref(rp)
	})
}

// writeConcern reads both spellings: those of the unified and of the older formats.
func writeConcern(d bson.D) (*writeconcern.WriteConcern, error) {
	wc := &writeconcern.WriteConcern{}
	for _, e := range d {
		n, isNumber := number(e.Value)
		j, isBool := e.Value.(bool)
		s, isText := e.Value.(string)
		switch {
		case e.Key == "w" && isNumber:
			wc.W = int(n)
		case e.Key == "w" && isText:
			wc.W = s
		case (e.Key == "j" || e.Key == "journal") && isBool:
			wc.Journal = &j
		case (e.Key == "wtimeout" || e.Key == "wtimeoutMS") && isNumber:
			wc.WTimeout = time.Duration(n) * time.Millisecond
		default:
			return nil, fmt.Errorf("%w: write concern %v", errUnsupported, d)
		}
	}
	return wc, nil
}

func readPreference(d bson.D) (*readpref.ReadPref, error) {
	name := text(d, "mode")
	mode, err := readpref.ModeFromString(strings.ToLower(name))
	if err != nil {
		return nil, fmt.Errorf("read preference %q: %w", name, err)
	}
	var opts []readpref.Option
	if s, ok := number(lookup(d, "maxStalenessSeconds")); ok {
		opts = append(opts, readpref.WithMaxStaleness(time.Duration(s)*time.Second))
	}
	rp, err := readpref.New(mode, opts...)
	if err != nil {
		return nil, fmt.Errorf("read preference %q: %w", name, err)
	}
	return rp, nil
}
