package record

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"log/slog"
	"strings"
	"time"
)

// Sink is the object store. Implementations are safe for concurrent use.
type Sink interface {
	// Put keeps an object whole or not at all; nobody sees a part of it. The
	// same key with the same bytes again is no error: a lost answer is asked
	// again. No key is ever written with two contents. r is a *bytes.Reader
	// except for the finished files. Put returns when ctx ends.
	Put(ctx context.Context, key string, r io.Reader, size int64) error
	// Get opens an object that List named. The caller closes it.
	Get(ctx context.Context, key string) (io.ReadCloser, error)
	// List names all objects whose key begins with prefix, in any order.
	List(ctx context.Context, prefix string) ([]string, error)
}

// Hash is a hash function and the name it has in the stored files.
type Hash struct {
	Name string // "sha-256", "sm3"
	New  func() hash.Hash
}

// SHA256 is the default.
func SHA256() Hash { return Hash{Name: "sha-256", New: sha256.New} }

// Config says what is recorded where. Only Prefix and Sink must be set.
type Config struct {
	Prefix string // key prefix of the participant, "rec/<room>/<participant>"
	Sink   Sink
	Hash   Hash             // default SHA256
	Now    func() time.Time // the hub's clock; default time.Now
	Logger *slog.Logger     // default: none

	// OnSegment tells each stored segment, in order for each lane, from the
	// writer's goroutine: while it runs nothing is written.
	OnSegment func(Segment)
	// OnStall tells that storage stalls (Stalled), and that it goes on again,
	// at most 0.1 s late, from the owner's goroutine: it must return at once.
	OnStall func(Progress)
	// WantKeyFrame asks the room for a key frame of a track (a PLI to the
	// sender): at the start, after a gap, and every KeyEvery, so that the file
	// can be seeked. From the owner's goroutine: it must return at once.
	WantKeyFrame func(Kind)

	Video        Codec         // what the room prefers: the container while only sound is there; default H264
	Segment      time.Duration // length of a segment, whole seconds; default 3 s, at most 4 s
	StallAfter   time.Duration // media unconfirmed for longer is a stall; at least Segment and 0.8 s; default 4.5 s
	WriteTimeout time.Duration // for one Put; default 4 s
	Hold         time.Duration // how long media wait for a sender report; default 6 s
	KeyEvery     time.Duration // default 10 s; negative: only after gaps
	MaxQueue     int           // bytes of segments that wait for storage; default 8 MiB
}

const (
	maxSegment   = 4 * time.Second
	fragmentTime = time.Second            // length of a fragment
	tickTime     = 100 * time.Millisecond // how often the owner looks into the inbox
	quietTime    = 600 * time.Millisecond // a track behind by more is not waited for
	reorderTime  = 300 * time.Millisecond // a missing packet is not waited for longer
	keyRetry     = time.Second            // between two requests for a key frame
	refusedFor   = time.Second            // writes that fail for less are no stall
	absurdTime   = 10 * time.Second       // between a packet's time and its arrival

	inboxPackets = 2048
	inboxBytes   = 2 << 20
	heldBytes    = 4 << 20 // media of one source without a sender report
	laneBytes    = 8 << 20 // open segment and frames of one lane
	frameBytes   = 2 << 20 // one picture
)

// withDefaults fills and checks a configuration. Errors: ReasonInvalid.
func (c Config) withDefaults() (Config, error) {
	if c.Hash.New == nil {
		c.Hash = SHA256()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	def := func(d *time.Duration, to time.Duration) {
		if *d == 0 {
			*d = to
		}
	}
	def(&c.Segment, 3*time.Second)
	def(&c.StallAfter, 4500*time.Millisecond)
	def(&c.WriteTimeout, 4*time.Second)
	def(&c.Hold, 6*time.Second)
	def(&c.KeyEvery, 10*time.Second)
	if c.MaxQueue == 0 {
		c.MaxQueue = 8 << 20
	}
	switch {
	case c.Prefix == "" || strings.HasSuffix(c.Prefix, "/"):
		return c, fail(ReasonInvalid, "prefix", nil)
	case c.Sink == nil:
		return c, fail(ReasonInvalid, "sink", nil)
	case c.Segment < fragmentTime || c.Segment > maxSegment || c.Segment%fragmentTime != 0:
		return c, fail(ReasonInvalid, "segment", errors.New("whole seconds, 1 to 4"))
	case c.StallAfter < c.Segment+quietTime+2*tickTime || c.WriteTimeout < 0 || c.Hold < 0 || c.MaxQueue < 0:
		return c, fail(ReasonInvalid, "limits", nil)
	case c.Hash.Name == "" || c.Hash.New().Size() > maxDigest:
		return c, fail(ReasonInvalid, "hash", nil)
	}
	return c, nil
}
