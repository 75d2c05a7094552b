package video

import (
	"errors"
	"log/slog"
	"net"
	"time"
)

// Config is what a node is started with. Zero values work, except that at least
// one of UDP and TCP must be given.
type Config struct {
	UDP       *net.UDPConn // one socket for all; the node closes it
	TCP       net.Listener // ICE-TCP for networks without UDP; the node closes it
	Announced []string     // addresses clients are told instead of the bound one, behind NAT
	Loopback  bool         // offer loopback addresses too: tests and demos
	Prefer    string       // "h264" or "vp8": what publishers are asked to send; empty: their own order
	Limits    Limits
	Timeouts  Timeouts
	Log       *slog.Logger // nil: nothing is logged
	Now       func() time.Time
}

// Limits bound what a node takes on. Zero is the default in brackets.
type Limits struct {
	Rooms            int // on the node [1000]
	Participants     int // on the node [3000]
	RoomParticipants int // in one room, hidden and waiting ones too [200]
	Sections         int // media sections of one connection [64]
	SDP              int // bytes of one session description [65536]
	Candidates       int // remote candidates of one connection [128]
	Streams          int // RTP and RTCP streams one client may open on one connection [192]
	Message          int // bytes of one signalling message [131072]
	MessageRate      int // signalling messages a second, with bursts of four times as many [50]
	Shards           int // goroutines that fan out, per room [4]
}

// Timeouts are how long a node waits. Zero is the default in brackets.
type Timeouts struct {
	Hello        time.Duration // for the first message [10 s]
	Idle         time.Duration // for any message, ping included [45 s]
	Resume       time.Duration // a lost signalling connection may come back [10 s]
	Disconnected time.Duration // without ICE traffic until media counts as interrupted [4 s]
	Failed       time.Duration // from then until the connection is given up [12 s]
	Keepalive    time.Duration // between ICE keep-alives [2 s]
	Connect      time.Duration // for ICE and DTLS of a new connection [20 s]
	Answer       time.Duration // for the answer to an offer of ours [10 s]
	Write        time.Duration // for one write to a TCP or WebSocket connection [5 s]
}

// or takes the first that is not zero.
func or[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

func (c Config) withDefaults() (Config, error) {
	if c.UDP == nil && c.TCP == nil {
		return c, errors.New("video: neither a UDP nor a TCP socket")
	}
	if c.Prefer != "" && c.Prefer != "h264" && c.Prefer != "vp8" {
		return c, errors.New(`video: prefer is "h264", "vp8" or empty`)
	}
	for _, a := range c.Announced {
		if net.ParseIP(a) == nil {
			return c, errors.New("video: an announced address is not an IP address")
		}
	}
	l, t := &c.Limits, &c.Timeouts
	*l = Limits{
		Rooms: or(l.Rooms, 1000), Participants: or(l.Participants, 3000), RoomParticipants: or(l.RoomParticipants, 200),
		Sections: or(l.Sections, 64), SDP: or(l.SDP, 1<<16), Candidates: or(l.Candidates, 128), Streams: or(l.Streams, 192),
		Message: or(l.Message, 1<<17), MessageRate: or(l.MessageRate, 50), Shards: or(l.Shards, 4),
	}
	l.Shards = min(max(l.Shards, 1), maxShards)
	*t = Timeouts{
		Hello: or(t.Hello, 10*time.Second), Idle: or(t.Idle, 45*time.Second), Resume: or(t.Resume, 10*time.Second),
		Disconnected: or(t.Disconnected, 4*time.Second), Failed: or(t.Failed, 12*time.Second), Keepalive: or(t.Keepalive, 2*time.Second),
		Connect: or(t.Connect, 20*time.Second), Answer: or(t.Answer, 10*time.Second), Write: or(t.Write, 5*time.Second),
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c, nil
}
