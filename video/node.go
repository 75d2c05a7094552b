package video

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v2"
	"github.com/pion/webrtc/v3"

	"tongban/hub"
)

// Node serves the rooms of one process. All methods are safe for concurrent use.
type Node struct {
	cfg         Config
	epoch       time.Time
	media       *webrtc.MediaEngine
	certificate webrtc.Certificate
	udp         *udpSocket
	udpMux      ice.UDPMux
	tcp         *tcpListener
	tcpMux      ice.TCPMux

	closing atomic.Bool
	dropped atomic.Uint64 // packets that a full queue refused
	panics  atomic.Uint64

	wg sync.WaitGroup // rooms, and connections that are being closed

	mu      sync.Mutex // guards all below
	closed  bool
	rooms   map[RoomID]*Room
	people  int
	old     map[string]time.Time // who refused AES-GCM, and until when that is remembered
	watches map[*Watch]struct{}
}

// NewNode starts a node on the sockets of the configuration, which it closes.
func NewNode(cfg Config) (*Node, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	n := &Node{cfg: cfg, epoch: time.Now().Add(-time.Second), rooms: map[RoomID]*Room{}, old: map[string]time.Time{}, watches: map[*Watch]struct{}{}}
	if n.media, err = newMediaEngine(); err != nil {
		return nil, fmt.Errorf("video: media engine: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("video: key: %w", err)
	}
	cert, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return nil, fmt.Errorf("video: certificate: %w", err)
	}
	n.certificate = *cert
	if cfg.UDP != nil {
		n.udp = newUDPSocket(cfg.UDP)
		n.udpMux = ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: n.udp, Logger: quietLogger{}})
	}
	if cfg.TCP != nil {
		n.tcp = newTCPListener(cfg.TCP, cfg.Timeouts.Write)
		n.tcpMux = ice.NewTCPMuxDefault(ice.TCPMuxParams{Listener: n.tcp, Logger: quietLogger{}, ReadBufferSize: 32, FirstStunBindTimeout: 5 * time.Second})
	}
	return n, nil
}

// elapsed is the node's clock: nanoseconds that only move forward.
func (n *Node) elapsed() time.Duration { return time.Since(n.epoch) }

// Addrs are where media arrives: UDP, then TCP, as far as they are open.
func (n *Node) Addrs() (addrs []net.Addr) {
	if n.udp != nil {
		addrs = append(addrs, n.udp.LocalAddr())
	}
	if n.tcp != nil {
		addrs = append(addrs, n.tcp.Addr())
	}
	return addrs
}

// Close ends all rooms and connections and returns when every goroutine of the
// node is gone.
func (n *Node) Close() error {
	n.mu.Lock()
	if n.closed {
		n.mu.Unlock()
		n.wg.Wait()
		return nil
	}
	n.closed = true
	n.closing.Store(true)
	rooms := make([]*Room, 0, len(n.rooms))
	for _, r := range n.rooms {
		rooms = append(rooms, r)
	}
	n.mu.Unlock()
	for _, r := range rooms {
		r.post(func() { r.clear(ReasonClosing) })
	}
	n.wg.Wait()
	var errs []error
	if n.udpMux != nil {
		errs = append(errs, n.udpMux.Close())
	}
	if n.tcpMux != nil {
		errs = append(errs, n.tcpMux.Close())
		n.tcp.wait()
	}
	n.mu.Lock()
	for w := range n.watches {
		w.end()
	}
	clear(n.watches)
	n.mu.Unlock()
	return errors.Join(errs...)
}

// acquire returns the room with one reference more, started if there is none;
// pair it with one release. Finding and counting are one step, so a room that is
// handed out is never one that is just ending.
func (n *Node) acquire(id RoomID, create bool) (*Room, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, refuse(hub.Unavailable, ReasonClosing, "the node is shutting down")
	}
	r := n.rooms[id]
	if r == nil {
		if !create {
			return nil, refuse(hub.NotFound, ReasonUnknown, "no such room")
		}
		if len(n.rooms) >= n.cfg.Limits.Rooms {
			return nil, refuse(hub.Unavailable, ReasonNodeFull, "the node has no room left for another room")
		}
		r = newRoom(n, id)
		n.rooms[id] = r
		n.wg.Go(r.run)
	}
	r.refs++
	return r, nil
}

func (n *Node) release(r *Room) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if r.refs--; r.refs == 0 {
		delete(n.rooms, r.id)
		close(r.quit)
	}
}

// admitOne counts a participant of the node.
func (n *Node) admitOne() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.people >= n.cfg.Limits.Participants {
		return refuse(hub.Unavailable, ReasonNodeFull, "the node has no room left for another participant")
	}
	n.people++
	return nil
}

func (n *Node) dismissOne() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.people--
}

// reap closes a peer that nothing uses any more, away from the caller.
func (n *Node) reap(p *peer) { n.wg.Go(p.close) }

// A client that cannot do AES-GCM fails its first handshake; that is remembered
// for a while and its next connection is offered AES-CM too. A WHIP or WHEP
// client may have no second try, so it is offered both at once: GStreamer knows
// only AES-CM.
const (
	oldCipherFor  = 10 * time.Minute
	oldCipherMost = 1024
)

func cipherKey(r RoomID, p ParticipantID) string { return string(r) + "\x00" + string(p) }

func (n *Node) useOldCipher(r RoomID, p ParticipantID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.old) >= oldCipherMost {
		clear(n.old)
	}
	n.old[cipherKey(r, p)] = time.Now().Add(oldCipherFor)
}

func (n *Node) oldCipher(r RoomID, p ParticipantID) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return time.Now().Before(n.old[cipherKey(r, p)])
}

// panicked logs a panic that one goroutine survived.
func (n *Node) panicked(where string, r any) {
	n.panics.Add(1)
	n.cfg.Log.LogAttrs(context.Background(), slog.LevelError, "video goroutine panicked", slog.String("where", where), slog.Any("panic", r),
		slog.String("stack", string(debug.Stack())))
}
