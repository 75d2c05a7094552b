// Package resume owns uploads that may be interrupted: the tus 1.0 protocol
// (tusd's handler) over an object store, with what is known of every upload in
// a store of records, so that any node can go on with it after any crash.
//
// A byte that a client was told is safe is in the object store, and is never
// asked for again. Bytes become safe one part at a time, in this order: the
// part is sent, then the record says so. A process that dies loses what it had
// not sent yet, less than one part.
//
// tusd stays inside this package. Who may do what is decided before it is
// called; it makes sure that an agency meets only its own uploads.
package resume

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"
	expslog "golang.org/x/exp/slog"

	"tongban/hub"
	"tongban/storage/object"
)

// Records keeps what is known of the uploads. See storage/mongo.OpenUploads for
// the contract of each method.
type Records interface {
	Create(ctx context.Context, u hub.OpenUpload) error
	Read(ctx context.Context, id string) (hub.OpenUpload, error)
	Take(ctx context.Context, id, holder string, now, until time.Time) (hub.OpenUpload, error)
	Hold(ctx context.Context, id, holder string, until time.Time) (wanted bool, err error)
	Release(ctx context.Context, id, holder string) error
	Save(ctx context.Context, u hub.OpenUpload, from int64) error
	Delete(ctx context.Context, id, holder string) error
	Count(ctx context.Context, a hub.AgencyID, person hub.PersonID, now time.Time, limit int64) (int64, error)
	Expired(ctx context.Context, now time.Time, limit int) ([]string, error)
}

// Config is what uploads stand on; everything up to MaxSize is needed.
type Config struct {
	Objects *object.Store
	Records Records
	Uploads hub.Uploads
	// Sniff tells the type of a file from its first SniffBytes bytes (fewer when
	// the file is shorter), or refuses it with a coded error.
	Sniff      func(head []byte) (mediaType string, err error)
	SniffBytes int64
	MaxSize    int64 // bytes of one file

	// Check refuses a whole file, with a coded error, that may not become a
	// material. Nil lets every file pass.
	Check  func(ctx context.Context, f hub.File) error
	Logger *slog.Logger // default: discards
	Now    func() time.Time

	Stall     time.Duration // without a byte from the client: 30 s
	Wait      time.Duration // for another request to let an upload go, and for memory: 10 s
	Lease     time.Duration // until a holder that is not heard of is given up: 6 s
	Life      time.Duration // of an upload from its creation: 20 h
	PerPerson int64         // open uploads of one person: 32
	PerAgency int64         // open uploads of one agency: 256
	Writers   int           // requests that write at once on this node: 32, of one part of memory each
}

// lifeDefault stays below the day after which stores end unfinished multipart
// uploads by themselves.
const lifeDefault = 20 * time.Hour

func (c *Config) check() error {
	if c.Objects == nil || c.Records == nil || c.Uploads == nil || c.Sniff == nil || c.SniffBytes <= 0 || c.MaxSize <= 0 {
		return errors.New("resumable uploads: a part is missing")
	}
	if c.SniffBytes > object.PartSize {
		return errors.New("resumable uploads: a type must be told from the first part")
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	orDefault(&c.Stall, 30*time.Second)
	orDefault(&c.Wait, 10*time.Second)
	orDefault(&c.Lease, 6*time.Second)
	orDefault(&c.Life, lifeDefault)
	orDefault(&c.PerPerson, 32)
	orDefault(&c.PerAgency, 256)
	orDefault(&c.Writers, 32)
	return nil
}

func orDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// Store answers the protocol. It is safe for concurrent use, and any number of
// nodes may share the stores below.
type Store struct {
	Config
	tus     http.Handler
	buffers *buffers
}

// New builds it. Nothing runs in the background; see [Store.Sweep].
func New(cfg Config) (*Store, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	s := &Store{Config: cfg, buffers: newBuffers(cfg.Writers)}
	composer := handler.NewStoreComposer()
	composer.UseCore(s)
	composer.UseTerminater(s)
	composer.UseLocker(s)
	h, err := handler.NewHandler(handler.Config{
		StoreComposer: composer, BasePath: "/", MaxSize: cfg.MaxSize, DisableDownload: true, DisableConcatenation: true,
		Cors: &handler.CorsConfig{Disable: true}, Logger: expslog.New(silent{}), NetworkTimeout: cfg.Stall,
		AcquireLockTimeout: cfg.Wait, GracefulRequestCompletionTimeout: time.Second,
	})
	if err != nil {
		return nil, err
	}
	s.tus = h
	return s, nil
}

// silent keeps tusd's own log away: requests are logged once, by hub/api.
type silent struct{}

func (silent) Enabled(context.Context, expslog.Level) bool  { return false }
func (silent) Handle(context.Context, expslog.Record) error { return nil }
func (s silent) WithAttrs([]expslog.Attr) expslog.Handler   { return s }
func (s silent) WithGroup(string) expslog.Handler           { return s }

// exchange is one request on its way through tusd, which hands only contexts on.
type exchange struct {
	who    hub.Actor
	want   hub.Digest
	holder string          // of the lock, once taken
	upload *hub.OpenUpload // as it stands
	err    error           // the first of ours, for the answer
	// reading is set once the body of the request is being read. Only then may
	// the request be interrupted: the protocol's handler looks at the body when
	// it is, without a lock, and must find it set.
	reading atomic.Bool
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange {
	x, ok := ctx.Value(exchangeKey{}).(*exchange)
	if !ok {
		return &exchange{err: hub.E(hub.Internal, "an upload without a request")}
	}
	return x
}

// fail remembers an error of ours for the answer and gives tusd one that it
// does not write down.
func (x *exchange) fail(err error) error {
	if err == nil {
		return nil
	}
	if _, tusd := errors.AsType[handler.Error](err); tusd {
		return err
	}
	if x.err == nil {
		x.err = err
	}
	return errOurs
}

var errOurs = handler.NewError("ERR_OURS", "", http.StatusInternalServerError)

// Serve answers one request of the protocol for a person who may add
// materials. The request's path is the id of the upload, or empty. In the
// answer Location is the id as well.
//
// An error is a hub.Error, and nothing but headers of the protocol has been
// written to w then. status is what the protocol asks for in its place of the
// code's own, or 0. Errors: BadRequest, Invalid (no bytes, malformed digest),
// TooLarge, WrongType, DigestMismatch, NotFound (also what another agency has),
// Conflict (another offset, or another request is writing), UploadTruncated,
// RateLimited, Unavailable.
func (s *Store) Serve(w http.ResponseWriter, r *http.Request, who hub.Actor) (status int, err error) {
	x := &exchange{who: who}
	if who.Agency == "" {
		return 0, hub.E(hub.Forbidden, "only people of an agency bring files in")
	}
	if r.Method == http.MethodPost {
		if err := x.announce(r); err != nil {
			return 0, err
		}
	}
	r.Header.Del("X-Http-Method-Override") // every method has its own rules here
	ctx, cancel := context.WithCancel(context.WithValue(r.Context(), exchangeKey{}, x))
	defer cancel()
	a := &answer{ResponseWriter: w, x: x}
	s.tus.ServeHTTP(a, r.WithContext(ctx))
	if a.failed == 0 {
		return 0, nil
	}
	return a.refusal()
}
