package api

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
)

// crossing carries one request from fasthttp to a handler of net/http without
// buffering its body. Handlers may leave goroutines behind that still hold the
// request, while fasthttp uses everything of it again for the next one: so
// nothing of fasthttp is reached after end, and headers are copies.
type crossing struct {
	mu   sync.Mutex // guards body and conn
	body io.Reader  // nil when there is none or it is over
	conn net.Conn   // nil when it is over
	why  error      // told to who reads on
	read int64      // bytes, for the handler's goroutine

	request *http.Request
	status  int
	header  http.Header
}

var errOver = errors.New("the request is over")

// cross takes a request apart, in a handler of huma. path is what the handler
// is to see. It must be ended.
func cross(hctx huma.Context, path string) *crossing {
	fc := humafiber.Unwrap(hctx).Context()
	x := &crossing{conn: fc.Conn(), header: http.Header{}}
	r := &http.Request{
		Method: hctx.Method(), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, URL: &url.URL{Path: path},
		Host: strings.Clone(hctx.Host()), Header: http.Header{}, Body: http.NoBody,
	}
	hctx.EachHeader(func(name, value string) {
		switch name = http.CanonicalHeaderKey(name); name {
		case "Cookie", "Authorization": // checked already, and nobody else's business
		default:
			r.Header.Add(strings.Clone(name), strings.Clone(value))
		}
	})
	if body := fc.RequestBodyStream(); body != nil {
		x.body, r.Body = body, x
		r.ContentLength = int64(max(fc.Request.Header.ContentLength(), -1))
	}
	x.request = r
	return x
}

// serve lets h answer; the answer is kept until it is sent.
func (x *crossing) serve(ctx context.Context, h func(w http.ResponseWriter, r *http.Request)) {
	h(x, x.request.WithContext(ctx))
}

// end makes sure that nobody touches the connection or the body any more. It
// returns why the body ended early, if it did.
func (x *crossing) end(why error) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.body, x.conn = nil, nil
	early := x.why
	if x.why == nil {
		x.why = why
	}
	return early
}

// interrupt ends the body early: a reader that waits for the client hears of
// it at once.
func (x *crossing) interrupt(why error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.why == nil && x.conn != nil {
		x.why = why
		_ = x.conn.SetReadDeadline(time.Now()) // a connection that refuses is gone already
	}
}

// send gives the answer to the client. Only what says something about a
// missing body may come from here; all answers are without one.
func (x *crossing) send(hctx huma.Context) {
	for name, values := range x.header {
		for i, v := range values {
			if i == 0 {
				hctx.SetHeader(name, v)
			} else {
				hctx.AppendHeader(name, v)
			}
		}
	}
	if x.status != 0 {
		hctx.SetStatus(x.status)
	}
}

// Read is the request's body. It is called by one goroutine.
func (x *crossing) Read(p []byte) (int, error) {
	x.mu.Lock()
	body, why := x.body, x.why
	x.mu.Unlock()
	if why != nil || body == nil {
		return 0, why
	}
	n, err := body.Read(p) // unlocked: interrupt must get through; end comes after the handler
	x.read += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		x.mu.Lock()
		if x.why != nil {
			err = x.why
		}
		x.mu.Unlock()
	}
	return n, err
}

// Close is called when the handler wants no more, maybe by another goroutine;
// the guard sees to what is left.
func (x *crossing) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.why == nil {
		x.why = http.ErrBodyReadAfterClose
	}
	return nil
}

// Header implements [http.ResponseWriter].
func (x *crossing) Header() http.Header { return x.header }

// WriteHeader implements [http.ResponseWriter]; 1xx cannot be sent from here.
func (x *crossing) WriteHeader(status int) {
	if x.status == 0 && status >= http.StatusOK {
		x.status = status
	}
}

// Write implements [http.ResponseWriter]: no answer of these routes has a body.
func (x *crossing) Write(p []byte) (int, error) {
	x.WriteHeader(http.StatusOK)
	return len(p), nil
}

// SetReadDeadline is found by [http.ResponseController].
func (x *crossing) SetReadDeadline(t time.Time) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.conn == nil {
		return errOver
	}
	if x.why != nil && !t.IsZero() {
		t = time.Now() // interrupted stays interrupted
	}
	return x.conn.SetReadDeadline(t)
}

// SetWriteDeadline is found by [http.ResponseController].
func (x *crossing) SetWriteDeadline(t time.Time) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.conn == nil {
		return errOver
	}
	return x.conn.SetWriteDeadline(t)
}
