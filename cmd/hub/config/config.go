// Package config reads the hub's settings: one struct, filled from defaults, a
// YAML file, the environment and flags, in this order. Whatever it does not
// know it refuses.
package config

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Config is every setting of a hub. The zero value of a field means its
// default; hub serve with nothing set works.
type Config struct {
	Listen      string        // address to serve on
	Data        string        // folder of the embedded stores
	MongoFile   string        // file with the MongoDB URI; "" starts the embedded document server
	Database    string        // name of the database
	S3          string        // endpoint host:port; "" starts the embedded object store
	S3Secure    bool          // TLS to the endpoint
	S3Region    string        //
	S3Bucket    string        //
	S3KeyFile   string        // file with the access key
	S3SecretTo  string        // file with the secret key
	MasterFile  string        // file with the master key, 64 hex digits
	Crypto      string        // "standard" or "sm"
	Routing     string        // YAML of agencies, duties and rules; "" uses the built-in example
	Calendar    string        // working days newer than the built-in calendar; "" for none
	Divisions   string        // YAML of division facts newer than the built-in ledger; "" for none
	LogLevel    string        // debug, info, warn, error
	LogFormat   string        // text or json
	MaxUpload   int64         // bytes of one file
	SweepEvery  time.Duration // how often crashed work is looked for
	MetricsFile string        // file with a bearer token for /metrics; "" allows loopback only
	PublicURL   string        // where people reach the hub; not plain http on loopback means Secure cookies
	Proxies     string        // prefixes of proxies that may name the client, with commas
	Clamd       string        // address of clamd; "" scans nothing
	SealFile    string        // PEM of the seal: certificates and private key; "" signs with a test signer
	StampURL    string        // address of the time stamp authority; "" stamps here
	StampRoots  string        // PEM of the authorities to trust for time stamps
	Font        string        // TrueType file for characters that the built-in font lacks
	Media       string        // address of video, UDP and TCP on one port; "" is any port on the host of Listen
	Announce    string        // addresses that clients are told for video, with commas; "" is the bound one
	TurnUDP     string        // addresses of the TURN server in the process; "" has none
	TurnTCP     string        //
	TurnTLS     string        //
	TurnCert    string        // PEM of the certificate for TurnTLS
	TurnKey     string        // PEM of its key
	TurnHost    string        // host name that clients are told for TURN
	NodeURL     string        // where people reach this very node, when there are several; "" is the public address
	Renderer    string        // path of pdftoppm; "" looks for it in PATH
	MaxPages    int           // of one file
	Preparers   int           // files prepared for review at a time
	RequireTOTP bool          // staff must sign in with a second factor
}

// Default is a hub on this machine with nothing else installed.
func Default() Config {
	return Config{
		Listen: "127.0.0.1:8080", Data: "data", Database: "tongban", S3Region: "us-east-1", S3Bucket: "tongban",
		Crypto: "standard", LogLevel: "info", LogFormat: "text", MaxUpload: 2 << 30, SweepEvery: 5 * time.Second,
		MaxPages: 500, Preparers: 1,
	}
}

// Flags registers every setting; the names are also those of the file
// ("max-upload") and of the environment ("TONGBAN_MAX_UPLOAD").
func (c *Config) Flags(fs *flag.FlagSet) {
	fs.StringVar(&c.Listen, "listen", c.Listen, "`address` to serve on")
	fs.StringVar(&c.Data, "data", c.Data, "`folder` of the embedded stores and keys")
	fs.StringVar(&c.MongoFile, "mongodb-file", c.MongoFile, "`file` with the URI of a MongoDB replica set; without it the embedded store starts")
	fs.StringVar(&c.Database, "database", c.Database, "`name` of the database")
	fs.StringVar(&c.S3, "s3", c.S3, "`host:port` of an S3 store; without it the embedded store starts")
	fs.BoolVar(&c.S3Secure, "s3-secure", c.S3Secure, "use TLS to the S3 store")
	fs.StringVar(&c.S3Region, "s3-region", c.S3Region, "`region` of the S3 store")
	fs.StringVar(&c.S3Bucket, "s3-bucket", c.S3Bucket, "`bucket` for materials")
	fs.StringVar(&c.S3KeyFile, "s3-access-key-file", c.S3KeyFile, "`file` with the S3 access key")
	fs.StringVar(&c.S3SecretTo, "s3-secret-key-file", c.S3SecretTo, "`file` with the S3 secret key")
	fs.StringVar(&c.MasterFile, "master-key-file", c.MasterFile, "`file` with the master key (64 hex digits); needed with an outside MongoDB")
	fs.StringVar(&c.Crypto, "crypto", c.Crypto, "`suite` for new events: standard (SHA-256, Ed25519, AES) or sm (SM3, SM2, SM4)")
	fs.StringVar(&c.Routing, "routing", c.Routing, "`file` of agencies, duties and rules; without it the built-in example")
	fs.StringVar(&c.Calendar, "calendar", c.Calendar, "`file` of working days newer than the built-in calendar")
	fs.StringVar(&c.Divisions, "divisions", c.Divisions, "`file` of division facts newer than the built-in ledger")
	fs.StringVar(&c.LogLevel, "log-level", c.LogLevel, "debug, info, warn or error")
	fs.StringVar(&c.LogFormat, "log-format", c.LogFormat, "text or json")
	fs.Int64Var(&c.MaxUpload, "max-upload", c.MaxUpload, "largest file in `bytes`")
	fs.DurationVar(&c.SweepEvery, "sweep-every", c.SweepEvery, "how often work that a crash left is looked for")
	fs.StringVar(&c.MetricsFile, "metrics-token-file", c.MetricsFile, "`file` with a bearer token for /metrics; without it loopback only")
	fs.StringVar(&c.PublicURL, "public-url", c.PublicURL, "`URL` under which people reach the hub; https makes cookies Secure")
	fs.StringVar(&c.Clamd, "clamd", c.Clamd, "`address` of clamd (unix:/path or host:port); with it only files found clean can be read")
	fs.StringVar(&c.SealFile, "seal-file", c.SealFile, "PEM `file` of the seal that papers get: certificates and private key; without it a marked test signer")
	fs.StringVar(&c.StampURL, "timestamp-url", c.StampURL, "`URL` of a time stamp authority (RFC 3161); without it this machine's clock, marked as a test")
	fs.StringVar(&c.StampRoots, "timestamp-roots", c.StampRoots, "PEM `file` of the authorities that time stamps must come from")
	fs.StringVar(&c.Font, "fallback-font", c.Font, "TrueType `file` for rare characters of names on papers")
	fs.StringVar(&c.Media, "media", c.Media, "`address` of video, UDP and TCP on one port; without it any port on the host of -listen")
	fs.StringVar(&c.Announce, "media-announce", c.Announce, "IP `addresses` that clients are told for video, with commas, where they differ from the bound one (NAT)")
	fs.StringVar(&c.TurnUDP, "turn-udp", c.TurnUDP, "`address` of the TURN server over UDP; without these three there is none")
	fs.StringVar(&c.TurnTCP, "turn-tcp", c.TurnTCP, "`address` of the TURN server over TCP")
	fs.StringVar(&c.TurnTLS, "turn-tls", c.TurnTLS, "`address` of the TURN server over TLS; 443 passes most offices")
	fs.StringVar(&c.TurnCert, "turn-cert-file", c.TurnCert, "PEM `file` of the certificate for -turn-tls")
	fs.StringVar(&c.TurnKey, "turn-key-file", c.TurnKey, "PEM `file` of its private key")
	fs.StringVar(&c.TurnHost, "turn-host", c.TurnHost, "host `name` that clients are told for TURN")
	fs.StringVar(&c.NodeURL, "node-url", c.NodeURL, "`URL` of this very node, when several share the stores: people of a room that lives here are sent to it")
	fs.StringVar(&c.Renderer, "pdftoppm", c.Renderer, "`path` of poppler's pdftoppm, which draws the pages of PDFs; without it PATH is searched")
	fs.IntVar(&c.MaxPages, "max-pages", c.MaxPages, "largest `number` of pages of one file")
	fs.IntVar(&c.Preparers, "preparers", c.Preparers, "`number` of files prepared for review at a time")
	fs.BoolVar(&c.RequireTOTP, "require-totp", c.RequireTOTP, "let staff do nothing before they have set up a second factor (GB/T 22239 level 3)")
	fs.StringVar(&c.Proxies, "trusted-proxies", c.Proxies, "`prefixes` of proxies that may name the client, with commas")
}

// Load reads the settings of one command. Environment variables that start
// with TONGBAN_ and keys of the file must all be known.
func Load(name string, args, environ []string, out io.Writer) (Config, error) {
	c := Default()
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(out)
	c.Flags(fs)
	file := fs.String("config", "", "YAML `file` of settings")
	if err := fs.Parse(args); err != nil {
		return c, err
	}
	if fs.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	set := func(name, value, from string) error {
		if fs.Lookup(name) == nil || name == "config" && from != "environment" {
			return fmt.Errorf("%s: unknown setting %q", from, name)
		}
		if given[name] {
			return nil
		}
		if err := fs.Set(name, value); err != nil {
			return fmt.Errorf("%s: setting %s: %w", from, name, err)
		}
		return nil
	}
	env := fromEnvironment(environ)
	if v, ok := env["config"]; ok && !given["config"] {
		*file = v
	}
	if *file != "" {
		values, err := fromFile(*file)
		if err != nil {
			return c, err
		}
		for k, v := range values {
			if err := set(k, v, *file); err != nil {
				return c, err
			}
		}
	}
	for k, v := range env {
		if err := set(k, v, "environment"); err != nil {
			return c, err
		}
	}
	return c, c.Validate()
}

func fromEnvironment(environ []string) map[string]string {
	m := map[string]string{}
	for _, kv := range environ {
		k, v, _ := strings.Cut(kv, "=")
		if rest, ok := strings.CutPrefix(k, "TONGBAN_"); ok {
			m[strings.ToLower(strings.ReplaceAll(rest, "_", "-"))] = v
		}
	}
	return m
}

func fromFile(path string) (map[string]string, error) {
	b, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	m := map[string]string{}
	if err := yaml.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("read settings %s: %w", path, err)
	}
	return m, nil
}

// Validate tells every contradiction at once.
func (c *Config) Validate() error {
	var errs []error
	oneOf := func(name, v string, of ...string) {
		if !slices.Contains(of, v) {
			errs = append(errs, fmt.Errorf("%s must be one of %s", name, strings.Join(of, ", ")))
		}
	}
	oneOf("crypto", c.Crypto, "standard", "sm")
	oneOf("log-level", c.LogLevel, "debug", "info", "warn", "error")
	oneOf("log-format", c.LogFormat, "text", "json")
	if c.MongoFile != "" && c.MasterFile == "" {
		errs = append(errs, errors.New("master-key-file is needed with an outside MongoDB"))
	}
	if c.S3 != "" && (c.S3KeyFile == "" || c.S3SecretTo == "") {
		errs = append(errs, errors.New("s3 needs s3-access-key-file and s3-secret-key-file"))
	}
	if c.MaxUpload < 1<<20 || c.MaxUpload > 5<<30 {
		errs = append(errs, errors.New("max-upload must be between 1 MiB and 5 GiB"))
	}
	if c.MaxPages < 1 || c.MaxPages > 10_000 {
		errs = append(errs, errors.New("max-pages must be between 1 and 10000"))
	}
	if c.Preparers < 1 || c.Preparers > 64 {
		errs = append(errs, errors.New("preparers must be between 1 and 64"))
	}
	if c.SweepEvery < 100*time.Millisecond {
		errs = append(errs, errors.New("sweep-every must be 100ms or more"))
	}
	if _, err := c.TrustedProxies(); err != nil {
		errs = append(errs, err)
	}
	if c.Data == "" && (c.MongoFile == "" || c.S3 == "") {
		errs = append(errs, errors.New("data must name a folder"))
	}
	return errors.Join(errs...)
}

// TrustedProxies reads the prefixes of the proxies in front.
func (c *Config) TrustedProxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for p := range strings.FieldsFuncSeq(c.Proxies, func(r rune) bool { return r == ',' || r == ' ' }) {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			return nil, fmt.Errorf("trusted-proxies: %w", err)
		}
		out = append(out, prefix)
	}
	return out, nil
}

// Logger makes the logger that the settings describe.
func (c *Config) Logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	opt := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, opt))
	}
	return slog.New(slog.NewTextHandler(w, opt))
}

// Secret reads a secret from its file, without the line end.
func Secret(path string) (string, error) {
	b, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return "", fmt.Errorf("read secret: %w", err)
	}
	s := strings.TrimSpace(string(b))
	if s == "" {
		return "", fmt.Errorf("secret file %s is empty", path)
	}
	return s, nil
}

// MasterKey reads a master key: 64 hex digits.
func MasterKey(path string) ([]byte, error) {
	s, err := Secret(path)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(s)
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("master key file %s must hold 64 hex digits", path)
	}
	return key, nil
}

// OwnMasterKey reads the master key of a data folder, making it on the first
// start. A hub that loses it cannot read its personal fields or sign.
func OwnMasterKey(path string) ([]byte, error) {
	key, err := MasterKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	b := make([]byte, 32)
	rand.Read(b)
	if err := WriteSecret(path, []byte(hex.EncodeToString(b)+"\n")); err != nil {
		return nil, err
	}
	return MasterKey(path)
}

// WriteSecret writes a new file that only its owner can read, whole or not at all.
func WriteSecret(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".secret-*")
	if err != nil {
		return fmt.Errorf("write secret: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write secret: %w", err)
	}
	if err := os.Link(f.Name(), path); err != nil {
		return fmt.Errorf("write secret: %w", err)
	}
	return nil
}
