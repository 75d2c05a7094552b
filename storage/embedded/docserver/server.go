package docserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Server is a running document server. It is safe for concurrent use.
type Server struct {
	cfg      Config
	db       *bolt.DB
	listener net.Listener
	auth     *authenticator // nil when insecure
	commands map[string]*command
	started  time.Time

	// catalog is what readers plan by. snapshot makes beginning a read
	// transaction and loading the catalog one step against a commit that
	// changes both.
	catalog  atomic.Pointer[catalog]
	snapshot sync.RWMutex

	queue chan *writeJob
	token chan struct{} // held by whoever may write: the writer or a transaction

	cursors  cursorTable
	sessions sessionTable
	readGen  atomic.Uint64

	ctx       context.Context //nolint:containedctx // the life of the server, ended by Close
	stop      context.CancelFunc
	conns     connTable
	serving   sync.WaitGroup // accept loop, connections, housekeeper
	writing   sync.WaitGroup // the writer
	closeOnce sync.Once
	closeErr  error
}

// Open opens or makes the data file and serves it. The server answers when Open
// returns. If another process holds the file the error is ErrLocked. ctx limits
// only the opening; end the server with Close.
func Open(ctx context.Context, cfg Config) (*Server, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("docserver: open: %w", err)
	}
	db, err := openFile(cfg)
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg: cfg, db: db, started: cfg.Now(),
		queue: make(chan *writeJob, 1024), token: make(chan struct{}, 1),
		commands: commandTable(),
	}
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	if err := s.start(ctx); err != nil {
		s.stop()
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// openFile opens the data file and takes its lock.
func openFile(cfg Config) (*bolt.DB, error) {
	opts := &bolt.Options{
		Timeout:         cfg.LockTimeout,
		FreelistType:    bolt.FreelistArrayType, // the map is sorted anew at every commit
		InitialMmapSize: cfg.MapBytes,
		NoStatistics:    true,
	}
	db, err := bolt.Open(cfg.Path, 0o600, opts)
	if errors.Is(err, syscall.ENOMEM) { // so much address space is not allowed here
		opts.InitialMmapSize = 0
		db, err = bolt.Open(cfg.Path, 0o600, opts)
	}
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, fmt.Errorf("docserver: open %s: %w", cfg.Path, err)
	}
	return db, nil
}

func (s *Server) start(ctx context.Context) error {
	var err error
	if !s.cfg.Insecure {
		if s.auth, err = newAuthenticator(s.cfg.User, s.cfg.Password); err != nil {
			return err
		}
	}
	if err := s.loadCatalog(); err != nil {
		return err
	}
	var lc net.ListenConfig
	if s.listener, err = lc.Listen(ctx, "tcp", s.cfg.Addr); err != nil {
		return fmt.Errorf("docserver: listen: %w", err)
	}
	s.writing.Go(s.write)
	s.serving.Go(s.accept)
	s.serving.Go(s.housekeep)
	return nil
}

// Addr returns the host:port the server listens on.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// URI returns the address with the account, for mongo.Connect as it is.
func (s *Server) URI() string {
	u := url.URL{Scheme: "mongodb", Host: s.Addr(), Path: "/"}
	q := url.Values{"replicaSet": {replicaSet}}
	if s.auth != nil {
		u.User = url.UserPassword(s.cfg.User, s.cfg.Password)
		q.Set("authSource", "admin")
		q.Set("authMechanism", mechanism)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// Close stops accepting, ends connections, cursors and open transactions, waits
// for every goroutine and closes the file. A write that was not answered may or
// may not have been kept. Close may be called more than once.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		s.stop()
		err := s.listener.Close()
		s.conns.closeAll()
		s.sessions.abortAll()
		s.serving.Wait()
		s.sessions.abortAll() // begun while closing
		close(s.queue)
		s.writing.Wait()
		s.closeErr = errors.Join(err, s.db.Close())
	})
	return s.closeErr
}

func (s *Server) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			if s.ctx.Err() != nil {
				return
			}
			s.cfg.Logger.Warn("accept failed", "error", err)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			select { // out of file descriptors, most likely: let some go
			case <-time.After(50 * time.Millisecond):
				continue
			case <-s.ctx.Done():
				return
			}
		}
		conn := &conn{s: s, net: c, id: s.conns.nextID()}
		if !s.conns.add(conn, s.cfg.MaxConnections) {
			s.cfg.Logger.Warn("connection refused: too many", "limit", s.cfg.MaxConnections)
			_ = c.Close()
			continue
		}
		s.serving.Go(conn.serve)
	}
}
