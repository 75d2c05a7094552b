// Package wireproxy is a TCP proxy that understands enough of the MongoDB wire
// protocol to inject the failures that MongoDB's own test files ask for with
// configureFailPoint. The server behind it needs no test hooks: an error code, a
// lost connection or a lost reply looks to the driver exactly as if the server
// had produced it, and what the server stored is real.
package wireproxy

import (
	"errors"
	"fmt"
	"net"
	"sync"

	"go.mongodb.org/mongo-driver/bson"
)

// Proxy forwards connections to one upstream server. It is safe for concurrent use.
type Proxy struct {
	upstream string
	ln       net.Listener
	wg       sync.WaitGroup

	mu       sync.Mutex
	rule     *rule                 // guarded by mu; nil when no fail point is set
	executed map[string]struct{}   // guarded by mu; retryable commands that reached the server
	conns    map[net.Conn]struct{} // guarded by mu
	closed   bool                  // guarded by mu
}

// Start listens on a free loopback port and forwards to upstream ("host:port").
// The caller closes the proxy.
func Start(upstream string) (*Proxy, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the proxy: %w", err)
	}
	p := &Proxy{
		upstream: upstream,
		ln:       ln,
		executed: map[string]struct{}{},
		conns:    map[net.Conn]struct{}{},
	}
	p.wg.Go(p.accept)
	return p, nil
}

// Addr is the address clients connect to.
func (p *Proxy) Addr() string { return p.ln.Addr().String() }

// SetFailPoint installs one fail point given as MongoDB's configureFailPoint
// command; it replaces the one before. Mode "off" removes it.
func (p *Proxy) SetFailPoint(command bson.D) error {
	r, err := parseRule(command)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rule = r
	return nil
}

// ClearFailPoint removes the fail point, if there is one.
func (p *Proxy) ClearFailPoint() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rule = nil
}

// Close stops listening, cuts every connection and waits for the goroutines.
func (p *Proxy) Close() error {
	p.mu.Lock()
	p.closed = true
	for c := range p.conns {
		_ = c.Close()
	}
	p.mu.Unlock()
	err := p.ln.Close()
	p.wg.Wait()
	if err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close the proxy: %w", err)
	}
	return nil
}

func (p *Proxy) accept() {
	for {
		client, err := p.ln.Accept()
		if err != nil {
			return
		}
		p.wg.Go(func() { p.serve(client) })
	}
}

func (p *Proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.upstream)
	if err != nil {
		return
	}
	defer server.Close()
	if !p.track(client, server) {
		return
	}
	defer p.untrack(client, server)

	l := &link{proxy: p, client: client, server: server, pending: map[int32]replyAction{}}
	var wg sync.WaitGroup
	wg.Go(l.replies)
	l.requests()
	wg.Wait()
}

// track registers the connections for Close; false when the proxy is closed already.
func (p *Proxy) track(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	for _, c := range conns {
		p.conns[c] = struct{}{}
	}
	return true
}

func (p *Proxy) untrack(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		delete(p.conns, c)
	}
}

// decide says what to do with one command and counts it against the fail point.
func (p *Proxy) decide(cmd command) verdict {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := cmd.retryKey()
	_, replay := p.executed[key]
	v := pass
	if p.rule != nil {
		v = p.rule.apply(cmd, replay && key != "")
	}
	if key != "" && v.forwards() {
		p.executed[key] = struct{}{}
	}
	return v
}
