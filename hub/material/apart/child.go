package apart

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Beside is the place of a process that competes like any other.
const Beside = -1

// child is one process, as its parent sees it. One goroutine at a time uses it.
type child struct {
	cmd    *exec.Cmd
	kill   context.CancelFunc // at once, and all that it started
	in     io.WriteCloser
	out    *bufio.Reader
	gone   chan struct{} // closed when the process has been waited for
	said   tail          // its complaints; to be read when it is gone
	jobs   int           // that it was given
	number uint32        // of the last request
}

// start starts a process and waits for its greeting. errNever says that this
// program cannot be started that way.
func start(ctx context.Context, cfg *Config, place int) (*child, error) {
	living, kill := context.WithCancel(context.Background())
	args := append(cfg.Command[1:len(cfg.Command):len(cfg.Command)], strconv.FormatInt(cfg.Memory, 10), strconv.Itoa(place))
	c := &child{cmd: exec.CommandContext(living, cfg.Command[0], args...), kill: kill, gone: make(chan struct{})} //nolint:gosec // our own program
	c.cmd.Env = []string{
		mark + "=1", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "TMPDIR=" + os.TempDir(), "GOMAXPROCS=1", "GOTRACEBACK=single",
		"GOMEMLIMIT=" + strconv.FormatInt(cfg.Memory/4*3, 10),
	}
	c.cmd.Stderr, c.cmd.WaitDelay = &c.said, 5*time.Second
	var err error
	if c.in, err = c.cmd.StdinPipe(); err == nil {
		var out io.Reader
		if out, err = c.cmd.StdoutPipe(); err == nil {
			c.out = bufio.NewReader(out)
			err = Start(c.cmd, place, func(error) { kill(); close(c.gone) })
		}
	}
	if err != nil {
		kill()
		return nil, fmt.Errorf("%w: %w", errNever, err)
	}
	ctx, cancel := context.WithTimeout(ctx, cfg.Greeting)
	defer cancel()
	if err := c.greeted(ctx); err != nil {
		c.end(0)
		return nil, fmt.Errorf("%w%s", err, c.lastWords())
	}
	return c, nil
}

// greeted waits for the child to say what it is.
func (c *child) greeted(ctx context.Context) error {
	defer context.AfterFunc(ctx, c.kill)()
	var b [len(greeting)]byte
	_, err := io.ReadFull(c.out, b[:])
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w: no greeting: %w", errDied, ctx.Err())
	case err != nil:
		return fmt.Errorf("%w: no greeting: %w", errNever, err)
	case string(b[:]) != greeting:
		return fmt.Errorf("%w: it greets with other words", errNever)
	}
	return nil
}

// call gives the child one request and waits for the answer. After an error
// the child is of no use any more.
func (c *child) call(ctx context.Context, request []byte) ([]byte, error) {
	defer context.AfterFunc(ctx, c.kill)()
	c.jobs++
	c.number++
	err := writeFrame(c.in, c.number, request)
	if err != nil {
		return nil, c.failed(ctx, err)
	}
	number, answer, err := readFrame(c.out)
	if err != nil {
		return nil, c.failed(ctx, err)
	}
	if number != c.number || c.out.Buffered() > 0 {
		return nil, fmt.Errorf("%w: an answer that nobody asked for", ErrGarbled)
	}
	return answer, nil
}

// failed names what ended a call.
func (c *child) failed(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errFrame):
		return fmt.Errorf("%w: %w", ErrGarbled, err)
	}
	c.end(time.Second)
	return fmt.Errorf("%w: %w%s", errDied, err, c.lastWords())
}

// end lets the child end by itself for a while, then kills it, and returns
// when it is gone. It may be called again.
func (c *child) end(grace time.Duration) {
	_ = c.in.Close() // the child reads the end of its input
	if grace > 0 {
		t := time.NewTimer(grace)
		defer t.Stop()
		select {
		case <-c.gone:
		case <-t.C:
		}
	}
	c.kill()
	<-c.gone
}

// lastWords are for the log. They name places in our program and why it ended,
// and nothing of a file.
func (c *child) lastWords() string {
	words := c.cmd.ProcessState.String()
	first, _, _ := strings.Cut(c.said.String(), "\n")
	if first != "" {
		words += ": " + first
	}
	return " (" + words + ")"
}

// tail keeps the first bytes of what a program complains.
type tail struct {
	mu sync.Mutex // guards b
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := 1024 - len(t.b); room > 0 {
		t.b = append(t.b, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
