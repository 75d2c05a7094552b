package relay_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"

	"tongban/video/relay"
)

type world struct {
	server *relay.Server
	turn   *net.UDPAddr
	tcp    net.Addr
	tls    net.Addr
	node   *net.UDPConn // stands for the node's media socket
}

func newWorld(t *testing.T, change func(*relay.Config)) *world {
	t.Helper()
	loop := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}
	u, err := net.ListenUDP("udp4", loop)
	if err != nil {
		t.Fatal(err)
	}
	node, err := net.ListenUDP("udp4", loop)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewTLSServer(nil) // for its certificate
	site.Close()
	secure, err := tls.Listen("tcp4", "127.0.0.1:0", &tls.Config{Certificates: site.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	cfg := relay.Config{
		UDP: u, TCP: l, TLS: secure, Secret: []byte("a secret of sixteen bytes"), Public: net.IPv4(127, 0, 0, 1), Ports: [2]uint16{43000, 43999},
		Peers: []relay.Peer{{Announced: netip.MustParseAddrPort(node.LocalAddr().String())}},
	}
	if change != nil {
		change(&cfg)
	}
	s, err := relay.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		_ = node.Close()
	})
	return &world{s, u.LocalAddr().(*net.UDPAddr), l.Addr(), secure.Addr(), node}
}

func (w *world) client(t *testing.T, user, password, over string) *turn.Client {
	t.Helper()
	var c net.PacketConn
	var nc net.Conn
	var err error
	server := w.turn.String()
	switch over {
	case "tcp":
		server = w.tcp.String()
		nc, err = net.Dial("tcp4", server)
	case "tls":
		server = w.tls.String()
		nc, err = tls.Dial("tcp4", server, &tls.Config{InsecureSkipVerify: true})
	default:
		c, err = net.ListenPacket("udp4", "127.0.0.1:0")
	}
	if err != nil {
		t.Fatal(err)
	}
	if nc != nil {
		c = turn.NewSTUNConn(nc)
	}
	cl, err := turn.NewClient(&turn.ClientConfig{
		STUNServerAddr: server, TURNServerAddr: server, Conn: c, Username: user, Password: password, RTO: 100 * time.Millisecond,
		LoggerFactory: &logging.DefaultLoggerFactory{DefaultLogLevel: logging.LogLevelDisabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := cl.Listen(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cl.Close(); _ = c.Close() })
	return cl
}

func TestWrongAndExpiredCredentialsAreRefused(t *testing.T) {
	w := newWorld(t, nil)
	name, password, err := w.server.Credentials("p1")
	if err != nil {
		t.Fatal(err)
	}
	old := newWorld(t, func(c *relay.Config) { c.TTL = -time.Hour })
	oldName, oldPassword, _ := old.server.Credentials("p1")
	_, rest, _ := strings.Cut(name, ":")
	for what, c := range map[string][2]string{
		"wrong password": {name, password + "x"}, "no time in the name": {rest, password}, "another's password": {"4070908800:other", password},
		"expired": {oldName, oldPassword},
	} {
		if _, err := w.client(t, c[0], c[1], "udp").Allocate(); err == nil {
			t.Errorf("%s: allocated", what)
		}
	}
}

func TestOnlyTheNodeIsRelayedTo(t *testing.T) {
	for _, over := range []string{"udp", "tcp", "tls"} {
		w := newWorld(t, nil)
		name, password, _ := w.server.Credentials("p1")
		c := w.client(t, name, password, over)
		rc, err := c.Allocate()
		if err != nil {
			t.Fatal(err)
		}
		other, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		// Another address is refused by permission, another port of the node's host by the guard.
		if err := c.CreatePermission(&net.UDPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 80}); err == nil {
			t.Error("a permission for an inner address was given")
		}
		if _, err := rc.WriteTo([]byte("to another port"), other.LocalAddr()); err != nil {
			t.Fatal(err)
		}
		if _, err := rc.WriteTo([]byte("to the node"), w.node.LocalAddr()); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 100)
		_ = w.node.SetReadDeadline(time.Now().Add(5 * time.Second))
		n, from, err := w.node.ReadFrom(buf)
		if err != nil || string(buf[:n]) != "to the node" {
			t.Fatalf("%q %v", buf[:n], err)
		}
		_ = other.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		if n, _, err := other.ReadFrom(buf); err == nil {
			t.Errorf("another port got %q", buf[:n])
		}
		if _, err := other.WriteTo([]byte("from another"), from); err != nil {
			t.Fatal(err)
		}
		for i, err := 0, error(nil); ; i++ {
			if _, err := w.node.WriteTo([]byte("back"), from); err != nil {
				t.Fatal(err)
			}
			_ = rc.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
			if n, _, err = rc.ReadFrom(buf); err == nil && string(buf[:n]) == "back" {
				break
			}
			if i > 20 || err == nil {
				t.Fatalf("over %s: got %q, %v", over, buf[:n], err)
			}
		}
		if w.server.Stats().Refused < 3 {
			t.Errorf("refused %d", w.server.Stats().Refused)
		}
	}
}

func TestQuotaForEachUserAndForAll(t *testing.T) {
	w := newWorld(t, func(c *relay.Config) { c.PerUser, c.Total = 2, 3 })
	allocate := func(user string) error {
		name, password, _ := w.server.Credentials(user)
		_, err := w.client(t, name, password, "udp").Allocate()
		return err
	}
	for i, step := range []struct {
		user string
		ok   bool
	}{{"a", true}, {"a", true}, {"a", false}, {"b", true}, {"b", false}} {
		if err := allocate(step.user); (err == nil) != step.ok {
			t.Errorf("step %d, %s: %v", i, step.user, err)
		}
	}
}

func TestBadConfigurationsAreRefused(t *testing.T) {
	for name, c := range map[string]relay.Config{
		"no socket": {}, "short secret": {UDP: &net.UDPConn{}, Secret: []byte("short")},
		"no public address": {UDP: &net.UDPConn{}, Secret: make([]byte, 16)}, "no peer": {UDP: &net.UDPConn{}, Secret: make([]byte, 16), Public: net.IPv4zero},
	} {
		if _, err := relay.New(c); err == nil {
			t.Errorf("%s: started", name)
		}
	}
}

// More connections than the limit are closed at once, and those that ask nothing
// do not keep the others out for ever.
func TestConnectionsAreBounded(t *testing.T) {
	w := newWorld(t, func(c *relay.Config) { c.Conns = 3 })
	var held []net.Conn
	for range 3 {
		c, err := net.Dial("tcp4", w.tcp.String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		held = append(held, c)
	}
	extra, err := net.Dial("tcp4", w.tcp.String())
	if err != nil {
		t.Fatal(err)
	}
	defer extra.Close()
	_ = extra.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := extra.Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the fourth connection: %v", err)
	}
	_ = held[0].Close()
	name, password, _ := w.server.Credentials("p1")
	deadline := time.Now().Add(5 * time.Second)
	for {
		if _, err := w.client(t, name, password, "tcp").Allocate(); err == nil {
			break
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}
