package docserver

import (
	"cmp"
	"errors"
	"log/slog"
	"net"
	"time"
)

// ErrLocked says that another process holds the data file.
var ErrLocked = errors.New("docserver: the data file is in use by another process")

// Config says where the server keeps its data and listens. The zero value of
// every limit works.
type Config struct {
	Path string // the bbolt file; made with mode 0600 if absent
	Addr string // loopback host:port, default "127.0.0.1:0"

	// User and Password are the one account (SCRAM-SHA-256). Open refuses to
	// start without them unless Insecure is set.
	User, Password string
	Insecure       bool // no authentication; for tests only

	Logger *slog.Logger     // default: discards
	Now    func() time.Time // default: time.Now

	MaxConnections  int           // default 1000
	MaxCursors      int           // default 10 000
	MaxSortBytes    int           // memory of a blocking sort or $group, default 100 MiB
	CursorIdle      time.Duration // a cursor unused this long is closed, default 10 min
	SessionLife     time.Duration // results of retryable writes are kept this long, default 30 min
	TransactionLife time.Duration // a transaction older than this is aborted, default 60 s
	TransactionWait time.Duration // a transaction that cannot begin in this time is told to try again, default 5 s
	SweepEvery      time.Duration // how often TTL and idle things are swept, default 60 s
	LockTimeout     time.Duration // how long Open waits for the file lock, default 1 s
	MapBytes        int           // address space reserved for the file, default 16 GiB

	// fault makes storage operations fail; set by tests only.
	fault func(op string) error
}

// Sizes that drivers are told in hello.
const (
	maxDocumentBytes = 16 << 20
	headroom         = 16 << 10 // a result may be this much larger than a document
	maxMessageBytes  = 48_000_000
	maxBatchCount    = 100_000
	maxReplyBytes    = 4 << 20 // of documents in one reply, but one always fits
)

func (c *Config) complete() error {
	if c.Path == "" {
		return errors.New("docserver: no data file given")
	}
	if !c.Insecure && (c.User == "" || c.Password == "") {
		return errors.New("docserver: user and password are required")
	}
	c.Addr = cmp.Or(c.Addr, "127.0.0.1:0")
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return errors.New("docserver: address is not host:port")
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errors.New("docserver: only loopback addresses are allowed")
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.MaxConnections = cmp.Or(c.MaxConnections, 1000)
	c.MaxCursors = cmp.Or(c.MaxCursors, 10_000)
	c.MaxSortBytes = cmp.Or(c.MaxSortBytes, 100<<20)
	c.CursorIdle = cmp.Or(c.CursorIdle, 10*time.Minute)
	c.SessionLife = cmp.Or(c.SessionLife, 30*time.Minute)
	c.TransactionLife = cmp.Or(c.TransactionLife, time.Minute)
	c.TransactionWait = cmp.Or(c.TransactionWait, 5*time.Second)
	c.SweepEvery = cmp.Or(c.SweepEvery, time.Minute)
	c.LockTimeout = cmp.Or(c.LockTimeout, time.Second)
	c.MapBytes = cmp.Or(c.MapBytes, defaultMapBytes)
	return nil
}

// defaultMapBytes is address space, not memory: while the file is smaller,
// growing it never has to wait for readers.
const defaultMapBytes = 1 << 30 << (^uint(0) >> 63 << 2)
