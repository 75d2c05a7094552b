package object

import (
	"errors"
	"io"
	"sync"
)

var errRevoked = errors.New("the upload has ended")

// loan is a source lent to an HTTP transport, which may go on reading in a
// goroutine of its own after the call it served has returned. Once revoke is
// back, nobody but the owner touches the source.
type loan struct {
	mu sync.Mutex // guards r
	r  io.Reader
}

func (l *loan) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.r == nil {
		return 0, errRevoked
	}
	return l.r.Read(p)
}

// revoke waits for a Read that is under way.
func (l *loan) revoke() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.r = nil
}
