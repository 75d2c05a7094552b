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
	slots chan *child // as many as Size; nil: no process yet
	open  context.Context
	close context.CancelFunc
	inept atomic.Bool // no process can be started
	seen  atomic.Bool // one was
	rests sync.Mutex  // held while the slots are emptied
}

// New starts nothing.
func New(cfg Config) *Group {
	cfg.Size = max(1, cfg.Size)
	cfg.Memory = cmp.Or(cfg.Memory, 2<<30)
	cfg.Jobs = cmp.Or(cfg.Jobs, 200)
	cfg.Greeting = cmp.Or(cfg.Greeting, time.Minute)
	g := &Group{cfg: cfg, slots: make(chan *child, cfg.Size)}
	g.open, g.close = context.WithCancel(context.Background()) //nolint:containedctx // the group's own life
	for range cfg.Size {
		g.slots <- nil
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
	var c *child
	select {
	case c = <-g.slots:
	case <-ctx.Done():
		return ctx.Err()
	case <-g.open.Done():
		return ErrClosed
	}
	defer func() { g.slots <- c }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(g.open, cancel)()
	var err error
	for range 2 {
		if c, err = g.fresh(ctx, c); err == nil {
			if err = c.within(ctx, limit, request, accept); err == nil {
				return nil
			}
			c.end(0)
			c = nil
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

// fresh is a child that may take another request.
func (g *Group) fresh(ctx context.Context, c *child) (*child, error) {
	if c != nil {
		over := c.jobs >= g.cfg.Jobs
		select {
		case <-c.gone:
			over = true // between two requests
		default:
		}
		if !over {
			return c, nil
		}
		c.end(time.Second)
	}
	c, err := start(ctx, &g.cfg)
	if err == nil {
		g.seen.Store(true)
	}
	return c, err
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
	for range g.cfg.Size {
		if c := <-g.slots; c != nil {
			c.end(2 * time.Second)
		}
	}
	for range g.cfg.Size {
		g.slots <- nil
	}
}

// Close breaks off the requests under way, ends every process, and returns when
// they are gone. Requests after it are refused. It may be called again.
func (g *Group) Close() error {
	g.close()
	g.Rest()
	return nil
}
