package apart

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// What can become of a request besides its answer. None says anything final
// about the request: it may be tried at another time.
var (
	ErrNoChild = errors.New("this program cannot be started beside itself")
	ErrLate    = errors.New("the process was late and has been killed")
	ErrGarbled = errors.New("the process answered out of order and has been killed")
	ErrClosed  = errors.New("closed")

	errDied  = errors.New("the process died")
	errNever = errors.New("the process cannot be started")
)

// Config says what processes a group has. Command and Logger are needed.
type Config struct {
	Command  []string      // made by [Self]; empty: there is no child
	Behind   bool          // it gets only what others leave of the processor
	Size     int           // processes at a time: 1
	Memory   int64         // address space beyond what its start took, in bytes: 2 GiB
	Jobs     int           // after which a process is replaced by a fresh one: 200
	Greeting time.Duration // how long a process may take to start: 1 min
	Logger   *slog.Logger
}

// Group is a few processes that take requests. They are started when they are
// needed. It is safe for concurrent use.
type Group struct {
	cfg   Config
	slots chan slot // as many as Size
	open  context.Context
	close context.CancelFunc
	inept atomic.Bool // no process can be started
	seen  atomic.Bool // one was
	rests sync.Mutex  // held while the slots are emptied
}

// slot is room for one process.
type slot struct {
	c     *child // nil: no process yet
	place int
}

// New starts nothing.
func New(cfg Config) *Group {
	cfg.Size = max(1, cfg.Size)
	cfg.Memory = cmp.Or(cfg.Memory, 2<<30)
	cfg.Jobs = cmp.Or(cfg.Jobs, 200)
	cfg.Greeting = cmp.Or(cfg.Greeting, time.Minute)
	g := &Group{cfg: cfg, slots: make(chan slot, cfg.Size)}
	g.open, g.close = context.WithCancel(context.Background()) //nolint:containedctx // the group's own life
	for n := range cfg.Size {
		if !cfg.Behind {
			n = Beside
		}
		g.slots <- slot{place: n}
	}
	return g
}

// Do has one request answered; accept looks at the answer and refuses one that
// breaks the rules, which costs the child its life. A child that dies at it is
// followed by another that gets the request again, once: requests have to be
// repeatable. limit is the wall time of each attempt, waiting for a free
// process not counted.
//
// Errors: ErrNoChild, ErrLate, ErrGarbled, ErrClosed, ctx's, others for a child
// that died. The process is gone when an error is returned.
func (g *Group) Do(ctx context.Context, limit time.Duration, request []byte, accept func(answer []byte) error) error {
	if g.inept.Load() || len(g.cfg.Command) == 0 {
		return ErrNoChild
	}
	var s slot
	select {
	case s = <-g.slots:
	case <-ctx.Done():
		return ctx.Err()
	case <-g.open.Done():
		return ErrClosed
	}
	defer func() { g.slots <- s }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(g.open, cancel)()
	var err error
	for range 2 {
		if err = g.fresh(ctx, &s); err == nil {
			if err = s.c.within(ctx, limit, request, accept); err == nil {
				return nil
			}
			s.c.end(0)
			s.c = nil
		}
		switch {
		case g.open.Err() != nil:
			return ErrClosed
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errNever) && !g.seen.Load():
			g.inept.Store(true)
			g.cfg.Logger.WarnContext(ctx, "no process beside the hub can be started; files are looked into and drawn inside it", "error", err)
			return ErrNoChild
		case errors.Is(err, ErrLate):
			return err
		}
		g.cfg.Logger.WarnContext(ctx, "a process beside the hub was lost", "error", err)
	}
	return err
}

// fresh puts a child into the slot that may take another request.
func (g *Group) fresh(ctx context.Context, s *slot) (err error) {
	if c := s.c; c != nil {
		over := c.jobs >= g.cfg.Jobs
		select {
		case <-c.gone:
			over = true // between two requests
		default:
		}
		if !over {
			return nil
		}
		c.end(time.Second)
		s.c = nil
	}
	c, err := start(ctx, &g.cfg, s.place)
	if err != nil {
		return err
	}
	s.c = c
	g.seen.Store(true)
	return nil
}

// within is call with a limit of its own and a look at the answer.
func (c *child) within(ctx context.Context, limit time.Duration, request []byte, accept func([]byte) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, ErrLate)
	defer cancel()
	answer, err := c.call(ctx, request)
	if err != nil {
		if cause := context.Cause(ctx); errors.Is(cause, ErrLate) {
			return ErrLate
		}
		return err
	}
	if err := accept(answer); err != nil {
		return fmt.Errorf("%w: %w", ErrGarbled, err)
	}
	return nil
}

// Rest ends every process and returns when they are gone; it waits for the
// requests under way. The next request starts one again.
func (g *Group) Rest() {
	g.rests.Lock()
	defer g.rests.Unlock()
	var all []slot
	for range g.cfg.Size {
		s := <-g.slots
		if s.c != nil {
			s.c.end(2 * time.Second)
		}
		all = append(all, slot{place: s.place})
	}
	for _, s := range all {
		g.slots <- s
	}
}

// Close breaks off the requests under way, ends every process, and returns when
// they are gone. Requests after it are refused. It may be called again.
func (g *Group) Close() error {
	g.close()
	g.Rest()
	return nil
}
