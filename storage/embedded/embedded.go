// Package embedded owns the servers behind an installation that names no
// stores of its own: a document server and an object server in this process,
// on loopback, kept in one data folder.
//
// Everybody else talks to them as to any MongoDB and S3, through their
// drivers; nothing but the addresses comes out of this package.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"tongban/storage/embedded/docserver"
	"tongban/storage/embedded/s3server"
)

const (
	anyPort       = "127.0.0.1:0"
	documentsFile = "documents.db"
	objectsDir    = "objects"
)

// Config says which servers are needed and where they keep their data. An
// empty address means a free port on loopback.
type Config struct {
	Dir         string // created with mode 0700 if missing
	Logger      *slog.Logger
	DocAddr     string
	S3Addr      string
	NeedDocs    bool
	NeedObjects bool
}

// Stores are the running servers.
type Stores struct {
	lock    *lock
	secrets secrets
	docs    *docserver.Server // nil if not needed
	objects *s3server.Server  // nil if not needed
}

// Start takes the folder for this process and starts what is needed; the
// servers accept connections when it returns and run until Close. ctx bounds
// only the start.
//
// Errors: one for which errors.Is(err, ErrInUse) holds, telling the process
// that has the folder; s3server.ErrRunning for a second object server in one
// process; anything the file system or the network refuses.
func Start(ctx context.Context, cfg Config) (*Stores, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	l, err := takeLock(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder %s: %w", dir, err)
	}
	s := &Stores{lock: l}
	if err := s.start(ctx, dir, cfg); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Stores) start(ctx context.Context, dir string, cfg Config) (err error) {
	if s.secrets, err = loadSecrets(dir); err != nil {
		return fmt.Errorf("secrets: %w", err)
	}
	if cfg.NeedDocs {
		s.docs, err = docserver.Open(ctx, docserver.Config{
			Path: filepath.Join(dir, documentsFile), Addr: orAnyPort(cfg.DocAddr),
			User: s.secrets.documents.user, Password: s.secrets.documents.secret, Logger: cfg.Logger,
		})
		if err != nil {
			s.docs = nil
			return fmt.Errorf("document server: %w", err)
		}
	}
	if cfg.NeedObjects {
		s.objects, err = s3server.Open(ctx, s3server.Config{
			Dir: filepath.Join(dir, objectsDir), Addr: orAnyPort(cfg.S3Addr),
			AccessKey: s.secrets.objects.user, SecretKey: s.secrets.objects.secret, Logger: cfg.Logger,
		})
		if err != nil {
			s.objects = nil
			return fmt.Errorf("object server: %w", err)
		}
	}
	return nil
}

func orAnyPort(addr string) string {
	if addr == "" {
		return anyPort
	}
	return addr
}

// MongoURI is the connection string of the document server, secrets included;
// "" if it was not needed.
func (s *Stores) MongoURI() string {
	if s.docs == nil {
		return ""
	}
	return s.docs.URI()
}

// S3 is the address (host:port, plain HTTP) and the keys of the object server;
// all empty if it was not needed.
func (s *Stores) S3() (endpoint, accessKey, secretKey, region string) {
	if s.objects == nil {
		return "", "", "", ""
	}
	return s.objects.Addr(), s.secrets.objects.user, s.secrets.objects.secret, s3server.Region
}

// Close stops the servers in the reverse order of their start, waits for
// requests under way, and gives the folder back.
func (s *Stores) Close() error {
	var errs []error
	if s.objects != nil {
		errs = append(errs, s.objects.Close())
	}
	if s.docs != nil {
		errs = append(errs, s.docs.Close())
	}
	return errors.Join(append(errs, s.lock.release())...)
}
