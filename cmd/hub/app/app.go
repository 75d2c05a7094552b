// Package app wires a hub: stores, keys, policies, routing, the case service,
// hand-over and the HTTP interface, in this order, and stops them in reverse.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"tongban/cmd/hub/config"
	"tongban/hub"
	"tongban/hub/api"
	"tongban/hub/gm"
	"tongban/hub/material"
	"tongban/hub/standard"
	"tongban/policies"
	"tongban/routing"
	"tongban/routing/handover"
	"tongban/storage/embedded"
	"tongban/storage/mongo"
	"tongban/storage/object"
	"tongban/storage/object/resume"
	"tongban/video"
	"tongban/video/live"
	"tongban/video/relay"
)

// App is one hub in this process.
type App struct {
	Config   config.Config
	Service  *hub.Service
	Keys     *hub.Keyring
	Policy   *policies.Enforcer
	Objects  *object.Store
	DB       *mongo.DB
	Routes   *routing.Table
	Courier  *handover.Deliverer
	Pages    *material.Worker
	Press    hub.Press
	Media    *video.Node
	Relay    *relay.Server // nil: no TURN
	recorder *live.Recorder
	nodeID   string
	SignIns  []SignIn // of the demo people

	Resumable *resume.Store // made by Serve

	log      *slog.Logger
	now      func() time.Time // nil is the wall clock
	stores   *embedded.Stores // nil with outside stores
	closers  []func() error   // run in reverse
	agencies []hub.Agency
}

// Option changes how a hub is opened.
type Option func(*App)

// WithClock lets a hub read the time of its cases from a clock of its own, so
// that a demo can let days pass. Sessions keep to the wall clock.
func WithClock(now func() time.Time) Option { return func(a *App) { a.now = now } }

// Open starts everything that a command needs but the HTTP interface. Close
// must be called, also when Open fails half-way it has closed what it started.
// The hub starts its own program again to look into files: main begins with
// material.RunAsChild.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger, options ...Option) (*App, error) {
	a := &App{Config: cfg, log: slog.New(api.LogHandler(log.Handler()))}
	for _, o := range options {
		o(a)
	}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context) error {
	steps := []struct {
		name string
		run  func(context.Context) error
	}{
		{"embedded stores", a.startStores},
		{"document store", a.openDocuments},
		{"object store", a.openObjects},
		{"keys", a.openKeys},
		{"policies", a.openPolicies},
		{"routing", a.openRouting},
		{"preparation of materials", a.openPages},
		{"papers", a.openPress},
		{"case service", a.openService},
		{"first start", a.firstStart},
	}
	for _, s := range steps {
		if err := s.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// Embedded reports whether the hub keeps everything itself.
func (a *App) Embedded() bool { return a.Config.MongoFile == "" && a.Config.S3 == "" }

// MongoURI and S3 are the addresses of the embedded stores, for benchmarks.
func (a *App) MongoURI() string { return a.stores.MongoURI() }

// S3 is the address and the keys of the embedded object store.
func (a *App) S3() (endpoint, accessKey, secretKey, region string) { return a.stores.S3() }

func (a *App) onClose(f func() error) { a.closers = append(a.closers, f) }

// Close stops everything in the reverse order of the start.
func (a *App) Close() error {
	var errs []error
	for _, closer := range slices.Backward(a.closers) {
		errs = append(errs, closer())
	}
	a.closers = nil
	return errors.Join(errs...)
}

func (a *App) startStores(ctx context.Context) error {
	docs, objects := a.Config.MongoFile == "", a.Config.S3 == ""
	if !docs && !objects {
		return nil
	}
	s, err := embedded.Start(ctx, embedded.Config{Dir: a.Config.Data, Logger: a.log, NeedDocs: docs, NeedObjects: objects})
	if err != nil {
		return err
	}
	a.stores = s
	a.onClose(s.Close)
	return nil
}

const storeTimeout = 10 * time.Second

func (a *App) openDocuments(ctx context.Context) error {
	uri := ""
	if a.Config.MongoFile == "" {
		uri = a.stores.MongoURI()
	} else {
		var err error
		if uri, err = config.Secret(a.Config.MongoFile); err != nil {
			return err
		}
	}
	db, err := mongo.Open(ctx, mongo.Config{URI: uri, Database: a.Config.Database, Logger: a.log, AppName: "tongban", Timeout: storeTimeout})
	if err != nil {
		return err
	}
	a.DB = db
	a.onClose(func() error {
		ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
		defer cancel()
		return db.Close(ctx)
	})
	return db.EnsureIndexes(ctx)
}

func (a *App) openObjects(ctx context.Context) error {
	cfg := object.Config{Endpoint: a.Config.S3, Secure: a.Config.S3Secure, Bucket: a.Config.S3Bucket, Region: a.Config.S3Region, Logger: a.log}
	var err error
	if a.Config.S3 == "" {
		cfg.Secure = false
		cfg.Endpoint, cfg.AccessKey, cfg.SecretKey, cfg.Region = a.stores.S3()
	} else {
		if cfg.AccessKey, err = config.Secret(a.Config.S3KeyFile); err != nil {
			return err
		}
		if cfg.SecretKey, err = config.Secret(a.Config.S3SecretTo); err != nil {
			return err
		}
	}
	if a.Objects, err = object.Open(ctx, cfg); err != nil {
		return err
	}
	a.onClose(func() error { a.Objects.Close(); return nil })
	return nil
}

// Algorithms are the suites of the settings: one for what is new, both for what is old.
func Algorithms(crypto string) *hub.Algorithms {
	if crypto == "sm" {
		return hub.NewAlgorithms(gm.Suite(), hub.StandardSuite())
	}
	return hub.NewAlgorithms(hub.StandardSuite(), gm.Suite())
}

func (a *App) openKeys(context.Context) error {
	master, err := a.masterKey()
	if err != nil {
		return err
	}
	a.Keys, err = hub.NewKeyring(master, Algorithms(a.Config.Crypto), a.DB.Keys())
	return err
}

// masterKey reads the key file, or makes one in the data folder on the first start.
func (a *App) masterKey() ([]byte, error) {
	if a.Config.MasterFile != "" {
		return config.MasterKey(a.Config.MasterFile)
	}
	return config.OwnMasterKey(filepath.Join(a.Config.Data, "master.key"))
}

func (a *App) openPolicies(context.Context) (err error) {
	a.Policy, err = policies.New(a.log)
	return err
}

func (a *App) openService(context.Context) (err error) {
	calendar, err := workingDays(a.Config.Calendar)
	if err != nil {
		return err
	}
	bell := handover.NewBell()
	a.Service, err = hub.NewService(hub.Ports{
		Events: a.DB.Events(), Index: a.DB.Cases(), Outbox: handover.Ringing{Outbox: a.DB.Outbox(), Bell: bell}, Objects: a.Objects, Uploads: a.DB.Uploads(),
		Access: a.DB.Access(), Directory: a.DB.Directory(), Counters: a.DB.Counters(), Papers: a.DB.Papers(), Press: a.Press, Registers: a.DB.Register(), Assessor: standard.NewAssessor(), Keys: a.Keys,
		Policy: a.Policy, Router: routing.NewRouter(a.Routes), Preparer: a.Pages, Calendar: calendar, Algorithms: Algorithms(a.Config.Crypto), Logger: a.log,
		Now: a.now, Sessions: a.DB.Sessions(), Slots: a.DB.Slots(), Invitations: a.DB.Invitations(), Keeper: keeper{a.Objects},
	})
	if err != nil {
		return err
	}
	local := handover.Local{Endpoint: handover.NewEndpoint(a.Service)}
	a.Courier = handover.NewDeliverer(a.Service, local, handover.Config{Bell: bell})
	return nil
}

// background runs what keeps a serving hub healthy until ctx ends.
func (a *App) background(ctx context.Context, wg *sync.WaitGroup) {
	wg.Go(func() { a.Service.RunSweeper(ctx, a.Config.SweepEvery) })
	wg.Go(func() { a.runRegister(ctx) })
	wg.Go(func() { a.Service.RunSessions(ctx, a.node()) })
	wg.Go(func() { live.Tell(ctx, a.Media, a.Service, a.log) })
	wg.Go(func() { a.Courier.Run(ctx) })
	wg.Go(func() { a.Pages.Run(ctx) })
	wg.Go(func() { a.sweepObjects(ctx) })
	wg.Go(func() { a.Resumable.Run(ctx, sweepUploads) })
}

// runRegister does, at the start and at every sweep, what a crash left to be
// done in the register and stops the cases that courts have hit.
func (a *App) runRegister(ctx context.Context) {
	t := time.NewTicker(a.Config.SweepEvery)
	defer t.Stop()
	for {
		if err := a.Service.RunRegister(ctx, 500); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "the register is behind", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// sweepUploads is how often abandoned uploads are looked for.
const sweepUploads = 10 * time.Minute

// sweepObjects removes, at the start and then every hour, what uploads left
// that broke off a day ago.
func (a *App) sweepObjects(ctx context.Context) {
	t := time.NewTicker(time.Hour)
	defer t.Stop()
	for {
		if n, err := a.Objects.Sweep(ctx, time.Now().Add(-24*time.Hour)); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "sweep of broken uploads failed", "error", err)
		} else if n > 0 {
			a.log.InfoContext(ctx, "removed broken uploads", "objects", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
