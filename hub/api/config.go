package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tongban/hub"
	"tongban/hub/signin"
)

// BundleWriter writes a case's evidence bundle as one ZIP. It authorizes and
// records the reading itself, before the first byte.
type BundleWriter interface {
	WriteBundle(ctx context.Context, r hub.Reading, id hub.CaseID, w io.Writer) error
}

// AgencyKeys lists signing keys. Implemented by every [hub.KeyStore].
type AgencyKeys interface {
	AgencyKeys(ctx context.Context, a hub.AgencyID) ([]hub.AgencyKey, error)
}

// Incoming is one file on its way in.
type Incoming struct {
	Body io.Reader // read to its end, and never after Put has returned
	Size int64     // bytes, as announced
	Want hub.Digest
}

// ObjectPutter keeps the bytes of a file under their digest, or nothing at
// all. Errors: TooLarge, UploadTruncated, BadRequest, DigestMismatch, Unavailable.
type ObjectPutter interface {
	Put(ctx context.Context, in Incoming) error
}

// PutFunc lets a function be an [ObjectPutter].
type PutFunc func(ctx context.Context, in Incoming) error

// Put calls f.
func (f PutFunc) Put(ctx context.Context, in Incoming) error { return f(ctx, in) }

// Config is what the server stands on. Everything up to Registry is needed.
type Config struct {
	Service   *hub.Service
	SignIn    *signin.Service
	Directory hub.Directory
	Index     hub.CaseIndex
	Router    hub.Router
	Objects   ObjectPutter
	Uploads   hub.Uploads
	Resumable Resumable
	Drafts    hub.Drafts
	DraftSeal DraftSeal
	Leases    hub.Leases
	Access    hub.AccessLog
	Keys      AgencyKeys
	Bundle    BundleWriter
	Policy    hub.Policy
	Ready     func(ctx context.Context) error // nil error: every store answers
	UI        fs.FS
	Logger    *slog.Logger
	Registry  *prometheus.Registry

	Rooms Rooms // live video; nil has none
	// Duties lists the routing configuration; nil lists nothing.
	Duties func() []Duty
	// CheckContent refuses a stored file that may not become a material:
	// WrongType, UnsafeContent, TooManyPages, Encrypted. Nil lets all pass.
	CheckContent func(ctx context.Context, f hub.File) error
	// Explain writes a routing reason in a language, "zh-CN" or "en"; nil leaves
	// reasons to their codes.
	Explain func(r hub.RouteReason, lang string) string
	Now     func() time.Time // nil is the wall clock
	// PublicURL is where people reach the hub. Unless it is http on a loopback
	// address, cookies are Secure and bound to the host.
	PublicURL string
	// TrustedProxies may name the client by X-Forwarded-For.
	TrustedProxies []netip.Prefix
	// MetricsToken opens /metrics to others than this machine; "" to nobody.
	MetricsToken string
	Version      string
	Limits       Limits
}

// Limits bound what one request may cost. Zero values have the defaults named.
type Limits struct {
	JSONBytes   int64         // of a JSON body: 1 MiB
	UploadBytes int64         // of an uploaded file: 2 GiB
	Request     time.Duration // for an ordinary request: 15 s
	Transfer    time.Duration // for an upload, download or bundle: 1 h
	Stall       time.Duration // without a byte either way: 30 s
	Idle        time.Duration // between two requests of a connection: 2 min
	Shutdown    time.Duration // for requests in flight when the server stops: 20 s
	Poll        time.Duration // between two looks for changes: 500 ms
	Heartbeat   time.Duration // between two comments on a stream: 15 s
	Streams     int           // live streams in all: 2,000
	PersonLive  int           // live streams of one person: 8
	Sockets     int           // signalling connections of video rooms: 3,000
	Connections int           // open connections: 20,000
}

func (l *Limits) setDefaults() {
	orDefault(&l.JSONBytes, 1<<20)
	orDefault(&l.UploadBytes, 2<<30)
	orDefault(&l.Request, 15*time.Second)
	orDefault(&l.Transfer, time.Hour)
	orDefault(&l.Stall, 30*time.Second)
	orDefault(&l.Idle, 2*time.Minute)
	orDefault(&l.Shutdown, 20*time.Second)
	orDefault(&l.Poll, 500*time.Millisecond)
	orDefault(&l.Heartbeat, 15*time.Second)
	orDefault(&l.Streams, 2000)
	orDefault(&l.PersonLive, 8)
	orDefault(&l.Sockets, 3000)
	orDefault(&l.Connections, 20_000)
}

func orDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

func (cfg *Config) check() error {
	if cfg.Service == nil || cfg.SignIn == nil || cfg.Directory == nil || cfg.Index == nil || cfg.Router == nil ||
		cfg.Objects == nil || cfg.Uploads == nil || cfg.Resumable == nil || cfg.Drafts == nil || cfg.DraftSeal == nil || cfg.Leases == nil ||
		cfg.Access == nil || cfg.Keys == nil || cfg.Bundle == nil || cfg.Policy == nil ||
		cfg.Ready == nil || cfg.UI == nil || cfg.Logger == nil || cfg.Registry == nil {
		return errors.New("http server: a part is missing")
	}
	u, err := url.Parse(cfg.PublicURL)
	if err != nil || cfg.PublicURL != "" && (u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("public address %q is not an http or https address", cfg.PublicURL)
	}
	if cfg.Explain == nil {
		cfg.Explain = func(hub.RouteReason, string) string { return "" }
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	orDefault(&cfg.Version, "0")
	cfg.Limits.setDefaults()
	return nil
}

// secureCookies reports whether cookies may travel over TLS only.
func (cfg *Config) secureCookies() bool {
	u, err := url.Parse(cfg.PublicURL)
	if err != nil || u.Scheme != "http" {
		return cfg.PublicURL != ""
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() != "localhost" && (err != nil || !ip.IsLoopback())
}
