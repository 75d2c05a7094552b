// Package s3server is the object server behind the default installation: an S3
// gateway (versitygw) in this process, on loopback, over one folder.
//
// What the gateway's file backend does not give is added here: an object is on
// the disk, with its name, before it is acknowledged or shown; a body that
// broke off is never published; the folder may be anywhere and the process's
// working directory stays alone. Operations the product does not use are
// refused, not ignored.
package s3server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/s3api"
	"github.com/versity/versitygw/s3api/middlewares"
)

// Region is what clients have to name.
const Region = "us-east-1"

const (
	maxConnections = 1024
	maxRequests    = 1024
	maxParts       = 10_000 // of a multipart upload, as on S3
	portAttempts   = 8
)

// ErrRunning means that this process has a server already; the gateway's
// library keeps state of its own that two could not share.
var ErrRunning = errors.New("an object server is running in this process already")

// Config says where the objects are and who may have them.
type Config struct {
	Dir       string // created with mode 0700 if missing
	Addr      string // host:port; port 0 takes a free one
	AccessKey string
	SecretKey string
	Logger    *slog.Logger // nil logs nothing
}

// Server is a running gateway.
type Server struct {
	addr    string
	gateway *s3api.S3ApiServer
	drive   *drive
	log     *slog.Logger
	done    chan struct{} // closed when the gateway has ended
	err     error         // why; read after done
	once    sync.Once     // of Close
}

// running is the one gateway of this process: the library allows no second.
var running atomic.Bool

// Open starts the gateway and returns when it answers. It first removes what
// writes that were cut off by a crash have left. The server runs until Close;
// ctx bounds only the start. Errors: ErrRunning, or the address is taken, or
// the folder cannot be used.
func Open(ctx context.Context, cfg Config) (*Server, error) {
	log := cfg.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if !running.CompareAndSwap(false, true) {
		return nil, ErrRunning
	}
	s, err := open(ctx, cfg, log)
	if err != nil {
		running.Store(false)
		return nil, fmt.Errorf("start object server: %w", err)
	}
	return s, nil
}

func open(ctx context.Context, cfg Config, log *slog.Logger) (*Server, error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	d, err := openDrive(dir, log)
	if err != nil {
		return nil, err
	}
	if err := d.sweep(); err != nil {
		return nil, fmt.Errorf("sweep leftovers: %w", err)
	}
	return listen(ctx, cfg, d, log)
}

// listen starts the gateway. It takes an address, not a listener, so a free
// port has to be found first and may be lost to somebody else: then again.
func listen(ctx context.Context, cfg Config, d *drive, log *slog.Logger) (*Server, error) {
	host, port, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		return nil, err
	}
	if port != "0" {
		return start(ctx, cfg, d, cfg.Addr, log)
	}
	for attempt := 1; ; attempt++ {
		addr, err := freeAddr(ctx, host)
		if err != nil {
			return nil, err
		}
		s, err := start(ctx, cfg, d, addr, log)
		if err == nil || attempt == portAttempts || !errors.Is(err, syscall.EADDRINUSE) {
			return s, err
		}
	}
}

func freeAddr(ctx context.Context, host string) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// start builds the gateway from its API package. The library's own way to embed
// it, embedgw, does the same and ties in every sign-in, event and metric service
// it knows (Vault, LDAP, Kafka, NATS, …): 12 MB of program that is never called.
func start(ctx context.Context, cfg Config, d *drive, addr string, log *slog.Logger) (*Server, error) {
	ready := make(chan struct{})
	root := auth.Account{Access: cfg.AccessKey, Secret: cfg.SecretKey, Role: auth.RoleAdmin}
	gateway, err := s3api.New(d, middlewares.RootUserConfig{Access: root.Access, Secret: root.Secret}, Region,
		auth.NewIAMServiceSingle(root), nil, nil, nil, nil, // no access logs, no events, no metrics
		s3api.WithConcurrencyLimiter(maxConnections, maxRequests), s3api.WithMpMaxParts(maxParts),
		s3api.WithQuiet(), s3api.WithKeepAlive(), s3api.WithDisableACL(), s3api.WithOnListen(func() { close(ready) }))
	if err != nil {
		return nil, err
	}
	s := &Server{addr: addr, gateway: gateway, drive: d, log: log, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		s.err = gateway.ServeMultiPort([]string{addr})
	}()
	select {
	case <-ready: // soon, whatever ctx says; a gateway stopped before this would go on
	case <-s.done:
		return nil, s.err
	}
	if err := answers(ctx, addr); err != nil {
		s.end()
		return nil, err
	}
	return s, nil
}

// answers returns when the gateway has served a request; it refuses this one.
// Before that, the library would not notice being told to stop.
func answers(ctx context.Context, addr string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/", nil)
	if err != nil {
		return err
	}
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// Addr is the host:port it listens on.
func (s *Server) Addr() string { return s.addr }

// Close stops taking requests, waits for those under way (the gateway gives
// them 10 s) and returns when the last is gone.
func (s *Server) Close() error {
	s.once.Do(func() {
		s.end()
		running.Store(false)
	})
	return s.err
}

// end stops the gateway and returns when it is gone. Requests that took longer
// than they were given are cut off; what they were writing was never shown.
func (s *Server) end() {
	select {
	case <-s.done: // it ended by itself, and err says why
	default:
		if err := s.gateway.ShutDown(); err != nil {
			s.log.Warn("object server cut off requests", "error", err)
		}
		<-s.done
		s.err = nil // that its listener was closed
	}
	s.drive.Shutdown()
}
