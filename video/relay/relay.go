// Package relay is the TURN server in the process (RFC 8656), for offices that
// let out only TCP or TLS, by pion/turn v5. It relays to the media sockets of our
// own node and to nothing else: a TURN server that relays anywhere, which is
// pion's default, is a door into the inner network. Credentials are short-lived
// and made for one participant.
package relay

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"
)

// Config is what a server is started with.
type Config struct {
	UDP    net.PacketConn // at least one of the three; the server closes them
	TCP    net.Listener
	TLS    net.Listener  // already a TLS listener
	Secret []byte        // at least 16 bytes; credentials are made with it
	Realm  string        // shown to clients ["tongban"]
	Public net.IP        // address of the relayed side, as the node reaches it
	Bind   string        // where relayed ports are bound [the public address]
	Ports  [2]uint16     // range of relayed ports [49152, 65535]
	Peers  []Peer        // the only addresses that are relayed to
	TTL    time.Duration // of credentials [2 h]
	// PerUser and Total bound the allocations [12, 3000], Conns the TCP and TLS
	// connections [4000]. A browser makes one for each address it is told and each
	// media section, until it knows that the sections share one.
	PerUser, Total, Conns int
}

// Peer is a media socket of the node: the address clients are told, and, if that
// is another behind NAT, the one it is bound to.
type Peer struct{ Announced, Bound netip.AddrPort }

// Server is a running TURN server.
type Server struct {
	cfg  Config
	turn *turn.Server

	refused atomic.Uint64
	total   atomic.Int64

	mu    sync.Mutex // guards users
	users map[string]int
}

func or[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

func (c Config) withDefaults() (Config, error) {
	switch {
	case c.UDP == nil && c.TCP == nil && c.TLS == nil:
		return c, errors.New("relay: no socket")
	case len(c.Secret) < 16:
		return c, errors.New("relay: the secret is shorter than 16 bytes")
	case c.Public == nil:
		return c, errors.New("relay: no public address")
	case len(c.Peers) == 0:
		return c, errors.New("relay: no peer that may be relayed to")
	}
	c.Realm, c.Bind = or(c.Realm, "tongban"), or(c.Bind, c.Public.String())
	c.Ports = or(c.Ports, [2]uint16{49152, 65535})
	if c.Ports[0] == 0 || c.Ports[1] < c.Ports[0] {
		return c, errors.New("relay: not a range of ports")
	}
	c.TTL = or(c.TTL, 2*time.Hour)
	c.PerUser, c.Total, c.Conns = or(c.PerUser, 12), or(c.Total, 3000), or(c.Conns, 4000)
	for i, p := range c.Peers {
		if !p.Bound.IsValid() {
			c.Peers[i].Bound = p.Announced
		}
		if !p.Announced.IsValid() || p.Announced.Addr().IsUnspecified() {
			return c, errors.New("relay: a peer has no address of its own")
		}
	}
	return c, nil
}

// New starts a server.
func New(cfg Config) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, users: map[string]int{}}
	tc := turn.ServerConfig{
		Realm: cfg.Realm, AuthHandler: turn.LongTermTURNRESTAuthHandler(s.secret(), quiet{}.NewLogger("")),
		LoggerFactory: quiet{}, QuotaHandler: s.mayAllocate,
		EventHandler: turn.EventHandler{OnAllocationCreated: s.created, OnAllocationDeleted: s.deleted},
	}
	gen := &ports{server: s, next: uint32(cfg.Ports[0])}
	if cfg.UDP != nil {
		tc.PacketConnConfigs = []turn.PacketConnConfig{{PacketConn: cfg.UDP, RelayAddressGenerator: gen, PermissionHandler: s.permits}}
	}
	slots := make(chan struct{}, cfg.Conns)
	for _, l := range []net.Listener{cfg.TCP, cfg.TLS} {
		if l != nil {
			tc.ListenerConfigs = append(tc.ListenerConfigs, turn.ListenerConfig{
				Listener: &listener{Listener: l, slots: slots}, RelayAddressGenerator: gen, PermissionHandler: s.permits,
			})
		}
	}
	if s.turn, err = turn.NewServer(tc); err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	return s, nil
}

// secret is a key of its own, so that the configured one may serve other uses.
func (s *Server) secret() string {
	m := hmac.New(sha256.New, s.cfg.Secret)
	m.Write([]byte("turn credentials"))
	return hex.EncodeToString(m.Sum(nil))
}

// Close ends the server and all that it relays.
func (s *Server) Close() error { return s.turn.Close() }

// Credentials makes a user name and a password that are good for the TTL. The
// user is an opaque id; it is hashed, since user names travel in the clear.
func (s *Server) Credentials(user string) (name, password string, err error) {
	m := hmac.New(sha256.New, s.cfg.Secret)
	m.Write([]byte("turn user " + user))
	return turn.GenerateLongTermTURNRESTCredentials(s.secret(), hex.EncodeToString(m.Sum(nil)[:12]), s.cfg.TTL)
}

// URLs are the addresses for clients, given the host name they know; tls only if
// there is a TLS listener.
func (s *Server) URLs(host string) (urls []string) {
	at := func(scheme string, a net.Addr, transport string) {
		_, port, err := net.SplitHostPort(a.String())
		if err == nil {
			urls = append(urls, scheme+":"+net.JoinHostPort(host, port)+"?transport="+transport)
		}
	}
	if s.cfg.UDP != nil {
		at("turn", s.cfg.UDP.LocalAddr(), "udp")
	}
	if s.cfg.TCP != nil {
		at("turn", s.cfg.TCP.Addr(), "tcp")
	}
	if s.cfg.TLS != nil {
		at("turns", s.cfg.TLS.Addr(), "tcp")
	}
	return urls
}

// Stats are for the operator.
type Stats struct {
	Allocations int64
	Refused     uint64 // permissions, packets and allocations
}

// Stats returns the counts so far.
func (s *Server) Stats() Stats { return Stats{s.total.Load(), s.refused.Load()} }

// permits is asked for each permission; ports are checked packet by packet.
func (s *Server) permits(_ net.Addr, ip net.IP) bool {
	a, ok := netip.AddrFromSlice(ip)
	for _, p := range s.cfg.Peers {
		if ok && p.Announced.Addr().Unmap() == a.Unmap() {
			return true
		}
	}
	s.refused.Add(1)
	return false
}

// mayAllocate is asked before an allocation.
func (s *Server) mayAllocate(user, _ string, _ net.Addr) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users[user] >= s.cfg.PerUser || s.total.Load() >= int64(s.cfg.Total) {
		s.refused.Add(1)
		return false
	}
	return true
}

func (s *Server) created(_, _ net.Addr, _, user, _ string, _ net.Addr, _ int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[user]++
	s.total.Add(1)
}

func (s *Server) deleted(_, _ net.Addr, _, user, _ string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total.Add(-1)
	if s.users[user]--; s.users[user] <= 0 {
		delete(s.users, user)
	}
}

// ports binds relayed ports, one after the other.
type ports struct {
	server *Server
	mu     sync.Mutex // guards next
	next   uint32
}

var errNoRelay = errors.New("relay: only UDP is relayed")

func (*ports) Validate() error { return nil }

// AllocatePacketConn binds a relayed port. A port the client asks for is not given.
func (g *ports) AllocatePacketConn(conf turn.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	c := g.server.cfg
	if conf.Network == "udp6" && c.Public.To4() != nil {
		return nil, nil, errNoRelay
	}
	for range int(c.Ports[1]-c.Ports[0]) + 1 {
		g.mu.Lock()
		port := g.next
		if g.next++; g.next > uint32(c.Ports[1]) {
			g.next = uint32(c.Ports[0])
		}
		g.mu.Unlock()
		conn, err := net.ListenPacket("udp", net.JoinHostPort(c.Bind, strconv.Itoa(int(port))))
		if err != nil {
			continue
		}
		return &guarded{PacketConn: conn, server: g.server}, &net.UDPAddr{IP: c.Public, Port: int(port)}, nil
	}
	return nil, nil, errors.New("relay: no port is free")
}

func (*ports) AllocateListener(turn.AllocateListenerConfig) (net.Listener, net.Addr, error) {
	return nil, nil, errNoRelay
}

func (*ports) AllocateConn(turn.AllocateConnConfig) (net.Conn, error) { return nil, errNoRelay }

// guarded lets packets pass only to and from the node's media sockets.
type guarded struct {
	net.PacketConn
	server *Server
}

func (g *guarded) WriteTo(b []byte, to net.Addr) (int, error) {
	a := addrPort(to)
	for _, p := range g.server.cfg.Peers {
		if p.Announced == a {
			return g.PacketConn.WriteTo(b, net.UDPAddrFromAddrPort(p.Bound))
		}
	}
	g.server.refused.Add(1)
	return len(b), nil // a hole, not an error: the allocation goes on
}

func (g *guarded) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := g.PacketConn.ReadFrom(b)
		if err != nil {
			return n, from, err
		}
		a := addrPort(from)
		for _, p := range g.server.cfg.Peers {
			if p.Bound == a || p.Announced == a {
				return n, net.UDPAddrFromAddrPort(p.Announced), nil
			}
		}
		g.server.refused.Add(1)
	}
}

func addrPort(a net.Addr) netip.AddrPort {
	u, ok := a.(*net.UDPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	ap := u.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

// quiet is pion's logging: off.
type quiet struct{}

func (quiet) NewLogger(string) logging.LeveledLogger {
	f := logging.NewDefaultLoggerFactory()
	f.DefaultLogLevel = logging.LogLevelDisabled
	f.ScopeLevels = nil
	return f.NewLogger("turn")
}
