package app

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"tongban/hub"
	"tongban/hub/api"
	"tongban/video"
	"tongban/video/live"
	"tongban/video/relay"
)

// openMedia starts the node that moves sound and picture, and the TURN server
// beside it where one is set.
func (a *App) openMedia(ctx context.Context) error {
	udp, tcp, err := a.mediaSockets(ctx)
	if err != nil {
		return err
	}
	cfg := video.Config{UDP: udp, TCP: tcp, Log: a.log, Prefer: "h264", Now: a.now}
	if a.Config.Announce != "" {
		cfg.Announced = strings.Split(a.Config.Announce, ",")
	}
	bound := udp.LocalAddr().(*net.UDPAddr).AddrPort()
	cfg.Loopback = bound.Addr().IsLoopback()
	if a.Media, err = video.NewNode(cfg); err != nil {
		return errors.Join(err, udp.Close(), tcp.Close())
	}
	a.onClose(a.Media.Close)
	a.recorder = live.NewRecorder(a.Media, sink{a.Objects, a.DB.Recordings()}, a.now, a.log)
	a.onClose(a.recorder.Close) // before the node, so that what is left is stored
	a.Service.Rooms, a.Service.Recorder = live.NewRooms(a.Media), a.recorder
	return a.openRelay(ctx, bound)
}

// mediaSockets opens UDP and TCP on one port.
func (a *App) mediaSockets(ctx context.Context) (*net.UDPConn, net.Listener, error) {
	address := a.Config.Media
	if address == "" {
		host, _, err := net.SplitHostPort(a.Config.Listen)
		if err != nil {
			return nil, nil, fmt.Errorf("media: %w", err)
		}
		address = net.JoinHostPort(host, "0")
	}
	var lc net.ListenConfig
	for range 10 { // any port: the one that UDP got may be taken for TCP
		udp, err := lc.ListenPacket(ctx, "udp", address)
		if err != nil {
			return nil, nil, fmt.Errorf("media: %w", err)
		}
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, nil, errors.Join(err, udp.Close())
		}
		port := udp.LocalAddr().(*net.UDPAddr).Port
		tcp, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err == nil {
			return udp.(*net.UDPConn), tcp, nil
		}
		if err = errors.Join(err, udp.Close()); a.Config.Media != "" {
			return nil, nil, fmt.Errorf("media: %w", err)
		}
	}
	return nil, nil, errors.New("media: no port is free for both UDP and TCP")
}

// openRelay starts the TURN server, which reaches nothing but our own node.
func (a *App) openRelay(ctx context.Context, node netip.AddrPort) (err error) {
	c := a.Config
	if c.TurnUDP == "" && c.TurnTCP == "" && c.TurnTLS == "" {
		return nil
	}
	master, err := a.masterKey()
	if err != nil {
		return err
	}
	secret, err := hkdf.Key(sha256.New, master, nil, "tongban turn credentials", 32)
	if err != nil {
		return err
	}
	rc := relay.Config{Secret: secret, Public: node.Addr().Unmap().AsSlice(), Peers: []relay.Peer{{Announced: node, Bound: node}}}
	if c.Announce != "" {
		rc.Peers = nil
		for one := range strings.SplitSeq(c.Announce, ",") {
			ip, err := netip.ParseAddr(strings.TrimSpace(one))
			if err != nil {
				return fmt.Errorf("media-announce: %w", err)
			}
			rc.Peers = append(rc.Peers, relay.Peer{Announced: netip.AddrPortFrom(ip, node.Port()), Bound: node})
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, closeAll(rc))
		}
	}()
	var lc net.ListenConfig
	if c.TurnUDP != "" {
		if rc.UDP, err = lc.ListenPacket(ctx, "udp", c.TurnUDP); err != nil {
			return fmt.Errorf("turn: %w", err)
		}
	}
	if c.TurnTCP != "" {
		if rc.TCP, err = lc.Listen(ctx, "tcp", c.TurnTCP); err != nil {
			return fmt.Errorf("turn: %w", err)
		}
	}
	if c.TurnTLS != "" {
		cert, err := tls.LoadX509KeyPair(c.TurnCert, c.TurnKey)
		if err != nil {
			return fmt.Errorf("turn: %w", err)
		}
		plain, err := lc.Listen(ctx, "tcp", c.TurnTLS)
		if err != nil {
			return fmt.Errorf("turn: %w", err)
		}
		rc.TLS = tls.NewListener(plain, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12})
	}
	if a.Relay, err = relay.New(rc); err != nil {
		return fmt.Errorf("turn: %w", err)
	}
	a.onClose(a.Relay.Close)
	return nil
}

func closeAll(c relay.Config) error {
	var errs []error
	if c.UDP != nil {
		errs = append(errs, c.UDP.Close())
	}
	for _, l := range []net.Listener{c.TCP, c.TLS} {
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	return errors.Join(errs...)
}

// rooms is the way of HTTP into the rooms; it implements api.Rooms.
type rooms struct {
	door    *video.Door
	devices *video.Gateway
}

func (a *App) openRooms() rooms {
	check := live.Checker(a.Service)
	r := rooms{
		door:    &video.Door{Node: a.Media, Checker: check, ICE: a.iceServers},
		devices: video.NewGateway(a.Media, check, api.VideoPath),
	}
	a.onClose(r.devices.Close)
	return r
}

// Serve implements api.Rooms.
func (r rooms) Serve(ctx context.Context, s api.Socket) { r.door.Serve(ctx, s) }

// ServeHTTP implements api.Rooms.
func (r rooms) ServeHTTP(w http.ResponseWriter, q *http.Request) { r.devices.ServeHTTP(w, q) }

// node names this process among those that have rooms.
func (a *App) node() hub.SessionNode {
	if a.nodeID == "" {
		a.nodeID = strings.ToLower(rand.Text()[:12])
	}
	return hub.SessionNode{ID: a.nodeID, Address: strings.TrimSuffix(a.Config.NodeURL, "/")}
}

// iceServers are the TURN servers for one participant, with fresh credentials.
func (a *App) iceServers(room video.RoomID, who video.ParticipantID) []video.ICEServer {
	if a.Relay == nil {
		return nil
	}
	name, password, err := a.Relay.Credentials(string(room) + "/" + string(who))
	if err != nil {
		a.log.Warn("no TURN credentials", "error", err)
		return nil
	}
	return []video.ICEServer{{URLs: a.Relay.URLs(a.Config.TurnHost), Username: name, Credential: password}}
}
