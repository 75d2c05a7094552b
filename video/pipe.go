package video

import (
	"context"
	"net"
	"sync"

	"tongban/hub"
)

// Pipe returns two ends of a connection in memory, for tests and for peers in
// the same process. Each direction holds 16 messages.
func Pipe() (a, b Conn) {
	ab, ba := make(chan []byte, 16), make(chan []byte, 16)
	done := make(chan struct{})
	var once sync.Once
	shut := func() { once.Do(func() { close(done) }) }
	return &pipeEnd{in: ba, out: ab, done: done, shut: shut}, &pipeEnd{in: ab, out: ba, done: done, shut: shut}
}

type pipeEnd struct {
	in   <-chan []byte
	out  chan<- []byte
	done <-chan struct{}
	shut func()
}

func (e *pipeEnd) Read(ctx context.Context, limit int) ([]byte, error) {
	select {
	case b := <-e.in:
		return checkSize(b, limit)
	default:
	}
	select {
	case b := <-e.in:
		return checkSize(b, limit)
	case <-e.done:
		select {
		case b := <-e.in: // what was sent before the end
			return checkSize(b, limit)
		default:
			return nil, net.ErrClosed
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// checkSize hands a message that is too large on only so far that the reader sees
// that it is.
func checkSize(b []byte, limit int) ([]byte, error) { return b[:min(len(b), limit+1)], nil }

func (e *pipeEnd) Write(ctx context.Context, message []byte) error {
	select {
	case e.out <- append([]byte(nil), message...):
		return nil
	case <-e.done:
		return net.ErrClosed
	case <-ctx.Done():
		return hub.Wrap(hub.Unavailable, ctx.Err(), "the other end does not read")
	}
}

func (e *pipeEnd) Close() error {
	e.shut()
	return nil
}
